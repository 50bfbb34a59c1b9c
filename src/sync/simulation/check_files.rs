//! What must hold of desks with files: the file is what the desk in memory is, it shows what its
//! log says, and equal logs show the same, whatever came first and however it came.

use std::collections::{BTreeMap, BTreeSet};

use super::History;
use super::counters::FileRare;
use super::desk::Desk;
use super::file::DeskFile;
use super::log::MemoryLog;
use crate::ledger::{Fate, Hash, Record, ReplicaId, canonical, read_at};
use crate::store::{Store, trial};

impl History {
    pub(super) fn check_files(&mut self) {
        if self.files.is_none() {
            return;
        }
        let mut shown: BTreeMap<u32, Vec<String>> = BTreeMap::new();
        for at in 0..self.desks.len() {
            let desk = &mut self.desks[at];
            let level = desk.log.level;
            read_at(level);
            let mut wrong = desk
                .file
                .as_ref()
                .map_or(Vec::new(), |it| it.differs.take());
            wrong.extend(compare(desk));
            wrong.extend(rebuilt(desk));
            let Some(file) = &desk.file else { continue };
            let now = file.store().shown().unwrap();
            match shown.get(&level) {
                Some(others) if *others != now => {
                    let differs = difference(others, &now);
                    wrong.push(format!("equal logs show different desks: {differs}"));
                }
                _ => drop(shown.insert(level, now)),
            }
            self.count_shown(at);
            for it in wrong.into_iter().take(3) {
                self.fail(format!("desk {at}: {it}"));
            }
        }
        self.files_in_another_order();
    }

    /// At any moment: desks that say the same of themselves hold the same chains and show the
    /// same, and those that hold the same say so.
    pub(super) fn check_digests(&mut self) {
        let mut seen: Vec<(u32, Hash, BTreeSet<Hash>, Vec<String>)> = Vec::new();
        let mut wrong = None;
        for desk in &self.desks {
            let Some(file) = &desk.file else { continue };
            let store = file.store();
            if store.is_behind().unwrap() {
                continue;
            }
            let digest = store.reader().digest().unwrap();
            let lines = store.reader().lines().unwrap();
            let tips: BTreeSet<Hash> = lines.iter().map(|it| it.tip).collect();
            let shown = store.shown().unwrap();
            let of_level = seen.iter().filter(|it| it.0 == desk.log.level);
            for (_, other, its_tips, shows) in of_level {
                if *its_tips == tips && *shows != shown {
                    wrong = Some("equal chains show different desks".to_owned());
                } else if (*other == digest) != (*its_tips == tips) {
                    wrong = Some("a digest says otherwise than the chains".to_owned());
                }
            }
            seen.push((desk.log.level, digest, tips, shown));
        }
        if let Some(wrong) = wrong {
            self.fail(wrong);
        }
    }

    fn count_shown(&mut self, at: usize) {
        let desk = &self.desks[at];
        let Some(file) = &desk.file else { return };
        let seen = file.store().counted().unwrap();
        let state = desk.log.state();
        let kinds = state.records.values().filter(|it| {
            let kind = it.fields.get("kind").and_then(|it| it.value());
            kind.is_some() && !it.fields.contains_key("deleted")
        });
        let unreadable = kinds.count() as u64 > seen.records;
        let reached = [
            (FileRare::Duty, seen.duties > 0),
            (FileRare::Violation, seen.violations > 0),
            (FileRare::Dispute, seen.disputes > 0),
            (FileRare::Counted, seen.tallies > 0),
            (FileRare::Unreadable, unreadable),
            (FileRare::RefusedNewer, desk.refused.newer > 0),
            (FileRare::RefusedBroken, desk.refused.broken > 0),
        ];
        for (rare, _) in reached.into_iter().filter(|it| it.1) {
            self.counters.borrow_mut().count_file(rare);
        }
    }

    /// A new file that receives the same commits in another order, some at once and some one by
    /// one, shows the same.
    fn files_in_another_order(&mut self) {
        let from = self.random.below(self.desks.len());
        let shuffled = self.another_order(from);
        let Some(folder) = &self.files else { return };
        let desk = &self.desks[from];
        read_at(desk.log.level);
        let mut log = MemoryLog::new(&desk.log.genesis, desk.log.founder, ReplicaId([9; 16]));
        log.level = desk.log.level;
        let key = crate::ledger::Key([9; 32]);
        let mut fresh = DeskFile::new(folder.path().join("another"), &log, Some(key));
        let mut left = &shuffled[..];
        while !left.is_empty() {
            let many = [None, Some(1), Some(4)][self.random.below(3)];
            trial::count_as_many(many);
            trial::hold(many);
            let (now, later) = left.split_at(1 + self.random.below(left.len()));
            let now: Vec<_> = now.iter().map(|it| (**it).clone()).collect();
            fresh.store_mut().receive(now, &[], 7).unwrap();
            if self.random.once_in(2) {
                fresh.store_mut().settle().unwrap();
            }
            left = later;
        }
        trial::count_as_many(None);
        trial::hold(None);
        fresh.store_mut().settle().unwrap();
        let Some(file) = &desk.file else { return };
        let (one, other) = (file.store(), fresh.store());
        let (shown, again) = (one.shown().unwrap(), other.shown().unwrap());
        let wrong = if shown != again {
            Some(difference(&shown, &again))
        } else if one.digest().unwrap() != other.digest().unwrap() {
            Some("the digest".to_owned())
        } else if !other.reader().check().unwrap().agrees {
            Some("what is shown is not what the log says".to_owned())
        } else {
            None
        };
        let path = fresh.path().to_owned();
        drop(fresh);
        std::fs::remove_file(path).unwrap();
        if let Some(wrong) = wrong {
            self.fail(format!("the order of arrival matters: {wrong}"));
        }
    }
}

