//! Commands on the rows of a pane: moving, opening, asking why.

use super::{Command, Scope, always};
use crate::tui::effect::Effect;
use crate::tui::layout::{self, Side};
use crate::tui::model::{Model, Zoom};
use crate::workspace::look::board::rows::{PageAsk, PageKind};

type Ready = fn(&Model) -> Result<(), &'static str>;
type Run = fn(&mut Model) -> Vec<Effect>;

const fn rows(
    name: &'static str,
    keys: &'static [&'static str],
    help: &'static str,
    run: Run,
) -> Command {
    Command {
        name,
        scope: Scope::Rows,
        keys,
        short: "",
        help,
        ready: always,
        run,
    }
}

const fn record(
    name: &'static str,
    keys: &'static [&'static str],
    help: (&'static str, &'static str),
    run: Run,
) -> Command {
    Command {
        name,
        scope: Scope::Rows,
        keys,
        short: help.0,
        help: help.1,
        ready: ON_A_ROW,
        run,
    }
}

const ON_A_ROW: Ready = |model| {
    if model.trouble.is_some() {
        return Err("the desk cannot be read");
    }
    model.selected().map(|_| ()).ok_or("nothing is selected")
};

#[rustfmt::skip]
pub(super) const COMMANDS: &[Command] = &[
    record("open",   &["enter"],                 ("open", "Open the record with its history"), open),
    record("why",    &["w"],                     ("why", "Say why it stands where it stands"), why),
    rows("down",     &["j", "down"],             "Go one row down",              down),
    rows("up",       &["k", "up"],               "Go one row up",                up),
    rows("left",     &["h", "left"],             "Go to the pane on the left",   left),
    rows("right",    &["l", "right"],            "Go to the pane on the right",  right),
    rows("top",      &["g g", "home"],           "Go to the first row",          top),
    rows("bottom",   &["G", "end"],              "Go to the last row",           bottom),
    rows("pagedown", &["pgdn", "ctrl-d", "ctrl-f"], "Go one page down",          page_down),
    rows("pageup",   &["pgup", "ctrl-u", "ctrl-b"], "Go one page up",            page_up),
    rows("normal",   &["esc"],                   "Leave the zoom",               normal),
];

fn ask(model: &mut Model, what: PageKind) -> Vec<Effect> {
    match model.selected() {
        Some(key) => vec![Effect::Open(PageAsk {
            key: key.clone(),
            what,
        })],
        None => Vec::new(),
    }
}

fn open(model: &mut Model) -> Vec<Effect> {
    ask(model, PageKind::Record)
}

fn why(model: &mut Model) -> Vec<Effect> {
    ask(model, PageKind::Why)
}

fn by(model: &mut Model, rows: i64) -> Vec<Effect> {
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
    model.list_mut().to_top();
    Vec::new()
}

fn bottom(model: &mut Model) -> Vec<Effect> {
    model.list_mut().to_bottom();
    Vec::new()
}

fn left(model: &mut Model) -> Vec<Effect> {
    model.panes.focus = layout::beside(model.panes.focus, Side::Left);
    Vec::new()
}

fn right(model: &mut Model) -> Vec<Effect> {
    model.panes.focus = layout::beside(model.panes.focus, Side::Right);
    Vec::new()
}

fn normal(model: &mut Model) -> Vec<Effect> {
    model.panes.zoom = Zoom::Normal;
    Vec::new()
}
