//! What membership ops do to each other and to the commits around them.

use std::collections::{HashMap, HashSet};

use super::*;
use crate::ledger::{Commit, Draft, Fate, Header, ReplicaId, Verdict, fate};

const ANNA: Key = Key([1; 32]);
const BOB: Key = Key([2; 32]);
const CLEO: Key = Key([3; 32]);
const DORA: Key = Key([4; 32]);

/// Commits by number, with everything each of them had seen.
#[derive(Default)]
struct World {
    past: HashMap<Hash, HashSet<Hash>>,
    told: Vec<Told>,
}

impl Ancestry for World {
    fn includes(&self, later: &Hash, earlier: &Hash) -> bool {
        self.past.contains_key(earlier)
            && (later == earlier
                || self
                    .past
                    .get(later)
                    .is_some_and(|past| past.contains(earlier)))
    }
}

impl World {
    /// Anna's desk, shared; her commit that says so comes back.
    fn shared() -> (Self, Hash) {
        let mut world = Self::default();
        let device = MemberOp::Device {
            key: ANNA,
            letter: String::new(),
        };
        let shared = world.say(ANNA, &[], device);
        (world, shared)
    }

    fn write(&mut self, seen: &[Hash]) -> Hash {
        let hash = Hash([u8::try_from(self.past.len() + 1).unwrap(); 32]);
        let mut past = HashSet::new();
        for cause in seen {
            past.extend(self.past[cause].iter().copied());
            past.insert(*cause);
        }
        self.past.insert(hash, past);
        hash
    }

    fn say(&mut self, by: Key, seen: &[Hash], op: MemberOp) -> Hash {
        let commit = self.write(seen);
        let told = Told {
            commit,
            order: Order {
                lamport: 1 + self.past[&commit].len() as u64,
                replica: ReplicaId([by.0[0]; 16]),
                hash: commit,
            },
            by,
            person: person(by).into(),
            op,
        };
        self.told.push(told);
        commit
    }

    fn admit(&mut self, by: Key, seen: &[Hash], (key, role): (Key, Role), letter: &str) -> Hash {
        let op = MemberOp::Admit {
            key,
            person: person(key).into(),
            role,
            letter: letter.into(),
        };
        self.say(by, seen, op)
    }

    fn remove(&mut self, by: Key, seen: &[Hash], key: Key, cut: &[Hash]) -> Hash {
        let cut = cut.to_vec();
        self.say(by, seen, MemberOp::Remove { key, cut })
    }

    fn role(&mut self, by: Key, seen: &[Hash], (key, role): (Key, Role), cut: &[Hash]) -> Hash {
        let cut = cut.to_vec();
        self.say(by, seen, MemberOp::Role { key, role, cut })
    }

    /// The ops in the order they were made and in the opposite one must mean the same.
    fn membership(&self) -> Membership {
        let told = Membership::new(Some(ANNA), self.told.clone(), self);
        let turned = self.told.iter().rev().cloned().collect();
        assert_eq!(Membership::new(Some(ANNA), turned, self), told);
        told
    }

    fn judge(&self, at: Hash, key: Key) -> Result<Option<Member>, String> {
        self.membership().judge(&at, Some(key), self)
    }

    fn role_at(&self, at: Hash, key: Key) -> Result<Role, String> {
        Ok(self.judge(at, key)?.unwrap().role)
    }

    fn present(&self, key: Key) -> Option<Role> {
        let members = self.membership().members(self);
        let found = members.iter().find(|member| member.key == key)?;
        (!found.removed).then_some(found.role)
    }
}

const fn person(key: Key) -> &'static str {
    ["Anna", "Bob", "Cleo", "Dora"][key.0[0] as usize - 1]
}

const REMOVED: &str = "Bob was removed";

#[test]
fn the_founder_owns_the_desk_and_has_no_letter() {
    let (world, shared) = World::shared();
    let founder = world.judge(shared, ANNA).unwrap().unwrap();
    assert_eq!((founder.role, &*founder.letter), (Role::Owner, ""));
    assert_eq!(founder.person, "Anna");
}

#[test]
fn what_was_written_before_the_desk_was_shared_is_nobodys_to_judge() {
    let mut world = World::default();
    let early = world.write(&[]);
    let device = MemberOp::Device {
        key: ANNA,
        letter: String::new(),
    };
    world.say(ANNA, &[early], device);
    assert_eq!(world.judge(early, ANNA), Ok(None));
    assert_eq!(world.membership().judge(&early, None, &world), Ok(None));
}

#[test]
fn a_key_writes_only_what_knows_of_its_admission() {
    let (mut world, shared) = World::shared();
    let early = world.write(&[shared]);
    let admitted = world.admit(ANNA, &[shared], (BOB, Role::Manager), "b");
    let late = world.write(&[admitted]);
    let not = "its key was not admitted when it was written";
    assert_eq!(world.role_at(early, BOB), Err(not.into()));
    assert_eq!(world.role_at(late, BOB), Ok(Role::Manager));
    assert!(world.membership().knows(&BOB));
}

