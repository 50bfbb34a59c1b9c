//! Reports through the program: every kind in every format, metrics with their rows, and
//! where the time of tickets went.

use serde_json::Value;

use crate::support::Desk;

const KINDS: [&str; 8] = [
    "metrics",
    "sites",
    "versions",
    "coverage",
    "time",
    "rollout T-1",
    "verification T-1",
    "repository",
];

/// Two tickets of ARC: one verified after a question, one still waiting for a verifier.
fn busy() -> Desk {
    let desk = Desk::with_tickets();
    desk.ok("site add CNAF --country IT --contact ops@example.org");
    desk.ok("site sla CNAF --product ARC --days 7");
    desk.ok("ticket start T-1 --verifier Vera --at 2026-11-04");
    desk.ok("ticket ask T-1 'Which key signs it?' --at 2026-11-05");
    desk.ok("ticket answer T-1 'The one of 2026' --at 2026-11-10");
    desk
}

/// The rows of a table of a report.
#[track_caller]
fn rows(desk: &Desk, line: &str, table: &str) -> Vec<Value> {
    let report = desk.ok(&format!("report {line} --format json")).json();
    let kind = line.split(' ').next().unwrap();
    assert_eq!(report["schema"], format!("relmate/report-{kind}/1"));
    assert!(report["as_of"].is_string());
    report["tables"][table].as_array().unwrap().clone()
}

/// One figure of a metric.
#[track_caller]
fn figure(desk: &Desk, line: &str, number: u64, what: &str) -> Value {
    let all = rows(desk, line, "metrics");
    let own = |it: &&Value| it["number"] == number && it["what"] == what;
    let found = all.iter().find(own);
    found
        .unwrap_or_else(|| panic!("metric {number} has no {what}: {all:#?}"))
        .clone()
}

#[test]
fn every_report_comes_in_every_format_on_an_empty_desk_and_on_a_busy_one() {
    let (empty, busy) = (Desk::with_tickets(), busy());
    for desk in [&empty, &busy] {
        for kind in KINDS {
            for format in ["txt", "md", "html", "csv", "json"] {
                let out = desk.ok(&format!("report {kind} --format {format}"));
                assert!(!out.stdout.trim().is_empty(), "{kind} {format}");
                assert!(!out.stdout.contains("NaN"), "{kind} {format}");
            }
            desk.ok(&format!("report {kind} --plain")).hides(&["----"]);
        }
    }
}

#[test]
fn report_alone_tells_what_there_is_and_a_wrong_one_is_refused_with_the_list() {
    let desk = Desk::with_tickets();
    desk.ok("report")
        .says(&["metrics", "rollout", "repository"]);
    let listed = desk.json("report")["items"].as_array().unwrap().len();
    assert_eq!(listed, KINDS.len());
    desk.refused(2, "report horoscope")
        .complains(&["horoscope", "metrics, sites, versions"]);
    desk.refused(2, "report rollout").complains(&["one ticket"]);
    desk.refused(2, "report sites T-1")
        .complains(&["whole desk"]);
    desk.refused(2, "report rollout S-1")
        .complains(&["S-1 is no ticket"]);
    desk.refused(3, "report verification T-99");
    desk.refused(2, "report sites --rows 6")
        .complains(&["--rows"]);
    desk.refused(2, "report metrics --rows 16")
        .complains(&["16", "15 lead"]);
    desk.ok("site add CNAF --country IT --contact ops@example.org");
    desk.refused(2, "report metrics --rows 4 --site CNAF")
        .complains(&["not of a site"]);
    desk.refused(3, "report metrics --site Nowhere")
        .complains(&["no site Nowhere"]);
    desk.refused(3, "report sites --product Nothing");
    desk.refused(3, "report time --cycle 9.9")
        .complains(&["no cycle"]);
    desk.refused(2, "report metrics --year 2026 --from 2026-01-01")
        .complains(&["given twice"]);
    desk.refused(2, "report metrics --year 0");
    desk.refused(2, "report metrics --from 2026-11-10 --to 2026-11-09")
        .complains(&["before it begins"]);
    desk.refused(2, "report metrics --from soon");
    desk.refused(2, "report metrics --format pdf");
}

