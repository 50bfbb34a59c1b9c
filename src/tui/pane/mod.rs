//! The five panes: one file each says how a row is drawn and what an empty pane says.
//! Which rows there are and which is selected is the list's business.

mod attention;
pub mod list;
mod marks;
mod queue;
mod retro;
mod schedule;
mod sites;

use ratatui::layout::Rect;

use super::model::{Model, Zoom};
use super::overlay::text::wrap;
use super::widget::pen::Pen;
use crate::workspace::look::board::rows::{Pane, Row};

/// How one pane draws its rows.
struct Kind {
    row: fn(&mut Pen<'_>, &Row, u16),
    /// What to do next where there is nothing to show.
    empty: fn(&Model) -> (&'static str, &'static str),
}

const fn kind(pane: Pane) -> Kind {
    match pane {
        Pane::Attention => Kind {
            row: attention::row,
            empty: attention::empty,
        },
        Pane::Schedule => Kind {
            row: schedule::row,
            empty: schedule::empty,
        },
        Pane::Queue => Kind {
            row: queue::row,
            empty: queue::empty,
        },
        Pane::Sites => Kind {
            row: sites::row,
            empty: sites::empty,
        },
        Pane::Retro => Kind {
            row: retro::row,
            empty: retro::empty,
        },
    }
}

/// Draws the inside of a pane; says where its selected line is.
pub fn draw(pen: &mut Pen<'_>, model: &Model, pane: Pane, area: Rect) -> Option<(u16, u16)> {
    let list = &model.panes.lists[pane as usize];
    let focused = model.panes.focus == pane && model.overlays.is_empty();
    if list.rows.is_empty() {
        return draw_empty(pen, model, pane, area).then_some((area.x, area.y));
    }
    let kind = kind(pane);
    let mut cursor = None;
    let seen = list
        .rows
        .iter()
        .enumerate()
        .skip(list.top)
        .take(usize::from(area.height));
    for (y, (index, row)) in (area.y..area.bottom()).zip(seen) {
        pen.style = model.theme.title(false);
        let width = area.width.saturating_sub(2);
        pen.at(area.x + 1, y, width);
        (kind.row)(pen, row, width);
        if list.is_marked(&row.key) {
            pen.style = model.theme.strong();
            pen.at(area.x, y, 1);
            pen.cell(1, "#");
        }
        if index == list.cursor && focused {
            pen.style = model.theme.strong();
            pen.at(area.x, y, 1);
            pen.cell(1, model.theme.pointer());
            pen.buf.set_style(
                Rect {
                    y,
                    height: 1,
                    ..area
                },
                model.theme.selected(),
            );
            cursor = Some((area.x, y));
        }
    }
    if pane == Pane::Schedule {
        schedule::draw_line(pen, model, area);
    }
    cursor
}

fn draw_empty(pen: &mut Pen<'_>, model: &Model, pane: Pane, area: Rect) -> bool {
    let list = &model.panes.lists[pane as usize];
    let (what, next) = if list.loaded {
        (kind(pane).empty)(model)
    } else {
        ("Reading the desk…", "")
    };
    let width = area.width.saturating_sub(2);
    let texts = [
        (what, model.theme.title(false)),
        (next, model.theme.faint()),
    ];
    let lines = texts
        .into_iter()
        .filter(|(text, _)| !text.is_empty())
        .flat_map(|(text, style)| wrap(text, width).map(move |part| (part, style)));
    for (y, (part, style)) in (area.y..area.bottom()).zip(lines) {
        pen.style = style;
        pen.at(area.x + 1, y, width);
        pen.text(part);
    }
    model.panes.focus == pane && model.overlays.is_empty()
}

/// Whether a pane is drawn with all the room there is.
fn zoomed(model: &Model) -> bool {
    model.panes.zoom != Zoom::Normal
}
