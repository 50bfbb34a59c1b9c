//! `comment`: a remark on any record.

use clap::{ArgMatches, Args, FromArgMatches};

use super::super::context::Context;
use super::super::verb::{Group, Verb};
use crate::workspace::action::Action;
use crate::workspace::refusal::Refusal;

pub(super) const VERB: Verb = Verb {
    name: "comment",
    about: "A remark on any record; a private one is never exported",
    group: Group::Records,
    args: CommentArgs::augment_args,
    run,
};

#[derive(Args)]
struct CommentArgs {
    /// The record
    id: String,
    /// The remark
    text: String,
    /// For the managers only
    #[arg(long)]
    private: bool,
}

fn run(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(CommentArgs::from_arg_matches(matches))?;
    context.open()?.perform(&Action::Comment {
        id: args.id,
        text: args.text,
        private: args.private,
    })
}