#[test]
fn a_metric_says_its_n_and_has_its_rows_by_number_and_by_name() {
    let desk = busy();
    let verification = figure(&desk, "metrics", 1, "verification");
    assert_eq!(
        (&verification["n"], &verification["median_days"]),
        (&1.into(), &12.0.into()),
        "metric 1: one day before the question, eleven after it"
    );
    let waiting = figure(&desk, "metrics", 1, "waiting for response");
    assert_eq!(waiting["max_days"], 5, "metric 1");
    let limit = figure(&desk, "metrics", 4, "verification");
    assert_eq!(
        (&limit["n"], &limit["share"]),
        (&1.into(), &0.0.into()),
        "metric 4: a week from the 4th is over"
    );
    let sla = figure(&desk, "metrics", 6, "all sites: SLA kept");
    assert_eq!(
        (&sla["n"], &sla["share"]),
        (&0.into(), &Value::Null),
        "metric 6"
    );
    desk.ok("report metrics")
        .says(&["all sites: SLA kept", "no data"]);
    let by_number = rows(&desk, "metrics --rows 1", "rows");
    assert_eq!(
        by_number,
        rows(&desk, "metrics --rows time-in-state", "rows")
    );
    assert_eq!(by_number.len(), 4);
    assert_eq!(by_number[0]["ticket"], "T-1");
    let csv = desk.ok("report metrics --rows 1 --format csv").stdout;
    assert!(
        csv.starts_with("ticket,release,state,stays,days,at_least\r\n"),
        "{csv}"
    );
}

#[test]
fn metric_2_follows_the_period_and_the_moment() {
    let desk = Desk::with_tickets();
    // Submitted on Monday the 2nd, injected that day, its answer never sent.
    let injected = |line: &str| figure(&desk, line, 2, "injected in time");
    assert_eq!(injected("metrics --year 2026")["share"], 1.0);
    assert_eq!(injected("metrics --year 2025")["n"], 0);
    assert_eq!(
        injected("metrics --from 2026-11-10")["n"],
        0,
        "it fell due on the 9th"
    );
    assert_eq!(injected("metrics --as-of 2026-11-09")["n"], 0);
    assert_eq!(injected("metrics --as-of 2026-11-10")["n"], 1);
    let answered = figure(&desk, "metrics", 2, "answered in time");
    assert_eq!(answered["share"], 0.0, "metric 2: injected is not answered");
}

#[test]
fn the_time_of_a_ticket_is_booked_to_whoever_held_the_ball_and_why_says_so() {
    let desk = busy();
    let days = |line: &str| -> Vec<(String, i64)> {
        rows(&desk, line, "holders")
            .iter()
            .map(|it| {
                (
                    it["holder"].as_str().unwrap().to_owned(),
                    it["days"].as_i64().unwrap(),
                )
            })
            .collect()
    };
    let expected = |team, verifier| {
        vec![
            ("product team".to_owned(), team),
            ("verifier".to_owned(), verifier),
        ]
    };
    assert_eq!(days("time T-1"), expected(5, 14));
    assert_eq!(days("time T-1 --as-of 2026-11-07"), expected(2, 3));
    assert_eq!(
        days("time --from 2026-11-06 --to 2026-11-08 --product arc"),
        expected(3, 3)
    );
    desk.ok("why T-1")
        .says(&["Time so far: product team 5 d, verifier 14 d."]);
    let bar = desk.ok("report time T-1").stdout;
    assert!(bar.contains('░') && bar.contains('▒'), "{bar}");
    let plain = desk.ok("report time --plain").stdout;
    assert!(plain.is_ascii() && plain.contains("PPP"), "{plain}");
    desk.ok("cycle add 1.4 --start 2026-11-05 --template meta-release");
    assert_eq!(days("time --cycle 1.4 --product ARC"), expected(5, 27));
}

