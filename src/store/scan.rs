//! Walking a kind's records in their order without reading the records themselves: all
//! that finds and sorts them lies in one index. Stops when the caller has enough.

use std::ops::ControlFlow;

use rusqlite::{OptionalExtension, Row};

use super::query::{COLUMNS, Reader, RecordRow, record_row, shown};
use super::tally::day_of;
use super::{StoreError, row};
use crate::domain::kind::Kind;
use chrono::NaiveDate;

/// The open or the closed records of a kind, the most urgent first, or the other way round.
#[derive(Clone, Copy, Debug)]
pub struct Scan<'a> {
    pub kind: Kind,
    pub open: bool,
    /// Only what comes after this `sort` and id, in the direction of reading.
    pub beyond: Option<(&'a str, &'a str)>,
    pub backwards: bool,
}

/// What finds and sorts one record.
#[derive(Clone, Copy, Debug)]
pub struct Brief<'r> {
    /// Names the record's row for [`Reader::by_num`].
    pub num: i64,
    pub kind: Kind,
    pub id: &'r str,
    pub open: bool,
    pub state: &'r str,
    /// Who claimed it, else who answers for it.
    pub owner: Option<&'r str>,
    pub due_on: Option<NaiveDate>,
    pub sort: &'r str,
    pub title: &'r str,
    /// What it is found by besides.
    pub words: &'r str,
}

/// Told of one record; says whether to go on.
pub type EachBrief<'a, E> = &'a mut dyn FnMut(&Brief<'_>) -> Result<ControlFlow<()>, E>;

fn text<'r>(row: &'r Row<'_>, column: usize) -> Result<&'r str, StoreError> {
    row.get_ref(column)?
        .as_str()
        .map_err(|error| StoreError::Broken(error.to_string()))
}

fn brief<'r>(row: &'r Row<'_>, scan: &Scan<'_>) -> Result<Brief<'r>, StoreError> {
    let owner = row
        .get_ref(3)?
        .as_str_or_null()
        .map_err(|error| StoreError::Broken(error.to_string()))?;
    Ok(Brief {
        num: row.get(0)?,
        kind: scan.kind,
        id: shown(scan.kind, text(row, 1)?),
        open: scan.open,
        state: text(row, 2)?,
        owner,
        due_on: row.get::<_, Option<i64>>(4)?.map(day_of),
        sort: text(row, 5)?,
        title: text(row, 6)?,
        words: text(row, 7)?,
    })
}

impl Reader<'_> {
    /// Runs `each` on records in their order until it says stop.
    pub fn scan<E: From<StoreError>>(
        &self,
        scan: &Scan<'_>,
        each: EachBrief<'_, E>,
    ) -> Result<(), E> {
        self.walk(scan, each)
            .unwrap_or_else(|error| Err(error.into()))
    }

    fn walk<E>(
        &self,
        scan: &Scan<'_>,
        each: EachBrief<'_, E>,
    ) -> Result<Result<(), E>, StoreError> {
        let (beyond, order) = if scan.backwards {
            ("<", "sort DESC, id DESC")
        } else {
            (">", "sort, id")
        };
        let (sort, id) = match scan.beyond {
            Some((sort, id)) => (sort, row::record_id(scan.kind, id)),
            None if scan.backwards => ("\u{10FFFF}", String::new()),
            None => ("", String::new()),
        };
        let mut statement = self.conn().prepare_cached(&format!(
            "SELECT entity, id, state, owner, due_on, sort, title, words FROM record
             WHERE kind = ?1 AND open = ?2 AND (sort, id) {beyond} (?3, ?4) ORDER BY {order}"
        ))?;
        let mut rows = statement.query((scan.kind.code(), scan.open, sort, id))?;
        while let Some(row) = rows.next()? {
            match each(&brief(row, scan)?) {
                Ok(ControlFlow::Continue(())) => {}
                Ok(ControlFlow::Break(())) => break,
                Err(error) => return Ok(Err(error)),
            }
        }
        Ok(Ok(()))
    }

    /// A record that a scan met.
    pub fn by_num(&self, num: i64) -> Result<Option<RecordRow>, StoreError> {
        Ok(self
            .conn()
            .prepare_cached(&format!("SELECT {COLUMNS} FROM record WHERE entity = ?1"))?
            .query_row([num], record_row)
            .optional()?)
    }
}
