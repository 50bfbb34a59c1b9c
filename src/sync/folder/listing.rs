//! What lies in the folder. Refuses a listing that is not whole: what is missing from it would
//! be taken for lost and written again.

use std::fs::Metadata;
use std::io::ErrorKind;
use std::path::Path;
use std::time::UNIX_EPOCH;

use super::super::names::{self, Hint};
use super::super::share::{Listed, ShareError};
use super::patience::Pulse;
use super::{OWN, failed, told};

/// `d/<replica>/<file>`, and one more for what others put there.
const DEEPEST: usize = 4;
/// A share of many years has some thousands.
const MOST: usize = 300_000;

/// Something in the folder that is no file to be read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Strange {
    /// Relative to relmate's own folder.
    pub name: String,
    /// What it is, as a sentence's end.
    pub what: &'static str,
}

/// What lies in the folder.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub files: Vec<Listed>,
    pub strange: Vec<Strange>,
}

pub(super) fn list(root: &Path, pulse: &Pulse) -> Result<Seen, ShareError> {
    let mut listing = Listing {
        pulse,
        entries: 0,
        seen: Seen::default(),
    };
    match listing.walk(root, "", 1) {
        // Nothing was ever written here; whether it should have been is for the caller to see.
        Err(ShareError::Missing(_)) => Ok(Seen::default()),
        Err(error) => Err(error),
        Ok(()) => {
            listing.seen.files.sort_unstable();
            listing.seen.strange.sort_unstable();
            Ok(listing.seen)
        }
    }
}

struct Listing<'p> {
    pulse: &'p Pulse,
    entries: usize,
    seen: Seen,
}

impl Listing<'_> {
    fn walk(&mut self, folder: &Path, name: &str, depth: usize) -> Result<(), ShareError> {
        let here = if name.is_empty() { OWN } else { name };
        for entry in std::fs::read_dir(folder).map_err(|it| told(here, &it))? {
            let entry = entry.map_err(|it| told(here, &it))?;
            self.pulse.beat();
            self.entries += 1;
            if self.entries > MOST {
                let why = format!("it holds more than {MOST} files");
                return Err(failed(OWN, &why));
            }
            // What is no text is no name of ours, and could not be asked for.
            let (text, is_text) = match entry.file_name().into_string() {
                Ok(text) => (text, true),
                Err(other) => (other.to_string_lossy().into_owned(), false),
            };
            // The folders on the way were asked about before they were entered.
            let (name, inside) = if name.is_empty() {
                (text.clone(), names::stays_inside(&text))
            } else {
                (below(name, &text), names::is_part(&text))
            };
            if !is_text || !inside {
                self.strange(name, "its name is none that can be asked for");
                continue;
            }
            // Of the entry itself: a link is neither a folder nor a file.
            let meta = match entry.metadata() {
                Err(error) if error.kind() == ErrorKind::NotFound => continue,
                it => it.map_err(|it| told(&name, &it))?,
            };
            if meta.is_dir() {
                self.enter(&entry.path(), &name, depth)?;
            } else if meta.is_symlink() {
                self.strange(name, "a link, which is never followed");
            } else if !meta.is_file() {
                self.strange(name, "no plain file, so it is never opened");
            } else if names::is_temporary(&text) {
                self.strange(name, "being written, or left half written; it is not read");
            } else {
                let (size, stamp) = (meta.len(), stamp(&meta));
                self.seen.files.push(Listed { name, size, stamp });
            }
        }
        Ok(())
    }

    fn strange(&mut self, name: String, what: &'static str) {
        self.seen.strange.push(Strange { name, what });
    }

    /// Goes into a folder, unless it is a hidden one (versions that Syncthing keeps, git's own)
    /// or deeper than ours go. One of a desk, and what leads there, has to be looked into.
    fn enter(&mut self, path: &Path, name: &str, depth: usize) -> Result<(), ShareError> {
        let hidden = name
            .rsplit('/')
            .next()
            .is_some_and(|it| it.starts_with('.'));
        if hidden {
            return Ok(());
        }
        if depth >= DEEPEST {
            self.strange(
                name.to_owned(),
                "a folder deeper than ours go; not looked into",
            );
            return Ok(());
        }
        if matches!(names::hint(name), Hint::Examine(_)) {
            self.strange(name.to_owned(), "a folder with the name of a file");
        }
        match self.walk(path, name, depth + 1) {
            // It went away while we looked.
            Err(ShareError::Missing(_)) => Ok(()),
            Err(ShareError::Closed(_)) if !names::leads_to_ours(name) => {
                self.strange(name.to_owned(), "a folder that this user may not look into");
                Ok(())
            }
            other => other,
        }
    }
}

fn below(folder: &str, file: &str) -> String {
    let mut name = String::with_capacity(folder.len() + 1 + file.len());
    name.push_str(folder);
    name.push('/');
    name.push_str(file);
    name
}

/// Mixes what changes when a file is touched.
pub(super) fn stamp(meta: &Metadata) -> u64 {
    let modified = meta.modified().ok();
    let since = modified.and_then(|it| it.duration_since(UNIX_EPOCH).ok());
    let (seconds, nanos) = since.map_or((0, 0), |it| (it.as_secs(), it.subsec_nanos()));
    #[cfg(test)]
    let (seconds, nanos) = if super::fat::is_on() {
        (seconds & !1, 0)
    } else {
        (seconds, nanos)
    };
    // FNV-1a over whole numbers: no secret, no order, only "another or not". 63 bits, so that it
    // fits every column.
    let parts = [seconds, u64::from(nanos), inode(meta), meta.len()];
    let mixed = parts.iter().fold(0xcbf2_9ce4_8422_2325_u64, |mixed, part| {
        let mixed = (mixed ^ part).wrapping_mul(0x0000_0100_0000_01b3);
        mixed ^ mixed >> 29
    });
    mixed >> 1
}

#[cfg(unix)]
fn inode(meta: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(meta)
}

#[cfg(not(unix))]
fn inode(_: &Metadata) -> u64 {
    0
}
