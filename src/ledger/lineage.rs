//! Where the values of a field come from: who wrote one first, though an undo put it back, and
//! what several that stand beside each other all replaced. Pure reading; decides nothing.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::commit::Op;
use super::id::{Dot, EntityId, Hash};
use super::merge::Applied;

/// Every value that a field of an entity ever had.
#[derive(Debug)]
pub struct Lineage<'a> {
    written: BTreeMap<Dot, Written<'a>>,
}

#[derive(Clone, Copy, Debug)]
struct Written<'a> {
    value: &'a Value,
    replaces: &'a [Dot],
    by: &'a Applied,
}

impl<'a> Lineage<'a> {
    pub fn of(
        entity: &EntityId,
        field: &str,
        commits: impl IntoIterator<Item = &'a Applied>,
    ) -> Self {
        let mut written = BTreeMap::new();
        for applied in commits {
            for (index, op) in applied.commit.ops.iter().enumerate() {
                if let Op::Set {
                    entity: of,
                    field: named,
                    value,
                    replaces,
                } = op
                    && of == entity
                    && named == field
                {
                    let by = Written {
                        value,
                        replaces,
                        by: applied,
                    };
                    written.insert(applied.commit.dot(index), by);
                }
            }
        }
        Self { written }
    }

    /// The op that wrote the value at `dot` first: an undo only puts back what others wrote.
    pub fn origin(&self, dot: Dot) -> Dot {
        let Some(at) = self.written.get(&dot) else {
            return dot;
        };
        if at.by.commit.undoes.is_none() {
            return dot;
        }
        let before = self.before(dot);
        let taken_back = self.taken_back(before.iter().chain([&dot]));
        // What was taken back may have written the same value as somebody before it.
        let same = |earlier: &&Dot| {
            let earlier = self.written.get(earlier);
            earlier.is_some_and(|it| {
                it.value == at.value
                    && it.by.commit.undoes.is_none()
                    && !taken_back.contains(&it.by.hash)
            })
        };
        let found = before.iter().filter(same);
        found
            .max_by_key(|it| self.lamport(it))
            .copied()
            .unwrap_or(dot)
    }

    /// The commits that were taken back by the others of these, and not given back since.
    fn taken_back<'d>(&self, dots: impl Iterator<Item = &'d Dot>) -> BTreeSet<Hash> {
        let all = dots.filter_map(|dot| self.written.get(dot));
        let mut undos: Vec<(u64, Hash, Hash)> = all
            .filter_map(|it| Some((it.by.lamport, it.by.hash, it.by.commit.undoes?)))
            .collect();
        undos.sort_unstable();
        let mut taken_back = BTreeSet::new();
        // The latest first: an undo that was taken back takes nothing back.
        for (_, undo, undone) in undos.into_iter().rev() {
            if !taken_back.contains(&undo) {
                taken_back.insert(undone);
            }
        }
        taken_back
    }

    /// The commit that wrote at `dot`.
    pub fn by(&self, dot: Dot) -> Option<&'a Applied> {
        self.written.get(&dot).map(|it| it.by)
    }

    /// What all of these replaced, the latest of it: mostly one value, none where each began
    /// with an empty field.
    pub fn base(&self, dots: &[Dot]) -> Vec<&'a Value> {
        let mut pasts = dots.iter().map(|dot| self.before(*dot));
        let Some(first) = pasts.next() else {
            return Vec::new();
        };
        let common = pasts.fold(first, |common, past| &common & &past);
        let mut older = BTreeSet::new();
        for dot in &common {
            older.extend(self.before(*dot));
        }
        let latest = common.difference(&older);
        let mut values: Vec<&Value> = latest
            .filter_map(|dot| self.written.get(dot))
            .map(|it| it.value)
            .filter(|value| !value.is_null())
            .collect();
        values.dedup();
        values
    }

    fn lamport(&self, dot: &Dot) -> u64 {
        self.written.get(dot).map_or(0, |it| it.by.lamport)
    }

    /// Everything that the op at `dot` followed.
    fn before(&self, dot: Dot) -> BTreeSet<Dot> {
        let mut met = BTreeSet::new();
        let mut ahead = vec![dot];
        while let Some(dot) = ahead.pop() {
            let Some(at) = self.written.get(&dot) else {
                continue;
            };
            ahead.extend(at.replaces.iter().filter(|it| met.insert(**it)));
        }
        met
    }
}

