//! The staged rollout by commands alone: sites and what they agreed to, announcements,
//! reports, silence, and the rule that ends it.

use serde_json::Value;

use crate::support::Desk;

/// T-1 (ARC 7.0.3 al9) is in staged rollout since Monday, 2 March; CNAF, PIC and RAL have
/// agreements of 5 working, 7 and 10 days; Thursday, 5 March is a holiday.
pub(crate) fn desk(min_reports: u32) -> Desk {
    let mut desk = Desk::none();
    desk.now("2026-02-20T09:00:00Z");
    let profile = include_str!("../../assets/profiles/egi-cmd.toml")
        .replace("min-reports = 1", &format!("min-reports = {min_reports}"));
    let profile = desk.file("profile.toml", profile);
    let holidays = desk.file("holidays.txt", "2026-03-05 Founders' Day\n");
    desk.ok(&format!(
        "init Demo --manager Alice --manager Bob --timezone Europe/Rome --profile {} --holidays {}",
        profile.display(),
        holidays.display()
    ));
    desk.ok("product add ARC --provider NorduGrid --contact arc@example.org");
    desk.submit("ARC", "7.0.3", "--platform al9");
    desk.ok("inject S-1");
    desk.ok("person add Vera --organisation INFN --role verifier");
    for (site, days) in [("CNAF", "5 --working"), ("PIC", "7"), ("RAL", "10")] {
        let mail = site.to_lowercase();
        desk.ok(&format!(
            "site add {site} --country X --contact {mail}@example.org"
        ));
        desk.ok(&format!("site sla {site} --product ARC --days {days}"));
    }
    desk.now("2026-03-02T09:00:00Z");
    desk.ok("ticket start T-1 --verifier Vera --testbed 'node 7'");
    desk.ok("ticket check T-1 --all OK");
    desk.ok("ticket verify T-1 --watch 'memory of the cache' --hours 1.5");
    desk
}

/// Announced and sent on 2 March; CNAF in time, PIC late, RAL silent.
fn lived_through(min_reports: u32) -> Desk {
    let mut desk = desk(min_reports);
    desk.ok("announce T-1");
    desk.ok("outbox sent X-3 X-4 X-5");
    desk.now("2026-03-06T09:00:00Z");
    desk.ok("site report T-1 CNAF --outcome ok --version 7.0.3 --how 'arc --version'")
        .says(&["in time"]);
    desk.now("2026-03-11T09:00:00Z");
    desk.ok("site report T-1 PIC --outcome issues --version 7.0.3 --issue GGUS-17")
        .says(&["late: its period ended on Mon 9 Mar 2026"]);
    desk.now("2026-03-20T09:00:00Z");
    desk
}

/// How each site stands on a day, and the sentence of the rule.
fn on(desk: &Desk, day: &str) -> (Vec<String>, String) {
    let why = desk.json(&format!("why N-1 --as-of {day}"));
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let sites = why["rollout"]["sites"].as_array().unwrap().iter();
    let sites = sites
        .map(|site| {
            let line = text(&site["sentence"]);
            let mark = line.split(';').next().unwrap_or_default();
            mark.trim_end_matches('.').to_owned()
        })
        .collect();
    (sites, text(&why["sentence"]))
}

#[track_caller]
fn check(desk: &Desk, day: &str, sites: [&str; 3], rule: &str) {
    let (marks, sentence) = on(desk, day);
    assert_eq!(marks, sites, "{day}: {sentence}");
    assert!(sentence.contains(rule), "{day}: {sentence}");
}

#[test]
fn r41_an_announcement_is_drafted_for_each_site_with_its_own_last_day() {
    let desk = desk(1);
    desk.ok("announce T-1").says(&[
        "CNAF has 5 working days, until Tue 10 Mar 2026",
        "PIC has 7 days, until Mon 9 Mar 2026",
        "RAL has 10 days, until Thu 12 Mar 2026",
    ]);
    desk.ok("outbox show X-3").says(&[
        "cnaf@example.org",
        "[staged rollout] ARC 7.0.3 (al9/x86_64)",
        "Report by Tue 10 Mar 2026",
        "memory of the cache",
        "arc-client-7.0.3",
    ]);
    desk.refused(4, "announce T-1 --to CNAF")
        .complains(&["was told of T-1 on Mon 2 Mar 2026"]);
}

