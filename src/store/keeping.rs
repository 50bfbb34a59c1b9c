//! How changes reach the disk: through the log, in place where a desk is filled, at once or with the
//! next one that has to. Refuses to acknowledge what a power cut could undo, unless it can be found
//! out again.

use std::time::Duration;

use rusqlite::Connection;

use super::StoreError;
use super::error::plain;
use super::open::{self, hold, release};

/// What is acknowledged is on the disk, and stays there: where a desk is filled in place, also that
/// what stood beside it is gone.
pub(super) const AT_ONCE: &str = "extra";

/// Chooses how a change is kept until it is whole: in the log, or in place with what stood there
/// beside it. Returns what it is now.
pub(super) fn kept_by(conn: &Connection, mode: &str) -> Result<String, StoreError> {
    let mut now = String::new();
    // To its end: the file is changed when the answer has been given.
    conn.pragma(None, "journal_mode", mode, |row| {
        now = row.get(0)?;
        Ok(())
    })?;
    Ok(now)
}

/// The desk is empty and much will come: it is written in place at once, and only the few pages
/// that it had are kept beside it, where a log would hold every page before it goes to its place.
/// As durable as the log; a look waits between two transactions. While another connection has the
/// desk open it stays with the log, and `at_rest` goes back to it.
pub(super) fn fill(conn: &Connection) -> Result<(), StoreError> {
    let_go(conn, || if_free(kept_by(conn, "delete")))
}

/// Does what cannot be done while one moment is held; it is a later one afterwards.
fn let_go(
    conn: &Connection,
    then: impl FnOnce() -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let held = release(conn)?;
    let done = then();
    if held {
        hold(conn)?;
    }
    done
}

/// While somebody else has the desk it stays as it is.
fn if_free<T>(done: Result<T, StoreError>) -> Result<(), StoreError> {
    match done.map_err(StoreError::known) {
        Ok(_) | Err(StoreError::Busy) => Ok(()),
        Err(error) => Err(error),
    }
}

/// From now on what is written reaches the disk with the next write that has to, or when the desk is
/// closed: for what can be found out again. In the file it is whole or not there. Written in place it
/// would have to be on the disk for that, so that it is there at once; tells which.
pub(super) fn unhurried(conn: &Connection) -> Result<bool, StoreError> {
    let logged = is_logged(conn)?;
    if logged {
        synchronous(conn, "normal")?;
    }
    Ok(logged)
}

/// Ends that.
pub(super) fn at_once(conn: &Connection) -> Result<(), StoreError> {
    synchronous(conn, AT_ONCE)
}

fn synchronous(conn: &Connection, level: &str) -> Result<(), StoreError> {
    let_go(conn, || {
        Ok(conn.pragma_update(None, "synchronous", level)?)
    })
}

/// Every page is in the file, and none in the log alone: closing would keep what it could not bring
/// there for the next who opens it, without a word.
pub(super) fn whole(conn: &Connection) -> Result<(), StoreError> {
    let left: i64 = conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    if left == 0 {
        Ok(())
    } else {
        Err(StoreError::Busy)
    }
}

/// Whether changes go through the log.
fn is_logged(conn: &Connection) -> Result<bool, StoreError> {
    let mode: String = conn.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
    Ok(mode.eq_ignore_ascii_case("wal"))
}

/// How many pages wait in the log before they go to their places.
const WAIT: i64 = 1_000;
/// The same while much is written: the more wait, the fewer go there again and again. With too
/// many, a page in the log takes long to be found.
const WAIT_BUSY: i64 = 16 << 10;

/// Much is about to be written: room for the pages that change all the time, in bytes; the indexes
/// that are written everywhere grow with the file.
pub(super) fn busy(conn: &Connection) -> Result<(), StoreError> {
    let count = |name: &str| conn.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let size = count("page_count")? * count("page_size")?;
    let room = (size / 16).clamp(4 << 20, 32 << 20);
    conn.pragma_update(None, "cache_size", -(room >> 10))?;
    conn.pragma_update(None, "wal_autocheckpoint", WAIT_BUSY)?;
    Ok(())
}

/// It is written, by this connection or by another: every page goes to its place.
pub(super) fn at_rest(conn: &Connection) -> Result<(), StoreError> {
    let every: i64 = conn.pragma_query_value(None, "wal_autocheckpoint", |row| row.get(0))?;
    let (busy, logged) = (every == WAIT_BUSY, is_logged(conn)?);
    if logged && !busy {
        return Ok(());
    }
    let_go(conn, || {
        if !logged {
            if_free(kept_by(conn, "wal"))?;
        }
        if busy {
            conn.pragma_update(None, "cache_size", -2_000)?;
            if logged {
                // Somebody who reads may keep a part of it for the next time.
                conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?;
            }
            conn.pragma_update(None, "wal_autocheckpoint", WAIT)?;
        }
        Ok(())
    })
}

/// Gives the room back that a desk of an earlier version took and this one does not, where that is
/// a good part of the file. It stays, and nobody waits, while somebody else reads the desk, or where
/// there is no room to write it again in.
pub(super) fn give_back(conn: &Connection) -> Result<(), StoreError> {
    let count = |name: &str| conn.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    if count("freelist_count")? * 4 < count("page_count")? {
        return Ok(());
    }
    let_go(conn, || {
        conn.busy_timeout(Duration::ZERO)?;
        // Where the log cannot be emptied somebody reads it: a second copy would lie beside the desk.
        if whole(conn).is_ok() && conn.execute_batch("VACUUM").is_ok() {
            whole(conn).ok();
        }
        Ok(conn.busy_timeout(open::BUSY)?)
    })
}

