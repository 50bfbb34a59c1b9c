//! One commit into the desk: log row, live values, events, row, duties and
//! counts. Runs inside the caller's transaction; nothing here commits.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension};

use super::heads::{self, Address, Addresses};
use super::lines::{At, PastOf};
use super::log::{self, Entry, signed};
use super::project::{Projected, Rules, project, readable};
use super::row::write_row;
use super::{StoreError, compiled, names, whole};
use crate::domain::kind::Kind;
use crate::ledger::{Applied, EntityId, Event, Op, Record};

/// Adds a commit to the log, at its place. Its chain has been checked or made by the caller, who
/// keeps its bytes as well.
pub(super) fn log_row(
    conn: &Connection,
    (entry, at): (&Entry, &At),
    received: i64,
    size: usize,
) -> Result<i64, StoreError> {
    let applied = &entry.applied;
    let undoes = applied.commit.undoes.as_ref();
    let undoes = undoes.map(|hash| log::num_of(conn, hash)).transpose()?;
    let num = conn
        .prepare_cached(
            "INSERT INTO log (hash, replica, seq, lamport, happened, recorded, received, undoes, size, view)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?
        .insert((
            applied.hash.0,
            at.line,
            signed(at.seq),
            signed(at.lamport),
            entry.happened,
            entry.recorded,
            received,
            undoes.flatten(),
            signed(size as u64),
            at.view,
        ))?;
    Ok(num)
}

/// Who wrote a commit: what we write must be readable, what others wrote is never a reason to
/// refuse it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    Us,
    Others,
}

/// Projects one commit that has just been logged.
pub(super) fn commit(
    conn: &Connection,
    entry: &Entry,
    rules: &mut Option<Rules>,
    by: By,
) -> Result<(), StoreError> {
    let num = entry.num;
    let past = PastOf::load(conn)?;
    let applied = &entry.applied;
    let mut addresses = Addresses::default();
    addresses.learn(
        num,
        Address {
            hash: applied.hash,
            replica: applied.commit.replica,
            seq: applied.commit.seq,
            lamport: applied.lamport,
        },
    );
    let mut records = BTreeMap::new();
    for (entity, id, record) in touched(conn, &mut addresses, entry, &past)? {
        events(conn, entity, num, &id, entry)?;
        records.insert(id, (entity, record));
    }
    past.held()?;
    count_ids(conn, entry)?;
    if let Some((_, record)) = records.get(&desk_entity())
        && store_facts(conn, record, by)?
    {
        // All are judged again by what they are now.
        save_whole(conn, &mut addresses, &records)?;
        *rules = compiled::rules(conn)?;
        if let Some(rules) = rules {
            reproject(conn, rules)?;
        }
    }
    let renamed = match rules {
        Some(rules) => names::learn(conn, (&rules.names, entry), &records)?,
        None => names::learn(conn, (&names::names(conn)?, entry), &records)?,
    };
    let Some(rules) = rules.as_mut() else {
        return save_whole(conn, &mut addresses, &records);
    };
    let renamed = renamed.map(|(names, changed)| {
        rules.names = names;
        changed
    });
    for (id, (entity, record)) in records {
        let told = with_events(conn, entity, &id, &record)?;
        let projected = match by {
            By::Us => project(&id, &told, rules)?,
            By::Others => readable(&id, &told, rules),
        };
        put(conn, &mut addresses, (entity, &record), projected)?;
    }
    if let Some(changed) = renamed.filter(|it| !it.is_empty()) {
        // What names the record by an id that is not shown is read by the one that is.
        project_anew(conn, names::naming(conn, &changed)?, rules)?;
        // The digest follows commits, and no commit changed these.
        conn.execute_batch("DELETE FROM mark; DELETE FROM meta WHERE key = 'own:digest'")?;
    }
    Ok(())
}

/// Writes the row of a record, if it has one, and its live values beside it.
fn put(
    conn: &Connection,
    addresses: &mut Addresses,
    (entity, record): (i64, &Record),
    projected: Option<Projected>,
) -> Result<(), StoreError> {
    let row = projected.as_ref().map(|it| it.body.as_str());
    heads::save(conn, addresses, entity, (record, row))?;
    write_row(conn, entity, projected)
}

/// Keeps the live values of records that have no row, or not yet the one that they will have.
fn save_whole(
    conn: &Connection,
    addresses: &mut Addresses,
    records: &BTreeMap<EntityId, (i64, Record)>,
) -> Result<(), StoreError> {
    for (entity, record) in records.values() {
        heads::save(conn, addresses, *entity, (record, None))?;
    }
    Ok(())
}

