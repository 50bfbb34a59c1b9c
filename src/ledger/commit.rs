//! One user action as it is written, kept and forwarded. Refuses to judge what it means:
//! reading is in `decode`, merging in `merge`.

use serde::Serialize;
use serde_json::Value;

use super::id::{Dot, EntityId, Hash, ReplicaId};

/// The semantic level this version understands; a commit with a higher `need` is opaque.
pub const LEVEL: u32 = 1;

/// The level that commits are read at.
#[cfg(not(test))]
pub const fn level() -> u32 {
    LEVEL
}

#[cfg(test)]
thread_local! {
    static READS_AT: std::cell::Cell<u32> = const { std::cell::Cell::new(LEVEL) };
}

/// Tests have desks of several versions.
#[cfg(test)]
pub fn level() -> u32 {
    READS_AT.get()
}

/// Reads as another version would, on this thread.
#[cfg(test)]
pub(crate) fn read_at(level: u32) {
    READS_AT.set(level);
}

/// The largest commit: what does not compress still fits into a file of 16 MiB with what a file
/// says of itself.
pub const MAX_BYTES: usize = 15 << 20;

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Commit {
    pub replica: ReplicaId,
    /// Contiguous from 1.
    pub seq: u64,
    /// The tips of other replicas that the author had applied, where they moved.
    pub deps: Vec<Hash>,
    /// The device's clock when it was typed, RFC 3339 in UTC.
    pub wall: String,
    /// When it happened, if said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    pub person: String,
    #[serde(rename = "for", skip_serializing_if = "Option::is_none")]
    pub on_behalf: Option<String>,
    pub need: u32,
    /// Every entity the ops touch, so that a version that cannot read them knows what to close.
    pub entities: Vec<EntityId>,
    pub intent: Value,
    /// The commit this one takes back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undoes: Option<Hash>,
    pub ops: Vec<Op>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "op", rename_all = "lowercase")]
pub enum Op {
    Set {
        entity: EntityId,
        field: String,
        value: Value,
        replaces: Vec<Dot>,
    },
    Add {
        entity: EntityId,
        set: String,
        elem: Value,
    },
    Remove {
        entity: EntityId,
        set: String,
        elem: Value,
        observed: Vec<Dot>,
    },
    Event {
        entity: EntityId,
        kind: String,
        body: Value,
    },
    /// Takes back an event, or an earlier retract, by its dot.
    Retract {
        entity: EntityId,
        event: Dot,
    },
    /// A `set` counts as never written, or such a one as never taken back, by its dot.
    Back {
        entity: EntityId,
        field: String,
        dot: Dot,
    },
    Member {
        body: Value,
    },
    /// An op of a newer version, kept as it came.
    #[serde(untagged)]
    Unknown(Value),
}

impl Op {
    /// Returns the entity the op touches; membership and unknown ops do not say.
    pub const fn entity(&self) -> Option<&EntityId> {
        match self {
            Self::Set { entity, .. }
            | Self::Add { entity, .. }
            | Self::Remove { entity, .. }
            | Self::Event { entity, .. }
            | Self::Retract { entity, .. }
            | Self::Back { entity, .. } => Some(entity),
            Self::Member { .. } | Self::Unknown(_) => None,
        }
    }
}

/// What a `set` writes: whose field, the value, and what it replaces.
pub type Writes<'o> = (&'o EntityId, &'o Value, &'o [Dot]);

impl Op {
    /// What it writes to the field of this name, if it is a `set` of one.
    pub fn sets(&self, name: &str) -> Option<Writes<'_>> {
        match self {
            Self::Set {
                entity,
                field,
                value,
                replaces,
            } if field == name => Some((entity, value, replaces)),
            _ => None,
        }
    }
}

impl Commit {
    /// Returns the commit as one line of JSON without its newline: the bytes that are hashed.
    pub fn encode(&self) -> Vec<u8> {
        // Nothing here can fail: every map key is a string. Empty bytes would be void anyway.
        serde_json::to_vec(self).unwrap_or_default()
    }

    pub fn dot(&self, op: usize) -> Dot {
        Dot {
            replica: self.replica,
            seq: self.seq,
            op: u32::try_from(op).unwrap_or(u32::MAX),
        }
    }
}
