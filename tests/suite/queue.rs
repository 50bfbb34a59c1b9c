//! The verification queue through the program, requirement by requirement.

use crate::support::Desk;

/// A submission of the given parts, without the others.
#[track_caller]
fn lacks(parts: &str, missing: &str) {
    let desk = Desk::new();
    desk.ok("product add ARC --provider NorduGrid --contact arc@example.org");
    desk.file("packages.txt", "arc-ce-7.0.3\n");
    let outcome = desk.refused(2, &format!("submit --product ARC {parts}"));
    outcome.complains(&[missing]);
    assert_eq!(
        desk.json("list submissions")["items"]
            .as_array()
            .unwrap()
            .len(),
        0
    );
}

#[test]
fn r54_a_submission_goes_to_the_support_unit_of_the_process() {
    let desk = Desk::with_submission();
    let shown = desk.show("S-1");
    assert_eq!(shown["support_unit"], "EGI Software provisioning support");
    assert_eq!(shown["channel_id"], "4711");
    assert_eq!(shown["state"], "submitted");
}

#[test]
fn r55_a_submission_without_a_version_is_refused() {
    lacks(
        "--platform al9 --notes https://example.org/n --packages packages.txt --channel-id 1",
        "version",
    );
}

#[test]
fn r56_a_submission_without_release_notes_is_refused() {
    lacks(
        "--version 7.0.3 --platform al9 --packages packages.txt --channel-id 1",
        "notes",
    );
}

#[test]
fn r57_a_submission_without_its_packages_is_refused_and_their_number_is_shown() {
    lacks(
        "--version 7.0.3 --platform al9 --notes https://example.org/n --channel-id 1",
        "packages",
    );
    let desk = Desk::new();
    desk.ok("product add ARC --provider NorduGrid --contact arc@example.org");
    desk.submit("ARC", "7.0.3", "--platform al9")
        .says(&["2 packages"]);
    let packages = desk.show("S-1")["packages"].clone();
    assert_eq!(
        packages,
        serde_json::json!(["arc-ce-7.0.3", "arc-client-7.0.3"])
    );
}

#[test]
fn r54_to_r57_a_missing_part_can_be_waived_with_a_reason() {
    let desk = Desk::new();
    desk.ok("product add ARC --provider NorduGrid --contact arc@example.org");
    let outcome =
        desk.ok("submit --product ARC --version 7.0.3 --platform al9 --waive 'agreed by phone'");
    outcome.complains(&["Waived"]);
    assert_eq!(desk.show("S-1")["state"], "submitted");
}

#[test]
fn r58_r59_injection_makes_one_ticket_for_each_platform_and_architecture() {
    let desk = Desk::new();
    desk.ok("product add ARC --provider NorduGrid --contact arc@example.org");
    desk.submit(
        "ARC",
        "7.0.3",
        "--platform al9 --platform el9 --arch x86_64 --arch aarch64",
    );
    desk.ok("inject S-1 --rt al9/x86_64=12345");
    let tickets = desk.json("list tickets --sort id")["items"].clone();
    let of = |index: usize| {
        let it = &tickets[index];
        format!("{} {} {}", it["platform"], it["arch"], it["state"]).replace('"', "")
    };
    assert_eq!(tickets.as_array().unwrap().len(), 4);
    assert_eq!(of(0), "al9 aarch64 unverified");
    assert_eq!(of(3), "el9 x86_64 unverified");
    assert_eq!(desk.show("T-2")["tracking_id"], "12345");
    assert_eq!(
        desk.show("S-1")["tickets"],
        serde_json::json!(["T-1", "T-2", "T-3", "T-4"])
    );
    desk.refused(4, "inject S-1").complains(&["injected"]);
}

