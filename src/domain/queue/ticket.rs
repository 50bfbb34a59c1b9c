//! One product release on one platform and architecture, as the desk knows it.
//! A noun only: what may happen to it is in `step`, what its clocks say in `clocks`.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::state::Standing;
use crate::domain::when::When;

/// A ticket; the field names are the ledger's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    pub id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub submission: Option<String>,
    pub product: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    #[serde(default)]
    pub platform: String,
    #[serde(default)]
    pub arch: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    #[serde(rename = "state")]
    pub standing: Standing,
    /// Why it is late, in the managers' words; needed to be `delayed`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delay_reason: Option<String>,
    /// The promised date of a delayed ticket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promised: Option<NaiveDate>,
    /// When a delayed ticket without a promise is looked at again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<NaiveDate>,
    /// The last day the product team heard of it (R-67; PROC25's two months).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub informed: Option<NaiveDate>,
    /// A date somebody else expects it to be through; never a limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verifier: Option<String>,
    /// The release manager who answers for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claimed_by: Option<String>,
    /// Not before this day in anybody's list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub later: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub emergency: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub packages: Vec<String>,
    /// The id in the helpdesk (GGUS).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel_id: Option<String>,
    /// The id in the request tracker (RT).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tracking_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes_url: Option<String>,
    /// Result by quality criterion.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub results: BTreeMap<String, CheckResult>,
    /// Sites that really tried it; counted against the profile's `min_reports`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tested_by: Vec<String>,
    /// The question the provider has been asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    /// Why it was rejected, withdrawn or recalled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closing_reason: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub superseded_by: Option<String>,
    /// Where an import found it: file and line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
}

/// What a verifier found for one criterion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckResult {
    pub result: Outcome,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    pub by: String,
    pub on: When,
}

/// The five results of a quality criterion (DOMAIN.md b16).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Outcome {
    Ok,
    Warning,
    Fail,
    Na,
    NotTested,
}

impl Outcome {
    pub const ALL: [Self; 5] = [
        Self::Ok,
        Self::Warning,
        Self::Fail,
        Self::Na,
        Self::NotTested,
    ];

    pub fn word(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Warning => "WARNING",
            Self::Fail => "FAIL",
            Self::Na => "NA",
            Self::NotTested => "NOT_TESTED",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        let word = word.trim().to_uppercase().replace(['-', ' '], "_");
        Self::ALL.into_iter().find(|outcome| outcome.word() == word)
    }
}

impl Ticket {
    /// "ARC 7.0.3 al9": how a row names it; the version is left out while unknown.
    pub fn label(&self) -> String {
        let mut label = self.product.clone();
        for part in [self.version.as_deref().unwrap_or(""), &self.platform] {
            if !part.is_empty() {
                label.push(' ');
                label.push_str(part);
            }
        }
        label
    }

    /// Who is asked first: who claimed it, else who answers for it.
    pub fn who(&self) -> Option<&str> {
        self.claimed_by.as_deref().or(self.owner.as_deref())
    }
}
