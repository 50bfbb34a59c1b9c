//! Much that comes at once: shown when all of it is there, whoever writes meanwhile and however
//! little is held in memory.

use super::received_tests::{Chain, FOUNDER, GENESIS};
use super::{Store, StoreError, desk_entity, trial};
use crate::ledger::{Header, Key, Received, ReplicaId};

fn desk() -> Store {
    let mut desk = Store::in_memory(GENESIS, ReplicaId([2; 16])).unwrap();
    desk.share_here(&Key([2; 32]), &FOUNDER).unwrap();
    desk
}

/// What a desk shows that takes everything at once and holds so many records, made sure to be what
/// one shows that takes each by itself.
#[track_caller]
fn shown_alike(chain: &Chain, held: usize) {
    let (mut one, mut other) = (desk(), desk());
    for commit in &chain.made {
        one.receive(vec![commit.clone()], &[], 0).unwrap();
    }
    trial::count_as_many(Some(1));
    trial::hold(Some(held));
    other.receive(chain.made.clone(), &[], 0).unwrap();
    trial::count_as_many(None);
    other.settle().unwrap();
    assert_eq!(one.shown().unwrap(), other.shown().unwrap());
    assert!(other.rebuild().unwrap().agrees);
    assert!(other.reader().check().unwrap().agrees);
    trial::hold(None);
    assert_eq!(one.digest().unwrap(), other.digest().unwrap());
}

#[test]
fn a_record_that_is_not_held_is_read_again_however_deep_its_values_are() {
    for (held, deep) in [(0, 64), (1, 60), (1, 64), (1, 65), (2, 124)] {
        let nested = format!("{}{}", "[".repeat(deep), "]".repeat(deep));
        let nested: serde_json::Value = serde_json::from_str(&nested).unwrap();
        let mut chain = Chain::new();
        let of = |number: usize| crate::ledger::named("product", &number.to_string());
        for turn in 0..12 {
            chain.write("Anna", |draft| {
                draft.set(&of(turn % 4), &format!("field {turn}"), nested.clone(), []);
                draft.add(&of(turn % 4), "labels", nested.clone());
                draft.event(&of(turn % 4), "comment", nested.clone());
            });
        }
        shown_alike(&chain, held);
    }
}

#[test]
fn what_is_taken_back_and_told_again_is_so_where_much_comes_at_once() {
    let mut chain = Chain::new();
    let (product, other) = (
        crate::ledger::named("product", "x"),
        crate::ledger::named("product", "y"),
    );
    let mut told = Vec::new();
    for kind in ["slip", "comment", "slip", "comment"] {
        chain.write("Anna", |draft| {
            draft.set(&product, "kind", "product", []);
            told.push(draft.event(&product, kind, "told"));
            draft.event(&other, kind, "told");
        });
    }
    let mut back = Vec::new();
    for dot in &told[1..] {
        chain.write("Anna", |draft| back.push(draft.retract(&product, *dot)));
    }
    chain.write("Anna", |draft| {
        draft.retract(&product, back[0]);
    });
    for held in [0, 1, 9] {
        shown_alike(&chain, held);
    }
}

/// A desk's file that much is coming to, and what is still to come.
fn half_received(path: &std::path::Path) -> (Store, Vec<Received>) {
    let mut chain = Chain::new();
    for turn in 0..20 {
        chain.names("Anna", &format!("turn {turn}"));
    }
    let rest = chain.made.split_off(10);
    let mut desk = Store::create(path, GENESIS, ReplicaId([2; 16])).unwrap();
    desk.share_here(&Key([2; 32]), &FOUNDER).unwrap();
    trial::count_as_many(Some(2));
    desk.receive(chain.made, &[], 0).unwrap();
    trial::count_as_many(None);
    (desk, rest)
}

#[test]
fn what_somebody_writes_while_much_comes_in_is_shown_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cmd.relmate");
    let (mut desk, rest) = half_received(&path);
    let mut other = Store::open(&path).unwrap();
    let header = Header {
        wall: "2026-11-21T09:14:00Z".to_owned(),
        person: "Anna".to_owned(),
        ..Header::default()
    };
    let product = crate::ledger::named("product", "x");
    other
        .write(|writing| {
            let mut draft = writing.draft()?;
            draft.set(&product, "kind", "product", []);
            writing.append(draft, header, 0).map(drop)
        })
        .unwrap();
    trial::count_as_many(Some(2));
    desk.receive(rest, &[], 0).unwrap();
    trial::count_as_many(None);
    desk.settle().unwrap();
    assert!(desk.reader().check().unwrap().agrees);
}

#[test]
fn a_desk_that_was_cut_short_is_looked_at_as_its_log_says_and_its_file_stays() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cmd.relmate");
    let (desk, _) = half_received(&path);
    drop(desk);
    let before = std::fs::read(&path).unwrap();
    let mut named = None;
    Store::look(&path, &mut |reader| {
        named = reader.live(&desk_entity())?.fields["name"].value().cloned();
        Ok(())
    })
    .unwrap();
    assert_eq!(named.unwrap(), "turn 9");
    assert!(std::fs::read(&path).unwrap() == before, "not a byte");
    // Another process may have shown it: then this one writes as usual again.
    let mut first = Store::open(&path).unwrap();
    let mut other = Store::open(&path).unwrap();
    first.settle().unwrap();
    other.settle().unwrap();
    assert!(other.reader().check().unwrap().agrees);
}

#[test]
fn a_desk_that_somebody_else_shows_while_much_comes_in_takes_the_rest_all_the_same() {
    type Meanwhile = fn(&mut Store) -> Result<(), StoreError>;
    let others: [Meanwhile; 3] = [
        |other| other.rebuild().map(drop),
        |other| other.write(|_| Ok(())),
        Store::settle,
    ];
    for meanwhile in others {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cmd.relmate");
        let (mut desk, rest) = half_received(&path);
        meanwhile(&mut Store::open(&path).unwrap()).unwrap();
        trial::count_as_many(Some(2));
        desk.receive(rest, &[], 0).unwrap();
        trial::count_as_many(None);
        desk.settle().unwrap();
        assert!(desk.reader().check().unwrap().agrees);
    }
}
