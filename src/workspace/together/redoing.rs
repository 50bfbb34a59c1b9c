//! What was taken back and done again, by one or both, and what is said of it.

use serde_json::json;

use super::{Alice, Bob, Pair, Who};
use crate::domain::kind::Kind;
use crate::store::{Moment, Reader};
use crate::workspace::action::is_timeless;
use crate::workspace::look::log::{self, LogLine};

const UNDO: &str = r#"{"do":"undo","target":null}"#;
const REDO: &str = r#"{"do":"redo","target":null}"#;
const LESSON: &str = r#"{"do":"lesson-add","kind":"improve","text":"Ask early","about":null}"#;
const SITE: &str = r#"{"do":"site-add","name":"CNAF","country":"IT","contact":"c@example.org"}"#;
const DELAY: &str = r#"{"do":"ticket-delay","id":"T-1","reason":"R","promise":null}"#;

fn set(id: &str, field: &str, value: &str) -> String {
    json!({"do": "set", "id": id, "fields": [[field, value]]}).to_string()
}

fn bed(value: &str) -> String {
    set("T-1", "testbed", value)
}

fn of(what: &str, target: &str) -> String {
    json!({"do": what, "target": target}).to_string()
}

fn lines(pair: &Pair) -> Vec<LogLine> {
    pair.look(|look| log::log(look, &log::Asked::default()).unwrap())
}

/// The changes of the step that came last.
fn told(pair: &mut Pair) -> Vec<String> {
    pair.meet();
    lines(pair)[0].changes.iter().map(log::change).collect()
}

