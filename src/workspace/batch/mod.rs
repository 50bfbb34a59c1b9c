//! Several actions as one commit. Each is tried under its own guards on the desk as those
//! before it leave it; one that is refused is left out and said so. What may not be part of
//! several: founding a desk, undo and redo, imports, and several again.
//!
//! They are tried one after the other as commits of their own in a transaction that is
//! taken back, so that a refused one leaves nothing behind. Their ops are then put into one
//! commit, with the addresses that they have there.

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::HashMap;

use super::action::{Action, Resolve};
use super::perform::{header, known_actor, run};
use super::plan::{Actor, Time};
use super::receipt::{ItemResult, Receipt};
use super::refusal::{Refusal, RefusalKind};
use crate::ledger::{Commit, Dot, Draft, EntityId, Hash, Op};
use crate::store::{Store, StoreError, Writing};

/// How often others may come in between before it is said that the desk is busy.
const TRIES: usize = 5;

/// What the actions would do together.
struct Tried {
    /// The desk they were tried on.
    on: Option<Hash>,
    /// Those that change something, and the ops of each.
    done: Vec<(Action, Commit)>,
    receipt: Receipt,
}

/// Does them.
pub(super) fn perform(
    store: &mut Store,
    actions: &[Action],
    actor: &Actor,
    time: &Time,
) -> Result<Receipt, Refusal> {
    for _ in 0..TRIES {
        let tried = attempt(store, actions, actor, time)?;
        if tried.done.is_empty() {
            return Ok(tried.receipt);
        }
        let kept = store.write(|writing| keep(writing, &tried, actor, time))?;
        if let Some(commit) = kept {
            return Ok(Receipt {
                commit: Some(commit.to_string()),
                ..tried.receipt
            });
        }
    }
    Err(StoreError::Busy.into())
}

/// What they would do, under the same guards.
pub(super) fn preview(
    store: &mut Store,
    actions: &[Action],
    actor: &Actor,
    time: &Time,
) -> Result<Receipt, Refusal> {
    attempt(store, actions, actor, time).map(|tried| tried.receipt)
}

/// Does one after the other and takes all of it back.
fn attempt(
    store: &mut Store,
    actions: &[Action],
    actor: &Actor,
    time: &Time,
) -> Result<Tried, Refusal> {
    fitting(actions)?;
    store.rehearse(|writing| {
        let mut tried = Tried {
            on: newest(writing)?,
            done: Vec::new(),
            receipt: Receipt::default(),
        };
        let mut refusals = Vec::new();
        for action in actions {
            let action = of_one(action);
            let action = action.as_ref();
            match run(writing, action, actor, time) {
                Ok((receipt, commit)) => {
                    tried.done.extend(commit.map(|it| (action.clone(), it)));
                    tried.receipt.take_in(action, receipt);
                }
                // That is the desk's fault and no answer to one of them.
                Err(refusal) if refusal.kind == RefusalKind::Failed => return Err(refusal),
                Err(refusal) => {
                    tried.receipt.leave_out(action, refusal.clone());
                    refusals.push(refusal);
                }
            }
        }
        if refusals.len() == actions.len() {
            return Err(refusals.swap_remove(0));
        }
        tried.receipt.name_each_once();
        Ok(tried)
    })
}

/// Who names several records means those: nothing goes along with one of them.
fn of_one(action: &Action) -> Cow<'_, Action> {
    match action {
        Action::Resolve(resolve) if !resolve.alone => Cow::Owned(Action::Resolve(Resolve {
            alone: true,
            ..resolve.clone()
        })),
        other => Cow::Borrowed(other),
    }
}

fn fitting(actions: &[Action]) -> Result<(), Refusal> {
    if actions.is_empty() {
        return Err(Refusal::usage(
            "Nothing was chosen.",
            "Choose at least one record.",
        ));
    }
    match actions.iter().find(|action| stands_alone(action)) {
        None => Ok(()),
        Some(action) => Err(Refusal::usage(
            format!("`{}` is not done together with other steps.", action.verb()),
            "Do it on its own.",
        )),
    }
}

fn stands_alone(action: &Action) -> bool {
    matches!(
        action,
        Action::Init(_)
            | Action::Undo { .. }
            | Action::Redo { .. }
            | Action::Import(_)
            | Action::Batch { .. }
    )
}

