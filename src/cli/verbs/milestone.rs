//! `milestone add`, `move`, `done`.

use clap::{ArgMatches, Args, FromArgMatches};

use super::super::context::Context;
use super::super::verb::{Group, Verb};
use crate::domain::schedule::milestone::Committee;
use crate::workspace::action::{Action, MilestoneAdd};
use crate::workspace::refusal::Refusal;

pub(super) const ADD: Verb = Verb {
    name: "milestone add",
    about: "Add a milestone with a date or a rule",
    group: Group::Schedule,
    args: AddArgs::augment_args,
    run: add,
};

pub(super) const MOVE: Verb = Verb {
    name: "milestone move",
    about: "Move a milestone; the same as `slip`, without a reason while drafting",
    group: Group::Schedule,
    args: super::slip::SlipArgs::augment_args,
    run: super::slip::run,
};

pub(super) const DONE: Verb = Verb {
    name: "milestone done",
    about: "Record that a milestone was reached",
    group: Group::Schedule,
    args: DoneArgs::augment_args,
    run: done,
};

#[derive(Args)]
struct AddArgs {
    /// Its code, unique in the cycle: M3
    code: String,
    /// Its name
    name: Option<String>,
    /// The cycle; the only open one when left out
    #[arg(long, value_name = "NAME")]
    cycle: Option<String>,
    /// Its date
    #[arg(long, value_name = "WHEN")]
    on: Option<String>,
    /// `M1 + 10 weeks`, `release - 14 days`, `M3 + 5 working days`
    #[arg(long, value_name = "RULE")]
    rule: Option<String>,
    /// What the steering committee does: none, review or approval
    #[arg(long, value_name = "WHAT", value_parser = ["none", "review", "approval"])]
    committee: Option<String>,
    /// Who answers for it
    #[arg(long, value_name = "NAME")]
    owner: Option<String>,
}

fn add(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(AddArgs::from_arg_matches(matches))?;
    let open = context.open()?;
    let date = open.session.dates.maybe(args.on.as_deref())?;
    let committee = match args.committee.as_deref() {
        Some("review") => Committee::Review,
        Some("approval") => Committee::Approval,
        _ => Committee::None,
    };
    open.perform(&Action::MilestoneAdd(MilestoneAdd {
        cycle: args.cycle,
        code: args.code,
        name: args.name,
        rule: args.rule,
        date,
        committee,
        owner: args.owner,
    }))
}

#[derive(Args)]
struct DoneArgs {
    /// The milestone
    id: String,
}

fn done(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(DoneArgs::from_arg_matches(matches))?;
    context
        .open()?
        .perform(&Action::MilestoneDone { id: args.id })
}
