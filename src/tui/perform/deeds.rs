//! Forms and deeds on the desk's own thread: what a form begins with, what its answers
//! would do, and doing it.

use std::path::Path;

use chrono::{DateTime, Utc};

use super::Source;
use crate::domain::attention::DutyCode;
use crate::tui::effect::{Doing, FillAsk};
use crate::tui::msg::Msg;
use crate::tui::overlay::form::Begin;
use crate::workspace::action::Action;
use crate::workspace::deed::{FOUNDING, Filled, Shape};
use crate::workspace::founding;
use crate::workspace::look::board::rows::Key;
use crate::workspace::look::{fill, steps};
use crate::workspace::receipt::Receipt;
use crate::workspace::refusal::Refusal;
use crate::workspace::session::Session;

impl Source {
    /// What a form begins with.
    pub(super) fn fill(&self, mut ask: FillAsk) -> Msg {
        let begin = if ask.deed == &FOUNDING {
            founding::fill().map(Begin::Deed)
        } else {
            (self.now)().and_then(|now| begin(&self.path, &mut ask, now))
        };
        Msg::Filled(ask, begin.map(Box::new))
    }

    /// What would follow.
    pub(super) fn preview(&mut self, doing: Doing) -> Msg {
        let receipt = if doing.deed == &FOUNDING {
            (self.now)().and_then(|now| founding::rehearse(&doing.filled, now))
        } else {
            self.with(&doing, true)
        };
        Msg::Previewed(doing, receipt.map(Box::new))
    }

    /// Does it.
    pub(super) fn perform(&mut self, doing: Doing) -> Msg {
        if doing.deed == &FOUNDING {
            return self.found(doing);
        }
        let receipt = self.with(&doing, false).map(Box::new);
        // Closed, so that the desk is one file again for whoever copies it.
        self.session = None;
        Msg::Done(doing, receipt)
    }

    /// Makes a desk.
    fn found(&self, doing: Doing) -> Msg {
        let founded = (self.now)().and_then(|now| match &self.founding {
            Some(places) => founding::found(places, &doing.filled, now),
            None => Err(Refusal::rule(
                "A desk is open already.",
                "Write `relmate init` in the shell for another one.",
            )),
        });
        match founded {
            Ok(founded) => Msg::Founded(founded),
            Err(refusal) => Msg::Done(doing, Err(refusal)),
        }
    }

    /// The form of the step that settles a duty.
    pub(super) fn duty(&self, key: &Key, code: DutyCode) -> Msg {
        let settling = (self.now)().and_then(|now| {
            let (deed, key, given) = steps::load_settling(&self.path, key, code, now)?;
            Ok((deed, key, given, now))
        });
        match settling {
            Ok((deed, key, given, now)) => {
                let mut ask = FillAsk {
                    deed,
                    field: one_field(&key, deed.name, &given),
                    subjects: vec![key],
                    given,
                };
                let begin = begin(&self.path, &mut ask, now).map(Box::new);
                Msg::Filled(ask, begin)
            }
            Err(refusal) => Msg::Unsettled(refusal),
        }
    }

    /// Runs a deed on an open desk.
    fn with(&mut self, doing: &Doing, preview: bool) -> Result<Receipt, Refusal> {
        let now = (self.now)()?;
        let mut session = match self.session.take() {
            Some(session) => session.at(now),
            None => Session::open(&self.path, self.actor.clone()?, now, None)?,
        };
        let run = if preview {
            Session::preview
        } else {
            Session::perform
        };
        let receipt =
            action(doing, &session, preview).and_then(|action| run(&mut session, &action));
        self.session = Some(session);
        receipt
    }
}

/// The action that a form's answers mean; done to many, it is one step.
fn action(doing: &Doing, session: &Session, preview: bool) -> Result<Action, Refusal> {
    let of = |key: Option<&Key>| {
        let mut filled = doing.filled.clone();
        if let (Some(key), Some(entry)) = (key, doing.deed.entries.first()) {
            filled.clear(entry.name);
            filled.put(entry.name, key.id.clone());
        }
        if preview {
            filled = doing.deed.rehearsed(filled);
        }
        (doing.deed.action)(&filled, session)
    };
    match doing.subjects.as_slice() {
        [] => of(None),
        [key] => of(Some(key)),
        keys => {
            let actions: Result<Vec<_>, _> = keys.iter().map(|key| of(Some(key))).collect();
            Ok(Action::Batch { actions: actions? })
        }
    }
}

fn begin(path: &Path, ask: &mut FillAsk, now: DateTime<Utc>) -> Result<Begin, Refusal> {
    // A file that a line of the palette names is read into the form.
    for entry in ask
        .deed
        .entries
        .iter()
        .filter(|it| it.shape == Shape::FromFile)
    {
        if let Some(text) = ask.given.text(entry.name)? {
            ask.given.clear(entry.name);
            ask.given.put(entry.name, text);
        }
    }
    match (ask.subjects.first(), ask.field) {
        (Some(key), Some(field)) => fill::load_field(path, key, field, now).map(Begin::Field),
        (key, _) => {
            let mut fill = fill::load(path, ask.deed, key, now)?;
            if ask.subjects.len() > 1 {
                let ids: Vec<&str> = ask.subjects.iter().map(|key| key.id.as_str()).collect();
                fill.title = format!("{} marked: {}", ids.len(), ids.join(", "));
                fill.facts.clear();
            }
            Ok(Begin::Deed(fill))
        }
    }
}

/// A duty that is settled by writing one field opens that field.
fn one_field(key: &Key, deed: &str, given: &Filled) -> Option<&'static str> {
    let (name, _) = given
        .one("fields")
        .filter(|_| deed == "set")?
        .split_once('=')?;
    crate::domain::field::editable(key.kind, name)
        .ok()
        .map(|field| field.name)
}
