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
    /// Sorted by order.
    pub live: Vec<Live>,
    pub(super) gone: Graves,
}

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
        self.live.iter().map(|live| live.dot).collect()
    }

    pub(super) fn insert(&mut self, new: Live) {
        if self.gone.hold(&new.dot, &new.order.hash) {
            return;
        }
        let place = self.live.binary_search_by(|old| place(old, &new));
        if let Err(place) = place {
            // Nearly every field has one value, and a list makes room for four.
            self.live.reserve_exact(1);
            self.live.insert(place, new);
        }
    }

    /// Takes away what was seen of a value.
    pub(super) fn replace(&mut self, dot: &Dot, seen: &Seen) {
        self.live
            .retain(|live| live.dot != *dot || !seen.covers(&live.order.hash));
    }
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

    /// Returns every op that took away a value at `dot`, of whichever branch.
    pub(super) fn takers(&self, dot: &Dot) -> impl Iterator<Item = (Dot, Hash)> {
        self.all(dot).map(|(by, _)| by)
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