#[test]
fn r60_the_answer_names_the_tickets_and_only_its_sending_stops_the_clock() {
    let desk = Desk::with_tickets();
    desk.ok("outbox show X-2")
        .says(&["T-1", "T-2", "arc@example.org", "solved"]);
    let mut desk = desk;
    let before = desk.json("why S-1");
    assert_eq!(
        before["verdict"], "overdue",
        "injected on the first day, never answered"
    );
    desk.now("2026-11-06T10:00:00Z");
    assert_ne!(desk.json("why S-1")["verdict"], "overdue");
    desk.ok("outbox sent X-2");
    assert_eq!(desk.show("S-1")["state"], "answered");
    desk.now("2026-11-21T09:14:00Z");
    let after = desk.json("why S-1");
    assert_ne!(after["verdict"], "overdue");
    assert_eq!(desk.json("status")["counts"]["overdue"], 0);
}

#[test]
fn r61_the_standing_and_the_history_of_each_ticket_can_be_followed() {
    let desk = Desk::with_tickets();
    desk.ok("ticket start T-1 --verifier Vera");
    desk.ok("list tickets")
        .says(&["T-1", "verification", "T-2", "unverified"]);
    let log = desk.json("log T-1");
    let intents: Vec<&str> = log["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["action"].as_str().unwrap())
        .collect();
    assert_eq!(intents, ["ticket start", "inject"]);
}

#[test]
fn r62_r63_five_working_days_skip_weekends_and_named_holidays() {
    let desk = Desk::none();
    desk.file(
        "days.txt",
        "2026-12-08 Immaculate Conception\n2026-12-25 Christmas Day\n",
    );
    desk.ok("init Demo --manager Alice --manager Bob --timezone Europe/Rome --holidays days.txt");
    let mut desk = desk;
    desk.now("2026-12-04T09:00:00Z");
    desk.ok("product add ARC --provider NorduGrid --contact arc@example.org");
    desk.submit("ARC", "7.0.3", "--platform al9")
        .says(&["Mon 14 Dec 2026"]);
    let why = desk.json("why S-1");
    assert_eq!(why["due"], "2026-12-14");
    let skipped = why["skipped"].as_array().unwrap();
    let reason = |day: &str| {
        skipped
            .iter()
            .find(|it| it["day"] == day)
            .map(|it| it["reason"].as_str().unwrap())
    };
    assert_eq!(reason("2026-12-05"), Some("Saturday"));
    assert_eq!(reason("2026-12-08"), Some("Immaculate Conception"));
    desk.now("2026-12-14T22:59:00Z");
    assert_eq!(
        desk.json("status")["counts"]["overdue"],
        0,
        "the last day is in time"
    );
    desk.now("2026-12-14T23:00:00Z");
    assert_eq!(
        desk.json("status")["counts"]["overdue"],
        1,
        "midnight in Rome"
    );
}

#[test]
fn r64_the_waiting_line_is_ordered_by_waiting_time() {
    let desk = Desk::new();
    for (product, at) in [
        ("Late", "2026-11-16"),
        ("Early", "2026-11-02"),
        ("Middle", "2026-11-09"),
    ] {
        desk.ok(&format!(
            "product add {product} --provider {product}team --contact a@example.org"
        ));
        desk.submit(product, "1.0.0", &format!("--platform al9 --at {at}"));
    }
    for (id, at) in [
        ("S-1", "2026-11-16"),
        ("S-2", "2026-11-02"),
        ("S-3", "2026-11-09"),
    ] {
        desk.ok(&format!("inject {id} --at {at}"));
    }
    let tickets = desk.json("list tickets")["items"].clone();
    let products: Vec<&str> = tickets
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["product"].as_str().unwrap())
        .collect();
    assert_eq!(products, ["Early", "Middle", "Late"]);
}

