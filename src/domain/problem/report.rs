//! One problem as a site filed it and as it is walked to its end (DOMAIN.md C3).
//! A noun only.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::when::When;

/// A problem; the field names are the ledger's (DOMAIN.md b19).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    pub id: String,
    /// The id in the standard channel.
    pub channel_id: String,
    pub product: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The release it is about, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
    /// The rollout it came up in; told to nobody outside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub announcement: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// Where in the rollout the site was; told to nobody outside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<Stage>,
    #[serde(default)]
    pub text: String,
    #[serde(rename = "state")]
    pub standing: ProblemStanding,
    /// When it was filed; kept while the state moves on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filed: Option<When>,
    /// What was decided of it, by whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub triage: Option<Triage>,
    /// The provider was asked for a fix.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engaged: Option<Engaged>,
    /// The rollout was stopped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub halt: Option<Halt>,
    /// The version that restores the function.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub successor: Option<Successor>,
    /// Sites that run the bad version, as far as was known at the last step.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub affected: Vec<String>,
    /// By site: it was warned.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub told: BTreeMap<String, Told>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workaround: Option<String>,
    /// The known error that it became.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_error: Option<String>,
    /// The security advisory about it, and its risk class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advisory: Option<Advisory>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closing: Option<Closing>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claimed_by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub later: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
}

/// Where in a rollout the site was that met the problem. For the managers alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// One of the first sites, before the release was good for all.
    First,
    /// At its own risk, before the release was good for all.
    OwnRisk,
    General,
}

impl Stage {
    pub fn word(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::OwnRisk => "own-risk",
            Self::General => "general",
        }
    }
}

/// What the deciding body made of it: one value, so that a merge never puts one body's
/// name beside another one's decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Triage {
    pub criticality: Criticality,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<String>,
    pub body: String,
    /// Who decided it there.
    pub by: String,
    pub at: When,
}

/// The provider has been asked for a fix.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Engaged {
    pub at: When,
    pub whom: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// The rollout was stopped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Halt {
    pub at: When,
    pub reason: String,
    /// What it is stopped for: all sites, one platform.
    pub scope: String,
    /// The announcements that were running and that it stopped.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub announcements: Vec<String>,
}

/// The version that restores the function.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Successor {
    pub at: When,
    /// The submission or the ticket that brings it.
    pub id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

/// A site was warned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    pub at: When,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// A security advisory; its class says by when a fix is wanted (DOMAIN.md C7).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advisory {
    pub id: String,
    pub risk: Criticality,
}

/// How and by whom a problem was ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closing {
    #[serde(rename = "as")]
    pub how: Ending,
    pub at: When,
    /// The manager who closed it.
    pub by: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The problem it repeats, the known error it became, the ticket that was recalled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// The version that fixed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fixed_in: Option<String>,
    /// How critical it was before, and who decided otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Triage>,
    /// The body that decided that a critical one is no defect, and who decided there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<String>,
    /// What production holds instead, in a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub production: Option<String>,
}

/// The ways a problem may end; none of them is silence (DOMAIN.md C3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ending {
    Fixed,
    Recalled,
    Downgraded,
    Duplicate,
    NoDefect,
    KnownError,
}

impl Ending {
    pub const WORDS: [&'static str; 6] = [
        "fixed",
        "recalled",
        "downgraded",
        "duplicate",
        "no-defect",
        "known-error",
    ];
    pub const ALL: [Self; 6] = [
        Self::Fixed,
        Self::Recalled,
        Self::Downgraded,
        Self::Duplicate,
        Self::NoDefect,
        Self::KnownError,
    ];

    pub fn word(self) -> &'static str {
        Self::WORDS[self as usize]
    }

    /// As a sentence says it: "closed as no defect".
    pub fn label(self) -> &'static str {
        match self {
            Self::Fixed => "fixed",
            Self::Recalled => "recalled",
            Self::Downgraded => "downgraded",
            Self::Duplicate => "a duplicate",
            Self::NoDefect => "no defect",
            Self::KnownError => "a known error",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        let word = word.trim().to_lowercase().replace([' ', '_'], "-");
        Self::ALL.into_iter().find(|it| it.word() == word)
    }
}

/// The problem's `state` register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProblemStanding {
    pub state: ProblemState,
    pub entered: When,
    pub by: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProblemState {
    Filed,
    Triaged,
    Engaged,
    Fixing,
    Closed,
}

impl ProblemState {
    pub const ALL: [Self; 5] = [
        Self::Filed,
        Self::Triaged,
        Self::Engaged,
        Self::Fixing,
        Self::Closed,
    ];

    pub fn word(self) -> &'static str {
        match self {
            Self::Filed => "filed",
            Self::Triaged => "triaged",
            Self::Engaged => "engaged",
            Self::Fixing => "fixing",
            Self::Closed => "closed",
        }
    }
}

/// How bad a problem is, as the deciding body says; the risk class of an advisory is said
/// in the same four words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Criticality {
    Critical,
    High,
    Moderate,
    Low,
}

impl Criticality {
    pub const WORDS: [&'static str; 4] = ["critical", "high", "moderate", "low"];
    pub const ALL: [Self; 4] = [Self::Critical, Self::High, Self::Moderate, Self::Low];

    pub fn word(self) -> &'static str {
        Self::WORDS[self as usize]
    }

    pub fn from_word(word: &str) -> Option<Self> {
        let word = word.trim().to_lowercase();
        Self::ALL.into_iter().find(|it| it.word() == word)
    }
}

impl Problem {
    pub fn is_open(&self) -> bool {
        !self.deleted && self.standing.state != ProblemState::Closed
    }

    /// What was decided; none before triage.
    pub fn criticality(&self) -> Option<Criticality> {
        self.triage.as_ref().map(|it| it.criticality)
    }

    pub fn is_critical(&self) -> bool {
        self.criticality() == Some(Criticality::Critical)
    }

    /// When it was filed.
    pub fn filed(&self) -> When {
        self.filed.unwrap_or(self.standing.entered)
    }

    /// Affected sites that nobody has warned; the one that filed it knows.
    pub fn untold(&self) -> impl Iterator<Item = &str> {
        let knows = |site: &str| {
            self.told.contains_key(site)
                || self
                    .site
                    .as_deref()
                    .is_some_and(|it| it.eq_ignore_ascii_case(site))
        };
        self.affected
            .iter()
            .map(String::as_str)
            .filter(move |site| !knows(site))
    }

    /// Why it keeps a release from being good for wide deployment, if it does: nobody has
    /// judged it yet, or it is critical.
    pub fn holds_up(&self) -> Option<&'static str> {
        match self.criticality() {
            _ if !self.is_open() => None,
            None => Some("not triaged"),
            Some(Criticality::Critical) => Some("critical"),
            Some(Criticality::High | Criticality::Moderate | Criticality::Low) => None,
        }
    }

    /// "FTS 3.13.2".
    pub fn label(&self) -> String {
        match &self.version {
            Some(version) => format!("{} {version}", self.product),
            None => self.product.clone(),
        }
    }

    pub fn who(&self) -> Option<&str> {
        self.claimed_by.as_deref().or(self.owner.as_deref())
    }
}
