//! What exchanging commits asks of the desk file: lines, runs, signatures, facts of its own. Knows
//! no share.

use rusqlite::{Connection, OptionalExtension};

use super::lines;
use super::log::signed as number;
use super::lots::Bytes;
use super::{Reader, Store, StoreError, digest};
use crate::domain::kind::Kind;
use crate::ledger::{Hash, Key, Line, Place, ReplicaId, Signature, Signed, Workspace};

/// The fact of a desk that says when steps were last exchanged, RFC 3339.
pub const EXCHANGED: &str = "synced";

impl Reader<'_> {
    /// Every line, the oldest first.
    pub fn lines(&self) -> Result<Vec<Line>, StoreError> {
        let mut select = self.conn().prepare_cached(
            "SELECT num, id, key, first, parent, tip_seq, tip_hash FROM replica ORDER BY num",
        )?;
        let rows = select.query_map([], |row| {
            Ok(Line {
                num: unsigned(row.get(0)?),
                replica: ReplicaId(row.get(1)?),
                key: row.get::<_, Option<[u8; 32]>>(2)?.map(Key),
                first: unsigned(row.get(3)?),
                parent: row.get::<_, Option<i64>>(4)?.map(unsigned),
                tip_seq: unsigned(row.get(5)?),
                tip: Hash(row.get(6)?),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    pub fn place(&self, hash: &Hash) -> Result<Option<Place>, StoreError> {
        Ok(lines::at(self.conn(), hash)?.map(|at| Place {
            line: unsigned(at.line),
            seq: at.seq,
        }))
    }

    /// The commits `lo..=hi` of the chain that ends in `tip`, in order.
    pub fn run(&self, tip: &Hash, lo: u64, hi: u64) -> Result<Vec<(Hash, Vec<u8>)>, StoreError> {
        let conn = self.conn();
        let at = lines::at(conn, tip)?
            .ok_or_else(|| StoreError::Broken(format!("commit {tip} is missing")))?;
        let mut found = Vec::new();
        segment(conn, at.line, (lo, hi.min(at.seq)), &mut found)?;
        Ok(found)
    }

    /// What its author signed of a line from a number on, lowest first.
    pub fn signed(&self, line: u64, from: u64) -> Result<Vec<Signed>, StoreError> {
        let mut select = self.conn().prepare_cached(
            "SELECT seq, hash, signature FROM signed WHERE line = ?1 AND seq >= ?2 ORDER BY seq",
        )?;
        let rows = select.query_map([number(line), number(from)], |row| {
            Ok(Signed {
                seq: unsigned(row.get(0)?),
                hash: Hash(row.get(1)?),
                signature: Signature(row.get(2)?),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many bytes of a key's commits are kept that do not count.
    pub fn void_bytes(&self, key: &Key) -> Result<u64, StoreError> {
        let sum = self
            .conn()
            .prepare_cached(
                "SELECT coalesce(sum(l.size), 0) FROM fate f JOIN log l ON l.num = f.log
                 JOIN replica r ON r.num = l.replica WHERE l.fate = 2 AND r.key = ?1",
            )?
            .query_row([key.0], |row| row.get(0))?;
        Ok(unsigned(sum))
    }

    /// Which desk it is.
    pub fn workspace(&self) -> Result<Workspace, StoreError> {
        Ok(self.conn().query_row(
            "SELECT value FROM meta WHERE key = 'workspace'",
            [],
            |row| row.get(0).map(|hash| Workspace(Hash(hash))),
        )?)
    }

    /// The replica that the desk writes as.
    pub fn replica(&self) -> Result<ReplicaId, StoreError> {
        Ok(self
            .conn()
            .query_row("SELECT value FROM meta WHERE key = 'replica'", [], |row| {
                row.get(0).map(ReplicaId)
            })?)
    }

    /// The text that the workspace is named after.
    pub fn genesis(&self) -> Result<String, StoreError> {
        let bytes: Vec<u8> =
            self.conn()
                .query_row("SELECT value FROM meta WHERE key = 'genesis'", [], |row| {
                    row.get(0)
                })?;
        String::from_utf8(bytes).map_err(|error| StoreError::Broken(error.to_string()))
    }

    /// A fact that this desk file keeps for itself, which no log says.
    pub fn own(&self, key: &str) -> Result<Option<String>, StoreError> {
        own(self.conn(), key)
    }

    /// Whether a newer version wrote to a record, or to the desk itself: then no step of it is
    /// open here.
    pub fn needs_newer(&self, kind: Kind, id: &str) -> Result<bool, StoreError> {
        let of = self.entity(kind, id)?.map(|(_, entity)| entity);
        let of: Vec<_> = of.into_iter().chain([super::desk_entity()]).collect();
        super::judging::closes(self.conn(), &of)
    }

    /// The same for one that is no text.
    pub fn own_bytes(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        own_bytes(self.conn(), key)
    }

    /// The commits that do not count, the newest first: number, hash, person, whether a newer
    /// version wrote it, and why.
    pub fn set_aside(&self, limit: usize) -> Result<Vec<SetAside>, StoreError> {
        let mut select = self.conn().prepare(
            "SELECT l.hash, r.id, l.seq, l.fate, f.why FROM log l
             JOIN replica r ON r.num = l.replica JOIN fate f ON f.log = l.num
             WHERE l.fate <> 0 ORDER BY l.num DESC LIMIT ?1",
        )?;
        let rows = select.query_map([super::query::sql_limit(limit)], |row| {
            Ok(SetAside {
                hash: Hash(row.get(0)?),
                replica: ReplicaId(row.get(1)?),
                seq: unsigned(row.get(2)?),
                newer: row.get::<_, i64>(3)? == 1,
                why: row.get(4)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// A commit that is kept and not shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetAside {
    pub hash: Hash,
    pub replica: ReplicaId,
    pub seq: u64,
    /// A newer version wrote it, or something that builds on it; else it is void.
    pub newer: bool,
    pub why: String,
}

impl Store {
    /// The number of the next head file on this share; kept before it is returned.
    pub fn next_head(&mut self, share: &str) -> Result<u64, StoreError> {
        self.write_as_is(|writing| next_head(writing.conn(), share))
    }

    /// Keeps a fact of this desk file alone, or forgets it with `None`.
    pub fn set_own(&mut self, key: &str, value: Option<&str>) -> Result<(), StoreError> {
        self.write_as_is(|writing| writing.set_own(key, value))
    }
}

/// Counts the next head file on a share, and keeps the digest so far: what the file will say is
/// found from it.
pub(super) fn next_head(conn: &Connection, share: &str) -> Result<u64, StoreError> {
    digest::keep(conn)?;
    Ok(conn
        .prepare_cached(
            "INSERT INTO counted (share, head) VALUES (?1, 1)
             ON CONFLICT (share) DO UPDATE SET head = head + 1 RETURNING head",
        )?
        .query_row([share], |row| row.get(0).map(unsigned))?)
}

/// Keeps what authors signed of commits that are in the log.
pub(super) fn keep_signatures(conn: &Connection, signed: &[Signed]) -> Result<(), StoreError> {
    for signed in signed {
        let Some(at) = lines::at(conn, &signed.hash)? else {
            continue;
        };
        conn.prepare_cached(
            "INSERT OR IGNORE INTO signed (line, seq, hash, signature) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute((
            at.line,
            number(signed.seq),
            signed.hash.0,
            signed.signature.0,
        ))?;
    }
    Ok(())
}

pub(super) fn set_own(conn: &Connection, key: &str, value: Option<&str>) -> Result<(), StoreError> {
    set_own_bytes(conn, key, value.map(str::as_bytes))
}

pub(super) fn set_own_bytes(
    conn: &Connection,
    key: &str,
    value: Option<&[u8]>,
) -> Result<(), StoreError> {
    let key = format!("own:{key}");
    match value {
        Some(value) => conn.execute(
            "INSERT OR REPLACE INTO meta (key, value) VALUES (?1, ?2)",
            (key, value),
        )?,
        None => conn.execute("DELETE FROM meta WHERE key = ?1", [key])?,
    };
    Ok(())
}

fn own_bytes(conn: &Connection, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(conn
        .prepare_cached("SELECT value FROM meta WHERE key = ?1")?
        .query_row([format!("own:{key}")], |row| row.get(0))
        .optional()?)
}

pub(super) fn own(conn: &Connection, key: &str) -> Result<Option<String>, StoreError> {
    own_bytes(conn, key)?
        .map(|value| String::from_utf8(value).map_err(|it| StoreError::Broken(it.to_string())))
        .transpose()
}

/// A piece of a chain, from the line that it grew from if it begins there.
fn segment(
    conn: &Connection,
    line: i64,
    (lo, hi): (u64, u64),
    found: &mut Vec<(Hash, Vec<u8>)>,
) -> Result<(), StoreError> {
    let (first, parent): (i64, Option<i64>) = conn
        .prepare_cached("SELECT first, parent FROM replica WHERE num = ?1")?
        .query_row([line], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let first = unsigned(first);
    if let Some(parent) = parent.filter(|_| lo < first) {
        segment(conn, parent, (lo, hi.min(first - 1)), found)?;
    }
    let mut select = conn.prepare_cached(
        "SELECT hash, num FROM log WHERE replica = ?1 AND seq BETWEEN ?2 AND ?3 ORDER BY seq",
    )?;
    let mut rows = select.query((line, number(lo.max(first)), number(hi)))?;
    let mut bytes = Bytes::new(conn);
    while let Some(row) = rows.next()? {
        let bytes = bytes.of(row.get(1)?)?;
        found.push((Hash(row.get(0)?), bytes.bytes()?.to_vec()));
    }
    Ok(())
}

pub(super) const fn unsigned(number: i64) -> u64 {
    number.unsigned_abs()
}
