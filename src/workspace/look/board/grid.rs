//! The rollouts that are running, as the sites' pane shows them: a column for each ticket,
//! a mark for each site in it, and the rule's own sentence. Decides nothing.

use super::rows::{Cells, Head, Key, Ledger, Mark, Tone, Turn, Window};
use super::{clean, rollout};
use crate::domain::kind::Kind;
use crate::domain::noun::{Noun, Setting};
use crate::domain::rollout::announcement::{Announcement, AnnouncementState, ReportOutcome};
use crate::domain::rollout::decision::{self, Decision, SiteLine};
use crate::domain::rollout::ledger::{Figures, Turnout};
use crate::domain::rollout::site;
use crate::workspace::look::Look;
use crate::workspace::refusal::Refusal;

/// At most so many columns: more than any terminal is wide.
const COLUMNS: usize = 16;
/// A site with no more than so many days left is due.
const SOON: i64 = 2;

/// One rollout.
struct Column {
    head: Head,
    decision: Decision,
}

/// The rollouts that are running.
pub(super) struct Grid(Vec<Column>);

impl Grid {
    /// The rollouts of the announcements that are open, the most urgent first; two of one
    /// ticket are one.
    pub(super) fn load(look: &Look<'_>, setting: &Setting<'_>) -> Result<Self, Refusal> {
        let mut columns: Vec<Column> = Vec::new();
        let mut tickets: Vec<String> = Vec::new();
        for row in look.reader.first_open(Kind::Announcement, COLUMNS)? {
            let Some(Noun::Announcement(announcement)) = row.noun()? else {
                continue;
            };
            if tickets.contains(&announcement.ticket) {
                continue;
            }
            tickets.push(announcement.ticket.clone());
            let decided = rollout::decided(look, setting, &announcement.ticket)?;
            columns.extend(decided.map(|(_, decision)| Column {
                head: head(&announcement, &decision),
                decision,
            }));
        }
        Ok(Self(columns))
    }

    /// How many sites are silent beyond their period.
    pub(super) fn silent(&self) -> u64 {
        let silent = self.0.iter().map(|it| it.decision.silent as u64);
        silent.sum()
    }

    /// Puts the marks into the rows of a window.
    pub(super) fn fill(&self, window: &mut Window) {
        window.heads = self.0.iter().map(|it| it.head.clone()).collect();
        for row in &mut window.rows {
            if let Cells::Site(site) = &mut row.cells {
                site.marks = self.0.iter().map(|it| mark(it, &row.key)).collect();
            }
        }
    }
}

fn head(announcement: &Announcement, decision: &Decision) -> Head {
    let halted = announcement.standing.state == AnnouncementState::Halted;
    let version = announcement.version.as_deref().unwrap_or_default();
    let name = format!("{} {version}", announcement.product);
    let halt = if halted { ", halted" } else { "" };
    Head {
        key: Key {
            kind: Kind::Announcement,
            id: clean(&announcement.id),
        },
        label: clean(&format!("{}{halt}", name.trim_end())),
        title: clean(&announcement.label()),
        tone: if halted { Tone::Breach } else { Tone::Info },
        sentence: clean(&decision.sentence),
    }
}

/// What a site says of a rollout; nothing where it has no part in it.
fn mark(column: &Column, site: &Key) -> Option<Mark> {
    let mut lines = column.decision.sites.iter();
    let line = lines.find(|line| clean(&line.site).eq_ignore_ascii_case(&site.id))?;
    Some(Mark {
        tone: tone(line),
        text: clean(&line.label()),
    })
}

fn tone(line: &SiteLine) -> Tone {
    match line.mark {
        decision::Mark::NotTold | decision::Mark::OwnRisk => Tone::Duty,
        decision::Mark::Running { days_left } if days_left <= SOON => Tone::Due,
        decision::Mark::Running { .. } => Tone::Info,
        decision::Mark::Reported(ReportOutcome::Ok) => Tone::Done,
        decision::Mark::Reported(ReportOutcome::Issues | ReportOutcome::NotDeployed) => Tone::Risk,
        decision::Mark::Reported(ReportOutcome::Failed) => Tone::Breach,
        decision::Mark::Silent { consent: true } => Tone::Closed,
        decision::Mark::Silent { consent: false } => Tone::Late,
    }
}

/// What a site runs, told apart from reports: product and version.
pub(super) fn runs(site: &site::Site) -> Vec<(String, String)> {
    let runs = site.runs.iter();
    runs.map(|(product, running)| (clean(product), clean(&running.version)))
        .collect()
}

/// How many turns of a site are kept for its line.
const TURNS: usize = 24;

/// How a site kept what it agreed to; none for one that was never told of anything.
pub(super) fn ledger(figures: &Figures) -> Option<Ledger> {
    let (last, _) = figures.series.last()?;
    let skipped = figures.series.len().saturating_sub(TURNS);
    let turns = figures.series.iter().skip(skipped);
    Some(Ledger {
        kept: if figures.n == 0 {
            String::new()
        } else {
            format!("{}/{}", figures.kept, figures.n)
        },
        misses: figures.meets == Some(false),
        days: figures
            .median_days
            .map(|days| format!("{days} d"))
            .unwrap_or_default(),
        recent: turns.map(|(turnout, part)| turn(*turnout, *part)).collect(),
        last: last.label().to_owned(),
    })
}

fn turn(turnout: Turnout, part: Option<u32>) -> Turn {
    match turnout {
        Turnout::InTime => Turn::InTime(part.unwrap_or(0)),
        Turnout::Late => Turn::Late,
        Turnout::Consent => Turn::Consent,
        Turnout::Silent => Turn::Silent,
        Turnout::CalledOff => Turn::CalledOff,
        Turnout::Waiting => Turn::Waiting,
    }
}
