//! One hash over what the desk shows and the tips it has, so that two managers can tell that
//! their desks are equal. Its cost follows what changed since it was last asked for.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior};
use serde::{Deserialize, Serialize};

use super::{Store, StoreError, exchange, log};
use crate::ledger::Hash;

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
        let tx = Transaction::new_unchecked(self.conn(), TransactionBehavior::Immediate)?;
        let sum = summed(&tx)?;
        let tips = tips(&tx)?;
        tx.commit()?;
        let mut parts: Vec<&[u8]> = vec![b"relmate desk 1", &sum.0];
        parts.extend(tips.iter().map(|tip| tip.as_slice()));
        Ok(Hash::of(&parts))
    }
}

fn tips(conn: &Connection) -> Result<Vec<[u8; 32]>, StoreError> {
    let mut select = conn.prepare("SELECT tip_hash FROM replica ORDER BY tip_hash")?;
    let rows = select.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn summed(conn: &Connection) -> Result<Hash, StoreError> {
    let mut known: Sum = exchange::own(conn, "digest")?
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default();
    let mut sum = known.sum.unwrap_or(Hash([0; 32]));
    let mut touched = BTreeSet::new();
    let mut upto = known.upto;
    log::for_each(
        conn,
        "WHERE num > ?1 ORDER BY num",
        [known.upto],
        &mut |entry| {
            upto = entry.num;
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
        match new {
            Some(new) => {
                sum = add(sum, new);
                conn.prepare_cached("INSERT OR REPLACE INTO mark (entity, mark) VALUES (?1, ?2)")?
                    .execute((entity, new))?;
            }
            None => {
                conn.prepare_cached("DELETE FROM mark WHERE entity = ?1")?
                    .execute([entity])?;
            }
        }
    }
    if upto != known.upto || known.sum.is_none() {
        known = Sum {
            upto,
            sum: Some(sum),
        };
        let text =
            serde_json::to_string(&known).map_err(|error| StoreError::Broken(error.to_string()))?;
        conn.execute(
            "INSERT OR REPLACE INTO meta (key, value) VALUES ('own:digest', ?1)",
            [text.into_bytes()],
        )?;
    }
    Ok(sum)
}

/// What a record shows, as a number; none for one that is not on the desk.
fn mark(conn: &Connection, entity: i64, id: &str) -> Result<Option<[u8; 32]>, StoreError> {
    Ok(conn
        .prepare_cached("SELECT kind, contested, body FROM record WHERE entity = ?1")?
        .query_row([entity], |row| {
            let kind: i64 = row.get(0)?;
            let contested: i64 = row.get(1)?;
            let body: String = row.get(2)?;
            let hash = Hash::of(&[
                id.as_bytes(),
                &[0],
                &kind.to_le_bytes(),
                &contested.to_le_bytes(),
                body.as_bytes(),
            ]);
            Ok(hash.0)
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