/// The last step that the desk has received.
fn newest(writing: &Writing<'_>) -> Result<Option<Hash>, Refusal> {
    let last = writing.reader().recent(i64::MIN, 1)?;
    Ok(last.first().map(|entry| entry.applied.hash))
}

/// Writes what was tried as one commit; none if the desk has changed since.
fn keep(
    writing: &mut Writing<'_>,
    tried: &Tried,
    actor: &Actor,
    time: &Time,
) -> Result<Option<Hash>, Refusal> {
    if newest(writing)? != tried.on {
        return Ok(None);
    }
    let actor = known_actor(writing, actor)?;
    let (actions, commits): (Vec<Action>, Vec<&Commit>) = tried
        .done
        .iter()
        .map(|(action, commit)| (action.clone(), commit))
        .unzip();
    let draft = joined(writing.draft()?, &commits);
    let header = header(&Action::Batch { actions }, &actor, time)?;
    let entry = writing.append(draft, header, time.now.timestamp())?;
    Ok(Some(entry.applied.hash))
}

/// The ops of several commits, in order, as those of one.
fn joined(mut draft: Draft, commits: &[&Commit]) -> Draft {
    let mut moved = Moved::default();
    for commit in commits {
        let first = draft.next_dot();
        for index in 0..commit.ops.len() {
            let there = u32::try_from(index).unwrap_or(u32::MAX);
            let new = Dot {
                op: first.op.saturating_add(there),
                ..first
            };
            moved.note(commit.dot(index), new);
        }
        for op in &commit.ops {
            draft.push(moved.op(op.clone()));
        }
    }
    draft
}

/// Where the ops went, and the entities that are named after them.
#[derive(Default)]
struct Moved {
    dots: HashMap<Dot, Dot>,
    entities: HashMap<EntityId, EntityId>,
}

impl Moved {
    fn note(&mut self, old: Dot, new: Dot) {
        self.entities.insert(old.into(), new.into());
        self.dots.insert(old, new);
    }

    fn dot(&self, dot: Dot) -> Dot {
        self.dots.get(&dot).copied().unwrap_or(dot)
    }

    fn entity(&self, entity: EntityId) -> EntityId {
        self.entities.get(&entity).cloned().unwrap_or(entity)
    }

    fn op(&self, op: Op) -> Op {
        let all = |dots: Vec<Dot>| dots.into_iter().map(|dot| self.dot(dot)).collect();
        match op {
            Op::Set {
                entity,
                field,
                value,
                replaces,
            } => Op::Set {
                entity: self.entity(entity),
                field,
                value,
                replaces: all(replaces),
            },
            Op::Back { entity, field, dot } => Op::Back {
                entity: self.entity(entity),
                field,
                dot: self.dot(dot),
            },
            Op::Add { entity, set, elem } => Op::Add {
                entity: self.entity(entity),
                set,
                elem,
            },
            Op::Remove {
                entity,
                set,
                elem,
                observed,
            } => Op::Remove {
                entity: self.entity(entity),
                set,
                elem,
                observed: all(observed),
            },
            Op::Event { entity, kind, body } => Op::Event {
                entity: self.entity(entity),
                kind,
                body,
            },
            Op::Retract { entity, event } => Op::Retract {
                entity: self.entity(entity),
                event: self.dot(event),
            },
            other @ (Op::Member { .. } | Op::Unknown(_)) => other,
        }
    }
}

impl Receipt {
    /// Adds what one of several actions did.
    fn take_in(&mut self, action: &Action, done: Self) {
        self.results.push(ItemResult {
            id: name(action, done.ids.first()),
            said: done.said.clone(),
            refused: None,
        });
        self.ids.extend(done.ids);
        self.said.extend(done.said);
        self.warnings.extend(done.warnings);
        self.moves.extend(done.moves);
    }

    /// Says that one of several actions was left out, and why.
    fn leave_out(&mut self, action: &Action, refusal: Refusal) {
        self.warnings.push(format!("Left out: {}", refusal.message));
        self.results.push(ItemResult {
            id: name(action, None),
            said: Vec::new(),
            refused: Some(refusal),
        });
    }
}

/// The record that an action was for, as it is shown; of one left out as it was asked for.
fn name(action: &Action, shown: Option<&String>) -> String {
    let shown = shown.map(String::as_str).or_else(|| action.subject());
    shown.unwrap_or_else(|| action.verb()).to_owned()
}
