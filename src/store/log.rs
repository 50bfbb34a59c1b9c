//! The log: commits appended, read back and followed. Bytes are kept verbatim;
//! nothing here knows what a field means.

use rusqlite::{Connection, OptionalExtension, Row, Rows};

use super::lines::At;
use super::lots::{Bytes, Piece};
use super::{StoreError, ahead};
use crate::ledger::{Applied, Commit, Dot, Hash, Op, ReplicaId};

/// A commit of the log with its place and its times.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The order of receipt on this desk, from 1.
    pub num: i64,
    pub applied: Applied,
    /// Unix seconds of when it happened.
    pub happened: i64,
    /// Unix seconds of when it was typed.
    pub recorded: i64,
}

/// The tip of our own chain.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tip {
    pub at: At,
    pub hash: Hash,
}

/// The commits that count: not those of a newer version, nor void ones.
pub(super) const COUNTING: &str = "(SELECT * FROM log WHERE fate = 0) AS log";

const COLUMNS: &str = "num, hash, lamport, happened, recorded";

/// A row of the log as it lies.
struct Raw {
    num: i64,
    hash: Hash,
    lamport: u64,
    happened: i64,
    recorded: i64,
    bytes: Piece,
}

impl Raw {
    fn of(row: &Row<'_>, bytes: &mut Bytes<'_>) -> Result<Self, StoreError> {
        let num = row.get(0)?;
        Ok(Self {
            num,
            hash: Hash(row.get(1)?),
            lamport: row.get::<_, i64>(2)?.unsigned_abs(),
            happened: row.get(3)?,
            recorded: row.get(4)?,
            bytes: bytes.of(num)?,
        })
    }

    fn entry(&self) -> Result<Entry, StoreError> {
        Ok(Entry {
            num: self.num,
            applied: Applied {
                hash: self.hash,
                lamport: self.lamport,
                commit: read(self.bytes.bytes()?)?,
            },
            happened: self.happened,
            recorded: self.recorded,
        })
    }
}

fn read(bytes: &[u8]) -> Result<Commit, StoreError> {
    Commit::decode_trusted(bytes)
        .map_err(|error| StoreError::Broken(format!("a commit that cannot be read: {error}")))
}

/// How many rows are read before they are worked on, and how many bytes: what is read of a commit
/// takes many times its room.
const AT_ONCE: usize = 512;
const BYTES_AT_ONCE: usize = 512 << 10;

/// A row that was taken, with the bytes of its commit.
pub(super) trait Carries: Send {
    fn bytes(&self) -> &Piece;
}

impl Carries for Raw {
    fn bytes(&self) -> &Piece {
        &self.bytes
    }
}

/// Runs `work` on every row of a question, on another processor and with nothing but what `take`
/// took of it, and `each` on what came of it, in the order of the rows; what that returns is spent.
pub(super) fn worked<T: Carries, R: Send, S: Send>(
    rows: &mut Rows<'_>,
    mut take: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    work: impl Fn(&T) -> R + Sync,
    each: &mut dyn FnMut(T, R) -> Result<S, StoreError>,
) -> Result<(), StoreError> {
    let mut ended = false;
    let next = || {
        let (mut some, mut bytes) = (Vec::new(), 0);
        while !ended && some.len() < AT_ONCE && bytes < BYTES_AT_ONCE {
            let Some(row) = rows.next()? else {
                // Asked once more it would begin again.
                ended = true;
                break;
            };
            let taken = take(row)?;
            bytes += taken.bytes().weight();
            some.push(taken);
        }
        Ok(some)
    };
    ahead(next, work, each)
}

fn entries(
    conn: &Connection,
    condition: &str,
    params: impl rusqlite::Params,
) -> Result<Vec<Entry>, StoreError> {
    let mut found = Vec::new();
    for_each(conn, condition, params, &mut |entry| {
        found.push(entry);
        Ok(())
    })?;
    Ok(found)
}

/// Runs `each` on every commit of the condition, in order; some are read ahead.
pub(super) fn for_each<S: Send>(
    conn: &Connection,
    condition: &str,
    params: impl rusqlite::Params,
    each: &mut dyn FnMut(Entry) -> Result<S, StoreError>,
) -> Result<(), StoreError> {
    let mut statement =
        conn.prepare_cached(&format!("SELECT {COLUMNS} FROM {COUNTING} {condition}"))?;
    let mut rows = statement.query(params)?;
    let mut bytes = Bytes::new(conn);
    let take = |row: &Row<'_>| Raw::of(row, &mut bytes);
    worked(&mut rows, take, Raw::entry, &mut |raw, entry| {
        Ok((raw, each(entry?)?))
    })
}

