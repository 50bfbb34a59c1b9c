//! Every layout in every theme: the text once, for colour changes no letter of it, the
//! styles of each theme, and ASCII.

use std::fmt::Write as _;

use ratatui::style::Color;

use super::Screen;
use super::desk::{Fixture, full, header};
use super::styles::{ascii, has_colour, styles, theme};
use crate::tui::theme::Theme;
use crate::workspace::look::board::rows::HeadCounts;

/// The terminal's size and the keys that lead to each layout.
const LAYOUTS: [(&str, (u16, u16), &str); 5] = [
    ("wide", (112, 32), ""),
    ("stacked", (80, 24), ""),
    ("single", (50, 15), ""),
    ("line", (20, 4), ""),
    ("zoomed", (112, 32), "2 z z"),
];

fn frame(desk: &Fixture, theme: Theme, (size, keys): ((u16, u16), &str)) -> Screen {
    let mut screen = Screen::themed(desk.clone(), size, theme).press(keys);
    screen.model.theme.ground(&mut screen.buffer);
    screen
}

/// The frame of a layout in all themes that are kept.
fn frames(layout: ((u16, u16), &str)) -> String {
    let plain = frame(&full(), Theme::new(false, true), layout);
    let mut kept = plain.text();
    for name in ["default", "mono", "colour-blind"] {
        let screen = frame(&full(), theme(name), layout);
        assert_eq!(screen.text(), plain.text(), "{name} says the same");
        assert_eq!(has_colour(&screen.buffer), name != "mono", "{name}");
        let _ = write!(kept, "\n---- {name}\n{}", styles(&screen.buffer));
    }
    for name in ["light", "dark"] {
        let screen = frame(&full(), theme(name), layout);
        assert_eq!(screen.text(), plain.text(), "{name} says the same");
        let whole =
            |cell: &ratatui::buffer::Cell| cell.fg != Color::Reset && cell.bg != Color::Reset;
        assert!(screen.buffer.content.iter().all(whole), "{name} fills all");
    }
    let screen = frame(&full(), ascii(), layout);
    assert!(screen.text().is_ascii(), "{}", screen.text());
    kept + "\n---- ascii\n" + &screen.text()
}

#[test]
fn every_layout_is_as_it_was_in_every_theme() {
    for (name, size, keys) in LAYOUTS {
        insta::assert_snapshot!(name, frames((size, keys)));
    }
}

#[test]
fn light_and_dark_have_their_own_ground_and_letters_that_read_on_it() {
    for (name, ground, text) in [("light", 255, 0x1f), ("dark", 0, 0xe6)] {
        let screen = frame(&full(), theme(name), ((112, 32), ""));
        let corner = &screen.buffer[(0, 0)];
        assert_eq!(corner.bg, Color::Rgb(ground, ground, ground), "{name}");
        let Color::Rgb(red, ..) = corner.fg else {
            panic!("{name}: {}", corner.fg)
        };
        assert_eq!(red, text, "{name}");
        let (x, y) = screen.hits.cursor.unwrap();
        let mark = &screen.buffer[(x + 1, y)];
        let breach = theme(name).alarm().fg.unwrap();
        assert_eq!((mark.symbol(), mark.fg), ("!", breach), "{name}");
    }
}

/// Panes without a row, and the line of a screen that has read nothing yet.
#[test]
fn an_empty_desk_needs_no_letter_but_ascii() {
    let mut head = header();
    head.cycle = None;
    head.counts = HeadCounts::default();
    head.next = None;
    let empty = Fixture {
        header: Some(head),
        ..Fixture::default()
    };
    let places = [
        "", "1 z z", "2 z z", "2 B", "3 z", "4 z", "5", "6", "7", "8", "9", "g",
    ];
    for keys in places {
        for (_, size, _) in LAYOUTS {
            let screen = frame(&empty, ascii(), (size, keys));
            assert!(screen.text().is_ascii(), "{keys}:\n{}", screen.text());
            let screen = frame(&full(), ascii(), (size, keys));
            assert!(screen.text().is_ascii(), "{keys}:\n{}", screen.text());
            assert!(!has_colour(&screen.buffer), "{keys}");
        }
    }
    let mut unread = frame(&empty, ascii(), ((112, 32), ""));
    for list in &mut unread.model.panes.lists {
        list.loaded = false;
    }
    unread.draw();
    assert!(unread.text().contains("Reading the desk."));
    assert!(unread.text().is_ascii(), "{}", unread.text());
}
