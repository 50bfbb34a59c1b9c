//! The panes: one file says how a row is drawn and what an empty pane says. Which rows
//! there are and which is selected is the list's business.

mod attention;
pub mod board;
pub mod list;
mod lists;
mod marks;
mod queue;
mod retro;
mod schedule;
mod sites;
mod table;

use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use self::list::List;
use self::table::{Column, Table};
use super::model::{Model, Zoom};
use super::overlay::text::wrap;
use super::widget::{bar, pen::Pen};
use crate::workspace::look::board::rows::{Pane, Row, Tone};

/// How one pane draws its rows.
struct Kind {
    /// A row where the pane shares the screen.
    row: fn(&mut Pen<'_>, &Row, u16),
    /// Its columns where it has all the room; none where it has no table.
    table: &'static [Column],
    /// What to do next where there is nothing to show.
    empty: fn(&Model) -> (&'static str, &'static str),
}

/// A list that is always a table.
const fn full(table: &'static [Column], empty: fn(&Model) -> (&'static str, &'static str)) -> Kind {
    Kind {
        row: |_, _, _| {},
        table,
        empty,
    }
}

const fn kind(pane: Pane) -> Kind {
    match pane {
        Pane::Attention => Kind {
            row: attention::row,
            table: &[],
            empty: attention::empty,
        },
        Pane::Schedule => Kind {
            row: schedule::row,
            table: schedule::TABLE,
            empty: schedule::empty,
        },
        Pane::Queue => Kind {
            row: queue::row,
            table: queue::TABLE,
            empty: queue::empty,
        },
        Pane::Sites => Kind {
            row: sites::row,
            table: sites::TABLE,
            empty: sites::empty,
        },
        Pane::Retro => Kind {
            row: retro::row,
            table: retro::TABLE,
            empty: retro::empty,
        },
        Pane::Outbox => full(lists::OUTBOX, |_| lists::NO_MESSAGE),
        Pane::Submissions => full(lists::SUBMISSIONS, |_| lists::NO_SUBMISSION),
        Pane::Products => full(lists::PRODUCTS, |_| lists::NO_PRODUCT),
        Pane::People => full(lists::PEOPLE, |_| lists::NO_PERSON),
        Pane::Cycles => full(lists::CYCLES, |_| lists::NO_CYCLE),
        Pane::Announcements => full(lists::ANNOUNCEMENTS, |_| lists::NO_ANNOUNCEMENT),
        Pane::Problems => full(lists::PROBLEMS, |_| lists::NO_PROBLEM),
        Pane::Releases => full(lists::RELEASES, |_| lists::NO_RELEASE),
    }
}

/// Whether a pane has the room for a table, by itself or zoomed.
fn alone(pane: Pane, zoom: Zoom) -> bool {
    let alone = zoom != Zoom::Normal || !pane.in_grid();
    alone && !kind(pane).table.is_empty()
}

/// Lines above a pane's rows: a table has its headings there, a timeline its axis, if they
/// leave room for rows.
fn headings(list: &List, zoom: Zoom, (width, height): (u16, u16)) -> u16 {
    let pane = list.pane();
    if !(alone(pane, zoom) || sites::is_grid(list)) || height <= 3 {
        return 0;
    }
    if timeline_beside(pane, width) { 2 } else { 1 }
}

/// Whether the rows of a table leave room for the timeline; `width` is inside the borders.
fn timeline_beside(pane: Pane, width: u16) -> bool {
    let rows = width.saturating_sub(2);
    pane == Pane::Schedule && schedule::table_width(rows) < rows
}

/// Where the rows of a pane begin in a rectangle with its borders, and how many there are.
pub fn rows(list: &List, zoom: Zoom, rect: Rect) -> (u16, u16) {
    let inner = (rect.width.saturating_sub(2), rect.height.saturating_sub(2));
    let above = headings(list, zoom, inner);
    let lines = inner.1 - above - below(list, zoom, inner);
    (rect.y + 1 + above, lines)
}

/// Lines below a pane's rows: the zoomed sites say there how each rollout stands, and each pane
/// what others changed.
fn below(list: &List, zoom: Zoom, (width, height): (u16, u16)) -> u16 {
    let foot = foot(list, height);
    let sites = if alone(list.pane(), zoom) {
        sites::lines_below(list, (width, height - foot))
    } else {
        0
    };
    sites + foot
}

/// The line that says what others changed, where it leaves room for rows.
pub fn foot(list: &List, height: u16) -> u16 {
    if height > 3 { list.foot } else { 0 }
}

/// Says below the rows what others changed since the person last looked.
fn draw_foot(pen: &mut Pen<'_>, model: &Model, pane: Pane, area: Rect) {
    let list = &model.panes.lists[pane as usize];
    let room = area.width.saturating_sub(2);
    if foot(list, area.height) == 0 {
        return;
    }
    if let Some(line) = model.since.line(pane, room) {
        pen.style = model.theme.strong();
        pen.at(area.x + 1, area.bottom() - 1, room);
        pen.text(line);
    }
}

/// Draws the inside of a pane; says where its selected line is.
pub fn draw(pen: &mut Pen<'_>, model: &Model, pane: Pane, area: Rect) -> Option<(u16, u16)> {
    draw_foot(pen, model, pane, area);
    let list = &model.panes.lists[pane as usize];
    if let Some(board) = model.board_shown().filter(|_| pane == Pane::Queue) {
        let height = area.height - foot(list, area.height);
        return board::draw(pen, model, board, Rect { height, ..area });
    }
    if list.rows.is_empty() {
        return draw_empty(pen, model, pane, area).then_some((area.x, area.y));
    }
    let zoom = model.panes.zoom;
    let size = (area.width, area.height);
    let (above, below) = (headings(list, zoom, size), below(list, zoom, size));
    let rows = Rect {
        y: area.y + above,
        height: area.height - above - below,
        ..area
    };
    if !alone(pane, zoom) && !sites::is_grid(list) {
        let cursor = draw_rows(pen, model, pane, rows);
        if pane == Pane::Schedule {
            schedule::draw_line(pen, model, rows);
        }
        return cursor;
    }
    let width = area.width.saturating_sub(2);
    let width = if pane == Pane::Schedule {
        schedule::table_width(width)
    } else {
        width
    };
    let table = if pane == Pane::Sites {
        let alone = alone(pane, zoom);
        let columns = sites::columns(list, alone);
        Table::with(columns, sites::extra(model, list, alone), list, width)
    } else {
        Table::new(kind(pane).table, list, width)
    };
    if above > 0 {
        table.headings(pen, (area.x + 1, area.y));
    }
    let draw = |pen: &mut Pen<'_>, row: &Row, at| table.row(pen, row, at);
    let cursor = draw_each(pen, model, (pane, rows, width + 2), &draw);
    sites::draw_below(
        pen,
        list,
        (
            area.x + 1,
            rows.bottom(),
            width,
            below - foot(list, area.height),
        ),
    );
    if timeline_beside(pane, area.width) && above > 0 {
        schedule::draw_timeline(pen, model, rows);
    } else if pane == Pane::Schedule {
        schedule::draw_line(pen, model, rows);
    }
    cursor
}

/// What a pane's title says where it is narrowed or sorted.
pub fn chip(model: &Model, pane: Pane) -> Option<String> {
    let list = &model.panes.lists[pane as usize];
    match model.board_shown().filter(|_| pane == Pane::Queue) {
        Some(board) => list.chip(Some(board.count())),
        None => list.chip(list.matches()),
    }
}

/// What of the filter in front of the user was not understood.
pub fn note(model: &Model) -> Option<&str> {
    match model.board_shown() {
        Some(board) => board.note(),
        None => model.list().note(),
    }
}

/// Whether rows of a pane lie above or below those that are seen.
pub fn beyond(model: &Model, pane: Pane) -> (bool, bool) {
    if pane == Pane::Queue && model.board_shown().is_some() {
        return (false, false);
    }
    model.panes.lists[pane as usize].beyond()
}

/// Rows as they are drawn beside other panes.
fn draw_rows(pen: &mut Pen<'_>, model: &Model, pane: Pane, area: Rect) -> Option<(u16, u16)> {
    let width = area.width.saturating_sub(2);
    let draw = |pen: &mut Pen<'_>, row: &Row, (x, y)| {
        pen.at(x, y, width);
        (kind(pane).row)(pen, row, width);
    };
    draw_each(pen, model, (pane, area, area.width), &draw)
}

