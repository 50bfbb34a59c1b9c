//! Imports: other people's boards taken in once, and again without a second copy.

use crate::support::{Desk, corpus};

const BOARD: &str = "umd1_status_board_2011-06-20.csv";

#[test]
fn a_status_board_of_32_products_makes_32_tickets_and_says_how_it_read_them() {
    let desk = Desk::new();
    let outcome = desk.ok(&format!("import {}", corpus(BOARD)));
    outcome.says(&[
        "22 × DONE / OnGoing → staged-rollout",
        "4 × OnGoing",
        "3 × Rejected",
    ]);
    outcome.says(&["2 × OnHold", "1 × NotStarted", "32 tickets"]);
    let queue = desk.json("status")["counts"]["queue"].clone();
    assert_eq!(queue["staged-rollout"], 22);
    assert_eq!(queue["verification"], 4);
    assert_eq!(queue["rejected"], 3);
    assert_eq!(queue["waiting-for-response"], 2);
    assert_eq!(queue["unverified"], 1);
    assert_eq!(
        desk.json("list tickets")["items"].as_array().unwrap().len(),
        32
    );
}

#[test]
fn the_same_board_again_brings_nothing_new() {
    let desk = Desk::new();
    desk.ok(&format!("import {}", corpus(BOARD)));
    let commits = desk.commits();
    let outcome = desk.ok(&format!("import {} --json", corpus(BOARD)));
    let import = outcome.json()["import"].clone();
    assert_eq!(
        (import["new"].as_u64(), import["changed"].as_u64()),
        (Some(0), Some(0))
    );
    desk.ok(&format!("import {}", corpus(BOARD)))
        .says(&["New: 0."]);
    assert_eq!(desk.commits(), commits, "nothing to record is no commit");
}

#[test]
fn a_changed_row_changes_its_ticket_and_an_own_edit_is_kept() {
    let desk = Desk::new();
    let board = std::fs::read_to_string(corpus(BOARD)).unwrap();
    let file = desk.file("board.csv", &board);
    desk.ok(&format!("import {}", file.display()));
    let ticket = desk.json("list tickets --filter product=dcache")["items"][0].clone();
    let id = ticket["id"].as_str().unwrap();
    desk.ok(&format!("set {id} version=9.2.4"));
    let later = board.replace(
        "dcache,sl5,x86_64,NotStarted,,",
        "dcache,sl5,x86_64,OnGoing,,",
    );
    desk.file("board.csv", later);
    let outcome = desk.ok(&format!("import {} --json", file.display()));
    assert_eq!(outcome.json()["import"]["changed"], 1);
    let shown = desk.show(id);
    assert_eq!(shown["state"], "verification");
    assert_eq!(shown["version"], "9.2.4");
}

#[test]
fn a_dry_run_says_what_it_would_do_and_does_nothing() {
    let desk = Desk::new();
    let commits = desk.commits();
    desk.ok(&format!("import {} --dry-run", corpus(BOARD)))
        .says(&["dcache", "Nothing was changed"]);
    assert_eq!(desk.commits(), commits);
}

#[test]
fn an_import_is_one_step_and_one_undo_takes_it_back() {
    let desk = Desk::new();
    let commits = desk.commits();
    desk.ok(&format!("import {}", corpus(BOARD)));
    assert_eq!(desk.commits(), commits + 1);
    desk.ok("undo");
    assert_eq!(desk.json("list tickets")["items"], serde_json::json!([]));
    desk.ok("redo");
    assert_eq!(
        desk.json("list tickets")["items"].as_array().unwrap().len(),
        32
    );
}

#[test]
fn an_imported_ticket_is_here_at_least_since_the_board_and_owes_what_it_lacks() {
    let desk = Desk::new();
    desk.ok(&format!("import {}", corpus(BOARD)));
    let ticket = desk.json("list tickets --filter product=apel")["items"][0].clone();
    assert_eq!(ticket["entered"], "2011-06-20");
    assert_eq!(ticket["entered_at_least"], true);
    assert_eq!(ticket["overdue"], true, "late if that alone makes it late");
    assert_eq!(ticket["version"], serde_json::Value::Null);
    let id = ticket["id"].as_str().unwrap();
    desk.ok(&format!("show {id}")).says(&["name the version"]);
}

#[test]
fn the_history_of_a_ticket_tells_first_what_an_import_did_to_it() {
    let desk = Desk::new();
    desk.ok(&format!("import {}", corpus(BOARD)));
    let ticket = desk.json("list tickets --filter product=dcache")["items"][0].clone();
    let id = ticket["id"].as_str().unwrap();
    let told = desk.ok(&format!("log {id}")).stdout;
    let mut lines = told.lines();
    let step = lines.next().unwrap();
    assert!(step.contains(&format!(": import {id} ")), "{step}");
    assert!(lines.next().unwrap().contains(&format!(" {id} ")), "{told}");
    assert!(told.contains(&format!("{id} product: dcache")), "{told}");
}

