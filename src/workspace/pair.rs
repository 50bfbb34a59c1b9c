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
            let verdict = Commit::decode(&commit.bytes);
            let deps = verdict.commit().map(|it| it.deps.as_slice());
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::kind::Kind;
    use crate::workspace::fixture::claim;

    fn comment(text: &str) -> Action {
        let json =
            serde_json::json!({"do": "comment", "id": "T-1", "text": text, "private": false});
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn what_both_did_apart_stands_on_both_desks() {
        let mut pair = Pair::of(Desk::with_tickets());
        pair.alice.act(claim("T-1"));
        pair.bob(&claim("T-2"));
        pair.bob(&comment("From Bob"));
        pair.alice.act(comment("From Alice"));
        pair.meet();
        for desk in [&pair.alice, &pair.bob] {
            assert_eq!(desk.field(Kind::Ticket, "T-1", "claimed_by"), "Alice");
            assert_eq!(desk.field(Kind::Ticket, "T-2", "claimed_by"), "Bob");
        }
    }

    #[test]
    fn ids_that_two_managers_give_apart_are_two() {
        let mut pair = Pair::of(Desk::with_tickets());
        pair.alice.submit("CREAM", &["al9"]);
        let lesson = r#"{"do":"lesson-add","kind":"improve","text":"Ask early","about":null}"#;
        let lesson: Action = serde_json::from_str(lesson).unwrap();
        let first = pair.alice.act(&lesson).ids;
        let second = pair.bob(&lesson).ids;
        assert_eq!(second, [format!("{}b", first[0])]);
        pair.meet();
    }

    #[test]
    fn two_values_of_one_field_are_contested_on_both_until_one_settles_it() {
        let mut pair = Pair::of(Desk::with_tickets());
        pair.alice.act(claim("T-1"));
        pair.bob(&claim("T-1"));
        pair.meet();
        let contested = |desk: &Desk| {
            let row = desk.store.reader().record(Some(Kind::Ticket), "T-1");
            row.unwrap().unwrap().contested
        };
        assert!(contested(&pair.alice) && contested(&pair.bob));
        let settled = r#"{"do":"resolve","id":"T-1","how":"mine","because":"I began."}"#;
        let settled: Action = serde_json::from_str(settled).unwrap();
        assert!(pair.alice.attempt("Alice", &claim("T-1")).is_err());
        pair.alice.act(settled);
        pair.meet();
        assert!(!contested(&pair.alice) && !contested(&pair.bob));
    }

    #[test]
    fn who_records_on_a_shared_desk_is_the_person_of_its_key() {
        let mut pair = Pair::of(Desk::with_tickets());
        let receipt = pair.bob.attempt("Alice", &comment("Told me")).unwrap();
        let hash = receipt.commit.unwrap().parse().unwrap();
        let entry = pair.bob.store.reader().commit(&hash).unwrap().unwrap();
        let commit = entry.applied.commit;
        assert_eq!(commit.person, "Bob");
        assert_eq!(commit.on_behalf.as_deref(), Some("Alice"));
    }

    /// A commit that nobody's commands would write: a lesson under an id that is taken.
    fn forced(desk: &mut Desk, text: &str) {
        let header = |person: &str| crate::ledger::Header {
            person: person.to_owned(),
            wall: "2026-11-21T08:14:00Z".to_owned(),
            ..crate::ledger::Header::default()
        };
        let person = if text == "Alice's" { "Alice" } else { "Bob" };
        desk.store
            .write(|writing| {
                let mut draft = writing.draft()?;
                let lesson = draft.create();
                for (field, value) in [("kind", "lesson"), ("id", "L-9"), ("text", text)] {
                    draft.set(&lesson, field, value, []);
                }
                draft.set(&lesson, "kind_of", "improve", []);
                writing.append(draft, header(person), 0).map(drop)
            })
            .unwrap();
    }

    #[test]
    fn two_records_of_one_id_are_both_shown_and_the_same_way_on_both_desks() {
        let mut pair = Pair::of(Desk::with_tickets());
        forced(&mut pair.alice, "Alice's");
        forced(&mut pair.bob, "Bob's");
        pair.meet();
        let shown = |desk: &Desk| {
            let rows = desk.store.reader().all(Kind::Lesson).unwrap();
            let mut rows: Vec<_> = rows
                .iter()
                .map(|row| (row.id.clone(), row.value()["text"].clone()))
                .collect();
            rows.sort_by(|one, other| one.0.cmp(&other.0));
            rows
        };
        assert_eq!(shown(&pair.alice), shown(&pair.bob));
        assert_eq!(shown(&pair.alice).len(), 2);
        assert!(shown(&pair.alice)[1].0.starts_with("L-9~"));
    }

    /// A second desk that goes on under the name of the first, as a copied machine does until it
    /// notices.
    fn twin(desk: &Desk) -> Desk {
        let genesis = desk.store.reader().genesis().unwrap();
        let lines = desk.store.reader().lines().unwrap();
        let replica = lines
            .iter()
            .find(|it| it.key == Some(ALICE))
            .unwrap()
            .replica;
        let mut twin = Desk {
            store: Store::in_memory(&genesis, replica).unwrap(),
            now: desk.now,
        };
        twin.store.share_here(&ALICE, &ALICE).unwrap();
        hand_over(desk, &mut twin);
        twin
    }

    #[test]
    fn two_branches_of_one_desk_that_each_made_a_record_made_one_with_both_ids() {
        let mut pair = Pair::of(Desk::with_tickets());
        let mut twin = twin(&pair.alice);
        let lesson = |text: &str| -> Action {
            let json = serde_json::json!({"do": "lesson-add", "kind": "improve", "text": text, "about": null});
            serde_json::from_value(json).unwrap()
        };
        let first = pair.alice.act(lesson("Ask early")).ids;
        twin.store.admitted("z").unwrap();
        let second = twin.act(lesson("Ask twice")).ids;
        assert_ne!(first, second);
        pair.meet();
        hand_over(&twin, &mut pair.bob);
        hand_over(&twin, &mut pair.alice);
        pair.agree();
        let reader = pair.bob.store.reader();
        let shown = |id: &str| reader.record(Some(Kind::Lesson), id).unwrap().unwrap();
        assert_eq!(shown(&first[0]).id, first[0]);
        assert_eq!(shown(&second[0]).id, first[0]);
        assert!(shown(&first[0]).contested, "two texts");
        assert_eq!(reader.all(Kind::Lesson).unwrap().len(), 1);
    }
}
