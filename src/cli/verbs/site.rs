//! `site add` and `site sla`: the register of rollout sites.

use clap::{ArgMatches, Args, FromArgMatches};

use super::super::context::Context;
use super::super::verb::{Group, Verb};
use crate::workspace::action::Action;
use crate::workspace::refusal::Refusal;

pub(super) const ADD: Verb = Verb {
    name: "site add",
    about: "Add a production site that tries releases first",
    group: Group::Records,
    args: AddArgs::augment_args,
    run: add,
};

pub(super) const SLA: Verb = Verb {
    name: "site sla",
    about: "Record within how many days a site reports on a product",
    group: Group::Records,
    args: SlaArgs::augment_args,
    run: sla,
};

#[derive(Args)]
struct AddArgs {
    /// The site
    name: String,
    /// Its country
    #[arg(long, value_name = "C")]
    country: Option<String>,
    /// Whom to write to
    #[arg(long, value_name = "MAIL")]
    contact: Option<String>,
}

fn add(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(AddArgs::from_arg_matches(matches))?;
    context.open()?.perform(&Action::SiteAdd {
        name: args.name,
        country: args.country,
        contact: args.contact,
    })
}

#[derive(Args)]
struct SlaArgs {
    /// The site
    name: String,
    /// The product
    #[arg(long, value_name = "P")]
    product: String,
    /// Days to report in
    #[arg(long, value_name = "N")]
    days: u32,
    /// Working days
    #[arg(long)]
    working: bool,
}

fn sla(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(SlaArgs::from_arg_matches(matches))?;
    context.open()?.perform(&Action::SiteSla {
        name: args.name,
        product: args.product,
        days: args.days,
        working: args.working,
    })
}
