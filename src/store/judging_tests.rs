//! Commits of a founder's chain, judged one by one as they come and all again afterwards.

use super::{Store, desk_entity};
use crate::ledger::{
    Draft, Hash, Header, Key, MemberOp, Received, ReplicaId, Role, Workspace, chain_hash,
    first_prev,
};

const FOUNDER: Key = Key([1; 32]);
const GENESIS: &str = "{}";

/// A founder's chain.
struct Chain {
    prev: Hash,
    made: Vec<Received>,
}

impl Chain {
    fn new() -> Self {
        let workspace = Workspace::of_genesis(GENESIS.as_bytes());
        Self {
            prev: first_prev(&workspace, &ReplicaId([1; 16])),
            made: Vec::new(),
        }
    }

    fn write(&mut self, person: &str, fill: impl FnOnce(&mut Draft)) {
        let seq = self.made.len() as u64 + 1;
        let mut draft = Draft::new(ReplicaId([1; 16]), seq);
        fill(&mut draft);
        let header = Header {
            person: person.to_owned(),
            wall: "2026-11-21T09:14:00Z".to_owned(),
            ..Header::default()
        };
        let bytes = draft.finish(header).encode();
        let workspace = Workspace::of_genesis(GENESIS.as_bytes());
        let received = Received {
            hash: chain_hash(&workspace, &self.prev, &bytes),
            prev: self.prev,
            replica: ReplicaId([1; 16]),
            seq,
            key: FOUNDER,
            bytes,
        };
        self.prev = received.hash;
        self.made.push(received);
    }

    fn says(&mut self, person: &str, op: &MemberOp) {
        let body = serde_json::to_value(op).unwrap();
        self.write(person, |draft| {
            draft.member(body);
        });
    }

    fn names(&mut self, person: &str, name: &str) {
        self.write(person, |draft| {
            draft.set(&desk_entity(), "name", name, []);
        });
    }
}

/// How many of these do not count: as they came, and judged anew.
fn void(commits: &[Received]) -> (usize, usize) {
    let mut desk = Store::in_memory(GENESIS, ReplicaId([2; 16])).unwrap();
    desk.share_here(&Key([2; 32]), &FOUNDER).unwrap();
    desk.receive(commits, 0).unwrap();
    let count = |desk: &Store| desk.reader().set_aside(100).unwrap().len();
    let came = count(&desk);
    assert!(desk.rebuild().unwrap().agrees);
    (came, count(&desk))
}

fn device() -> MemberOp {
    MemberOp::Device {
        key: FOUNDER,
        letter: String::new(),
    }
}

#[test]
fn what_names_another_person_after_the_desk_was_shared_stays_void_when_all_is_judged_again() {
    let mut chain = Chain::new();
    chain.names("Anna", "one");
    chain.names("Bob", "two");
    chain.says("Anna", &device());
    chain.names("Anna", "three");
    chain.names("Bob", "four");
    chain.names("Anna", "five");
    assert_eq!(void(&chain.made), (1, 1), "before it was shared anybody wrote");
}

#[test]
fn who_is_named_anew_in_its_own_chain_is_judged_by_the_new_name_from_there_on() {
    let mut chain = Chain::new();
    chain.says("Anna", &device());
    chain.names("Anna", "one");
    let admit = MemberOp::Admit {
        key: FOUNDER,
        person: "Anna Maria".to_owned(),
        role: Role::Owner,
        letter: String::new(),
    };
    chain.says("Anna", &admit);
    chain.names("Anna Maria", "two");
    chain.names("Anna", "three");
    let (came, again) = void(&chain.made);
    assert_eq!(came, again);
}
