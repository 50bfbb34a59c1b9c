//! What the screen looks like: at every size, without colour, in ASCII, zoomed, with a
//! page open, and when there is nothing to show.

use ratatui::style::{Color, Modifier};

use super::Screen;
use super::desk::{Fixture, full, header, page, record_ask};
use crate::tui::effect::{Effect, Next};
use crate::tui::msg::Msg;
use crate::tui::theme::Theme;
use crate::workspace::look::board::rows::{Cells, HeadCounts};
use crate::workspace::refusal::Refusal;

macro_rules! shows {
    ($name:literal, $screen:expr) => {
        insta::assert_snapshot!($name, $screen.text())
    };
}

#[test]
fn the_dashboard_is_whole_at_every_size() {
    shows!("dashboard_112x32", Screen::with(full(), (112, 32)));
    shows!("dashboard_112x23", Screen::with(full(), (112, 23)));
    shows!("dashboard_80x24", Screen::with(full(), (80, 24)));
    shows!("dashboard_50x15", Screen::with(full(), (50, 15)));
    shows!("dashboard_20x5", Screen::with(full(), (20, 5)));
    shows!("dashboard_10x3", Screen::with(full(), (10, 3)));
    shows!("dashboard_1x1", Screen::with(full(), (1, 1)));
}

#[test]
fn an_empty_desk_says_what_to_do_next() {
    let mut desk = Fixture {
        header: Some(header()),
        ..Fixture::default()
    };
    if let Some(header) = &mut desk.header {
        header.cycle = None;
        header.counts = HeadCounts::default();
        header.next = None;
    }
    shows!("empty_112x32", Screen::with(desk.clone(), (112, 32)));
    shows!("empty_50x15", Screen::with(desk, (50, 15)));
}

#[test]
fn ascii_needs_no_other_letter() {
    let screen = Screen::themed(full(), (112, 32), Theme::new(true, false));
    assert!(screen.text().is_ascii(), "{}", screen.text());
    shows!("ascii_112x32", screen);
}

#[test]
fn without_colour_there_is_none_and_the_marks_remain() {
    let plain = Screen::themed(full(), (112, 32), Theme::new(false, false));
    let cells = &plain.buffer.content;
    assert!(
        cells
            .iter()
            .all(|cell| cell.fg == Color::Reset && cell.bg == Color::Reset)
    );
    assert_eq!(plain.text(), Screen::with(full(), (112, 32)).text());
}

#[test]
fn a_breach_is_red_and_the_selection_is_reversed() {
    let screen = Screen::with(full(), (112, 32));
    let (x, y) = screen.hits.cursor.unwrap();
    assert!(screen.buffer[(x, y)].modifier.contains(Modifier::REVERSED));
    let mark = &screen.buffer[(x + 1, y)];
    assert_eq!((mark.symbol(), mark.fg), ("!", Color::Red));
    assert!(
        screen
            .buffer
            .content
            .iter()
            .all(|cell| cell.bg == Color::Reset)
    );
}

#[test]
fn zoom_goes_from_normal_to_wide_to_full_and_back() {
    shows!(
        "zoom_wide_schedule",
        Screen::with(full(), (112, 32)).press("1 z")
    );
    shows!(
        "zoom_full_schedule",
        Screen::with(full(), (112, 32)).press("1 z z")
    );
    shows!(
        "zoom_full_queue",
        Screen::with(full(), (112, 32)).press("2 z z")
    );
    let normal = Screen::with(full(), (112, 32));
    assert_eq!(
        Screen::with(full(), (112, 32)).press("z z z").text(),
        normal.text()
    );
    assert_eq!(
        Screen::with(full(), (112, 32)).press("z esc").text(),
        normal.text()
    );
}

#[test]
fn help_is_read_from_the_command_table() {
    shows!("help_112x32", Screen::with(full(), (112, 32)).press("?"));
    shows!("help_50x15", Screen::with(full(), (50, 15)).press("?"));
    let closed = Screen::with(full(), (112, 32)).press("? esc");
    assert!(closed.model.overlays.is_empty());
    let back = Screen::with(full(), (112, 32)).press("? z o o m esc");
    assert_eq!(back.text(), closed.text());
}

#[test]
fn i_opens_the_record_and_w_says_why() {
    #[track_caller]
    fn check(keys: &str, asked: &str) {
        let screen = Screen::with(full(), (112, 32)).press(keys);
        let effects: Vec<_> = screen
            .effects
            .iter()
            .map(|effect| match effect {
                Effect::Open(ask) => format!("{:?} {}", ask.what, ask.key.id),
                other => format!("{other:?}"),
            })
            .collect();
        assert_eq!(effects, [asked]);
    }
    check("j i", "Record T-8");
    check("j w", "Why T-8");
    let mut screen = Screen::with(full(), (112, 32));
    screen.send(Msg::Page(record_ask(), Ok(page())));
    screen.draw();
    shows!("page_112x32", screen);
    let mut small = Screen::with(full(), (50, 15));
    small.send(Msg::Page(record_ask(), Ok(page())));
    small.draw();
    shows!("page_50x15", small);
}

#[test]
fn a_damaged_desk_is_a_sentence_and_a_hint_and_q_works() {
    let mut screen = Screen::with(full(), (80, 24));
    screen.send(Msg::Board(Err(Refusal::failed(
        "The desk at cmd.relmate is damaged.",
        "Run `relmate doctor`.",
    ))));
    screen.draw();
    shows!("damaged_80x24", screen);
    let screen = screen.press("q");
    assert_eq!(screen.effects, [Effect::Leave(Next::Quit)]);
}

#[test]
fn wide_letters_never_break_a_border() {
    let mut desk = full();
    for (index, text) in [
        "漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字",
        "e\u{301}e\u{301}👩‍👩‍👧‍👦 שלום عربى",
    ]
    .iter()
    .enumerate()
    {
        if let Cells::Ticket(ticket) = &mut desk.rows[2][index].cells {
            ticket.title = (*text).to_owned();
            ticket.state = (*text).to_owned();
        }
    }
    for width in 100..130 {
        let screen = Screen::with(desk.clone(), (width, 32));
        for rect in screen.hits.panes.iter().flatten() {
            for y in rect.top() + 1..rect.bottom() - 1 {
                assert_eq!(screen.buffer[(rect.left(), y)].symbol(), "│");
                assert_eq!(screen.buffer[(rect.right() - 1, y)].symbol(), "│");
            }
        }
    }
}
