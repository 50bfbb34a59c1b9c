//! Commands on a page of text: scrolling and leaving it.

use super::{Command, Scope};
use crate::tui::effect::Effect;
use crate::tui::layout;
use crate::tui::model::Model;
use crate::tui::overlay::Overlay;

const fn page(
    name: &'static str,
    keys: &'static [&'static str],
    help: &'static str,
    run: super::Run,
) -> Command {
    Command::new(name, Scope::Page, keys, help, run)
}

#[rustfmt::skip]
pub(super) const COMMANDS: &[Command] = &[
    page("back",          &["esc", "backspace", "left"],   "Go back",             back).short("back"),
    page("scroll-down",   &["j", "down", "enter"],         "Scroll down",         down).short("scroll"),
    page("scroll-up",     &["k", "up"],                    "Scroll up",           up),
    page("scroll-top",    &["g g", "home"],                "Scroll to the start", top),
    page("scroll-bottom", &["G", "end"],                   "Scroll to the end",   bottom),
    page("scroll-page",   &["pgdn", "space", "ctrl-d", "ctrl-f"], "Scroll a page down", page_down),
    page("scroll-back",   &["pgup", "ctrl-u", "ctrl-b"],   "Scroll a page up",    page_up),
];

pub(super) fn back(model: &mut Model) -> Vec<Effect> {
    model.leave()
}

/// Moves the page; `settle` keeps it within its end.
fn scroll(model: &mut Model, by: i64) -> Vec<Effect> {
    if let Some(Overlay::Page(page)) = model.overlays.last_mut() {
        let by = isize::try_from(by).unwrap_or(0);
        page.scroll = page.scroll.saturating_add_signed(by);
    }
    Vec::new()
}

fn down(model: &mut Model) -> Vec<Effect> {
    scroll(model, 1)
}

fn up(model: &mut Model) -> Vec<Effect> {
    scroll(model, -1)
}

fn top(model: &mut Model) -> Vec<Effect> {
    scroll(model, -1_000_000)
}

fn bottom(model: &mut Model) -> Vec<Effect> {
    scroll(model, 1_000_000)
}

pub(super) fn height(model: &Model) -> i64 {
    i64::from(layout::page_text(model.size).1.saturating_sub(1).max(1))
}

fn page_down(model: &mut Model) -> Vec<Effect> {
    let rows = height(model);
    scroll(model, rows)
}

fn page_up(model: &mut Model) -> Vec<Effect> {
    let rows = height(model);
    scroll(model, -rows)
}
