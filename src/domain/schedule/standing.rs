//! How one milestone stands at an instant: done, late, due, at risk, next or planned.
//! Decides nothing: no milestone is late because it looks bad, only because its end passed.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::milestone::Milestone;
use super::plan::date;
use crate::domain::when::When;
use crate::domain::zone::Zone;

/// A milestone's state, worst news first to be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MilestoneState {
    Done,
    /// Done after the approved date.
    DoneLate,
    /// Its end has passed.
    Late,
    /// Today is its last day.
    Due,
    /// Slipped behind the approved date and not yet due.
    Risk,
    /// The one that comes next, still on its date.
    Next,
    Planned,
    NoDate,
}

impl MilestoneState {
    /// The word on the screen; `Done` and `DoneLate` differ in the note beside it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Done | Self::DoneLate => "done",
            Self::Late => "late",
            Self::Due => "due",
            Self::Risk => "risk",
            Self::Next => "next",
            Self::Planned => "planned",
            Self::NoDate => "no date",
        }
    }

    pub fn is_done(self) -> bool {
        matches!(self, Self::Done | Self::DoneLate)
    }
}

/// How a milestone stands. A slip outranks being next: a slipped next one is at risk.
pub fn standing(
    milestone: &Milestone,
    now: DateTime<Utc>,
    zone: &Zone,
    is_next: bool,
) -> MilestoneState {
    if milestone.actual.is_some() {
        let late = done_late(milestone, zone);
        return if late {
            MilestoneState::DoneLate
        } else {
            MilestoneState::Done
        };
    }
    let Some(due) = date(milestone) else {
        return MilestoneState::NoDate;
    };
    if passed(due, now, zone) {
        MilestoneState::Late
    } else if is_last_day(due, now, zone) {
        MilestoneState::Due
    } else if slipped_days(milestone, zone) > 0 {
        MilestoneState::Risk
    } else if is_next {
        MilestoneState::Next
    } else {
        MilestoneState::Planned
    }
}

/// The open milestone that comes next: the earliest that is not late. Of two on one day
/// the one given first.
pub fn next<'a>(
    milestones: impl IntoIterator<Item = &'a Milestone>,
    now: DateTime<Utc>,
    zone: &Zone,
) -> Option<&'a Milestone> {
    let open = milestones
        .into_iter()
        .filter(|one| one.actual.is_none() && !one.deleted);
    let dated = open.filter_map(|one| date(one).map(|due| (one, due)));
    let ahead = dated.filter(|(_, due)| !passed(*due, now, zone));
    ahead
        .min_by_key(|(_, due)| due.end(zone))
        .map(|(one, _)| one)
}

/// Days from the approved date to the current one, or to the day it was done; negative if
/// earlier, 0 without an approved date.
pub fn slipped_days(milestone: &Milestone, zone: &Zone) -> i64 {
    let Some(planned) = milestone.planned else {
        return 0;
    };
    let Some(now) = milestone.actual.or(milestone.due) else {
        return 0;
    };
    (now.day(zone) - planned.day(zone)).num_days()
}

/// Days to the day it is due. While it is in time at least 0, so that a day that has not
/// yet ended everywhere is not counted as past; none if it is done or has no date.
pub fn days_left(milestone: &Milestone, now: DateTime<Utc>, zone: &Zone) -> Option<i64> {
    if milestone.actual.is_some() {
        return None;
    }
    let due = date(milestone)?;
    let days = (due.day(zone) - zone.day(now)).num_days();
    Some(if passed(due, now, zone) {
        days
    } else {
        days.max(0)
    })
}

/// Whether the date's last second is over.
fn passed(due: When, now: DateTime<Utc>, zone: &Zone) -> bool {
    now.timestamp() > due.end(zone).timestamp()
}

/// Whether the date's own day has begun; it may last into the next one elsewhere.
fn is_last_day(due: When, now: DateTime<Utc>, zone: &Zone) -> bool {
    due.day(zone) <= zone.day(now)
}

