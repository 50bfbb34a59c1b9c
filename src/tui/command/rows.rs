//! Commands on the rows of a pane: moving, marking, opening, settling.

use super::{Command, Scope};
use crate::tui::effect::Effect;
use crate::tui::layout::{self, Side};
use crate::tui::model::{Model, Zoom};
use crate::tui::narrowing::SORTABLE;
use crate::tui::nudge::ON_A_DAY;
use crate::workspace::look::board::rows::Pane;

const fn rows(
    name: &'static str,
    keys: &'static [&'static str],
    help: &'static str,
    run: super::Run,
) -> Command {
    Command::new(name, Scope::Rows, keys, help, run)
}

const ON_A_ROW: super::Ready = |model| {
    if model.trouble.is_some() {
        return Err("the desk cannot be read");
    }
    model.selected().map(|_| ()).ok_or("nothing is selected")
};

/// Marks are seen in a list.
const IN_A_LIST: super::Ready = |model| match model.board_shown() {
    Some(_) => Err("the board has no marks; the table has"),
    None => ON_A_ROW(model),
};

const IN_THE_QUEUE: super::Ready = |model| match model.panes.focus {
    Pane::Queue => Ok(()),
    _ => Err("only the queue has a board"),
};

#[rustfmt::skip]
pub(super) const COMMANDS: &[Command] = &[
    rows("do",       &["enter"],       "Take the step that settles the line, or open the record", enter).short("do").when(ON_A_ROW),
    rows("open",     &["i"],           "Open the record with its history", open).like(&["show", "log", "outbox show", "release countdown", "release notes"]).when(ON_A_ROW),
    rows("down",     &["j", "down"],   "Go one row down",              down),
    rows("up",       &["k", "up"],     "Go one row up",                up),
    rows("left",     &["left"],        "Go to the pane on the left",   left),
    rows("right",    &["right"],       "Go to the pane on the right",  right),
    rows("top",      &["g g", "home"], "Go to the first row",          top),
    rows("bottom",   &["G", "end"],    "Go to the last row",           bottom),
    rows("pagedown", &["pgdn", "ctrl-d", "ctrl-f"], "Go one page down", page_down),
    rows("pageup",   &["pgup", "ctrl-u", "ctrl-b"], "Go one page up", page_up),
    rows("filter",   &["/"],           "Narrow the pane as you type",  filter).short("filter").like(&["list"]),
    rows("next-match", &["n"],         "Go to the next row that was sought", next_match),
    rows("match-before", &["N"],       "Go to the one before",         match_before),
    rows("next-new", &["f"],           "Go to the next row that somebody else changed", next_new),
    rows("seen",     &["F"],           "Say that you have seen what others changed", seen),
    rows("sort",     &["S"],           "Sort the pane by something else", sort).like(&["list"]).when(SORTABLE),
    rows("columns",  &["C"],           "Choose further columns of the zoomed pane", columns).like(&["list"]),
    rows("day-later",  &["+"],         "Move the milestone a day on, to see what follows", day_later).short("later").like(&["milestone move", "slip"]).when(ON_A_DAY),
    rows("day-earlier", &["-"],        "Move the milestone a day back, to see what follows", day_earlier).short("earlier").like(&["milestone move", "slip"]).when(ON_A_DAY),
    rows("week-later", &[">"],         "Move the milestone a week on", week_later).like(&["milestone move", "slip"]).when(ON_A_DAY),
    rows("week-earlier", &["<"],       "Move the milestone a week back", week_earlier).like(&["milestone move", "slip"]).when(ON_A_DAY),
    rows("board",    &["B"],           "Show the queue as a board by state, or as a table", board).when(IN_THE_QUEUE),
    rows("mark",     &["space"],       "Mark the row, to do one thing to many", mark).when(IN_A_LIST),
    rows("range",    &["v"],           "Mark from here to where you go", range).when(IN_A_LIST),
    rows("mark-all", &["*"],           "Mark all rows that are shown, or none", mark_all).when(IN_A_LIST),
    rows("normal",   &["esc"],         "Leave the marks, the filter, another day, the zoom", normal),
];

fn enter(model: &mut Model) -> Vec<Effect> {
    model.settle_row()
}

fn open(model: &mut Model) -> Vec<Effect> {
    model.open_row()
}

