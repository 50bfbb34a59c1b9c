//! What keys do: moving, windows on long lists, and that nothing brings the screen down.

use proptest::prelude::*;

use super::Screen;
use super::desk::{full, long, page, record_ask, ticket};
use crate::tui::effect::Effect;
use crate::tui::keymap::Press;
use crate::tui::msg::Msg;
use crate::tui::theme::Theme;
use crate::tui::update::update;
use crate::workspace::look::board::rows::{Pane, Tone};

#[test]
fn keys_move_between_and_within_panes() {
    #[track_caller]
    fn check(keys: &str, pane: Pane, id: &str) {
        let screen = Screen::with(full(), (112, 32)).press(keys);
        assert_eq!(
            (screen.model.panes.focus, screen.selected()),
            (pane, id),
            "{keys}"
        );
    }
    check("", Pane::Attention, "T-12");
    check("j j k", Pane::Attention, "T-8");
    check("down up up", Pane::Attention, "T-12");
    check("G", Pane::Attention, "A-4");
    check("end g g", Pane::Attention, "T-12");
    check("end home", Pane::Attention, "T-12");
    check("pgdn", Pane::Attention, "A-4");
    check("tab", Pane::Schedule, "M-3");
    check("tab tab j", Pane::Queue, "T-8");
    check("shift-tab", Pane::Retro, "A-4");
    check("2 left", Pane::Schedule, "M-3");
    check("1 right j j", Pane::Queue, "T-15b");
    check("3 right left 3", Pane::Sites, "CNAF");
    check("4 G 0", Pane::Attention, "T-12");
    check("g j", Pane::Attention, "T-8");
}

#[test]
fn the_selection_is_a_record_and_not_a_line() {
    let mut screen = Screen::with(full(), (112, 32)).press("2 j");
    assert_eq!(screen.selected(), "T-8");
    screen.desk.rows[2].insert(
        0,
        ticket("T-99", Tone::Breach, ["new", "unverified", "+9 d"], None),
    );
    screen.send(Msg::Settled);
    assert_eq!(screen.selected(), "T-8");
    screen.desk.rows[2].retain(|row| row.key.id != "T-8");
    screen.send(Msg::Settled);
    assert_eq!(screen.selected(), "T-15b", "its neighbour");
}

#[test]
fn a_long_queue_is_walked_through_windows() {
    let keys = "j ".repeat(700);
    let screen = Screen::with(long(1000), (112, 32)).press("2").press(&keys);
    assert_eq!(screen.selected(), "T-700");
    assert!(
        screen.model.list().rows.len() <= 100,
        "{}",
        screen.model.list().rows.len()
    );
    let screen = screen.press(&"k ".repeat(650));
    assert_eq!(screen.selected(), "T-50");
    let screen = screen.press("G");
    assert_eq!(screen.selected(), "T-999");
    let screen = screen.press("k g g");
    assert_eq!(screen.selected(), "T-0");
    assert!(screen.text().contains("↓"));
}

/// Keys come faster than the desk answers: no step is lost.
#[test]
fn steps_beyond_the_window_are_owed() {
    let mut screen = Screen::with(long(1000), (112, 32)).press("2");
    let mut asked = Vec::new();
    for _ in 0..120 {
        asked.extend(update(
            &mut screen.model,
            Msg::Key(Press::parse("j").unwrap()),
        ));
    }
    screen.perform(asked);
    assert_eq!(screen.selected(), "T-120");
}

#[test]
fn a_change_while_reading_is_read_afterwards() {
    let mut screen = Screen::with(full(), (112, 32));
    let first = update(&mut screen.model, Msg::Settled);
    assert!(update(&mut screen.model, Msg::Settled).is_empty());
    let Some(Effect::Load(ask)) = first.first() else {
        panic!("asked {first:?}")
    };
    let board = screen.desk.answer(ask);
    let again = update(&mut screen.model, Msg::Board(Ok(Box::new(board))));
    assert!(matches!(again.as_slice(), [Effect::Load(_)]));
}

#[test]
fn the_minute_reads_nothing_until_the_day_is_new() {
    let mut screen = Screen::with(full(), (112, 32));
    assert!(
        update(
            &mut screen.model,
            Msg::Minute("2026-11-21T09:15:00Z".parse().unwrap())
        )
        .is_empty()
    );
    screen.draw();
    assert!(screen.text().contains("Sat 21 Nov 2026 09:15"));
    let new = update(
        &mut screen.model,
        Msg::Minute("2026-11-22T00:00:00Z".parse().unwrap()),
    );
    assert!(matches!(new.as_slice(), [Effect::Load(_)]));
}

#[test]
fn what_cannot_run_says_why() {
    let mut desk = full();
    desk.rows[0].clear();
    let screen = Screen::with(desk, (112, 32)).press("enter");
    assert!(screen.effects.is_empty());
    assert!(
        screen.text().contains(
            "Take the step that settles the line, or open the record: nothing is selected."
        )
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_keys_and_no_size_bring_it_down(
        keys in proptest::collection::vec(0_usize..24, 0..40),
        sizes in proptest::collection::vec((0_u16..130, 0_u16..40), 1..4),
        rows in 0_usize..200,
        ascii: bool,
    ) {
        const KEYS: [&str; 24] = [
            "j", "k", ":", "ctrl-k", "g", "G", "z", "tab", "shift-tab", "enter", "w", "?", "esc", "d",
            "pgdn", "pgup", "space", "v", "*", "y", "t", "c", "end", "ctrl-z",
        ];
        let mut screen =
            Screen::themed(long(rows), sizes[0], Theme::new(ascii, ascii));
        for (index, key) in keys.iter().enumerate() {
            screen.send(Msg::Key(Press::parse(KEYS[*key]).unwrap()));
            let (width, height) = sizes[index % sizes.len()];
            screen.send(Msg::Resized(width, height));
            if index % 7 == 3 {
                screen.send(Msg::Page(record_ask(), Ok(page())));
            }
            screen.draw();
        }
    }
}

/// A move that is looked at keeps the desk open; however it ends, the desk is let go of.
#[test]
fn the_desk_is_let_go_of_when_a_move_is_no_longer_looked_at() {
    for end in ["esc", "down", "tab", "enter", "j"] {
        let mut screen = Screen::with(full(), (112, 32)).press("1");
        let mut key = |key| update(&mut screen.model, Msg::Key(Press::parse(key).unwrap()));
        let looked = key("+");
        assert!(
            matches!(looked.as_slice(), [Effect::Preview(_)]),
            "{looked:?}"
        );
        assert!(key(end).contains(&Effect::Rest), "{end}");
        assert!(!key(end).contains(&Effect::Rest), "once: {end}");
    }
}
