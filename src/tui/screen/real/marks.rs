//! One thing done to many, and taken back: what became of each is told.

use super::Real;
use crate::domain::kind::Kind;
use crate::workspace::fixture::field_of;
use crate::workspace::look::board::rows::{Pane, Tone};

#[test]
fn of_many_one_is_refused_and_it_is_said_which_and_why() {
    let mut screen = Real::open();
    screen.go(Pane::Queue, "T-1").press("space");
    screen.go(Pane::Queue, "T-7").press("space");
    screen.go(Pane::Queue, "T-2").press("space");
    let before = screen.count();
    screen.press("t d");
    screen.reads("3 marked: T-1, T-7, T-2");
    screen
        .fill("reason", "No test bed.")
        .fill("promise", "+5bd");
    screen.reads("T-7 is left out: it is released");
    screen.press("ctrl-s");
    assert_eq!(
        screen.notice(),
        "2 done, 1 left out. u takes it back. g m tells which."
    );
    assert_eq!(screen.count(), before + 1, "one step");
    assert!(!screen.model.list().has_marks());
    screen.press("g m");
    screen
        .reads("T-7 is left out: it is released, where `delay` is not open")
        .reads("T-2 (ARC 7.0.3 al2) is now delayed");
    screen.press("esc u");
    for (id, state) in [
        ("T-1", "unverified"),
        ("T-2", "verification"),
        ("T-7", "released"),
    ] {
        let standing = field_of(&screen.path(), (Kind::Ticket, id), "state");
        assert_eq!(standing["state"], state, "{id}");
    }
}

#[test]
fn a_range_and_all_rows_are_marked_and_put_off_together() {
    let mut screen = Real::open();
    screen.press("2 g g v j j");
    assert_eq!(screen.model.list().marked().len(), 3);
    screen.press("l").reads("3 marked");
    screen.fill("until", "+3d").press("ctrl-s");
    assert!(
        screen.notice().starts_with("3 done. u takes it back."),
        "{}",
        screen.notice()
    );
    let intent = screen.intent();
    assert_eq!(intent["do"], "batch");
    assert_eq!(intent["actions"].as_array().unwrap().len(), 3);
    screen.press("*");
    let rows = &screen.model.list().rows;
    let open = rows.iter().filter(|row| row.tone != Tone::Closed);
    assert_eq!(screen.model.list().marked().len(), open.count());
    screen.press("esc");
    assert!(!screen.model.list().has_marks());
}

#[test]
fn fields_of_many_are_written_where_something_was_typed_and_nowhere_else() {
    let mut screen = Real::open();
    screen.go(Pane::Queue, "T-1").press("space j space");
    screen.press("d").types("set").press("enter");
    screen
        .reads("2 marked")
        .fill("owner", "Bob")
        .press("ctrl-s");
    let intent = screen.intent();
    let actions = intent["actions"].as_array();
    let actions = actions.unwrap_or_else(|| panic!("{}", screen.text()));
    for action in actions {
        assert_eq!(action["fields"], serde_json::json!([["owner", "Bob"]]));
    }
    assert_eq!(actions.len(), 2);
}

#[test]
fn when_all_of_them_are_refused_nothing_is_done_and_the_first_reason_is_said() {
    let mut screen = Real::open();
    screen.go(Pane::Queue, "T-7").press("space");
    screen.go(Pane::Queue, "T-1").press("space");
    let before = screen.count();
    screen.press("t v");
    screen.reads("It would be refused").press("ctrl-s");
    assert_eq!(screen.count(), before);
    assert!(screen.form().refused.is_some());
}

#[test]
fn undo_and_redo_walk_back_and_forth() {
    let mut screen = Real::open();
    let owner = |screen: &Real| field_of(&screen.path(), (Kind::Ticket, "T-1"), "owner");
    for name in ["Bob", "Vera"] {
        screen.visit(Kind::Ticket, "T-1");
        screen.press("d").types("set").press("enter");
        screen.fill("owner", name).press("ctrl-s esc");
    }
    for (key, name) in [("u", "Bob"), ("u", "Alice"), ("ctrl-r", "Bob")] {
        screen.press(key);
        let now = owner(&screen);
        assert_eq!(now, name, "{key}: {}", screen.notice());
    }
    screen.press("ctrl-r");
    assert_eq!(owner(&screen), "Vera", "{}", screen.notice());
}

#[test]
fn the_same_key_says_that_one_is_on_it_and_lets_it_go() {
    let mut screen = Real::open();
    screen.go(Pane::Queue, "T-1").press("b");
    assert!(
        screen.notice().starts_with("Alice is on T-1."),
        "{}",
        screen.notice()
    );
    screen.press("b");
    assert!(
        screen
            .notice()
            .starts_with("T-1 is nobody's in particular."),
        "{}",
        screen.notice()
    );
    assert_eq!(screen.intent()["drop"], true);
}