fn by(model: &mut Model, rows: i64) -> Vec<Effect> {
    model.drop_nudge();
    if let Some(board) = model.board_mut() {
        board.step(isize::try_from(rows).unwrap_or(0));
        return Vec::new();
    }
    model.list_mut().step(rows);
    Vec::new()
}

/// Up and down stay in the pane; at its end they stop.
fn down(model: &mut Model) -> Vec<Effect> {
    by(model, 1)
}

fn up(model: &mut Model) -> Vec<Effect> {
    by(model, -1)
}

fn page(model: &Model) -> i64 {
    if let Some(board) = model.board_shown() {
        return i64::try_from(board.fit_down()).unwrap_or(1);
    }
    i64::from(model.list().height.saturating_sub(1).max(1))
}

fn page_down(model: &mut Model) -> Vec<Effect> {
    let rows = page(model);
    by(model, rows)
}

fn page_up(model: &mut Model) -> Vec<Effect> {
    let rows = page(model);
    by(model, -rows)
}

fn top(model: &mut Model) -> Vec<Effect> {
    model.drop_nudge();
    if model.board_shown().is_some() {
        return by(model, -1_000_000);
    }
    model.list_mut().to_top();
    Vec::new()
}

fn bottom(model: &mut Model) -> Vec<Effect> {
    model.drop_nudge();
    if model.board_shown().is_some() {
        return by(model, 1_000_000);
    }
    model.list_mut().to_bottom();
    Vec::new()
}

fn left(model: &mut Model) -> Vec<Effect> {
    model.drop_nudge();
    if let Some(board) = model.board_mut() {
        board.left();
        return Vec::new();
    }
    model.panes.focus = layout::beside(model.panes.focus, Side::Left);
    Vec::new()
}

fn right(model: &mut Model) -> Vec<Effect> {
    model.drop_nudge();
    if let Some(board) = model.board_mut() {
        board.right();
        return Vec::new();
    }
    model.panes.focus = layout::beside(model.panes.focus, Side::Right);
    Vec::new()
}

fn mark(model: &mut Model) -> Vec<Effect> {
    model.list_mut().mark();
    by(model, 1)
}

fn range(model: &mut Model) -> Vec<Effect> {
    model.list_mut().range();
    Vec::new()
}

fn mark_all(model: &mut Model) -> Vec<Effect> {
    model.list_mut().mark_all();
    Vec::new()
}

/// The board stands where the queue has all the room.
fn board(model: &mut Model) -> Vec<Effect> {
    model.panes.zoom = Zoom::Full;
    model.toggle_board();
    Vec::new()
}

fn day_later(model: &mut Model) -> Vec<Effect> {
    model.nudge(1)
}

fn day_earlier(model: &mut Model) -> Vec<Effect> {
    model.nudge(-1)
}

fn week_later(model: &mut Model) -> Vec<Effect> {
    model.nudge(7)
}

fn week_earlier(model: &mut Model) -> Vec<Effect> {
    model.nudge(-7)
}

fn filter(model: &mut Model) -> Vec<Effect> {
    model.type_filter()
}

fn next_match(model: &mut Model) -> Vec<Effect> {
    model.next_match(1)
}

fn match_before(model: &mut Model) -> Vec<Effect> {
    model.next_match(-1)
}

fn next_new(model: &mut Model) -> Vec<Effect> {
    model.drop_nudge();
    model.next_new()
}

fn seen(model: &mut Model) -> Vec<Effect> {
    model.seen_all()
}

fn sort(model: &mut Model) -> Vec<Effect> {
    model.choose_sort()
}

fn columns(model: &mut Model) -> Vec<Effect> {
    model.choose_columns()
}

/// One thing after the other: first the marks, then the filter, then another day, then the zoom.
fn normal(model: &mut Model) -> Vec<Effect> {
    if model.drop_nudge() || model.list_mut().unmark() {
        return Vec::new();
    }
    if !model.list().filter().is_empty() {
        model.list_mut().set_filter("");
        return Vec::new();
    }
    if model.as_of.is_some() {
        return model.look_at(None);
    }
    if model.panes.focus.in_grid() {
        model.panes.zoom = Zoom::Normal;
    } else {
        // A full list is left for what needs a human.
        model.panes.focus = Pane::Attention;
    }
    Vec::new()
}
