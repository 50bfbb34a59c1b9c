//! Where the bytes of commits lie, beside the log: a few of the newest each by itself, the others in
//! lots, pressed together, since one step is much like the one before. Refuses to change a byte of
//! them, and to open what no lot can be.

use std::cell::RefCell;
use std::fmt::Display;
use std::mem;
use std::sync::{Arc, OnceLock};

use rusqlite::{Connection, OptionalExtension};
use zstd::bulk::{Compressor, Decompressor};
use zstd::zstd_safe::get_frame_content_size;

use super::StoreError;

/// How many commits lie together at most: to read one of them the whole lot is opened.
const LOT: i64 = 16;
/// From how many bytes on a lot takes no more.
const FULL: usize = 16 << 10;
/// What it leaves is a fourteenth; a higher one takes longer and leaves as much.
const LEVEL: i32 = 1;
/// More than any lot can hold: a commit may be as large as a pack, of 64 MiB.
const MOST: u64 = 128 << 20;
const SHORT: &str = "it ends too early";

/// The tables they lie in, with their columns.
pub(super) const TABLES: [(&str, &str); 2] =
    [("lot", "last, first, bytes"), ("loose", "num, bytes")];

/// Keeps the bytes of a commit that was logged.
pub(super) fn put(conn: &Connection, num: i64, bytes: &[u8]) -> Result<(), StoreError> {
    loose(conn, num, bytes)?;
    if num % LOT == 0 {
        press(conn)?;
    }
    Ok(())
}

/// By itself, whatever its number.
pub(super) fn loose(conn: &Connection, num: i64, bytes: &[u8]) -> Result<(), StoreError> {
    conn.prepare_cached("INSERT INTO loose (num, bytes) VALUES (?1, ?2)")?
        .execute((num, bytes))?;
    Ok(())
}

/// Puts those that lie by themselves into lots.
pub(super) fn press(conn: &Connection) -> Result<(), StoreError> {
    gather(conn, "loose")?;
    conn.prepare_cached("DELETE FROM loose")?.execute([])?;
    Ok(())
}

/// Puts the commits of a table of an earlier version into lots, and drops it.
pub(super) fn adopt(conn: &Connection, table: &str) -> Result<(), StoreError> {
    gather(conn, table)?;
    Ok(conn.execute_batch(&format!("DROP TABLE {table}"))?)
}

fn gather(conn: &Connection, table: &str) -> Result<(), StoreError> {
    let mut lots = Lots::new(conn)?;
    let mut select =
        conn.prepare_cached(&format!("SELECT num, bytes FROM {table} ORDER BY num"))?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        lots.put(row.get(0)?, blob(row.get_ref(1)?)?)?;
    }
    lots.close()
}

fn blob(value: rusqlite::types::ValueRef<'_>) -> Result<&[u8], StoreError> {
    value
        .as_bytes()
        .map_err(|error| StoreError::Broken(error.to_string()))
}

fn unwritable(why: impl Display) -> StoreError {
    StoreError::Broken(format!("commits that cannot be pressed: {why}"))
}

fn unreadable(why: impl Display) -> StoreError {
    StoreError::Broken(format!("a lot of commits that cannot be read: {why}"))
}

thread_local! {
    /// What opens lots: to make one takes longer than to open a lot.
    static OPENS: RefCell<Option<Decompressor<'static>>> = const { RefCell::new(None) };
}

/// Puts commits into lots as they are logged, one after the other.
pub(super) struct Lots<'c> {
    conn: &'c Connection,
    /// The lengths of those that wait, four bytes each, and their bytes.
    lengths: Vec<u8>,
    waiting: Vec<u8>,
    first: i64,
    last: i64,
    presses: Compressor<'static>,
}

impl<'c> Lots<'c> {
    pub(super) fn new(conn: &'c Connection) -> Result<Self, StoreError> {
        Ok(Self {
            conn,
            lengths: Vec::new(),
            waiting: Vec::new(),
            first: 0,
            last: 0,
            presses: Compressor::new(LEVEL).map_err(unwritable)?,
        })
    }

