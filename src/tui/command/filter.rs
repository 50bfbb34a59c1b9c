//! Commands while a filter is typed; every other key writes.

use super::{Command, Scope};
use crate::tui::effect::Effect;
use crate::tui::model::Model;
use crate::tui::overlay::Overlay;

const fn filter(
    name: &'static str,
    keys: &'static [&'static str],
    help: &'static str,
    run: super::Run,
) -> Command {
    Command::new(name, Scope::Filter, keys, help, run)
}

#[rustfmt::skip]
pub(super) const COMMANDS: &[Command] = &[
    filter("filter-keep",  &["enter"],           "Keep the filter",             keep).short("keep"),
    filter("filter-clear", &["esc", "ctrl-c"],   "Show all rows again",         clear).short("clear"),
    filter("filter-down",  &["down", "ctrl-n", "tab"], "Go one row down",       down),
    filter("filter-up",    &["up", "ctrl-p", "shift-tab"], "Go one row up",     up),
];

fn keep(model: &mut Model) -> Vec<Effect> {
    model.overlays.pop();
    Vec::new()
}

fn clear(model: &mut Model) -> Vec<Effect> {
    if let Some(Overlay::Filter(_)) = model.overlays.last() {
        model.overlays.pop();
    }
    model.list_mut().set_filter("");
    Vec::new()
}

fn down(model: &mut Model) -> Vec<Effect> {
    model.list_mut().step(1);
    Vec::new()
}

fn up(model: &mut Model) -> Vec<Effect> {
    model.list_mut().step(-1);
    Vec::new()
}
