//! Where the bytes of commits lie, beside the log: the newest each by itself, the others in lots,
//! pressed together, since one step is much like the one before. Refuses to change a byte of them,
//! and to open what no lot can be.

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
/// The quickest: what it leaves is a twelfth, and another level does not halve that.
const LEVEL: i32 = 1;
/// What no lot can hold: a commit as large as a pack may be, beside some that are small.
const MOST: u64 = 128 << 20;
/// How many that lie by themselves are put into lots at once, by somebody who came to write one.
const PRESSED: u32 = 512;

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

/// Puts the oldest that lie by themselves into lots; tells whether there may be more.
pub(super) fn press(conn: &Connection) -> Result<bool, StoreError> {
    let mut lots = Lots::new(conn)?;
    let mut count = 0;
    {
        let mut select =
            conn.prepare_cached("SELECT num, bytes FROM loose ORDER BY num LIMIT ?1")?;
        let mut rows = select.query([PRESSED])?;
        while let Some(row) = rows.next()? {
            count += 1;
            lots.put(row.get(0)?, blob(row.get_ref(1)?)?)?;
        }
    }
    lots.close()?;
    conn.prepare_cached("DELETE FROM loose WHERE num <= ?1")?
        .execute([lots.last])?;
    Ok(count == PRESSED)
}

fn blob(value: rusqlite::types::ValueRef<'_>) -> Result<&[u8], StoreError> {
    value
        .as_bytes()
        .map_err(|error| StoreError::Broken(error.to_string()))
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
            presses: Compressor::new(LEVEL).map_err(unreadable)?,
        })
    }

    /// Numbers rise; where one is left out, a lot ends.
    pub(super) fn put(&mut self, num: i64, bytes: &[u8]) -> Result<(), StoreError> {
        if num != self.last + 1 || self.waiting.len() >= FULL || num - self.first == LOT {
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
        let pressed = self.presses.compress(&raw).map_err(unreadable)?;
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
    open: OnceLock<Result<Lot, StoreError>>,
}

/// The bytes of one commit.
pub(super) enum Piece {
    Loose(Vec<u8>),
    Of {
        lot: Arc<Pressed>,
        num: i64,
        /// Nobody had it at hand.
        found: bool,
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
                found: false,
            });
        }
        let found = self
            .conn
            .prepare_cached(
                "SELECT first, last, bytes FROM lot WHERE last >= ?1 ORDER BY last LIMIT 1",
            )?
            .query_row([num], |row| {
                let (first, last): (i64, i64) = (row.get(0)?, row.get(1)?);
                let bytes = (first <= num).then(|| row.get(2)).transpose()?;
                Ok(bytes.map(|bytes| Pressed {
                    first,
                    last,
                    bytes,
                    open: OnceLock::new(),
                }))
            })
            .optional()?
            .flatten();
        match found {
            Some(lot) => Ok(Piece::Of {
                lot: self.found.insert(Arc::new(lot)).clone(),
                num,
                found: true,
            }),
            None => self.loose(num).map(Piece::Loose),
        }
    }

    fn loose(&self, num: i64) -> Result<Vec<u8>, StoreError> {
        self.conn
            .prepare_cached("SELECT bytes FROM loose WHERE num = ?1")?
            .query_row([num], |row| row.get(0))
            .optional()?
            .ok_or_else(|| StoreError::Broken(format!("the bytes of commit {num} are missing")))
    }
}

impl Piece {
    pub(super) fn bytes(&self) -> Result<&[u8], StoreError> {
        match self {
            Self::Loose(bytes) => Ok(bytes),
            Self::Of { lot, num, .. } => lot.get(*num),
        }
    }

    /// How much memory it takes beside what was taken before: that of a whole lot, or none.
    pub(super) fn weight(&self) -> usize {
        match self {
            Self::Loose(bytes) => bytes.len(),
            Self::Of { found: false, .. } => 0,
            Self::Of { lot, .. } => size(&lot.bytes).unwrap_or_default(),
        }
    }
}

impl Pressed {
    fn get(&self, num: i64) -> Result<&[u8], StoreError> {
        let span = (self.first, self.last);
        let open = self.open.get_or_init(|| Lot::open(span, &self.bytes));
        let lot = open.as_ref().map_err(unreadable)?;
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
    fn open((first, last): (i64, i64), pressed: &[u8]) -> Result<Self, StoreError> {
        let size = size(pressed).ok_or_else(|| unreadable("it is too large"))?;
        let opened = OPENS.with_borrow_mut(|opens| {
            let opens = match opens {
                Some(opens) => opens,
                none => none.insert(Decompressor::new()?),
            };
            opens.decompress(pressed, size)
        });
        let raw = opened.map_err(unreadable)?;
        let count = usize::try_from(last - first + 1).unwrap_or(usize::MAX);
        let lengths = count.checked_mul(4).and_then(|it| raw.get(..it));
        let lengths = lengths.ok_or_else(|| unreadable(SHORT))?;
        let mut ends = Vec::with_capacity(count + 1);
        let mut end = lengths.len();
        ends.push(end);
        for length in lengths.chunks_exact(4) {
            let length = length
                .iter()
                .rev()
                .fold(0, |sum, byte| sum << 8 | usize::from(*byte));
            end = end.saturating_add(length);
            ends.push(end);
        }
        if end != raw.len() {
            return Err(unreadable("its lengths do not agree"));
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
    use super::super::schema;
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
        assert!(!press(&conn).unwrap(), "it was all");
        assert_eq!(count(&conn, "loose"), 0);
        assert_eq!(all(&conn, commits.len()), commits);
    }

    #[test]
    fn a_desk_of_an_earlier_version_is_pressed_some_at_each_write() {
        let conn = Connection::open_in_memory().unwrap();
        schema::make(&conn, 3);
        let long = 3 * i64::from(PRESSED) - 1;
        let text = |num: i64| format!("commit {num}").into_bytes();
        for num in 1..=long {
            conn.execute(
                "INSERT INTO log (num, hash, replica, seq, lamport, happened, recorded, received, bytes)
                 VALUES (?1, randomblob(32), 1, ?1, ?1, 0, 0, 0, ?2)",
                (num, text(num)),
            )
            .unwrap();
        }
        let mut conn = conn;
        let tx = conn.transaction().unwrap();
        schema::migrate(&tx, 3).unwrap();
        tx.commit().unwrap();
        let size: i64 = conn
            .query_row("SELECT sum(size) FROM log", [], |row| row.get(0))
            .unwrap();
        let sum: usize = (1..=long).map(|num| text(num).len()).sum();
        assert_eq!(size.unsigned_abs(), sum as u64);
        let mut left = vec![count(&conn, "loose")];
        for num in long + 1..long + 50 {
            put(&conn, num, &text(num)).unwrap();
            left.push(count(&conn, "loose"));
        }
        assert_eq!((left[0], left[1]), (long, long + 1 - i64::from(PRESSED)));
        assert_eq!(left.last(), Some(&0), "{left:?}");
        for (num, bytes) in (1..).zip(all(&conn, left.len())) {
            assert_eq!(bytes, text(num));
        }
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
