//! Problems of production sites and known errors through the program, requirement by
//! requirement.

use crate::support::Desk;

/// ARC 7.0.3 on al9 is in production as T-1 since 10 November; CNAF and PIC are sites.
fn production() -> Desk {
    let desk = Desk::with_tickets();
    desk.ok("site add CNAF --country IT --contact cnaf@example.org");
    desk.ok("site add PIC --country ES --contact pic@example.org");
    released(&desk, "T-1");
    desk
}

#[track_caller]
fn released(desk: &Desk, id: &str) {
    desk.ok(&format!("ticket start {id} --verifier Vera"));
    desk.ok(&format!("ticket check {id} --all OK"));
    desk.ok(&format!("ticket verify {id}"));
    desk.ok(&format!("ticket accept {id} --tested-by CNAF"));
    desk.ok(&format!("ticket promote {id}"));
}

const FILE: &str =
    "problem file --channel-id GGUS-170001 --ticket T-1 --site CNAF --text 'Jobs are lost.'";
const CRITICAL: &str =
    "problem triage P-1 --criticality critical --body MU --decided-by Marta --priority top";

/// The message of a kind that was drafted last.
#[track_caller]
fn letter(desk: &Desk, kind: &str) -> serde_json::Value {
    let messages = desk.json(&format!("list messages --filter kind={kind}"));
    let items = messages["items"].as_array().unwrap();
    assert!(!items.is_empty(), "no {kind} was drafted");
    let id = |item: &serde_json::Value| {
        let id = item["id"].as_str().unwrap().trim_start_matches("X-");
        id.parse::<u32>().unwrap()
    };
    let last = items.iter().max_by_key(|item| id(item)).unwrap();
    desk.show(last["id"].as_str().unwrap())
}

