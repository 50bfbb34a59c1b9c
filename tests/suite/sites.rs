//! Rollout sites over time: agreements that follow each other, absences that end, what was
//! seen first and last, and announcements that are taken back.

use crate::rollout::desk;
use crate::support::Desk;

#[test]
fn an_announcement_that_is_not_sent_after_all_leaves_the_site_out_and_can_be_made_again() {
    let desk = desk(0);
    desk.ok("announce T-1 --to CNAF");
    desk.ok("outbox skip X-3 --reason 'they are moving'")
        .says(&["CNAF is not told of T-1"]);
    desk.refused(4, "ticket accept T-1")
        .complains(&["announced to no site"]);
    desk.ok("announce T-1 --to CNAF")
        .says(&["CNAF has 5 working days"]);
}

#[test]
fn who_reports_has_been_told() {
    let desk = desk(1);
    desk.ok("announce T-1 --to CNAF");
    desk.ok("site report T-1 CNAF --outcome ok")
        .says(&["counts as sent", "good for wide deployment"]);
    desk.ok("ticket accept N-1").says(&["1 of 1 site spoke"]);
}

#[test]
fn of_two_reports_at_one_moment_the_worse_one_counts() {
    let desk = desk(1);
    desk.ok("announce T-1 --told");
    desk.ok("site report T-1 CNAF --outcome failed --at 2026-03-02");
    desk.ok("site report T-1 CNAF --outcome ok --at 2026-03-02");
    desk.ok("why T-1")
        .says(&["CNAF: failed", "problem file --ticket T-1 --site CNAF"]);
}

#[test]
fn an_agreement_that_begins_later_stands_beside_the_one_that_holds() {
    let mut desk = desk(1);
    desk.ok("site sla CNAF --product ARC --days 3 --from 2026-04-01");
    desk.ok("announce T-1 --to CNAF")
        .says(&["CNAF has 5 working days"]);
    desk.now("2026-04-02T09:00:00Z");
    desk.submit("ARC", "7.0.4", "--platform al9");
    desk.ok("inject S-2");
    desk.ok("ticket start T-2 --verifier Vera");
    desk.ok("ticket check T-2 --all OK");
    desk.ok("ticket verify T-2");
    desk.ok("announce T-2 --to CNAF").says(&["CNAF has 3 days"]);
}

#[test]
fn r39_a_criterion_may_be_lacking_for_one_product_alone() {
    let desk = desk(1);
    desk.ok("product add DPM --provider CERN --contact dpm@example.org");
    desk.ok("site criteria CNAF --met ALL");
    desk.ok("site criteria CNAF --lacking RUNS --product DPM");
    desk.refused(4, "site sla CNAF --product DPM --days 5")
        .complains(&["runs the product"]);
    desk.ok("site sla CNAF --product ARC --days 6");
}

#[test]
fn a_site_that_opted_out_comes_back() {
    let desk = desk(1);
    desk.ok("site absent CNAF --reason 'no staff'")
        .says(&["until further notice"]);
    desk.refused(4, "announce T-1 --to CNAF")
        .complains(&["until further notice (no staff)"]);
    desk.ok("site back CNAF");
    desk.refused(4, "site back PIC").complains(&["is not away"]);
    desk.ok("announce T-1 --to CNAF");
    desk.refused(4, "delete CNAF --reason x")
        .complains(&["was announced to it"]);
}

#[test]
fn a_delay_that_was_explained_is_not_asked_for_again_before_its_day() {
    let mut desk = desk(3);
    desk.ok("announce T-1 --told");
    desk.now("2026-04-03T09:00:00Z");
    let nag = |desk: &Desk| {
        desk.json("next")["items"]
            .to_string()
            .contains("not tested")
    };
    assert!(nag(&desk));
    desk.ok("ticket delay T-1 --reason 'nobody had time' --promise 2026-04-20");
    assert!(!nag(&desk));
    desk.now("2026-04-21T09:00:00Z");
    assert!(nag(&desk));
}

#[test]
fn an_older_sighting_never_stands_over_a_newer_one() {
    let desk = desk(1);
    desk.ok("site runs RAL --product ARC --version 7.0.2");
    desk.ok("site runs RAL --product ARC --version 6.9.0 --at 2026-02-25")
        .complains(&["is older and is not kept"]);
    assert!(desk.show("RAL")["runs"].to_string().contains("7.0.2"));
}

#[test]
fn the_days_of_a_halt_hold_nothing_against_a_site() {
    let mut desk = desk(1);
    desk.ok("announce T-1 --told");
    desk.ok("site report T-1 CNAF --outcome ok");
    desk.now("2026-03-04T09:00:00Z");
    desk.ok("problem file --ticket T-1 --site RAL --channel-id GGUS-9 --text 'it stops'");
    desk.ok("problem triage P-1 --criticality critical --body MU --decided-by Carol");
    desk.ok("problem halt P-1 --reason 'it stops' --scope 'all sites'");
    desk.refused(4, "announce T-1 --to PIC")
        .complains(&["halted"]);
    desk.now("2026-03-14T09:00:00Z");
    desk.ok("problem close P-1 no-defect --reason 'a wrong setting' --body MU --decided-by Carol")
        .says(&["N-1 runs again"]);
    // PIC had until 9 March; ten days of halt are not its own.
    let why = desk.json("why N-1");
    let sites = why["rollout"]["sites"].to_string();
    assert!(sites.contains("PIC: 5 d left"), "{sites}");
    assert_eq!(why["rollout"]["verdict"], "running");
    desk.now("2026-03-20T09:00:00Z");
    desk.ok("why N-1")
        .says(&["PIC: silent, consent", "RAL: 2 d left"]);
}
