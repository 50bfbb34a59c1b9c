//! Lines and what their commits had seen: every commit's place is found by its key, whatever
//! the length of the history. A commit without deps shares its predecessor's view.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use rusqlite::{Connection, OptionalExtension};

use super::StoreError;
use super::log::{BY_HASH, signed};
use crate::ledger::{Ancestry, Applied, Commit, Dot, Hash, ReplicaId, Seen};

/// How far every other line had been seen, sorted by line.
pub(super) type View = Vec<(i64, u64)>;

/// How many views and places are kept at hand.
const AT_HAND: usize = 4096;

/// Where a logged commit stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct At {
    pub line: i64,
    pub seq: u64,
    pub lamport: u64,
    pub view: i64,
}

pub(super) fn at(conn: &Connection, hash: &Hash) -> Result<Option<At>, StoreError> {
    Ok(conn
        .prepare_cached(BY_HASH)?
        .query_row([hash.0], |row| {
            Ok(At {
                line: row.get(1)?,
                seq: row.get::<_, i64>(2)?.unsigned_abs(),
                lamport: row.get::<_, i64>(3)?.unsigned_abs(),
                view: row.get(4)?,
            })
        })
        .optional()?)
}

fn view(conn: &Connection, num: i64) -> Result<View, StoreError> {
    if num == 0 {
        return Ok(View::new());
    }
    let lines: String = conn
        .prepare_cached("SELECT lines FROM view WHERE num = ?1")?
        .query_row([num], |row| row.get(0))?;
    serde_json::from_str(&lines)
        .map_err(|error| StoreError::Broken(format!("what a commit had seen: {error}")))
}

fn keep(conn: &Connection, view: &View) -> Result<i64, StoreError> {
    if view.is_empty() {
        return Ok(0);
    }
    let lines =
        serde_json::to_string(view).map_err(|error| StoreError::Broken(error.to_string()))?;
    Ok(conn
        .prepare_cached("INSERT INTO view (lines) VALUES (?1)")?
        .insert([lines])?)
}

fn raise(view: &mut View, line: i64, seq: u64) {
    match view.binary_search_by_key(&line, |(line, _)| *line) {
        Ok(place) => view[place].1 = view[place].1.max(seq),
        Err(place) => view.insert(place, (line, seq)),
    }
}

/// The tip of a line.
struct Tip {
    hash: Hash,
    at: At,
    /// Its row does not say so yet.
    moved: bool,
}

/// Puts commits on their lines, or on new ones where a replica begins or forks. Their causes are
/// in the log. What the rows of lines say is written once, by `end`.
pub(super) struct Placing<'c> {
    conn: &'c Connection,
    tips: BTreeMap<i64, Tip>,
}

impl<'c> Placing<'c> {
    pub(super) const fn new(conn: &'c Connection) -> Self {
        Self {
            conn,
            tips: BTreeMap::new(),
        }
    }

    /// Where a commit that was placed before stands, if it is the last of its line.
    pub(super) fn last(&self, hash: &Hash) -> Option<At> {
        let last = self.tips.values().find(|tip| tip.hash == *hash);
        last.map(|tip| tip.at)
    }

    /// Returns the place of a commit; its row is not written yet.
    pub(super) fn place(
        &mut self,
        hash: &Hash,
        prev: Option<At>,
        commit: (ReplicaId, u64),
        deps: &[Hash],
    ) -> Result<At, StoreError> {
        let conn = self.conn;
        let mut lamport = prev.map_or(0, |prev| prev.lamport);
        let mut causes = Vec::with_capacity(deps.len());
        for dep in deps {
            let cause = match self.last(dep) {
                Some(at) => at,
                None => at(conn, dep)?
                    .ok_or_else(|| StoreError::Broken(format!("commit {dep} is missing")))?,
            };
            lamport = lamport.max(cause.lamport);
            causes.push(cause);
        }
        let follows = match prev {
            Some(prev) => self.tip_seq(prev.line)? == prev.seq,
            None => false,
        };
        let mut placed = At {
            line: prev.map_or(0, |prev| prev.line),
            seq: commit.1,
            lamport: lamport + 1,
            view: prev.map_or(0, |prev| prev.view),
        };
        if follows && causes.is_empty() {
            self.tip(hash, placed);
            return Ok(placed);
        }
        let mut seen = view(conn, placed.view)?;
        if follows {
            for cause in &causes {
                join(conn, &mut seen, cause)?;
            }
            // Its own line is told by its number.
            seen.retain(|(line, _)| *line != placed.line);
        } else {
            for cause in causes.iter().chain(&prev) {
                join(conn, &mut seen, cause)?;
            }
            placed.line = conn
                .prepare_cached(
                    "INSERT INTO replica (id, tip_seq, tip_hash, tip_lamport, first, parent)
                     VALUES (?1, 0, x'', 0, ?2, ?3)",
                )?
                .insert((commit.0.0, signed(commit.1), prev.map(|prev| prev.line)))?;
        }
        placed.view = keep(conn, &seen)?;
        self.tip(hash, placed);
        Ok(placed)
    }

