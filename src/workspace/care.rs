//! Care of a desk's file: check, rebuild, backup, restore.

use std::path::{Path, PathBuf};

use super::places::{Places, file_name};
use super::refusal::Refusal;
pub use crate::store::Checked;
use crate::store::{Store, StoreError};

/// Checks file, history and projection; changes nothing.
pub fn check(path: &Path) -> Result<Checked, Refusal> {
    Store::look(path, &mut |reader| reader.check()).map_err(beyond)
}

/// Brings a desk of an earlier version to this one, for whoever looks at it again and again. One that
/// cannot be written now is looked at all the same.
pub fn bring_up(path: &Path) {
    if Store::is_older(path) {
        drop(Store::open(path).and_then(|mut desk| desk.bring_up()));
    }
}

/// Projects the whole history anew; where pages of the file are damaged it is written anew before.
pub fn rebuild(path: &Path) -> Result<Checked, Refusal> {
    let rebuilt = Store::open(path).and_then(|mut desk| {
        desk.mend()?;
        desk.rebuild()
    });
    rebuilt.map_err(|error| match error {
        // It was just tried.
        StoreError::Unsound(_) => Refusal::failed(error.to_string(), BEYOND),
        error => beyond(error),
    })
}

/// What helps where the doctor cannot.
const BEYOND: &str = "Bring the last backup back with `relmate restore FILE`; a desk that is shared can be had again with `relmate share join`.";

/// A failure of the file that a hint to ask the doctor does not help with.
fn beyond(error: StoreError) -> Refusal {
    let error = error.known();
    match error {
        StoreError::Damaged { .. } | StoreError::Broken(_) => {
            Refusal::failed(error.to_string(), BEYOND)
        }
        error => error.into(),
    }
}

/// A whole copy in one new file.
pub fn backup(path: &Path, to: &Path) -> Result<(), Refusal> {
    Ok(Store::backup(path, to)?)
}

/// Where a backup goes that no desk is there for: the usual file of a desk of its name.
pub fn usual_place(backup: &Path, places: &Places) -> Result<PathBuf, Refusal> {
    let mut name = String::new();
    let looked = Store::look(backup, &mut |reader| {
        name = reader.desk()?.name;
        Ok::<_, StoreError>(())
    });
    looked.map_err(no_backup)?;
    Ok(places.data.join(file_name(&name)))
}

/// Puts a backup in the desk's place; returns where the desk that was there is
/// kept. `stamp` is Unix seconds.
pub fn restore(backup: &Path, path: &Path, stamp: i64) -> Result<Option<PathBuf>, Refusal> {
    Store::restore(backup, path, stamp).map_err(no_backup)
}

/// What is wrong with a file that should be put into a desk's place: it is the file that is named
/// otherwise then, and no desk that is made.
fn no_backup(error: StoreError) -> Refusal {
    let names_another = matches!(
        error,
        StoreError::NoDesk(_) | StoreError::NotADesk | StoreError::NotADeskAt(_)
    );
    let refusal = Refusal::from(error);
    if !names_another {
        return refusal;
    }
    let hint = "Name a file that `relmate backup` made, or another desk's.";
    Refusal::new(refusal.kind, refusal.message, hint)
}
