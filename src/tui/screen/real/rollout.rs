//! Staged rollout on the screen: the sites under what is announced to them, and the lists
//! of announcements, problems and releases, from a desk that has them.

use super::Real;
use crate::domain::kind::Kind;
use crate::workspace::action::Action;
use crate::workspace::look::board::rows::Pane;

fn step(screen: &mut Real, json: &str) {
    let action: Action = serde_json::from_str(json).unwrap();
    screen.meanwhile(&action);
    screen.press("r");
}

#[test]
fn r44_a_site_stands_under_what_was_announced_to_it_until_it_reports() {
    let mut screen = Real::open();
    screen.reads("3 Sites").reads("1 announced");
    screen
        .press("3 z z")
        .reads("ARC 7.0.3")
        .reads("CNAF 10 d left")
        .reads("PIC -");
    step(
        &mut screen,
        r#"{"do":"rollout","step":"report","id":"T-9","site":"CNAF","told":{"outcome":"ok","version":"7.0.3","how":null,"tested":null,"exposed":null,"issues":[],"minutes":null,"widely":null,"note":null}}"#,
    );
    screen
        .reads("CNAF ok")
        .reads("in progress")
        .reads("ARC 7.0.3 al9: T-9 is good for wide deployment");
    // Days later the period is long over.
    screen
        .press("g d")
        .types("+20d")
        .press("enter")
        .reads("CNAF ok");
}

#[test]
fn a_silence_shows_on_the_day_it_begins_and_not_before() {
    let mut screen = Real::open();
    screen
        .press("3 g d")
        .types("+10d")
        .press("enter")
        .reads("CNAF 0 d left");
    screen.press("g d").types("+11d").press("enter");
    screen.reads("CNAF silent").reads("1 announced, 1 silent");
}

#[test]
fn announcements_are_a_list_and_a_record_leads_to_its_ticket() {
    let mut screen = Real::open();
    screen
        .press("g a")
        .reads("Announcements")
        .reads("1 running");
    screen.reads("ARC 7.0.3 al9 running 0 of 1 answered 10 d 1 Dec");
    screen.press("i").reads("N-1").reads("T-9");
    screen
        .press("esc")
        .go(Pane::Queue, "T-9")
        .press("i G")
        .reads("N-1 ARC 7.0.3 al9, running");
    screen
        .press("esc g b")
        .reads("No problem and no known error yet.");
    screen
        .press("g r")
        .reads("No release of the distribution yet.");
}

#[test]
fn an_imported_release_opens_with_what_was_in_it() {
    let mut screen = Real::open();
    let file = screen.path().with_file_name("products.csv");
    let text = "distribution,release,product,version,platform\nUMD,4.18.0,gfal2,2.22.1,centos7\n";
    std::fs::write(&file, text).unwrap();
    screen
        .press(":")
        .types(&format!("import {}", file.display()))
        .press("enter ctrl-s");
    screen
        .press("g r")
        .reads("UMD 4.18.0 published")
        .reads("1 product");
    screen.visit(Kind::Release, "UMD 4.18.0");
    screen.reads("Products in it gfal2 2.22.1 centos7");
}

#[test]
fn r50_an_open_problem_shows_its_walk_what_is_done_and_what_is_open_by_when() {
    let mut screen = Real::open();
    step(
        &mut screen,
        r#"{"do":"problem","step":"file","announcement":"N-1","channel_id":"GGUS-77","product":null,"version":null,"ticket":null,"site":"CNAF","text":"Transfers stop."}"#,
    );
    screen
        .press("g b")
        .reads("P-1 filed not triaged ARC 7.0.3: Transfers stop.");
    screen.visit(Kind::Problem, "P-1");
    screen.reads("Walk filed done Sat 21 Nov 2026, GGUS-77 triaged open,");
    screen
        .reads("provider engaged to come")
        .reads("closed to come");
    step(
        &mut screen,
        r#"{"do":"problem","step":"triage","id":"P-1","criticality":"critical","priority":null,"body":"OU","by":"Chiara"}"#,
    );
    screen.visit(Kind::Problem, "P-1");
    screen.reads("triaged done Sat 21 Nov 2026, critical by OU (Chiara)");
    screen
        .reads("provider engaged open,")
        .reads("fixing version to come");
    screen.press("esc esc g b").reads("1 open, 1 critical");
}

#[test]
fn a_planned_release_says_its_freezes_and_its_pool_and_opens_as_its_composer() {
    let mut screen = Real::open();
    screen
        .press(":")
        .types("release add 'CMD 1.4.0' --date 2026-12-17")
        .press("enter ctrl-s");
    screen
        .press("r")
        .reads("freeze: date in 12 d, contents in 19 d pool: 1 ready,");
    screen.press("g r").reads("CMD 1.4.0 planned 17 Dec 26 d");
    screen.visit(Kind::Release, "CMD 1.4.0");
    screen
        .reads("Pool")
        .reads("ready: T-5 ARC 7.0.3 al5, ready");
    screen
        .press("pgdn")
        .reads("Publish and announce; not yet")
        .reads("release manager signs");
}

#[test]
fn r40_the_ledger_stands_beside_the_marks_once_a_period_is_over() {
    let mut screen = Real::open();
    screen.press("3 z z").reads_not("SLA kept");
    screen.press("g d").types("+11d").press("enter");
    screen
        .reads("SLA kept")
        .reads("CNAF silent 0/1 !")
        .reads("S silent");
}
