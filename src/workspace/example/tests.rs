use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::{PERSON, build, live};
use crate::domain::attention::Severity;
use crate::domain::kind::Kind;
use crate::domain::noun::Noun;
use crate::domain::queue::state::State;
use crate::store::Store;
use crate::workspace::action::Action;
use crate::workspace::look::Look;
use crate::workspace::look::status::{Status, status};
use crate::workspace::perform::perform;
use crate::workspace::plan::{Actor, Time};

/// Weekends, the ends of months and of years, a leap day, a change of the clocks, and
/// the quiet days around Christmas.
const NOWS: [&str; 10] = [
    "2026-11-21T09:14:00Z",
    "2024-02-29T12:00:00Z",
    "2025-03-30T01:00:00Z",
    "2025-03-31T23:59:59Z",
    "2026-12-31T22:59:59Z",
    "2026-12-31T23:00:00Z",
    "2026-01-01T00:00:00Z",
    "2025-12-28T10:00:00Z",
    "2027-03-01T06:30:00Z",
    "2028-08-06T17:00:00Z",
];

fn at(now: &str) -> DateTime<Utc> {
    now.parse().unwrap()
}

fn seen(store: &Store, now: DateTime<Utc>) -> Status {
    let reader = store.reader();
    status(&Look::new(&reader, now).unwrap(), usize::MAX).unwrap()
}

fn check(now: &str) {
    let now = at(now);
    let store = live(now).unwrap();
    let status = seen(&store, now);
    let grave = |severity| {
        status
            .attention
            .iter()
            .filter(|it| it.severity == severity)
            .count()
    };
    assert!(grave(Severity::Breach) >= 4, "{now}: late");
    assert!(grave(Severity::Due) >= 3, "{now}: due");
    assert!(status.counts.due_soon >= 1, "{now}: due soon");
    assert!(
        (2..=6).contains(&status.counts.overdue),
        "{now}: {}",
        status.counts.overdue
    );
    assert_eq!(status.counts.broken_promises, 1, "{now}");
    assert_eq!(status.counts.unsent_delay_notices, 2, "{now}");
    assert!(status.counts.queue["waiting-for-response"] >= 1, "{now}");
    assert!(
        status
            .attention
            .iter()
            .any(|it| it.what.contains("no addressee")),
        "{now}: a notice without an addressee"
    );
    let next = status.next_milestone.unwrap();
    assert!(
        (5..=11).contains(&next.days_left.unwrap()),
        "{now}: next milestone"
    );
    let release = status.cycle.unwrap().days_left.unwrap();
    assert!(
        (19..=25).contains(&release),
        "{now}: release in {release} d"
    );
    let slipped = store
        .reader()
        .all(Kind::Milestone)
        .unwrap()
        .iter()
        .filter(|row| match row.noun().unwrap() {
            Some(Noun::Milestone(it)) => it.actual.is_none() && it.due != it.planned,
            _ => false,
        })
        .count();
    assert_eq!(slipped, 3, "{now}: M4 dragged two others");
    let checked = store.reader().check().unwrap();
    assert!(checked.agrees, "{now}: doctor");
    assert!(
        (100..=250).contains(&checked.commits),
        "{now}: {}",
        checked.commits
    );
}

#[test]
fn the_example_is_alive_on_a_working_day_and_a_weekend() {
    for now in &NOWS[..3] {
        check(now);
    }
}

#[test]
fn the_example_is_alive_at_the_ends_of_months_and_years() {
    for now in &NOWS[3..7] {
        check(now);
    }
}

#[test]
fn the_example_is_alive_around_christmas_and_after_february() {
    for now in &NOWS[7..] {
        check(now);
    }
}

#[test]
fn every_state_of_the_queue_but_recalled_is_there_and_most_are_in_rollout() {
    let now = at(NOWS[0]);
    let counts = seen(&live(now).unwrap(), now).counts.queue;
    for state in State::ALL {
        let there = counts[state.word()] > 0;
        assert_eq!(there, state != State::Recalled, "{}", state.word());
    }
    let most = counts.iter().max_by_key(|(_, n)| **n).unwrap();
    assert_eq!((most.0.as_str(), *most.1), ("staged-rollout", 20));
}

