//! A share that nobody controls: every desk sees its own copy of it, copies travel late, in
//! pieces and out of order, and things happen to files.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use super::counters::{Counters, Rare};
use super::random::Random;
use crate::ledger::Hash;
use crate::sync::names;
use crate::sync::share::{Durable, Kept, Listed, Share, ShareError, until_refused};

#[derive(Clone, Debug)]
pub(super) struct File {
    pub bytes: Rc<[u8]>,
    stamp: u64,
    /// Since when it lies there.
    pub since: i64,
}

pub(super) type Files = BTreeMap<String, File>;

/// Something that one copy of the share learns from another.
#[derive(Clone)]
struct News {
    name: String,
    file: Option<Rc<[u8]>>,
}

/// All copies of one share, and what is under way between them.
pub(super) struct Net {
    pub views: Vec<Files>,
    old: Vec<Files>,
    under_way: Vec<VecDeque<News>>,
    stamps: u64,
    pub random: Random,
    pub counters: Rc<RefCell<Counters>>,
    /// Whether anything goes wrong.
    pub faulty: bool,
    pub now: i64,
    /// Stamps tell two seconds and nothing finer, as on FAT.
    pub coarse: bool,
    /// What carries files between the copies repairs one that was damaged on its way.
    pub repairs: bool,
    /// Copies of whom nobody writes anything again for: then it repairs all the same.
    pub outside: Vec<usize>,
    /// What went, by copy: some listings show it for a while.
    ghosts: Vec<Vec<(Listed, i64)>>,
    /// Since when a copy has held a file under its name, whatever happened to it meanwhile.
    first: BTreeMap<Held, i64>,
}

/// What a copy held under a name.
type Held = (usize, String, Hash);

/// For how long a listing may be old, in seconds.
const STALE: i64 = 60;

impl Net {
    pub(super) fn new(views: usize, random: Random, counters: Rc<RefCell<Counters>>) -> Self {
        Self {
            views: vec![Files::new(); views],
            old: vec![Files::new(); views],
            under_way: vec![VecDeque::new(); views],
            stamps: 0,
            random,
            counters,
            faulty: true,
            now: 0,
            coarse: false,
            repairs: true,
            outside: Vec::new(),
            ghosts: vec![Vec::new(); views],
            first: BTreeMap::new(),
        }
    }

    fn count(&self, rare: Rare) {
        self.counters.borrow_mut().count(rare);
    }

    /// Puts bytes under a name in one copy; the others hear of it.
    pub(super) fn set(&mut self, view: usize, name: &str, bytes: Option<&Rc<[u8]>>, tell: bool) {
        self.stamps += 1;
        let stamp = if self.coarse {
            self.now.unsigned_abs() / 2
        } else {
            self.stamps
        };
        if let Some(bytes) = bytes {
            let bytes = bytes.clone();
            let held = (view, name.to_owned(), Hash::of(&[&bytes]));
            let since = *self.first.entry(held).or_insert(self.now);
            let file = File {
                bytes,
                stamp,
                since,
            };
            self.views[view].insert(name.to_owned(), file);
        } else {
            let gone = self.views[view].remove(name);
            let ghost = gone.map(|file| Listed {
                name: name.to_owned(),
                size: file.bytes.len() as u64,
                stamp: file.stamp,
            });
            self.ghosts[view].extend(ghost.map(|it| (it, self.now)));
        }
        if !tell {
            return;
        }
        for (other, queue) in self.under_way.iter_mut().enumerate() {
            if other != view {
                queue.push_back(News {
                    name: name.to_owned(),
                    file: bytes.cloned(),
                });
            }
        }
    }

