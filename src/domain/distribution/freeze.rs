//! The window between the contents freeze of a release and its publication, in which
//! nothing else goes into production (DOMAIN.md C4). Asked by the step, by `why` and by
//! the list of what can be done, so that all three say the same.

use chrono::NaiveDate;

use super::release::{Release, ReleaseKind};
use crate::domain::attention::quoted;
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
        contents: release.contents().into_iter().map(str::to_owned).collect(),
    })
}

/// The window that keeps a ticket from being promoted by itself: of the releases that are
/// open the one that froze it, else the first. What an open emergency release names passes,
/// because that has its ground (EGI's release policy); a mark on the ticket has none.
pub fn in_force(open: &[Release], ticket: &Ticket) -> Option<Freeze> {
    let emergency = |it: &&Release| {
        !it.deleted
            && it.kind == ReleaseKind::Emergency
            && it.ground.is_some()
            && it.standing.state.is_open()
            && it.has(&ticket.id)
    };
    if open.iter().any(|it| emergency(&it)) {
        return None;
    }
    let mut windows: Vec<Freeze> = open.iter().filter_map(of).collect();
    let own = windows.iter().position(|it| it.has(&ticket.id));
    let at = own.unwrap_or(0);
    (at < windows.len()).then(|| windows.swap_remove(at))
}

impl Freeze {
    pub fn has(&self, ticket: &str) -> bool {
        self.contents.iter().any(|it| it == ticket)
    }
}

/// Why a ticket may not go into production by itself now: what was frozen goes with its
/// release, and everything else waits until that is out.
pub fn blocked(freeze: &Freeze, ticket: &Ticket) -> Refused {
    let (id, release) = (&ticket.id, &freeze.release);
    let until = freeze
        .until
        .map(|day| format!(", planned for {}", spoken(day)))
        .unwrap_or_default();
    let (message, hint) = if freeze.has(id) {
        (
            format!(
                "{id} is in {release}, whose contents are frozen, and goes out with it{until}."
            ),
            format!(
                "Write `relmate release publish {0}`; `relmate why {0}` says what it waits for.",
                quoted(release)
            ),
        )
    } else {
        (
            format!(
                "{id} is not in {release}, whose contents are frozen until it is published{until}."
            ),
            format!(
                "It goes into the next release; what cannot wait needs a release of its own: `relmate release add NAME --kind emergency --ground G --reason R`, then `relmate release compose NAME --ticket {id}`."
            ),
        )
    };
    Refused {
        kind: RefusedKind::Rule,
        message,
        hint: Some(hint),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::distribution::examples::release;
    use crate::domain::distribution::release::{Ground, ReleaseState};
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
    fn what_is_in_it_goes_with_it_and_only_an_emergency_release_lets_another_pass() {
        let mut outside = ticket(State::Ready);
        outside.id = "T-99".to_owned();
        let frozen = release(ReleaseState::Candidate);
        let freeze = in_force(std::slice::from_ref(&frozen), &outside).unwrap();
        let refused = blocked(&freeze, &outside);
        assert!(
            refused.message.contains("T-99 is not in CMD 1.4.0"),
            "{refused}"
        );
        let refused = blocked(&freeze, &ticket(State::Ready));
        assert!(refused.message.contains("goes out with it"), "{refused}");
        assert!(refused.hint.unwrap().contains("release publish"));
        // The mark alone has no ground.
        outside.emergency = true;
        let mut emergency = Release {
            name: "CMD 1.3.1".to_owned(),
            kind: ReleaseKind::Emergency,
            tickets: vec!["T-99".to_owned()],
            ..release(ReleaseState::Planned)
        };
        let open = [frozen.clone(), emergency.clone()];
        assert_eq!(in_force(&open, &outside), Some(freeze));
        emergency.ground = Some(Ground::CriticalSecurityPatch);
        let open = [frozen, emergency];
        assert_eq!(in_force(&open, &outside), None);
        assert!(in_force(&open, &ticket(State::Ready)).is_some());
    }
}