#[test]
fn r43_due_dates_marks_and_the_rule_are_right_on_each_day() {
    let desk = lived_through(1);
    check(
        &desk,
        "2026-03-02",
        ["CNAF: 8 d left", "PIC: 7 d left", "RAL: 10 d left"],
        "0 of 3 sites spoke",
    );
    check(
        &desk,
        "2026-03-06",
        ["CNAF: ok", "PIC: 3 d left", "RAL: 6 d left"],
        "1 of 3 sites spoke",
    );
    check(
        &desk,
        "2026-03-10",
        ["CNAF: ok", "PIC: silent, consent", "RAL: 2 d left"],
        "RAL has until Thu 12 Mar 2026",
    );
    check(
        &desk,
        "2026-03-11",
        ["CNAF: ok", "PIC: ok with issues, late", "RAL: 1 d left"],
        "2 of 3 sites spoke",
    );
    check(
        &desk,
        "2026-03-13",
        [
            "CNAF: ok",
            "PIC: ok with issues, late",
            "RAL: silent, consent",
        ],
        "good for wide deployment, 2 of 3 sites spoke",
    );
}

#[test]
fn r43_the_profile_says_how_many_have_to_have_tried_it() {
    for (min, says) in [
        (0, "it takes no report"),
        (1, "it takes one real report"),
        (2, "it takes 2 real reports"),
    ] {
        let desk = lived_through(min);
        let (_, sentence) = on(&desk, "2026-03-13");
        assert!(
            sentence.contains("good for wide deployment") && sentence.contains(says),
            "{sentence}"
        );
    }
    let three = lived_through(3);
    let (marks, sentence) = on(&three, "2026-03-13");
    assert_eq!(
        marks[2], "RAL: silent",
        "too few spoke, so silence is no consent"
    );
    assert!(
        sentence.contains("has not been tested, 2 of 3 sites spoke"),
        "{sentence}"
    );
    three
        .refused(4, "ticket accept T-1")
        .complains(&["has not been tested", "ticket delay T-1"]);
}

#[test]
fn r43_a_good_release_ends_its_rollout_and_drafts_the_notice_to_all_sites() {
    let mut desk = lived_through(1);
    desk.ok("ticket accept T-1")
        .says(&["2 of 3 sites spoke", "notice of wide deployment"]);
    desk.ok("outbox show X-6").says(&[
        "cnaf@example.org",
        "ral@example.org",
        "good for wide deployment",
    ]);
    desk.ok("why N-1").says(&["is over and good"]);
    desk.ok("ticket promote T-1");
    let ticket = desk.show("T-1");
    let proof = ticket["promotions"].to_string();
    assert!(
        proof.contains("verified by Vera") && proof.contains("2 of 3 sites spoke"),
        "{proof}"
    );
    desk.now("2026-03-21T09:00:00Z");
    desk.refused(4, "announce T-1").complains(&["released"]);
}

#[test]
fn the_period_of_a_site_begins_when_its_announcement_is_out() {
    let mut desk = desk(0);
    desk.ok("announce T-1");
    desk.now("2026-03-06T09:00:00Z");
    desk.ok("outbox sent X-4");
    let told = desk.json("why N-1 --as-of 2026-03-12");
    let counted = told["rollout"].to_string();
    assert!(
        counted.contains("PIC: 1 d left; told on Fri 6 Mar 2026"),
        "{counted}"
    );
    assert!(counted.contains("CNAF: not told"), "{counted}");
    desk.now("2026-04-01T09:00:00Z");
    desk.refused(4, "ticket accept T-1")
        .complains(&["CNAF has not been told yet"]);
    desk.refused(2, "announce T-1")
        .complains(&["has been told of T-1"]);
}

#[test]
fn r44_a_site_goes_ahead_at_its_own_risk_on_record() {
    let desk = desk(1);
    desk.ok("site add DESY --contact desy@example.org");
    desk.refused(2, "site early T-1 DESY")
        .complains(&["--accepted-by"]);
    desk.ok("site early T-1 DESY --accepted-by 'Dora Example'")
        .says(&["own risk", "own-risk notice"]);
    desk.refused(4, "site early T-1 DESY --accepted-by X")
        .complains(&["Dora Example"]);
    desk.ok("announce T-1 --told");
    desk.refused(4, "site early T-1 CNAF --accepted-by X")
        .complains(&["was announced to CNAF"]);
    desk.ok("why T-1").says(&["DESY: own risk"]);
    desk.ok("site report T-1 DESY --outcome failed")
        .says(&["at its own risk", "problem file"]);
}

