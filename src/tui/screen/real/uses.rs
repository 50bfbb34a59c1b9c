//! How the forms and lists are used: what they show, ask and say.

use super::Real;
use crate::domain::kind::Kind;
use crate::tui::overlay::Overlay;
use crate::tui::overlay::form::line::Verdict;
use crate::workspace::fixture::field_of;
use crate::workspace::look::board::rows::Pane;

fn line(screen: &Real, name: &str) -> String {
    let lines = &screen.form().lines;
    lines.iter().find(|line| line.name == name).unwrap().text()
}

#[test]
fn a_verifier_gives_all_criteria_a_result_with_exceptions_by_name() {
    let mut screen = Real::open();
    screen.go(Pane::Queue, "T-2").press("t c");
    screen.fill("all", "").types("ok").press("enter");
    assert_eq!(line(&screen, "all"), "OK");
    screen.types("acc1 na").press("enter").press("shift-tab");
    assert_eq!(line(&screen, "except"), "QC_ACC_1=NA");
    screen.types(", info3 warn").press("enter");
    assert!(line(&screen, "except").ends_with("QC_INFO_3=WARNING"));
    screen.press("ctrl-s");
    let results = field_of(&screen.path(), (Kind::Ticket, "T-2"), "results");
    assert_eq!(results["QC_ACC_1"]["result"], "NA", "{results}");
    assert_eq!(results["QC_INFO_3"]["result"], "WARNING");
    screen.press("t c").fill("criterion", "").types("info3");
    screen.reads("WARNING so far");
}

#[test]
fn a_criterion_without_a_result_or_beside_all_is_said_at_once() {
    let mut screen = Real::open();
    screen.go(Pane::Queue, "T-2").press("t c");
    screen.fill("criterion", "QC_ACC_1");
    screen.reads("Still to be said: Result.");
    screen.fill("result", "OK").fill("all", "OK");
    screen.reads("It cannot be given beside: All criteria.");
    screen.fill("all", "").press("ctrl-s");
    let results = field_of(&screen.path(), (Kind::Ticket, "T-2"), "results");
    assert_eq!(results["QC_ACC_1"]["result"], "OK", "{}", screen.text());
}

#[test]
fn a_name_that_is_not_on_the_desk_is_said_at_once() {
    let mut screen = Real::open();
    screen.press("a s").fill("product", "Nonsuch");
    screen.reads("It is not on this desk.");
    screen.fill("product", "ar");
    screen.reads_not("It is not on this desk.");
    screen.press("esc a p").fill("name", "Nonsuch");
    screen.reads_not("It is not on this desk.");
}

#[test]
fn tab_walks_the_lines_in_order_and_enter_at_the_end_does_it() {
    let mut screen = Real::open();
    screen.press("a l");
    let labels: Vec<_> = screen
        .form()
        .lines
        .iter()
        .map(|line| line.name.clone())
        .collect();
    assert_eq!(labels, ["kind", "text", "about"]);
    assert_eq!(screen.form().at, 0);
    screen.types("puz").press("enter");
    assert_eq!(
        (line(&screen, "kind").as_str(), screen.form().at),
        ("puzzle", 1)
    );
    screen.types("who?").press("enter enter");
    assert_eq!(screen.intent()["kind"], "puzzle", "{}", screen.text());
    screen.press("a l ctrl-s");
    assert_eq!(screen.notice(), "Still to be said: Kind, Lesson.");
    assert_eq!(screen.form().at, 0);
}

#[test]
fn a_line_of_the_palette_opens_the_filled_form() {
    let mut screen = Real::open();
    screen
        .press(":")
        .types("ticket delay T-2 --reason \"x y\"")
        .press("enter");
    assert_eq!(screen.form().subjects[0].id, "T-2");
    assert_eq!(line(&screen, "reason"), "x y");
    screen.reads("T-2 ARC 7.0.3 al2, ticket delay");
    assert_eq!(screen.form().at, 1, "what was not said yet");
    screen.press("esc").go(Pane::Queue, "T-1");
    screen
        .press(":")
        .types("ticket delay --reason late")
        .press("enter");
    assert_eq!(screen.form().subjects[0].id, "T-1", "the selected one");
    screen.press("esc :").types("ticket delay 3").press("enter");
    assert_eq!(screen.form().subjects[0].id, "T-3");
    screen
        .press("esc :")
        .types("set T-1 owner=Bob")
        .press("enter");
    assert_eq!(line(&screen, "owner"), "Bob");
    screen.press("ctrl-s");
    assert_eq!(
        screen.intent()["fields"],
        serde_json::json!([["owner", "Bob"]])
    );
}

