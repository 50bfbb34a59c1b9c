//! A production site that tries releases first, and what it has agreed to.
//! Records only; what follows from an SLA belongs to a later part.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A rollout site; the field names are the ledger's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// Agreement by product name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub sla: BTreeMap<String, Sla>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
}

/// Days in which a site reports after an announcement (document 001).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sla {
    pub days: u32,
    #[serde(default)]
    pub working: bool,
}
