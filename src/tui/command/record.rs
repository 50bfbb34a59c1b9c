//! Commands on an open record: its steps, its fields, its links.

use super::{Command, Scope};
use crate::tui::effect::Effect;
use crate::tui::model::Model;
use crate::tui::overlay::Overlay;
use crate::tui::overlay::record::RecordView;

const fn record(
    name: &'static str,
    keys: &'static [&'static str],
    help: &'static str,
    run: super::Run,
) -> Command {
    Command::new(name, Scope::Record, keys, help, run)
}

/// Among conflicts the lines are no fields of one record.
const OF_ONE: super::Ready = |model| match model.overlays.last() {
    Some(Overlay::Contests(_)) => Err("open the record for that"),
    _ => Ok(()),
};

#[rustfmt::skip]
pub(super) const COMMANDS: &[Command] = &[
    record("do-line",      &["enter"],             "Do what the marked line says: a step, a field, a link", enter).short("do"),
    record("edit-field",   &["e"],                 "Change the marked field",       edit).short("edit").like(&["set"]).when(OF_ONE),
    record("leave-record", &["esc", "backspace", "left"], "Go back",                super::page::back).short("back"),
    record("next-line",    &["j", "down"],         "Go to the next line that something can be done with", down),
    record("line-before",  &["k", "up"],           "Go to the line before",         up),
    record("first-line",   &["g g", "home"],       "Go to the start",               top),
    record("last-line",    &["G", "end"],          "Go to the end",                 bottom),
    record("page-down",    &["pgdn", "space", "ctrl-d", "ctrl-f"], "Scroll a page down", page_down),
    record("page-up",      &["pgup", "ctrl-b"],    "Scroll a page up",              page_up),
];

fn with(model: &mut Model, change: impl Fn(&mut RecordView)) -> Vec<Effect> {
    if let Some(Overlay::Record(record) | Overlay::Contests(record)) = model.overlays.last_mut() {
        change(record);
    }
    Vec::new()
}

fn down(model: &mut Model) -> Vec<Effect> {
    with(model, |record| record.step(1))
}

fn up(model: &mut Model) -> Vec<Effect> {
    with(model, |record| record.step(-1))
}

fn top(model: &mut Model) -> Vec<Effect> {
    with(model, |record| {
        record.step(-1_000_000);
        record.scroll(-1_000_000);
    })
}

fn bottom(model: &mut Model) -> Vec<Effect> {
    with(model, |record| {
        record.step(1_000_000);
        record.scroll(1_000_000);
    })
}

fn page_down(model: &mut Model) -> Vec<Effect> {
    let rows = super::page::height(model);
    with(model, |record| record.scroll(rows))
}

fn page_up(model: &mut Model) -> Vec<Effect> {
    let rows = super::page::height(model);
    with(model, |record| record.scroll(-rows))
}

fn enter(model: &mut Model) -> Vec<Effect> {
    model.act()
}

fn edit(model: &mut Model) -> Vec<Effect> {
    model.edit_field()
}
