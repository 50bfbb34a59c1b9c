//! Ops that were taken back by others, which may have been taken back themselves: of writes to a
//! field, and of what happened. Refuses nothing: a chain of them may be as long as anybody likes.

use std::collections::HashMap;

use super::id::{Dot, Hash};
use super::merge::Seen;
use super::register::Order;

/// Sorted by order, so that each comes after what it takes back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Backs(Vec<Back>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Back {
    order: Order,
    pub(super) dot: Dot,
    target: Dot,
    seen: Seen,
}

/// What stands of it, by what it takes back.
pub(super) struct Standing<'b>(HashMap<Dot, Vec<&'b Back>>);

impl Backs {
    pub(super) const fn new() -> Self {
        Self(Vec::new())
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The op at `dot` takes back the one at `target`, as far as it had seen it.
    pub(super) fn insert(&mut self, (dot, order): (Dot, Order), target: Dot, seen: Seen) {
        if seen == Seen::No {
            return;
        }
        let new = Back {
            order,
            dot,
            target,
            seen,
        };
        let place = |it: &Back| (it.order, it.dot).cmp(&(order, dot));
        if let Err(place) = self.0.binary_search_by(place) {
            self.0.insert(place, new);
        }
    }

    /// Those that were not taken back themselves: the latest first, since nothing takes back what
    /// comes after it.
    pub(super) fn standing(&self) -> Standing<'_> {
        let mut standing = Standing(HashMap::new());
        for back in self.0.iter().rev() {
            if !standing.covers(&back.dot, &back.order.hash) {
                standing.0.entry(back.target).or_default().push(back);
            }
        }
        standing
    }

    /// What the op at a dot takes back in the end, through others; the dot itself if nothing.
    pub(super) fn origin(&self, dot: &Dot) -> Dot {
        let mut dot = *dot;
        for back in self.0.iter().rev() {
            if back.dot == dot {
                dot = back.target;
            }
        }
        dot
    }
}

impl<'b> Standing<'b> {
    /// What takes back the op of `hash` at `dot`.
    pub(super) fn on(&self, dot: &Dot, hash: &Hash) -> impl Iterator<Item = &'b Back> {
        self.at(dot).filter(move |it| it.seen.covers(hash))
    }

    /// The same of whichever branch.
    pub(super) fn at(&self, dot: &Dot) -> impl Iterator<Item = &'b Back> {
        self.0.get(dot).into_iter().flatten().copied()
    }

    pub(super) fn covers(&self, dot: &Dot, hash: &Hash) -> bool {
        self.on(dot, hash).next().is_some()
    }

    /// Whether the op at `dot` is one of those that take something back.
    pub(super) fn has(&self, dot: &Dot) -> bool {
        self.0.values().flatten().any(|it| it.dot == *dot)
    }
}
