//! A defect that is known, with its workaround, printed in release notes until it is
//! fixed. A noun only.

use serde::{Deserialize, Serialize};

use super::report::Advisory;
use crate::domain::queue::version::compare;
use crate::domain::when::When;

/// A known error; the field names are the ledger's (DOMAIN.md b20).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownError {
    pub id: String,
    pub product: String,
    /// The versions that have it; empty is every one until it is fixed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub versions: Vec<String>,
    pub symptom: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workaround: Option<String>,
    /// Who found it.
    #[serde(default)]
    pub source: Source,
    /// The security advisory about it, and its risk class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advisory: Option<Advisory>,
    /// The problem it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fixed_in: Option<String>,
    /// When it was recorded, or its advisory came out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<When>,
    #[serde(rename = "state")]
    pub standing: ErrorStanding,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
}

/// Where a known error was found (DOMAIN.md b20). What a problem brought comes from
/// production, whichever site it was: rollout sites are production sites.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    Verification,
    StagedRollout,
    #[default]
    Production,
    Advisory,
}

impl Source {
    pub const WORDS: [&'static str; 4] =
        ["verification", "staged-rollout", "production", "advisory"];
    pub const ALL: [Self; 4] = [
        Self::Verification,
        Self::StagedRollout,
        Self::Production,
        Self::Advisory,
    ];

    pub fn word(self) -> &'static str {
        Self::WORDS[self as usize]
    }

    pub fn from_word(word: &str) -> Option<Self> {
        let word = word.trim().to_lowercase().replace([' ', '_'], "-");
        Self::ALL.into_iter().find(|it| it.word() == word)
    }
}

impl KnownError {
    pub fn is_open(&self) -> bool {
        !self.deleted && self.standing.state == ErrorState::Open
    }

    /// The event that its target counts from.
    pub fn since(&self) -> When {
        self.found.unwrap_or(self.standing.entered)
    }

    /// "FTS 3.13.2, 3.13.3".
    pub fn label(&self) -> String {
        format!("{} {}", self.product, self.versions.join(", "))
            .trim_end()
            .to_owned()
    }
}

/// The known error's `state` register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorStanding {
    pub state: ErrorState,
    pub entered: When,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorState {
    Open,
    Fixed,
}

impl ErrorState {
    pub fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Fixed => "fixed",
        }
    }
}

impl KnownError {
    /// Whether a version has it; where it or the version names none, it may.
    pub fn concerns(&self, version: Option<&str>) -> bool {
        let Some(version) = version else { return true };
        self.versions.is_empty()
            || self.versions.iter().any(|known| {
                known.trim() == version.trim()
                    || compare(known, version) == Some(std::cmp::Ordering::Equal)
            })
    }
}
