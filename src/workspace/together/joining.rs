//! Who joins late gets the whole history at once, and must show what the others came to step by
//! step.

use super::{Alice, Bob, Pair};
use crate::ledger::{Key, ReplicaId};
use crate::store::Store;
use crate::workspace::fixture::Desk;
use crate::workspace::pair::{ALICE, hand_over, lacking};

/// A desk that has nothing yet, of somebody who joins the pair's.
fn newcomer(pair: &Pair) -> Desk {
    let alice = &pair.0.alice;
    let genesis = alice.store.reader().genesis().unwrap();
    let mut store = Store::in_memory(&genesis, ReplicaId([0xca; 16])).unwrap();
    store.share_here(&Key([3; 32]), &ALICE).unwrap();
    Desk {
        store,
        now: alice.now,
    }
}

#[track_caller]
fn shows_the_same(pair: &Pair, desk: &Desk) {
    assert!(desk.store.reader().check().unwrap().agrees);
    let theirs = pair.0.alice.store.digest().unwrap();
    assert_eq!(desk.store.digest().unwrap(), theirs);
}

/// Work of both, apart and together, of more steps than a desk takes in one by one.
fn busy() -> Pair {
    let mut pair = Pair::new();
    for turn in 0..12 {
        for step in 0..25 {
            for who in [Alice, Bob] {
                pair.does(who, &remark(&format!("Remark {step} of turn {turn}.")));
            }
        }
        if turn == 5 {
            // The same field on both sides.
            pair.does(Alice, r#"{"do":"claim","id":"T-2","drop":false}"#);
            pair.does(Bob, r#"{"do":"claim","id":"T-2","drop":false}"#);
        }
        pair.meet();
    }
    pair
}

fn remark(text: &str) -> String {
    format!(r#"{{"do":"comment","id":"T-1","text":"{text}","private":false}}"#)
}

#[test]
fn who_joins_late_shows_what_the_others_show_and_goes_on_with_them() {
    let mut pair = busy();
    let mut carol = newcomer(&pair);
    hand_over(&pair.0.alice, &mut carol);
    shows_the_same(&pair, &carol);
    pair.does(Alice, &remark("One more."));
    hand_over(&pair.0.alice, &mut carol);
    shows_the_same(&pair, &carol);
}

#[test]
fn what_came_in_before_the_program_was_stopped_is_shown_by_the_next_one() {
    let pair = busy();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cmd.relmate");
    let mut carol = newcomer(&pair);
    let genesis = carol.store.reader().genesis().unwrap();
    carol.store = Store::create(&path, &genesis, ReplicaId([0xca; 16])).unwrap();
    carol.store.share_here(&Key([3; 32]), &ALICE).unwrap();
    let all = lacking(&pair.0.bob, &carol);
    let now = carol.now.timestamp();
    carol.store.receive(all, &[], now).unwrap();
    carol.store = Store::open(&path).unwrap();
    carol.store.settle().unwrap();
    shows_the_same(&pair, &carol);
}
