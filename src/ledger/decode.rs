//! Reads a commit's bytes and gives a verdict: valid, opaque or void. One streaming pass for what this
//! version writes itself; refuses to repair anything, because the bytes are what was hashed.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt::{self, Display, Formatter};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::commit::{Commit, MAX_BYTES, Op, level};
use super::id::{Dot, EntityId, Hash, ReplicaId};
use super::strict::{self, Judged, MAX_NUMBER, Strict, Whole};

/// What a commit's bytes are worth. Nothing is ever dropped: a void commit still counts for causality.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Valid(Commit),
    /// From a newer version: the header can be trusted, the ops must not be applied.
    Opaque {
        commit: Commit,
        why: String,
    },
    Void {
        why: String,
    },
}

impl Verdict {
    /// What can be read of it: a void commit says nothing.
    pub const fn commit(&self) -> Option<&Commit> {
        match self {
            Self::Valid(commit) | Self::Opaque { commit, .. } => Some(commit),
            Self::Void { .. } => None,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed(pub String);

impl Display for Malformed {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Malformed {}

impl Commit {
    /// Judges bytes that came from anyone.
    pub fn decode(bytes: &[u8]) -> Verdict {
        Self::verdict(read::<Strict>(bytes))
    }

    /// The same for who only takes them in: what its author was asked to do is judged as well, and
    /// left out.
    pub fn decode_without_intent(bytes: &[u8]) -> Verdict {
        Self::verdict(read::<Judged>(bytes))
    }

    fn verdict(read: Result<Self, Malformed>) -> Verdict {
        match read.and_then(judged) {
            Err(Malformed(why)) => Verdict::Void { why },
            Ok(commit) if commit.need > level() => {
                let why = format!("needs level {}, this is level {}", commit.need, level());
                Verdict::Opaque { commit, why }
            }
            Ok(commit) if commit.ops.iter().any(|op| matches!(op, Op::Unknown(_))) => {
                let why = "has an operation this version does not know".into();
                Verdict::Opaque { commit, why }
            }
            Ok(commit) => Verdict::Valid(commit),
        }
    }

    /// Reads bytes of our own log, which were judged when they came in.
    pub fn decode_trusted(bytes: &[u8]) -> Result<Self, Malformed> {
        let text = std::str::from_utf8(bytes).map_err(malformed)?;
        fast::<Strict>(text)
            .or_else(|| slow(text).ok())
            .ok_or_else(|| Malformed("not a commit".into()))
    }
}

fn read<I: Intent>(bytes: &[u8]) -> Result<Commit, Malformed> {
    if bytes.len() > MAX_BYTES {
        return Err(Malformed("larger than 15 MiB".into()));
    }
    // A pack is lines: a commit with a newline between its tokens could not be forwarded verbatim.
    if bytes.contains(&b'\n') {
        return Err(Malformed("a newline inside".into()));
    }
    let text = std::str::from_utf8(bytes).map_err(malformed)?;
    fast::<I>(text).map_or_else(
        || {
            let commit = slow(text)?;
            let intent = I::of(commit.intent);
            Ok(Commit { intent, ..commit })
        },
        Ok,
    )
}

/// Whether a commit's intent is kept.
trait Intent: DeserializeOwned {
    /// The same of one that was read.
    fn of(read: Value) -> Value;
    fn value(self) -> Value;
}

impl Intent for Strict {
    fn of(read: Value) -> Value {
        read
    }

    fn value(self) -> Value {
        self.0
    }
}

impl Intent for Judged {
    fn of(_: Value) -> Value {
        Value::Null
    }

    fn value(self) -> Value {
        Value::Null
    }
}

fn judged(commit: Commit) -> Result<Commit, Malformed> {
    if commit.seq == 0 || commit.seq > MAX_NUMBER {
        return Err(Malformed(format!("commit number {}", commit.seq)));
    }
    match uncovered(&commit) {
        Some(entity) => Err(Malformed(format!("touches {entity} without naming it"))),
        None => Ok(commit),
    }
}

fn uncovered(commit: &Commit) -> Option<&EntityId> {
    let mut touched = commit.ops.iter().filter_map(Op::entity);
    // An import may touch thousands; the ordinary commit touches one and needs no table.
    if commit.entities.len() <= 8 {
        return touched.find(|entity| !commit.entities.contains(entity));
    }
    let named: HashSet<_> = commit.entities.iter().collect();
    touched.find(|entity| !named.contains(entity))
}

/// A commit as it lies on disk. Unknown keys are an error, which sends the bytes the slow way.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire<O, I> {
    replica: ReplicaId,
    seq: u64,
    deps: Vec<Hash>,
    wall: String,
    at: Option<String>,
    person: String,
    #[serde(rename = "for")]
    on_behalf: Option<String>,
    need: u32,
    entities: Vec<EntityId>,
    intent: I,
    undoes: Option<Hash>,
    ops: Vec<O>,
}

const HEADER: [&str; 11] = [
    "replica", "seq", "deps", "wall", "at", "person", "for", "need", "entities", "intent", "undoes",
];

impl<O, I: Intent> Wire<O, I> {
    fn commit(self, read: impl FnMut(O) -> Result<Op, Malformed>) -> Result<Commit, Malformed> {
        Ok(Commit {
            replica: self.replica,
            seq: self.seq,
            deps: self.deps,
            wall: self.wall,
            at: self.at,
            person: self.person,
            on_behalf: self.on_behalf,
            need: self.need,
            entities: self.entities,
            intent: self.intent.value(),
            undoes: self.undoes,
            ops: self.ops.into_iter().map(read).collect::<Result<_, _>>()?,
        })
    }
}

/// Every known op laid flat, so that serde reads it in one pass whatever the order of its keys.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Flat<'a> {
    #[serde(borrow)]
    op: Cow<'a, str>,
    entity: Option<EntityId>,
    field: Option<String>,
    set: Option<String>,
    kind: Option<String>,
    event: Option<Dot>,
    dot: Option<Dot>,
    replaces: Option<Vec<Dot>>,
    observed: Option<Vec<Dot>>,
    #[serde(default, deserialize_with = "strict::some")]
    value: Option<Value>,
    #[serde(default, deserialize_with = "strict::some")]
    elem: Option<Value>,
    #[serde(default, deserialize_with = "strict::some")]
    body: Option<Value>,
}

/// Returns the keys an op of this name has, or nothing for an op of a newer version.
fn keys(op: &str) -> Option<&'static [&'static str]> {
    Some(match op {
        "set" => &["entity", "field", "value", "replaces"],
        "add" => &["entity", "set", "elem"],
        "remove" => &["entity", "set", "elem", "observed"],
        "event" => &["entity", "kind", "body"],
        "retract" => &["entity", "event"],
        "back" => &["entity", "field", "dot"],
        "member" => &["body"],
        _ => return None,
    })
}

impl Flat<'_> {
    fn count(&self) -> usize {
        let texts = [
            self.field.is_some(),
            self.set.is_some(),
            self.kind.is_some(),
        ];
        let dots = [
            self.event.is_some(),
            self.dot.is_some(),
            self.replaces.is_some(),
            self.observed.is_some(),
        ];
        let values = [
            self.value.is_some(),
            self.elem.is_some(),
            self.body.is_some(),
        ];
        let all = texts.iter().chain(&dots).chain(&values);
        usize::from(self.entity.is_some()) + all.filter(|there| **there).count()
    }

