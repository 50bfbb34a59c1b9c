//! What undoing leaves, and when it is refused.

use super::super::draft::{Draft, Header};
use super::super::id::ReplicaId;
use super::super::merge::{Seen, fold};
use super::*;
use std::collections::BTreeSet;

#[derive(Default)]
struct Log(Vec<Applied>);

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
        undo(&self.0[target], &|_| Some(&record), &op_at)
    }

    fn undo(&mut self, target: usize) -> usize {
        let ops = self.ops(target).unwrap();
        self.push(ops)
    }

    fn push(&mut self, ops: Vec<Op>) -> usize {
        self.write(|draft, _| ops.into_iter().map(|op| draft.push(op)).count())
    }

    /// Sets the title without having seen what else was set to it, but for these.
    fn beside(&mut self, title: &str, seen: &[Dot]) -> usize {
        self.write(|draft, _| {
            draft.push(Op::Set {
                entity: ticket(),
                field: "title".into(),
                value: title.into(),
                replaces: seen.to_vec(),
                beneath: false,
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
                beneath: false,
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

/// Two who wrote to the title apart, not knowing of each other, over this or nothing.
fn apart(old: Option<&str>, [one, other]: [&str; 2]) -> (Log, [usize; 2]) {
    let mut log = Log::default();
    let mut seen = Vec::new();
    if let Some(old) = old {
        let first = log.beside(old, &[]);
        seen.push(log.0[first].commit.dot(0));
    }
    let both = [log.beside(one, &seen), log.beside(other, &seen)];
    (log, both)
}

const APART: [(Option<&str>, [&str; 2]); 4] = [
    (None, ["new", "new"]),
    (None, ["new", "newer"]),
    (Some("old"), ["new", "new"]),
    (Some("old"), ["new", "newer"]),
];

#[test]
fn what_two_wrote_apart_and_one_took_back_stands_as_the_others() {
    for (old, both) in APART {
        let (mut log, [one, _]) = apart(old, both);
        let back = log.undo(one);
        assert_eq!(log.titles(), [both[1]]);
        let mut again = log.undo(back);
        assert_eq!(log.titles().len(), BTreeSet::from(both).len());
        again = log.undo(again);
        log.undo(again);
        assert_eq!(log.titles().len(), BTreeSet::from(both).len());
    }
}

#[test]
fn what_two_wrote_apart_and_both_took_back_is_gone() {
    for (old, both) in APART {
        let (mut log, [one, other]) = apart(old, both);
        log.undo(one);
        let last = log.undo(other);
        assert_eq!(log.titles(), [Value::from(old)]);
        // Who takes that back has what stood before it.
        log.undo(last);
        assert_eq!(log.titles(), [both[1]]);
    }
}

#[test]
fn what_two_wrote_apart_and_took_back_apart_is_gone_as_well() {
    for (old, both) in APART {
        let (mut log, [one, other]) = apart(old, both);
        let apart = [log.ops(one).unwrap(), log.ops(other).unwrap()];
        let [one, other] = apart.map(|ops| log.push(ops));
        assert_eq!(log.titles(), [Value::from(old)]);
        log.undo(one);
        assert_eq!(log.titles(), [both[0]]);
        log.undo(other);
        assert_eq!(log.titles().len(), BTreeSet::from(both).len());
    }
}

#[test]
fn what_lay_beneath_a_value_lies_there_again_when_a_later_one_is_taken_back() {
    for (old, both) in APART {
        let (mut log, [one, other]) = apart(old, both);
        log.undo(one);
        let later = log.write(|draft, record| {
            draft.set(&ticket(), "title", "later", record.dots("title"));
        });
        assert_eq!(log.titles(), ["later"]);
        log.undo(later);
        assert_eq!(log.titles(), [both[1]]);
        assert!(log.ops(other).is_err(), "it changed since");
    }
}

#[test]
fn a_value_that_nobody_had_seen_stands_over_what_lies_beneath() {
    let (mut log, [one, other]) = apart(Some("old"), ["new", "new"]);
    let seen = [one, other].map(|at| log.0[at].commit.dot(0));
    log.undo(one);
    log.beside("third", &seen);
    assert_eq!(log.titles(), ["third"]);
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
