//! Undo across two managers.

use super::{Alice, Bob, Pair};
use crate::domain::kind::Kind;
use crate::workspace::act::undo::id_of;
use crate::workspace::look::log;

const CLAIM: &str = r#"{"do":"claim","id":"T-1","drop":false}"#;
const UNDO: &str = r#"{"do":"undo","target":"T-1"}"#;

#[test]
fn undoing_the_others_step_names_them() {
    let mut pair = Pair::new();
    pair.does(Alice, CLAIM);
    pair.meet();
    let said = pair.does(Bob, UNDO).said;
    assert!(
        said[0].starts_with("Taken back: Alice's `claim` of T-1"),
        "{said:?}"
    );
    pair.meet();
    assert!(pair.value("T-1")["claimed_by"].is_null());
}

#[test]
fn two_who_take_one_step_back_have_taken_it_back_once() {
    let mut pair = Pair::new();
    pair.does(Alice, CLAIM);
    pair.meet();
    pair.does(Alice, UNDO);
    pair.does(Bob, UNDO);
    pair.meet();
    let row = pair.row("T-1");
    assert!(
        !row.contested && row.value()["claimed_by"].is_null(),
        "{row:?}"
    );
    // And it may be done again.
    pair.does(Bob, r#"{"do":"redo","target":"T-1"}"#);
    pair.meet();
    assert!(!pair.row("T-1").contested);
}

#[test]
fn what_the_other_changed_later_is_not_taken_back_under_them() {
    let mut pair = Pair::new();
    pair.does(Alice, r#"{"do":"later","id":"T-1","until":"2026-12-01"}"#);
    let step = pair.reader().recent(0, 1).unwrap()[0]
        .applied
        .hash
        .to_string();
    pair.meet();
    pair.does(Bob, r#"{"do":"later","id":"T-1","until":"2026-12-05"}"#);
    pair.meet();
    let undo = format!(r#"{{"do":"undo","target":"{}"}}"#, &step[..10]);
    let said = pair.refused(Alice, &undo);
    assert!(said.contains("T-1 changed after it (later)"), "{said}");
    assert!(
        said.contains("Bob"),
        "it says whose the later change is: {said}"
    );
}

#[test]
fn a_record_that_was_taken_off_the_desk_is_named_by_its_id_where_a_step_cannot_be_taken_back() {
    let mut pair = Pair::new();
    pair.does(
        Alice,
        r#"{"do":"lesson-add","kind":"improve","text":"Ask early","about":null}"#,
    );
    let (_, entity) = pair.reader().entity(Kind::Lesson, "L-1").unwrap().unwrap();
    pair.does(Alice, r#"{"do":"delete","id":"L-1","reason":null}"#);
    assert_eq!(pair.reader().shown_id(&entity).unwrap(), None);
    assert_eq!(id_of(&pair.reader(), &entity), "L-1");
}

#[test]
fn a_record_that_one_takes_back_and_the_other_edits_stays() {
    let mut pair = Pair::new();
    pair.does(
        Alice,
        r#"{"do":"lesson-add","kind":"improve","text":"Ask early","about":null}"#,
    );
    pair.meet();
    pair.does(Alice, r#"{"do":"undo","target":"L-1"}"#);
    pair.does(
        Bob,
        r#"{"do":"set","id":"L-1","fields":[["text","Ask twice"]]}"#,
    );
    pair.meet();
    let row = pair.row("L-1");
    assert!(row.contested);
    assert_eq!(row.value()["text"], "Ask twice");
    pair.does(
        Bob,
        r#"{"do":"resolve","id":"L-1","how":"mine","because":"It is new."}"#,
    );
    pair.meet();
    assert!(!pair.row("L-1").contested);
}

#[test]
fn the_history_names_what_is_off_the_desk_and_says_where_it_went() {
    let mut pair = Pair::new();
    pair.does(
        Bob,
        r#"{"do":"lesson-add","kind":"improve","text":"Ask early","about":null}"#,
    );
    pair.meet();
    let step = pair.look(|look| log::log(look, &log::Asked::default()).unwrap());
    let lesson = step.iter().find(|it| it.action == "lesson").unwrap();
    let undo = serde_json::json!({"do": "undo", "target": lesson.commit});
    pair.does(Alice, &undo.to_string());
    let lines = pair.look(|look| log::log(look, &log::Asked::default()).unwrap());
    let undo = lines.iter().find(|it| it.action == "undo").unwrap();
    let told: Vec<String> = undo
        .changes
        .iter()
        .map(|it| {
            let (from, to) = (
                log::short(&it.field, &it.from),
                log::short(&it.field, &it.to),
            );
            format!("{} {}: {from} -> {to}", it.id, it.field)
        })
        .collect();
    assert_eq!(told, ["L-1b deleted: on the desk -> off the desk"]);
}

const LESSON: &str = r#"{"do":"lesson-add","kind":"improve","text":"Ask early","about":null}"#;
const DELETE: &str = r#"{"do":"delete","id":"L-1","reason":null}"#;
const BRING_BACK: &str = r#"{"do":"undo","target":"L-1"}"#;

/// Both took one record off the desk, apart, after Alice had done this and that with it.
fn taken_off_twice(before: &[&str]) -> Pair {
    let mut pair = Pair::new();
    pair.does(Alice, LESSON);
    for step in before {
        pair.does(Alice, step);
    }
    pair.meet();
    pair.does(Alice, DELETE);
    pair.does(Bob, DELETE);
    pair.meet();
    pair
}

#[test]
fn a_record_that_both_took_off_apart_comes_back_with_one_undo_of_either() {
    for who in [Alice, Bob] {
        let mut pair = taken_off_twice(&[]);
        pair.does(who, BRING_BACK);
        pair.meet();
        let row = pair.row("L-1");
        assert!(!row.contested, "{row:?}");
        // Taken off again by who brought it back, it is off; and comes back again.
        pair.does(who, r#"{"do":"redo","target":"L-1"}"#);
        pair.meet();
        assert!(pair.reader().off_desk("L-1").unwrap().is_some());
        pair.does(who, BRING_BACK);
        pair.meet();
        assert!(!pair.row("L-1").contested);
    }
}

#[test]
fn what_both_took_off_is_back_and_the_next_undo_goes_on_before_that() {
    let mut pair = taken_off_twice(&[r#"{"do":"vote","id":"L-1"}"#]);
    let said = pair.does(Bob, BRING_BACK).said;
    assert!(said[1].contains("L-1 is on the desk again"), "{said:?}");
    pair.meet();
    let lines = pair.look(|look| log::log(look, &log::Asked::default()).unwrap());
    let mut deletions = lines.iter().filter(|it| it.action == "delete");
    assert!(deletions.all(|it| it.undone), "{lines:?}");
    let said = pair.does(Bob, BRING_BACK).said;
    assert!(said[0].contains("`vote` of L-1"), "{said:?}");
}

#[test]
fn a_record_that_both_took_off_and_both_bring_back_apart_is_back_and_in_no_dispute() {
    let mut pair = taken_off_twice(&[]);
    pair.does(Alice, BRING_BACK);
    pair.does(Bob, BRING_BACK);
    pair.meet();
    assert!(!pair.row("L-1").contested);
}

#[test]
fn a_record_that_came_back_once_before_comes_back_with_one_undo_as_well() {
    let mut pair = taken_off_twice(&[DELETE, BRING_BACK]);
    pair.does(Bob, BRING_BACK);
    pair.meet();
    assert!(!pair.row("L-1").contested);
}

#[test]
fn who_takes_off_again_what_both_brought_back_apart_has_it_off_the_desk() {
    let mut pair = taken_off_twice(&[]);
    pair.does(Alice, BRING_BACK);
    pair.does(Bob, BRING_BACK);
    pair.meet();
    pair.does(Alice, r#"{"do":"redo","target":"L-1"}"#);
    pair.meet();
    assert!(pair.reader().off_desk("L-1").unwrap().is_some());
    pair.does(Bob, BRING_BACK);
    pair.meet();
    assert!(!pair.row("L-1").contested);
}

#[test]
fn a_record_that_one_took_off_while_the_other_took_back_what_made_it_comes_back_whole() {
    for action in ["delete", "undo"] {
        let mut pair = Pair::new();
        pair.does(Alice, LESSON);
        pair.meet();
        pair.does(Alice, BRING_BACK);
        pair.does(Bob, DELETE);
        pair.meet();
        let lines = pair.look(|look| log::log(look, &log::Asked::default()).unwrap());
        let step = lines.iter().find(|it| it.action == action).unwrap();
        let undo = serde_json::json!({"do": "undo", "target": step.commit});
        let redo = serde_json::json!({"do": "redo", "target": "L-1"});
        let back = if action == "delete" { undo } else { redo };
        pair.does(Bob, &back.to_string());
        pair.meet();
        let row = pair.row("L-1");
        assert!(!row.contested, "{row:?}");
        assert_eq!(row.value()["text"], "Ask early");
    }
}

/// Both wrote apart, and each takes their own back, knowing of the other's undo or not.
#[track_caller]
fn both_take_back(make: &dyn Fn() -> Pair, ids: &[&str], steps: [&str; 2]) {
    for apart in [false, true] {
        let mut pair = make();
        let before: Vec<_> = ids.iter().map(|id| pair.value(id)).collect();
        pair.does(Alice, steps[0]);
        pair.does(Bob, steps[1]);
        pair.meet();
        for who in [Alice, Bob] {
            pair.does(who, r#"{"do":"undo","target":null}"#);
            if !apart {
                pair.meet();
            }
        }
        pair.meet();
        for (id, before) in ids.iter().zip(before) {
            assert!(!pair.row(id).contested, "{id}: {:?}", pair.conflict(id));
            assert_eq!(pair.value(id), before, "{steps:?}, apart: {apart}");
        }
    }
}

#[test]
fn what_both_wrote_and_each_takes_back_is_as_it_was_before_either() {
    let later = |day: &str| format!(r#"{{"do":"later","id":"T-1","until":"2026-12-{day}"}}"#);
    both_take_back(&Pair::new, &["T-1"], [&later("01"), &later("01")]);
    both_take_back(&Pair::new, &["T-1"], [&later("01"), &later("05")]);
    both_take_back(&Pair::new, &["T-1"], [CLAIM, &later("05")]);
    both_take_back(&Pair::new, &["T-1"], [CLAIM, CLAIM]);
    let after = || {
        let mut pair = Pair::new();
        pair.does(Bob, &later("09"));
        pair.meet();
        pair
    };
    both_take_back(&after, &["T-1"], [&later("01"), &later("01")]);
    let moved = |day: &str| {
        format!(r#"{{"do":"milestone-move","id":"M-3","to":"2027-01-{day}","reason":"Late."}}"#)
    };
    for days in [["18", "18"], ["18", "25"]] {
        let planned = || {
            let mut pair = Pair::new();
            pair.does(
                Alice,
                r#"{"do":"cycle-add","name":"1.4","start":"2026-11-02","release":null,"template":"meta-release"}"#,
            );
            pair.meet();
            pair
        };
        both_take_back(
            &planned,
            &["M-3", "M-4", "M-5"],
            [&moved(days[0]), &moved(days[1])],
        );
    }
}

#[test]
fn what_both_wrote_and_one_takes_back_stays_until_that_one_does_it_again() {
    let mut pair = Pair::new();
    for who in [Alice, Bob] {
        pair.does(who, r#"{"do":"later","id":"T-1","until":"2026-12-01"}"#);
    }
    pair.meet();
    let said = pair.does(Alice, r#"{"do":"undo","target":null}"#).said;
    assert_eq!(
        said[1],
        "T-1 keeps 2026-12-01 (later): Bob wrote it as well."
    );
    pair.meet();
    assert_eq!(pair.value("T-1")["later"], "2026-12-01", "Bob said so too");
    let lines = pair.look(|look| log::log(look, &log::Asked::default()).unwrap());
    let undo = lines.iter().find(|it| it.action == "undo").unwrap();
    assert_eq!(
        log::change(&undo.changes[0]),
        "T-1 later: 2026-12-01 (as before)"
    );
    pair.does(Bob, r#"{"do":"undo","target":null}"#);
    pair.meet();
    assert!(pair.value("T-1")["later"].is_null());
    pair.does(Bob, r#"{"do":"redo","target":null}"#);
    pair.meet();
    assert_eq!(pair.value("T-1")["later"], "2026-12-01");
    assert!(!pair.row("T-1").contested);
}
