//! Where a view begins: the schedule with what comes next, every list with what is most
//! urgent, and so again after the terminal has been small.

use proptest::prelude::*;

use super::Screen;
use super::desk::{Fixture, full, gate, long, ticket};
use crate::tui::msg::Msg;
use crate::workspace::look::board::rows::{Pane, Tone};

/// A cycle of twelve milestones, seven of them done.
fn cycle() -> Fixture {
    let mut desk = full();
    desk.rows[Pane::Schedule as usize] = (1..=12)
        .map(|n| {
            let tone = match n {
                ..8 => Tone::Done,
                8 => Tone::Next,
                _ => Tone::Planned,
            };
            let day = format!("2026-{n:02}-12");
            let code = format!("G{n}");
            gate(
                &format!("M-{n}"),
                tone,
                [&code, "Gate", "", ""],
                [&day, &day],
            )
        })
        .collect();
    desk
}

fn first(screen: &Screen, pane: Pane) -> &str {
    let list = &screen.model.panes.lists[pane as usize];
    &list.rows[list.top].key.id
}

fn resize(screen: &mut Screen, size: (u16, u16)) {
    screen.send(Msg::Resized(size.0, size.1));
    screen.draw();
}

#[test]
fn a_schedule_begins_with_the_row_before_what_comes_next() {
    let screen = Screen::with(cycle(), (80, 24));
    assert_eq!(first(&screen, Pane::Schedule), "M-7");
    assert!(screen.text().contains("G8"), "{}", screen.text());
    let screen = screen.press("1");
    assert_eq!(screen.selected(), "M-8");
    let screen = screen.press("k k k");
    assert_eq!(
        (screen.selected(), first(&screen, Pane::Schedule)),
        ("M-5", "M-5")
    );
    let screen = screen.press("g g");
    assert_eq!(
        (screen.selected(), first(&screen, Pane::Schedule)),
        ("M-1", "M-1")
    );
}

#[test]
fn what_comes_next_moves_on_and_the_view_with_it_until_the_user_goes_elsewhere() {
    let on = |screen: &mut Screen| {
        let rows = &mut screen.desk.rows[Pane::Schedule as usize];
        rows[7].tone = Tone::Done;
        rows[8].tone = Tone::Next;
        screen.send(Msg::Settled);
    };
    let mut screen = Screen::with(cycle(), (80, 24)).press("1");
    on(&mut screen);
    assert_eq!(
        (screen.selected(), first(&screen, Pane::Schedule)),
        ("M-9", "M-8")
    );
    let mut screen = Screen::with(cycle(), (80, 24)).press("1 k k");
    on(&mut screen);
    assert_eq!(screen.selected(), "M-6");
}

#[test]
fn a_terminal_that_was_small_shows_the_most_urgent_first_again() {
    let mut screen = Screen::with(cycle(), (112, 32));
    let before = screen.text();
    for small in [(80, 24), (50, 15), (20, 5), (10, 3), (112, 12)] {
        resize(&mut screen, small);
        resize(&mut screen, (112, 32));
        assert_eq!(screen.text(), before, "{small:?}");
    }
}

#[test]
fn a_user_who_went_somewhere_stays_there_and_no_room_is_left_empty() {
    let mut screen = Screen::with(long(300), (112, 32)).press("2 G");
    for size in [(80, 24), (50, 15), (112, 60), (200, 100)] {
        resize(&mut screen, size);
        assert_eq!(screen.selected(), "T-299");
        let list = screen.model.list();
        assert!(
            list.rows.len() - list.top >= usize::from(list.height),
            "{size:?}"
        );
    }
    let mut screen = Screen::with(long(300), (112, 16)).press("2");
    resize(&mut screen, (112, 200));
    let list = screen.model.list();
    assert!(list.rows.len() - list.top >= usize::from(list.height));
}

#[test]
fn what_comes_before_the_first_is_seen_while_nobody_has_moved() {
    let mut screen = Screen::with(full(), (112, 32)).press("2");
    let new = ticket("T-99", Tone::Breach, ["new", "unverified", "+9 d"], None);
    screen.desk.rows[Pane::Queue as usize].insert(0, new);
    screen.send(Msg::Settled);
    assert_eq!(screen.selected(), "T-12", "nothing moves under the finger");
    assert_eq!(first(&screen, Pane::Queue), "T-99");
}

#[test]
fn a_page_up_into_rows_that_come_later_leaves_no_room_empty() {
    let mut screen = Screen::with(long(69), (112, 32)).press("2");
    resize(&mut screen, (100, 62));
    screen = screen.press("G");
    resize(&mut screen, (20, 39));
    let screen = screen.press("pgup");
    let list = screen.model.list();
    assert!(list.rows.len() - list.top >= usize::from(list.height));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_sizes_and_no_keys_leave_a_pane_half_empty(
        sizes in proptest::collection::vec((20_u16..140, 5_u16..70), 1..6),
        keys in proptest::collection::vec(0_usize..8, 0..12),
        rows in 0_usize..150,
    ) {
        const KEYS: [&str; 8] = ["j", "k", "G", "g g", "pgdn", "pgup", "z", "tab"];
        let mut screen = Screen::with(long(rows), (112, 32)).press("2");
        for (n, size) in sizes.iter().enumerate() {
            resize(&mut screen, *size);
            for key in keys.iter().skip(n).step_by(sizes.len()) {
                screen = screen.press(KEYS[*key]);
            }
            let shown = Pane::ALL.into_iter().zip(screen.hits.panes);
            for (pane, _) in shown.filter(|(_, rect)| rect.is_some()) {
                let list = &screen.model.panes.lists[pane as usize];
                let all = screen.desk.rows[pane as usize].len();
                let below = list.rows.len() - list.top;
                prop_assert!(below >= usize::from(list.height).min(all), "{pane:?} {size:?}");
            }
        }
    }
}
