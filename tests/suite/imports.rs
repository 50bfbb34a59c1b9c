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