    fn tip_seq(&self, line: i64) -> Result<u64, StoreError> {
        if let Some(tip) = self.tips.get(&line) {
            return Ok(tip.at.seq);
        }
        Ok(self
            .conn
            .prepare_cached("SELECT tip_seq FROM replica WHERE num = ?1")?
            .query_row([line], |row| row.get::<_, i64>(0))?
            .unsigned_abs())
    }

    fn tip(&mut self, hash: &Hash, at: At) {
        let tip = Tip {
            hash: *hash,
            at,
            moved: true,
        };
        self.tips.insert(at.line, tip);
    }

    /// Writes how far the lines are.
    pub(super) fn end(&mut self) -> Result<(), StoreError> {
        for (line, tip) in self.tips.iter_mut().filter(|(_, tip)| tip.moved) {
            self.conn
                .prepare_cached(
                    "UPDATE replica SET tip_seq = ?2, tip_hash = ?3, tip_lamport = ?4, view = ?5
                     WHERE num = ?1",
                )?
                .execute((
                    line,
                    signed(tip.at.seq),
                    tip.hash.0,
                    signed(tip.at.lamport),
                    tip.at.view,
                ))?;
            tip.moved = false;
        }
        Ok(())
    }
}

fn join(conn: &Connection, seen: &mut View, cause: &At) -> Result<(), StoreError> {
    for (line, seq) in view(conn, cause.view)? {
        raise(seen, line, seq);
    }
    raise(seen, cause.line, cause.seq);
    Ok(())
}

/// The tips of other lines that a new commit after `own` has seen and its predecessor had not.
pub(super) fn moved(conn: &Connection, own: Option<&At>) -> Result<Vec<Hash>, StoreError> {
    let seen = own.map_or_else(|| Ok(View::new()), |own| view(conn, own.view))?;
    let mut statement =
        conn.prepare_cached("SELECT num, tip_seq, tip_hash FROM replica ORDER BY num")?;
    let mut rows = statement.query([])?;
    let mut moved = Vec::new();
    while let Some(row) = rows.next()? {
        let line: i64 = row.get(0)?;
        let known = seen.binary_search_by_key(&line, |(line, _)| *line);
        let known = known.map_or(0, |place| seen[place].1);
        let tip = row.get::<_, i64>(1)?.unsigned_abs();
        if own.is_none_or(|own| own.line != line) && tip > known {
            moved.push(Hash(row.get(2)?));
        }
    }
    Ok(moved)
}

struct LineOf {
    num: i64,
    replica: ReplicaId,
    first: u64,
    tip: u64,
}

/// What each commit had seen. A desk with one line needs no table for it: whatever has a lower
/// number is in the past.
pub(super) struct PastOf<'c> {
    conn: &'c Connection,
    lines: Vec<LineOf>,
    views: RefCell<HashMap<i64, Rc<View>>>,
    places: RefCell<HashMap<Hash, At>>,
    failed: RefCell<Option<StoreError>>,
}

impl<'c> PastOf<'c> {
    pub(super) fn load(conn: &'c Connection) -> Result<Self, StoreError> {
        let mut statement =
            conn.prepare_cached("SELECT num, id, first, tip_seq FROM replica ORDER BY num")?;
        let lines = statement
            .query_map([], |row| {
                Ok(LineOf {
                    num: row.get(0)?,
                    replica: ReplicaId(row.get(1)?),
                    first: row.get::<_, i64>(2)?.unsigned_abs(),
                    tip: row.get::<_, i64>(3)?.unsigned_abs(),
                })
            })?
            .collect::<Result<_, _>>()?;
        Ok(Self {
            conn,
            lines,
            views: RefCell::default(),
            places: RefCell::default(),
            failed: RefCell::default(),
        })
    }

    /// For commits that are still coming in: how far a line goes is not known yet.
    pub(super) fn growing(conn: &'c Connection) -> Result<Self, StoreError> {
        let mut past = Self::load(conn)?;
        for line in &mut past.lines {
            line.tip = u64::MAX;
        }
        Ok(past)
    }

