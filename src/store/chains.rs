//! Whether every commit follows the one before it, whatever comes between them in the log. Refuses
//! to mend: what does not follow is named, and the desk comes from a backup.

use std::collections::HashMap;

use rusqlite::{Connection, Row};

use super::StoreError;
use super::log::{Carries, at_seq, worked};
use crate::ledger::{Hash, ReplicaId, Workspace, chain_hash, first_prev};

/// Follows every line from its first commit, whatever comes between.
pub(super) struct Chains<'c> {
    conn: &'c Connection,
    workspace: Workspace,
    tips: HashMap<i64, (u64, Hash)>,
}

/// What a commit must hash to, and after what.
pub(super) struct Link {
    workspace: Workspace,
    prev: Hash,
    hash: Hash,
}

impl Link {
    pub(super) fn holds(&self, bytes: &[u8]) -> bool {
        chain_hash(&self.workspace, &self.prev, bytes) == self.hash
    }
}

impl<'c> Chains<'c> {
    pub(super) fn new(conn: &'c Connection) -> Result<Self, StoreError> {
        let workspace = conn.query_row(
            "SELECT value FROM meta WHERE key = 'workspace'",
            [],
            |row| row.get(0),
        )?;
        Ok(Self {
            conn,
            workspace: Workspace(Hash(workspace)),
            tips: HashMap::new(),
        })
    }

    /// The link of the next commit of a line.
    pub(super) fn link(&mut self, line: i64, seq: u64, hash: Hash) -> Result<Link, StoreError> {
        let (before, prev) = match self.tips.get(&line) {
            Some(tip) => *tip,
            None => self.begin(line)?,
        };
        if seq != before + 1 {
            return Err(broken(self.conn, line, seq));
        }
        self.tips.insert(line, (seq, hash));
        Ok(Link {
            workspace: self.workspace,
            prev,
            hash,
        })
    }

    fn begin(&self, line: i64) -> Result<(u64, Hash), StoreError> {
        let (id, first, parent): (_, i64, Option<i64>) = self
            .conn
            .prepare_cached("SELECT id, first, parent FROM replica WHERE num = ?1")?
            .query_row([line], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let before = first.unsigned_abs() - 1;
        let prev = match parent {
            Some(parent) => at_seq(self.conn, parent, before)?,
            None => first_prev(&self.workspace, &ReplicaId(id)),
        };
        Ok((before, prev))
    }
}

/// Says which commit does not follow the one before it.
pub(super) fn broken(conn: &Connection, line: i64, seq: u64) -> StoreError {
    let id = conn.query_row("SELECT id FROM replica WHERE num = ?1", [line], |row| {
        row.get(0)
    });
    let id = id.map_or_else(
        |_| String::new(),
        |id| format!(" of replica {}", ReplicaId(id)),
    );
    StoreError::Broken(format!(
        "commit {seq}{id} does not follow the one before it"
    ))
}

/// A commit as it lies, with its link.
struct Linked {
    line: i64,
    seq: u64,
    link: Link,
    bytes: Vec<u8>,
}

impl Carries for Linked {
    fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// Checks every line from its first commit; returns how many commits hold together.
pub(super) fn verify(conn: &Connection) -> Result<u64, StoreError> {
    let mut chains = Chains::new(conn)?;
    let mut select = conn.prepare("SELECT replica, seq, hash, bytes FROM log ORDER BY num")?;
    let mut rows = select.query([])?;
    let mut count = 0;
    let take = |row: &Row<'_>| {
        let (line, seq) = (row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs());
        Ok(Linked {
            line,
            seq,
            link: chains.link(line, seq, Hash(row.get(2)?))?,
            bytes: row.get(3)?,
        })
    };
    let holds = |it: &Linked| it.link.holds(&it.bytes);
    worked(&mut rows, take, holds, &mut |it, holds| {
        count += 1;
        if holds {
            Ok(())
        } else {
            Err(broken(conn, it.line, it.seq))
        }
    })?;
    Ok(count)
}
