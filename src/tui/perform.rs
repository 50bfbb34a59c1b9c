//! Does what `update` asks for, on a thread of its own, so that a slow disk never
//! holds up a key. Asks the workspace; knows no store.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use chrono::{DateTime, Utc};
use tokio::sync::mpsc::UnboundedSender;

use super::Options;
use super::effect::{Doing, Effect, FillAsk};
use super::msg::Msg;
use super::overlay::form::Begin;
use crate::domain::attention::DutyCode;
use crate::workspace::action::Action;
use crate::workspace::deed::FOUNDING;
use crate::workspace::founding;
use crate::workspace::look::board::rows::Key;
use crate::workspace::look::{board, fill, find, record, steps};
use crate::workspace::places::Places;
use crate::workspace::plan::Actor;
use crate::workspace::receipt::Receipt;
use crate::workspace::refusal::Refusal;
use crate::workspace::session::Session;

/// The most records that a search finds.
const FOUND: usize = 200;

/// The thread that reads and writes the desk.
pub(super) struct Desk {
    jobs: Option<Sender<Effect>>,
    thread: Option<JoinHandle<()>>,
}

/// What the thread needs to answer.
struct Source {
    path: PathBuf,
    /// Where a new desk is made, while there is none.
    founding: Option<Places>,
    who: Option<String>,
    actor: Result<Actor, Refusal>,
    now: fn() -> Result<DateTime<Utc>, Refusal>,
    /// Open while a form is, so that a preview costs no opening.
    session: Option<Session>,
}

impl Desk {
    pub(super) fn start(options: &Options, inbox: UnboundedSender<Msg>) -> Result<Self, Refusal> {
        let mut source = Source {
            path: options.path.clone().unwrap_or_default(),
            founding: options.founding.clone(),
            who: options.who.clone(),
            actor: options.actor.clone(),
            now: options.now,
            session: None,
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
    /// A look under way is short, and leaves no trace only when it ends; a change under
    /// way is kept whole.
    fn drop(&mut self) {
        self.jobs.take();
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

impl Source {
    fn answer(&mut self, asked: &Receiver<Effect>, inbox: &UnboundedSender<Msg>) {
        while let Ok(effect) = asked.recv() {
            if let Some(msg) = self.job(effect)
                && inbox.send(msg).is_err()
            {
                return;
            }
        }
    }

    fn job(&mut self, effect: Effect) -> Option<Msg> {
        Some(match effect {
            Effect::Load(ask) => Msg::Board((self.now)().and_then(|now| {
                board::load(&self.path, &ask, now, self.who.as_deref()).map(Box::new)
            })),
            Effect::Open(ask) => {
                let page = (self.now)().and_then(|now| record::load(&self.path, &ask, now));
                Msg::Page(ask, page)
            }
            Effect::Fill(ask) if ask.deed.name == FOUNDING.name => {
                let begin = founding::fill().map(Begin::Deed);
                Msg::Filled(ask, begin.map(Box::new))
            }
            Effect::Preview(doing) if doing.deed.name == FOUNDING.name => {
                let receipt = (self.now)().and_then(|now| founding::rehearse(&doing.filled, now));
                Msg::Previewed(doing, receipt.map(Box::new))
            }
            Effect::Do(doing) if doing.deed.name == FOUNDING.name => self.found(doing),
            Effect::Fill(ask) => {
                let begin = (self.now)().and_then(|now| begin(&self.path, &ask, now));
                Msg::Filled(ask, begin.map(Box::new))
            }
            Effect::Duty(key, code) => self.duty(&key, code),
            Effect::Steps(key) => {
                let steps = (self.now)().and_then(|now| steps::load(&self.path, &key, now));
                Msg::Steps(key, steps)
            }
            Effect::Find(text) => {
                let found = (self.now)().and_then(|now| find::load(&self.path, &text, now, FOUND));
                Msg::Found(text, found)
            }
            Effect::Preview(doing) => {
                let receipt = self.with(&doing, Session::preview).map(Box::new);
                Msg::Previewed(doing, receipt)
            }
            Effect::Do(doing) => {
                let receipt = self.with(&doing, Session::perform).map(Box::new);
                // Closed, so that the desk is one file again for whoever copies it.
                self.session = None;
                Msg::Done(doing, receipt)
            }
            Effect::Rest => {
                self.session = None;
                return None;
            }
            Effect::Edit { .. }
            | Effect::Copy(_)
            | Effect::Launch(_)
            | Effect::Settle
            | Effect::Suspend
            | Effect::Leave(_) => return None,
        })
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
    fn duty(&self, key: &Key, code: DutyCode) -> Msg {
        let settling = (self.now)().and_then(|now| {
            let (deed, key, given) = steps::load_settling(&self.path, key, code, now)?;
            Ok((deed, key, given, now))
        });
        match settling {
            Ok((deed, key, given, now)) => {
                let ask = FillAsk {
                    deed,
                    field: one_field(&key, deed.name, &given),
                    subjects: vec![key],
                    given,
                };
                let begin = begin(&self.path, &ask, now).map(Box::new);
                Msg::Filled(ask, begin)
            }
            Err(refusal) => Msg::Unsettled(refusal),
        }
    }

    /// Runs a deed on an open desk.
    fn with(
        &mut self,
        doing: &Doing,
        run: fn(&mut Session, &Action) -> Result<Receipt, Refusal>,
    ) -> Result<Receipt, Refusal> {
        let now = (self.now)()?;
        let mut session = match self.session.take() {
            Some(session) => session.at(now),
            None => Session::open(&self.path, self.actor.clone()?, now, None)?,
        };
        let receipt = action(doing, &session).and_then(|action| run(&mut session, &action));
        self.session = Some(session);
        receipt
    }
}

/// The action that a form's answers mean; done to many, it is one step.
fn action(doing: &Doing, session: &Session) -> Result<Action, Refusal> {
    let of = |key: Option<&Key>| {
        let mut filled = doing.filled.clone();
        if let (Some(key), Some(entry)) = (key, doing.deed.entries.first()) {
            filled.clear(entry.name);
            filled.put(entry.name, key.id.clone());
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

fn begin(path: &Path, ask: &FillAsk, now: DateTime<Utc>) -> Result<Begin, Refusal> {
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
fn one_field(
    key: &Key,
    deed: &str,
    given: &crate::workspace::deed::Filled,
) -> Option<&'static str> {
    let (name, _) = given
        .one("fields")
        .filter(|_| deed == "set")?
        .split_once('=')?;
    crate::domain::field::editable(key.kind, name)
        .ok()
        .map(|field| field.name)
}
