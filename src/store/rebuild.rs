//! The projection from nothing: after a damage, for a check, and for a desk as
//! it was. Gives the same bytes as projecting commit by commit.

use std::collections::HashMap;

use rusqlite::Connection;
use sha2::{Digest, Sha256};

use super::heads::{self, Address, Addresses};
use super::log::{self, Entry, PastOf};
use super::project::project;
use super::tally::Delta;
use super::{Reader, Store, StoreError, apply, compiled, open};
use crate::ledger::{EntityId, Hash, Record, Workspace};

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
    /// Throws the projection away and makes it again; `agrees` says whether it was right.
    pub fn rebuild(&mut self) -> Result<Checked, StoreError> {
        self.write(|writing| {
            let conn = writing.conn();
            let before = digest(conn)?;
            verify(conn)?;
            for (table, _) in PROJECTED {
                conn.execute_batch(&format!("DELETE FROM {table}"))?;
            }
            fill(conn, &|_| true, None)?;
            let after = digest(conn)?;
            checked(conn, before == after)
        })
    }
}

impl Reader<'_> {
    /// Checks the file, the chain of every replica, and that the projection is
    /// what the log says; changes nothing.
    pub fn check(&self) -> Result<Checked, StoreError> {
        let conn = self.conn();
        let sound: String = conn.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
        if sound != "ok" {
            return Err(StoreError::Broken(sound));
        }
        verify(conn)?;
        let memory = open::memory()?;
        copy_log(conn, &memory, &|_| true, None)?;
        fill(&memory, &|_| true, None)?;
        checked(conn, digest(conn)? == digest(&memory)?)
    }
}

fn checked(conn: &Connection, agrees: bool) -> Result<Checked, StoreError> {
    let count = |sql: &str| -> Result<u64, StoreError> {
        Ok(conn
            .query_row(sql, [], |row| row.get::<_, i64>(0))?
            .unsigned_abs())
    };
    Ok(Checked {
        commits: count("SELECT count(*) FROM log")?,
        records: count("SELECT count(*) FROM record")?,
        agrees,
    })
}

pub(super) fn verify(conn: &Connection) -> Result<u64, StoreError> {
    let workspace: [u8; 32] = conn.query_row(
        "SELECT value FROM meta WHERE key = 'workspace'",
        [],
        |row| row.get(0),
    )?;
    log::verify(conn, &Workspace(Hash(workspace)))
}

/// A hash over every projected row.
fn digest(conn: &Connection) -> Result<[u8; 32], StoreError> {
    let mut sha = Sha256::new();
    for (table, order) in PROJECTED {
        let mut statement = conn.prepare(&format!("SELECT * FROM {table} ORDER BY {order}"))?;
        let columns = statement.column_count();
        let mut rows = statement.query([])?;
        sha.update(table.as_bytes());
        while let Some(row) = rows.next()? {
            for column in 0..columns {
                sha.update(format!("{:?}\u{0}", row.get_ref(column)?).as_bytes());
            }
        }
    }
    Ok(sha.finalize().into())
}

/// Copies the log's rows of `wanted` commits, and everything a log needs beside it.
pub(super) fn copy_log(
    from: &Connection,
    to: &Connection,
    wanted: &dyn Fn(&Entry) -> bool,
    scope: Option<&str>,
) -> Result<(), StoreError> {
    let mut meta = from.prepare("SELECT key, value FROM meta")?;
    let mut rows = meta.query([])?;
    while let Some(row) = rows.next()? {
        to.prepare_cached("INSERT INTO meta (key, value) VALUES (?1, ?2)")?
            .execute((row.get::<_, String>(0)?, row.get::<_, Vec<u8>>(1)?))?;
    }
    let mut replica =
        from.prepare("SELECT num, id, tip_seq, tip_hash, tip_lamport FROM replica")?;
    let mut rows = replica.query([])?;
    while let Some(row) = rows.next()? {
        to.prepare_cached("INSERT INTO replica VALUES (?1, ?2, ?3, ?4, ?5)")?
            .execute((
                row.get::<_, i64>(0)?,
                row.get::<_, Vec<u8>>(1)?,
                row.get::<_, i64>(2)?,
                row.get::<_, Vec<u8>>(3)?,
                row.get::<_, i64>(4)?,
            ))?;
    }
    let mut raw =
        from.prepare("SELECT replica, received, undoes, bytes FROM log WHERE num = ?1")?;
    log::for_each(from, scope.unwrap_or("ORDER BY num"), [], &mut |entry| {
        if !wanted(&entry) {
            return Ok(());
        }
        let applied = &entry.applied;
        let mut rows = raw.query([entry.num])?;
        let Some(row) = rows.next()? else {
            return Ok(());
        };
        to.prepare_cached("INSERT INTO log VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)")?
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
                row.get_ref(3)?
                    .as_bytes()
                    .map_err(|error| StoreError::Broken(error.to_string()))?,
            ])?;
        Ok(())
    })
}

/// Projects the log's `wanted` commits into empty tables: folds in memory, then writes once.
pub(super) fn fill(
    conn: &Connection,
    wanted: &dyn Fn(&Entry) -> bool,
    scope: Option<&str>,
) -> Result<(), StoreError> {
    let past = PastOf::load(conn)?;
    let mut addresses = Addresses::default();
    let mut nums: HashMap<EntityId, usize> = HashMap::new();
    let mut folded: Vec<(EntityId, Record, i64)> = Vec::new();
    log::for_each(conn, scope.unwrap_or("ORDER BY num"), [], &mut |entry| {
        if !wanted(&entry) {
            return Ok(());
        }
        addresses.learn(entry.num, address(&entry));
        for id in &entry.applied.commit.entities {
            let place = *nums.entry(id.clone()).or_insert_with(|| {
                folded.push((id.clone(), Record::default(), 0));
                folded.len() - 1
            });
            let (_, record, touched) = &mut folded[place];
            record.apply(id, &entry.applied, &|dot| past.seen(&entry.applied, dot));
            *touched += 1;
            conn.prepare_cached("INSERT OR IGNORE INTO touched (entity, log) VALUES (?1, ?2)")?
                .execute((log::signed(place as u64 + 1), entry.num))?;
        }
        apply::count_ids(conn, &entry)
    })?;
    for (place, (id, record, _)) in folded.iter().enumerate() {
        let entity = log::signed(place as u64 + 1);
        conn.prepare_cached("INSERT INTO entity (num, id) VALUES (?1, ?2)")?
            .execute((entity, id.as_str()))?;
        heads::save(conn, &mut addresses, entity, record)?;
        for event in &record.events {
            let num = addresses.by_hash(conn, &event.order.hash)?;
            apply::event_row(
                conn,
                (entity, num, event.dot.op as usize),
                &event.kind,
                &event.body,
            )?;
        }
    }
    if let Some(place) = nums.get(&apply::desk_entity()) {
        compiled::store(conn, &folded[*place].1)?;
    }
    let Some(rules) = compiled::rules(conn)? else {
        return Ok(());
    };
    let mut delta = Delta::default();
    for (place, (_, record, touched)) in folded.iter().enumerate() {
        if let Some(row) = project(record, &rules)? {
            apply::insert_row(
                conn,
                log::signed(place as u64 + 1),
                *touched,
                &row,
                &mut delta,
            )?;
        }
    }
    delta.write(conn)
}

fn address(entry: &Entry) -> Address {
    Address {
        hash: entry.applied.hash,
        replica: entry.applied.commit.replica,
        seq: entry.applied.commit.seq,
        lamport: entry.applied.lamport,
    }
}
