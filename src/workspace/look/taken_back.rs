//! What a step changed by taking something back, or by doing it again: from what its author had
//! before them to what stood then, so that nothing is told that did not happen.

use std::collections::BTreeSet;

use serde_json::Value;

use super::log::{Change, called};
use crate::ledger::{Commit, EntityId, Hash, Op, Record};
use crate::store::Reader;
use crate::workspace::refusal::Refusal;

/// One change for each field, the first values of which are the ones that were shown.
pub(super) fn changes(
    reader: &Reader<'_>,
    hash: &Hash,
    commit: &Commit,
) -> Result<Vec<Change>, Refusal> {
    let back = commit.ops.iter().filter_map(|op| match op {
        Op::Back { entity, field, .. } => Some((entity, field)),
        _ => None,
    });
    let mut met = BTreeSet::new();
    let fields: Vec<_> = back.filter(|it| met.insert(*it)).collect();
    let entities: BTreeSet<&EntityId> = fields.iter().map(|it| it.0).collect();
    if entities.is_empty() {
        return Ok(Vec::new());
    }
    let entities: Vec<EntityId> = entities.into_iter().cloned().collect();
    let (before, after) = reader.folded_around(&entities, hash)?;
    let mut changes = Vec::new();
    for (entity, field) in fields {
        let mut from = values(before.get(entity), field).into_iter();
        let mut to = values(after.get(entity), field).into_iter();
        let id = match reader.shown_id(entity)? {
            Some(id) => id,
            None => called(reader, entity)?,
        };
        changes.push(Change {
            id,
            field: field.clone(),
            from: from.next().unwrap_or_default(),
            beside: from.collect(),
            to: to.next().unwrap_or_default(),
            with: to.collect(),
        });
    }
    Ok(changes)
}

/// The values of a field, each once, the latest first.
fn values(record: Option<&Record>, field: &str) -> Vec<Value> {
    let register = record.and_then(|it| it.fields.get(field));
    let live = register.map_or(&[][..], |it| &it.live);
    let mut values: Vec<Value> = Vec::new();
    for it in live.iter().rev() {
        if !values.contains(&it.value) {
            values.push(it.value.clone());
        }
    }
    values
}
