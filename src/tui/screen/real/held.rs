//! Keys that come faster than the desk answers: they arrive where they were meant for, or
//! nowhere at all.

use super::Real;
use crate::domain::kind::Kind;
use crate::tui::overlay::Overlay;
use crate::workspace::action::Action;
use crate::workspace::fixture::field_of;
use crate::workspace::look::board::rows::Pane;

fn delete(id: &str) -> Action {
    Action::Delete {
        id: id.to_owned(),
        reason: None,
    }
}

#[test]
fn what_is_typed_while_a_form_opens_is_written_in_it() {
    let mut screen = Real::open();
    screen.go(Pane::Queue, "T-1");
    screen.slow = true;
    screen.press("c").types("quick dqu").press("ctrl-s");
    assert!(screen.model.overlays.is_empty());
    screen.answer();
    assert_eq!(screen.intent()["text"], "quick dqu");
    assert!(screen.model.overlays.is_empty());
}

#[test]
fn what_is_typed_for_a_form_that_does_not_open_is_dropped_and_it_is_said() {
    let mut screen = Real::open();
    screen.go(Pane::Queue, "T-1");
    screen.meanwhile(&delete("T-1"));
    let before = screen.count();
    screen.slow = true;
    screen.press("c").types("u2jxq").press("ctrl-s");
    screen.answer();
    screen.draw();
    assert_eq!(screen.count(), before);
    assert!(screen.outside.is_empty() && screen.model.keys.held.is_empty());
    assert!(
        screen
            .notice()
            .ends_with("What you typed meanwhile was dropped."),
        "{}",
        screen.notice()
    );
    screen.press("j");
    assert_ne!(screen.selected(), "");
}

#[test]
fn what_is_typed_behind_a_form_that_is_not_saved_is_dropped_and_its_text_stays() {
    let mut screen = Real::open();
    screen.go(Pane::Queue, "T-1").press("c").types("a remark");
    screen.meanwhile(&delete("T-1"));
    screen.slow = true;
    screen.press("ctrl-s j j d q");
    screen.answer();
    assert_eq!(screen.form().lines[0].text(), "a remark");
    screen.reads("T-1");
    // Why is said in the foot as well: on a small screen the form's own words lie below it.
    let notice = screen.notice();
    assert!(
        notice.starts_with("T-1 is not on the desk any more"),
        "{notice}"
    );
    assert!(
        notice.ends_with("What you typed meanwhile was dropped."),
        "{notice}"
    );
}

#[test]
fn what_is_typed_behind_a_form_that_is_saved_goes_on_in_the_panes() {
    let mut screen = Real::open();
    screen.go(Pane::Queue, "T-1").press("c").types("a remark");
    screen.slow = true;
    screen.press("ctrl-s 3 j");
    assert_eq!(screen.model.panes.focus, Pane::Queue);
    screen.answer();
    assert_eq!(
        (screen.model.panes.focus, screen.selected()),
        (Pane::Sites, "PIC")
    );
}

#[test]
fn enter_in_a_list_that_is_still_searched_takes_what_will_be_found() {
    let mut screen = Real::open();
    screen.slow = true;
    screen.press("ctrl-k").types("T-5").press("enter");
    screen.answer();
    let Some(Overlay::Record(record)) = screen.model.overlays.last() else {
        panic!("{}", screen.text())
    };
    assert_eq!(record.key.id, "T-5");
    screen.slow = false;
    screen.press("esc");
    screen.go(Pane::Queue, "T-1");
    screen.slow = true;
    screen
        .press("d")
        .types("comment")
        .press("enter")
        .types("so");
    screen.answer();
    assert_eq!(screen.form().deed.name, "comment");
    assert_eq!(screen.form().lines[0].text(), "so");
}

#[test]
fn a_key_behind_a_filter_waits_for_the_rows_that_it_is_meant_for() {
    let mut screen = Real::open();
    screen.go(Pane::Queue, "T-1");
    screen.slow = true;
    screen.press("/").types("T-6").press("enter b");
    screen.answer();
    let claimed = |id| field_of(&screen.path(), (Kind::Ticket, id), "claimed_by");
    assert_eq!(claimed("T-6"), "Alice", "{}", screen.notice());
    assert!(claimed("T-1").is_null());
}