    /// Numbers rise; where one is left out, a lot ends.
    pub(super) fn put(&mut self, num: i64, bytes: &[u8]) -> Result<(), StoreError> {
        let full = self.waiting.len() >= FULL || num.saturating_sub(self.first) >= LOT;
        let gap = num.saturating_sub(1) != self.last;
        // A large one lies by itself: who reads a small one does not open it.
        if full || gap || bytes.len() >= FULL {
            self.close()?;
        }
        if self.lengths.is_empty() {
            self.first = num;
        }
        let length = u32::try_from(bytes.len()).map_err(|_| StoreError::TooLarge)?;
        self.lengths.extend(length.to_le_bytes());
        self.waiting.extend(bytes);
        self.last = num;
        Ok(())
    }

    /// Keeps those that wait: before they are read.
    pub(super) fn close(&mut self) -> Result<(), StoreError> {
        if self.lengths.is_empty() {
            return Ok(());
        }
        let mut raw = mem::take(&mut self.lengths);
        raw.append(&mut self.waiting);
        if raw.len() as u64 > MOST {
            return Err(StoreError::TooLarge);
        }
        let pressed = self.presses.compress(&raw).map_err(unwritable)?;
        self.conn
            .prepare_cached("INSERT INTO lot (last, first, bytes) VALUES (?1, ?2, ?3)")?
            .execute((self.last, self.first, pressed))?;
        raw.clear();
        self.lengths = raw;
        Ok(())
    }
}

/// Finds the bytes of commits, with the lot at hand that was found last.
pub(super) struct Bytes<'c> {
    conn: &'c Connection,
    found: Option<Arc<Pressed>>,
}

/// A lot as it lies, and open once somebody reads it: on whichever processor that is.
pub(super) struct Pressed {
    first: i64,
    last: i64,
    bytes: Vec<u8>,
    open: OnceLock<Result<Lot, String>>,
}

/// The bytes of one commit.
pub(super) enum Piece {
    Loose(Vec<u8>),
    Of {
        lot: Arc<Pressed>,
        num: i64,
        /// Its lot was not at hand before.
        fresh: bool,
    },
}

/// A lot that is open.
struct Lot {
    /// Where each commit ends, after where the first begins.
    ends: Vec<usize>,
    raw: Vec<u8>,
}

impl<'c> Bytes<'c> {
    pub(super) const fn new(conn: &'c Connection) -> Self {
        Self { conn, found: None }
    }

    /// The bytes of a commit of the log.
    pub(super) fn of(&mut self, num: i64) -> Result<Piece, StoreError> {
        let holds = |lot: &&Arc<Pressed>| lot.first <= num && num <= lot.last;
        if let Some(lot) = self.found.as_ref().filter(holds) {
            let lot = lot.clone();
            return Ok(Piece::Of {
                lot,
                num,
                fresh: false,
            });
        }
        // In this order: a commit moves from the one to the other, and never back.
        if let Some(bytes) = self.loose(num)? {
            return Ok(Piece::Loose(bytes));
        }
        let missing = || StoreError::Broken(format!("the bytes of commit {num} are missing"));
        let lot = self.pressed(num)?.ok_or_else(missing)?;
        Ok(Piece::Of {
            lot: self.found.insert(Arc::new(lot)).clone(),
            num,
            fresh: true,
        })
    }

    fn loose(&self, num: i64) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self
            .conn
            .prepare_cached("SELECT bytes FROM loose WHERE num = ?1")?
            .query_row([num], |row| row.get(0))
            .optional()?)
    }

    fn pressed(&self, num: i64) -> Result<Option<Pressed>, StoreError> {
        let sql = "SELECT first, last, bytes FROM lot WHERE last >= ?1 ORDER BY last LIMIT 1";
        let found = self.conn.prepare_cached(sql)?.query_row([num], |row| {
            Ok(Pressed {
                first: row.get(0)?,
                last: row.get(1)?,
                bytes: row.get(2)?,
                open: OnceLock::new(),
            })
        });
        Ok(found.optional()?.filter(|lot| lot.first <= num))
    }
}

