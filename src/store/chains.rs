//! Whether every commit follows the one before it, whatever comes between them in the log. Refuses
//! to mend: what does not follow is named, and the desk comes from a backup.

use std::collections::HashMap;

use rusqlite::{Connection, Row};

use super::log::{Carries, at_seq, worked};
use super::lots::{Bytes, Piece};
use super::{Reader, StoreError};
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
        Ok(Self {
            conn,
            workspace: Reader::new(conn).workspace()?,
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
    bytes: Piece,
}

impl Carries for Linked {
    fn bytes(&self) -> &Piece {
        &self.bytes
    }
}

/// Checks every line from its first commit; returns how many commits hold together.
pub(super) fn verify(conn: &Connection) -> Result<u64, StoreError> {
    let mut chains = Chains::new(conn)?;
    let mut select = conn.prepare("SELECT replica, seq, hash, num FROM log ORDER BY num")?;
    let mut rows = select.query([])?;
    let mut count = 0;
    let mut bytes = Bytes::new(conn);
    let take = |row: &Row<'_>| {
        let (line, seq) = (row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs());
        Ok(Linked {
            line,
            seq,
            link: chains.link(line, seq, Hash(row.get(2)?))?,
            bytes: bytes.of(row.get(3)?)?,
        })
    };
    let holds = |it: &Linked| Ok::<_, StoreError>(it.link.holds(it.bytes.bytes()?));
    worked(&mut rows, take, holds, &mut |it, holds| {
        count += 1;
        if holds? {
            Ok(())
        } else {
            Err(broken(conn, it.line, it.seq))
        }
    })?;
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::super::lots::Lots;
    use super::super::received_tests::{Chain, FOUNDER, GENESIS};
    use super::super::{Store, StoreError};
    use super::*;
    use crate::ledger::Key;

    /// Two lines whose commits come in turn, one of which forks after its third.
    fn desk() -> Store {
        let (mut one, mut other) = (Chain::new(), Chain::of(3, FOUNDER));
        for turn in 0..5 {
            one.names("Anna", &format!("{turn}"));
            other.names("Anna", &format!("{turn} apart"));
        }
        let mut fork = one.clone();
        fork.goes_back_to(3);
        fork.names("Anna", "forked");
        let mut desk = Store::in_memory(GENESIS, ReplicaId([2; 16])).unwrap();
        desk.share_here(&Key([2; 32]), &FOUNDER).unwrap();
        let both = one.made.into_iter().zip(other.made);
        let all = both.flat_map(|(one, other)| [one, other]);
        desk.receive(all.chain(fork.made.pop()).collect(), &[], 0)
            .unwrap();
        desk
    }

    #[track_caller]
    fn refused(change: &str) {
        refused_where(change, |conn| conn.execute_batch(change).unwrap());
    }

    #[track_caller]
    fn refused_where(named: &str, change: impl FnOnce(&Connection)) {
        let mut desk = desk();
        change(desk.conn());
        let said = |result: Result<(), StoreError>| match result {
            Err(StoreError::Broken(why)) => why.contains("does not follow"),
            _ => false,
        };
        assert!(said(verify(desk.conn()).map(drop)), "{named}");
        let before = desk.shown().unwrap();
        assert!(said(desk.rebuild().map(drop)), "{named}");
        assert_eq!(desk.shown().unwrap(), before, "nothing is thrown away");
    }

    #[test]
    fn lines_that_come_in_turn_and_fork_hold_together() {
        let mut desk = desk();
        assert_eq!(verify(desk.conn()).unwrap(), 11);
        assert!(desk.rebuild().unwrap().agrees);
    }

    #[test]
    fn what_was_changed_or_is_missing_is_found_by_a_check_and_by_a_rebuild() {
        for num in [1, 4, 9, 11] {
            refused(&format!(
                "UPDATE loose SET bytes = CAST(replace(bytes, 'Anna', 'Enna') AS BLOB) WHERE num = {num}"
            ));
        }
        refused("DELETE FROM log WHERE num = 1");
        refused("DELETE FROM log WHERE num = 5");
    }

    #[test]
    fn what_was_changed_in_a_lot_is_found_like_anything_else() {
        for changed in [1, 4, 9, 11] {
            refused_where("a lot", |conn| {
                let mut bytes = Bytes::new(conn);
                let mut lots = Lots::new(conn).unwrap();
                for num in 1..=11 {
                    let piece = bytes.of(num).unwrap();
                    let text = std::str::from_utf8(piece.bytes().unwrap()).unwrap();
                    let name = if num == changed { "Enna" } else { "Anna" };
                    lots.put(num, text.replace("Anna", name).as_bytes())
                        .unwrap();
                }
                lots.close().unwrap();
                conn.execute_batch("DELETE FROM loose").unwrap();
            });
        }
    }
}
