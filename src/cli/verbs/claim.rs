//! `claim`: "I'm on it".

use clap::{ArgMatches, Args, FromArgMatches};

use super::super::context::Context;
use super::super::verb::{Group, Verb};
use crate::workspace::action::Action;
use crate::workspace::refusal::Refusal;

pub(super) const VERB: Verb = Verb {
    name: "claim",
    about: "Say \"I'm on it\", or no longer",
    group: Group::Records,
    args: ClaimArgs::augment_args,
    run,
};

#[derive(Args)]
struct ClaimArgs {
    /// The record
    id: String,
    /// No longer
    #[arg(long)]
    drop: bool,
}

fn run(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(ClaimArgs::from_arg_matches(matches))?;
    context.open()?.perform(&Action::Claim {
        id: args.id,
        drop: args.drop,
    })
}
