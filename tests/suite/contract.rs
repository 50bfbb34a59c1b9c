//! The fields of every JSON document that the contract fixes; they are only ever added to.

use serde_json::Value;

use crate::support::{Desk, corpus};

/// A document has its schema, its moment and every one of these fields.
#[track_caller]
fn has(document: &Value, schema: &str, fields: &str) {
    assert_eq!(document["schema"], format!("relmate/{schema}/1"));
    assert_eq!(document["as_of"], "2026-11-21T09:14:00Z");
    fields_of(document, fields);
}

#[track_caller]
fn fields_of(object: &Value, fields: &str) {
    let object = object.as_object().unwrap();
    for field in fields.split_whitespace() {
        assert!(
            object.contains_key(field),
            "{field} is not in {:?}",
            object.keys()
        );
    }
}

#[test]
fn the_status_has_every_part_of_the_contract() {
    let desk = Desk::with_tickets();
    desk.ok("cycle add 1.4 --start 2026-11-02 --template meta-release");
    let status = desk.json("status");
    has(
        &status,
        "status",
        "project cycle next_milestone counts attention",
    );
    fields_of(&status["next_milestone"], "id code name due days_left");
    fields_of(
        &status["counts"],
        "queue overdue due_soon to_sign critical_problems drafts conflicts",
    );
    fields_of(
        &status["attention"][0],
        "id kind severity what due days_left who",
    );
    for line in status["attention"].as_array().unwrap() {
        let severity = line["severity"].as_str().unwrap();
        assert!(
            ["breach", "duty", "due", "info"].contains(&severity),
            "{severity}"
        );
    }
    assert_eq!(status["project"], "Demo");
    assert_eq!(status["counts"]["queue"]["unverified"], 2);
}

#[test]
fn attention_comes_most_urgent_first() {
    let desk = Desk::new();
    desk.ok(&format!(
        "import {}",
        corpus("umd1_status_board_2011-06-20.csv")
    ));
    desk.ok("product add ARC --provider NorduGrid --contact arc@example.org");
    desk.submit("ARC", "7.0.3", "--platform al9");
    let rank = |line: &Value| {
        ["breach", "duty", "due", "info"]
            .iter()
            .position(|it| line["severity"] == **it)
            .unwrap()
    };
    let next = desk.json("next --all")["items"].clone();
    let ranks: Vec<usize> = next.as_array().unwrap().iter().map(rank).collect();
    assert!(ranks.is_sorted(), "{ranks:?}");
    assert!(ranks.len() > 32);
}

#[test]
fn a_ticket_has_every_field_of_the_contract() {
    const FIELDS: &str = "id submission product version platform arch provider state delayed_from \
        delay_reason promised entered entered_at_least limit due days_left overdue verifier owner \
        emergency packages channel_id notes_url";
    let desk = Desk::with_tickets();
    has(&desk.show("T-1"), "ticket", FIELDS);
    let list = desk.json("list tickets");
    has(&list, "tickets", "items");
    fields_of(&list["items"][0], FIELDS);
    assert_eq!(list["items"][0]["entered"], "2026-11-02");
    assert_eq!(list["items"][0]["days_left"], 11);
}

#[test]
fn a_milestone_has_every_field_of_the_contract() {
    const FIELDS: &str = "id cycle code name rule planned due actual days_left state slipped_days";
    let desk = Desk::new();
    desk.ok("cycle add 1.4 --start 2026-11-02 --template meta-release");
    has(&desk.show("M-1"), "milestone", FIELDS);
    fields_of(&desk.json("list milestones")["items"][0], FIELDS);
}

#[test]
fn a_site_has_every_field_of_the_contract() {
    const FIELDS: &str =
        "name country contact announced reported on_time sla_kept report_rate median_days";
    let desk = Desk::new();
    desk.ok("site add CNAF --country Italy --contact cnaf@example.org");
    has(&desk.show("CNAF"), "site", FIELDS);
    fields_of(&desk.json("list sites")["items"][0], FIELDS);
}

#[test]
fn an_explanation_has_every_field_of_the_contract() {
    let desk = Desk::with_tickets();
    for id in ["T-1", "S-1"] {
        let why = desk.json(&format!("why {id}"));
        let fields = "id verdict sentence rule limit entered due counted skipped blockers next";
        has(&why, "why", fields);
        fields_of(&why["blockers"][0], "what who");
        fields_of(&why["next"][0], "command needs");
    }
    fields_of(&desk.json("why S-1")["skipped"][0], "day reason");
}

#[test]
fn the_history_has_every_field_of_the_contract() {
    let desk = Desk::with_tickets();
    desk.ok("--as Bob comment T-1 'seen'");
    let log = desk.json("log");
    has(&log, "log", "items");
    let last = &log["items"][0];
    fields_of(last, "at recorded commit by for replica intent ids changes");
    assert_eq!(
        (&last["by"], &last["for"]),
        (&"Alice".into(), &"Bob".into())
    );
    fields_of(&log["items"][2]["changes"][0], "field from to");
    desk.ok("log T-1").says(&["Alice for Bob"]);
}

#[test]
fn every_list_of_the_contract_exists_and_those_of_later_are_empty() {
    let desk = Desk::new();
    let kinds = "submissions tickets milestones sites problems errors actions lessons decisions \
        products people releases release-packages messages meetings";
    for kind in kinds.split_whitespace() {
        let list = desk.json(&format!("list {kind}"));
        has(&list, kind, "items");
        assert!(list["items"].is_array(), "{kind}");
        desk.ok(&format!("list {kind}"));
    }
    desk.refused(2, "list unicorns").complains(&["tickets"]);
}
