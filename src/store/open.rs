//! Opening a desk: to write, or to look without leaving a trace (SYNC.md 3.3).
//! With `keeping` the only module that knows how `SQLite`'s side files behave.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::{StoreError, keeping, receive, schema};

/// How long a writer waits for another one, in milliseconds.
pub(super) const BUSY: Duration = Duration::from_secs(20);

/// What the files looked like, to notice a writer that came by while we read.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Stamp {
    wal: u64,
    journal: u64,
    len: u64,
    modified: Option<std::time::SystemTime>,
}

impl Stamp {
    fn of(path: &Path) -> Result<Self, StoreError> {
        let main = fs::metadata(path).map_err(|error| StoreError::file(path, &error))?;
        let beside = |suffix| fs::metadata(side(path, suffix)).map_or(0, |beside| beside.len());
        Ok(Self {
            wal: beside("-wal"),
            journal: beside("-journal"),
            len: main.len(),
            modified: main.modified().ok(),
        })
    }

    /// All that was written is in the file, and nothing that may be taken back.
    const fn is_whole(&self) -> bool {
        self.wal == 0 && self.journal == 0
    }
}

/// The endings of a desk's file and of what `SQLite` keeps beside it.
pub(super) const FILES: [&str; 4] = ["", "-wal", "-shm", "-journal"];

