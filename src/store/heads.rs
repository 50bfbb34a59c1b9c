//! The live values of an entity, kept compactly between commits: a value names the log row that
//! wrote it, and what the record's row says of a field anyway is not kept twice. Rebuilds the
//! ledger's record from them and back. Refuses to guess: whoever changes the row of a record keeps
//! its live values anew.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Display;
use std::hash::{BuildHasherDefault, Hasher};

use rusqlite::{Connection, OptionalExtension};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{StoreError, log};
use crate::ledger::{Dot, Hash, Live, Order, Record, ReplicaId};

/// As stored: field → live values, set → element → additions, and log row → field → op where the
/// record's row has the value.
#[derive(Serialize, Deserialize)]
#[serde(bound(deserialize = "K: Deserialize<'de> + Ord, V: Deserialize<'de>"))]
struct Stored<K: Ord, V> {
    #[serde(default, rename = "f", skip_serializing_if = "BTreeMap::is_empty")]
    fields: BTreeMap<K, Vec<(i64, u32, V)>>,
    #[serde(default, rename = "r", skip_serializing_if = "BTreeMap::is_empty")]
    in_row: BTreeMap<i64, BTreeMap<K, u32>>,
    #[serde(default, rename = "s", skip_serializing_if = "BTreeMap::is_empty")]
    sets: BTreeMap<String, BTreeMap<String, Vec<(i64, u32)>>>,
    /// Something in a field was taken back.
    #[serde(default, rename = "b", skip_serializing_if = "std::ops::Not::not")]
    taken_back: bool,
}

/// A commit's hash is as good as any hash of it.
#[derive(Default)]
pub(super) struct Taken(u64);

impl Hasher for Taken {
    fn write(&mut self, bytes: &[u8]) {
        // The last write is the hash itself; its length comes before.
        self.0 = bytes
            .first_chunk()
            .map_or(self.0, |first| u64::from_le_bytes(*first));
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// Where a log row stands, as far as a dot and an order need it.
#[derive(Clone, Copy)]
pub(super) struct Address {
    pub hash: Hash,
    pub replica: ReplicaId,
    pub seq: u64,
    pub lamport: u64,
}

/// Log rows met so far, both ways.
#[derive(Default)]
pub(super) struct Addresses {
    by_num: HashMap<i64, Address>,
    by_hash: HashMap<Hash, i64, BuildHasherDefault<Taken>>,
}

impl Addresses {
    pub(super) fn learn(&mut self, num: i64, address: Address) {
        self.by_num.insert(num, address);
        self.by_hash.insert(address.hash, num);
    }

    fn by_num(&mut self, conn: &Connection, num: i64) -> Result<Address, StoreError> {
        if let Some(address) = self.by_num.get(&num) {
            return Ok(*address);
        }
        let address = conn
            .prepare_cached(
                "SELECT l.hash, r.id, l.seq, l.lamport FROM log l JOIN replica r ON r.num = l.replica WHERE l.num = ?1",
            )?
            .query_row([num], |row| {
                Ok(Address {
                    hash: Hash(row.get(0)?),
                    replica: ReplicaId(row.get(1)?),
                    seq: row.get::<_, i64>(2)?.unsigned_abs(),
                    lamport: row.get::<_, i64>(3)?.unsigned_abs(),
                })
            })?;
        self.learn(num, address);
        Ok(address)
    }

    fn by_hash(&mut self, conn: &Connection, hash: &Hash) -> Result<i64, StoreError> {
        if let Some(num) = self.by_hash.get(hash) {
            return Ok(*num);
        }
        let num = log::placed(conn, hash)?;
        self.by_hash.insert(*hash, num);
        Ok(num)
    }
}

/// The record of an entity as it stands, without its events.
pub(super) fn load(
    conn: &Connection,
    addresses: &mut Addresses,
    entity: i64,
) -> Result<Record, StoreError> {
    let kept = conn
        .prepare_cached(
            "SELECT h.live, r.body FROM head h LEFT JOIN record r ON r.entity = h.entity
             WHERE h.entity = ?1",
        )?
        .query_row([entity], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, Option<String>>(1)?))
        })
        .optional()?;
    match kept {
        Some((live, row)) => read((&live, row.as_deref()), &mut |num| {
            addresses.by_num(conn, num)
        }),
        None => Ok(Record::default()),
    }
}

/// The live values of an entity as they are kept, if any are.
pub(super) fn kept(conn: &Connection, entity: i64) -> Result<Option<String>, StoreError> {
    Ok(conn
        .prepare_cached("SELECT live FROM head WHERE entity = ?1")?
        .query_row([entity], |row| row.get(0))
        .optional()?)
}

