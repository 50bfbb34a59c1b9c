//! Looking back: the commits of a record, who took what back, and a record whole
//! from all of them. Nothing here writes.

use std::collections::BTreeSet;

use rusqlite::OptionalExtension;

use super::heads::Addresses;
use super::log::{self, Entry};
use super::query::{Reader, RecordRow, shown_id, sql_limit};
use super::{StoreError, apply, heads, names, row, undone};
use crate::domain::kind::Kind;
use crate::ledger::{EntityId, Hash, Op, Record};

impl Reader<'_> {
    /// The commits that touched a record, oldest first.
    pub fn history(&self, kind: Kind, id: &str) -> Result<Vec<Entry>, StoreError> {
        match self.entity(kind, id)? {
            Some((num, _)) => log::of_entity(self.conn(), num),
            None => Ok(Vec::new()),
        }
    }

    /// The commits that touched an entity, oldest first, on the desk or off it.
    pub fn history_of(&self, entity: &EntityId) -> Result<Vec<Entry>, StoreError> {
        match self.num_of(entity)? {
            Some(num) => log::of_entity(self.conn(), num),
            None => Ok(Vec::new()),
        }
    }

    /// Whether an entity was a record and is none now.
    pub fn is_off_desk(&self, entity: &EntityId) -> Result<bool, StoreError> {
        Ok(match self.num_of(entity)? {
            Some(num) => self.by_num(num)?.is_none(),
            None => false,
        })
    }

    /// The entity off the desk that was given this id.
    pub fn off_desk(&self, id: &str) -> Result<Option<EntityId>, StoreError> {
        let mut select = self.conn().prepare(
            "SELECT h.entity, e.id FROM head h JOIN entity e ON e.num = h.entity
             WHERE NOT EXISTS (SELECT 1 FROM record r WHERE r.entity = h.entity)
               AND h.live LIKE ?1 ORDER BY h.entity",
        )?;
        let mut rows = select.query([format!("%\"{id}\"%")])?;
        while let Some(row) = rows.next()? {
            let record = heads::load(self.conn(), &mut Addresses::default(), row.get(0)?)?;
            let given = record.fields.get("id").into_iter();
            let mut given = given.flat_map(|register| &register.live);
            if given.any(|live| is_id(&live.value, id)) {
                return Ok(Some(EntityId(row.get(1)?)));
            }
        }
        Ok(None)
    }

    /// The commits that touched whatever was given this id, on the desk or off it.
    pub fn history_of_id(&self, id: &str) -> Result<Vec<Entry>, StoreError> {
        if let Some(entity) = self.off_desk(id)? {
            return self.history_of(&entity);
        }
        // An id that does not stand any more is told by the log alone, which is read whole for it.
        let mut given = None;
        log::for_each_naming(self.conn(), id, &mut |entry| {
            let ops = &entry.applied.commit.ops;
            given = ops.iter().find_map(|op| gives_id(op, id)).or(given.take());
            Ok(())
        })?;
        match given {
            Some(entity) => match self.entity_num(&entity)? {
                Some((num, _)) => log::of_entity(self.conn(), num),
                None => Ok(Vec::new()),
            },
            None => Ok(Vec::new()),
        }
    }

    /// The newest commits received at or after `since` (Unix seconds), newest first.
    pub fn recent(&self, since: i64, limit: usize) -> Result<Vec<Entry>, StoreError> {
        log::recent(self.conn(), since, sql_limit(limit))
    }

    /// The records that the newest commits touched, the latest first and each once.
    pub fn touched_last(&self, limit: usize) -> Result<Vec<RecordRow>, StoreError> {
        let mut found: Vec<RecordRow> = Vec::new();
        let mut seen = BTreeSet::new();
        let mut before = i64::MAX;
        // Commits of many are read a few at a time: the newest ones are mostly enough.
        for _ in 0..32 {
            let entries = log::before(self.conn(), before, 32)?;
            let Some(last) = entries.last() else { break };
            before = last.num;
            for entity in entries
                .iter()
                .flat_map(|entry| &entry.applied.commit.entities)
            {
                let Some(num) = self.num_of(entity)? else {
                    continue;
                };
                if found.len() < limit
                    && seen.insert(num)
                    && let Some(row) = self.by_num(num)?
                    && row.kind != Kind::Desk
                {
                    found.push(row);
                }
            }
            if found.len() >= limit {
                break;
            }
        }
        Ok(found)
    }

    pub fn commit(&self, hash: &Hash) -> Result<Option<Entry>, StoreError> {
        log::by_hash(self.conn(), hash)
    }

    /// Commits whose hash starts with hex digits, at most two.
    pub fn commits_starting(&self, prefix: &str) -> Result<Vec<Entry>, StoreError> {
        log::by_prefix(self.conn(), prefix)
    }

    /// Whether a commit is here whose hash starts with hex digits; none is read.
    pub fn has_commit_starting(&self, prefix: &str) -> Result<bool, StoreError> {
        log::is_prefix(self.conn(), prefix)
    }

    /// Whether a commit has been taken back and that still stands.
    pub fn undone(&self, num: i64) -> Result<bool, StoreError> {
        undone::is(self.conn(), num)
    }

    /// The op that a dot names.
    pub fn op_at(&self, dot: &crate::ledger::Dot) -> Result<Option<Op>, StoreError> {
        log::op_at(self.conn(), dot)
    }

    /// The entity of a record, and its row number.
    pub fn entity(&self, kind: Kind, id: &str) -> Result<Option<(i64, EntityId)>, StoreError> {
        if kind == Kind::Desk {
            return self.entity_num(&apply::desk_entity());
        }
        let shown = self
            .conn()
            .prepare_cached(
                "SELECT e.num, e.id FROM record r JOIN entity e ON e.num = r.entity WHERE r.id = ?1",
            )?
            .query_row([row::record_id(kind, id)], |row| {
                Ok((row.get(0)?, EntityId(row.get(1)?)))
            })
            .optional()?;
        match (shown, names::entity(self.conn(), id)?) {
            (None, Some(entity)) => self.entity_num(&entity),
            (shown, _) => Ok(shown),
        }
    }

    pub(super) fn num_of(&self, id: &EntityId) -> Result<Option<i64>, StoreError> {
        Ok(self.entity_num(id)?.map(|(num, _)| num))
    }

    pub(super) fn entity_num(&self, id: &EntityId) -> Result<Option<(i64, EntityId)>, StoreError> {
        Ok(self
            .conn()
            .prepare_cached("SELECT num FROM entity WHERE id = ?1")?
            .query_row([id.as_str()], |row| row.get(0))
            .optional()?
            .map(|num| (num, id.clone())))
    }

    /// What a look at one record needs: whatever its commits touched, and the people.
    pub fn scope_of(&self, kind: Kind, id: &str) -> Result<Vec<EntityId>, StoreError> {
        let mut scope: Vec<EntityId> = self
            .history(kind, id)?
            .into_iter()
            .flat_map(|entry| entry.applied.commit.entities)
            .collect();
        for row in self.all(Kind::Person)? {
            scope.extend(
                self.entity(Kind::Person, &row.id)?
                    .map(|(_, entity)| entity),
            );
        }
        scope.sort();
        scope.dedup();
        Ok(scope)
    }

    /// The id shown for an entity, if it is still on the desk.
    pub fn shown_id(&self, entity: &EntityId) -> Result<Option<String>, StoreError> {
        Ok(self
            .conn()
            .prepare_cached(
                "SELECT r.kind, r.id FROM record r JOIN entity e ON e.num = r.entity WHERE e.id = ?1",
            )?
            .query_row([entity.as_str()], |row| {
                let kind = Kind::from_code(row.get(0)?).unwrap_or(Kind::Desk);
                Ok(shown_id(kind, row.get(1)?))
            })
            .optional()?)
    }

    /// The live values of an entity, for the next commit to replace.
    pub fn live(&self, entity: &EntityId) -> Result<Record, StoreError> {
        match self.entity_num(entity)? {
            Some((num, _)) => heads::load(self.conn(), &mut Addresses::default(), num),
            None => Ok(Record::default()),
        }
    }

    /// Whether a commit took another back.
    pub fn is_undo(&self, hash: &Hash) -> Result<bool, StoreError> {
        let Some(num) = log::num_of(self.conn(), hash)? else {
            return Ok(false);
        };
        Ok(self
            .conn()
            .prepare_cached("SELECT undoes IS NOT NULL FROM log WHERE num = ?1")?
            .query_row([num], |row| row.get(0))?)
    }

    /// The whole truth about an entity, folded from all of its commits.
    pub fn folded(&self, entity: &EntityId) -> Result<Record, StoreError> {
        match self.entity_num(entity)? {
            Some((num, _)) => apply::fold(self.conn(), num, entity),
            None => Ok(Record::default()),
        }
    }

    /// The next number of a kind of id.
    pub fn next_number(&self, kind: Kind) -> Result<i64, StoreError> {
        Ok(self
            .conn()
            .prepare_cached("SELECT next FROM counter WHERE kind = ?1")?
            .query_row([kind.code()], |row| row.get(0))
            .optional()?
            .unwrap_or(1))
    }
}