#[test]
fn r47_a_problem_comes_by_the_standard_channel_with_its_id_once() {
    let desk = production();
    desk.refused(2, "problem file --ticket T-1 --text 'Jobs are lost.'")
        .complains(&["standard channel", "--channel-id"]);
    desk.ok(FILE)
        .says(&["GGUS-170001 is filed as P-1", "ARC 7.0.3"]);
    let report = letter(&desk, "problem-report");
    assert_eq!(report["to"][0], "EGI Software provisioning support");
    let body = report["body"].as_str().unwrap();
    for part in ["GGUS-170001", "ARC 7.0.3", "Jobs are lost."] {
        assert!(body.contains(part), "{body}");
    }
    desk.refused(
        4,
        "problem file --channel-id ggus-170001 --product ARC --text 'Again.'",
    )
    .complains(&["P-1", "ARC 7.0.3"]);
    assert_eq!(
        desk.json("list problems")["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn r47_what_is_said_of_a_problem_and_what_is_known_of_its_ticket_agree() {
    let desk = production();
    desk.ok("product add FTS --provider CERN");
    let file = "problem file --channel-id GGUS-2 --text 'Jobs are lost.' --ticket T-1";
    desk.refused(4, &format!("{file} --version 7.0.9"))
        .complains(&["7.0.3", "7.0.9"]);
    desk.refused(4, &format!("{file} --product FTS"))
        .complains(&["ARC", "FTS"]);
    desk.refused(3, "problem file --channel-id GGUS-2 --product NO --text x");
    desk.refused(2, "problem file --channel-id GGUS-2 --text x")
        .complains(&["product"]);
    desk.ok(
        "problem file --channel-id GGUS-2 --product arc --version 9.9.9 --site NOWHERE --text x",
    )
    .complains(&["No ticket", "9.9.9", "NOWHERE is not among the sites"]);
}

#[test]
fn r48_nothing_that_goes_out_says_where_in_a_rollout_the_site_was() {
    let desk = production();
    desk.ok(FILE);
    assert_eq!(desk.show("P-1")["stage"], "general");
    for format in ["csv", "json"] {
        let written = desk.ok(&format!("export {format} problems"));
        written.hides(&["stage", "general", "announcement", "T-1"]);
        written.says(&["GGUS-170001", "Jobs are lost."]);
    }
    desk.refused(2, "export csv problems --columns id,stage")
        .complains(&["stage", "managers"]);
}

#[test]
fn r49_triage_needs_a_body_of_the_process_a_person_and_a_criticality() {
    let desk = production();
    desk.ok(FILE);
    desk.refused(
        2,
        "problem triage P-1 --criticality critical --decided-by Marta",
    )
    .complains(&["the body that decided"]);
    desk.refused(2, "problem triage P-1 --criticality critical --body MU")
        .complains(&["the person"]);
    desk.refused(2, "problem triage P-1 --body MU --decided-by Marta")
        .complains(&["how critical"]);
    desk.refused(
        4,
        "problem triage P-1 --criticality critical --body TSC --decided-by Marta",
    )
    .complains(&["TSC does not decide", "MU, OU, UCS"]);
    desk.ok(CRITICAL).says(&["critical, as MU (Marta) decided"]);
    let shown = desk.show("P-1");
    assert_eq!(shown["body"], "MU");
    assert_eq!(shown["decided_by"], "Marta");
    assert_eq!(shown["priority"], "top");
    let counts = desk.json("status")["counts"].clone();
    assert_eq!(counts["critical_problems"], 1);
    desk.refused(
        4,
        "problem triage P-1 --criticality low --body MU --decided-by Marta",
    )
    .complains(&["downgraded"]);
    desk.ok("undo");
    assert_eq!(desk.json("status")["counts"]["critical_problems"], 0);
}

#[test]
fn r50_a_critical_problem_is_walked_from_filing_to_closing_by_commands_alone() {
    let mut desk = production();
    desk.ok("site add RAL --contact ral@example.org");
    desk.ok(FILE);
    desk.refused(4, "problem engage P-1")
        .complains(&["not triaged"]);
    desk.refused(4, "problem close P-1 fixed")
        .complains(&["not triaged"]);
    desk.ok(CRITICAL);
    desk.refused(2, "problem close P-1").complains(&["silence"]);
    desk.refused(4, "problem fix P-1 --version 7.0.4")
        .complains(&["has not been engaged"]);
    desk.refused(4, "problem close P-1 fixed")
        .complains(&["P-1 is critical", "the provider has not been engaged"]);
    desk.ok("problem engage P-1")
        .says(&["engaged with arc@example.org", "open the fixing version"]);
    desk.refused(4, "problem engage P-1")
        .complains(&["already"]);
    desk.refused(2, "problem halt P-1 --reason 'jobs are lost'")
        .complains(&["a scope"]);
    desk.ok("problem halt P-1 --reason 'jobs are lost' --scope 'all sites'");
    desk.refused(4, "problem halt P-1 --reason x --scope y")
        .complains(&["all sites", "jobs are lost"]);
    fixes(&desk);
    told(&desk);
    desk.refused(4, "problem close P-1 fixed").complains(&[
        "P-1 is critical and cannot be closed",
        "T-1 (ARC 7.0.3 al9) has been in production since",
        "no later version of ARC for al9",
    ]);
    let why = desk.json("why P-1");
    let blockers = why["blockers"].to_string();
    assert!(blockers.contains("T-1 (ARC 7.0.3 al9)"), "{blockers}");
    desk.now("2026-11-24T09:00:00Z");
    desk.ok("inject S-2");
    released(&desk, "T-3");
    desk.refused(4, "problem close P-1 fixed")
        .complains(&["T-2 (ARC 7.0.3 el9) is still on its way"]);
    desk.ok("ticket reject T-2 --reason 'jobs are lost'");
    desk.ok("problem close P-1 fixed").says(&[
        "P-1 (ARC 7.0.3) is closed as fixed",
        "T-3 (ARC 7.0.4 al9) took the place of T-1 (ARC 7.0.3 al9)",
    ]);
    let shown = desk.show("P-1");
    assert_eq!(shown["closed_as"], "fixed");
    assert_eq!(shown["fixed_in"], "7.0.4");
    assert_eq!(desk.json("why P-1")["verdict"], "done");
    assert_eq!(desk.json("status")["counts"]["critical_problems"], 0);
    desk.refused(4, "problem engage P-1")
        .complains(&["closed as fixed"]);
}

/// The fixing version comes in as an emergency; what cannot be one is refused.
#[track_caller]
fn fixes(desk: &Desk) {
    desk.refused(2, "problem fix P-1")
        .complains(&["What fixes P-1"]);
    desk.refused(4, "problem fix P-1 --by T-2")
        .complains(&["ARC 7.0.3", "T-2"]);
    desk.refused(4, "problem fix P-1 --version 7.0.3")
        .complains(&["ARC 7.0.3", "P-1"]);
    desk.refused(2, "problem fix P-1 --version 7.0.4")
        .complains(&["notes"]);
    desk.file("fixed.txt", "arc-ce-7.0.4\n");
    desk.ok("problem fix P-1 --version 7.0.4 --notes https://example.org/n --packages fixed.txt")
        .says(&["S-2", "P-1 is to be fixed by S-2 (7.0.4)"]);
    let submission = desk.show("S-2");
    assert_eq!(submission["emergency"], true);
    assert_eq!(submission["supersedes"], "S-1");
    desk.refused(4, "problem fix P-1 --by S-2")
        .complains(&["S-2"]);
}

/// PIC runs it and is warned; only a sent warning counts.
#[track_caller]
fn told(desk: &Desk) {
    desk.refused(4, "problem tell P-1")
        .complains(&["nobody left to tell", "CNAF"]);
    desk.ok("problem tell P-1 PIC --advice")
        .complains(&["PIC was not known to run"]);
    desk.refused(4, "problem tell P-1 PIC")
        .complains(&["PIC was told"]);
    let warning = letter(desk, "warning");
    assert_eq!(warning["to"][0], "pic@example.org");
    desk.refused(4, "problem close P-1 fixed")
        .complains(&["PIC", "is not sent"]);
    desk.ok(&format!("outbox sent {}", warning["id"].as_str().unwrap()));
}

#[test]
fn r50_a_recall_ends_a_critical_problem_once_it_has_happened() {
    let desk = production();
    desk.ok(FILE);
    desk.ok(CRITICAL);
    desk.refused(4, "problem close P-1 recalled")
        .complains(&["T-1 (ARC 7.0.3 al9) is released and not recalled"]);
    desk.ok("ticket recall T-1 --reason 'jobs are lost'");
    desk.refused(4, "problem close P-1 recalled")
        .complains(&["T-2 (ARC 7.0.3 el9) is still on its way"]);
    desk.ok("ticket reject T-2 --reason 'jobs are lost'");
    desk.ok("problem close P-1 recalled")
        .says(&["T-1", "is recalled"]);
    assert_eq!(desk.show("P-1")["closed_with"], "T-1");
}

#[test]
fn r50_every_step_has_a_clock_and_what_passes_it_is_a_breach() {
    let mut desk = production();
    desk.ok(FILE);
    desk.ok(CRITICAL);
    let kinds = |desk: &Desk| -> Vec<String> {
        let lines = desk.json("status")["attention"].clone();
        let of_it = lines
            .as_array()
            .unwrap()
            .iter()
            .filter(|it| it["id"] == "P-1");
        of_it
            .map(|it| {
                format!(
                    "{}: {}",
                    it["severity"].as_str().unwrap(),
                    it["step"].as_str().unwrap()
                )
            })
            .collect()
    };
    assert_eq!(
        kinds(&desk),
        ["due: engage the provider", "due: halt the rollout"]
    );
    desk.now("2026-11-23T09:00:00Z");
    assert_eq!(
        kinds(&desk),
        ["breach: engage the provider", "breach: halt the rollout"]
    );
    let why = desk.json("why P-1");
    assert_eq!(why["verdict"], "overdue");
    assert_eq!(why["limit"], "1 day");
    desk.refused(5, "status --check");
}

#[test]
fn r50_a_critical_problem_does_not_leave_the_desk_in_silence() {
    let desk = production();
    desk.ok(FILE);
    desk.ok(CRITICAL);
    desk.refused(4, "delete P-1")
        .complains(&["critical, as MU (Marta)"]);
    desk.refused(2, "problem close P-1 no-defect")
        .complains(&["reason"]);
    desk.refused(2, "problem close P-1 duplicate")
        .complains(&["repeats"]);
    desk.refused(4, "problem close P-1 duplicate --of P-1")
        .complains(&["itself"]);
    desk.refused(4, "problem close P-1 known-error --workaround 'Restart.'")
        .complains(&["critical"]);
    desk.refused(2, "problem close P-1 downgraded --reason 'one site only'")
        .complains(&["how critical", "the body", "the person"]);
    desk.ok(
        "problem close P-1 downgraded --criticality low --body OU --decided-by Olga --reason 'one site only'",
    );
    let shown = desk.show("P-1");
    assert_eq!(
        (&shown["criticality"], &shown["body"]),
        (&"low".into(), &"OU".into())
    );
    let why = desk.json("why P-1");
    assert!(why["sentence"].as_str().unwrap().contains("one site only"));
    assert!(
        why["counted"]
            .to_string()
            .contains("MU (Marta) had found it critical")
    );
}

#[test]
fn r51_no_text_to_a_site_asks_it_to_roll_back_and_a_backup_is_its_own_choice() {
    let desk = production();
    desk.ok(FILE);
    desk.ok(CRITICAL);
    desk.ok("problem engage P-1");
    desk.ok("problem tell P-1 PIC");
    let plain = letter(&desk, "warning")["body"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(plain.contains("Nothing is asked of you"), "{plain}");
    assert!(!plain.contains("backup"), "{plain}");
    desk.ok("site add RAL --contact ral@example.org");
    desk.ok("problem tell P-1 RAL --advice");
    let advised = letter(&desk, "warning")["body"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(advised.contains("entirely your own choice"), "{advised}");
    for text in [plain, advised] {
        let text = text.to_lowercase();
        assert!(
            !text.contains("roll back") && !text.contains("rollback"),
            "{text}"
        );
    }
}

#[test]
fn what_is_not_critical_becomes_a_known_error_until_a_version_fixes_it() {
    let desk = production();
    desk.ok(FILE);
    desk.ok("problem triage P-1 --criticality moderate --body UCS --decided-by Uma");
    desk.refused(4, "problem halt P-1 --reason x --scope y")
        .complains(&["moderate, as UCS (Uma)"]);
    desk.refused(2, "problem close P-1 known-error")
        .complains(&["workaround"]);
    desk.ok("problem close P-1 known-error --workaround 'Restart it daily.'")
        .says(&["E-1", "closed as a known error (E-1)"]);
    let error = desk.show("E-1");
    assert_eq!(error["problem"], "P-1");
    assert_eq!(error["symptom"], "Jobs are lost.");
    assert_eq!(error["workaround"], "Restart it daily.");
    assert_eq!(error["source"], "production");
    assert_eq!(error["state"], "open");
    desk.refused(2, "error fix E-1").complains(&["version"]);
    desk.refused(4, "error fix E-1 --version 7.0.3")
        .complains(&["7.0.3"]);
    desk.ok("error fix E-1 --version 7.0.4");
    assert_eq!(desk.show("E-1")["fixed_in"], "7.0.4");
    desk.refused(4, "error fix E-1 --version 7.0.5")
        .complains(&["7.0.4"]);
}

#[test]
fn a_known_error_of_a_critical_problem_leaves_it_open() {
    let desk = production();
    desk.ok(FILE);
    desk.refused(4, "error add --problem P-1 --workaround x")
        .complains(&["not triaged"]);
    desk.ok(CRITICAL);
    desk.ok("error add --problem P-1 --workaround 'Restart it.'")
        .says(&["E-1", "stays open"]);
    assert_eq!(desk.show("P-1")["state"], "triaged");
    desk.refused(4, "error add --problem P-1")
        .complains(&["E-1"]);
}

#[test]
fn an_advisory_has_its_risk_class_and_target_in_why() {
    let mut desk = production();
    desk.refused(
        2,
        "error add --product ARC --symptom 'A token leaks.' --advisory EGI-SVG-2026-7",
    );
    desk.ok(
        "error add --product ARC --version 7.0.3 --symptom 'A token leaks.' \
         --advisory EGI-SVG-2026-7 --risk high --at 2026-11-20",
    )
    .says(&["EGI-SVG-2026-7 is high", "Fri 1 Jan 2027"]);
    let why = desk.json("why E-1");
    assert_eq!(why["limit"], "6 weeks");
    assert_eq!(why["due"], "2027-01-01");
    assert!(
        why["sentence"]
            .as_str()
            .unwrap()
            .contains("risk class high")
    );
    assert_eq!(desk.show("E-1")["source"], "advisory");
    desk.refused(
        4,
        "error add --product ARC --symptom 'Again.' --advisory egi-svg-2026-7 --risk low",
    )
    .complains(&["E-1"]);
    desk.now("2027-01-02T09:00:00Z");
    assert_eq!(desk.json("why E-1")["verdict"], "overdue");
}

/// T-2 is in its staged rollout; announced to CNAF where a test says so.
fn in_rollout(announced: bool) -> Desk {
    let desk = production();
    desk.ok("site sla CNAF --product ARC --days 7");
    desk.ok("ticket start T-2 --verifier Vera");
    desk.ok("ticket check T-2 --all OK");
    desk.ok("ticket verify T-2");
    if announced {
        desk.ok("announce T-2");
    }
    desk
}

#[test]
fn r48_the_report_and_the_export_of_a_rollout_sites_problem_are_those_of_any_other() {
    let file = "problem file --channel-id GGUS-170001 --site CNAF --text 'Jobs are lost.'";
    let (first, general) = (in_rollout(true), in_rollout(false));
    first.ok(&format!("{file} --announcement N-1"));
    general.ok(&format!("{file} --ticket T-2"));
    assert_eq!(first.show("P-1")["stage"], "first");
    assert_eq!(general.show("P-1")["stage"], "general");
    let told = |desk: &Desk| {
        let report = letter(desk, "problem-report");
        (
            report["subject"].clone(),
            report["body"].clone(),
            report["to"].clone(),
        )
    };
    assert_eq!(told(&first), told(&general));
    for format in ["csv", "json", "markdown"] {
        let written = |desk: &Desk| desk.ok(&format!("export {format} problems")).stdout;
        assert_eq!(written(&first), written(&general), "{format}");
    }
}

#[test]
fn r50_a_halt_stops_the_rollout_and_tells_its_sites() {
    let desk = in_rollout(true);
    desk.ok(
        "problem file --channel-id GGUS-1 --announcement N-1 --site CNAF --text 'Jobs are lost.'",
    );
    desk.ok(CRITICAL);
    desk.ok("problem halt P-1 --reason 'Jobs are lost.' --scope 'all sites'")
        .says(&["N-1 is halted"]);
    assert_eq!(desk.show("N-1")["state"], "halted");
    let notices = desk.json("list messages --filter kind=halt-notice");
    let none = notices["items"].as_array().is_some_and(Vec::is_empty);
    assert!(none, "the announcement is drafted and not sent: {notices}");
    desk.refused(4, "ticket accept T-2").complains(&["P-1"]);
}

#[test]
fn r43_a_critical_problem_that_names_no_ticket_holds_up_every_ticket_of_its_version() {
    let desk = Desk::with_tickets();
    desk.ok("site add CNAF --contact cnaf@example.org");
    for id in ["T-1", "T-2"] {
        desk.ok(&format!("ticket start {id} --verifier Vera"));
        desk.ok(&format!("ticket check {id} --all OK"));
        desk.ok(&format!("ticket verify {id}"));
        desk.ok(&format!("announce {id} --to CNAF --days 5 --told"));
    }
    desk.ok(
        "problem file --channel-id GGUS-1 --product arc --version 7.0.3 --text 'Jobs are lost.'",
    );
    desk.ok(CRITICAL);
    for id in ["T-1", "T-2"] {
        desk.refused(4, &format!("ticket accept {id}"))
            .complains(&["P-1"]);
    }
}

#[test]
fn r49_the_version_that_was_judged_stays_and_a_text_without_one_says_so() {
    let desk = production();
    desk.ok("problem file --channel-id GGUS-1 --product ARC --text 'Jobs are lost.'");
    let report = letter(&desk, "problem-report");
    let (subject, body) = (report["subject"].to_string(), report["body"].to_string());
    for text in [&subject, &body] {
        assert!(text.contains("ARC (version unknown)"), "{text}");
    }
    desk.ok(CRITICAL);
    desk.ok("set P-1 version=7.0.3");
    desk.refused(4, "set P-1 version=9.9.9")
        .complains(&["critical, as MU (Marta)", "ARC 7.0.3"]);
}