    /// Takes the op only when it has exactly its keys.
    fn op(self) -> Option<Op> {
        if self.count() != keys(&self.op)?.len() {
            return None;
        }
        Some(match &*self.op {
            "set" => Op::Set {
                entity: self.entity?,
                field: self.field?,
                value: self.value?,
                replaces: self.replaces?,
            },
            "add" => Op::Add {
                entity: self.entity?,
                set: self.set?,
                elem: self.elem?,
            },
            "remove" => Op::Remove {
                entity: self.entity?,
                set: self.set?,
                elem: self.elem?,
                observed: self.observed?,
            },
            "event" => Op::Event {
                entity: self.entity?,
                kind: self.kind?,
                body: self.body?,
            },
            "retract" => Op::Retract {
                entity: self.entity?,
                event: self.event?,
            },
            "back" => Op::Back {
                entity: self.entity?,
                field: self.field?,
                dot: self.dot?,
            },
            _ => Op::Member { body: self.body? },
        })
    }
}

fn malformed(error: impl Display) -> Malformed {
    Malformed(error.to_string())
}

/// Reads what this version could have written; anything else is `None`, not yet wrong.
fn fast<I: Intent>(text: &str) -> Option<Commit> {
    let wire: Wire<Flat<'_>, I> = serde_json::from_str(text).ok()?;
    wire.commit(|flat| flat.op().ok_or_else(|| Malformed(String::new())))
        .ok()
}

/// Reads anything, to tell what is newer than this version from what is wrong.
fn slow(text: &str) -> Result<Commit, Malformed> {
    let Whole(mut tree) = serde_json::from_str(text).map_err(malformed)?;
    let Some(header) = tree.as_object_mut() else {
        return Err(Malformed("not an object".into()));
    };
    // A newer header key that mattered would have come with a higher `need`.
    header.retain(|key, _| key == "ops" || HEADER.contains(&key.as_str()));
    let wire: Wire<Value, Strict> = serde_json::from_value(tree).map_err(malformed)?;
    let newer = wire.need > level();
    wire.commit(|op| match op_of(&op) {
        Ok(Some(known)) => Ok(known),
        Ok(None) => Ok(Op::Unknown(op)),
        Err(_) if newer => Ok(Op::Unknown(op)),
        Err(why) => Err(why),
    })
}

/// Returns nothing for an op of a newer version: another name, or a key more than we know.
fn op_of(tree: &Value) -> Result<Option<Op>, Malformed> {
    let name = tree.get("op").and_then(Value::as_str);
    let (Some(map), Some(name)) = (tree.as_object(), name) else {
        return Err(Malformed("an operation without a name".into()));
    };
    let Some(keys) = keys(name) else {
        return Ok(None);
    };
    if map
        .keys()
        .any(|key| key != "op" && !keys.contains(&key.as_str()))
    {
        return Ok(None);
    }
    let flat = Flat::deserialize(tree).map_err(malformed)?;
    flat.op()
        .map(Some)
        .ok_or_else(|| Malformed(format!("`{name}` lacks a key")))
}

#[cfg(test)]
#[path = "decode_tests.rs"]
mod tests;