/// The first line that only one of the two has.
fn difference(one: &[String], other: &[String]) -> String {
    let lines = one.iter().filter(|it| !other.contains(it));
    let others = other.iter().filter(|it| !one.contains(it));
    let mut said: Vec<_> = lines.take(1).map(|it| format!("< {it}")).collect();
    said.extend(others.take(1).map(|it| format!("> {it}")));
    said.join(" ")
}

/// What a file says otherwise than the desk in memory.
fn compare(desk: &Desk) -> Vec<String> {
    let Some(file) = &desk.file else {
        return Vec::new();
    };
    let (store, log, state) = (file.store(), &desk.log, desk.log.state());
    let reader = store.reader();
    let mut wrong = Vec::new();
    let why = reader.set_aside(usize::MAX >> 1).unwrap();
    let aside: BTreeSet<(Hash, bool)> = why.iter().map(|it| (it.hash, it.newer)).collect();
    let fates = log.entries.iter().zip(&state.fates);
    let expected: BTreeSet<(Hash, bool)> = fates
        .filter(|(_, fate)| **fate != Fate::Valid)
        .map(|(entry, fate)| (entry.received.hash, matches!(fate, Fate::Opaque(_))))
        .collect();
    if aside != expected {
        let only: Vec<_> = why
            .iter()
            .filter(|it| !expected.contains(&(it.hash, it.newer)))
            .map(|it| (it.hash, it.seq, &it.why))
            .collect();
        let lost: Vec<_> = expected.difference(&aside).collect();
        wrong.push(format!(
            "fates: the file alone has {only:?}, memory {lost:?}"
        ));
    }
    for entry in &log.entries {
        let Some(logged) = reader.commit(&entry.received.hash).unwrap() else {
            continue;
        };
        if logged.applied.lamport != entry.lamport {
            wrong.push(format!("the place of {}", entry.received.hash));
        }
    }
    for (entity, record) in &state.records {
        let live = reader.live(entity).unwrap();
        let folded = reader.folded(entity).unwrap();
        for (how, of) in [("live", &live), ("folded", &folded)] {
            if values(of) != values(record) {
                wrong.push(format!("{how} values of {entity:?}"));
            }
        }
        if folded.events != record.events {
            wrong.push(format!("events of {entity:?}"));
        }
    }
    if reader.members().unwrap() != log.membership.members(&log.causality) {
        wrong.push("members".to_owned());
    }
    wrong
}

/// Every value that stands, with who wrote it.
fn values(record: &Record) -> Vec<String> {
    let mut said = Vec::new();
    for (field, register) in &record.fields {
        for live in &register.live {
            let value = canonical(&live.value);
            said.push(format!("{field} {:?} {:?} {value}", live.dot, live.order));
        }
    }
    said.extend(record.additions().iter().map(|it| format!("{it:?}")));
    said
}

/// Whether a file shows what its log says.
fn rebuilt(desk: &mut Desk) -> Vec<String> {
    let Some(file) = &mut desk.file else {
        return Vec::new();
    };
    let mut wrong = Vec::new();
    let looks = |store: &Store| (store.shown().unwrap(), store.reader().digest().unwrap());
    let before = looks(file.store());
    trial::hold(Some(2));
    if !file.store().reader().check().unwrap().agrees {
        wrong.push("a check says that it shows what its log does not say".to_owned());
    }
    if file.store().digest().unwrap() != before.1 {
        wrong.push("the digest that is kept is another than the one that is not".to_owned());
    }
    let rebuilt = file.store_mut().rebuild().unwrap();
    trial::hold(None);
    let after = looks(file.store());
    if !rebuilt.agrees || before.0 != after.0 {
        let said = difference(&before.0, &after.0);
        wrong.push(format!("rebuilt, it shows something else: {said}"));
    }
    if before.1 != after.1 {
        wrong.push("rebuilt, it has another digest".to_owned());
    }
    wrong
}
