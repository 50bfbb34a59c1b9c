//! Commits on their way to becoming rows: every entity folded once, each row written when no more
//! can change it. Gives the same bytes as projecting commit by commit. Refuses to judge: it folds
//! what counts, and is told what does; and to hold more than the records that are worked on.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use rusqlite::Connection;

use super::heads;
use super::lines::{At, PastOf};
use super::log::{self, Entry};
use super::met::Met;
use super::project::{Projected, Rules, readable};
use super::tally::Delta;
use super::{Begun, StoreError, apply, begin, compiled, many, names, rebuild, row};
use crate::domain::kind::Kind;
use crate::ledger::{Applied, Dot, EntityId, Op, Record, Seen};

/// How many records are made ready at once.
const AT_ONCE: usize = 256;
/// How many records are held in memory.
const HELD: usize = 512;

#[cfg(not(test))]
const fn held() -> usize {
    HELD
}

/// Tests have few records.
#[cfg(test)]
fn held() -> usize {
    super::trial::held().unwrap_or(HELD)
}

/// An entity of the log.
struct Folded {
    id: EntityId,
    /// As it stands; none while its live values are in their table alone.
    record: Option<Box<Record>>,
    /// How many commits touched it, and the last of them.
    touched: u64,
    last: i64,
    /// Every id it was given.
    ids: names::Given,
    /// A milestone of it slipped; something that happened to it was taken back.
    slipped: bool,
    retracted: bool,
}

/// What the commits so far come to.
#[derive(Default)]
pub(super) struct Folding {
    met: Met,
    places: HashMap<EntityId, usize>,
    folded: Vec<Folded>,
    /// How many have their record in memory.
    here: usize,
    counters: BTreeMap<Kind, i64>,
    /// The row of the last commit it was told of, whether that counts or not.
    upto: i64,
}

impl Folding {
    /// Throws the projection away and begins anew.
    pub(super) fn begin(conn: &Connection) -> Result<Self, StoreError> {
        rebuild::clear(conn)?;
        Ok(Self::default())
    }

    /// Folds the whole log; nothing is projected yet.
    pub(super) fn of(conn: &Connection) -> Result<Self, StoreError> {
        let past = PastOf::load(conn)?;
        let mut folding = Self::default();
        log::for_each(conn, "ORDER BY num", [], &mut |entry| {
            folding.add(conn, entry, &|applied, dot| past.seen(applied, dot))
        })?;
        past.held()?;
        Ok(folding)
    }

    /// Adds a commit that counts, after those that it had seen.
    fn add(
        &mut self,
        conn: &Connection,
        entry: Entry,
        past: &dyn Fn(&Applied, &Dot) -> Seen,
    ) -> Result<(), StoreError> {
        let Entry {
            num, mut applied, ..
        } = entry;
        self.pass(num);
        self.met.learn(num, &applied);
        for id in &applied.commit.entities {
            let place = self.place(conn, id)?;
            let known = &mut self.folded[place];
            if known.last != num {
                known.last = num;
                known.touched += 1;
                conn.prepare_cached("INSERT INTO touched (entity, log) VALUES (?1, ?2)")?
                    .execute((number(place), num))?;
            }
        }
        for (id, given) in names::gives(&applied.commit) {
            if let Some(place) = self.places.get(id) {
                names::add(&mut self.folded[*place].ids, &given, applied.order());
            }
        }
        for (kind, number) in applied.commit.ops.iter().filter_map(apply::numbered) {
            let highest = self.counters.entry(kind).or_insert(number);
            *highest = number.max(*highest);
        }
        let ops = std::mem::take(&mut applied.commit.ops);
        for (index, op) in ops.into_iter().enumerate() {
            let Some(place) = op.entity().and_then(|id| self.places.get(id)).copied() else {
                continue;
            };
            match &op {
                Op::Event { kind, body, .. } => {
                    self.folded[place].slipped |= kind == "slip";
                    apply::event_row(conn, (number(place), num, index), kind, body)?;
                }
                Op::Retract { .. } => self.folded[place].retracted = true,
                _ => self
                    .record(conn, place)?
                    .follow(&applied, (index, op), &|dot| past(&applied, dot)),
            }
        }
        self.make_room(conn)
    }

