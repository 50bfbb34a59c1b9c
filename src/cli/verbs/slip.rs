//! `slip`: a milestone moves, with its reason, and drags along what hangs on it.

use clap::{ArgMatches, Args, FromArgMatches};

use super::super::context::Context;
use super::super::verb::{Group, Verb};
use crate::workspace::action::Action;
use crate::workspace::refusal::Refusal;

pub(super) const VERB: Verb = Verb {
    name: "slip",
    about: "Move a milestone with a reason; what hangs on it moves along",
    group: Group::Schedule,
    args: SlipArgs::augment_args,
    run,
};

#[derive(Args)]
pub(super) struct SlipArgs {
    /// The milestone
    id: String,
    /// The new date
    #[arg(long, value_name = "WHEN")]
    to: String,
    /// Why it moves
    #[arg(long, value_name = "R")]
    reason: Option<String>,
    /// Only say what would move
    #[arg(long)]
    preview: bool,
}

pub(super) fn run(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(SlipArgs::from_arg_matches(matches))?;
    let open = context.open()?;
    let to = open.session.dates.when(&args.to)?;
    // A preview needs no reason yet.
    let reason = args
        .reason
        .or_else(|| args.preview.then(|| "preview".to_owned()));
    open.run(
        &Action::MilestoneMove {
            id: args.id,
            to,
            reason,
        },
        args.preview,
    )
}
