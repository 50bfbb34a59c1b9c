//! The desk as of a day to come: its clocks are read then, it says so, nothing can be done
//! there, and one key leads back.

use super::Real;
use crate::workspace::look::board::rows::Pane;

#[test]
fn a_day_to_come_reads_the_clocks_then_and_esc_comes_back() {
    let mut screen = Real::open();
    let late = |screen: &Real| screen.model.header.as_ref().unwrap().counts.overdue;
    let today = late(&screen);
    screen
        .press("g d")
        .reads("Look at the desk as of")
        .reads("in two weeks");
    screen.types("+8w").reads("Sat 16 Jan 2027, in 56 days");
    screen.press("enter");
    screen
        .reads("as of Sat 16 Jan 2027")
        .reads("as of 16 Jan 2027")
        .reads("Today's records with the clocks of Sat 16 Jan 2027; esc comes back.");
    assert!(late(&screen) > today, "{} {today}", late(&screen));
    screen
        .go(Pane::Queue, "T-1")
        .press("w")
        .reads("46 days over its limit");
    screen.press("esc esc").reads("Today again.");
    assert_eq!(late(&screen), today);
    screen.reads_not("as of 16 Jan");
}

#[test]
fn nothing_is_done_on_another_day_and_no_byte_is_written() {
    let mut screen = Real::open();
    let before = std::fs::read(screen.path()).unwrap();
    screen.press("g d").types("+3d").press("enter");
    screen.go(Pane::Queue, "T-1").press("t d");
    assert!(
        screen
            .notice()
            .contains("another day is looked at; come back to today first"),
        "{}",
        screen.notice()
    );
    screen.press("0 enter").reads("What can be done");
    screen.press("esc u");
    assert!(
        screen.notice().contains("another day is looked at"),
        "{}",
        screen.notice()
    );
    assert!(
        std::fs::read(screen.path()).unwrap() == before,
        "not a byte"
    );
}

#[test]
fn a_day_that_is_over_or_no_day_is_said_and_not_taken() {
    let mut screen = Real::open();
    screen
        .press("g d")
        .types("yesterday")
        .reads("not now: it is not to come");
    screen.press("enter");
    assert_eq!(screen.model.as_of, None);
    screen.press("esc g d").types("soonish").reads("soonish");
    screen.press("enter");
    assert_eq!(screen.model.as_of, None);
    screen
        .press("esc g d")
        .types("tomorrow")
        .press("enter g d")
        .reads("today");
    screen.press("enter").reads("Today again.");
    assert_eq!(screen.model.as_of, None);
}

#[test]
fn another_day_is_said_at_every_size() {
    for (width, height) in [(112, 32), (80, 24), (50, 15), (30, 6)] {
        let mut screen = Real::open();
        screen.press("g d").types("+3d").press("enter").press("j");
        screen.send(crate::tui::msg::Msg::Resized(width, height));
        screen.reads("as of 24 Nov 2026");
        assert!(!screen.text().contains(" 2026\n2026"), "{}", screen.text());
    }
}
