//! What clicks and the wheel do: the wheel moves the selection under the pointer, a
//! click goes to a row, a click on the selected row does what enter does.

use ratatui::layout::{Position, Rect};

use super::command;
use super::effect::Effect;
use super::keymap::{Name, Press};
use super::keys::Found;
use super::layout;
use super::model::Model;
use super::msg::Mouse;
use super::pane;
use crate::workspace::look::board::rows::Pane;

/// Lines of an overlay that one notch of the wheel moves.
const NOTCH: usize = 3;

pub(super) fn mouse(model: &mut Model, kind: Mouse, (x, y): (u16, u16)) -> Vec<Effect> {
    model.talk.notice = None;
    model.keys.pending = None;
    if !model.overlays.is_empty() {
        let key = match kind {
            Mouse::Up => Name::Up,
            Mouse::Down => Name::Down,
            Mouse::Click => return Vec::new(),
        };
        return (0..NOTCH).flat_map(|_| press(model, key)).collect();
    }
    if model.trouble.is_some() {
        return Vec::new();
    }
    if let Some(board) = model.board_mut() {
        match kind {
            Mouse::Up => board.step(-1),
            Mouse::Down => board.step(1),
            Mouse::Click => {}
        }
        return Vec::new();
    }
    let Some((pane, rect)) = under(model, Position::new(x, y)) else {
        return Vec::new();
    };
    model.drop_nudge();
    match kind {
        Mouse::Up => model.panes.lists[pane as usize].step(-1),
        Mouse::Down => model.panes.lists[pane as usize].step(1),
        Mouse::Click => return click(model, pane, rect, y),
    }
    Vec::new()
}

/// The pane at a place. Neighbours share a border; it is the title of the later one.
fn under(model: &Model, place: Position) -> Option<(Pane, Rect)> {
    let plan = layout::plan(
        model.size,
        model.panes.focus,
        model.panes.zoom,
        model.wanted(),
    );
    let mut panes = Pane::ALL.into_iter().zip(plan.panes).rev();
    panes.find_map(|(pane, rect)| Some((pane, rect.filter(|rect| rect.contains(place))?)))
}

fn click(model: &mut Model, pane: Pane, rect: Rect, y: u16) -> Vec<Effect> {
    let here = model.panes.focus == pane;
    model.panes.focus = pane;
    let zoom = model.panes.zoom;
    let list = model.list_mut();
    // A table has its headings above its rows.
    let (first, lines) = pane::rows(list, zoom, rect);
    let Some(line) = y.checked_sub(first).filter(|line| *line < lines) else {
        return Vec::new();
    };
    let row = list.top + usize::from(line);
    if row >= list.rows.len() {
        return Vec::new();
    }
    if here && list.cursor == row && list.selected().is_some() {
        return press(model, Name::Enter);
    }
    list.pick(row);
    Vec::new()
}

/// Does what a key does here.
fn press(model: &mut Model, key: Name) -> Vec<Effect> {
    let press = Press {
        key,
        ctrl: false,
        alt: false,
    };
    match model.keys.map.find(model.scopes(), None, press) {
        Found::Command(command) => command::run(command, model),
        Found::Prefix | Found::Nothing => Vec::new(),
    }
}
