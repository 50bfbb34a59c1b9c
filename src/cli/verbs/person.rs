//! `person add`, `person away`, `primary`.

use clap::{ArgMatches, Args, FromArgMatches};

use super::super::context::Context;
use super::super::verb::{Group, Verb};
use crate::workspace::action::Action;
use crate::workspace::refusal::Refusal;

pub(super) const ADD: Verb = Verb {
    name: "person add",
    about: "Add a person with a part in the release",
    group: Group::Records,
    args: AddArgs::augment_args,
    run: add,
};

pub(super) const AWAY: Verb = Verb {
    name: "person away",
    about: "Record an absence",
    group: Group::Records,
    args: AwayArgs::augment_args,
    run: away,
};

pub(super) const PRIMARY: Verb = Verb {
    name: "primary",
    about: "Say which manager is primary now",
    group: Group::Records,
    args: PrimaryArgs::augment_args,
    run: primary,
};

#[derive(Args)]
struct AddArgs {
    /// The name
    name: String,
    /// The mail address
    #[arg(long, value_name = "MAIL")]
    mail: Option<String>,
    /// The organisation; a verifier is never of the product's own team
    #[arg(long, value_name = "O")]
    organisation: Option<String>,
    /// A role: manager, verifier, or a word of the community
    #[arg(long, value_name = "ROLE")]
    role: Vec<String>,
}

fn add(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(AddArgs::from_arg_matches(matches))?;
    context.open()?.perform(&Action::PersonAdd {
        name: args.name,
        mail: args.mail,
        organisation: args.organisation,
        roles: args.role,
    })
}

#[derive(Args)]
struct AwayArgs {
    /// Who
    name: String,
    /// The first day
    #[arg(long, value_name = "WHEN")]
    from: String,
    /// The last day
    #[arg(long, value_name = "WHEN")]
    to: String,
    /// Why: vacation, sickness
    #[arg(long, value_name = "R")]
    reason: Option<String>,
}

fn away(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(AwayArgs::from_arg_matches(matches))?;
    let open = context.open()?;
    let from = open
        .session
        .dates
        .when(&args.from)?
        .day(&open.session.dates.zone);
    let to = open
        .session
        .dates
        .when(&args.to)?
        .day(&open.session.dates.zone);
    open.perform(&Action::PersonAway {
        name: args.name,
        from,
        to,
        reason: args.reason,
    })
}

#[derive(Args)]
struct PrimaryArgs {
    /// The manager
    name: String,
}

fn primary(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(PrimaryArgs::from_arg_matches(matches))?;
    context
        .open()?
        .perform(&Action::Primary { name: args.name })
}
