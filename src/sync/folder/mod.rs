//! A shared folder: NFS, SMB, Syncthing, Dropbox, a git checkout, a stick (SYNC.md 3.6). It uses
//! nothing of them but new files, reading, listing and deleting. Refuses to follow a link, to
//! leave `relmate/`, and to write over a name that is there.
//!
//! What a folder is asked is asked on a thread of its own (`patience`), so that one which does
//! not answer is an error after a while and holds up nobody. Whoever must not wait even so long
//! asks from a thread of its own.

mod listing;
mod patience;
mod paused;
mod place;
mod writing;

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

pub use listing::Strange;
pub use paused::Paused;
#[cfg(test)]
pub(in crate::sync) use writing::fat;

use super::names;
use super::share::{Kept, Listed, Share, ShareError, until_refused};
use crate::ledger::ReplicaId;
use listing::Seen;
use patience::{Asked, LOOKS, Patience, WRITES};
use place::Place;

/// Where relmate's files lie in the folder that people share.
pub const OWN: &str = "relmate";

/// A folder in which desks meet.
#[derive(Clone, Debug)]
pub struct Folder {
    place: Place,
    patience: Arc<Patience>,
    paused: Option<Paused>,
    /// Something of ours may be left half written; the last listing told.
    left: Arc<AtomicBool>,
    /// What was seen when it was taken, for the first who looks.
    seen: Arc<Mutex<Option<Looked>>>,
}

type Looked = Result<Seen, ShareError>;

/// A folder that is being taken and looked into while something else is done.
pub struct Opening {
    place: Place,
    patience: Patience,
    asked: Asked<(Option<Paused>, Option<Looked>)>,
}

impl Opening {
    /// Waits for it.
    pub fn open(self) -> Result<Folder, ShareError> {
        let (paused, seen) = self.patience.wait(LOOKS, &self.asked)?;
        Ok(Folder {
            place: self.place,
            patience: Arc::new(self.patience),
            paused,
            left: Arc::new(AtomicBool::new(true)),
            seen: Arc::new(Mutex::new(seen)),
        })
    }
}

impl Folder {
    /// Takes a folder that is there; relmate's own in it is made when something is written.
    pub fn open(path: &Path) -> Result<Self, ShareError> {
        begin(path, false)?.open()
    }

    /// Begins to take a folder and to look into it.
    pub fn opening(path: &Path) -> Result<Opening, ShareError> {
        begin(path, true)
    }

    /// A folder by its whole path, with no link on the way.
    pub fn whole(path: &Path) -> Result<io::Result<PathBuf>, ShareError> {
        let path = path.to_owned();
        Patience::with(&path)?.ask(LOOKS, move |_| Ok(path.canonicalize()))
    }

    /// relmate's own folder.
    pub fn root(&self) -> &Path {
        &self.place.root
    }

    /// Says why nothing should be exchanged now: a merge or a rebase of the git checkout that
    /// the folder lies in was half done when the folder was taken.
    pub const fn paused(&self) -> Option<Paused> {
        self.paused
    }

    /// Everything that lies there: the files, and what is no file and never opened.
    pub fn look(&self) -> Result<(Vec<Listed>, Vec<Strange>), ShareError> {
        let first = self
            .seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let seen = first.unwrap_or_else(|| {
            let place = self.place.clone();
            self.patience.ask(LOOKS, move |pulse| place.list(pulse))
        })?;
        let mut strange = seen.strange.iter();
        let left = strange.any(|it| names::is_own_temporary(&it.name));
        self.left.store(left, Ordering::Relaxed);
        Ok((seen.files, seen.strange))
    }

    /// How many things that are none of ours lie beside our folder.
    pub fn beside(&self) -> Result<usize, ShareError> {
        let place = self.place.clone();
        self.patience.ask(LOOKS, move |pulse| place.beside(pulse))
    }

    /// What was seen before something was changed is not what is there.
    fn unsee(&self) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        *seen = None;
    }

    /// Takes away what a crash of ours left half written, an hour later. Returns how many.
    pub fn sweep(&self, replica: &ReplicaId, now: i64) -> Result<usize, ShareError> {
        if !self.left.load(Ordering::Relaxed) {
            return Ok(0);
        }
        let (place, replica) = (self.place.clone(), *replica);
        self.patience
            .ask(LOOKS, move |_| place.sweep(&replica, now))
    }
}

fn begin(path: &Path, look: bool) -> Result<Opening, ShareError> {
    let (place, patience) = (Place::of(path), Patience::with(path)?);
    let there = place.clone();
    let asked = patience.begin(move |pulse| {
        there.present()?;
        let paused = paused::paused(&there.root);
        let looked = look && paused.is_none();
        Ok((paused, looked.then(|| there.list(pulse))))
    })?;
    Ok(Opening {
        place,
        patience,
        asked,
    })
}

impl Share for Folder {
    fn list(&self) -> Result<Vec<Listed>, ShareError> {
        Ok(self.look()?.0)
    }

    fn get(&self, name: &str, cap: u64) -> Result<Vec<u8>, ShareError> {
        let (place, name) = (self.place.clone(), name.to_owned());
        self.patience
            .ask(LOOKS, move |pulse| place.read(&name, cap, pulse))
    }

    fn put_while(
        &self,
        name: &str,
        bytes: &[u8],
        meanwhile: &mut dyn FnMut(),
    ) -> Result<Kept, ShareError> {
        if !names::may_be_written(name) {
            return Err(failed(name, "it is no name that every folder keeps"));
        }
        self.unsee();
        let (place, name) = (self.place.clone(), name.to_owned());
        let bytes = bytes.to_vec();
        let asked = self
            .patience
            .begin(move |pulse| place.put_new(&name, &bytes, pulse))?;
        meanwhile();
        self.patience.wait(WRITES, &asked)
    }

    fn delete_while(
        &self,
        names: &[String],
        meanwhile: &mut dyn FnMut(),
    ) -> (usize, Result<(), ShareError>) {
        self.unsee();
        let (place, names) = (self.place.clone(), names.to_vec());
        let asked = self.patience.begin(move |pulse| {
            Ok(until_refused(&names, |name| {
                pulse.beat();
                place.delete(name)
            }))
        });
        meanwhile();
        let went = asked.and_then(|asked| self.patience.wait(LOOKS, &asked));
        went.unwrap_or_else(|error| (0, Err(error)))
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
        ErrorKind::PermissionDenied if name == OWN => {
            ShareError::Closed(format!("{OWN} in the shared folder"))
        }
        ErrorKind::PermissionDenied => {
            ShareError::Closed(format!("{OWN}/{name} in the shared folder"))
        }
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

#[cfg(test)]
mod tests;
