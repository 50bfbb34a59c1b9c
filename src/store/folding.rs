//! Commits on their way to becoming rows: every entity folded once, and its row written when all
//! are. Gives the same bytes as projecting commit by commit. Refuses to judge: it folds what counts,
//! and is told what does; and to hold more records than are worked on: the others lie as live
//! values in their table until they are needed.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use rusqlite::Connection;

use super::heads;
use super::lines::{At, PastOf};
use super::log::{self, Entry};
use super::met::Met;
use super::project::{Projected, Rules, readable};
use super::tally::Delta;
use super::{StoreError, ahead, apply, compiled, names, rebuild, row};
use crate::domain::kind::Kind;
use crate::ledger::{Applied, Commit, Dot, EntityId, Event, Op, Record, Seen};

/// How many records are made ready at once.
const AT_ONCE: usize = 256;
/// How many are read once more at once, where that is needed.
const TOLD_AT_ONCE: usize = 4_096;
/// How many records are held in memory.
const HELD: usize = 128;

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
    /// What happened to it is part of its row, or was taken back: then it is told at the end.
    told: bool,
    /// Something in a field of it was taken back: then what stands is found at the end.
    back: bool,
}

/// What nobody needs any more once a commit is folded: its ops without their values, and the records
/// that were left to their table.
#[allow(clippy::vec_box, reason = "they lie in their boxes already")]
pub(super) type Spent = (Option<Commit>, Vec<Box<Record>>);

/// What the commits so far come to.
#[derive(Default)]
pub(super) struct Folding {
    met: Met,
    places: HashMap<EntityId, usize>,
    folded: Vec<Folded>,
    /// Those that have their record in memory.
    here: Vec<usize>,
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
    ) -> Result<Spent, StoreError> {
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
        let mut ops = std::mem::take(&mut applied.commit.ops);
        for (index, op) in ops.iter_mut().enumerate() {
            let Some(place) = op.entity().and_then(|id| self.places.get(id)).copied() else {
                continue;
            };
            match op {
                Op::Event { kind, body, .. } => {
                    self.folded[place].told |= kind == "slip";
                    apply::event_row(conn, (number(place), num, index), kind, body)?;
                }
                Op::Retract { .. } => self.folded[place].told = true,
                Op::Back { .. } => self.folded[place].back = true,
                _ => self
                    .record(conn, place)?
                    .follow(&applied, (index, op), &|dot| past(&applied, dot)),
            }
        }
        applied.commit.ops = ops;
        Ok((Some(applied.commit), self.make_room(conn)?))
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
            told: false,
            back: false,
        });
        self.here.push(place);
        conn.prepare_cached("INSERT INTO entity (num, id) VALUES (?1, ?2)")?
            .execute((number(place), id.as_str()))?;
        Ok(place)
    }

    /// A record as it stands.
    fn record(&mut self, conn: &Connection, place: usize) -> Result<&mut Record, StoreError> {
        let known = &mut self.folded[place].record;
        if known.is_none() {
            self.here.push(place);
        }
        match known {
            Some(record) => Ok(record),
            none => Ok(none.insert(Box::new(self.met.read(&kept(conn, place)?)?))),
        }
    }

    /// Leaves to their table the records that were not worked on for longest, and returns them.
    #[allow(clippy::vec_box, reason = "they lie in their boxes already")]
    fn make_room(&mut self, conn: &Connection) -> Result<Vec<Box<Record>>, StoreError> {
        let mut left = Vec::new();
        if self.here.len() <= held() {
            return Ok(left);
        }
        let stay = held() / 2;
        let last = |place: &usize| std::cmp::Reverse(self.folded[*place].last);
        self.here.sort_unstable_by_key(last);
        let mut leave = self.here.split_off(stay);
        leave.sort_unstable();
        for place in leave {
            if let Some(record) = self.folded[place].record.take() {
                heads::put(conn, number(place), &self.met.stored((&record, None))?)?;
                left.push(record);
            }
        }
        Ok(left)
    }

    /// Whether it was told of all that is in the log.
    pub(super) fn is_whole(&self, conn: &Connection) -> Result<bool, StoreError> {
        Ok(conn.query_row(
            "SELECT coalesce(max(num), 0) = ?1 FROM log",
            [self.upto],
            |row| row.get(0),
        )?)
    }

    /// Writes what no commit can change any more.
    pub(super) fn end(mut self, conn: &Connection) -> Result<(), StoreError> {
        for (kind, highest) in &self.counters {
            apply::count_id(conn, *kind, *highest)?;
        }
        let told = self.told(conn)?;
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
                self.make_room(conn)?;
            }
        }
        self.places = HashMap::new();
        self.rows(conn, told)
    }

    /// What happened to the entities where it matters, and what stands of those where something was
    /// taken back, from one more look at their commits: now that all are there it is known what each
    /// had seen.
    fn told(&mut self, conn: &Connection) -> Result<HashMap<usize, Vec<Event>>, StoreError> {
        let all = (0..).zip(&self.folded);
        let all: Vec<usize> = all
            .filter(|it| it.1.told || it.1.back)
            .map(|it| it.0)
            .collect();
        let mut events = HashMap::new();
        let past = PastOf::load(conn)?;
        for some in all.chunks(TOLD_AT_ONCE) {
            for (place, mut record) in self.again(conn, &past, some)? {
                record.settle();
                let known = &self.folded[place];
                if known.told {
                    let row = &|event: &Event| self.met.row(&event.dot, &event.order.hash);
                    apply::put_events(conn, number(place), &record.events, row)?;
                    events.insert(place, std::mem::take(&mut record.events));
                }
                if known.back {
                    record.slim();
                    heads::put(conn, number(place), &self.met.stored((&record, None))?)?;
                    self.folded[place].record = None;
                    self.here.retain(|it| *it != place);
                }
            }
        }
        past.held()?;
        Ok(events)
    }

    /// Some entities from all that was ever done to them, as far as it is asked for.
    fn again(
        &self,
        conn: &Connection,
        past: &PastOf<'_>,
        places: &[usize],
    ) -> Result<HashMap<usize, Record>, StoreError> {
        let mut told: HashMap<_, _> = places.iter().map(|it| (*it, Record::default())).collect();
        let entities = places.iter().copied().map(number);
        log::for_each_of(conn, entities, &mut |entry| {
            let applied = &entry.applied;
            for (index, op) in applied.commit.ops.iter().enumerate() {
                let Some(&place) = op.entity().and_then(|id| self.places.get(id)) else {
                    continue;
                };
                let Some(record) = told.get_mut(&place) else {
                    continue;
                };
                let past = |dot: &Dot| past.seen(applied, dot);
                if self.folded[place].back {
                    record.add_op(applied, index, &past);
                } else {
                    record.happened(applied, index, &past);
                }
            }
            Ok(())
        })?;
        Ok(told)
    }

    fn rows(
        self,
        conn: &Connection,
        mut told: HashMap<usize, Vec<Event>>,
    ) -> Result<(), StoreError> {
        let Self { met, folded, .. } = self;
        let rules = compiled::rules(conn)?;
        let mut delta = Delta::default();
        let mut folded = folded.into_iter().enumerate();
        let next = || {
            let some = folded.by_ref().take(AT_ONCE).map(|(place, folded)| {
                let events = told.remove(&place).unwrap_or_default();
                Known::of(conn, (place, folded), events)
            });
            let some: Result<Vec<Known>, StoreError> = some.collect();
            // What takes less room afterwards would leave the rest of its pages empty.
            if let Ok([first, .., last]) = some.as_deref() {
                heads::clear(conn, (first.entity, last.entity))?;
            }
            some
        };
        let ready = |known: &Known| ready(known, &met, rules.as_ref());
        ahead(next, ready, |known, ready: Result<Ready, StoreError>| {
            let ready = ready?;
            heads::put(conn, known.entity, &ready.live)?;
            if let Some(row) = &ready.row {
                let version = log::signed(known.touched);
                row::insert_row(conn, known.entity, version, row, &mut delta)?;
            }
            Ok((known, ready))
        })?;
        delta.write(conn)
    }
}

