//! The ops that take a commit back. Restores what it replaced only while its own values stand;
//! refuses when something came after, and says what.

use serde_json::Value;

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

/// Returns the ops that take `target` back, from the present state of its entities. `op_at` finds
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
        let live = register.live.iter().filter(|live| live.order.hash == own.1);
        let dots: Vec<_> = live.map(|live| live.dot).filter(mine).collect();
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
                match (self.op_at)(dot) {
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
mod tests {
    use super::super::draft::{Draft, Header};
    use super::super::id::ReplicaId;
    use super::super::merge::{Seen, fold};
    use super::*;

    #[derive(Default)]
    struct Log(Vec<Applied>);

    impl Log {
        fn write<T>(&mut self, ops: impl FnOnce(&mut Draft, &Record) -> T) -> usize {
            let seq = self.0.len() as u64 + 1;
            let mut draft = Draft::new(ReplicaId([1; 16]), seq);
            ops(&mut draft, &self.record());
            let commit = draft.finish(Header::default());
            let hash = Hash::of(&[&commit.encode()]);
            self.0.push(Applied {
                hash,
                lamport: seq,
                commit,
            });
            self.0.len() - 1
        }

        fn record(&self) -> Record {
            fold(&ticket(), self.0.iter(), &|_, _| Seen::Yes)
        }

        fn ops(&self, target: usize) -> Result<Vec<Op>, NotUndone> {
            let record = self.record();
            undo(&self.0[target], &|_| Some(&record), &|dot| {
                let commit = &self.0[usize::try_from(dot.seq).ok()? - 1].commit;
                commit.ops.get(dot.op as usize).cloned()
            })
        }

        fn undo(&mut self, target: usize) -> usize {
            let ops = self.ops(target).unwrap();
            self.write(|draft, _| ops.into_iter().map(|op| draft.push(op)).count())
        }

        /// What people see: values, elements and events, without the dots that carry them.
        fn shown(&self) -> String {
            let record = self.record();
            let values = |register: &Register| -> Vec<Value> {
                register
                    .live
                    .iter()
                    .map(|live| live.value.clone())
                    .filter(|v| !v.is_null())
                    .collect()
            };
            let fields = record
                .fields
                .iter()
                .map(|(name, register)| (name, values(register)));
            let fields: Vec<_> = fields.filter(|(_, values)| !values.is_empty()).collect();
            let sets: Vec<_> = record
                .sets
                .iter()
                .map(|(set, all)| (set, all.keys()))
                .collect();
            format!("{fields:?} {sets:?} {:?}", record.events)
        }
    }

    fn ticket() -> EntityId {
        EntityId("ticket:1".into())
    }

    fn everything(draft: &mut Draft, record: &Record) {
        draft.set(&ticket(), "title", "new", record.dots("title"));
        draft.set(&ticket(), "title", "newer", record.dots("title"));
        draft.set(&ticket(), "owner", "bob", record.dots("owner"));
        draft.add(&ticket(), "labels", "red");
        draft.remove(
            &ticket(),
            "labels",
            "blue",
            record.observed("labels", &"blue".into()),
        );
        draft.event(&ticket(), "comment", "hello");
        for event in &record.events {
            draft.retract(&ticket(), event.dot);
        }
    }

    fn before() -> Log {
        let mut log = Log::default();
        log.write(|draft, _| {
            // Two values at once: an open contest is restored as one.
            for title in ["old", "older"] {
                draft.push(Op::Set {
                    entity: ticket(),
                    field: "title".into(),
                    value: title.into(),
                    replaces: Vec::new(),
                });
            }
            draft.add(&ticket(), "labels", "blue");
            draft.event(&ticket(), "announced", "site");
        });
        log
    }

    #[test]
    fn undo_restores_exactly_and_undo_of_undo_does_so_too() {
        let mut log = before();
        let old = log.shown();
        let target = log.write(everything);
        let new = log.shown();
        assert_ne!(old, new);
        let back = log.undo(target);
        assert_eq!(log.shown(), old);
        log.undo(back);
        assert_eq!(log.shown(), new);
    }

    #[test]
    fn an_undone_commit_is_not_undone_twice() {
        let mut log = before();
        let target = log.write(everything);
        log.undo(target);
        assert!(matches!(log.ops(target), Err(NotUndone::Later { field, .. }) if field == "title"));
    }

    #[test]
    fn two_undos_at_once_are_one() {
        let mut log = before();
        let old = log.shown();
        let target = log.write(everything);
        let ops = log.ops(target).unwrap();
        for _ in 0..2 {
            let ops = ops.clone();
            log.write(|draft, _| ops.into_iter().map(|op| draft.push(op)).count());
        }
        let record = log.record();
        let mut titles: Vec<_> = record.fields["title"]
            .live
            .iter()
            .map(|l| l.value.to_string())
            .collect();
        titles.sort();
        titles.dedup();
        assert_eq!(titles, ["\"old\"", "\"older\""]);
        assert!(old.contains("announced"));
        assert_eq!(record.events.len(), 1);
    }

    #[test]
    fn undo_is_refused_when_something_came_after_and_says_what() {
        let mut log = before();
        let target = log.write(everything);
        let after = log.write(|draft, record| {
            draft.set(&ticket(), "owner", "carol", record.dots("owner"));
        });
        let dot = log.0[after].commit.dot(0);
        assert_eq!(log.ops(target), Err(later(&ticket(), "owner", dot)));
    }

    #[test]
    fn an_addition_that_was_removed_later_is_refused() {
        let mut log = before();
        let target = log.write(|draft, _| draft.add(&ticket(), "labels", "red"));
        let after = log.write(|draft, record| {
            draft.remove(
                &ticket(),
                "labels",
                "red",
                record.observed("labels", &"red".into()),
            );
        });
        let dot = log.0[after].commit.dot(0);
        assert_eq!(log.ops(target), Err(later(&ticket(), "labels", dot)));
    }

    #[test]
    fn membership_is_not_taken_back() {
        let mut log = before();
        let target = log.write(|draft, _| draft.member("anna"));
        let dot = log.0[target].commit.dot(0);
        assert_eq!(log.ops(target), Err(NotUndone::Beyond { dot }));
    }
}
