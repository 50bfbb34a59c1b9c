//! Which steps were taken back, and by whom that still stands: the one rule for the history, for who
//! takes something back, and for the desk as it was. Two undos that did not know of each other are one:
//! who does the step again does so over all of them that they had seen.

use std::collections::{HashMap, HashSet};

use rusqlite::Connection;

use super::StoreError;
use super::lines::PastOf;
use crate::ledger::{Ancestry as _, Hash};

/// How often somebody may change their mind about a step.
const BACK_AND_FORTH: usize = 256;

/// Whether an undo of a commit stands.
pub(super) fn is(conn: &Connection, num: i64) -> Result<bool, StoreError> {
    let undoes: bool = conn
        .prepare_cached("SELECT undoes IS NOT NULL FROM log WHERE num = ?1")?
        .query_row([num], |row| row.get(0))?;
    if !undoes && undos(conn, num)?.is_empty() {
        return Ok(false);
    }
    let mut undone = Undone::load(conn)?;
    let is = undone.is(num, BACK_AND_FORTH)?;
    undone.past.held()?;
    Ok(is)
}

/// The steps of the log that were taken back.
pub(super) fn all(conn: &Connection) -> Result<HashSet<i64>, StoreError> {
    let mut select = conn.prepare("SELECT DISTINCT undoes FROM log WHERE undoes IS NOT NULL")?;
    let nums = select.query_map([], |row| row.get(0))?;
    let mut undone = Undone::load(conn)?;
    let mut all = HashSet::new();
    for num in nums {
        let num = num?;
        if undone.is(num, BACK_AND_FORTH)? {
            all.insert(num);
        }
    }
    undone.past.held()?;
    Ok(all)
}

/// The undos of a commit that count, whether they were taken back themselves or not.
pub(super) fn undos(conn: &Connection, num: i64) -> Result<Vec<(i64, Hash)>, StoreError> {
    let mut select = conn
        .prepare_cached("SELECT num, hash FROM log WHERE undoes = ?1 AND fate = 0 ORDER BY num")?;
    let rows = select.query_map([num], |row| Ok((row.get(0)?, Hash(row.get(1)?))))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

struct Undone<'c> {
    conn: &'c Connection,
    past: PastOf<'c>,
    known: HashMap<i64, bool>,
}

impl<'c> Undone<'c> {
    fn load(conn: &'c Connection) -> Result<Self, StoreError> {
        Ok(Self {
            conn,
            past: PastOf::load(conn)?,
            known: HashMap::new(),
        })
    }

    fn is(&mut self, num: i64, deep: usize) -> Result<bool, StoreError> {
        if let Some(known) = self.known.get(&num) {
            return Ok(*known);
        }
        let Some(deep) = deep.checked_sub(1) else {
            return Ok(false);
        };
        let found = self.is_taken_back(num, deep)? || self.is_done_again(num, deep)?;
        self.known.insert(num, found);
        Ok(found)
    }

    fn is_taken_back(&mut self, num: i64, deep: usize) -> Result<bool, StoreError> {
        let undos_of_it = undos(self.conn, num)?;
        let mut again = Vec::new();
        for (undo, _) in &undos_of_it {
            for (redo, hash) in undos(self.conn, *undo)? {
                if !self.is(redo, deep)? {
                    again.push(hash);
                }
            }
        }
        let stands = |undo: &Hash| !again.iter().any(|redo| self.past.includes(redo, undo));
        Ok(undos_of_it.iter().any(|(_, undo)| stands(undo)))
    }

    /// Whether it is an undo that was taken back together with another one of the same step.
    fn is_done_again(&mut self, num: i64, deep: usize) -> Result<bool, StoreError> {
        let (step, hash): (Option<i64>, Hash) = self
            .conn
            .prepare_cached("SELECT undoes, hash FROM log WHERE num = ?1")?
            .query_row([num], |row| Ok((row.get(0)?, Hash(row.get(1)?))))?;
        let twins = step.map(|step| undos(self.conn, step)).transpose()?;
        for (twin, _) in twins.into_iter().flatten().filter(|it| it.0 != num) {
            for (redo, by) in undos(self.conn, twin)? {
                if self.past.includes(&by, &hash) && !self.is(redo, deep)? {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }
}