#[test]
fn a_manager_admits_managers_and_observers_and_nobody_more() {
    let (mut world, shared) = World::shared();
    let bob = world.admit(ANNA, &[shared], (BOB, Role::Manager), "b");
    let cleo = world.admit(BOB, &[bob], (CLEO, Role::Observer), "bb");
    let dora = world.admit(BOB, &[cleo], (DORA, Role::Owner), "bc");
    let removal = world.remove(BOB, &[dora], CLEO, &[]);
    let at = world.write(&[removal]);
    assert_eq!(world.role_at(at, CLEO), Ok(Role::Observer));
    assert!(world.role_at(at, DORA).is_err());
    let by_observer = world.admit(CLEO, &[cleo], (DORA, Role::Observer), "bbb");
    assert!(world.role_at(by_observer, DORA).is_err());
}

#[test]
fn two_admissions_made_apart_give_the_least_role() {
    let (mut world, shared) = World::shared();
    let bob = world.admit(ANNA, &[shared], (BOB, Role::Owner), "b");
    let one = world.admit(ANNA, &[bob], (CLEO, Role::Owner), "c");
    let other = world.admit(BOB, &[bob], (CLEO, Role::Manager), "bb");
    let both = world.write(&[one, other]);
    assert_eq!(world.role_at(both, CLEO), Ok(Role::Manager));
    let only = world.write(&[one]);
    assert_eq!(world.role_at(only, CLEO), Ok(Role::Owner));
    let dispute = &world.membership().disputes(&world)[0];
    assert_eq!((dispute.key, dispute.commits.len()), (CLEO, 2));
    let settled = world.role(ANNA, &[both], (CLEO, Role::Owner), &[]);
    assert_eq!(world.role_at(settled, CLEO), Ok(Role::Owner));
    assert_eq!(world.membership().disputes(&world), []);
}

#[test]
fn a_removal_elsewhere_cuts_off_what_was_not_known_and_keeps_the_rest() {
    let (mut world, shared) = World::shared();
    let bob = world.admit(ANNA, &[shared], (BOB, Role::Manager), "b");
    let known = world.write(&[bob]);
    let late = world.write(&[known]);
    world.remove(ANNA, &[known], BOB, &[known]);
    assert_eq!(world.role_at(known, BOB), Ok(Role::Manager));
    assert_eq!(world.role_at(late, BOB), Err(REMOVED.into()));
    assert_eq!(world.present(BOB), None);
}

#[test]
fn a_cut_that_its_author_had_not_seen_keeps_nothing() {
    let (mut world, shared) = World::shared();
    let bob = world.admit(ANNA, &[shared], (BOB, Role::Manager), "b");
    let known = world.write(&[bob]);
    world.remove(ANNA, &[bob], BOB, &[known]);
    assert_eq!(world.role_at(known, BOB), Err(REMOVED.into()));
}

#[test]
fn who_knows_of_the_removal_was_removed_until_an_owner_admits_again() {
    let (mut world, shared) = World::shared();
    let bob = world.admit(ANNA, &[shared], (BOB, Role::Manager), "b");
    let cleo = world.admit(ANNA, &[bob], (CLEO, Role::Manager), "c");
    let parked = world.remove(ANNA, &[cleo], BOB, &[cleo]);
    let void = world.write(&[parked]);
    assert_eq!(world.role_at(void, BOB), Err("Bob had been removed".into()));
    let by_manager = world.admit(CLEO, &[parked], (BOB, Role::Manager), "cb");
    assert!(world.role_at(by_manager, BOB).is_err());
    let back = world.admit(ANNA, &[parked], (BOB, Role::Observer), "b");
    let returned = world.write(&[back, void]);
    assert_eq!(world.role_at(returned, BOB), Ok(Role::Observer));
    assert_eq!(world.present(BOB), Some(Role::Observer));
}

#[test]
fn a_role_taken_elsewhere_holds_beyond_its_cut_and_one_given_elsewhere_does_not() {
    let (mut world, shared) = World::shared();
    let bob = world.admit(ANNA, &[shared], (BOB, Role::Manager), "b");
    let late = world.write(&[bob]);
    let lowered = world.role(ANNA, &[bob], (BOB, Role::Observer), &[bob]);
    assert_eq!(world.role_at(late, BOB), Ok(Role::Observer));
    assert_eq!(world.role_at(bob, BOB), Ok(Role::Manager));
    world.role(ANNA, &[lowered], (BOB, Role::Owner), &[bob]);
    assert_eq!(world.role_at(late, BOB), Ok(Role::Observer));
}

