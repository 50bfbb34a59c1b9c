//! A cycle as one line: its milestones in their places, and today. Shows days only
//! as places; the dates stand in the rows above.

use chrono::{Datelike as _, Months, NaiveDate};

use super::pen::Pen;
use crate::workspace::look::board::rows::{Cells, Row};

/// The first and last day of some milestones.
pub fn span(rows: &[Row]) -> Option<(NaiveDate, NaiveDate)> {
    let days = || {
        rows.iter().flat_map(|row| match &row.cells {
            Cells::Milestone(gate) => [gate.day, gate.planned],
            _ => [None, None],
        })
    };
    let first = days().flatten().min()?;
    let last = days().flatten().max()?;
    (first < last).then_some((first, last))
}

/// The column of a day, of `width` columns.
pub fn column((first, last): (NaiveDate, NaiveDate), day: NaiveDate, width: u16) -> Option<u16> {
    if day < first || day > last || width < 2 {
        return None;
    }
    let (all, past) = ((last - first).num_days().max(1), (day - first).num_days());
    u16::try_from(past * i64::from(width - 1) / all).ok()
}

/// Draws `├──M2──▼──M3──┤` across the pen's line.
pub fn draw(pen: &mut Pen<'_>, rows: &[Row], today: NaiveDate, (x, y, width): (u16, u16, u16)) {
    let Some(span) = span(rows) else { return };
    if width < 16 {
        return;
    }
    let ascii = pen.theme.ascii;
    let (line, ends, mark) = if ascii {
        ("-", ["|", "|"], "v")
    } else {
        ("─", ["├", "┤"], "▼")
    };
    pen.style = pen.theme.border();
    pen.at(x, y, width);
    pen.cell(1, ends[0]);
    for _ in 0..width - 2 {
        pen.cell(1, line);
    }
    pen.cell(1, ends[1]);
    pen.style = pen.theme.title(false);
    let mut free = x + 1;
    for row in rows {
        let Cells::Milestone(gate) = &row.cells else {
            continue;
        };
        let wide = u16::try_from(gate.code.len()).unwrap_or(width);
        let Some(at) = gate.day.and_then(|day| column(span, day, width)) else {
            continue;
        };
        let start = (x + at)
            .saturating_sub(wide / 2)
            .clamp(x + 1, (x + width - 1).saturating_sub(wide).max(x + 1));
        if start >= free && start + wide < x + width {
            pen.style = pen.theme.tone(row.tone);
            pen.at(start, y, wide);
            pen.cell(wide, &gate.code);
            free = start + wide + 1;
        }
    }
    if let Some(at) = column(span, today, width) {
        pen.style = pen.theme.strong();
        pen.at(x + at, y, 1);
        pen.cell(1, mark);
    }
}

/// Draws the months below the lines of the milestones, and says where today is.
pub fn draw_months(
    pen: &mut Pen<'_>,
    rows: &[Row],
    today: NaiveDate,
    (x, y, width): (u16, u16, u16),
) {
    let Some(span) = span(rows) else { return };
    pen.style = pen.theme.faint();
    let first = span.0.with_day(1);
    let months = std::iter::successors(first, |day| day.checked_add_months(Months::new(1)));
    let mut free = x;
    for month in months.take_while(|day| *day <= span.1).take(240) {
        let at = x + column(span, month.max(span.0), width).unwrap_or(0);
        if at >= free && at + 3 <= x + width {
            pen.at(at, y, 3);
            pen.say(format_args!("{}", month.format("%b")));
            free = at + 5;
        }
    }
    if let Some(at) = column(span, today, width) {
        pen.style = pen.theme.strong();
        pen.at(x + at.min(width.saturating_sub(5)), y + 1, 5);
        pen.text("today");
    }
}
