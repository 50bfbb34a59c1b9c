//! One moment that is held while a desk is read: what others write meanwhile is seen after it.

use super::received_tests::{Chain, FOUNDER, GENESIS};
use super::{Store, desk_entity};
use crate::ledger::{Key, ReplicaId};

/// One desk's file, open twice.
fn twice() -> (tempfile::TempDir, Store, Store) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.relmate");
    let mut one = Store::create(&path, GENESIS, ReplicaId([2; 16])).unwrap();
    one.share_here(&Key([2; 32]), &FOUNDER).unwrap();
    let other = Store::open(&path).unwrap();
    (folder, one, other)
}

fn word(store: &Store) -> Option<String> {
    store.reader().own("word").unwrap()
}

#[test]
fn what_is_held_stays_until_something_is_written_or_all_is_settled() {
    let (_folder, mut held, mut other) = twice();
    held.hold().unwrap();
    assert_eq!(word(&held), None);
    other.set_own("word", Some("one")).unwrap();
    assert_eq!(word(&held), None, "of the moment that is held");
    held.set_own("own", Some("x")).unwrap();
    assert_eq!(word(&held).as_deref(), Some("one"));
    other.set_own("word", Some("two")).unwrap();
    assert_eq!(word(&held).as_deref(), Some("one"), "held again");
    held.settle().unwrap();
    assert_eq!(word(&held).as_deref(), Some("two"));
}

#[test]
fn a_digest_and_the_lines_after_it_are_of_one_moment_however_much_came_since_it_was_kept() {
    for came in [3, 40] {
        let (_folder, held, mut other) = twice();
        let mut chain = Chain::new();
        for turn in 0..came {
            chain.names("Anna", &format!("{turn}"));
        }
        held.digest().unwrap();
        held.hold().unwrap();
        assert_eq!(held.reader().lines().unwrap(), []);
        other.receive(chain.made, &[], 0).unwrap();
        let digest = held.digest().unwrap();
        let seen = held.reader().lines().unwrap().len();
        let mut apart = Chain::of(3, FOUNDER);
        apart.names("Anna", "apart");
        other.receive(apart.made, &[], 0).unwrap();
        assert_eq!(held.reader().lines().unwrap().len(), seen);
        assert_eq!(held.reader().digest().unwrap(), digest);
        assert_ne!(other.digest().unwrap(), digest);
    }
}

#[test]
fn much_is_received_shown_and_put_in_its_place_while_a_moment_is_held() {
    let (_folder, mut held, other) = twice();
    let mut chain = Chain::new();
    for turn in 0..30 {
        chain.write("Anna", |draft| {
            draft.set(&desk_entity(), &format!("field {turn}"), turn, []);
        });
    }
    held.hold().unwrap();
    super::trial::count_as_many(Some(1));
    held.receive(chain.made, &[], 0).unwrap();
    super::trial::count_as_many(None);
    held.settle().unwrap();
    assert_eq!(held.shown().unwrap(), other.shown().unwrap());
    drop(held);
    assert!(other.reader().check().unwrap().agrees);
}
