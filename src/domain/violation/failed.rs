//! A ticket that passed its verification while a result was recorded that would have kept it
//! there: what is critical failed, and whoever closed the verification did not know. The result
//! itself says that it is critical, as the profile had it when it was recorded.

use super::{Violation, field};
use crate::domain::queue::state::State;
use crate::domain::queue::ticket::{CheckResult, Ticket};

pub(super) fn of(ticket: &Ticket) -> Option<Violation> {
    let passed = match ticket.standing.acts_as() {
        State::StagedRollout | State::Ready | State::Released => true,
        State::Unverified
        | State::Verification
        | State::WaitingForResponse
        | State::Delayed
        | State::Rejected
        | State::Withdrawn
        | State::Recalled => false,
    };
    let failed = ticket.results.iter().filter(|(_, it)| fails(it));
    let failed: Vec<&String> = failed.map(|(id, _)| id).collect();
    if !passed || failed.is_empty() {
        return None;
    }
    let ids: Vec<&str> = failed.iter().map(|id| id.as_str()).collect();
    let results = failed.iter().map(|id| field(&format!("results:{id}")));
    let step = if ticket.standing.state == State::Released {
        "recall"
    } else {
        "reject"
    };
    Some(Violation {
        rule: "failed-verification",
        what: format!("it passed its verification, and failed {}", ids.join(", ")),
        places: results.chain([field("state")]).collect(),
        mend: format!("relmate ticket {step} {} --reason R", ticket.id),
        closes: true,
    })
}

fn fails(result: &CheckResult) -> bool {
    result.critical && result.result.is_failure()
}
