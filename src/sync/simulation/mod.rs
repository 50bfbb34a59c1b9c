//! Whole histories of desks around a share on which everything goes wrong that can. One seed is
//! one history; `RELMATE_SEED` plays one again. Runs the round and the ledger as they are; only
//! the disk, the share, the clock and luck are stand-ins.

mod check;
mod check_files;
mod check_meaning;
mod check_share;
mod counters;
mod desk;
mod door;
mod faults;
mod file;
mod intruder;
mod log;
mod oracle;
mod plain;
mod random;
mod records;
mod scenes;
mod share;
mod tests;
mod undoing;

use std::cell::RefCell;
use std::rc::Rc;

use counters::{Counters, Rare};
use desk::{Desk, Meant, Plan};
use door::Door;
use file::DeskFile;
use log::MemoryLog;
use random::Random;
use share::Net;

use crate::ledger::{Hash, MemberOp, ReplicaId, Role};
use crate::store::trial;
use crate::sync::round::{Memory, Options, Relay, Round, Stop};
use crate::sync::{DeviceKey, names};

/// One history.
struct History {
    random: Random,
    net: Rc<RefCell<Net>>,
    counters: Rc<RefCell<Counters>>,
    desks: Vec<Desk>,
    now: i64,
    meant: Vec<(Hash, Meant)>,
    /// Whether a desk went back without noticing: then two commits may have one number.
    rolled_back: bool,
    restored: bool,
    failures: Vec<String>,
    /// Where the desks' files lie, if they have some.
    files: Option<tempfile::TempDir>,
    copies: usize,
    /// Who is away, and since when.
    away: Option<(usize, i64)>,
    /// What names of forged packs have in them.
    forged: Vec<String>,
}

impl History {
    fn new(seed: u64, counters: &Rc<RefCell<Counters>>) -> Self {
        log::forget_decoded();
        let mut random = Random::new(seed);
        let count = 2 + random.below(3);
        let together = random.once_in(3);
        let luck = Random::new(random.next());
        let views = if together { 1 } else { count };
        let mut net = Net::new(views, luck, counters.clone());
        net.coarse = random.once_in(4);
        net.repairs = random.once_in(2);
        if net.coarse {
            counters.borrow_mut().count(Rare::Coarse);
        }
        let net = Rc::new(RefCell::new(net));
        let genesis_replica = ReplicaId(random.bytes());
        let genesis: Rc<str> =
            format!("{{\"nonce\":{seed},\"replica\":\"{genesis_replica}\"}}").into();
        let keys: Vec<_> = (0..count)
            .map(|_| DeviceKey::generate(random.bytes()))
            .collect();
        let founder = keys[0].public();
        let desks = keys.into_iter().enumerate().map(|(at, key)| {
            let replica = if at == 0 {
                genesis_replica
            } else {
                ReplicaId(random.bytes())
            };
            let mut log = MemoryLog::new(&genesis, founder, replica);
            log.level = if random.once_in(4) { 2 } else { 1 };
            let door = Door::new(&net, if together { 0 } else { at });
            let mut desk = Desk::new(format!("p{at}"), key, log, door);
            if random.once_in(2) {
                desk.clock = random.seconds(200_000_000) - 100_000_000;
            }
            desk
        });
        let desks = desks.collect();
        Self {
            random,
            net,
            counters: counters.clone(),
            desks,
            now: 1_700_000_000,
            meant: Vec::new(),
            rolled_back: false,
            restored: false,
            failures: Vec::new(),
            files: None,
            copies: 0,
            away: None,
            forged: Vec::new(),
        }
    }

    /// The same with a file beside each desk in memory.
    fn with_files(seed: u64, counters: &Rc<RefCell<Counters>>) -> Self {
        let mut history = Self::new(seed, counters);
        let folder = file::folder();
        for (at, desk) in history.desks.iter_mut().enumerate() {
            let path = folder.path().join(format!("{at}.relmate"));
            let key = (at > 0).then_some(desk.public);
            desk.file = Some(DeskFile::new(path, &desk.log, key));
        }
        history.files = Some(folder);
        history
    }

    fn play(&mut self) {
        self.found();
        let steps = 24 + self.random.below(24);
        for _ in 0..steps {
            let at = self.who();
            self.now += self.random.seconds(120);
            self.net.borrow_mut().now = self.now;
            match self.random.below(23) {
                0..=7 => self.write(at),
                8..=13 => self.round(at),
                14 | 15 => self.net.borrow_mut().carry(),
                16 => self.net.borrow_mut().mishap(),
                17 => self.members(at),
                18 => self.time_machine(at),
                19 => self.time(at),
                20 => self.undo(at),
                21 => self.intrude(at),
                _ => self.goes_away(at),
            }
            if self.files.is_some() && self.random.once_in(6) {
                self.check_digests();
            }
        }
        self.heal();
        self.check();
    }

