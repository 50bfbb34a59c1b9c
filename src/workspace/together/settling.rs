//! Settling what two managers wrote at once.

use super::{Alice, Bob, Pair};
use crate::domain::kind::Kind;
use crate::workspace::action::Settle;
use crate::workspace::deed::{Deed, Filled};
use crate::workspace::look::board::rows::Key;
use crate::workspace::look::fill::{self, Fill};

fn texts(field: &str, [base, mine, theirs]: [&str; 3]) -> Pair {
    let mut pair = Pair::new();
    let set = |text: &str| {
        serde_json::json!({"do": "set", "id": "T-1", "fields": [[field, text]]}).to_string()
    };
    pair.does(Alice, &set(base));
    pair.meet();
    pair.does(Alice, &set(mine));
    pair.does(Bob, &set(theirs));
    pair.meet();
    pair
}

fn links() -> Pair {
    texts(
        "notes_url",
        [
            "https://example.org/old",
            "https://example.org/mine",
            "https://example.org/theirs",
        ],
    )
}

fn resolve(how: &str, more: &str) -> String {
    format!(r#"{{"do":"resolve","id":"T-1","how":"{how}","because":"We spoke."{more}}}"#)
}

#[test]
fn mine_and_theirs_are_by_the_person_of_the_device() {
    for (who, how, stands) in [
        (Alice, "mine", "mine"),
        (Alice, "theirs", "theirs"),
        (Bob, "mine", "theirs"),
    ] {
        let mut pair = links();
        pair.does(who, &resolve(how, ""));
        pair.meet();
        let row = pair.row("T-1");
        assert!(!row.contested);
        assert_eq!(
            row.value()["notes_url"],
            format!("https://example.org/{stands}")
        );
    }
}

#[test]
fn a_conflict_needs_a_reason_and_the_reason_is_in_the_history() {
    let mut pair = links();
    let refusal = pair
        .tries(
            Alice,
            r#"{"do":"resolve","id":"T-1","how":"mine","because":" "}"#,
        )
        .unwrap_err();
    assert_eq!(refusal.kind.exit_code(), 2);
    pair.does(Alice, &resolve("mine", ""));
    pair.meet();
    let asked = crate::workspace::look::log::Asked {
        id: Some("T-1".to_owned()),
        limit: Some(1),
        ..Default::default()
    };
    let lines = pair.look(|look| crate::workspace::look::log::log(look, &asked).unwrap());
    let told = lines[0]
        .changes
        .iter()
        .map(crate::workspace::look::log::change);
    assert!(
        told.into_iter().any(|it| it.contains("We spoke.")),
        "{lines:?}"
    );
}

#[test]
fn what_is_put_off_stays_contested_and_says_why() {
    let mut pair = links();
    pair.does(Alice, &resolve("later", ""));
    pair.meet();
    assert!(pair.row("T-1").contested);
}

#[test]
fn a_value_may_be_written_instead_of_either() {
    let mut pair = links();
    pair.does(
        Bob,
        &resolve("value", r#","value":"https://example.org/new""#),
    );
    pair.meet();
    assert_eq!(pair.value("T-1")["notes_url"], "https://example.org/new");
    assert!(!pair.row("T-1").contested);
}

#[test]
fn a_contested_field_is_never_written_over() {
    let mut pair = links();
    let set = r#"{"do":"set","id":"T-1","fields":[["notes_url","https://example.org/x"]]}"#;
    let said = pair.refused(Bob, set);
    assert!(said.contains("notes_url of T-1 is contested"), "{said}");
}

#[test]
fn undo_of_settling_brings_both_back_and_both_are_still_whose_they_were() {
    let mut pair = links();
    let before = pair.conflict("T-1");
    pair.does(Alice, &resolve("mine", ""));
    pair.meet();
    pair.does(Bob, r#"{"do":"undo","target":"T-1"}"#);
    pair.meet();
    assert!(pair.row("T-1").contested);
    let after = pair.conflict("T-1");
    let told = |it: &crate::workspace::look::conflicts::Conflict| {
        let sides = it.fields[0].sides.iter();
        sides
            .map(|side| (side.by.clone(), side.text.clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(told(&before), told(&after));
    assert_eq!(after.fields[0].base_text, "https://example.org/old");
}

#[test]
fn a_state_is_settled_only_where_its_own_guards_agree() {
    let mut pair = Pair::new();
    pair.does(
        Alice,
        r#"{"do":"ticket-start","id":"T-1","verifier":"Vera","testbed":null}"#,
    );
    pair.meet();
    pair.passes("T-1");
    pair.does(Alice, r#"{"do":"ticket-verify","id":"T-1"}"#);
    let criteria = pair.reader().whole_profile().unwrap().criterion;
    let critical = criteria.iter().find(|it| it.critical).unwrap().id.clone();
    let failed = serde_json::json!({"do": "ticket-check", "id": "T-1", "results": [[critical, "FAIL"]], "note": null, "link": null});
    pair.does(Bob, &failed.to_string());
    pair.does(
        Bob,
        r#"{"do":"ticket-delay","id":"T-1","reason":"It failed.","promise":null}"#,
    );
    pair.meet();
    let fail = format!(
        r#"{{"do":"resolve","id":"T-1","field":"results:{critical}","how":"theirs","because":"It fails."}}"#
    );
    pair.does(Alice, &fail);
    let said = pair.refused(
        Alice,
        r#"{"do":"resolve","id":"T-1","field":"state","how":"mine","because":"R"}"#,
    );
    assert!(said.contains("failed what is critical"), "{said}");
    pair.does(
        Alice,
        r#"{"do":"resolve","id":"T-1","field":"state","how":"theirs","because":"R"}"#,
    );
    pair.meet();
    assert_eq!(pair.row("T-1").state, "delayed");
}

#[test]
fn both_texts_may_stand_one_after_the_other_lines_in_one_and_longer_ones_as_paragraphs() {
    for (one, other, between) in [
        ("Ask early on.", "Ask twice.", " "),
        ("waits for al9", "Vera is ill", "; "),
        ("waits for\nal9", "Vera is ill", "\n\n"),
    ] {
        let mut pair = Pair::new();
        pair.does(
            Alice,
            r#"{"do":"lesson-add","kind":"improve","text":"Ask early","about":null}"#,
        );
        pair.meet();
        for (who, text) in [(Alice, one), (Bob, other)] {
            let set = serde_json::json!({"do": "set", "id": "L-1", "fields": [["text", text]]});
            pair.does(who, &set.to_string());
        }
        pair.meet();
        pair.does(
            Bob,
            r#"{"do":"resolve","id":"L-1","how":"both","because":"R"}"#,
        );
        pair.meet();
        // Neither had seen the other, so either may come first; it is the same on both desks.
        let text = pair.value("L-1")["text"].clone();
        let orders = [(one, other), (other, one)].map(|(a, b)| format!("{a}{between}{b}"));
        assert!(orders.iter().any(|it| text == *it), "{text}");
    }
}

/// What the form begins with that settles T-1.
fn form(pair: &Pair, field: &str, how: &str) -> Fill {
    let given = Filled::default().with("field", field).with("how", how);
    let deed = Deed::named("resolve").unwrap();
    let key = Key {
        kind: Kind::Ticket,
        id: "T-1".to_owned(),
    };
    pair.look(|look| fill::fill(look, (deed, &given), Some(&key)).unwrap())
}

#[test]
fn the_form_shows_both_values_and_begins_a_merge_with_what_both_add_up_to() {
    let mut pair = texts(
        "testbed",
        [
            "one\ntwo\nthree\nfour",
            "ONE\ntwo\nthree\nfour",
            "one\ntwo\nthree\nFOUR",
        ],
    );
    // Another field is contested as well: the one that was marked is meant.
    for (who, name) in [(Alice, "Vera"), (Bob, "Victor")] {
        let set = serde_json::json!({"do": "set", "id": "T-1", "fields": [["provider", name]]});
        pair.does(who, &set.to_string());
    }
    pair.meet();
    let merge = form(&pair, "testbed", "merge");
    assert_eq!(merge.values.maybe("text").unwrap(), "ONE\ntwo\nthree\nFOUR");
    assert_eq!(merge.facts.len(), 3);
    assert!(
        merge.facts[0].starts_with("Before both: one two"),
        "{:?}",
        merge.facts
    );
    assert!(
        merge
            .facts
            .iter()
            .any(|it| it.starts_with("Bob, ") && it.ends_with("FOUR"))
    );
    for how in ["mine", "theirs", "both", "later"] {
        assert_eq!(
            form(&pair, "testbed", how).values.maybe("text"),
            None,
            "{how}"
        );
    }
    assert_eq!(form(&pair, "provider", "merge").values.maybe("text"), None);
    // One key and a reason are enough.
    pair.does(
        Alice,
        r#"{"do":"resolve","id":"T-1","field":"testbed","how":"merge","because":"Both."}"#,
    );
    pair.meet();
    assert_eq!(pair.value("T-1")["testbed"], "ONE\ntwo\nthree\nFOUR");
}

#[test]
fn where_both_changed_one_line_both_stand_between_marks_that_name_them_and_must_go() {
    let mut pair = texts("testbed", ["one\ntwo", "ONE\ntwo", "uno\ntwo"]);
    let text = form(&pair, "testbed", "merge")
        .values
        .maybe("text")
        .unwrap();
    for part in ["ONE", "before both", "uno", "Alice", "Bob"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    for mark in ["<<<<<<< ", ">>>>>>> "] {
        let line = text.lines().find(|it| it.starts_with(mark)).unwrap();
        assert!(line.ends_with("Alice") || line.ends_with("Bob"), "{line}");
    }
    let resolve = |text: &str| {
        let all = serde_json::json!({"do": "resolve", "id": "T-1", "field": "testbed", "how": "merge",
            "value": text, "because": "We spoke."});
        all.to_string()
    };
    let said = pair.refused(Alice, &resolve(&text));
    assert!(said.contains("between markers"), "{said}");
    pair.does(Alice, &resolve("ONE, uno\ntwo"));
    pair.meet();
    assert_eq!(pair.value("T-1")["testbed"], "ONE, uno\ntwo");
}

#[test]
fn only_what_can_become_of_a_field_is_offered() {
    let prose = ["bed one", "bed one in Rome", "the bed one"];
    let pair = texts("testbed", prose);
    assert_eq!(pair.conflict("T-1").fields[0].ways().len(), 5);
    // A person is one or the other, whatever the name looks like; so are a link and a day.
    let mut people = Pair::new();
    for name in ["Carol Example", "Dave Example"] {
        let add = serde_json::json!({"do": "person-add", "name": name, "roles": ["verifier"]});
        people.does(Alice, &add.to_string());
    }
    people.meet();
    let owner = |name| serde_json::json!({"do": "set", "id": "T-1", "fields": [["owner", name]]});
    people.does(Alice, &owner("Carol Example").to_string());
    people.does(Bob, &owner("Dave Example").to_string());
    people.meet();
    let mut pair = links();
    for pair in [&people, &pair] {
        let ways = pair.conflict("T-1").fields[0].ways();
        assert_eq!(ways, [Settle::Mine, Settle::Theirs, Settle::Later]);
    }
    for how in ["merge", "both"] {
        let said = people.refused(Alice, &resolve(how, ""));
        assert!(
            said.contains("no text") || said.contains("cannot stand"),
            "{said}"
        );
    }
    pair.does(Alice, &resolve("mine", ""));
    pair.meet();
    pair.does(Alice, r#"{"do":"delete","id":"T-1","reason":null}"#);
    pair.does(Bob, r#"{"do":"claim","id":"T-1","drop":false}"#);
    pair.meet();
    let ways = pair.conflict("T-1").fields[0].ways();
    assert_eq!(ways, [Settle::Mine, Settle::Theirs, Settle::Later]);
}

const DELAY: &str =
    r#"{"do":"ticket-delay","id":"T-1","reason":"No machine.","promise":"2026-12-01"}"#;
const START: &str = r#"{"do":"ticket-start","id":"T-1","verifier":"Vera","testbed":"bed 4"}"#;

#[test]
fn what_lost_leaves_no_promise_and_no_reason_behind() {
    for (how, state) in [("mine", "delayed"), ("theirs", "verification")] {
        let mut pair = Pair::new();
        pair.does(Alice, DELAY);
        pair.does(Bob, START);
        pair.does(
            Bob,
            r#"{"do":"set","id":"T-1","fields":[["notes_url","https://example.org/new"]]}"#,
        );
        pair.meet();
        assert_eq!(pair.row("T-1").state, "delayed");
        let settled = pair.does(Alice, &resolve(how, r#","field":"state""#));
        pair.meet();
        let value = pair.value("T-1");
        assert_eq!(value["state"]["state"], state);
        let written = |field: &str| !value[field].is_null();
        let delayed = state == "delayed";
        assert_eq!(written("promised"), delayed, "{value}");
        assert_eq!(written("delay_reason"), delayed, "{value}");
        assert_eq!(written("verifier"), !delayed, "{value}");
        assert_eq!(written("testbed"), !delayed, "{value}");
        // What was no part of either step stays.
        assert_eq!(value["notes_url"], "https://example.org/new");
        // Nor does anybody get the letter that went with it.
        let skipped = settled.said.iter().any(|it| it.contains("is skipped"));
        assert_eq!(skipped, !delayed, "{:?}", settled.said);
        let unsent = pair.look(|look| look.reader.counts(look.today).unwrap());
        assert_eq!(unsent.unsent_delay_notices, u64::from(delayed));
    }
}

fn triage(criticality: &str) -> String {
    format!(
        r#"{{"do":"problem","step":"triage","id":"P-1","criticality":"{criticality}","priority":null,"body":"MU","by":"Marta","advisory":null,"risk":null}}"#
    )
}

const FILE: &str = r#"{"do":"problem","step":"file","product":"ARC","version":"7.0.3","ticket":"T-1","site":null,"channel_id":"1","text":"It fails."}"#;

#[test]
fn a_problem_is_settled_as_closed_only_with_what_its_closing_asks_for() {
    let mut pair = Pair::new();
    pair.does(Alice, FILE);
    pair.does(Alice, &triage("moderate"));
    pair.meet();
    pair.wait(5);
    pair.does(Alice, &triage("critical"));
    pair.does(
        Bob,
        r#"{"do":"problem","step":"close","id":"P-1","as":"fixed","reason":null,"of":null,"version":"7.0.4","workaround":null,"criticality":null,"body":null,"by":null}"#,
    );
    pair.meet();
    // The one with most left to do is shown.
    assert_eq!(pair.row("P-1").state, "triaged");
    let to = |how: &str| {
        format!(
            r#"{{"do":"resolve","id":"P-1","field":"state","how":"{how}","because":"We spoke."}}"#
        )
    };
    let said = pair.refused(Alice, &to("theirs"));
    assert!(said.contains("P-1 is critical"), "{said}");
    pair.does(Alice, &to("mine"));
    pair.meet();
    let value = pair.value("P-1");
    assert_eq!(value["closing"], serde_json::Value::Null);
    assert_eq!(value["triage"]["criticality"], "critical");
    assert!(!pair.row("P-1").contested);
}

#[test]
fn an_announcement_is_settled_as_good_only_where_nothing_holds_its_rollout_up() {
    let mut pair = Pair::on_trial();
    pair.does(
        Alice,
        r#"{"do":"rollout","step":"announce","ticket":"T-1","sites":["CNAF"],"days":30,"told":true}"#,
    );
    pair.does(
        Alice,
        r#"{"do":"rollout","step":"report","id":"T-1","site":"CNAF","told":{"outcome":"ok"}}"#,
    );
    pair.meet();
    pair.does(Alice, r#"{"do":"ticket-accept","id":"T-1","tested_by":[]}"#);
    pair.does(Bob, FILE);
    pair.does(Bob, &triage("critical").replace("P-1", "P-1b"));
    pair.does(
        Bob,
        r#"{"do":"problem","step":"halt","id":"P-1b","reason":"It eats jobs.","scope":"all sites"}"#,
    );
    pair.meet();
    assert_eq!(pair.row("N-1").state, "halted");
    let promote = pair.refused(Alice, r#"{"do":"ticket-promote","id":"T-1"}"#);
    assert!(promote.contains("N-1 is contested"), "{promote}");
    let to = |how: &str| {
        format!(
            r#"{{"do":"resolve","id":"N-1","field":"state","how":"{how}","because":"We spoke."}}"#
        )
    };
    let said = pair.refused(Alice, &to("mine"));
    assert!(said.contains("P-1b is open and critical"), "{said}");
    pair.does(Alice, &to("theirs"));
    pair.meet();
    assert_eq!(pair.row("N-1").state, "halted");
    assert!(!pair.row("N-1").contested);
}

#[test]
fn a_verifier_is_settled_only_as_one_who_may_be_named() {
    let mut pair = Pair::new();
    pair.does(
        Alice,
        r#"{"do":"set","id":"T-1","fields":[["verifier","Vera"]]}"#,
    );
    pair.does(
        Bob,
        r#"{"do":"set","id":"T-1","fields":[["verifier","Bob"]]}"#,
    );
    pair.does(
        Bob,
        r#"{"do":"set","id":"T-1","fields":[["owner","Vera"]]}"#,
    );
    pair.meet();
    let said = pair.refused(Alice, &resolve("mine", r#","field":"verifier""#));
    assert!(said.contains("release manager and verifier"), "{said}");
    pair.does(Alice, &resolve("theirs", r#","field":"verifier""#));
    pair.meet();
    assert_eq!(pair.value("T-1")["verifier"], "Bob");
}

#[test]
fn who_made_a_record_has_not_lost_it() {
    let mut pair = Pair::submitted();
    pair.does(
        Alice,
        r#"{"do":"inject","id":"S-2","tracking":{"al9/x86_64":"4711"}}"#,
    );
    pair.does(Alice, &START.replace("T-1", "T-3"));
    pair.does(Bob, r#"{"do":"inject","id":"S-2","tracking":{}}"#);
    pair.does(Bob, &DELAY.replace("T-1", "T-3b"));
    pair.meet();
    let settled = pair.does(
        Bob,
        r#"{"do":"resolve","id":"T-3","field":"state","how":"mine","because":"R"}"#,
    );
    pair.meet();
    let value = pair.value("T-3");
    assert_eq!(value["tracking_id"], "4711");
    assert_eq!(value["verifier"], serde_json::Value::Null);
    assert!(settled.warnings.is_empty(), "{:?}", settled.warnings);
}

#[test]
fn a_ticket_that_both_composed_into_a_release_leaves_the_one_it_does_not_go_with() {
    let mut pair = Pair::new();
    for name in ["CMD 1.4.0", "CMD 1.5.0"] {
        let add = serde_json::json!({"do": "release", "step": "add", "name": name, "kind": null,
            "incompatible": false, "date": "2026-12-17", "cycle": null, "ground": null,
            "reason": null, "skips": []});
        pair.does(Alice, &add.to_string());
    }
    pair.meet();
    for (who, name) in [(Alice, "CMD 1.4.0"), (Bob, "CMD 1.5.0")] {
        let compose = serde_json::json!({"do": "release", "step": "compose", "name": name,
            "tickets": ["T-1"], "all": false, "out": [], "reason": null});
        pair.does(who, &compose.to_string());
    }
    pair.meet();
    pair.does(Alice, &resolve("mine", r#","field":"release""#));
    pair.meet();
    assert_eq!(pair.value("T-1")["release"], "CMD 1.4.0");
    let tickets = |name: &str| pair.row(name).value()["tickets"].clone();
    assert_eq!(tickets("CMD 1.4.0"), serde_json::json!(["T-1"]));
    assert_eq!(tickets("CMD 1.5.0"), serde_json::Value::Null);
}
