//! Which membership ops count: those whose author was allowed to say them where they stand.
//! Refuses to let the order of arrival, or a clock, decide between owners who remove each other.

use super::{Ancestry, MemberOp, Membership, Role, Told, cut};
use crate::ledger::register::Order;

/// Says of every op whether it counts. What lies in an op's past is decided before it; a removal
/// made elsewhere is decided before what it would cut off, and where two cut off each other the
/// one whose author was admitted first stands.
pub(super) fn counts(membership: &Membership, past: &dyn Ancestry) -> Vec<bool> {
    let mut settling = Settling {
        membership,
        past,
        said: vec![None; membership.told.len()],
    };
    while settling.said.contains(&None) {
        if !settling.pass()
            && let Some(first) = settling.senior()
        {
            settling.said[first] = Some(true);
        }
    }
    settling
        .said
        .into_iter()
        .map(|said| said == Some(true))
        .collect()
}

struct Settling<'a> {
    membership: &'a Membership,
    past: &'a dyn Ancestry,
    said: Vec<Option<bool>>,
}

impl Settling<'_> {
    /// Decides what can be decided; tells whether anything was.
    fn pass(&mut self) -> bool {
        let mut moved = false;
        for index in 0..self.said.len() {
            if self.said[index].is_none() {
                self.said[index] = self.decide(index);
                moved |= self.said[index].is_some();
            }
        }
        moved
    }

    fn decide(&self, index: usize) -> Option<bool> {
        if !self.supported(index) {
            return None;
        }
        if !self.allowed(index) {
            return Some(false);
        }
        self.open_cuts(index).is_empty().then_some(true)
    }

    fn told(&self, index: usize) -> &Told {
        &self.membership.told[index]
    }

    /// Everything that its author could have known has been decided.
    fn supported(&self, index: usize) -> bool {
        let told = self.told(index);
        let known = |other: usize| {
            other != index && self.past.includes(&told.commit, &self.told(other).commit)
        };
        // One commit may hold several ops: the earlier ones of it come first.
        let before = |other: usize| self.told(other).commit != told.commit || other < index;
        (0..self.said.len())
            .all(|other| self.said[other].is_some() || !known(other) || !before(other))
    }

    /// The undecided ops made elsewhere that would cut this one off.
    fn open_cuts(&self, index: usize) -> Vec<usize> {
        let told = self.told(index);
        let cuts = |other: &usize| {
            let by = self.told(*other);
            self.said[*other].is_none()
                && by.op.key() == told.by
                && !self.past.includes(&told.commit, &by.commit)
                && cut(by, &told.commit, self.past).is_some()
        };
        (0..self.said.len()).filter(cuts).collect()
    }

    /// Whether its author may say it, by all that counts so far.
    fn allowed(&self, index: usize) -> bool {
        let told = self.told(index);
        if let MemberOp::Device { key, .. } = told.op {
            return key == told.by;
        }
        // What stands beside or behind it in its own commit gives it no right.
        let counting = (0..self.said.len())
            .filter(|other| self.said[*other] == Some(true))
            .map(|other| self.told(other))
            .filter(|other| {
                other.commit != told.commit || matches!(other.op, MemberOp::Device { .. })
            });
        let counting: Vec<_> = counting.collect();
        let stand = self
            .membership
            .stand(&told.commit, told.by, &counting, self.past);
        let Ok(author) = stand else { return false };
        if author.person != told.person {
            return false;
        }
        match (&told.op, author.role) {
            (_, Role::Owner) => true,
            (MemberOp::Admit { key, role, .. }, Role::Manager) => {
                *role < Role::Owner && !self.met(told, key, &counting)
            }
            _ => false,
        }
    }

    /// The key had been a member before: only an owner lets it in again.
    fn met(&self, told: &Told, key: &crate::ledger::Key, counting: &[&Told]) -> bool {
        self.membership.founder.as_ref() == Some(key)
            || counting.iter().any(|other| {
                other.op.leaves().is_some()
                    && other.op.key() == *key
                    && self.past.includes(&told.commit, &other.commit)
            })
    }

    /// Of those that wait for each other, the one whose author was admitted first.
    fn senior(&self) -> Option<usize> {
        let open = |index: &usize| self.said[*index].is_none() && self.supported(*index);
        let open: Vec<_> = (0..self.said.len()).filter(open).collect();
        let circle = open.iter().copied().filter(|index| self.circles(*index));
        let rank = |index: &usize| (self.admitted(*index), self.told(*index).order);
        circle
            .min_by_key(rank)
            .or_else(|| open.iter().copied().min_by_key(rank))
            .or_else(|| self.said.iter().position(Option::is_none))
    }

    /// Whether it is cut off, in the end, by itself.
    fn circles(&self, index: usize) -> bool {
        let mut met = vec![false; self.said.len()];
        let mut next = self.open_cuts(index);
        while let Some(other) = next.pop() {
            if other == index {
                return true;
            }
            if !std::mem::replace(&mut met[other], true) {
                next.extend(self.open_cuts(other));
            }
        }
        false
    }

    /// When its author came in; the founder before all.
    fn admitted(&self, index: usize) -> Option<Order> {
        let by = self.told(index).by;
        if self.membership.founder == Some(by) {
            return None;
        }
        let admits = |other: &usize| {
            self.said[*other] == Some(true)
                && matches!(self.told(*other).op, MemberOp::Admit { key, .. } if key == by)
        };
        let first = (0..self.said.len()).find(admits);
        first.map(|first| self.told(first).order)
    }
}