#[test]
fn r40_the_league_of_sites_and_the_list_say_the_same() {
    let desk = busy();
    let listed = desk.json("list sites")["items"][0].clone();
    let league = rows(&desk, "sites", "sites")[0].clone();
    for field in [
        "announced",
        "reported",
        "on_time",
        "n",
        "sla_kept",
        "report_rate",
        "median_days",
    ] {
        assert_eq!(listed[field], league[field], "{field}");
        assert_eq!(desk.show("CNAF")[field], league[field], "{field}");
    }
    assert_eq!(
        (&league["n"], &league["sla_kept"]),
        (&0.into(), &Value::Null)
    );
    assert_eq!(rows(&desk, "sites", "agreements")[0]["target"], 80);
}

#[test]
fn r32_what_nobody_told_of_is_not_guessed() {
    let desk = busy();
    assert!(rows(&desk, "versions", "versions").is_empty());
    desk.ok("set ARC 'version_report=arched -V'");
    desk.ok("report versions")
        .says(&["Nobody has told", "arched -V"]);
    let gaps = rows(&desk, "coverage", "platforms");
    assert_eq!(gaps.len(), 2);
    assert_eq!(gaps[0]["gap"], "nobody covers it");
    assert_eq!(
        rows(&desk, "coverage", "products")[0]["gap"],
        "none of its sites covers al9, el9"
    );
}

#[test]
fn hostile_names_stay_harmless_in_every_format() {
    let desk = Desk::new();
    let evil = "=1+1|<script>alert(1)</script>";
    desk.run_words(&[
        "product",
        "add",
        evil,
        "--provider",
        "P",
        "--contact",
        "a@example.org",
    ]);
    desk.file("packages.txt", "a-1.0.0\n");
    let submit = [
        "submit",
        "--product",
        evil,
        "--version",
        "1.0.0",
        "--platform",
        "al9|x",
        "--notes",
        "https://example.org/n",
        "--packages",
        "packages.txt",
        "--channel-id",
        "1",
    ];
    assert_eq!(desk.run_words(&submit).code, 0);
    desk.ok("inject S-1");
    desk.ok("person add Vera --organisation INFN --role verifier");
    desk.ok("ticket start T-1 --verifier Vera");
    let note = "=2+2 \u{1b}[31m\u{202e} <script>|";
    desk.run_words(&[
        "ticket", "check", "T-1", "QC_DOC_3", "WARNING", "--note", note,
    ]);
    for kind in KINDS {
        desk.ok(&format!("report {kind} --format html"))
            .hides(&["<script"]);
        desk.ok(&format!("report {kind} --format md"))
            .hides(&["|<script>"]);
        let csv = desk.ok(&format!("report {kind} --format csv")).stdout;
        assert!(!csv.lines().any(|it| it.starts_with('=')), "{kind}: {csv}");
        desk.ok(&format!("report {kind}"));
        desk.ok(&format!("report {kind} --format json")).json();
    }
}

#[test]
fn a_report_goes_into_a_file_in_the_format_of_its_name() {
    let desk = busy();
    desk.ok("report metrics -o metrics.md")
        .says(&["Wrote the report metrics"]);
    let text = std::fs::read_to_string(desk.home().join("metrics.md")).unwrap();
    assert!(
        text.starts_with("# Metrics, to Sat 21 Nov 2026\n"),
        "{text}"
    );
    desk.ok("report sites -o sites.html");
    let page = std::fs::read_to_string(desk.home().join("sites.html")).unwrap();
    assert!(
        page.starts_with("<!DOCTYPE html>") && !page.contains("http"),
        "{page}"
    );
    desk.refused(1, "report sites -o nowhere/sites.html");
}

#[test]
fn the_verification_report_has_every_criterion_and_how_it_ended() {
    let desk = busy();
    desk.ok("ticket check T-1 QC_DOC_3 WARNING --note thin");
    assert_eq!(rows(&desk, "verification T-1", "criteria").len(), 21);
    desk.ok("report verification T-1")
        .says(&["not finished", "- QC_DOC_3: thin", "Vera"]);
    desk.ok("report rollout T-1")
        .says(&["announced to no site"]);
}

