//! Commits on their way to becoming rows: every entity folded in memory, in the order it was
//! first met, then each table written once in the order of its key. Gives the same bytes as
//! projecting commit by commit. Refuses to judge: it folds what counts, and is told what does.

use std::collections::{BTreeMap, HashMap};

use rusqlite::Connection;

use super::heads::{self, Addresses};
use super::lines::{At, PastOf};
use super::log::{self, Entry};
use super::project::{Projected, Rules, readable};
use super::tally::Delta;
use super::{StoreError, apply, compiled, many, names, row};
use crate::domain::kind::Kind;
use crate::ledger::{Applied, Dot, EntityId, Record, Seen};

/// How many records are made ready at once, on every processor.
const AT_ONCE: usize = 2_048;

/// An entity of the log, with the rows of the commits that touched it.
struct Folded {
    id: EntityId,
    record: Record,
    touched: Vec<i64>,
    /// Every id it was given.
    ids: names::Given,
}

/// What the commits so far come to.
#[derive(Default)]
pub(super) struct Folding {
    addresses: Addresses,
    places: HashMap<EntityId, usize>,
    folded: Vec<Folded>,
    counters: BTreeMap<Kind, i64>,
    /// The row of the last commit it was told of, whether that counts or not.
    upto: i64,
}

impl Folding {
    /// Folds the whole log.
    pub(super) fn of(conn: &Connection) -> Result<Self, StoreError> {
        let past = PastOf::load(conn)?;
        let mut folding = Self::default();
        log::for_each(conn, "ORDER BY num", [], &mut |entry| {
            folding.add(&entry, &|applied, dot| past.seen(applied, dot));
            Ok(())
        })?;
        past.held()?;
        Ok(folding)
    }

    /// Adds a commit that counts, after those that it had seen.
    pub(super) fn add(&mut self, entry: &Entry, past: &dyn Fn(&Applied, &Dot) -> Seen) {
        let Entry { num, applied, .. } = entry;
        self.pass(*num);
        self.addresses.learn_hash(applied.hash, *num);
        for id in &applied.commit.entities {
            let place = self.places.get(id).copied().unwrap_or_else(|| {
                self.places.insert(id.clone(), self.folded.len());
                self.folded.push(Folded {
                    id: id.clone(),
                    record: Record::default(),
                    touched: Vec::new(),
                    ids: names::Given::default(),
                });
                self.folded.len() - 1
            });
            let known = &mut self.folded[place];
            if known.touched.last() != Some(num) {
                known.touched.push(*num);
            }
            known.record.apply(id, applied, &|dot| past(applied, dot));
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
    }

    /// Notes that a commit was met, whatever became of it.
    pub(super) fn pass(&mut self, num: i64) {
        self.upto = num;
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

    /// Writes the empty tables.
    pub(super) fn write(self, conn: &Connection) -> Result<(), StoreError> {
        for (kind, highest) in &self.counters {
            apply::count_id(conn, *kind, *highest)?;
        }
        write_touched(conn, &self.folded)?;
        let desk = apply::desk_entity();
        if let Some(place) = self.places.get(&desk) {
            // Found by its entity where what it says cannot be read.
            put_entity(conn, number(*place), &desk)?;
            apply::store_facts(conn, &self.folded[*place].record, apply::By::Others)?;
        }
        names::own(conn, self.folded.iter().map(|it| (&it.id, &it.ids)))?;
        for folded in &self.folded {
            names::keep(conn, &folded.id, &folded.ids, &folded.record)?;
        }
        let rules = compiled::rules(conn)?;
        let mut delta = Delta::default();
        let mut entity = 0;
        for some in self.folded.chunks(AT_ONCE) {
            let ready = many(some, |folded| {
                ready(folded, &self.addresses, rules.as_ref())
            });
            for (folded, ready) in some.iter().zip(ready) {
                entity += 1;
                self.write_one(conn, (entity, folded), ready?, &mut delta)?;
            }
        }
        delta.write(conn)
    }

    fn write_one(
        &self,
        conn: &Connection,
        (entity, folded): (i64, &Folded),
        ready: Ready,
        delta: &mut Delta,
    ) -> Result<(), StoreError> {
        put_entity(conn, entity, &folded.id)?;
        heads::put(conn, entity, &ready.live)?;
        for event in &folded.record.events {
            let num = self.addresses.known(&event.order.hash)?;
            let place = (entity, num, event.dot.op as usize);
            apply::event_row(conn, place, &event.kind, &event.body)?;
        }
        if let Some(row) = ready.row {
            let version = log::signed(folded.touched.len() as u64);
            row::insert_row(conn, entity, version, &row, delta)?;
        }
        Ok(())
    }
}

fn number(place: usize) -> i64 {
    log::signed(place as u64) + 1
}

/// What is written of an entity, made ready by whichever processor is free.
struct Ready {
    live: String,
    row: Option<Projected>,
}

fn ready(
    folded: &Folded,
    addresses: &Addresses,
    rules: Option<&Rules>,
) -> Result<Ready, StoreError> {
    let live = heads::stored(&folded.record, &mut |hash| addresses.known(hash))?;
    let row = rules.and_then(|rules| readable(&folded.id, &folded.record, rules));
    Ok(Ready { live, row })
}

fn put_entity(conn: &Connection, entity: i64, id: &EntityId) -> Result<(), StoreError> {
    conn.prepare_cached("INSERT OR IGNORE INTO entity (num, id) VALUES (?1, ?2)")?
        .execute((entity, id.as_str()))?;
    Ok(())
}

fn write_touched(conn: &Connection, folded: &[Folded]) -> Result<(), StoreError> {
    let mut insert = conn.prepare("INSERT INTO touched (entity, log) VALUES (?1, ?2)")?;
    for (entity, folded) in (1_i64..).zip(folded) {
        for num in &folded.touched {
            insert.execute((entity, num))?;
        }
    }
    Ok(())
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
        entry: &Entry,
        at: At,
    ) -> Result<(), StoreError> {
        if !self.past.has_line(at.line) {
            self.past = PastOf::growing(self.conn)?;
        }
        self.past.learn(entry.applied.hash, at);
        folding.add(entry, &|applied, dot| self.past.seen(applied, dot));
        Ok(())
    }

    /// Returns what went wrong while it answered.
    pub(super) fn held(self) -> Result<(), StoreError> {
        self.past.held()
    }
}
