//! What a technology provider hands in: a product release with its notes and packages.
//! The injection clock belongs to it and stops with the sent answer.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::state::SubmissionState;
use crate::domain::clock::{Limit, Pause};
use crate::domain::when::When;

/// A submission; the field names are the ledger's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    pub id: String,
    pub product: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes_url: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub packages: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel_id: Option<String>,
    /// The helpdesk's unit it came through.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub support_unit: Option<String>,
    pub targets: Vec<Target>,
    pub submitted: When,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub at_least: bool,
    #[serde(rename = "state")]
    pub standing: SubmissionStanding,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub injected: Option<When>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered: Option<When>,
    /// The tickets that injection brought into being.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tickets: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supersedes: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub emergency: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claimed_by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub later: Option<NaiveDate>,
    /// Why it was refused or withdrawn, or why a missing part was waived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
}

/// One platform and architecture that a submission is meant for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Target {
    pub platform: String,
    pub arch: String,
}

/// The submission's `state` register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubmissionStanding {
    pub state: SubmissionState,
    pub entered: When,
    /// The injection limit in force when it was submitted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<Limit>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pauses: Vec<Pause>,
    #[serde(default)]
    pub profile: u32,
}

impl Submission {
    /// "bdii 6.0.2".
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
