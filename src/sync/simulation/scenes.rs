//! Single stories that random ones tell too rarely: two sticks in turn, a member who may no
//! longer write and fills the share, a newcomer whose copy is damaged, a year of packs.

use std::cell::RefCell;
use std::rc::Rc;

use super::History;
use super::counters::Counters;
use super::desk::Plan;
use super::door::Door;
use super::random::Random;
use super::share::Net;
use crate::ledger::mutant::{self, Mutant};
use crate::ledger::{MemberOp, Role};
use crate::sync::folder::fat;
use crate::sync::key::cheap;
use crate::sync::round::{Memory, Options, Relay, Stop, bound};
use crate::sync::{Env, Folder, Meeting, round};

/// Desks that were founded and let in, on a share where nothing goes wrong.
fn calm(seed: u64) -> History {
    cheap::switch(true);
    let mut history = History::new(seed, &Rc::new(RefCell::new(Counters::default())));
    history.found();
    history.net.borrow_mut().faulty = false;
    history.net.borrow_mut().coarse = false;
    let net = history.net.clone();
    for desk in &mut history.desks {
        desk.clock = 0;
        desk.door = Door::new(&net, 0);
        desk.log.level = 1;
    }
    history
}

/// A share of one place, with the genesis of this desk on it.
fn stick(history: &History, seed: u64) -> Rc<RefCell<Net>> {
    let counters = Rc::new(RefCell::new(Counters::default()));
    let mut net = Net::new(1, Random::new(seed), counters);
    net.faulty = false;
    net.views[0] = history.net.borrow().views[0].clone();
    Rc::new(RefCell::new(net))
}

/// Two sticks that travel between desks, each for ten seconds at a time. Returns how often an
/// earlier state was reported, and whether a visit left something undone.
fn visits(seed: u64) -> (usize, Vec<String>) {
    let mut history = calm(seed);
    let sticks = [stick(&history, 1), stick(&history, 2)];
    let (mut rolled_back, mut wrong) = (0, Vec::new());
    for step in 0..60 {
        history.now += 10;
        let at = history.random.below(history.desks.len());
        let which = history.random.below(2);
        history.write(at);
        let desk = &mut history.desks[at];
        desk.door = Door::new(&sticks[which], 0);
        desk.door.id = if mutant::is(Mutant::OneShare) {
            "a stick"
        } else {
            ["one stick", "the other"][which]
        };
        // A new process for each visit.
        desk.memory = Memory::default();
        sticks[which].borrow_mut().now = history.now;
        let round = history.desks[at].meet(history.now, step, Options::default());
        rolled_back += round.rolled_back.len();
        history.join(at);
        let desk = &mut history.desks[at];
        desk.meet(history.now, step, Options::default());
        // Whatever this desk holds lies on the stick now, whoever wrote it.
        let mut reader = History::newcomer(desk, Door::new(&sticks[which], 0));
        reader.meet(history.now, 0, Options::default());
        let lacks = |hash| !reader.log.at.contains_key(hash);
        if desk.log.at.keys().any(lacks) && desk.member().is_some() {
            wrong.push(format!("visit {step} left something undone"));
        }
    }
    // Once more with both sticks for everybody, twice: then all have all.
    for step in 0..2 * history.desks.len() {
        for (which, id) in ["one stick", "the other"].into_iter().enumerate() {
            history.now += 10;
            let at = step % history.desks.len();
            let desk = &mut history.desks[at];
            desk.door = Door::new(&sticks[which], 0);
            desk.door.id = id;
            desk.meet(history.now, 0, Options::default());
        }
    }
    let first = &history.desks[0];
    let differ = history
        .desks
        .iter()
        .any(|it| !History::identical(first, it));
    if differ {
        wrong.push("the desks are not equal".to_owned());
    }
    (rolled_back, wrong)
}

#[test]
fn two_sticks_in_turn_carry_everything_in_ten_seconds_and_neither_is_taken_for_put_back() {
    for seed in 0..12 {
        let (rolled_back, wrong) = visits(seed);
        assert!(wrong.is_empty(), "seed {seed}: {wrong:?}");
        assert_eq!(rolled_back, 0, "seed {seed}");
    }
}

#[test]
fn two_sticks_that_are_taken_for_one_are_found() {
    mutant::break_rule(Some(Mutant::OneShare));
    let found = (0..12).any(|seed| {
        let (rolled_back, wrong) = visits(seed);
        rolled_back > 0 || !wrong.is_empty()
    });
    mutant::break_rule(None);
    assert!(found);
}

