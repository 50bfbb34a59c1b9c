//! The ops that take a step back, from what the desk is now: over what others put beside it, and as
//! if later steps that were taken back themselves had never been. Refuses to take back what somebody
//! changed since.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::undo::{founding, refused};
use crate::ledger::{self, Dot, EntityId, Hash, Live, Op, Record, Register};
use crate::store::{Entry, Reader};
use crate::workspace::refusal::Refusal;

/// The field that says whether a record is on the desk.
const DELETED: &str = "deleted";

/// The ops that take a commit back, from the present state of its records; where later
/// steps were taken back themselves, as if they had never been.
pub(super) fn take_back(reader: &Reader<'_>, entry: &Entry) -> Result<Vec<Op>, Refusal> {
    let mut ops = taken_back(reader, entry)?;
    for op in &mut ops {
        brings_back(reader, entry, op)?;
    }
    // Two undos of one step are one, so whoever does it again does so over both.
    let twins = reader.twins(entry)?;
    if twins.is_empty() {
        return Ok(ops);
    }
    for op in &mut ops {
        if let Op::Set {
            entity,
            field,
            replaces,
            ..
        } = op
        {
            let record = reader.live(entity)?;
            let written = record.fields.get(field).into_iter();
            let written = written.flat_map(Register::written);
            let of_twin = written.filter(|it| twins.contains(&it.order.hash));
            replaces.extend(of_twin.map(|it| it.dot));
        }
    }
    Ok(ops)
}

/// Two who took one record off the desk have taken it off once: whoever takes either back brings it
/// back, and whoever does that again takes it off again. What the other wrote would stand for ever
/// else, because nobody changes a record that is not there.
fn brings_back(reader: &Reader<'_>, entry: &Entry, op: &mut Op) -> Result<(), Refusal> {
    let Op::Set {
        entity,
        field,
        value,
        replaces,
        beneath,
    } = op
    else {
        return Ok(());
    };
    if field != DELETED {
        return Ok(());
    }
    let stands = match (
        took_off(reader, entry, entity),
        brought_back(reader, entry, entity),
    ) {
        (true, _) if *beneath || !value.is_null() => Value::Null,
        (_, Some(before)) if *beneath || value.is_null() => before,
        _ => return Ok(()),
    };
    *beneath = false;
    let record = reader.live(entity)?;
    *value = stands;
    *replaces = record
        .fields
        .get(&*field)
        .map_or(Vec::new(), Register::dots);
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

/// Whether all that a step did is to take records off the desk that are on it again, because
/// somebody took back what another had done to take them off as well.
pub(super) fn is_back(reader: &Reader<'_>, entry: &Entry) -> Result<bool, Refusal> {
    let mut any = false;
    for op in &entry.applied.commit.ops {
        match op.sets(DELETED) {
            Some((entity, value, _)) if !value.is_null() => {
                let record = reader.live(entity)?;
                let deleted = record.fields.get(DELETED);
                if !deleted.is_some_and(|it| it.live.iter().all(|it| it.value.is_null())) {
                    return Ok(false);
                }
                any = true;
            }
            _ if matches!(op, Op::Set { .. } | Op::Add { .. } | Op::Remove { .. }) => {
                return Ok(false);
            }
            _ => {}
        }
    }
    Ok(any)
}

/// The record that an op brings back to the desk.
pub(super) fn puts_back(op: &Op) -> Option<&EntityId> {
    let (entity, value, _) = op.sets(DELETED)?;
    (value.is_null() && !op.is_beneath()).then_some(entity)
}

fn taken_back(reader: &Reader<'_>, entry: &Entry) -> Result<Vec<Op>, Refusal> {
    if founding(entry) {
        return Err(Refusal::rule(
            "The desk's founding cannot be taken back.",
            "Delete the desk's file instead.",
        ));
    }
    let op_at = |dot: &Dot| reader.op_at(dot).ok().flatten();
    let mut present = BTreeMap::new();
    for entity in &entry.applied.commit.entities {
        present.insert(entity.clone(), reader.folded(entity)?);
    }
    let why = match ledger::undo(&entry.applied, &|entity| present.get(entity), &op_at) {
        Ok(ops) => return Ok(ops),
        Err(why) => why,
    };
    let mut records = BTreeMap::new();
    let mut without = BTreeSet::new();
    for entity in present.keys() {
        let (record, out) = reader.folded_without_undone(entity, &entry.applied.hash)?;
        records.insert(entity.clone(), record);
        without.extend(out);
    }
    ledger::undo(&entry.applied, &|entity| records.get(entity), &op_at)
        .ok()
        .and_then(|ops| {
            let over = |op| over_what_stands(op, &present, &without);
            ops.into_iter().map(over).collect()
        })
        .ok_or_else(|| refused(reader, entry, &why))
}

/// An op as if later steps had never been, made to replace what their undos left. None
/// where something else stands there too.
fn over_what_stands(
    op: Op,
    present: &BTreeMap<EntityId, Record>,
    without: &BTreeSet<Hash>,
) -> Option<Op> {
    match op {
        Op::Set {
            entity,
            field,
            value,
            replaces,
            beneath,
        } => {
            let register = present.get(&entity)?.fields.get(&field)?;
            let known = |it: &&Live| replaces.contains(&it.dot) || without.contains(&it.order.hash);
            let stands = beneath || register.above().all(|it| known(&it));
            let replaces = register.written().filter(known).map(|it| it.dot).collect();
            stands.then_some(Op::Set {
                entity,
                field,
                value,
                replaces,
                beneath,
            })
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