#[test]
fn r65_unverified_lasts_a_month_clamped_and_its_last_day_is_in_time() {
    let desk = Desk::new();
    desk.ok("product add ARC --provider NorduGrid --contact arc@example.org");
    desk.submit("ARC", "7.0.3", "--platform al9 --at 2026-01-30");
    desk.ok("inject S-1 --at 2026-01-30");
    assert_eq!(desk.show("T-1")["due"], "2026-02-28");
    let last = desk.json("why T-1 --as-of 2026-02-28");
    let after = desk.json("why T-1 --as-of 2026-03-01");
    assert_eq!(
        (&last["verdict"], &last["days_left"]),
        (&"due-soon".into(), &0.into())
    );
    assert_eq!(
        (&after["verdict"], &after["days_left"]),
        (&"overdue".into(), &(-1).into())
    );
    desk.ok("why T-1 --as-of 2026-02-28")
        .says(&["Last day in time: Sat 28 Feb 2026"]);
    assert_eq!(after["limit"], "1 month");
    let counted = after["counted"].to_string();
    assert!(counted.contains("February has no 30th"), "{counted}");
}

#[test]
fn r66_a_late_ticket_is_never_moved_by_the_program_and_never_delayed_without_a_reason() {
    let mut desk = Desk::with_tickets();
    desk.now("2026-12-10T09:00:00Z");
    assert_eq!(
        desk.show("T-1")["state"],
        "unverified",
        "overdue is derived, never stored"
    );
    assert_eq!(desk.show("T-1")["overdue"], true);
    desk.ok("next").says(&["T-1", "explain the delay"]);
    desk.refused(2, "ticket delay T-1").complains(&["reason"]);
    desk.refused(2, "ticket delay T-1 --reason ' '")
        .complains(&["reason"]);
    desk.refused(2, "ticket delay T-1 --promise +5bd")
        .complains(&["reason"]);
    assert_eq!(desk.show("T-1")["state"], "unverified");
    desk.ok("ticket delay T-1 --reason 'no testbed'");
    let shown = desk.show("T-1");
    assert_eq!(shown["state"], "delayed");
    assert_eq!(shown["delayed_from"], "unverified");
    assert_eq!(shown["delay_reason"], "no testbed");
    assert_eq!(shown["overdue"], false);
}

#[test]
fn r67_the_product_team_is_told_of_the_delay_with_ticket_stage_limit_reason_and_promise() {
    let mut desk = Desk::with_tickets();
    desk.now("2026-12-10T09:00:00Z");
    let before = desk.json("list messages")["items"]
        .as_array()
        .unwrap()
        .len();
    desk.ok("ticket delay T-1 --reason 'no testbed' --promise 2026-12-18");
    let messages = desk.json("list messages")["items"].clone();
    assert_eq!(messages.as_array().unwrap().len(), before + 1, "one notice");
    desk.ok("outbox show X-3").says(&[
        "To: arc@example.org",
        "T-1",
        "ARC",
        "7.0.3",
        "al9",
        "unverified",
        "1 month",
        "Wed 2 Dec 2026",
        "no testbed",
        "Fri 18 Dec 2026",
    ]);
    assert_eq!(desk.json("status")["counts"]["unsent_delay_notices"], 1);
    assert_eq!(
        desk.run("status --check").code,
        5,
        "a notice that is not sent"
    );
}

#[test]
fn r67_without_a_contact_the_delay_is_recorded_and_the_duty_stays() {
    let desk = Desk::new();
    desk.ok("product add ARC --provider NorduGrid");
    desk.submit("ARC", "7.0.3", "--platform al9 --at 2026-10-01");
    desk.ok("inject S-1 --at 2026-10-01");
    desk.ok("set S-1 channel_id=");
    desk.ok("ticket delay T-1 --reason 'no testbed'")
        .complains(&["no addressee"]);
    assert_eq!(desk.show("T-1")["state"], "delayed");
    desk.ok("next --all").says(&["no addressee"]);
    desk.refused(4, "outbox mailto X-3").complains(&["--to"]);
}

