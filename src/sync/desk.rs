//! A desk's file as the log of a round. Only translates: what a commit means is the store's.

use super::log::{FileNote, FileVerdict, Left, Line, Log, Place, Received, Signed};
use super::names;
use crate::ledger::{Hash, Key, Membership, ReplicaId, Workspace};
use crate::store::{FileNews, FileRow, Reader, Store, StoreError};

/// Tells what a desk remembers of the files of a share, in the order of their names.
pub fn notes(
    reader: &Reader<'_>,
    share: &str,
    each: &mut dyn FnMut(&str, FileNote),
) -> Result<(), StoreError> {
    reader.files(share, &mut |name, row| {
        // A note that a newer version wrote is no note: the file is read again.
        // Neither is one of a version that did not note what a request says.
        if let Some(verdict) = FileVerdict::read(row.verdict)
            && !(verdict == FileVerdict::Known && names::hint(name) == names::REQUEST)
        {
            let note = FileNote {
                size: row.size,
                stamp: row.stamp,
                read: row.read,
                verdict,
            };
            each(name, note);
        }
    })
}

impl Log for Store {
    type Error = StoreError;

    fn workspace(&self) -> Workspace {
        self.workspace()
    }

    fn genesis(&self) -> Result<String, StoreError> {
        self.reader().genesis()
    }

    fn replica(&self) -> ReplicaId {
        self.replica()
    }

    fn membership(&self) -> Result<Membership, StoreError> {
        self.membership()
    }

    fn lines(&self) -> Result<Vec<Line>, StoreError> {
        self.reader().lines()
    }

    fn place(&self, hash: &Hash) -> Result<Option<Place>, StoreError> {
        self.reader().place(hash)
    }

    fn begins(&self, digits: &str) -> Result<bool, StoreError> {
        self.reader().has_commit_starting(digits)
    }

    fn run(&self, tip: &Hash, lo: u64, hi: u64) -> Result<Vec<(Hash, Vec<u8>)>, StoreError> {
        self.reader().run(tip, lo, hi)
    }

    fn signed(&self, line: u64, from: u64) -> Result<Vec<Signed>, StoreError> {
        self.reader().signed(line, from)
    }

    fn void_bytes(&self, key: &Key) -> Result<u64, StoreError> {
        self.reader().void_bytes(key)
    }

    fn receive(
        &mut self,
        commits: Vec<Received>,
        signed: &[Signed],
        now: i64,
        share: Option<&str>,
    ) -> Result<Option<u64>, StoreError> {
        self.receive_for(share, commits, signed, now)
    }

    fn settle(&mut self) -> Result<(), StoreError> {
        self.settle()
    }

    fn files(&self, share: &str, each: &mut dyn FnMut(&str, FileNote)) -> Result<(), StoreError> {
        notes(&self.reader(), share, each)
    }

    fn note_files(
        &mut self,
        share: &str,
        notes: &[(String, Option<FileNote>)],
        left: &Left<'_>,
    ) -> Result<(), StoreError> {
        let row = |note: &FileNote| -> Result<FileRow, StoreError> {
            Ok(FileRow {
                size: note.size,
                stamp: note.stamp,
                read: note.read,
                verdict: note
                    .verdict
                    .kept()
                    .map_err(|error| StoreError::Broken(error.to_string()))?,
            })
        };
        let news: Vec<_> = notes
            .iter()
            .map(|(name, note)| {
                Ok(FileNews {
                    name,
                    row: note.as_ref().map(row).transpose()?,
                    lasts: names::lasts(name),
                })
            })
            .collect::<Result<_, StoreError>>()?;
        self.note_files(share, &news, (left.signed, left.exchanged))
    }

    fn next_head(&mut self, share: &str) -> Result<u64, StoreError> {
        self.next_head(share)
    }

    fn digest(&self) -> Result<Hash, StoreError> {
        self.digest()
    }
}
