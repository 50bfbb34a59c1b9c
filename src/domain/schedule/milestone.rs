//! A dated gate of a cycle. Rule, planned, current and actual are four things
//! and never overwrite each other.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::when::When;

/// What the technical steering committee has to do with a milestone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Committee {
    #[default]
    None,
    Review,
    Approval,
}

impl Committee {
    pub const ALL: [Self; 3] = [Self::None, Self::Review, Self::Approval];
    pub const WORDS: [&'static str; 3] = [
        Self::None.word(),
        Self::Review.word(),
        Self::Approval.word(),
    ];

    pub const fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Review => "review",
            Self::Approval => "approval",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.word() == word)
    }
}

/// A milestone; the field names are the ledger's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Milestone {
    pub id: String,
    /// The cycle's name.
    pub cycle: String,
    /// `M3`, unique within its cycle.
    pub code: String,
    pub name: String,
    /// `M1 + 10 weeks`, `release - 14 days`, `M3 + 5 working days`; none for a fixed date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// The date of the approved schedule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planned: Option<When>,
    /// The date it stands at now; JSON calls it `due`.
    #[serde(default, rename = "current", skip_serializing_if = "Option::is_none")]
    pub due: Option<When>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actual: Option<When>,
    /// Its cycle was closed before it was done; nobody waits for it any more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub never_reached: bool,
    #[serde(default)]
    pub committee: Committee,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claimed_by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub later: Option<NaiveDate>,
    /// Every move, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub slips: Vec<Slip>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
}

impl Milestone {
    pub fn stands(&self, slip: &Slip) -> bool {
        slip.led_to(self.due, &self.slips)
    }
}

/// One move of a milestone's current date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slip {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<When>,
    pub to: When,
    pub reason: String,
    /// The milestone whose move dragged this one along, if it did not move itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dragged_by: Option<String>,
    pub by: String,
    pub on: When,
}

impl Slip {
    /// Whether a move is one of those that led to where its record stands: of two that were made
    /// apart one may have been settled for the other.
    pub fn led_to(&self, now: Option<When>, slips: &[Self]) -> bool {
        let to = Some(self.to);
        now == to || slips.iter().any(|later| later.from == to)
    }
}
