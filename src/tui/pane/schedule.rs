//! The milestones of the cycle: rows with a line below them where the pane is small, a
//! timeline where it has room, and what a move would change before it is made.

use chrono::NaiveDate;
use ratatui::layout::Rect;

use super::table::{Column, column};
use crate::tui::model::Model;
use crate::tui::widget::pen::Pen;
use crate::tui::widget::timeline::{self, Move, Scale};
use crate::workspace::look::board::rows::{Cells, Gate, Pane, Row, SortBy};
use crate::workspace::look::board::short_day;

pub(super) fn empty(model: &Model) -> (&'static str, &'static str) {
    match model.header.as_ref().map(|header| header.cycle.is_some()) {
        Some(true) => ("No milestone yet.", "`:milestone add` sets the first date."),
        Some(false) | None => (
            "No cycle yet.",
            "`:cycle add` starts one with its milestones.",
        ),
    }
}

pub(super) fn row(pen: &mut Pen<'_>, row: &Row, width: u16) {
    let Cells::Milestone(gate) = &row.cells else {
        return;
    };
    let plain = pen.style;
    pen.style = pen.theme.tone(row.tone);
    let word = pen.theme.word(row.tone);
    pen.cell(6, word);
    pen.style = plain;
    pen.cell(4, &gate.code);
    let note: u16 = if width >= 40 { 14 } else { 0 };
    let date: u16 = if width >= 22 { 10 } else { 0 };
    let name = width.saturating_sub(10 + note + date);
    let name = if width >= 90 { 30 } else { name };
    pen.cell(name.saturating_sub(1), &gate.name);
    pen.skip(name.min(1));
    pen.cell(date, &gate.date);
    pen.style = pen.theme.tone(row.tone);
    pen.cell(note, &gate.note);
    pen.style = plain;
}

#[rustfmt::skip]
pub(super) const TABLE: &[Column] = &[
    column("", (4, 4, 0), word).by(SortBy::State),
    column("code", (4, 6, 0), |pen, row| text(pen, row, |gate| &gate.code)),
    column("milestone", (12, 30, 0), |pen, row| text(pen, row, |gate| &gate.name)).by(SortBy::Title),
    column("date", (6, 9, 1), |pen, row| text(pen, row, |gate| &gate.date)).by(SortBy::Due),
    column("", (11, 12, 2), note),
];

fn text(pen: &mut Pen<'_>, row: &Row, of: fn(&Gate) -> &str) {
    if let Cells::Milestone(gate) = &row.cells {
        pen.text(of(gate));
    }
}

fn word(pen: &mut Pen<'_>, row: &Row) {
    pen.style = pen.theme.tone(row.tone);
    let word = pen.theme.word(row.tone);
    pen.text(word);
}

fn note(pen: &mut Pen<'_>, row: &Row) {
    pen.style = pen.theme.tone(row.tone);
    text(pen, row, |gate| &gate.note);
}

/// How much of a line the rows take where the timeline stands beside them; all of it where
/// there is no room for one.
pub(super) fn table_width(width: u16) -> u16 {
    match width {
        100.. => 58,
        76.. => 46,
        _ => width,
    }
}

/// The row as it would stand after a move.
pub(super) fn preview(row: &Row, moves: &[Move], today: Option<NaiveDate>) -> Option<Row> {
    let to = timeline::moved(row, moves)?;
    let mut row = row.clone();
    if let Cells::Milestone(gate) = &mut row.cells {
        gate.date = short_day(to, today.unwrap_or(to));
        gate.note = match gate.day.map(|day| (to - day).num_days()) {
            Some(days) => format!("{days:+} d?"),
            None => "new".to_owned(),
        };
    }
    Some(row)
}

/// The cycle as a line below its rows.
pub(super) fn draw_line(pen: &mut Pen<'_>, model: &Model, area: Rect) {
    let list = &model.panes.lists[Pane::Schedule as usize];
    let Some(today) = model.header.as_ref().map(|header| header.today) else {
        return;
    };
    let rows = u16::try_from(list.rows.len()).unwrap_or(u16::MAX);
    if rows < area.height {
        let line = (
            area.x + 1,
            area.y + rows,
            area.width.saturating_sub(2).min(56),
        );
        timeline::draw(pen, &list.rows, (&model.panes.moves, today), line);
    }
}

/// The timeline beside the rows, its axis in the two lines above them.
pub(super) fn draw_timeline(pen: &mut Pen<'_>, model: &Model, area: Rect) {
    let list = &model.panes.lists[Pane::Schedule as usize];
    let Some(header) = &model.header else { return };
    let (today, moves) = (header.today, &model.panes.moves);
    let x = area.x + 1 + table_width(area.width.saturating_sub(2)) + 2;
    let width = area.right().saturating_sub(x + 1);
    let Some(scale) = Scale::new(&list.rows, moves, today, width) else {
        return;
    };
    // Where the release stands: the header says how far away it is.
    let release = header.cycle.as_ref().and_then(|cycle| {
        let day = today.checked_add_signed(chrono::TimeDelta::try_days(cycle.days_left)?);
        day.filter(|_| !cycle.release.is_empty())
    });
    pen.style = pen.theme.faint();
    timeline::draw_axis(pen, scale, (today, release), (x, area.y.saturating_sub(2)));
    timeline::draw_today(pen, scale, today, (x, area.y, area.height));
    for (row, y) in list.rows.iter().skip(list.top).zip(area.y..area.bottom()) {
        if let Cells::Milestone(gate) = &row.cells {
            let to = timeline::moved(row, moves);
            timeline::draw_strip(pen, scale, (gate, row.tone, to), (x, y));
        }
    }
}