/// Where a desk really is: its side files lie beside the file, not beside a link to it.
pub(super) fn real(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

/// A desk's file to read, as it is, under the ordinary locks.
pub(super) fn plain(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    connect(path, flags, path)
}

pub(super) fn side(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Opens a connection whose statements are compiled once: without this `SQLite` compiles
/// them again for the values that are bound, to plan by statistics that a desk has not.
fn connect(
    file: impl AsRef<Path>,
    flags: OpenFlags,
    desk: &Path,
) -> Result<Connection, StoreError> {
    let conn = Connection::open_with_flags(file, flags)
        .map_err(|error| StoreError::opening(desk, error))?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(conn)
}

/// Opens an existing desk to write: WAL, every commit on the disk before it is acknowledged.
/// An older desk stays one until something is written.
pub(super) fn writer(path: &Path) -> Result<Connection, StoreError> {
    if !path.exists() {
        return Err(StoreError::NoDesk(path.to_owned()));
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = connect(path, flags, path)?;
    let checked = schema::check(&conn).and_then(|_| prepare(&conn));
    checked.map_err(|error| match error {
        // The file itself opened, so it is the writing that is not allowed.
        StoreError::Sql(error) if cannot_share(&error) => StoreError::ReadOnly(path.to_owned()),
        other => other.at(path),
    })?;
    Ok(conn)
}

/// Creates an empty file.
pub(super) fn create(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = connect(path, flags, path)?;
    prepare(&conn)?;
    Ok(conn)
}

/// The name beside a new file for it to be made under. Refuses a file that is there already.
pub(super) fn part(path: &Path) -> Result<PathBuf, StoreError> {
    if path.symlink_metadata().is_ok() {
        return Err(StoreError::AlreadyThere(path.to_owned()));
    }
    let mut random = [0; 8];
    getrandom::fill(&mut random)
        .map_err(|error| StoreError::file(path, &std::io::Error::other(error.to_string())))?;
    Ok(side(
        path,
        &format!(".{:016x}.part", u64::from_le_bytes(random)),
    ))
}

/// Makes the folder of a path, if it is not there.
pub(super) fn make_folder(path: &Path) -> Result<(), StoreError> {
    match folder(path) {
        Some(folder) => {
            fs::create_dir_all(folder).map_err(|error| StoreError::file(folder, &error))
        }
        None => Ok(()),
    }
}

/// Puts a file that is made and closed in its place, whole; refuses to touch one that is there.
pub(super) fn put(part: &Path, path: &Path) -> Result<(), StoreError> {
    let failed = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => StoreError::AlreadyThere(path.to_owned()),
        _ => StoreError::file(path, &error),
    };
    fs::File::open(part)
        .and_then(|file| file.sync_all())
        .map_err(failed)?;
    match fs::hard_link(part, path) {
        Ok(()) => drop(fs::remove_file(part)),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            return Err(failed(error));
        }
        // A file system without such links.
        Err(_) if path.exists() => return Err(StoreError::AlreadyThere(path.to_owned())),
        Err(_) => fs::rename(part, path).map_err(failed)?,
    }
    // Where a folder cannot be told, the file is there all the same.
    if let Some(folder) = folder(path) {
        drop(fs::File::open(folder).and_then(|folder| folder.sync_all()));
    }
    Ok(())
}

/// Takes away what was not made to its end, with all that lies beside it.
pub(super) fn discard(part: &Path) {
    for suffix in FILES {
        drop(fs::remove_file(side(part, suffix)));
    }
}

/// The folder of a path that names one.
pub(super) fn folder(path: &Path) -> Option<&Path> {
    path.parent()
        .filter(|folder| !folder.as_os_str().is_empty())
}

/// An empty desk in memory, for the desk as it was.
pub(super) fn memory() -> Result<Connection, StoreError> {
    let mut conn = Connection::open_in_memory()?;
    conn.set_prepared_statement_cache_capacity(64);
    let tx = conn.transaction()?;
    schema::migrate(&tx, 0)?;
    tx.commit()?;
    Ok(conn)
}

fn prepare(conn: &Connection) -> Result<(), StoreError> {
    conn.busy_timeout(BUSY)?;
    let mode = keeping::kept_by(conn, "wal")?;
    conn.pragma_update(None, "synchronous", keeping::AT_ONCE)?;
    let level: i32 = conn.pragma_query_value(None, "synchronous", |row| row.get(0))?;
    if level < 2 || !(mode.eq_ignore_ascii_case("wal") || mode.eq_ignore_ascii_case("memory")) {
        return Err(StoreError::NotDurable { mode });
    }
    conn.pragma_update(None, "foreign_keys", false)?;
    conn.set_prepared_statement_cache_capacity(64);
    Ok(())
}

/// What is read from now on is of one moment, and the file is locked once for all of it, until
/// `release`; after a write, and with `renew`, it is of a later moment.
pub(super) fn hold(conn: &Connection) -> Result<(), StoreError> {
    if conn.is_autocommit() {
        conn.execute_batch("BEGIN")?;
    }
    Ok(())
}

/// Ends that; tells whether there was something to end.
pub(super) fn release(conn: &Connection) -> Result<bool, StoreError> {
    let held = !conn.is_autocommit();
    if held {
        conn.execute_batch("COMMIT")?;
    }
    Ok(held)
}

/// Where one moment is held, it is the present one from now on.
pub(super) fn renew(conn: &Connection) -> Result<(), StoreError> {
    if release(conn)? { hold(conn) } else { Ok(()) }
}

/// Runs `look` on the desk without changing it or leaving a file behind. `look`
/// may run again when a writer came by in the meantime, so it must not print.
pub(super) fn look<T>(
    path: &Path,
    look: &mut dyn FnMut(&Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    if !path.exists() {
        return Err(StoreError::NoDesk(path.to_owned()));
    }
    let path = &real(path);
    for _ in 0..16 {
        let before = Stamp::of(path)?;
        if !before.is_whole() {
            match shared(path, look) {
                // It was, and whoever wrote has gone meanwhile.
                None => continue,
                Some(result) => return result,
            }
        }
        let conn = immutable(path)?;
        let result = current(&conn, look);
        drop(conn);
        // A writer that finished in between shows in the file, one at work in its log.
        if Stamp::of(path)? == before {
            return result.map_err(|error| error.at(path));
        }
    }
    private_copy(path, look)
}

/// Looks at a desk of this version as it is; at an older one, and at one that does not show yet
/// what its log says, through a copy in memory that is brought up to date: a look changes no file.
fn current<T>(
    conn: &Connection,
    look: &mut dyn FnMut(&Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let version = schema::check(conn)?;
    if version == schema::VERSION && receive::is_kept_up(conn)? {
        return look(conn);
    }
    let mut copy = Connection::open_in_memory()?;
    {
        let backup = Backup::new(conn, &mut copy)?;
        while backup.step(-1)? == StepResult::More {}
    }
    // Whoever fills it may go on.
    release(conn)?;
    let tx = copy.transaction()?;
    schema::migrate(&tx, version)?;
    receive::keep_up(&tx, None)?;
    tx.commit()?;
    look(&copy)
}

fn immutable(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_URI
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let uri = format!("file:{}?immutable=1", escape(path));
    connect(uri, flags, path)
}

/// Beside a writer: a reader of the shared log, or of the file between two transactions where it
/// is filled in place. Where nobody keeps the log's index, or the folder cannot be written, a
/// private copy is read instead, so that a look neither makes nor removes a file that others use.
/// None where there is no writer any more.
fn shared<T>(
    path: &Path,
    look: &mut dyn FnMut(&Connection) -> Result<T, StoreError>,
) -> Option<Result<T, StoreError>> {
    if !(side(path, "-shm").exists() || side(path, "-journal").exists()) {
        let gone = Stamp::of(path).is_ok_and(|stamp| stamp.is_whole());
        return (!gone).then(|| private_copy(path, look));
    }
    let attempt = plain(path).and_then(|conn| {
        conn.busy_timeout(BUSY)?;
        schema::check(&conn)?;
        // One snapshot for the whole look, however many statements it runs.
        conn.execute_batch("BEGIN")?;
        current(&conn, look)
    });
    Some(match attempt {
        Err(StoreError::Sql(error)) if cannot_share(&error) => private_copy(path, look),
        other => other.map_err(|error| error.at(path)),
    })
}

fn cannot_share(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied)
    )
}

fn private_copy<T>(
    path: &Path,
    look: &mut dyn FnMut(&Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let folder = private_folder()?;
    let copy = folder.join("desk.relmate");
    let mut result = Err(StoreError::Busy);
    for _ in 0..16 {
        let before = Stamp::of(path)?;
        let copied = fs::copy(path, &copy).and_then(|_| {
            for suffix in ["-wal", "-journal"] {
                let (beside, ours) = (side(path, suffix), side(&copy, suffix));
                // One of an earlier turn would be played into a later file.
                drop(fs::remove_file(&ours));
                if beside.exists() {
                    fs::copy(beside, ours)?;
                }
            }
            Ok(())
        });
        // A writer that came by while it was copied may have torn the copy.
        if copied.is_ok() && Stamp::of(path)? != before {
            continue;
        }
        result = copied
            .map_err(|error| StoreError::file(path, &error))
            .and_then(|()| {
                let conn = Connection::open(&copy)?;
                current(&conn, look)
            });
        break;
    }
    drop(fs::remove_dir_all(&folder));
    result
}

/// A folder of our own that nobody could have laid out before.
fn private_folder() -> Result<PathBuf, StoreError> {
    let mut random = [0; 16];
    let temp = std::env::temp_dir();
    getrandom::fill(&mut random)
        .map_err(|error| StoreError::file(&temp, &std::io::Error::other(error.to_string())))?;
    let name = crate::ledger::ReplicaId(random);
    let folder = temp.join(format!("relmate-look-{name}"));
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder
        .create(&folder)
        .map_err(|error| StoreError::file(&folder, &error))?;
    Ok(folder)
}

/// A path inside a `file:` URI.
fn escape(path: &Path) -> String {
    let bytes = path.as_os_str().as_encoded_bytes();
    let mut uri = String::with_capacity(bytes.len());
    for &byte in bytes {
        if byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push('%');
            for digit in [byte >> 4, byte & 15] {
                uri.push(char::from(b"0123456789ABCDEF"[usize::from(digit)]));
            }
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_acknowledged_is_on_the_disk_by_every_connection_that_writes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("desk.relmate");
        drop(super::super::Store::create(
            &path,
            "{}",
            crate::ledger::ReplicaId([1; 16]),
        ));
        let conn = writer(&path).unwrap();
        let ask = |name: &str| -> String {
            conn.pragma_query_value(None, name, |row| {
                let value: rusqlite::types::Value = row.get(0)?;
                Ok(format!("{value:?}"))
            })
            .unwrap()
        };
        assert_eq!(ask("synchronous"), "Integer(3)", "EXTRA");
        assert_eq!(ask("journal_mode"), "Text(\"wal\")");
        keeping::fill(&conn).unwrap();
        assert_eq!(ask("synchronous"), "Integer(3)", "EXTRA");
        assert_eq!(ask("journal_mode"), "Text(\"delete\")");
    }

    #[test]
    fn a_desk_that_is_not_made_to_its_end_leaves_nothing_and_one_that_is_there_is_not_touched() {
        use super::super::Store;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/desk.relmate");
        let replica = crate::ledger::ReplicaId([1; 16]);
        let there = || fs::read_dir(folder.path().join("new")).unwrap().count();
        let made = Store::create_with(&path, "{}", replica, |desk| {
            desk.set_own("key", Some("kept"))?;
            Err::<(), _>(StoreError::Busy)
        });
        assert!(matches!(made, Err(StoreError::Busy)));
        assert_eq!(there(), 0);
        let (desk, ()) = Store::create_with(&path, "{}", replica, |desk| {
            desk.set_own("key", Some("kept"))
        })
        .unwrap();
        assert_eq!(desk.reader().own("key").unwrap().unwrap(), "kept");
        drop(desk);
        let before = fs::read(&path).unwrap();
        let again = Store::create(&path, "{}", replica).map(drop);
        assert!(matches!(again, Err(StoreError::AlreadyThere(_))));
        // Made beside it meanwhile, and then put where something is.
        let part = folder.path().join("new/part");
        fs::write(&part, "another").unwrap();
        assert!(matches!(
            put(&part, &path),
            Err(StoreError::AlreadyThere(_))
        ));
        fs::remove_file(&part).unwrap();
        assert!(fs::read(&path).unwrap() == before);
        assert_eq!(there(), 1);
    }
}
