//! The ops that take a step back, as if it and later steps that were taken back themselves had never
//! been. Refuses to take back what somebody changed since.

use std::collections::BTreeMap;

use serde_json::Value;

use super::undo::{founding, refused};
use crate::ledger::{self, Dot, EntityId, Hash, Op, Record};
use crate::store::{Entry, Reader};
use crate::workspace::look::off_desk::DELETED;
use crate::workspace::refusal::Refusal;

/// The ops that take a commit back, from the present state of its records; where later
/// steps were taken back themselves, as if they had never been.
pub(super) fn take_back(reader: &Reader<'_>, entry: &Entry) -> Result<Vec<Op>, Refusal> {
    let mut ops = taken_back(reader, entry)?;
    for op in &mut ops {
        brings_back(reader, entry, op)?;
    }
    Ok(ops)
}

/// Two who took one record off the desk have taken it off once: whoever takes either back brings it
/// back, and whoever does that again takes it off again. What the other wrote would stand for ever
/// else, because nobody changes a record that is not there.
fn brings_back(reader: &Reader<'_>, entry: &Entry, op: &mut Op) -> Result<(), Refusal> {
    let Op::Back { entity, field, dot } = op else {
        return Ok(());
    };
    if field != DELETED {
        return Ok(());
    }
    let record = reader.live(entity)?;
    let live = record.fields.get(&*field).map(|it| it.live.as_slice());
    let others = live.unwrap_or_default().iter().filter(|it| it.dot != *dot);
    let (back, off): (Vec<_>, Vec<_>) = others.partition(|it| it.value.is_null());
    let value = match brought_back(reader, entry, entity) {
        _ if took_off(reader, entry, entity) && !off.is_empty() => Value::Null,
        Some(before) if !back.is_empty() => before,
        _ => return Ok(()),
    };
    *op = Op::Set {
        entity: entity.clone(),
        field: DELETED.to_owned(),
        value,
        replaces: record.dots(DELETED),
    };
    Ok(())
}

/// What a step wrote of whether a record is on the desk.
fn of_the_desk<'e>(
    entry: &'e Entry,
    record: &'e EntityId,
) -> impl Iterator<Item = (&'e Value, &'e [Dot])> {
    let written = entry.applied.commit.ops.iter();
    let written = written.filter_map(|op| op.sets(DELETED));
    written.filter_map(move |(entity, value, replaces)| {
        (entity == record).then_some((value, replaces))
    })
}

/// What was written at a dot of whether a record is on the desk; nothing where it is.
fn off(reader: &Reader<'_>, dot: &Dot) -> Option<Value> {
    let op = reader.op_at(dot).ok()??;
    let (_, value, _) = op.sets(DELETED)?;
    (!value.is_null()).then(|| value.clone())
}

/// What a step replaced that brought a record back.
fn brought_back(reader: &Reader<'_>, entry: &Entry, record: &EntityId) -> Option<Value> {
    let mut back = of_the_desk(entry, record).filter(|(value, _)| value.is_null());
    back.find_map(|(_, replaces)| replaces.iter().find_map(|dot| off(reader, dot)))
}

/// Whether a step took a record that was there off the desk; it may have been off it before.
fn took_off(reader: &Reader<'_>, entry: &Entry, record: &EntityId) -> bool {
    let mut taken = of_the_desk(entry, record).filter(|(value, _)| !value.is_null());
    taken.any(|(_, replaces)| replaces.iter().all(|dot| off(reader, dot).is_none()))
}

/// The record that an op of an undo brings back to the desk.
pub(super) fn puts_back<'o>(reader: &Reader<'_>, op: &'o Op) -> Option<&'o EntityId> {
    match op {
        Op::Back { entity, field, dot } if field == DELETED => off(reader, dot).map(|_| entity),
        _ => {
            let (entity, value, _) = op.sets(DELETED)?;
            value.is_null().then_some(entity)
        }
    }
}

fn taken_back(reader: &Reader<'_>, entry: &Entry) -> Result<Vec<Op>, Refusal> {
    if founding(entry) {
        return Err(Refusal::rule(
            "The desk's founding cannot be taken back.",
            "Delete the desk's file instead.",
        ));
    }
    let had_seen = |later: &Hash, earlier: &Hash| reader.had_seen(later, earlier).unwrap_or(true);
    let mut present = BTreeMap::new();
    for entity in &entry.applied.commit.entities {
        present.insert(entity.clone(), reader.folded(entity)?);
    }
    let why = match ledger::undo(&entry.applied, &|entity| present.get(entity), &had_seen) {
        Ok(ops) => return Ok(ops),
        Err(why) => why,
    };
    let mut records = BTreeMap::new();
    for entity in present.keys() {
        let record = reader.folded_without_undone(entity, &entry.applied.hash)?;
        records.insert(entity.clone(), record);
    }
    ledger::undo(&entry.applied, &|entity| records.get(entity), &had_seen)
        .ok()
        .and_then(|ops| {
            let over = |op| over_what_stands(reader, op, &present);
            ops.into_iter().map(over).collect()
        })
        .ok_or_else(|| refused(reader, entry, &why))
}

/// An op as if later steps had never been, over what their undos left. None where something else
/// stands there too.
fn over_what_stands(
    reader: &Reader<'_>,
    op: Op,
    present: &BTreeMap<EntityId, Record>,
) -> Option<Op> {
    match op {
        Op::Back { entity, field, dot } => {
            let by = |other: &Dot| (other.replica, other.seq) == (dot.replica, dot.seq);
            let live = &present.get(&entity)?.fields.get(&field)?.live;
            // A version before this one wrote anew what stood before: that is a later change.
            let stands = live.iter().any(|it| by(&it.dot))
                || !matches!(reader.op_at(&dot), Ok(Some(Op::Set { .. })));
            stands.then_some(Op::Back { entity, field, dot })
        }
        Op::Remove {
            entity,
            set,
            elem,
            observed,
        } => {
            let there = present.get(&entity)?.observed(&set, &elem);
            (there.len() == observed.len()).then_some(Op::Remove {
                entity,
                set,
                elem,
                observed: there,
            })
        }
        other => Some(other),
    }
}
