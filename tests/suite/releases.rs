//! Distribution releases and the two repositories through the program (R-34 to,
//! R-75; DOMAIN.md C4 and E9).

use crate::support::{Desk, Outcome};

pub(crate) const NAME: &str = "'CMD 1.4.0'";

/// Saturday, 21 November 2026: T-1 (al9) is ready, T-2 (el9) is in verification, T-3 of
/// CREAM has not begun.
pub(crate) fn desk() -> Desk {
    let desk = Desk::with_tickets();
    desk.ok("site add CNAF --country IT --contact cnaf@example.org");
    ready(&desk, "T-1");
    desk.ok("ticket start T-2 --verifier Vera --at 2026-11-04");
    desk.ok("product add CREAM --provider INFN --contact cream@example.org");
    desk.submit("CREAM", "1.16.0", "--platform al9 --at 2026-11-20");
    desk.ok("inject S-2 --at 2026-11-20");
    desk
}

/// Walks a ticket to `ready` by whatever steps this desk asks for.
#[track_caller]
pub(crate) fn ready(desk: &Desk, id: &str) {
    desk.ok(&format!(
        "ticket start {id} --verifier Vera --at 2026-11-03"
    ));
    desk.ok(&format!("ticket check {id} --all OK --at 2026-11-05"));
    verify(desk, id);
    accept(desk, id);
    assert_eq!(desk.show(id)["state"], "ready");
}

#[track_caller]
fn verify(desk: &Desk, id: &str) {
    desk.ok(&format!("ticket verify {id} --at 2026-11-06"));
}

#[track_caller]
fn accept(desk: &Desk, id: &str) {
    desk.ok(&format!(
        "ticket accept {id} --tested-by CNAF --at 2026-11-18"
    ));
}

#[track_caller]
pub(crate) fn planned(desk: &Desk) -> Outcome {
    desk.ok(&format!(
        "release add {NAME} --kind minor --date 2026-12-17"
    ))
}

/// With frozen contents: T-1 is in it.
fn frozen() -> Desk {
    let desk = desk();
    planned(&desk);
    desk.ok(&format!("release freeze-date {NAME}"));
    desk.ok(&format!("release freeze {NAME}"));
    desk
}

/// With everything that publication asks for.
pub(crate) fn complete() -> Desk {
    let desk = frozen();
    desk.ok(&format!("release rc {NAME} --site CNAF"));
    for no in ["1", "2", "3", "4.1", "4.2", "4.3", "4.4", "4", "5"] {
        desk.ok(&format!("release sign {NAME} {no}"));
    }
    desk.ok(&format!("set {NAME} 'notes=Two fixes of ARC.'"));
    desk
}

#[test]
fn a_release_says_by_when_it_is_frozen_and_its_kind_follows_from_its_number() {
    let desk = desk();
    planned(&desk).says(&[
        "planned as a minor release for Thu 17 Dec 2026",
        "Its date is to be frozen by Thu 3 Dec 2026 (14 days before)",
        "Its contents are to be frozen by Thu 10 Dec 2026 (7 days before)",
    ]);
    let shown = desk.show(NAME);
    assert_eq!(shown["kind"], "minor");
    assert_eq!(shown["state"], "planned");
    assert_eq!(shown["date_freeze"], "2026-12-03");
    desk.refused(4, &format!("release add {NAME} --date 2027-01-17"))
        .complains(&["already a release called CMD 1.4.0"]);
    desk.refused(4, "release add 'CMD 1.4.1' --kind minor --date 2026-12-17")
        .complains(&["minor", "revision"]);
    desk.refused(
        4,
        "release add 'CMD 1.5.0' --incompatible --date 2026-12-17",
    )
    .complains(&["incompatibly"]);
    desk.refused(2, "release add 'CMD one' --date 2026-12-17");
    desk.refused(2, "release add 'CMD 1.5.0'");
    let list = desk.json("list releases");
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
}

#[test]
fn a_cycle_and_its_release_may_have_one_name_and_the_kind_tells_them_apart() {
    let desk = desk();
    desk.ok(&format!("cycle add {NAME} --start 2026-08-03"));
    assert_eq!(desk.show(NAME)["name"], "CMD 1.4.0");
    desk.ok(&format!(
        "release add {NAME} --date 2026-12-17 --cycle {NAME}"
    ));
    assert_eq!(desk.show(NAME)["cycle"], "CMD 1.4.0");
    desk.ok(&format!("why {NAME}")).says(&["planned"]);
    desk.ok("show 'cycle CMD 1.4.0'").hides(&["Contents"]);
    desk.ok(&format!("set {NAME} 'notes=Two fixes.'"));
    assert_eq!(desk.show("'release CMD 1.4.0'")["notes"], "Two fixes.");
}

