//! The desk file's tables, as an append-only list of steps. A newer desk is
//! refused untouched; a step that has shipped is never edited.

use rusqlite::{Connection, Transaction};

use super::StoreError;

/// Marks the file as a desk: `RLM1`.
pub(super) const APPLICATION_ID: i32 = 0x524C_4D31;

/// What each version adds. The index of a step is the version it starts from.
const STEPS: &[&str] = &["
    -- What the desk is: its workspace, genesis and replica.
    CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
    -- Incarnations of the desk, ours first, with the tip of each chain.
    CREATE TABLE replica (
        num INTEGER PRIMARY KEY,
        id BLOB NOT NULL UNIQUE,
        tip_seq INTEGER NOT NULL,
        tip_hash BLOB NOT NULL,
        tip_lamport INTEGER NOT NULL
    ) STRICT;
    -- The truth: every commit, its bytes verbatim, in order of receipt.
    -- `happened` and `recorded` are Unix seconds, for --as-of and --known-at.
    CREATE TABLE log (
        num INTEGER PRIMARY KEY,
        hash BLOB NOT NULL UNIQUE,
        replica INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        lamport INTEGER NOT NULL,
        happened INTEGER NOT NULL,
        recorded INTEGER NOT NULL,
        received INTEGER NOT NULL,
        undoes INTEGER,
        bytes BLOB NOT NULL
    ) STRICT;
    CREATE INDEX log_address ON log (replica, seq);
    CREATE INDEX log_undoes ON log (undoes) WHERE undoes IS NOT NULL;
    -- Everything below is projected from the log and can be thrown away.
    CREATE TABLE entity (num INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE) STRICT;
    CREATE TABLE touched (
        entity INTEGER NOT NULL, log INTEGER NOT NULL, PRIMARY KEY (entity, log)
    ) STRICT, WITHOUT ROWID;
    -- The live values of an entity's registers and sets, by the log row that wrote them.
    CREATE TABLE head (entity INTEGER PRIMARY KEY, live TEXT NOT NULL) STRICT;
    CREATE TABLE event (
        entity INTEGER NOT NULL, log INTEGER NOT NULL, op INTEGER NOT NULL,
        kind TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (entity, log, op)
    ) STRICT, WITHOUT ROWID;
    -- One row a record: what is searched and sorted as columns, the record as JSON.
    -- Days are counted from 1 January of year 1.
    CREATE TABLE record (
        entity INTEGER PRIMARY KEY,
        kind INTEGER NOT NULL,
        id TEXT NOT NULL COLLATE NOCASE UNIQUE,
        open INTEGER NOT NULL,
        state TEXT NOT NULL,
        owner TEXT,
        parent TEXT,
        due_on INTEGER,
        sort TEXT NOT NULL,
        title TEXT NOT NULL,
        words TEXT NOT NULL,
        contested INTEGER NOT NULL,
        version INTEGER NOT NULL,
        body TEXT NOT NULL
    ) STRICT;
    CREATE INDEX record_order ON record (kind, open DESC, sort);
    CREATE INDEX record_parent ON record (parent, kind) WHERE parent IS NOT NULL;
    CREATE INDEX record_state ON record (kind, state, sort);
    -- What needs a human. `class`: 0 a clock, 1 a standing duty, 2 worth knowing.
    CREATE TABLE attention (
        entity INTEGER NOT NULL, code INTEGER NOT NULL, class INTEGER NOT NULL,
        due_on INTEGER NOT NULL, show_from INTEGER NOT NULL,
        who TEXT, what TEXT NOT NULL, step TEXT NOT NULL,
        PRIMARY KEY (entity, code)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX attention_order ON attention (class, due_on, entity);
    -- Counts, so that no lookup scans. `day` is 0 where a count has no day.
    CREATE TABLE tally (
        dim TEXT NOT NULL, key TEXT NOT NULL, day INTEGER NOT NULL, n INTEGER NOT NULL,
        PRIMARY KEY (dim, key, day)
    ) STRICT, WITHOUT ROWID;
    -- The next number of each kind of id; numbers are never used again.
    CREATE TABLE counter (kind INTEGER PRIMARY KEY, next INTEGER NOT NULL) STRICT;
    -- The profile, the calendar and the desk's own facts, ready to read.
    CREATE TABLE compiled (key TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
    "];

/// The schema version this program writes.
#[allow(
    clippy::cast_possible_wrap,
    clippy::cast_possible_truncation,
    reason = "a handful of steps"
)]
pub(super) const VERSION: i32 = STEPS.len() as i32;

/// The version of a desk file, after checking that it is a desk and not a newer one.
pub(super) fn check(conn: &Connection) -> Result<i32, StoreError> {
    let application: i32 = conn.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let version: i32 = conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if application != APPLICATION_ID {
        return Err(StoreError::NotADesk);
    }
    if version > VERSION {
        return Err(StoreError::TooNew {
            found: version,
            known: VERSION,
        });
    }
    Ok(version)
}

/// Brings a new or older desk to this program's version.
pub(super) fn migrate(tx: &Transaction<'_>, from: i32) -> Result<(), StoreError> {
    let done = usize::try_from(from).unwrap_or(0);
    for step in STEPS.iter().skip(done) {
        tx.execute_batch(step)?;
    }
    tx.pragma_update(None, "application_id", APPLICATION_ID)?;
    tx.pragma_update(None, "user_version", VERSION)?;
    Ok(())
}
