//! `action add`, `done`, `drop`: improvement actions.

use clap::{ArgMatches, Args, FromArgMatches};

use super::super::context::Context;
use super::super::verb::{Group, Verb};
use crate::workspace::action::Action;
use crate::workspace::refusal::Refusal;

pub(super) const ADD: Verb = Verb {
    name: "action add",
    about: "Add an improvement action with an owner and a date",
    group: Group::Records,
    args: AddArgs::augment_args,
    run: add,
};

pub(super) const DONE: Verb = Verb {
    name: "action done",
    about: "Record that an action is done",
    group: Group::Records,
    args: DoneArgs::augment_args,
    run: done,
};

pub(super) const DROP: Verb = Verb {
    name: "action drop",
    about: "Drop an action, with the reason",
    group: Group::Records,
    args: DropArgs::augment_args,
    run: dropped,
};

#[derive(Args)]
struct AddArgs {
    /// What is to be done
    text: String,
    /// Who does it
    #[arg(long, value_name = "NAME")]
    owner: Option<String>,
    /// By when
    #[arg(long, value_name = "WHEN")]
    due: Option<String>,
    /// The record it is about
    #[arg(long, value_name = "ID")]
    about: Option<String>,
}

fn add(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(AddArgs::from_arg_matches(matches))?;
    let open = context.open()?;
    let due = open.session.dates.maybe(args.due.as_deref())?;
    open.perform(&Action::ActionAdd {
        text: args.text,
        owner: args.owner,
        due,
        about: args.about,
    })
}

#[derive(Args)]
struct DoneArgs {
    /// The action
    id: String,
}

fn done(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(DoneArgs::from_arg_matches(matches))?;
    context.open()?.perform(&Action::ActionDone { id: args.id })
}

#[derive(Args)]
struct DropArgs {
    /// The action
    id: String,
    /// Why
    #[arg(long, value_name = "R")]
    reason: Option<String>,
}

fn dropped(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(DropArgs::from_arg_matches(matches))?;
    context.open()?.perform(&Action::ActionDrop {
        id: args.id,
        reason: args.reason,
    })
}