#[test]
fn a_freeze_date_in_the_past_is_refused_with_both_days() {
    let mut desk = desk();
    desk.refused(4, "release add 'CMD 1.4.0' --date 2026-11-01")
        .complains(&["Sun 1 Nov 2026", "Sat 21 Nov 2026"]);
    planned(&desk);
    desk.refused(4, &format!("release freeze-date {NAME} --date 2026-11-20"))
        .complains(&["Fri 20 Nov 2026"]);
    desk.now("2026-12-18T09:00:00Z");
    desk.refused(4, &format!("release freeze-date {NAME}"))
        .complains(&["Thu 17 Dec 2026", "Fri 18 Dec 2026"]);
    desk.ok(&format!("release freeze-date {NAME} --date 2027-01-14"));
    assert_eq!(desk.show(NAME)["date"], "2027-01-14");
}

#[test]
fn a_frozen_date_moves_with_a_reason_alone_and_the_move_is_kept() {
    let desk = desk();
    planned(&desk);
    desk.ok(&format!("release freeze-date {NAME}"));
    desk.refused(4, &format!("release freeze-date {NAME}"))
        .complains(&["frozen already"]);
    desk.refused(2, &format!("release freeze-date {NAME} --date 2026-12-18"));
    desk.ok(&format!(
        "release freeze-date {NAME} --date 2026-12-18 --reason 'The testbed moved'"
    ));
    let shown = desk.show(NAME);
    assert_eq!(shown["date"], "2026-12-18");
    assert_eq!(shown["slips"][0]["reason"], "The testbed moved");
    let countdown = desk.json(&format!("release countdown {NAME}"));
    assert_eq!(countdown["items"][9]["due"], "2026-12-18");
}

#[test]
fn r75_the_next_release_takes_all_that_is_ready_and_what_missed_it_is_named_with_its_next() {
    let desk = desk();
    planned(&desk);
    desk.refused(4, &format!("release freeze {NAME}"))
        .complains(&["planned"]);
    desk.ok(&format!("release compose {NAME} --all"))
        .says(&["takes 1 ticket: T-1"]);
    desk.ok(&format!("release compose {NAME} --ticket T-2"))
        .complains(&["T-2", "in verification", "moves on"]);
    assert_eq!(desk.show("T-2")["release"], "CMD 1.4.0");
    desk.ok(&format!("release freeze-date {NAME}"));
    desk.ok("release add 'CMD 1.5.0' --date 2027-03-18");
    desk.ok(&format!("release freeze {NAME}")).says(&[
        "The contents of CMD 1.4.0 are frozen with 1 ticket: T-1",
        "T-2 (ARC 7.0.3 el9) missed it, in verification, and is in CMD 1.5.0.",
    ]);
    let shown = desk.show(NAME);
    assert_eq!(shown["state"], "contents-frozen");
    assert_eq!(shown["tickets"], serde_json::json!(["T-1"]));
    assert_eq!(shown["moved"][0]["ticket"], "T-2");
    assert_eq!(shown["moved"][0]["next"], "CMD 1.5.0");
    assert_eq!(desk.show("T-2")["release"], "CMD 1.5.0");
    assert_eq!(
        desk.show("'CMD 1.5.0'")["tickets"],
        serde_json::json!(["T-2"])
    );
    desk.refused(4, &format!("release compose {NAME} --ticket T-3"))
        .complains(&["frozen in its contents"]);
    desk.ok(&format!("why {NAME}"))
        .says(&["T-2 missed it (in verification) and is in CMD 1.5.0"]);
}

