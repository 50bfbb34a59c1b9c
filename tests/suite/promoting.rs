//! What may go into production by itself, and what only with its release (R-34, R-37;
//! DOMAIN.md C4).

use crate::releases::{NAME, complete, desk, planned, ready, ready_el9};

#[test]
fn a_freeze_keeps_everything_else_out_of_production_and_why_says_so() {
    let desk = desk();
    ready_el9(&desk);
    planned(&desk);
    desk.ok(&format!("release compose {NAME} --ticket T-1"));
    desk.ok(&format!("release freeze-date {NAME}"));
    desk.ok(&format!("release freeze {NAME}"));
    desk.refused(4, "ticket promote T-2")
        .complains(&["T-2 is not in CMD 1.4.0", "frozen"]);
    let why = desk.json("why T-2");
    let next = why["next"].as_array().unwrap();
    let promote = next
        .iter()
        .find(|it| it["command"].as_str().unwrap().contains("promote"));
    assert!(
        promote.unwrap()["refused"]
            .as_str()
            .unwrap()
            .contains("CMD 1.4.0")
    );
    assert!(
        why["blockers"][0]["what"]
            .as_str()
            .unwrap()
            .contains("frozen")
    );
    desk.refused(4, "ticket promote T-1").complains(&[
        "T-1 is in CMD 1.4.0",
        "goes out with it",
        "release publish",
    ]);
    desk.refused(2, "set T-2 emergency=yes")
        .complains(&["emergency release"]);
    let add = "release add 'CMD 1.3.1' --kind emergency --date 2026-11-23";
    desk.ok(&format!(
        "{add} --ground critical-security-patch --reason 'Anybody may log in'"
    ));
    desk.refused(4, "ticket promote T-2");
    desk.ok("release compose 'CMD 1.3.1' --ticket T-2");
    assert_eq!(desk.show("T-2")["emergency"], true);
    desk.ok("ticket promote T-2");
}

#[test]
fn r50_an_open_problem_that_is_critical_or_not_judged_keeps_a_ready_ticket_out_of_production() {
    let desk = desk();
    desk.ok("problem file --channel-id GGUS-1 --ticket T-1 --text 'It loses jobs.'");
    let refused = desk.refused(4, "ticket promote T-1");
    refused.complains(&["T-1 cannot go into production", "P-1 is open"]);
    let why = desk.json("why T-1");
    let blockers = why["blockers"].to_string();
    assert!(blockers.contains("P-1 is open"), "{blockers}");
    assert_eq!(desk.show("T-1")["state"], "ready");
}

#[test]
fn r37_a_lower_version_does_not_go_over_a_higher_one_in_production() {
    let desk = desk();
    desk.submit("ARC", "7.0.4", "--platform al9 --at 2026-11-02");
    desk.ok("inject S-3 --at 2026-11-02");
    ready(&desk, "T-4");
    desk.ok("ticket promote T-4");
    desk.refused(4, "ticket promote T-1").complains(&[
        "T-1 cannot go into production",
        "production has ARC 7.0.4 as T-4",
    ]);
    desk.ok("why T-1")
        .says(&["production has ARC 7.0.4 as T-4"]);
}

#[test]
fn a_signature_is_never_older_than_what_it_is_put_under() {
    let desk = complete();
    desk.ok(&format!("release rc {NAME}"))
        .complains(&["To be signed again", "5 (Alice)"]);
    desk.refused(4, &format!("release sign {NAME} 5 --at 2026-11-20"))
        .complains(&["Sat 21 Nov 2026"]);
    desk.ok(&format!("release sign {NAME} 5"));
}

#[test]
fn what_was_signed_before_a_later_change_is_to_be_signed_again() {
    let desk = desk();
    ready_el9(&desk);
    planned(&desk);
    desk.ok(&format!("release freeze-date {NAME}"));
    desk.ok(&format!("release sign {NAME} 1"));
    desk.ok(&format!(
        "release freeze-date {NAME} --date 2026-12-18 --reason 'The testbed moved'"
    ))
    .complains(&["To be signed again", "1 (Alice)"]);
    assert_eq!(desk.show(NAME)["signed"]["1"], serde_json::Value::Null);
    desk.ok(&format!("release sign {NAME} 1"));
    desk.ok(&format!("release freeze {NAME}"));
    for no in ["2", "3", "4.1"] {
        desk.ok(&format!("release sign {NAME} {no}"));
    }
    desk.ok(&format!(
        "release compose {NAME} --out T-1 --reason 'It loses jobs'"
    ))
    .complains(&["To be signed again", "2 (Alice), 3 (Alice), 4.1 (Alice)"]);
    desk.refused(4, &format!("release sign {NAME} 3"))
        .complains(&["2 comes before it"]);
    let shown = desk.show(NAME);
    assert_eq!(shown["signed"]["1"]["by"], "Alice");
    assert_eq!(shown["tickets"], serde_json::json!(["T-2"]));
    desk.ok(&format!(
        "release compose {NAME} --out T-2 --reason 'And this'"
    ));
    assert_eq!(desk.show(NAME)["tickets"], serde_json::json!([]));
    desk.ok("doctor");
}

#[test]
fn two_versions_of_one_product_are_told_as_soon_as_they_stand_beside_each_other() {
    let desk = desk();
    desk.submit("ARC", "7.1.1", "--platform al9 --at 2026-11-02");
    desk.ok("inject S-3 --at 2026-11-02");
    ready(&desk, "T-4");
    planned(&desk);
    desk.ok("release compose 'CMD 1.4.0' --all").complains(&[
        "T-1 (ARC 7.0.3 al9)",
        "T-4 (ARC 7.1.1 al9)",
        "take one out",
    ]);
}

#[test]
fn a_site_installs_the_candidate_that_is_built_and_does_not_build_the_next() {
    let desk = desk();
    planned(&desk);
    desk.ok("release freeze-date 'CMD 1.4.0'");
    desk.ok("release freeze 'CMD 1.4.0'");
    desk.ok("release rc 'CMD 1.4.0'");
    desk.ok("release rc 'CMD 1.4.0' --site CNAF")
        .says(&["is installed at CNAF"])
        .hides(&["rc2", "RC2"]);
}
