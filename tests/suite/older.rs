//! A desk that an earlier version made: looked at as it is, brought up by the first step or the
//! first exchange, and kept whole by a restore.

use std::path::Path;

use serde_json::Value;
use termlens::Key;

use crate::support::screen::{shows, terminal};
use crate::support::two::{Two, history};
use crate::support::{Desk, PROGRAM};

/// Keeps what the rows of records say among their live values as well, as up to the fourth version.
fn as_version_4(conn: &rusqlite::Connection) {
    let mut rows = conn
        .prepare("SELECT h.entity, h.live, r.body FROM head h JOIN record r ON r.entity = h.entity")
        .unwrap();
    let mut rows = rows.query([]).unwrap();
    while let Some(row) = rows.next().unwrap() {
        let read = |column| -> Value {
            let text: String = row.get(column).unwrap();
            serde_json::from_str(&text).unwrap()
        };
        let (mut live, body) = (read(1), read(2));
        let beside = live.as_object_mut().unwrap().remove("r");
        let beside = beside.as_ref().and_then(Value::as_object);
        for (num, ops) in beside.into_iter().flatten() {
            let num: i64 = num.parse().unwrap();
            for (field, op) in ops.as_object().unwrap() {
                let said = match field.split_once(':') {
                    Some((outer, inner)) => &body[outer][inner],
                    None if field == "kind_of" => &body["kind"],
                    None => &body[field],
                };
                live["f"][field] = serde_json::json!([[num, op, said]]);
            }
        }
        let place = (row.get::<_, i64>(0).unwrap(), live.to_string());
        conn.execute("UPDATE head SET live = ?2 WHERE entity = ?1", place)
            .unwrap();
    }
}

/// Makes a desk's file what the third version would have written: the bytes of commits in the log.
fn as_version_3(path: impl AsRef<Path>) {
    let conn = rusqlite::Connection::open(path.as_ref()).unwrap();
    as_version_4(&conn);
    conn.execute_batch(
        "BEGIN;
         DROP INDEX log_hash; DROP INDEX log_address; DROP INDEX log_undoes;
         ALTER TABLE log RENAME TO thin;
         CREATE TABLE log (
            num INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, replica INTEGER NOT NULL,
            seq INTEGER NOT NULL, lamport INTEGER NOT NULL, happened INTEGER NOT NULL,
            recorded INTEGER NOT NULL, received INTEGER NOT NULL, undoes INTEGER,
            bytes BLOB NOT NULL, view INTEGER NOT NULL DEFAULT 0, fate INTEGER NOT NULL DEFAULT 0
         ) STRICT;
         INSERT INTO log SELECT t.num, hash, replica, seq, lamport, happened, recorded, received,
            undoes, coalesce(l.bytes, x''), view, fate
            FROM thin t LEFT JOIN loose l ON l.num = t.num;
         DROP TABLE thin; DROP TABLE loose;
         CREATE INDEX log_address ON log (replica, seq);
         CREATE INDEX log_undoes ON log (undoes) WHERE undoes IS NOT NULL;
         ALTER TABLE member DROP COLUMN person;
         PRAGMA user_version = 3;",
    )
    .unwrap();
    let mut lots = conn
        .prepare("SELECT first, last, bytes FROM lot ORDER BY last")
        .unwrap();
    let mut rows = lots.query([]).unwrap();
    while let Some(row) = rows.next().unwrap() {
        let (first, last): (i64, i64) = (row.get(0).unwrap(), row.get(1).unwrap());
        let raw = zstd::stream::decode_all(&row.get::<_, Vec<u8>>(2).unwrap()[..]).unwrap();
        let count = usize::try_from(last - first + 1).unwrap();
        let (lengths, mut rest) = raw.split_at(count * 4);
        for (num, length) in (first..).zip(lengths.as_chunks().0) {
            let length = usize::try_from(u32::from_le_bytes(*length)).unwrap();
            let (commit, after) = rest.split_at(length);
            conn.execute("UPDATE log SET bytes = ?2 WHERE num = ?1", (num, commit))
                .unwrap();
            rest = after;
        }
    }
    drop(rows);
    drop(lots);
    conn.execute_batch("DROP TABLE lot; COMMIT").unwrap();
}

/// The version that this program writes.
const NOW: i64 = 5;

fn version(path: impl AsRef<Path>) -> i64 {
    let conn = rusqlite::Connection::open(path.as_ref()).unwrap();
    conn.pragma_query_value(None, "user_version", |row| row.get(0))
        .unwrap()
}

