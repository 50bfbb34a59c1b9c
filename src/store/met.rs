//! The commits that were folded, both ways: the row of one in the log, and where a row stands. Asks
//! the file nothing. Refuses a commit that it has not met.

use std::collections::HashMap;

use super::StoreError;
use super::heads::{self, Address};
use crate::ledger::{Applied, Dot, Hash, Record, ReplicaId};

#[derive(Default)]
pub(super) struct Met {
    /// Sorted by row.
    rows: Vec<(i64, Address)>,
    /// Of each replica the places in `rows`, sorted by number.
    chains: HashMap<ReplicaId, Vec<u32>>,
    /// Those of forks, whose numbers come again.
    again: HashMap<Hash, i64>,
}

impl Met {
    /// Adds a commit whose row comes after all others.
    pub(super) fn learn(&mut self, num: i64, applied: &Applied) {
        let (replica, seq) = (applied.commit.replica, applied.commit.seq);
        let chain = self.chains.entry(replica).or_default();
        let last = chain.last().map(|last| self.rows[*last as usize].1.seq);
        match u32::try_from(self.rows.len()) {
            Ok(place) if last.is_none_or(|last| last < seq) => chain.push(place),
            _ => drop(self.again.insert(applied.hash, num)),
        }
        let address = Address {
            hash: applied.hash,
            replica,
            seq,
            lamport: applied.lamport,
        };
        if self.rows.len() == self.rows.capacity() {
            // There are many, and doubling what is there would take half as much again.
            self.rows.reserve_exact(self.rows.len() / 8 + 64);
        }
        self.rows.push((num, address));
    }

    /// The row of the commit that wrote at an address.
    pub(super) fn row(&self, dot: &Dot, hash: &Hash) -> Result<i64, StoreError> {
        let chain = self.chains.get(&dot.replica).map_or(&[][..], Vec::as_slice);
        let seq_at = |place: &u32| self.rows[*place as usize].1.seq;
        let found = guessed(chain, dot.seq, seq_at);
        let found = found.map(|at| &self.rows[chain[at] as usize]);
        match found.filter(|(_, address)| address.hash == *hash) {
            Some((num, _)) => Ok(*num),
            None => self.again.get(hash).copied().ok_or_else(|| missing(hash)),
        }
    }

    fn address(&self, num: i64) -> Result<Address, StoreError> {
        let at = |row: &(i64, Address)| row.0.unsigned_abs();
        guessed(&self.rows, num.unsigned_abs(), at)
            .map(|at| self.rows[at].1)
            .ok_or_else(|| missing(&num))
    }

    /// The live values of a record as they are kept.
    pub(super) fn stored(&self, record: &Record) -> Result<String, StoreError> {
        heads::stored(record, &mut |dot, hash| self.row(dot, hash))
    }

    /// The record of live values as they are kept.
    pub(super) fn read(&self, live: &str) -> Result<Record, StoreError> {
        heads::read(live, &mut |num| self.address(num))
    }
}

fn missing(what: &dyn std::fmt::Display) -> StoreError {
    StoreError::Broken(format!("commit {what} is missing"))
}

/// Finds a number in what is sorted by it; nearly always there is no gap before it.
fn guessed<T>(sorted: &[T], number: u64, of: impl Fn(&T) -> u64) -> Option<usize> {
    let first = of(sorted.first()?);
    let guess = usize::try_from(number.checked_sub(first)?).ok()?;
    if sorted.get(guess).is_some_and(|it| of(it) == number) {
        return Some(guess);
    }
    sorted.binary_search_by_key(&number, of).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::{Draft, Header};

    fn commit(replica: u8, seq: u64, lamport: u64) -> Applied {
        let draft = Draft::new(ReplicaId([replica; 16]), seq);
        Applied {
            hash: Hash::of(&[&[replica], &lamport.to_le_bytes()]),
            lamport,
            commit: draft.finish(Header::default()),
        }
    }

    #[test]
    fn commits_are_found_both_ways_with_gaps_and_forks_between_them() {
        let mut met = Met::default();
        // Replica 1 lacks its third, which did not count, and forked after its fourth.
        let all = [
            (1, commit(1, 1, 1)),
            (2, commit(2, 1, 1)),
            (3, commit(1, 2, 2)),
            (5, commit(1, 4, 4)),
            (8, commit(1, 5, 5)),
            (9, commit(1, 5, 6)),
        ];
        for (num, applied) in &all {
            met.learn(*num, applied);
        }
        for (num, applied) in &all {
            assert_eq!(
                met.row(&applied.commit.dot(0), &applied.hash).unwrap(),
                *num
            );
            assert_eq!(met.address(*num).unwrap().hash, applied.hash);
        }
        assert!(met.address(4).is_err());
        assert!(
            met.row(&commit(1, 3, 3).commit.dot(0), &Hash([0; 32]))
                .is_err()
        );
    }
}
