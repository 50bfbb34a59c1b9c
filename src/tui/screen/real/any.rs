//! Any keys, in any order, at any size, with everything open that can be: nothing falls
//! over, no cell is obeyed, and the desk stays a desk.

use proptest::prelude::*;

use super::Real;
use crate::domain::kind::Kind;
use crate::tui::keymap::Press;
use crate::tui::msg::Msg;

#[rustfmt::skip]
const KEYS: &[&str] = &[
    "j", "k", "g", "G", "d", "e", "c", "t", "a", "s", "x", "p", "u", "b", "l", "o", "w", "y", "m",
    ":", "/", "?", "v", "*", "+", "-", ">", "<", "z", "r", "T", "D", "1", "2", "5", "6", "7", "9", "0",
    "space", "tab", "shift-tab", "enter", "enter", "esc", "up", "down", "left", "right", "home", "end",
    "pgup", "pgdn", "backspace", "delete", "ctrl-s", "ctrl-k", "ctrl-l", "ctrl-o", "ctrl-u", "ctrl-w",
    "ctrl-r", "ctrl-p",
];

/// What is open when the keys begin.
fn opened(screen: &mut Real, what: usize) {
    match what {
        0 => screen.press("2 c"),
        1 => screen.press("2 t d"),
        2 => screen.press("a s"),
        3 => screen.press("2 d"),
        4 => screen.press(":"),
        5 => screen.press("ctrl-k"),
        6 => screen.press("2 /"),
        7 => screen.visit(Kind::Ticket, "T-1"),
        8 => screen.visit(Kind::Message, "X-2").press("x e"),
        9 => screen.press("?"),
        10 => screen.press("2 space j space t c"),
        11 => screen.press("g d"),
        12 => screen.press("g d enter"),
        _ => screen.press("1 >"),
    };
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_keys_at_no_size_bring_it_down(
        what in 0_usize..14,
        keys in proptest::collection::vec(0_usize..KEYS.len(), 1..24),
        sizes in proptest::collection::vec((0_u16..130, 0_u16..44), 1..4),
        slow in 0_usize..4,
        letters in "\\PC{0,6}",
    ) {
        let mut screen = Real::open();
        opened(&mut screen, what);
        screen.slow = slow > 0;
        for (index, key) in keys.iter().enumerate() {
            let (width, height) = sizes[index % sizes.len()];
            screen.send(Msg::Resized(width, height));
            screen.send(Msg::Key(Press::parse(KEYS[*key]).unwrap()));
            if index % 5 == 1 {
                screen.paste(&letters);
            }
            if slow > 0 && index % slow == 0 {
                screen.answer();
            }
            screen.draw();
            let obeyed = |cell: &ratatui::buffer::Cell| cell.symbol().chars().any(char::is_control);
            prop_assert!(!screen.buffer.content.iter().any(obeyed));
        }
        screen.slow = false;
        screen.answer();
        screen.send(Msg::Resized(112, 40));
        screen.draw();
        // Nothing waits for ever.
        prop_assert!(screen.model.keys.held.is_empty(), "{:?}", screen.model.keys.held);
        prop_assert_eq!(screen.model.loads.opening, 0);
    }
}
