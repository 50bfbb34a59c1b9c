//! `submit`: a product release handed in by its provider.

use clap::{ArgMatches, Args, FromArgMatches};

use super::super::context::Context;
use super::super::verb::{Group, Verb};
use std::collections::BTreeSet;

use crate::domain::queue::submission::Target;
use crate::workspace::action::{Action, Submit};
use crate::workspace::files;
use crate::workspace::refusal::Refusal;

pub(super) const VERB: Verb = Verb {
    name: "submit",
    about: "Take in a product release: version, notes, packages, platforms",
    group: Group::Queue,
    args: SubmitArgs::augment_args,
    run,
};

#[derive(Args)]
struct SubmitArgs {
    /// The product
    #[arg(long, value_name = "P")]
    product: String,
    /// Its version: major.minor.revision
    #[arg(long, value_name = "V")]
    version: Option<String>,
    /// A platform; several make several tickets
    #[arg(long, value_name = "PL")]
    platform: Vec<String>,
    /// An architecture; several make several tickets
    #[arg(long, value_name = "A", default_value = "x86_64")]
    arch: Vec<String>,
    /// The release notes
    #[arg(long, value_name = "URL")]
    notes: Option<String>,
    /// The full list of packages, one a line; - is standard input
    #[arg(long, value_name = "FILE|-")]
    packages: Option<String>,
    /// The request's id in the helpdesk
    #[arg(long, value_name = "ID")]
    channel_id: Option<String>,
    /// The submission it replaces
    #[arg(long, value_name = "ID")]
    supersedes: Option<String>,
    /// An emergency release
    #[arg(long)]
    emergency: bool,
    /// Take it in although a part is missing, and why
    #[arg(long, value_name = "REASON")]
    waive: Option<String>,
}

fn run(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(SubmitArgs::from_arg_matches(matches))?;
    let packages = match &args.packages {
        Some(file) => files::names(&files::text(file)?),
        None => Vec::new(),
    };
    let mut targets = BTreeSet::new();
    for platform in &args.platform {
        for arch in &args.arch {
            targets.insert(Target {
                platform: platform.clone(),
                arch: arch.clone(),
            });
        }
    }
    context.open()?.perform(&Action::Submit(Submit {
        product: args.product,
        version: args.version,
        targets: targets.into_iter().collect(),
        notes_url: args.notes,
        packages,
        channel_id: args.channel_id,
        supersedes: args.supersedes,
        emergency: args.emergency,
        waive: args.waive,
    }))
}
