//! A new file, whole or not at all: written under a name that nobody reads, kept by the disk,
//! read back, and only then given its name (SYNC.md 3.6). Refuses to write over anything.
//!
//! What remains: `File` does not tell an error of `close`; the `sync` before it is where NFS
//! and quotas speak. Where a folder knows no hard links (FAT, some network drives), a name is
//! looked for and then taken by renaming: between the two another writer's file of that name
//! would be replaced. Names are made of their content, in a folder of one writer, so that it
//! could only be the same file, or a squatter's. And a file that is read back at once may come
//! from memory: what the medium lost shows when it is read again.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use super::super::names;
use super::super::share::{Durable, Kept, ShareError};
use super::listing::stamp;
use super::patience::Pulse;
use super::place::same;
use super::{failed, refused};

/// A scanner may hold a new file on SMB. Nothing waits here: the next round comes soon.
const TRIES: usize = 5;
/// Seconds after which what is half written was left by a crash.
const LEFT: i64 = 3600;

/// Writes a new file. `top` is the folder that people share; what is between is made.
pub(super) fn put_new(
    top: &Path,
    path: &Path,
    (name, bytes): (&str, &[u8]),
    pulse: &Pulse,
) -> Result<Kept, ShareError> {
    if path.symlink_metadata().is_ok() {
        return Err(ShareError::Taken(name.to_owned()));
    }
    let folder = path.parent().unwrap_or(top);
    let made = folders(top, folder).map_err(|it| refused(name, &it))?;
    let temp = Temp::new(folder).map_err(|it| refused(name, &it))?;
    pulse.beat();
    let written = temp.write(bytes, pulse).map_err(|it| refused(name, &it))?;
    pulse.beat();
    // Its stamp before it has its name: whoever takes that name later has another.
    let Some(stamp) = temp.holds(bytes).map_err(|it| refused(name, &it))? else {
        return Err(ShareError::Mangled(name.to_owned()));
    };
    pulse.beat();
    temp.publish(path, name)?;
    pulse.beat();
    let kept = sync_folder(folder);
    let durable = if written && made && kept {
        Durable::Yes
    } else {
        Durable::Unknown
    };
    Ok(Kept { stamp, durable })
}

/// How much is written between two signs of life.
const PIECE: usize = 256 << 10;

/// A file that is being written; it goes when this does.
struct Temp(PathBuf);

impl Drop for Temp {
    fn drop(&mut self) {
        drop(std::fs::remove_file(&self.0));
    }
}

impl Temp {
    fn new(folder: &Path) -> io::Result<Self> {
        let mut random = [0; 8];
        getrandom::fill(&mut random).map_err(io::Error::other)?;
        let path = folder.join(names::temporary(u64::from_le_bytes(random)));
        let mut options = OpenOptions::new();
        drop(options.write(true).create_new(true).open(&path)?);
        Ok(Self(path))
    }

    /// Returns whether the file is known to outlive a power cut.
    fn write(&self, bytes: &[u8], pulse: &Pulse) -> io::Result<bool> {
        let mut file = OpenOptions::new().write(true).open(&self.0)?;
        // A slow line shows that it is alive by every piece it takes.
        for piece in bytes.chunks(PIECE) {
            file.write_all(piece)?;
            pulse.beat();
        }
        match file.sync_all() {
            Ok(()) => Ok(true),
            // The folder's file system knows nothing of it.
            Err(error)
                if matches!(
                    error.kind(),
                    ErrorKind::Unsupported | ErrorKind::InvalidInput
                ) =>
            {
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }

    fn holds(&self, bytes: &[u8]) -> io::Result<Option<u64>> {
        holds(&self.0, bytes)
    }

    /// Gives the file its name, unless that is taken.
    fn publish(&self, path: &Path, name: &str) -> Result<(), ShareError> {
        match link(&self.0, path) {
            Ok(()) => Ok(()),
            // An answer that got lost is asked for again by NFS, and then refused: look.
            Err(_) if self.is_at(path) => Ok(()),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                Err(ShareError::Taken(name.to_owned()))
            }
            Err(error) if full(&error) => Err(ShareError::Full),
            // No hard links here.
            Err(_) => self.rename(path, name),
        }
    }

    /// The same where hard links are not known.
    fn rename(&self, path: &Path, name: &str) -> Result<(), ShareError> {
        let taken = || ShareError::Taken(name.to_owned());
        let mut last = None;
        for _ in 0..TRIES {
            if path.symlink_metadata().is_ok() {
                return Err(taken());
            }
            let Err(error) = std::fs::rename(&self.0, path) else {
                return Ok(());
            };
            // Moved after all, whatever was said.
            if self.0.symlink_metadata().is_err() && path.symlink_metadata().is_ok() {
                return Ok(());
            }
            if full(&error) {
                return Err(ShareError::Full);
            }
            last = Some(error);
        }
        Err(last.map_or_else(|| failed(name, "it got no name"), |it| refused(name, &it)))
    }

    /// Whether the name is a second one of this file.
    fn is_at(&self, path: &Path) -> bool {
        let metas = (self.0.symlink_metadata(), path.symlink_metadata());
        cfg!(unix) && matches!(metas, (Ok(own), Ok(there)) if same(&own, &there))
    }
}

/// A second name for a file.
fn link(from: &Path, to: &Path) -> io::Result<()> {
    #[cfg(test)]
    if fat::is_on() {
        return Err(ErrorKind::Unsupported.into());
    }
    std::fs::hard_link(from, to)
}

fn full(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded
    )
}

