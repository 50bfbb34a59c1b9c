//! No verb: the screen, or what stands for it where there is no terminal.

use std::io::IsTerminal;
use std::path::Path;

use super::super::context::Context;
use crate::config::Config;
use crate::tui;
use crate::tui::theme::{Depth, Theme};
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
        return super::status::run_plain(context);
    }
    let path = context.desk_path()?;
    show(context, &path, false)
}

/// Runs the screen on a desk.
pub(crate) fn show(context: &mut Context, path: &Path, demo: bool) -> Result<(), Refusal> {
    let who = context.person()?;
    let config = context.config()?.clone();
    let (theme, warnings) = theme(context, &config);
    for warning in &warnings {
        context.out.warn(warning);
    }
    tui::run(tui::Options {
        path: path.to_owned(),
        now: crate::workspace::now::now,
        who,
        read_only: context.globals.read_only || config.read_only == Some(true),
        theme,
        notice: warnings.into_iter().next(),
        mouse: config.mouse == Some(true),
        browser: config
            .browser
            .or_else(|| std::env::var("BROWSER").ok())
            .filter(|browser| !browser.trim().is_empty()),
        demo,
        state: context.places().ok().map(|places| places.state.clone()),
    })
}

/// The theme of the options, else of the configuration, with what is odd about it. The
/// terminal's variables say how many colours there are, and whether any are wanted.
fn theme(context: &Context, config: &Config) -> (Theme, Vec<String>) {
    let variable = |name| std::env::var(name).ok();
    let color = match context.globals.color.as_str() {
        "always" => true,
        "never" => false,
        _ => std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
    };
    let depth = if color {
        Depth::of(
            variable("COLORTERM").as_deref(),
            variable("TERM").as_deref(),
        )
    } else {
        Depth::None
    };
    let (wanted, folder) = match &context.globals.theme {
        Some(theme) => (Some(theme), Path::new("")),
        None => (config.theme.as_ref(), config.folder.as_path()),
    };
    let (mut theme, warnings) = Theme::load(wanted.map(String::as_str), folder, depth);
    theme.ascii = context.globals.ascii || config.ascii == Some(true);
    (theme, warnings)
}
