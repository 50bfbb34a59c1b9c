//! What stands in every field, read as the rules say it and as slowly as that is. Knows nothing of
//! registers.

use std::collections::BTreeSet;

use super::log::MemoryLog;
use crate::ledger::{Ancestry as _, Dot, EntityId, Fate, Hash, Op};

/// A field, and an op that wrote to it.
pub(super) type Stands = ((EntityId, String), (Dot, Hash));

/// Everything that was written to a field, and taken back in it, by commits that count.
pub(super) struct Plain(Vec<Written>);

struct Written {
    place: (EntityId, String),
    by: (Dot, Hash),
    /// A `set`, else something that takes back.
    sets: bool,
    /// The ops of the same field that it names, and that it had seen.
    names: Vec<(Dot, Hash)>,
}

impl Plain {
    pub(super) fn of(log: &MemoryLog, fates: &[Fate]) -> Self {
        let valid = log.entries.iter().zip(fates);
        let valid: Vec<_> = valid
            .filter(|it| *it.1 == Fate::Valid)
            .map(|it| it.0)
            .collect();
        let mut all = Vec::new();
        for entry in &valid {
            let (hash, commit) = (entry.received.hash, &entry.read.1);
            for (at, op) in commit.ops.iter().enumerate() {
                let (entity, field, dots, sets) = match op {
                    Op::Set {
                        entity,
                        field,
                        replaces,
                        ..
                    } => (entity, field, replaces.clone(), true),
                    Op::Back { entity, field, dot } => (entity, field, vec![*dot], false),
                    _ => continue,
                };
                let mut names = Vec::new();
                for other in &valid {
                    let (of, other) = (other.received.hash, &other.read.1);
                    let of_it = |it: &&Dot| (it.replica, it.seq) == (other.replica, other.seq);
                    let seen = if of == hash {
                        |dot: &Dot, own: usize| (dot.op as usize) < own
                    } else if log.causality.includes(&hash, &of) {
                        |_: &Dot, _| true
                    } else {
                        |_: &Dot, _| false
                    };
                    let its = dots.iter().filter(of_it).filter(|it| seen(it, at));
                    names.extend(its.map(|dot| (*dot, of)));
                }
                all.push(Written {
                    place: (entity.clone(), field.clone()),
                    by: (commit.dot(at), hash),
                    sets,
                    names,
                });
            }
        }
        Self(all)
    }

    pub(super) fn standing(&self) -> BTreeSet<Stands> {
        let sets = self.0.iter().filter(|it| it.sets);
        let stands = sets.filter(|it| !self.is_taken_back(it) && !self.is_replaced(it));
        stands.map(|it| (it.place.clone(), it.by)).collect()
    }

    fn naming<'p>(&'p self, of: &'p Written, sets: bool) -> impl Iterator<Item = &'p Written> {
        let same = self
            .0
            .iter()
            .filter(move |it| it.place == of.place && it.sets == sets);
        same.filter(move |it| it.names.contains(&of.by))
    }

    fn is_taken_back(&self, written: &Written) -> bool {
        self.naming(written, false)
            .any(|it| !self.is_taken_back(it))
    }

    /// By what counts, or by what does not and is replaced itself.
    fn is_replaced(&self, written: &Written) -> bool {
        let mut by = self.naming(written, true);
        by.any(|it| !self.is_taken_back(it) || self.is_replaced(it))
    }
}
