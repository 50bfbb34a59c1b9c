//! One release of the distribution (DOMAIN.md C4). A noun only.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::when::When;

/// A distribution release; the field names are the ledger's (DOMAIN.md b21).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// "CMD 1.4.0": the distribution and its version.
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distribution: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    #[serde(default, rename = "kind")]
    pub kind: ReleaseKind,
    #[serde(rename = "state")]
    pub standing: ReleaseStanding,
    /// The day it was taken up, and the day it is or was published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<NaiveDate>,
    /// The tickets in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tickets: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claimed_by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub later: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
}

/// The release's `state` register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseStanding {
    pub state: ReleaseState,
    pub entered: When,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReleaseState {
    Planned,
    DateFrozen,
    ContentsFrozen,
    Candidate,
    Published,
    Recalled,
}

impl ReleaseState {
    pub const ALL: [Self; 6] = [
        Self::Planned,
        Self::DateFrozen,
        Self::ContentsFrozen,
        Self::Candidate,
        Self::Published,
        Self::Recalled,
    ];

    pub fn word(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::DateFrozen => "date-frozen",
            Self::ContentsFrozen => "contents-frozen",
            Self::Candidate => "candidate",
            Self::Published => "published",
            Self::Recalled => "recalled",
        }
    }

    pub fn is_open(self) -> bool {
        !matches!(self, Self::Published | Self::Recalled)
    }
}

/// What kind of release it is (DOMAIN.md C4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReleaseKind {
    Major,
    #[default]
    Minor,
    Revision,
    Emergency,
}

impl ReleaseKind {
    pub const WORDS: [&'static str; 4] = ["major", "minor", "revision", "emergency"];
    pub const ALL: [Self; 4] = [Self::Major, Self::Minor, Self::Revision, Self::Emergency];

    pub fn word(self) -> &'static str {
        Self::WORDS[self as usize]
    }

    pub fn from_word(word: &str) -> Option<Self> {
        let word = word.trim().to_lowercase();
        Self::ALL.into_iter().find(|it| it.word() == word)
    }
}