#[test]
fn without_a_composition_all_that_is_ready_is_taken_and_the_next_release_waits_for_the_rest() {
    let desk = frozen();
    let shown = desk.show(NAME);
    assert_eq!(shown["tickets"], serde_json::json!(["T-1"]));
    assert_eq!(shown["moved"].as_array().unwrap().len(), 2);
    assert_eq!(desk.show("T-3")["release"], "CMD 1.5.0");
    desk.ok("release add 'CMD 1.5.0' --date 2027-03-18")
        .says(&["What missed an earlier release is in it: T-2, T-3."]);
    desk.refused(4, "release compose 'CMD 1.5.0' --ticket T-1")
        .complains(&["T-1 is in CMD 1.4.0", "CMD 1.5.0"]);
}

#[test]
fn a_release_with_nothing_ready_is_not_frozen() {
    let desk = desk();
    desk.ok("ticket withdraw T-1");
    planned(&desk);
    desk.ok(&format!("release freeze-date {NAME}"));
    desk.refused(4, &format!("release freeze {NAME}"))
        .complains(&["none of 2 tickets is ready"]);
    desk.refused(4, &format!("release compose {NAME} --ticket T-1"))
        .complains(&["T-1 is withdrawn"]);
}

#[test]
fn the_countdown_is_signed_in_its_order_with_ones_own_name() {
    let mut desk = frozen();
    let countdown = desk.json(&format!("release countdown {NAME}"));
    let items = countdown["items"].as_array().unwrap();
    assert_eq!(items.len(), 10);
    assert_eq!(
        (&items[0]["due"], &items[0]["role"]),
        (&"2026-12-03".into(), &"release manager".into())
    );
    desk.refused(4, &format!("release sign {NAME} 2"))
        .complains(&["1 comes before it"]);
    desk.refused(4, &format!("release sign {NAME} 1 --as Bob"))
        .complains(&["cannot sign for Bob"]);
    desk.refused(3, &format!("release sign {NAME} 9"));
    desk.refused(4, &format!("release sign {NAME} 6"))
        .complains(&["publishing itself signs it"]);
    desk.ok(&format!("release sign {NAME} 1"))
        .says(&["Alice signs 1", "8 more are to be signed"]);
    desk.refused(4, &format!("release sign {NAME} 1"))
        .complains(&["Alice has signed 1"]);
    desk.now("2026-12-11T09:00:00Z");
    let items = desk.json(&format!("release countdown {NAME}"))["items"].clone();
    assert_eq!(items[0]["signed_by"], "Alice");
    assert_eq!(items[0]["late"], false);
    assert_eq!(items[1]["late"], true);
    desk.ok(&format!("why {NAME}"))
        .says(&["Late: 2 (release manager), due on Thu 10 Dec 2026"]);
    let attention = desk.json("status")["attention"].clone();
    let of = |step: &str| {
        attention
            .as_array()
            .unwrap()
            .iter()
            .any(|it| it["id"] == "CMD 1.4.0" && it["step"] == step)
    };
    assert!(
        of("sign 2") && of("build a release candidate"),
        "{attention}"
    );
}

#[test]
fn a_release_is_published_once_nothing_is_missing_and_its_tickets_go_into_production() {
    let desk = frozen();
    desk.refused(4, &format!("release publish {NAME}"))
        .complains(&["0 of 1 release candidates built", "things more"]);
    desk.ok(&format!("release rc {NAME}")).says(&["RC1"]);
    desk.ok(&format!("release rc {NAME} --candidate rc1 --site CNAF"));
    assert_eq!(desk.show(NAME)["candidates"][0]["sites"][0], "CNAF");
    desk.refused(4, &format!("release publish {NAME}"))
        .complains(&["no release notes"]);
    for no in ["1", "2", "3", "4.1", "4.2", "4.3", "4.4", "4", "5"] {
        desk.ok(&format!("release sign {NAME} {no}"));
    }
    desk.ok(&format!("set {NAME} 'notes=Two fixes of ARC.'"));
    desk.ok(&format!("release publish {NAME}"))
        .says(&["CMD 1.4.0 is published; 1 ticket goes into production: T-1"])
        .complains(&["It was planned for Thu 17 Dec 2026 and is out on Sat 21 Nov 2026"]);
    let ticket = desk.show("T-1");
    assert_eq!(ticket["state"], "released");
    let proof = ticket["promotions"].as_array().unwrap().last().cloned();
    let proof = proof.unwrap().to_string();
    assert!(
        proof.contains("production 2026-11-21") && proof.contains("Part of CMD 1.4.0"),
        "{proof}"
    );
    let shown = desk.show(NAME);
    assert_eq!(shown["published"], "2026-11-21");
    assert_eq!(shown["signed"]["6"]["by"], "Alice");
    desk.refused(4, &format!("release publish {NAME}"));
}

