//! What a simulation does to a desk's file and nobody else may: lets a transaction end in the
//! middle, makes few commits count as many and few records fill the memory, says which replica comes next, and reads all that is
//! shown. Refuses to change how anything is judged.

use std::cell::Cell;
use std::fmt::Write as _;

use rusqlite::types::ValueRef;

use super::{Store, StoreError, exchange, receive};

thread_local! {
    static MANY: Cell<Option<usize>> = const { Cell::new(None) };
    static HELD: Cell<Option<usize>> = const { Cell::new(None) };
    static NEXT_ID: Cell<Option<[u8; 16]>> = const { Cell::new(None) };
    static STEPS: Cell<Option<usize>> = const { Cell::new(None) };
    static DIED: Cell<Option<&'static str>> = const { Cell::new(None) };
}

/// From how many commits at once a desk is projected anew; as in production with `None`.
pub(crate) fn count_as_many(commits: Option<usize>) {
    MANY.set(commits);
}

pub(super) fn many() -> Option<usize> {
    MANY.get()
}

/// How many records a folding holds in memory; as in production with `None`.
pub(crate) fn hold(records: Option<usize>) {
    HELD.set(records);
}

pub(super) fn held() -> Option<usize> {
    HELD.get()
}

/// The replica that the next desk which goes on becomes.
pub(crate) fn goes_on_as(id: [u8; 16]) {
    NEXT_ID.set(Some(id));
}

pub(super) fn next_id() -> Option<[u8; 16]> {
    NEXT_ID.take()
}

/// Ends the process, as far as a desk's file can tell, after so many more steps.
pub(crate) fn die_after(steps: Option<usize>) {
    STEPS.set(steps);
    DIED.set(None);
}

/// In the middle of what it ended.
pub(crate) fn died() -> Option<&'static str> {
    DIED.get()
}

/// A step of a transaction, after which everything may be over.
pub(crate) fn step(within: &'static str) -> Result<(), StoreError> {
    let Some(left) = STEPS.get() else {
        return Ok(());
    };
    if left == 0 {
        DIED.set(Some(within));
        return Err(StoreError::Broken("the process was killed".to_owned()));
    }
    STEPS.set(Some(left - 1));
    Ok(())
}

/// What a desk shows, without the numbers that only this file has.
const SHOWN: [&str; 7] = [
    "SELECT e.id, r.kind, r.id, r.open, r.state, r.owner, r.parent, r.due_on, r.sort, r.title,
        r.words, r.contested, r.version, r.body
     FROM record r JOIN entity e ON e.num = r.entity ORDER BY e.id",
    "SELECT e.id, a.code, a.class, a.due_on, a.show_from, a.who, a.what, a.step
     FROM attention a JOIN entity e ON e.num = a.entity ORDER BY e.id, a.code",
    "SELECT e.id, l.hash, v.op, v.kind, v.body FROM event v JOIN entity e ON e.num = v.entity
     JOIN log l ON l.num = v.log ORDER BY e.id, l.hash, v.op",
    "SELECT e.id, l.hash FROM touched t JOIN entity e ON e.num = t.entity
     JOIN log l ON l.num = t.log ORDER BY e.id, l.hash",
    "SELECT dim, key, day, n FROM tally WHERE n <> 0 ORDER BY dim, key, day",
    "SELECT key, body FROM compiled ORDER BY key",
    "SELECT kind, next FROM counter ORDER BY kind",
];

impl Store {
    /// As if an older version had made what it shows.
    pub(crate) fn was_made_by_another_version(&mut self) -> Result<(), StoreError> {
        self.write_as_is(|writing| {
            exchange::set_own(writing.conn(), receive::PROJECTION, Some("another"))
        })
    }

    /// Everything that it shows, a line a row.
    pub(crate) fn shown(&self) -> Result<Vec<String>, StoreError> {
        let mut lines = Vec::new();
        for query in SHOWN {
            let mut select = self.conn().prepare_cached(query)?;
            let columns = select.column_count();
            let mut rows = select.query([])?;
            while let Some(row) = rows.next()? {
                let mut line = String::new();
                for column in 0..columns {
                    let written = match row.get_ref(column)? {
                        ValueRef::Text(text) => {
                            write!(line, "{} | ", String::from_utf8_lossy(text))
                        }
                        other => write!(line, "{other:?} | "),
                    };
                    written.map_err(|error| StoreError::Broken(error.to_string()))?;
                }
                lines.push(line);
            }
        }
        Ok(lines)
    }

    /// Whether what it shows is behind its log.
    pub(crate) fn is_behind(&self) -> Result<bool, StoreError> {
        receive::is_stale(self.conn())
    }

    /// How much of each kind of row there is.
    pub(crate) fn counted(&self) -> Result<Seen, StoreError> {
        let count = |sql: &str| -> Result<u64, StoreError> {
            let count = |row: &rusqlite::Row<'_>| row.get::<_, i64>(0);
            Ok(self.conn().query_row(sql, [], count)?.unsigned_abs())
        };
        Ok(Seen {
            records: count("SELECT count(*) FROM record")?,
            duties: count("SELECT count(*) FROM attention")?,
            violations: count("SELECT count(*) FROM record WHERE contested & 2")?,
            disputes: count("SELECT count(*) FROM record WHERE contested & 1")?,
            tallies: count("SELECT count(*) FROM tally WHERE n > 0")?,
        })
    }
}

/// How many rows of each kind a desk shows.
pub(crate) struct Seen {
    pub records: u64,
    pub duties: u64,
    pub violations: u64,
    pub disputes: u64,
    pub tallies: u64,
}
