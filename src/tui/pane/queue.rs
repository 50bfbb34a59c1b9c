//! The verification queue: product, state and the clock as a bar with its number.

use crate::tui::model::Model;
use crate::tui::widget::{bar, pen::Pen};
use crate::workspace::look::board::rows::{Cells, Row, Ticket};

pub(super) fn empty(_: &Model) -> (&'static str, &'static str) {
    (
        "No ticket yet.",
        "`relmate submit …` takes a product release in, `relmate inject` makes its tickets.",
    )
}

pub(super) fn row(pen: &mut Pen<'_>, row: &Row, width: u16) {
    let Cells::Ticket(ticket) = &row.cells else {
        return;
    };
    let clock = if width >= 46 { 13 } else { 7 };
    let state = match width {
        90.. => 21,
        50.. => 15,
        34.. => 11,
        _ => 0,
    };
    let title = if width >= 90 {
        26
    } else {
        width.saturating_sub(6 + state + clock)
    };
    pen.cell(6, &row.key.id);
    pen.cell(title.saturating_sub(1), &ticket.title);
    pen.skip(title.min(1));
    if state > 0 {
        pen.cell(state - 1, &ticket.state);
        pen.skip(1);
    }
    if width < 90 {
        draw_clock(pen, row, ticket, clock);
        return;
    }
    draw_clock(pen, row, ticket, 20);
    pen.skip(2);
    let due = if ticket.due.is_empty() { "" } else { "due " };
    pen.cell(u16::try_from(due.len()).unwrap_or(0), due);
    pen.cell(12 - u16::try_from(due.len()).unwrap_or(0), &ticket.due);
    pen.cell(9, &ticket.owner);
    pen.cell(9, &ticket.arch);
    pen.text(&ticket.verifier);
}

/// Bar and number; where no clock runs, words.
fn draw_clock(pen: &mut Pen<'_>, row: &Row, ticket: &Ticket, width: u16) {
    let width = width.min(pen.left());
    pen.style = pen.theme.tone(row.tone);
    match ticket.permille {
        Some(permille) if width > 8 => {
            bar::draw(pen, width - 7, permille);
            pen.right(7, &ticket.clock);
        }
        Some(_) | None => pen.right(width, &ticket.clock),
    }
    pen.style = pen.theme.title(false);
}
