//! What the mouse does, and what the footer says of pastes and other services.

use super::Screen;
use super::desk::{full, long, page, record_ask};
use crate::tui::effect::Effect;
use crate::tui::msg::{Mouse, Msg};
use crate::tui::overlay::Overlay;
use crate::workspace::look::board::rows::{PageAsk, PageKind, Pane};
use crate::workspace::refusal::Refusal;

impl Screen {
    fn mouse(mut self, kind: Mouse, (x, y): (u16, u16)) -> Self {
        self.send(Msg::Mouse { kind, x, y });
        self.draw();
        self
    }

    /// The cell of the first letter of a text.
    #[track_caller]
    fn place(&self, text: &str) -> (u16, u16) {
        let (y, line) = self
            .text()
            .lines()
            .enumerate()
            .find_map(|(y, line)| Some((y, line[..line.find(text)?].to_owned())))
            .unwrap_or_else(|| panic!("{text} is not there:\n{}", self.text()));
        (
            u16::try_from(line.chars().count()).unwrap(),
            u16::try_from(y).unwrap(),
        )
    }

    #[track_caller]
    fn notice(&self) -> &str {
        self.model
            .talk
            .notice
            .as_ref()
            .map_or("", |notice| &notice.text)
    }
}

#[test]
fn a_click_goes_to_the_row_and_a_second_one_opens_it() {
    let screen = Screen::with(full(), (112, 32));
    let row = screen.place("T-15b gfal2 2.23 al9    unv");
    let screen = screen.mouse(Mouse::Click, row);
    assert_eq!(screen.model.panes.focus, Pane::Queue);
    assert_eq!(screen.selected(), "T-15b");
    assert_eq!(screen.effects, []);
    let screen = screen.mouse(Mouse::Click, row);
    assert!(
        matches!(screen.effects.as_slice(), [Effect::Open(ask)] if ask.key.id == "T-15b"),
        "{:?}",
        screen.effects
    );
}

#[test]
fn a_first_click_on_another_pane_opens_nothing() {
    let screen = Screen::with(full(), (112, 32));
    let row = screen.place("CNAF");
    let screen = screen.mouse(Mouse::Click, row);
    assert_eq!(screen.model.panes.focus, Pane::Sites);
    assert_eq!((screen.selected(), screen.effects.len()), ("CNAF", 0));
}

#[test]
fn a_click_on_a_title_goes_to_its_pane_and_beside_every_row_nowhere() {
    let screen = Screen::with(full(), (112, 32));
    for (title, pane) in [
        ("3 Sites", Pane::Sites),
        ("2 Queue", Pane::Queue),
        ("4 Retro", Pane::Retro),
        ("1 Schedule", Pane::Schedule),
    ] {
        let place = screen.place(title);
        let screen = Screen::with(full(), (112, 32)).mouse(Mouse::Click, place);
        assert_eq!(screen.model.panes.focus, pane);
    }
    let (_, last) = screen.place("RAL");
    let screen = screen.press("3 j").mouse(Mouse::Click, (3, last + 1));
    assert_eq!(screen.selected(), "PIC", "there is no row below the rows");
    let screen = screen
        .mouse(Mouse::Click, (3, 0))
        .mouse(Mouse::Click, (3, 31));
    assert_eq!(
        screen.model.panes.focus,
        Pane::Sites,
        "head and foot are no panes"
    );
}

#[test]
fn the_wheel_moves_the_selection_under_the_pointer_and_not_the_focus() {
    let screen = Screen::with(full(), (112, 32));
    let place = screen.place("T-17 ");
    let screen = screen
        .mouse(Mouse::Down, place)
        .mouse(Mouse::Down, place)
        .mouse(Mouse::Up, place);
    assert_eq!(screen.model.panes.focus, Pane::Attention);
    assert_eq!(screen.selected(), "T-12");
    let screen = screen.press("2");
    assert_eq!(screen.selected(), "T-8");
}

#[test]
fn the_wheel_walks_through_windows_of_a_long_list() {
    let mut screen = Screen::with(long(1000), (112, 32)).press("2");
    let place = screen.place("T-3 ");
    for _ in 0..300 {
        screen = screen.mouse(Mouse::Down, place);
    }
    assert_eq!(screen.selected(), "T-300");
    let screen = screen.press("G").mouse(Mouse::Click, place);
    let (selected, row) = (screen.selected().to_owned(), screen.place("▸"));
    assert_eq!(row.1, place.1, "{selected}");
}

fn why() -> PageAsk {
    PageAsk {
        what: PageKind::Why,
        ..record_ask()
    }
}

fn scrolled(screen: &Screen) -> usize {
    match screen.model.overlays.last() {
        Some(Overlay::Page(sheet)) => sheet.scroll,
        _ => panic!("no page is open"),
    }
}

#[test]
fn over_a_page_the_wheel_scrolls_and_a_click_does_nothing() {
    let mut screen = Screen::with(full(), (50, 8));
    screen.send(Msg::Page(why(), Ok(page())));
    let screen = screen.mouse(Mouse::Down, (0, 0));
    assert!(scrolled(&screen) > 0);
    let screen = screen.mouse(Mouse::Click, (5, 5)).mouse(Mouse::Up, (0, 0));
    assert_eq!(scrolled(&screen), 0);
    assert_eq!(screen.model.panes.focus, Pane::Attention);
}

#[test]
fn the_mouse_is_turned_on_and_off_by_its_key() {
    let screen = Screen::with(full(), (112, 32)).press("M");
    assert!(screen.model.user.mouse && screen.notice().contains("on"));
    let screen = screen.press("M");
    assert!(!screen.model.user.mouse && screen.notice().contains("off"));
    assert_eq!(screen.effects, [Effect::Mouse(true), Effect::Mouse(false)]);
}

#[test]
fn what_the_terminal_was_asked_for_is_told_in_the_footer() {
    #[track_caller]
    fn check(msg: Msg, said: &str) {
        let mut screen = Screen::with(full(), (112, 32));
        screen.send(msg);
        assert_eq!(screen.notice(), said);
        assert_eq!(screen.effects, []);
    }
    let refusal = || Refusal::failed("There is no editor x.", "Set $EDITOR.");
    let edited = |result| Msg::Edited {
        name: "comment".to_owned(),
        result,
    };
    check(edited(Err(refusal())), "There is no editor x. Set $EDITOR.");
    check(edited(Ok(None)), "The text is as it was.");
    check(edited(Ok(Some("text".to_owned()))), "");
    check(
        Msg::Launched(Err(refusal())),
        "There is no editor x. Set $EDITOR.",
    );
    let text = "q".to_owned();
    check(
        Msg::Paste { text, cut: false },
        "There is nothing to paste into here.",
    );
}

#[test]
fn a_click_knows_the_headings_of_a_table() {
    let screen = Screen::with(full(), (112, 32)).press("2 z z");
    let row = screen.place("T-8 ");
    let screen = screen.mouse(Mouse::Click, row);
    assert_eq!(screen.selected(), "T-8");
    let headings = (row.0, screen.place("T-12 ").1 - 1);
    let screen = screen.mouse(Mouse::Click, headings);
    assert_eq!(screen.selected(), "T-8", "headings are no row");
}