    /// Some of what is under way arrives, some of it only in part.
    pub(super) fn carry(&mut self) {
        for view in 0..self.views.len() {
            let count = self.random.below(self.under_way[view].len() + 1);
            for _ in 0..count {
                // Mostly in order; sometimes a later file overtakes.
                let len = self.under_way[view].len();
                let at = if self.random.once_in(3) {
                    self.random.below(len)
                } else {
                    0
                };
                let Some(news) = self.under_way[view].get(at).cloned() else {
                    continue;
                };
                let earlier = self.under_way[view].iter().take(at);
                if earlier.clone().any(|it| it.name == news.name) {
                    continue;
                }
                if let Some(bytes) = news.file.as_ref().filter(|_| self.random.once_in(6)) {
                    let torn = self.tear(bytes);
                    self.set(view, &news.name, Some(&torn), false);
                    self.count(Rare::Torn);
                    continue;
                }
                self.under_way[view].remove(at);
                self.set(view, &news.name, news.file.as_ref(), false);
            }
        }
    }

    fn tear(&mut self, bytes: &Rc<[u8]>) -> Rc<[u8]> {
        let keep = self.random.below(bytes.len());
        let mut torn = bytes[..keep].to_vec();
        if self.random.once_in(2) {
            torn.resize(bytes.len(), 0);
        }
        torn.into()
    }

    /// One thing happens to one copy of the share.
    pub(super) fn mishap(&mut self) {
        let view = self.random.below(self.views.len());
        let names: Vec<_> = self.views[view].keys().cloned().collect();
        if names.is_empty() {
            return;
        }
        let name = names[self.random.below(names.len())].clone();
        let bytes = self.views[view][&name].bytes.clone();
        let tell = self.random.once_in(2);
        match self.random.below(9) {
            0 => {
                self.set(view, &name, None, tell);
                self.count(Rare::Deleted);
            }
            1 => {
                let torn = self.tear(&bytes);
                self.set(view, &name, Some(&torn), tell);
                self.count(Rare::Torn);
            }
            2 if !bytes.is_empty() => {
                let mut flipped = bytes.to_vec();
                let at = self.random.below(flipped.len());
                flipped[at] ^= 1 << self.random.below(8);
                self.count(Rare::Flipped);
                if tell {
                    self.set(view, &name, Some(&flipped.into()), false);
                } else if let Some(file) = self.views[view].get_mut(&name) {
                    // Rot: nothing tells that the file changed.
                    file.bytes = flipped.into();
                }
            }
            3 => {
                let copy = name.replacen('.', ".sync-conflict-20260101-120000-ABC.", 1);
                self.set(view, &copy, Some(&bytes), tell);
                self.count(Rare::ConflictCopy);
            }
            4 => {
                self.set(view, &name, None, tell);
                let moved = format!("{name} (1).pk");
                self.set(view, &moved, Some(&bytes), tell);
                self.count(Rare::Renamed);
            }
            5 => {
                let noise: Rc<[u8]> = Rc::from(&b"notes of somebody"[..]);
                self.set(view, "d/notes.txt", Some(&noise), tell);
                self.set(view, "d/.syncthing.x.pk.tmp", Some(&noise), tell);
                self.set(view, "d/junk.pk", Some(&noise), tell);
            }
            6 if self.random.once_in(3) => {
                self.views[view] = self.old[view].clone();
                self.count(Rare::Rewound);
            }
            7 if self.random.once_in(6) => {
                self.views[view].clear();
                self.count(Rare::Wiped);
            }
            _ => self.old[view] = self.views[view].clone(),
        }
    }

    /// Everything arrives, and every name comes to one content everywhere.
    pub(super) fn heal(&mut self) {
        for view in 0..self.views.len() {
            while let Some(news) = self.under_way[view].pop_front() {
                self.set(view, &news.name, news.file.as_ref(), false);
            }
        }
        let mut all: Vec<_> = self
            .views
            .iter()
            .flat_map(|view| view.keys().cloned())
            .collect();
        all.sort();
        all.dedup();
        // What is half written stays where it is.
        all.retain(|name| !names::is_own_temporary(name));
        for name in all {
            let from = self.random.below(self.views.len());
            let file = self.views[from].get(&name).map(|file| file.bytes.clone());
            for view in 0..self.views.len() {
                let there = self.views[view].get(&name).map(|it| &it.bytes);
                let damaged = there.is_some() && file.is_some();
                if there == file.as_ref() {
                    continue;
                }
                if damaged && !self.repairs && self.outside.is_empty() {
                    self.count(Rare::Damaged);
                } else {
                    self.set(view, &name, file.as_ref(), false);
                }
            }
        }
    }
}

