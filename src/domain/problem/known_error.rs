//! A defect that is known, with its workaround, printed in release notes until it is
//! fixed. A noun only.

use serde::{Deserialize, Serialize};

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
    /// The problem it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fixed_in: Option<String>,
    #[serde(rename = "state")]
    pub standing: ErrorStanding,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
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
