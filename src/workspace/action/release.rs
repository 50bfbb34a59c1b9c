//! What is done to a distribution release, as a part of an action.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::distribution::release::{Ground, ReleaseKind, Skip};

/// One step; dates are resolved already.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "kebab-case")]
pub enum ReleaseAction {
    Add(ReleaseAdd),
    FreezeDate {
        name: String,
        /// Another date than the planned one.
        date: Option<NaiveDate>,
        /// Why a date that was frozen moves.
        reason: Option<String>,
    },
    Compose(Compose),
    Freeze {
        name: String,
    },
    /// Builds a candidate, or tells who has installed one.
    Candidate {
        name: String,
        /// One that is built already.
        candidate: Option<String>,
        sites: Vec<String>,
    },
    Sign {
        name: String,
        no: String,
    },
    Publish {
        name: String,
    },
    Recall {
        name: String,
        reason: Option<String>,
        /// The tickets that are recalled with it.
        tickets: Vec<String>,
        /// All of them.
        all: bool,
    },
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ReleaseAdd {
    pub name: String,
    /// None is what the number says.
    pub kind: Option<ReleaseKind>,
    pub incompatible: bool,
    pub date: Option<NaiveDate>,
    pub cycle: Option<String>,
    pub ground: Option<Ground>,
    pub reason: Option<String>,
    /// None named is all that the profile lets an emergency go without.
    pub skips: Vec<Skip>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Compose {
    pub name: String,
    pub tickets: Vec<String>,
    /// Every ticket that is ready.
    pub all: bool,
    /// Those that leave it.
    pub out: Vec<String>,
    pub reason: Option<String>,
}

impl ReleaseAction {
    /// The record it is done to, or the name of the one it makes.
    pub fn subject(&self) -> Option<&str> {
        match self {
            Self::Add(ReleaseAdd { name, .. })
            | Self::FreezeDate { name, .. }
            | Self::Compose(Compose { name, .. })
            | Self::Freeze { name }
            | Self::Candidate { name, .. }
            | Self::Sign { name, .. }
            | Self::Publish { name }
            | Self::Recall { name, .. } => Some(name),
        }
    }

    /// The words of the command line that does this.
    pub fn verb(&self) -> &'static str {
        match self {
            Self::Add(_) => "release add",
            Self::FreezeDate { .. } => "release freeze-date",
            Self::Compose(_) => "release compose",
            Self::Freeze { .. } => "release freeze",
            Self::Candidate { .. } => "release rc",
            Self::Sign { .. } => "release sign",
            Self::Publish { .. } => "release publish",
            Self::Recall { .. } => "release recall",
        }
    }
}
