//! The desk file's tables, as an append-only list of steps. A newer desk is
//! refused untouched; a step that has shipped is never edited.

use rusqlite::{Connection, Transaction};

use super::{StoreError, heads, lots, members};

/// Marks the file as a desk: `RLM1`.
pub(super) const APPLICATION_ID: i32 = 0x524C_4D31;

/// What each version adds. The index of a step is the version it starts from.
const STEPS: &[&str] = &[
    "
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
    ",
    "
    -- All that finds and sorts a record in one index: a list is narrowed and sorted without
    -- reading the records. What was read through the narrower index is read through it.
    CREATE INDEX record_scan
        ON record (kind, open DESC, sort, id, title, words, state, owner, due_on);
    DROP INDEX record_order;
    ",
    "
    -- Other desks. A row of `replica` is a line: an unforked run of one replica's commits, which
    -- begins at `first` and, if it is a fork, grew from the line `parent`. `view` is what its tip
    -- had seen, `key` whose chain it is.
    ALTER TABLE replica RENAME TO chain;
    CREATE TABLE replica (
        num INTEGER PRIMARY KEY,
        id BLOB NOT NULL,
        tip_seq INTEGER NOT NULL,
        tip_hash BLOB NOT NULL,
        tip_lamport INTEGER NOT NULL,
        first INTEGER NOT NULL DEFAULT 1,
        parent INTEGER,
        view INTEGER NOT NULL DEFAULT 0,
        key BLOB
    ) STRICT;
    INSERT INTO replica (num, id, tip_seq, tip_hash, tip_lamport)
        SELECT num, id, tip_seq, tip_hash, tip_lamport FROM chain;
    DROP TABLE chain;
    CREATE INDEX replica_id ON replica (id);
    -- How far a commit had seen the lines that are not its own; `fate` is 0 for a commit that
    -- counts, 1 for one of a newer version, 2 for a void one.
    ALTER TABLE log ADD COLUMN view INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE log ADD COLUMN fate INTEGER NOT NULL DEFAULT 0;
    CREATE TABLE view (num INTEGER PRIMARY KEY, lines TEXT NOT NULL) STRICT;
    CREATE TABLE fate (log INTEGER PRIMARY KEY, why TEXT NOT NULL) STRICT;
    -- What the authors of chains signed.
    CREATE TABLE signed (
        line INTEGER NOT NULL, seq INTEGER NOT NULL, hash BLOB NOT NULL, signature BLOB NOT NULL,
        PRIMARY KEY (line, seq)
    ) STRICT, WITHOUT ROWID;
    -- What is known of the files of a share, and the number of our last head file there.
    CREATE TABLE file (
        share TEXT NOT NULL, name TEXT NOT NULL, size INTEGER NOT NULL, stamp INTEGER NOT NULL,
        read INTEGER NOT NULL, verdict TEXT NOT NULL, PRIMARY KEY (share, name)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE counted (share TEXT PRIMARY KEY, head INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    -- Ops about members, the entities that a newer version closed, and a hash of each record.
    CREATE TABLE member (
        log INTEGER NOT NULL, op INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (log, op)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE closed (
        entity TEXT NOT NULL, log INTEGER NOT NULL, PRIMARY KEY (entity, log)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE mark (entity INTEGER PRIMARY KEY, mark BLOB NOT NULL) STRICT;
    ",
    "
    -- The bytes of commits, verbatim and beside the log: the newest by themselves, the others
    -- pressed together, those from `first` to `last`. Of them `log` has the `size` alone. A commit
    -- is found by the beginning of its hash: an index of whole ones outgrows the memory.
    CREATE TABLE loose (num INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
    CREATE TABLE lot (
        last INTEGER PRIMARY KEY, first INTEGER NOT NULL, bytes BLOB NOT NULL
    ) STRICT;
    DROP INDEX log_address;
    DROP INDEX log_undoes;
    ALTER TABLE log RENAME TO thick;
    CREATE TABLE log (
        num INTEGER PRIMARY KEY,
        hash BLOB NOT NULL,
        replica INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        lamport INTEGER NOT NULL,
        happened INTEGER NOT NULL,
        recorded INTEGER NOT NULL,
        received INTEGER NOT NULL,
        undoes INTEGER,
        size INTEGER NOT NULL,
        view INTEGER NOT NULL DEFAULT 0,
        fate INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    INSERT INTO log
        SELECT num, hash, replica, seq, lamport, happened, recorded, received, undoes,
            length(bytes), view, fate
        FROM thick ORDER BY num;
    -- Who told of members, so that nothing has to be read for it.
    ALTER TABLE member ADD COLUMN person TEXT NOT NULL DEFAULT '';
    CREATE INDEX log_hash ON log (substr(hash, 1, 8));
    CREATE INDEX log_address ON log (replica, seq);
    CREATE INDEX log_undoes ON log (undoes) WHERE undoes IS NOT NULL;
    ",
    "
    -- What the row of a record says is not kept a second time among its live values.
    ",
];

/// The version from which on the bytes of commits lie beside the log.
const BESIDE: usize = 4;
/// The version from which on live values lie beside the row of their record.
const ONCE: usize = 5;

/// Brings a desk from one version to the next.
fn step(conn: &Connection, from: usize) -> Result<(), StoreError> {
    conn.execute_batch(STEPS[from])?;
    if from + 1 == BESIDE {
        lots::adopt(conn, "thick")?;
        members::name(conn)?;
    }
    if from + 1 == ONCE {
        heads::adopt(conn)?;
    }
    Ok(())
}

/// The widest index, made again once every record is there: entry by entry it would be
/// written all over the file.
pub(super) const SCAN: [&str; 2] = [
    "DROP INDEX IF EXISTS record_scan",
    "CREATE INDEX record_scan
        ON record (kind, open DESC, sort, id, title, words, state, owner, due_on)",
];

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

/// Brings a desk that is about to be written to this program's version. Under the write's
/// own lock, so that what is only rehearsed leaves an older desk as it was.
pub(super) fn keep_up(tx: &Transaction<'_>) -> Result<(), StoreError> {
    match check(tx)? {
        VERSION => Ok(()),
        older => migrate(tx, older),
    }
}

/// Brings a new or older desk to this program's version.
pub(super) fn migrate(tx: &Transaction<'_>, from: i32) -> Result<(), StoreError> {
    let done = usize::try_from(from).unwrap_or(0);
    for from in done..STEPS.len() {
        step(tx, from)?;
    }
    tx.pragma_update(None, "application_id", APPLICATION_ID)?;
    tx.pragma_update(None, "user_version", VERSION)?;
    Ok(())
}

/// An empty desk of an earlier version.
#[cfg(test)]
pub(super) fn make(conn: &Connection, version: usize) {
    for from in 0..version {
        step(conn, from).unwrap();
    }
    conn.pragma_update(None, "application_id", APPLICATION_ID)
        .unwrap();
    conn.pragma_update(None, "user_version", i32::try_from(version).unwrap())
        .unwrap();
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::super::log;
    use super::*;

    fn at(version: usize) -> Connection {
        let conn = Connection::open_in_memory().unwrap();
        make(&conn, version);
        conn
    }

    fn shape(conn: &Connection) -> Vec<String> {
        let mut statement = conn
            .prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name")
            .unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    }

    #[test]
    fn a_desk_of_any_earlier_version_becomes_what_a_new_one_is() {
        for version in 1..STEPS.len() {
            let mut old = at(version);
            let tx = old.transaction().unwrap();
            let found = check(&tx).unwrap();
            migrate(&tx, found).unwrap();
            tx.commit().unwrap();
            assert_eq!(check(&old).unwrap(), VERSION);
            assert_eq!(shape(&old), shape(&at(STEPS.len())), "from {version}");
        }
    }

    #[test]
    fn the_index_that_a_rebuild_makes_is_the_one_it_dropped() {
        let words = |conn: &Connection| {
            let shape = format!("{:?}", shape(conn)).replace("\\n", " ");
            shape.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        let conn = at(STEPS.len());
        let before = words(&conn);
        for sql in SCAN {
            conn.execute_batch(sql).unwrap();
        }
        assert_eq!(words(&conn), before);
    }

    /// The plan of a statement, one line a step.
    fn plan(conn: &Connection, sql: &str) -> String {
        let mut statement = conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let mut rows = statement.raw_query();
        let mut plan = Vec::new();
        while let Some(row) = rows.next().unwrap() {
            plan.push(row.get::<_, String>(3).unwrap());
        }
        plan.join("; ")
    }

    #[test]
    fn lists_are_read_in_their_order_from_one_index() {
        let conn = at(STEPS.len());
        for sql in [
            "SELECT entity, id, state, owner, due_on, sort, title, words FROM record
             WHERE kind = 4 AND open = 1 AND (sort, id) > ('', '') ORDER BY sort, id",
            "SELECT entity, id, state, owner, due_on, sort, title, words FROM record
             WHERE kind = 4 AND open = 0 AND (sort, id) < ('~', '') ORDER BY sort DESC, id DESC",
            "SELECT entity, title, id, words FROM record
             WHERE kind = 4 AND open = 0 ORDER BY sort, id",
            "SELECT kind, id, title, words, open FROM record",
        ] {
            let plan = plan(&conn, sql);
            assert!(plan.contains("USING COVERING INDEX record_scan"), "{plan}");
            assert!(!plan.contains("TEMP B-TREE"), "{plan}");
        }
        for sql in [
            "SELECT * FROM record WHERE kind = 4 AND open = 1 ORDER BY sort LIMIT 2",
            "SELECT * FROM record WHERE kind = 4 ORDER BY open DESC, sort",
        ] {
            let plan = plan(&conn, sql);
            assert!(
                plan.contains("USING INDEX record_scan") && !plan.contains("TEMP"),
                "{plan}"
            );
        }
    }

    #[test]
    fn a_commit_is_found_by_the_beginning_of_its_hash() {
        let conn = at(STEPS.len());
        let prefix = format!("SELECT num FROM {} {}", log::COUNTING, log::BY_PREFIX);
        for sql in [log::BY_HASH, &prefix] {
            let plan = plan(&conn, sql);
            assert!(plan.contains("USING INDEX log_hash"), "{plan}");
        }
    }

    /// A desk that is only looked at keeps its version.
    #[test]
    fn the_first_version_can_still_be_read() {
        let plan = plan(
            &at(1),
            "SELECT entity, id, state, owner, due_on, sort, title, words FROM record
             WHERE kind = 4 AND open = 1 AND (sort, id) > ('', '') ORDER BY sort, id",
        );
        assert!(plan.contains("USING INDEX record_order"), "{plan}");
    }
}
