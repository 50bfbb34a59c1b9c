//! Several actions at once are what they would be one after the other, but one step.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{attempt, keep};
use crate::domain::kind::{KINDS, Kind};
use crate::domain::retro::lesson::LessonKind;
use crate::store::{Moment, Reader, StoreError};
use crate::workspace::action::{self, Action, SiteCard};
use crate::workspace::fixture::{Desk, actor, card, claim};
use crate::workspace::look::log::{self, Asked};
use crate::workspace::receipt::Receipt;
use crate::workspace::refusal::RefusalKind;

fn batch(actions: &[Action]) -> Action {
    Action::Batch {
        actions: actions.to_vec(),
    }
}

fn text(text: &str) -> String {
    text.to_owned()
}

fn delay(id: &str) -> Action {
    Action::TicketDelay {
        id: text(id),
        reason: Some(text("No machine.")),
        promise: None,
    }
}

fn withdraw(id: &str) -> Action {
    Action::TicketWithdraw {
        id: text(id),
        reason: None,
    }
}

fn lesson(said: &str) -> Action {
    Action::LessonAdd {
        kind: LessonKind::Puzzle,
        text: text(said),
        about: None,
    }
}

fn undo() -> Action {
    Action::Undo { target: None }
}

fn redo() -> Action {
    Action::Redo { target: None }
}

/// Every record as it is kept, but for how many steps have touched it.
fn records(reader: &Reader<'_>) -> Vec<(String, bool, Value)> {
    let kinds = KINDS.iter().filter(|row| row.plural.is_some());
    let rows = kinds.flat_map(|row| reader.all(row.kind).unwrap());
    rows.map(|row| (row.id.clone(), row.contested, row.value()))
        .collect()
}

fn all(desk: &Desk) -> Vec<(String, bool, Value)> {
    records(&desk.store.reader())
}

fn commits(desk: &Desk) -> usize {
    let reader = desk.store.reader();
    reader.recent(i64::MIN, usize::MAX).unwrap().len()
}

/// What became of each: its record, and why it was left out.
fn told(receipt: &Receipt) -> Vec<(&str, Option<&str>)> {
    receipt
        .results
        .iter()
        .map(|it| {
            let refused = it.refused.as_ref().map(|it| it.message.as_str());
            (it.id.as_str(), refused)
        })
        .collect()
}

#[test]
fn several_are_one_step_and_one_undo_takes_all_back() {
    let mut desk = Desk::with_tickets();
    let (before, steps) = (all(&desk), commits(&desk));
    let receipt = desk.act(batch(&[claim("T-1"), claim("T-2"), claim("S-1")]));
    assert_eq!(
        told(&receipt),
        [("T-1", None), ("T-2", None), ("S-1", None)]
    );
    assert_eq!(receipt.said[1], "Alice is on T-2.");
    assert_eq!(receipt.results[1].said, ["Alice is on T-2."]);
    assert_eq!(commits(&desk), steps + 1);
    let after = all(&desk);
    desk.act(undo());
    assert_eq!(all(&desk), before);
    desk.act(redo());
    assert_eq!(all(&desk), after);
    assert!(desk.store.reader().check().unwrap().agrees);
}

#[test]
fn what_changed_since_keeps_all_of_a_step_from_being_taken_back() {
    let mut desk = Desk::with_tickets();
    desk.act(batch(&[claim("T-1"), claim("T-2")]));
    desk.attempt("Bob", &claim("T-2")).unwrap();
    let before = all(&desk);
    let refusal = desk.attempt("Alice", &undo()).unwrap_err();
    let why = "(claim) cannot be taken back: T-2 changed after it (claimed_by).";
    assert!(refusal.message.ends_with(why), "{refusal}");
    assert_eq!(all(&desk), before);
}

