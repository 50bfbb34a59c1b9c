//! `product add` and `product edit`: the product ID card.

use clap::{ArgMatches, Args, FromArgMatches};

use super::super::context::Context;
use super::super::verb::{Group, Verb};
use std::collections::BTreeMap;

use crate::workspace::action::{Action, ProductCard};
use crate::workspace::refusal::Refusal;

pub(super) const ADD: Verb = Verb {
    name: "product add",
    about: "Add a product with its ID card",
    group: Group::Queue,
    args: CardArgs::augment_args,
    run: add,
};

pub(super) const EDIT: Verb = Verb {
    name: "product edit",
    about: "Change a product's ID card; an empty text empties a field",
    group: Group::Queue,
    args: CardArgs::augment_args,
    run: edit,
};

#[derive(Args)]
struct CardArgs {
    /// The product
    name: String,
    /// Who makes it
    #[arg(long, value_name = "P")]
    provider: Option<String>,
    /// Who is told of delays
    #[arg(long, value_name = "MAIL")]
    contact: Option<String>,
    /// Who leads the product team
    #[arg(long, value_name = "NAME")]
    team_leader: Option<String>,
    /// What it is and does
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// Where it is documented
    #[arg(long, value_name = "URL")]
    documentation: Option<String>,
    /// Its unit in the helpdesk
    #[arg(long, value_name = "UNIT")]
    support_unit: Option<String>,
    /// Its licence
    #[arg(long, value_name = "TEXT")]
    licence: Option<String>,
    /// How it reports its own version: a command or a probe
    #[arg(long, value_name = "TEXT")]
    version_report: Option<String>,
}

fn card(args: CardArgs) -> ProductCard {
    let given = [
        ("provider", args.provider),
        ("contact", args.contact),
        ("team_leader", args.team_leader),
        ("description", args.description),
        ("documentation", args.documentation),
        ("support_unit", args.support_unit),
        ("licence", args.licence),
        ("version_report", args.version_report),
    ];
    let fields: BTreeMap<String, String> = given
        .into_iter()
        .filter_map(|(field, value)| Some((field.to_owned(), value?)))
        .collect();
    ProductCard {
        name: args.name,
        fields,
    }
}

fn add(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let card = card(super::parsed(CardArgs::from_arg_matches(matches))?);
    context.open()?.perform(&Action::ProductAdd(card))
}

fn edit(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let card = card(super::parsed(CardArgs::from_arg_matches(matches))?);
    context.open()?.perform(&Action::ProductEdit(card))
}
