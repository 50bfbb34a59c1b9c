//! The window between the contents freeze of a release and its publication, in which
//! nothing else goes into production (DOMAIN.md C4). Asked by the step, by `why` and by
//! the list of what can be done, so that all three say the same.

use chrono::NaiveDate;

use super::release::{Release, ReleaseKind};
use crate::domain::calendar::spoken;
use crate::domain::queue::guard::{Refused, RefusedKind};
use crate::domain::queue::ticket::Ticket;

/// A window that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Freeze {
    pub release: String,
    pub until: Option<NaiveDate>,
    pub contents: Vec<String>,
}

/// The window a release holds open, if it does; an emergency release stops nobody.
pub fn of(release: &Release) -> Option<Freeze> {
    if release.deleted
        || !release.standing.state.is_frozen()
        || release.kind == ReleaseKind::Emergency
    {
        return None;
    }
    Some(Freeze {
        release: release.name.clone(),
        until: release.date,
        contents: release.contents().to_vec(),
    })
}

/// Why a ticket may not go into production now, if so: it is not in what was frozen and
/// is no emergency.
pub fn blocks(freeze: &Freeze, ticket: &Ticket) -> Result<(), Refused> {
    if ticket.emergency || freeze.contents.contains(&ticket.id) {
        return Ok(());
    }
    let until = freeze
        .until
        .map(|day| format!(", planned for {}", spoken(day)))
        .unwrap_or_default();
    Err(Refused {
        kind: RefusedKind::Rule,
        message: format!(
            "{} is not in {}, whose contents are frozen until it is published{until}.",
            ticket.id, freeze.release
        ),
        hint: Some(format!(
            "It goes into the next release; an emergency goes at once: `relmate set {} emergency=yes`.",
            ticket.id
        )),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::distribution::examples::release;
    use crate::domain::distribution::release::ReleaseState;
    use crate::domain::queue::examples::ticket;
    use crate::domain::queue::state::State;

    #[test]
    fn only_frozen_contents_that_are_not_out_hold_a_window_open() {
        for state in ReleaseState::ALL {
            let expected = matches!(
                state,
                ReleaseState::ContentsFrozen | ReleaseState::Candidate
            );
            assert_eq!(of(&release(state)).is_some(), expected, "{state:?}");
        }
        let emergency = Release {
            kind: ReleaseKind::Emergency,
            ..release(ReleaseState::Candidate)
        };
        assert_eq!(of(&emergency), None);
    }

    #[test]
    fn what_is_in_it_and_what_is_an_emergency_may_pass() {
        let mut outside = ticket(State::Ready);
        outside.id = "T-99".to_owned();
        let freeze = of(&release(ReleaseState::Candidate)).unwrap();
        let refused = blocks(&freeze, &outside).unwrap_err();
        assert!(
            refused.message.contains("T-99") && refused.message.contains("CMD 1.4.0"),
            "{refused}"
        );
        assert_eq!(blocks(&freeze, &ticket(State::Ready)), Ok(()));
        outside.emergency = true;
        assert_eq!(blocks(&freeze, &outside), Ok(()));
    }
}