fn number(place: usize) -> i64 {
    log::signed(place as u64) + 1
}

/// The live values of a record that was left to their table.
fn kept(conn: &Connection, place: usize) -> Result<String, StoreError> {
    let missing = || StoreError::Broken(format!("the live values of entity {}", number(place)));
    heads::kept(conn, number(place))?.ok_or_else(missing)
}

/// An entity with all that its rows are made of.
struct Known {
    entity: i64,
    id: EntityId,
    touched: u64,
    record: Held,
    events: Vec<Event>,
}

enum Held {
    Here(Box<Record>),
    /// Its live values, as they are kept.
    Kept(String),
}

impl Known {
    fn of(
        conn: &Connection,
        (place, folded): (usize, Folded),
        events: Vec<Event>,
    ) -> Result<Self, StoreError> {
        let record = match folded.record {
            Some(record) => Held::Here(record),
            None => Held::Kept(kept(conn, place)?),
        };
        Ok(Self {
            entity: number(place),
            id: folded.id,
            touched: folded.touched,
            record,
            events,
        })
    }
}

/// What is written of an entity, made ready by whichever processor is free.
struct Ready {
    /// Its live values, as they are kept beside its row.
    live: String,
    row: Option<Projected>,
}

fn ready(known: &Known, met: &Met, rules: Option<&Rules>) -> Result<Ready, StoreError> {
    let mut record = match &known.record {
        Held::Here(record) => Cow::Borrowed(&**record),
        Held::Kept(live) => Cow::Owned(met.read(live)?),
    };
    if !known.events.is_empty() {
        record.to_mut().events.clone_from(&known.events);
    }
    let row = rules.and_then(|rules| readable(&known.id, &record, rules));
    let said = row.as_ref().map(|row| row.body.as_str());
    let live = met.stored((&record, said))?;
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
    ) -> Result<Spent, StoreError> {
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
