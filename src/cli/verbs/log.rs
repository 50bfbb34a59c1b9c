//! `log`: who did what when, and what changed.

use clap::{ArgMatches, Args, FromArgMatches};

use super::super::context::Context;
use super::super::verb::Own;
use serde_json::json;

use crate::workspace::deed::Group;
use crate::workspace::look::log::{self, Asked, LogLine};
use crate::workspace::looked::{self, Looked};
use crate::workspace::refusal::Refusal;
use crate::workspace::remembered::Shelf;

pub(super) const VERB: Own = Own {
    name: "log",
    about: "The history, what came to this desk last first: who did what when, and what changed",
    group: Group::Look,
    args: LogArgs::augment_args,
    run,
};

#[derive(Args)]
struct LogArgs {
    /// Only what touched this record, or the step with these first digits, six or more
    id: Option<String>,
    /// Only what this desk received since then; `last` is when you last left its screen
    #[arg(long, value_name = "WHEN", allow_hyphen_values = true)]
    since: Option<String>,
    /// Only the newest N steps
    #[arg(long, short = 'n', value_name = "N")]
    limit: Option<usize>,
}

fn run(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(LogArgs::from_arg_matches(matches))?;
    let now = context.now;
    let past = context.globals.as_of.is_some();
    let last = args.since.as_deref().map(str::trim) == Some("last");
    let looked = if last { Some(looked(context)?) } else { None };
    let lines = context.look(|look| {
        let since = match args.since.as_ref().filter(|_| !last) {
            Some(text) => {
                let dates = crate::workspace::dates::Dates::of(look.reader, now)?;
                Some(dates.when(text)?.start(&dates.zone))
            }
            None => None,
        };
        let asked = Asked {
            id: args.id.clone(),
            since,
            looked: looked.clone(),
            by: past.then_some(look.now),
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

/// How far the person had looked when they left the desk's screen here, or said "seen" there.
/// It is only read: looking in the shell does not count as having looked.
fn looked(context: &mut Context) -> Result<Looked, Refusal> {
    let who = context.person()?;
    let path = context.desk_path()?;
    let shelf = Shelf::of(&context.places()?.state, &path);
    looked::read(&shelf, who.as_deref()).ok_or_else(|| {
        Refusal::not_found(
            "Nobody has looked at this desk's screen here yet, so there is no last time.",
            "Open `relmate` once, or name a day: `--since fri`.",
        )
    })
}

fn print(context: &mut Context, line: &LogLine, at: &str) {
    let who = log::who(&line.by, line.on_behalf.as_deref());
    let mark = match &line.aside {
        Some(why) => format!(" (does not count: {why})"),
        None if line.undone => " (taken back)".to_owned(),
        None => String::new(),
    };
    let shown = line.ids.len().min(6);
    let more = if line.ids.len() > shown {
        format!(" and {} more", line.ids.len() - shown)
    } else {
        String::new()
    };
    let ids = line.ids[..shown].join(" ");
    let step = format!("{} {ids}{more}{mark}", line.action);
    context.out.line(&format!(
        "{} {at} {}{who}: {}",
        line.commit.get(..8).unwrap_or_default(),
        log::clock(line),
        step.trim_end()
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