/// A record from its live values as they are kept and what its row says; `address` finds a row of
/// the log.
pub(super) fn read(
    (live, row): (&str, Option<&str>),
    address: &mut dyn FnMut(i64) -> Result<Address, StoreError>,
) -> Result<Record, StoreError> {
    let stored: Stored<String, Value> = serde_json::from_str(live).map_err(unreadable)?;
    let mut fields = BTreeMap::new();
    for (field, values) in stored.fields {
        let mut register = Vec::with_capacity(values.len());
        for (num, op, value) in values {
            register.push(written(address(num)?, op, value));
        }
        fields.insert(field, register);
    }
    if !stored.in_row.is_empty() {
        let mut row: Value = serde_json::from_str(row.unwrap_or_default()).map_err(unreadable)?;
        for (num, ops) in stored.in_row {
            let at = address(num)?;
            for (field, op) in ops {
                let value = place(&mut row, &field).map(Value::take);
                let value = value.ok_or_else(|| unreadable(format!("{field} is missing")))?;
                fields.insert(field, vec![written(at, op, value)]);
            }
        }
    }
    let mut sets = Vec::new();
    for (set, elements) in stored.sets {
        for (element, dots) in elements {
            let mut added = Vec::with_capacity(dots.len());
            for (num, op) in dots {
                let at = address(num)?;
                added.push((
                    Dot {
                        replica: at.replica,
                        seq: at.seq,
                        op,
                    },
                    at.hash,
                ));
            }
            sets.push(((set.clone(), element), added));
        }
    }
    Ok(Record::restore(fields, sets, stored.taken_back))
}

fn unreadable(why: impl Display) -> StoreError {
    StoreError::Broken(format!("the live values of a record: {why}"))
}

fn written(at: Address, op: u32, value: Value) -> Live {
    Live {
        dot: Dot {
            replica: at.replica,
            seq: at.seq,
            op,
        },
        value,
        order: Order {
            lamport: at.lamport,
            replica: at.replica,
            hash: at.hash,
        },
    }
}

/// Where the row of a record says a field, if it says it as it was written: the other way round
/// than `project` makes the row.
fn place<'r>(row: &'r mut Value, field: &str) -> Option<&'r mut Value> {
    match field {
        "kind" => None,
        "kind_of" => row.get_mut("kind"),
        _ => match field.split_once(':') {
            Some((outer, inner)) => row.get_mut(outer)?.as_object_mut()?.get_mut(inner),
            None => row.get_mut(field),
        },
    }
}

/// Keeps the live values of a record whose row is this now, if it has one.
pub(super) fn save(
    conn: &Connection,
    addresses: &mut Addresses,
    entity: i64,
    (record, row): (&Record, Option<&str>),
) -> Result<(), StoreError> {
    let live = stored((record, row), &mut |_, hash| addresses.by_hash(conn, hash))?;
    put(conn, entity, &live)
}

/// The live values of a record as they are kept beside its row; `log` finds a commit in the log.
pub(super) fn stored(
    (record, row): (&Record, Option<&str>),
    log: &mut dyn FnMut(&Dot, &Hash) -> Result<i64, StoreError>,
) -> Result<String, StoreError> {
    let mut row: Value = match row {
        Some(row) => serde_json::from_str(row).map_err(unreadable)?,
        None => Value::Null,
    };
    let mut stored: Stored<&str, &Value> = Stored {
        fields: BTreeMap::new(),
        in_row: BTreeMap::new(),
        sets: BTreeMap::new(),
        taken_back: record.is_taken_back(),
    };
    for (field, register) in &record.fields {
        if let [live] = register.live.as_slice()
            && is_alone(record, field)
            && place(&mut row, field).is_some_and(|said| *said == live.value)
        {
            let num = log(&live.dot, &live.order.hash)?;
            let ops = stored.in_row.entry(num).or_default();
            ops.insert(field, live.dot.op);
            continue;
        }
        let mut values = Vec::with_capacity(register.live.len());
        for live in &register.live {
            values.push((log(&live.dot, &live.order.hash)?, live.dot.op, &live.value));
        }
        stored.fields.insert(field, values);
    }
    for ((set, element), added) in record.additions() {
        let mut dots = Vec::with_capacity(added.len());
        for (dot, hash) in added {
            dots.push((log(&dot, &hash)?, dot.op));
        }
        stored.sets.entry(set).or_default().insert(element, dots);
    }
    serde_json::to_string(&stored).map_err(|error| StoreError::Broken(error.to_string()))
}

/// Whether no other field is said in the same place of a row.
fn is_alone(record: &Record, field: &str) -> bool {
    match field.split_once(':') {
        Some((outer, _)) => outer != "kind" && !record.fields.contains_key(outer),
        None => true,
    }
}

