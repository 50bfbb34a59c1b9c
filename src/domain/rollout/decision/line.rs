//! One site of a rollout on a day: its mark, its period, what it said.

use chrono::NaiveDate;

use super::Facts;
use crate::domain::clock;
use crate::domain::noun::Setting;
use crate::domain::rollout::announcement::{Announcement, ReportOutcome, SiteReport, Turn};
use crate::domain::rollout::site::ReportDuty;

/// How a site stands; none of these is another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Its announcement is drafted and not out: it cannot be silent yet.
    NotTold,
    /// Silent so far, and its period runs.
    Running {
        days_left: i64,
    },
    Reported(ReportOutcome),
    /// Silent through its period. Consent only where enough others have spoken.
    Silent {
        consent: bool,
    },
    /// It did not wait, and has said nothing since.
    OwnRisk,
}

impl Mark {
    /// The site has really tried it and said so.
    pub fn is_trial(self) -> bool {
        matches!(self, Self::Reported(outcome) if outcome.is_trial())
    }

    /// Something may still come of it.
    pub fn is_running(self) -> bool {
        matches!(self, Self::NotTold | Self::Running { .. })
    }

    /// As a cell says it: `2 d left`, `silent, consent`.
    pub fn label(self) -> String {
        match self {
            Self::NotTold => "not told".to_owned(),
            Self::Running { days_left } => format!("{days_left} d left"),
            Self::Reported(outcome) => outcome.label().to_owned(),
            Self::Silent { consent: true } => "silent, consent".to_owned(),
            Self::Silent { consent: false } => "silent".to_owned(),
            Self::OwnRisk => "own risk".to_owned(),
        }
    }

    /// One word for JSON and exports.
    pub fn word(self) -> &'static str {
        match self {
            Self::NotTold => "not-told",
            Self::Running { .. } => "running",
            Self::Reported(outcome) => outcome.word(),
            Self::Silent { consent: true } => "silence-taken-as-consent",
            Self::Silent { consent: false } => "silent",
            Self::OwnRisk => "own-risk",
        }
    }
}

/// A site's part in a rollout.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own, and none excludes another"
)]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteLine {
    pub site: String,
    pub mark: Mark,
    /// The announcement it is told by; none for a site that did not wait for one.
    pub announcement: Option<String>,
    /// The day its period began, and its last day in time.
    pub announced: Option<NaiveDate>,
    pub due: Option<NaiveDate>,
    /// "5 working days".
    pub limit: Option<String>,
    pub reports: ReportDuty,
    /// The first report, by which the agreement is judged.
    pub first: Option<SiteReport>,
    /// The last one, which counts for the release.
    pub last: Option<SiteReport>,
    /// Calendar days from the announcement to the first report.
    pub days_used: Option<i64>,
    /// The first report came after the last day in time.
    pub late: bool,
    /// The announcement is out.
    pub sent: bool,
    pub accepted: bool,
    pub deployed: bool,
    /// It went ahead at its own risk.
    pub own_risk: bool,
    /// The problem that was filed about its failure.
    pub problem: Option<String>,
    /// Its reports differ, so all of them are told.
    pub contradicts: bool,
}

impl SiteLine {
    /// It is one of those the release was announced to.
    pub fn told(&self) -> bool {
        self.announced.is_some()
    }

    /// `failed, P-3`, `ok, late`.
    pub fn label(&self) -> String {
        let mut label = self.mark.label();
        if let Some(problem) = &self.problem {
            label = format!("{label}, {problem}");
        }
        if self.late {
            label.push_str(", late");
        }
        label
    }
}

/// The last day on which a site's report is in time.
pub fn due(turn: &Turn, setting: &Setting<'_>) -> NaiveDate {
    let from = turn.announced.day(setting.zone);
    clock::due(turn.limit, from, &turn.pauses, setting.calendar)
}

