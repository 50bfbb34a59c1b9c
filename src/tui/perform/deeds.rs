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
use crate::workspace::look::{fill, record, steps};
use crate::workspace::receipt::Receipt;
use crate::workspace::refusal::Refusal;
use crate::workspace::session::Session;
use crate::workspace::share::form;

/// What stands beside whatever else is done to a record.
const BESIDE: &[&str] = &["comment", "later", "claim"];

impl Source {
    /// What a form begins with.
    pub(super) fn fill(&self, mut ask: FillAsk) -> Msg {
        let begin = if ask.deed == &FOUNDING {
            founding::fill().map(Begin::Deed)
        } else if form::is_ours(ask.deed) {
            Ok(Begin::Deed(form::fill(ask.deed, self.who.as_deref())))
        } else {
            (self.now)().and_then(|now| begin(&self.path, &mut ask, now))
        };
        Msg::Filled(ask, begin.map(Box::new))
    }

    /// What would follow.
    pub(super) fn preview(&mut self, doing: Doing) -> Msg {
        let receipt = if doing.deed == &FOUNDING {
            (self.now)().and_then(|now| founding::rehearse(&doing.filled, now))
        } else if form::is_ours(doing.deed) {
            form::rehearse(doing.deed, &doing.filled)
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
        if let Some(how) = self.overtaken(&doing) {
            return Msg::Overtaken(doing, how);
        }
        let receipt = self.done(&doing).map(Box::new);
        // Closed, so that the desk is one file again for whoever copies it.
        self.session = None;
        Msg::Done(doing, receipt)
    }

    /// What somebody else has done to the record since its form was opened.
    pub(super) fn overtaken(&self, doing: &Doing) -> Option<String> {
        let (seen, [key]) = (doing.seen?, doing.subjects.as_slice()) else {
            return None;
        };
        if BESIDE.contains(&doing.deed.name) {
            return None;
        }
        let now = (self.now)().ok()?;
        // A desk that cannot be read refuses the step itself.
        record::since(&self.path, key, seen, now).ok()?
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
                    given: Filled::default(),
                };
                let mut begin = begin(&self.path, &mut ask, now).map(Box::new);
                // What is known of the duty stands there from the start; nobody said it.
                if let Ok(Begin::Deed(fill)) = begin.as_deref_mut() {
                    fill.values = given;
                }
                Msg::Filled(ask, begin)
            }
            Err(refusal) => Msg::Unsettled(refusal),
        }
    }

    /// Does it. What one is on already one lets go of: the same key does both.
    fn done(&mut self, doing: &Doing) -> Result<Receipt, Refusal> {
        let receipt = self.with(doing, false)?;
        let claims = doing.deed.name == "claim" && doing.form.is_none();
        if !claims || receipt.commit.is_some() || doing.filled.is_given("drop") {
            return Ok(receipt);
        }
        let mut doing = doing.clone();
        doing.filled.put("drop", "yes");
        self.with(&doing, false)
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
pub(super) fn action(doing: &Doing, session: &Session, preview: bool) -> Result<Action, Refusal> {
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

/// The record that a line of the palette names is the one that the form is about.
fn named(path: &Path, ask: &mut FillAsk, now: DateTime<Utc>) -> Result<(), Refusal> {
    let Some(entry) = ask.deed.subject().filter(|_| ask.subjects.is_empty()) else {
        return Ok(());
    };
    if let Some(id) = ask.given.one(entry.name) {
        let key = fill::named(path, ask.deed, id, now)?;
        ask.subjects.push(key);
        ask.given.clear(entry.name);
    }
    Ok(())
}

fn begin(path: &Path, ask: &mut FillAsk, now: DateTime<Utc>) -> Result<Begin, Refusal> {
    named(path, ask, now)?;
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
        (Some(key), Some(field)) => {
            fill::load_field(path, key, field, now).map(|field| Begin::Fields(vec![field]))
        }
        (Some(key), None) if ask.deed.name == "set" => {
            let mut fields = fill::load_fields(path, key, now)?;
            if let (Some(title), Some(first)) = (several(&ask.subjects), fields.first_mut()) {
                (first.title, first.facts) = (title, Vec::new());
                // What one of them says is not what the others say.
                for field in &mut fields {
                    field.value.clear();
                }
            }
            Ok(Begin::Fields(fields))
        }
        (key, _) => {
            let mut fill = fill::load(path, (ask.deed, &ask.given), key, now)?;
            if let Some(title) = several(&ask.subjects) {
                (fill.title, fill.facts) = (title, Vec::new());
                fill.letter.clear();
                fill.values = Filled::default();
            }
            Ok(Begin::Deed(fill))
        }
    }
}

/// What a form for several records is called.
fn several(subjects: &[Key]) -> Option<String> {
    let ids: Vec<&str> = subjects.iter().map(|key| key.id.as_str()).collect();
    (ids.len() > 1).then(|| format!("{} marked: {}", ids.len(), ids.join(", ")))
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
