//! The screen, or what stands for it where there is no terminal. This folder is the one
//! door of the command line to the screen; nothing else of it knows that there is one.

pub(super) mod keys;

use std::io::IsTerminal;
use std::path::Path;

use crate::cli::context::Context;
use crate::cli::verbs::status;
use crate::config::{self, Config};
use crate::tui::theme::{Depth, Theme};
use crate::tui::{self, effect::Next};
use crate::workspace::example;
use crate::workspace::plan::Actor;
use crate::workspace::refusal::{Refusal, RefusalKind};

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
    match context.desk_path() {
        Ok(path) => show(context, &path, false),
        Err(refusal) if refusal.kind == RefusalKind::NotFound && !context.globals.read_only => {
            welcome(context)
        }
        Err(refusal) => Err(refusal),
    }
}

/// Runs the screen on a desk.
pub(crate) fn show(context: &mut Context, path: &Path, demo: bool) -> Result<(), Refusal> {
    let options = tui::Options {
        path: Some(path.to_owned()),
        demo,
        ..options(context)?
    };
    let options = if demo {
        // The example's own person acts there, whoever this device belongs to.
        let person = example::PERSON.to_owned();
        tui::Options {
            who: Some(person.clone()),
            actor: Ok(Actor {
                person,
                on_behalf: None,
            }),
            ..options
        }
    } else {
        options
    };
    tui::run(options).map(|_| ())
}

/// Somebody has no desk yet.
fn welcome(context: &mut Context) -> Result<(), Refusal> {
    let options = tui::Options {
        founding: Some(context.places()?.clone()),
        ..options(context)?
    };
    match tui::run(options)? {
        Next::Quit => Ok(()),
        Next::Example => super::demo::throwaway(context),
        Next::Desk(founded) => {
            let mut greeting = founded.said;
            greeting.push(format!("The desk lives in {}.", founded.path.display()));
            if let Some(told) = introduce(context, &founded.who)? {
                greeting.push(told);
            }
            let options = tui::Options {
                path: Some(founded.path),
                greeting,
                fresh: !founded.joined,
                joined: founded.joined,
                ..self::options(context)?
            };
            tui::run(options).map(|_| ())
        }
    }
}

/// Keeps who works on this device, where nobody has been named yet.
fn introduce(context: &mut Context, who: &str) -> Result<Option<String>, Refusal> {
    if context.config()?.person.is_some() {
        return Ok(None);
    }
    let path = match &context.globals.config {
        Some(path) => path.clone(),
        None => context.places()?.config_file(),
    };
    config::keep_person(&path, who).map_err(|error| {
        Refusal::failed(
            error.to_string(),
            format!("Write `person = {who:?}` into the configuration yourself."),
        )
    })?;
    context.globals.as_name.get_or_insert(who.to_owned());
    Ok(Some(format!(
        "You are {who} on this device; {} says so.",
        path.display()
    )))
}

fn options(context: &mut Context) -> Result<tui::Options, Refusal> {
    let who = context.person()?;
    let actor = context.actor();
    let config = context.config()?.clone();
    let (theme, warnings) = theme(context, &config);
    for warning in &warnings {
        context.out.warn(warning);
    }
    Ok(tui::Options {
        path: None,
        founding: None,
        places: context.places().ok().cloned(),
        exchanges: config.sync.as_deref() != Some("off"),
        fresh: false,
        joined: false,
        greeting: warnings,
        now: crate::workspace::now::now,
        who,
        actor,
        read_only: context.globals.read_only || config.read_only == Some(true),
        theme,
        mouse: config.mouse == Some(true),
        browser: config
            .browser
            .or_else(|| std::env::var("BROWSER").ok())
            .filter(|browser| !browser.trim().is_empty()),
        demo: false,
        keys: config.keys.asked,
        wrong_keys: config.keys.wrong,
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
