//! Commits of other desks: judged one by one as they come and all again afterwards, and in
//! whatever order they come.

use super::{Store, desk_entity};
use crate::ledger::{
    Draft, Hash, Header, Key, MemberOp, Received, ReplicaId, Role, Workspace, chain_hash,
    first_prev,
};

pub(super) const FOUNDER: Key = Key([1; 32]);
pub(super) const GENESIS: &str = "{}";

/// One desk's chain.
#[derive(Clone)]
pub(super) struct Chain {
    replica: ReplicaId,
    key: Key,
    deps: Vec<Hash>,
    prev: Hash,
    pub(super) made: Vec<Received>,
}

impl Chain {
    pub(super) fn new() -> Self {
        Self::of(1, FOUNDER)
    }

    pub(super) fn of(replica: u8, key: Key) -> Self {
        let workspace = Workspace::of_genesis(GENESIS.as_bytes());
        let replica = ReplicaId([replica; 16]);
        Self {
            replica,
            key,
            deps: Vec::new(),
            prev: first_prev(&workspace, &replica),
            made: Vec::new(),
        }
    }

    /// What is written next goes on after this commit.
    pub(super) fn goes_back_to(&mut self, seq: usize) {
        self.made.truncate(seq);
        self.prev = self.made[seq - 1].hash;
    }

    pub(super) fn write(&mut self, person: &str, fill: impl FnOnce(&mut Draft)) {
        let seq = self.made.len() as u64 + 1;
        let mut draft = Draft::new(self.replica, seq);
        fill(&mut draft);
        let header = Header {
            deps: std::mem::take(&mut self.deps),
            person: person.to_owned(),
            wall: "2026-11-21T09:14:00Z".to_owned(),
            ..Header::default()
        };
        self.sends(draft.finish(header).encode());
    }

    pub(super) fn sends(&mut self, bytes: Vec<u8>) {
        let seq = self.made.len() as u64 + 1;
        let workspace = Workspace::of_genesis(GENESIS.as_bytes());
        let received = Received {
            hash: chain_hash(&workspace, &self.prev, &bytes),
            prev: self.prev,
            replica: self.replica,
            seq,
            key: self.key,
            bytes,
        };
        self.prev = received.hash;
        self.made.push(received);
    }

    pub(super) fn says(&mut self, person: &str, op: &MemberOp) {
        let body = serde_json::to_value(op).unwrap();
        self.write(person, |draft| {
            draft.member(body);
        });
    }

    pub(super) fn names(&mut self, person: &str, name: &str) {
        self.write(person, |draft| {
            draft.set(&desk_entity(), "name", name, []);
        });
    }
}

