//! One field of one record: every value that nothing replaced, and that nobody took back. Refuses to
//! choose for people: the greatest order is only shown first, the others stay until someone settles
//! them.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;

use super::backs::{Backs, Standing};
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
    /// A store keeps none, and most of what is held in memory comes from there.
    history: Option<Box<History>>,
}

/// What became of values that do not stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct History {
    pub(super) gone: Graves,
    /// What was replaced or taken back, sorted by order: it stands again where what replaced it is
    /// taken back.
    past: Vec<Live>,
    pub(super) backs: Backs,
}

static NOTHING: History = History {
    gone: Graves(BTreeMap::new()),
    past: Vec::new(),
    backs: Backs::new(),
};

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

    pub(super) fn history(&self) -> &History {
        self.history.as_deref().unwrap_or(&NOTHING)
    }

    pub(super) fn history_mut(&mut self) -> &mut History {
        self.history.get_or_insert_default()
    }

    pub(super) fn insert(&mut self, new: Live) {
        let History { gone, past, .. } = self.history();
        if past.binary_search_by(|old| place(old, &new)).is_ok() {
            return;
        }
        if gone.hold(&new.dot, &new.order.hash) {
            insert(&mut self.history_mut().past, new);
        } else {
            // Nearly every field has one value, and a list makes room for four.
            self.live.reserve_exact(1);
            insert(&mut self.live, new);
        }
    }

    /// Takes away what was seen of a value; `buries` says whether it must be known for ever.
    pub(super) fn replace(&mut self, dot: &Dot, seen: &Seen, buries: bool) {
        let gone = |live: &Live| live.dot == *dot && seen.covers(&live.order.hash);
        if !buries {
            self.live.retain(|live| !gone(live));
            return;
        }
        let gone: Vec<Live> = self.live.extract_if(.., |live| gone(live)).collect();
        for live in gone {
            insert(&mut self.history_mut().past, live);
        }
    }

    /// What was taken back in this field and still is.
    pub(super) fn taken_back(&self) -> Standing<'_> {
        self.history().backs.standing()
    }

    /// Returns an op that counts and replaced what `hash` wrote at `dot`, also through one that does
    /// not count; not one of the same commit.
    pub(super) fn replaced_by(
        &self,
        taken_back: &Standing<'_>,
        dot: &Dot,
        hash: &Hash,
    ) -> Option<Dot> {
        let mut met = BTreeSet::new();
        let mut ahead = vec![(*dot, *hash)];
        while let Some((dot, of)) = ahead.pop() {
            for by in self.history().gone.over(&dot, &of) {
                if !met.insert(by) {
                    continue;
                }
                if taken_back.covers(&by.0, &by.1) {
                    ahead.push(by);
                } else if by.1 != *hash {
                    return Some(by.0);
                }
            }
        }
        None
    }

    /// Returns what was written at the dot, or what was taken back in the end by the op that is there.
    pub(super) fn origin(&self, dot: &Dot) -> Option<&Live> {
        let History { past, backs, .. } = self.history();
        let dot = backs.origin(dot);
        self.live.iter().chain(past).find(|it| it.dot == dot)
    }

    /// Whether the op at `dot` takes something back, and was not taken back itself.
    pub fn takes_back(&self, dot: &Dot) -> bool {
        self.taken_back().has(dot)
    }

    /// Finds again what stands where something was taken back: a write that was counts as never
    /// written, so that what it replaced stands, unless another replaced that too.
    pub(super) fn settle(&mut self) {
        let Some(History { gone, past, backs }) = self.history.as_deref_mut() else {
            return;
        };
        if backs.is_empty() {
            return;
        }
        let mut all: Vec<Live> = self.live.drain(..).chain(past.drain(..)).collect();
        all.sort_by(place);
        let standing = backs.standing();
        let is_void = |it: &Live| standing.covers(&it.dot, &it.order.hash);
        let mut at: HashMap<Dot, Vec<usize>> = HashMap::new();
        for (index, it) in all.iter().enumerate() {
            at.entry(it.dot).or_default().push(index);
        }
        let replaced = gone.by_taker();
        let mut covered = vec![false; all.len()];
        // What a write replaced it replaced also through one that was taken back.
        let mut ahead: Vec<usize> = (0..all.len()).filter(|it| !is_void(&all[*it])).collect();
        while let Some(index) = ahead.pop() {
            let by = (all[index].dot, all[index].order.hash);
            for (dot, seen) in replaced.get(&by).into_iter().flatten() {
                for &other in at.get(dot).into_iter().flatten() {
                    let it = &all[other];
                    if seen.covers(&it.order.hash) && !covered[other] {
                        covered[other] = true;
                        if is_void(it) {
                            ahead.push(other);
                        }
                    }
                }
            }
        }
        for (it, covered) in all.into_iter().zip(covered) {
            if covered || is_void(&it) {
                past.push(it);
            } else {
                self.live.push(it);
            }
        }
    }
}

fn insert(list: &mut Vec<Live>, new: Live) {
    if let Err(place) = list.binary_search_by(|old| place(old, &new)) {
        list.insert(place, new);
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

    /// What each op took away.
    fn by_taker(&self) -> HashMap<(Dot, Hash), Vec<(Dot, &Seen)>> {
        let mut taken: HashMap<_, Vec<_>> = HashMap::new();
        for ((dot, by, hash), seen) in &self.0 {
            taken.entry((*by, *hash)).or_default().push((*dot, seen));
        }
        taken
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
