//! What can follow the first key of a chord, above the footer. It is there while the
//! second key is waited for.

use ratatui::layout::Rect;

use crate::tui::model::Model;
use crate::tui::widget::{boxes, pen::Pen};

/// Draws the list, if a first key was pressed.
pub fn draw(pen: &mut Pen<'_>, model: &Model, (width, height): (u16, u16)) {
    let Some((name, lines)) = model.which_key() else {
        return;
    };
    if width < 30 || height < 8 {
        return;
    }
    let fits = lines.len() <= usize::from(height - 4);
    let columns = if width >= 100 || !fits { 2 } else { 1 };
    let rows = lines.len().div_ceil(columns);
    let rows = u16::try_from(rows).unwrap_or(u16::MAX).min(height - 4);
    let rect = Rect::new(0, height - 3 - rows, width, rows + 2);
    let theme = pen.theme;
    boxes::clear(pen.buf, rect);
    boxes::draw(pen.buf, rect, theme.border(), theme.ascii);
    pen.style = theme.on_border(theme.strong());
    pen.at(rect.x + 2, rect.y, width - 4);
    pen.say(format_args!(" {name} "));
    let wide = (width - 4) / u16::try_from(columns).unwrap_or(1);
    let places = (0..columns).flat_map(|column| (0..rows).map(move |row| (column, row)));
    for ((column, row), (key, command)) in places.zip(&lines) {
        let x = rect.x + 2 + wide * u16::try_from(column).unwrap_or(0);
        pen.style = theme.strong();
        pen.at(x, rect.y + 1 + row, wide.saturating_sub(1));
        pen.cell(6, key);
        pen.style = theme.title(false);
        // Where there is no room for an explanation, the name says more than its start.
        pen.text(if wide < 40 {
            command.name
        } else {
            command.help
        });
    }
}
