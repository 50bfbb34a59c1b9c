//! What happens to desks: they are copied away and put back, their clocks run wrong, they get
//! newer versions, they stay away for a year, and their processes end in the middle.

use super::History;
use super::counters::{FileRare, Rare};
use super::desk::Snapshot;
use super::file::Back;
use super::log::{self, MemoryLog};
use crate::ledger::{Fate, MemberOp};
use crate::store::trial;
use crate::sync::round::Memory;

const YEAR: i64 = 365 * 24 * 60 * 60;

impl History {
    /// A desk is copied away, put back, or goes back without noticing.
    pub(super) fn time_machine(&mut self, at: usize) {
        if self.desks[at].letter.is_none() {
            return;
        }
        let count = self.desks[at].snapshots.len();
        if count == 0 || self.random.once_in(2) {
            let copy = self.copy(at);
            self.desks[at].snapshots.push(copy);
            return;
        }
        let from = self.random.below(count);
        let desk = &mut self.desks[at];
        // The letter belongs to the incarnation that was copied.
        let back = desk.snapshots[from].log.clone();
        desk.memory = Memory::default();
        desk.letter = letter_of(&back);
        desk.log = back;
        self.restored = true;
        let unnoticed = self.random.once_in(3);
        let desk = &mut self.desks[at];
        if let (Some(file), Some(copy)) = (&mut desk.file, &desk.snapshots[from].file) {
            let how = match unnoticed {
                true => Back::Unnoticed,
                false if copy.as_os_str().len() % 2 == 0 => Back::Restored,
                false => Back::Replaced,
            };
            file.put_back(copy, how);
        }
        if unnoticed {
            self.rolled_back = true;
            self.count(Rare::RolledBack);
        } else {
            self.count(Rare::Restored);
            self.desks[at].again(&mut self.random);
        }
    }

    fn copy(&mut self, at: usize) -> Snapshot {
        let desk = &self.desks[at];
        let copied = desk.file.as_ref().zip(self.files.as_ref()).map(|it| {
            self.copies += 1;
            let to = it.1.path().join(format!("copy-{}", self.copies));
            it.0.keep(&to);
            to
        });
        Snapshot {
            log: desk.log.clone(),
            file: copied,
        }
    }

    /// What may go wrong with a desk's file in a round: everything ends in the middle, and few
    /// commits are many.
    pub(super) fn file_faults(&mut self, at: usize, faulty: bool) {
        if self.desks[at].file.is_none() {
            return;
        }
        let many = [None, Some(1), Some(3)][self.random.below(3)];
        trial::count_as_many(many);
        trial::hold(many);
        let dies = faulty && self.random.once_in(5);
        trial::die_after(dies.then(|| self.random.below(8)));
    }

    pub(super) fn after_file(&mut self, at: usize) {
        let Some(file) = &self.desks[at].file else {
            return;
        };
        let rare = match trial::died() {
            None => None,
            Some("receive") => Some(FileRare::KilledInReceive),
            Some("bulk") => Some(FileRare::KilledInBulk),
            Some("refill") => Some(FileRare::KilledInRefill),
            Some(_) => Some(FileRare::KilledBeforeSettling),
        };
        let many = file.bulk.take();
        trial::die_after(None);
        trial::count_as_many(None);
        trial::hold(None);
        let mut counters = self.counters.borrow_mut();
        if let Some(rare) = rare {
            counters.count_file(rare);
        }
        for _ in 0..many {
            counters.count_file(FileRare::Bulk);
        }
    }

    /// A desk gets a newer version, which understands what it only kept so far.
    pub(super) fn upgrade(&mut self, at: usize) {
        let desk = &mut self.desks[at];
        if desk.log.level > 1 {
            return;
        }
        let opaque = |it: &Fate| matches!(it, Fate::Opaque(_));
        let waited = desk.log.state().fates.iter().any(opaque);
        desk.log.upgrade();
        if let Some(file) = &mut desk.file {
            file.store_mut().was_made_by_another_version().unwrap();
            crate::ledger::read_at(2);
            file.store_mut().settle().unwrap();
        }
        if waited {
            self.count(Rare::Understood);
        }
    }

    pub(super) fn time(&mut self, at: usize) {
        match self.random.below(4) {
            3 => self.upgrade(at),
            0 => self.now += 100_000,
            1 => {
                let off = self.random.seconds(2_000_000_000) - 1_000_000_000;
                if (self.desks[at].clock - off).abs() > YEAR {
                    self.count(Rare::ClockYears);
                }
                self.desks[at].clock = off;
                self.desks[at].clock_moved = true;
            }
            _ => self.now += 3_000,
        }
    }

    /// Somebody who does something now: not who is away.
    pub(super) fn who(&mut self) -> usize {
        let at = self.random.below(self.desks.len());
        let Some((away, since)) = self.away else {
            return at;
        };
        self.now += YEAR / 8;
        if self.now - since > YEAR {
            self.away = None;
        }
        if at == away {
            (at + 1) % self.desks.len()
        } else {
            at
        }
    }

    /// A desk is not opened for a year, while the others go on.
    pub(super) fn goes_away(&mut self, at: usize) {
        if self.away.is_none() && self.random.once_in(4) {
            self.away = Some((at, self.now));
            self.desks[at].away_for_a_year = true;
        }
    }

    /// Whoever is away comes back, a year later at the earliest.
    pub(super) fn comes_back(&mut self) {
        if let Some((_, since)) = self.away.take() {
            self.now = self.now.max(since + YEAR);
        }
    }

    /// What a desk found that had been away.
    pub(super) fn back(&mut self, at: usize, round: &crate::sync::Round) {
        let away = self.away.is_some_and(|it| it.0 == at);
        if self.desks[at].away_for_a_year && !away && !round.pulled.is_empty() {
            self.desks[at].away_for_a_year = false;
            self.count(Rare::YearAway);
        }
    }
}

/// The suffix that the own chain of a log was given.
fn letter_of(log: &MemoryLog) -> Option<String> {
    let own = log
        .entries
        .iter()
        .filter(|it| it.received.replica == log.replica);
    let ops = own.flat_map(|it| it.read.1.ops.iter().filter_map(log::member_op));
    let mut letters = ops.filter_map(|op| match op {
        MemberOp::Device { letter, .. } => Some(letter),
        _ => None,
    });
    letters.next()
}
