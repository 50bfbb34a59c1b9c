//! The full lists: they stand alone, are read only while they are seen, and say what to
//! do next where there is nothing.

use super::Screen;
use super::desk::{Fixture, full, header};
use crate::tui::effect::Effect;
use crate::tui::msg::Msg;
use crate::tui::update::update;
use crate::workspace::look::board::rows::Pane;

const LISTS: [Pane; 8] = [
    Pane::Outbox,
    Pane::Submissions,
    Pane::Products,
    Pane::People,
    Pane::Cycles,
    Pane::Announcements,
    Pane::Problems,
    Pane::Releases,
];

/// The screen with a list in front, as a command would bring it there.
fn at(pane: Pane, desk: Fixture, size: (u16, u16)) -> Screen {
    let mut screen = Screen::with(desk, size);
    screen.model.panes.focus = pane;
    let effects = screen.model.settle();
    screen.perform(effects);
    screen.draw();
    screen
}

fn looks(desk: &Fixture, size: (u16, u16)) -> String {
    LISTS
        .map(|pane| at(pane, desk.clone(), size).text())
        .join("\n")
}

#[test]
fn each_list_is_a_table_at_every_width() {
    insta::assert_snapshot!("lists_120x9", looks(&full(), (120, 9)));
    insta::assert_snapshot!("lists_80x9", looks(&full(), (80, 9)));
    insta::assert_snapshot!("lists_40x8", looks(&full(), (40, 8)));
    insta::assert_snapshot!("lists_200x8", looks(&full(), (200, 8)));
}

#[test]
fn an_empty_list_says_what_to_do_next() {
    let desk = Fixture {
        header: Some(header()),
        ..Fixture::default()
    };
    insta::assert_snapshot!("lists_empty", looks(&desk, (80, 7)));
}

#[test]
fn nothing_leaves_its_line_at_any_width() {
    for width in 20..205 {
        for pane in LISTS {
            let screen = at(pane, full(), (width, 12));
            let rect = screen.hits.panes[pane as usize].unwrap();
            for y in rect.top() + 1..rect.bottom() - 1 {
                let edge = &screen.buffer[(rect.right() - 1, y)];
                assert_eq!(edge.symbol(), "│", "{pane:?} {width}");
            }
        }
    }
}

#[test]
fn only_what_is_seen_is_read() {
    let asked = |effects: &[Effect]| -> Vec<Pane> {
        let mut panes = Vec::new();
        for effect in effects {
            if let Effect::Load(ask) = effect {
                panes.extend(ask.windows.iter().map(|window| window.pane));
            }
        }
        panes
    };
    let mut screen = Screen::with(full(), (112, 32));
    let effects = update(&mut screen.model, Msg::Settled);
    assert_eq!(asked(&effects), Pane::GRID);
    screen.perform(effects);
    let mut screen = at(Pane::Outbox, full(), (112, 32));
    let effects = update(&mut screen.model, Msg::Settled);
    assert_eq!(asked(&effects), [Pane::Outbox]);
    screen.perform(effects);
    screen.model.panes.focus = Pane::Queue;
    let effects = screen.model.settle();
    assert_eq!(asked(&effects), Pane::GRID, "they may be out of date");
}

#[test]
fn a_list_moves_like_a_pane_and_tab_leads_back() {
    let screen = at(Pane::People, full(), (112, 32)).press("j");
    assert_eq!(screen.selected(), "Bob");
    let screen = screen.press("G");
    assert_eq!(screen.selected(), "Chiara");
    let screen = screen.press("tab");
    assert_eq!(screen.model.panes.focus, Pane::Attention);
}
