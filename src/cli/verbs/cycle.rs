//! `cycle check`: what is wrong with a schedule.

use clap::{ArgMatches, Args, FromArgMatches};

use super::super::context::Context;
use super::super::verb::Own;
use serde_json::json;

use crate::workspace::deed::Group;
use crate::workspace::look::schedule;
use crate::workspace::refusal::{Refusal, RefusalKind};

pub(super) const VERB: Own = Own {
    name: "cycle check",
    about: "Name what is wrong with a schedule; exit 5 on an error",
    group: Group::Schedule,
    args: CheckArgs::augment_args,
    run: check,
};

#[derive(Args)]
struct CheckArgs {
    /// The cycle; the open one when left out
    name: Option<String>,
}

fn check(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(CheckArgs::from_arg_matches(matches))?;
    let (name, problems) = context.look(|look| schedule::problems(look, args.name.as_deref()))?;
    let errors = problems
        .iter()
        .filter(|it| it.severity == schedule::Severity::Error)
        .count();
    if context.globals.json {
        context.json("schedule-check", &json!({"cycle": name, "items": problems}))?;
    } else if problems.is_empty() {
        context
            .out
            .line(&format!("{name}: nothing is wrong with the schedule."));
    }
    if !context.globals.json {
        for problem in &problems {
            context
                .out
                .line(&format!("{}: {}", problem.code.word(), problem.sentence));
        }
    }
    if errors == 0 {
        return Ok(());
    }
    Err(Refusal::new(
        RefusalKind::Check,
        format!("The schedule of {name} has {errors} errors."),
        "Change a rule with `relmate set ID rule=…`, or move a milestone.",
    ))
}