/// One desk's way to its copy.
pub(super) struct Door {
    pub net: Rc<RefCell<Net>>,
    pub view: usize,
    /// What the desk remembers the share by.
    pub id: &'static str,
    /// Goes wrong at the next writing, and then answers nothing more.
    pub crashes: Cell<bool>,
    pub crashed: Cell<bool>,
    pub full: bool,
    /// Room for so many more files.
    pub room: Cell<Option<usize>>,
    pub read_only: bool,
    /// Answers so many more times, and then nothing in time.
    pub slow: Cell<Option<usize>>,
    /// Lists what was there a while ago.
    pub stale: Cell<bool>,
    pub squats: Cell<bool>,
    /// Names that the program itself took away.
    pub deleted: RefCell<Vec<(String, Rc<[u8]>)>>,
}

impl Door {
    pub(super) fn new(net: &Rc<RefCell<Net>>, view: usize) -> Self {
        Self {
            net: net.clone(),
            view,
            id: "share",
            crashes: Cell::new(false),
            crashed: Cell::new(false),
            full: false,
            room: Cell::new(None),
            read_only: false,
            slow: Cell::new(None),
            stale: Cell::new(false),
            squats: Cell::new(false),
            deleted: RefCell::new(Vec::new()),
        }
    }

    /// Nothing goes wrong any more.
    pub(super) fn calm(&mut self) {
        self.crashes.set(false);
        self.squats.set(false);
        self.slow.set(None);
        self.room.set(None);
        self.stale.set(false);
    }

    fn alive(&self) -> Result<(), ShareError> {
        if self.crashed.get() {
            return Err(ShareError::Gone("the share".into()));
        }
        Ok(())
    }

    /// Whether it answers in time.
    fn in_time(&self) -> bool {
        let Some(left) = self.slow.get() else {
            return true;
        };
        self.slow.set(Some(left.saturating_sub(1)));
        if left == 0 {
            self.net.borrow().count(Rare::Slow);
        }
        left > 0
    }

    /// A listing that is a minute old.
    fn listed_before(&self, net: &Net, listed: &mut Vec<Listed>) {
        let view = &net.views[self.view];
        let before = listed.len();
        listed.retain(|it| view[&it.name].since + STALE < net.now);
        if listed.len() < before {
            net.count(Rare::NotSeenYet);
        }
        let ghosts = net.ghosts[self.view].iter();
        let ghosts =
            ghosts.filter(|(it, at)| at + STALE >= net.now && !view.contains_key(&it.name));
        let mut met = std::collections::BTreeSet::new();
        for (ghost, _) in ghosts.filter(|it| met.insert(it.0.name.clone())) {
            listed.push(ghost.clone());
            net.count(Rare::ListedAndGone);
        }
    }

    /// Dies somewhere on the way of a new file.
    fn crash(&self, name: &str, bytes: &Rc<[u8]>) -> ShareError {
        let mut net = self.net.borrow_mut();
        self.crashed.set(true);
        net.count(Rare::Crashed);
        match net.random.below(6) {
            0 => {}
            // What carries files leaves these alone.
            how @ (1 | 5) => {
                let folder = name.rsplit_once('/').map_or("", |it| it.0);
                let temporary = format!("{folder}/~00000000000000aa.tmp");
                let torn = if how == 1 {
                    net.tear(bytes)
                } else {
                    bytes.clone()
                };
                net.set(self.view, &temporary, Some(&torn), false);
            }
            2 => {
                let zeros: Rc<[u8]> = vec![0; bytes.len()].into();
                net.set(self.view, name, Some(&zeros), true);
                net.count(Rare::ZeroFilled);
            }
            3 => {
                let torn = net.tear(bytes);
                net.set(self.view, name, Some(&torn), true);
            }
            _ => {
                net.set(self.view, name, Some(bytes), true);
                net.count(Rare::CrashedAfterRename);
            }
        }
        ShareError::Gone("the share".into())
    }
}

