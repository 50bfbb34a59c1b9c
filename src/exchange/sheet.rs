//! Delimited text as rows that know their line. Takes what is readable row by row
//! and refuses only a file that is no table at all; knows nothing of what it means.

use std::path::Path;

use csv::{ByteRecord, ReaderBuilder};

use super::Rejected;
use super::error::ExchangeError;
use super::header::Header;
use super::quote::{self, Quotes};
use super::write_csv::unguarded;
use crate::domain::plain::plain;

/// The largest file that is read, in bytes.
pub const MAX_BYTES: usize = 64 << 20;
/// The longest table that is read, in rows.
pub const MAX_ROWS: usize = 500_000;
/// The longest cell that is read, in bytes.
pub const MAX_CELL: usize = 64 << 10;
/// The widest table that is read, in columns.
pub const MAX_COLUMNS: usize = 1_000;
/// How often a file is read to its end in search of a closing quotation mark.
const MAX_UNCLOSED: usize = 20;

/// One file's table. Every row has as many cells as the header.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// The file's name without its folder.
    pub name: String,
    pub header: Header,
    pub rows: Vec<SheetRow>,
    /// Rows that cannot be read, with their line.
    pub rejected: Vec<Rejected>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetRow {
    /// The line it starts on, counted from 1.
    pub line: usize,
    /// Trimmed, without control characters.
    pub cells: Vec<String>,
}

impl Sheet {
    /// `board.csv:12`.
    pub fn source(&self, row: &SheetRow) -> String {
        source(&self.name, row.line)
    }
}

fn source(name: &str, line: usize) -> String {
    format!("{name}:{line}")
}

/// Reads a file's bytes.
pub fn read(name: &str, bytes: &[u8]) -> Result<Sheet, ExchangeError> {
    let name = file_name(name);
    let body = text_of(&name, bytes)?;
    let mut reading = Reading {
        body,
        delimiter: sniff(body),
        at: 0,
        line: 1,
        count: 0,
        unclosed: 0,
        sheet: Sheet {
            name,
            ..Sheet::default()
        },
    };
    let mut start = 0;
    while let Some(next) = reading.run(start)? {
        start = next;
        if reading.unclosed == MAX_UNCLOSED {
            let line = reading.line_at(start);
            reading.reject(line, "from here on, quotation marks are never closed");
            break;
        }
    }
    reading.finish()
}

/// The file's name without its folder, safe to print.
fn file_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let last = Path::new(last)
        .file_name()
        .map_or(last.into(), |file| file.to_string_lossy());
    plain(&last).into_owned()
}

/// The bytes after a byte-order mark, if they may be text.
fn text_of<'a>(name: &str, bytes: &'a [u8]) -> Result<&'a [u8], ExchangeError> {
    if bytes.len() > MAX_BYTES {
        return Err(ExchangeError::new(
            format!("{name} is larger than {} MiB.", MAX_BYTES >> 20),
            "Split it and import the parts.",
        ));
    }
    let body = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if body.contains(&0) {
        return Err(not_text(name));
    }
    if body.iter().all(u8::is_ascii_whitespace) {
        return Err(ExchangeError::new(
            format!("{name} is empty."),
            "The first line names the columns, each further line is one record.",
        ));
    }
    Ok(body)
}

fn not_text(name: &str) -> ExchangeError {
    ExchangeError::new(
        format!("{name} is not text."),
        "Save the table as CSV in UTF-8 and import that file.",
    )
}

/// Of comma, semicolon and tab the one that the header uses most.
fn sniff(body: &[u8]) -> u8 {
    let header = body
        .split(|byte| matches!(byte, b'\n' | b'\r'))
        .find(|line| !line.is_empty())
        .unwrap_or_default();
    let mut quoted = false;
    let mut counts = [(b',', 0_usize), (b';', 0), (b'\t', 0)];
    for byte in header {
        quoted ^= *byte == b'"';
        for (delimiter, count) in &mut counts {
            *count += usize::from(!quoted && byte == delimiter);
        }
    }
    let mut best = counts[0];
    for candidate in counts {
        if candidate.1 > best.1 {
            best = candidate;
        }
    }
    best.0
}

struct Reading<'a> {
    body: &'a [u8],
    delimiter: u8,
    /// Where `line` was counted last.
    at: usize,
    line: usize,
    count: usize,
    /// How many records ran to the end of the file for want of a quotation mark.
    unclosed: usize,
    sheet: Sheet,
}

