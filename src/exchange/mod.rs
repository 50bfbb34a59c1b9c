//! Other people's files, one format one file. Reads and writes bytes it is
//! given; opens nothing and knows no desk.

mod board;
mod cell;
mod day;
pub mod error;
pub mod fields;
pub mod format;
mod gather;
pub mod header;
pub mod holidays;
pub mod key;
pub mod mapped_csv;
pub mod promotions;
mod quote;
pub mod releases;
mod row;
pub mod sheet;
pub mod site_runs;
pub mod status_board;
mod submission_quirks;
pub mod submissions;
pub mod table;
pub mod write_csv;
pub mod write_markdown;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::kind::Kind;

/// What an import would bring in: the intent keeps where it came from, not the rows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Import {
    /// File names as given, without their folders.
    pub files: Vec<String>,
    /// The format that read them.
    pub format: String,
    /// How words of the file became words of the desk: `22 × DONE / OnGoing → staged-rollout`.
    #[serde(skip)]
    pub mapped: Vec<String>,
    #[serde(skip)]
    pub items: Vec<Item>,
    #[serde(skip)]
    pub rejected: Vec<Rejected>,
}

/// One record as a file describes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    pub kind: Kind,
    /// What makes it the same record at the next import: for a ticket
    /// `product|version|platform|arch`, lower case.
    pub key: String,
    /// The file and line it came from: `board.csv:12`.
    pub source: String,
    /// The ledger's fields; `state` is a state's word, days are `YYYY-MM-DD`.
    pub fields: BTreeMap<String, Value>,
}

/// One row that cannot be taken in, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rejected {
    pub source: String,
    pub why: String,
}
