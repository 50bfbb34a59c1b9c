//! The log: commits appended, read back and followed. Bytes are kept verbatim;
//! nothing here knows what a field means.

use rusqlite::{Connection, OptionalExtension, Row};

use super::StoreError;
use crate::ledger::{Applied, Causality, Commit, Dot, Hash, Op, ReplicaId, Seen, Workspace};

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

/// The tip of one replica's chain.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tip {
    pub num: i64,
    pub seq: u64,
    pub hash: Hash,
    pub lamport: u64,
}

const COLUMNS: &str = "num, hash, lamport, happened, recorded, bytes";

fn entry(row: &Row<'_>) -> Result<Entry, StoreError> {
    let bytes = row
        .get_ref(5)?
        .as_bytes()
        .map_err(|error| StoreError::Broken(error.to_string()))?;
    let commit = Commit::decode_trusted(bytes)
        .map_err(|error| StoreError::Broken(format!("a commit that cannot be read: {error}")))?;
    Ok(Entry {
        num: row.get(0)?,
        applied: Applied {
            hash: Hash(row.get(1)?),
            lamport: row.get::<_, i64>(2)?.unsigned_abs(),
            commit,
        },
        happened: row.get(3)?,
        recorded: row.get(4)?,
    })
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

/// Runs `each` on every commit of the condition, one at a time.
pub(super) fn for_each(
    conn: &Connection,
    condition: &str,
    params: impl rusqlite::Params,
    each: &mut dyn FnMut(Entry) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut statement = conn.prepare_cached(&format!("SELECT {COLUMNS} FROM log {condition}"))?;
    let mut rows = statement.query(params)?;
    while let Some(row) = rows.next()? {
        each(entry(row)?)?;
    }
    Ok(())
}

/// The commits that touched an entity, oldest first.
pub(super) fn of_entity(conn: &Connection, entity: i64) -> Result<Vec<Entry>, StoreError> {
    entries(
        conn,
        "WHERE num IN (SELECT log FROM touched WHERE entity = ?1) ORDER BY lamport, replica, hash",
        [entity],
    )
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

pub(super) fn by_hash(conn: &Connection, hash: &Hash) -> Result<Option<Entry>, StoreError> {
    Ok(entries(conn, "WHERE hash = ?1", [hash.0])?
        .into_iter()
        .next())
}

/// The commits whose hash starts with this hex text, at most two.
pub(super) fn by_prefix(conn: &Connection, prefix: &str) -> Result<Vec<Entry>, StoreError> {
    entries(
        conn,
        "WHERE lower(hex(hash)) LIKE ?1 || '%' LIMIT 2",
        [prefix],
    )
}

/// The commit that takes `num` back and still stands.
pub(super) fn undone_by(conn: &Connection, num: i64) -> Result<Option<i64>, StoreError> {
    let mut statement =
        conn.prepare_cached("SELECT num FROM log WHERE undoes = ?1 ORDER BY num DESC LIMIT 1")?;
    let undo: Option<i64> = statement.query_row([num], |row| row.get(0)).optional()?;
    match undo {
        Some(undo) if undone_by(conn, undo)?.is_none() => Ok(Some(undo)),
        _ => Ok(None),
    }
}

/// The op that a dot names.
pub(super) fn op_at(conn: &Connection, dot: &Dot) -> Result<Option<Op>, StoreError> {
    let bytes: Option<Vec<u8>> = conn
        .prepare_cached(
            "SELECT bytes FROM log WHERE seq = ?2 AND replica = (SELECT num FROM replica WHERE id = ?1)",
        )?
        .query_row((dot.replica.0, signed(dot.seq)), |row| row.get(0))
        .optional()?;
    let Some(bytes) = bytes else { return Ok(None) };
    let commit = Commit::decode_trusted(&bytes)
        .map_err(|error| StoreError::Broken(format!("a commit that cannot be read: {error}")))?;
    Ok(usize::try_from(dot.op)
        .ok()
        .and_then(|op| commit.ops.into_iter().nth(op)))
}

/// The tip of our own replica's chain.
pub(super) fn tip(conn: &Connection, replica: &ReplicaId) -> Result<Option<Tip>, StoreError> {
    Ok(conn
        .prepare_cached("SELECT num, tip_seq, tip_hash, tip_lamport FROM replica WHERE id = ?1")?
        .query_row([replica.0], |row| {
            Ok(Tip {
                num: row.get(0)?,
                seq: row.get::<_, i64>(1)?.unsigned_abs(),
                hash: Hash(row.get(2)?),
                lamport: row.get::<_, i64>(3)?.unsigned_abs(),
            })
        })
        .optional()?)
}

/// The tips of the other replicas, which a new commit has seen, with the highest Lamport number.
pub(super) fn others(conn: &Connection, own: i64) -> Result<Vec<(Hash, u64)>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT tip_hash, tip_lamport FROM replica WHERE num <> ?1 AND tip_seq > 0 ORDER BY num",
    )?;
    let rows = statement.query_map([own], |row| {
        Ok((Hash(row.get(0)?), row.get::<_, i64>(1)?.unsigned_abs()))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What each commit had seen. A desk with one replica needs no table for it:
/// whatever has a lower number is in the past.
pub(super) enum PastOf {
    OneChain,
    Many(Box<Causality>),
}

impl PastOf {
    pub(super) fn load(conn: &Connection) -> Result<Self, StoreError> {
        let replicas: i64 = conn
            .prepare_cached("SELECT count(*) FROM replica")?
            .query_row([], |row| row.get(0))?;
        if replicas < 2 {
            return Ok(Self::OneChain);
        }
        let mut causality = Causality::default();
        let mut tips = std::collections::HashMap::new();
        for_each(conn, "ORDER BY num", [], &mut |entry| {
            let Applied { hash, commit, .. } = &entry.applied;
            let prev = tips.insert(commit.replica, *hash);
            causality
                .add(*hash, prev, commit)
                .map_err(|missing| StoreError::Broken(missing.to_string()))?;
            Ok(())
        })?;
        Ok(Self::Many(Box::new(causality)))
    }

    pub(super) fn seen(&self, applied: &Applied, dot: &Dot) -> Seen {
        match self {
            Self::OneChain => {
                (dot.replica == applied.commit.replica && dot.seq < applied.commit.seq).into()
            }
            Self::Many(causality) => causality.seen(&applied.hash, dot),
        }
    }
}

/// Checks every chain from its first commit; returns how many commits hold together.
pub(super) fn verify(conn: &Connection, workspace: &Workspace) -> Result<u64, StoreError> {
    let mut tips: std::collections::HashMap<i64, (u64, Hash)> = std::collections::HashMap::new();
    let mut statement = conn.prepare(
        "SELECT l.replica, r.id, l.seq, l.hash, l.bytes FROM log l JOIN replica r ON r.num = l.replica ORDER BY l.replica, l.seq",
    )?;
    let mut rows = statement.query([])?;
    let mut count = 0;
    while let Some(row) = rows.next()? {
        let replica: i64 = row.get(0)?;
        let id = ReplicaId(row.get(1)?);
        let seq = row.get::<_, i64>(2)?.unsigned_abs();
        let hash = Hash(row.get(3)?);
        let bytes = row
            .get_ref(4)?
            .as_bytes()
            .map_err(|error| StoreError::Broken(error.to_string()))?;
        let (before, prev) = tips
            .get(&replica)
            .copied()
            .unwrap_or((0, crate::ledger::first_prev(workspace, &id)));
        if seq != before + 1 || crate::ledger::chain_hash(workspace, &prev, bytes) != hash {
            return Err(StoreError::Broken(format!(
                "commit {seq} of replica {id} does not follow {before}"
            )));
        }
        tips.insert(replica, (seq, hash));
        count += 1;
    }
    Ok(count)
}

pub(super) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
