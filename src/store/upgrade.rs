//! A desk's file brought from an earlier version to this one, where it is about to be read as it
//! lies, or again and again. Refuses to do so for a look: that reads a copy in memory.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use super::{Store, StoreError, schema};

/// Where a file has its version, in the header of a hundred bytes that each begins with.
const VERSION_AT: usize = 60;

impl Store {
    /// Brings the desk to this version; one that is of it already is left alone.
    pub fn bring_up(&mut self) -> Result<(), StoreError> {
        if schema::check(self.conn())? == schema::VERSION {
            return Ok(());
        }
        self.write_as_is(|_| Ok(()))
    }

    /// Whether a desk's file is of an earlier version, by its first bytes alone. What cannot be read
    /// is not: whoever opens it says why.
    pub fn is_older(path: &Path) -> bool {
        let mut header = [0; VERSION_AT + 4];
        let read = File::open(path).and_then(|mut file| file.read_exact(&mut header));
        let Some(version) = header.last_chunk() else {
            return false;
        };
        read.is_ok() && (1..schema::VERSION).contains(&i32::from_be_bytes(*version))
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::super::keeping;
    use super::super::rebuild::copy_table;
    use super::*;
    use crate::ledger::ReplicaId;

    #[test]
    fn a_desk_of_any_earlier_version_is_told_by_its_first_bytes_and_brought_up_once() {
        let folder = tempfile::tempdir().unwrap();
        let made = Store::in_memory("{}", ReplicaId([1; 16])).unwrap();
        for version in 1..=schema::VERSION {
            let path = folder.path().join(format!("{version}.relmate"));
            let conn = Connection::open(&path).unwrap();
            keeping::kept_by(&conn, "wal").unwrap();
            schema::make(&conn, usize::try_from(version).unwrap());
            copy_table(made.conn(), &conn, "meta", "key, value").unwrap();
            drop(conn);
            assert_eq!(Store::is_older(&path), version < schema::VERSION);
            Store::open(&path).unwrap().bring_up().unwrap();
            assert!(!Store::is_older(&path), "{version}");
            let before = std::fs::read(&path).unwrap();
            Store::open(&path).unwrap().bring_up().unwrap();
            assert!(std::fs::read(&path).unwrap() == before, "not a byte");
        }
    }

    #[test]
    fn what_is_no_desk_is_no_older_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        assert!(!Store::is_older(&path));
        for bytes in [&[][..], &[1; 63], &[0; 100]] {
            std::fs::write(&path, bytes).unwrap();
            assert!(!Store::is_older(&path));
        }
        assert!(!Store::is_older(folder.path()));
    }
}
