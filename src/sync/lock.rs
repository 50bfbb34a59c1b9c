//! One process at a time publishes a desk: a lock beside the desk's file, which the system
//! lets go of however the process ends. Refuses to wait, and never lies on the share.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

use thiserror::Error;

/// Why this process does not publish.
#[derive(Debug, Error)]
pub enum LockError {
    /// Who says that it does.
    #[error("{0} is exchanging already; wait until it is done")]
    Busy(String),
    #[error("the lock {path} beside the desk cannot be used: {why}")]
    Io { path: String, why: io::Error },
}

/// More than a holder's name.
const LONGEST: u64 = 300;

/// Held as long as it lives.
#[derive(Debug)]
pub struct PublishLock {
    _file: File,
}

impl PublishLock {
    /// Where the lock of a desk lies.
    pub fn path(desk: &Path) -> PathBuf {
        let mut path = desk.as_os_str().to_owned();
        path.push(".exchange-lock");
        PathBuf::from(path)
    }

    pub fn take(desk: &Path) -> Result<Self, LockError> {
        let path = Self::path(desk);
        let failed = |why| LockError::Io {
            path: path.display().to_string(),
            why,
        };
        let mut options = OpenOptions::new();
        // Never emptied before it is ours: another's name stands in it.
        options.read(true).write(true).create(true).truncate(false);
        let mut file = options.open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(LockError::Busy(holder(&mut file))),
            Err(TryLockError::Error(why)) => return Err(failed(why)),
        }
        // The name is for a message alone: a disk that is full is no reason not to exchange.
        let name = format!("process {} on {}\n", std::process::id(), host());
        drop(write_over(&mut file, name.as_bytes()));
        Ok(Self { _file: file })
    }
}

/// Puts a text in the place of what stands in a small file. Emptying it first would have the disk
/// give its room back and find another.
pub fn write_over(file: &mut File, text: &[u8]) -> io::Result<()> {
    file.rewind()?;
    file.write_all(text)?;
    if file.metadata()?.len() != text.len() as u64 {
        file.set_len(text.len() as u64)?;
    }
    Ok(())
}

/// Who wrote its name into the lock.
fn holder(file: &mut File) -> String {
    let mut name = Vec::new();
    // Some systems do not let a locked file be read.
    drop(file.take(LONGEST).read_to_end(&mut name));
    let name = String::from_utf8_lossy(&name).trim().to_owned();
    if name.is_empty() {
        "another relmate".to_owned()
    } else {
        name
    }
}

fn host() -> String {
    let kernel = std::fs::read_to_string("/proc/sys/kernel/hostname").ok();
    let named = || std::env::var("HOSTNAME").or_else(|_| std::env::var("COMPUTERNAME"));
    let host = kernel.or_else(|| named().ok()).unwrap_or_default();
    match host.trim() {
        "" => "this computer".to_owned(),
        host => host.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_is_told_who_the_first_is_and_may_once_it_is_done() {
        let folder = tempfile::tempdir().unwrap();
        let desk = folder.path().join("desk.relmate");
        let first = PublishLock::take(&desk).unwrap();
        let told = PublishLock::take(&desk).unwrap_err();
        let pid = format!("process {} on ", std::process::id());
        assert!(told.to_string().starts_with(&pid), "{told}");
        drop(first);
        let again = PublishLock::take(&desk);
        assert!(again.is_ok());
        drop(again);
        // Another desk beside it is not in the way.
        let _one = PublishLock::take(&desk).unwrap();
        assert!(PublishLock::take(&folder.path().join("other")).is_ok());
    }

    #[test]
    fn a_desk_whose_folder_is_gone_cannot_be_published() {
        let folder = tempfile::tempdir().unwrap();
        let told = PublishLock::take(&folder.path().join("none/desk"));
        assert!(matches!(told, Err(LockError::Io { .. })));
    }
}
