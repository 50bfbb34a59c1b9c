//! Every report that a desk can give: which there are, and what each is made from. A report's
//! text is made in `report`; here is only read.

mod about;
mod asked;
mod csv;
mod metrics;
mod queue;
pub(super) mod records;
mod sites;

use chrono::{DateTime, Utc};

pub use asked::Asked;

use super::Look;
use crate::report::document::Document;
use crate::report::render::{html, json, markdown, text};
use crate::workspace::refusal::Refusal;

/// A kind of report.
pub struct Kind {
    pub name: &'static str,
    /// One line, no stop at its end.
    pub about: &'static str,
    pub id: Id,
    gather: fn(&Look<'_>, &Asked) -> Result<Document, Refusal>,
}

/// Whether a report is of one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Id {
    Never,
    Ticket,
    PerhapsTicket,
}

const fn kind(
    name: &'static str,
    about: &'static str,
    id: Id,
    gather: fn(&Look<'_>, &Asked) -> Result<Document, Refusal>,
) -> Kind {
    Kind {
        name,
        about,
        id,
        gather,
    }
}

/// Every kind, in the order they are listed.
#[rustfmt::skip]
pub const KINDS: &[Kind] = &[
    kind("metrics", "The metrics of a period; --rows METRIC has the rows behind one", Id::Never, metrics::metrics),
    kind("sites", "The ledger of rollout sites: SLA kept, report rate, days", Id::Never, sites::sites),
    kind("versions", "Who runs what, and how that is known", Id::Never, sites::versions),
    kind("coverage", "Platforms and products that no site covers", Id::Never, sites::coverage),
    kind("time", "Where the time went: days by whoever held the ball", Id::PerhapsTicket, queue::time),
    kind("rollout", "The staged rollout of a ticket, site by site", Id::Ticket, about::rollout),
    kind("verification", "The verification of a ticket", Id::Ticket, about::verification),
    kind("repository", "What beta and production hold, and every promotion", Id::Never, queue::repository),
];

/// The kind of a name.
pub fn named(name: &str) -> Result<&'static Kind, Refusal> {
    let asked = name.trim().to_lowercase();
    KINDS.iter().find(|it| it.name == asked).ok_or_else(|| {
        let names: Vec<&str> = KINDS.iter().map(|it| it.name).collect();
        Refusal::usage(
            format!("There is no report {name}."),
            format!("There are {}.", names.join(", ")),
        )
    })
}

/// The report, made from the desk.
pub fn document(look: &Look<'_>, kind: &Kind, asked: &Asked) -> Result<Document, Refusal> {
    match (kind.id, &asked.id) {
        (Id::Never, Some(id)) => Err(Refusal::usage(
            format!(
                "The report {} is of the whole desk, not of {id}.",
                kind.name
            ),
            format!("Leave the id out: `relmate report {}`.", kind.name),
        )),
        (Id::Ticket, None) => Err(Refusal::usage(
            format!("The report {} is of one ticket.", kind.name),
            format!("Name it: `relmate report {} T-12`.", kind.name),
        )),
        _ => (kind.gather)(look, asked),
    }
}

/// The formats a report is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Text,
    Markdown,
    Html,
    Csv,
    Json,
}

impl Format {
    /// Reads `md`, `html`, `txt`, `csv` or `json`, also as the ending of a file's name.
    pub fn from_word(word: &str) -> Option<Self> {
        match word.to_lowercase().as_str() {
            "txt" | "text" => Some(Self::Text),
            "md" | "markdown" => Some(Self::Markdown),
            "html" | "htm" => Some(Self::Html),
            "csv" => Some(Self::Csv),
            "json" => Some(Self::Json),
            _ => None,
        }
    }
}

/// A report in a format; `linear` is for screen readers.
pub fn write(document: &Document, format: Format, now: DateTime<Utc>, linear: bool) -> String {
    match format {
        Format::Text => text::text(document, linear),
        Format::Markdown => markdown::markdown(document),
        Format::Html => html::html(document),
        Format::Csv => csv::csv(document),
        Format::Json => json::json(document, now),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_own_name_and_is_found_by_it() {
        for (index, kind) in KINDS.iter().enumerate() {
            assert!(KINDS[index + 1..].iter().all(|it| it.name != kind.name));
            assert_eq!(named(kind.name).unwrap().name, kind.name);
            assert!(!kind.about.ends_with('.'), "{}", kind.name);
        }
        assert!(named("horoscope").is_err());
    }
}
