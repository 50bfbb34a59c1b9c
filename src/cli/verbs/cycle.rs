//! `cycle add`, `approve`, `close`, `check`.

use clap::{ArgMatches, Args, FromArgMatches};

use super::super::context::Context;
use super::super::verb::{Group, Verb};
use serde_json::json;

use crate::workspace::action::{Action, CycleAdd};
use crate::workspace::look::schedule;
use crate::workspace::refusal::{Refusal, RefusalKind};

pub(super) const ADD: Verb = Verb {
    name: "cycle add",
    about: "Draft a cycle, its milestones from a template of the profile",
    group: Group::Schedule,
    args: AddArgs::augment_args,
    run: add,
};

pub(super) const APPROVE: Verb = Verb {
    name: "cycle approve",
    about: "Make what stands now the plan; later moves are slips",
    group: Group::Schedule,
    args: ApproveArgs::augment_args,
    run: approve,
};

pub(super) const CLOSE: Verb = Verb {
    name: "cycle close",
    about: "Close a cycle",
    group: Group::Schedule,
    args: NameArgs::augment_args,
    run: close,
};

pub(super) const CHECK: Verb = Verb {
    name: "cycle check",
    about: "Name what is wrong with a schedule; exit 5 on an error",
    group: Group::Schedule,
    args: CheckArgs::augment_args,
    run: check,
};

#[derive(Args)]
struct AddArgs {
    /// Its name
    name: String,
    /// Where rules count from
    #[arg(long, value_name = "WHEN")]
    start: Option<String>,
    /// The release; a template counts back from it when there is no start
    #[arg(long, value_name = "WHEN")]
    release: Option<String>,
    /// A milestone template of the profile
    #[arg(long, value_name = "NAME")]
    template: Option<String>,
}

fn add(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(AddArgs::from_arg_matches(matches))?;
    let open = context.open()?;
    let start = open.session.dates.maybe(args.start.as_deref())?;
    let release = open.session.dates.maybe(args.release.as_deref())?;
    open.perform(&Action::CycleAdd(CycleAdd {
        name: args.name,
        start,
        release,
        template: args.template,
    }))
}

#[derive(Args)]
struct ApproveArgs {
    /// The cycle
    name: String,
    /// Who approved it and where that is written down
    #[arg(long, value_name = "TEXT|LINK")]
    decision: Option<String>,
}

fn approve(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(ApproveArgs::from_arg_matches(matches))?;
    context.open()?.perform(&Action::CycleApprove {
        name: args.name,
        decision: args.decision,
    })
}

#[derive(Args)]
struct NameArgs {
    /// The cycle
    name: String,
}

fn close(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(NameArgs::from_arg_matches(matches))?;
    context
        .open()?
        .perform(&Action::CycleClose { name: args.name })
}

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