fn stands(pair: &Pair) -> String {
    let row = pair.row("T-1");
    assert!(!row.contested, "{:?}", pair.conflict("T-1"));
    row.value()["testbed"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

fn step(pair: &Pair, who: &str, action: &str) -> String {
    let lines = lines(pair);
    let step = lines.iter().find(|it| it.by == who && it.action == action);
    step.unwrap().commit.clone()
}

#[test]
fn what_was_made_again_and_changed_since_is_not_taken_off_under_who_changed_it() {
    let mut pair = Pair::new();
    for step in [LESSON, UNDO, REDO] {
        pair.does(Alice, step);
    }
    pair.meet();
    pair.does(Bob, &set("L-1", "text", "Other"));
    pair.meet();
    let lesson = step(&pair, "Alice", "lesson");
    let said = pair.refused(Alice, &of("undo", &lesson));
    assert!(said.contains("L-1 changed after it (text)"), "{said}");
    pair.does(Bob, UNDO);
    pair.meet();
    pair.does(Alice, &of("undo", &lesson));
    pair.meet();
    assert!(pair.reader().off_desk("L-1").unwrap().is_some());
    pair.does(Alice, REDO);
    pair.meet();
    assert!(!pair.row("L-1").contested);
}

#[test]
fn who_takes_a_record_off_again_takes_off_what_was_changed_on_it_since() {
    let mut pair = Pair::new();
    for step in [LESSON, r#"{"do":"delete","id":"L-1","reason":null}"#, UNDO] {
        pair.does(Alice, step);
    }
    pair.meet();
    pair.does(Bob, &set("L-1", "text", "Other"));
    pair.meet();
    pair.does(Alice, &of("redo", "L-1"));
    pair.meet();
    assert!(pair.reader().off_desk("L-1").unwrap().is_some());
    pair.does(Bob, &of("undo", "L-1"));
    pair.meet();
    assert_eq!(pair.value("L-1")["text"], "Other");
}

#[test]
fn what_somebody_replaced_apart_is_not_done_again_beneath_it() {
    let mut pair = Pair::new();
    pair.does(Bob, &bed("one"));
    pair.meet();
    pair.does(Bob, UNDO);
    pair.does(Alice, &bed("two"));
    pair.meet();
    assert_eq!(stands(&pair), "two");
    let said = pair.refused(Bob, REDO);
    assert!(said.contains("Alice's later change"), "{said}");
    pair.does(Alice, UNDO);
    assert_eq!(told(&mut pair), ["T-1 testbed: two → (nothing)"]);
    pair.does(Bob, REDO);
    pair.meet();
    assert_eq!(stands(&pair), "one");
}

#[test]
fn what_both_took_back_is_done_again_once() {
    let mut pair = Pair::new();
    pair.does(Alice, &bed("new"));
    pair.meet();
    for who in [Alice, Bob] {
        pair.does(who, &of("undo", "T-1"));
    }
    pair.meet();
    pair.does(Alice, &of("redo", "T-1"));
    assert_eq!(told(&mut pair), ["T-1 testbed: new"]);
    for who in [Alice, Bob] {
        let said = pair.tries(who, &of("redo", "T-1")).unwrap_err().message;
        assert!(said.contains("no change to do again"), "{said}");
    }
    pair.does(Bob, &of("undo", "T-1"));
    assert_eq!(told(&mut pair), ["T-1 testbed: new → (nothing)"]);
}

#[test]
fn the_history_says_taken_back_of_what_does_not_stand_whoever_did_it_again() {
    let mut pair = Pair::new();
    pair.does(Alice, &bed("new"));
    pair.meet();
    for step in [UNDO, REDO] {
        pair.does(Alice, step);
    }
    pair.does(Bob, &of("undo", "T-1"));
    pair.meet();
    assert_eq!(stands(&pair), "");
    let lines = lines(&pair);
    let made = lines.iter().find(|it| it.action == "set").unwrap();
    assert!(made.undone, "{lines:?}");
    pair.does(Bob, &of("redo", "T-1"));
    pair.meet();
    assert_eq!(stands(&pair), "new");
}

#[test]
fn a_step_that_was_never_taken_back_is_not_done_again() {
    let mut pair = Pair::new();
    pair.does(Alice, &bed("new"));
    let made = step(&pair, "Alice", "set");
    let said = pair.refused(Alice, &of("redo", &made));
    assert!(said.contains("has not been taken back"), "{said}");
    pair.does(Alice, UNDO);
    pair.does(Alice, &of("redo", &made));
    pair.meet();
    assert_eq!(stands(&pair), "new");
}

#[test]
fn what_both_made_and_both_took_back_is_done_again_by_either() {
    for who in [Alice, Bob] {
        let mut pair = Pair::new();
        for who in [Alice, Bob] {
            pair.does(who, DELAY);
        }
        pair.meet();
        for who in [Alice, Bob] {
            pair.does(who, UNDO);
            pair.meet();
        }
        assert_eq!(pair.row("T-1").state, "unverified");
        pair.does(who, REDO);
        pair.meet();
        assert_eq!(pair.row("T-1").state, "delayed");
        pair.does(who, UNDO);
        pair.meet();
        assert_eq!(pair.row("T-1").state, "unverified");
    }
}

#[test]
fn a_record_that_came_to_life_again_is_as_it_was_when_that_is_taken_back() {
    let site = |country: &str| {
        json!({"do": "site-add", "name": "CNAF", "country": country, "contact": "c@example.org"})
            .to_string()
    };
    let mut pair = Pair::new();
    let delete = r#"{"do":"delete","id":"CNAF","reason":null}"#;
    for step in [&site("IT"), delete, &site("FR"), UNDO] {
        pair.does(Alice, step);
    }
    pair.meet();
    let taken_off = step(&pair, "Alice", "delete");
    let said = pair.does(Alice, &of("undo", &taken_off)).said;
    assert_eq!(said[1], "CNAF is on the desk again.");
    pair.meet();
    assert_eq!(pair.value("CNAF")["country"], "IT");
}

#[test]
fn what_is_said_of_an_undo_is_what_stands_then() {
    let mut pair = Pair::new();
    for (who, value) in [(Alice, "x"), (Bob, "y")] {
        pair.does(who, &bed(value));
    }
    pair.meet();
    pair.does(Alice, UNDO);
    assert_eq!(
        told(&mut pair),
        ["T-1 testbed: x and y → y"].map(reorder(&pair))
    );
    let mut pair = Pair::new();
    for who in [Alice, Bob] {
        pair.does(who, &bed("same"));
    }
    pair.meet();
    pair.does(Alice, UNDO);
    assert_eq!(told(&mut pair), ["T-1 testbed: same (as before)"]);
}

/// Of two that were written at once either may be told first.
fn reorder(pair: &Pair) -> impl Fn(&'static str) -> &'static str {
    let first = lines(pair)[0].changes[0].from == "x";
    move |text| {
        if first {
            text
        } else {
            "T-1 testbed: y and x → y"
        }
    }
}

#[test]
fn a_record_that_another_made_as_well_stays_and_it_is_said() {
    let mut pair = Pair::new();
    for who in [Alice, Bob] {
        pair.does(who, SITE);
    }
    pair.meet();
    let said = pair.does(Alice, UNDO).said;
    assert_eq!(said[1], "CNAF stays on the desk: Bob made it as well.");
    pair.meet();
    let said = pair.does(Bob, UNDO).said;
    assert_eq!(said.len(), 1, "{said:?}");
    pair.meet();
    assert!(super::conflicts::row(&pair.reader(), "CNAF").is_err());
}

#[test]
fn who_takes_a_step_back_that_was_done_again_is_told_what_stays() {
    let mut pair = Pair::new();
    for step in [&bed("mine"), UNDO, REDO] {
        pair.does(Alice, step);
    }
    pair.does(Bob, &bed("theirs"));
    pair.meet();
    let said = pair.does(Alice, UNDO).said;
    assert_eq!(said[1], "T-1 keeps theirs (testbed): Bob wrote it.");
    pair.meet();
    assert_eq!(stands(&pair), "theirs");
}

#[test]
fn a_step_is_taken_back_and_done_again_by_turns_and_means_the_same_each_time() {
    let mut pair = Pair::new();
    pair.does(Alice, &bed("new"));
    pair.meet();
    let turns: [Who; 6] = [Alice, Bob, Bob, Alice, Alice, Bob];
    for (turn, who) in turns.into_iter().enumerate() {
        let what = if turn % 2 == 0 { "undo" } else { "redo" };
        pair.does(who, &of(what, "T-1"));
        pair.meet();
        assert_eq!(
            stands(&pair),
            if turn % 2 == 0 { "" } else { "new" },
            "{turn}"
        );
    }
}

#[test]
fn what_both_took_back_and_one_did_again_is_on_the_desk_as_it_was() {
    let mut pair = Pair::new();
    pair.does(Alice, SITE);
    pair.meet();
    for who in [Alice, Bob] {
        pair.does(who, &of("undo", "CNAF"));
    }
    pair.meet();
    let before = |pair: &Pair| {
        let moment = Moment {
            happened_by: Some(pair.0.alice.now.timestamp() - 86_400),
            timeless: Some(is_timeless),
            ..Moment::default()
        };
        let mut there = false;
        let look = &mut |reader: &Reader<'_>| {
            there = reader.record(Some(Kind::Site), "CNAF")?.is_some();
            Ok(())
        };
        pair.reader().past(moment, None, look).unwrap();
        there
    };
    assert!(!before(&pair));
    pair.does(Alice, REDO);
    pair.meet();
    assert!(before(&pair));
}
