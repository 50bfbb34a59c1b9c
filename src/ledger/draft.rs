//! How an author writes a commit: one call an op, each returning the op's dot. Refuses to know a
//! clock, a person or what was seen: those come with the header.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::commit::{Commit, LEVEL, Op};
use super::id::{Dot, EntityId, Hash, ReplicaId};

#[derive(Clone, Debug)]
pub struct Draft {
    replica: ReplicaId,
    seq: u64,
    touched: Vec<EntityId>,
    ops: Vec<Op>,
    /// Where each entity's ops are.
    of_entity: HashMap<EntityId, Vec<usize>>,
}

/// What a commit says about itself, beside its ops.
#[derive(Clone, Debug)]
pub struct Header {
    pub deps: Vec<Hash>,
    pub wall: String,
    pub at: Option<String>,
    pub person: String,
    pub on_behalf: Option<String>,
    pub need: u32,
    pub intent: Value,
    pub undoes: Option<Hash>,
}

impl Default for Header {
    fn default() -> Self {
        Self {
            deps: Vec::new(),
            wall: String::new(),
            at: None,
            person: String::new(),
            on_behalf: None,
            need: LEVEL,
            intent: Value::Null,
            undoes: None,
        }
    }
}

impl Draft {
    pub fn new(replica: ReplicaId, seq: u64) -> Self {
        Self {
            replica,
            seq,
            touched: Vec::new(),
            ops: Vec::new(),
            of_entity: HashMap::new(),
        }
    }

    /// Returns the dot the next op will have.
    pub fn next_dot(&self) -> Dot {
        let op = u32::try_from(self.ops.len()).unwrap_or(u32::MAX);
        Dot {
            replica: self.replica,
            seq: self.seq,
            op,
        }
    }

    /// Names a new entity after the next op, which must be one that writes to it.
    pub fn create(&self) -> EntityId {
        self.next_dot().into()
    }

    /// Writes a field over the values that were seen (`Register::dots`, `Record::dots`), and over
    /// what this draft wrote there before.
    pub fn set(
        &mut self,
        entity: &EntityId,
        field: &str,
        value: impl Into<Value>,
        replaces: impl IntoIterator<Item = Dot>,
    ) -> Dot {
        let mut replaces: Vec<_> = replaces.into_iter().collect();
        self.own(
            entity,
            &mut replaces,
            |op| matches!(op, Op::Set { entity: e, field: f, .. } if e == entity && f == field),
        );
        self.push(Op::Set {
            entity: entity.clone(),
            field: field.into(),
            value: value.into(),
            replaces,
        })
    }

    pub fn add(&mut self, entity: &EntityId, set: &str, elem: impl Into<Value>) -> Dot {
        self.push(Op::Add {
            entity: entity.clone(),
            set: set.into(),
            elem: elem.into(),
        })
    }

    /// Takes an element out by the additions that were seen (`Record::observed`).
    pub fn remove(
        &mut self,
        entity: &EntityId,
        set: &str,
        elem: impl Into<Value>,
        observed: impl IntoIterator<Item = Dot>,
    ) -> Dot {
        let elem = elem.into();
        let mut observed: Vec<_> = observed.into_iter().collect();
        self.own(entity, &mut observed, |op| {
            matches!(op, Op::Add { entity: e, set: s, elem: v } if e == entity && s == set && *v == elem)
        });
        self.push(Op::Remove {
            entity: entity.clone(),
            set: set.into(),
            elem,
            observed,
        })
    }

    pub fn event(&mut self, entity: &EntityId, kind: &str, body: impl Into<Value>) -> Dot {
        self.push(Op::Event {
            entity: entity.clone(),
            kind: kind.into(),
            body: body.into(),
        })
    }

    pub fn retract(&mut self, entity: &EntityId, event: Dot) -> Dot {
        self.push(Op::Retract {
            entity: entity.clone(),
            event,
        })
    }

    /// Writes a membership op. It names no entity: `touch` the ones it concerns.
    pub fn member(&mut self, body: impl Into<Value>) -> Dot {
        self.push(Op::Member { body: body.into() })
    }

    pub fn push(&mut self, op: Op) -> Dot {
        let dot = self.next_dot();
        self.ops.push(op);
        if let Some(entity) = self.ops.last().and_then(Op::entity) {
            self.touched.push(entity.clone());
            let at = self.ops.len() - 1;
            self.of_entity.entry(entity.clone()).or_default().push(at);
        }
        dot
    }

    /// Names an entity that the commit concerns though no op writes to it.
    pub fn touch(&mut self, entity: &EntityId) {
        self.touched.push(entity.clone());
    }

    /// What this draft wrote to a field last.
    pub fn value(&self, entity: &EntityId, field: &str) -> Option<&Value> {
        let places = self.of_entity.get(entity)?;
        places.iter().rev().find_map(|at| match self.ops.get(*at)? {
            Op::Set {
                field: written,
                value,
                ..
            } if written == field => Some(value),
            _ => None,
        })
    }

    pub const fn is_empty(&self) -> bool {
        self.ops.is_empty()
    }

    pub fn finish(self, header: Header) -> Commit {
        let mut met = HashSet::new();
        let mut entities = self.touched;
        entities.retain(|entity| met.insert(entity.clone()));
        Commit {
            replica: self.replica,
            seq: self.seq,
            deps: header.deps,
            wall: header.wall,
            at: header.at,
            person: header.person,
            on_behalf: header.on_behalf,
            need: header.need,
            entities,
            intent: header.intent,
            undoes: header.undoes,
            ops: self.ops,
        }
    }

    /// Adds the dots of what this draft itself wrote before: only that entity's ops are looked at.
    fn own(&self, entity: &EntityId, dots: &mut Vec<Dot>, wanted: impl Fn(&Op) -> bool) {
        let (replica, seq) = (self.replica, self.seq);
        for &at in self.of_entity.get(entity).into_iter().flatten() {
            let dot = Dot {
                replica,
                seq,
                op: u32::try_from(at).unwrap_or(u32::MAX),
            };
            if self.ops.get(at).is_some_and(&wanted) && !dots.contains(&dot) {
                dots.push(dot);
            }
        }
    }
}