#[test]
fn the_announcement_and_the_notes_are_composed_from_the_tickets() {
    let desk = complete();
    desk.ok(&format!(
        "set {NAME} advisories=EGI-SVG-2026-03 'installation=Stop the service first.'"
    ));
    let parts = [
        "# CMD 1.4.0",
        "Two fixes of ARC.",
        "## ARC 7.0.3",
        "al9 x86_64",
        "https://example.org/notes",
        "arc-ce-7.0.3",
        "EGI-SVG-2026-03",
        "Stop the service first.",
    ];
    desk.ok(&format!("release notes {NAME}")).says(&parts);
    desk.ok(&format!("release publish {NAME}"));
    let messages = desk.json("list messages --filter kind=release-announcement")["items"].clone();
    assert_eq!(
        messages[0]["to"],
        serde_json::json!(["arc@example.org", "cnaf@example.org"])
    );
    let id = messages[0]["id"].as_str().unwrap();
    desk.ok(&format!("outbox show {id}")).says(&parts);
}

#[test]
fn an_emergency_needs_a_ground_and_a_reason_and_goes_without_candidate_and_date_freeze() {
    let desk = desk();
    let add = "release add 'CMD 1.3.1' --kind emergency --date 2026-11-23";
    desk.refused(4, add).complains(&["without a ground"]);
    desk.refused(4, &format!("{add} --ground critical-security-patch"))
        .complains(&["without a reason"]);
    desk.refused(
        4,
        "release add 'CMD 1.3.1' --date 2026-11-23 --ground critical-security-patch",
    )
    .complains(&["only an emergency"]);
    desk.ok(&format!(
        "{add} --ground critical-security-patch --reason 'Anybody may log in'"
    ))
    .says(&["an emergency release", "goes without the candidate"]);
    desk.ok("release freeze 'CMD 1.3.1'");
    desk.refused(4, "release publish 'CMD 1.3.1'")
        .complains(&["no release notes"]);
    desk.ok("set 'CMD 1.3.1' 'notes=Upgrade now.'");
    desk.refused(4, "release publish 'CMD 1.3.1'")
        .complains(&["1 is not signed"]);
    for no in ["1", "2", "3", "4.1", "4.2", "4.3", "4.4", "4", "5"] {
        desk.ok(&format!("release sign 'CMD 1.3.1' {no}"));
    }
    desk.ok("release publish 'CMD 1.3.1'");
    let messages = desk.json("list messages --filter kind=emergency-announcement")["items"].clone();
    let id = messages[0]["id"].as_str().unwrap();
    desk.ok(&format!("outbox show {id}"))
        .says(&["critical security patch", "Anybody may log in"]);
}

/// T-2 as far as T-1.
pub(crate) fn ready_el9(desk: &Desk) {
    desk.ok("ticket check T-2 --all OK --at 2026-11-05");
    verify(desk, "T-2");
    accept(desk, "T-2");
}

#[test]
fn after_the_freeze_a_ticket_is_taken_out_with_a_reason_and_goes_on() {
    let desk = complete();
    desk.refused(2, &format!("release compose {NAME} --out T-1"))
        .complains(&["needs a reason"]);
    desk.ok(&format!(
        "release compose {NAME} --out T-1 --reason 'P-1 is open'"
    ))
    .says(&["T-1 leaves CMD 1.4.0 and is in CMD 1.5.0"]);
    assert_eq!(desk.show(NAME)["tickets"], serde_json::json!([]));
    desk.refused(4, "ticket promote T-1");
}

#[test]
fn r34_only_a_release_manager_promotes_and_every_promotion_is_logged() {
    let desk = desk();
    desk.config("person = \"Vera\"\n");
    desk.refused(4, "ticket promote T-1")
        .complains(&["Only a release manager"]);
    desk.config("person = \"Alice\"\n");
    desk.ok("ticket promote T-1").says(&["released"]);
    let held = desk.json("repository production")["items"].clone();
    assert_eq!(held.as_array().unwrap().len(), 1);
    assert_eq!(held[0]["ticket"], "T-1");
    assert_eq!(held[0]["by"], "Alice");
    desk.ok("ticket recall T-1 --reason 'It loses jobs'");
    let held = desk.json("repository production")["items"].clone();
    assert_eq!(held.as_array().unwrap().len(), 0);
    let log = desk.json("repository production --log")["items"].clone();
    assert_eq!(log[0]["gone"], true);
    desk.ok("repository production --log").says(&["taken back"]);
}

