//! What follows once a contested state is settled: what the steps that lost had written beside
//! their state goes with it, a promise, a reason, a mark, so that a record is never half in one
//! state and half in another. Remarks stay, and so does what both had written.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::outbox;
use crate::domain::attention::quoted;
use crate::domain::kind::Kind;
use crate::domain::message::MessageState;
use crate::domain::noun::Noun;
use crate::ledger::{Dot, EntityId, Hash, Op};
use crate::store::{Entry, Reader};
use crate::workspace::look;
use crate::workspace::look::conflicts::{Contest, Side};
use crate::workspace::plan::Plan;
use crate::workspace::refusal::Refusal;

/// What stays whatever the state: whose it is, and what a record is called.
const STAYS: [&str; 7] = [
    "claimed_by",
    "deleted",
    "id",
    "kind",
    "later",
    "owner",
    "state",
];

/// Why a text is left out.
const FOR_NOTHING: &str = "It was drafted for what does not stand.";

/// A value of a field, and what it was written over.
struct Written<'a> {
    value: &'a Value,
    replaces: &'a [Dot],
    by: Hash,
}

pub(super) fn let_go(
    plan: &mut Plan<'_, '_>,
    entity: &EntityId,
    contest: &Contest,
    stands: &Value,
) -> Result<(), Refusal> {
    let (won, lost): (Vec<_>, Vec<_>) = contest.sides.iter().partition(|it| it.value == *stands);
    let steps = |sides: Vec<&Side>| sides.iter().flat_map(|it| it.steps.clone()).collect();
    let (won, lost): (Vec<Hash>, Vec<Hash>) = (steps(won), steps(lost));
    if won.is_empty() || lost.is_empty() {
        return Ok(());
    }
    let history = plan.writing.reader().history_of(entity)?;
    let lost = led_there(&plan.writing.reader(), &history, (entity, &won), &lost)?;
    fields(plan, entity, &history, &lost)?;
    elements(plan, entity, &lost)?;
    drafts(plan, &history, &lost)
}

/// A ticket that two managers composed into a release each leaves the one that it does not go
/// with, where that takes no reason.
pub(super) fn other_releases(
    plan: &mut Plan<'_, '_>,
    ticket: &str,
    stands: Option<&str>,
) -> Result<(), Refusal> {
    for release in look::release::open(&plan.writing.reader())? {
        let name = &release.name;
        if stands == Some(name) || !release.tickets.iter().any(|id| id == ticket) {
            continue;
        }
        if release.standing.state.is_frozen() {
            plan.warn(format!(
                "{ticket} is in {name} too, which is frozen: `relmate release compose {} --out {ticket} --reason R` takes it out.",
                quoted(name)
            ));
            continue;
        }
        let entity = plan.load(Kind::Release, name)?.entity;
        plan.remove(&entity, "tickets", ticket)?;
        plan.say(format!("{ticket} leaves {name}."));
    }
    Ok(())
}

/// The steps that led to the states that lost, and that nobody knew of who wrote the one that
/// stands.
fn led_there(
    reader: &Reader<'_>,
    history: &[Entry],
    (entity, won): (&EntityId, &[Hash]),
    ends: &[Hash],
) -> Result<BTreeSet<Hash>, Refusal> {
    let writes = |entry: &Entry, name: &str| {
        let mut ops = entry.applied.commit.ops.iter();
        ops.any(
            |op| matches!(op, Op::Set { entity: of, field, .. } if of == entity && field == name),
        )
    };
    // Who made the record did not lose: it is there.
    let moves = |entry: &&Entry| writes(entry, "state") && !writes(entry, "kind");
    let mut lost: BTreeSet<Hash> = BTreeSet::new();
    for entry in history.iter().filter(moves) {
        let hash = entry.applied.hash;
        let mut ours = won.contains(&hash);
        for it in won {
            ours |= reader.had_seen(it, &hash)?;
        }
        let mut theirs = ends.contains(&hash);
        for it in ends {
            theirs |= reader.had_seen(it, &hash)?;
        }
        if theirs && !ours {
            lost.insert(hash);
        }
    }
    Ok(lost)
}

/// Every field that stands as a lost step wrote it gets what was there before.
fn fields(
    plan: &mut Plan<'_, '_>,
    entity: &EntityId,
    history: &[Entry],
    lost: &BTreeSet<Hash>,
) -> Result<(), Refusal> {
    let mut written: BTreeMap<Dot, Written<'_>> = BTreeMap::new();
    for entry in history {
        for (at, op) in entry.applied.commit.ops.iter().enumerate() {
            if let Op::Set {
                entity: of,
                value,
                replaces,
                ..
            } = op
                && of == entity
            {
                let by = entry.applied.hash;
                let dot = entry.applied.commit.dot(at);
                let it = Written {
                    value,
                    replaces,
                    by,
                };
                written.insert(dot, it);
            }
        }
    }
    let record = plan.writing.reader().live(entity)?;
    for (field, register) in &record.fields {
        let [live] = register.live.as_slice() else {
            continue;
        };
        if STAYS.contains(&field.as_str()) || !lost.contains(&live.order.hash) {
            continue;
        }
        let Some(before) = before(&written, lost, &live.dot) else {
            plan.warn(format!(
                "{} stays as a step that does not stand wrote it: several values stood there before. `relmate set` changes it.",
                quoted(field)
            ));
            continue;
        };
        plan.set(entity, field, before)?;
    }
    Ok(())
}