    fn count(&self, rare: Rare) {
        self.counters.borrow_mut().count(rare);
    }

    fn fail(&mut self, why: impl Into<String>) {
        self.failures.push(why.into());
    }

    /// The founder writes alone, shares the desk, and lets the others in.
    fn found(&mut self) {
        let founder = &mut self.desks[0];
        founder.letter = Some(String::new());
        if founder.file.is_some() {
            founder.write(&Plan::default(), |draft, _| records::found(draft));
            assert_eq!(founder.refused.broken, 0);
        } else {
            founder.edit(&mut self.random, &[]);
        }
        if let Some(file) = &mut founder.file {
            let store = file.store_mut();
            store.share_here(&founder.public, &founder.public).unwrap();
            store.admitted("").unwrap();
        }
        founder.begin(String::new());
        let genesis = crate::sync::Genesis::write(&founder.log.genesis, &founder.key).unwrap();
        let name = names::genesis(&founder.log.workspace.0, 0);
        self.net
            .borrow_mut()
            .set(0, &name, Some(&genesis.into()), true);
        let count = self.desks.len();
        for at in 1..count {
            let role = match self.random.below(6) {
                0 => Role::Observer,
                1..=3 => Role::Owner,
                _ => Role::Manager,
            };
            self.admit(0, at, role);
        }
    }

    fn admit(&mut self, by: usize, whom: usize, role: Role) {
        let approver = &self.desks[by];
        let Some(own) = approver.letter.clone() else {
            return;
        };
        let known = approver.log.membership.members(&approver.log.causality);
        let known = known
            .into_iter()
            .find(|it| it.key == self.desks[whom].public);
        let letter = match known {
            Some(known) => Some(known.letter),
            None => approver.log.membership.next_letter(&own),
        };
        let op = MemberOp::Admit {
            key: self.desks[whom].public,
            person: self.desks[whom].person.clone(),
            role,
            letter: letter.unwrap(),
        };
        self.desks[by].say(&op);
    }

    /// A desk that was let in says so in its first commit.
    fn join(&mut self, at: usize) {
        let desk = &mut self.desks[at];
        if desk.letter.is_none()
            && let Some(member) = desk.member().filter(|it| !it.removed)
        {
            desk.begin(member.letter);
        }
    }

    fn write(&mut self, at: usize) {
        self.join(at);
        if self.desks[at].letter.is_none() {
            return;
        }
        let fair = self.desks[at].may_write();
        // A desk that knows better does not write; one that somebody changed may.
        if !fair && !self.random.once_in(3) {
            return;
        }
        let meant = if fair { Meant::Fair } else { Meant::Barred };
        let hash = match self.random.below(16) {
            0 => {
                let plan = Plan {
                    person: Some("somebody else"),
                    ..Plan::default()
                };
                let entity = crate::ledger::named("t", "x");
                let hash = self.desks[at].write(&plan, |draft, _| {
                    draft.set(&entity, "title", "void", []);
                });
                self.meant.push((hash, Meant::Void));
                return;
            }
            1 => {
                let all: Vec<_> = self.desks.iter().flat_map(Desk::dots).collect();
                let desk = &self.desks[at];
                let unseen = all.iter().filter(|(_, _, hash)| !desk.has_seen(hash));
                let unseen: Vec<_> = unseen.map(|(_, dot, _)| *dot).collect();
                if !unseen.is_empty() {
                    self.count(Rare::ForeignReplaces);
                }
                self.desks[at].edit(&mut self.random, &unseen)
            }
            _ => self.desks[at].edit(&mut self.random, &[]),
        };
        self.meant.push((hash, meant));
    }

    /// An owner changes who belongs; sometimes two do, apart.
    fn members(&mut self, at: usize) {
        self.join(at);
        if self.desks[at].letter.is_none() || !self.desks[at].owns() {
            return;
        }
        let whom = self.random.below(self.desks.len());
        if whom == at {
            return;
        }
        let key = self.desks[whom].public;
        let members = self.desks[at]
            .log
            .membership
            .members(&self.desks[at].log.causality);
        let known = members.iter().find(|it| it.key == key);
        let cut = self.desks[at].tips_of(key);
        match known {
            Some(member) if member.removed => {
                self.admit(at, whom, Role::Manager);
                self.count(Rare::Returned);
            }
            Some(_) if self.random.once_in(2) => {
                let role = [Role::Observer, Role::Manager, Role::Owner][self.random.below(3)];
                self.desks[at].say(&MemberOp::Role { key, role, cut });
            }
            Some(_) => {
                self.desks[at].say(&MemberOp::Remove { key, cut });
                self.count(Rare::Removed);
                if self.desks[whom].letter.is_some()
                    && self.desks[whom].owns()
                    && self.random.once_in(2)
                {
                    let key = self.desks[at].public;
                    let cut = self.desks[whom].tips_of(key);
                    self.desks[whom].say(&MemberOp::Remove { key, cut });
                    self.count(Rare::MutualRemoval);
                }
            }
            None => self.admit(at, whom, Role::Manager),
        }
    }

