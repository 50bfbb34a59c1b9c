//! What a set of commits means for one record: registers, add-wins sets, events. The same whatever
//! the order of arrival and however often each comes. Reads no clock and refuses nothing.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::canonical::canonical;
use super::commit::{Commit, Op};
use super::event::{Event, Retracted};
use super::id::{Dot, EntityId, Hash};
use super::mutant::{self, Mutant};
use super::register::{Graves, Live, Order, Register};

/// A commit with what its receiver computed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    pub hash: Hash,
    pub lamport: u64,
    pub commit: Commit,
}

impl Applied {
    pub const fn order(&self) -> Order {
        Order {
            lamport: self.lamport,
            replica: self.commit.replica,
            hash: self.hash,
        }
    }
}

/// Whether an address lies in a commit's causal past.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    No,
    /// Yes, and there is one commit at that address.
    Yes,
    /// The address is forked; these of its commits were seen.
    Branches(Vec<Hash>),
}

impl Seen {
    pub fn covers(&self, hash: &Hash) -> bool {
        match self {
            Self::No => false,
            Self::Yes => true,
            Self::Branches(hashes) => hashes.contains(hash),
        }
    }
}

impl From<bool> for Seen {
    fn from(seen: bool) -> Self {
        if seen { Self::Yes } else { Self::No }
    }
}

/// The state of one entity.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    pub fields: BTreeMap<String, Register>,
    /// Set, then element in canonical form, then the additions that stand.
    pub sets: BTreeMap<String, BTreeMap<String, Vec<Dot>>>,
    /// Sorted by order.
    pub events: Vec<Event>,
    elements: BTreeMap<(String, String), Element>,
    retracted: Retracted,
    /// Something in a field was taken back: what stands follows from all that was ever written.
    taken_back: bool,
}

/// Set and element, with the additions that stand.
pub type Additions = Vec<((String, String), Vec<(Dot, Hash)>)>;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Element {
    added: BTreeSet<(Dot, Hash)>,
    gone: Graves,
}

/// Folds the commits of one entity, in any order. `past` tells what each of them had seen.
pub fn fold<'a>(
    entity: &EntityId,
    commits: impl Iterator<Item = &'a Applied>,
    past: &dyn Fn(&Applied, &Dot) -> Seen,
) -> Record {
    let mut record = Record::default();
    for applied in commits {
        record.add_commit(entity, applied, &|dot| past(applied, dot));
    }
    record.settle();
    record
}

impl Record {
    /// Adds one commit. `past` tells whether a dot lies in that commit's causal past; dots of the
    /// commit itself are not asked for.
    pub fn apply(&mut self, entity: &EntityId, applied: &Applied, past: &dyn Fn(&Dot) -> Seen) {
        self.add_commit(entity, applied, past);
        self.settle();
    }

    fn add_commit(&mut self, entity: &EntityId, applied: &Applied, past: &dyn Fn(&Dot) -> Seen) {
        for (index, op) in applied.commit.ops.iter().enumerate() {
            if op.entity() == Some(entity) {
                self.add_op(applied, index, past);
            }
        }
    }

    /// Whether something in a field was taken back: such a record is continued with everything that
    /// was ever written, and not from what a store keeps.
    pub const fn is_taken_back(&self) -> bool {
        self.taken_back
    }

    /// Finds again what stands, after one op or many.
    pub fn settle(&mut self) {
        for register in self.fields.values_mut() {
            register.settle();
        }
        self.retracted.settle(&mut self.events);
    }

    /// Forgets what a store does not keep.
    pub fn slim(&mut self) {
        let additions = self.additions();
        let fields = std::mem::take(&mut self.fields);
        let fields = fields.into_iter().map(|(field, it)| (field, it.live));
        *self = Self::restore(fields.collect(), additions, self.taken_back);
    }

