//! What must hold of the share at the end, and of what desks say of each other: a newcomer reads
//! everything from it, nothing grows without bounds, and who is said to be in step is.

use std::collections::{BTreeMap, BTreeSet};

use super::History;
use super::counters::Rare;
use super::desk::Desk;
use super::door::Door;
use super::log::MemoryLog;
use crate::ledger::{Hash, ReplicaId};
use crate::sync::round::Options;
use crate::sync::{DeviceKey, FileVerdict, Round, names};

impl History {
    pub(super) fn check_share(&mut self) {
        if self.random.once_in(2) {
            self.a_newcomer_reads_all();
        }
        self.files_are_few();
        self.notes_are_few();
    }

    /// Somebody who only reads, at the same door as a desk of this history.
    pub(super) fn newcomer(from: &Desk, door: Door) -> Desk {
        let log = &from.log;
        let mut fresh = MemoryLog::new(&log.genesis, log.founder, ReplicaId([9; 16]));
        fresh.level = log.level;
        let key = DeviceKey::generate([9; 32]);
        let mut newcomer = Desk::new("newcomer".into(), key, fresh, door);
        newcomer.door.read_only = true;
        newcomer
    }

    /// Whether a desk that knew nothing has come to the same log: commits, chains and words.
    pub(super) fn identical(one: &Desk, other: &Desk) -> bool {
        let lines = |desk: &Desk| -> BTreeSet<(ReplicaId, u64, Hash)> {
            let lines = desk.log.lines.iter();
            lines.map(|it| (it.replica, it.tip_seq, it.tip)).collect()
        };
        let bytes = |desk: &Desk| -> BTreeMap<Hash, Vec<u8>> {
            let entries = desk.log.entries.iter();
            entries
                .map(|it| (it.received.hash, it.received.bytes.clone()))
                .collect()
        };
        lines(one) == lines(other)
            && bytes(one) == bytes(other)
            && one.log.state().digest == other.log.state().digest
    }

    fn a_newcomer_reads_all(&mut self) {
        let at = self.random.below(self.desks.len());
        let desk = &self.desks[at];
        let door = Door::new(&self.net, desk.door.view);
        let mut newcomer = Self::newcomer(desk, door);
        newcomer.meet(self.now, 0, Options::default());
        if !Self::identical(&newcomer, &self.desks[at]) {
            let has = newcomer.log.at.len();
            let of = self.desks[at].log.at.len();
            self.fail(format!(
                "a newcomer reads {has} of {of} commits from the share"
            ));
        }
    }

    fn files_are_few(&mut self) {
        let net = self.net.borrow();
        let mut most = 0;
        for desk in &self.desks {
            let mut folders: BTreeMap<Option<ReplicaId>, usize> = BTreeMap::new();
            for name in net.views[desk.door.view].keys() {
                *folders.entry(names::replica_of(name)).or_default() += 1;
            }
            most = folders.into_values().max().unwrap_or(0).max(most);
        }
        drop(net);
        let bound = 100 + self.desks[0].log.entries.len() / 10_000;
        if most > bound {
            self.fail(format!("{most} files of one replica"));
        }
    }

    /// A desk remembers the files that are there, and of each other desk the newest head.
    fn notes_are_few(&mut self) {
        let net = self.net.borrow();
        let mut left = 0;
        for desk in &self.desks {
            let view = &net.views[desk.door.view];
            let notes = desk.log.notes.get(desk.door.id).into_iter().flatten();
            let gone = notes.filter(|it| !view.contains_key(it.0));
            let mut heads: BTreeMap<ReplicaId, usize> = BTreeMap::new();
            for (_, note) in gone {
                match &note.verdict {
                    FileVerdict::Head { head, .. } => *heads.entry(head.replica).or_default() += 1,
                    _ => left += 1,
                }
            }
            left += heads.into_values().filter(|count| *count > 1).count();
        }
        drop(net);
        if left > 0 {
            self.fail(format!("{left} files are remembered that are gone"));
        }
    }

    /// Whoever knows all desks agrees with what one says of the others.
    pub(super) fn check_in_step(&mut self, at: usize, round: &Round) {
        // A head may be older than the desk that somebody put back since.
        if self.restored {
            return;
        }
        for peer in round.peers.iter().filter(|it| it.acknowledged) {
            let desks = self.desks.iter();
            let Some(other) = desks.clone().find(|it| it.log.replica == peer.replica) else {
                continue;
            };
            let mine = &self.desks[at].log.at;
            let lacks = mine.keys().any(|it| !other.log.at.contains_key(it));
            self.count(Rare::InStep);
            if lacks {
                self.fail(format!(
                    "desk {at} says that another is in step, and it is not"
                ));
                return;
            }
        }
    }
}
