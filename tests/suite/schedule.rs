//! The schedule: rules, previews, slips with their reasons, undo and redo.

use crate::support::Desk;

/// A desk with the approved cycle 1.4 of seven milestones, M0 on 2 November.
fn approved() -> Desk {
    let desk = Desk::new();
    desk.ok("cycle add 1.4 --start 2026-11-02 --template meta-release");
    desk.ok("cycle approve 1.4 --decision 'TSC, 2 November'");
    desk
}

/// What a milestone's code is due on.
#[track_caller]
fn due(desk: &Desk, code: &str) -> String {
    let listed = desk.json(&format!("list milestones --filter code={code}"));
    listed["items"][0]["due"].as_str().unwrap().to_owned()
}

#[test]
fn a_template_counts_forward_from_the_start_and_back_from_the_release() {
    let desk = approved();
    assert_eq!(due(&desk, "M5"), "2027-04-05");
    let other = Desk::new();
    other.ok("cycle add 1.5 --release 2027-04-05 --template meta-release");
    assert_eq!(due(&other, "M0"), "2026-11-02");
}

#[test]
fn a_preview_names_everything_that_moves_and_everything_that_stays() {
    let desk = approved();
    let before = desk.commits();
    let outcome = desk.ok("slip M-3 --to 2027-02-01 --preview");
    outcome.says(&[
        "M-3 M3 Sub-project alpha: Mon 11 Jan 2027 → Mon 1 Feb 2027 (+21 d)",
        "M-5 M4",
        "M-6 M5",
        "M-7 M6",
        "dragged by M3",
        "M-4 M2 stays",
        "Nothing was changed",
    ]);
    assert_eq!(desk.commits(), before);
    assert_eq!(due(&desk, "M3"), "2027-01-11");
}

#[test]
fn an_approved_milestone_slips_only_with_a_reason_which_it_keeps() {
    let desk = approved();
    desk.refused(2, "slip M-3 --to 2027-02-01")
        .complains(&["reason"]);
    desk.refused(2, "milestone move M-3 --to 2027-02-01")
        .complains(&["reason"]);
    desk.ok("slip M-3 --to 2027-02-01 --reason 'API not frozen'");
    let shown = desk.show("M-3");
    assert_eq!(shown["planned"], "2027-01-11");
    assert_eq!(shown["due"], "2027-02-01");
    assert_eq!(shown["slipped_days"], 21);
    assert_eq!(shown["slips"][0]["reason"], "API not frozen");
    desk.ok("show M-3").says(&["API not frozen", "Alice"]);
    assert_eq!(due(&desk, "M5"), "2027-04-26");
    assert_eq!(desk.json("status")["next_milestone"]["code"], "M2");
}

#[test]
fn a_draft_moves_without_a_reason() {
    let desk = Desk::new();
    desk.ok("cycle add 1.4 --start 2026-11-02 --template meta-release");
    desk.ok("milestone move M-3 --to 2027-02-01");
    assert_eq!(due(&desk, "M5"), "2027-04-26");
}

#[test]
fn undo_takes_a_slip_back_redo_does_it_again_and_the_history_has_all_of_it() {
    let desk = approved();
    desk.ok("slip M-3 --to 2027-02-01 --reason 'API not frozen'");
    desk.ok("undo");
    assert_eq!(due(&desk, "M3"), "2027-01-11");
    assert_eq!(due(&desk, "M5"), "2027-04-05");
    assert_eq!(desk.show("M-3")["slips"], serde_json::json!([]));
    desk.ok("redo");
    assert_eq!(due(&desk, "M3"), "2027-02-01");
    assert_eq!(desk.show("M-3")["slips"][0]["reason"], "API not frozen");
    let log = desk.json("log M-3")["items"].clone();
    let said: Vec<&str> = log
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["action"].as_str().unwrap())
        .collect();
    assert_eq!(said[..3], ["redo", "undo", "milestone move"]);
    desk.ok("doctor").says(&["what the history says"]);
}

#[test]
fn undo_is_refused_when_something_came_after_and_names_it() {
    let desk = approved();
    desk.ok("slip M-3 --to 2027-02-01 --reason first");
    let log = desk.json("log M-3 --limit 1");
    let first = log["items"][0]["commit"].as_str().unwrap().to_owned();
    desk.ok("slip M-3 --to 2027-02-08 --reason second");
    desk.refused(4, &format!("undo {first}"))
        .complains(&["M-3", "changed after"]);
    desk.ok("undo");
    desk.ok(&format!("undo {first}"));
    assert_eq!(due(&desk, "M3"), "2027-01-11");
}

#[test]
fn steps_are_taken_back_one_after_the_other_and_done_again_in_turn() {
    let desk = approved();
    for (to, reason) in [
        ("2027-01-18", "one"),
        ("2027-01-25", "two"),
        ("2027-02-01", "three"),
    ] {
        desk.ok(&format!("slip M-3 --to {to} --reason {reason}"));
    }
    for day in ["2027-01-25", "2027-01-18", "2027-01-11"] {
        desk.ok("undo");
        assert_eq!(due(&desk, "M3"), day);
    }
    for day in ["2027-01-18", "2027-01-25", "2027-02-01"] {
        desk.ok("redo");
        assert_eq!(due(&desk, "M3"), day);
    }
    let slips = desk.show("M-3")["slips"].clone();
    assert_eq!(slips.as_array().unwrap().len(), 3, "{slips}");
    desk.refused(3, "redo").complains(&["nothing to do again"]);
    desk.ok("doctor").says(&["what the history says"]);
}

#[test]
fn a_milestone_that_is_done_keeps_its_day_and_is_never_late() {
    let desk = approved();
    desk.ok("milestone done M-1 --at 2026-11-03");
    let shown = desk.show("M-1");
    assert_eq!(shown["actual"], "2026-11-03");
    assert_eq!(shown["state"], "done");
    desk.refused(4, "slip M-1 --to 2026-12-01 --reason R");
}

#[test]
fn a_rule_that_cannot_be_is_refused() {
    let desk = approved();
    desk.refused(2, "milestone add M9 Ninth --rule 'M1 + lots'");
    desk.refused(4, "milestone add M9 Ninth --rule 'M7 + 1 week'")
        .complains(&["M7"]);
    desk.refused(2, "milestone add M9 Ninth --on 2026-02-30")
        .complains(&["30 February"]);
    desk.ok("milestone add M9 Ninth --rule 'M6 + 5 working days'");
    assert_eq!(due(&desk, "M9"), "2027-04-26");
}

#[test]
fn a_deadline_anywhere_on_earth_ends_at_noon_the_next_day_in_universal_time() {
    let mut desk = Desk::new();
    desk.ok("cycle add 1.4 --start 2026-11-02");
    desk.ok("milestone add DL Deadline --on '2026-11-27 AoE'");
    desk.ok("cycle approve 1.4");
    desk.now("2026-11-28T11:59:00Z");
    assert_ne!(desk.show("M-1")["state"], "late");
    desk.now("2026-11-28T12:00:01Z");
    assert_eq!(desk.show("M-1")["state"], "late");
}

#[test]
fn what_others_see_of_a_schedule_is_its_state_on_the_day_asked() {
    let desk = approved();
    let then = desk.json("status --as-of 2027-04-06");
    assert_eq!(then["cycle"]["days_left"], -1);
    desk.refused(2, "slip M-3 --to 2027-02-01 --reason R --as-of 2026-11-20")
        .complains(&["--at"]);
}