/// How many of these do not count: as they came, and judged anew.
fn void(commits: &[Received]) -> (usize, usize) {
    let mut desk = Store::in_memory(GENESIS, ReplicaId([2; 16])).unwrap();
    desk.share_here(&Key([2; 32]), &FOUNDER).unwrap();
    desk.receive(commits.to_vec(), &[], 0).unwrap();
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
    assert_eq!(
        void(&chain.made),
        (1, 1),
        "before it was shared anybody wrote"
    );
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

/// A desk that got the founder's commits, then those of two others, either first.
fn with_two(founder: &Chain, others: [&Chain; 2]) -> Store {
    let mut desk = Store::in_memory(GENESIS, ReplicaId([9; 16])).unwrap();
    desk.share_here(&Key([9; 32]), &FOUNDER).unwrap();
    for chain in [founder, others[0], others[1]] {
        desk.receive(chain.made.clone(), &[], 0).unwrap();
    }
    desk.settle().unwrap();
    desk
}

#[test]
fn of_facts_that_nobody_can_read_the_same_earlier_ones_govern_whatever_came_first() {
    let mut founder = Chain::new();
    founder.write("p0", |draft| {
        let profile = include_str!("../../assets/profiles/egi-cmd.toml");
        for (field, value) in [("kind", "desk"), ("name", "one"), ("timezone", "UTC")] {
            draft.set(&desk_entity(), field, value, []);
        }
        draft.set(&desk_entity(), "profile", profile, []);
        draft.set(&desk_entity(), "profile_version", 1, []);
        draft.set(&desk_entity(), "managers", Vec::<String>::new(), []);
    });
    founder.says("p0", &device());
    let mut others = Vec::new();
    for at in [2, 3] {
        let key = Key([at; 32]);
        let letter = if at == 2 { "b" } else { "c" };
        let admit = MemberOp::Admit {
            key,
            person: format!("p{at}"),
            role: Role::Manager,
            letter: letter.to_owned(),
        };
        founder.says("p0", &admit);
        others.push((at, key, letter));
    }
    let chains: Vec<_> = others
        .into_iter()
        .map(|(at, key, letter)| {
            let mut chain = Chain::of(at, key);
            chain.deps = vec![founder.prev];
            let person = format!("p{at}");
            let letter = letter.to_owned();
            chain.says(&person, &MemberOp::Device { key, letter });
            if at == 2 {
                chain.names(&person, "two");
            } else {
                chain.write(&person, |draft| {
                    draft.set(&desk_entity(), "profile", 7, []);
                });
            }
            chain
        })
        .collect();
    let one = with_two(&founder, [&chains[0], &chains[1]]);
    let other = with_two(&founder, [&chains[1], &chains[0]]);
    assert_eq!(one.reader().desk().unwrap().name, "two");
    assert!(one.shown().unwrap() == other.shown().unwrap());
}

#[test]
fn what_is_said_of_members_is_found_again_however_it_is_written() {
    for (usual, other) in [
        (r#""op":"member""#, r#""op" : "member""#),
        (r#""op":"member""#, "\"op\":\"\\u006dember\""),
    ] {
        let mut chain = Chain::new();
        chain.says("Anna", &device());
        let admit = MemberOp::Admit {
            key: Key([5; 32]),
            person: "Bob".to_owned(),
            role: Role::Manager,
            letter: "b".to_owned(),
        };
        chain.says("Anna", &admit);
        let said = chain.made.pop().unwrap();
        chain.prev = said.prev;
        let text = String::from_utf8(said.bytes).unwrap();
        assert!(text.contains(usual), "{text}");
        chain.sends(text.replace(usual, other).into_bytes());
        let mut desk = Store::in_memory(GENESIS, ReplicaId([2; 16])).unwrap();
        desk.share_here(&Key([2; 32]), &FOUNDER).unwrap();
        desk.receive(chain.made.clone(), &[], 0).unwrap();
        let came = desk.reader().members().unwrap();
        assert_eq!(came.len(), 2, "{other}");
        assert!(desk.rebuild().unwrap().agrees);
        assert_eq!(desk.reader().members().unwrap(), came, "{other}");
    }
}

#[test]
fn a_void_commit_tells_of_nobody_however_often_the_desk_is_made_anew() {
    let mut chain = Chain::new();
    chain.says("Anna", &device());
    let admit = MemberOp::Admit {
        key: Key([7; 32]),
        person: "Mallory".to_owned(),
        role: Role::Manager,
        letter: "b".to_owned(),
    };
    let body = serde_json::to_value(admit).unwrap();
    let product = crate::ledger::named("product", "x");
    chain.write("Anna", |draft| {
        draft.member(body);
        draft.set(&product, "kind", "product", []);
    });
    let said = chain.made.pop().unwrap();
    chain.prev = said.prev;
    // It touches what it does not name.
    let text = String::from_utf8(said.bytes).unwrap();
    let named = format!("\"entities\":[\"{}\"]", product.as_str());
    chain.sends(text.replace(&named, "\"entities\":[]").into_bytes());
    let mut desk = Store::in_memory(GENESIS, ReplicaId([2; 16])).unwrap();
    desk.share_here(&Key([2; 32]), &FOUNDER).unwrap();
    desk.receive(chain.made.clone(), &[], 0).unwrap();
    assert_eq!(desk.reader().set_aside(9).unwrap().len(), 1);
    assert_eq!(desk.reader().members().unwrap().len(), 1);
    assert!(desk.rebuild().unwrap().agrees);
    assert_eq!(desk.reader().members().unwrap().len(), 1);
}

#[test]
fn a_branch_that_does_not_count_is_no_riddle_to_who_looks_for_it() {
    let (one, other) = (
        crate::ledger::named("product", "x"),
        crate::ledger::named("product", "y"),
    );
    let mut founder = Chain::new();
    founder.says("Anna", &device());
    let mut branch = Chain::new();
    branch.prev = founder.prev;
    branch.made = founder.made.clone();
    founder.write("Anna", |draft| {
        draft.set(&one, "title", "a", []);
    });
    branch.write("Mallory", |draft| {
        draft.set(&other, "title", "b", []);
    });
    let dot = crate::ledger::Dot {
        replica: founder.replica,
        seq: 2,
        op: 0,
    };
    let mut all = founder.made.clone();
    all.extend(branch.made.pop());
    let mut later = Chain::of(3, FOUNDER);
    later.deps = vec![founder.prev, branch.prev];
    later.says("Anna", &device());
    later.write("Anna", |draft| {
        draft.set(&one, "title", "c", [dot]);
    });
    all.extend(later.made);
    let mut desk = Store::in_memory(GENESIS, ReplicaId([2; 16])).unwrap();
    desk.share_here(&Key([2; 32]), &FOUNDER).unwrap();
    desk.receive(all, &[], 0).unwrap();
    assert_eq!(desk.reader().set_aside(9).unwrap().len(), 1);
    assert!(desk.reader().check().unwrap().agrees);
    let live = desk.reader().live(&one).unwrap();
    assert_eq!(live.fields["title"].value().unwrap(), "c");
    let scope = [one];
    let past = desk
        .reader()
        .past(super::Moment::default(), Some(&scope), &mut |_| Ok(()));
    past.unwrap();
}

/// The same commit written otherwise: with spaces, and every object's keys the other way round.
fn spelled_otherwise(bytes: &[u8]) -> Vec<u8> {
    fn write(value: &serde_json::Value, out: &mut String) {
        match value {
            serde_json::Value::Object(fields) => {
                out.push_str("{ ");
                for (at, (key, value)) in fields.iter().rev().enumerate() {
                    out.push_str(if at == 0 { "" } else { " ,\t" });
                    out.push_str(&serde_json::to_string(key).unwrap());
                    out.push_str(" : ");
                    write(value, out);
                }
                out.push('}');
            }
            serde_json::Value::Array(elements) => {
                out.push_str("[ ");
                for (at, value) in elements.iter().enumerate() {
                    out.push_str(if at == 0 { "" } else { " , " });
                    write(value, out);
                }
                out.push(']');
            }
            other => out.push_str(&other.to_string()),
        }
    }
    let mut out = String::new();
    write(&serde_json::from_slice(bytes).unwrap(), &mut out);
    out.into_bytes()
}

#[test]
fn commits_that_are_spelled_otherwise_give_the_same_desk() {
    let mut plain = Chain::new();
    plain.says("Anna", &device());
    let admit = MemberOp::Admit {
        key: Key([7; 32]),
        person: "Bob".to_owned(),
        role: Role::Manager,
        letter: "b".to_owned(),
    };
    plain.says("Anna", &admit);
    plain.names("Anna", "one");
    let lesson = crate::ledger::named("lesson", "x");
    for id in ["L-1", "L-1b"] {
        plain.write("Anna", |draft| {
            draft.set(&lesson, "kind", "lesson", []);
            draft.set(&lesson, "id", id, []);
            draft.add(&lesson, "votes", "Anna");
            draft.event(
                &lesson,
                "comment",
                serde_json::json!({"text": "T", "by": "Anna"}),
            );
        });
    }
    let mut other = Chain::new();
    for received in &plain.made {
        other.sends(spelled_otherwise(&received.bytes));
        assert_ne!(other.made.last().unwrap().bytes, received.bytes);
    }
    let desk = |chain: &Chain| {
        let mut desk = Store::in_memory(GENESIS, ReplicaId([2; 16])).unwrap();
        desk.share_here(&Key([2; 32]), &FOUNDER).unwrap();
        desk.receive(chain.made.clone(), &[], 0).unwrap();
        assert!(desk.reader().check().unwrap().agrees);
        assert_eq!(desk.reader().set_aside(9).unwrap(), []);
        let members = desk.reader().members().unwrap().len();
        let mut shown = desk.shown().unwrap().join("\n");
        // A commit's hash is its spelling's; it is what they differ in.
        for (at, received) in chain.made.iter().enumerate() {
            let written = format!("{:?}", rusqlite::types::ValueRef::Blob(&received.hash.0));
            shown = shown.replace(&written, &format!("commit {at}"));
        }
        assert!(shown.contains("commit 4"), "{shown}");
        let mut shown: Vec<_> = shown.lines().map(str::to_owned).collect();
        shown.sort();
        (members, desk.reader().names().unwrap(), shown)
    };
    let (members, names, shown) = desk(&plain);
    assert_eq!(names.shown("L-1b"), "L-1");
    assert!((members, names, shown) == desk(&other));
}
