//! `next`: what waits on a person, most urgent first.

use clap::{ArgMatches, Args, FromArgMatches};
use serde_json::json;

use super::super::context::Context;
use super::super::verb::Own;
use crate::workspace::deed::Group;
use crate::workspace::look::status;
use crate::workspace::refusal::Refusal;

pub(super) const VERB: Own = Own {
    name: "next",
    about: "What waits on a person, most urgent first",
    group: Group::Look,
    args: NextArgs::augment_args,
    run,
};

/// How many lines are shown without `--all`.
const LINES: usize = 25;

#[derive(Args)]
struct NextArgs {
    /// Only what waits on this person, or on nobody in particular
    #[arg(long = "for", value_name = "NAME")]
    person: Option<String>,
    /// Every line, not the first 25
    #[arg(long)]
    all: bool,
}

fn run(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(NextArgs::from_arg_matches(matches))?;
    let limit = if args.all { usize::MAX } else { LINES };
    let (lines, total) = context.look(|look| {
        let who = match &args.person {
            Some(name) => Some(
                crate::workspace::look::resolve::of_kind(
                    look.reader,
                    crate::domain::kind::Kind::Person,
                    name,
                )?
                .id,
            ),
            None => None,
        };
        let lines = status::next(look, who.as_deref(), limit)?;
        let total = if who.is_some() || args.all {
            lines.len() as u64
        } else {
            look.reader.counts(look.today)?.attention
        };
        Ok((lines, total))
    })?;
    if context.globals.json {
        return context.json("next", &json!({"items": lines, "total": total}));
    }
    super::status::lines(context, &lines, total.max(lines.len() as u64));
    Ok(())
}
