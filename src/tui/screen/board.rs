//! The queue as a board by state: what it looks like, where the selection goes, and that it
//! follows its record when the desk changes.

use super::Screen;
use super::desk::{Fixture, full, long, ticket};
use crate::tui::effect::Effect;
use crate::tui::msg::Msg;
use crate::tui::pane::board::BoardState;
use crate::tui::theme::Theme;
use crate::tui::update::update;
use crate::workspace::look::board::rows::{Cells, Pane, Tone};

/// The board of a desk, zoomed as far as it goes.
fn board(desk: Fixture, size: (u16, u16), theme: Theme) -> Screen {
    let mut screen = Screen::themed(desk, size, theme).press("2 z z");
    screen.model.toggle_board();
    settle(&mut screen);
    screen
}

fn settle(screen: &mut Screen) {
    let effects = screen.model.settle();
    screen.perform(effects);
    screen.draw();
}

fn go(screen: &mut Screen, steps: &[fn(&mut BoardState)]) {
    for step in steps {
        step(screen.model.panes.board.as_mut().unwrap());
        settle(screen);
    }
}

fn selected(screen: &Screen) -> &str {
    screen.model.selected().map_or("", |key| &key.id)
}

/// A few dozen tickets in all states but two.
fn many() -> Fixture {
    let mut desk = full();
    for n in 0..40 {
        let state = ["unverified", "verification", "ready"][n % 3];
        let row = ticket(
            &format!("T-{}", 100 + n),
            Tone::Info,
            ["bdii 6.0.2 el8", state, "12 d"],
            Some(u32::try_from(n).unwrap() * 25),
        );
        desk.rows[Pane::Queue as usize].push(row);
    }
    desk
}

#[test]
fn the_board_shows_as_many_states_as_there_is_room_for() {
    let looks = |size| board(many(), size, Theme::new(false, true)).text();
    insta::assert_snapshot!("board_112x20", looks((112, 20)));
    insta::assert_snapshot!("board_200x14", looks((200, 14)));
    insta::assert_snapshot!("board_80x12", looks((80, 12)));
    insta::assert_snapshot!("board_40x10", looks((40, 10)));
    let ascii = Theme::new(true, false);
    let screen = board(many(), (112, 16), ascii);
    assert!(screen.text().is_ascii());
    insta::assert_snapshot!("board_ascii", screen.text());
}

#[test]
fn the_selection_goes_up_down_and_sideways_and_the_board_follows() {
    let mut screen = board(many(), (80, 24), Theme::new(false, true));
    assert_eq!(selected(&screen), "T-12", "what was selected in the queue");
    go(&mut screen, &[BoardState::down, BoardState::down]);
    assert_eq!(selected(&screen), "T-104");
    go(&mut screen, &[BoardState::left]);
    assert_eq!(selected(&screen), "T-103", "at the same height");
    go(
        &mut screen,
        &[
            BoardState::left,
            BoardState::up,
            BoardState::up,
            BoardState::up,
        ],
    );
    assert_eq!(selected(&screen), "T-15b");
    go(&mut screen, &[BoardState::right, BoardState::right]);
    assert_eq!(selected(&screen), "", "nothing waits for an answer");
    assert!(screen.model.panes.board.as_ref().unwrap().at() == (2, 0));
    go(
        &mut screen,
        &[
            BoardState::right,
            BoardState::right,
            BoardState::right,
            BoardState::right,
        ],
    );
    assert_eq!(selected(&screen), "T-8", "the last column is in sight");
    assert!(screen.text().contains("delayed"), "{}", screen.text());
    go(&mut screen, &[BoardState::left, |it| it.step(99)]);
    assert_eq!(selected(&screen), "T-138");
    assert!(screen.text().contains("▸T-138"), "{}", screen.text());
}

#[test]
fn the_selection_follows_its_record_into_another_state() {
    let mut screen = board(many(), (112, 32), Theme::new(false, true));
    let queue = Pane::Queue as usize;
    let of = |screen: &mut Screen, id: &str, state: &str| {
        let rows = &mut screen.desk.rows[queue];
        let row = rows.iter_mut().find(|row| row.key.id == id).unwrap();
        if let Cells::Ticket(ticket) = &mut row.cells {
            state.clone_into(&mut ticket.state);
        }
    };
    of(&mut screen, "T-12", "ready");
    screen.send(Msg::Settled);
    assert_eq!(selected(&screen), "T-12");
    assert_eq!(screen.model.panes.board.as_ref().unwrap().at(), (4, 0));
    screen.desk.rows[queue].retain(|row| row.key.id != "T-12");
    screen.send(Msg::Settled);
    assert_eq!(selected(&screen), "T-102", "its neighbour");
}

#[test]
fn the_board_is_read_instead_of_the_rows_and_more_of_it_when_it_is_needed() {
    let mut screen = board(long(300), (112, 32), Theme::new(false, true));
    let effects = update(&mut screen.model, Msg::Settled);
    let [Effect::Load(ask)] = effects.as_slice() else {
        panic!("asked {effects:?}")
    };
    assert!(ask.windows.is_empty() && ask.states.is_some());
    screen.perform(effects);
    go(
        &mut screen,
        &[|it| it.step(59), |it| it.step(59), |it| it.step(30)],
    );
    assert_eq!(selected(&screen), "T-148");
    screen.model.toggle_board();
    settle(&mut screen);
    assert!(screen.text().contains("clock"), "a table again");
}

#[test]
fn what_narrows_the_queue_narrows_its_board() {
    let mut screen = board(many(), (112, 32), Theme::new(false, true));
    screen.model.panes.lists[Pane::Queue as usize].set_filter("T-13");
    settle(&mut screen);
    assert!(screen.text().contains("/T-13: 10"), "{}", screen.text());
    assert!(!screen.text().contains("T-12 "), "{}", screen.text());
}

#[test]
fn no_size_and_no_way_bring_the_board_down() {
    let mut screen = board(many(), (112, 32), Theme::new(false, true));
    let ways: [fn(&mut BoardState); 5] = [
        BoardState::left,
        BoardState::right,
        BoardState::up,
        BoardState::down,
        |it| it.step(-7),
    ];
    for n in 0..260_usize {
        let (width, height) = ((n * 37) % 210, (n * 13) % 40);
        let size = (
            u16::try_from(width).unwrap(),
            u16::try_from(height).unwrap(),
        );
        screen.send(Msg::Resized(size.0, size.1));
        go(&mut screen, &[ways[(n * 7) % 5]]);
        for rect in screen.hits.panes.iter().flatten() {
            for y in rect.top() + 1..rect.bottom() - 1 {
                let edge = screen.buffer[(rect.right() - 1, y)].symbol();
                assert!("│┤↑↓".contains(edge), "{size:?}: {edge}");
            }
        }
    }
}