/// Whether every page of the file is what it should be; what it says is not looked at.
pub(super) fn sound(conn: &Connection) -> Result<(), StoreError> {
    let found: String = conn.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    match found.as_str() {
        "ok" => Ok(()),
        found => Err(StoreError::Unsound(plain(found))),
    }
}

/// Writes every table and index anew where pages are damaged. The file stays as it is where a table
/// cannot be read.
pub(super) fn mend(conn: &Connection) -> Result<(), StoreError> {
    match sound(conn) {
        Err(StoreError::Unsound(_)) => {}
        answer => return answer,
    }
    let_go(conn, || Ok(conn.execute_batch("VACUUM")?))?;
    sound(conn)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::Store;
    use super::super::open::{look, side, writer};
    use super::*;
    use crate::ledger::ReplicaId;

    const REPLICA: ReplicaId = ReplicaId([1; 16]);

    #[test]
    fn what_can_be_found_out_again_leaves_everything_else_as_sure_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("desk.relmate");
        let mut desk = Store::create(&path, "{}", REPLICA).unwrap();
        let level = |conn: &Connection| -> i32 {
            conn.pragma_query_value(None, "synchronous", |row| row.get(0))
                .unwrap()
        };
        desk.hold().unwrap();
        let during = desk.write_unhurried(|writing| Ok::<_, StoreError>(level(writing.conn())));
        assert_eq!(
            (during.unwrap(), level(desk.conn())),
            (1, 3),
            "NORMAL, EXTRA"
        );
        let failed = desk.write_unhurried(|_| Err::<(), _>(StoreError::Busy));
        assert!(failed.is_err());
        assert_eq!(level(desk.conn()), 3);
        fill(desk.conn()).unwrap();
        let during = desk.write_unhurried(|writing| Ok::<_, StoreError>(level(writing.conn())));
        assert_eq!(during.unwrap(), 3, "in place");
    }

    const MUCH: &str = "INSERT INTO meta (key, value) VALUES ('much', zeroblob(12000000))";

    fn much(conn: &Connection) -> Result<i64, StoreError> {
        let sql = "SELECT count(*) FROM meta WHERE key = 'much'";
        Ok(conn.query_row(sql, [], |row| row.get(0))?)
    }

    #[test]
    fn a_desk_whose_filling_was_cut_short_is_what_it_was_before() {
        let folder = tempfile::tempdir().unwrap();
        let (path, cut) = (folder.path().join("a"), folder.path().join("b"));
        drop(Store::create(&path, "{}", REPLICA).unwrap());
        let conn = writer(&path).unwrap();
        fill(&conn).unwrap();
        busy(&conn).unwrap();
        conn.execute_batch("BEGIN IMMEDIATE").unwrap();
        conn.execute_batch(MUCH).unwrap();
        // What a power cut would leave.
        fs::copy(&path, &cut).unwrap();
        fs::copy(side(&path, "-journal"), side(&cut, "-journal")).unwrap();
        conn.execute_batch("COMMIT").unwrap();
        at_rest(&conn).unwrap();
        assert_eq!(much(&conn).unwrap(), 1);
        assert_eq!(kept_by(&conn, "wal").unwrap(), "wal");
        drop(conn);

        let before = fs::read(&cut).unwrap();
        assert!(before.len() > 4_000_000, "some of it is in the file");
        look(&cut, &mut |conn| {
            assert_eq!(much(conn)?, 0);
            Ok(())
        })
        .unwrap();
        assert!(fs::read(&cut).unwrap() == before, "a look changes nothing");
        let conn = writer(&cut).unwrap();
        assert_eq!(much(&conn).unwrap(), 0);
        assert!(!side(&cut, "-journal").exists());
    }

    #[test]
    fn a_desk_that_somebody_has_open_is_filled_through_its_log() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("desk.relmate");
        let other = Store::create(&path, "{}", REPLICA).unwrap();
        let conn = writer(&path).unwrap();
        hold(&conn).unwrap();
        fill(&conn).unwrap();
        assert!(!conn.is_autocommit(), "it is still held");
        conn.execute_batch("COMMIT; BEGIN IMMEDIATE").unwrap();
        conn.execute_batch(MUCH).unwrap();
        assert_eq!(much(other.conn()).unwrap(), 0, "read meanwhile");
        conn.execute_batch("COMMIT").unwrap();
        assert_eq!(much(other.conn()).unwrap(), 1);
    }

    #[test]
    fn a_desk_that_is_projected_anew_gives_back_the_room_it_no_longer_takes() {
        const HALF: u64 = 12_000_000;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("desk.relmate");
        let mut desk = Store::create(&path, "{}", REPLICA).unwrap();
        let run = |desk: &Store, sql: &str| desk.conn().execute_batch(sql).unwrap();
        run(&desk, &MUCH.replace("'much'", "'kept'"));
        run(&desk, MUCH);
        run(&desk, "DELETE FROM meta WHERE key = 'much'");
        let size = |suffix: &str| fs::metadata(side(&path, suffix)).unwrap().len();
        whole(desk.conn()).unwrap();
        assert!(size("") > 2 * HALF);

        let other = Store::open(&path).unwrap();
        other.conn().execute_batch("BEGIN").unwrap();
        assert_eq!(much(other.conn()).unwrap(), 0);
        desk.rebuild().unwrap();
        assert!(
            size("-wal") < HALF,
            "no copy lies beside it while somebody reads"
        );
        other.conn().execute_batch("COMMIT").unwrap();
        desk.rebuild().unwrap();
        assert!(size("") < HALF + 1_000_000);
    }
}