    pub(super) fn has_line(&self, num: i64) -> bool {
        self.lines.iter().any(|line| line.num == num)
    }

    /// Where a commit stands that is about to be asked for.
    pub(super) fn learn(&self, hash: Hash, at: At) {
        let mut places = self.places.borrow_mut();
        if places.len() >= AT_HAND {
            places.clear();
        }
        places.insert(hash, at);
    }

    /// Whether a dot lies in a commit's causal past. An answer that could not be read is `No`;
    /// `held` tells of it.
    pub(super) fn seen(&self, applied: &Applied, dot: &Dot) -> Seen {
        if self.lines.len() < 2 {
            let commit: &Commit = &applied.commit;
            return (dot.replica == commit.replica && dot.seq < commit.seq).into();
        }
        self.asked(self.seen_by(&applied.hash, dot), Seen::No)
    }

    /// Returns what went wrong while it answered.
    pub(super) fn held(self) -> Result<(), StoreError> {
        self.failed.into_inner().map_or(Ok(()), Err)
    }

    fn asked<T>(&self, answer: Result<T, StoreError>, otherwise: T) -> T {
        answer.unwrap_or_else(|error| {
            self.failed.borrow_mut().get_or_insert(error);
            otherwise
        })
    }

    fn seen_by(&self, hash: &Hash, dot: &Dot) -> Result<Seen, StoreError> {
        let mut holding = Vec::new();
        for line in self.lines.iter().filter(|line| line.replica == dot.replica) {
            if line.first <= dot.seq && dot.seq <= line.tip {
                holding.push(line.num);
            }
        }
        if holding.is_empty() {
            return Ok(Seen::No);
        }
        let own = self.at(hash)?;
        let view = self.view(own.view)?;
        let known = |line: i64| {
            let before = if line == own.line { own.seq - 1 } else { 0 };
            before.max(reach(&view, line)) >= dot.seq
        };
        if let [line] = holding[..] {
            return Ok(known(line).into());
        }
        let mut branches = Vec::new();
        for line in holding.into_iter().filter(|line| known(*line)) {
            let there = self
                .conn
                .prepare_cached("SELECT hash FROM log WHERE replica = ?1 AND seq = ?2")?
                .query_row((line, signed(dot.seq)), |row| row.get(0).map(Hash));
            // In a copy of a part of the log, a branch that is not copied wrote nothing here.
            branches.extend(there.optional()?);
        }
        Ok(if branches.is_empty() {
            Seen::No
        } else {
            Seen::Branches(branches)
        })
    }

    /// How far along a line a commit had seen.
    pub(super) fn reach_of(&self, by: &Hash, line: i64) -> Result<u64, StoreError> {
        let at = self.at(by)?;
        Ok(if at.line == line {
            at.seq - 1
        } else {
            reach(&*self.view(at.view)?, line)
        })
    }

    fn at(&self, hash: &Hash) -> Result<At, StoreError> {
        let missing = || StoreError::Broken(format!("commit {hash} is missing"));
        self.place(hash)?.ok_or_else(missing)
    }

    fn place(&self, hash: &Hash) -> Result<Option<At>, StoreError> {
        if let Some(at) = self.places.borrow().get(hash) {
            return Ok(Some(*at));
        }
        let found = at(self.conn, hash)?;
        if let Some(found) = found {
            self.learn(*hash, found);
        }
        Ok(found)
    }

    fn view(&self, num: i64) -> Result<Rc<View>, StoreError> {
        if let Some(view) = self.views.borrow().get(&num) {
            return Ok(view.clone());
        }
        let found = Rc::new(view(self.conn, num)?);
        let mut views = self.views.borrow_mut();
        if views.len() >= AT_HAND {
            views.clear();
        }
        views.insert(num, found.clone());
        Ok(found)
    }
}

impl Ancestry for PastOf<'_> {
    fn includes(&self, later: &Hash, earlier: &Hash) -> bool {
        let answer = || -> Result<bool, StoreError> {
            let Some(earlier) = self.place(earlier)? else {
                return Ok(false);
            };
            let Some(later) = self.place(later)? else {
                return Ok(false);
            };
            Ok(if later.line == earlier.line {
                later.seq >= earlier.seq
            } else {
                reach(&*self.view(later.view)?, earlier.line) >= earlier.seq
            })
        };
        self.asked(answer(), false)
    }
}

fn reach(view: &View, line: i64) -> u64 {
    view.binary_search_by_key(&line, |(line, _)| *line)
        .map_or(0, |place| view[place].1)
}
