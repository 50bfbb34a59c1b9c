//! One hash over what the desk shows and the tips it has, so that two managers can tell that
//! their desks are equal. Its cost follows what changed since it was last asked for.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior};
use serde::{Deserialize, Serialize};

use super::{Reader, Store, StoreError, exchange, log, open};
use crate::ledger::Hash;
use crate::ledger::mutant::{self, Mutant};

/// How far the sum of all marks is.
#[derive(Default, Serialize, Deserialize)]
struct Sum {
    upto: i64,
    /// The marks added up as numbers of 256 bits; the order does not matter.
    sum: Option<Hash>,
}

impl Store {
    /// Equal desks have equal digests, whatever came first on them.
    pub fn digest(&self) -> Result<Hash, StoreError> {
        let conn = self.conn();
        // A few steps are summed up again sooner than it is kept that they were.
        let known = Known::read(conn)?;
        if known.behind().is_some_and(|steps| steps <= FEW) {
            return digest(conn, known, Keep::No);
        }
        let held = open::release(conn)?;
        let tx = Transaction::new_unchecked(conn, TransactionBehavior::Immediate)?;
        let kept = digest(&tx, Known::read(&tx)?, Keep::Yes)?;
        tx.commit()?;
        if held {
            // Of the moment that everything is of from now on.
            open::hold(conn)?;
            return digest(conn, Known::read(conn)?, Keep::No);
        }
        Ok(kept)
    }
}

/// How many steps may be summed up without keeping it.
const FEW: i64 = 32;

/// What was kept, and how far the log is.
struct Known {
    kept: Sum,
    last: i64,
}

impl Known {
    fn read(conn: &Connection) -> Result<Self, StoreError> {
        let kept = exchange::own(conn, "digest")?;
        let kept = kept.and_then(|text| serde_json::from_str(&text).ok());
        Ok(Self {
            kept: kept.unwrap_or_default(),
            last: last(conn)?,
        })
    }

    /// How many steps came since it was last kept, if it ever was.
    fn behind(&self) -> Option<i64> {
        self.kept.sum.map(|_| self.last - self.kept.upto)
    }
}

/// The row of the last commit.
pub(super) fn last(conn: &Connection) -> Result<i64, StoreError> {
    Ok(conn
        .prepare_cached("SELECT coalesce(max(num), 0) FROM log")?
        .query_row([], |row| row.get(0))?)
}

/// Keeps how far it got, in a transaction that is kept anyway.
pub(super) fn keep(conn: &Connection) -> Result<(), StoreError> {
    summed(conn, Known::read(conn)?, Keep::Yes).map(drop)
}

impl Reader<'_> {
    /// The same without keeping how far it got.
    pub fn digest(&self) -> Result<Hash, StoreError> {
        digest(self.conn(), Known::read(self.conn())?, Keep::No)
    }
}

/// Whether what was summed up is kept for the next time.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keep {
    Yes,
    No,
}

fn digest(conn: &Connection, known: Known, keep: Keep) -> Result<Hash, StoreError> {
    let sum = summed(conn, known, keep)?;
    let tips = tips(conn)?;
    let mut parts: Vec<&[u8]> = vec![b"relmate desk 1", &sum.0];
    if !mutant::is(Mutant::DigestWithoutTips) {
        parts.extend(tips.iter().map(<[u8; 32]>::as_slice));
    }
    Ok(Hash::of(&parts))
}

