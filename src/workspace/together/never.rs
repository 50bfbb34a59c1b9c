//! What somebody took back was never written: it disputes nothing, and hides nothing.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Alice, Bob, Pair, Who};
use crate::workspace::look::log;

const UNDO: &str = r#"{"do":"undo","target":null}"#;
const REDO: &str = r#"{"do":"redo","target":null}"#;
const START: &str = r#"{"do":"ticket-start","id":"T-1","verifier":"Vera","testbed":null}"#;
const DELAY: &str = r#"{"do":"ticket-delay","id":"T-1","reason":"R","promise":null}"#;
const WITHDRAW: &str = r#"{"do":"ticket-withdraw","id":"T-1","reason":"No more."}"#;
const MINE: &str = r#"{"do":"resolve","id":"T-1","how":"mine","because":"We spoke."}"#;

fn set(value: &str) -> String {
    json!({"do": "set", "id": "T-1", "fields": [["testbed", value]]}).to_string()
}

fn does(pair: &mut Pair, who: Who, steps: &[&str]) {
    for step in steps {
        pair.does(who, step);
    }
}

/// The test bed of T-1, or all of them where that is in dispute.
fn stands(pair: &Pair) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    if !pair.row("T-1").contested {
        return vec![text(&pair.value("T-1")["testbed"])];
    }
    let conflict = pair.conflict("T-1");
    let sides = conflict.fields[0].sides.iter();
    let mut sides: Vec<String> = sides.map(|it| text(&it.value)).collect();
    sides.sort_unstable();
    sides
}

/// Both began with "old" and wrote apart.
fn apart(alice: &[&str], bob: &[&str]) -> Pair {
    let mut pair = Pair::new();
    pair.does(Bob, &set("old"));
    pair.meet();
    does(&mut pair, Alice, alice);
    does(&mut pair, Bob, bob);
    pair.meet();
    pair
}

#[test]
fn what_was_taken_back_before_the_two_met_disputes_nothing() {
    let pair = apart(&[&set("mine")], &[&set("theirs"), UNDO]);
    assert_eq!(stands(&pair), ["mine"]);
    // The state as well.
    let mut pair = Pair::new();
    pair.does(Alice, START);
    does(&mut pair, Bob, &[WITHDRAW, UNDO]);
    pair.meet();
    let row = pair.row("T-1");
    assert!(!row.contested && row.state == "verification", "{row:?}");
}

#[test]
fn a_slip_that_was_taken_back_before_the_two_met_leaves_the_day_of_the_other() {
    let mut pair = Pair::new();
    let cycle = r#"{"do":"cycle-add","name":"1.4","start":"2026-11-02","release":null,"template":"meta-release"}"#;
    pair.does(Alice, cycle);
    pair.meet();
    let slip = |day: &str| {
        json!({"do": "milestone-move", "id": "M-3", "to": day, "reason": "Late."}).to_string()
    };
    pair.does(Alice, &slip("2027-01-18"));
    does(&mut pair, Bob, &[&slip("2027-01-25"), UNDO]);
    pair.meet();
    assert!(!pair.row("M-3").contested, "{:?}", pair.conflict("M-3"));
    assert_eq!(pair.value("M-3")["current"], "2027-01-18");
}

#[test]
fn what_was_done_again_after_the_two_met_is_a_dispute_again() {
    let mut pair = apart(&[&set("mine"), UNDO], &[&set("theirs")]);
    assert_eq!(stands(&pair), ["theirs"]);
    pair.does(Alice, REDO);
    pair.meet();
    assert_eq!(stands(&pair), ["mine", "theirs"]);
}

#[test]
fn who_takes_the_later_of_two_steps_back_still_stands_for_the_first() {
    let mut pair = apart(&[&set("one"), &set("two")], &[&set("theirs")]);
    pair.does(Alice, UNDO);
    pair.meet();
    assert_eq!(stands(&pair), ["one", "theirs"]);
    let mut pair = apart(&[&set(""), &set("two")], &[&set("theirs")]);
    pair.does(Alice, UNDO);
    pair.meet();
    assert_eq!(stands(&pair), ["", "theirs"]);
    pair.does(Bob, UNDO);
    pair.meet();
    assert_eq!(stands(&pair), [""], "Alice emptied it");
}

