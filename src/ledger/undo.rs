//! The ops that take a commit back. Restores what it replaced only while its own values stand,
//! and beneath what others wrote beside them; refuses when something came after, and says what.

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

/// Returns the ops that take `target` back, from the present state of its entities; `op_at` finds
/// the op of an earlier dot.
pub fn undo<'r>(
    target: &Applied,
    record: &dyn Fn(&EntityId) -> Option<&'r Record>,
    op_at: &dyn Fn(&Dot) -> Option<Op>,
) -> Result<Vec<Op>, NotUndone> {
    let mut back = Back {
        target,
        op_at,
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
    op_at: &'a dyn Fn(&Dot) -> Option<Op>,
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
        let by_target = |live: &&Live| live.order.hash == own.1 && mine(&live.dot);
        let dots: Vec<_> = register
            .written()
            .filter(by_target)
            .map(|it| it.dot)
            .collect();
        match dots.first() {
            None => return Err(later(entity, field, own.0)),
            // Two writes that both stand are taken back together, at the first.
            Some(first) if *first != own.0 => return Ok(()),
            Some(_) => {}
        }
        let mut values = self.earlier(entity, field, register);
        if mutant::is(Mutant::UndoEmpties) {
            values.clear();
        }
        if values.is_empty() {
            values.push((Value::Null, false));
        }
        // What others put beside it stays, and may be taken back as well: what was before all of
        // them stands then. What lay beneath itself hid nothing.
        let beside = register.written().any(|it| !dots.contains(&it.dot));
        let beside = beside && register.above().any(|it| dots.contains(&it.dot));
        for (value, beneath) in values {
            self.ops.push(Op::Set {
                entity: entity.clone(),
                field: field.into(),
                value,
                replaces: dots.clone(),
                beneath: beneath || beside,
            });
        }
        Ok(())
    }

    /// Returns the values that the target's writes to this field replaced, each once, and whether
    /// it lay beneath others.
    fn earlier(&self, entity: &EntityId, field: &str, register: &Register) -> Vec<(Value, bool)> {
        let mut values: Vec<(Value, bool)> = Vec::new();
        for (index, op) in self.target.commit.ops.iter().enumerate() {
            let by = (self.target.commit.dot(index), self.target.hash);
            let Op::Set { replaces, .. } = op else {
                continue;
            };
            for dot in replaces.iter().filter(|dot| register.gone.has(dot, by)) {
                if (dot.replica, dot.seq) == (by.0.replica, by.0.seq) {
                    continue;
                }
                match (self.op_at)(dot) {
                    Some(Op::Set {
                        entity: e,
                        field: f,
                        value,
                        beneath,
                        ..
                    }) if e == *entity
                        && f == field
                        && !values.contains(&(value.clone(), beneath)) =>
                    {
                        values.push((value, beneath));
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