#[test]
fn the_board_has_its_32_products_and_its_words_hold() {
    let (story, facts) = (super::Story::read().unwrap(), super::Facts::read().unwrap());
    let mut words: BTreeMap<&str, usize> = BTreeMap::new();
    for row in facts.rows() {
        *words.entry(&row.words).or_default() += 1;
        let stand = story.board[&row.product].state.as_str();
        let rollout = row.words == "DONE / OnGoing";
        assert_eq!(rollout, stand == "staged-rollout", "{}", row.product);
    }
    assert_eq!(facts.rows().len(), 32);
    assert_eq!(story.board.len(), 32);
    assert_eq!(words["DONE / OnGoing"], 22);
    assert_eq!(words["OnGoing / -"], 4);
    assert_eq!(words["Rejected / -"], 3);
    assert_eq!(words["OnHold / -"], 2);
    assert_eq!(words["NotStarted / -"], 1);
}

#[test]
fn the_same_moment_gives_the_same_desk() {
    let now = at(NOWS[4]);
    let (one, other) = (live(now).unwrap(), live(now).unwrap());
    for kind in [
        Kind::Ticket,
        Kind::Submission,
        Kind::Milestone,
        Kind::Message,
        Kind::Lesson,
    ] {
        let bodies = |store: &Store| -> Vec<(String, serde_json::Value)> {
            let rows = store.reader().all(kind).unwrap();
            rows.into_iter()
                .map(|row| (row.id.clone(), row.value()))
                .collect()
        };
        assert_eq!(bodies(&one), bodies(&other), "{}", kind.word());
    }
}

#[test]
fn nothing_in_the_history_is_of_today_and_nothing_goes_back() {
    let now = at(NOWS[6]);
    let store = live(now).unwrap();
    let reader = store.reader();
    let today = Look::new(&reader, now).unwrap();
    let mut entries = reader.recent(0, 1_000).unwrap();
    entries.sort_by_key(|entry| entry.num);
    for pair in entries.windows(2) {
        assert!(pair[0].recorded < pair[1].recorded);
    }
    let last = entries.last().unwrap().recorded;
    assert!(last < today.zone.start_of_day(today.today).timestamp());
}

#[test]
fn the_last_step_can_be_taken_back() {
    let now = at(NOWS[0]);
    let mut store = live(now).unwrap();
    let entries = store.reader().recent(0, 1).unwrap();
    let person = entries[0].applied.commit.person.clone();
    let actor = Actor::resolve(Some(&person), None).unwrap();
    let time = Time { now, at: None };
    let receipt = perform(&mut store, &Action::Undo { target: None }, &actor, &time).unwrap();
    assert!(
        receipt.said[0].starts_with("Taken back"),
        "{:?}",
        receipt.said
    );
    assert!(store.reader().check().unwrap().agrees);
}

#[test]
fn people_sites_and_contacts_cannot_be_taken_for_real_ones() {
    let now = at(NOWS[0]);
    let store = live(now).unwrap();
    let reader = store.reader();
    for row in reader.all(Kind::Person).unwrap() {
        assert!(row.id.ends_with(" Example"), "{}", row.id);
    }
    assert!(reader.record(Some(Kind::Person), PERSON).unwrap().is_some());
    for row in reader.all(Kind::Site).unwrap() {
        assert!(row.id.ends_with("(invented)"), "{}", row.id);
    }
    for kind in [Kind::Person, Kind::Site, Kind::Product] {
        for row in reader.all(kind).unwrap() {
            let body = row.value();
            for mail in [&body["mail"], &body["contact"]]
                .into_iter()
                .filter_map(|it| it.as_str())
            {
                assert!(mail.ends_with("@example.org"), "{mail}");
            }
        }
    }
}

#[test]
fn the_example_is_kept_in_a_file_that_is_not_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("example.relmate");
    build(&path, at(NOWS[0])).unwrap();
    let store = Store::open(&path).unwrap();
    assert!(store.reader().check().unwrap().agrees);
    drop(store);
    let again = build(&path, at(NOWS[0])).unwrap_err();
    assert_eq!(
        again.message,
        format!("There is already a file at {}.", path.display())
    );
}