/// Keeps the live values of every record beside its row, in a desk where they were kept whole.
pub(super) fn adopt(conn: &Connection) -> Result<(), StoreError> {
    let mut all = conn.prepare("SELECT entity FROM record ORDER BY entity")?;
    let all: Vec<i64> = all
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let mut addresses = Addresses::default();
    for entity in all {
        // What cannot be read stays as it is: `doctor --rebuild` makes it anew.
        let Ok(record) = load(conn, &mut addresses, entity) else {
            continue;
        };
        let row: String = conn
            .prepare_cached("SELECT body FROM record WHERE entity = ?1")?
            .query_row([entity], |row| row.get(0))?;
        save(conn, &mut addresses, entity, (&record, Some(&row)))?;
    }
    Ok(())
}

/// Takes the live values of entities away, of which they are kept anew.
pub(super) fn clear(conn: &Connection, (from, to): (i64, i64)) -> Result<(), StoreError> {
    conn.prepare_cached("DELETE FROM head WHERE entity BETWEEN ?1 AND ?2")?
        .execute((from, to))?;
    Ok(())
}

/// A remark changes no value: then the row stays as it lies.
pub(super) fn put(conn: &Connection, entity: i64, live: &str) -> Result<(), StoreError> {
    conn.prepare_cached(
        "INSERT INTO head (entity, live) VALUES (?1, ?2)
         ON CONFLICT (entity) DO UPDATE SET live = excluded.live WHERE live <> excluded.live",
    )?
    .execute((entity, live))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn address(number: i64) -> Result<Address, StoreError> {
        let number = u8::try_from(number).unwrap();
        Ok(Address {
            hash: Hash([number; 32]),
            replica: ReplicaId([1; 16]),
            seq: number.into(),
            lamport: number.into(),
        })
    }

    fn live(number: i64, value: Value) -> Live {
        written(address(number).unwrap(), 7, value)
    }

    fn record(fields: &[(&str, Value)]) -> Record {
        let fields = fields.iter().zip(1..).map(|((field, value), number)| {
            ((*field).to_owned(), vec![live(number, value.clone())])
        });
        Record::restore(fields.collect(), Vec::new(), false)
    }

    /// How a record is kept beside its row, made sure to be the same when it is read again.
    #[track_caller]
    fn kept_beside(record: &Record, row: Option<&str>) -> Value {
        let number = |hash: &Hash| i64::from(hash.0[0]);
        let stored = stored((record, row), &mut |_, hash| Ok(number(hash))).unwrap();
        let again = read((&stored, row), &mut address).unwrap();
        assert_eq!(again.fields, record.fields, "{stored}");
        serde_json::from_str(&stored).unwrap()
    }

    #[test]
    fn what_the_row_of_a_record_says_is_kept_once() {
        let fields = [
            ("id", json!("R-1")),
            ("kind_of", json!("minor")),
            ("name", json!("ARC")),
            ("results:QC_1", json!({"result": "OK"})),
        ];
        let row = json!({
            "id": "R-1", "kind": "minor", "name": "ARC", "results": {"QC_1": {"result": "OK"}}
        });
        let kept = kept_beside(&record(&fields), Some(&row.to_string()));
        let alone = json!({"r": {
            "1": {"id": 7}, "2": {"kind_of": 7}, "3": {"name": 7}, "4": {"results:QC_1": 7}
        }});
        assert_eq!(kept, alone);
    }

    #[test]
    fn what_the_row_of_a_record_does_not_say_so_is_kept_whole() {
        let nested = record(&[("a", json!({"b": 1})), ("a:b", json!(1))]);
        let kept = kept_beside(&nested, Some(r#"{"a": {"b": 1}}"#));
        assert_eq!(kept["f"], json!({"a:b": [[2, 7, 1]]}));
        let kinds = [("kind", json!("release")), ("kind:x", json!(2))];
        let kept = kept_beside(&record(&kinds), Some(r#"{"kind": {"x": 2}}"#));
        assert_eq!(kept.get("r"), None);
        let other = record(&[("name", json!("ARC")), ("gone", json!(1))]);
        for row in [None, Some("{}"), Some(r#"{"name": "arc"}"#)] {
            assert_eq!(kept_beside(&other, row).get("r"), None, "{row:?}");
        }
        let mut disputed = other.fields.clone();
        let both = disputed.get_mut("name").unwrap();
        both.live.push(live(9, json!("arc")));
        let fields = disputed.into_iter().map(|(field, it)| (field, it.live));
        let disputed = Record::restore(fields.collect(), Vec::new(), false);
        let kept = kept_beside(&disputed, Some(r#"{"name": "ARC", "gone": 1}"#));
        assert_eq!(kept["f"]["name"], json!([[1, 7, "ARC"], [9, 7, "arc"]]));
        assert_eq!(kept["r"], json!({"2": {"gone": 7}}));
    }

    #[test]
    fn live_values_without_the_row_that_has_them_are_refused() {
        for row in [None, Some("{"), Some("{}"), Some("[]")] {
            let read = read((r#"{"r": {"1": {"name": 7}}}"#, row), &mut address);
            assert!(read.is_err(), "{row:?}");
        }
    }
}
