//! Rows of the second half of the road: announcements, problems with their known errors,
//! and distribution releases. Decides nothing; what a rollout adds up to is the domain's.

use chrono::NaiveDate;

use super::cells::left;
use super::rows::{Cells, HeadCounts, Record, Tone};
use super::{clean, short_day};
use crate::domain::distribution::release::{Release, ReleaseState};
use crate::domain::kind::Kind;
use crate::domain::noun::{Noun, Setting};
use crate::domain::problem::known_error::{ErrorState, KnownError};
use crate::domain::problem::report::{Criticality, Problem, ProblemState};
use crate::domain::queue::ticket::Ticket;
use crate::domain::rollout::announcement::{Announcement, AnnouncementState, ReportOutcome};
use crate::domain::rollout::decision::{Decision, Mark};
use crate::store::Counts;
use crate::workspace::look::Look;
use crate::workspace::look::rollout::Rollout;
use crate::workspace::refusal::Refusal;

/// What a rollout adds up to today; none where its ticket is gone.
pub(super) fn decided(
    look: &Look<'_>,
    setting: &Setting<'_>,
    ticket: &str,
) -> Result<Option<(Ticket, Decision)>, Refusal> {
    let Some(row) = look.reader.record(Some(Kind::Ticket), ticket)? else {
        return Ok(None);
    };
    let Some(Noun::Ticket(ticket)) = row.noun()? else {
        return Ok(None);
    };
    let decision = Rollout::of(look.reader, &ticket.id)?.decide(&ticket, setting, look.today);
    Ok(Some((*ticket, decision)))
}

fn text(text: Option<&str>) -> String {
    text.map(clean).unwrap_or_default()
}

pub(super) fn of_announcement(
    look: &Look<'_>,
    setting: &Setting<'_>,
    announcement: &Announcement,
) -> Result<(Tone, Cells), Refusal> {
    let state = announcement.standing.state;
    let decision = if state.is_open() {
        decided(look, setting, &announcement.ticket)?.map(|(_, decision)| decision)
    } else {
        None
    };
    let sites = decision.as_ref().map_or(&[][..], |it| &it.sites);
    let next = sites
        .iter()
        .filter(|it| matches!(it.mark, Mark::Running { .. }))
        .filter_map(|it| it.due)
        .min();
    let failed = sites
        .iter()
        .any(|it| it.mark == Mark::Reported(ReportOutcome::Failed));
    let tone = match state {
        AnnouncementState::Halted => Tone::Breach,
        AnnouncementState::Running if failed => Tone::Late,
        AnnouncementState::Running
            if next.is_some_and(|due| (due - look.today).num_days() <= 2) =>
        {
            Tone::Due
        }
        AnnouncementState::Running => Tone::Info,
        AnnouncementState::Good => Tone::Done,
        AnnouncementState::Ended => Tone::Closed,
    };
    let answered = announcement
        .turn
        .keys()
        .filter(|site| announcement.reports.iter().any(|it| it.site == **site))
        .count();
    let cells = Record {
        title: clean(&announcement.label()),
        state: state.word().to_owned(),
        clock: next
            .map(|due| left((due - look.today).num_days(), "d"))
            .unwrap_or_default(),
        who: text(announcement.who()),
        more: format!("{answered} of {} answered", announcement.turn.len()),
        day: next
            .map(|due| short_day(due, look.today))
            .unwrap_or_default(),
        ..Record::default()
    };
    Ok((tone, Cells::Record(cells)))
}

pub(super) fn of_problem(
    problem: &Problem,
    setting: &Setting<'_>,
    today: NaiveDate,
) -> (Tone, Cells) {
    let open = problem.standing.state != ProblemState::Closed;
    let tone = match problem.criticality() {
        _ if !open => Tone::Closed,
        Some(Criticality::Critical) => Tone::Breach,
        None => Tone::Duty,
        Some(Criticality::High | Criticality::Moderate | Criticality::Low) => Tone::Info,
    };
    let cells = Record {
        title: titled(&problem.label(), &problem.text),
        state: problem.standing.state.word().to_owned(),
        who: text(problem.who()),
        more: problem
            .criticality()
            .map_or("not triaged", Criticality::word)
            .to_owned(),
        day: short_day(problem.standing.entered.day(setting.zone), today),
        ..Record::default()
    };
    (tone, Cells::Record(cells))
}

