//! The duties of a distribution release: its freezes, its candidate, the signatures of its
//! countdown and its publication, each by the day that its date and the profile give.

use chrono::NaiveDate;

use super::duties::{before, pushed, short};
use super::{Class, Duty, DutyCode};
use crate::domain::distribution::countdown::{self, contents_freeze, date_freeze};
use crate::domain::distribution::release::{Release, ReleaseState, Skip};
use crate::domain::noun::Setting;

pub(super) fn duties(release: &Release, setting: &Setting<'_>) -> Vec<Duty> {
    if release.deleted || !release.standing.state.is_open() {
        return Vec::new();
    }
    [step(release, setting), sign(release, setting)]
        .into_iter()
        .flatten()
        .collect()
}

/// A duty that shows so long before its day as the profile shows milestones.
fn by_day(
    release: &Release,
    code: DutyCode,
    due: NaiveDate,
    (what, step): (String, String),
    setting: &Setting<'_>,
) -> Duty {
    let notice = setting.profile.milestone_notice;
    let show_from = notice.map_or(due, |notice| before(due, notice, setting));
    Duty {
        code,
        class: Class::Clock,
        due_on: Some(due),
        show_from: pushed(show_from, release.later, Some(due)),
        who: release.who().map(str::to_owned),
        what,
        step,
    }
}

/// The step that the release itself comes to next.
fn step(release: &Release, setting: &Setting<'_>) -> Option<Duty> {
    let (profile, calendar) = (setting.profile, setting.calendar);
    let date = release.date?;
    let duty = |code, due, what: String, step: &str| {
        Some(by_day(release, code, due, (what, step.to_owned()), setting))
    };
    let lacks_candidate = release.candidates.len() < profile.distribution.min_candidates as usize
        && !release.skips(Skip::Candidate);
    match release.standing.state {
        ReleaseState::Planned if !release.skips(Skip::DateFreeze) => {
            let what = format!("planned for {}, its date is not frozen", short(date));
            let due = date_freeze(release, profile, calendar)?;
            duty(DutyCode::FreezeDate, due, what, "freeze the date")
        }
        ReleaseState::Planned | ReleaseState::DateFrozen => {
            let what = format!("{} composed, contents not frozen", release.tickets.len());
            let due = contents_freeze(release, profile, calendar)?;
            duty(DutyCode::FreezeContents, due, what, "freeze the contents")
        }
        ReleaseState::ContentsFrozen if lacks_candidate => {
            let what = "contents frozen, no release candidate".to_owned();
            let due = contents_freeze(release, profile, calendar).unwrap_or(date);
            duty(
                DutyCode::BuildCandidate,
                due,
                what,
                "build a release candidate",
            )
        }
        ReleaseState::ContentsFrozen | ReleaseState::Candidate => {
            if !countdown::unsigned(release, &release.countdown).is_empty() {
                return None;
            }
            let what = format!("signed, to be out on {}", short(date));
            duty(DutyCode::PublishRelease, date, what, "publish and announce")
        }
        ReleaseState::Published | ReleaseState::Recalled => None,
    }
}

/// The action of the countdown that is due first among those that can be signed.
fn sign(release: &Release, setting: &Setting<'_>) -> Option<Duty> {
    let unsigned = countdown::unsigned(release, &release.countdown);
    let next = unsigned
        .iter()
        .filter(|item| countdown::waits_for(item, release).is_none())
        .min_by_key(|item| item.due)?;
    let more = match unsigned.len() - 1 {
        0 => String::new(),
        more => format!(", {more} more"),
    };
    let what = format!("countdown {} not signed ({}){more}", next.no, next.role);
    let step = format!("sign {}", next.no);
    Some(by_day(
        release,
        DutyCode::SignCountdown,
        next.due,
        (what, step),
        setting,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::distribution::examples::{complete, planned, release};
    use crate::domain::queue::examples::{day, profile, under};

    fn shown(release: &Release) -> Vec<(DutyCode, Option<NaiveDate>)> {
        under(&profile(), |setting| duties(release, setting))
            .into_iter()
            .map(|duty| (duty.code, duty.due_on))
            .collect()
    }

    #[test]
    fn every_step_of_a_release_is_a_duty_by_its_day() {
        let mut it = release(ReleaseState::Planned);
        assert_eq!(
            shown(&it),
            [(DutyCode::FreezeDate, Some(day("2026-12-03")))]
        );
        it.standing.state = ReleaseState::DateFrozen;
        it.countdown = planned(&it);
        assert_eq!(
            shown(&it),
            [
                (DutyCode::FreezeContents, Some(day("2026-12-10"))),
                (DutyCode::SignCountdown, Some(day("2026-12-03"))),
            ]
        );
        it.standing.state = ReleaseState::ContentsFrozen;
        assert_eq!(
            shown(&it)[0],
            (DutyCode::BuildCandidate, Some(day("2026-12-10")))
        );
        let mut done = complete();
        done.countdown = planned(&done);
        assert_eq!(
            shown(&done),
            [(DutyCode::PublishRelease, Some(day("2026-12-17")))]
        );
        done.standing.state = ReleaseState::Published;
        assert!(shown(&done).is_empty());
    }

    #[test]
    fn a_release_without_a_date_and_an_imported_one_need_nobody() {
        let mut it = release(ReleaseState::Planned);
        it.date = None;
        assert!(shown(&it).is_empty());
        assert!(shown(&release(ReleaseState::Recalled)).is_empty());
    }

    #[test]
    fn a_duty_shows_the_profiles_notice_before_its_day() {
        let duty = under(&profile(), |setting| {
            duties(&release(ReleaseState::Planned), setting)
        })
        .remove(0);
        assert_eq!(duty.show_from, day("2026-11-26"));
        assert_eq!(duty.who.as_deref(), Some("Alice"));
    }
}
