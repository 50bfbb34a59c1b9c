//! Steps are taken back, at once or much later. At once, everything is as it was.

use std::collections::{BTreeMap, BTreeSet};

use super::History;
use super::counters::Rare;
use super::desk::{Desk, Meant, Plan};
use crate::ledger::{Ancestry as _, Applied, EntityId, Fate, Hash, Record, canonical, undo};

/// What stands in records, whoever wrote it.
type Standing = BTreeMap<EntityId, BTreeSet<String>>;

impl History {
    pub(super) fn undo(&mut self, at: usize) {
        self.join(at);
        if self.desks[at].letter.is_none() || !self.desks[at].may_write() {
            return;
        }
        // What stands beside something else is rare, and taken back where it is met.
        let beside = beside(&self.desks[at]);
        let at_once = self.random.once_in(if beside.is_empty() { 2 } else { 8 });
        let before = standing(&self.desks[at]);
        if at_once {
            let hash = self.desks[at].edit(&mut self.random, &[]);
            self.meant.push((hash, Meant::Fair));
        }
        let desk = &mut self.desks[at];
        let count = desk.log.entries.len();
        let target = if at_once {
            count - 1
        } else if !beside.is_empty() && !self.random.once_in(8) {
            beside[self.random.below(beside.len())]
        } else {
            self.random.below(count)
        };
        match take_back(desk, target) {
            Undone::Refused => self.count(Rare::UndoRefused),
            Undone::Nothing => {}
            Undone::As(hash, beside) => {
                self.meant.push((hash, Meant::Fair));
                self.count(Rare::Undone);
                if beside {
                    self.count(Rare::UndoneBeside);
                }
                let valid = self.desks[at].log.state().fates.last() == Some(&Fate::Valid);
                if at_once && valid && standing(&self.desks[at]) != before {
                    self.fail("taken back at once, a step leaves something behind");
                }
            }
        }
    }
}

enum Undone {
    /// By which commit, and whether beside what others wrote.
    As(Hash, bool),
    Refused,
    /// What does not count is not taken back.
    Nothing,
}

/// The steps whose values stand beside others.
fn beside(desk: &Desk) -> Vec<usize> {
    let state = desk.log.state();
    let fields = state.records.values().flat_map(|it| it.fields.values());
    let several = fields.filter(|it| it.live.len() > 1);
    let steps: BTreeSet<Hash> = several
        .flat_map(|it| &it.live)
        .map(|it| it.order.hash)
        .collect();
    let entries = desk.log.entries.iter().enumerate();
    let entries = entries.filter(|(_, it)| steps.contains(&it.received.hash));
    entries.map(|(at, _)| at).collect()
}

fn take_back(desk: &mut Desk, target: usize) -> Undone {
    let beside = beside(desk).contains(&target);
    let state = desk.log.state();
    let entry = &desk.log.entries[target];
    if state.fates[target] != Fate::Valid {
        return Undone::Nothing;
    }
    let applied = Applied {
        hash: entry.received.hash,
        lamport: entry.lamport,
        commit: entry.read.1.clone(),
    };
    let had_seen = |later: &Hash, earlier: &Hash| desk.log.causality.includes(later, earlier);
    let ops = undo(
        &applied,
        &|entity| state.records.get(entity),
        (&had_seen, &|_| false),
    );
    let Ok(ops) = ops else { return Undone::Refused };
    if ops.is_empty() {
        return Undone::Nothing;
    }
    let plan = Plan {
        undoes: Some(applied.hash),
        ..Plan::default()
    };
    let hash = desk.write(&plan, |draft, _| {
        for op in &ops {
            draft.push(op.clone());
        }
    });
    Undone::As(hash, beside)
}

fn standing(desk: &Desk) -> Standing {
    let state = desk.log.state();
    let all = state.records.iter();
    let all = all.map(|(entity, record)| (entity.clone(), of(record)));
    all.filter(|(_, stands)| !stands.is_empty()).collect()
}

fn of(record: &Record) -> BTreeSet<String> {
    let mut stands = BTreeSet::new();
    for (field, register) in &record.fields {
        let live = register.live.iter().filter(|it| !it.value.is_null());
        stands.extend(live.map(|it| format!("{field} = {}", canonical(&it.value))));
    }
    for (set, elements) in &record.sets {
        stands.extend(elements.keys().map(|it| format!("{set} has {it}")));
    }
    stands.extend(record.events.iter().map(|it| format!("{:?}", it.dot)));
    stands
}
