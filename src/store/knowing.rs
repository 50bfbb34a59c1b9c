//! What two managers' work left open, and what each of them knew of the other's: read from what
//! the commits themselves say they had seen. Nothing here writes.

use rusqlite::OptionalExtension;

use super::lines::{self, PastOf};
use super::log::{self, Entry, signed};
use super::query::{COLUMNS, Reader, RecordRow, record_row};
use super::{StoreError, undone};
use crate::ledger::{Ancestry as _, Hash};

impl Reader<'_> {
    /// The records that two managers have to settle or to mend, by kind and urgency.
    pub fn disputed(&self) -> Result<Vec<RecordRow>, StoreError> {
        let mut select = self.conn().prepare(&format!(
            "SELECT {COLUMNS} FROM record WHERE contested <> 0 ORDER BY kind, open DESC, sort"
        ))?;
        let rows = select.query_map([], record_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many they are, as they are counted.
    pub fn contested(&self) -> Result<u64, StoreError> {
        let count: Option<i64> = self
            .conn()
            .prepare_cached("SELECT sum(n) FROM tally WHERE dim = 'contested'")?
            .query_row([], |row| row.get(0))?;
        Ok(count.unwrap_or_default().unsigned_abs())
    }

    /// The contested records that belong to another record.
    pub fn contested_below(&self, parent: &str) -> Result<Vec<RecordRow>, StoreError> {
        let mut select = self.conn().prepare_cached(&format!(
            "SELECT {COLUMNS} FROM record WHERE parent = ?1 AND contested & 1 ORDER BY id"
        ))?;
        let rows = select.query_map([parent], record_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The undos of a step, whether they were taken back themselves or not.
    pub fn undos(&self, step: &Entry) -> Result<Vec<Entry>, StoreError> {
        let mut undos = Vec::new();
        for (_, hash) in undone::undos(self.conn(), step.num)? {
            undos.extend(self.commit(&hash)?);
        }
        Ok(undos)
    }

    /// Whether whoever wrote `later` had `earlier` before them.
    pub fn had_seen(&self, later: &Hash, earlier: &Hash) -> Result<bool, StoreError> {
        let past = PastOf::load(self.conn())?;
        let seen = past.includes(later, earlier);
        past.held()?;
        Ok(seen)
    }

    /// The newest commit on the line of `other` that whoever wrote `by` had before them.
    pub fn last_seen(&self, by: &Hash, other: &Hash) -> Result<Option<Entry>, StoreError> {
        let conn = self.conn();
        let Some(of) = lines::at(conn, other)? else {
            return Ok(None);
        };
        let past = PastOf::load(conn)?;
        let reach = past.reach_of(by, of.line)?;
        past.held()?;
        let hash: Option<[u8; 32]> = conn
            .prepare_cached(
                "SELECT hash FROM log WHERE replica = ?1 AND seq <= ?2 ORDER BY seq DESC LIMIT 1",
            )?
            .query_row((of.line, signed(reach)), |row| row.get(0))
            .optional()?;
        match hash {
            Some(hash) => log::by_hash(conn, &Hash(hash)),
            None => Ok(None),
        }
    }
}