#[test]
fn a_state_that_nobody_took_back_keeps_the_gate_closed() {
    let mut pair = Pair::new();
    does(&mut pair, Alice, &[START, DELAY]);
    pair.does(Bob, WITHDRAW);
    pair.meet();
    pair.does(Alice, UNDO);
    pair.meet();
    let conflict = pair.conflict("T-1");
    let mut sides: Vec<_> = conflict.fields[0].sides.iter().map(|it| &it.text).collect();
    sides.sort_unstable();
    assert_eq!(sides, ["verification", "withdrawn"], "her start stands");
}

#[test]
fn who_takes_a_settlement_back_and_then_their_own_side_leaves_the_other_side() {
    for (who, left) in [(Alice, "y"), (Bob, "x")] {
        let mut pair = apart(&[&set("x")], &[&set("y")]);
        does(&mut pair, Bob, &[MINE, UNDO]);
        pair.meet();
        assert_eq!(stands(&pair), ["x", "y"]);
        pair.does(who, UNDO);
        pair.meet();
        assert_eq!(stands(&pair), [left]);
    }
}

#[test]
fn a_step_that_both_took_back_and_one_did_again_disputes_what_was_written_apart() {
    let mut pair = apart(&[&set("new")], &[]);
    for who in [Alice, Bob] {
        pair.does(who, r#"{"do":"undo","target":"T-1"}"#);
    }
    pair.meet();
    assert_eq!(stands(&pair), ["old"]);
    pair.does(Alice, r#"{"do":"redo","target":"T-1"}"#);
    pair.does(Bob, &set("theirs"));
    pair.meet();
    assert_eq!(stands(&pair), ["new", "theirs"]);
}

#[test]
fn two_levels_of_what_both_wrote_are_taken_back_one_after_the_other() {
    let mut pair = apart(&[&set("same")], &[&set("same")]);
    pair.does(Alice, UNDO);
    pair.meet();
    for [alice, bob] in [["twice", "twice"], ["one", "other"]] {
        pair.does(Alice, &set(alice));
        pair.does(Bob, &set(bob));
        pair.meet();
        for who in [Alice, Bob] {
            pair.does(who, UNDO);
        }
        pair.meet();
        assert_eq!(stands(&pair), ["same"], "{alice}");
    }
    pair.does(Bob, UNDO);
    pair.meet();
    assert_eq!(stands(&pair), ["old"]);
    // And the desk is one to work at.
    pair.does(Bob, &set("new"));
    pair.meet();
    assert_eq!(stands(&pair), ["new"]);
}

#[test]
fn a_settlement_and_an_undo_of_it_change_nothing_that_follows() {
    let settled = |more: &[&str]| {
        let mut pair = apart(&[&set("x")], &[&set("y")]);
        for who in [Alice, Bob] {
            pair.does(who, MINE);
        }
        pair.meet();
        let lines = pair.look(|look| log::log(look, &log::Asked::default()).unwrap());
        let first = lines
            .iter()
            .find(|it| it.by == "Alice" && it.action == "resolve");
        let undo = json!({"do": "undo", "target": first.unwrap().commit}).to_string();
        does(&mut pair, Alice, more);
        pair.does(Alice, &undo);
        pair.meet();
        stands(&pair)
    };
    assert_eq!(settled(&[]), ["y"], "Bob settled it for that");
    assert_eq!(settled(&[MINE, UNDO]), ["y"]);
}

#[test]
fn what_was_taken_back_is_not_told_as_what_stood_before() {
    let mut pair = apart(&[&set("x")], &[&set("y")]);
    pair.does(Alice, UNDO);
    pair.meet();
    pair.does(Alice, &set("z"));
    let lines = pair.look(|look| log::log(look, &log::Asked::default()).unwrap());
    let told: Vec<String> = lines[0].changes.iter().map(log::change).collect();
    assert_eq!(told, ["T-1 testbed: y → z"]);
    pair.does(Bob, &set("w"));
    pair.meet();
    assert_eq!(pair.conflict("T-1").fields[0].base_text, "y");
}

#[test]
fn who_takes_back_what_stands_all_the_same_is_told_whose_it_is() {
    let mut pair = apart(&[&set("same")], &[&set("same")]);
    let said = pair.does(Alice, UNDO).said;
    assert_eq!(said[1], "T-1 keeps same (testbed): Bob wrote it as well.");
    let mut pair = apart(&[&set("x")], &[&set("y")]);
    let said = pair.does(Alice, UNDO).said;
    assert_eq!(said[1], "T-1 keeps y (testbed): Bob wrote it.");
}

/// Steps of a small queue; many are refused in some orders.
fn any_step() -> impl Strategy<Value = String> {
    let id = prop::sample::select(vec!["T-1", "T-2", "S-1", "X-1", "L-1"]);
    (id, 0..12_u8).prop_map(|(id, what)| {
        let step = match what {
            0 => json!({"do": "claim", "id": id, "drop": false}),
            1 => json!({"do": "ticket-start", "id": id, "verifier": "Vera", "testbed": "bed 4"}),
            2 => json!({"do": "ticket-delay", "id": id, "reason": "R", "promise": null}),
            3 => json!({"do": "ticket-withdraw", "id": id, "reason": "R"}),
            4 => json!({"do": "set", "id": id, "fields": [["testbed", "oslo"]]}),
            5 => json!({"do": "set", "id": id, "fields": [["owner", "Bob"]]}),
            6 => json!({"do": "delete", "id": id, "reason": null}),
            7 => json!({"do": "lesson-add", "kind": "improve", "text": "Ask", "about": null}),
            8 => json!({"do": "vote", "id": id}),
            9 => json!({"do": "later", "id": id, "until": "2026-12-01"}),
            10 => json!({"do": "outbox-sent", "id": id}),
            _ => json!({"do": "ticket-reject", "id": id, "reason": "R"}),
        };
        step.to_string()
    })
}

/// Every record that is on the desk, and whether it is in dispute.
fn shown(pair: &Pair) -> BTreeMap<String, (bool, Value)> {
    let mut shown = BTreeMap::new();
    for row in crate::domain::kind::KINDS {
        for record in pair.reader().all(row.kind).unwrap() {
            let value = record.value();
            shown.insert(record.id.clone(), (record.contested, value));
        }
    }
    shown
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 24,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn whatever_was_done_and_taken_back_apart_changes_nothing_that_the_other_did(
        before in prop::collection::vec(any_step(), 0..3),
        alice in prop::collection::vec(any_step(), 1..4),
        bob in prop::collection::vec(any_step(), 1..4),
        knowing in any::<bool>(),
    ) {
        // Of two who took one record off either brings it back.
        let both = |step: &&String| step.contains("delete") && bob.contains(step);
        prop_assume!(!(knowing && alice.iter().any(|step| both(&step))));
        let mut worlds = [Pair::new(), Pair::new()];
        for (with, pair) in [true, false].into_iter().zip(&mut worlds) {
            for step in &before {
                pair.tries(Alice, step).ok();
            }
            pair.meet();
            let mut done = 0;
            for step in alice.iter().filter(|_| with) {
                done += usize::from(pair.tries(Alice, step).is_ok_and(|it| it.commit.is_some()));
            }
            if !knowing {
                for _ in 0..done {
                    pair.does(Alice, UNDO);
                }
            }
            for step in &bob {
                pair.tries(Bob, step).ok();
            }
            pair.meet();
            if knowing {
                for _ in 0..done {
                    prop_assume!(pair.tries(Alice, UNDO).is_ok());
                }
                pair.meet();
            }
        }
        let (mut with, mut without) = (shown(&worlds[0]), shown(&worlds[1]));
        let same: Vec<String> = with.keys().filter(|id| with.get(*id) == without.get(*id)).cloned().collect();
        for id in same {
            with.remove(&id);
            without.remove(&id);
        }
        prop_assert_eq!(with, without);
    }
}