    fn round(&mut self, at: usize) {
        let faulty = self.net.borrow().faulty;
        let door = &mut self.desks[at].door;
        door.crashes.set(faulty && self.random.once_in(10));
        door.squats.set(faulty && self.random.once_in(12));
        door.full = faulty && self.random.once_in(20);
        door.read_only = faulty && self.random.once_in(20);
        door.stale.set(faulty && self.random.once_in(10));
        let slow = faulty && self.random.once_in(12);
        door.slow.set(slow.then(|| self.random.below(12)));
        let room = faulty && self.random.once_in(20);
        door.room.set(room.then(|| self.random.below(3)));
        let relay = if faulty && self.random.once_in(3) {
            Relay::After(60)
        } else {
            Relay::AtOnce
        };
        let refill = self.random.once_in(3) || !faulty;
        let options = Options { relay, refill };
        let jitter = self.random.next();
        let known = self.has_genesis(at);
        self.net.borrow_mut().now = self.now;
        self.file_faults(at, faulty);
        let round = self.desks[at].meet(self.now, jitter, options);
        let killed = trial::died().is_some();
        self.after_file(at);
        if !known && self.has_genesis(at) {
            self.count(Rare::Refilled);
        }
        self.desks[at].door.calm();
        if !killed {
            self.after(at, &round, refill);
        }
    }

    fn has_genesis(&self, at: usize) -> bool {
        let net = self.net.borrow();
        let view = &net.views[self.desks[at].door.view];
        view.keys().any(|name| name.starts_with("genesis"))
    }

    fn after(&mut self, at: usize, round: &Round, refill: bool) {
        if round.relayed > 0 {
            self.count(Rare::Relayed);
        }
        if round.merged > 0 {
            self.count(Rare::Merged);
        }
        if !round.waiting.is_empty() {
            self.count(Rare::Waited);
        }
        if !round.forked.is_empty() {
            self.count(Rare::Forked);
        }
        if refill && round.stopped == Some(Stop::Unrecognised) {
            self.fail("a refill was asked for and not done");
        }
        self.check_deleted(at);
        self.check_in_step(at, round);
        self.back(at, round);
        if round.reborn {
            self.desks[at].again(&mut self.random);
        }
        self.join(at);
    }

    /// Nothing goes wrong any more, and everybody comes again until there is nothing to do.
    fn heal(&mut self) {
        self.net.borrow_mut().faulty = false;
        self.comes_back();
        for at in 0..self.desks.len() {
            if self.random.once_in(4) {
                self.upgrade(at);
            }
        }
        self.now += 200_000;
        // A day later what rotted is noticed, and another day later what is spare goes.
        let days = if self.random.once_in(4) { 3 } else { 2 };
        for days in 0..days {
            self.now += 90_000 * days;
            self.until_quiet();
        }
    }

    fn until_quiet(&mut self) {
        for _ in 0..25 {
            let before = self.marks();
            self.net.borrow_mut().outside = self.outside();
            for at in 0..self.desks.len() {
                self.net.borrow_mut().heal();
                self.round(at);
            }
            self.net.borrow_mut().heal();
            self.now += 700;
            if before == self.marks() {
                return;
            }
        }
        self.fail("they never come to rest");
    }

    /// The copies of desks that were removed.
    fn outside(&self) -> Vec<usize> {
        let removed = |desk: &&Desk| {
            let others = self.desks.iter().map(|it| &it.log.membership);
            others.clone().any(|it| it.is_removed(&desk.public))
        };
        let outside = self.desks.iter().filter(removed);
        outside.map(|desk| desk.door.view).collect()
    }

    /// What must stand still when there is nothing more to do.
    fn marks(&self) -> Vec<(usize, Vec<(String, usize)>)> {
        let net = self.net.borrow();
        let desks = self.desks.iter().map(|desk| {
            let files = net.views[desk.door.view].iter();
            let files = files.map(|(name, file)| (name.clone(), file.bytes.len()));
            (desk.log.entries.len(), files.collect())
        });
        desks.collect()
    }
}
