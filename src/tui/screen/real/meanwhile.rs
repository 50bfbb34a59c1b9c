//! What somebody else does to a record while its form is open: it is said, and nothing of
//! it is overwritten that was not meant.

use super::Real;
use crate::domain::kind::Kind;
use crate::tui::msg::Msg;
use crate::workspace::action::{Action, ProductCard};
use crate::workspace::fixture::field_of;
use crate::workspace::look::board::rows::Pane;

fn delayed(reason: &str) -> Action {
    Action::TicketDelay {
        id: "T-1".to_owned(),
        reason: Some(reason.to_owned()),
        promise: None,
    }
}

#[test]
fn a_step_on_a_record_that_was_changed_meanwhile_waits_for_a_second_word() {
    let mut screen = Real::open();
    screen
        .go(Pane::Queue, "T-1")
        .press("t d")
        .types("my reason");
    screen.meanwhile(&delayed("another reason"));
    screen.press("ctrl-s");
    screen.reads("T-1 was changed while this form was open.");
    assert_eq!(screen.form().lines[0].text(), "my reason");
    let reason = |screen: &Real| field_of(&screen.path(), (Kind::Ticket, "T-1"), "delay_reason");
    assert_eq!(reason(&screen), "another reason");
    screen.press("ctrl-s");
    assert_eq!(reason(&screen), "my reason");
}

#[test]
fn a_remark_stands_beside_what_else_was_done() {
    let mut screen = Real::open();
    screen.go(Pane::Queue, "T-1").press("c").types("a remark");
    screen.meanwhile(&delayed("late"));
    screen.press("ctrl-s");
    assert_eq!(screen.intent()["do"], "comment");
}

#[test]
fn an_edit_writes_only_what_was_changed_in_it() {
    let mut screen = Real::open();
    screen
        .go(Pane::Products, "ARC")
        .press(":")
        .types("product edit")
        .press("enter");
    screen.fill("licence", "Apache-2.0");
    screen.meanwhile(&Action::ProductEdit(ProductCard {
        name: "ARC".to_owned(),
        fields: [("contact".to_owned(), "new@example.org".to_owned())].into(),
    }));
    screen.press("ctrl-s ctrl-s");
    let field = |name| field_of(&screen.path(), (Kind::Product, "ARC"), name);
    assert_eq!(field("licence"), "Apache-2.0");
    assert_eq!(field("contact"), "new@example.org");
}

#[test]
fn what_is_pasted_ahead_arrives_in_the_form() {
    let mut screen = Real::open();
    screen.go(Pane::Queue, "T-1").press("c");
    let text = "pasted".to_owned();
    screen.send(Msg::Paste { text, cut: false });
    assert_eq!(screen.form().lines[0].text(), "pasted");
}
