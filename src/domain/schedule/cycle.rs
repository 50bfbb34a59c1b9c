//! One release cycle: its milestones share a start and a release date.

use serde::{Deserialize, Serialize};

use crate::domain::when::When;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CycleState {
    /// The schedule is being drafted; dates move freely.
    Draft,
    /// Approved: what stands now is `planned`, later moves are slips.
    Approved,
    Closed,
}

impl CycleState {
    pub fn word(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Approved => "approved",
            Self::Closed => "closed",
        }
    }

    /// Whether a move of a milestone is a slip, which has a reason.
    pub const fn moves_are_slips(self) -> bool {
        matches!(self, Self::Approved | Self::Closed)
    }
}

/// A cycle; the field names are the ledger's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cycle {
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<When>,
    /// The planned release; rules may say `release - 14 days`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<When>,
    #[serde(rename = "state")]
    pub standing: CycleStanding,
    /// The template its milestones came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
}

/// The cycle's `state` register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CycleStanding {
    pub state: CycleState,
    pub entered: When,
    /// Who approved it and where that is written down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<String>,
}