/// Runs `each` on every commit that may hold a text as a value, whatever its capitals, in order; the
/// others are not read.
pub(super) fn for_each_naming(
    conn: &Connection,
    text: &str,
    each: &mut dyn FnMut(Entry) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let quoted = serde_json::Value::from(text).to_string();
    let quoted = quoted.to_ascii_lowercase();
    let holds = |bytes: &[u8], word: &[u8]| memchr::memmem::find(bytes, word).is_some();
    let mut statement = conn.prepare(&format!("SELECT {COLUMNS} FROM {COUNTING} ORDER BY num"))?;
    let mut rows = statement.query([])?;
    let mut bytes = Bytes::new(conn);
    let take = |row: &Row<'_>| Raw::of(row, &mut bytes);
    let work = |raw: &Raw| {
        let bytes = raw.bytes.bytes()?.to_ascii_lowercase();
        // A letter can be written in another way as well.
        let may = holds(&bytes, quoted.as_bytes()) || holds(&bytes, b"\\u");
        may.then(|| raw.entry()).transpose()
    };
    worked(&mut rows, take, work, &mut |raw, entry| {
        entry?.map_or(Ok(()), &mut *each)?;
        Ok(raw)
    })
}

/// Runs `each` on every commit that touched one of these entities, each once.
pub(super) fn for_each_of(
    conn: &Connection,
    entities: impl Iterator<Item = i64>,
    each: &mut dyn FnMut(Entry) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let entities = serde_json::to_string(&entities.collect::<Vec<_>>())
        .map_err(|error| StoreError::Broken(error.to_string()))?;
    let theirs =
        "WHERE num IN (SELECT t.log FROM json_each(?1) j JOIN touched t ON t.entity = j.value)
         ORDER BY num";
    for_each(conn, theirs, [entities], each)
}

/// The commits that touched an entity, oldest first.
pub(super) fn of_entity(conn: &Connection, entity: i64) -> Result<Vec<Entry>, StoreError> {
    let mut found = entries(
        conn,
        "WHERE num IN (SELECT log FROM touched WHERE entity = ?1)",
        [entity],
    )?;
    // By the replica's id: the numbers of lines are each desk's own.
    found.sort_by_key(|entry| entry.applied.order());
    Ok(found)
}

/// The newest commits, newest first, typed at or after `since` (Unix seconds).
pub(super) fn recent(conn: &Connection, since: i64, limit: i64) -> Result<Vec<Entry>, StoreError> {
    entries(
        conn,
        "WHERE received >= ?1 ORDER BY num DESC LIMIT ?2",
        (since, limit),
    )
}

/// The newest commits below a number, newest first.
pub(super) fn before(conn: &Connection, num: i64, limit: i64) -> Result<Vec<Entry>, StoreError> {
    entries(
        conn,
        "WHERE num < ?1 ORDER BY num DESC LIMIT ?2",
        (num, limit),
    )
}

/// Finds a commit and its place by its hash, and through the index of how hashes begin.
pub(super) const BY_HASH: &str = "SELECT num, replica, seq, lamport, view FROM log
    WHERE substr(hash, 1, 8) = substr(?1, 1, 8) AND hash = ?1";

/// Finds those whose hash begins with hex digits, with all that eight bytes can be after them.
pub(super) const BY_PREFIX: &str = "WHERE substr(hash, 1, 8) BETWEEN unhex(?2) AND unhex(?3)
     AND lower(hex(hash)) LIKE ?1 || '%' LIMIT 2";

/// The row of a commit.
pub(super) fn num_of(conn: &Connection, hash: &Hash) -> Result<Option<i64>, StoreError> {
    let mut select = conn.prepare_cached(BY_HASH)?;
    Ok(select.query_row([hash.0], |row| row.get(0)).optional()?)
}

/// The row of a commit that must be there.
pub(super) fn placed(conn: &Connection, hash: &Hash) -> Result<i64, StoreError> {
    let missing = || StoreError::Broken(format!("commit {hash} is missing"));
    num_of(conn, hash)?.ok_or_else(missing)
}

pub(super) fn by_hash(conn: &Connection, hash: &Hash) -> Result<Option<Entry>, StoreError> {
    let Some(num) = num_of(conn, hash)? else {
        return Ok(None);
    };
    Ok(entries(conn, "WHERE num = ?1", [num])?.into_iter().next())
}

/// The commits whose hash starts with this hex text, at most two.
pub(super) fn by_prefix(conn: &Connection, prefix: &str) -> Result<Vec<Entry>, StoreError> {
    let (from, to) = bounds(prefix);
    entries(conn, BY_PREFIX, (prefix, from, to))
}

/// The lowest and the highest eight bytes that a hash with these digits may begin with.
fn bounds(prefix: &str) -> (String, String) {
    let bound = |rest: &str| -> String {
        let eight = prefix.chars().chain(rest.chars().cycle()).take(16);
        eight.collect()
    };
    (bound("0"), bound("f"))
}

/// Whether there is a commit whose hash begins so, whatever became of it.
pub(super) fn is_prefix(conn: &Connection, prefix: &str) -> Result<bool, StoreError> {
    let (from, to) = bounds(prefix);
    let mut select =
        conn.prepare_cached(&format!("SELECT EXISTS (SELECT 1 FROM log {BY_PREFIX})"))?;
    Ok(select.query_row((prefix, from, to), |row| row.get(0))?)
}

