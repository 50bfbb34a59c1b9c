//! `find`: fuzzy search over everything.

use clap::{ArgMatches, Args, FromArgMatches};

use super::super::context::Context;
use super::super::verb::Own;
use serde_json::json;

use crate::workspace::deed::Group;
use crate::workspace::look::find;
use crate::workspace::refusal::Refusal;

pub(super) const VERB: Own = Own {
    name: "find",
    about: "Search everything on the desk, roughly",
    group: Group::Look,
    args: FindArgs::augment_args,
    run,
};

#[derive(Args)]
struct FindArgs {
    /// Words in any order; ^ and $ bind to the ends
    #[arg(required = true)]
    text: Vec<String>,
    /// At most so many
    #[arg(long, short = 'n', value_name = "N", default_value_t = 20)]
    limit: usize,
}

fn run(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(FindArgs::from_arg_matches(matches))?;
    let found = context.look(|look| find::find(look, &args.text.join(" "), args.limit))?;
    if context.globals.json {
        return context.json("find", &json!({"items": found}));
    }
    if found.is_empty() {
        context.out.line("Nothing matches.");
        return Ok(());
    }
    let mut table = super::super::table::Table::new(&["id", "kind", "what"]);
    for one in &found {
        table.row(None, [one.id.as_str(), one.kind, one.title.as_str()]);
    }
    table.print(&mut context.out);
    Ok(())
}