/// How many void bytes each desk holds after a member who was removed has written a lot.
fn flooded() -> Vec<u64> {
    let of_three = |seed: &u64| calm(*seed).desks.len() >= 3;
    let mut history = calm((0..20).find(of_three).unwrap());
    for at in 1..3 {
        history.admit(0, at, Role::Manager);
    }
    for at in [0, 1, 2, 0, 1, 2] {
        history.now += 100;
        history.round(at);
    }
    let key = history.desks[1].public;
    let cut = history.desks[0].tips_of(key);
    history.desks[0].say(&MemberOp::Remove { key, cut });
    history.round(0);
    for day in 0..12 {
        for part in 0..8 {
            history.desks[1].write(&Plan::default(), |draft, _| {
                let entity = draft.create();
                let text = format!("{day} {part} ").repeat(100);
                draft.set(&entity, "title", text, []);
            });
        }
        history.now += 90_000;
        for at in [1, 0, 2] {
            history.round(at);
        }
    }
    let desks = [&history.desks[0], &history.desks[2]];
    let void = |desk: &&super::Desk| crate::sync::Log::void_bytes(&desk.log, &key).unwrap();
    desks.iter().map(void).collect()
}

/// What one exchange of that member brings at most.
const A_DAY: u64 = 8 * 1_500;

#[test]
fn who_may_no_longer_write_fills_no_disk_however_many_days_it_tries() {
    bound::set(Some(10_000));
    let held = flooded();
    bound::set(None);
    assert!(
        held.iter().all(|it| *it > 0),
        "it is kept up to a bound: {held:?}"
    );
    assert!(held.iter().all(|it| *it <= 10_000 + A_DAY), "{held:?}");
    bound::set(Some(10_000));
    mutant::break_rule(Some(Mutant::NoQuarantine));
    let held = flooded();
    mutant::break_rule(None);
    bound::set(None);
    assert!(held.iter().any(|it| *it > 10_000 + A_DAY), "{held:?}");
}

#[test]
fn a_newcomer_says_which_file_it_cannot_read_and_gets_it_under_another_name() {
    let mut history = calm(7);
    history.round(0);
    let views = history.net.borrow().views[0].clone();
    // Somebody's copy of the first pack arrived damaged, and nothing repairs it.
    let counters = history.counters.clone();
    let mut net = Net::new(2, Random::new(3), counters);
    (net.faulty, net.repairs) = (false, false);
    net.views = vec![views.clone(), views];
    let first = net.views[1]
        .keys()
        .find(|it| it.contains("/pk-"))
        .unwrap()
        .clone();
    let mut bytes = net.views[1][&first].bytes.to_vec();
    bytes[40] ^= 1;
    net.set(1, &first, Some(&bytes.into()), false);
    history.net = Rc::new(RefCell::new(net));
    for (at, view) in [(0, 0), (1, 1)] {
        history.desks[at].door = Door::new(&history.net, view);
        history.desks[at].memory = Memory::default();
    }
    history.desks.truncate(2);
    for at in [1, 0, 1, 1, 0, 1] {
        history.now += 700;
        history.net.borrow_mut().heal();
        history.round(at);
        history.net.borrow_mut().heal();
    }
    let mut held = history.desks[0].log.at.keys();
    assert!(held.all(|it| history.desks[1].log.at.contains_key(it)));
}

#[test]
fn a_share_that_does_not_answer_in_time_loses_nothing_whenever_it_stops() {
    for stops in 0..14 {
        let mut history = calm(11);
        history.round(0);
        for at in 0..history.desks.len() {
            history.write(at);
        }
        let slow = &mut history.desks[0];
        slow.door.slow.set(Some(stops));
        let relay = Relay::AtOnce;
        let options = Options {
            relay,
            refill: true,
        };
        let round = slow.meet(history.now + 100, 0, options);
        let answered = slow.door.slow.get() != Some(0);
        let told = matches!(round.stopped, Some(Stop::Unreachable(_)));
        // The listing at the end only saves time: a round that lacks it has still done its work.
        assert!(
            answered || told || round.published > 0,
            "{stops}: {round:?}"
        );
        slow.door.calm();
        history.now += 1_000;
        for _ in 0..3 {
            for at in 0..history.desks.len() {
                history.now += 10;
                history.round(at);
            }
        }
        let first = &history.desks[0];
        assert!(
            history.desks.iter().all(|it| History::identical(first, it)),
            "{stops}"
        );
        assert_eq!(history.failures, Vec::<String>::new());
    }
}

