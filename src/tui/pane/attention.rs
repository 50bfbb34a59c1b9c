//! What needs a human: mark, record, how it stands, how long, who, and the step that
//! would settle it.

use crate::tui::model::Model;
use crate::tui::widget::pen::Pen;
use crate::workspace::look::board::rows::{Cells, Row};

pub(super) fn empty(model: &Model) -> (&'static str, &'static str) {
    let lists = &model.panes.lists;
    if lists[1..].iter().all(|list| list.rows.is_empty()) {
        (
            "This desk is new.",
            "Start with `:cycle add` for the schedule, or `:submit` for the queue.",
        )
    } else {
        ("Nothing needs a human now.", "")
    }
}

/// Columns of title, what, days and who; the step takes the rest.
fn columns(width: u16) -> [u16; 4] {
    match width {
        100.. => {
            let spare = (width - 100) / 3;
            [22 + spare.min(10), 26 + spare.min(12), 7, 9]
        }
        84.. => [18, 24, 7, 8],
        66.. => [15, 20, 7, 0],
        44.. => [15, 0, 7, 0],
        30.. => [0, 0, 6, 0],
        _ => [0, 0, 0, 0],
    }
}

pub(super) fn row(pen: &mut Pen<'_>, row: &Row, width: u16) {
    let Cells::Duty(duty) = &row.cells else {
        return;
    };
    let [title, what, days, who] = columns(width);
    let plain = pen.style;
    pen.style = pen.theme.tone(row.tone);
    let mark = pen.theme.mark(row.tone);
    pen.cell(3, mark);
    pen.style = plain;
    pen.cell(5, &row.key.id);
    pen.skip(1);
    if title > 0 {
        pen.cell(title - 1, &duty.title);
        pen.skip(1);
    }
    if what > 0 {
        pen.cell(what - 1, &duty.what);
        pen.skip(1);
    }
    pen.style = pen.theme.tone(row.tone);
    pen.right(days, &duty.days);
    pen.style = plain;
    pen.skip(match width {
        84.. => 3,
        30.. => 1,
        _ => 0,
    });
    if who > 0 {
        pen.cell(who - 1, &duty.who);
        pen.skip(1);
    }
    pen.text(&duty.step);
}