#[test]
fn r68_delayed_tickets_are_followed_by_a_promise_or_a_review() {
    let mut desk = Desk::with_tickets();
    desk.now("2026-12-10T09:00:00Z");
    desk.ok("ticket delay T-1 --reason R --promise 2026-12-18");
    desk.ok("ticket delay T-2 --reason R");
    let delayed = desk.json("list tickets --filter state=delayed")["items"].clone();
    assert_eq!(delayed.as_array().unwrap().len(), 2);
    assert_eq!(
        desk.show("T-1")["due"],
        "2026-12-18",
        "the promise is the clock"
    );
    assert_eq!(desk.show("T-2")["due"], "2026-12-24", "a review in 14 days");
    for message in ["X-2", "X-3", "X-4"] {
        desk.ok(&format!("outbox sent {message}"));
    }
    desk.ok("ticket inform T-1");
    desk.ok("outbox skip X-5 --reason 'told by phone'");
    desk.now("2026-12-18T12:00:00Z");
    assert_eq!(desk.json("status")["counts"]["broken_promises"], 0);
    desk.now("2026-12-19T12:00:00Z");
    assert_eq!(desk.json("status")["counts"]["broken_promises"], 1);
    desk.refused(5, "status --check")
        .complains(&["1 broken promise"]);
    desk.ok("next").says(&["T-1", "promise again"]);
}

#[test]
fn r69_the_verifier_is_named_and_not_of_the_products_team() {
    let desk = Desk::with_tickets();
    desk.ok("person add Nora --organisation NorduGrid --role verifier");
    desk.refused(2, "ticket start T-1").complains(&["verifier"]);
    desk.refused(4, "ticket start T-1 --verifier Nora")
        .complains(&["NorduGrid"]);
    desk.refused(3, "ticket start T-1 --verifier Nobody");
    desk.ok("ticket start T-1 --verifier vera");
    let shown = desk.show("T-1");
    assert_eq!(shown["state"], "verification");
    assert_eq!(shown["verifier"], "Vera");
}

#[test]
fn r69_verification_ends_only_when_every_criterion_has_a_result() {
    let desk = Desk::with_tickets();
    desk.ok("ticket start T-1 --verifier Vera");
    desk.refused(4, "ticket verify T-1");
    desk.refused(2, "ticket check T-1 QC_DOC_1 FINE");
    desk.refused(3, "ticket check T-1 QC_NONE OK");
    desk.ok("ticket check T-1 QC_SEC_2 FAIL");
    desk.ok("ticket check T-1 --all OK --except QC_SEC_2=FAIL");
    desk.refused(4, "ticket verify T-1");
    desk.ok("ticket check T-1 QC_SEC_2 OK --note 'tried again'");
    desk.ok("ticket verify T-1").says(&["staged rollout"]);
    assert_eq!(desk.show("T-1")["state"], "staged-rollout");
}

#[test]
fn r70_verification_lasts_a_week_and_a_question_does_not_stop_it() {
    let desk = Desk::with_tickets();
    desk.ok("ticket start T-1 --verifier Vera --at 2026-11-10");
    assert_eq!(desk.show("T-1")["due"], "2026-11-17");
    assert_eq!(desk.show("T-1")["overdue"], true);
    desk.ok("ticket ask T-1 'Which testbed?' --at 2026-11-12");
    assert_eq!(desk.show("T-1")["state"], "waiting-for-response");
    desk.ok("ticket answer T-1 'The new one.' --at 2026-11-16");
    let shown = desk.show("T-1");
    assert_eq!(shown["state"], "verification");
    assert_eq!(shown["due"], "2026-11-17", "nothing restarts a clock");
    assert_eq!(shown["waited_days"], 4, "booked to the provider");
}