impl Share for Door {
    fn list(&self) -> Result<Vec<Listed>, ShareError> {
        self.alive()?;
        if !self.in_time() {
            return Err(ShareError::Slow);
        }
        let net = self.net.borrow();
        let listed = net.views[self.view].iter().map(|(name, file)| Listed {
            name: name.clone(),
            size: file.bytes.len() as u64,
            stamp: file.stamp,
        });
        let mut listed: Vec<_> = listed.collect();
        if self.stale.get() {
            self.listed_before(&net, &mut listed);
            listed.sort_unstable();
        }
        listed.retain(|it| names::hint(&it.name) != names::Hint::Temporary);
        Ok(listed)
    }

    fn get(&self, name: &str, _: u64) -> Result<Vec<u8>, ShareError> {
        self.alive()?;
        if !self.in_time() {
            return Err(ShareError::Slow);
        }
        let net = self.net.borrow();
        let file = net.views[self.view].get(name);
        let file = file.ok_or_else(|| ShareError::Missing(name.into()))?;
        Ok(file.bytes.to_vec())
    }

    fn put_new(&self, name: &str, bytes: &[u8]) -> Result<Kept, ShareError> {
        self.alive()?;
        let bytes: Rc<[u8]> = bytes.into();
        if self.read_only {
            self.net.borrow().count(Rare::ReadOnly);
            return Err(ShareError::ReadOnly);
        }
        let room = self.room.get();
        if self.full || room == Some(0) {
            let rare = if self.full {
                Rare::Full
            } else {
                Rare::FullInTheMiddle
            };
            self.net.borrow().count(rare);
            return Err(ShareError::Full);
        }
        self.room.set(room.map(|it| it - 1));
        let in_time = self.in_time();
        // What was asked for may be done all the same, only nobody hears of it in time.
        if !in_time && self.net.borrow_mut().random.once_in(2) {
            return Err(ShareError::Slow);
        }
        if self.crashes.replace(false) {
            return Err(self.crash(name, &bytes));
        }
        let mut net = self.net.borrow_mut();
        if self.squats.replace(false) {
            let garbage: Rc<[u8]> = Rc::from(&b"\x89RLM1\r\n\x1a\nmine now"[..]);
            net.set(self.view, name, Some(&garbage), true);
            net.count(Rare::Squatted);
        }
        if net.views[self.view].contains_key(name) {
            return Err(ShareError::Taken(name.into()));
        }
        net.set(self.view, name, Some(&bytes), true);
        if !in_time {
            net.count(Rare::SlowAndDone);
            return Err(ShareError::Slow);
        }
        Ok(Kept {
            stamp: net.views[self.view][name].stamp,
            durable: Durable::Yes,
        })
    }

    fn delete(&self, name: &str) -> Result<(), ShareError> {
        self.alive()?;
        if self.read_only {
            return Err(ShareError::ReadOnly);
        }
        let in_time = self.in_time();
        if !in_time && self.net.borrow_mut().random.once_in(2) {
            return Err(ShareError::Slow);
        }
        let mut net = self.net.borrow_mut();
        if let Some(file) = net.views[self.view].get(name) {
            self.deleted
                .borrow_mut()
                .push((name.to_owned(), file.bytes.clone()));
        }
        net.set(self.view, name, None, true);
        if in_time {
            Ok(())
        } else {
            Err(ShareError::Slow)
        }
    }

    /// Whichever comes first: a real folder does both at once.
    fn delete_while(
        &self,
        names: &[String],
        meanwhile: &mut dyn FnMut(),
    ) -> (usize, Result<(), ShareError>) {
        let first = self.net.borrow_mut().random.once_in(2);
        if first {
            meanwhile();
        }
        let went = until_refused(names, |name| self.delete(name));
        if !first {
            meanwhile();
        }
        went
    }
}
