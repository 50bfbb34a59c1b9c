//! The verification queue: product, state and the clock as a bar with its number.

use super::table::{Column, column};
use super::{clock, id};
use crate::tui::model::Model;
use crate::tui::widget::pen::Pen;
use crate::workspace::look::board::rows::{Cells, Row, SortBy, Ticket};

pub(super) fn empty(_: &Model) -> (&'static str, &'static str) {
    (
        "No ticket yet.",
        "{submit} takes a product release in, {inject} makes its tickets.",
    )
}

pub(super) fn row(pen: &mut Pen<'_>, row: &Row, width: u16) {
    let Cells::Ticket(ticket) = &row.cells else {
        return;
    };
    let clock = match width {
        // "promised 30 Nov" in full.
        58.. => 16,
        46.. => 13,
        _ => 7,
    };
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

#[rustfmt::skip]
pub(super) const TABLE: &[Column] = &[
    column("id", (6, 8, 0), id).by(SortBy::Id),
    column("product", (14, 38, 0), title).by(SortBy::Title),
    column("state", (11, 21, 1), state).by(SortBy::State),
    column("clock", (7, 24, 0), ticket_clock),
    column("due", (6, 9, 2), due).by(SortBy::Due),
    column("owner", (6, 14, 3), owner).by(SortBy::Owner),
    column("verifier", (8, 14, 4), verifier),
    column("arch", (6, 8, 5), arch),
];

fn text(pen: &mut Pen<'_>, row: &Row, of: fn(&Ticket) -> &str) {
    if let Cells::Ticket(ticket) = &row.cells {
        pen.text(of(ticket));
    }
}

fn title(pen: &mut Pen<'_>, row: &Row) {
    text(pen, row, |ticket| &ticket.title);
}

fn state(pen: &mut Pen<'_>, row: &Row) {
    text(pen, row, |ticket| &ticket.state);
}

fn ticket_clock(pen: &mut Pen<'_>, row: &Row) {
    if let Cells::Ticket(ticket) = &row.cells {
        clock(pen, row.tone, (ticket.permille, &ticket.clock));
    }
}

fn due(pen: &mut Pen<'_>, row: &Row) {
    text(pen, row, |ticket| &ticket.due);
}

fn owner(pen: &mut Pen<'_>, row: &Row) {
    text(pen, row, |ticket| &ticket.owner);
}

fn verifier(pen: &mut Pen<'_>, row: &Row) {
    text(pen, row, |ticket| &ticket.verifier);
}

fn arch(pen: &mut Pen<'_>, row: &Row) {
    text(pen, row, |ticket| &ticket.arch);
}

/// The clock in a column of its own on a shared line.
fn draw_clock(pen: &mut Pen<'_>, row: &Row, ticket: &Ticket, width: u16) {
    pen.within(width, |pen| {
        clock(pen, row.tone, (ticket.permille, &ticket.clock));
    });
    pen.style = pen.theme.title(false);
}
