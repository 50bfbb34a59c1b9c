//! A share that nobody controls: every desk sees its own copy of it, copies travel late, in
//! pieces and out of order, and things happen to files.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use super::counters::{Counters, Rare};
use super::random::Random;
use crate::ledger::Hash;
use crate::sync::names;
use crate::sync::share::Listed;

#[derive(Clone, Debug)]
pub(super) struct File {
    pub bytes: Rc<[u8]>,
    pub stamp: u64,
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
    pub stamps: u64,
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
    pub ghosts: Vec<Vec<(Listed, i64)>>,
    /// Since when a copy has held a file under its name, whatever happened to it meanwhile.
    first: BTreeMap<Held, i64>,
}

/// What a copy held under a name.
type Held = (usize, String, Hash);

/// For how long a listing may be old, in seconds.
pub(super) const STALE: i64 = 60;

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

    pub(super) fn count(&self, rare: Rare) {
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

    pub(super) fn tear(&mut self, bytes: &Rc<[u8]>) -> Rc<[u8]> {
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
