//! The retrospective: actions, the late ones first, then lessons with their votes.

use super::id;
use super::table::{Column, column};
use crate::tui::model::Model;
use crate::tui::widget::pen::Pen;
use crate::workspace::look::board::rows::{Cells, Note, Row, SortBy};

pub(super) fn empty(_: &Model) -> (&'static str, &'static str) {
    (
        "No lesson yet.",
        "`:lesson` keeps one, `:action add` an action.",
    )
}

pub(super) fn row(pen: &mut Pen<'_>, row: &Row, width: u16) {
    let Cells::Note(note) = &row.cells else {
        return;
    };
    let plain = pen.style;
    pen.within(5, |pen| mark(pen, row));
    pen.skip(1);
    pen.style = plain;
    pen.cell(6, &row.key.id);
    let who: u16 = if width >= 44 { 8 } else { 0 };
    let tail: u16 = match (note.action, width) {
        (true, 30..) => 7,
        (false, 30..) => 4,
        _ => 0,
    };
    let text = width.saturating_sub(12 + who + tail);
    // A lesson has no owner, so its text may use the room.
    let (text, who) = if note.who.is_empty() {
        (text + who, 0)
    } else {
        (text, who)
    };
    pen.cell(text.saturating_sub(1), &note.text);
    pen.skip(text.min(1));
    if who > 0 {
        pen.cell(who - 1, &note.who);
        pen.skip(1);
    }
    pen.right(tail, &note.tail);
}

#[rustfmt::skip]
pub(super) const TABLE: &[Column] = &[
    column("", (5, 5, 0), mark).by(SortBy::State),
    column("id", (5, 7, 0), id).by(SortBy::Id),
    column("text", (16, 100, 0), |pen, row| text(pen, row, |note| &note.text)).by(SortBy::Title),
    column("owner", (6, 14, 2), |pen, row| text(pen, row, |note| &note.who)).by(SortBy::Owner),
    column("due, votes", (10, 10, 1), tail).by(SortBy::Due),
];

fn text(pen: &mut Pen<'_>, row: &Row, of: fn(&Note) -> &str) {
    if let Cells::Note(note) = &row.cells {
        pen.text(of(note));
    }
}

/// The word of an action, the sign of a lesson.
fn mark(pen: &mut Pen<'_>, row: &Row) {
    if let Cells::Note(note) = &row.cells {
        pen.style = pen.theme.tone(row.tone);
        let mark = if note.action {
            pen.theme.word(row.tone)
        } else {
            pen.theme.mark(row.tone)
        };
        pen.text(mark);
    }
}

fn tail(pen: &mut Pen<'_>, row: &Row) {
    if let Cells::Note(note) = &row.cells {
        let room = pen.left();
        pen.right(room, &note.tail);
    }
}