/// The op that a dot names.
pub(super) fn op_at(conn: &Connection, dot: &Dot) -> Result<Option<Op>, StoreError> {
    let num: Option<i64> = conn
        .prepare_cached(
            "SELECT num FROM log WHERE seq = ?2 AND replica IN (SELECT num FROM replica WHERE id = ?1)
             ORDER BY num LIMIT 1",
        )?
        .query_row((dot.replica.0, signed(dot.seq)), |row| row.get(0))
        .optional()?;
    let Some(num) = num else { return Ok(None) };
    let commit = read(Bytes::new(conn).of(num)?.bytes()?)?;
    Ok(usize::try_from(dot.op)
        .ok()
        .and_then(|op| commit.ops.into_iter().nth(op)))
}

/// How many commits there are, whatever becomes of them.
pub(super) fn count(conn: &Connection) -> Result<u64, StoreError> {
    let count: i64 = conn.query_row("SELECT count(*) FROM log", [], |row| row.get(0))?;
    Ok(count.unsigned_abs())
}

/// Whether there is none.
pub(super) fn is_empty(conn: &Connection) -> Result<bool, StoreError> {
    Ok(conn
        .prepare_cached("SELECT NOT EXISTS (SELECT 1 FROM log)")?
        .query_row([], |row| row.get(0))?)
}

/// The tip of our own replica's chain: the first line of our key. Another member can write under
/// our replica's id, and does not go on with our chain by that.
pub(super) fn tip(conn: &Connection, replica: &ReplicaId) -> Result<Option<Tip>, StoreError> {
    Ok(conn
        .prepare_cached(
            "SELECT num, tip_seq, tip_hash, tip_lamport, view FROM replica
             WHERE id = ?1 AND (key IS NULL OR lower(hex(key)) =
                 coalesce((SELECT CAST(value AS TEXT) FROM meta WHERE key = 'own:key'), lower(hex(key))))
             ORDER BY num LIMIT 1",
        )?
        .query_row([replica.0], |row| {
            Ok(Tip {
                at: At {
                    line: row.get(0)?,
                    seq: row.get::<_, i64>(1)?.unsigned_abs(),
                    lamport: row.get::<_, i64>(3)?.unsigned_abs(),
                    view: row.get(4)?,
                },
                hash: Hash(row.get(2)?),
            })
        })
        .optional()?)
}

/// The commit of a line with this number; it may stand in the line that this one grew from.
pub(super) fn at_seq(conn: &Connection, line: i64, seq: u64) -> Result<Hash, StoreError> {
    let (first, parent): (i64, Option<i64>) = conn
        .prepare_cached("SELECT first, parent FROM replica WHERE num = ?1")?
        .query_row([line], |row| Ok((row.get(0)?, row.get(1)?)))?;
    match parent {
        Some(parent) if signed(seq) < first => at_seq(conn, parent, seq),
        _ => Ok(conn
            .prepare_cached("SELECT hash FROM log WHERE replica = ?1 AND seq = ?2")?
            .query_row((line, signed(seq)), |row| row.get(0).map(Hash))?),
    }
}

pub(super) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::super::lots;
    use super::super::open::memory;
    use super::*;
    use crate::ledger::{Draft, Header};

    #[test]
    fn commits_are_found_by_their_whole_hash_where_two_begin_alike_and_by_any_beginning() {
        let conn = memory().unwrap();
        let mut alike = [[0xab; 32], [0xab; 32], [0xcd; 32]];
        alike[1][8] = 0xff;
        for (num, hash) in (1_i64..).zip(alike) {
            conn.execute(
                "INSERT INTO log (num, hash, replica, seq, lamport, happened, recorded, received, size)
                 VALUES (?1, ?2, 1, ?1, ?1, 0, 0, 0, 1)",
                (num, hash),
            )
            .unwrap();
            let draft = Draft::new(ReplicaId([1; 16]), num.unsigned_abs());
            let commit = draft.finish(Header::default());
            lots::put(&conn, num, &commit.encode()).unwrap();
        }
        for (num, hash) in (1..).zip(alike) {
            assert_eq!(num_of(&conn, &Hash(hash)).unwrap(), Some(num));
        }
        assert_eq!(num_of(&conn, &Hash([0; 32])).unwrap(), None);
        let found = |prefix: &str| -> Vec<i64> {
            let found = by_prefix(&conn, prefix).unwrap();
            found.iter().map(|entry| entry.num).collect()
        };
        let digits = |count: usize| "ab".repeat(32)[..count].to_owned();
        for count in [1, 6, 7, 15, 16] {
            assert_eq!(found(&digits(count)), [1, 2], "{count} digits");
        }
        assert_eq!(found(&digits(17)), [1]);
        assert_eq!(found(&digits(64)), [1]);
        assert_eq!(found(&format!("{}ff", digits(16))), [2]);
        assert_eq!(found("cdc"), [3]);
        assert_eq!(found("CDCD"), [3]);
        assert_eq!(found("00"), [0; 0]);
        assert_eq!(found("no digits"), [0; 0]);
    }
}
