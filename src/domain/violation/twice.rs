//! What two managers did in the world without knowing of each other: it cannot be merged away,
//! so both stand and both are named.

use super::{Violation, field};
use crate::domain::attention::quoted;
use crate::domain::distribution::release::{Release, ReleaseState};
use crate::domain::queue::state::State;
use crate::domain::queue::ticket::Ticket;

pub(super) fn ticket(ticket: &Ticket, writers: &dyn Fn(&str) -> usize) -> Vec<Violation> {
    let told = |name: &str, what: &str| Violation {
        rule: "happened-twice",
        what: format!("it was {what} twice"),
        places: vec![field(name)],
        mend: format!("relmate resolve {} {name} both --because WHY", ticket.id),
        closes: false,
    };
    let mut found = Vec::new();
    if ticket.announced.is_some() && writers("announced") > 1 {
        found.push(told("announced", "announced"));
    }
    // One that went with its release is told of there.
    let alone = ticket.release.is_none();
    if alone && ticket.standing.state == State::Released && writers("state") > 1 {
        found.push(told("state", "promoted"));
    }
    found
}

pub(super) fn release(release: &Release, writers: &dyn Fn(&str) -> usize) -> Option<Violation> {
    let what = match release.standing.state {
        ReleaseState::Published => "published",
        ReleaseState::Recalled => "recalled",
        ReleaseState::Planned
        | ReleaseState::DateFrozen
        | ReleaseState::ContentsFrozen
        | ReleaseState::Candidate => return None,
    };
    (writers("state") > 1).then(|| Violation {
        rule: "happened-twice",
        what: format!("it was {what} twice"),
        places: vec![field("state")],
        mend: format!(
            "relmate resolve {} state both --because WHY",
            quoted(&release.name)
        ),
        closes: false,
    })
}