#[test]
fn one_that_is_refused_is_left_out_and_told_and_leaves_nothing_behind() {
    let mut desk = Desk::with_tickets();
    desk.act(withdraw("T-2"));
    let receipt = desk.act(batch(&[delay("T-2"), delay("T-1"), claim("T-9")]));
    let results = told(&receipt);
    let open = "T-2 is withdrawn, where `delay` is not open.";
    assert_eq!(results[0], ("T-2", Some(open)));
    assert_eq!(results[1], ("T-1", None));
    assert_eq!(results[2], ("T-9", Some("There is no record T-9.")));
    assert!(receipt.results[0].refused.as_ref().unwrap().hint.is_some());
    assert_eq!(receipt.ids, ["T-1", "X-3"], "one notice and no gap");
    assert!(receipt.warnings.contains(&format!("Left out: {open}")));
    let kept = json!(receipt);
    assert_eq!(kept["results"][0]["refused"]["message"], open);
    assert!(json!(desk.act(claim("T-1"))).get("results").is_none());
    let log = desk.look(|look| log::log(look, &Asked::default())).unwrap();
    assert_eq!(log[1].intent["actions"].as_array().unwrap().len(), 1);
    assert_eq!(log[1].action, "ticket delay", "only what was done is kept");
}

#[test]
fn where_all_are_refused_nothing_is_written_and_the_first_says_why() {
    let mut desk = Desk::with_tickets();
    let steps = commits(&desk);
    let refusal = desk
        .attempt("Alice", &batch(&[claim("T-8"), claim("T-9")]))
        .unwrap_err();
    assert_eq!(refusal.message, "There is no record T-8.");
    let refusal = desk.attempt("Alice", &batch(&[])).unwrap_err();
    assert_eq!(refusal.kind, RefusalKind::Usage);
    assert_eq!(commits(&desk), steps);
}

#[test]
fn what_changes_nothing_is_no_part_of_the_step() {
    let mut desk = Desk::with_tickets();
    desk.act(claim("T-1"));
    let steps = commits(&desk);
    let receipt = desk.act(batch(&[claim("T-1")]));
    assert_eq!((receipt.commit, commits(&desk)), (None, steps));
    desk.act(batch(&[claim("T-1"), claim("T-2")]));
    let log = desk.look(|look| log::log(look, &Asked::default())).unwrap();
    assert_eq!(log[0].action, "claim");
}

#[test]
fn some_steps_stand_alone() {
    let mut desk = Desk::with_tickets();
    for alone in [undo(), redo(), batch(&[claim("T-1")])] {
        let refusal = desk
            .attempt("Alice", &batch(&[claim("T-1"), alone]))
            .unwrap_err();
        assert_eq!(refusal.kind, RefusalKind::Usage);
    }
    assert_eq!(desk.field(Kind::Ticket, "T-1", "claimed_by"), Value::Null);
}

#[test]
fn a_second_step_on_a_record_sees_what_the_first_left() {
    let mut desk = Desk::with_tickets();
    let before = all(&desk);
    let receipt = desk.act(batch(&[
        delay("T-1"),
        Action::TicketResume {
            id: text("T-1"),
            due: None,
        },
        withdraw("T-1"),
        delay("T-1"),
        Action::OutboxSent { id: text("X-3") },
    ]));
    let refused: Vec<bool> = told(&receipt).iter().map(|it| it.1.is_some()).collect();
    assert_eq!(refused, [false, false, false, true, false]);
    assert_eq!(
        desk.field(Kind::Ticket, "T-1", "state")["state"],
        "withdrawn"
    );
    let row = desk.store.reader().record(Some(Kind::Ticket), "T-1");
    assert!(!row.unwrap().unwrap().contested, "one value stands");
    assert!(desk.store.reader().check().unwrap().agrees);
    desk.act(undo());
    assert_eq!(all(&desk), before);
}

#[test]
fn new_records_get_numbers_of_their_own_and_can_be_used_at_once() {
    let mut desk = Desk::with_tickets();
    desk.act(batch(&[
        lesson("one"),
        Action::Vote { id: text("L-1") },
        lesson("two"),
        Action::ProductAdd(card("DPM", &[])),
        Action::ProductEdit(card("DPM", &[("provider", "CERN")])),
        delay("T-1"),
        delay("T-2"),
    ]));
    let ids = |kind| {
        let rows = desk.store.reader().all(kind).unwrap();
        rows.into_iter().map(|row| row.id).collect::<Vec<_>>()
    };
    assert_eq!(ids(Kind::Lesson), ["L-1", "L-2"]);
    assert_eq!(ids(Kind::Message), ["X-1", "X-2", "X-3", "X-4"]);
    assert_eq!(desk.field(Kind::Lesson, "L-1", "votes"), json!(["Alice"]));
    assert_eq!(desk.field(Kind::Product, "DPM", "provider"), "CERN");
    assert!(desk.store.reader().check().unwrap().agrees);
    desk.act(lesson("three"));
    assert_eq!(desk.store.reader().all(Kind::Lesson).unwrap().len(), 3);
}