impl Reading<'_> {
    /// Reads records from an offset on; returns where to go on when a stray
    /// quotation mark would swallow the lines behind it.
    fn run(&mut self, start: usize) -> Result<Option<usize>, ExchangeError> {
        let mut reader = ReaderBuilder::new()
            .delimiter(self.delimiter)
            .has_headers(false)
            .flexible(true)
            .from_reader(&self.body[start..]);
        let mut record = ByteRecord::new();
        while matches!(reader.read_byte_record(&mut record), Ok(true)) {
            let from = record.position().map_or(start, |at| start + offset(at));
            let from = from + breaks_before(&self.body[from..]);
            let to = (start + offset(reader.position())).min(self.body.len());
            let raw = self.body.get(from..to).unwrap_or_default();
            let line = self.line_at(from);
            match quote::judge(raw, self.delimiter) {
                Quotes::Paired => self.take(line, raw, &record)?,
                Quotes::Stray => return self.cut_off(line, from).map(Some),
                Quotes::Open => {
                    self.unclosed += 1;
                    return self.cut_off(line, from).map(Some);
                }
            }
        }
        Ok(None)
    }

    fn cut_off(&mut self, line: usize, from: usize) -> Result<usize, ExchangeError> {
        if self.sheet.header.is_empty() {
            return Err(ExchangeError::new(
                format!(
                    "The header of {} has a quotation mark that is never closed.",
                    self.sheet.name
                ),
                "Close it, or leave the quotation marks out.",
            ));
        }
        self.reject(line, "a quotation mark is opened and never closed");
        let rest = &self.body[from..];
        let end = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
        Ok(end.map_or(self.body.len(), |end| from + end))
    }

    fn take(&mut self, line: usize, raw: &[u8], record: &ByteRecord) -> Result<(), ExchangeError> {
        let name = &self.sheet.name;
        self.count += 1;
        if self.count > MAX_ROWS + 1 {
            return Err(ExchangeError::new(
                format!("{name} has more than {MAX_ROWS} rows."),
                "Split it and import the parts.",
            ));
        }
        if record.iter().any(|cell| cell.len() > MAX_CELL) {
            return Err(ExchangeError::new(
                format!(
                    "{name} has a cell of more than {} KiB in line {line}.",
                    MAX_CELL >> 10
                ),
                "Look for a quotation mark that is never closed, or shorten the cell.",
            ));
        }
        if record.iter().all(<[u8]>::is_empty) {
            return Ok(());
        }
        if self.sheet.header.is_empty() {
            self.sheet.header = header(name, record)?;
            return Ok(());
        }
        match cells(record, &self.sheet.header) {
            Ok(cells) if cells.iter().all(String::is_empty) => {}
            Ok(cells) => self.sheet.rows.push(SheetRow { line, cells }),
            Err(why) => {
                let last = line + breaks(raw.trim_ascii_end());
                let span = if last > line {
                    format!(", lines {line} to {last}")
                } else {
                    String::new()
                };
                self.reject(line, &format!("{why}{span}"));
            }
        }
        Ok(())
    }

    fn reject(&mut self, line: usize, why: &str) {
        self.sheet.rejected.push(Rejected {
            source: source(&self.sheet.name, line),
            why: why.to_owned(),
        });
    }

    /// The line of an offset; offsets only ever grow.
    fn line_at(&mut self, offset: usize) -> usize {
        self.line += breaks(self.body.get(self.at..offset).unwrap_or_default());
        self.at = self.at.max(offset);
        self.line
    }

    fn finish(self) -> Result<Sheet, ExchangeError> {
        let sheet = self.sheet;
        if sheet.header.is_empty() {
            return Err(ExchangeError::new(
                format!("{} has no header.", sheet.name),
                "The first line names the columns, each further line is one record.",
            ));
        }
        if sheet.rows.is_empty() && sheet.rejected.is_empty() {
            return Err(ExchangeError::new(
                format!("{} has a header and no rows.", sheet.name),
                "There is nothing to import.",
            ));
        }
        Ok(sheet)
    }
}

fn offset(position: &csv::Position) -> usize {
    usize::try_from(position.byte()).unwrap_or(usize::MAX)
}

/// How many bytes of line breaks the bytes start with.
fn breaks_before(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .take_while(|byte| matches!(byte, b'\n' | b'\r'))
        .count()
}

/// Line breaks: `\n`, `\r\n` or `\r`.
fn breaks(bytes: &[u8]) -> usize {
    let ends_line = |(at, byte): (usize, &u8)| match byte {
        b'\n' => true,
        b'\r' => bytes.get(at + 1) != Some(&b'\n'),
        _ => false,
    };
    bytes
        .iter()
        .enumerate()
        .filter(|place| ends_line(*place))
        .count()
}

fn header(name: &str, record: &ByteRecord) -> Result<Header, ExchangeError> {
    if record.len() > MAX_COLUMNS {
        return Err(ExchangeError::new(
            format!("{name} has more than {MAX_COLUMNS} columns."),
            "Keep the columns that matter and import those.",
        ));
    }
    let mut columns: Vec<String> = Vec::new();
    for cell in record {
        let text = std::str::from_utf8(cell).map_err(|_| not_text(name))?;
        columns.push(clean(text));
    }
    while columns.last().is_some_and(String::is_empty) {
        columns.pop();
    }
    let header = Header::new(columns);
    if let Some(twice) = header.repeated() {
        return Err(ExchangeError::new(
            format!("{name} has two columns named {twice}."),
            "Rename or remove one of them.",
        ));
    }
    Ok(header)
}

/// A record's cells, one for each column; empty cells beyond them are no fault.
fn cells(record: &ByteRecord, header: &Header) -> Result<Vec<String>, String> {
    let columns = header.columns().len();
    let extra = record
        .iter()
        .skip(columns)
        .any(|cell| !cell.trim_ascii().is_empty());
    if extra || record.len() < columns {
        let named = record.len();
        return Err(format!(
            "it has {named} cells where the header names {columns}"
        ));
    }
    let mut cells = Vec::with_capacity(columns);
    for (cell, column) in record.iter().zip(header.columns()) {
        let text = std::str::from_utf8(cell)
            .map_err(|_| format!("the text under {column} is not UTF-8"))?;
        cells.push(clean(text));
    }
    Ok(cells)
}

/// A cell without control characters, surrounding spaces and an export's apostrophe.
fn clean(text: &str) -> String {
    let text: String = text
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect();
    unguarded(text.trim()).to_owned()
}

#[cfg(test)]
#[path = "sheet_tests.rs"]
mod tests;