    /// Rebuilds a record from the values that stand, as a store keeps them. What was replaced is
    /// forgotten, so it may only be continued with commits whose causes it has already seen, and not
    /// at all where something was taken back.
    pub fn restore(
        fields: BTreeMap<String, Vec<Live>>,
        additions: Additions,
        taken_back: bool,
    ) -> Self {
        let mut record = Self {
            taken_back,
            ..Self::default()
        };
        for (field, live) in fields {
            let register = record.fields.entry(field).or_default();
            for value in live {
                register.insert(value);
            }
        }
        for ((set, elem), added) in additions {
            record.element(&set, elem, |element| element.added.extend(added));
        }
        record
    }

    /// Returns what `restore` needs of the sets: every addition that stands.
    pub fn additions(&self) -> Additions {
        self.elements
            .iter()
            .filter(|(_, element)| !element.added.is_empty())
            .map(|(key, element)| (key.clone(), element.added.iter().copied().collect()))
            .collect()
    }

    /// Adds one op of a commit that comes after all that it has seen, and takes its value from it.
    /// What it replaces is forgotten as `restore` forgets it, and what happened is not kept: that is
    /// the caller's.
    pub fn follow(
        &mut self,
        applied: &Applied,
        (index, op): (usize, &mut Op),
        past: &dyn Fn(&Dot) -> Seen,
    ) {
        let by = By::of(applied, index, past);
        match op {
            Op::Set {
                field,
                value,
                replaces,
                ..
            } => {
                self.set((field, value.take()), replaces, (&by, false));
            }
            Op::Add { set, elem, .. } => self.add(set, canonical(elem), &by),
            Op::Remove {
                set,
                elem,
                observed,
                ..
            } => {
                let elem = canonical(elem);
                self.remove(set, elem.clone(), observed, &by);
                if let Entry::Occupied(mut known) = self.elements.entry((set.clone(), elem)) {
                    known.get_mut().gone = Graves::default();
                    if known.get().added.is_empty() {
                        known.remove();
                    }
                }
            }
            Op::Event { .. }
            | Op::Retract { .. }
            | Op::Back { .. }
            | Op::Member { .. }
            | Op::Unknown(_) => {}
        }
    }

    /// The same of one that says that something happened, or takes that back, and of no other.
    pub fn happened(&mut self, applied: &Applied, index: usize, past: &dyn Fn(&Dot) -> Seen) {
        if let Op::Event { .. } | Op::Retract { .. } = &applied.commit.ops[index] {
            self.add_op(applied, index, past);
        }
    }

    /// Adds one op of a commit; `settle` says what stands then.
    pub fn add_op(&mut self, applied: &Applied, index: usize, past: &dyn Fn(&Dot) -> Seen) {
        let by = By::of(applied, index, past);
        match &applied.commit.ops[index] {
            Op::Set {
                field,
                value,
                replaces,
                ..
            } => {
                self.set((field, value.clone()), replaces, (&by, true));
            }
            Op::Add { set, elem, .. } => self.add(set, canonical(elem), &by),
            Op::Remove {
                set,
                elem,
                observed,
                ..
            } => self.remove(set, canonical(elem), observed, &by),
            Op::Event { kind, body, .. } => {
                let event = Event::new(by.dot, kind, body, applied);
                self.retracted.tell(&mut self.events, event);
            }
            Op::Retract { event, .. } => {
                let backs = &mut self.retracted.backs;
                backs.insert((by.dot, applied.order()), *event, by.seen(event));
            }
            Op::Back { field, dot, .. } => {
                self.taken_back = true;
                let register = self.fields.entry(field.clone()).or_default();
                let backs = &mut register.history_mut().backs;
                backs.insert((by.dot, applied.order()), *dot, by.seen(dot));
            }
            Op::Member { .. } | Op::Unknown(_) => {}
        }
    }