/// Every site of a rollout, in the order of their names.
pub fn lines(facts: &Facts<'_>, setting: &Setting<'_>, today: NaiveDate) -> Vec<SiteLine> {
    let mut lines: Vec<SiteLine> = Vec::new();
    for announcement in facts.announcements {
        for (site, turn) in &announcement.turn {
            // Told twice at once by two managers: the one that is out counts, then the earlier.
            let line = told(announcement, (site, turn), facts, (setting, today));
            match lines.iter_mut().find(|it| it.site == *site) {
                Some(known) if (!line.sent, line.announced) < (!known.sent, known.announced) => {
                    *known = line;
                }
                Some(_) => {}
                None => lines.push(line),
            }
        }
    }
    for (site, early) in &facts.ticket.early {
        if early.at.day(setting.zone) <= today && !lines.iter().any(|it| it.site == *site) {
            let mut line = blank(site);
            line.own_risk = true;
            line.deployed = true;
            line.mark = Mark::OwnRisk;
            spoken(&mut line, facts, (setting, today));
            lines.push(line);
        }
    }
    lines.sort_by_key(|line| line.site.to_lowercase());
    lines
}

fn blank(site: &str) -> SiteLine {
    SiteLine {
        site: site.to_owned(),
        mark: Mark::NotTold,
        announcement: None,
        announced: None,
        due: None,
        limit: None,
        reports: ReportDuty::Always,
        first: None,
        last: None,
        days_used: None,
        late: false,
        sent: false,
        accepted: false,
        deployed: false,
        own_risk: false,
        problem: None,
        contradicts: false,
    }
}

fn told(
    announcement: &Announcement,
    (site, turn): (&str, &Turn),
    facts: &Facts<'_>,
    (setting, today): (&Setting<'_>, NaiveDate),
) -> SiteLine {
    let due = due(turn, setting);
    let past =
        |at: Option<&crate::domain::when::When>| at.is_some_and(|at| at.day(setting.zone) <= today);
    let mut line = SiteLine {
        mark: if !turn.sent {
            Mark::NotTold
        } else if today <= due {
            Mark::Running {
                days_left: (due - today).num_days(),
            }
        } else {
            Mark::Silent { consent: false }
        },
        announcement: Some(announcement.id.clone()),
        announced: Some(turn.announced.day(setting.zone)),
        due: Some(due),
        limit: Some(turn.limit.to_string()),
        reports: turn.reports,
        sent: turn.sent,
        accepted: past(announcement.accepted.get(site)),
        deployed: past(announcement.deployed.get(site)),
        own_risk: past(facts.ticket.early.get(site).map(|it| &it.at)),
        ..blank(site)
    };
    spoken(&mut line, facts, (setting, today));
    line
}

/// What the site has said by a day, and what was filed about it.
fn spoken(line: &mut SiteLine, facts: &Facts<'_>, (setting, today): (&Setting<'_>, NaiveDate)) {
    let mut reports: Vec<&SiteReport> = facts
        .announcements
        .iter()
        .flat_map(|it| &it.reports)
        .filter(|it| it.site == line.site && it.received.day(setting.zone) <= today)
        .collect();
    reports.sort_by_key(|it| it.order(setting.zone));
    line.problem = facts
        .announcements
        .iter()
        .find_map(|it| it.problem.get(&line.site).cloned())
        .or_else(|| filed(line, facts));
    let (Some(first), Some(last)) = (reports.first(), reports.last()) else {
        return;
    };
    line.mark = Mark::Reported(last.outcome);
    line.contradicts = reports
        .iter()
        .any(|it| it.outcome != last.outcome || it.version != last.version);
    let day = first.received.day(setting.zone);
    line.days_used = line.announced.map(|from| (day - from).num_days());
    line.late = line.due.is_some_and(|due| day > due);
    line.deployed |= last.outcome.is_trial();
    (line.first, line.last) = (Some((*first).clone()), Some((*last).clone()));
}

fn filed(line: &SiteLine, facts: &Facts<'_>) -> Option<String> {
    let of_it = |site: &String| site.eq_ignore_ascii_case(&line.site);
    facts
        .problems
        .iter()
        .find(|it| !it.deleted && it.site.as_ref().is_some_and(of_it))
        .map(|it| it.id.clone())
}
