//! The commits that were folded, both ways: the row of one in the log, and where a row stands. Asks
//! the file nothing. Refuses a commit that it has not met.

use std::cmp::Ordering;
use std::collections::HashMap;

use super::StoreError;
use super::heads::{self, Address};
use crate::ledger::{Applied, Dot, Hash, Record, ReplicaId};

/// How many rows lie together. Of one list that grows the memory would hold a copy for a while,
/// and the holes that the copies leave for longer.
const TOGETHER: usize = 1_024;

#[derive(Default)]
pub(super) struct Met {
    /// Sorted by row, so many together.
    rows: Vec<Vec<(i64, Address)>>,
    count: usize,
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
        let last = chain
            .last()
            .map(|last| at(&self.rows, *last as usize).1.seq);
        match u32::try_from(self.count) {
            Ok(place) if last.is_none_or(|last| last < seq) => chain.push(place),
            _ => drop(self.again.insert(applied.hash, num)),
        }
        let address = Address {
            hash: applied.hash,
            replica,
            seq,
            lamport: applied.lamport,
        };
        if self.count.is_multiple_of(TOGETHER) {
            self.rows.push(Vec::with_capacity(TOGETHER));
        }
        if let Some(last) = self.rows.last_mut() {
            last.push((num, address));
            self.count += 1;
        }
    }

    /// The row of the commit that wrote at an address.
    pub(super) fn row(&self, dot: &Dot, hash: &Hash) -> Result<i64, StoreError> {
        let chain = self.chains.get(&dot.replica).map_or(&[][..], Vec::as_slice);
        let row = |place: usize| at(&self.rows, chain[place] as usize);
        let found = guessed(chain.len(), dot.seq, |place| row(place).1.seq).map(row);
        match found.filter(|(_, address)| address.hash == *hash) {
            Some((num, _)) => Ok(*num),
            None => self.again.get(hash).copied().ok_or_else(|| missing(hash)),
        }
    }

    fn address(&self, num: i64) -> Result<Address, StoreError> {
        let row = |place: usize| at(&self.rows, place);
        guessed(self.count, num.unsigned_abs(), |place| {
            row(place).0.unsigned_abs()
        })
        .map(|place| row(place).1)
        .ok_or_else(|| missing(&num))
    }

    /// The live values of a record as they are kept beside its row.
    pub(super) fn stored(&self, record: (&Record, Option<&str>)) -> Result<String, StoreError> {
        heads::stored(record, &mut |dot, hash| self.row(dot, hash))
    }

    /// The record of live values as they are kept before it has a row.
    pub(super) fn read(&self, live: &str) -> Result<Record, StoreError> {
        heads::read((live, None), &mut |num| self.address(num))
    }
}

fn missing(what: &dyn std::fmt::Display) -> StoreError {
    StoreError::Broken(format!("commit {what} is missing"))
}

fn at(rows: &[Vec<(i64, Address)>], place: usize) -> &(i64, Address) {
    &rows[place / TOGETHER][place % TOGETHER]
}

/// Finds a number in so many that are sorted; nearly always there is no gap before it.
fn guessed(count: usize, number: u64, of: impl Fn(usize) -> u64) -> Option<usize> {
    if count == 0 {
        return None;
    }
    let guess = usize::try_from(number.checked_sub(of(0))?).ok()?;
    if guess < count && of(guess) == number {
        return Some(guess);
    }
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low.midpoint(high);
        match of(middle).cmp(&number) {
            Ordering::Less => low = middle + 1,
            Ordering::Equal => return Some(middle),
            Ordering::Greater => high = middle,
        }
    }
    None
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
        assert!(met.address(0).is_err() && met.address(10).is_err());
        assert!(
            met.row(&commit(1, 3, 3).commit.dot(0), &Hash([0; 32]))
                .is_err()
        );
    }

    #[test]
    fn more_than_lie_together_are_found_where_numbers_are_missing() {
        let mut met = Met::default();
        let num = |place: usize| super::super::log::signed(place as u64) * 3 + 1;
        let all: Vec<_> = (0..2 * TOGETHER + 5)
            .map(|place| commit(1, place as u64 * 2 + 1, place as u64))
            .collect();
        for (place, applied) in all.iter().enumerate() {
            met.learn(num(place), applied);
        }
        for (place, applied) in all.iter().enumerate() {
            let dot = applied.commit.dot(0);
            assert_eq!(met.row(&dot, &applied.hash).unwrap(), num(place));
            assert_eq!(met.address(num(place)).unwrap().hash, applied.hash);
            assert!(met.address(num(place) + 1).is_err());
        }
    }
}