#[test]
fn an_export_can_be_read_by_an_import() {
    let desk = Desk::with_tickets();
    desk.ok("export csv tickets -o out.csv");
    let other = Desk::new();
    let file = desk.home().join("out.csv");
    other.ok(&format!("import {} --kind tickets", file.display()));
    let tickets = other.json("list tickets")["items"].clone();
    assert_eq!(tickets.as_array().unwrap().len(), 2);
    assert_eq!(tickets[0]["version"], "7.0.3");
}

#[test]
fn every_export_format_is_well_formed() {
    let desk = Desk::with_tickets();
    let json = desk.ok("export json tickets").json();
    assert_eq!(json["schema"], "relmate/tickets/1");
    desk.ok("export markdown tickets")
        .says(&["| T-1 |", "| --- |"]);
    desk.ok("export csv tickets --columns id,product")
        .says(&["id,product\r\n", "T-1,ARC\r\n"]);
    desk.refused(2, "export xml tickets");
    desk.refused(2, "export csv tickets --columns id,colour")
        .complains(&["colour"]);
}

fn releases() -> String {
    let (one, two) = (
        corpus("umd_releases.csv"),
        corpus("umd_release_products.csv"),
    );
    format!("{one} {two}")
}

#[test]
fn releases_and_their_products_become_published_releases_and_nothing_is_lost() {
    let desk = Desk::new();
    desk.ok(&format!("import {}", releases())).says(&[
        "New: 4 releases.",
        "5 product releases read, in 4 releases",
        "UMD 3.3.0 counts 3 in product_count (umd_releases.csv:3) and 2 rows name it as theirs",
        "UMD 4.18.0 is named by 1 product only",
    ]);
    let shown = desk.show("'UMD 3.3.0'");
    assert_eq!(
        (&shown["state"], &shown["date"]),
        (&"published".into(), &"2013-12-13".into())
    );
    assert_eq!(
        shown["shipped"],
        serde_json::json!(["LFC 1.8.7", "LFC 1.8.7"])
    );
    assert_eq!(desk.json("list products")["items"], serde_json::json!([]));
    assert_eq!(desk.json("status")["attention"], serde_json::json!([]));
    let commits = desk.commits();
    desk.ok(&format!("import {}", releases()))
        .says(&["New: 0.", "unchanged: 4 releases"]);
    assert_eq!(desk.commits(), commits);
}

#[test]
fn r37_merges_become_promotions_of_tickets_each_with_its_proof() {
    let desk = Desk::new();
    desk.ok(&format!("import {}", corpus("umd_promotions.csv")))
        .says(&[
            "New: 4 tickets, 1 product.",
            "3 × production → production",
            "the branch is UMD-5-egi-cvmfd-6.8.29-el9 and the product is egi-cvmfs",
        ]);
    let ticket = |product: &str| {
        desk.json(&format!("list tickets --filter product={product}"))["items"][0].clone()
    };
    assert_eq!(ticket("gfal")["state"], "staged-rollout");
    let arc = ticket("arc");
    assert_eq!(
        (&arc["state"], &arc["entered"]),
        (&"released".into(), &"2024-09-26".into())
    );
    let attention = desk.json("status")["attention"].clone();
    let about = |id: &serde_json::Value| {
        let duties = attention.as_array().unwrap().iter();
        duties.filter(|duty| duty["id"] == *id).count()
    };
    assert_eq!(about(&arc["id"]), 0, "what is out asks nothing");
    let commits = desk.commits();
    desk.ok(&format!("import {}", corpus("umd_promotions.csv")))
        .says(&["New: 0.", "unchanged: 4 tickets, 1 product"]);
    assert_eq!(desk.commits(), commits);
}

