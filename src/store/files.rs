//! What a desk remembers of the files of a share: a row a file, and one row for all those that stay
//! as they are for good. Every exchange reads all of it, and of years of work most files are of that
//! sort. Refuses to know what a file is.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use rusqlite::{Connection, OptionalExtension};

use super::exchange::{EXCHANGED, keep_signatures, set_own, unsigned};
use super::log::signed as number;
use super::query::text_of;
use super::{Reader, Store, StoreError, words};
use crate::ledger::Signed;

/// What is known of a file: size, stamp, when it was read (Unix seconds), and the verdict as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRow<Text = String> {
    pub size: u64,
    pub stamp: u64,
    pub read: i64,
    pub verdict: Text,
}

/// What is to be remembered of a file; none to forget it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileNews<'n> {
    pub name: &'n str,
    pub row: Option<FileRow>,
    /// Whether it will hardly change again. Always the same for a name; such a name has no space.
    pub lasts: bool,
}

/// The name that no file has: its row holds a line for each of those that last.
const LASTING: &str = "";

impl Reader<'_> {
    /// Tells what is remembered of the files of a share, by their names.
    pub fn files(
        &self,
        share: &str,
        each: &mut dyn FnMut(&str, FileRow<&str>),
    ) -> Result<(), StoreError> {
        let mut select = self.conn().prepare_cached(
            "SELECT name, size, stamp, read, verdict FROM file WHERE share = ?1 ORDER BY name",
        )?;
        let mut rows = select.query([share])?;
        let mut text = String::new();
        let mut next = rows.next()?;
        if let Some(row) = next
            && text_of(row, 0)? == LASTING
        {
            text = row.get(4)?;
            next = rows.next()?;
        }
        let mut lasting = words::lines(&text).filter_map(read).peekable();
        while let Some(row) = next {
            let name = text_of(row, 0)?;
            while let Some((name, note)) = lasting.next_if(|(it, _)| *it < name) {
                each(name, note);
            }
            // A version that knew of no such row has read it again since.
            lasting.next_if(|(it, _)| *it == name);
            let note = FileRow {
                size: unsigned(row.get(1)?),
                stamp: row.get::<_, i64>(2)?.cast_unsigned(),
                read: row.get(3)?,
                verdict: text_of(row, 4)?,
            };
            each(name, note);
            next = rows.next()?;
        }
        lasting.for_each(|(name, note)| each(name, note));
        Ok(())
    }
}

impl Store {
    /// Remembers files of a share, or forgets them, what was signed of them, and when steps were
    /// exchanged, if some were. All of it can be found out again: a file whose note is lost is read
    /// once more.
    pub fn note_files(
        &mut self,
        share: &str,
        news: &[FileNews<'_>],
        (signed, exchanged): (&[Signed], Option<&str>),
    ) -> Result<(), StoreError> {
        self.write_unhurried(|writing| {
            let conn = writing.conn();
            keep_signatures(conn, signed)?;
            if exchanged.is_some() {
                set_own(conn, EXCHANGED, exchanged)?;
            }
            for FileNews { name, row, lasts } in news {
                match row.as_ref().filter(|_| !lasts) {
                    Some(row) => put(conn, share, name, row)?,
                    None => take(conn, share, name)?,
                }
            }
            keep_lasting(conn, share, news.iter().filter(|it| it.lasts))
        })
    }
}

fn put(conn: &Connection, share: &str, name: &str, row: &FileRow) -> Result<(), StoreError> {
    let (size, stamp) = (number(row.size), row.stamp.cast_signed());
    conn.prepare_cached("INSERT OR REPLACE INTO file VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?
        .execute((share, name, size, stamp, row.read, &row.verdict))?;
    Ok(())
}

fn take(conn: &Connection, share: &str, name: &str) -> Result<(), StoreError> {
    conn.prepare_cached("DELETE FROM file WHERE share = ?1 AND name = ?2")?
        .execute((share, name))?;
    Ok(())
}

/// Puts the news of files that last among the others of their sort.
fn keep_lasting<'n>(
    conn: &Connection,
    share: &str,
    news: impl Iterator<Item = &'n FileNews<'n>>,
) -> Result<(), StoreError> {
    let mut news = news.peekable();
    if news.peek().is_none() {
        return Ok(());
    }
    let before: Option<String> = conn
        .prepare_cached("SELECT verdict FROM file WHERE share = ?1 AND name = ?2")?
        .query_row((share, LASTING), |row| row.get(0))
        .optional()?;
    let before = before.unwrap_or_default();
    let mut lines: BTreeMap<&str, String> = words::lines(&before)
        .filter_map(|line| Some((line.split_once(' ')?.0, line.to_owned())))
        .collect();
    for FileNews { name, row, .. } in news {
        match row {
            Some(row) => lines.insert(name, line(name, row)),
            None => lines.remove(name),
        };
    }
    if lines.is_empty() {
        return take(conn, share, LASTING);
    }
    let row = FileRow {
        size: 0,
        stamp: 0,
        read: 0,
        verdict: lines.into_values().collect::<Vec<_>>().join("\n"),
    };
    put(conn, share, LASTING, &row)
}

fn line(name: &str, row: &FileRow) -> String {
    let mut line = String::with_capacity(name.len() + row.verdict.len() + 64);
    // Writing to a text cannot fail.
    let _ = write!(line, "{name} {} {} {} ", row.size, row.stamp, row.read);
    // A line is one line, whatever was found.
    line.extend(row.verdict.split('\n'));
    line
}

/// Reads a line; none where it is not whole: such a file is read again.
fn read(mut line: &str) -> Option<(&str, FileRow<&str>)> {
    let name = words::word(&mut line)?;
    let (size, stamp) = (words::number(&mut line)?, words::number(&mut line)?);
    let row = FileRow {
        size,
        stamp,
        read: words::signed(&mut line)?,
        verdict: line,
    };
    Some((name, row))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::ReplicaId;

    fn row(stamp: u64) -> FileRow {
        FileRow {
            size: 7,
            stamp,
            read: -3,
            verdict: format!("pack 1 2 {stamp}"),
        }
    }

    fn news(name: &str, row: Option<FileRow>) -> FileNews<'_> {
        FileNews {
            name,
            row,
            lasts: name.starts_with('l'),
        }
    }