type DrawRow<'d> = &'d dyn Fn(&mut Pen<'_>, &Row, (u16, u16));

/// Draws the rows that are seen, and marks the selected one.
fn draw_each(
    pen: &mut Pen<'_>,
    model: &Model,
    (pane, area, width): (Pane, Rect, u16),
    draw: DrawRow<'_>,
) -> Option<(u16, u16)> {
    let list = &model.panes.lists[pane as usize];
    let focused = model.panes.focus == pane && model.overlays.is_empty();
    let today = model.header.as_ref().map(|header| header.today);
    let mut cursor = None;
    let seen = list.rows.iter().enumerate().skip(list.top);
    for (y, (index, row)) in (area.y..area.bottom()).zip(seen) {
        pen.style = model.theme.title(false);
        match schedule::preview(row, &model.panes.moves, today) {
            Some(row) => draw(pen, &row, (area.x + 1, y)),
            None => draw(pen, row, (area.x + 1, y)),
        }
        if model.since.is_new(&row.key) {
            draw_new(
                pen,
                model,
                Rect {
                    y,
                    height: 1,
                    width,
                    ..area
                },
            );
        }
        if list.is_marked(&row.key) {
            pen.style = model.theme.strong();
            pen.at(area.x, y, 1);
            pen.cell(1, "#");
        }
        if index == list.cursor && focused {
            draw_pointer(
                pen,
                model,
                Rect {
                    y,
                    height: 1,
                    ..area
                },
            );
            cursor = Some((area.x, y));
        }
    }
    cursor
}

/// Marks a row or a card that somebody else changed: behind it, and not by its style alone.
fn draw_new(pen: &mut Pen<'_>, model: &Model, line: Rect) {
    let bold = Style::new().add_modifier(Modifier::BOLD);
    pen.buf.set_style(line.intersection(pen.buf.area), bold);
    if line.width > 2 {
        pen.style = model.theme.strong();
        pen.at(line.right() - 1, line.y, 1);
        pen.cell(1, model.theme.fresh());
    }
}

/// Marks the selected line, and not by a colour alone.
fn draw_pointer(pen: &mut Pen<'_>, model: &Model, line: Rect) {
    pen.style = model.theme.strong();
    pen.at(line.x, line.y, 1);
    pen.cell(1, model.theme.pointer());
    pen.buf.set_style(line, model.theme.selected());
}

fn id(pen: &mut Pen<'_>, row: &Row) {
    pen.text(&row.key.id);
}

/// A clock as its bar and its number; where none runs, its words.
fn clock(pen: &mut Pen<'_>, tone: Tone, (permille, text): (Option<u32>, &str)) {
    pen.style = pen.theme.tone(tone);
    let width = pen.left();
    match permille {
        Some(permille) if width > 8 => {
            bar::draw(pen, width - 7, permille);
            pen.right(7, text);
        }
        Some(_) | None => pen.right(width, text),
    }
}

/// A sentence with the keys of the commands that it names in braces.
fn with_keys(text: &str, model: &Model) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else {
            break;
        };
        out.push_str(before);
        out.push('`');
        out.push_str(&model.keys.map.spoken(name));
        out.push('`');
        rest = after;
    }
    out.push_str(rest);
    out
}

fn draw_empty(pen: &mut Pen<'_>, model: &Model, pane: Pane, area: Rect) -> bool {
    let list = &model.panes.lists[pane as usize];
    let nothing = format!("Nothing matches /{}.", list.filter());
    let (what, next) = if !list.loaded {
        ("Reading the desk.", "")
    } else if list.filter().is_empty() {
        (kind(pane).empty)(model)
    } else {
        (nothing.as_str(), list.note().unwrap_or_default())
    };
    let width = area.width.saturating_sub(2);
    let next = &with_keys(next, model);
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
