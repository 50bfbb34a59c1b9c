//! The ops that take a commit back: what it wrote to a field counts as never written, so that what
//! stands is what others wrote, or what there was before. Refuses when something came after, and says
//! what.

use serde_json::Value;

use super::backs::Standing;
use super::canonical::canonical;
use super::commit::Op;
use super::id::{Dot, EntityId, Hash};
use super::merge::{Applied, Record};
use super::mutant::{self, Mutant};
use super::register::Register;

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

/// Whether the author of the first commit had seen the second one.
type HadSeen<'a> = &'a dyn Fn(&Hash, &Hash) -> bool;

/// What undoing asks: who had seen what, and which ops of the target are left to the caller.
pub type Asks<'a> = (HadSeen<'a>, &'a dyn Fn(&Op) -> bool);

/// Returns the ops that take `target` back, from all that was written to its entities.
pub fn undo<'r>(
    target: &Applied,
    record: &dyn Fn(&EntityId) -> Option<&'r Record>,
    (had_seen, left): Asks<'_>,
) -> Result<Vec<Op>, NotUndone> {
    let mut back = Back {
        target,
        had_seen,
        ops: Vec::new(),
        idle: None,
    };
    let empty = Record::default();
    for (index, op) in target.commit.ops.iter().enumerate() {
        let own = (target.commit.dot(index), target.hash);
        if left(op) {
            continue;
        }
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
    had_seen: HadSeen<'a>,
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
            Op::Back { field, dot, .. } => self.again((field, dot), own, at),
            Op::Member { .. } | Op::Unknown(_) => Err(NotUndone::Beyond { dot: own.0 }),
        }
    }

    fn set(
        &mut self,
        field: &str,
        own: (Dot, Hash),
        (entity, record): (&EntityId, &Record),
    ) -> Result<(), NotUndone> {
        let (register, taken_back) = stands(field, own, (entity, record))?;
        if let Some(by) = register.replaced_by(&taken_back, &own.0, &own.1) {
            return Err(later(entity, field, by));
        }
        // A later op of the same commit may have replaced it: both are taken back then.
        if !register.live.iter().any(|it| it.order.hash == own.1) {
            return Err(later(entity, field, own.0));
        }
        if mutant::is(Mutant::UndoEmpties) {
            self.ops.push(Op::Set {
                entity: entity.clone(),
                field: field.into(),
                value: Value::Null,
                replaces: vec![own.0],
            });
            return Ok(());
        }
        self.back(entity, field, own.0);
        Ok(())
    }

    /// What was taken back stands again, whoever took it back, unless the field was changed since.
    fn again(
        &mut self,
        (field, target): (&str, &Dot),
        own: (Dot, Hash),
        (entity, record): (&EntityId, &Record),
    ) -> Result<(), NotUndone> {
        let (register, taken_back) = stands(field, own, (entity, record))?;
        let mut live = register.live.iter().rev();
        if let Some(since) = live.find(|it| (self.had_seen)(&it.order.hash, &own.1)) {
            return Err(later(entity, field, since.dot));
        }
        // What somebody replaced, not knowing that it was taken back, would not stand again.
        let origin = register.origin(target);
        let by = origin.and_then(|it| register.replaced_by(&taken_back, &it.dot, &it.order.hash));
        if let Some(by) = by {
            return Err(later(entity, field, by));
        }
        for by in taken_back.at(target) {
            self.back(entity, field, by.dot);
        }
        Ok(())
    }

    fn back(&mut self, entity: &EntityId, field: &str, dot: Dot) {
        self.ops.push(Op::Back {
            entity: entity.clone(),
            field: field.into(),
            dot,
        });
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

/// The field that an op wrote to, and what is taken back in it: not the op itself.
fn stands<'r>(
    field: &str,
    own: (Dot, Hash),
    (entity, record): (&EntityId, &'r Record),
) -> Result<(&'r Register, Standing<'r>), NotUndone> {
    let Some(register) = record.fields.get(field) else {
        return Err(later(entity, field, own.0));
    };
    let taken_back = register.taken_back();
    let by = taken_back.on(&own.0, &own.1).next();
    by.map_or(Ok((register, taken_back)), |by| {
        Err(later(entity, field, by.dot))
    })
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
