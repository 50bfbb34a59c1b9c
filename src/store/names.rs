//! Records that were given two ids: two managers who did the same thing apart made one record and
//! each gave it an id of his own. Both find it for ever, one is shown, and wherever a record
//! names the other it is read as the one that is shown. Gives no id itself, and takes for one only
//! what a step that made the record gave it and no step had given to another record before.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::standing::{self, standing};
use super::{StoreError, apply, heads, log};
use crate::domain::kind::Kind;
use crate::domain::reference::{self, Holds};
use crate::ledger::{Commit, EntityId, Order, Record};

/// How many ids of one record are kept, the first that it was given. Each manager gives one;
/// somebody may write thousands.
const MOST: usize = 16;

/// One id of a record that has several; kept among what is compiled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Name {
    id: String,
    shown: String,
    entity: EntityId,
}

/// The ids of the records that were given several.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    shown: BTreeMap<String, String>,
    of: BTreeMap<EntityId, Vec<Name>>,
}

impl Names {
    /// The id that a record is shown by.
    pub fn shown<'n>(&'n self, id: &'n str) -> &'n str {
        self.shown.get(id).map_or(id, String::as_str)
    }

    /// The same of a record that was given several.
    pub(super) fn of(&self, entity: &EntityId) -> Option<&str> {
        let names = self.of.get(entity)?;
        names.first().map(|name| name.shown.as_str())
    }

    /// What a field or a set holds, with every record that it names by the id that is shown; what
    /// a list then names twice it names once.
    pub fn read(&self, field: &str, value: &Value) -> Value {
        if self.shown.is_empty() {
            return value.clone();
        }
        match reference::of(field) {
            Holds::Nothing => value.clone(),
            Holds::Ids => self.ids(value),
            Holds::Within(keys) => self.within(keys, value),
        }
    }

    fn ids(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.shown(text).to_owned()),
            Value::Array(elements) => once(elements, |it| self.ids(it)),
            other => other.clone(),
        }
    }

    fn within(&self, keys: &[&str], value: &Value) -> Value {
        match value {
            Value::Array(elements) => once(elements, |it| self.within(keys, it)),
            Value::Object(fields) => {
                let mut read = fields.clone();
                for key in keys {
                    if let Some(value) = read.get_mut(*key) {
                        *value = self.ids(value);
                    }
                }
                Value::Object(read)
            }
            other => other.clone(),
        }
    }
}

fn once(elements: &[Value], read: impl Fn(&Value) -> Value) -> Value {
    let mut all: Vec<Value> = Vec::with_capacity(elements.len());
    for element in elements {
        let shown = read(element);
        if shown == *element || !all.contains(&shown) {
            all.push(shown);
        }
    }
    Value::Array(all)
}

fn key(id: &str) -> String {
    format!("id:{}", id.to_lowercase())
}

/// Where the record is kept that an id was given to first.
fn owner_key(id: &str) -> String {
    format!("owner:{}", id.to_lowercase())
}

fn parse(body: &str) -> Result<Name, StoreError> {
    serde_json::from_str(body).map_err(|error| StoreError::Broken(format!("an id: {error}")))
}

pub(super) fn names(conn: &Connection) -> Result<Names, StoreError> {
    let mut names = Names::default();
    let mut select =
        conn.prepare_cached("SELECT body FROM compiled WHERE key >= 'id:' AND key < 'id;'")?;
    let bodies = select.query_map([], |row| row.get::<_, String>(0))?;
    for body in bodies {
        let name = parse(&body?)?;
        if name.id != name.shown {
            names.shown.insert(name.id.clone(), name.shown.clone());
        }
        names.of.entry(name.entity.clone()).or_default().push(name);
    }
    Ok(names)
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

/// Whether an id was given to another record first.
pub(super) fn is_anothers(conn: &Connection, id: &str, entity: i64) -> Result<bool, StoreError> {
    Ok(conn
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM compiled c JOIN entity e ON e.num = ?2
             WHERE c.key = ?1 AND c.body <> e.id)",
        )?
        .query_row((owner_key(id), entity), |row| row.get(0))?)
}

/// The texts that a record was given as its id; with the first step that gave it where that step
/// made the record and the text is an id of its kind.
#[derive(Default)]
pub(super) struct Given {
    /// Nearly every record has one, and a map would make room for many.
    one: Option<(String, Option<Order>)>,
    more: BTreeMap<String, Option<Order>>,
}

impl Given {
    fn iter(&self) -> impl Iterator<Item = (&String, Option<Order>)> {
        let one = self.one.iter().map(|(id, order)| (id, *order));
        one.chain(self.more.iter().map(|(id, order)| (id, *order)))
    }

    /// Whether it has several.
    pub(super) fn are_several(&self) -> bool {
        !self.more.is_empty()
    }

