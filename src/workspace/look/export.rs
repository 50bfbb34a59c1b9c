//! A list written as CSV, JSON or Markdown.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use crate::domain::kind::Kind;
use crate::domain::plain::plain_json;
use crate::exchange::table::Table;
use crate::exchange::{write_csv, write_markdown};

/// The formats a list is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Csv,
    Json,
    Markdown,
}

impl Format {
    pub const ALL: [Self; 3] = [Self::Csv, Self::Json, Self::Markdown];

    /// The word that [`Self::from_word`] reads.
    pub fn word(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Markdown => "markdown",
        }
    }

    /// How a file of it ends.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Markdown => "md",
            Self::Csv | Self::Json => self.word(),
        }
    }

    /// Reads `csv`, `json`, `md` or `markdown`.
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "csv" => Some(Self::Csv),
            "json" => Some(Self::Json),
            "md" | "markdown" => Some(Self::Markdown),
            _ => None,
        }
    }
}

/// The rows of a list in a format, these columns only.
pub fn write(
    format: Format,
    kind: Kind,
    columns: &[&str],
    rows: &[Map<String, Value>],
    now: DateTime<Utc>,
) -> String {
    let cell = |row: &Map<String, Value>, name: &str| row.get(name).cloned().unwrap_or(Value::Null);
    let table = || Table {
        columns: columns.iter().map(|name| (*name).to_owned()).collect(),
        rows: rows
            .iter()
            .map(|row| columns.iter().map(|name| cell(row, name)).collect())
            .collect(),
    };
    match format {
        Format::Csv => write_csv::csv(&table()),
        Format::Markdown => write_markdown::markdown(&table()),
        Format::Json => {
            let item = |row| -> Value {
                columns
                    .iter()
                    .map(|name| ((*name).to_owned(), cell(row, name)))
                    .collect()
            };
            let document = json!({
                "schema": format!("relmate/{}/1", kind.plural().unwrap_or("list")),
                "as_of": now.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
                "items": rows.iter().map(item).collect::<Vec<_>>(),
            });
            format!("{}\n", plain_json(&format!("{document:#}")))
        }
    }
}