#[test]
fn desks_meet_on_a_stick_that_knows_no_links_and_tells_two_seconds() {
    fat::switch(true);
    let dir = tempfile::tempdir().unwrap();
    let stick = Folder::open(dir.path()).unwrap();
    let mut history = calm(3);
    let mut uncertain = false;
    for visit in 0..30 {
        history.now += 10;
        let at = visit % history.desks.len();
        history.write(at);
        let env = Env {
            now: history.now,
            wall: "2026-01-01T00:00:00Z".to_owned(),
            jitter: 0,
        };
        let desk = &mut history.desks[at];
        let meeting = Meeting {
            share: &stick,
            id: "the stick",
            key: Some(&desk.key),
            env: &env,
            options: Options {
                refill: at == 0,
                ..Options::default()
            },
            listener: None,
        };
        let met = round(&mut desk.log, &meeting, &mut desk.memory).unwrap();
        uncertain |= met.uncertain;
        assert!(at > 0 || met.stopped.is_none(), "{met:?}");
        if visit < 20 {
            history.join(at);
        }
    }
    fat::switch(false);
    assert!(
        uncertain,
        "it is told that a file may not outlive a power cut"
    );
    let first = &history.desks[0];
    let held = |desk: &super::Desk| desk.log.at.len();
    assert!(history.desks.iter().all(|it| held(it) + 3 >= held(first)));
}

/// Whether a desk sees that another holds the same and shows something else.
fn alarmed(history: &mut History, at: usize) -> bool {
    history.now += 100;
    let desk = &mut history.desks[at];
    let round = desk.meet(history.now, 0, Options::default());
    round.peers.iter().any(|it| it.alarm)
}

#[test]
fn a_desk_that_shows_something_else_with_the_same_chains_is_told_of_until_it_is_rebuilt() {
    cheap::switch(true);
    let counters = Rc::new(RefCell::new(Counters::default()));
    let of_three = |seed: &u64| calm(*seed).desks.len() >= 3;
    let mut history = History::with_files((0..20).find(of_three).unwrap(), &counters);
    history.found();
    history.net.borrow_mut().faulty = false;
    let net = history.net.clone();
    for desk in &mut history.desks {
        (desk.clock, desk.log.level) = (0, 1);
        desk.door = Door::new(&net, 0);
    }
    for at in 1..3 {
        history.admit(0, at, Role::Manager);
    }
    for at in [0, 1, 2, 0, 1, 2, 0] {
        history.now += 100;
        history.round(at);
    }
    // The third writes; the second has it before it hears that the third was removed.
    let entity = crate::ledger::named("desk", "desk");
    history.desks[2].write(&Plan::default(), |draft, _| {
        draft.set(&entity, "name", "Another", []);
    });
    for at in [2, 1] {
        history.now += 100;
        history.round(at);
    }
    let key = history.desks[2].public;
    let cut = history.desks[0].tips_of(key);
    history.desks[0].say(&MemberOp::Remove { key, cut });
    history.round(0);
    mutant::break_rule(Some(Mutant::NoRejudging));
    alarmed(&mut history, 1);
    mutant::break_rule(None);
    assert!(
        alarmed(&mut history, 0),
        "the same chains, and something else is shown"
    );
    let file = history.desks[1].file.as_mut().unwrap();
    assert!(!file.store_mut().rebuild().unwrap().agrees);
    for at in [1, 0] {
        alarmed(&mut history, at);
    }
    assert!(!alarmed(&mut history, 0) && !alarmed(&mut history, 1));
}

/// Whether small packs of an author are still there right after the larger one that held their
/// commits was found damaged, a day later, and written anew.
fn small_packs_stay() -> bool {
    let mut history = calm(2);
    let desk = &mut history.desks[0];
    for _ in 0..5 {
        history.now += 100;
        desk.write(&Plan::default(), |draft, _| {
            let entity = draft.create();
            draft.set(&entity, "title", "x", []);
        });
        history.net.borrow_mut().now = history.now;
        desk.meet(history.now, 0, Options::default());
    }
    let packs = |history: &History| -> Vec<String> {
        let net = history.net.borrow();
        let names = net.views[0].iter().filter(|it| it.0.contains("/pk-"));
        names.map(|it| it.0.clone()).collect()
    };
    history.now += 600;
    history.desks[0].meet(history.now, 0, Options::default());
    let small = packs(&history);
    let (largest, bytes) = {
        let net = history.net.borrow();
        let found = net.views[0].iter().filter(|it| it.0.contains("/pk-"));
        let largest = found.max_by_key(|it| it.1.bytes.len()).unwrap();
        (largest.0.clone(), largest.1.bytes.to_vec())
    };
    let cut: Rc<[u8]> = bytes[..bytes.len() / 2].into();
    history.now += 90_000;
    history.net.borrow_mut().set(0, &largest, Some(&cut), false);
    history.desks[0].meet(history.now, 0, Options::default());
    let left = packs(&history);
    small.iter().all(|name| left.contains(name))
}

#[test]
fn small_packs_stay_for_another_day_when_the_one_that_held_them_went_bad() {
    assert!(small_packs_stay());
    mutant::break_rule(Some(Mutant::FreshCovers));
    let stay = small_packs_stay();
    mutant::break_rule(None);
    assert!(!stay, "with the rule broken they go at once");
}