#[test]
fn r71_a_late_verification_is_delayed_with_explanation_and_notice_and_taken_up_again() {
    let desk = Desk::with_tickets();
    desk.ok("ticket start T-1 --verifier Vera --at 2026-11-10");
    desk.ok("ticket delay T-1 --reason 'verifier ill' --promise 2026-11-27");
    let shown = desk.show("T-1");
    assert_eq!(shown["delayed_from"], "verification");
    desk.ok("outbox show X-3")
        .says(&["verification", "1 week", "verifier ill", "Fri 27 Nov 2026"]);
    desk.ok("ticket resume T-1 --due 2026-11-30");
    let shown = desk.show("T-1");
    assert_eq!(shown["state"], "verification");
    assert_eq!(shown["due"], "2026-11-30");
}

/// A desk whose T-1 has been in staged rollout since 12 November.
fn in_rollout() -> Desk {
    let desk = Desk::with_tickets();
    desk.ok("ticket start T-1 --verifier Vera --at 2026-11-10");
    desk.ok("ticket check T-1 --all OK --at 2026-11-11");
    desk.ok("ticket verify T-1 --at 2026-11-12");
    desk
}

#[test]
fn r72_after_verification_the_ticket_waits_for_the_sites() {
    let desk = in_rollout();
    let why = desk.json("why T-1");
    let blockers = why["blockers"].to_string();
    assert!(blockers.contains("announced to no site"), "{blockers}");
    desk.refused(4, "ticket accept T-1")
        .complains(&["announced to no site", "relmate announce T-1"]);
}

#[test]
fn r73_staged_rollout_lasts_a_month() {
    let shown = in_rollout().show("T-1");
    assert_eq!(shown["state"], "staged-rollout");
    assert_eq!(shown["due"], "2026-12-12");
    assert_eq!(shown["limit"], "1 month");
}

#[test]
fn r74_a_late_rollout_is_delayed_with_explanation_and_notice() {
    let mut desk = in_rollout();
    desk.now("2026-12-14T10:00:00Z");
    assert_eq!(desk.show("T-1")["overdue"], true);
    desk.ok("ticket delay T-1 --reason 'CNAF was silent'");
    assert_eq!(desk.show("T-1")["delayed_from"], "staged-rollout");
    desk.ok("outbox show X-3")
        .says(&["staged rollout", "CNAF was silent", "looked at again"]);
}

#[test]
fn r75_a_tested_ticket_is_ready_for_the_next_release() {
    let desk = in_rollout();
    desk.ok("site add CNAF --country Italy --contact cnaf@example.org");
    desk.refused(3, "ticket accept T-1 --tested-by PIC");
    desk.ok("ticket accept T-1 --tested-by CNAF");
    let ready = desk.json("list tickets --filter state=ready")["items"].clone();
    assert_eq!(ready[0]["id"], "T-1");
    assert_eq!(
        ready[0]["due"],
        serde_json::Value::Null,
        "ready has no limit"
    );
    desk.ok("ticket promote T-1");
    assert_eq!(desk.show("T-1")["state"], "released");
    desk.refused(2, "ticket recall T-1").complains(&["reason"]);
    desk.ok("ticket recall T-1 --reason 'lost data'");
    assert_eq!(desk.show("T-1")["state"], "recalled");
}

#[test]
fn a_ticket_can_be_rejected_or_withdrawn_anywhere_before_its_release() {
    let desk = Desk::with_tickets();
    desk.refused(2, "ticket reject T-1");
    desk.ok("ticket reject T-1 --reason 'does not install'")
        .says(&["rejection"]);
    desk.refused(4, "ticket start T-1 --verifier Vera");
    desk.ok("ticket delay T-2 --reason R");
    desk.ok("ticket withdraw T-2");
    assert_eq!(desk.show("T-2")["state"], "withdrawn");
}

#[test]
fn a_delayed_ticket_has_every_step_open_that_the_state_it_came_from_has() {
    let desk = Desk::with_tickets();
    desk.ok("ticket delay T-1 --reason R");
    desk.ok("ticket start T-1 --verifier Vera");
    assert_eq!(desk.show("T-1")["state"], "verification");
}