    fn entry(&mut self, id: &str) -> &mut Option<Order> {
        let Self { one, more } = self;
        if one.as_ref().is_some_and(|(known, _)| known != id) {
            return more.entry(id.to_owned()).or_default();
        }
        &mut one.get_or_insert_with(|| (id.to_owned(), None)).1
    }
}

/// What a commit gives records as their ids, and whether each is an id of a record that it makes.
pub(super) fn gives(commit: &Commit) -> BTreeMap<&EntityId, BTreeMap<&str, bool>> {
    let (mut kinds, mut ids) = (BTreeSet::new(), BTreeMap::<_, BTreeMap<_, _>>::new());
    for op in &commit.ops {
        if let Some((entity, Value::String(word), _)) = op.sets("kind") {
            kinds.extend(Kind::from_word(word).map(|it| (entity, it)));
        }
        if let Some((entity, Value::String(id), _)) = op.sets("id") {
            let ids = ids.entry(entity).or_default();
            // A step gives one.
            if ids.len() < MOST {
                ids.insert(id.as_str(), false);
            }
        }
    }
    for (entity, kind) in kinds {
        for (id, is) in ids.get_mut(entity).into_iter().flatten() {
            *is |= apply::is_id(kind, id);
        }
    }
    ids
}

/// Adds what a commit gives a record.
pub(super) fn add(given: &mut Given, ids: &BTreeMap<&str, bool>, order: Order) {
    for (id, is) in ids {
        let first = given.entry(id);
        if *is {
            *first = Some(first.map_or(order, |known| known.min(order)));
        }
    }
}

fn given_to(conn: &Connection, num: i64, entity: &EntityId) -> Result<Given, StoreError> {
    let mut ids = Given::default();
    for entry in log::of_entity(conn, num)? {
        let applied = &entry.applied;
        if let Some(gives) = gives(&applied.commit).get(entity) {
            add(&mut ids, gives, applied.order());
        }
    }
    Ok(ids)
}

/// Notes the record that each id was given to first, of all of them.
pub(super) fn own<'a>(
    conn: &Connection,
    all: impl Iterator<Item = (&'a EntityId, &'a Given)>,
) -> Result<(), StoreError> {
    let mut owners: BTreeMap<String, (Order, &EntityId)> = BTreeMap::new();
    for (entity, given) in all {
        for (id, order) in given.iter() {
            let Some(order) = order else { continue };
            let claim = (order, entity);
            let owner = owners.entry(owner_key(id)).or_insert(claim);
            *owner = claim.min(*owner);
        }
    }
    for (key, (_, entity)) in owners {
        put(conn, &key, entity.as_str())?;
    }
    Ok(())
}

/// Returns whether it is another than what was kept.
fn put(conn: &Connection, key: &str, body: &str) -> Result<bool, StoreError> {
    let changed = conn
        .prepare_cached(
            "INSERT INTO compiled (key, body) VALUES (?1, ?2)
         ON CONFLICT (key) DO UPDATE SET body = excluded.body WHERE body <> excluded.body",
        )?
        .execute((key, body))?;
    Ok(changed > 0)
}

/// The same of one that is given now; returns the record that had it.
fn claim(
    conn: &Connection,
    (entity, order): (&EntityId, Order),
    id: &str,
) -> Result<Option<EntityId>, StoreError> {
    let key = owner_key(id);
    let owner: Option<String> = conn
        .prepare_cached("SELECT body FROM compiled WHERE key = ?1")?
        .query_row([&key], |row| row.get(0))
        .optional()?;
    let owner = owner.map(EntityId);
    match &owner {
        Some(owner) if owner == entity => return Ok(None),
        Some(owner) => {
            let num = apply::entity_num(conn, owner)?;
            let first = given_to(conn, num, owner)?;
            let first = first.iter().filter(|(it, _)| owner_key(it) == key);
            let first = first.filter_map(|(_, order)| order).min();
            if first.is_some_and(|first| (first, owner) <= (order, entity)) {
                return Ok(None);
            }
        }
        None => {}
    }
    put(conn, &key, entity.as_str())?;
    Ok(owner)
}

/// Keeps the ids of a record that was given more than one.
pub(super) fn keep(
    conn: &Connection,
    entity: &EntityId,
    given: &Given,
    record: &Record,
) -> Result<(), StoreError> {
    if !given.are_several() {
        return Ok(());
    }
    let mut own: Vec<(Order, &str)> = Vec::new();
    for (id, order) in given.iter() {
        let Some(order) = order else { continue };
        let owner: String = conn
            .prepare_cached("SELECT body FROM compiled WHERE key = ?1")?
            .query_row([owner_key(id)], |row| row.get(0))?;
        if owner == entity.as_str() {
            own.push((order, id));
        }
    }
    own.sort_unstable();
    own.truncate(MOST);
    let own: BTreeSet<&str> = own.into_iter().map(|(_, id)| id).collect();
    put_ids(conn, entity, &own, record)?;
    Ok(())
}

