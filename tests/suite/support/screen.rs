//! The screen in a real terminal: started in a desk's world, watched, and left.

use std::time::Duration;

use termlens::{Key, Screen, Terminal, TerminalBuilder};

use super::Desk;

/// A terminal in a desk's world; every wait ends after this long.
pub(crate) fn terminal(desk: &Desk, columns: u16, rows: u16) -> TerminalBuilder {
    Terminal::builder()
        .size(columns, rows)
        .env_clear()
        .envs(desk.world())
        .current_dir(desk.home())
        .timeout(Duration::from_secs(20))
}

/// The screen is open and shows this.
#[track_caller]
pub(crate) fn shows(terminal: &mut Terminal, text: &str) {
    terminal
        .wait_until(|screen| screen.alternate_screen() && screen.contains(text))
        .unwrap();
}

/// The shell has its own screen and its cursor again.
#[track_caller]
pub(crate) fn given_back(screen: &Screen) {
    assert!(!screen.alternate_screen(), "{}", screen.text());
    assert!(screen.cursor_visible());
}

/// Types letters.
#[track_caller]
pub(crate) fn types(terminal: &mut Terminal, letters: &str) {
    for letter in letters.chars() {
        terminal.send(Key::Char(letter)).unwrap();
    }
}

/// Presses Esc and waits for what is below it: a key that follows at once would be
/// another one, with Alt.
#[track_caller]
pub(crate) fn escapes(terminal: &mut Terminal, text: &str) {
    terminal.send(Key::Esc).unwrap();
    shows(terminal, text);
}

/// Leaves with a key; the terminal is given back.
#[track_caller]
pub(crate) fn leave(mut terminal: Terminal, key: char) {
    terminal.send(Key::Char(key)).unwrap();
    assert!(terminal.wait_exit().unwrap().success());
    given_back(&terminal.screen());
}
