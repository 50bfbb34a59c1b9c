//! Commands that work everywhere: panes, zoom, help, refresh, leaving.

use super::{Command, Scope, always};
use crate::tui::effect::Effect;
use crate::tui::model::{Model, Zoom};
use crate::tui::overlay::{Overlay, help};
use crate::workspace::look::board::rows::Pane;

const fn global(
    name: &'static str,
    keys: &'static [&'static str],
    short: &'static str,
    help: &'static str,
    run: fn(&mut Model) -> Vec<Effect>,
) -> Command {
    Command {
        name,
        scope: Scope::Global,
        keys,
        short,
        help,
        ready: always,
        run,
    }
}

#[rustfmt::skip]
pub(super) const COMMANDS: &[Command] = &[
    global("next-pane",     &["tab"],         "panes",   "Go to the next pane",                next_pane),
    global("previous-pane", &["shift-tab"],   "",        "Go to the pane before",              previous_pane),
    global("attention",     &["0"],           "",        "Go to what needs a human",           attention),
    global("schedule",      &["1"],           "",        "Go to the schedule",                 schedule),
    global("queue",         &["2"],           "",        "Go to the queue",                    queue),
    global("sites",         &["3"],           "",        "Go to the sites",                    sites),
    global("retro",         &["4"],           "",        "Go to the retrospective",            retro),
    global("zoom",          &["z"],           "zoom",    "Zoom the pane: normal, wide, full",  zoom),
    global("refresh",       &["r"],           "",        "Read the desk again",                refresh),
    global("help",          &["?"],           "help",    "Show the keys that work here",       help_here),
    global("theme",         &["T"],           "",        "Change the colours: default, light, dark, mono, colour-blind", theme),
    global("mouse",         &["M"],           "",        "Turn the mouse on or off",           mouse),
    global("suspend",       &["ctrl-z"],      "",        "Hand the terminal to the shell",     suspend),
    global("quit",          &["q", "ctrl-c"], "quit",    "Leave",                              quit),
];

fn focus(model: &mut Model, pane: Pane) -> Vec<Effect> {
    model.overlays.clear();
    model.panes.focus = pane;
    Vec::new()
}

fn step(model: &mut Model, by: usize) -> Vec<Effect> {
    let count = Pane::ALL.len();
    let pane = Pane::ALL[(model.panes.focus as usize + by) % count];
    focus(model, pane)
}

fn next_pane(model: &mut Model) -> Vec<Effect> {
    step(model, 1)
}

fn previous_pane(model: &mut Model) -> Vec<Effect> {
    step(model, Pane::ALL.len() - 1)
}

fn attention(model: &mut Model) -> Vec<Effect> {
    focus(model, Pane::Attention)
}

fn schedule(model: &mut Model) -> Vec<Effect> {
    focus(model, Pane::Schedule)
}

fn queue(model: &mut Model) -> Vec<Effect> {
    focus(model, Pane::Queue)
}

fn sites(model: &mut Model) -> Vec<Effect> {
    focus(model, Pane::Sites)
}

fn retro(model: &mut Model) -> Vec<Effect> {
    focus(model, Pane::Retro)
}

fn zoom(model: &mut Model) -> Vec<Effect> {
    model.overlays.clear();
    model.panes.zoom = match model.panes.zoom {
        Zoom::Normal => Zoom::Wide,
        Zoom::Wide => Zoom::Full,
        Zoom::Full => Zoom::Normal,
    };
    Vec::new()
}

fn refresh(model: &mut Model) -> Vec<Effect> {
    model.notice = None;
    model.loads.announce = true;
    model.reload()
}

fn help_here(model: &mut Model) -> Vec<Effect> {
    if let Some(Overlay { help: true, .. }) = model.overlays.last() {
        model.overlays.pop();
    } else {
        let page = help::page(model);
        model.overlays.push(Overlay {
            page,
            scroll: 0,
            help: true,
        });
    }
    Vec::new()
}

fn theme(model: &mut Model) -> Vec<Effect> {
    model.notice = Some(match model.theme.next() {
        Some(theme) => {
            model.theme = theme;
            format!("The theme is {} now.", theme.name())
        }
        None => "Colour is off: NO_COLOR is set, or `color` is never.".to_owned(),
    });
    Vec::new()
}

fn mouse(model: &mut Model) -> Vec<Effect> {
    let on = !model.user.mouse;
    model.user.mouse = on;
    let said = if on {
        "The mouse is on. Hold shift to mark text as before."
    } else {
        "The mouse is off."
    };
    model.notice = Some(said.to_owned());
    vec![Effect::Mouse(on)]
}

fn suspend(_: &mut Model) -> Vec<Effect> {
    vec![Effect::Suspend]
}

fn quit(_: &mut Model) -> Vec<Effect> {
    vec![Effect::Quit]
}
