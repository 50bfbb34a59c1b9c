//! The projection from nothing: after a damage, for a check, and for a desk as
//! it was. Gives the same bytes as projecting commit by commit.

use rusqlite::Connection;
use rusqlite::types::{ToSqlOutput, ValueRef};
use sha2::{Digest, Sha256};

use super::folding::Folding;
use super::log::{self, Entry};
use super::lots::{self, Bytes};
use super::{Reader, Store, StoreError, chains, exchange, judging, keeping, open, receive, schema};

/// What `doctor` found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    pub commits: u64,
    pub records: u64,
    /// The projection is what the log says.
    pub agrees: bool,
}

/// Tables that are projected, with the order that makes them comparable.
const PROJECTED: [(&str, &str); 9] = [
    ("entity", "num"),
    ("touched", "entity, log"),
    ("head", "entity"),
    ("event", "entity, log, op"),
    ("record", "entity"),
    ("attention", "entity, code"),
    ("tally", "dim, key, day"),
    ("counter", "kind"),
    ("compiled", "key"),
];

impl Store {
    /// Writes the file anew where pages of it are damaged and every table can be read.
    pub fn mend(&mut self) -> Result<(), StoreError> {
        keeping::mend(self.conn())
    }

    /// Throws the projection away and makes it again; `agrees` says whether it was right.
    pub fn rebuild(&mut self) -> Result<Checked, StoreError> {
        keeping::busy(self.conn())?;
        let checked = self.write(|writing| {
            let conn = writing.conn();
            let before = digest(conn)?;
            lots::press(conn)?;
            let folding = judging::refold(conn, judging::Links::Checked)?;
            refill(conn, Some(folding))?;
            let after = digest(conn)?;
            checked(conn, before == after)
        });
        // What went wrong is told first: a desk that could not be written cannot come to rest.
        let rest = keeping::at_rest(self.conn());
        let checked = checked.and_then(|checked| rest.map(|()| checked))?;
        keeping::give_back(self.conn())?;
        Ok(checked)
    }
}

/// Throws the projection away.
pub(super) fn clear(conn: &Connection) -> Result<(), StoreError> {
    conn.execute_batch(schema::SCAN[0])?;
    for (table, _) in PROJECTED {
        conn.execute_batch(&format!("DELETE FROM {table}"))?;
    }
    Ok(())
}

/// Projects the log anew; `folding` is what it comes to, if it is whole.
pub(super) fn refill(conn: &Connection, folding: Option<Folding>) -> Result<(), StoreError> {
    #[cfg(test)]
    super::trial::step("refill")?;
    match folding {
        Some(folding) if folding.is_whole(conn)? => folding.end(conn)?,
        _ => {
            clear(conn)?;
            fill(conn)?;
        }
    }
    conn.execute_batch(schema::SCAN[1])?;
    exchange::set_own(conn, receive::PROJECTION, Some(receive::READS))?;
    // The numbers of entities may be others now.
    conn.execute_batch("DELETE FROM mark; DELETE FROM meta WHERE key IN ('stale', 'own:digest')")?;
    Ok(())
}

impl Reader<'_> {
    /// Checks the file, the chain of every replica, and that the projection is
    /// what the log says; changes nothing.
    pub fn check(&self) -> Result<Checked, StoreError> {
        let conn = self.conn();
        keeping::sound(conn)?;
        chains::verify(conn)?;
        let memory = open::memory()?;
        copy_log(conn, &memory, &|_| true, None)?;
        // Compared, never searched.
        memory.execute_batch(schema::SCAN[0])?;
        fill(&memory)?;
        checked(conn, digest(conn)? == digest(&memory)?)
    }
}

fn checked(conn: &Connection, agrees: bool) -> Result<Checked, StoreError> {
    let records: i64 = conn.query_row("SELECT count(*) FROM record", [], |row| row.get(0))?;
    Ok(Checked {
        commits: log::count(conn)?,
        records: records.unsigned_abs(),
        agrees,
    })
}

