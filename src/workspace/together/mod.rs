//! Two managers, each with a copy of one desk, whose work meets: what tests of conflicts,
//! violations and undo begin with. The share itself is no part of it.

mod rules;
mod settling;
mod states;
mod undoing;

use serde_json::Value;

use super::action::Action;
use super::fixture::{Desk, actor};
use super::look::Look;
use super::look::conflicts::{self, Conflict};
use super::perform::perform;
use super::plan::Time;
use super::receipt::Receipt;
use super::refusal::Refusal;
use crate::ledger::{Header, Key, MemberOp, Received, ReplicaId, Role, first_prev};
use crate::store::{RecordRow, Store, StoreError};

pub(super) struct Pair {
    pub alice: Store,
    pub bob: Store,
    time: Time,
}

/// Which of the two.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Who {
    Alice,
    Bob,
}

pub(super) use Who::{Alice, Bob};

const KEYS: [Key; 2] = [Key([1; 32]), Key([2; 32])];

impl Pair {
    /// Alice's desk with T-1 and T-2, and Bob's copy of it.
    pub(super) fn new() -> Self {
        let desk = Desk::with_tickets();
        let time = desk.time();
        let mut alice = desk.store;
        let genesis = alice.reader().genesis().unwrap();
        let mut bob = Store::in_memory(&genesis, ReplicaId([2; 16])).unwrap();
        for store in [&mut alice, &mut bob] {
            store.set_founder(&KEYS[0]).unwrap();
        }
        let device = |key: usize, letter: &str| MemberOp::Device {
            key: KEYS[key],
            letter: letter.to_owned(),
        };
        let admit = MemberOp::Admit {
            key: KEYS[1],
            person: "Bob".to_owned(),
            role: Role::Manager,
            letter: "b".to_owned(),
        };
        member(&mut alice, &time, "Alice", &[device(0, ""), admit]);
        give(&alice, &mut bob, &time);
        member(&mut bob, &time, "Bob", &[device(1, "b")]);
        let mut pair = Self { alice, bob, time };
        pair.meet();
        pair
    }

    pub(super) fn wait(&mut self, minutes: i64) {
        self.time.now += chrono::TimeDelta::minutes(minutes);
    }

    fn store(&mut self, who: Who) -> &mut Store {
        match who {
            Alice => &mut self.alice,
            Bob => &mut self.bob,
        }
    }

    pub(super) fn tries(&mut self, who: Who, step: &str) -> Result<Receipt, Refusal> {
        let action: Action = serde_json::from_str(step).unwrap();
        let time = self.time.clone();
        let name = if who == Alice { "Alice" } else { "Bob" };
        perform(self.store(who), &action, &actor(name), &time)
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
    pub(super) fn meet(&mut self) {
        give(&self.alice, &mut self.bob, &self.time);
        give(&self.bob, &mut self.alice, &self.time);
        assert_eq!(rows(&self.alice), rows(&self.bob));
        for store in [&self.alice, &self.bob] {
            assert!(store.reader().check().unwrap().agrees, "as rebuilt");
        }
    }

    pub(super) fn row(&self, id: &str) -> RecordRow {
        let reader = self.alice.reader();
        conflicts::row(&reader, id).unwrap()
    }

    pub(super) fn value(&self, id: &str) -> Value {
        self.row(id).value()
    }

    pub(super) fn conflict(&self, id: &str) -> Conflict {
        let row = self.row(id);
        conflicts::of(&self.alice.reader(), &row).unwrap()
    }

    pub(super) fn look<T>(&self, look: impl FnOnce(&Look<'_>) -> T) -> T {
        let reader = self.alice.reader();
        look(&Look::new(&reader, self.time.now).unwrap())
    }
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

fn member(store: &mut Store, time: &Time, person: &str, ops: &[MemberOp]) {
    let now = time.now;
    let kept: Result<(), StoreError> = store.write(|writing| {
        let mut draft = writing.draft()?;
        for op in ops {
            draft.member(serde_json::to_value(op).unwrap());
        }
        let header = Header {
            wall: now.to_rfc3339(),
            person: person.to_owned(),
            ..Header::default()
        };
        writing.append(draft, header, now.timestamp()).map(drop)
    });
    kept.unwrap();
}

/// Hands over every commit that the other has not.
fn give(from: &Store, to: &mut Store, time: &Time) {
    let reader = from.reader();
    let genesis = reader.genesis().unwrap();
    let workspace = crate::ledger::Workspace::of_genesis(genesis.as_bytes());
    let mut told = Vec::new();
    for line in reader.lines().unwrap() {
        let mut prev = first_prev(&workspace, &line.replica);
        let run = reader.run(&line.tip, 1, line.tip_seq).unwrap();
        for (seq, (hash, bytes)) in (1..).zip(run) {
            let lamport = reader.commit(&hash).unwrap().unwrap().applied.lamport;
            let received = Received {
                hash,
                prev,
                replica: line.replica,
                seq,
                key: line.key.unwrap_or(KEYS[0]),
                bytes,
            };
            told.push((lamport, received));
            prev = hash;
        }
    }
    told.sort_by_key(|(lamport, _)| *lamport);
    let told: Vec<Received> = told.into_iter().map(|(_, received)| received).collect();
    to.receive(&told, time.now.timestamp()).unwrap();
    to.settle().unwrap();
    assert!(to.reader().set_aside(9).unwrap().is_empty(), "all count");
}

#[track_caller]
pub(super) fn open(pair: &Pair, id: &str) -> Vec<String> {
    let row = pair.row(id);
    let reader = pair.alice.reader();
    let today = pair.look(|look| look.today);
    let duties = reader.duties(&row.id, row.kind, today).unwrap();
    duties
        .into_iter()
        .map(|duty| format!("{:?}: {}", duty.code, duty.what))
        .collect()
}