/// Opens a file anew and compares; returns its stamp if it holds just that.
fn holds(path: &Path, bytes: &[u8]) -> io::Result<Option<u64>> {
    let mut read = Vec::with_capacity(bytes.len() + 1);
    let file = File::open(path)?;
    let stamp = stamp(&file.metadata()?);
    file.take(bytes.len() as u64 + 1).read_to_end(&mut read)?;
    Ok((read == bytes).then_some(stamp))
}

/// Makes the folders that are missing below `top`, which must be there. Returns whether their
/// names are known to outlive a power cut.
fn folders(top: &Path, folder: &Path) -> io::Result<bool> {
    let mut missing = Vec::new();
    for ancestor in folder.ancestors().take_while(|it| *it != top) {
        if ancestor.symlink_metadata().is_ok() {
            break;
        }
        missing.push(ancestor);
    }
    let mut kept = true;
    for path in missing.into_iter().rev() {
        match std::fs::create_dir(path) {
            // Somebody was quicker.
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            other => other?,
        }
        kept &= path.parent().is_none_or(sync_folder);
    }
    Ok(kept)
}

/// Tells the disk to keep a folder's names; FAT and some network drives cannot.
fn sync_folder(folder: &Path) -> bool {
    #[cfg(test)]
    if fat::is_on() {
        return false;
    }
    File::open(folder).and_then(|it| it.sync_all()).is_ok()
}

/// A folder as FAT has it: no hard links, no keeping of a folder's names, stamps of two seconds.
#[cfg(test)]
pub(in crate::sync) mod fat {
    use std::cell::Cell;

    thread_local! {
        static ON: Cell<bool> = const { Cell::new(false) };
    }

    /// Switches it for this thread.
    pub(in crate::sync) fn switch(on: bool) {
        ON.set(on);
    }

    pub(in crate::sync) fn is_on() -> bool {
        ON.get()
    }
}

/// Takes away what was left half written in this folder. What cannot be looked at stays.
pub(super) fn sweep(folder: &Path, now: i64) -> usize {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return 0;
    };
    let left = entries.flatten().filter(|entry| {
        let name = entry.file_name();
        let ours = name.to_str().is_some_and(names::is_own_temporary);
        ours && entry.metadata().is_ok_and(|meta| {
            let modified = meta.modified().ok();
            let since = modified.and_then(|it| it.duration_since(UNIX_EPOCH).ok());
            let seconds = since.and_then(|it| i64::try_from(it.as_secs()).ok());
            meta.is_file() && seconds.is_some_and(|it| now.saturating_sub(it) > LEFT)
        })
    });
    left.filter(|entry| std::fs::remove_file(entry.path()).is_ok())
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_no_hard_links_are_known_a_name_is_taken_by_renaming_and_only_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.pk");
        for (bytes, expected) in [
            (b"first", Ok(())),
            (b"other", Err(ShareError::Taken("x.pk".to_owned()))),
        ] {
            let temp = Temp::new(folder.path()).unwrap();
            assert!(temp.write(bytes, &Pulse::default()).unwrap());
            assert!(temp.holds(bytes).unwrap().is_some());
            assert_eq!(temp.rename(&path, "x.pk"), expected);
        }
        assert!(holds(&path, b"first").unwrap().is_some());
        assert_eq!(folder.path().read_dir().unwrap().count(), 1);
    }
}
