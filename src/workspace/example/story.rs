//! The invented part of the example, as `assets/example/story.toml` tells it.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::wrong;
use crate::workspace::refusal::Refusal;

/// The fields of an action that a step says itself.
pub(super) type Fields = Map<String, Value>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Story {
    pub(super) desk: Desk,
    pub(super) contacts: Contacts,
    pub(super) board: BTreeMap<String, Stand>,
    pub(super) steps: Vec<Step>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Desk {
    pub(super) name: String,
    pub(super) timezone: String,
    pub(super) managers: Vec<String>,
    /// The name of a shipped profile.
    pub(super) profile: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Contacts {
    pub(super) domain: String,
    /// Products that nobody can be told about.
    pub(super) missing: Vec<String>,
}

/// Where a product of the board stands, and since which day counted from today.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Stand {
    pub(super) state: String,
    pub(super) day: i64,
    pub(super) reason: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Step {
    /// Counted from today.
    pub(super) day: Option<i64>,
    /// Counted from the start of the cycle.
    pub(super) cycle_day: Option<i64>,
    pub(super) by: String,
    #[serde(rename = "for")]
    pub(super) on_behalf: Option<String>,
    /// When it happened, if that is not when it was recorded.
    pub(super) at: Option<String>,
    /// Whether what it drafts is sent at once.
    #[serde(default)]
    pub(super) sent: bool,
    #[serde(rename = "do")]
    pub(super) deed: String,
    #[serde(flatten)]
    pub(super) rest: Fields,
}

impl Story {
    pub(super) fn read() -> Result<Self, Refusal> {
        toml::from_str(include_str!("../../../assets/example/story.toml"))
            .map_err(|error| wrong(&error.to_string()))
    }
}
