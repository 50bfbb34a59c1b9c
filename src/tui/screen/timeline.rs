//! The schedule with all the room there is: today's line, months, countdown weeks, slips as
//! ghosts, and what a move would change.

use super::Screen;
use super::desk::{day, full};
use crate::tui::theme::Theme;
use crate::workspace::look::board::rows::Pane;

fn zoomed(size: (u16, u16)) -> Screen {
    Screen::with(full(), size).press("1 z z")
}

#[test]
fn a_zoomed_schedule_is_a_timeline() {
    insta::assert_snapshot!("timeline_112x12", zoomed((112, 12)).text());
    insta::assert_snapshot!("timeline_200x10", zoomed((200, 10)).text());
    insta::assert_snapshot!("timeline_80x24", zoomed((80, 24)).text());
    insta::assert_snapshot!("timeline_60x12", zoomed((60, 12)).text());
    let ascii = Screen::themed(full(), (112, 12), Theme::new(true, false)).press("1 z z");
    assert!(ascii.text().is_ascii());
    insta::assert_snapshot!("timeline_ascii", ascii.text());
}

#[test]
fn a_move_is_seen_before_it_is_made() {
    let moves = vec![
        ("M-4".to_owned(), day("2026-12-14")),
        ("M-5".to_owned(), day("2027-01-07")),
    ];
    let mut screen = zoomed((112, 12));
    let before = screen.text();
    screen.model.panes.moves.clone_from(&moves);
    screen.draw();
    insta::assert_snapshot!("timeline_move", screen.text());
    screen.model.panes.moves.clear();
    screen.draw();
    assert_eq!(screen.text(), before);
    let mut screen = Screen::themed(full(), (112, 32), Theme::new(true, false));
    screen.model.panes.moves = moves;
    screen.draw();
    assert!(
        screen.text().contains("14 Dec    +4 d?"),
        "{}",
        screen.text()
    );
}

#[test]
fn the_timeline_stays_in_its_pane_at_any_size() {
    for width in 20..200 {
        for height in [5, 6, 7, 9, 24] {
            let screen = zoomed((width, height));
            let rect = screen.hits.panes[Pane::Schedule as usize].unwrap();
            for y in rect.top() + 1..rect.bottom() - 1 {
                let (left, right) = (
                    &screen.buffer[(rect.left(), y)],
                    &screen.buffer[(rect.right() - 1, y)],
                );
                assert_eq!(left.symbol(), "│", "{width}x{height}");
                assert!("│↑↓".contains(right.symbol()), "{width}x{height}");
            }
        }
    }
}
