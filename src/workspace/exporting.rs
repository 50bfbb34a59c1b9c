//! A list written into a file of its own for whoever asks on the screen. Never writes over
//! a file that is there, and never into the desk.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::files;
use super::look::Look;
use super::look::export::{self, Format};
use super::look::list::{self, Asked};
use super::refusal::Refusal;
use crate::domain::field::fields;
use crate::domain::kind::Kind;
use crate::store::Store;

/// The most files of one name in one folder.
const MOST: usize = 1000;

/// A list in a format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Export {
    pub kind: Kind,
    pub format: Format,
}

impl Export {
    /// `tickets.csv`
    pub fn file_name(self) -> String {
        self.numbered(1)
    }

    fn numbered(self, number: usize) -> String {
        let list = self.kind.plural().unwrap_or("list");
        let ending = self.format.ending();
        match number {
            1 => format!("{list}.{ending}"),
            more => format!("{list}-{more}.{ending}"),
        }
    }

    /// The first name of its kind that no file in the folder has.
    fn free(self, folder: &Path) -> Result<PathBuf, Refusal> {
        (1..=MOST)
            .map(|number| folder.join(self.numbered(number)))
            .find(|path| !path.exists())
            .ok_or_else(|| {
                Refusal::rule(
                    format!("{} is full of exports.", folder.display()),
                    "Move them away, or name a file: `relmate export csv tickets -o FILE`.",
                )
            })
    }
}

/// Writes the list into a folder; says how much and where.
pub fn into_folder(
    desk: &Path,
    asked: Export,
    folder: &Path,
    now: DateTime<Utc>,
) -> Result<String, Refusal> {
    let Export { kind, format } = asked;
    // A table for people has its columns, what a program reads has every field.
    let columns: Vec<&'static str> = fields(kind)
        .iter()
        .filter(|field| !field.internal && (field.column || format != Format::Markdown))
        .map(|field| field.name)
        .collect();
    let asked_of = Asked {
        columns: Some(columns.clone()),
        ..Asked::default()
    };
    let rows = Store::look(desk, &mut |reader| {
        Ok(Look::new(reader, now).and_then(|look| list::list(&look, kind, &asked_of)))
    })??;
    let text = export::write(format, kind, &columns, &rows, now);
    let path = asked.free(folder)?;
    files::write(&path.display().to_string(), text.as_bytes())?;
    Ok(format!(
        "Wrote {} {} to {}.",
        rows.len(),
        kind.plural().unwrap_or("records"),
        path.display()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::example;

    #[test]
    fn a_list_is_written_beside_what_is_there_and_never_over_it() {
        let folder = tempfile::tempdir().unwrap();
        let desk = folder.path().join("cmd.relmate");
        let now = "2026-11-21T09:14:00Z".parse().unwrap();
        example::build(&desk, now).unwrap();
        let asked = Export {
            kind: Kind::Ticket,
            format: Format::Csv,
        };
        let said = into_folder(&desk, asked, folder.path(), now).unwrap();
        assert!(
            said.starts_with("Wrote ") && said.ends_with("tickets.csv."),
            "{said}"
        );
        let first = std::fs::read(folder.path().join("tickets.csv")).unwrap();
        assert!(first.starts_with(b"id,"));
        let said = into_folder(&desk, asked, folder.path(), now).unwrap();
        assert!(said.ends_with("tickets-2.csv."), "{said}");
        assert_eq!(
            std::fs::read(folder.path().join("tickets.csv")).unwrap(),
            first
        );
    }
}