impl Piece {
    pub(super) fn bytes(&self) -> Result<&[u8], StoreError> {
        match self {
            Self::Loose(bytes) => Ok(bytes),
            Self::Of { lot, num, .. } => lot.get(*num),
        }
    }

    /// How much memory it takes beside what was taken before, as bytes of a commit count that is
    /// about to be read: a lot is opened and not read, except for one.
    pub(super) fn weight(&self) -> usize {
        match self {
            Self::Loose(bytes) => bytes.len(),
            Self::Of { fresh: false, .. } => 0,
            Self::Of { lot, .. } => match lot.bytes.len() + size(&lot.bytes).unwrap_or_default() {
                small if small < 2 * FULL => small / 4,
                large => large,
            },
        }
    }
}

impl Pressed {
    fn get(&self, num: i64) -> Result<&[u8], StoreError> {
        let open = || {
            let count = self
                .last
                .checked_sub(self.first)
                .and_then(|it| it.checked_add(1));
            let count = count.filter(|count| (1..=LOT).contains(count));
            let count = count.and_then(|count| usize::try_from(count).ok());
            Lot::open(count.ok_or("it holds too many")?, &self.bytes)
        };
        let lot = self.open.get_or_init(open).as_ref().map_err(unreadable)?;
        let place = num.checked_sub(self.first);
        let place = place.and_then(|it| usize::try_from(it).ok());
        place
            .and_then(|place| lot.get(place))
            .ok_or_else(|| unreadable(SHORT))
    }
}

/// How many bytes it will have, if a lot can have so many.
fn size(pressed: &[u8]) -> Option<usize> {
    let size = get_frame_content_size(pressed).ok().flatten()?;
    let size = (size <= MOST).then_some(size)?;
    usize::try_from(size).ok()
}

impl Lot {
    fn open(count: usize, pressed: &[u8]) -> Result<Self, String> {
        let size = size(pressed).ok_or("it does not say how large it is, or is too large")?;
        let opened = OPENS.with_borrow_mut(|opens| {
            let opens = match opens {
                Some(opens) => opens,
                none => none.insert(Decompressor::new()?),
            };
            opens.decompress(pressed, size)
        });
        let raw = opened.map_err(|error| error.to_string())?;
        let lengths = raw.get(..count * 4).ok_or(SHORT)?;
        let mut ends = Vec::with_capacity(count + 1);
        let mut end = lengths.len();
        ends.push(end);
        for length in lengths.as_chunks().0 {
            let length = usize::try_from(u32::from_le_bytes(*length)).unwrap_or(usize::MAX);
            end = end.saturating_add(length);
            ends.push(end);
        }
        if end != raw.len() {
            return Err("its lengths do not agree".to_owned());
        }
        Ok(Self { ends, raw })
    }

    fn get(&self, place: usize) -> Option<&[u8]> {
        let (from, to) = (self.ends.get(place)?, self.ends.get(place + 1)?);
        self.raw.get(*from..*to)
    }
}

#[cfg(test)]
mod tests {
    use super::super::open::memory;
    use super::*;

    /// What commits can be: alike, empty, large, and bytes of any kind.
    fn commits() -> Vec<Vec<u8>> {
        let small = |num: usize| format!(r#"{{"seq":{num},"intent":{{"do":"comment"}}}}"#);
        let mut all: Vec<Vec<u8>> = (0..75).map(|num| small(num).into_bytes()).collect();
        all[3] = Vec::new();
        all[20] = vec![0xff; 3 * FULL];
        all[21] = (0..=250).cycle().step_by(7).take(FULL).collect();
        all
    }

    fn read(bytes: &mut Bytes<'_>, num: i64) -> Result<Vec<u8>, StoreError> {
        Ok(bytes.of(num)?.bytes()?.to_vec())
    }

    fn all(conn: &Connection, count: usize) -> Vec<Vec<u8>> {
        let mut bytes = Bytes::new(conn);
        let all = (1..).take(count).map(|num| read(&mut bytes, num).unwrap());
        all.collect()
    }

    fn count(conn: &Connection, table: &str) -> i64 {
        conn.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| {
            row.get(0)
        })
        .unwrap()
    }

