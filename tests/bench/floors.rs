//! Floors: the least a program of each sort can cost, as whole processes. None of them
//! uses the program that is measured while it is timed.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Instant;

use relmate::store::{Reader, Store};

use crate::{filter, frame, gauge, ratmin};
use rusqlite::{Connection, OpenFlags};

/// The first argument that makes this program a floor.
pub(crate) const WORD: &str = "--floor";

/// A floor as a command.
pub(crate) fn command(name: &str, args: &[&str]) -> Command {
    let mut command = gauge::floor();
    command.arg(WORD).arg(name).args(args);
    command
}

pub(crate) fn run(name: &str, args: &[String]) -> ExitCode {
    match (name, args) {
        ("hello", []) => println!("hello"),
        ("qcount", [path]) => qcount(path),
        ("append1", [path]) => append1(path),
        ("frames", [desk, frames]) => frame::draw(desk, frames.parse().unwrap()),
        ("page", [desk, text, times]) => filter::pages(desk, text, times.parse().unwrap()),
        ("count", [desk, text, times]) => filter::counts(desk, text, times.parse().unwrap()),
        ("table", [rows, frames]) => frame::table(rows.parse().unwrap(), frames.parse().unwrap()),
        ("cells", [frames]) => frame::cells(frames.parse().unwrap()),
        ("ratmin", [rows]) => ratmin::run(rows.parse().unwrap()),
        _ => return ExitCode::FAILURE,
    }
    ExitCode::SUCCESS
}

/// The question that an index answers.
pub(crate) const QUESTION: &str =
    "SELECT state, count(*) FROM item WHERE release = 7 GROUP BY state";

/// Opens a file read-only and counts by an index.
fn qcount(path: &str) {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags).unwrap();
    let mut statement = conn.prepare(QUESTION).unwrap();
    let mut rows = statement.query([]).unwrap();
    let mut text = String::new();
    while let Some(row) = rows.next().unwrap() {
        let (state, n): (String, i64) = (row.get(0).unwrap(), row.get(1).unwrap());
        writeln!(text, "{state} {n}").unwrap();
    }
    print!("{text}");
}

/// Opens a file and makes one event durable.
fn append1(path: &str) {
    let conn = Connection::open(path).unwrap();
    conn.execute_batch("PRAGMA journal_mode = wal; PRAGMA synchronous = full;")
        .unwrap();
    conn.execute(
        "INSERT INTO event (item, at, actor, kind, body) VALUES (7, 1700000000, 'maria', 'state', ?1)",
        ["blocked -> in review; waiting for QA sign-off"],
    )
    .unwrap();
}

/// Makes the file that `qcount` and the shell of `SQLite` count in: as many items as the desk.
pub(crate) fn items(path: &Path, items: usize) {
    drop(std::fs::remove_file(path));
    let mut conn = Connection::open(path).unwrap();
    conn.execute_batch(
        "PRAGMA journal_mode = wal;
         CREATE TABLE release (id INTEGER PRIMARY KEY, name TEXT);
         CREATE TABLE item (id INTEGER PRIMARY KEY, release INTEGER, title TEXT, state TEXT, owner TEXT);
         CREATE TABLE event (id INTEGER PRIMARY KEY, item INTEGER, at INTEGER, actor TEXT, kind TEXT, body TEXT);
         CREATE INDEX item_release ON item (release, state);
         CREATE INDEX event_item ON event (item, at);",
    )
    .unwrap();
    let tx = conn.transaction().unwrap();
    {
        let mut insert = tx
            .prepare("INSERT INTO item VALUES (?1, ?2, ?3, ?4, 'maria')")
            .unwrap();
        let items = i64::try_from(items).unwrap();
        for number in 0..items {
            let state = ["todo", "doing", "review", "done"][usize::try_from(number % 4).unwrap()];
            let title = format!("Item {number} verify sign notes rollback smoke migrate");
            insert
                .execute((number, number % (items / 200), title, state))
                .unwrap();
        }
    }
    tx.commit().unwrap();
}

/// Seconds in which the commits of a desk, as lines of a file, are read, parsed and inserted in
/// one transaction: the least that joining can take, with nothing checked, judged or shown.
pub(crate) fn plain_join(desk: &Path, folder: &Path) -> f64 {
    let lines = folder.join("lines.jsonl");
    write_lines(desk, &lines);
    let path = folder.join("plain.db");
    let begun = Instant::now();
    let mut conn = Connection::open(&path).unwrap();
    conn.execute_batch(
        "PRAGMA journal_mode = wal; PRAGMA synchronous = full;
         CREATE TABLE log (num INTEGER PRIMARY KEY, person TEXT, body BLOB);",
    )
    .unwrap();
    let text = std::fs::read(&lines).unwrap();
    let tx = conn.transaction().unwrap();
    {
        let mut insert = tx
            .prepare("INSERT INTO log (person, body) VALUES (?1, ?2)")
            .unwrap();
        for line in text
            .split(|byte| *byte == b'\n')
            .filter(|it| !it.is_empty())
        {
            let value: serde_json::Value = serde_json::from_slice(line).unwrap();
            insert.execute((value["person"].as_str(), line)).unwrap();
        }
    }
    tx.commit().unwrap();
    begun.elapsed().as_secs_f64()
}

/// Bytes of a plain table of so many events, each found by what it happened to and when: the least
/// that keeps what happened.
pub(crate) fn plain_events(folder: &Path, events: i64) -> u64 {
    let path = folder.join("events.db");
    let mut conn = Connection::open(&path).unwrap();
    conn.execute_batch(
        "CREATE TABLE event (id INTEGER PRIMARY KEY, item INTEGER, at INTEGER, actor TEXT, kind TEXT, body TEXT);
         CREATE INDEX event_item ON event (item, at);",
    )
    .unwrap();
    let tx = conn.transaction().unwrap();
    {
        let mut insert = tx
            .prepare(
                "INSERT INTO event (item, at, actor, kind, body) VALUES (?1, ?2, 'maria', 'state', ?3)",
            )
            .unwrap();
        for number in 0..events {
            let item = number * 7919 % 10_007;
            let body = format!(
                "item {item} moved: blocked -> in review; waiting for QA sign-off #{number}"
            );
            insert
                .execute((item, 1_700_000_000 + number, body))
                .unwrap();
        }
    }
    tx.commit().unwrap();
    drop(conn);
    std::fs::metadata(&path).unwrap().len()
}

/// The commits of a desk, one a line: what the floor reads, made before it is timed. A look may run
/// more than once.
fn write_lines(desk: &Path, lines: &Path) {
    let mut write = |reader: &Reader<'_>| {
        let mut file = BufWriter::new(File::create(lines).unwrap());
        for line in reader.lines()? {
            let mut lo = line.first;
            while lo <= line.tip_seq {
                for (_, bytes) in reader.run(&line.tip, lo, lo + 9_999)? {
                    file.write_all(&bytes).unwrap();
                    file.write_all(b"\n").unwrap();
                }
                lo += 10_000;
            }
        }
        file.flush().unwrap();
        Ok(())
    };
    Store::look(desk, &mut write).unwrap();
}
