//! `why`: the rule, the arithmetic, the root blocker and what can be done next.

use clap::{ArgMatches, Args, FromArgMatches};

use super::super::context::Context;
use super::super::verb::Own;
use crate::workspace::deed::Group;
use crate::workspace::look::why::{self, Why};
use crate::workspace::refusal::Refusal;

pub(super) const VERB: Own = Own {
    name: "why",
    about: "Why a record is or is not moving, and who can move it",
    group: Group::Look,
    args: WhyArgs::augment_args,
    run,
};

#[derive(Args)]
struct WhyArgs {
    /// A ticket, submission, milestone, message or action
    id: String,
}

fn run(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(WhyArgs::from_arg_matches(matches))?;
    let why = context.look_at(&args.id, |look| why::why(look, &args.id))?;
    if context.globals.json {
        return context.json("why", &why);
    }
    print(context, &why);
    Ok(())
}

fn print(context: &mut Context, why: &Why) {
    let out = &mut context.out;
    out.line(&why.sentence);
    for line in why::lines(why) {
        out.line(&line);
    }
}
