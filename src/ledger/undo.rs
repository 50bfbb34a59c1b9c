//! The ops that take a commit back. Restores what it replaced only while its own values stand;
//! refuses when something came after, and says what.

use serde_json::Value;

use super::canonical::canonical;
use super::commit::Op;
use super::id::{Dot, EntityId, Hash};
use super::merge::{Applied, Record};
use super::mutant::{self, Mutant};
use super::register::{Live, Register};

/// Why a commit cannot be taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotUndone {
    /// The field, set or kind of event was changed again, by the op at `dot`.
    Later {
        entity: EntityId,
        field: String,
        dot: Dot,
    },
    /// The op at `dot` is not one that can be taken back: membership, or from a newer version.
    Beyond { dot: Dot },
}

/// What undoing asks of the log.
pub struct Earlier<'a> {
    /// The op of an earlier dot.
    pub op_at: &'a dyn Fn(&Dot) -> Option<Op>,
    /// Whether a commit took another back.
    pub is_undo: &'a dyn Fn(&Hash) -> bool,
}

/// Returns the ops that take `target` back, from the present state of its entities.
pub fn undo<'r>(
    target: &Applied,
    record: &dyn Fn(&EntityId) -> Option<&'r Record>,
    log: &Earlier<'_>,
) -> Result<Vec<Op>, NotUndone> {
    let mut back = Back {
        target,
        log,
        ops: Vec::new(),
        idle: None,
    };
    let empty = Record::default();
    for (index, op) in target.commit.ops.iter().enumerate() {
        let own = (target.commit.dot(index), target.hash);
        if is_device(op) {
            // Whose chain it is was said beside the step; that stays said.
            back.idle.get_or_insert(NotUndone::Beyond { dot: own.0 });
            continue;
        }
        let Some(entity) = op.entity() else {
            return Err(NotUndone::Beyond { dot: own.0 });
        };
        back.op(op, own, (entity, record(entity).unwrap_or(&empty)))?;
    }
    match back.idle {
        Some(later) if back.ops.is_empty() => Err(later),
        _ => Ok(back.ops),
    }
}

fn is_device(op: &Op) -> bool {
    matches!(op, Op::Member { body } if body["do"] == "device")
}

struct Back<'a> {
    target: &'a Applied,
    log: &'a Earlier<'a>,
    ops: Vec<Op>,
    /// What made an op need no taking back; it only matters if none does.
    idle: Option<NotUndone>,
}

