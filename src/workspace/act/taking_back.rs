//! The ops that take a step back, as if it and later steps that were taken back themselves had never
//! been. Refuses to take back what somebody changed since.

use serde_json::Value;

use super::undo::{founding, made, original, refused};
use crate::ledger::{self, Applied, Dot, Draft, EntityId, Hash, Header, Op, Record, Seen};
use crate::store::{Entry, Reader, Records};
use crate::workspace::look::off_desk::DELETED;
use crate::workspace::refusal::Refusal;

/// The ops that take a commit back, from the present state of its records; where later
/// steps were taken back themselves, as if they had never been.
pub(super) fn take_back(reader: &Reader<'_>, entry: &Entry) -> Result<Vec<Op>, Refusal> {
    let mut ops = taken_back(reader, entry)?;
    for at in 0..ops.len() {
        brings_back(reader, entry, &mut ops[at])?;
        takes_off_again(reader, &mut ops, at)?;
    }
    let unmade = entry.applied.commit.ops.iter().filter(|op| unmakes(op));
    for entity in unmade.filter_map(Op::entity) {
        ops.extend(made_again(reader, entry, entity)?);
    }
    Ok(ops)
}

/// Whether an op took a record off the desk because a step that made it was taken back.
fn unmakes(op: &Op) -> bool {
    let off = op.sets(DELETED);
    off.is_some_and(|(_, value, _)| value["unmakes"].is_array())
}

/// A record that a step had made which was taken back, and is done again: others who made it too may
/// have taken that back since.
fn made_again(reader: &Reader<'_>, undo: &Entry, entity: &EntityId) -> Result<Option<Op>, Refusal> {
    let record = reader.live(entity)?;
    let live = record.fields.get(DELETED).map(|it| it.live.as_slice());
    let live = live.unwrap_or_default().iter();
    let unmade: Vec<_> = live.filter(|it| it.value["unmakes"].is_array()).collect();
    let step = original(reader, undo)?.applied.hash.to_string();
    let others = unmade
        .iter()
        .filter_map(|it| it.value["unmakes"].as_array());
    let mut others: Vec<Value> = others.flatten().cloned().collect();
    let all = others.len();
    others.retain(|it| it.as_str() != Some(&*step));
    if others.len() == all {
        return Ok(None);
    }
    // Who brings it back does so whoever else took it off, unless the step itself did.
    let (value, replaces) = if others.is_empty() {
        let before = of_the_desk(undo, entity).flat_map(|(_, replaces)| replaces);
        let mut before = before.filter_map(|dot| off(reader, dot));
        let own = before.find(|value| !value["unmakes"].is_array());
        (own.unwrap_or_default(), record.dots(DELETED))
    } else {
        let covers = record.covered(&[DELETED]);
        let value = serde_json::json!({"covers": covers, "unmakes": others});
        (value, unmade.iter().map(|it| it.dot).collect())
    };
    Ok(Some(Op::Set {
        entity: entity.clone(),
        field: DELETED.to_owned(),
        value,
        replaces,
    }))
}

/// Who takes a record off the desk again knows what was changed on it since.
fn takes_off_again(reader: &Reader<'_>, ops: &mut [Op], at: usize) -> Result<(), Refusal> {
    let Op::Back { entity, field, dot } = &ops[at] else {
        return Ok(());
    };
    let Some(Op::Back { dot: first, .. }) = reader.op_at(dot)? else {
        return Ok(());
    };
    let Some(mut value) = off(reader, &first).filter(|_| field == DELETED) else {
        return Ok(());
    };
    let covers = Value::from(then(reader, entity, ops)?.covered(&[DELETED]));
    if value["covers"] != covers {
        value["covers"] = covers;
        let replaces = reader.live(entity)?.dots(DELETED);
        ops[at] = Op::Set {
            entity: entity.clone(),
            field: DELETED.to_owned(),
            value,
            replaces,
        };
    }
    Ok(())
}

/// A record as it is with these ops.
fn then(reader: &Reader<'_>, entity: &EntityId, ops: &[Op]) -> Result<Record, Refusal> {
    let mut draft = Draft::new(reader.replica()?, u64::MAX);
    for op in ops.iter().filter(|op| op.entity() == Some(entity)) {
        draft.push(op.clone());
    }
    let applied = Applied {
        hash: Hash([0xff; 32]),
        lamport: u64::MAX,
        commit: draft.finish(Header::default()),
    };
    let mut record = reader.folded(entity)?;
    record.apply(entity, &applied, &|_| Seen::Yes);
    Ok(record)
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
    // What a step made is taken off the desk whole.
    let made = made(entry);
    let of_made = |op: &Op| {
        let off = op.sets(DELETED);
        off.is_some_and(|(entity, ..)| made.contains(entity))
    };
    let left = |op: &Op| unmakes(op) || of_made(op);
    let how: ledger::Asks<'_> = (&had_seen, &left);
    let entities = &entry.applied.commit.entities;
    let present = reader.folded_all(entities)?;
    let why = match ledger::undo(&entry.applied, &|entity| present.get(entity), how) {
        Ok(ops) => return Ok(ops),
        Err(why) => why,
    };
    let records = reader.folded_without_undone(entities, &entry.applied.hash)?;
    ledger::undo(&entry.applied, &|entity| records.get(entity), how)
        .ok()
        .and_then(|ops| {
            let over = |op| over_what_stands(reader, op, &present);
            ops.into_iter().map(over).collect()
        })
        .ok_or_else(|| refused(reader, entry, &why))
}

/// An op as if later steps had never been, over what their undos left. None where something else
/// stands there too.
fn over_what_stands(reader: &Reader<'_>, op: Op, present: &Records) -> Option<Op> {
    match op {
        Op::Back { entity, field, dot } => {
            let by = |other: &Dot| (other.replica, other.seq) == (dot.replica, dot.seq);
            let register = present.get(&entity)?.fields.get(&field)?;
            // A version before this one wrote anew what stood before: that is a later change.
            let stands = match reader.op_at(&dot) {
                Ok(Some(Op::Set { .. })) => register.live.iter().any(|it| by(&it.dot)),
                _ => register.takes_back(&dot),
            };
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