    #[test]
    fn commits_are_read_as_they_were_put_one_by_one_and_many_at_once() {
        let commits = commits();
        for together in [0, 1, 10, 40, commits.len()] {
            let conn = memory().unwrap();
            let numbered = || (1..).zip(&commits);
            for (num, bytes) in numbered().take(commits.len() - together) {
                put(&conn, num, bytes).unwrap();
                assert!(count(&conn, "loose") < LOT);
            }
            let mut lots = Lots::new(&conn).unwrap();
            for (num, bytes) in numbered().skip(commits.len() - together) {
                lots.put(num, bytes).unwrap();
            }
            lots.close().unwrap();
            assert_eq!(all(&conn, commits.len()), commits, "{together}");
            let large: i64 = conn
                .query_row(
                    "SELECT count(*) FROM lot WHERE first = last AND last IN (21, 22)",
                    [],
                    |row| row.get(0),
                )
                .unwrap();
            assert_eq!(large, 2, "large ones lie by themselves");
            let mut back = Bytes::new(&conn);
            for (num, bytes) in numbered().collect::<Vec<_>>().into_iter().rev() {
                assert_eq!(read(&mut back, num).unwrap(), *bytes);
            }
        }
    }

    #[test]
    fn what_lies_by_itself_before_and_after_lots_comes_into_lots_as_well() {
        let commits = commits();
        let conn = memory().unwrap();
        let mut lots = Lots::new(&conn).unwrap();
        for (num, bytes) in (1..).zip(&commits) {
            if (30..60).contains(&num) {
                lots.put(num, bytes).unwrap();
            } else {
                loose(&conn, num, bytes).unwrap();
            }
        }
        lots.close().unwrap();
        assert_eq!(all(&conn, commits.len()), commits);
        press(&conn).unwrap();
        assert_eq!(count(&conn, "loose"), 0);
        assert_eq!(all(&conn, commits.len()), commits);
    }

    #[test]
    fn a_lot_that_was_cut_or_changed_is_told_of() {
        let commits = commits();
        let conn = memory().unwrap();
        let mut lots = Lots::new(&conn).unwrap();
        for (num, bytes) in (1..).zip(&commits[..10]) {
            lots.put(num, bytes).unwrap();
        }
        lots.close().unwrap();
        let whole: Vec<u8> = conn
            .query_row("SELECT bytes FROM lot", [], |row| row.get(0))
            .unwrap();
        let with = |bytes: &[u8], last: i64| {
            conn.execute("UPDATE lot SET bytes = ?1, last = ?2", (bytes, last))
                .unwrap();
            read(&mut Bytes::new(&conn), 5)
        };
        assert_eq!(with(&whole, 10).unwrap(), commits[4]);
        for cut in 0..whole.len() {
            assert!(
                matches!(with(&whole[..cut], 10), Err(StoreError::Broken(_))),
                "{cut}"
            );
        }
        for place in 0..whole.len() {
            for bit in 0..8 {
                let mut changed = whole.clone();
                changed[place] ^= 1 << bit;
                // It may say something else, and never what is too much.
                if let Ok(bytes) = with(&changed, 10) {
                    assert!(bytes.len() < FULL);
                }
            }
        }
        assert!(with(&whole, 9).is_err(), "one more than it says");
        assert!(with(&whole, 11).is_err(), "one less than it says");
        assert!(with(&whole, i64::MAX).is_err());
        conn.execute_batch("DELETE FROM lot").unwrap();
        assert!(matches!(
            Bytes::new(&conn).of(5),
            Err(StoreError::Broken(_))
        ));
    }
}