impl Back<'_> {
    fn op(&mut self, op: &Op, own: (Dot, Hash), at: (&EntityId, &Record)) -> Result<(), NotUndone> {
        match op {
            Op::Set { field, .. } => self.set(field, own, at),
            Op::Add { set, elem, .. } => self.add((set, elem), own, at),
            Op::Remove {
                set,
                elem,
                observed,
                ..
            } => {
                self.remove((set, elem), observed, at);
                Ok(())
            }
            Op::Event { kind, .. } => self.event(kind, own, at),
            Op::Retract { .. } => self.event("retract", own, at),
            Op::Member { .. } | Op::Unknown(_) => Err(NotUndone::Beyond { dot: own.0 }),
        }
    }

    fn set(
        &mut self,
        field: &str,
        own: (Dot, Hash),
        at: (&EntityId, &Record),
    ) -> Result<(), NotUndone> {
        let (entity, record) = at;
        let Some(register) = record.fields.get(field) else {
            return Err(later(entity, field, own.0));
        };
        if let Some(by) = register.gone.over(&own.0, &own.1).next_back() {
            // A later op of the same commit replaced it: that one restores for both.
            return if by.1 == own.1 {
                Ok(())
            } else {
                Err(later(entity, field, by.0))
            };
        }
        let mine = |dot: &Dot| (dot.replica, dot.seq) == (own.0.replica, own.0.seq);
        let live = register.live.iter().filter(|live| live.order.hash == own.1);
        let dots: Vec<_> = live.map(|live| live.dot).filter(mine).collect();
        match dots.first() {
            None => return Err(later(entity, field, own.0)),
            // Two writes that both stand are taken back together, at the first.
            Some(first) if *first != own.0 => return Ok(()),
            Some(_) => {}
        }
        let dots = [dots, self.copies(own.1, register)].concat();
        let mut values = self.earlier(entity, field, register);
        if mutant::is(Mutant::UndoEmpties) {
            values.clear();
        }
        if values.is_empty() {
            // What others put beside it stands alone then; else the field was empty.
            let mut others = register.live.iter().filter(|it| !dots.contains(&it.dot));
            let beside = others.next_back().map(|it| it.value.clone());
            values.push(beside.unwrap_or(Value::Null));
        }
        for value in values {
            self.ops.push(Op::Set {
                entity: entity.clone(),
                field: field.into(),
                value,
                replaces: dots.clone(),
            });
        }
        Ok(())
    }

    /// Returns the writes of undos that stand only because a value of the target stood beside what
    /// they took back: they go with it.
    fn copies(&self, target: Hash, register: &Register) -> Vec<Dot> {
        let own = |it: &&Live| it.order.hash == target;
        let is_copy = |it: &&Live| {
            register
                .live
                .iter()
                .filter(own)
                .any(|own| own.value == it.value)
                && it.order.hash != target
                && (self.log.is_undo)(&it.order.hash)
                && !self.restores(&it.dot, &it.value)
        };
        let found = register.live.iter().filter(is_copy);
        found.map(|it| it.dot).collect()
    }

    /// Whether an undo's write put back what the step had replaced that it took back.
    fn restores(&self, undo: &Dot, value: &Value) -> bool {
        let replaced = |dot: &Dot| match (self.log.op_at)(dot) {
            Some(Op::Set { replaces, .. }) => replaces,
            _ => Vec::new(),
        };
        let before = replaced(undo)
            .into_iter()
            .flat_map(|taken| replaced(&taken));
        before
            .filter_map(|dot| (self.log.op_at)(&dot))
            .any(|op| matches!(op, Op::Set { value: it, .. } if it == *value))
    }

    /// Returns the values that the target's writes to this field replaced, each once.
    fn earlier(&self, entity: &EntityId, field: &str, register: &Register) -> Vec<Value> {
        let mut values = Vec::new();
        for (index, op) in self.target.commit.ops.iter().enumerate() {
            let by = (self.target.commit.dot(index), self.target.hash);
            let Op::Set { replaces, .. } = op else {
                continue;
            };
            for dot in replaces.iter().filter(|dot| register.gone.has(dot, by)) {
                if (dot.replica, dot.seq) == (by.0.replica, by.0.seq) {
                    continue;
                }
                // Somebody else replaced it too, with a value that still stands.
                let stands = |other: (Dot, Hash)| {
                    let mut live = register.live.iter();
                    other.1 != by.1 && live.any(|it| (it.dot, it.order.hash) == other)
                };
                if register.gone.takers(dot).any(stands) {
                    continue;
                }
                match (self.log.op_at)(dot) {
                    Some(Op::Set {
                        entity: e,
                        field: f,
                        value,
                        ..
                    }) if e == *entity && f == field && !values.contains(&value) => {
                        values.push(value);
                    }
                    _ => {}
                }
            }
        }
        values
    }

    fn add(
        &mut self,
        (set, elem): (&str, &Value),
        own: (Dot, Hash),
        (entity, record): (&EntityId, &Record),
    ) -> Result<(), NotUndone> {
        match record.remover(set, &canonical(elem), own) {
            Some(by) if by.1 == own.1 => Ok(()),
            Some(by) => Err(later(entity, set, by.0)),
            None => {
                self.ops.push(Op::Remove {
                    entity: entity.clone(),
                    set: set.into(),
                    elem: elem.clone(),
                    observed: vec![own.0],
                });
                Ok(())
            }
        }
    }

    fn remove(&mut self, (set, elem): (&str, &Value), observed: &[Dot], at: (&EntityId, &Record)) {
        let (entity, record) = at;
        let commit = &self.target.commit;
        let there = |dot: &&Dot| (dot.replica, dot.seq) != (commit.replica, commit.seq);
        if observed.iter().find(there).is_none() {
            return;
        }
        // Someone else's addition already stands; a second one would outlive theirs.
        if let Some(dot) = record.observed(set, elem).last() {
            self.idle.get_or_insert_with(|| later(entity, set, *dot));
            return;
        }
        self.ops.push(Op::Add {
            entity: entity.clone(),
            set: set.into(),
            elem: elem.clone(),
        });
    }

    fn event(
        &mut self,
        kind: &str,
        own: (Dot, Hash),
        at: (&EntityId, &Record),
    ) -> Result<(), NotUndone> {
        let (entity, record) = at;
        if let Some(by) = record.retracted_by(own) {
            return Err(later(entity, kind, by));
        }
        self.ops.push(Op::Retract {
            entity: entity.clone(),
            event: own.0,
        });
        Ok(())
    }
}

fn later(entity: &EntityId, field: &str, dot: Dot) -> NotUndone {
    NotUndone::Later {
        entity: entity.clone(),
        field: field.into(),
        dot,
    }
}

#[cfg(test)]
#[path = "undo_tests.rs"]
mod tests;