    /// `buries` says whether what is replaced must be known for ever.
    fn set(
        &mut self,
        (field, value): (&str, Value),
        replaces: &[Dot],
        (by, buries): (&By<'_>, bool),
    ) {
        let register = match self.fields.get_mut(field) {
            Some(register) => register,
            None => self.fields.entry(field.to_owned()).or_default(),
        };
        let order = by.applied.order();
        if mutant::is(Mutant::LastWriterWins) {
            register.live.retain(|live| live.order > order);
            if !register.live.is_empty() {
                return;
            }
        }
        for gone in replaces {
            let seen = by.seen(gone);
            register.replace(gone, &seen, buries);
            if buries {
                register.history_mut().gone.dig(*gone, by.op(), seen);
            }
        }
        register.insert(Live {
            dot: by.dot,
            value,
            order,
        });
    }

    fn add(&mut self, set: &str, elem: String, by: &By<'_>) {
        self.element(set, elem, |element| {
            element.added.insert(by.op());
        });
    }

    fn remove(&mut self, set: &str, elem: String, observed: &[Dot], by: &By<'_>) {
        self.element(set, elem, |element| {
            for gone in observed {
                element.gone.dig(*gone, by.op(), by.seen(gone));
            }
        });
    }

    /// Changes what is known of one element and derives again which of its additions stand.
    fn element(&mut self, set: &str, elem: String, change: impl FnOnce(&mut Element)) {
        let key = (set.to_owned(), elem);
        let known = self.elements.entry(key.clone()).or_default();
        change(known);
        let Element { added, gone } = known;
        added.retain(|(dot, hash)| !gone.hold(dot, hash));
        let mut dots: Vec<_> = added.iter().map(|(dot, _)| *dot).collect();
        dots.dedup();
        let (set, elem) = key;
        let shown = self.sets.entry(set.clone()).or_default();
        if dots.is_empty() {
            shown.remove(&elem);
        } else {
            shown.insert(elem, dots);
        }
        if shown.is_empty() {
            self.sets.remove(&set);
        }
    }

    /// Returns what a `set` of this field replaces.
    pub fn dots(&self, field: &str) -> Vec<Dot> {
        self.fields
            .get(field)
            .map(Register::dots)
            .unwrap_or_default()
    }

    /// Returns what a `remove` of this element observes.
    pub fn observed(&self, set: &str, elem: &Value) -> Vec<Dot> {
        let elements = self.sets.get(set);
        elements
            .and_then(|known| known.get(&canonical(elem)))
            .cloned()
            .unwrap_or_default()
    }

    /// Returns the op that removed an addition, if any did.
    pub(super) fn remover(&self, set: &str, elem: &str, added: (Dot, Hash)) -> Option<(Dot, Hash)> {
        let element = self.elements.get(&(set.to_owned(), elem.to_owned()))?;
        element.gone.over(&added.0, &added.1).next_back()
    }

    /// Returns the retract that stands against an event or a retract.
    pub(super) fn retracted_by(&self, told: (Dot, Hash)) -> Option<Dot> {
        self.retracted.standing(&told.0, &told.1)
    }
}

/// An op with what its commit had seen.
struct By<'a> {
    applied: &'a Applied,
    dot: Dot,
    past: &'a dyn Fn(&Dot) -> Seen,
}

impl<'a> By<'a> {
    fn of(applied: &'a Applied, index: usize, past: &'a dyn Fn(&Dot) -> Seen) -> Self {
        Self {
            applied,
            dot: applied.commit.dot(index),
            past,
        }
    }

    const fn op(&self) -> (Dot, Hash) {
        (self.dot, self.applied.hash)
    }

    /// It has also seen the ops before it in its own commit, and never what its replica wrote
    /// later.
    fn seen(&self, other: &Dot) -> Seen {
        let own = self.dot;
        if mutant::is(Mutant::ForeignReplaces) && *other != own {
            return Seen::Yes;
        }
        if other.replica != own.replica || other.seq < own.seq {
            return (self.past)(other);
        }
        if other.seq == own.seq && other.op < own.op {
            return Seen::Branches(vec![self.applied.hash]);
        }
        Seen::No
    }
}

#[cfg(test)]
#[path = "merge_tests.rs"]
mod tests;