#[test]
fn r39_a_site_that_lacks_a_criterion_is_listed_only_with_a_reason() {
    let desk = desk(1);
    desk.ok("site add DESY --contact desy@example.org");
    desk.ok("site criteria DESY --met ALL --lacking MONITORED")
        .says(&["5 of 6 criteria met, 1 lacking"]);
    desk.refused(4, "site sla DESY --product ARC --days 5")
        .complains(&["monitoring on"]);
    desk.ok("site sla DESY --product ARC --days 5 --reason 'monitoring comes in May'");
    desk.refused(3, "site criteria DESY --met NICE")
        .complains(&["PRODUCTION"]);
}

#[test]
fn r46_only_production_sites_are_told() {
    let desk = desk(1);
    desk.ok("set PIC production=no");
    desk.ok("announce T-1")
        .complains(&["PIC is no production site"]);
    desk.refused(4, "announce T-1 --to PIC")
        .complains(&["no production site"]);
}

#[test]
fn r42_a_silent_site_is_reminded_before_its_last_day() {
    let mut desk = desk(1);
    desk.ok("announce T-1 --told");
    desk.now("2026-03-08T09:00:00Z");
    let attention = desk.json("next")["items"].to_string();
    assert!(attention.contains("have not reported"), "{attention}");
    desk.ok("site remind T-1 PIC")
        .says(&["reminder to pic@example.org"]);
    desk.ok("outbox show X-3")
        .says(&["report is due by Mon 9 Mar 2026"]);
    desk.ok("site report T-1 PIC --outcome ok");
    desk.refused(4, "site remind T-1 PIC")
        .complains(&["it is: ok"]);
    // A reminder that ends by itself is counted so that a rebuild counts the same.
    desk.ok("doctor");
}

#[test]
fn a_report_that_cannot_be_so_is_refused_with_both_facts() {
    let mut desk = desk(1);
    desk.refused(4, "site report T-1 CNAF --outcome ok")
        .complains(&["announced to no site"]);
    desk.ok("announce T-1 --to CNAF --told");
    desk.refused(4, "site report T-1 PIC --outcome ok")
        .complains(&["announced to CNAF, never to PIC"]);
    desk.refused(4, "site report T-1 CNAF --outcome ok --at 2026-02-25")
        .complains(&["Wed 25 Feb 2026", "Mon 2 Mar 2026"]);
    desk.refused(4, "site report T-1 CNAF --outcome ok --version 9.9.9")
        .complains(&[
            "9.9.9, which was never in the beta repository",
            "announces 7.0.3",
        ]);
    desk.refused(2, "site report T-1 CNAF --outcome fine");
    desk.ok("site report T-1 CNAF --outcome ok --version 7.0.3");
    desk.refused(4, "site report T-1 CNAF --outcome ok --version 7.0.3")
        .complains(&["reported ok on Mon 2 Mar 2026 already"]);
    desk.now("2026-03-03T09:00:00Z");
    desk.ok("site report T-1 CNAF --outcome failed")
        .complains(&["both are kept"]);
    desk.ok("why T-1").says(&["its reports differ"]);
    for days in ["0", "400"] {
        desk.refused(4, &format!("site sla PIC --product ARC --days {days}"));
    }
    desk.refused(
        4,
        "site sla PIC --product ARC --days 5 --from 2026-05-01 --to 2026-04-01",
    );
}

#[test]
fn a_site_that_is_away_or_whose_agreement_is_over_is_not_told() {
    let desk = desk(1);
    desk.ok("site absent CNAF --from 2026-03-01 --to 2026-03-10 --reason 'new cooling'");
    desk.ok("site sla PIC --product ARC --days 7 --to 2026-02-28");
    desk.ok("announce T-1")
        .complains(&[
            "CNAF tries no ARC until Tue 10 Mar 2026 (new cooling)",
            "ended on Sat 28 Feb 2026",
        ])
        .says(&["to 1 site."]);
}

