//! A desk open for one change by one person.

use std::path::Path;

use chrono::{DateTime, Utc};

use super::action::Action;
use super::dates::Dates;
use super::look::criteria;
use super::perform;
use super::plan::{Actor, Time};
use super::receipt::Receipt;
use super::refusal::Refusal;
use super::share::here::{key_is_here, lies_apart};
use crate::domain::kind::Kind;
use crate::domain::queue::ticket::Outcome;
use crate::exchange::{Import, format};
use crate::store::Store;

/// A desk open for one change.
pub struct Session {
    store: Store,
    pub actor: Actor,
    pub time: Time,
    pub dates: Dates,
}

/// What an import was asked with, besides its files.
#[derive(Clone, Debug, Default)]
pub struct ImportAsked {
    pub format: Option<String>,
    pub kind: Option<Kind>,
    /// Field and column.
    pub mapping: Vec<(String, String)>,
}

impl Session {
    /// Opens a desk; `at` is when it happened, in a person's words.
    pub fn open(
        path: &Path,
        actor: Actor,
        now: DateTime<Utc>,
        at: Option<&str>,
    ) -> Result<Self, Refusal> {
        let store = Store::open(path)?;
        key_is_here(&store)?;
        lies_apart(&store, path)?;
        let mut session = Self::of(store, actor, now)?;
        session.time.at = session.dates.maybe(at)?;
        Ok(session)
    }

    /// A desk that is open already.
    pub fn of(store: Store, actor: Actor, now: DateTime<Utc>) -> Result<Self, Refusal> {
        let dates = Dates::of(&store.reader(), now)?;
        Ok(Self {
            store,
            actor,
            time: Time { now, at: None },
            dates,
        })
    }

    /// The same desk a little later.
    #[must_use]
    pub fn at(mut self, now: DateTime<Utc>) -> Self {
        self.time.now = now;
        self.dates.now = now;
        self
    }

    /// Does it.
    pub fn perform(&mut self, action: &Action) -> Result<Receipt, Refusal> {
        perform::perform(&mut self.store, action, &self.actor, &self.time)
    }

    /// What it would do, under the same guards.
    pub fn preview(&mut self, action: &Action) -> Result<Receipt, Refusal> {
        perform::preview(&mut self.store, action, &self.actor, &self.time)
    }

    /// One result for every criterion of the profile, but for the exceptions.
    pub fn all_criteria(
        &self,
        all: Outcome,
        except: &[(String, Outcome)],
    ) -> Result<Vec<(String, Outcome)>, Refusal> {
        criteria::all(&self.store.reader(), all, except)
    }

    /// What files hold, read with this desk's profile; nothing is recorded yet.
    pub fn read_import(
        &self,
        files: &[(String, Vec<u8>)],
        asked: &ImportAsked,
    ) -> Result<Import, Refusal> {
        let profile = self.store.reader().whole_profile()?;
        let context = format::Context {
            profile: &profile,
            mapping: &asked.mapping,
            kind: asked.kind,
            as_of: self.time.at.map(|at| at.day(&self.dates.zone)),
        };
        Ok(format::read(files, asked.format.as_deref(), &context)?)
    }
}
