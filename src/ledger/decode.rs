//! Reads a commit's bytes and gives a verdict: valid, opaque or void. One streaming pass for what this
//! version writes itself; refuses to repair anything, because the bytes are what was hashed.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt::{self, Display, Formatter};

use serde::Deserialize;
use serde_json::Value;

use super::commit::{Commit, MAX_BYTES, Op, level};
use super::id::{Dot, EntityId, Hash, ReplicaId};
use super::strict::{self, MAX_NUMBER, Strict};

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
        match read(bytes).and_then(judged) {
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
        fast(text)
            .or_else(|| slow(text).ok())
            .ok_or_else(|| Malformed("not a commit".into()))
    }
}

fn read(bytes: &[u8]) -> Result<Commit, Malformed> {
    if bytes.len() > MAX_BYTES {
        return Err(Malformed("larger than 15 MiB".into()));
    }
    // A pack is lines: a commit with a newline between its tokens could not be forwarded verbatim.
    if bytes.contains(&b'\n') {
        return Err(Malformed("a newline inside".into()));
    }
    let text = std::str::from_utf8(bytes).map_err(malformed)?;
    fast(text).map_or_else(|| slow(text), Ok)
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
struct Wire<O> {
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
    #[serde(deserialize_with = "strict::value")]
    intent: Value,
    undoes: Option<Hash>,
    ops: Vec<O>,
}

const HEADER: [&str; 11] = [
    "replica", "seq", "deps", "wall", "at", "person", "for", "need", "entities", "intent", "undoes",
];

impl<O> Wire<O> {
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
            intent: self.intent,
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
            self.replaces.is_some(),
            self.observed.is_some(),
        ];
        let values = [
            self.value.is_some(),
            self.elem.is_some(),
            self.body.is_some(),
        ];
        let all = [texts, dots, values];
        usize::from(self.entity.is_some()) + all.iter().flatten().filter(|there| **there).count()
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
            _ => Op::Member { body: self.body? },
        })
    }
}

fn malformed(error: impl Display) -> Malformed {
    Malformed(error.to_string())
}

/// Reads what this version could have written; anything else is `None`, not yet wrong.
fn fast(text: &str) -> Option<Commit> {
    let wire: Wire<Flat<'_>> = serde_json::from_str(text).ok()?;
    wire.commit(|flat| flat.op().ok_or_else(|| Malformed(String::new())))
        .ok()
}