/// The records that a commit touched, with it.
fn touched(
    conn: &Connection,
    addresses: &mut Addresses,
    entry: &Entry,
    past: &PastOf<'_>,
) -> Result<Vec<(i64, EntityId, Record)>, StoreError> {
    let applied = &entry.applied;
    let mut touched = Vec::with_capacity(applied.commit.entities.len());
    // A desk names each once; what others wrote may not.
    let mut met = BTreeSet::new();
    for id in applied.commit.entities.iter().filter(|it| met.insert(*it)) {
        let entity = entity_num(conn, id)?;
        conn.prepare_cached("INSERT OR IGNORE INTO touched (entity, log) VALUES (?1, ?2)")?
            .execute((entity, entry.num))?;
        touched.push((entity, id.clone(), heads::load(conn, addresses, entity)?));
    }
    let mut whole = taken_back(conn, &touched, applied)?;
    for (_, id, record) in &mut touched {
        match whole.remove(id) {
            Some(whole) => {
                *record = whole;
                record.events.clear();
            }
            None => record.apply(id, applied, &|dot| past.seen(applied, dot)),
        }
    }
    Ok(touched)
}

/// Those of a commit's records in which something was taken back, by it or before: what stands in
/// them follows from all that was ever written.
fn taken_back(
    conn: &Connection,
    kept: &[(i64, EntityId, Record)],
    applied: &Applied,
) -> Result<whole::Records, StoreError> {
    let ops = applied.commit.ops.iter();
    let back = ops.filter(|op| matches!(op, Op::Back { .. }));
    let back: BTreeSet<_> = back.filter_map(Op::entity).collect();
    let of = kept
        .iter()
        .filter(|(_, id, record)| record.is_taken_back() || back.contains(id));
    let of: Vec<_> = of.map(|(entity, id, _)| (*entity, id.clone())).collect();
    whole::records(conn, &of)
}

/// Compiles the desk's own facts. Where others wrote what cannot be read, the latest state that
/// can governs: the same whatever the order of arrival.
pub(super) fn store_facts(conn: &Connection, record: &Record, by: By) -> Result<bool, StoreError> {
    match compiled::store(conn, record) {
        Err(StoreError::Broken(_)) if by == By::Others => match last_readable(conn)? {
            Some(record) => compiled::store(conn, &record),
            None => Ok(false),
        },
        stored => stored,
    }
}

/// The desk's own record after the last of its commits, in the ledger's order, with which it can
/// be read.
fn last_readable(conn: &Connection) -> Result<Option<Record>, StoreError> {
    let desk = desk_entity();
    let entries = log::of_entity(conn, entity_num(conn, &desk)?)?;
    let past = PastOf::load(conn)?;
    let mut record = Record::default();
    let mut last = None;
    for entry in &entries {
        let applied = &entry.applied;
        record.apply(&desk, applied, &|dot| past.seen(applied, dot));
        if compiled::read(conn, &record).is_ok() {
            last = Some(record.clone());
        }
    }
    past.held()?;
    Ok(last)
}

/// The entity that carries the desk's own facts.
pub fn desk_entity() -> EntityId {
    crate::ledger::named(Kind::Desk.word(), "desk")
}

/// An entity that the desk has met.
pub(super) fn entity_known(conn: &Connection, id: &EntityId) -> Result<Option<i64>, StoreError> {
    Ok(conn
        .prepare_cached("SELECT num FROM entity WHERE id = ?1")?
        .query_row([id.as_str()], |row| row.get(0))
        .optional()?)
}

pub(super) fn entity_num(conn: &Connection, id: &EntityId) -> Result<i64, StoreError> {
    match entity_known(conn, id)? {
        Some(num) => Ok(num),
        None => Ok(conn
            .prepare_cached("INSERT INTO entity (id) VALUES (?1)")?
            .insert([id.as_str()])?),
    }
}

/// Keeps the events a commit tells of this entity, and hides what it retracts. That may hide an event
/// or, as an undo of an undo, show it again: the fold knows, so they are written anew then.
fn events(
    conn: &Connection,
    entity: i64,
    num: i64,
    id: &EntityId,
    entry: &Entry,
) -> Result<(), StoreError> {
    let ops = &entry.applied.commit.ops;
    let mut theirs = ops.iter().filter(|op| op.entity() == Some(id));
    if theirs.any(|op| matches!(op, Op::Retract { .. })) {
        return rewrite_events(conn, entity, id);
    }
    for (index, op) in ops.iter().enumerate() {
        if let Op::Event {
            entity: of,
            kind,
            body,
        } = op
            && of == id
        {
            event_row(conn, (entity, num, index), kind, body)?;
        }
    }
    Ok(())
}