fn tips(conn: &Connection) -> Result<Vec<[u8; 32]>, StoreError> {
    let mut select = conn.prepare_cached("SELECT tip_hash FROM replica ORDER BY tip_hash")?;
    let rows = select.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn summed(conn: &Connection, known: Known, keep: Keep) -> Result<Hash, StoreError> {
    let Known {
        kept: mut known,
        last: upto,
    } = known;
    let Some(mut sum) = known.sum else {
        return anew(conn, keep);
    };
    if upto == known.upto {
        return Ok(sum);
    }
    let mut touched = BTreeSet::new();
    // Commits that do not count are passed over for good.
    log::for_each(
        conn,
        "WHERE num > ?1 ORDER BY num",
        [known.upto],
        &mut |entry| {
            touched.extend(entry.applied.commit.entities);
            Ok(())
        },
    )?;
    for id in touched {
        let entity: Option<i64> = conn
            .prepare_cached("SELECT num FROM entity WHERE id = ?1")?
            .query_row([id.as_str()], |row| row.get(0))
            .optional()?;
        let Some(entity) = entity else { continue };
        let old: Option<[u8; 32]> = conn
            .prepare_cached("SELECT mark FROM mark WHERE entity = ?1")?
            .query_row([entity], |row| row.get(0))
            .optional()?;
        let new = mark(conn, entity, id.as_str())?;
        if old == new {
            continue;
        }
        if let Some(old) = old {
            sum = subtract(sum, old);
        }
        if let Some(new) = new {
            sum = add(sum, new);
        }
        if keep == Keep::No {
            continue;
        }
        match new {
            Some(new) => {
                conn.prepare_cached("INSERT OR REPLACE INTO mark (entity, mark) VALUES (?1, ?2)")?
                    .execute((entity, new))?;
            }
            None => {
                conn.prepare_cached("DELETE FROM mark WHERE entity = ?1")?
                    .execute([entity])?;
            }
        }
    }
    if keep == Keep::Yes {
        known.upto = upto;
        known.sum = Some(sum);
        put(conn, &known)?;
    }
    Ok(sum)
}

fn put(conn: &Connection, sum: &Sum) -> Result<(), StoreError> {
    let text = serde_json::to_string(sum).map_err(|error| StoreError::Broken(error.to_string()))?;
    exchange::set_own(conn, "digest", Some(&text))
}

/// The sum over every record, where none is known.
fn anew(conn: &Connection, keep: Keep) -> Result<Hash, StoreError> {
    if keep == Keep::Yes {
        conn.execute_batch("DELETE FROM mark")?;
    }
    let mut sum = Hash([0; 32]);
    let mut select = conn.prepare(
        "SELECT r.entity, e.id, r.kind, r.contested, r.body
         FROM record r JOIN entity e ON e.num = r.entity ORDER BY r.entity",
    )?;
    let mut insert = conn.prepare("INSERT INTO mark (entity, mark) VALUES (?1, ?2)")?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let id: String = row.get(1)?;
        let body = row
            .get_ref(4)?
            .as_str()
            .map_err(|error| StoreError::Broken(error.to_string()))?;
        let new = marked(&id, (row.get(2)?, row.get(3)?), body);
        sum = add(sum, new);
        if keep == Keep::Yes {
            insert.execute((row.get::<_, i64>(0)?, new))?;
        }
    }
    if keep == Keep::No {
        return Ok(sum);
    }
    let upto = last(conn)?;
    put(
        conn,
        &Sum {
            upto,
            sum: Some(sum),
        },
    )?;
    Ok(sum)
}

fn marked(id: &str, (kind, contested): (i64, i64), body: &str) -> [u8; 32] {
    Hash::of(&[
        id.as_bytes(),
        &[0],
        &kind.to_le_bytes(),
        &contested.to_le_bytes(),
        body.as_bytes(),
    ])
    .0
}

/// What a record shows, as a number; none for one that is not on the desk.
fn mark(conn: &Connection, entity: i64, id: &str) -> Result<Option<[u8; 32]>, StoreError> {
    Ok(conn
        .prepare_cached("SELECT kind, contested, body FROM record WHERE entity = ?1")?
        .query_row([entity], |row| {
            let kind: i64 = row.get(0)?;
            let contested: i64 = row.get(1)?;
            let body: String = row.get(2)?;
            Ok(marked(id, (kind, contested), &body))
        })
        .optional()?)
}

fn add(sum: Hash, mark: [u8; 32]) -> Hash {
    let mut out = sum.0;
    let mut carry = 0;
    for (byte, more) in out.iter_mut().zip(mark) {
        let total = u16::from(*byte) + u16::from(more) + carry;
        *byte = total.to_le_bytes()[0];
        carry = total >> 8;
    }
    Hash(out)
}

fn subtract(sum: Hash, mark: [u8; 32]) -> Hash {
    // The two's complement: what is added to come back to nothing.
    let mut inverse = mark.map(|byte| !byte);
    let mut one = [0; 32];
    one[0] = 1;
    inverse = add(Hash(inverse), one).0;
    add(sum, inverse)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_added_and_taken_away_leaves_no_trace() {
        let (a, b) = ([0xff; 32], Hash::of(&[b"b"]).0);
        let sum = add(add(Hash([7; 32]), a), b);
        assert_eq!(subtract(subtract(sum, a), b), Hash([7; 32]));
    }
}
