//! Records that were given two ids: two managers who did the same thing apart made one record and
//! each gave it an id of his own. Both find it for ever, one is shown, and wherever a record
//! names the other it is read as the one that is shown. Gives no id itself.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::standing::{self, standing};
use super::{StoreError, heads, log};
use crate::ledger::{EntityId, Op, Record};

/// One id of a record that has several; kept among what is compiled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Name {
    id: String,
    shown: String,
    entity: EntityId,
}

/// Every id that is not the one its record is shown by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    shown: BTreeMap<String, String>,
}

impl Names {
    /// The id that a record is shown by.
    pub fn shown<'n>(&'n self, id: &'n str) -> &'n str {
        self.shown.get(id).map_or(id, String::as_str)
    }

    /// A value with every id in it as it is shown; what a list then names twice it names once.
    pub fn read(&self, value: &Value) -> Value {
        if self.shown.is_empty() {
            return value.clone();
        }
        match value {
            Value::String(text) => Value::String(self.shown(text).to_owned()),
            Value::Array(elements) => {
                let mut read: Vec<Value> = Vec::with_capacity(elements.len());
                for element in elements {
                    let shown = self.read(element);
                    if shown == *element || !read.contains(&shown) {
                        read.push(shown);
                    }
                }
                Value::Array(read)
            }
            Value::Object(fields) => {
                let read = fields.iter().map(|(key, it)| (key.clone(), self.read(it)));
                Value::Object(read.collect())
            }
            other => other.clone(),
        }
    }
}

const KEY: &str = "id:";

fn key(id: &str) -> String {
    format!("{KEY}{}", id.to_lowercase())
}

fn rows(conn: &Connection) -> Result<Vec<Name>, StoreError> {
    let mut select =
        conn.prepare_cached("SELECT body FROM compiled WHERE key >= 'id:' AND key < 'id;'")?;
    let bodies = select.query_map([], |row| row.get::<_, String>(0))?;
    bodies.map(|body| parse(&body?)).collect()
}

fn parse(body: &str) -> Result<Name, StoreError> {
    serde_json::from_str(body).map_err(|error| StoreError::Broken(format!("an id: {error}")))
}

pub(super) fn names(conn: &Connection) -> Result<Names, StoreError> {
    let rows = rows(conn)?.into_iter();
    let other = rows.filter(|name| name.id != name.shown);
    Ok(Names {
        shown: other.map(|name| (name.id, name.shown)).collect(),
    })
}

/// The record that an id was given to, where it has several.
pub(super) fn entity(conn: &Connection, id: &str) -> Result<Option<EntityId>, StoreError> {
    let body: Option<String> = conn
        .prepare_cached("SELECT body FROM compiled WHERE key = ?1")?
        .query_row([key(id)], |row| row.get(0))
        .optional()?;
    let name = body.map(|body| parse(&body)).transpose()?;
    Ok(name.map(|name| name.entity))
}

/// What an op gives as an id, and to which record.
pub(super) fn given(op: &Op) -> Option<(&EntityId, &str)> {
    match op {
        Op::Set {
            entity,
            field,
            value,
            ..
        } if field == "id" => Some((entity, value.as_str()?)),
        _ => None,
    }
}

/// Keeps the ids of a record that was given more than one; tells whether anything is another.
pub(super) fn keep(
    conn: &Connection,
    entity: &EntityId,
    ids: &BTreeSet<String>,
    record: &Record,
) -> Result<bool, StoreError> {
    if ids.len() < 2 {
        return Ok(false);
    }
    let stands = standing(record);
    let shown = standing::shown_id(&stands);
    let Some(shown) = shown.or_else(|| ids.first().map(String::as_str)) else {
        return Ok(false);
    };
    let mut changed = false;
    for id in ids {
        let name = Name {
            id: id.clone(),
            shown: shown.to_owned(),
            entity: entity.clone(),
        };
        // Of two records that both claim it, the one whose name comes first has it.
        if self::entity(conn, id)?.is_some_and(|other| other < *entity) {
            continue;
        }
        let body =
            serde_json::to_string(&name).map_err(|error| StoreError::Broken(error.to_string()))?;
        changed |= conn
            .prepare_cached(
                "INSERT INTO compiled (key, body) VALUES (?1, ?2)
                 ON CONFLICT (key) DO UPDATE SET body = excluded.body WHERE body <> excluded.body",
            )?
            .execute((key(id), body))?
            > 0;
    }
    Ok(changed)
}

/// Keeps what a commit changes of the ids of a record it touches; tells whether anything did.
pub(super) fn learn(
    conn: &Connection,
    (num, entity): (i64, &EntityId),
    ops: &[Op],
    record: &Record,
) -> Result<bool, StoreError> {
    let gives = ops.iter().filter_map(given).any(|(of, _)| of == entity);
    let known = || -> Result<bool, StoreError> {
        Ok(conn
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM compiled WHERE key >= 'id:' AND key < 'id;'
                 AND body ->> 'entity' = ?1)",
            )?
            .query_row([entity.as_str()], |row| row.get(0))?)
    };
    let touched = || -> Result<bool, StoreError> {
        Ok(conn
            .prepare_cached("SELECT count(*) > 1 FROM touched WHERE entity = ?1")?
            .query_row([num], |row| row.get(0))?)
    };
    if !(gives && touched()? || known()?) {
        return Ok(false);
    }
    let mut ids = BTreeSet::new();
    for entry in log::of_entity(conn, num)? {
        let ops = entry.applied.commit.ops.iter();
        let own = ops.filter_map(given).filter(|(of, _)| *of == entity);
        ids.extend(own.map(|(_, id)| id.to_owned()));
    }
    keep(conn, entity, &ids, record)
}

/// The records in whose rows an id stands that is not shown, or is shown now.
pub(super) fn naming(conn: &Connection) -> Result<Vec<(i64, EntityId)>, StoreError> {
    let ids: BTreeSet<String> = rows(conn)?.into_iter().map(|name| name.id).collect();
    let mut found = BTreeMap::new();
    let mut select = conn.prepare_cached(
        "SELECT h.entity, e.id FROM head h JOIN entity e ON e.num = h.entity
         WHERE instr(h.live, ?1) > 0 OR instr(h.live, ?2) > 0",
    )?;
    for id in ids {
        // As a value, and in an element of a set, which is kept as text.
        let kept = [format!("\"{id}\""), format!("\"{id}\\\"")];
        let named = select.query_map(kept, |row| Ok((row.get(0)?, row.get(1)?)))?;
        for row in named {
            let (num, entity): (i64, String) = row?;
            found.insert(num, EntityId(entity));
        }
    }
    Ok(found.into_iter().collect())
}

impl super::Reader<'_> {
    /// The ids that are not the ones their records are shown by.
    pub fn names(&self) -> Result<Names, StoreError> {
        names(self.conn())
    }

    /// The values that stand of an entity, as they count.
    pub fn standing(&self, entity: &EntityId) -> Result<Record, StoreError> {
        let record = match self.num_of(entity)? {
            Some(num) => heads::load(self.conn(), &mut heads::Addresses::default(), num)?,
            None => Record::default(),
        };
        Ok(standing(&record).into_owned())
    }
}
