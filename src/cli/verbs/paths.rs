//! `paths`: where everything lives.

use clap::{ArgMatches, Args, FromArgMatches};

use super::super::context::Context;
use super::super::verb::Own;
use serde_json::json;

use crate::workspace::deed::Group;
use crate::workspace::refusal::Refusal;

pub(super) const VERB: Own = Own {
    name: "paths",
    about: "Where desk, configuration, state and logs live",
    group: Group::Care,
    args: NoArgs::augment_args,
    run,
};

#[derive(Args)]
struct NoArgs {}

fn run(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let NoArgs {} = super::parsed(NoArgs::from_arg_matches(matches))?;
    let places = context.places()?.clone();
    let config = context
        .globals
        .config
        .clone()
        .unwrap_or_else(|| places.config_file());
    let desk = context.desk_path().ok();
    let desks: Vec<String> = places
        .desks()
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    let shown = |path: &std::path::Path| path.display().to_string();
    if context.globals.json {
        return context.json("paths", &json!({
            "desk": desk.as_deref().map(shown), "desks": desks, "data": shown(&places.data),
            "config": shown(&config), "state": shown(&places.state), "crash": shown(&places.state.join("crash.txt")),
        }));
    }
    context.out.line(&format!(
        "desk    {}",
        desk.as_deref().map_or_else(|| "none yet".to_owned(), shown)
    ));
    context
        .out
        .line(&format!("desks   {}", shown(&places.data)));
    context.out.line(&format!("config  {}", shown(&config)));
    context
        .out
        .line(&format!("state   {}", shown(&places.state)));
    context.out.line(&format!(
        "crash   {}",
        shown(&places.state.join("crash.txt"))
    ));
    Ok(())
}
