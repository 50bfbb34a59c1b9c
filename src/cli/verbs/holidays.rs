//! `holidays`: days on which nobody works, from a file.

use clap::{ArgMatches, Args, FromArgMatches};

use super::super::context::Context;
use super::super::verb::{Group, Verb};
use serde_json::json;

use crate::workspace::action::Action;
use crate::workspace::files;
use crate::workspace::refusal::Refusal;

pub(super) const VERB: Verb = Verb {
    name: "holidays",
    about: "The days nobody works; with a file they are added (.rc or one day a line)",
    group: Group::Care,
    args: HolidayArgs::augment_args,
    run,
};

#[derive(Args)]
struct HolidayArgs {
    /// `2026-12-25 Christmas Day` a line, or Taskwarrior's .rc
    file: Option<String>,
}

fn run(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(HolidayArgs::from_arg_matches(matches))?;
    let Some(file) = args.file else {
        let days = context.look(|look| Ok(look.reader.holidays()?))?;
        if context.globals.json {
            return context.json("holidays", &json!({"items": days}));
        }
        if days.is_empty() {
            context
                .out
                .line("No holidays yet. `relmate holidays FILE` adds them.");
        }
        for day in days {
            context.out.line(&format!("{} {}", day.day, day.name));
        }
        return Ok(());
    };
    let read = files::holidays(&file)?;
    for (line, why) in &read.rejected {
        context
            .out
            .warn(&format!("{}:{line}: {why}", files::name(&file)));
    }
    context.open()?.perform(&Action::Holidays {
        days: read.days,
        source: files::name(&file),
        rejected: Vec::new(),
    })
}
