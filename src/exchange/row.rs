//! One row of a sheet, asked by the names of its columns.

use chrono::NaiveDate;

use super::day;
use super::gather::given;
use super::sheet::{Sheet, SheetRow};

/// A row and the sheet that names its cells.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    pub(super) sheet: &'a Sheet,
    pub(super) row: &'a SheetRow,
}

impl<'a> Row<'a> {
    /// The cell, empty where the column is missing.
    pub(super) fn cell(&self, column: &str) -> &'a str {
        let at = self.sheet.header.find(column);
        at.and_then(|at| self.row.cells.get(at))
            .map_or("", String::as_str)
    }

    pub(super) fn day(&self, column: &str) -> Result<Option<NaiveDate>, String> {
        given(self.cell(column))
            .map(|text| day::read(column, text))
            .transpose()
    }

    /// `board.csv:12`.
    pub(super) fn source(&self) -> String {
        self.sheet.source(self.row)
    }
}
