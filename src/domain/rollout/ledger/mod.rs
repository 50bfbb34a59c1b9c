//! The site ledger: how each site kept what it agreed to, worked out from all announcements
//! on a day (R-40; DOMAIN.md d 6 to 8). Judges a site, never a release: that is `decision`'s part.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::announcement::{Announcement, AnnouncementState, ReportOutcome, Turn};
use super::decision::due;
use super::site::{ReportDuty, Site};
use crate::domain::metrics::stats::{median, share};
use crate::domain::metrics::walked;
use crate::domain::noun::Setting;
use crate::domain::problem::report::Problem;

/// What the ledger is worked out from.
#[derive(Clone, Copy)]
pub struct Records<'a> {
    pub announcements: &'a [Announcement],
    pub problems: &'a [Problem],
    pub sites: &'a [Site],
}

/// How one site dealt with one announcement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Turnout {
    /// An answer on or before the last day.
    InTime,
    Late,
    /// Silent through a period that asks for failures only.
    Consent,
    Silent,
    /// The rollout was stopped before its last day, so nothing can be held against it.
    CalledOff,
    /// Silent so far, and still in time.
    Waiting,
}

impl Turnout {
    pub fn label(self) -> &'static str {
        match self {
            Self::InTime => "in time",
            Self::Late => "late",
            Self::Consent => "silent, as agreed",
            Self::Silent => "silent",
            Self::CalledOff => "called off",
            Self::Waiting => "still in time",
        }
    }

    /// The agreement is kept; a silence that was agreed on keeps it.
    pub fn keeps(self) -> bool {
        matches!(self, Self::InTime | Self::Consent)
    }
}

/// One site's turn in one rollout, with what it said first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub site: String,
    pub announcement: String,
    pub ticket: String,
    pub product: String,
    /// "ARC 7.0.3 al9"
    pub label: String,
    pub announced: NaiveDate,
    pub due: NaiveDate,
    /// The day of the first answer: a report, or a problem filed in time.
    pub answered: Option<NaiveDate>,
    pub outcome: Option<ReportOutcome>,
    /// The problem that stands for the answer.
    pub problem: Option<String>,
    pub turnout: Turnout,
    /// Its last day is past and nothing was called off: it counts.
    pub counts: bool,
}

impl Line {
    /// Days from the announcement to the answer; one before it took none.
    pub fn days(&self) -> Option<i64> {
        self.answered
            .map(|day| (day - self.announced).num_days().max(0))
    }

    /// How a table says what came.
    pub fn answer(&self) -> String {
        match (self.outcome, &self.problem) {
            (Some(outcome), _) => outcome.label().to_owned(),
            (None, Some(problem)) => format!("filed {problem}"),
            (None, None) => String::new(),
        }
    }
}

/// Every turn of every site that was told by `today`, in the order of their last days.
///
/// A site whose announcement is drafted and not out is left out, unless it answered all the
/// same. Told twice of one release, the earlier announcement counts.
pub fn turns(records: &Records<'_>, setting: &Setting<'_>, today: NaiveDate) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut problems: BTreeMap<&str, Vec<&Problem>> = BTreeMap::new();
    for problem in records.problems.iter().filter(|it| !it.deleted) {
        if let Some(ticket) = &problem.ticket {
            problems.entry(ticket).or_default().push(problem);
        }
    }
    for announcement in records.announcements.iter().filter(|it| !it.deleted) {
        let own = problems.get(announcement.ticket.as_str());
        let own = own.map_or(&[][..], Vec::as_slice);
        for (site, turn) in &announcement.turn {
            lines.extend(line(own, (announcement, site, turn), setting, today));
        }
    }
    lines.sort_by(|a, b| {
        (&a.ticket, &a.site, a.announced, &a.announcement).cmp(&(
            &b.ticket,
            &b.site,
            b.announced,
            &b.announcement,
        ))
    });
    lines.dedup_by(|later, earlier| later.ticket == earlier.ticket && later.site == earlier.site);
    lines.sort_by(|a, b| (a.due, &a.announcement, &a.site).cmp(&(b.due, &b.announcement, &b.site)));
    lines
}

fn line(
    problems: &[&Problem],
    (announcement, site, turn): (&Announcement, &str, &Turn),
    setting: &Setting<'_>,
    today: NaiveDate,
) -> Option<Line> {
    let announced = turn.announced.day(setting.zone);
    if announced > today {
        return None;
    }
    let due = due(turn, setting);
    let mut line = Line {
        site: site.to_owned(),
        announcement: announcement.id.clone(),
        ticket: announcement.ticket.clone(),
        product: announcement.product.clone(),
        label: announcement.label(),
        announced,
        due,
        answered: None,
        outcome: None,
        problem: None,
        turnout: Turnout::Waiting,
        counts: false,
    };
    let first = announcement
        .reports
        .iter()
        .filter(|it| it.site.eq_ignore_ascii_case(site))
        .map(|it| (it.received.day(setting.zone), it.outcome))
        .filter(|(day, _)| *day <= today)
        .min_by_key(|(day, _)| *day);
    let filed = filed(problems, &line, setting);
    match (first, filed) {
        (Some((day, _)), Some((filed, id))) if filed < day => {
            (line.answered, line.problem) = (Some(filed), Some(id));
        }
        (Some((day, outcome)), _) => (line.answered, line.outcome) = (Some(day), Some(outcome)),
        (None, Some((filed, id))) => (line.answered, line.problem) = (Some(filed), Some(id)),
        (None, None) if !turn.sent => return None,
        (None, None) => {}
    }
    line.turnout = turnout(&line, announcement, turn.reports, (setting, today));
    line.counts = line.due < today && line.turnout != Turnout::CalledOff;
    Some(line)
}

