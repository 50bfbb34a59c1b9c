//! What must hold when everything has arrived (SYNC.md 7.9).

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::counters::Rare;
use super::desk::{Desk, Meant};
use super::door::Door;
use super::log::MemoryLog;
use super::plain::Plain;
use super::random::Random;
use super::share::{Files, Net};
use super::{History, Memory, Options};
use crate::ledger::{Fate, Hash};
use crate::sync::{Pack, Received, names};

impl History {
    pub(super) fn check(&mut self) {
        self.all_is_everywhere();
        self.desks_are_equal();
        self.forks_and_ids();
        self.void_stays_void();
        self.nothing_is_chosen();
        self.order_does_not_matter();
        self.check_files();
        self.check_meaning();
        self.check_share();
        if self.random.once_in(4) {
            self.anyone_reseeds();
        }
    }

    fn all_is_everywhere(&mut self) {
        let mut all: BTreeSet<Hash> = BTreeSet::new();
        for desk in &self.desks {
            all.extend(desk.log.at.keys());
        }
        if !self.restored {
            all.extend(self.meant.iter().map(|(hash, _)| *hash));
        }
        let lacking: Vec<_> = self
            .desks
            .iter()
            .map(|desk| {
                let lacks = all.iter().filter(|hash| !desk.log.at.contains_key(*hash));
                lacks.count()
            })
            .collect();
        for (at, lacks) in lacking.into_iter().enumerate() {
            if lacks > 0 {
                self.fail(format!("desk {at} lacks {lacks} commits"));
            }
        }
    }

    fn desks_are_equal(&mut self) {
        let mut digests: BTreeMap<u32, Vec<Hash>> = BTreeMap::new();
        for desk in &self.desks {
            digests
                .entry(desk.log.level)
                .or_default()
                .push(desk.log.state().digest);
        }
        if digests
            .values()
            .any(|it| it.iter().any(|digest| *digest != it[0]))
        {
            self.fail("equal logs come to different desks");
        }
        let alike = digests.len() == 1;
        for at in 0..self.desks.len() {
            let jitter = self.random.next();
            let round = self.desks[at].meet(self.now, jitter, Options::default());
            self.nothing_waits(at, &round.waiting);
            for peer in &round.peers {
                // What a desk was before it was put back may have left a head of what is lost.
                if peer.ahead && !self.restored {
                    self.fail(format!("desk {at} thinks that another has more"));
                }
                if peer.alarm && alike && !self.restored {
                    self.fail(format!("desk {at} raises an alarm"));
                }
            }
            if round.published + round.relayed > 0 {
                self.fail(format!("desk {at} still has something to publish"));
            }
            if round.reads > 0 && round.foreign.is_empty() {
                self.fail(format!("desk {at} reads files with nothing to do"));
            }
        }
        if !self
            .states(|state| state.fates.iter().any(|it| matches!(it, Fate::Opaque(_))))
            .is_empty()
        {
            self.count(Rare::Opaque);
        }
        if !self
            .states(|state| state.fates.iter().any(Fate::is_void))
            .is_empty()
        {
            self.count(Rare::Void);
        }
        let contested = self.states(|state| {
            let mut fields = state.records.values().flat_map(|it| it.fields.values());
            fields.any(crate::ledger::Register::contested)
        });
        if !contested.is_empty() {
            self.count(Rare::Conflict);
        }
    }

    fn states(&self, holds: impl Fn(&super::log::State) -> bool) -> Vec<usize> {
        let desks = self.desks.iter().enumerate();
        desks
            .filter(|(_, desk)| holds(&desk.log.state()))
            .map(|(at, _)| at)
            .collect()
    }

    /// Two commits of one number, and two things of one id, only come from a desk that went back
    /// without noticing.
    fn forks_and_ids(&mut self) {
        if self.rolled_back {
            return;
        }
        if self.desks[0]
            .log
            .lines
            .iter()
            .any(|line| line.parent.is_some())
        {
            self.fail("a fork, and no desk went back unnoticed");
        }
        let state = self.desks[0].log.state();
        let mut ids: BTreeSet<String> = BTreeSet::new();
        for record in state.records.values() {
            for live in record.fields.get("id").into_iter().flat_map(|it| &it.live) {
                // An undo of what began it leaves it without one.
                if !live.value.is_null() && !ids.insert(live.value.to_string()) {
                    self.fail(format!("{} names two things", live.value));
                }
            }
        }
    }

    /// What nobody holds any more, after a desk was put back, nobody can publish.
    fn nothing_waits(&mut self, at: usize, waiting: &[(String, String)]) {
        let held = |why: &str| {
            let cause = why
                .rsplit(' ')
                .next()
                .and_then(|it| it.parse::<Hash>().ok());
            cause.is_none_or(|it| self.desks.iter().any(|desk| desk.log.at.contains_key(&it)))
        };
        // Nobody lets in who forged a pack.
        let forged = |name: &str| self.forged.iter().any(|it| name.contains(it));
        let mut waits = waiting
            .iter()
            .filter(|(name, why)| held(why) && !forged(name));
        let waits = waits.next().cloned();
        if let Some(waits) = waits {
            self.fail(format!("desk {at} still waits: {waits:?}"));
        }
    }