    /// Notes that a commit was met, whatever became of it.
    pub(super) fn pass(&mut self, num: i64) {
        self.upto = num;
    }

    fn place(&mut self, conn: &Connection, id: &EntityId) -> Result<usize, StoreError> {
        if let Some(place) = self.places.get(id) {
            return Ok(*place);
        }
        let place = self.folded.len();
        self.places.insert(id.clone(), place);
        self.folded.push(Folded {
            id: id.clone(),
            record: Some(Box::default()),
            touched: 0,
            last: 0,
            ids: names::Given::default(),
            slipped: false,
            retracted: false,
        });
        self.here += 1;
        conn.prepare_cached("INSERT INTO entity (num, id) VALUES (?1, ?2)")?
            .execute((number(place), id.as_str()))?;
        Ok(place)
    }

    /// A record as it stands.
    fn record(&mut self, conn: &Connection, place: usize) -> Result<&mut Record, StoreError> {
        let known = &mut self.folded[place].record;
        if known.is_none() {
            self.here += 1;
        }
        match known {
            Some(record) => Ok(record),
            none => Ok(none.insert(Box::new(self.met.read(&kept(conn, place)?)?))),
        }
    }

    /// Leaves to their table the records that were not worked on for longest.
    fn make_room(&mut self, conn: &Connection) -> Result<(), StoreError> {
        if self.here <= held() {
            return Ok(());
        }
        let here = (0..).zip(&self.folded);
        let here = here.filter(|(_, it)| it.record.is_some());
        let mut here: Vec<(i64, usize)> = here.map(|(place, it)| (it.last, place)).collect();
        let half = here.len() / 2;
        here.select_nth_unstable(half);
        here.truncate(half);
        here.sort_unstable_by_key(|(_, place)| *place);
        self.here -= here.len();
        for some in here.chunks(AT_ONCE) {
            let left = some.iter().map(|(_, place)| {
                let record = self.folded[*place].record.take().unwrap_or_default();
                (*place, record)
            });
            let left: Vec<_> = left.collect();
            let stored = many(&left, |(_, record)| self.met.stored(record));
            for ((place, _), live) in left.into_iter().zip(stored) {
                heads::put(conn, number(place), &live?)?;
            }
        }
        Ok(())
    }

    /// Whether it was told of all that is in the log, and no line grew from another: what had been
    /// seen of one branch could not be told before the other came.
    pub(super) fn is_whole(&self, conn: &Connection) -> Result<bool, StoreError> {
        Ok(conn.query_row(
            "SELECT coalesce(max(num), 0) = ?1
             AND NOT EXISTS (SELECT 1 FROM replica WHERE parent IS NOT NULL) FROM log",
            [self.upto],
            |row| row.get(0),
        )?)
    }

    /// Writes what no commit can change any more.
    pub(super) fn end(mut self, conn: &Connection) -> Result<(), StoreError> {
        for (kind, highest) in &self.counters {
            apply::count_id(conn, *kind, *highest)?;
        }
        if let Some(place) = self.places.get(&apply::desk_entity()).copied() {
            let desk = (*self.record(conn, place)?).clone();
            apply::store_facts(conn, &desk, apply::By::Others)?;
        }
        names::own(conn, self.folded.iter().map(|it| (&it.id, &it.ids)))?;
        for place in 0..self.folded.len() {
            if self.folded[place].ids.are_several() {
                let record = self.record(conn, place)?.clone();
                let Folded { id, ids, .. } = &self.folded[place];
                names::keep(conn, id, ids, &record)?;
            }
        }
        self.places = HashMap::new();
        self.rows(conn)
    }

