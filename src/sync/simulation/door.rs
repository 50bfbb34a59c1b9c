//! One desk's way to its copy of the share, and what may go wrong on it: slow answers, old listings,
//! a full or read-only place, names that others took, and deaths on the way of a file.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::counters::Rare;
use super::share::{Net, STALE};
use crate::sync::names;
use crate::sync::share::{Durable, Kept, Listed, Share, ShareError, until_refused};

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

    fn put_while(
        &self,
        name: &str,
        bytes: &[u8],
        meanwhile: &mut dyn FnMut(),
    ) -> Result<Kept, ShareError> {
        self.beside(meanwhile, || self.put(name, bytes))
    }

    fn delete_while(
        &self,
        names: &[String],
        meanwhile: &mut dyn FnMut(),
    ) -> (usize, Result<(), ShareError>) {
        self.beside(meanwhile, || until_refused(names, |name| self.take(name)))
    }
}

impl Door {
    /// Whichever comes first: a real folder does both at once.
    fn beside<T>(&self, meanwhile: &mut dyn FnMut(), does: impl FnOnce() -> T) -> T {
        // Now this, now that, without another throw: a history goes on as it would.
        let first = self.net.borrow().stamps.is_multiple_of(2);
        if first {
            meanwhile();
        }
        let done = does();
        if !first {
            meanwhile();
        }
        done
    }

    fn put(&self, name: &str, bytes: &[u8]) -> Result<Kept, ShareError> {
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

    fn take(&self, name: &str) -> Result<(), ShareError> {
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
}
