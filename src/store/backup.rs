//! A whole copy of a desk, and a copy put back. The copy is one file, checked
//! before anything is replaced.

use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::{Store, StoreError, open, schema};

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
    pub fn restore(backup: &Path, path: &Path, stamp: i64) -> Result<Option<PathBuf>, StoreError> {
        if !backup.exists() {
            return Err(StoreError::NoDesk(backup.to_owned()));
        }
        sound(backup)?;
        let part = beside(path, "part");
        if let Some(folder) = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
        {
            std::fs::create_dir_all(folder).map_err(|error| StoreError::file(folder, &error))?;
        }
        std::fs::copy(backup, &part).map_err(|error| StoreError::file(&part, &error))?;
        let kept = path
            .exists()
            .then(|| free(path, &format!("before-{stamp}")));
        if let Some(kept) = &kept {
            // Whatever is still in the log goes into the file that is kept.
            if let Ok(conn) = open::writer(path) {
                drop(conn.pragma_update(None, "wal_checkpoint", "TRUNCATE"));
            }
            std::fs::rename(path, kept).map_err(|error| StoreError::file(path, &error))?;
        }
        std::fs::rename(&part, path).map_err(|error| StoreError::file(path, &error))?;
        Ok(kept)
    }
}

/// Makes a new file beside its place, checks it, and puts it there.
fn whole(to: &Path, make: impl FnOnce(&Path) -> Result<(), StoreError>) -> Result<(), StoreError> {
    if to.exists() {
        return Err(StoreError::AlreadyThere(to.to_owned()));
    }
    let part = beside(to, "part");
    make(&part)
        .and_then(|()| sound(&part))
        .and_then(|()| {
            std::fs::File::open(&part)
                .and_then(|file| file.sync_all())
                .and_then(|()| std::fs::rename(&part, to))
                .map_err(|error| StoreError::file(to, &error))
        })
        .inspect_err(|_| drop(std::fs::remove_file(&part)))
}

fn copy(conn: &Connection, part: &Path) -> Result<(), StoreError> {
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
    schema::check(&conn).map_err(|error| error.at(path))?;
    super::rebuild::verify(&conn).map_err(|error| error.at(path))?;
    Ok(())
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