    fn rows(self, conn: &Connection) -> Result<(), StoreError> {
        let Self { met, folded, .. } = self;
        let (met, rules) = (Arc::new(met), Arc::new(compiled::rules(conn)?));
        let mut delta = Delta::default();
        let mut folded = folded.into_iter().enumerate();
        let mut before: Option<Begun<Known, _>> = None;
        loop {
            let mut some = Vec::with_capacity(AT_ONCE);
            for (place, folded) in folded.by_ref().take(AT_ONCE) {
                some.push(Known::of(conn, (place, folded))?);
            }
            let next = (!some.is_empty()).then(|| {
                let (met, rules) = (met.clone(), rules.clone());
                begin(some, move |known| ready(known, &met, (*rules).as_ref()))
            });
            for (known, ready) in before.map(Begun::end).into_iter().flatten() {
                let Ready { live, row } = ready?;
                if let Some(live) = live {
                    heads::put(conn, known.entity, &live)?;
                }
                if let Some(row) = row {
                    let version = log::signed(known.touched);
                    row::insert_row(conn, known.entity, version, &row, &mut delta)?;
                }
            }
            if next.is_none() {
                return delta.write(conn);
            }
            before = next;
        }
    }
}

fn number(place: usize) -> i64 {
    log::signed(place as u64) + 1
}

/// The live values of a record that was left to their table.
fn kept(conn: &Connection, place: usize) -> Result<String, StoreError> {
    Ok(conn
        .prepare_cached("SELECT live FROM head WHERE entity = ?1")?
        .query_row([number(place)], |row| row.get(0))?)
}

/// An entity with all that its rows are made of.
struct Known {
    entity: i64,
    id: EntityId,
    touched: u64,
    record: Held,
}

enum Held {
    Here(Box<Record>),
    /// Its live values, as they are kept.
    Kept(String),
}

impl Known {
    fn of(conn: &Connection, (place, folded): (usize, Folded)) -> Result<Self, StoreError> {
        let entity = number(place);
        if folded.retracted {
            apply::rewrite_events(conn, entity, &folded.id)?;
        }
        let record = match folded.record {
            // Slips are events and part of a row.
            _ if folded.slipped => Held::Here(Box::new(apply::fold(conn, entity, &folded.id)?)),
            Some(record) => Held::Here(record),
            None => Held::Kept(kept(conn, place)?),
        };
        Ok(Self {
            entity,
            id: folded.id,
            touched: folded.touched,
            record,
        })
    }
}

/// What is written of an entity, made ready by whichever processor is free.
struct Ready {
    /// Its live values, where they are not kept yet.
    live: Option<String>,
    row: Option<Projected>,
}

fn ready(known: &Known, met: &Met, rules: Option<&Rules>) -> Result<Ready, StoreError> {
    let read;
    let (record, live) = match &known.record {
        Held::Here(record) => (&**record, Some(met.stored(record)?)),
        Held::Kept(live) => {
            read = met.read(live)?;
            (&read, None)
        }
    };
    let row = rules.and_then(|rules| readable(&known.id, record, rules));
    Ok(Ready { live, row })
}

/// The folding of commits as they are received, one transaction after the other.
pub(super) struct Growing<'c> {
    conn: &'c Connection,
    past: PastOf<'c>,
}

impl<'c> Growing<'c> {
    pub(super) fn new(conn: &'c Connection) -> Result<Self, StoreError> {
        Ok(Self {
            conn,
            past: PastOf::growing(conn)?,
        })
    }

    /// Adds a commit that counts, at its place.
    pub(super) fn add(
        &mut self,
        folding: &mut Folding,
        entry: Entry,
        at: At,
    ) -> Result<(), StoreError> {
        if !self.past.has_line(at.line) {
            self.past = PastOf::growing(self.conn)?;
        }
        self.past.learn(entry.applied.hash, at);
        let past = &self.past;
        folding.add(self.conn, entry, &|applied, dot| past.seen(applied, dot))
    }

    /// Returns what went wrong while it answered.
    pub(super) fn held(self) -> Result<(), StoreError> {
        self.past.held()
    }
}
