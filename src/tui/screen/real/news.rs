//! What others changed, on a real desk.

use super::Real;
use crate::domain::kind::Kind;
use crate::tui::msg::Msg;
use crate::tui::screen::real::key;
use crate::workspace::plan::Actor;
use crate::workspace::session::Session;

#[test]
fn what_somebody_else_does_while_the_screen_is_open_is_marked_until_it_is_seen() {
    let mut screen = Real::open();
    screen.reads_not("changed since");
    let step = serde_json::json!({"do": "comment", "id": "T-2", "text": "x", "private": false});
    let comment = serde_json::from_value(step).unwrap();
    screen.meanwhile(&comment);
    screen.send(Msg::Settled);
    screen.reads_not("changed since");
    let bob = Actor {
        person: "Bob".to_owned(),
        on_behalf: None,
    };
    let now = screen.model.now;
    let mut session = Session::open(&screen.path(), bob, now, None).unwrap();
    session.perform(&comment).unwrap();
    drop(session);
    screen.send(Msg::Settled);
    screen.reads("1 changed since");
    assert!(screen.model.since.is_new(&key(Kind::Ticket, "T-2")));
    screen.press("F").reads_not("changed since");
    screen.press("r").reads_not("changed since");
}