#[test]
fn a_merge_meets_the_ticket_it_is_about_and_never_takes_it_back() {
    let desk = Desk::new();
    let known = "product,version,platform,arch,state,entered\n\
                 ARC,6.20.1,el9,x86_64,ready,2024-09-01\n\
                 lcmaps,1.6.6,el9,x86_64,verification,2024-09-01\n\
                 gfal,2.22.1,centos7,x86_64,unverified,2024-03-01\n\
                 gfal,2.22.1,centos7,aarch64,unverified,2024-03-01\n";
    let file = desk.file("known.csv", known);
    desk.ok(&format!("import {} --kind tickets", file.display()));
    let beta = desk.file(
        "beta.csv",
        "merged_at,pull_request,repository_stage,product,version,platform\n\
         2024-09-23T10:11:19+01:00,107,testing,arc,6.20.1,el9\n",
    );
    desk.ok(&format!("import {}", beta.display()))
        .says(&["Changed: 1 ticket"]);
    assert_eq!(
        desk.show("T-1")["state"],
        "ready",
        "in beta says nothing new of it"
    );
    let outcome = desk.ok(&format!("import {} --json", corpus("umd_promotions.csv")));
    let (import, warnings) = (
        &outcome.json()["import"],
        outcome.json()["warnings"].clone(),
    );
    assert_eq!(desk.show("T-1")["state"], "released");
    assert_eq!(desk.show("T-2")["state"], "verification");
    let told = warnings.to_string();
    assert!(
        told.contains("lcmaps is 16.6 in umd_promotions.csv:5 and 1.6.6 in T-2"),
        "{told}"
    );
    let rejected = import["rejected"].to_string();
    assert!(rejected.contains("it fits T-3 and T-4"), "{rejected}");
}

#[test]
fn what_sites_run_is_imported_apart_from_reports_and_names_both_versions() {
    let desk = Desk::new();
    let sites = desk.file("sites.csv", "name,country\nCNAF,IT\nPIC,ES\n");
    desk.ok(&format!("import {} --kind sites", sites.display()));
    let file = desk.file(
        "runs.csv",
        "site,product,version,platform,on,how\n\
         CNAF,FTS,3.13.2,al9,2026-11-02,probe\n\
         Nowhere,FTS,3.13.2,,,\n",
    );
    let import = format!("import {}", file.display());
    desk.ok(&import).says(&[
        "Changed: 1 site",
        "rejected: 1",
        "there is no site Nowhere; add it first",
    ]);
    let commits = desk.commits();
    desk.ok(&import).says(&["unchanged: 1 site"]);
    assert_eq!(desk.commits(), commits);
    desk.file(
        "runs.csv",
        "site,product,version,on\nCNAF,fts,3.13.4,2026-11-09\n",
    );
    let changes =
        desk.ok(&format!("{import} --json")).json()["import"]["lines"][0]["changes"].clone();
    assert_eq!(
        changes,
        serde_json::json!([["runs FTS", "3.13.2 (2026-11-02)", "3.13.4 (2026-11-09)"]])
    );
    desk.file(
        "runs.csv",
        "site,product,version,on\nCNAF,FTS,3.12.0,2026-11-01\n",
    );
    desk.ok(&import).says(&["unchanged: 1 site"]).complains(&[
        "CNAF runs FTS 3.13.4 since it was seen on 2026-11-09",
        "3.12.0 by runs.csv:2",
    ]);
}

#[test]
fn merges_end_what_was_before_them_on_their_day_and_end_the_rollout_without_a_text() {
    let desk = Desk::with_tickets();
    desk.ok("site add CNAF --country IT --contact cnaf@example.org");
    desk.ok("ticket start T-1 --verifier Vera --at 2026-11-03");
    desk.ok("ticket start T-2 --verifier Vera --at 2026-11-03");
    desk.ok("ticket check T-2 --all OK --at 2026-11-04");
    desk.ok("ticket verify T-2 --at 2026-11-05");
    desk.ok("site sla CNAF --product ARC --days 7");
    desk.ok("announce T-2 --at 2026-11-06");
    let texts = desk.json("list messages")["items"]
        .as_array()
        .unwrap()
        .len();
    let merges = desk.file(
        "merges.csv",
        "merged_at,pull_request,repository_stage,product,version,platform\n\
         2026-11-06T10:00:00Z,1,testing,ARC,7.0.3,al9\n\
         2026-11-18T10:00:00Z,2,production,ARC,7.0.3,al9\n\
         2026-11-19T10:00:00Z,3,production,ARC,7.0.3,el9\n",
    );
    desk.ok(&format!("import {}", merges.display()));
    let ticket = desk.show("T-1");
    assert_eq!(ticket["state"], "released");
    let report = desk.ok("report time T-1 --plain").stdout.clone();
    for part in [
        "To: Fri 6 Nov 2026\nDays: 4",
        "Holder: sites\nFrom: Fri 6 Nov 2026\nTo: Wed 18 Nov 2026",
    ] {
        assert!(report.contains(part), "{report}");
    }
    assert_eq!(desk.show("T-2")["state"], "released");
    let told = desk.show("N-1");
    assert_eq!(told["state"], "ended");
    let after = desk.json("list messages")["items"]
        .as_array()
        .unwrap()
        .len();
    assert_eq!(after, texts, "an import drafts nothing");
}
