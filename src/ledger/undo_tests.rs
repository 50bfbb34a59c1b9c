//! What undoing leaves, and when it is refused.

use super::super::draft::{Draft, Header};
use super::super::id::ReplicaId;
use super::super::merge::{Seen, fold};
use super::*;

/// Commits, and those of them that are undos.
#[derive(Default)]
struct Log(Vec<Applied>, Vec<Hash>);

impl Log {
    fn write<T>(&mut self, ops: impl FnOnce(&mut Draft, &Record) -> T) -> usize {
        let seq = self.0.len() as u64 + 1;
        let mut draft = Draft::new(ReplicaId([1; 16]), seq);
        ops(&mut draft, &self.record());
        let commit = draft.finish(Header::default());
        let hash = Hash::of(&[&commit.encode()]);
        self.0.push(Applied {
            hash,
            lamport: seq,
            commit,
        });
        self.0.len() - 1
    }

    fn record(&self) -> Record {
        fold(&ticket(), self.0.iter(), &|_, _| Seen::Yes)
    }

    fn ops(&self, target: usize) -> Result<Vec<Op>, NotUndone> {
        let record = self.record();
        let op_at = |dot: &Dot| {
            let commit = &self.0[usize::try_from(dot.seq).ok()? - 1].commit;
            commit.ops.get(dot.op as usize).cloned()
        };
        let log = Earlier {
            op_at: &op_at,
            is_undo: &|hash| self.1.contains(hash),
        };
        undo(&self.0[target], &|_| Some(&record), &log)
    }

    fn undo(&mut self, target: usize) -> usize {
        let ops = self.ops(target).unwrap();
        let back = self.write(|draft, _| ops.into_iter().map(|op| draft.push(op)).count());
        self.1.push(self.0[back].hash);
        back
    }

    /// Sets the title without having seen what else was set to it, but for these.
    fn beside(&mut self, title: &str, seen: &[Dot]) -> usize {
        self.write(|draft, _| {
            draft.push(Op::Set {
                entity: ticket(),
                field: "title".into(),
                value: title.into(),
                replaces: seen.to_vec(),
            })
        })
    }

    fn titles(&self) -> Vec<Value> {
        let live = &self.record().fields["title"].live;
        let mut titles: Vec<_> = live.iter().map(|live| live.value.clone()).collect();
        titles.dedup();
        titles
    }

    /// What people see: values, elements and events, without the dots that carry them.
    fn shown(&self) -> String {
        let record = self.record();
        let values = |register: &Register| -> Vec<Value> {
            register
                .live
                .iter()
                .map(|live| live.value.clone())
                .filter(|v| !v.is_null())
                .collect()
        };
        let fields = record
            .fields
            .iter()
            .map(|(name, register)| (name, values(register)));
        let fields: Vec<_> = fields.filter(|(_, values)| !values.is_empty()).collect();
        let sets: Vec<_> = record
            .sets
            .iter()
            .map(|(set, all)| (set, all.keys()))
            .collect();
        format!("{fields:?} {sets:?} {:?}", record.events)
    }
}

fn ticket() -> EntityId {
    EntityId("ticket:1".into())
}

fn everything(draft: &mut Draft, record: &Record) {
    draft.set(&ticket(), "title", "new", record.dots("title"));
    draft.set(&ticket(), "title", "newer", record.dots("title"));
    draft.set(&ticket(), "owner", "bob", record.dots("owner"));
    draft.add(&ticket(), "labels", "red");
    draft.remove(
        &ticket(),
        "labels",
        "blue",
        record.observed("labels", &"blue".into()),
    );
    draft.event(&ticket(), "comment", "hello");
    for event in &record.events {
        draft.retract(&ticket(), event.dot);
    }
}

fn before() -> Log {
    let mut log = Log::default();
    log.write(|draft, _| {
        // Two values at once: an open contest is restored as one.
        for title in ["old", "older"] {
            draft.push(Op::Set {
                entity: ticket(),
                field: "title".into(),
                value: title.into(),
                replaces: Vec::new(),
            });
        }
        draft.add(&ticket(), "labels", "blue");
        draft.event(&ticket(), "announced", "site");
    });
    log
}

