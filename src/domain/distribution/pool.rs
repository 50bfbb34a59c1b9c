//! What may go into a release: the tickets that are ready, those that can still be by its
//! contents freeze, and those that will miss it. Says what is likely; composes nothing.

use chrono::NaiveDate;

use super::release::Release;
use crate::domain::noun::Setting;
use crate::domain::queue::clocks;
use crate::domain::queue::state::State;
use crate::domain::queue::ticket::Ticket;

/// How a ticket stands to a release.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Chance {
    /// It is in it already.
    Inside,
    Ready,
    /// By its promise, or by the last day of its rollout, it is ready before the freeze.
    Possible,
    WillMiss,
}

impl Chance {
    pub fn word(self) -> &'static str {
        match self {
            Self::Inside => "in it",
            Self::Ready => "ready",
            Self::Possible => "possible",
            Self::WillMiss => "will miss",
        }
    }
}

/// How a ticket stands to a release whose contents freeze on a day, and the day by which
/// that is judged; none for one that is over, or in another release.
pub fn chance(
    ticket: &Ticket,
    release: &Release,
    freeze: Option<NaiveDate>,
    (setting, today): (&Setting<'_>, NaiveDate),
) -> Option<(Chance, Option<NaiveDate>)> {
    if release.has(&ticket.id) {
        return Some((Chance::Inside, None));
    }
    let elsewhere = ticket
        .release
        .as_ref()
        .is_some_and(|name| *name != release.name);
    let state = ticket.standing.state;
    if ticket.deleted || !state.is_open() || elsewhere {
        return None;
    }
    if state == State::Ready {
        return Some((Chance::Ready, None));
    }
    let promised = ticket.promised.filter(|_| state == State::Delayed);
    // Before its rollout a stage's last day says nothing of the stages behind it.
    let trial = (state == State::StagedRollout)
        .then(|| clocks::ticket_reading(ticket, setting, today).due)
        .flatten();
    let by = promised.or(ticket.expected).or(trial);
    let in_time = by.is_some_and(|day| day >= today && freeze.is_none_or(|freeze| day <= freeze));
    let chance = if in_time {
        Chance::Possible
    } else {
        Chance::WillMiss
    };
    Some((chance, by))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::distribution::examples::release;
    use crate::domain::distribution::release::ReleaseState;
    use crate::domain::queue::examples::{day, profile, ticket, under};

    #[track_caller]
    fn check(ticket: &Ticket, today: &str, freeze: &str, expected: Option<Chance>) {
        let mut release = release(ReleaseState::Planned);
        release.tickets.clear();
        let found = under(&profile(), |setting| {
            chance(ticket, &release, Some(day(freeze)), (setting, day(today)))
        });
        assert_eq!(
            found.map(|it| it.0),
            expected,
            "{:?}",
            ticket.standing.state
        );
    }

    #[test]
    fn ready_is_ready_and_a_promise_decides_what_is_possible() {
        check(
            &ticket(State::Ready),
            "2026-11-21",
            "2026-12-10",
            Some(Chance::Ready),
        );
        check(&ticket(State::Released), "2026-11-21", "2026-12-10", None);
        check(
            &ticket(State::Unverified),
            "2026-11-21",
            "2026-12-10",
            Some(Chance::WillMiss),
        );
        let mut late = ticket(State::Delayed);
        late.promised = Some(day("2026-12-01"));
        check(&late, "2026-11-21", "2026-12-10", Some(Chance::Possible));
        check(&late, "2026-11-21", "2026-11-30", Some(Chance::WillMiss));
        check(&late, "2026-12-02", "2026-12-10", Some(Chance::WillMiss));
    }

    #[test]
    fn what_is_in_another_release_is_nobodys_to_take() {
        let mut other = ticket(State::Ready);
        other.release = Some("CMD 9.9.9".to_owned());
        check(&other, "2026-11-21", "2026-12-10", None);
    }
}