#[test]
fn r32_what_a_site_runs_is_kept_apart_from_reports() {
    let desk = desk(1);
    desk.ok("site runs RAL --product ARC --version 6.20.1 --how probe");
    let runs = desk.show("RAL")["runs"].to_string();
    assert!(runs.contains("6.20.1") && runs.contains("probe"), "{runs}");
    desk.ok("announce T-1 --told");
    desk.ok("site report T-1 RAL --outcome ok --version 7.0.3");
    let runs = desk.show("RAL")["runs"].to_string();
    assert!(runs.contains("7.0.3"), "{runs}");
}

#[test]
fn r35_beta_takes_nothing_without_a_mark_and_a_test() {
    let desk = desk(1);
    let promotions = desk.show("T-1")["promotions"].to_string();
    assert!(
        promotions.contains("verified by Vera; verification report of T-1"),
        "{promotions}"
    );
}

#[test]
fn what_could_move_now_is_listed_and_what_would_free_most() {
    let desk = desk(1);
    desk.submit(
        "ARC",
        "7.0.4",
        "--platform al9 --platform el9 --platform sl5",
    );
    desk.ok("inject S-2");
    desk.ok("ticket start T-2 --verifier Vera");
    desk.ok("ticket check T-2 --all OK");
    let list = desk.json("list tickets --filter can-move");
    let ids: Vec<&Value> = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["id"])
        .collect();
    assert_eq!(
        ids,
        ["T-2"],
        "T-1 is announced to nobody, T-3 and T-4 have no verifier"
    );
    assert_eq!(list["frees_most"]["what"], "no verifier is named");
    assert_eq!(
        list["frees_most"]["tickets"],
        serde_json::json!(["T-3", "T-4"])
    );
    desk.ok("list tickets --filter 'can-move'").says(&[
        "What would free most: no verifier is named (release manager), 2 tickets: T-3, T-4.",
    ]);
    desk.ok("announce T-1 --told");
    for site in ["CNAF", "PIC", "RAL"] {
        desk.ok(&format!("site report T-1 {site} --outcome ok"));
    }
    let list = desk.json("list tickets --filter 'can-move product=ARC'");
    assert_eq!(list["items"].as_array().unwrap().len(), 2);
}

#[test]
fn r29_the_road_leads_from_beta_over_the_rollout_into_production() {
    let mut desk = lived_through(1);
    desk.ok("repository").says(&["ARC 7.0.3", "beta"]);
    desk.ok("ticket accept T-1");
    desk.now("2026-03-21T09:00:00Z");
    desk.ok("ticket promote T-1");
    let report = desk.json("report repository");
    let text = report.to_string();
    assert!(
        text.contains("2026-03-02") && text.contains("2026-03-21"),
        "{text}"
    );
    assert_eq!(desk.show("T-1")["state"], "released");
}

#[test]
fn r30_every_ticket_and_announcement_has_a_manager_who_answers_for_it() {
    let desk = desk(1);
    desk.ok("announce T-1 --told");
    assert_eq!(desk.show("T-1")["owner"], "Alice");
    assert_eq!(desk.show("N-1")["owner"], "Alice");
    desk.refused(3, "set T-1 owner=Nobody");
}

#[test]
fn r33_a_release_is_made_of_packages_and_they_are_told_wherever_it_is() {
    let desk = desk(1);
    desk.ok("announce T-1");
    for record in ["S-1", "T-1"] {
        desk.ok(&format!("show {record}"))
            .says(&["arc-ce-7.0.3", "arc-client-7.0.3"]);
    }
    desk.ok("outbox show X-3")
        .says(&["Packages: 2", "arc-ce-7.0.3"]);
}

#[test]
fn r52_r53_r76_the_address_under_a_text_is_the_desks_own_and_the_process_names_its_source() {
    let desk = desk(1);
    desk.refused(2, "contact nobody");
    desk.ok("contact releases@example.org");
    desk.ok("announce T-1");
    desk.ok("outbox show X-3").says(&["releases@example.org"]);
    // Nothing of the wiki that the documents were taken from has come along.
    desk.ok("profile show")
        .says(&["source = \"EGI CMD process"])
        .hides(&["egi.eu", "wiki"]);
}