#[test]
fn a_preview_says_the_same_and_keeps_nothing() {
    let mut desk = Desk::with_tickets();
    let steps = commits(&desk);
    let action = batch(&[delay("T-1"), claim("T-9"), delay("T-2")]);
    let preview = desk.preview(&action).unwrap();
    assert_eq!((preview.commit.as_ref(), commits(&desk)), (None, steps));
    let done = desk.act(action);
    assert_eq!(done.results, preview.results);
    assert_eq!(done.ids, preview.ids);
}

#[test]
fn the_log_says_what_was_done_to_how_many_and_hides_what_is_private() {
    let mut desk = Desk::with_tickets();
    desk.act(batch(&[claim("T-1"), claim("T-2"), claim("S-1")]));
    let private = Action::Comment {
        id: text("T-1"),
        text: text("walrus"),
        private: true,
    };
    desk.act(batch(&[private, claim("X-1")]));
    let log = desk.look(|look| log::log(look, &Asked::default())).unwrap();
    assert_eq!(log[0].action, "several steps (2 records)");
    assert_eq!(log[1].action, "claim (3 records)");
    assert_eq!(log[1].ids, ["T-1", "T-2", "S-1"]);
    assert!(!json!(log).to_string().contains("walrus"));
    let of_ticket = Asked {
        id: Some(text("T-2")),
        ..Asked::default()
    };
    let log = desk.look(|look| log::log(look, &of_ticket)).unwrap();
    assert_eq!(log[0].action, "claim (3 records)");
}

/// The desk's claims as `--as-of` shows them at a moment.
fn claimed_at(desk: &Desk, as_of: &str) -> Vec<String> {
    let reader = desk.store.reader();
    let past = Moment {
        happened_by: Some(
            as_of
                .parse::<chrono::DateTime<chrono::Utc>>()
                .unwrap()
                .timestamp(),
        ),
        recorded_by: None,
        timeless: Some(action::is_timeless),
    };
    let mut claimed = Vec::new();
    reader
        .past(past, None, &mut |reader| {
            let tickets = reader.all(Kind::Ticket)?;
            claimed = tickets
                .iter()
                .filter(|row| row.value()["claimed_by"].is_string())
                .map(|row| row.id.clone())
                .collect();
            claimed.extend(reader.all(Kind::Site)?.into_iter().map(|row| row.id));
            Ok::<(), StoreError>(())
        })
        .unwrap();
    claimed.sort();
    claimed
}

#[test]
fn the_desk_as_it_was_has_all_of_a_step_or_nothing_of_it() {
    let mut desk = Desk::with_tickets();
    desk.wait(2);
    desk.act(batch(&[claim("T-1"), claim("T-2")]));
    let site = |name: &str| {
        Action::SiteAdd(SiteCard {
            name: text(name),
            ..SiteCard::default()
        })
    };
    desk.act(batch(&[site("Site A"), site("Site B")]));
    let sites = ["Site A", "Site B"];
    assert_eq!(
        claimed_at(&desk, "2026-11-22T00:00:00Z"),
        sites,
        "they were there"
    );
    let both = ["Site A", "Site B", "T-1", "T-2"];
    assert_eq!(claimed_at(&desk, "2026-11-24T00:00:00Z"), both);
    desk.wait(2);
    desk.act(batch(&[site("Site C"), lesson("why")]));
    assert_eq!(
        claimed_at(&desk, "2026-11-24T00:00:00Z"),
        both,
        "a mixed step has its day"
    );
}

#[test]
fn moves_of_one_schedule_add_up() {
    let (mut desk, mut twin) = (Desk::new(), Desk::new());
    let moved = |id: &str, to: &str| Action::MilestoneMove {
        id: text(id),
        to: to.parse().unwrap(),
        reason: None,
    };
    let both = [moved("M-3", "2027-02-01"), moved("M-5", "2027-03-01")];
    desk.cycle();
    twin.cycle();
    let receipt = desk.act(batch(&both));
    for one in both {
        twin.act(one);
    }
    assert_eq!(all(&desk), all(&twin));
    assert!(receipt.moves.len() > 3);
    desk.act(undo());
    assert_eq!(desk.field(Kind::Milestone, "M-5", "slips"), Value::Null);
}

