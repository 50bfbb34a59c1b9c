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
    /// The organisation of everybody who was named to verify it, as it was then: the rule about
    /// a product's own team is judged by this record alone.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub team: BTreeMap<String, String>,
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
    /// What entered which repository, when and on what proof; in no order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub promotions: Vec<Promotion>,
    /// When its rollout sites were first told of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub announced: Option<When>,
    /// Sites that went ahead at their own risk.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub early: BTreeMap<String, Early>,
    /// Where it was verified.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub testbed: Option<String>,
    /// What its verification took, in minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effort: Option<u32>,
    /// What the rollout sites should watch in production.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub watch: Vec<String>,
    /// How its verification ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified: Option<Verified>,
    /// The distribution release it is in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<String>,
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

/// A release in a repository.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promotion {
    pub to: Repository,
    pub at: When,
    pub by: String,
    /// The certification mark and the test behind it, the rule that decided, or a merge
    /// that an import names.
    pub proof: String,
}

/// Where releases come from: one beta and one production repository (document 001).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Repository {
    Beta,
    Production,
}

impl Repository {
    pub fn word(self) -> &'static str {
        match self {
            Self::Beta => "beta",
            Self::Production => "production",
        }
    }
}

/// A site that did not wait.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Early {
    pub at: When,
    /// Who at the site took the risk.
    pub accepted_by: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    pub by: String,
}

/// The end of a verification that passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verified {
    Clean,
    WithWarnings,
}

/// What a verifier found for one criterion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckResult {
    pub result: Outcome,
    /// A failure of what is critical, by the profile that it was recorded under.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub critical: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
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

    pub fn is_failure(self) -> bool {
        self == Self::Fail
    }

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

    /// The sites that are said to have tried it elsewhere, each once.
    pub fn tried_by(&self) -> Vec<String> {
        let mut sites: Vec<String> = self
            .tested_by
            .iter()
            .map(|site| site.to_lowercase())
            .collect();
        sites.sort();
        sites.dedup();
        sites
    }

    /// The latest entry into a repository.
    pub fn promoted(&self, to: Repository) -> Option<&Promotion> {
        self.promotions
            .iter()
            .filter(|it| it.to == to)
            .max_by(|left, right| left.at.to_string().cmp(&right.at.to_string()))
    }

    /// Who is asked first: who claimed it, else who answers for it.
    pub fn who(&self) -> Option<&str> {
        self.claimed_by.as_deref().or(self.owner.as_deref())
    }
}
