//! A production site that tries releases first, what it has agreed to, and what it runs.
//! A noun only: what follows from an agreement is in `decision` and `ledger`.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::clock::{Limit, Unit};

/// A rollout site; the field names are the ledger's (DOMAIN.md b17).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// `Some(false)` is a site outside the production infrastructure; nothing is announced to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub production: Option<bool>,
    /// Platforms it can try, as tickets name them; empty is not known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub platforms: Vec<String>,
    /// An IANA name: `Europe/Rome`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
    /// Agreement by product name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub sla: BTreeMap<String, Sla>,
    /// By criterion of the profile: whether it is met. What is not in here nobody has looked at.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub criteria: BTreeMap<String, Tick>,
    /// When it cannot try anything.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub away: Vec<Absence>,
    /// By product: what it runs, told apart from reports.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub runs: BTreeMap<String, Running>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
}

/// What a site agreed to for a product (document 001).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sla {
    /// Days in which it reports after an announcement.
    pub days: u32,
    #[serde(default)]
    pub working: bool,
    /// The first and the last day it holds; none is since ever and until further notice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
    /// The share of announcements it answers in time, in percent; none is the profile's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<u32>,
    #[serde(default)]
    pub reports: ReportDuty,
    /// Why it is on the list although it lacks a criterion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What an agreement asks to be reported.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReportDuty {
    /// Every trial; silence breaks the agreement.
    #[default]
    Always,
    /// Failures only; silence keeps the agreement.
    FailuresOnly,
}

impl ReportDuty {
    pub const WORDS: [&'static str; 2] = ["always", "failures-only"];

    pub fn word(self) -> &'static str {
        Self::WORDS[self as usize]
    }

    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Always, Self::FailuresOnly]
            .into_iter()
            .find(|it| it.word() == word)
    }
}

/// Whether a site meets one criterion, and who says so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tick {
    pub met: bool,
    pub on: NaiveDate,
    pub by: String,
}

/// Days on which a site tries nothing, of every product or of one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Absence {
    pub from: NaiveDate,
    /// None is until further notice: it has opted out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A version that runs at a site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Running {
    pub version: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<String>,
    /// The day it was seen.
    pub on: NaiveDate,
    /// How it is known: a report, a probe, a person, an import.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub how: Option<String>,
}

impl Sla {
    /// The period as a clock's limit.
    pub fn limit(&self) -> Limit {
        Limit {
            n: self.days,
            unit: if self.working {
                Unit::WorkingDays
            } else {
                Unit::Days
            },
        }
    }

    /// Whether it holds on a day.
    pub fn holds(&self, day: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }
}

impl Absence {
    /// Whether it lasts on a day or begins later.
    pub fn ends_after(&self, day: NaiveDate) -> bool {
        self.to.is_none_or(|to| day <= to)
    }

    /// Whether a product cannot be tried on a day.
    pub fn covers(&self, product: &str, day: NaiveDate) -> bool {
        let of_it = self
            .product
            .as_deref()
            .is_none_or(|it| it.eq_ignore_ascii_case(product));
        of_it && self.from <= day && self.to.is_none_or(|to| day <= to)
    }
}

/// What stands between a product and the first day of a later agreement.
const NEXT: &str = " from ";

/// The name of a tick: of the site, or of one product there.
pub fn tick_name(criterion: &str, product: Option<&str>) -> String {
    match product {
        Some(product) => format!("{criterion} for {product}"),
        None => criterion.to_owned(),
    }
}

impl Site {
    /// The agreement on a product that holds on a day, else the one that comes nearest; a new
    /// one stands beside the old one until it begins.
    pub fn agreement(&self, product: &str, day: NaiveDate) -> Option<&Sla> {
        let of_it = |name: &&String| {
            let name = name.split(NEXT).next().unwrap_or_default();
            name.eq_ignore_ascii_case(product)
        };
        let mut known: Vec<&Sla> = self
            .sla
            .iter()
            .filter(|(name, _)| of_it(name))
            .map(|(_, sla)| sla)
            .collect();
        known.sort_by_key(|sla| (sla.holds(day), sla.from));
        known.last().copied()
    }

    /// Under which name a new agreement is kept: one that begins later keeps the old one.
    pub fn kept_as(&self, product: &str, sla: &Sla) -> String {
        match (self.sla.get(product), sla.from) {
            (Some(old), Some(from)) if old.from != sla.from => format!("{product}{NEXT}{from}"),
            _ => product.to_owned(),
        }
    }

    /// Whether a criterion is met for a product: what is ticked for it counts over what is
    /// ticked for the site; none where nobody has looked.
    pub fn meets(&self, criterion: &str, product: Option<&str>) -> Option<bool> {
        let of_product = product.and_then(|it| self.criteria.get(&tick_name(criterion, Some(it))));
        let of_site = self.criteria.get(criterion);
        of_product.or(of_site).map(|tick| tick.met)
    }

    /// Why it cannot try a product on a day, if it cannot.
    pub fn absent(&self, product: &str, day: NaiveDate) -> Option<&Absence> {
        self.away.iter().find(|it| it.covers(product, day))
    }
}
