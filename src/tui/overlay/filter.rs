//! The line in which a pane's filter is typed. The pane narrows with every letter; what
//! it shows and counts is the pane's own business.

use ratatui::layout::Rect;

use crate::tui::widget::field::Field;
use crate::tui::widget::pen::Pen;

/// A filter being typed, in the place of the footer.
#[derive(Debug)]
pub struct Filter {
    pub field: Field,
    /// "12 rows", what was not understood, or the keys.
    pub note: String,
}

impl Filter {
    pub fn new(before: &str) -> Self {
        Self {
            field: Field::new(before, false),
            note: String::new(),
        }
    }

    pub(super) fn draw(&self, pen: &mut Pen<'_>, (width, height): (u16, u16)) -> (u16, u16) {
        let y = height.saturating_sub(1);
        pen.style = pen.theme.strong();
        pen.at(0, y, width);
        pen.cell(width, "");
        for x in 0..width {
            pen.at(x, y, 1);
            pen.cell(1, " ");
        }
        pen.at(1, y, 2);
        pen.text("/");
        let note = &self.note;
        let room = width.saturating_sub(6);
        let text = room
            .saturating_sub(u16::try_from(note.len()).unwrap_or(room))
            .max(room / 2);
        let area = Rect::new(3, y, text.min(width.saturating_sub(3)), 1);
        let style = pen.theme.title(false);
        let cursor = self.field.draw(pen, area, style);
        pen.style = pen.theme.on_border(pen.theme.faint());
        pen.at(4 + text, y, width.saturating_sub(5 + text));
        pen.text(note);
        cursor
    }
}