/// An instant is compared with the approved date's end, a mere day with its day.
fn done_late(milestone: &Milestone, zone: &Zone) -> bool {
    let promised = milestone.planned.or(milestone.due);
    match (milestone.actual, promised) {
        (Some(When::Instant(at)), Some(promised)) => passed(promised, at, zone),
        (Some(actual), Some(promised)) => actual.day(zone) > promised.day(zone),
        (_, None) | (None, _) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::schedule::fixture::milestone;

    fn when(text: &str) -> When {
        text.parse().unwrap()
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn dated(planned: &str, due: &str, actual: Option<&str>) -> Milestone {
        let mut one = milestone("M3", None, Some(due));
        one.planned = Some(when(planned));
        one.actual = actual.map(when);
        one
    }

    #[track_caller]
    fn check(one: &Milestone, now: &str, expected: MilestoneState, left: Option<i64>) {
        let zone = Zone::utc();
        assert_eq!(standing(one, at(now), &zone, false), expected);
        assert_eq!(days_left(one, at(now), &zone), left);
    }

    #[test]
    fn a_milestone_is_in_time_on_its_day_and_late_on_the_next() {
        let one = dated("2026-11-26", "2026-11-26", None);
        check(
            &one,
            "2026-11-21T09:00:00Z",
            MilestoneState::Planned,
            Some(5),
        );
        check(&one, "2026-11-26T00:00:00Z", MilestoneState::Due, Some(0));
        check(&one, "2026-11-26T23:59:59Z", MilestoneState::Due, Some(0));
        check(&one, "2026-11-27T00:00:00Z", MilestoneState::Late, Some(-1));
    }

    #[test]
    fn anywhere_on_earth_lasts_until_noon_of_the_next_day() {
        let mut one = milestone("M3", None, None);
        one.due = Some(When::AnywhereOnEarth("2026-11-26".parse().unwrap()));
        check(&one, "2026-11-27T11:59:59Z", MilestoneState::Due, Some(0));
        check(&one, "2026-11-27T12:00:00Z", MilestoneState::Late, Some(-1));
    }

    #[test]
    fn a_time_of_day_is_late_once_it_has_passed() {
        let one = dated("2026-11-26T14:00:00Z", "2026-11-26T14:00:00Z", None);
        check(&one, "2026-11-26T14:00:00Z", MilestoneState::Due, Some(0));
        check(&one, "2026-11-26T14:00:01Z", MilestoneState::Late, Some(0));
    }

    #[test]
    fn slipped_and_not_yet_due_is_a_risk_even_if_it_comes_next() {
        let one = dated("2026-12-03", "2026-12-10", None);
        check(&one, "2026-11-21T09:00:00Z", MilestoneState::Risk, Some(19));
        let zone = Zone::utc();
        let state = standing(&one, at("2026-11-21T09:00:00Z"), &zone, true);
        assert_eq!((state.word(), slipped_days(&one, &zone)), ("risk", 7));
    }

    #[test]
    fn one_that_was_pulled_forward_is_no_risk() {
        let one = dated("2026-12-10", "2026-12-03", None);
        assert_eq!(slipped_days(&one, &Zone::utc()), -7);
        check(
            &one,
            "2026-11-21T09:00:00Z",
            MilestoneState::Planned,
            Some(12),
        );
    }

    #[test]
    fn done_is_measured_against_the_approved_date() {
        let now = "2026-12-24T09:00:00Z";
        check(
            &dated("2026-12-03", "2026-12-03", Some("2026-12-03")),
            now,
            MilestoneState::Done,
            None,
        );
        let late = dated("2026-12-03", "2026-12-10", Some("2026-12-08"));
        check(&late, now, MilestoneState::DoneLate, None);
        assert_eq!(
            (
                slipped_days(&late, &Zone::utc()),
                MilestoneState::DoneLate.word()
            ),
            (5, "done")
        );
        let hour = dated(
            "2026-12-03T12:00:00Z",
            "2026-12-03T12:00:00Z",
            Some("2026-12-03T15:00:00Z"),
        );
        check(&hour, now, MilestoneState::DoneLate, None);
    }

    #[test]
    fn the_next_one_is_the_earliest_that_is_open_and_not_late() {
        let (late, done) = (
            milestone("M1", None, Some("2026-11-20")),
            dated("2026-11-22", "2026-11-22", Some("2026-11-19")),
        );
        let (far, near) = (
            milestone("M5", None, Some("2026-12-17")),
            milestone("M4", None, Some("2026-12-10")),
        );
        let (zone, now) = (Zone::utc(), at("2026-11-21T09:00:00Z"));
        let all = [late, done, far, milestone("M9", None, None), near];
        let found = next(&all, now, &zone).unwrap();
        assert_eq!(found.code, "M4");
        assert_eq!(standing(found, now, &zone, true).word(), "next");
        assert_eq!(standing(&all[0], now, &zone, false).word(), "late");
        assert_eq!(standing(&all[3], now, &zone, false), MilestoneState::NoDate);
    }
}
