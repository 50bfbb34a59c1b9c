//! What lies in the folder. Refuses a listing that is not whole: what is missing from it would
//! be taken for lost and written again.

use std::fs::Metadata;
use std::io::ErrorKind;
use std::path::Path;
use std::time::UNIX_EPOCH;

use super::super::names::{self, Hint};
use super::super::share::{Listed, ShareError};
use super::{OWN, failed, told};

/// `d/<replica>/<file>`, and one more for what others put there.
const DEEPEST: usize = 4;
/// A share of many years has some thousands.
const MOST: usize = 300_000;

pub(super) fn list(root: &Path) -> Result<Vec<Listed>, ShareError> {
    let mut listing = Listing::default();
    match listing.walk(root, "", 1) {
        // Nothing was ever written here; whether it should have been is for the caller to see.
        Err(ShareError::Missing(_)) => Ok(Vec::new()),
        Err(error) => Err(error),
        Ok(()) => {
            listing.files.sort_unstable();
            Ok(listing.files)
        }
    }
}

#[derive(Default)]
struct Listing {
    seen: usize,
    files: Vec<Listed>,
}

impl Listing {
    fn walk(&mut self, folder: &Path, name: &str, depth: usize) -> Result<(), ShareError> {
        let here = if name.is_empty() { OWN } else { name };
        for entry in std::fs::read_dir(folder).map_err(|it| told(here, &it))? {
            let entry = entry.map_err(|it| told(here, &it))?;
            self.seen += 1;
            if self.seen > MOST {
                let why = format!("it holds more than {MOST} files");
                return Err(failed(OWN, &why));
            }
            // What is no text is no name of ours, and could not be asked for.
            let Ok(file) = entry.file_name().into_string() else {
                continue;
            };
            let name = if name.is_empty() {
                file
            } else {
                format!("{name}/{file}")
            };
            if !names::stays_inside(&name) {
                continue;
            }
            // Of the entry itself: a link is neither a folder nor a file.
            let meta = match entry.metadata() {
                Err(error) if error.kind() == ErrorKind::NotFound => continue,
                it => it.map_err(|it| told(&name, &it))?,
            };
            if meta.is_dir() {
                self.enter(&entry.path(), &name, depth)?;
            } else if meta.is_file() && names::hint(&name) != Hint::Temporary {
                let (size, stamp) = (meta.len(), stamp(&meta));
                self.files.push(Listed { name, size, stamp });
            }
        }
        Ok(())
    }

    /// Goes into a folder, unless it is a hidden one (versions that Syncthing keeps, git's own)
    /// or deeper than ours go.
    fn enter(&mut self, path: &Path, name: &str, depth: usize) -> Result<(), ShareError> {
        let hidden = name
            .rsplit('/')
            .next()
            .is_some_and(|it| it.starts_with('.'));
        if hidden || depth >= DEEPEST {
            return Ok(());
        }
        match self.walk(path, name, depth + 1) {
            // It went away while we looked.
            Err(ShareError::Missing(_)) => Ok(()),
            other => other,
        }
    }
}

/// Mixes what changes when a file is touched.
fn stamp(meta: &Metadata) -> u64 {
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
