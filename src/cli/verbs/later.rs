//! `later`: not before a day in anybody's list.

use clap::{ArgMatches, Args, FromArgMatches};

use super::super::context::Context;
use super::super::verb::{Group, Verb};
use crate::workspace::action::Action;
use crate::workspace::refusal::Refusal;

pub(super) const VERB: Verb = Verb {
    name: "later",
    about: "Put a record off; a limit that ends before shows all the same",
    group: Group::Records,
    args: LaterArgs::augment_args,
    run,
};

#[derive(Args)]
struct LaterArgs {
    /// The record
    id: String,
    /// Until when; today brings it back
    #[arg(long, value_name = "WHEN")]
    until: String,
}

fn run(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(LaterArgs::from_arg_matches(matches))?;
    let open = context.open()?;
    let until = open.session.dates.when(&args.until)?;
    open.perform(&Action::Later { id: args.id, until })
}