pub(super) fn event_row(
    conn: &Connection,
    (entity, num, index): (i64, i64, usize),
    kind: &str,
    body: &serde_json::Value,
) -> Result<(), StoreError> {
    conn.prepare_cached(
        "INSERT OR REPLACE INTO event (entity, log, op, kind, body) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute((entity, num, signed(index as u64), kind, body.to_string()))?;
    Ok(())
}

fn rewrite_events(conn: &Connection, entity: i64, id: &EntityId) -> Result<(), StoreError> {
    let folded = fold(conn, entity, id)?;
    put_events(conn, entity, &folded.events, &|event| {
        log::placed(conn, &event.order.hash)
    })
}

/// Leaves an entity the events that stand; `row` finds where each is in the log.
pub(super) fn put_events(
    conn: &Connection,
    entity: i64,
    events: &[Event],
    row: &dyn Fn(&Event) -> Result<i64, StoreError>,
) -> Result<(), StoreError> {
    conn.prepare_cached("DELETE FROM event WHERE entity = ?1")?
        .execute([entity])?;
    for event in events {
        let place = (entity, row(event)?, event.dot.op as usize);
        event_row(conn, place, &event.kind, &event.body)?;
    }
    Ok(())
}

/// The whole truth about an entity, from all of its commits.
pub(super) fn fold(conn: &Connection, entity: i64, id: &EntityId) -> Result<Record, StoreError> {
    let records = whole::records(conn, &[(entity, id.clone())])?;
    Ok(records.into_values().next().unwrap_or_default())
}

/// A record with its slips, which are events and part of its row; others than of milestones and
/// releases have none.
fn with_events<'r>(
    conn: &Connection,
    entity: i64,
    id: &EntityId,
    record: &'r Record,
) -> Result<Cow<'r, Record>, StoreError> {
    let slips: bool = conn
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM event WHERE entity = ?1 AND kind = 'slip')")?
        .query_row([entity], |row| row.get(0))?;
    Ok(if slips {
        Cow::Owned(fold(conn, entity, id)?)
    } else {
        Cow::Borrowed(record)
    })
}

fn count_ids(conn: &Connection, entry: &Entry) -> Result<(), StoreError> {
    for (kind, number) in entry.applied.commit.ops.iter().filter_map(numbered) {
        count_id(conn, kind, number)?;
    }
    Ok(())
}

/// Numbers once given are never given again, not even after an undo.
pub(super) fn count_id(conn: &Connection, kind: Kind, number: i64) -> Result<(), StoreError> {
    conn.prepare_cached(
        "INSERT INTO counter (kind, next) VALUES (?1, ?2)
         ON CONFLICT (kind) DO UPDATE SET next = max(next, excluded.next)",
    )?
    .execute((kind.code(), number + 1))?;
    Ok(())
}

/// Whether a text is an id as a desk gives it to a record of a kind: letter, number, and the
/// letters of the desk, if it has any.
pub(super) fn is_id(kind: Kind, text: &str) -> bool {
    let number = kind
        .letter()
        .and_then(|letter| text.strip_prefix(letter)?.strip_prefix('-'));
    let Some(number) = number else { return false };
    let suffix = number.trim_start_matches(|it: char| it.is_ascii_digit());
    let digits = number.len() - suffix.len();
    (1..=9).contains(&digits)
        && suffix.len() <= 8
        && suffix.bytes().all(|it| it.is_ascii_lowercase())
}

/// The highest number that an id is counted with.
const MOST: i64 = 999_999_999;

/// The kind and number of an id that an op gives, whatever letters stand behind it.
pub(super) fn numbered(op: &Op) -> Option<(Kind, i64)> {
    let Op::Set { field, value, .. } = op else {
        return None;
    };
    if field != "id" {
        return None;
    }
    let (letter, number) = value.as_str()?.split_once('-')?;
    let kind = Kind::from_letter(letter.chars().next()?)?;
    let digits = number.split(|it: char| !it.is_ascii_digit()).next()?;
    // No desk counts that far: what others wrote must not make the next number overflow.
    let number = digits.parse().ok().filter(|it| *it <= MOST)?;
    Some((kind, number))
}

/// Judges every record again, after the profile or the calendar changed.
fn reproject(conn: &Connection, rules: &Rules) -> Result<(), StoreError> {
    let mut known =
        conn.prepare("SELECT h.entity, e.id FROM head h JOIN entity e ON e.num = h.entity")?;
    let known: Vec<(i64, EntityId)> = known
        .query_map([], |row| Ok((row.get(0)?, EntityId(row.get(1)?))))?
        .collect::<Result<_, _>>()?;
    project_anew(conn, known, rules)
}

fn project_anew(
    conn: &Connection,
    entities: Vec<(i64, EntityId)>,
    rules: &Rules,
) -> Result<(), StoreError> {
    let mut addresses = Addresses::default();
    for (entity, id) in entities {
        let record = heads::load(conn, &mut addresses, entity)?;
        let told = with_events(conn, entity, &id, &record)?;
        let projected = readable(&id, &told, rules);
        put(conn, &mut addresses, (entity, &record), projected)?;
    }
    Ok(())
}