/// The entity that an op gives this id to.
fn gives_id(op: &Op, id: &str) -> Option<EntityId> {
    match op {
        Op::Set {
            entity,
            field,
            value,
            ..
        } if field == "id" && is_id(value, id) => Some(entity.clone()),
        _ => None,
    }
}

fn is_id(value: &serde_json::Value, id: &str) -> bool {
    value
        .as_str()
        .is_some_and(|text| text.eq_ignore_ascii_case(id))
}

#[cfg(test)]
mod tests {
    use super::super::Store;
    use super::super::received_tests::{Chain, FOUNDER, GENESIS};
    use crate::ledger::{Key, ReplicaId, named};

    #[test]
    fn an_id_that_was_replaced_leads_to_what_had_it() {
        let product = named("product", "x");
        let mut chain = Chain::new();
        let mut before = Vec::new();
        for id in ["P-1", "P-2"] {
            chain.write("Anna", |draft| {
                draft.set(&product, "kind", "product", []);
                before.push(draft.set(&product, "id", id, before.last().copied()));
            });
        }
        let mut desk = Store::in_memory(GENESIS, ReplicaId([2; 16])).unwrap();
        desk.share_here(&Key([2; 32]), &FOUNDER).unwrap();
        desk.receive(chain.made, &[], 0).unwrap();
        for (id, steps) in [("P-1", 2), ("p-2", 2), ("P-3", 0)] {
            let found = desk.reader().history_of_id(id).unwrap();
            assert_eq!(found.len(), steps, "{id}");
        }
    }
}
