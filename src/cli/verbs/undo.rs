//! `undo` and `redo`: a step is taken back by a new one; the history keeps both.

use clap::{ArgMatches, Args, FromArgMatches};

use super::super::context::Context;
use super::super::verb::{Group, Verb};
use crate::workspace::action::Action;
use crate::workspace::refusal::Refusal;

pub(super) const UNDO: Verb = Verb {
    name: "undo",
    about: "Take back your last step, a record's last change, or a step by its number in the log",
    group: Group::Records,
    args: TargetArgs::augment_args,
    run: undo,
};

pub(super) const REDO: Verb = Verb {
    name: "redo",
    about: "Do again what an undo took back",
    group: Group::Records,
    args: TargetArgs::augment_args,
    run: redo,
};

#[derive(Args)]
struct TargetArgs {
    /// A record, or a step's number in the log
    id: Option<String>,
    /// Only say what it would do
    #[arg(long)]
    preview: bool,
}

fn undo(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(TargetArgs::from_arg_matches(matches))?;
    context
        .open()?
        .run(&Action::Undo { target: args.id }, args.preview)
}

fn redo(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(TargetArgs::from_arg_matches(matches))?;
    context
        .open()?
        .run(&Action::Redo { target: args.id }, args.preview)
}
