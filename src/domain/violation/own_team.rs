//! A verifier of the team whose product it is (DOMAIN.md C1): named while the other manager
//! changed whose product it is, or whose the verifier is. Judged by what the ticket itself was
//! told of its verifiers when they were named, so that no second record has to be read.

use super::{Violation, field};
use crate::domain::queue::guard;
use crate::domain::queue::ticket::Ticket;

pub(super) fn of(ticket: &Ticket) -> Option<Violation> {
    let (name, provider) = (ticket.verifier.as_deref()?, ticket.provider.as_deref()?);
    let (known, team) = ticket.team.get_key_value(name)?;
    if !ticket.standing.state.is_open() || !guard::is_of(team, provider) {
        return None;
    }
    Some(Violation {
        rule: "own-team",
        what: format!(
            "{name} is of {team}, which makes {}, and its verifier",
            ticket.product
        ),
        places: vec![
            field("verifier"),
            field("provider"),
            field(&format!("team:{known}")),
        ],
        mend: format!("relmate set {} verifier=NAME", ticket.id),
        closes: true,
    })
}
