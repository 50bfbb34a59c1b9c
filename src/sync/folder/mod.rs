//! A shared folder: NFS, SMB, Syncthing, Dropbox, a git checkout, a stick (SYNC.md 3.6). It uses
//! nothing of them but new files, reading, listing and deleting. Refuses to follow a link, to
//! leave `relmate/`, and to write over a name that is there.
//!
//! The I/O may hang as long as the folder does; whoever calls does so in a thread of its own.

mod listing;
mod paused;
mod writing;

use std::fs::{File, Metadata};
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

pub use paused::Paused;
#[cfg(test)]
pub(in crate::sync) use writing::fat;

use super::names;
use super::share::{Durable, Listed, Share, ShareError};
use crate::ledger::ReplicaId;

/// Where relmate's files lie in the folder that people share.
pub const OWN: &str = "relmate";

/// A folder in which desks meet.
#[derive(Clone, Debug)]
pub struct Folder {
    /// As it was given.
    path: PathBuf,
    /// relmate's own folder in it.
    root: PathBuf,
}

impl Folder {
    /// Takes a folder that is there; relmate's own in it is made when something is written.
    pub fn open(path: &Path) -> Result<Self, ShareError> {
        let folder = Self {
            path: path.to_owned(),
            root: path.join(OWN),
        };
        folder.present()?;
        Ok(folder)
    }

    /// relmate's own folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Says why nothing should be exchanged now: a merge or a rebase of the git checkout that
    /// the folder lies in is half done.
    pub fn paused(&self) -> Option<Paused> {
        paused::paused(&self.root)
    }

    /// Takes away what a crash of ours left half written, an hour later. Returns how many.
    pub fn sweep(&self, replica: &ReplicaId, now: i64) -> Result<usize, ShareError> {
        self.present()?;
        Ok(writing::sweep(&self.root, now)
            + writing::sweep(&self.root.join(names::folder(replica)), now))
    }

    /// Refuses a folder that is not there, and one of ours that leads somewhere else.
    fn present(&self) -> Result<(), ShareError> {
        let gone = || ShareError::Gone(self.path.display().to_string());
        let meta = std::fs::metadata(&self.path).map_err(|error| match error.kind() {
            ErrorKind::PermissionDenied => {
                failed(&self.path.display().to_string(), "it may not be read")
            }
            _ => gone(),
        })?;
        if !meta.is_dir() {
            return Err(gone());
        }
        match self.root.symlink_metadata() {
            Ok(meta) if !meta.is_dir() => Err(failed(OWN, "it is no folder, or a link to one")),
            Ok(_) => Ok(()),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            Err(error) => Err(told(OWN, &error)),
        }
    }

    /// Where a file lies. No folder on the way to it may be a link.
    fn place(&self, name: &str) -> Result<PathBuf, ShareError> {
        if !names::stays_inside(name) {
            return Err(failed(name, "it is no name for a file of the share"));
        }
        self.present()?;
        let mut path = self.root.clone();
        let mut parts = name.split('/').peekable();
        while let Some(part) = parts.next() {
            path.push(part);
            if parts.peek().is_none() {
                break;
            }
            match path.symlink_metadata() {
                Ok(meta) if meta.is_dir() => {}
                Ok(_) => return Err(failed(name, "it lies behind a link")),
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(told(name, &error)),
            }
        }
        Ok(path)
    }

    fn read(&self, name: &str, cap: u64) -> Result<Vec<u8>, ShareError> {
        let path = self.place(name)?;
        // A pipe or a device would be waited for; a link would lead elsewhere.
        let seen = path.symlink_metadata().map_err(|it| told(name, &it))?;
        if !seen.is_file() {
            return Err(failed(name, "it is no plain file"));
        }
        let file = File::open(&path).map_err(|it| told(name, &it))?;
        let meta = file.metadata().map_err(|it| told(name, &it))?;
        if !same(&seen, &meta) {
            return Err(failed(name, "it was changed while it was opened"));
        }
        let mut bytes = Vec::new();
        let mut bounded = file.take(cap.saturating_add(1));
        bounded
            .read_to_end(&mut bytes)
            .map_err(|it| told(name, &it))?;
        if bytes.len() as u64 > cap {
            return Err(ShareError::TooLarge(name.to_owned(), cap));
        }
        Ok(bytes)
    }

    /// Names the folder that cannot be reached, and not a file in it.
    fn whole(&self, error: ShareError) -> ShareError {
        match error {
            ShareError::Gone(_) => ShareError::Gone(self.path.display().to_string()),
            other => other,
        }
    }
}

impl Share for Folder {
    fn list(&self) -> Result<Vec<Listed>, ShareError> {
        self.present()?;
        listing::list(&self.root).map_err(|it| self.whole(it))
    }

    fn get(&self, name: &str, cap: u64) -> Result<Vec<u8>, ShareError> {
        self.read(name, cap).map_err(|it| self.whole(it))
    }

    fn put_new(&self, name: &str, bytes: &[u8]) -> Result<Durable, ShareError> {
        if !names::may_be_written(name) {
            return Err(failed(name, "it is no name that every folder keeps"));
        }
        let path = self.place(name)?;
        writing::put_new(&self.path, &path, name, bytes).map_err(|it| self.whole(it))
    }

    fn delete(&self, name: &str) -> Result<(), ShareError> {
        let path = self.place(name)?;
        match std::fs::remove_file(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            Err(error) => Err(self.whole(refused(name, &error))),
            Ok(()) => Ok(()),
        }
    }
}

fn failed(name: &str, why: &(impl ToString + ?Sized)) -> ShareError {
    ShareError::Failed {
        name: name.to_owned(),
        why: why.to_string(),
    }
}

/// What an error means for reading.
fn told(name: &str, error: &io::Error) -> ShareError {
    match error.kind() {
        ErrorKind::NotFound => ShareError::Missing(name.to_owned()),
        ErrorKind::TimedOut | ErrorKind::WouldBlock => ShareError::Slow,
        ErrorKind::NotConnected
        | ErrorKind::HostUnreachable
        | ErrorKind::NetworkUnreachable
        | ErrorKind::NetworkDown
        | ErrorKind::StaleNetworkFileHandle => ShareError::Gone(name.to_owned()),
        _ => failed(name, error),
    }
}

/// What an error means for writing.
fn refused(name: &str, error: &io::Error) -> ShareError {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => ShareError::Full,
        ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied => ShareError::ReadOnly,
        _ => told(name, error),
    }
}

/// Whether two looks saw one file.
#[cfg(unix)]
fn same(one: &Metadata, other: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    other.is_file() && (one.dev(), one.ino()) == (other.dev(), other.ino())
}

#[cfg(not(unix))]
fn same(_: &Metadata, other: &Metadata) -> bool {
    other.is_file()
}

#[cfg(test)]
mod tests;
