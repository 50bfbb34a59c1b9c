//! What commits must mean at the end: nobody wrote but who did, what does not count leaves no
//! trace, an older version closes what it cannot show, and nobody goes on after a fork.

use std::collections::{BTreeMap, BTreeSet};

use super::History;
use super::counters::Rare;
use super::log::State;
use crate::ledger::{Ancestry as _, EntityId, Fate, Hash, Record, canonical};

impl History {
    pub(super) fn check_meaning(&mut self) {
        self.only_desks_wrote();
        self.void_leaves_nothing();
        self.newer_is_not_applied();
        self.older_gates_are_closed();
        self.nobody_goes_on_after_a_fork();
    }

    fn only_desks_wrote(&mut self) {
        let authored: BTreeSet<Hash> = self
            .desks
            .iter()
            .flat_map(|it| it.authored.iter().copied())
            .collect();
        let held = self.desks.iter().flat_map(|it| it.log.at.keys());
        let forged = held.filter(|it| !authored.contains(*it)).count();
        if forged > 0 {
            self.fail(format!("{forged} commits are held that no desk wrote"));
        }
    }

    /// No value, element or event stands by a commit that does not count.
    fn void_leaves_nothing(&mut self) {
        let mut left = 0;
        for desk in &self.desks {
            let state = desk.log.state();
            let fates = desk.log.entries.iter().zip(&state.fates);
            let aside = fates.filter(|(_, fate)| **fate != Fate::Valid);
            let aside: BTreeSet<Hash> = aside.map(|it| it.0.received.hash).collect();
            for record in state.records.values() {
                let live = record.fields.values().flat_map(|it| &it.live);
                let written = live.map(|it| it.order.hash);
                let told = record.events.iter().map(|it| it.order.hash);
                let added = record.additions();
                let added = added.iter().flat_map(|it| it.1.iter().map(|it| it.1));
                let all = written.chain(told).chain(added);
                left += all.filter(|it| aside.contains(it)).count();
            }
        }
        if left > 0 {
            self.fail(format!("{left} values stand by commits that do not count"));
        }
    }

    fn newer_is_not_applied(&mut self) {
        let applied = self.desks.iter().any(|desk| {
            let state = desk.log.state();
            let mut fates = desk.log.entries.iter().zip(&state.fates);
            fates.any(|(entry, fate)| entry.read.1.need > desk.log.level && *fate == Fate::Valid)
        });
        if applied {
            self.fail("what needs a newer version is shown");
        }
    }

    /// What two versions show differently, the older one does not let anybody change.
    fn older_gates_are_closed(&mut self) {
        let by_level: BTreeMap<u32, _> = self
            .desks
            .iter()
            .map(|it| (it.log.level, it.log.state()))
            .collect();
        let (Some(older), Some(newer)) = (by_level.get(&1), by_level.get(&2)) else {
            return;
        };
        let entities: BTreeSet<&EntityId> =
            older.records.keys().chain(newer.records.keys()).collect();
        let differ: Vec<_> = entities
            .into_iter()
            .filter(|entity| shows(older, entity) != shows(newer, entity))
            .collect();
        let open = differ
            .iter()
            .filter(|it| !older.closed.contains(**it))
            .count();
        let (differ, open) = (differ.len(), open);
        if differ > 0 {
            self.count(Rare::Divided);
        }
        if open > 0 {
            self.fail("an older version lets change what it cannot show");
        }
    }

    /// Who has seen both branches of a fork writes under another id.
    fn nobody_goes_on_after_a_fork(&mut self) {
        let log = &self.desks[0].log;
        let branches = |line: &crate::sync::Line| {
            let parent = line
                .parent
                .and_then(|it| log.lines.get(usize::try_from(it).ok()?));
            parent.map(|it| (line.tip, it.tip, line.first, it.replica))
        };
        let mut wrong = 0;
        for (branch, stem, first, replica) in log.lines.iter().filter_map(branches) {
            let of = log
                .entries
                .iter()
                .filter(|it| it.received.replica == replica);
            let both = of.filter(|entry| {
                let hash = &entry.received.hash;
                let sees = |tip: &Hash| {
                    let mut on = log.entries.iter().filter(|other| {
                        let same = other.received.replica == replica;
                        same && other.received.seq == first
                            && log.causality.includes(tip, &other.received.hash)
                    });
                    on.any(|other| log.causality.includes(hash, &other.received.hash))
                };
                sees(&branch) && sees(&stem)
            });
            wrong += both.count();
        }
        if wrong > 0 {
            self.fail("a desk that found what it had lost goes on under its old id");
        }
    }
}

fn shows(state: &State, entity: &EntityId) -> Vec<String> {
    let values = |record: &Record| {
        let mut said: Vec<String> = Vec::new();
        for (field, register) in &record.fields {
            let live = register.live.iter();
            said.extend(live.map(|it| format!("{field} {}", canonical(&it.value))));
        }
        said.push(format!("{:?}", record.sets));
        said.extend(record.events.iter().map(|it| format!("{:?}", it.dot)));
        said
    };
    let record = state.records.get(entity);
    // A record of which nothing stands is as good as none.
    record.map(values).unwrap_or_default()
}
