//! A share that nobody controls: every desk sees its own copy of it, copies travel late, in
//! pieces and out of order, and things happen to files.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use super::counters::{Counters, Rare};
use super::random::Random;
use crate::sync::names;
use crate::sync::share::{Durable, Listed, Share, ShareError};

#[derive(Clone, Debug)]
pub(super) struct File {
    pub bytes: Rc<[u8]>,
    stamp: u64,
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
}

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
        }
    }

    fn count(&self, rare: Rare) {
        self.counters.borrow_mut().count(rare);
    }

    /// Puts bytes under a name in one copy; the others hear of it.
    pub(super) fn set(&mut self, view: usize, name: &str, bytes: Option<&Rc<[u8]>>, tell: bool) {
        self.stamps += 1;
        match bytes {
            Some(bytes) => {
                let (bytes, stamp) = (bytes.clone(), self.stamps);
                self.views[view].insert(name.to_owned(), File { bytes, stamp });
            }
            None => {
                self.views[view].remove(name);
            }
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
        let mut names: Vec<_> = self
            .views
            .iter()
            .flat_map(|view| view.keys().cloned())
            .collect();
        names.sort();
        names.dedup();
        for name in names {
            let from = self.random.below(self.views.len());
            let file = self.views[from].get(&name).map(|file| file.bytes.clone());
            for view in 0..self.views.len() {
                let there = self.views[view].get(&name).map(|it| &it.bytes);
                if there != file.as_ref() {
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
    /// Goes wrong at the next writing, and then answers nothing more.
    pub crashes: Cell<bool>,
    pub crashed: Cell<bool>,
    pub full: bool,
    pub read_only: bool,
    pub squats: Cell<bool>,
    /// Names that the program itself took away.
    pub deleted: RefCell<Vec<(String, Rc<[u8]>)>>,
}

impl Door {
    pub(super) fn new(net: &Rc<RefCell<Net>>, view: usize) -> Self {
        Self {
            net: net.clone(),
            view,
            crashes: Cell::new(false),
            crashed: Cell::new(false),
            full: false,
            read_only: false,
            squats: Cell::new(false),
            deleted: RefCell::new(Vec::new()),
        }
    }

    fn alive(&self) -> Result<(), ShareError> {
        if self.crashed.get() {
            return Err(ShareError::Gone("the share".into()));
        }
        Ok(())
    }

    /// Dies somewhere on the way of a new file.
    fn crash(&self, name: &str, bytes: &Rc<[u8]>) -> ShareError {
        let mut net = self.net.borrow_mut();
        self.crashed.set(true);
        net.count(Rare::Crashed);
        match net.random.below(5) {
            0 => {}
            1 => {
                let folder = name.rsplit_once('/').map_or("", |it| it.0);
                let torn = net.tear(bytes);
                net.set(
                    self.view,
                    &format!("{folder}/~00000000000000aa.tmp"),
                    Some(&torn),
                    true,
                );
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
        let net = self.net.borrow();
        let listed = net.views[self.view].iter().map(|(name, file)| Listed {
            name: name.clone(),
            size: file.bytes.len() as u64,
            stamp: file.stamp,
        });
        Ok(listed
            .filter(|it| names::hint(&it.name) != names::Hint::Temporary)
            .collect())
    }

    fn get(&self, name: &str, _: u64) -> Result<Vec<u8>, ShareError> {
        self.alive()?;
        let net = self.net.borrow();
        let file = net.views[self.view].get(name);
        let file = file.ok_or_else(|| ShareError::Missing(name.into()))?;
        Ok(file.bytes.to_vec())
    }

    fn put_new(&self, name: &str, bytes: &[u8]) -> Result<Durable, ShareError> {
        self.alive()?;
        let bytes: Rc<[u8]> = bytes.into();
        if self.read_only {
            self.net.borrow().count(Rare::ReadOnly);
            return Err(ShareError::ReadOnly);
        }
        if self.full {
            self.net.borrow().count(Rare::Full);
            return Err(ShareError::Full);
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
        Ok(Durable::Yes)
    }

    fn delete(&self, name: &str) -> Result<(), ShareError> {
        self.alive()?;
        if self.read_only {
            return Err(ShareError::ReadOnly);
        }
        let mut net = self.net.borrow_mut();
        if let Some(file) = net.views[self.view].get(name) {
            self.deleted
                .borrow_mut()
                .push((name.to_owned(), file.bytes.clone()));
        }
        net.set(self.view, name, None, true);
        Ok(())
    }
}
