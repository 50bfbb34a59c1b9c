//! Steps that each kept the rules, and together break one.

use super::{Alice, Bob, Pair, open};
use crate::workspace::look::why;

fn combined() -> Pair {
    let mut pair = Pair::new();
    pair.does(
        Alice,
        r#"{"do":"set","id":"T-1","fields":[["owner","Alice"]]}"#,
    );
    pair.does(
        Alice,
        r#"{"do":"ticket-start","id":"T-1","verifier":"Vera","testbed":null}"#,
    );
    pair.meet();
    pair.does(
        Alice,
        r#"{"do":"set","id":"T-1","fields":[["owner","Bob"]]}"#,
    );
    pair.does(
        Bob,
        r#"{"do":"set","id":"T-1","fields":[["verifier","Bob"]]}"#,
    );
    pair.meet();
    pair
}

#[test]
fn r79_one_person_is_not_named_release_manager_and_verifier() {
    let mut pair = Pair::new();
    pair.does(
        Alice,
        r#"{"do":"set","id":"T-1","fields":[["owner","Alice"]]}"#,
    );
    let start = r#"{"do":"ticket-start","id":"T-1","verifier":"Alice","testbed":null}"#;
    let said = pair.refused(Alice, start);
    assert!(
        said.contains("release manager and verifier of T-1"),
        "{said}"
    );
    let said = pair.refused(
        Alice,
        r#"{"do":"set","id":"T-1","fields":[["verifier","alice"]]}"#,
    );
    assert!(said.contains("Name two people"), "{said}");
}

#[test]
fn r79_two_assignments_made_apart_come_together_as_a_violation_that_blocks_the_gate() {
    let mut pair = combined();
    let row = pair.row("T-1");
    assert!(row.broken && row.held && !row.contested, "{row:?}");
    let conflict = pair.conflict("T-1");
    let broken = &conflict.violations[0];
    assert_eq!(broken.rule, "separation-of-duties");
    let by: Vec<&str> = broken.steps.iter().map(|it| it.by.as_str()).collect();
    assert_eq!(by, ["Alice", "Bob"]);
    let duty = open(&pair, "T-1")
        .into_iter()
        .find(|it| it.starts_with("Mend"));
    let duty = duty.expect("a line of its own");
    for step in &broken.steps {
        assert!(duty.contains(&step.commit), "{duty} names {}", step.commit);
    }
    let verify = r#"{"do":"ticket-verify","id":"T-1"}"#;
    let said = pair.refused(Alice, verify);
    assert!(said.contains("T-1 goes no further"), "{said}");
    let why = pair.look(|look| why::why(look, "T-1").unwrap());
    assert!(
        why.blockers[0].what.contains("Bob is its release manager"),
        "{why:?}"
    );
    // What holds it back is still open, and so is what mends it.
    pair.does(
        Bob,
        r#"{"do":"ticket-delay","id":"T-1","reason":"Two roles.","promise":null}"#,
    );
    pair.does(
        Bob,
        r#"{"do":"set","id":"T-1","fields":[["verifier","Vera"]]}"#,
    );
    pair.meet();
    assert!(!pair.row("T-1").broken);
}

#[test]
fn what_was_announced_twice_stands_once_and_both_are_named() {
    let mut pair = Pair::new();
    pair.does(
        Alice,
        r#"{"do":"site-add","name":"CNAF","country":"IT","contact":"c@example.org"}"#,
    );
    pair.does(
        Alice,
        r#"{"do":"ticket-start","id":"T-1","verifier":"Vera","testbed":null}"#,
    );
    let criteria: Vec<(String, String)> = pair
        .reader()
        .whole_profile()
        .unwrap()
        .criterion
        .iter()
        .map(|it| (it.id.clone(), "OK".to_owned()))
        .collect();
    let check = serde_json::json!({"do": "ticket-check", "id": "T-1", "results": criteria, "note": null, "link": null});
    pair.does(Alice, &check.to_string());
    pair.does(Alice, r#"{"do":"ticket-verify","id":"T-1"}"#);
    pair.meet();
    let announce = r#"{"do":"rollout","step":"announce","ticket":"T-1","sites":["CNAF"],"days":30,"told":true}"#;
    pair.does(Bob, announce);
    pair.wait(3);
    pair.does(Alice, announce);
    pair.meet();
    let row = pair.row("T-1");
    assert!(row.broken && !row.held && !row.contested, "{row:?}");
    assert_eq!(pair.value("T-1")["announced"], "2026-11-21T08:14:00Z");
    let conflict = pair.conflict("T-1");
    assert_eq!(conflict.violations[0].steps.len(), 2);
    pair.does(
        Alice,
        r#"{"do":"resolve","id":"T-1","field":"announced","how":"both","because":"They were told of it by telephone."}"#,
    );
    pair.meet();
    assert!(!pair.row("T-1").broken);
    assert_eq!(pair.value("T-1")["announced"], "2026-11-21T08:14:00Z");
}