fn put_ids(
    conn: &Connection,
    entity: &EntityId,
    ids: &BTreeSet<&str>,
    record: &Record,
) -> Result<bool, StoreError> {
    let shown = standing::id_among(&standing(record), ids);
    let mut changed = false;
    for id in ids {
        let name = Name {
            id: (*id).to_owned(),
            shown: shown.unwrap_or(id).to_owned(),
            entity: entity.clone(),
        };
        let body =
            serde_json::to_string(&name).map_err(|error| StoreError::Broken(error.to_string()))?;
        changed |= put(conn, &key(id), &body)?;
    }
    Ok(changed)
}

/// What commits changed of the ids of records.
#[derive(Default)]
pub(super) struct Changed {
    /// The ids that are read otherwise.
    ids: BTreeSet<String>,
    /// The records that an id was given to later than was thought.
    others: BTreeSet<EntityId>,
}

impl Changed {
    pub(super) fn is_empty(&self) -> bool {
        self.ids.is_empty() && self.others.is_empty()
    }
}

/// Keeps what a commit changes of the ids of the records it touches, and of those that lose an id
/// to one of them; returns the ids as they are now, where any may be another.
pub(super) fn learn(
    conn: &Connection,
    (before, entry): (&Names, &log::Entry),
    records: &BTreeMap<EntityId, (i64, Record)>,
) -> Result<Option<(Names, Changed)>, StoreError> {
    let (order, commit) = (entry.applied.order(), &entry.applied.commit);
    let (gives, none) = (gives(commit), BTreeMap::new());
    let mut changed = Changed::default();
    let (mut several, mut another) = (Vec::new(), false);
    for (entity, (num, record)) in records {
        let ids = gives.get(entity).unwrap_or(&none);
        for (id, _) in ids.iter().filter(|(_, is)| **is) {
            changed.others.extend(claim(conn, (entity, order), id)?);
        }
        let touched = || -> Result<bool, StoreError> {
            Ok(conn
                .prepare_cached("SELECT count(*) > 1 FROM touched WHERE entity = ?1")?
                .query_row([num], |row| row.get(0))?)
        };
        if ids.len() > 1 || (!ids.is_empty() && touched()?) {
            several.push((entity, given_to(conn, *num, entity)?, record));
            another = true;
        } else if let Some(known) = before.of.get(entity) {
            let known = known.iter().map(|name| name.id.as_str()).collect();
            another |= put_ids(conn, entity, &known, record)?;
        }
    }
    for (entity, given, record) in several {
        forget(conn, before, entity)?;
        keep(conn, entity, &given, record)?;
    }
    for other in &changed.others {
        let num = apply::entity_num(conn, other)?;
        let kept;
        let record = if let Some((_, record)) = records.get(other) {
            record
        } else {
            kept = heads::load(conn, &mut heads::Addresses::default(), num)?;
            &kept
        };
        forget(conn, before, other)?;
        keep(conn, other, &given_to(conn, num, other)?, record)?;
    }
    if !another && changed.others.is_empty() {
        return Ok(None);
    }
    let after = names(conn)?;
    let ids = before.shown.keys().chain(after.shown.keys());
    let ids = ids.filter(|id| before.shown(id) != after.shown(id));
    changed.ids = ids.cloned().collect();
    Ok(Some((after, changed)))
}

/// Takes away what was kept of a record's ids, as far as they are still its own.
fn forget(conn: &Connection, before: &Names, entity: &EntityId) -> Result<(), StoreError> {
    for name in before.of.get(entity).into_iter().flatten() {
        conn.prepare_cached("DELETE FROM compiled WHERE key = ?1 AND body ->> 'entity' = ?2")?
            .execute((key(&name.id), entity.as_str()))?;
    }
    Ok(())
}

/// The records that are shown otherwise for it: those in whose rows such an id stands.
pub(super) fn naming(
    conn: &Connection,
    changed: &Changed,
) -> Result<Vec<(i64, EntityId)>, StoreError> {
    let mut found = BTreeMap::new();
    for other in &changed.others {
        found.insert(apply::entity_num(conn, other)?, other.clone());
    }
    if !changed.ids.is_empty() {
        let mut select = conn.prepare_cached(
            "SELECT h.entity, e.id, h.live || coalesce(r.body, '') FROM head h
             JOIN entity e ON e.num = h.entity LEFT JOIN record r ON r.entity = h.entity",
        )?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            let live = row.get_ref(2)?.as_str().unwrap_or_default();
            // As a value, and in an element of a set, which is kept as text.
            let mut texts = live.split('"').map(|it| it.trim_end_matches('\\'));
            if texts.any(|it| changed.ids.contains(it)) {
                found.insert(row.get(0)?, EntityId(row.get(1)?));
            }
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
