//! The desk's answers without its thread, for the tests that draw a real desk. Answers one
//! question at a time and knows of no other.

use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};

use chrono::{DateTime, Utc};

use super::{Queue, Sharing, Source};
use crate::tui::effect::Effect;
use crate::tui::msg::Msg;
use crate::workspace::plan::Actor;
use crate::workspace::refusal::Refusal;

/// A desk that is asked and answers.
pub(in crate::tui) struct Here {
    source: Source,
    asked: Receiver<Effect>,
    _jobs: Sender<Effect>,
}

impl Here {
    /// The desk in a file, as a person sees it who acts as well.
    pub(in crate::tui) fn new(
        path: &Path,
        who: &str,
        now: fn() -> Result<DateTime<Utc>, Refusal>,
    ) -> Self {
        let (jobs, asked) = channel();
        let source = Source {
            path: path.to_owned(),
            founding: None,
            who: Some(who.to_owned()),
            actor: Actor::resolve(Some(who), None),
            now,
            session: None,
            unkept: Vec::new(),
            sharing: Sharing::alone(path, now, Actor::resolve(Some(who), None)),
        };
        Self {
            source,
            asked,
            _jobs: jobs,
        }
    }

    /// What the thread would say; nothing where it says nothing.
    pub(in crate::tui) fn answer(&mut self, effect: Effect) -> Option<Msg> {
        self.source.job(effect, &mut Queue::new(&self.asked))
    }
}
