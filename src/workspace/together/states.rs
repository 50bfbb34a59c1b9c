//! Two managers move one record at once.

use super::{Alice, Bob, Pair, open};
use crate::workspace::look::why;

const START: &str = r#"{"do":"ticket-start","id":"T-1","verifier":"Vera","testbed":null}"#;
const WITHDRAW: &str = r#"{"do":"ticket-withdraw","id":"T-1","reason":"No more."}"#;

fn contested() -> Pair {
    let mut pair = Pair::new();
    pair.does(Alice, START);
    pair.wait(5);
    pair.does(Bob, WITHDRAW);
    pair.meet();
    pair
}

#[test]
fn of_two_states_the_most_cautious_stands_and_nothing_moves_until_it_is_settled() {
    let mut pair = contested();
    let row = pair.row("T-1");
    assert!(row.contested && row.state == "withdrawn", "{row:?}");
    for step in [
        r#"{"do":"ticket-check","id":"T-1","results":[["QC-1","OK"]],"note":null,"link":null}"#,
        r#"{"do":"ticket-delay","id":"T-1","reason":"R","promise":null}"#,
        r#"{"do":"rollout","step":"announce","ticket":"T-1","sites":[],"days":null,"told":false}"#,
        r#"{"do":"set","id":"T-1","fields":[["closing_reason","Other"]]}"#,
    ] {
        let Ok(_) = serde_json::from_str::<crate::workspace::action::Action>(step) else {
            continue;
        };
        if let Ok(receipt) = pair.tries(Alice, step) {
            assert!(step.contains("set"), "{receipt:?}");
        }
    }
    let said = pair.refused(
        Alice,
        r#"{"do":"ticket-delay","id":"T-1","reason":"R","promise":null}"#,
    );
    assert!(said.contains("T-1 is contested"), "{said}");
    assert!(said.contains("relmate resolve T-1"), "{said}");
}

#[test]
fn why_says_both_values_first_and_how_to_settle_them() {
    let pair = contested();
    let why = pair.look(|look| why::why(look, "T-1").unwrap());
    let first = &why.blockers[0].what;
    assert!(first.contains("verification (Alice"), "{first}");
    assert!(first.contains("withdrawn (Bob"), "{first}");
    assert_eq!(why.next[0].command, "relmate resolve T-1 state");
    assert!(open(&pair, "T-1").iter().any(|it| it.starts_with("Settle")));
    let counts = pair.reader().counts("2026-11-21".parse().unwrap());
    assert_eq!(counts.unwrap().conflicts, 1);
}

#[test]
fn the_conflict_says_who_when_what_both_replaced_and_what_each_had_seen() {
    let conflict = contested().conflict("T-1");
    let state = &conflict.fields[0];
    assert_eq!(
        (state.base_text.as_str(), state.shown.as_str()),
        ("unverified", "withdrawn")
    );
    let [alice, bob] = state.sides.as_slice() else {
        panic!("{state:?}");
    };
    assert_eq!(
        (alice.text.as_str(), bob.text.as_str()),
        ("verification", "withdrawn")
    );
    assert_eq!((bob.by.as_str(), bob.device.as_str()), ("Bob", "b"));
    assert_ne!(bob.seen[0].up_to.as_deref(), Some(alice.commit.as_str()));
    assert!(bob.seen[0].up_to.is_some(), "it knew what came before");
}

#[test]
fn two_who_move_it_to_the_same_state_have_settled_it_with_the_earlier_entry() {
    let mut pair = Pair::new();
    pair.does(Bob, START);
    pair.wait(5);
    pair.does(Alice, START);
    pair.meet();
    let row = pair.row("T-1");
    assert!(!row.contested, "{row:?}");
    assert_eq!(
        pair.value("T-1")["state"]["entered"],
        "2026-11-21T08:14:00Z"
    );
    pair.does(
        Alice,
        r#"{"do":"ticket-delay","id":"T-1","reason":"R","promise":null}"#,
    );
    pair.meet();
    assert_eq!(pair.row("T-1").state, "delayed");
}

