//! One release announced to its rollout sites: who was told when, how long each has,
//! and what each reported. A noun only: what it adds up to is in `decision`.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::site::ReportDuty;
use crate::domain::clock::{Limit, Pause};
use crate::domain::when::When;
use crate::domain::zone::Zone;

/// An announcement; the field names are the ledger's (DOMAIN.md b18).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announcement {
    pub id: String,
    pub ticket: String,
    pub product: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    #[serde(default)]
    pub platform: String,
    #[serde(default)]
    pub arch: String,
    #[serde(rename = "state")]
    pub standing: AnnouncementStanding,
    /// By site: when it was told and how long it has.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub turn: BTreeMap<String, Turn>,
    /// By site: when the announcement went out. Apart from `turn`, so that a manager who sends
    /// and one who reminds never write over each other.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub sent: BTreeMap<String, When>,
    /// By site: the reminder that was drafted last.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub reminder: BTreeMap<String, String>,
    /// Days on which it was halted, and nobody's time ran; in no order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pauses: Vec<Pause>,
    /// By site: it will try it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub accepted: BTreeMap<String, When>,
    /// By site: it runs it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub deployed: BTreeMap<String, When>,
    /// Every report there was, in no order; two of one site are both kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reports: Vec<SiteReport>,
    /// By site: the problem that was filed about its failure.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub problem: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claimed_by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub later: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
}

/// The announcement's `state` register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnnouncementStanding {
    pub state: AnnouncementState,
    pub entered: When,
    /// Once it is closed: what decided it, in a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sentence: Option<String>,
    /// The version of the profile this was judged under.
    #[serde(default)]
    pub profile: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AnnouncementState {
    /// Sites are trying it.
    Running,
    /// A problem stopped it (DOMAIN.md C3).
    Halted,
    /// Good for wide deployment.
    Good,
    /// Over without being good: rejected, withdrawn, recalled.
    Ended,
}

impl AnnouncementState {
    pub const ALL: [Self; 4] = [Self::Running, Self::Halted, Self::Good, Self::Ended];

    pub fn word(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Halted => "halted",
            Self::Good => "good",
            Self::Ended => "ended",
        }
    }

    pub fn is_open(self) -> bool {
        matches!(self, Self::Running | Self::Halted)
    }
}

/// What one site was told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// When its period began: the day it was announced, from the sending on the day of that.
    pub announced: When,
    /// The announcement is out; a site that nobody told cannot be silent. Read from the
    /// announcement's `sent`.
    #[serde(default)]
    pub sent: bool,
    /// The drafted text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// How long it has: its SLA, or what was set for this case.
    pub limit: Limit,
    #[serde(default)]
    pub reports: ReportDuty,
    /// Days that do not count, read from the announcement.
    #[serde(skip)]
    pub pauses: Vec<Pause>,
}

/// What a site told of one release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteReport {
    pub site: String,
    pub outcome: ReportOutcome,
    pub received: When,
    /// When it was recorded: of two that came on one day the later one recorded is the later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recorded: Option<When>,
    /// The version it runs, and how that was found out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub how: Option<String>,
    /// What it tried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tested: Option<String>,
    /// Users or jobs that were exposed to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exposed: Option<String>,
    /// The ids of issues in the standard channel.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub issues: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<u32>,
    /// Whether it would deploy it widely.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub widely: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Who recorded it.
    pub by: String,
}

/// How a trial ended (DOMAIN.md C2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReportOutcome {
    Ok,
    Issues,
    Failed,
    NotDeployed,
}

impl ReportOutcome {
    pub const WORDS: [&'static str; 4] = ["ok", "issues", "failed", "not-deployed"];
    pub const ALL: [Self; 4] = [Self::Ok, Self::Issues, Self::Failed, Self::NotDeployed];

    pub fn word(self) -> &'static str {
        Self::WORDS[self as usize]
    }

    /// As a table says it: `ok with issues`.
    pub fn label(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Issues => "ok with issues",
            Self::Failed => "failed",
            Self::NotDeployed => "not deployed",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        let word = word.trim().to_lowercase().replace([' ', '_'], "-");
        let word = if word == "ok-with-issues" {
            "issues"
        } else {
            &word
        };
        Self::ALL.into_iter().find(|it| it.word() == word)
    }

    /// The site has really tried it; one that did not deploy it has not.
    pub fn is_trial(self) -> bool {
        !matches!(self, Self::NotDeployed)
    }
}

impl SiteReport {
    /// Sorts the reports of a site as they came; where nobody can tell, the worst comes last,
    /// so that it counts.
    pub fn order(&self, zone: &Zone) -> (NaiveDate, DateTime<Utc>, u8) {
        let told = self.recorded.unwrap_or(self.received);
        let worse = match self.outcome {
            ReportOutcome::Ok => 0,
            ReportOutcome::NotDeployed => 1,
            ReportOutcome::Issues => 2,
            ReportOutcome::Failed => 3,
        };
        (self.received.day(zone), told.start(zone), worse)
    }
}

impl Announcement {
    /// With every turn told as sent or not, and its period from the sending on where that was
    /// later: what is kept apart is read as one.
    #[must_use]
    pub fn settled(mut self) -> Self {
        let utc = Zone::utc();
        for (site, at) in &self.sent {
            if let Some(turn) = self.turn.get_mut(site) {
                turn.sent = true;
                if at.start(&utc) > turn.announced.end(&utc) {
                    turn.announced = *at;
                }
            }
        }
        self.pauses.sort_by_key(|pause| pause.from);
        for turn in self.turn.values_mut() {
            turn.pauses.clone_from(&self.pauses);
        }
        self
    }

    /// "ARC 7.0.3 al9", as the ticket is named.
    pub fn label(&self) -> String {
        let parts = [
            self.product.as_str(),
            self.version.as_deref().unwrap_or(""),
            &self.platform,
        ];
        let parts: Vec<&str> = parts.into_iter().filter(|it| !it.is_empty()).collect();
        parts.join(" ")
    }

    /// Who is asked first: who claimed it, else who answers for it.
    pub fn who(&self) -> Option<&str> {
        self.claimed_by.as_deref().or(self.owner.as_deref())
    }
}
