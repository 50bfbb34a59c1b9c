//! Borders that meet their neighbours: a line drawn over another one becomes a
//! crossing. Titles are written afterwards.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

const UP: usize = 1;
const DOWN: usize = 2;
const LEFT: usize = 4;
const RIGHT: usize = 8;

/// The glyph of each set of arms.
const LINES: [&str; 16] = [
    " ", "╵", "╷", "│", "╴", "┘", "┐", "┤", "╶", "└", "┌", "├", "─", "┴", "┬", "┼",
];

/// Draws a box; where it runs over another one they are joined.
pub fn draw(buf: &mut Buffer, rect: Rect, style: Style, ascii: bool) {
    let rect = rect.intersection(buf.area);
    if rect.width < 2 || rect.height < 2 {
        return;
    }
    let (left, right) = (rect.left(), rect.right() - 1);
    let (top, bottom) = (rect.top(), rect.bottom() - 1);
    let mut join = |x: u16, y: u16, arms: usize| join(buf, (x, y), arms, (style, ascii));
    for x in left + 1..right {
        join(x, top, LEFT | RIGHT);
        join(x, bottom, LEFT | RIGHT);
    }
    for y in top + 1..bottom {
        join(left, y, UP | DOWN);
        join(right, y, UP | DOWN);
    }
    join(left, top, DOWN | RIGHT);
    join(right, top, DOWN | LEFT);
    join(left, bottom, UP | RIGHT);
    join(right, bottom, UP | LEFT);
}

fn join(buf: &mut Buffer, (x, y): (u16, u16), arms: usize, (style, ascii): (Style, bool)) {
    let Some(cell) = buf.cell_mut((x, y)) else {
        return;
    };
    let glyph = if ascii {
        let there = match cell.symbol() {
            "-" => LEFT | RIGHT,
            "|" => UP | DOWN,
            "+" => UP | DOWN | LEFT | RIGHT,
            _ => 0,
        };
        match there | arms {
            all if all == LEFT | RIGHT => "-",
            all if all == UP | DOWN => "|",
            _ => "+",
        }
    } else {
        let there = LINES
            .iter()
            .position(|glyph| *glyph == cell.symbol())
            .unwrap_or(0);
        LINES[there | arms]
    };
    cell.set_symbol(glyph).set_style(style);
}

/// Empties a rectangle for something drawn over the panes.
pub fn clear(buf: &mut Buffer, rect: Rect) {
    let rect = rect.intersection(buf.area);
    for y in rect.top()..rect.bottom() {
        // A wide letter that reaches into the rectangle would push its border aside.
        if rect.left() > 0
            && let Some(cell) = buf.cell_mut((rect.left() - 1, y))
            && unicode_width::UnicodeWidthStr::width(cell.symbol()) > 1
        {
            cell.set_symbol(" ");
        }
        for x in rect.left()..rect.right() {
            if let Some(cell) = buf.cell_mut((x, y)) {
                cell.reset();
            }
        }
    }
}
