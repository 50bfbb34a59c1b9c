//! What an action did, for the shell and for the screen's toast.

use std::collections::HashSet;

use serde::Serialize;

use super::refusal::Refusal;
use crate::exchange::Rejected;

/// What an action did.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Receipt {
    /// The commit's hash, eight digits are enough to name it; none in a preview
    /// or when there was nothing to change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// The records it made or changed, the main one first.
    pub ids: Vec<String>,
    /// What happened, one sentence a line.
    pub said: Vec<String>,
    /// What is worth knowing and stops nothing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// What a move drags along.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub moves: Vec<MoveLine>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub import: Option<ImportLines>,
    /// Of several actions at once what became of each, in their order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub results: Vec<ItemResult>,
}

impl Receipt {
    /// Names every record once, where it was named first.
    pub(super) fn name_each_once(&mut self) {
        let mut seen = HashSet::new();
        self.ids.retain(|id| seen.insert(id.clone()));
    }
}

/// What became of one of several actions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ItemResult {
    /// The record it was for.
    pub id: String,
    pub said: Vec<String>,
    /// Why it was left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<Refusal>,
}

/// One milestone that a move changes, or leaves and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MoveLine {
    pub id: String,
    pub code: String,
    pub name: String,
    pub from: Option<String>,
    pub to: Option<String>,
    pub by_days: i64,
    /// The code of what drags it, or why it stays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// What an import found.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ImportLines {
    pub format: String,
    pub new: usize,
    pub changed: usize,
    pub unchanged: usize,
    pub mapped: Vec<String>,
    pub lines: Vec<ImportLine>,
    pub rejected: Vec<Rejected>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ImportLine {
    pub outcome: &'static str,
    pub id: String,
    pub kind: &'static str,
    pub what: String,
    pub source: String,
    /// For a change: field, from, to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<(String, String, String)>,
}
