//! The formats that are read, one row each, and which of them a file is.
//! Decides nothing about the desk: what comes out is what the files say.

use chrono::NaiveDate;

use super::error::ExchangeError;
use super::header::Header;
use super::sheet::{self, Sheet};
use super::{
    Import, Rejected, mapped_csv, promotions, releases, site_runs, status_board, submissions,
};
use crate::domain::kind::Kind;
use crate::domain::profile::Profile;

/// What the reader of a file needs besides the file.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// Its `board` maps the words of a status board.
    pub profile: &'a Profile,
    /// Field and column: `("product", "Component")`.
    pub mapping: &'a [(String, String)],
    /// What the rows of a plain CSV are.
    pub kind: Option<Kind>,
    /// The day of the source, for rows that do not say theirs.
    pub as_of: Option<NaiveDate>,
}

/// One format.
pub struct Format {
    /// The word of `--format`.
    pub name: &'static str,
    pub about: &'static str,
    /// A file with this header is of this format.
    pub detect: fn(&Header) -> bool,
    pub read: fn(&[Sheet], &Context<'_>) -> Result<Import, ExchangeError>,
}

/// Every format, the most telling header first.
pub const FORMATS: &[Format] = &[
    Format {
        name: "egi-status-board",
        about: "a status board: product, platform, verification and rollout",
        detect: status_board::detect,
        read: status_board::read,
    },
    Format {
        name: "egi-submissions",
        about: "submitted products, their packages, or both files at once",
        detect: submissions::detect,
        read: submissions::read,
    },
    Format {
        name: "egi-releases",
        about: "releases of a distribution, the products in them, or both files at once",
        detect: releases::detect,
        read: releases::read,
    },
    Format {
        name: "egi-promotions",
        about: "merges into the testing and the production repository",
        detect: promotions::detect,
        read: promotions::read,
    },
    Format {
        name: "site-runs",
        about: "what runs at which site: site, product, version",
        detect: site_runs::detect,
        read: site_runs::read,
    },
    Format {
        name: mapped_csv::NAME,
        about: "any table with a header; --kind says what its rows are, --map which column is what",
        detect: |_| false,
        read: mapped_csv::read,
    },
];

/// Reads files that belong together. Without a format it is told by the headers;
/// a kind or a mapping means a plain CSV.
pub fn read(
    files: &[(String, Vec<u8>)],
    format: Option<&str>,
    context: &Context<'_>,
) -> Result<Import, ExchangeError> {
    if files.is_empty() {
        return Err(ExchangeError::new(
            "No file is given.",
            "Name the files to import.",
        ));
    }
    let named = format.map(named).transpose()?;
    let sheets: Vec<Sheet> = files
        .iter()
        .map(|(name, bytes)| sheet::read(name, bytes))
        .collect::<Result<_, _>>()?;
    let format = match named {
        Some(format) => format,
        None if context.kind.is_some() || !context.mapping.is_empty() => named_csv()?,
        None => detected(&sheets)?,
    };
    if format.name != mapped_csv::NAME && !context.mapping.is_empty() {
        return Err(ExchangeError::new(
            format!(
                "The columns of {} are fixed and take no mapping.",
                format.name
            ),
            format!(
                "Leave --map out, or read the file with `--format {}`.",
                mapped_csv::NAME
            ),
        ));
    }
    let mut import = (format.read)(&sheets, context)?;
    format.name.clone_into(&mut import.format);
    import.files = sheets.iter().map(|sheet| sheet.name.clone()).collect();
    for sheet in sheets {
        import.rejected.extend(sheet.rejected);
    }
    let files = &import.files;
    import.rejected.sort_by_key(|row| place(files, row));
    Ok(import)
}

fn named(name: &str) -> Result<&'static Format, ExchangeError> {
    FORMATS
        .iter()
        .find(|format| format.name.eq_ignore_ascii_case(name.trim()))
        .ok_or_else(|| {
            let names: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
            ExchangeError::new(
                format!(
                    "There is no format \"{}\".",
                    crate::domain::plain::plain(name)
                ),
                format!("The formats are {}.", names.join(", ")),
            )
        })
}

fn named_csv() -> Result<&'static Format, ExchangeError> {
    named(mapped_csv::NAME)
}

/// The one format of all the files.
fn detected(sheets: &[Sheet]) -> Result<&'static Format, ExchangeError> {
    let mut found: Option<(&Sheet, &'static Format)> = None;
    for sheet in sheets {
        let Some(format) = FORMATS.iter().find(|format| (format.detect)(&sheet.header)) else {
            return Err(ExchangeError::new(
                format!(
                    "The format of {} is not known; its columns are {}.",
                    sheet.name,
                    sheet.header.listed()
                ),
                "Say what its rows are and which column is what: \
                 `--format csv --kind tickets --map product=COLUMN …`.",
            ));
        };
        match found {
            Some((first, other)) if other.name != format.name => {
                let (one, two) = (other.name, format.name);
                return Err(ExchangeError::new(
                    format!("{} is {one} and {} is {two}.", first.name, sheet.name),
                    "Import them one after the other.",
                ));
            }
            _ => found = Some((sheet, format)),
        }
    }
    found
        .map(|(_, format)| format)
        .ok_or_else(|| ExchangeError::new("No file is given.", "Name the files to import."))
}

/// Sorts rejected rows as they stand in the files.
fn place(files: &[String], row: &Rejected) -> (usize, usize) {
    let (name, line) = row.source.rsplit_once(':').unwrap_or((&row.source, ""));
    let file = files.iter().position(|file| file == name);
    (file.unwrap_or(files.len()), line.parse().unwrap_or(0))
}

#[cfg(test)]
#[path = "format_tests.rs"]
mod tests;
