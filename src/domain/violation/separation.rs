//! who manages a release never verifies it. Asked where either is named, and judged again
//! after two managers' work has met. Judges what is named, not who types it in.

use super::{Violation, field};
use crate::domain::queue::guard::Refused;
use crate::domain::queue::ticket::Ticket;

pub(super) fn of(ticket: &Ticket) -> Option<Violation> {
    let (owner, verifier) = (ticket.owner.as_deref()?, ticket.verifier.as_deref()?);
    if !ticket.standing.state.is_open() || !same(owner, verifier) {
        return None;
    }
    Some(Violation {
        rule: "separation-of-duties",
        what: format!("{verifier} is its release manager and its verifier"),
        places: vec![field("owner"), field("verifier")],
        mend: format!("relmate set {} verifier=NAME", ticket.id),
        closes: true,
    })
}

/// Whether two people may be release manager and verifier of a ticket.
pub fn apart(id: &str, owner: Option<&str>, verifier: Option<&str>) -> Result<(), Refused> {
    match (owner, verifier) {
        (Some(owner), Some(verifier)) if same(owner, verifier) => Err(Refused::rule(
            format!("{verifier} cannot be release manager and verifier of {id} in one person."),
            "Name two people: who manages a release never verifies it.".to_owned(),
        )),
        _ => Ok(()),
    }
}

fn same(left: &str, right: &str) -> bool {
    left.trim().to_lowercase() == right.trim().to_lowercase()
}
