//! A whole copy of a desk, and a copy put back. The copy is one file, checked
//! before anything is replaced.

use std::path::{Path, PathBuf};

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use super::{Store, StoreError, incarnation, open, schema};

impl Store {
    /// Writes a whole copy of the desk at `path` into a new file.
    pub fn backup(path: &Path, to: &Path) -> Result<(), StoreError> {
        whole(to, |part| open::look(path, &mut |conn| copy(conn, part)))
    }

    /// Writes this desk whole into a new file: how one that was made in memory is kept.
    pub fn keep(&self, to: &Path) -> Result<(), StoreError> {
        whole(to, |part| copy(self.conn(), part))
    }

    /// Puts a backup in the desk's place; the desk that was there is kept beside
    /// it, and its new name is returned. `stamp` is Unix seconds, for that name.
    ///
    /// A desk that can be opened is overwritten page by page under its own lock, so
    /// that no other process and no leftover log can mix the two.
    pub fn restore(backup: &Path, path: &Path, stamp: i64) -> Result<Option<PathBuf>, StoreError> {
        if !backup.exists() {
            return Err(StoreError::NoDesk(backup.to_owned()));
        }
        let path = &open::real(path);
        open::make_folder(path)?;
        let part = free(path, "part");
        let restored = open::look(backup, &mut |conn| copy(conn, &part))
            .and_then(|()| sound(&part))
            .and_then(|()| replace(&part, path, stamp));
        open::discard(&part);
        let kept = restored?;
        incarnation::restored(path)?;
        Ok(kept)
    }
}

/// Puts a sound desk in the place of whatever is at `path`.
fn replace(part: &Path, path: &Path, stamp: i64) -> Result<Option<PathBuf>, StoreError> {
    let kept = free(path, &format!("before-{stamp}"));
    if path.exists()
        && let Ok(mut desk) = open::writer(path)
    {
        match whole(&kept, |to| copy(&desk, to)) {
            Ok(()) => {
                let source = open::plain(part)?;
                let step = Backup::new(&source, &mut desk)?.step(-1)?;
                return match step {
                    StepResult::Done => Ok(Some(kept)),
                    _ => Err(StoreError::Busy),
                };
            }
            Err(error @ (StoreError::Busy | StoreError::DiskFull)) => return Err(error),
            // It opens and cannot be copied: damaged, and moved aside as it is.
            Err(_) => {}
        }
    }
    // What cannot be opened is moved aside whole, its side files with it.
    let mut moved = None;
    for suffix in open::FILES {
        let old = open::side(path, suffix);
        if old.exists() {
            let aside = open::side(&kept, suffix);
            std::fs::rename(&old, &aside).map_err(|error| StoreError::file(&old, &error))?;
            moved = Some(kept.clone());
        }
    }
    std::fs::rename(part, path).map_err(|error| StoreError::file(path, &error))?;
    Ok(moved)
}

/// Makes a new file beside its place, checks it, and puts it there.
fn whole(to: &Path, make: impl FnOnce(&Path) -> Result<(), StoreError>) -> Result<(), StoreError> {
    let part = open::part(to)?;
    if let Some(folder) = open::folder(to) {
        // Told by its own name, and not by that of the file that is made there first.
        std::fs::metadata(folder).map_err(|error| StoreError::file(folder, &error))?;
    }
    make(&part)
        .and_then(|()| sound(&part))
        .and_then(|()| open::put(&part, to))
        .inspect_err(|_| open::discard(&part))
}

fn copy(conn: &Connection, part: &Path) -> Result<(), StoreError> {
    // Copying takes a snapshot of its own; a look's would stand in its way.
    if !conn.is_autocommit() {
        conn.execute_batch("COMMIT")?;
    }
    drop(std::fs::remove_file(part));
    let target = part.to_string_lossy();
    conn.execute("VACUUM INTO ?1", [target.as_ref()])
        .map_err(|error| StoreError::opening(part, error))?;
    Ok(())
}

/// A desk that can be read and whose history holds together.
fn sound(path: &Path) -> Result<(), StoreError> {
    let conn = Connection::open_with_flags(path, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY)
        .map_err(|error| StoreError::opening(path, error))?;
    let version = schema::check(&conn).map_err(|error| error.at(path))?;
    if version == schema::VERSION {
        super::chains::verify(&conn).map_err(|error| error.at(path))?;
        return Ok(());
    }
    drop(conn);
    // One of an earlier version is checked as this one reads it, and stays what it is.
    open::look(path, &mut |conn| super::chains::verify(conn).map(drop))
}

/// A name beside the desk that nothing has yet: what was kept is never overwritten.
fn free(path: &Path, suffix: &str) -> PathBuf {
    let mut name = beside(path, suffix);
    let mut n = 2;
    while name.exists() {
        name = beside(path, &format!("{suffix}-{n}"));
        n += 1;
    }
    name
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::{Header, ReplicaId};

    fn made(path: &Path, replica: u8) -> Store {
        Store::create(
            path,
            &format!("{{\"n\":{replica}}}"),
            ReplicaId([replica; 16]),
        )
        .unwrap()
    }

    /// Appends an empty commit.
    fn step(desk: &mut Store) -> Result<(), StoreError> {
        desk.write(|writing| {
            let draft = writing.draft()?;
            let header = Header {
                wall: "2026-11-21T09:14:00Z".to_owned(),
                ..Header::default()
            };
            writing.append(draft, header, 0)?;
            Ok(())
        })
    }

    #[test]
    fn a_desk_that_was_open_before_another_one_was_put_into_its_file_takes_nothing_more() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let mut open = made(&at("cmd.relmate"), 1);
        step(&mut open).unwrap();
        let mut other = made(&at("umd.relmate"), 2);
        step(&mut other).unwrap();
        Store::backup(&at("umd.relmate"), &at("backup")).unwrap();
        Store::restore(&at("backup"), &at("cmd.relmate"), 0).unwrap();
        assert!(matches!(step(&mut open), Err(StoreError::Replaced)));
        drop(open);
        step(&mut Store::open(&at("cmd.relmate")).unwrap()).unwrap();
    }

    #[test]
    fn a_desk_that_was_open_before_it_went_back_goes_on_from_there() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let mut open = made(&at("cmd.relmate"), 1);
        step(&mut open).unwrap();
        Store::backup(&at("cmd.relmate"), &at("backup")).unwrap();
        step(&mut open).unwrap();
        Store::restore(&at("backup"), &at("cmd.relmate"), 0).unwrap();
        step(&mut open).unwrap();
        assert!(open.reader().check().unwrap().agrees);
    }
}
