//! `submission refuse` and `withdraw`: the end of one before it is injected.

use clap::{ArgMatches, Args, FromArgMatches};

use super::super::context::Context;
use super::super::verb::{Group, Verb};
use crate::workspace::action::Action;
use crate::workspace::refusal::Refusal;

pub(super) const REFUSE: Verb = Verb {
    name: "submission refuse",
    about: "Refuse a submission as it came in, and draft the refusal",
    group: Group::Queue,
    args: EndArgs::augment_args,
    run: refuse,
};

pub(super) const WITHDRAW: Verb = Verb {
    name: "submission withdraw",
    about: "Take a submission back at its provider's wish",
    group: Group::Queue,
    args: EndArgs::augment_args,
    run: withdraw,
};

#[derive(Args)]
struct EndArgs {
    /// The submission
    id: String,
    /// Why
    #[arg(long, value_name = "R")]
    reason: Option<String>,
}

fn end(matches: &ArgMatches, context: &mut Context, refused: bool) -> Result<(), Refusal> {
    let args = super::parsed(EndArgs::from_arg_matches(matches))?;
    context.open()?.perform(&Action::SubmissionClose {
        id: args.id,
        refused,
        reason: args.reason,
    })
}

fn refuse(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    end(matches, context, true)
}

fn withdraw(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    end(matches, context, false)
}
