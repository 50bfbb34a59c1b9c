//! A text being written: one line or several. Holds nothing that a terminal would obey,
//! and says when it had to cut; what the text means is the form's business.

use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::Widget as _;
use ratatui_textarea::{CursorMove, DataCursor, TextArea, WrapMode};

use super::pen::Pen;
use crate::domain::plain::{plain, plain_lines};
use crate::tui::keymap::{Name, Press};

/// The most bytes of a text of several lines, and of one line.
const LONG: usize = 256 << 10;
pub const SHORT: usize = 4 << 10;

/// A text being written.
#[derive(Clone, Debug)]
pub struct Field {
    area: TextArea<'static>,
    pub long: bool,
}

impl Field {
    pub fn new(text: &str, long: bool) -> Self {
        let mut field = Self {
            area: TextArea::default(),
            long,
        };
        field.area.set_wrap_mode(if long {
            WrapMode::WordOrGlyph
        } else {
            WrapMode::None
        });
        field.area.set_cursor_line_style(Style::new());
        field.area.set_max_histories(0);
        field.set(text);
        field
    }

    /// The whole text.
    pub fn text(&self) -> String {
        self.area.lines().join("\n")
    }

    pub fn is_empty(&self) -> bool {
        self.area.lines().iter().all(|line| line.trim().is_empty())
    }

    pub fn lines(&self) -> usize {
        self.area.lines().len()
    }

    /// Replaces the text; the cursor stands behind it. False if it had to be cut.
    pub fn set(&mut self, text: &str) -> bool {
        self.area.clear();
        self.insert(text)
    }

    /// Writes a text at the cursor. False if not all of it had room.
    pub fn insert(&mut self, text: &str) -> bool {
        let room = self.room();
        let clean = clean(text, self.long);
        let end = floor(&clean, room);
        let whole = end == clean.len();
        if end > 0 {
            self.area.insert_str(&clean[..end]);
        }
        whole
    }

    fn room(&self) -> usize {
        let used: usize = self.area.lines().iter().map(|line| line.len() + 1).sum();
        let most = if self.long { LONG } else { SHORT };
        (most + 1).saturating_sub(used)
    }

    /// Takes a key in; false if it means nothing to a text.
    pub fn press(&mut self, press: Press) -> bool {
        let area = &mut self.area;
        let step = match (press.key, press.ctrl, press.alt) {
            (Name::Left, false, false) | (Name::Char('b'), true, false) => CursorMove::Back,
            (Name::Right, false, false) | (Name::Char('f'), true, false) => CursorMove::Forward,
            (Name::Left, ..) | (Name::Char('b'), false, true) => CursorMove::WordBack,
            (Name::Right, ..) | (Name::Char('f'), false, true) => CursorMove::WordForward,
            (Name::Home, ..) | (Name::Char('a'), true, false) => CursorMove::Head,
            (Name::End, ..) | (Name::Char('e'), true, false) => CursorMove::End,
            (Name::Up, ..) if self.long => CursorMove::Up,
            (Name::Down, ..) if self.long => CursorMove::Down,
            (Name::Char(letter), false, false) => {
                return self.insert(letter.encode_utf8(&mut [0; 4]));
            }
            (Name::Enter, ..) if self.long => return self.insert("\n"),
            (Name::Backspace, false, false) => {
                area.delete_char();
                return true;
            }
            (Name::Backspace, ..) | (Name::Char('w'), true, false) => {
                area.delete_word();
                return true;
            }
            (Name::Delete, ..) => {
                area.delete_next_char();
                return true;
            }
            (Name::Char('u'), true, false) => {
                area.delete_line_by_head();
                return true;
            }
            (Name::Char('k'), true, false) => {
                area.delete_line_by_end();
                return true;
            }
            (Name::Char('y'), true, false) => {
                // What was cut with ctrl-u and ctrl-k comes back, as far as there is room.
                let cut = area.yank_text();
                return self.insert(&cut);
            }
            _ => return false,
        };
        area.move_cursor(step);
        true
    }

    /// Whether up and down have somewhere to go inside the text.
    pub fn can_go(&self, down: bool) -> bool {
        let DataCursor(row, _) = self.area.cursor();
        self.long
            && if down {
                row + 1 < self.area.lines().len()
            } else {
                row > 0
            }
    }

    /// Draws the text; says where its cursor is if it has the focus.
    pub fn draw(&self, pen: &mut Pen<'_>, area: Rect, style: Style) -> (u16, u16) {
        let area = area.intersection(pen.buf.area);
        if area.is_empty() {
            return (area.x, area.y);
        }
        pen.buf.set_style(area, style);
        (&self.area).render(area, pen.buf);
        self.cursor(pen, area)
    }

    /// Where the drawn cursor stands: it is the one cell that is turned round.
    fn cursor(&self, pen: &Pen<'_>, area: Rect) -> (u16, u16) {
        let style = self.area.cursor_style().add_modifier;
        area.positions()
            .find(|at| pen.buf[*at].modifier.contains(style))
            .map_or((area.x, area.y), |at| (at.x, at.y))
    }
}

/// The longest start of `text` of at most `room` bytes that ends with a whole letter.
fn floor(text: &str, room: usize) -> usize {
    let mut end = room.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    end
}

/// A text without anything that a terminal obeys; one line where only one is wanted.
fn clean(text: &str, long: bool) -> String {
    let spaced = |letter: &char| !letter.is_control() || matches!(letter, '\n' | '\r' | '\t');
    let text: String = text.chars().filter(spaced).collect();
    if long {
        plain_lines(&text).into_owned()
    } else {
        plain(&text).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(keys: &str, long: bool) -> String {
        let mut field = Field::new("", long);
        for key in keys.split(' ') {
            field.press(Press::parse(key).unwrap());
        }
        field.text()
    }

    #[test]
    fn keys_write_and_take_back() {
        assert_eq!(typed("a b space c backspace", false), "ab ");
        assert_eq!(typed("a b space c d ctrl-w", false), "ab ");
        assert_eq!(typed("a b c home x", false), "xabc");
        assert_eq!(typed("a b ctrl-u c", false), "c");
        assert_eq!(typed("a b ctrl-u c ctrl-y", false), "cab");
        assert_eq!(typed("a enter b", true), "a\nb");
        assert_eq!(typed("a enter b", false), "ab");
    }

    #[test]
    fn what_was_cut_comes_back_as_often_as_there_is_room() {
        let mut field = Field::new("", false);
        field.insert(&"x".repeat(SHORT));
        for key in ["ctrl-u", "ctrl-y", "ctrl-y", "ctrl-y"] {
            field.press(Press::parse(key).unwrap());
        }
        assert_eq!(field.text().len(), SHORT);
        assert_eq!(
            typed("a enter b enter ctrl-k up ctrl-k ctrl-y", true),
            "a\nb\n"
        );
    }

    #[test]
    fn what_a_terminal_would_obey_never_gets_in() {
        let mut field = Field::new("", true);
        field.insert("a\u{1b}[31mred\u{7}\r\nb\u{202e}c\tq\u{9b}2J");
        assert_eq!(field.text(), "a[31mred\nbc q2J");
    }

    #[test]
    fn a_text_too_long_is_cut_at_a_whole_letter_and_says_so() {
        let mut field = Field::new("", false);
        assert!(!field.insert(&"漢".repeat(5000)));
        assert_eq!(field.text().chars().count(), SHORT / 3);
        assert!(Field::new("", true).insert(&"x\n".repeat(1000)));
        let mut long = Field::new("", true);
        assert!(!long.insert(&"x".repeat(10_000_000)));
        assert_eq!(long.text().len(), LONG);
    }
}
