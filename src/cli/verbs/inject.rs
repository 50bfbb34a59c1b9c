//! `inject`: the tickets of a submission, and the drafted answer.

use clap::{ArgMatches, Args, FromArgMatches};

use super::super::context::Context;
use super::super::verb::{Group, Verb};
use std::collections::BTreeMap;

use crate::workspace::action::Action;
use crate::workspace::refusal::Refusal;

pub(super) const VERB: Verb = Verb {
    name: "inject",
    about: "Make a submission's tickets and draft its answer",
    group: Group::Queue,
    args: InjectArgs::augment_args,
    run,
};

#[derive(Args)]
struct InjectArgs {
    /// The submission
    id: String,
    /// A tracker's id for one ticket: `al9/x86_64=12345`
    #[arg(long, value_name = "PLATFORM/ARCH=RT")]
    rt: Vec<String>,
}

fn run(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(InjectArgs::from_arg_matches(matches))?;
    let mut tracking = BTreeMap::new();
    for pair in &args.rt {
        let Some((target, id)) = pair.split_once('=').filter(|(_, id)| !id.is_empty()) else {
            return Err(Refusal::usage(
                format!("{pair:?} is not PLATFORM/ARCH=RT."),
                "Write --rt al9/x86_64=12345.",
            ));
        };
        tracking.insert(target.to_owned(), id.to_owned());
    }
    context.open()?.perform(&Action::Inject {
        id: args.id,
        tracking,
    })
}