#[test]
fn what_a_removed_owner_says_of_members_does_not_count() {
    let (mut world, shared) = World::shared();
    let bob = world.admit(ANNA, &[shared], (BOB, Role::Owner), "b");
    let cleo = world.admit(BOB, &[bob], (CLEO, Role::Owner), "bb");
    world.remove(ANNA, &[bob], BOB, &[bob]);
    let late = world.write(&[cleo]);
    assert!(world.role_at(late, CLEO).is_err());
    assert_eq!(world.present(CLEO), None);
    let hers = world.remove(CLEO, &[late], ANNA, &[]);
    assert_eq!(world.role_at(hers, ANNA), Ok(Role::Owner));
}

#[test]
fn of_owners_who_remove_each_other_the_one_admitted_earlier_stays() {
    let (mut world, shared) = World::shared();
    let bob = world.admit(ANNA, &[shared], (BOB, Role::Owner), "b");
    let cleo = world.admit(ANNA, &[bob], (CLEO, Role::Owner), "c");
    world.remove(CLEO, &[cleo], BOB, &[]);
    world.remove(BOB, &[cleo], CLEO, &[]);
    assert_eq!(world.present(BOB), Some(Role::Owner));
    assert_eq!(world.present(CLEO), None);
    world.remove(BOB, &[cleo], ANNA, &[]);
    world.remove(ANNA, &[cleo], BOB, &[]);
    assert_eq!(world.present(ANNA), Some(Role::Owner));
    // Cleo's removal came from Bob, whom the founder has removed without knowing of it.
    assert_eq!(world.present(BOB), None);
    assert_eq!(world.present(CLEO), Some(Role::Owner));
}

#[test]
fn a_removal_of_one_who_removes_a_third_is_no_circle() {
    let (mut world, shared) = World::shared();
    let bob = world.admit(ANNA, &[shared], (BOB, Role::Owner), "b");
    let cleo = world.admit(ANNA, &[bob], (CLEO, Role::Owner), "c");
    world.remove(CLEO, &[cleo], BOB, &[cleo]);
    world.remove(BOB, &[cleo], ANNA, &[cleo]);
    assert_eq!(world.present(BOB), None);
    assert_eq!(world.present(ANNA), Some(Role::Owner));
}

#[test]
fn an_op_under_another_name_does_not_count() {
    let (mut world, shared) = World::shared();
    let admitted = world.admit(ANNA, &[shared], (BOB, Role::Manager), "b");
    world.told.last_mut().unwrap().person = "Mallory".into();
    let late = world.write(&[admitted]);
    assert!(world.role_at(late, BOB).is_err());
}

#[test]
fn an_approver_gives_its_own_suffix_and_the_next_free_letter() {
    let (mut world, shared) = World::shared();
    assert_eq!(world.membership().next_letter("").as_deref(), Some("b"));
    let bob = world.admit(ANNA, &[shared], (BOB, Role::Manager), "b");
    assert_eq!(world.membership().next_letter("").as_deref(), Some("c"));
    assert_eq!(world.membership().next_letter("b").as_deref(), Some("bb"));
    for letter in 'c'..='y' {
        world.admit(ANNA, &[bob], (CLEO, Role::Manager), &letter.to_string());
    }
    assert_eq!(world.membership().next_letter(""), None);
}

fn commit(person: &str) -> Commit {
    Draft::new(ReplicaId([7; 16]), 3).finish(Header {
        person: person.into(),
        ..Header::default()
    })
}

fn member(role: Role) -> Member {
    Member {
        key: BOB,
        person: "Bob".into(),
        role,
        letter: "b".into(),
        removed: false,
    }
}

#[test]
fn a_commit_of_an_observer_a_stranger_or_another_name_is_void() {
    let place = (ReplicaId([7; 16]), 3);
    let valid = Verdict::Valid(commit("Bob"));
    let (manager, observer) = (member(Role::Manager), member(Role::Observer));
    let told = |verdict: &Verdict, judged| fate(verdict, place, judged, false);
    assert_eq!(told(&valid, Ok(Some(&manager))), Fate::Valid);
    assert_eq!(told(&valid, Ok(None)), Fate::Valid);
    assert!(told(&valid, Ok(Some(&observer))).is_void());
    assert!(told(&valid, Err("Bob was removed")).is_void());
    assert!(told(&Verdict::Valid(commit("Anna")), Ok(Some(&manager))).is_void());
    let elsewhere = (ReplicaId([7; 16]), 4);
    assert!(fate(&valid, elsewhere, Ok(None), false).is_void());
}

#[test]
fn what_builds_on_a_newer_version_is_opaque_as_that_itself() {
    let place = (ReplicaId([7; 16]), 3);
    let commit = commit("Bob");
    let opaque = |fate| matches!(fate, Fate::Opaque(_));
    assert!(opaque(fate(
        &Verdict::Valid(commit.clone()),
        place,
        Ok(None),
        true
    )));
    let newer = Verdict::Opaque {
        commit,
        why: "needs level 2".into(),
    };
    assert!(opaque(fate(&newer, place, Ok(None), false)));
    assert!(fate(&newer, place, Err("Bob was removed"), false).is_void());
}
