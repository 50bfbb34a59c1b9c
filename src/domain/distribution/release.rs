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
    /// What went out with it, as an import told; tickets of this desk are in `tickets`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shipped: Vec<Shipped>,
    /// Security advisories it answers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub advisories: Vec<String>,
    /// Words that an import's source mentions of it: `emergency`, `security`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<String>,
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

/// One product that went out with a release, as other people's files tell it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shipped {
    pub product: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arch: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
}

impl Shipped {
    /// "LFC 1.8.7 sl5".
    pub fn label(&self) -> String {
        let parts = [
            Some(self.product.as_str()),
            self.version.as_deref(),
            self.platform.as_deref(),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
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
