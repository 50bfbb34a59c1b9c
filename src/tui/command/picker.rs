//! Commands in a list that is searched as one types.

use super::{Command, Scope};
use crate::tui::effect::Effect;
use crate::tui::layout;
use crate::tui::model::Model;
use crate::tui::overlay::Overlay;

const fn picker(
    name: &'static str,
    keys: &'static [&'static str],
    help: &'static str,
    run: super::Run,
) -> Command {
    Command::new(name, Scope::Picker, keys, help, run)
}

#[rustfmt::skip]
pub(super) const COMMANDS: &[Command] = &[
    picker("pick",           &["enter"],                 "Take the line",         pick).short("take"),
    picker("pick-leave",     &["esc", "ctrl-c"],         "Leave the list",        super::page::back).short("leave"),
    picker("pick-down",      &["down", "ctrl-n", "tab"], "Go one line down",      down),
    picker("pick-up",        &["up", "ctrl-p", "shift-tab"], "Go one line up",    up),
    picker("pick-page-down", &["pgdn"],                  "Go one page down",      page_down),
    picker("pick-page-up",   &["pgup"],                  "Go one page up",        page_up),
];

fn pick(model: &mut Model) -> Vec<Effect> {
    model.pick()
}

fn step(model: &mut Model, by: i64) -> Vec<Effect> {
    if let Some(Overlay::Picker(picker)) = model.overlays.last_mut() {
        picker.step(by);
    }
    Vec::new()
}

fn down(model: &mut Model) -> Vec<Effect> {
    step(model, 1)
}

fn up(model: &mut Model) -> Vec<Effect> {
    step(model, -1)
}

fn rows(model: &Model) -> i64 {
    i64::from(layout::page_text(model.size).1.saturating_sub(2).max(1))
}

fn page_down(model: &mut Model) -> Vec<Effect> {
    let rows = rows(model);
    step(model, rows)
}

fn page_up(model: &mut Model) -> Vec<Effect> {
    let rows = rows(model);
    step(model, -rows)
}