/// A hash over every projected row.
fn digest(conn: &Connection) -> Result<[u8; 32], StoreError> {
    let mut sha = Sha256::new();
    let mut bytes = Vec::new();
    for (table, order) in PROJECTED {
        let mut statement = conn.prepare(&format!("SELECT * FROM {table} ORDER BY {order}"))?;
        let columns = statement.column_count();
        let mut rows = statement.query([])?;
        sha.update(table.as_bytes());
        while let Some(row) = rows.next()? {
            bytes.clear();
            for column in 0..columns {
                put_value(&mut bytes, row.get_ref(column)?);
            }
            sha.update(&bytes);
        }
    }
    Ok(sha.finalize().into())
}

/// A value as bytes that no other value has: its type, its length, itself.
fn put_value(bytes: &mut Vec<u8>, value: ValueRef<'_>) {
    let mut put = |kind: u8, data: &[u8]| {
        bytes.push(kind);
        bytes.extend((data.len() as u64).to_le_bytes());
        bytes.extend(data);
    };
    match value {
        ValueRef::Null => put(0, &[]),
        ValueRef::Integer(number) => put(1, &number.to_le_bytes()),
        ValueRef::Real(number) => put(2, &number.to_le_bytes()),
        ValueRef::Text(text) => put(3, text),
        ValueRef::Blob(blob) => put(4, blob),
    }
}

/// What a log needs beside it, with the columns that are copied.
const BESIDE: [(&str, &str); 4] = [
    ("meta", "key, value"),
    (
        "replica",
        "num, id, tip_seq, tip_hash, tip_lamport, first, parent, view, key",
    ),
    ("view", "num, lines"),
    ("closed", "entity, log"),
];

pub(super) fn copy_table(
    from: &Connection,
    to: &Connection,
    table: &str,
    columns: &str,
) -> Result<(), StoreError> {
    let count = columns.split(", ").count();
    let places = vec!["?"; count].join(", ");
    let mut insert = to.prepare(&format!(
        "INSERT INTO {table} ({columns}) VALUES ({places})"
    ))?;
    let mut select = from.prepare(&format!("SELECT {columns} FROM {table}"))?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        for column in 0..count {
            insert.raw_bind_parameter(column + 1, ToSqlOutput::Borrowed(row.get_ref(column)?))?;
        }
        insert.raw_execute()?;
    }
    Ok(())
}

/// Copies the log's rows of `wanted` commits, and everything a log needs beside it.
pub(super) fn copy_log(
    from: &Connection,
    to: &Connection,
    wanted: &dyn Fn(&Entry) -> bool,
    scope: Option<&str>,
) -> Result<(), StoreError> {
    for (table, columns) in BESIDE {
        copy_table(from, to, table, columns)?;
    }
    // For a part of the log its own commits are enough.
    if scope.is_none() {
        for (table, columns) in lots::TABLES {
            copy_table(from, to, table, columns)?;
        }
    }
    let mut bytes = Bytes::new(from);
    let mut raw =
        from.prepare("SELECT replica, received, undoes, size, view FROM log WHERE num = ?1")?;
    log::for_each(from, scope.unwrap_or("ORDER BY num"), [], &mut |entry| {
        if !wanted(&entry) {
            return Ok(());
        }
        let applied = &entry.applied;
        let mut rows = raw.query([entry.num])?;
        let Some(row) = rows.next()? else {
            return Ok(());
        };
        to.prepare_cached(
            "INSERT INTO log (num, hash, replica, seq, lamport, happened, recorded, received, undoes, size, view)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        )?
            .execute(rusqlite::params![
                entry.num,
                applied.hash.0,
                row.get::<_, i64>(0)?,
                log::signed(applied.commit.seq),
                log::signed(applied.lamport),
                entry.happened,
                entry.recorded,
                row.get::<_, i64>(1)?,
                row.get::<_, Option<i64>>(2)?,
                row.get::<_, i64>(3)?,
                row.get::<_, i64>(4)?,
            ])?;
        if scope.is_some() {
            lots::loose(to, entry.num, bytes.of(entry.num)?.bytes()?)?;
        }
        Ok(())
    })
}

/// Projects the log into empty tables.
pub(super) fn fill(conn: &Connection) -> Result<(), StoreError> {
    Folding::of(conn)?.end(conn)
}