/// What stood in a field before the lost steps wrote it; `None` where that was not one value.
fn before(written: &BTreeMap<Dot, Written<'_>>, lost: &BTreeSet<Hash>, dot: &Dot) -> Option<Value> {
    let mut at = written.get(dot);
    while let Some(it) = at.filter(|it| lost.contains(&it.by)) {
        at = match it.replaces {
            [] => None,
            [dot] => written.get(dot),
            several => {
                let mut values = several
                    .iter()
                    .map(|dot| written.get(dot).map(|it| it.value));
                let first = values.next()?;
                // Two who wrote the same stand beside each other and are one value.
                values.all(|it| it == first).then_some(())?;
                written.get(several.first()?)
            }
        };
    }
    Some(at.map_or(Value::Null, |it| it.value.clone()))
}

/// Every element that only lost steps put in is taken out.
fn elements(
    plan: &mut Plan<'_, '_>,
    entity: &EntityId,
    lost: &BTreeSet<Hash>,
) -> Result<(), Refusal> {
    let record = plan.writing.reader().live(entity)?;
    for ((set, element), added) in record.additions() {
        if added.iter().all(|(_, by)| lost.contains(by)) {
            let element: Value = serde_json::from_str(&element).unwrap_or(Value::Null);
            plan.remove(entity, &set, element)?;
        }
    }
    Ok(())
}

/// Texts that the lost steps drafted are left out: nobody is told of what does not stand. One that
/// may not be is a human's.
fn drafts(
    plan: &mut Plan<'_, '_>,
    history: &[Entry],
    lost: &BTreeSet<Hash>,
) -> Result<(), Refusal> {
    let mut ids = BTreeSet::new();
    for entry in history.iter().filter(|it| lost.contains(&it.applied.hash)) {
        for op in &entry.applied.commit.ops {
            if let Some((entity, value, _)) = op.sets("kind")
                && *value == Kind::Message.word()
            {
                let reader = plan.writing.reader();
                let record = reader.standing(entity)?;
                let made = record.fields.get("kind").map(|it| it.live.as_slice());
                // What stands may have drafted it too.
                let mut made = made.unwrap_or_default().iter();
                if made.all(|it| lost.contains(&it.order.hash)) {
                    ids.extend(reader.shown_id(entity)?);
                }
            }
        }
    }
    for id in ids {
        let reader = plan.writing.reader();
        let row = reader.record(Some(Kind::Message), &id)?;
        let Some(row) = row.filter(|row| row.state == MessageState::Drafted.word()) else {
            continue;
        };
        let (contested, noun) = (row.contested, row.noun()?);
        match noun {
            Some(Noun::Message(message))
                if !contested && outbox::skippable(&reader, &message).is_ok() =>
            {
                outbox::skip(plan, &id, Some(FOR_NOTHING))?;
            }
            _ => plan.warn(format!(
                "{id} was drafted for what does not stand; put it right before it goes out: `relmate show {id}`."
            )),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::ReplicaId;

    #[test]
    fn what_stood_before_is_put_back_only_where_it_was_one_value() {
        let dot = |op| Dot {
            replica: ReplicaId([1; 16]),
            seq: 1,
            op,
        };
        let (kept, lost) = (Hash([1; 32]), Hash([2; 32]));
        let values = ["one", "one", "two", "lost"].map(Value::from);
        let over = |replaces: &[Dot]| {
            let mut written: BTreeMap<Dot, Written<'_>> = BTreeMap::new();
            for (op, value) in (0..).zip(&values) {
                let (replaces, by) = match op {
                    3 => (replaces, lost),
                    _ => ([].as_slice(), kept),
                };
                let it = Written {
                    value,
                    replaces,
                    by,
                };
                written.insert(dot(op), it);
            }
            before(&written, &BTreeSet::from([lost]), &dot(3))
        };
        assert_eq!(over(&[]), Some(Value::Null));
        assert_eq!(over(&[dot(2)]), Some(Value::from("two")));
        assert_eq!(over(&[dot(0), dot(1)]), Some(Value::from("one")));
        assert_eq!(over(&[dot(0), dot(2)]), None);
    }
}
