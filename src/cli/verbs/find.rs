//! `find`: fuzzy search over everything, and what is said word for word.

use clap::{ArgMatches, Args, FromArgMatches};

use super::super::context::Context;
use super::super::verb::Own;
use serde_json::json;

use crate::workspace::deed::Group;
use crate::workspace::look::find;
use crate::workspace::refusal::Refusal;

pub(super) const VERB: Own = Own {
    name: "find",
    about: "Search everything on the desk: titles roughly, fields and remarks word for word",
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
    /// In remarks that are for the managers only, too
    #[arg(long)]
    private: bool,
}

fn run(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(FindArgs::from_arg_matches(matches))?;
    let text = args.text.join(" ");
    let found = context.look(|look| find::find(look, &text, args.limit, args.private))?;
    if context.globals.json {
        return context.json("find", &json!({"items": found}));
    }
    if found.is_empty() {
        context.out.line("Nothing matches.");
        return Ok(());
    }
    let mut table = super::super::table::Table::new(&["id", "kind", "what", "said"]);
    for one in &found {
        let said = one.said.as_ref();
        let said = said.map_or_else(String::new, |it| format!("{}: {}", it.place, it.text));
        table.row(None, [one.id.as_str(), one.kind, &one.title, &said]);
    }
    table.print(&mut context.out);
    Ok(())
}