#[cfg(test)]
mod tests {
    use super::super::draft::{Draft, Header};
    use super::super::id::ReplicaId;
    use super::*;

    fn entity() -> EntityId {
        EntityId("desk:1".into())
    }

    fn write(
        replica: u8,
        seq: u64,
        values: &[&str],
        replaces: &[Dot],
        undoes: Option<&Applied>,
    ) -> Applied {
        let mut draft = Draft::new(ReplicaId([replica; 16]), seq);
        for value in values {
            draft.push(Op::Set {
                entity: entity(),
                field: "text".into(),
                value: (*value).into(),
                replaces: replaces.to_vec(),
            });
        }
        let header = Header {
            undoes: undoes.map(|it| it.hash),
            ..Header::default()
        };
        let commit = draft.finish(header);
        Applied {
            hash: Hash::of(&[&commit.encode()]),
            lamport: seq,
            commit,
        }
    }

    #[test]
    fn what_both_replaced_is_the_base_however_often_each_went_on() {
        let base = write(1, 1, &["base"], &[], None);
        let mine = write(1, 2, &["mine"], &[base.commit.dot(0)], None);
        let more = write(1, 3, &["more"], &[mine.commit.dot(0)], None);
        let theirs = write(2, 1, &["theirs"], &[base.commit.dot(0)], None);
        let all = [&base, &mine, &more, &theirs];
        let lineage = Lineage::of(&entity(), "text", all);
        let sides = [more.commit.dot(0), theirs.commit.dot(0)];
        assert_eq!(lineage.base(&sides), ["base"]);
        assert!(lineage.base(&[base.commit.dot(0)]).is_empty());
    }

    #[test]
    fn an_undo_only_puts_back_what_others_wrote() {
        let mine = write(1, 1, &["mine"], &[], None);
        let theirs = write(2, 1, &["theirs"], &[], None);
        let both = [mine.commit.dot(0), theirs.commit.dot(0)];
        let settled = write(1, 2, &["mine"], &both, None);
        let again = write(
            1,
            3,
            &["mine", "theirs"],
            &[settled.commit.dot(0)],
            Some(&settled),
        );
        let all = [&mine, &theirs, &settled, &again];
        let lineage = Lineage::of(&entity(), "text", all);
        assert_eq!(lineage.origin(again.commit.dot(0)), mine.commit.dot(0));
        assert_eq!(lineage.origin(again.commit.dot(1)), theirs.commit.dot(0));
    }

    #[test]
    fn who_settled_something_and_took_that_back_wrote_neither_of_the_values() {
        let mine = write(1, 1, &["mine"], &[], None);
        let theirs = write(2, 2, &["theirs"], &[], None);
        let both = |of: &Applied| [of.commit.dot(0), of.commit.dot(1)];
        let values = ["mine", "theirs"];
        let first = [mine.commit.dot(0), theirs.commit.dot(0)];
        let one = write(1, 3, &["theirs"], &first, None);
        let back = write(1, 4, &values, &[one.commit.dot(0)], Some(&one));
        let other = write(1, 5, &["mine"], &both(&back), None);
        let again = write(1, 6, &values, &[other.commit.dot(0)], Some(&other));
        let origins = |all: &[&Applied], of: &Applied| {
            let lineage = Lineage::of(&entity(), "text", all.iter().copied());
            both(of).map(|dot| lineage.origin(dot))
        };
        let all = [&mine, &theirs, &one, &back, &other, &again];
        assert_eq!(origins(&all, &again), first);

        // Given back, and taken back once more.
        let given = write(1, 7, &["mine"], &both(&again), Some(&again));
        let last = write(1, 8, &values, &[given.commit.dot(0)], Some(&given));
        let all = [&mine, &theirs, &one, &back, &other, &again, &given, &last];
        assert_eq!(origins(&all, &last), first);
        let lineage = Lineage::of(&entity(), "text", all);
        let stands = lineage.origin(given.commit.dot(0));
        assert_eq!(stands, other.commit.dot(0), "what was settled stands again");
    }
}
