//! `delete`: a record off the desk; its history stays.

use clap::{ArgMatches, Args, FromArgMatches};

use super::super::context::Context;
use super::super::verb::{Group, Verb};
use crate::workspace::action::Action;
use crate::workspace::refusal::Refusal;

pub(super) const VERB: Verb = Verb {
    name: "delete",
    about: "Take a record off the desk; its history stays and `undo` brings it back",
    group: Group::Records,
    args: DeleteArgs::augment_args,
    run,
};

#[derive(Args)]
struct DeleteArgs {
    /// The record
    id: String,
    /// Why
    #[arg(long, value_name = "R")]
    reason: Option<String>,
}

fn run(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(DeleteArgs::from_arg_matches(matches))?;
    context.open()?.perform(&Action::Delete {
        id: args.id,
        reason: args.reason,
    })
}
