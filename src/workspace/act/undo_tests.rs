//! Undo and redo say what and whose; they go back step by step, also after a restart.

use crate::domain::kind::Kind;
use crate::store::Store;
use crate::workspace::action::Action;
use crate::workspace::fixture::{Desk, actor, card, claim};
use crate::workspace::perform::perform;
use crate::workspace::plan::{Actor, Time};

fn undo() -> Action {
    Action::Undo { target: None }
}

fn redo() -> Action {
    Action::Redo { target: None }
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

#[test]
fn it_says_what_was_taken_back_whose_it_was_and_when_that_was() {
    let mut desk = Desk::with_tickets();
    desk.act(delay("t-1"));
    desk.wait(1);
    let said = desk.act(undo()).said;
    let step = "Alice's `ticket delay` of T-1, Sat 21 Nov 09:14.";
    assert_eq!(said, [format!("Taken back: {step}")]);
    assert_eq!(desk.act(redo()).said, [format!("Done again: {step}")]);
    desk.wait(60);
    let said = desk.act(undo()).said;
    let then = "Taken back: Alice's `ticket delay` of T-1, Sat 21 Nov 2026 09:14.";
    assert_eq!(said, [then], "the year where it is another one");
}

#[test]
fn a_step_of_somebody_else_is_said_to_be_theirs() {
    let mut desk = Desk::with_tickets();
    let bob = Actor {
        on_behalf: Some(text("Vera")),
        ..actor("Bob")
    };
    let time = desk.time();
    perform(&mut desk.store, &claim("T-1"), &bob, &time).unwrap();
    let said = desk
        .act(Action::Undo {
            target: Some(text("T-1")),
        })
        .said;
    let step = "Bob's `claim` of T-1 for Vera, Sat 21 Nov 09:14.";
    assert_eq!(said, [format!("Taken back: {step}")]);
    assert_eq!(desk.act(redo()).said, [format!("Done again: {step}")]);
}

#[test]
fn what_a_step_made_is_named_also_once_it_is_gone() {
    let mut desk = Desk::new();
    desk.submit("ARC", &["al9"]);
    let step = "Alice's `submit` of S-1, Sat 21 Nov 09:14.";
    assert_eq!(desk.act(undo()).said, [format!("Taken back: {step}")]);
    assert_eq!(desk.act(redo()).said, [format!("Done again: {step}")]);
    desk.act(Action::ProductAdd(card("DPM", &[])));
    desk.act(undo());
    let said = desk.act(redo()).said;
    let step = "Alice's `product add` of DPM, Sat 21 Nov 09:14.";
    assert_eq!(said, [format!("Done again: {step}")]);
}

#[test]
fn several_at_once_are_named_but_not_all_of_many() {
    let mut desk = Desk::with_tickets();
    desk.submit("CREAM", &["al9"]);
    let of = |ids: &[&str]| Action::Batch {
        actions: ids.iter().map(|id| claim(id)).collect(),
    };
    desk.act(of(&["T-1", "T-2", "S-1"]));
    let said = desk.act(undo()).said;
    assert!(said[0].contains("`claim` of T-1, T-2 and S-1,"), "{said:?}");
    desk.act(of(&["T-1", "T-2", "S-1", "S-2", "X-1"]));
    let said = desk.act(undo()).said;
    assert!(said[0].contains("of T-1, T-2, S-1 and 2 more,"), "{said:?}");
}

#[test]
fn a_message_that_is_out_stays_out_and_only_an_undo_says_so() {
    let mut desk = Desk::with_tickets();
    let sent = |id: &str| Action::OutboxSent { id: text(id) };
    desk.act(Action::Batch {
        actions: vec![sent("X-1"), sent("X-2")],
    });
    assert!(desk.act(undo()).warnings[0].contains("was sent"));
    assert!(desk.act(redo()).warnings.is_empty());
    assert!(desk.act(undo()).warnings[0].contains("was sent"));
}

/// Who is on T-1, T-2 and S-1.
fn claims(store: &Store) -> Vec<bool> {
    let of = |(kind, id)| {
        let row = store.reader().record(Some(kind), id).unwrap().unwrap();
        row.value()["claimed_by"].is_string()
    };
    let ids = [
        (Kind::Ticket, "T-1"),
        (Kind::Ticket, "T-2"),
        (Kind::Submission, "S-1"),
    ];
    ids.into_iter().map(of).collect()
}

#[test]
fn steps_go_back_and_forth_one_by_one_and_remember_where_they_are_after_a_restart() {
    let mut desk = Desk::with_tickets();
    for id in ["T-1", "T-2", "S-1"] {
        desk.act(claim(id));
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cmd.relmate");
    desk.store.keep(&path).unwrap();
    let time = Time {
        now: desk.now,
        at: None,
    };
    let again = |action: &Action| {
        // Every step is a program of its own.
        let mut store = Store::open(&path).unwrap();
        let done = perform(&mut store, action, &actor("Alice"), &time);
        done.map(|_| claims(&store))
    };
    assert_eq!(again(&undo()).unwrap(), [true, true, false]);
    assert_eq!(again(&undo()).unwrap(), [true, false, false]);
    assert_eq!(again(&undo()).unwrap(), [false, false, false]);
    assert_eq!(again(&redo()).unwrap(), [true, false, false]);
    assert_eq!(again(&undo()).unwrap(), [false, false, false]);
    assert_eq!(again(&redo()).unwrap(), [true, false, false]);
    assert_eq!(again(&redo()).unwrap(), [true, true, false]);
    assert_eq!(again(&redo()).unwrap(), [true, true, true]);
    let none = again(&redo()).unwrap_err();
    assert_eq!(none.message, "There is nothing to do again.");
    assert!(Store::open(&path).unwrap().reader().check().unwrap().agrees);
}

#[test]
fn a_bare_undo_takes_back_ones_own_and_a_new_step_leaves_nothing_to_redo() {
    let mut desk = Desk::with_tickets();
    desk.act(claim("T-1"));
    desk.attempt("Bob", &claim("T-2")).unwrap();
    desk.act(undo());
    assert_eq!(claims(&desk.store), [false, true, false]);
    desk.act(claim("S-1"));
    assert!(desk.attempt("Alice", &redo()).is_err());
    desk.attempt("Bob", &undo()).unwrap();
    assert_eq!(claims(&desk.store), [false, false, true]);
    desk.attempt("Bob", &redo()).unwrap();
    assert_eq!(claims(&desk.store), [false, true, true]);
}