#[test]
fn a_record_that_one_deletes_and_the_other_edits_stays_and_says_so() {
    let mut pair = Pair::new();
    pair.does(
        Alice,
        r#"{"do":"lesson-add","kind":"improve","text":"Ask early","about":null}"#,
    );
    pair.meet();
    pair.does(
        Alice,
        r#"{"do":"delete","id":"L-1","reason":"Said before."}"#,
    );
    pair.does(Bob, r#"{"do":"vote","id":"L-1"}"#);
    pair.meet();
    let row = pair.row("L-1");
    assert!(row.contested);
    let conflict = pair.conflict("L-1");
    let sides: Vec<(&str, &str)> = conflict.fields[0]
        .sides
        .iter()
        .map(|side| (side.by.as_str(), side.text.as_str()))
        .collect();
    assert_eq!(sides[0], ("Alice", "off the desk"));
    assert_eq!(sides[1].0, "Bob");
    assert!(sides[1].1.starts_with("stays, with"), "{sides:?}");
    pair.does(
        Alice,
        r#"{"do":"resolve","id":"L-1","how":"mine","because":"It is said elsewhere."}"#,
    );
    pair.meet();
    assert!(pair.reader().record(None, "L-1").unwrap().is_none());
}

#[test]
fn a_record_that_nobody_touched_meanwhile_goes_when_it_is_deleted() {
    let mut pair = Pair::new();
    pair.does(
        Alice,
        r#"{"do":"lesson-add","kind":"improve","text":"Ask early","about":null}"#,
    );
    pair.meet();
    pair.does(Bob, r#"{"do":"delete","id":"L-1","reason":null}"#);
    pair.does(Alice, r#"{"do":"delete","id":"L-1","reason":null}"#);
    pair.meet();
    assert!(pair.reader().record(None, "L-1").unwrap().is_none());
}

#[test]
fn a_contested_problem_keeps_its_ticket_where_it_is() {
    let mut pair = Pair::new();
    pair.does(
        Alice,
        r#"{"do":"problem","step":"file","product":"ARC","version":"7.0.3","ticket":"T-1","site":null,"channel_id":"1","text":"It fails."}"#,
    );
    pair.meet();
    pair.does(
        Alice,
        r#"{"do":"set","id":"P-1","fields":[["text","It fails at night."]]}"#,
    );
    pair.does(
        Bob,
        r#"{"do":"set","id":"P-1","fields":[["text","It fails at noon."]]}"#,
    );
    pair.meet();
    let said = pair.refused(Alice, START);
    assert!(
        said.contains("P-1 is contested, and T-1 waits for it"),
        "{said}"
    );
    let why = pair.look(|look| why::why(look, "T-1").unwrap());
    assert_eq!(why.next[0].command, "relmate resolve P-1");
}

#[test]
fn of_two_profiles_the_one_before_both_governs_and_the_gates_are_closed() {
    let mut pair = Pair::new();
    let before = pair.reader().profile_text().unwrap();
    for (who, days) in [(Alice, "31"), (Bob, "32")] {
        let text = format!("{before}\n# {days}\n");
        let step = serde_json::json!({"do": "profile", "text": text, "reason": "R"});
        pair.does(who, &step.to_string());
    }
    pair.meet();
    assert_eq!(pair.reader().profile_text().unwrap(), before);
    let said = pair.refused(Bob, START);
    assert!(said.contains("relmate resolve desk profile"), "{said}");
    pair.does(
        Bob,
        r#"{"do":"resolve","id":"desk","field":"all","how":"theirs","because":"R"}"#,
    );
    pair.meet();
    assert!(pair.reader().profile_text().unwrap().ends_with("# 31\n"));
    pair.does(Alice, START);
}
