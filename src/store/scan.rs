//! Walking a kind's records in their order without reading the records themselves: all
//! that finds and sorts them lies in one index. Stops when the caller has enough.

use std::ops::ControlFlow;

use chrono::NaiveDate;
use rusqlite::{OptionalExtension, Row};

use super::query::{COLUMNS, Reader, RecordRow, record_row, shown, text_of};
use super::tally::day_of;
use super::{StoreError, row};
use crate::domain::kind::Kind;

/// The open or the closed records of a kind, the most urgent first, or the other way round.
#[derive(Clone, Copy, Debug)]
pub struct Scan<'a> {
    pub kind: Kind,
    pub open: bool,
    /// Only what comes after this `sort` and id, in the direction of reading.
    pub beyond: Option<(&'a str, &'a str)>,
    pub backwards: bool,
    /// Most records are let go for their texts alone: the rest is fetched of the others.
    pub by_text: bool,
}

/// A record on the way; nothing of it has been read yet.
pub struct Met<'r> {
    row: &'r Row<'r>,
    scan: &'r Scan<'r>,
    reader: &'r Reader<'r>,
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
pub type EachMet<'a, E> = &'a mut dyn FnMut(&Met<'_>) -> Result<ControlFlow<()>, E>;

/// Columns in the order of their use; a narrow scan has only the first four.
const NARROW: &str = "entity, title, id, words";
const REST: &str = "state, owner, due_on, sort";

impl Met<'_> {
    /// Title, id and further words as bytes: cheap, because most records end here.
    pub fn texts(&self) -> Result<[&[u8]; 3], StoreError> {
        let bytes = |column| -> Result<&[u8], StoreError> {
            self.row
                .get_ref(column)?
                .as_bytes()
                .map_err(|error| StoreError::Broken(error.to_string()))
        };
        let id = bytes(2)?;
        let id = match self.scan.kind.letter() {
            Some(_) => id,
            None => id.get(self.scan.kind.word().len() + 1..).unwrap_or(id),
        };
        Ok([bytes(1)?, id, bytes(3)?])
    }

    /// Hands over all that finds and sorts the record.
    pub fn brief<T, E: From<StoreError>>(
        &self,
        use_it: &mut dyn FnMut(&Brief<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        if !self.scan.by_text {
            return use_it(&self.read(self.row, 4)?);
        }
        let num: i64 = self.row.get(0).map_err(StoreError::from)?;
        let sql = format!("SELECT {REST} FROM record WHERE entity = ?1");
        let fetch = || -> Result<_, StoreError> { Ok(self.reader.conn().prepare_cached(&sql)?) };
        let mut statement = fetch()?;
        let mut rows = statement.query([num]).map_err(StoreError::from)?;
        match rows.next().map_err(StoreError::from)? {
            Some(rest) => use_it(&self.read(rest, 0)?),
            None => Err(StoreError::Broken(format!("record {num} is in its index only")).into()),
        }
    }

    fn read<'b>(&'b self, rest: &'b Row<'_>, from: usize) -> Result<Brief<'b>, StoreError> {
        let owner = rest
            .get_ref(from + 1)?
            .as_str_or_null()
            .map_err(|error| StoreError::Broken(error.to_string()))?;
        Ok(Brief {
            num: self.row.get(0)?,
            kind: self.scan.kind,
            id: shown(self.scan.kind, text_of(self.row, 2)?),
            open: self.scan.open,
            state: text_of(rest, from)?,
            owner,
            due_on: rest.get::<_, Option<i64>>(from + 2)?.map(day_of),
            sort: text_of(rest, from + 3)?,
            title: text_of(self.row, 1)?,
            words: text_of(self.row, 3)?,
        })
    }
}

impl Reader<'_> {
    /// Runs `each` on records in their order until it says stop.
    pub fn scan<E: From<StoreError>>(
        &self,
        scan: &Scan<'_>,
        each: EachMet<'_, E>,
    ) -> Result<(), E> {
        self.walk(scan, each)
            .unwrap_or_else(|error| Err(error.into()))
    }

    fn walk<E>(&self, scan: &Scan<'_>, each: EachMet<'_, E>) -> Result<Result<(), E>, StoreError> {
        let more = if scan.by_text {
            String::new()
        } else {
            format!(", {REST}")
        };
        let (beyond, order) = if scan.backwards {
            ("<", "sort DESC, id DESC")
        } else {
            (">", "sort, id")
        };
        let lines = format!("SELECT {NARROW}{more} FROM record WHERE kind = ?1 AND open = ?2");
        let mut statement;
        let mut rows = if let Some((sort, id)) = scan.beyond {
            let sql = format!("{lines} AND (sort, id) {beyond} (?3, ?4) ORDER BY {order}");
            statement = self.conn().prepare_cached(&sql)?;
            let id = row::record_id(scan.kind, id);
            statement.query((scan.kind.code(), scan.open, sort, id))?
        } else {
            let sql = format!("{lines} ORDER BY {order}");
            statement = self.conn().prepare_cached(&sql)?;
            statement.query((scan.kind.code(), scan.open))?
        };
        while let Some(row) = rows.next()? {
            let met = Met {
                row,
                scan,
                reader: self,
            };
            match each(&met) {
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
