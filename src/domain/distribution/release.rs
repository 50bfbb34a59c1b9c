//! One release of the distribution (DOMAIN.md C4). A noun only: what may be done to it is
//! in `guard`, when is in `countdown`.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::countdown::Planned;
use crate::domain::schedule::milestone::Slip;
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
    /// The cycle it closes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cycle: Option<String>,
    /// Every move of its date since that was frozen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub slips: Vec<Slip>,
    /// The tickets composed into it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tickets: Vec<String>,
    /// The tickets that its contents were frozen with, as the freeze wrote them; nothing
    /// composed later is in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frozen: Option<Vec<String>>,
    /// The tickets taken out after the freeze; each by itself, so that two managers may.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removed: Vec<String>,
    /// The day its contents were frozen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frozen_on: Option<NaiveDate>,
    /// What missed it; in no order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub moved: Vec<Moved>,
    /// Its release candidates, and where each was installed; in no order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<Candidate>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub installed: Vec<Installed>,
    /// The countdown as the profile had it when the date was frozen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub countdown: Vec<Planned>,
    /// Who signed which action of the countdown, by its number.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub signed: BTreeMap<String, Signature>,
    /// The actions whose signatures it was published on, by their numbers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rests_on: Vec<String>,
    /// Signatures of what has changed since; they count no more.
    #[serde(skip)]
    pub overtaken: BTreeMap<String, Signature>,
    /// On what ground it is an emergency, and why that holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ground: Option<Ground>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What an emergency release goes without, and why.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub skips: BTreeMap<Skip, String>,
    /// What its notes say above what is composed from its tickets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// What is wrong with it besides the known errors of its products.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_issues: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub installation: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repository: Option<String>,
    /// Security advisories that its notes link (countdown 4.4).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub advisories: Vec<String>,
    /// What a release that was imported brought; one of the desk has tickets.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shipped: Vec<Shipped>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recalled: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recall_reason: Option<String>,
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

/// A ticket that was not ready at the contents freeze.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    pub ticket: String,
    pub why: String,
    /// The release it is in now.
    pub next: String,
    pub on: NaiveDate,
}

/// A release candidate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    pub name: String,
    pub built: When,
    pub by: String,
}

/// A site that has installed a candidate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Installed {
    pub candidate: String,
    pub site: String,
}

/// A name under an action of the countdown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    pub by: String,
    pub on: When,
    /// A digest of what was signed, and how far along the release that lies (`covering`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub covers: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rests: Option<ReleaseState>,
}

/// One product as an imported release shipped it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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

    /// Its contents stand and are not out yet.
    pub fn is_frozen(self) -> bool {
        matches!(self, Self::ContentsFrozen | Self::Candidate)
    }
}

/// What kind of release it is (DOMAIN.md C4).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
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

/// The only grounds on which a release is an emergency (EGI's release policy; DOMAIN.md C4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ground {
    CriticalSecurityPatch,
    CriticalBugAtSeveralSites,
}

impl Ground {
    pub const WORDS: [&'static str; 2] =
        ["critical-security-patch", "critical-bug-at-several-sites"];
    pub const ALL: [Self; 2] = [Self::CriticalSecurityPatch, Self::CriticalBugAtSeveralSites];

    pub fn word(self) -> &'static str {
        Self::WORDS[self as usize]
    }

    pub fn from_word(word: &str) -> Option<Self> {
        let word = word.trim().to_lowercase();
        Self::ALL.into_iter().find(|it| it.word() == word)
    }
}

/// What an emergency release may go without. Notes, sign-off and a consistent production
/// repository are not here: nothing may go without them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Skip {
    DateFreeze,
    Candidate,
}

impl Skip {
    pub const WORDS: [&'static str; 2] = ["date-freeze", "candidate"];
    pub const ALL: [Self; 2] = [Self::DateFreeze, Self::Candidate];

    pub fn word(self) -> &'static str {
        Self::WORDS[self as usize]
    }

    pub fn from_word(word: &str) -> Option<Self> {
        let word = word.trim().to_lowercase();
        Self::ALL.into_iter().find(|it| it.word() == word)
    }
}

impl Release {
    /// What is in it: what it was frozen with but for what was taken out since, else what is
    /// composed so far.
    pub fn contents(&self) -> Vec<&str> {
        let Some(frozen) = &self.frozen else {
            return self.tickets.iter().map(String::as_str).collect();
        };
        let stays = |id: &&String| !self.removed.contains(id);
        frozen.iter().filter(stays).map(String::as_str).collect()
    }

    pub fn has(&self, ticket: &str) -> bool {
        self.contents().contains(&ticket)
    }

    pub fn skips(&self, what: Skip) -> bool {
        self.kind == ReleaseKind::Emergency && self.skips.contains_key(&what)
    }

    /// Where an installed candidate runs, by name.
    pub fn sites_of(&self, candidate: &str) -> Vec<&str> {
        let mut sites: Vec<&str> = self
            .installed
            .iter()
            .filter(|it| it.candidate == candidate)
            .map(|it| it.site.as_str())
            .collect();
        sites.sort_unstable();
        sites
    }

    /// The candidates in the order they were built.
    pub fn built(&self) -> Vec<&Candidate> {
        let mut built: Vec<&Candidate> = self.candidates.iter().collect();
        built.sort_by_key(|it| (it.name.len(), it.name.as_str()));
        built
    }

    pub fn who(&self) -> Option<&str> {
        self.claimed_by.as_deref().or(self.owner.as_deref())
    }
}
