//! The steps of a record are refused by the guards that refuse them when they are done, and
//! every duty has a step that settles it.

use std::collections::BTreeMap;

use super::{Step, settling, steps};
use crate::domain::attention::DutyCode;
use crate::domain::kind::Kind;
use crate::domain::queue::ticket::Outcome;
use crate::workspace::action::Action;
use crate::workspace::fixture::{Desk, key};
use crate::workspace::refusal::RefusalKind;

#[track_caller]
fn all(desk: &Desk, kind: Kind, id: &str) -> Vec<Step> {
    let row = desk.store.reader().record(Some(kind), id).unwrap().unwrap();
    desk.look(|look| steps(look, &row)).unwrap()
}

/// The names of the steps that are open.
fn open(steps: &[Step]) -> Vec<&str> {
    let open = steps.iter().filter(|step| step.not_now.is_none());
    open.map(|step| step.deed.name).collect()
}

#[track_caller]
fn not_now<'a>(steps: &'a [Step], name: &str) -> Option<&'a str> {
    let step = steps.iter().find(|step| step.deed.name == name).unwrap();
    step.not_now.as_deref()
}

fn text(text: &str) -> String {
    text.to_owned()
}

fn inject(id: &str) -> Action {
    Action::Inject {
        id: text(id),
        tracking: BTreeMap::new(),
    }
}

#[test]
fn a_ticket_offers_what_why_recommends_in_its_order_and_says_why_not_the_rest() {
    let desk = Desk::with_tickets();
    let steps = all(&desk, Kind::Ticket, "T-1");
    let first: Vec<&str> = steps.iter().map(|step| step.deed.name).take(5).collect();
    assert_eq!(
        first,
        [
            "ticket start",
            "ticket reject",
            "ticket delay",
            "ticket withdraw",
            "ticket inform"
        ]
    );
    assert_eq!(
        not_now(&steps, "ticket accept"),
        Some("it is unverified, where `accept` is not open")
    );
    assert!(steps.iter().all(|step| !step.settles));
}

#[test]
fn what_is_late_is_to_be_explained_first() {
    let mut desk = Desk::with_tickets();
    desk.wait(60);
    let steps = all(&desk, Kind::Ticket, "T-1");
    assert_eq!(steps[0].deed.name, "ticket delay");
    assert!(steps[0].settles && steps[0].not_now.is_none());
}

#[test]
fn a_step_that_lacks_something_says_what() {
    let mut desk = Desk::with_tickets();
    desk.act(Action::TicketStart {
        id: text("T-1"),
        verifier: Some(text("Vera")),
    });
    let steps = all(&desk, Kind::Ticket, "T-1");
    let why = not_now(&steps, "ticket verify").unwrap();
    assert!(why.starts_with("it has no result for "), "{why}");
    assert!(!why.ends_with('.'));
}
