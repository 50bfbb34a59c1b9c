//! A product and its ID card: who makes it and whom a delay notice goes to.

use serde::{Deserialize, Serialize};

/// A product; the field names are the ledger's (DOMAIN.md b11, F7).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// The address on the product ID card that is told of delays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team_leader: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub documentation: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub support_unit: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
    /// How the software reports its own version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version_report: Option<String>,
    /// The team's own repository, out of band: a note, never a source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team_repository: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
}