#[test]
fn a_step_of_somebody_else_in_between_makes_it_be_tried_again() {
    let mut desk = Desk::with_tickets();
    let actions = [claim("T-1"), lesson("one")];
    let (alice, time) = (actor("Alice"), desk.time());
    let tried = attempt(&mut desk.store, &actions, &alice, &time).unwrap();
    desk.attempt("Bob", &lesson("first")).unwrap();
    let steps = commits(&desk);
    let kept = desk
        .store
        .write(|writing| keep(writing, &tried, &alice, &time));
    assert_eq!((kept.unwrap(), commits(&desk)), (None, steps));
    let receipt = desk.act(batch(&actions));
    assert_eq!(receipt.ids, ["T-1", "L-2"]);
}

#[test]
fn a_record_that_is_changed_and_taken_off_in_one_step_is_off_again_when_that_is_done_again() {
    let mut desk = Desk::with_tickets();
    let before = all(&desk);
    let gone = Action::Delete {
        id: text("T-2"),
        reason: Some(text("gone")),
    };
    let made = Action::ActionAdd {
        text: text("do"),
        owner: None,
        due: None,
        about: None,
    };
    let made_and_gone = Action::Delete {
        id: text("A-1"),
        reason: Some(text("gone")),
    };
    desk.act(batch(&[delay("T-2"), gone, made, made_and_gone]));
    let after = all(&desk);
    for _ in 0..2 {
        desk.act(undo());
        assert_eq!(all(&desk), before);
        desk.act(redo());
        assert_eq!(all(&desk), after);
    }
}

/// Things to do to a small queue; many of them are refused in some orders.
fn any_action() -> impl Strategy<Value = Action> {
    let id = prop::sample::select(vec!["T-1", "T-2", "S-1", "S-2", "X-1", "X-3", "L-1", "A-1"]);
    (id, 0..11_u8).prop_map(|(id, what)| match what {
        0 => claim(id),
        1 => Action::Claim {
            id: text(id),
            drop: true,
        },
        2 => delay(id),
        3 => withdraw(id),
        4 => lesson("why"),
        5 => Action::OutboxSent { id: text(id) },
        6 => Action::Inject {
            id: text(id),
            tracking: std::collections::BTreeMap::new(),
        },
        7 => Action::Delete {
            id: text(id),
            reason: Some(text("gone")),
        },
        8 => Action::Vote { id: text(id) },
        9 => Action::Set {
            id: text(id),
            fields: vec![(text("owner"), text("Bob"))],
        },
        _ => Action::ActionAdd {
            text: text("do"),
            owner: None,
            due: None,
            about: Some(text(id)),
        },
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn several_at_once_leave_the_desk_as_one_after_the_other(
        actions in prop::collection::vec(any_action(), 1..9)
    ) {
        let (mut desk, mut twin) = (Desk::with_tickets(), Desk::with_tickets());
        for each in [&mut desk, &mut twin] {
            each.submit("CREAM", &["al9"]);
        }
        let before = all(&desk);
        let together = desk.attempt("Alice", &batch(&actions));
        let one_by_one: Vec<bool> =
            actions.iter().map(|one| twin.attempt("Alice", one).is_ok()).collect();
        prop_assert_eq!(all(&desk), all(&twin));
        match together {
            Ok(receipt) => {
                let done: Vec<bool> = receipt.results.iter().map(|it| it.refused.is_none()).collect();
                prop_assert_eq!(done, one_by_one);
                prop_assert!(desk.store.reader().check().unwrap().agrees);
                if receipt.commit.is_some() {
                    let after = all(&desk);
                    desk.act(undo());
                    prop_assert_eq!(&all(&desk), &before);
                    desk.act(redo());
                    prop_assert_eq!(all(&desk), after);
                    prop_assert!(desk.store.reader().check().unwrap().agrees);
                }
            }
            Err(_) => prop_assert!(one_by_one.iter().all(|done| !done)),
        }
    }
}