#[test]
fn a_desk_of_the_version_before_is_looked_at_as_it_is_and_brought_up_by_the_first_step() {
    let desk = Desk::with_tickets();
    for turn in 0..20 {
        desk.ok(&format!("comment T-1 'turn {turn}'"));
    }
    let commits = desk.commits();
    as_version_3(desk.path());
    let before = std::fs::read(desk.path()).unwrap();
    for look in ["status", "show T-1", "log", "doctor", "why T-1"] {
        desk.ok(look);
    }
    assert!(std::fs::read(desk.path()).unwrap() == before, "not a byte");
    assert_eq!(desk.commits(), commits);
    desk.ok("comment T-1 'the first of this version'");
    assert_eq!(version(desk.path()), NOW);
    assert_eq!(desk.commits(), commits + 1);
    desk.ok("doctor");
    desk.ok("doctor --rebuild");
    desk.ok("doctor");
}

#[test]
fn the_screen_brings_a_desk_of_the_version_before_up_once_and_a_preview_does_not() {
    let desk = Desk::new();
    desk.ok("cycle add 1.4 --start 2026-11-02 --template meta-release");
    desk.ok("cycle approve 1.4 --decision 'TSC, 2 November'");
    as_version_3(desk.path());
    desk.ok("slip M-3 --to 2027-02-01 --reason R --preview");
    assert_eq!(version(desk.path()), 3);
    let mut terminal = terminal(&desk, 80, 24).spawn(PROGRAM).unwrap();
    shows(&mut terminal, "M3");
    terminal.send(Key::Char('q')).unwrap();
    assert!(terminal.wait_exit().unwrap().success());
    assert_eq!(version(desk.path()), NOW);
    desk.ok("doctor");
}

#[test]
fn a_backup_of_a_desk_of_the_version_before_and_one_made_by_it_are_put_back() {
    let desk = Desk::with_tickets();
    desk.ok("comment T-1 'before the backup'");
    let commits = desk.commits();
    as_version_3(desk.path());
    desk.ok("backup new.relmate");
    std::fs::copy(desk.path(), desk.home().join("old.relmate")).unwrap();
    for backup in ["new.relmate", "old.relmate"] {
        desk.ok("comment T-1 'after the backup'");
        desk.ok(&format!("restore {backup}"));
        assert_eq!(desk.commits(), commits);
        desk.ok("doctor");
    }
}

#[test]
fn shared_desks_of_the_version_before_exchange_before_anything_else() {
    let two = Two::met();
    two.alice.ok("comment T-1 'from the older version'");
    let before = history(&two.bob);
    as_version_3(two.alice.path());
    as_version_3(two.bob.path());
    two.alice.ok("share status");
    two.alice.ok("sync");
    two.bob.ok("sync");
    two.alice.ok("sync");
    assert_eq!(history(&two.alice), history(&two.bob));
    assert_ne!(history(&two.bob), before);
    for desk in [&two.alice, &two.bob] {
        assert_eq!(version(desk.path()), NOW);
        desk.ok("doctor");
        desk.ok("share status");
    }
}

#[test]
fn a_restore_over_a_desk_of_the_version_before_keeps_it_whole() {
    let desk = Desk::with_tickets();
    desk.ok("backup copy.relmate");
    desk.ok("comment T-1 'after the backup'");
    as_version_3(desk.path());
    let open = rusqlite::Connection::open(desk.path()).unwrap();
    let count = || -> i64 {
        open.query_row("SELECT count(*) FROM log", [], |row| row.get(0))
            .unwrap()
    };
    let before = count();
    desk.ok("restore copy.relmate");
    assert_eq!(
        count(),
        before - 1,
        "who had it open sees what was restored"
    );
    drop(open);
    desk.ok("doctor");
    let folder = std::fs::read_dir(desk.path().parent().unwrap()).unwrap();
    let kept = folder
        .map(|entry| entry.unwrap().path())
        .find(|path| path.to_string_lossy().contains(".before-"))
        .unwrap();
    assert_eq!(version(&kept), 3);
    desk.ok(&format!("--desk {} doctor", kept.display()));
}

#[test]
fn a_desk_of_the_version_before_that_was_damaged_is_told_of_by_the_doctor() {
    let two = Two::met();
    as_version_3(two.bob.path());
    let conn = rusqlite::Connection::open(two.bob.path()).unwrap();
    conn.execute_batch("UPDATE log SET bytes = x'00' WHERE num IN (SELECT log FROM member)")
        .unwrap();
    drop(conn);
    two.bob.ok("status");
    two.bob
        .refused(1, "doctor")
        .complains(&["does not follow the one before it"]);
}
