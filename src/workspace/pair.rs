//! Two managers' desks in memory for tests, which meet without a folder: what one holds and the
//! other lacks is handed over as a round would. Alice founded it, Bob was let in.

use std::collections::HashSet;

use super::action::{Action, MemberAction};
use super::fixture::Desk;
use crate::ledger::{Commit, Hash, Key, Received, Role, first_prev};
use crate::store::Store;

pub(super) const ALICE: Key = Key([1; 32]);
pub(super) const BOB: Key = Key([2; 32]);

pub(super) struct Pair {
    pub(super) alice: Desk,
    pub(super) bob: Desk,
}

impl Pair {
    /// Both hold what `desk` holds.
    #[track_caller]
    pub(super) fn of(mut alice: Desk) -> Self {
        alice.act(Action::Member(MemberAction::Share { key: ALICE }));
        alice.store.share_here(&ALICE, &ALICE).unwrap();
        alice.act(Action::Member(MemberAction::Admit {
            key: BOB,
            person: "Bob".to_owned(),
            role: Role::Manager,
            device: "bob-laptop".to_owned(),
        }));
        let genesis = alice.store.reader().genesis().unwrap();
        let mut store = Store::in_memory(&genesis, crate::ledger::ReplicaId([0xb0; 16])).unwrap();
        store.share_here(&BOB, &ALICE).unwrap();
        store.admitted("b").unwrap();
        let bob = Desk {
            store,
            now: alice.now,
        };
        let mut pair = Self { alice, bob };
        pair.meet();
        pair
    }

    /// Done by Bob.
    #[track_caller]
    pub(super) fn bob(&mut self, action: &Action) -> super::receipt::Receipt {
        self.bob.attempt("Bob", action).unwrap()
    }

    /// Each gets what the other has; then both show the same.
    #[track_caller]
    pub(super) fn meet(&mut self) {
        hand_over(&self.alice, &mut self.bob);
        hand_over(&self.bob, &mut self.alice);
        self.agree();
    }

    #[track_caller]
    fn agree(&self) {
        for desk in [&self.alice, &self.bob] {
            assert!(desk.store.reader().check().unwrap().agrees);
        }
        assert_eq!(
            self.alice.store.digest().unwrap(),
            self.bob.store.digest().unwrap()
        );
    }
}

/// Gives one desk what it lacks of another.
#[track_caller]
pub(super) fn hand_over(from: &Desk, to: &mut Desk) {
    let ready = lacking(from, to);
    to.store.receive(ready, &[], to.now.timestamp()).unwrap();
    to.store.settle().unwrap();
}

/// What `from` holds and `to` lacks, causes first.
#[track_caller]
pub(super) fn lacking(from: &Desk, to: &Desk) -> Vec<Received> {
    let reader = from.store.reader();
    let mut waiting: Vec<Received> = Vec::new();
    for line in reader.lines().unwrap() {
        let mut prev = if line.first == 1 {
            first_prev(&from.store.workspace(), &line.replica)
        } else {
            let parent = reader.run(&line.tip, line.first - 1, line.first - 1);
            parent.unwrap()[0].0
        };
        let run = reader.run(&line.tip, line.first, line.tip_seq).unwrap();
        for (seq, (hash, bytes)) in (line.first..).zip(run) {
            waiting.push(Received {
                hash,
                prev,
                replica: line.replica,
                seq,
                key: line.key.unwrap_or(ALICE),
                verdict: Commit::decode(&bytes),
                bytes,
            });
            prev = hash;
        }
    }
    let known = |to: &Desk, hash: &Hash| to.store.reader().place(hash).unwrap().is_some();
    waiting.retain(|commit| !known(to, &commit.hash));
    let mut missing: HashSet<Hash> = waiting.iter().map(|commit| commit.hash).collect();
    let mut ready = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let mut rest = Vec::new();
        let before = ready.len();
        for commit in waiting {
            let deps = commit.verdict.commit().map(|it| it.deps.as_slice());
            let causes = deps.unwrap_or_default();
            if missing.contains(&commit.prev) || causes.iter().any(|it| missing.contains(it)) {
                rest.push(commit);
            } else {
                missing.remove(&commit.hash);
                ready.push(commit);
            }
        }
        assert!(ready.len() > before, "a cause is nowhere");
        waiting = rest;
    }
    ready
}