#[test]
fn r35_what_entered_beta_is_there_with_its_mark_until_it_is_turned_down() {
    let desk = desk();
    let held = desk.json("repository beta")["items"].clone();
    assert_eq!(held.as_array().unwrap().len(), 1, "T-2 is being verified");
    assert_eq!(held[0]["ticket"], "T-1");
    let proof = held[0]["proof"].as_str().unwrap();
    assert!(proof.contains("verified by"), "{proof}");
    desk.ok("ticket reject T-1 --reason 'It loses jobs'");
    let held = desk.json("repository beta")["items"].clone();
    assert_eq!(held.as_array().unwrap().len(), 0);
}

#[test]
fn r36_a_product_teams_own_repository_is_a_note_and_never_a_source() {
    let desk = desk();
    desk.ok("product edit ARC --team-repository https://arc.example.org/repo");
    assert_eq!(
        desk.show("ARC")["team_repository"],
        "https://arc.example.org/repo"
    );
    desk.refused(2, "product edit ARC --team-repository here");
    desk.ok("repository").hides(&["arc.example.org"]);
    let entries = desk.json("repository production")["items"].clone();
    assert_eq!(entries.as_array().unwrap().len(), 0);
}

#[test]
fn r37_a_rejected_ticket_is_not_promoted_and_a_promotion_shows_its_proof() {
    let desk = desk();
    desk.refused(4, "ticket promote T-2")
        .complains(&["in verification"]);
    desk.ok("ticket reject T-2 --reason 'It does not start'");
    desk.refused(4, "ticket promote T-2")
        .complains(&["rejected"]);
    desk.ok("ticket promote T-1");
    let log = desk.json("repository production --log")["items"].clone();
    let proof = log[0]["proof"].as_str().unwrap();
    assert!(
        proof.contains("ready since Wed 18 Nov 2026") && proof.contains("CNAF"),
        "{proof}"
    );
}

#[test]
fn r45_the_product_team_sees_its_release_as_released_from_beta_on() {
    let desk = desk();
    assert_eq!(
        desk.show("T-1")["provider_view"],
        "released (beta repository)"
    );
    assert_eq!(desk.show("T-2")["provider_view"], "verification");
    desk.ok("ticket inform T-1");
    let told = desk.json("list messages --filter kind=status-message")["items"].clone();
    let id = told[0]["id"].as_str().unwrap().to_owned();
    desk.ok(&format!("outbox show {id}"))
        .says(&["released (beta repository)"]);
    desk.ok("ticket promote T-1");
    assert_eq!(desk.show("T-1")["provider_view"], "released");
}

#[test]
fn a_recall_takes_back_what_is_asked_and_drafts_the_notice() {
    let desk = complete();
    desk.refused(4, &format!("release recall {NAME} --reason 'No'"));
    desk.ok(&format!("release publish {NAME}"));
    desk.refused(2, &format!("release recall {NAME}"));
    desk.refused(4, &format!("release recall {NAME} --reason R --ticket T-2"))
        .complains(&["did not come with"]);
    desk.ok(&format!(
        "release recall {NAME} --reason 'It loses jobs' --all"
    ));
    assert_eq!(desk.show(NAME)["state"], "recalled");
    assert_eq!(desk.show("T-1")["state"], "recalled");
    let messages = desk.json("list messages --filter kind=recall-notice")["items"].clone();
    let id = messages[0]["id"].as_str().unwrap();
    desk.ok(&format!("outbox show {id}"))
        .says(&["It loses jobs", "T-1"]);
}

#[test]
fn every_step_of_a_release_can_be_undone_and_a_rebuild_finds_the_same() {
    let desk = complete();
    desk.ok(&format!("release publish {NAME}"));
    desk.ok("undo");
    assert_eq!(desk.show(NAME)["state"], "candidate");
    assert_eq!(desk.show("T-1")["state"], "ready");
    assert_eq!(desk.show("T-1")["release"], "CMD 1.4.0");
    desk.ok("redo");
    assert_eq!(desk.show("T-1")["state"], "released");
    desk.ok("doctor");
}
