//! `log`: who did what when, and what changed.

use clap::{ArgMatches, Args, FromArgMatches};

use super::super::context::Context;
use super::super::verb::Own;
use serde_json::json;

use crate::workspace::deed::Group;
use crate::workspace::look::log::{self, Asked, LogLine};
use crate::workspace::refusal::Refusal;

pub(super) const VERB: Own = Own {
    name: "log",
    about: "The history, newest first: who did what when, and what changed",
    group: Group::Look,
    args: LogArgs::augment_args,
    run,
};

#[derive(Args)]
struct LogArgs {
    /// Only what touched this record
    id: Option<String>,
    /// Only what was recorded since then
    #[arg(long, value_name = "WHEN", allow_hyphen_values = true)]
    since: Option<String>,
    /// Only the newest N steps
    #[arg(long, short = 'n', value_name = "N")]
    limit: Option<usize>,
}

fn run(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(LogArgs::from_arg_matches(matches))?;
    let now = context.now;
    let lines = context.look(|look| {
        let since = match &args.since {
            Some(text) => {
                let dates = crate::workspace::dates::Dates::of(look.reader, now)?;
                Some(dates.when(text)?.start(&dates.zone))
            }
            None => None,
        };
        let asked = Asked {
            id: args.id.clone(),
            since,
            limit: args.limit,
        };
        let lines = log::log(look, &asked)?;
        let shown: Vec<String> = lines
            .iter()
            .map(|line| log::moment(look, &line.at))
            .collect();
        Ok((lines, shown))
    })?;
    let (lines, shown) = lines;
    if context.globals.json {
        return context.json("log", &json!({"items": lines}));
    }
    if lines.is_empty() {
        context.out.line("Nothing was recorded there.");
    }
    for (line, at) in lines.iter().zip(&shown) {
        print(context, line, at);
    }
    Ok(())
}

fn print(context: &mut Context, line: &LogLine, at: &str) {
    let who = match &line.on_behalf {
        Some(other) => format!("{} for {other}", line.by),
        None => line.by.clone(),
    };
    let mark = if line.undone { " (taken back)" } else { "" };
    let shown = line.ids.len().min(6);
    let more = if line.ids.len() > shown {
        format!(" and {} more", line.ids.len() - shown)
    } else {
        String::new()
    };
    context.out.line(&format!(
        "{} {at} {who}: {} {}{more}{mark}",
        line.commit.get(..8).unwrap_or_default(),
        line.action,
        line.ids[..shown].join(" "),
    ));
    for change in line
        .changes
        .iter()
        .filter(|change| !log::UNTOLD.contains(&change.field.as_str()))
        .take(12)
    {
        context.out.line(&format!("    {}", log::change(change)));
    }
    if line.changes.len() > 14 {
        context.out.line(&format!(
            "    … {} changes in all: `--json` has them.",
            line.changes.len()
        ));
    }
}