    fn void_stays_void(&mut self) {
        let log = &self.desks[0].log;
        let state = log.state();
        let judged: Vec<_> = self
            .meant
            .iter()
            .filter_map(|(hash, meant)| Some((*meant, state.fates[*log.at.get(hash)?].is_void())))
            .collect();
        let overruled = |hash: &Hash| {
            let entry = log.at.get(hash).and_then(|at| log.entries.get(*at));
            entry.is_some_and(|it| log.membership.overruled(&it.received.key))
        };
        let barred = self.meant.iter().any(|(hash, meant)| {
            let void = log.at.get(hash).map(|at| state.fates[*at].is_void());
            *meant == Meant::Barred && void == Some(false) && !overruled(hash)
        });
        if barred
            || judged
                .iter()
                .any(|(meant, void)| *meant == Meant::Void && !void)
        {
            self.fail("what must be void counts");
        }
    }

    /// Against a plain reading of the rule: a value stands until a commit that had seen it
    /// replaces it, and what is taken back was never written.
    fn nothing_is_chosen(&mut self) {
        let log = &self.desks[0].log;
        let state = log.state();
        let mut shown = BTreeSet::new();
        for (entity, record) in &state.records {
            for (field, register) in &record.fields {
                let place = (entity.clone(), field.clone());
                let live = register.live.iter();
                shown.extend(live.map(|it| (place.clone(), (it.dot, it.order.hash))));
            }
        }
        if shown != Plain::of(log, &state.fates).standing() {
            self.fail("a value was dropped, or stands that was replaced");
        }
    }

    /// The same commits in another order come to the same.
    fn order_does_not_matter(&mut self) {
        let from = self.random.below(self.desks.len());
        let shuffled = self.another_order(from);
        let log = &self.desks[from].log;
        let mut fresh = MemoryLog::new(&log.genesis, log.founder, log.replica);
        fresh.level = log.level;
        for received in &shuffled {
            fresh.append(received);
        }
        if shuffled.len() < log.entries.len() {
            self.fail("a log that holds a commit without its causes");
        } else if fresh.state().digest != log.state().digest {
            self.fail("the order of arrival matters");
        }
    }

    /// What a desk holds, causes first, and otherwise in any order.
    pub(super) fn another_order(&mut self, from: usize) -> Vec<Rc<Received>> {
        let mut left: Vec<_> = self.desks[from].log.entries.clone();
        self.random.shuffle(&mut left);
        let mut known: BTreeSet<Hash> = BTreeSet::new();
        let mut ordered = Vec::new();
        loop {
            let ready = |entry: &super::log::Entry| {
                (entry.received.seq == 1 || known.contains(&entry.received.prev))
                    && entry.read.1.deps.iter().all(|it| known.contains(it))
            };
            let Some(next) = left.iter().position(ready) else {
                return ordered;
            };
            let entry = left.swap_remove(next);
            known.insert(entry.received.hash);
            ordered.push(entry.received);
        }
    }

    /// One desk fills an empty share, and a newcomer reads the same from it.
    fn anyone_reseeds(&mut self) {
        let net = Net::new(1, Random::new(1), self.counters.clone());
        let net = Rc::new(RefCell::new(net));
        net.borrow_mut().faulty = false;
        let at = self.random.below(self.desks.len());
        let now = self.now + 100;
        let seeding = &mut self.desks[at];
        seeding.door = Door::new(&net, 0);
        seeding.memory = Memory::default();
        for _ in 0..2 {
            let options = Options {
                refill: true,
                ..Options::default()
            };
            seeding.meet(now, 0, options);
        }
        let door = Door::new(&net, 0);
        let mut newcomer = Self::newcomer(seeding, door);
        newcomer.meet(now, 0, Options::default());
        let equal = Self::identical(&newcomer, &self.desks[at]);
        self.count(Rare::Reseeded);
        if !equal {
            self.fail("one desk alone cannot fill an empty share");
        }
    }

    /// The program takes nothing away that it must not.
    pub(super) fn check_deleted(&mut self, at: usize) {
        let desk = &self.desks[at];
        let deleted = desk.door.deleted.take();
        if deleted.is_empty() {
            return;
        }
        let net = self.net.borrow();
        let view = &net.views[desk.door.view];
        let mut failure = None;
        let mut cleared = false;
        for (name, bytes) in deleted {
            if view.contains_key(&name) {
                failure = Some("a name that was taken was written over");
            }
            let Ok(pack) = Pack::read(&bytes, &desk.log.workspace) else {
                continue;
            };
            cleared = true;
            if pack.origin == desk.log.replica && !still_there((view, self.now), &pack, desk) {
                failure = Some("an author took away commits that its own files no longer hold");
            }
        }
        drop(net);
        if cleared {
            self.count(Rare::Cleared);
        }
        if let Some(failure) = failure {
            self.fail(failure);
        }
    }
}

/// Rounds of one history are some seconds apart.
const NEARLY_A_DAY: i64 = 24 * 60 * 60 - 600;

/// Whether other files in its author's folder hold the same commits.
fn still_there((view, now): (&Files, i64), pack: &Pack, desk: &Desk) -> bool {
    let mut left: BTreeSet<_> = pack.commits.iter().map(|(hash, _)| *hash).collect();
    for (name, file) in view {
        // Somebody may still be reading by the listing of yesterday.
        if !desk.clock_moved && file.since + NEARLY_A_DAY > now {
            continue;
        }
        // Rot that nobody could have noticed yet is not the program's doing.
        let here = desk.log.notes.get(desk.door.id);
        let noted = here.and_then(|it| it.get(name)).map(|note| &note.verdict);
        if names::replica_of(name) == Some(pack.origin)
            && let Some(crate::sync::FileVerdict::Pack { lo, hi, tip, .. }) = noted
        {
            for (hash, _) in crate::sync::Log::run(&desk.log, tip, *lo, *hi).unwrap() {
                left.remove(&hash);
            }
        }
    }
    left.is_empty()
}
