//! Records from everything that was ever written to them: where something was taken back, for who
//! takes something back, and as a commit found them and left them. Each commit is read once, however
//! many of the records it touched.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;

use super::lines::PastOf;
use super::log::{self, Entry};
use super::{Reader, StoreError};
use crate::ledger::{Ancestry as _, EntityId, Hash, Record};

/// Some records, each by its entity.
pub type Records = BTreeMap<EntityId, Record>;

/// The commits of some entities, in the ledger's order.
fn entries(conn: &Connection, entities: &[(i64, EntityId)]) -> Result<Vec<Entry>, StoreError> {
    if let [(entity, _)] = entities {
        return log::of_entity(conn, *entity);
    }
    let mut found = Vec::new();
    log::for_each_of(conn, entities.iter().map(|it| it.0), &mut |entry| {
        found.push(entry);
        Ok(())
    })?;
    found.sort_by_key(|entry| entry.applied.order());
    Ok(found)
}

/// What some commits come to, for those of the records that are there.
fn add<'e>(records: &mut Records, entries: impl Iterator<Item = &'e Entry>, past: &PastOf<'_>) {
    for entry in entries {
        let applied = &entry.applied;
        for (index, op) in applied.commit.ops.iter().enumerate() {
            let record = op.entity().and_then(|entity| records.get_mut(entity));
            if let Some(record) = record {
                record.add_op(applied, index, &|dot| past.seen(applied, dot));
            }
        }
    }
    records.values_mut().for_each(Record::settle);
}

fn empty(entities: &[(i64, EntityId)]) -> Records {
    let all = entities.iter();
    all.map(|(_, entity)| (entity.clone(), Record::default()))
        .collect()
}

/// Some records from all of their commits.
pub(super) fn records(
    conn: &Connection,
    entities: &[(i64, EntityId)],
) -> Result<Records, StoreError> {
    let mut records = empty(entities);
    if entities.is_empty() {
        return Ok(records);
    }
    let past = PastOf::load(conn)?;
    add(&mut records, entries(conn, entities)?.iter(), &past);
    past.held()?;
    Ok(records)
}

impl Reader<'_> {
    fn nums(&self, entities: &[EntityId]) -> Result<Vec<(i64, EntityId)>, StoreError> {
        let mut nums = Vec::with_capacity(entities.len());
        for entity in entities {
            nums.extend(self.entity_num(entity)?);
        }
        Ok(nums)
    }

    /// Some records from all of their commits; one that the desk has not met is left out.
    pub fn folded_all(&self, entities: &[EntityId]) -> Result<Records, StoreError> {
        records(self.conn(), &self.nums(entities)?)
    }

    /// The same as if the steps that were taken back had never been, nor the undos that did so.
    /// `kept` is left out in no case.
    pub fn folded_without_undone(
        &self,
        entities: &[EntityId],
        kept: &Hash,
    ) -> Result<Records, StoreError> {
        let nums = self.nums(entities)?;
        let mut records = empty(&nums);
        let entries = entries(self.conn(), &nums)?;
        let mut out = BTreeSet::new();
        for entry in entries.iter().rev() {
            let hash = entry.applied.hash;
            if let Some(target) = entry.applied.commit.undoes
                && ![hash, target]
                    .iter()
                    .any(|it| it == kept || out.contains(it))
            {
                out.extend([hash, target]);
            }
        }
        let past = PastOf::load(self.conn())?;
        let left = entries.iter();
        let left = left.filter(|entry| !out.contains(&entry.applied.hash));
        add(&mut records, left, &past);
        past.held()?;
        Ok(records)
    }

    /// Some records as the author of a commit had them before, and after.
    pub fn folded_around(
        &self,
        entities: &[EntityId],
        commit: &Hash,
    ) -> Result<(Records, Records), StoreError> {
        let nums = self.nums(entities)?;
        let mut before = empty(&nums);
        let entries = entries(self.conn(), &nums)?;
        let past = PastOf::load(self.conn())?;
        let is_it = |entry: &&Entry| entry.applied.hash == *commit;
        let earlier = |entry: &&Entry| past.includes(commit, &entry.applied.hash);
        let had = entries.iter().filter(|it| !is_it(it) && earlier(it));
        add(&mut before, had, &past);
        let mut after = before.clone();
        add(&mut after, entries.iter().filter(is_it), &past);
        past.held()?;
        Ok((before, after))
    }
}
