//! The milestones of the cycle; with room a timeline, zoomed the slips as ghosts.

use ratatui::layout::Rect;

use super::zoomed;
use crate::tui::model::Model;
use crate::tui::widget::{pen::Pen, timeline};
use crate::workspace::look::board::rows::{Cells, Gate, Pane, Row};

pub(super) fn empty(model: &Model) -> (&'static str, &'static str) {
    match model.header.as_ref().map(|header| header.cycle.is_some()) {
        Some(true) => (
            "No milestone yet.",
            "`relmate milestone add …` sets the first date.",
        ),
        Some(false) | None => (
            "No cycle yet.",
            "`relmate cycle add …` starts one with its milestones.",
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

/// The cycle as a line below its milestones, or as a column of lines beside them.
pub(super) fn draw_line(pen: &mut Pen<'_>, model: &Model, area: Rect) {
    let list = &model.panes.lists[Pane::Schedule as usize];
    let Some(today) = model.header.as_ref().map(|header| header.today) else {
        return;
    };
    let rows = u16::try_from(list.rows.len()).unwrap_or(u16::MAX);
    if zoomed(model) && area.width >= 100 {
        for (row, y) in list.rows.iter().skip(list.top).zip(area.y..area.bottom()) {
            if let Cells::Milestone(gate) = &row.cells {
                ghost(
                    pen,
                    &list.rows,
                    (row, gate),
                    (area.x + 66, y, area.width - 68, today),
                );
            }
        }
        if rows < area.height {
            let line = (area.x + 66, area.y + rows, area.width - 68);
            timeline::draw_months(pen, &list.rows, today, line);
        }
    } else if rows < area.height {
        let line = (
            area.x + 1,
            area.y + rows,
            area.width.saturating_sub(2).min(56),
        );
        timeline::draw(pen, &list.rows, today, line);
    }
}

type Strip = (u16, u16, u16, chrono::NaiveDate);

/// One milestone on its own line: where it was planned, where it is, and today.
fn ghost(pen: &mut Pen<'_>, rows: &[Row], (row, gate): (&Row, &Gate), (x, y, width, today): Strip) {
    let Some(span) = timeline::span(rows) else {
        return;
    };
    let (was, is, now, slip) = if pen.theme.ascii {
        ("o", "#", "|", "-")
    } else {
        ("○", "●", "│", "─")
    };
    let planned = gate
        .planned
        .and_then(|day| timeline::column(span, day, width));
    let current = gate.day.and_then(|day| timeline::column(span, day, width));
    let theme = pen.theme;
    let mut put = |at: u16, glyph: &str, style| {
        pen.style = style;
        pen.at(x + at, y, 1);
        pen.cell(1, glyph);
    };
    if let Some(at) = timeline::column(span, today, width) {
        put(at, now, theme.faint());
    }
    if let (Some(planned), Some(current)) = (planned, current)
        && planned != current
    {
        for at in planned.min(current)..planned.max(current) {
            put(at, slip, theme.faint());
        }
        put(planned, was, theme.faint());
    }
    if let Some(at) = current {
        put(at, is, theme.tone(row.tone));
    }
}
