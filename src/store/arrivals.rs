//! What this desk has received after a step of its log: goes by receipt, newest first, and never
//! further back than it was asked to (SYNC.md 3.9). Nothing here writes.

use rusqlite::OptionalExtension;

use super::StoreError;
use super::log::{self, Entry};
use super::query::{Reader, sql_limit};
use super::tally::day_number;
use crate::domain::attention::Class;

use crate::domain::kind::Kind;
use crate::ledger::{EntityId, Hash};

impl Reader<'_> {
    /// The step that was received last.
    pub fn received_last(&self) -> Result<Option<(i64, Hash)>, StoreError> {
        Ok(self
            .conn()
            .prepare_cached("SELECT num, hash FROM log ORDER BY num DESC LIMIT 1")?
            .query_row([], |row| Ok((row.get(0)?, Hash(row.get(1)?))))
            .optional()?)
    }

    /// Where somebody stood who had read up to this step at that moment (Unix seconds). Where
    /// another step has its number by now, as after a restore, the moment alone counts.
    pub fn stood_at(&self, (num, hash): (i64, &str), at: i64) -> Result<i64, StoreError> {
        let there: Option<[u8; 32]> = self
            .conn()
            .prepare_cached("SELECT hash FROM log WHERE num = ?1")?
            .query_row([num], |row| row.get(0))
            .optional()?;
        if there.is_some_and(|there| Hash(there).to_string() == hash) {
            return Ok(num);
        }
        let last = self
            .conn()
            .prepare_cached("SELECT num FROM log WHERE received <= ?1 ORDER BY num DESC LIMIT 1")?
            .query_row([at], |row| row.get(0))
            .optional()?;
        Ok(last.unwrap_or(0))
    }

    /// The steps that were received after another one, newest first, one at a time.
    pub fn each_after(
        &self,
        num: i64,
        limit: usize,
        each: &mut dyn FnMut(Entry),
    ) -> Result<(), StoreError> {
        log::for_each(
            self.conn(),
            "WHERE num > ?1 ORDER BY num DESC LIMIT ?2",
            (num, sql_limit(limit)),
            &mut |entry| {
                each(entry);
                Ok(())
            },
        )
    }

    /// What an entity is on the desk: its kind, its id, and whether it waits on a human.
    pub fn stands_as(
        &self,
        entity: &EntityId,
        today: chrono::NaiveDate,
    ) -> Result<Option<(Kind, String, bool)>, StoreError> {
        Ok(self
            .conn()
            .prepare_cached(
                "SELECT r.kind, r.id, EXISTS (SELECT 1 FROM attention a WHERE a.entity = r.entity
                     AND a.show_from <= ?2 AND (a.class <> ?3 OR a.due_on >= ?2))
                 FROM record r JOIN entity e ON e.num = r.entity WHERE e.id = ?1",
            )?
            .query_row(
                (entity.as_str(), day_number(today), Class::Watch.number()),
                |row| {
                    let kind = Kind::from_code(row.get(0)?).unwrap_or(Kind::Desk);
                    let id: String = row.get(1)?;
                    Ok((kind, super::query::shown_id(kind, id), row.get(2)?))
                },
            )
            .optional()?)
    }
}
