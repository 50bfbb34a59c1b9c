//! Steps that each kept the rules, and together break one.

use super::{Alice, Bob, Pair, open};
use crate::domain::attention::DutyCode;
use crate::workspace::look::board::rows::Key;
use crate::workspace::look::steps::{settling, steps};
use crate::workspace::look::{conflicts, why};

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
    let (deed, values) = pair.look(|look| {
        let row = conflicts::row(look.reader, "T-1").unwrap();
        let key = Key {
            kind: row.kind,
            id: row.id.clone(),
        };
        let (deed, _, values) = settling(look, &key, DutyCode::Mend).unwrap();
        let steps = steps(look, &row).unwrap();
        assert!(steps[0].deed.name == "set" && steps[0].settles);
        (deed.name, values)
    });
    assert_eq!(deed, "set", "its form is what mends it");
    assert_eq!(values.many("fields"), ["verifier=Bob"]);
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
    let mut pair = Pair::on_trial();
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

/// T-1 in verification by Vera, every criterion passed, and both know of it.
fn passing() -> (Pair, String) {
    let mut pair = Pair::new();
    pair.does(
        Alice,
        r#"{"do":"ticket-start","id":"T-1","verifier":"Vera","testbed":null}"#,
    );
    pair.passes("T-1");
    pair.meet();
    let criteria = pair.reader().whole_profile().unwrap().criterion;
    let critical = criteria.into_iter().find(|it| it.critical).unwrap();
    (pair, critical.id)
}

#[test]
fn a_verifier_of_the_products_own_team_named_apart_from_that_is_a_violation() {
    let mut pair = Pair::new();
    pair.does(
        Alice,
        r#"{"do":"ticket-start","id":"T-1","verifier":"Vera","testbed":null}"#,
    );
    pair.does(
        Bob,
        r#"{"do":"set","id":"T-1","fields":[["provider","institute"]]}"#,
    );
    pair.meet();
    let row = pair.row("T-1");
    assert!(row.broken && row.held && !row.contested, "{row:?}");
    let broken = &pair.conflict("T-1").violations[0];
    assert_eq!(broken.rule, "own-team");
    let by: Vec<&str> = broken.steps.iter().map(|it| it.by.as_str()).collect();
    assert_eq!(by, ["Alice", "Bob"]);
    assert!(
        broken
            .what
            .contains("Vera is of Institute, which makes ARC")
    );
    let said = pair.refused(Alice, r#"{"do":"ticket-verify","id":"T-1"}"#);
    assert!(said.contains("relmate set T-1 verifier=NAME"), "{said}");
    let said = pair.refused(
        Bob,
        r#"{"do":"set","id":"T-1","fields":[["verifier","Vera"]]}"#,
    );
    assert!(said.contains("cannot verify it"), "{said}");
    pair.does(
        Bob,
        r#"{"do":"set","id":"T-1","fields":[["provider","NorduGrid"]]}"#,
    );
    pair.meet();
    assert!(!pair.row("T-1").broken);
}

#[test]
fn a_verifier_who_goes_to_the_products_team_is_told_on_every_open_ticket() {
    let (mut pair, _) = passing();
    pair.does(
        Bob,
        r#"{"do":"set","id":"Vera","fields":[["organisation","NorduGrid"]]}"#,
    );
    pair.meet();
    assert_eq!(pair.conflict("T-1").violations[0].rule, "own-team");
    assert!(!pair.row("T-2").broken);
    let said = pair.refused(Alice, r#"{"do":"ticket-verify","id":"T-1"}"#);
    assert!(said.contains("T-1"), "{said}");
}

#[test]
fn what_failed_while_the_verification_was_closed_as_passed_keeps_it_from_production() {
    let (mut pair, critical) = passing();
    pair.does(Alice, r#"{"do":"ticket-verify","id":"T-1"}"#);
    let failed = serde_json::json!({"do": "ticket-check", "id": "T-1", "results": [[critical, "FAIL"]], "note": null, "link": null});
    pair.does(Bob, &failed.to_string());
    pair.meet();
    let row = pair.row("T-1");
    assert_eq!(row.state, "staged-rollout");
    assert!(row.held && !row.contested, "{row:?}");
    let broken = &pair.conflict("T-1").violations[0];
    assert_eq!(broken.rule, "failed-verification");
    let by: std::collections::BTreeSet<&str> =
        broken.steps.iter().map(|it| it.by.as_str()).collect();
    assert_eq!(by.len(), 2, "{broken:?}");
    let duty = open(&pair, "T-1");
    assert!(duty.iter().any(|it| it.contains(&critical)), "{duty:?}");
    let accept = r#"{"do":"ticket-accept","id":"T-1","tested_by":[]}"#;
    let said = pair.refused(Alice, accept);
    assert!(said.contains("goes no further"), "{said}");
    pair.does(
        Alice,
        r#"{"do":"ticket-reject","id":"T-1","reason":"It fails."}"#,
    );
    pair.meet();
    assert!(!pair.row("T-1").broken);
}

#[test]
fn a_submission_that_is_withdrawn_beside_its_injection_keeps_its_tickets_where_they_are() {
    let mut pair = Pair::submitted();
    pair.does(Alice, r#"{"do":"inject","id":"S-2","tracking":{}}"#);
    pair.does(
        Bob,
        r#"{"do":"submission-close","id":"S-2","refused":false,"reason":"No more."}"#,
    );
    pair.meet();
    assert_eq!(pair.row("S-2").state, "withdrawn");
    let start = r#"{"do":"ticket-start","id":"T-3","verifier":"Vera","testbed":null}"#;
    let said = pair.refused(Alice, start);
    assert!(
        said.contains("S-2 is contested, and T-3 waits for it"),
        "{said}"
    );
    let settled = pair.does(
        Alice,
        r#"{"do":"resolve","id":"S-2","field":"state","how":"theirs","because":"They said so."}"#,
    );
    assert!(settled.warnings[0].contains("relmate ticket withdraw T-3"));
    assert_eq!(pair.value("S-2")["injected"], serde_json::Value::Null);
    pair.does(
        Alice,
        r#"{"do":"ticket-withdraw","id":"T-3","reason":"No more."}"#,
    );
    pair.meet();
}