#[test]
fn a_line_of_the_palette_that_means_nothing_stays_to_be_mended() {
    let mut screen = Real::open();
    for (text, said) in [
        ("ticket delay T-99 --reason x", "There is no ticket T-99."),
        ("ticket delay T-1 --reson x", "ticket delay has no --reson."),
        ("comment NOBODY hello", "There is no record NOBODY."),
    ] {
        screen.press(":").types(text).press("enter");
        assert!(screen.notice().starts_with(said), "{}", screen.notice());
        match screen.model.overlays.last() {
            Some(Overlay::Picker(picker)) => assert_eq!(picker.field.text(), text),
            _ => panic!("{}", screen.text()),
        }
        screen.press("esc");
    }
}

#[test]
fn the_palette_says_what_cannot_be_done_now_and_nothing_of_other_places() {
    let mut screen = Real::open();
    screen
        .go(Pane::Queue, "T-1")
        .press(":")
        .types("ticket verify");
    screen.reads("not now: it is unverified, where `verify` is not open");
    screen.press("enter");
    assert!(
        screen.notice().contains("`verify` is not open"),
        "{}",
        screen.notice()
    );
    screen.press("esc :").types("pick-down");
    screen.reads_not("Go one line down");
    screen
        .press("esc")
        .go(Pane::Queue, "T-4")
        .press("d")
        .types("accept");
    screen
        .reads_not("not now: it has not been tested")
        .press("enter");
    screen.fill("tested-by", "CNAF").press("ctrl-s");
    let state = field_of(&screen.path(), (Kind::Ticket, "T-4"), "state");
    assert_eq!(state["state"], "ready", "{}", screen.text());
}

#[test]
fn an_empty_jump_shows_what_was_touched_last() {
    let mut screen = Real::open();
    screen
        .go(Pane::Queue, "T-3")
        .press("c")
        .types("x")
        .press("ctrl-s ctrl-k enter");
    match screen.model.overlays.last() {
        Some(Overlay::Record(record)) => assert_eq!(record.key.id, "T-3"),
        _ => panic!("{}", screen.text()),
    }
}

#[test]
fn a_first_key_lists_what_may_follow() {
    let mut screen = Real::open();
    screen
        .press("t")
        .reads("Record results of quality criteria");
    screen.press("esc").reads_not("Record results");
    assert_eq!(screen.notice(), "");
}

#[test]
fn what_every_deed_asks_is_good_from_the_start_or_said_to_be_missing() {
    let mut screen = Real::open();
    for keys in ["a c", "a m", "a p", "a s", "a a", "a l", "a t", "a e"] {
        screen.press(keys);
        for line in &screen.form().lines {
            assert!(
                !matches!(line.verdict, Verdict::Bad(_)),
                "{keys} {}",
                line.name
            );
        }
        screen.press("esc");
    }
}

#[test]
fn a_cycle_is_drafted_from_a_template_and_a_site_promises_days() {
    let mut screen = Real::open();
    screen
        .press("a c")
        .types("1.5")
        .press("tab tab")
        .types("17 Dec 2027")
        .press("tab")
        .types("meta");
    screen.press("enter").reads("What this sets in motion");
    screen.press("enter");
    assert_eq!(screen.intent()["do"], "cycle-add", "{}", screen.text());
    screen
        .go(Pane::Sites, "CNAF")
        .press("d")
        .types("sla")
        .press("enter");
    screen.types("AR").press("enter").types("ten");
    screen.reads("is no whole number");
    screen.fill("days", "10").press("tab space ctrl-s");
    assert_eq!(screen.intent()["working"], true, "{}", screen.text());
}

#[test]
fn a_form_speaks_of_its_lines_and_not_of_the_shell() {
    let mut screen = Real::open();
    screen
        .press("a s")
        .fill("product", "ARC")
        .fill("packages", "one");
    screen.reads("The full list of packages, one a line");
    screen.reads_not("standard input").reads_not("--version");
    screen.reads("Give \"Version\", or take it in all the same with \"Take in anyway\".");
    screen.press("esc").go(Pane::Outbox, "X-2").press("x e");
    screen
        .reads("To whom; several apart by commas")
        .fill("body", "so");
    screen.reads_not("from a file");
}

#[test]
fn what_one_should_know_leaves_room_for_the_form() {
    let mut screen = Real::open();
    screen.go(Pane::Queue, "T-2").press("t c");
    screen.reads("Held up: 21 criteria have no result");
    screen.reads_not("QC_SUPPORT_1 (Vera)");
}