/// Reads anything, to tell what is newer than this version from what is wrong.
fn slow(text: &str) -> Result<Commit, Malformed> {
    let Strict(mut tree) = serde_json::from_str(text).map_err(malformed)?;
    let Some(header) = tree.as_object_mut() else {
        return Err(Malformed("not an object".into()));
    };
    // A newer header key that mattered would have come with a higher `need`.
    header.retain(|key, _| key == "ops" || HEADER.contains(&key.as_str()));
    let wire: Wire<Value> = serde_json::from_value(tree).map_err(malformed)?;
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
mod tests {
    use super::super::draft::{Draft, Header};
    use super::*;
    use serde_json::json;

    fn sample() -> Commit {
        let mut draft = Draft::new(ReplicaId([7; 16]), 3);
        let ticket = draft.create();
        let first = draft.set(&ticket, "title", "Füße \"x\"\n", []);
        draft.set(&ticket, "none", Value::Null, []);
        draft.set(&ticket, "title", json!({"b": [1, -2], "a": true}), [first]);
        draft.add(&ticket, "labels", "urgent");
        draft.remove(&ticket, "labels", "urgent", [first]);
        let told = draft.event(&ticket, "comment", json!({"text": "hello"}));
        draft.retract(&ticket, told);
        draft.member(json!({"person": "anna"}));
        draft.finish(Header {
            deps: vec![Hash([9; 32])],
            wall: "2026-03-10T09:00:00Z".into(),
            at: Some("2026-03-09".into()),
            person: "alice".into(),
            on_behalf: Some("bob".into()),
            intent: json!({"do": "title"}),
            undoes: Some(Hash([8; 32])),
            ..Header::default()
        })
    }

    fn text() -> String {
        String::from_utf8(sample().encode()).unwrap()
    }

    fn void(bytes: &[u8]) -> bool {
        matches!(Commit::decode(bytes), Verdict::Void { .. })
    }

    #[track_caller]
    fn check(from: &str, to: &str, verdict: &str) {
        assert!(text().contains(from), "{from} is not in {}", text());
        let bytes = text().replacen(from, to, 1);
        let got = match Commit::decode(bytes.as_bytes()) {
            Verdict::Valid(_) => "valid".into(),
            Verdict::Opaque { why, .. } => format!("opaque: {why}"),
            Verdict::Void { why } => format!("void: {why}"),
        };
        assert!(got.starts_with(verdict), "{to} gave {got}");
    }

    #[test]
    fn what_is_written_is_read_back() {
        let commit = sample();
        assert_eq!(
            Commit::decode(&commit.encode()),
            Verdict::Valid(commit.clone())
        );
        assert_eq!(Commit::decode_trusted(&commit.encode()), Ok(commit));
        assert!(!sample().encode().contains(&b'\n'));
        assert!(text().starts_with(r#"{"replica":"0707"#));
    }

    #[test]
    fn the_fast_way_reads_everything_this_version_writes() {
        assert_eq!(fast(&text()), slow(&text()).ok());
        assert!(fast(&text()).is_some());
    }

    #[test]
    fn keys_may_come_in_any_order() {
        let tree: Value = serde_json::from_str(&text()).unwrap();
        assert_eq!(
            Commit::decode(tree.to_string().as_bytes()),
            Verdict::Valid(sample())
        );
    }

    #[test]
    fn a_float_or_a_number_beyond_2_53_is_void() {
        check("[1,-2]", "[1.0,-2]", "void");
        check("[1,-2]", "[1e3,-2]", "void");
        check("[1,-2]", "[-0,-2]", "void");
        check("[1,-2]", "[9007199254740992,-2]", "valid");
        check("[1,-2]", "[9007199254740993,-2]", "void");
        check("[1,-2]", "[1,-9007199254740993]", "void");
        check("[1,-2]", "[123456789012345678901234567890]", "void");
        check("\"seq\":3", "\"seq\":3.0", "void");
        check("\"seq\":3", "\"seq\":9007199254740993", "void");
    }

    #[test]
    fn a_duplicate_key_is_void_wherever_it_is() {
        check("\"a\":true", "\"a\":true,\"a\":true", "void");
        check("\"a\":true", "\"a\":true,\"\\u0061\":true", "void");
        check("\"seq\":3", "\"seq\":3,\"seq\":3", "void");
        check("\"seq\":3", "\"new\":3,\"seq\":3,\"new\":3", "void");
        check("\"op\":\"add\"", "\"op\":\"add\",\"op\":\"add\"", "void");
        check("\"op\":\"add\"", "\"op\":\"add\",\"set\":\"x\"", "void");
        check("\"op\":\"add\"", "\"op\":\"newer\",\"set\":\"x\"", "void");
    }

    #[test]
    fn a_malformed_commit_is_void() {
        check("\"seq\":3", "\"seq\":0", "void");
        check("\"seq\":3,", "", "void");
        check("\"entities\":[", "\"entities\":[],\"x\":[", "void: touches");
        check(
            "\"elem\":\"urgent\"",
            "\"op2\":1,\"elem\":\"urgent\"",
            "opaque",
        );
        check(",\"elem\":\"urgent\"", "", "void");
        check("\"seq\":3", "\n\"seq\":3", "void: a newline");
        check("\"op\":\"add\",", "", "void");
        assert!(void(b""));
        assert!(void(b"[]"));
        assert!(void(b"{\"replica\":\"\xff\"}"));
        assert!(void(&[text().as_bytes(), b" x"].concat()));
        assert!(void(&vec![b' '; MAX_BYTES + 1]));
    }

    #[test]
    fn an_unknown_operation_is_opaque_and_kept() {
        check(
            "\"op\":\"add\"",
            "\"op\":\"newer\"",
            "opaque: has an operation",
        );
        let bytes = text().replacen("\"op\":\"add\"", "\"op\":\"newer\"", 1);
        let Verdict::Opaque { commit, .. } = Commit::decode(bytes.as_bytes()) else {
            panic!("not opaque");
        };
        assert_eq!(commit.entities, sample().entities);
        assert_eq!(Commit::decode_trusted(&commit.encode()), Ok(commit));
    }

    #[test]
    fn a_higher_need_is_opaque_whatever_its_operations_look_like() {
        check("\"need\":1", "\"need\":2", "opaque: needs level 2");
        let bytes = text().replacen("\"need\":1", "\"need\":2", 1);
        let bytes = bytes.replacen(",\"elem\":\"urgent\"", "", 1);
        assert!(matches!(
            Commit::decode(bytes.as_bytes()),
            Verdict::Opaque { .. }
        ));
    }

    #[test]
    fn a_header_key_of_a_newer_version_is_passed_over() {
        check("\"seq\":3", "\"new\":{\"x\":[1]},\"seq\":3", "valid");
        check("\"seq\":3", "\"new\":{\"x\":[1.5]},\"seq\":3", "void");
    }
}
