//! The folder as the system knows it. What is done here waits as long as the folder does; the
//! thread of `patience` does it. Refuses to follow a link, to open what is no plain file, and to
//! leave `relmate/`.

use std::fs::{File, Metadata};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use super::super::names;
use super::super::share::{Kept, ShareError};
use super::listing::{self, Seen};
use super::patience::Pulse;
use super::writing;
use super::{OWN, failed, refused, told};
use crate::ledger::ReplicaId;

/// A folder that people share, and relmate's own in it.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// As it was given.
    pub path: PathBuf,
    /// relmate's own folder in it.
    pub root: PathBuf,
}

impl Place {
    pub(super) fn of(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            root: path.join(OWN),
        }
    }

    /// Refuses a folder that is not there, and one of ours that leads somewhere else.
    pub(super) fn present(&self) -> Result<(), ShareError> {
        let gone = || ShareError::Gone(self.path.display().to_string());
        let meta = std::fs::metadata(&self.path).map_err(|error| match error.kind() {
            ErrorKind::PermissionDenied => {
                ShareError::Closed(format!("the shared folder {}", self.path.display()))
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

    pub(super) fn list(&self, pulse: &Pulse) -> Result<Seen, ShareError> {
        self.present()?;
        listing::list(&self.root, pulse).map_err(|it| self.whole(it))
    }

    /// How many things lie beside our folder, hidden ones aside.
    pub(super) fn beside(&self, pulse: &Pulse) -> Result<usize, ShareError> {
        self.present()?;
        let name = self.path.display().to_string();
        let entries = std::fs::read_dir(&self.path).map_err(|it| told(&name, &it))?;
        let beside = entries.flatten().filter(|entry| {
            pulse.beat();
            let name = entry.file_name();
            name != OWN && !name.to_string_lossy().starts_with('.')
        });
        Ok(beside.count())
    }

    pub(super) fn read(&self, name: &str, cap: u64, pulse: &Pulse) -> Result<Vec<u8>, ShareError> {
        let bytes = self.bytes(name, cap, pulse);
        bytes.map_err(|it| self.whole(it))
    }

    fn bytes(&self, name: &str, cap: u64, pulse: &Pulse) -> Result<Vec<u8>, ShareError> {
        let path = self.file(name)?;
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
        let mut bounded = pulse.reading(file).take(cap.saturating_add(1));
        bounded
            .read_to_end(&mut bytes)
            .map_err(|it| told(name, &it))?;
        if bytes.len() as u64 > cap {
            return Err(ShareError::TooLarge(name.to_owned(), cap));
        }
        Ok(bytes)
    }

    pub(super) fn put_new(
        &self,
        name: &str,
        bytes: &[u8],
        pulse: &Pulse,
    ) -> Result<Kept, ShareError> {
        let path = self.file(name)?;
        writing::put_new(&self.path, &path, (name, bytes), pulse).map_err(|it| self.whole(it))
    }

    pub(super) fn delete(&self, name: &str) -> Result<(), ShareError> {
        match std::fs::remove_file(self.file(name)?) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            Err(error) => Err(self.whole(refused(name, &error))),
            Ok(()) => Ok(()),
        }
    }

    pub(super) fn sweep(&self, replica: &ReplicaId, now: i64) -> Result<usize, ShareError> {
        self.present()?;
        Ok(writing::sweep(&self.root, now)
            + writing::sweep(&self.root.join(names::folder(replica)), now))
    }

    /// Where a file lies. No folder on the way to it may be a link.
    fn file(&self, name: &str) -> Result<PathBuf, ShareError> {
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

    /// Names the folder that cannot be reached, and not a file in it.
    fn whole(&self, error: ShareError) -> ShareError {
        match error {
            ShareError::Gone(_) => ShareError::Gone(self.path.display().to_string()),
            other => other,
        }
    }
}

/// Whether two looks saw one file.
#[cfg(unix)]
pub(super) fn same(one: &Metadata, other: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    other.is_file() && (one.dev(), one.ino()) == (other.dev(), other.ino())
}

#[cfg(not(unix))]
pub(super) fn same(_: &Metadata, other: &Metadata) -> bool {
    other.is_file()
}
