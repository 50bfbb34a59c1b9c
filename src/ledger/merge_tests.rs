//! What commits mean for one record, whatever the order they come in.

use super::super::draft::{Draft, Header};
use super::super::id::ReplicaId;
use super::*;

fn ticket() -> EntityId {
    EntityId("ticket:1".into())
}

fn write<T>(replica: u8, seq: u64, ops: impl FnOnce(&mut Draft) -> T) -> Applied {
    let mut draft = Draft::new(ReplicaId([replica; 16]), seq);
    ops(&mut draft);
    let commit = draft.finish(Header {
        person: format!("p{replica}"),
        ..Header::default()
    });
    let hash = Hash::of(&[&commit.encode()]);
    Applied {
        hash,
        lamport: seq,
        commit,
    }
}

fn folded(commits: &[&Applied], past: &Seen) -> Record {
    fold(&ticket(), commits.iter().copied(), &|_, _| past.clone())
}

fn title(record: &Record) -> Option<&str> {
    record.fields["title"]
        .value()
        .and_then(|value| value.as_str())
}

#[test]
fn both_concurrent_values_survive_and_the_greatest_order_is_shown() {
    let mine = write(1, 1, |d| d.set(&ticket(), "title", "mine", []));
    let theirs = write(2, 1, |d| d.set(&ticket(), "title", "theirs", []));
    let record = folded(&[&theirs, &mine], &Seen::No);
    let register = &record.fields["title"];
    assert!(register.contested());
    assert_eq!(register.dots(), [mine.commit.dot(0), theirs.commit.dot(0)]);
    assert_eq!(title(&record), Some("theirs"));
    let cautious = register.provisional_by(|value| value == "mine").unwrap();
    assert_eq!(cautious.value, "mine");

    let settled = write(1, 2, |d| d.set(&ticket(), "title", "ours", register.dots()));
    let record = folded(&[&settled, &mine, &theirs], &Seen::Yes);
    assert!(!record.fields["title"].contested());
    assert_eq!(title(&record), Some("ours"));
}

#[test]
fn the_same_value_twice_is_settled() {
    let mine = write(1, 1, |d| d.set(&ticket(), "title", "same", []));
    let theirs = write(2, 1, |d| d.set(&ticket(), "title", "same", []));
    let record = folded(&[&mine, &theirs], &Seen::No);
    assert_eq!(record.fields["title"].live.len(), 2);
    assert!(!record.fields["title"].contested());
}

#[test]
fn a_replaced_dot_outside_the_causal_past_is_ignored() {
    let first = write(1, 1, |d| d.set(&ticket(), "title", "first", []));
    let blind = write(2, 1, |d| {
        d.set(&ticket(), "title", "blind", [first.commit.dot(0)])
    });
    assert_eq!(folded(&[&first, &blind], &Seen::No).dots("title").len(), 2);
    assert_eq!(folded(&[&first, &blind], &Seen::Yes).dots("title").len(), 1);
}

#[test]
fn a_dot_of_another_field_or_element_is_ignored() {
    let first = write(1, 1, |d| {
        d.set(&ticket(), "title", "first", []);
        d.add(&ticket(), "labels", "red");
    });
    let other = write(1, 2, |d| {
        d.set(&ticket(), "state", "ready", [first.commit.dot(0)]);
        d.remove(&ticket(), "labels", "blue", [first.commit.dot(1)]);
    });
    let record = folded(&[&first, &other], &Seen::Yes);
    assert_eq!(title(&record), Some("first"));
    assert_eq!(
        record.observed("labels", &"red".into()),
        [first.commit.dot(1)]
    );
}

#[test]
fn a_concurrent_addition_wins_over_a_removal() {
    let first = write(1, 1, |d| d.add(&ticket(), "labels", "red"));
    let again = write(2, 2, |d| d.add(&ticket(), "labels", "red"));
    let dot = first.commit.dot(0);
    let gone = write(1, 2, |d| d.remove(&ticket(), "labels", "red", [dot]));
    let record = folded(&[&gone, &again, &first], &Seen::Yes);
    assert_eq!(
        record.observed("labels", &"red".into()),
        [again.commit.dot(0)]
    );
    assert!(folded(&[&gone, &first], &Seen::Yes).sets.is_empty());
}

#[test]
fn a_retract_counts_whether_it_comes_before_or_after_its_event() {
    let told = write(1, 1, |d| d.event(&ticket(), "announced", "x"));
    let back = write(1, 2, |d| d.retract(&ticket(), told.commit.dot(0)));
    let again = write(2, 3, |d| d.retract(&ticket(), back.commit.dot(0)));
    assert!(folded(&[&back, &told], &Seen::Yes).events.is_empty());
    assert!(folded(&[&told, &back], &Seen::Yes).events.is_empty());
    let record = folded(&[&again, &told, &back], &Seen::Yes);
    assert_eq!(record.events[0].person, "p1");
}

#[test]
fn both_branches_of_a_fork_apply_and_only_the_seen_one_is_replaced() {
    let mine = write(1, 1, |d| d.set(&ticket(), "title", "before", []));
    let forked = write(1, 1, |d| d.set(&ticket(), "title", "restored", []));
    let next = write(1, 2, |d| {
        d.set(&ticket(), "title", "next", [mine.commit.dot(0)])
    });
    let record = folded(&[&mine, &next, &forked], &Seen::Branches(vec![mine.hash]));
    let values: Vec<_> = record.fields["title"]
        .live
        .iter()
        .map(|live| &live.value)
        .collect();
    assert_eq!(values, ["restored", "next"]);
}