#[test]
fn a_report_leaves_no_trace() {
    let desk = busy();
    let before = crate::support::tree(&desk.data());
    for kind in KINDS {
        desk.ok(&format!("report {kind}"));
    }
    assert_eq!(crate::support::tree(&desk.data()), before);
}

/// ARC 7.0.3 on trial since Monday, 2 March: CNAF has 5 working days (Thursday is a holiday)
/// and answered in time, PIC 7 days and answered late, RAL 10 days and was silent.
fn tried() -> Desk {
    let mut desk = Desk::none();
    desk.now("2026-02-20T09:00:00Z");
    desk.file("holidays.txt", "2026-03-05 Founders' Day\n");
    desk.ok(
        "init Demo --manager Alice --manager Bob --timezone Europe/Rome --holidays holidays.txt",
    );
    desk.ok("product add ARC --provider NorduGrid --contact arc@example.org");
    desk.submit("ARC", "7.0.3", "--platform al9");
    desk.ok("inject S-1");
    desk.ok("person add Vera --organisation INFN --role verifier");
    for (site, days) in [("CNAF", "5 --working"), ("PIC", "7"), ("RAL", "10")] {
        desk.ok(&format!(
            "site add {site} --country X --contact {site}@example.org"
        ));
        desk.ok(&format!("site sla {site} --product ARC --days {days}"));
    }
    desk.now("2026-03-02T09:00:00Z");
    desk.ok("ticket start T-1 --verifier Vera --testbed 'node 7'");
    desk.ok("ticket check T-1 --all OK");
    desk.ok("ticket verify T-1 --watch 'memory of the cache' --hours 1.5");
    desk.ok("announce T-1");
    for message in ["X-3", "X-4", "X-5"] {
        desk.ok(&format!("outbox sent {message}"));
    }
    desk.now("2026-03-06T09:00:00Z");
    desk.ok("site report T-1 CNAF --outcome ok --version 7.0.3 --how 'arc --version'");
    desk.now("2026-03-11T09:00:00Z");
    desk.ok("site report T-1 PIC --outcome issues --issue GGUS-17");
    desk.now("2026-03-20T09:00:00Z");
    desk
}

/// Announced, reported, in time, past and the share kept of the three sites on a day.
#[track_caller]
fn league(desk: &Desk, day: &str, expected: [(u64, u64, u64, u64, Option<f64>); 3]) {
    let items = desk.json(&format!("list sites --sort name --as-of {day}"))["items"].clone();
    let report = rows(desk, &format!("sites --as-of {day}"), "sites");
    for (index, (announced, reported, on_time, n, kept)) in expected.into_iter().enumerate() {
        let listed = &items[index];
        let count = |field: &str| listed[field].as_u64().unwrap();
        assert_eq!(
            (
                count("announced"),
                count("reported"),
                count("on_time"),
                count("n")
            ),
            (announced, reported, on_time, n),
            "{day}: {listed}"
        );
        assert_eq!(listed["sla_kept"].as_f64(), kept, "{day}: {listed}");
        for field in [
            "announced",
            "reported",
            "on_time",
            "n",
            "sla_kept",
            "report_rate",
            "median_days",
        ] {
            assert_eq!(listed[field], report[index][field], "{day} {field}");
        }
    }
}

