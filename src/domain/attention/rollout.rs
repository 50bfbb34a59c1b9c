//! The duties of a staged rollout: sites to tell, to remind, to ask after a failure, and
//! the decision once everybody has spoken or their time is up.

use chrono::NaiveDate;

use super::duties::{pushed, short};
use super::{Class, Duty, DutyCode};
use crate::domain::calendar::add_days;
use crate::domain::clock;
use crate::domain::noun::Setting;
use crate::domain::queue::state::State;
use crate::domain::queue::ticket::Ticket;
use crate::domain::rollout::announcement::{
    Announcement, AnnouncementState, ReportOutcome, SiteReport,
};
use crate::domain::rollout::decision::due;

/// Of the record alone: what a site said, not what was filed elsewhere.
pub(super) fn announcement(announcement: &Announcement, setting: &Setting<'_>) -> Vec<Duty> {
    if announcement.deleted || announcement.standing.state != AnnouncementState::Running {
        return Vec::new();
    }
    [
        remind(announcement, setting),
        file(announcement, setting),
        decide(announcement, setting),
    ]
    .into_iter()
    .flatten()
    .map(|duty| Duty {
        show_from: pushed(duty.show_from, announcement.later, None),
        ..duty
    })
    .collect()
}

fn of(announcement: &Announcement, code: DutyCode, class: Class, show_from: NaiveDate) -> Duty {
    Duty {
        code,
        class,
        due_on: None,
        show_from,
        who: announcement.who().map(str::to_owned),
        what: String::new(),
        step: String::new(),
    }
}

/// The last report of a site.
fn last<'a>(
    announcement: &'a Announcement,
    site: &str,
    setting: &Setting<'_>,
) -> Option<&'a SiteReport> {
    announcement
        .reports
        .iter()
        .filter(|it| it.site == site)
        .max_by_key(|it| it.order(setting.zone))
}

/// Those that were told and have said nothing, with their last days.
fn silent<'a>(announcement: &'a Announcement, setting: &Setting<'_>) -> Vec<(&'a str, NaiveDate)> {
    let mut silent: Vec<(&str, NaiveDate)> = announcement
        .turn
        .iter()
        .filter(|(site, turn)| turn.sent && last(announcement, site, setting).is_none())
        .map(|(site, turn)| (site.as_str(), due(turn, setting)))
        .collect();
    silent.sort_by_key(|(_, due)| *due);
    silent
}

fn remind(announcement: &Announcement, setting: &Setting<'_>) -> Option<Duty> {
    let silent = silent(announcement, setting);
    let ((_, first), (_, last)) = (silent.first()?, silent.last()?);
    let (first, last) = (*first, *last);
    let names: Vec<String> = silent
        .iter()
        .map(|(site, due)| match silent.as_slice() {
            [_] => (*site).to_owned(),
            _ => format!("{site} ({})", short(*due)),
        })
        .collect();
    let has = if names.len() == 1 { "has" } else { "have" };
    Some(Duty {
        due_on: Some(last),
        what: format!("{} {has} not reported", names.join(", ")),
        step: "remind".to_owned(),
        ..of(
            announcement,
            DutyCode::RemindSite,
            Class::Watch,
            ahead(first, setting),
        )
    })
}

/// The day on which a site is reminded of its last one.
fn ahead(due: NaiveDate, setting: &Setting<'_>) -> NaiveDate {
    /// Nobody is reminded a year ahead; it keeps an absurd profile cheap.
    const MOST: i64 = 366;
    let Some(notice) = setting.profile.reminder else {
        return due;
    };
    (1..=MOST)
        .map(|back| add_days(due, -back))
        .find(|day| clock::due(notice, *day, &[], setting.calendar) <= due)
        .unwrap_or(due)
}

/// A failure that nobody has filed as a problem.
fn file(announcement: &Announcement, setting: &Setting<'_>) -> Option<Duty> {
    let failed: Vec<&SiteReport> = announcement
        .turn
        .keys()
        .filter(|site| !announcement.problem.contains_key(*site))
        .filter_map(|site| last(announcement, site, setting))
        .filter(|it| it.outcome == ReportOutcome::Failed)
        .collect();
    let since = failed
        .iter()
        .map(|it| it.received.day(setting.zone))
        .min()?;
    let names: Vec<&str> = failed.iter().map(|it| it.site.as_str()).collect();
    Some(Duty {
        what: format!("{} reported failed", names.join(", ")),
        step: "file the problem".to_owned(),
        ..of(announcement, DutyCode::FileProblem, Class::Standing, since)
    })
}

/// Everybody has spoken, or their time is up.
fn decide(announcement: &Announcement, setting: &Setting<'_>) -> Option<Duty> {
    if announcement.turn.is_empty() || announcement.turn.values().any(|turn| !turn.sent) {
        return None;
    }
    let day = |report: &SiteReport| report.received.day(setting.zone);
    let silent = silent(announcement, setting);
    let from = match silent.last() {
        Some((_, due)) => add_days(*due, 1),
        None => announcement.reports.iter().map(day).max()?,
    };
    let sites = announcement.turn.keys();
    let tried = sites
        .filter_map(|site| last(announcement, site, setting))
        .filter(|it| it.outcome.is_trial())
        .count();
    let enough = tried >= setting.profile.min_reports as usize;
    let (what, step) = if enough {
        let told = announcement.turn.len();
        let of = format!("{tried} of {told} sites spoke, the rest is silent");
        let what = if silent.is_empty() {
            "every site has answered".to_owned()
        } else {
            of
        };
        (what, "accept it or turn it down")
    } else {
        (
            "every period is over, not tested".to_owned(),
            "explain the delay",
        )
    };
    Some(Duty {
        what,
        step: step.to_owned(),
        ..of(announcement, DutyCode::Decide, Class::Standing, from)
    })
}

/// In beta, and no site knows. What an import found in a rollout was announced elsewhere.
pub(super) fn untold(ticket: &Ticket, setting: &Setting<'_>) -> Option<Duty> {
    let elsewhere = ticket.source.is_some() || !ticket.tested_by.is_empty();
    if ticket.standing.acts_as() != State::StagedRollout || ticket.announced.is_some() || elsewhere
    {
        return None;
    }
    let show_from = ticket.standing.entered.day(setting.zone);
    Some(Duty {
        code: DutyCode::Announce,
        class: Class::Standing,
        due_on: None,
        show_from,
        who: ticket.who().map(str::to_owned),
        what: "in beta, no site told".to_owned(),
        step: "announce".to_owned(),
    })
}
