//! What is done in a staged rollout, as a part of an action.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::rollout::announcement::ReportOutcome;
use crate::domain::rollout::site::ReportDuty;

/// One step; dates are resolved already.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "kebab-case")]
pub enum RolloutAction {
    Sla(Agreement),
    Criteria {
        site: String,
        met: Vec<String>,
        lacking: Vec<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        product: Option<String>,
    },
    Back {
        site: String,
        on: NaiveDate,
        product: Option<String>,
    },
    Absent {
        site: String,
        from: NaiveDate,
        /// None is until further notice.
        to: Option<NaiveDate>,
        product: Option<String>,
        reason: Option<String>,
    },
    Runs {
        site: String,
        product: String,
        version: String,
        platform: Option<String>,
        how: Option<String>,
    },
    Announce(Announce),
    Accept {
        id: String,
        site: String,
        deployed: bool,
    },
    Report {
        id: String,
        site: String,
        told: Told,
    },
    Remind {
        id: String,
        sites: Vec<String>,
    },
    Early {
        id: String,
        site: String,
        accepted_by: Option<String>,
        version: Option<String>,
    },
}

/// What a site agrees to for a product.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Agreement {
    pub site: String,
    pub product: String,
    pub days: u32,
    #[serde(default)]
    pub working: bool,
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    pub target: Option<u32>,
    #[serde(default)]
    pub reports: ReportDuty,
    pub reason: Option<String>,
}

/// Who is told of a release, and with which period.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Announce {
    pub ticket: String,
    /// None named is every site with an agreement on the product.
    #[serde(default)]
    pub sites: Vec<String>,
    /// A period of its own for this case, as in an emergency.
    pub days: Option<u32>,
    #[serde(default)]
    pub working: bool,
    /// They have been told already; no text is drafted.
    #[serde(default)]
    pub told: bool,
}

/// What a site says of its trial.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Told {
    pub outcome: ReportOutcome,
    pub version: Option<String>,
    pub how: Option<String>,
    pub tested: Option<String>,
    pub exposed: Option<String>,
    #[serde(default)]
    pub issues: Vec<String>,
    pub minutes: Option<u32>,
    pub widely: Option<bool>,
    pub note: Option<String>,
}

impl RolloutAction {
    /// The record it is done to.
    pub fn subject(&self) -> Option<&str> {
        Some(match self {
            Self::Sla(Agreement { site, .. })
            | Self::Criteria { site, .. }
            | Self::Back { site, .. }
            | Self::Absent { site, .. }
            | Self::Runs { site, .. } => site,
            Self::Announce(Announce { ticket, .. }) => ticket,
            Self::Accept { id, .. }
            | Self::Report { id, .. }
            | Self::Remind { id, .. }
            | Self::Early { id, .. } => id,
        })
    }

    /// The words of the command line that does this.
    pub fn verb(&self) -> &'static str {
        match self {
            Self::Sla(_) => "site sla",
            Self::Criteria { .. } => "site criteria",
            Self::Absent { .. } => "site absent",
            Self::Back { .. } => "site back",
            Self::Runs { .. } => "site runs",
            Self::Announce(_) => "announce",
            Self::Accept { .. } => "site accept",
            Self::Report { .. } => "site report",
            Self::Remind { .. } => "site remind",
            Self::Early { .. } => "site early",
        }
    }
}
