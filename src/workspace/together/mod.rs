//! Two managers, each with a copy of one desk, whose work meets: what tests of conflicts,
//! violations and undo begin with.

mod along;
mod chain;
mod hostile;
mod joining;
mod never;
mod newer;
mod redoing;
mod rules;
mod settling;
mod states;
mod twice;
mod undoing;

use serde_json::Value;

use super::action::Action;
use super::fixture::Desk;
use super::look::Look;
use super::look::conflicts::{self, Conflict};
use super::pair;
use super::receipt::Receipt;
use super::refusal::Refusal;
use crate::store::{Reader, RecordRow, Store};

pub(super) struct Pair(pair::Pair);

/// Which of the two.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Who {
    Alice,
    Bob,
}

pub(super) use Who::{Alice, Bob};

impl Pair {
    /// Alice's desk with T-1 and T-2, and Bob's copy of it.
    pub(super) fn new() -> Self {
        Self(pair::Pair::of(Desk::with_tickets()))
    }

    /// The same with T-1 in its staged rollout, every criterion passed, and the site CNAF.
    pub(super) fn on_trial() -> Self {
        let mut pair = Self::new();
        pair.does(
            Alice,
            r#"{"do":"site-add","name":"CNAF","country":"IT","contact":"c@example.org"}"#,
        );
        pair.does(
            Alice,
            r#"{"do":"ticket-start","id":"T-1","verifier":"Vera","testbed":null}"#,
        );
        pair.passes("T-1");
        pair.does(Alice, r#"{"do":"ticket-verify","id":"T-1"}"#);
        pair.meet();
        pair
    }

    /// The same with S-2 of CREAM for two platforms, which nobody has injected.
    pub(super) fn submitted() -> Self {
        let mut pair = Self::new();
        pair.does(Alice, &cream());
        pair.meet();
        pair
    }

    /// Alice records that a ticket passes every criterion.
    pub(super) fn passes(&mut self, id: &str) {
        let criteria = self.reader().whole_profile().unwrap().criterion;
        let results: Vec<_> = criteria.iter().map(|it| (it.id.clone(), "OK")).collect();
        let check = serde_json::json!({"do": "ticket-check", "id": id, "results": results, "note": null, "link": null});
        self.does(Alice, &check.to_string());
    }

    pub(super) fn wait(&mut self, minutes: i64) {
        for desk in [&mut self.0.alice, &mut self.0.bob] {
            desk.now += chrono::TimeDelta::minutes(minutes);
        }
    }

    /// Alice's desk.
    pub(super) fn reader(&self) -> Reader<'_> {
        self.0.alice.store.reader()
    }

    pub(super) fn tries(&mut self, who: Who, step: &str) -> Result<Receipt, Refusal> {
        let action: Action = serde_json::from_str(step).unwrap();
        match who {
            Alice => self.0.alice.attempt("Alice", &action),
            Bob => self.0.bob.attempt("Bob", &action),
        }
    }

    /// A step that has to work.
    #[track_caller]
    pub(super) fn does(&mut self, who: Who, step: &str) -> Receipt {
        self.tries(who, step).unwrap()
    }

    /// A step that has to be refused by a rule; returns what is said.
    #[track_caller]
    pub(super) fn refused(&mut self, who: Who, step: &str) -> String {
        let refusal = self.tries(who, step).unwrap_err();
        assert_eq!(refusal.kind.exit_code(), 4, "{refusal:?}");
        format!("{} {}", refusal.message, refusal.hint.unwrap_or_default())
    }

    /// Each gives the other all it has; then both desks are the same and hold what their
    /// logs say.
    #[track_caller]
    pub(super) fn meet(&mut self) {
        self.0.meet();
        assert_eq!(rows(&self.0.alice.store), rows(&self.0.bob.store));
    }

    pub(super) fn row(&self, id: &str) -> RecordRow {
        conflicts::row(&self.reader(), id).unwrap()
    }

    pub(super) fn value(&self, id: &str) -> Value {
        self.row(id).value()
    }

    pub(super) fn conflict(&self, id: &str) -> Conflict {
        let row = self.row(id);
        conflicts::of(&self.reader(), &row).unwrap()
    }

    pub(super) fn look<T>(&self, look: impl FnOnce(&Look<'_>) -> T) -> T {
        let reader = self.reader();
        look(&Look::new(&reader, self.0.alice.now).unwrap())
    }
}

/// The step that takes CREAM in.
pub(super) fn cream() -> String {
    let target = |platform: &str| serde_json::json!({"platform": platform, "arch": "x86_64"});
    let step = serde_json::json!({"do": "submit", "product": "CREAM", "version": "1.2.3",
        "targets": [target("al9"), target("el9")], "notes_url": "https://example.org/n",
        "packages": ["cream"], "channel_id": "1"});
    step.to_string()
}

/// Everything that is shown, of both kinds of row.
fn rows(store: &Store) -> Vec<(String, bool, bool, Value)> {
    let reader = store.reader();
    let mut found = Vec::new();
    for kind in crate::domain::kind::KINDS {
        for row in reader.all(kind.kind).unwrap() {
            found.push((row.id.clone(), row.contested, row.broken, row.value()));
        }
    }
    found.sort_by(|left, right| left.0.cmp(&right.0));
    found
}

#[track_caller]
pub(super) fn open(pair: &Pair, id: &str) -> Vec<String> {
    let row = pair.row(id);
    let reader = pair.reader();
    let today = pair.look(|look| look.today);
    let duties = reader.duties(&row.id, row.kind, today).unwrap();
    duties
        .into_iter()
        .map(|duty| format!("{:?}: {}", duty.code, duty.what))
        .collect()
}