pub(super) fn of_error(
    error: &KnownError,
    setting: &Setting<'_>,
    today: NaiveDate,
) -> (Tone, Cells) {
    let workaround = error
        .workaround
        .as_deref()
        .is_some_and(|it| !it.trim().is_empty());
    let (tone, more) = match (error.standing.state, &error.fixed_in) {
        (ErrorState::Fixed, Some(version)) => (Tone::Closed, format!("fixed in {version}")),
        (ErrorState::Fixed, None) => (Tone::Closed, "fixed".to_owned()),
        (ErrorState::Open, _) if workaround => (Tone::Info, "has a workaround".to_owned()),
        (ErrorState::Open, _) => (Tone::Risk, "no workaround".to_owned()),
    };
    let of = format!("{} {}", error.product, error.versions.join(", "));
    let cells = Record {
        title: titled(of.trim_end(), &error.symptom),
        state: match error.standing.state {
            ErrorState::Open => "known".to_owned(),
            ErrorState::Fixed => error.standing.state.word().to_owned(),
        },
        who: text(error.owner.as_deref()),
        more: clean(&more),
        day: short_day(error.standing.entered.day(setting.zone), today),
        ..Record::default()
    };
    (tone, Cells::Record(cells))
}

/// "FTS 3.13.2: transfers fail"
fn titled(label: &str, text: &str) -> String {
    let first = text.lines().next().unwrap_or_default();
    if first.is_empty() {
        clean(label)
    } else {
        clean(&format!("{label}: {first}"))
    }
}

pub(super) fn of_release(release: &Release, today: NaiveDate) -> (Tone, Cells) {
    let state = release.standing.state;
    let days = release.date.map(|date| (date - today).num_days());
    let tone = match state {
        ReleaseState::Published => Tone::Done,
        ReleaseState::Recalled => Tone::Closed,
        _ if days.is_some_and(|days| days < 0) => Tone::Late,
        ReleaseState::Planned => Tone::Planned,
        ReleaseState::DateFrozen | ReleaseState::ContentsFrozen | ReleaseState::Candidate => {
            Tone::Next
        }
    };
    let more = match (release.tickets.len(), release.shipped.len()) {
        (0, 0) => String::new(),
        (0, 1) => "1 product".to_owned(),
        (0, n) => format!("{n} products"),
        (1, _) => "1 ticket".to_owned(),
        (n, _) => format!("{n} tickets"),
    };
    let cells = Record {
        title: release.kind.word().to_owned(),
        state: state.word().to_owned(),
        clock: days
            .filter(|_| state.is_open())
            .map(|days| left(days, "d"))
            .unwrap_or_default(),
        who: text(release.claimed_by.as_deref().or(release.owner.as_deref())),
        more,
        day: release
            .date
            .map(|date| short_day(date, today))
            .unwrap_or_default(),
        ..Record::default()
    };
    (tone, Cells::Record(cells))
}

/// The counts in the titles of the lists above.
pub(super) fn head_counts(counts: &Counts) -> HeadCounts {
    let of = |kind: Kind, wanted: &dyn Fn(&str) -> bool| -> u64 {
        let states = counts.states.iter();
        states
            .filter(|(word, state, _)| word == kind.word() && wanted(state))
            .map(|(_, _, n)| n)
            .sum()
    };
    let announced = |word: &str| {
        let mut open = AnnouncementState::ALL.into_iter().filter(|it| it.is_open());
        open.any(|it| it.word() == word)
    };
    let planned = |word: &str| {
        let mut open = ReleaseState::ALL.into_iter().filter(|it| it.is_open());
        open.any(|it| it.word() == word)
    };
    HeadCounts {
        announcements_open: of(Kind::Announcement, &announced),
        problems_open: of(Kind::Problem, &|word| word != ProblemState::Closed.word()),
        problems_critical: counts.critical_problems,
        errors_open: of(Kind::KnownError, &|word| word == ErrorState::Open.word()),
        releases_open: of(Kind::Release, &planned),
        releases: of(Kind::Release, &|_| true),
        ..HeadCounts::default()
    }
}
