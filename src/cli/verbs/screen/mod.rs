//! The screen, or what stands for it where there is no terminal. This folder is the one
//! door of the command line to the screen; nothing else of it knows that there is one.

pub(super) mod keys;

use std::io::IsTerminal;
use std::path::Path;

use crate::cli::context::Context;
use crate::cli::verbs::status;
use crate::tui;
use crate::workspace::refusal::Refusal;

/// Whether a screen can be drawn here.
pub(crate) fn possible() -> bool {
    std::io::stdout().is_terminal()
        && std::io::stdin().is_terminal()
        && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// Opens the screen on the desk; off a terminal the status is printed.
pub(crate) fn open(context: &mut Context) -> Result<(), Refusal> {
    let plain =
        context.globals.plain || context.globals.json || context.config()?.plain == Some(true);
    if plain || !possible() {
        return status::run_plain(context);
    }
    let path = context.desk_path()?;
    show(context, &path, false)
}

/// Runs the screen on a desk.
pub(crate) fn show(context: &mut Context, path: &Path, demo: bool) -> Result<(), Refusal> {
    let who = context.person()?;
    let actor = context.actor();
    let config = context.config()?.clone();
    let color = match context.globals.color.as_str() {
        "always" => true,
        "never" => false,
        _ => std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
    };
    tui::run(tui::Options {
        path: path.to_owned(),
        now: crate::workspace::now::now,
        who,
        actor,
        read_only: context.globals.read_only || config.read_only == Some(true),
        ascii: config.ascii == Some(true),
        color: color && config.theme.as_deref() != Some("mono"),
        demo,
        keys: config.keys.asked,
        wrong_keys: config.keys.wrong,
        state: context.places().ok().map(|places| places.state.clone()),
    })
}