    fn told(store: &Store, share: &str) -> Vec<(String, u64)> {
        let mut told = Vec::new();
        let each = &mut |name: &str, row: FileRow<&str>| {
            let as_kept = self::row(row.stamp);
            assert_eq!((row.size, row.read), (as_kept.size, as_kept.read));
            assert_eq!(row.verdict, as_kept.verdict);
            told.push((name.to_owned(), row.stamp));
        };
        store.reader().files(share, each).unwrap();
        told
    }

    #[test]
    fn files_that_last_are_one_row_and_are_told_in_their_order_among_the_others() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("desk.relmate");
        let mut store = Store::create(&path, "{}", ReplicaId([1; 16])).unwrap();
        let names = ["l1", "a", "l3", "z", "l2", "m"];
        let all: Vec<_> = (1..)
            .zip(names)
            .map(|(at, name)| news(name, Some(row(at))))
            .collect();
        store.note_files("s", &all, (&[], None)).unwrap();
        store.note_files("t", &all[..1], (&[], None)).unwrap();
        let expected = [
            ("a", 2),
            ("l1", 1),
            ("l2", 5),
            ("l3", 3),
            ("m", 6),
            ("z", 4),
        ];
        let expected = expected.map(|(name, stamp)| (name.to_owned(), stamp));
        assert_eq!(told(&store, "s"), expected);
        let rows = "SELECT count(*) FROM file WHERE share = 's'";
        let rows: i64 = store.conn().query_row(rows, [], |row| row.get(0)).unwrap();
        assert_eq!(rows, 4, "a, m, z and one for the others");

        let later = [news("l1", None), news("l2", Some(row(9))), news("z", None)];
        store.note_files("s", &later, (&[], None)).unwrap();
        let expected = [("a", 2), ("l2", 9), ("l3", 3), ("m", 6)];
        let expected = expected.map(|(name, stamp)| (name.to_owned(), stamp));
        assert_eq!(told(&store, "s"), expected);
        assert_eq!(told(&store, "t"), [("l1".to_owned(), 1)]);
        store.note_files("t", &later, (&[], None)).unwrap();
        store
            .note_files("t", &[news("l2", None)], (&[], None))
            .unwrap();
        assert_eq!(told(&store, "t"), []);
        let rows: i64 = store
            .conn()
            .query_row("SELECT count(*) FROM file WHERE share = 't'", [], |row| {
                row.get(0)
            })
            .unwrap();
        assert_eq!(rows, 0);
    }

    #[test]
    fn a_row_of_its_own_that_an_older_version_wrote_is_newer_and_goes_with_the_next_note() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("desk.relmate");
        let mut store = Store::create(&path, "{}", ReplicaId([1; 16])).unwrap();
        let first = [news("l1", Some(row(1))), news("l2", Some(row(2)))];
        store.note_files("s", &first, (&[], None)).unwrap();
        put(store.conn(), "s", "l1", &row(5)).unwrap();
        let names = |stamp| [("l1".to_owned(), stamp), ("l2".to_owned(), 2)];
        assert_eq!(told(&store, "s"), names(5));
        store
            .note_files("s", &[news("l1", Some(row(6)))], (&[], None))
            .unwrap();
        assert_eq!(told(&store, "s"), names(6));
        store
            .note_files("s", &[news("l1", None)], (&[], None))
            .unwrap();
        assert_eq!(told(&store, "s"), [("l2".to_owned(), 2)]);
    }

    #[test]
    fn a_line_that_is_not_whole_is_no_note() {
        let whole = line("l1", &row(4));
        assert!(read(&whole).is_some());
        for cut in 0..whole.find("pack").unwrap() {
            assert_eq!(read(&whole[..cut]), None, "{cut}");
        }
        assert_eq!(read("l1 7 minus 4 pack"), None);
    }
}
