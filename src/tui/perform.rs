//! Does what `update` asks for, on a thread of its own, so that a slow disk never
//! holds up a key. Asks the workspace; knows no store.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use chrono::{DateTime, Utc};
use tokio::sync::mpsc::UnboundedSender;

use super::Options;
use super::effect::Effect;
use super::msg::Msg;
use crate::workspace::look::{board, record};
use crate::workspace::refusal::Refusal;

/// The thread that reads the desk.
pub(super) struct Desk {
    jobs: Option<Sender<Effect>>,
    thread: Option<JoinHandle<()>>,
}

/// What the thread needs to answer.
struct Source {
    path: PathBuf,
    who: Option<String>,
    now: fn() -> Result<DateTime<Utc>, Refusal>,
}

impl Desk {
    pub(super) fn start(options: &Options, inbox: UnboundedSender<Msg>) -> Result<Self, Refusal> {
        let source = Source {
            path: options.path.clone(),
            who: options.who.clone(),
            now: options.now,
        };
        let (jobs, asked) = channel();
        let thread = std::thread::Builder::new()
            .name("desk".to_owned())
            .spawn(move || source.answer(&asked, &inbox))
            .map_err(|error| Refusal::failed(format!("The screen cannot start: {error}."), ""))?;
        Ok(Self {
            jobs: Some(jobs),
            thread: Some(thread),
        })
    }

    pub(super) fn perform(&self, effect: Effect) {
        if let Some(jobs) = &self.jobs {
            // The thread ends only with the screen.
            drop(jobs.send(effect));
        }
    }
}

impl Drop for Desk {
    /// A look under way is short, and leaves no trace only when it ends.
    fn drop(&mut self) {
        self.jobs.take();
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

impl Source {
    fn answer(&self, asked: &Receiver<Effect>, inbox: &UnboundedSender<Msg>) {
        while let Ok(effect) = asked.recv() {
            let msg = match effect {
                Effect::Load(ask) => Msg::Board((self.now)().and_then(|now| {
                    board::load(&self.path, &ask, now, self.who.as_deref()).map(Box::new)
                })),
                Effect::Open(ask) => {
                    Msg::Page((self.now)().and_then(|now| record::load(&self.path, &ask, now)))
                }
                Effect::Settle
                | Effect::Suspend
                | Effect::Copy(_)
                | Effect::Edit { .. }
                | Effect::Launch(_)
                | Effect::Mouse(_)
                | Effect::Quit => continue,
            };
            if inbox.send(msg).is_err() {
                return;
            }
        }
    }
}
