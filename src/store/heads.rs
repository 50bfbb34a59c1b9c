//! The live values of an entity, kept compactly between commits: a value names
//! the log row that wrote it. Rebuilds the ledger's record from them and back.

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasherDefault, Hasher};

use rusqlite::{Connection, OptionalExtension};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{StoreError, log};
use crate::ledger::{Dot, Hash, Live, Order, Record, ReplicaId};

/// As stored: field → live values, set → element → additions.
#[derive(Serialize, Deserialize)]
#[serde(bound(deserialize = "K: Deserialize<'de> + Ord, V: Deserialize<'de>"))]
struct Stored<K: Ord, V> {
    #[serde(default, rename = "f", skip_serializing_if = "BTreeMap::is_empty")]
    fields: BTreeMap<K, Vec<(i64, u32, V)>>,
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
    match kept(conn, entity)? {
        Some(live) => read(&live, &mut |num| addresses.by_num(conn, num)),
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

/// A record from its live values as they are kept; `address` finds a row of the log.
pub(super) fn read(
    live: &str,
    address: &mut dyn FnMut(i64) -> Result<Address, StoreError>,
) -> Result<Record, StoreError> {
    let stored: Stored<String, Value> = serde_json::from_str(live)
        .map_err(|error| StoreError::Broken(format!("the live values of a record: {error}")))?;
    let mut fields = BTreeMap::new();
    for (field, values) in stored.fields {
        let mut register = Vec::with_capacity(values.len());
        for (num, op, value) in values {
            let at = address(num)?;
            register.push(Live {
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
            });
        }
        fields.insert(field, register);
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

/// Keeps the live values of a record.
pub(super) fn save(
    conn: &Connection,
    addresses: &mut Addresses,
    entity: i64,
    record: &Record,
) -> Result<(), StoreError> {
    let live = stored(record, &mut |_, hash| addresses.by_hash(conn, hash))?;
    put(conn, entity, &live)
}

/// The live values of a record as they are kept; `row` finds a commit in the log.
pub(super) fn stored(
    record: &Record,
    row: &mut dyn FnMut(&Dot, &Hash) -> Result<i64, StoreError>,
) -> Result<String, StoreError> {
    let mut stored: Stored<&str, &Value> = Stored {
        fields: BTreeMap::new(),
        sets: BTreeMap::new(),
        taken_back: record.is_taken_back(),
    };
    for (field, register) in &record.fields {
        let mut values = Vec::with_capacity(register.live.len());
        for live in &register.live {
            values.push((row(&live.dot, &live.order.hash)?, live.dot.op, &live.value));
        }
        stored.fields.insert(field, values);
    }
    for ((set, element), added) in record.additions() {
        let mut dots = Vec::with_capacity(added.len());
        for (dot, hash) in added {
            dots.push((row(&dot, &hash)?, dot.op));
        }
        stored.sets.entry(set).or_default().insert(element, dots);
    }
    serde_json::to_string(&stored).map_err(|error| StoreError::Broken(error.to_string()))
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
