//! One problem as a site filed it and as it is walked to its end (DOMAIN.md C3).
//! A noun only.

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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// Where in the rollout the site was; never told outside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<String>,
    #[serde(default)]
    pub text: String,
    #[serde(rename = "state")]
    pub standing: ProblemStanding,
    /// Decided on triage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub criticality: Option<Criticality>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claimed_by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub later: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
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

/// How bad a problem is, as the deciding body says.
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

    /// Why it keeps a release from being good for wide deployment, if it does: nobody has
    /// judged it yet, or it is critical.
    pub fn holds_up(&self) -> Option<&'static str> {
        match self.criticality {
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