#[test]
fn r40_the_ledger_of_three_sites_is_right_on_each_day() {
    let desk = tried();
    let none = (0, 0, 0, 0, None);
    let told = (1, 0, 0, 0, None);
    league(&desk, "2026-03-01", [none; 3]);
    league(&desk, "2026-03-02", [told; 3]);
    league(&desk, "2026-03-06", [(1, 1, 1, 0, None), told, told]);
    league(&desk, "2026-03-09", [(1, 1, 1, 0, None), told, told]);
    league(
        &desk,
        "2026-03-10",
        [(1, 1, 1, 0, None), (1, 0, 0, 1, Some(0.0)), told],
    );
    let (cnaf, pic) = ((1, 1, 1, 1, Some(1.0)), (1, 1, 0, 1, Some(0.0)));
    league(&desk, "2026-03-11", [cnaf, pic, told]);
    league(&desk, "2026-03-12", [cnaf, pic, told]);
    league(&desk, "2026-03-13", [cnaf, pic, (1, 0, 0, 1, Some(0.0))]);
    assert_eq!(desk.json("show RAL --as-of 2026-03-12")["n"], 0);
    assert_eq!(desk.json("show RAL --as-of 2026-03-13")["n"], 1);
    let pic = desk.show("PIC");
    assert_eq!(
        (&pic["report_rate"], &pic["median_days"]),
        (&1.0.into(), &9.0.into())
    );
    let listed = desk.json("list sites --filter n>0")["items"].clone();
    assert_eq!(listed.as_array().unwrap().len(), 3);
}

#[test]
fn metrics_6_7_and_8_count_the_three_sites() {
    let desk = tried();
    let of = |number, what: &str| figure(&desk, "metrics --year 2026", number, what);
    let kept = of(6, "all sites: SLA kept");
    assert_eq!(
        (&kept["part"], &kept["n"]),
        (&1.into(), &3.into()),
        "metric 6"
    );
    assert_eq!(of(6, "RAL: reported at any time")["share"], 0.0, "metric 6");
    let days = of(7, "all sites");
    assert_eq!(
        (&days["median_days"], &days["max_days"]),
        (&6.5.into(), &9.into()),
        "metric 7"
    );
    assert_eq!(of(8, "all sites")["part"], 1, "metric 8");
    let narrowed = figure(&desk, "metrics --site cnaf", 6, "all sites: SLA kept");
    assert_eq!(
        (&narrowed["part"], &narrowed["n"]),
        (&1.into(), &1.into()),
        "metric 6"
    );
    assert_eq!(
        rows(&desk, "metrics --rows sla --site PIC", "rows")[0]["turnout"],
        "late"
    );
    let before = figure(&desk, "metrics --to 2026-03-09", 6, "all sites: SLA kept");
    assert_eq!(before["n"], 1, "metric 6: PIC's last day is the 9th");
}

#[test]
fn r32_reports_say_who_runs_what_and_how_that_is_known() {
    let desk = tried();
    let runs = rows(&desk, "versions", "versions");
    let of = |site: &str| runs.iter().find(|it| it["site"] == site).cloned();
    let cnaf = of("CNAF").unwrap();
    assert_eq!(
        (&cnaf["version"], &cnaf["since"]),
        (&"7.0.3".into(), &"2026-03-06".into())
    );
    assert!(of("RAL").is_none(), "a silent site is not guessed");
    let coverage = figure(&desk, "metrics", 17, "ARC");
    assert_eq!(coverage["n"], 2, "metric 17: CNAF and PIC run it");
}

#[test]
fn the_rollout_report_consolidates_what_came_and_the_time_report_says_who_waited() {
    let desk = tried();
    let sites = rows(&desk, "rollout T-1", "sites");
    let of = |index: usize, field: &str| sites[index][field].clone();
    assert_eq!(of(0, "mark"), "ok");
    assert_eq!(
        (of(1, "mark"), of(1, "late"), of(1, "days_used")),
        ("issues".into(), true.into(), 9.into())
    );
    assert_eq!(of(2, "due"), "2026-03-12");
    desk.ok("report rollout N-1")
        .says(&["Missing reports", "- RAL: silent", "spoke"]);
    desk.ok("why T-1")
        .says(&["sites 11 d", "release manager 7 d"]);
    desk.ok("why T-1 --as-of 2026-03-10")
        .says(&["sites 8 d"])
        .hides(&["release manager"]);
    desk.ok("report verification T-1")
        .says(&["1 h 30 min", "node 7", "- memory of the cache"]);
    let beta = rows(&desk, "repository", "beta");
    assert!(beta.len() <= 1);
}
