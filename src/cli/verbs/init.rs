//! `init`: a new desk.

use clap::{ArgMatches, Args, FromArgMatches};

use super::super::context::Context;
use super::super::verb::Own;
use std::path::PathBuf;

use crate::workspace::action::Init;
use crate::workspace::deed::Group;
use crate::workspace::files;
use crate::workspace::founding;
use crate::workspace::perform::{self, Founding};
use crate::workspace::places::file_name;
use crate::workspace::plan::{Actor, Time};
use crate::workspace::profiles;
use crate::workspace::refusal::Refusal;
use crate::workspace::share::home;

pub(super) const VERB: Own = Own {
    name: "init",
    about: "Create a desk",
    group: Group::Care,
    args: InitArgs::augment_args,
    run,
};

/// What a new desk's owner does next.
const NEXT: &str = "Next: `relmate product add NAME --provider P --contact MAIL`, \
    `relmate cycle add NAME --start WHEN --template meta-release`, or `relmate import FILE`.";

#[derive(Args)]
struct InitArgs {
    /// The desk's name
    name: String,
    /// A release manager; a desk has two
    #[arg(long, value_name = "NAME")]
    manager: Vec<String>,
    /// The process: a shipped name or a TOML file
    #[arg(long, value_name = "P", default_value = profiles::USUAL)]
    profile: String,
    /// The desk's time zone; without it this machine's
    #[arg(long, value_name = "TZ")]
    timezone: Option<String>,
    /// Days on which nobody works
    #[arg(long, value_name = "FILE")]
    holidays: Vec<String>,
}

fn run(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(InitArgs::from_arg_matches(matches))?;
    if context.globals.read_only {
        return Err(Refusal::rule(
            "A desk cannot be created read-only.",
            "Leave --read-only out.",
        ));
    }
    if args.manager.is_empty() {
        return Err(Refusal::usage(
            "A desk needs its release managers.",
            format!(
                "Write `relmate init {:?} --manager A --manager B`.",
                args.name
            ),
        ));
    }
    let timezone = args.timezone.unwrap_or_else(founding::zone_here);
    let mut holidays = Vec::new();
    for file in &args.holidays {
        holidays.extend(files::holidays(file)?.days);
    }
    let path = place(context, &args.name)?;
    let device = context.config()?.person.clone();
    let named = context
        .globals
        .as_name
        .clone()
        .or_else(|| device.is_none().then(|| args.manager[0].clone()));
    let founding = Founding {
        path: &path,
        init: Init {
            name: args.name,
            managers: args.manager,
            timezone,
            profile: profiles::text(&args.profile)?,
            holidays,
        },
        actor: Actor::resolve(device.as_deref(), named.as_deref())?,
        time: Time {
            now: context.now,
            at: None,
        },
    };
    let receipt = perform::found(&founding)?;
    context.tell(&receipt, false)?;
    if !context.globals.json {
        context
            .out
            .line(&format!("It lives in {}.", path.display()));
        context.out.line(NEXT);
        if let Some(warning) = home::warning(&path) {
            context.out.warn(&warning);
        }
    }
    Ok(())
}

/// Where the desk goes: `--desk`, else the data directory.
fn place(context: &mut Context, name: &str) -> Result<PathBuf, Refusal> {
    match context.globals.desk.clone() {
        Some(desk) => Ok(context.places()?.desk_file(&desk)),
        None => Ok(context.places()?.data.join(file_name(name))),
    }
}