/// The problem that the site filed about this release within its period: it counts as a report.
fn filed(problems: &[&Problem], line: &Line, setting: &Setting<'_>) -> Option<(NaiveDate, String)> {
    problems
        .iter()
        .filter(|it| {
            it.site
                .as_deref()
                .is_some_and(|site| site.eq_ignore_ascii_case(&line.site))
        })
        .map(|it| (walked::filed(it).day(setting.zone), it.id.clone()))
        .filter(|(day, _)| (line.announced..=line.due).contains(day))
        .min()
}

fn turnout(
    line: &Line,
    announcement: &Announcement,
    reports: ReportDuty,
    (setting, today): (&Setting<'_>, NaiveDate),
) -> Turnout {
    let standing = &announcement.standing;
    let stopped = matches!(
        standing.state,
        AnnouncementState::Halted | AnnouncementState::Ended
    );
    match line.answered {
        Some(day) if day <= line.due => Turnout::InTime,
        Some(_) => Turnout::Late,
        None if stopped && standing.entered.day(setting.zone) <= line.due => Turnout::CalledOff,
        None if today <= line.due => Turnout::Waiting,
        None if reports == ReportDuty::FailuresOnly => Turnout::Consent,
        None => Turnout::Silent,
    }
}

/// What a site's turns add up to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figures {
    /// Announcements it was told of.
    pub announced: usize,
    /// Those it answered, at any time; `not deployed` is an answer.
    pub reported: usize,
    /// Announcements whose last day is past: what every rate is of.
    pub n: usize,
    /// Of these answered in time, kept (an agreed silence keeps), and answered at any time.
    pub on_time: usize,
    pub kept: usize,
    pub answered: usize,
    /// `kept / n`; none of nothing.
    pub sla_kept: Option<f64>,
    /// `answered / n`
    pub report_rate: Option<f64>,
    /// Of the days from announcement to answer.
    pub median_days: Option<f64>,
    /// Whether it keeps its target for every product; none while nothing is past.
    pub meets: Option<bool>,
    /// Its turns, the earliest last day first, for a sparkline: how it went, and the part
    /// of its period that the answer took, in thousandths.
    pub series: Vec<(Turnout, Option<u32>)>,
}

/// Figures by site. A name is found in any case.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ledger(BTreeMap<String, Figures>);

impl Ledger {
    /// A site that was never told of anything has figures of nothing.
    pub fn of(&self, site: &str) -> Figures {
        self.0
            .get(&site.to_lowercase())
            .cloned()
            .unwrap_or_default()
    }
}

/// The ledger of all sites on a day.
pub fn ledger(records: &Records<'_>, setting: &Setting<'_>, today: NaiveDate) -> Ledger {
    let mut by_site: BTreeMap<String, Vec<Line>> = BTreeMap::new();
    for line in turns(records, setting, today) {
        by_site
            .entry(line.site.to_lowercase())
            .or_default()
            .push(line);
    }
    let figures = by_site.into_iter().map(|(name, lines)| {
        let site = records
            .sites
            .iter()
            .find(|it| it.name.eq_ignore_ascii_case(&name));
        let all: Vec<&Line> = lines.iter().collect();
        (name, sum(&all, site, setting))
    });
    Ledger(figures.collect())
}

/// What some turns of one site add up to; its agreements say the targets.
pub fn sum(lines: &[&Line], site: Option<&Site>, setting: &Setting<'_>) -> Figures {
    let past: Vec<&&Line> = lines.iter().filter(|it| it.counts).collect();
    let count = |passes: fn(&Line) -> bool| past.iter().filter(|it| passes(it)).count();
    let days: Vec<i64> = lines.iter().filter_map(|it| it.days()).collect();
    let n = past.len();
    let kept = count(|it| it.turnout.keeps());
    let answered = count(|it| it.answered.is_some());
    Figures {
        announced: lines.len(),
        reported: lines.iter().filter(|it| it.answered.is_some()).count(),
        n,
        on_time: lines
            .iter()
            .filter(|it| it.turnout == Turnout::InTime)
            .count(),
        kept,
        answered,
        sla_kept: share(kept, n),
        report_rate: share(answered, n),
        median_days: median(&days),
        meets: meets(&past, site, setting),
        series: lines.iter().map(|it| (it.turnout, part(it))).collect(),
    }
}

/// The share of announcements a site has to answer in time, in percent: what it agreed to
/// for a product, else what the profile says.
pub fn target(
    site: Option<&Site>,
    (product, day): (&str, NaiveDate),
    setting: &Setting<'_>,
) -> Option<u32> {
    site.and_then(|site| site.agreement(product, day))
        .and_then(|sla| sla.target)
        .or(setting.profile.sla_target)
}

fn meets(past: &[&&Line], site: Option<&Site>, setting: &Setting<'_>) -> Option<bool> {
    let mut by_product: BTreeMap<String, (usize, usize, NaiveDate)> = BTreeMap::new();
    for line in past {
        let (kept, n, last) = by_product.entry(line.product.to_lowercase()).or_default();
        *n += 1;
        *last = line.announced.max(*last);
        *kept += usize::from(line.turnout.keeps());
    }
    let judged: Vec<bool> = by_product
        .iter()
        .filter_map(|(product, (kept, n, last))| {
            let target = target(site, (product, *last), setting)? as usize;
            Some(kept * 100 >= target * n)
        })
        .collect();
    (!judged.is_empty()).then(|| judged.iter().all(|it| *it))
}

fn part(line: &Line) -> Option<u32> {
    let period = (line.due - line.announced).num_days().max(1);
    u32::try_from(line.days()?.saturating_mul(1000) / period).ok()
}

#[cfg(test)]
mod tests;
