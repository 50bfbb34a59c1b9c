//! Where the values of a field come from: who wrote one first, though an undo put it back, and
//! what several that stand beside each other all replaced. Pure reading; decides nothing.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::commit::Op;
use super::id::{Dot, EntityId};
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
        let Some(undone) = at.by.commit.undoes else {
            return dot;
        };
        // What was taken back may have written the same value as somebody before it.
        let same = |earlier: &&Dot| {
            let earlier = self.written.get(earlier);
            earlier.is_some_and(|it| {
                it.value == at.value && it.by.commit.undoes.is_none() && it.by.hash != undone
            })
        };
        let before = self.before(dot);
        let found = before.iter().filter(same);
        found
            .max_by_key(|it| self.lamport(it))
            .copied()
            .unwrap_or(dot)
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
    use super::super::id::{Hash, ReplicaId};
    use super::*;

    fn entity() -> EntityId {
        EntityId("desk:1".into())
    }

    fn write(replica: u8, seq: u64, values: &[&str], replaces: &[Dot], undo: bool) -> Applied {
        let mut draft = Draft::new(ReplicaId([replica; 16]), seq);
        for value in values {
            draft.push(Op::Set {
                entity: entity(),
                field: "text".into(),
                value: (*value).into(),
                replaces: replaces.to_vec(),
            });
        }
        let undoes = undo.then_some(Hash([1; 32]));
        let header = Header {
            undoes,
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
        let base = write(1, 1, &["base"], &[], false);
        let mine = write(1, 2, &["mine"], &[base.commit.dot(0)], false);
        let more = write(1, 3, &["more"], &[mine.commit.dot(0)], false);
        let theirs = write(2, 1, &["theirs"], &[base.commit.dot(0)], false);
        let all = [&base, &mine, &more, &theirs];
        let lineage = Lineage::of(&entity(), "text", all);
        let sides = [more.commit.dot(0), theirs.commit.dot(0)];
        assert_eq!(lineage.base(&sides), ["base"]);
        assert!(lineage.base(&[base.commit.dot(0)]).is_empty());
    }

    #[test]
    fn an_undo_only_puts_back_what_others_wrote() {
        let mine = write(1, 1, &["mine"], &[], false);
        let theirs = write(2, 1, &["theirs"], &[], false);
        let both = [mine.commit.dot(0), theirs.commit.dot(0)];
        let settled = write(1, 2, &["mine"], &both, false);
        let again = write(1, 3, &["mine", "theirs"], &[settled.commit.dot(0)], true);
        let all = [&mine, &theirs, &settled, &again];
        let lineage = Lineage::of(&entity(), "text", all);
        assert_eq!(lineage.origin(again.commit.dot(1)), theirs.commit.dot(0));
    }
}
