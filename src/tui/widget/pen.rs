//! Writes text into cells, cut to the columns it is given. Never lets a wide letter reach
//! over its end, and allocates only where ASCII alone is wanted and a sign is none.

use std::fmt::{self, Write as _};

use ratatui::buffer::Buffer;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use crate::tui::theme::Theme;

/// A place in the buffer and what is left of its line.
pub struct Pen<'b> {
    pub buf: &'b mut Buffer,
    pub theme: Theme,
    pub style: Style,
    x: u16,
    y: u16,
    end: u16,
}

impl<'b> Pen<'b> {
    pub fn new(buf: &'b mut Buffer, theme: Theme) -> Self {
        Self {
            buf,
            theme,
            style: Style::new(),
            x: 0,
            y: 0,
            end: 0,
        }
    }

    /// Goes to a cell; at most `width` columns may be written there.
    pub fn at(&mut self, x: u16, y: u16, width: u16) {
        let area = self.buf.area;
        self.x = x;
        self.y = y;
        self.end = if y < area.bottom() {
            x.saturating_add(width).min(area.right())
        } else {
            x
        };
    }

    pub fn left(&self) -> u16 {
        self.end.saturating_sub(self.x)
    }

    /// Writes a text; where it does not fit, it ends in an ellipsis.
    pub fn text(&mut self, text: &str) {
        let room = self.left();
        if room == 0 || text.is_empty() {
            return;
        }
        if text.len() <= usize::from(room) || text.width() <= usize::from(room) {
            self.raw(text, room);
            return;
        }
        self.raw(text, room - 1);
        let mark = self.theme.ellipsis();
        self.raw(mark, self.left().min(1));
    }

    fn raw(&mut self, text: &str, room: u16) {
        if self.theme.ascii && !text.is_ascii() {
            let text: String = text.chars().map(plain_sign).collect();
            self.put(&text, room);
        } else {
            self.put(text, room);
        }
    }

    fn put(&mut self, text: &str, room: u16) {
        if room > 0 && self.y < self.buf.area.bottom() && self.x < self.buf.area.right() {
            let (x, _) = self
                .buf
                .set_stringn(self.x, self.y, text, usize::from(room), self.style);
            self.x = x;
        }
    }

    /// Writes a text into a column of its own and goes behind it.
    pub fn cell(&mut self, width: u16, text: &str) {
        let (x, end) = (self.x, self.end);
        self.end = x.saturating_add(width).min(end);
        self.text(text);
        self.x = x.saturating_add(width).min(end);
        self.end = end;
    }

    /// Draws into a column of its own and goes behind it.
    pub fn within(&mut self, width: u16, draw: impl FnOnce(&mut Self)) {
        let (x, end) = (self.x, self.end);
        self.end = x.saturating_add(width).min(end);
        draw(self);
        self.x = x.saturating_add(width).min(end);
        self.end = end;
    }

    /// The same, at the column's right side.
    pub fn right(&mut self, width: u16, text: &str) {
        let wide = u16::try_from(text.width()).unwrap_or(u16::MAX);
        let width = width.min(self.left());
        if wide < width {
            self.x += width - wide;
            self.cell(wide, text);
        } else {
            self.cell(width, text);
        }
    }

    pub fn skip(&mut self, width: u16) {
        self.x = self.x.saturating_add(width).min(self.end);
    }

    /// Writes numbers and words without a string in between.
    pub fn say(&mut self, text: fmt::Arguments<'_>) {
        // Cells take any text.
        let _ = self.write_fmt(text);
    }
}

/// What stands for a sign of our own texts where only ASCII is wanted, as wide as it is.
/// Letters are somebody's name and stay.
fn plain_sign(sign: char) -> char {
    match sign {
        '“' | '”' => '"',
        '‘' | '’' => '\'',
        '–' | '—' | '−' => '-',
        '→' => '>',
        '…' => '~',
        '·' => '|',
        other => other,
    }
}

impl fmt::Write for Pen<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let room = self.left();
        self.raw(text, room);
        Ok(())
    }
}
