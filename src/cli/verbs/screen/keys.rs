//! `keys`, `keys check`: the screen's commands with their keys, and whether a key of one's
//! own is in doubt. Needs no desk and changes nothing.

use clap::{ArgMatches, Args, FromArgMatches};
use serde_json::json;

use crate::cli::context::Context;
use crate::cli::table::Table;
use crate::cli::verb::Own;
use crate::cli::verbs::parsed;
use crate::tui::keys::{Fault, Keys};
use crate::workspace::deed::Group;
use crate::workspace::refusal::{Refusal, RefusalKind};

pub(in crate::cli::verbs) const LIST: Own = Own {
    name: "keys",
    about: "Every command of the screen with its keys",
    group: Group::Care,
    args: NoArgs::augment_args,
    run: list,
};

pub(in crate::cli::verbs) const CHECK: Own = Own {
    name: "keys check",
    about: "Name what is wrong with keys of your own; exit 5 if something is",
    group: Group::Care,
    args: NoArgs::augment_args,
    run: check,
};

#[derive(Args)]
struct NoArgs {}

/// The keys as the configuration has them.
fn keys(matches: &ArgMatches, context: &mut Context) -> Result<(Keys, Vec<Fault>), Refusal> {
    let NoArgs {} = parsed(NoArgs::from_arg_matches(matches))?;
    Ok(Keys::new(&context.config()?.keys.asked))
}

fn list(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let (keys, _) = keys(matches, context)?;
    let rows = keys.rows();
    if context.globals.json {
        let items: Vec<_> = rows
            .iter()
            .map(|row| json!({"name": row.name, "scope": row.scope, "keys": row.keys, "help": row.help}))
            .collect();
        return context.json("keys", &json!({"items": items}));
    }
    let mut table = Table::new(&["name", "keys", "scope", "what it does"]);
    for row in &rows {
        let keys = row.keys.join(", ");
        table.row(None, [row.name, keys.as_str(), row.scope, row.help]);
    }
    table.print(&mut context.out);
    Ok(())
}

fn check(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let (_, faults) = keys(matches, context)?;
    let wrong = &context.config()?.keys.wrong;
    let faults = faults.into_iter();
    let faults = faults.map(|fault| (Some(fault.command), fault.sentence));
    let wrong = wrong.iter().map(|sentence| (None, sentence.clone()));
    let faults: Vec<(Option<String>, String)> = wrong.chain(faults).collect();
    if context.globals.json {
        let items: Vec<_> = faults
            .iter()
            .map(|(command, fault)| json!({"command": command, "fault": fault}))
            .collect();
        context.json("keys-check", &json!({"items": items}))?;
    } else if faults.is_empty() {
        context.out.line("No key is in doubt.");
    } else {
        for (_, fault) in &faults {
            context.out.line(fault);
        }
    }
    if faults.is_empty() {
        return Ok(());
    }
    Err(Refusal::new(
        RefusalKind::Check,
        match faults.len() {
            1 => "A key of your own is in doubt.".to_owned(),
            many => format!("{many} keys of your own are in doubt."),
        },
        "Change [keys] in the configuration (`relmate paths` says where it is); `relmate keys` lists every command.",
    ))
}
