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
        let at = |hash: &Hash| self.0.iter().position(|it| it.hash == *hash);
        let had_seen = |later: &Hash, earlier: &Hash| at(later) > at(earlier);
        undo(&self.0[target], &|_| Some(&record), (&had_seen, &|_| false))
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
        self.set_beside(title.into(), seen)
    }

    fn set_beside(&mut self, value: Value, seen: &[Dot]) -> usize {
        self.write(|draft, _| {
            draft.push(Op::Set {
                entity: ticket(),
                field: "title".into(),
                value,
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
        let mut last = one;
        // Taken back, done again, taken back, done again.
        for taken_back in [true, false, true, false] {
            last = log.undo(last);
            let stands = if taken_back { &both[1..] } else { &both[..] };
            assert_eq!(log.titles().len(), BTreeSet::from_iter(stands).len());
            assert!(log.titles().contains(&both[1].into()));
        }
    }
}

#[test]
fn what_two_wrote_apart_and_both_took_back_is_gone() {
    for (old, both) in APART {
        let (mut log, [one, other]) = apart(old, both);
        log.undo(one);
        let last = log.undo(other);
        let old: Vec<Value> = old.map(Value::from).into_iter().collect();
        assert_eq!(log.titles(), old);
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
        let old: Vec<Value> = old.map(Value::from).into_iter().collect();
        assert_eq!(log.titles(), old);
        log.undo(one);
        assert_eq!(log.titles(), [both[0]]);
        log.undo(other);
        assert_eq!(log.titles().len(), BTreeSet::from(both).len());
    }
}

#[test]
fn what_nobody_took_back_stands_beside_what_others_wrote() {
    for old in [None, Some("old")] {
        let (mut log, [one, _]) = apart(old, ["one", "other"]);
        let two = log.beside("two", &[log.0[one].commit.dot(0)]);
        log.undo(two);
        assert_eq!(log.titles(), ["one", "other"]);
    }
    // To have emptied it as well.
    let (mut log, [_, other]) = apart(Some("old"), ["one", "other"]);
    let old = log.0[0].commit.dot(0);
    let emptied = log.set_beside(Value::Null, &[old]);
    let again = log.beside("again", &[log.0[emptied].commit.dot(0)]);
    log.undo(again);
    log.undo(other);
    assert_eq!(log.titles(), [Value::from("one"), Value::Null]);
}

#[test]
fn what_was_taken_back_disputes_nothing_that_was_written_apart() {
    let (mut log, [one, _]) = apart(Some("old"), ["one", "other"]);
    log.undo(one);
    assert_eq!(log.titles(), ["other"]);
    // Two levels of it.
    let (mut log, [one, other]) = apart(Some("old"), ["one", "other"]);
    log.undo(one);
    let seen = [log.0[other].commit.dot(0)];
    for later in [log.beside("z", &seen), log.beside("w", &seen)] {
        log.undo(later);
    }
    assert_eq!(log.titles(), ["other"]);
    log.undo(other);
    assert_eq!(log.titles(), ["old"]);
}

#[test]
fn a_change_of_what_somebody_took_back_apart_stands_alone() {
    let mut log = Log::default();
    let old = log.beside("old", &[]);
    let new = log.beside("new", &[log.0[old].commit.dot(0)]);
    let ops = log.ops(new).unwrap();
    let newer = log.beside("newer", &[log.0[new].commit.dot(0)]);
    log.push(ops);
    assert_eq!(log.titles(), ["newer"]);
    log.undo(newer);
    assert_eq!(log.titles(), ["old"]);
}

#[test]
fn what_was_done_since_keeps_what_was_taken_back_from_being_done_again() {
    let (mut log, [one, _]) = apart(Some("old"), ["one", "other"]);
    let back = log.undo(one);
    log.write(|draft, record| draft.set(&ticket(), "title", "since", record.dots("title")));
    assert!(matches!(log.ops(back), Err(NotUndone::Later { .. })));
}

#[test]
fn two_undos_of_one_step_are_done_again_together() {
    let mut log = before();
    let target = log.write(|draft, record| {
        draft.set(&ticket(), "title", "new", record.dots("title"));
    });
    let ops = log.ops(target).unwrap();
    let one = log.push(ops.clone());
    log.push(ops);
    let again = log.undo(one);
    assert_eq!(log.titles(), ["new"]);
    log.undo(again);
    assert_eq!(log.titles(), ["old", "older"]);
}

#[test]
fn a_step_is_taken_back_and_done_again_as_often_as_anybody_likes() {
    let mut log = before();
    let mut last = log.write(|draft, record| {
        draft.set(&ticket(), "title", "new", record.dots("title"));
    });
    for _ in 0..50 {
        last = log.undo(last);
        assert_eq!(log.titles().len(), 2);
        last = log.undo(last);
        assert_eq!(log.titles(), ["new"]);
    }
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