#[test]
fn undo_restores_exactly_and_undo_of_undo_does_so_too() {
    let mut log = before();
    let old = log.shown();
    let target = log.write(everything);
    let new = log.shown();
    assert_ne!(old, new);
    let back = log.undo(target);
    assert_eq!(log.shown(), old);
    log.undo(back);
    assert_eq!(log.shown(), new);
}

#[test]
fn an_undone_commit_is_not_undone_twice() {
    let mut log = before();
    let target = log.write(everything);
    log.undo(target);
    assert!(matches!(log.ops(target), Err(NotUndone::Later { field, .. }) if field == "title"));
}

#[test]
fn two_undos_at_once_are_one() {
    let mut log = before();
    let old = log.shown();
    let target = log.write(everything);
    let ops = log.ops(target).unwrap();
    for _ in 0..2 {
        let ops = ops.clone();
        log.write(|draft, _| ops.into_iter().map(|op| draft.push(op)).count());
    }
    let record = log.record();
    let mut titles: Vec<_> = record.fields["title"]
        .live
        .iter()
        .map(|l| l.value.to_string())
        .collect();
    titles.sort();
    titles.dedup();
    assert_eq!(titles, ["\"old\"", "\"older\""]);
    assert!(old.contains("announced"));
    assert_eq!(record.events.len(), 1);
}

#[test]
fn what_two_wrote_apart_and_both_took_back_is_gone() {
    for (one, other) in [("new", "new"), ("new", "newer")] {
        for begins in [false, true] {
            let mut log = Log::default();
            let mut seen = Vec::new();
            let old = if begins { Value::Null } else { "old".into() };
            if !begins {
                let first = log.beside("old", &[]);
                seen.push(log.0[first].commit.dot(0));
            }
            let (one, other) = (log.beside(one, &seen), log.beside(other, &seen));
            log.undo(one);
            let last = log.undo(other);
            assert_eq!(log.titles(), [old]);
            // Who takes that back has what stood before it, once.
            log.undo(last);
            assert_eq!(log.titles().len(), 1);
        }
    }
}

#[test]
fn what_an_undo_restored_stays_whoever_takes_the_same_value_back() {
    let mut log = Log::default();
    let first = log.beside("new", &[]);
    let changed = log.beside("other", &[log.0[first].commit.dot(0)]);
    let beside = log.beside("new", &[]);
    log.undo(changed);
    log.undo(beside);
    assert_eq!(log.titles(), ["new"]);
    // Nor is what a person wrote a copy.
    let mut log = Log::default();
    let one = log.beside("new", &[]);
    let same = log.beside("new", &[log.0[one].commit.dot(0)]);
    let beside = log.beside("new", &[]);
    log.undo(beside);
    assert_eq!(log.titles()[0], "new");
    assert!(log.ops(same).is_ok());
}

#[test]
fn undo_is_refused_when_something_came_after_and_says_what() {
    let mut log = before();
    let target = log.write(everything);
    let after = log.write(|draft, record| {
        draft.set(&ticket(), "owner", "carol", record.dots("owner"));
    });
    let dot = log.0[after].commit.dot(0);
    assert_eq!(log.ops(target), Err(later(&ticket(), "owner", dot)));
}

#[test]
fn an_addition_that_was_removed_later_is_refused() {
    let mut log = before();
    let target = log.write(|draft, _| draft.add(&ticket(), "labels", "red"));
    let after = log.write(|draft, record| {
        draft.remove(
            &ticket(),
            "labels",
            "red",
            record.observed("labels", &"red".into()),
        );
    });
    let dot = log.0[after].commit.dot(0);
    assert_eq!(log.ops(target), Err(later(&ticket(), "labels", dot)));
}

#[test]
fn membership_is_not_taken_back() {
    let mut log = before();
    let target = log.write(|draft, _| draft.member("anna"));
    let dot = log.0[target].commit.dot(0);
    assert_eq!(log.ops(target), Err(NotUndone::Beyond { dot }));
}
