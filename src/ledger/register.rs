//! One field of one record: every value that nothing replaced. Refuses to choose for people:
//! the greatest order is only shown first, the others stay until someone settles them.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use serde_json::Value;

use super::id::{Dot, Hash, ReplicaId};
use super::merge::Seen;

/// A total order that respects causes and reads no clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Order {
    pub lamport: u64,
    pub replica: ReplicaId,
    pub hash: Hash,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Live {
    pub dot: Dot,
    pub value: Value,
    pub order: Order,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Register {
    /// What stands, sorted by order.
    pub live: Vec<Live>,
    /// What undos put back beneath it; nearly every field has none. It stands where nothing else
    /// does, and lies in `live` then as well.
    beneath: Option<Box<Beneath>>,
    pub(super) gone: Graves,
}

/// Sorted by order, never empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Beneath(Vec<Live>);

impl Register {
    /// Returns the value to show: the one with the greatest order. A `null` is how a field is emptied.
    pub fn value(&self) -> Option<&Value> {
        self.live
            .last()
            .map(|live| &live.value)
            .filter(|value| !value.is_null())
    }

    /// Returns the live value with the greatest rank, for fields where caution decides what is shown.
    pub fn provisional_by<R: Ord>(&self, rank: impl Fn(&Value) -> R) -> Option<&Live> {
        self.live.iter().max_by_key(|live| rank(&live.value))
    }

    /// Tells whether people must settle it: more than one distinct value.
    pub fn contested(&self) -> bool {
        // Values hold no floats, so equal trees are equal canonical texts.
        self.live
            .windows(2)
            .any(|pair| pair[0].value != pair[1].value)
    }

    /// Returns what a `set` that has seen this register replaces.
    pub fn dots(&self) -> Vec<Dot> {
        self.written().map(|live| live.dot).collect()
    }

    /// Everything that nothing replaced: what stands, and what lies beneath it.
    pub fn written(&self) -> impl Iterator<Item = &Live> {
        let hidden = |it: &&Live| !self.live.iter().any(|live| same(live, it));
        self.live.iter().chain(self.beneath().iter().filter(hidden))
    }

    /// What undos put back to stand where nothing else does, whether it does or not.
    pub fn beneath(&self) -> &[Live] {
        self.beneath.as_ref().map_or(&[], |it| &it.0)
    }

    /// What stands by itself, without what undos left to stand.
    pub fn above(&self) -> impl DoubleEndedIterator<Item = &Live> {
        let lent = |it: &&Live| !self.beneath().iter().any(|under| same(under, it));
        self.live.iter().filter(lent)
    }

    pub(super) fn insert(&mut self, new: Live, beneath: bool) {
        if self.gone.hold(&new.dot, &new.order.hash) {
            return;
        }
        let list = if beneath {
            &mut self.beneath.get_or_insert_default().0
        } else {
            &mut self.live
        };
        if let Err(place) = list.binary_search_by(|old| place(old, &new)) {
            // Nearly every field has one value, and a list makes room for four.
            list.reserve_exact(1);
            list.insert(place, new);
        }
    }

    /// Takes away what was seen of a value.
    pub(super) fn replace(&mut self, dot: &Dot, seen: &Seen) {
        let stays = |live: &Live| live.dot != *dot || !seen.covers(&live.order.hash);
        self.live.retain(stays);
        if let Some(beneath) = &mut self.beneath {
            beneath.0.retain(stays);
        }
    }

    /// Finds again what stands, after any change of what is written.
    pub(super) fn settle(&mut self) {
        let Some(Beneath(beneath)) = self.beneath.as_deref() else {
            return;
        };
        self.live
            .retain(|live| !beneath.iter().any(|under| same(under, live)));
        if self.live.is_empty() {
            // Who had found the field empty has nothing to put back beside who had not.
            let all_empty = beneath.iter().all(|it| it.value.is_null());
            let stands = |it: &&Live| all_empty || !it.value.is_null();
            self.live = beneath.iter().filter(stands).cloned().collect();
        }
        if beneath.is_empty() {
            self.beneath = None;
        }
    }
}

fn same(one: &Live, other: &Live) -> bool {
    (one.dot, one.order) == (other.dot, other.order)
}

fn place(old: &Live, new: &Live) -> Ordering {
    (old.order, old.dot).cmp(&(new.order, new.dot))
}

/// Which dots are gone and by whom. Kept for ever, so that it does not matter what arrives first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Graves(BTreeMap<(Dot, Dot, Hash), Seen>);

impl Graves {
    pub(super) fn dig(&mut self, dot: Dot, by: (Dot, Hash), seen: Seen) {
        if seen != Seen::No {
            self.0.insert((dot, by.0, by.1), seen);
        }
    }

    pub(super) fn hold(&self, dot: &Dot, hash: &Hash) -> bool {
        self.over(dot, hash).next().is_some()
    }

    /// Returns the ops that took away what `hash` wrote at `dot`.
    pub(super) fn over(
        &self,
        dot: &Dot,
        hash: &Hash,
    ) -> impl DoubleEndedIterator<Item = (Dot, Hash)> {
        self.all(dot)
            .filter(|(_, seen)| seen.covers(hash))
            .map(|(by, _)| by)
    }

    pub(super) fn has(&self, dot: &Dot, by: (Dot, Hash)) -> bool {
        self.0.contains_key(&(*dot, by.0, by.1))
    }

    fn all(&self, dot: &Dot) -> impl DoubleEndedIterator<Item = ((Dot, Hash), &Seen)> {
        let first = (*dot, FIRST, Hash([0; 32]));
        let last = (*dot, LAST, Hash([255; 32]));
        self.0
            .range(first..=last)
            .map(|((_, by, hash), seen)| ((*by, *hash), seen))
    }
}

const FIRST: Dot = Dot {
    replica: ReplicaId([0; 16]),
    seq: 0,
    op: 0,
};
const LAST: Dot = Dot {
    replica: ReplicaId([255; 16]),
    seq: u64::MAX,
    op: u32::MAX,
};
