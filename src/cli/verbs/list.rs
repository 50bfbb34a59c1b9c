//! `list`: any kind of record, filtered and sorted.

use clap::{ArgMatches, Args, FromArgMatches};

use super::super::context::Context;
use super::super::verb::Own;
use serde_json::{Map, Value, json};

use crate::domain::field::{self, fields};
use crate::domain::kind::Kind;
use crate::workspace::deed::Group;
use crate::workspace::look::list::{self, Asked};
use crate::workspace::look::{forward, gate};
use crate::workspace::refusal::Refusal;

pub(super) const VERB: Own = Own {
    name: "list",
    about: "A kind of record: tickets, submissions, milestones, products, sites, lessons, actions, people, messages …",
    group: Group::Look,
    args: ListArgs::augment_args,
    run,
};

#[derive(Args)]
pub(super) struct ListArgs {
    /// What to list
    pub kind: String,
    /// `state=delayed product~arc due<2026-12-01 overdue`
    #[arg(long, value_name = "EXPR")]
    pub filter: Option<String>,
    /// A field's name, `-` before it for the other way round
    #[arg(long, value_name = "FIELD", allow_hyphen_values = true)]
    pub sort: Option<String>,
    /// These fields as columns, apart by commas
    #[arg(long, value_name = "FIELDS")]
    pub columns: Option<String>,
}

fn run(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(ListArgs::from_arg_matches(matches))?;
    let kind = list::kind(&args.kind)?;
    let columns = columns(kind, args.columns.as_deref())?;
    let asked = Asked {
        filter: args.filter,
        sort: args.sort,
        columns: (!context.globals.json).then(|| columns.clone()),
    };
    let moving = kind == Kind::Ticket && list::asks_what_can_move(&asked);
    let (rows, freeing) = context.look(|look| {
        let freeing = moving.then(|| forward::frees_most(look)).transpose()?;
        Ok((list::list(look, kind, &asked)?, freeing.flatten()))
    })?;
    if context.globals.json {
        let mut answer = json!({"items": rows});
        if moving {
            answer["frees_most"] = json!(freeing);
        }
        return context.json(kind.plural().unwrap_or("list"), &answer);
    }
    if rows.is_empty() {
        context.out.line(&empty(kind, asked.filter.is_some()));
    } else {
        print(context, &columns, &rows);
    }
    if let Some(freeing) = freeing {
        context.out.line(&freeing.sentence());
    }
    Ok(())
}

/// The rows as a table.
pub(super) fn print(context: &mut Context, columns: &[&str], rows: &[Map<String, Value>]) {
    let mut table = super::super::table::Table::new(columns);
    for row in rows {
        let cells: Vec<String> = columns
            .iter()
            .map(|name| {
                let text = row.get(*name).map(field::text).unwrap_or_default();
                match mark(row) {
                    Some(mark) if *name == "state" => format!("{text}, {mark}"),
                    _ => text,
                }
            })
            .collect();
        table.row(None, cells.iter().map(String::as_str));
    }
    table.print(&mut context.out);
}

fn mark(row: &Map<String, Value>) -> Option<&'static str> {
    let is = |word| row.contains_key(word);
    gate::mark(is("needs_newer"), is("contested"), is("breaks_a_rule"))
}

/// The columns that were asked for, else the kind's own.
pub(super) fn columns(kind: Kind, asked: Option<&str>) -> Result<Vec<&'static str>, Refusal> {
    let known = fields(kind);
    let Some(asked) = asked else {
        return Ok(known
            .iter()
            .filter(|field| field.column)
            .map(|field| field.name)
            .collect());
    };
    asked
        .split(',')
        .map(|name| {
            let name = name.trim().to_lowercase().replace('-', "_");
            known
                .iter()
                .find(|field| field.name == name)
                .map(|field| field.name)
                .ok_or_else(|| {
                    let names: Vec<&str> = known.iter().map(|field| field.name).collect();
                    Refusal::usage(
                        format!("There is no field {name}."),
                        format!("There are {}.", names.join(", ")),
                    )
                })
        })
        .collect()
}

fn empty(kind: Kind, filtered: bool) -> String {
    let plural = kind.plural().unwrap_or("records");
    if filtered {
        return format!("No {plural} pass the filter.");
    }
    let next = match kind {
        Kind::Ticket => {
            "`relmate submit` takes a product release in, `relmate inject` makes its tickets."
        }
        Kind::Submission => "`relmate submit --product P …` takes one in.",
        Kind::Milestone | Kind::Cycle => {
            "`relmate cycle add NAME --start WHEN --template meta-release` drafts a schedule."
        }
        Kind::Product => "`relmate product add NAME --provider P --contact MAIL` adds one.",
        Kind::Site => "`relmate site add NAME --country C --contact MAIL` adds one.",
        Kind::Release => "`relmate release add \"CMD 1.4.0\" --date WHEN` plans one.",
        Kind::Lesson => "`relmate lesson went-well TEXT` keeps one.",
        Kind::Action => "`relmate action add TEXT --owner NAME --due WHEN` adds one.",
        Kind::Message => {
            "Steps draft them: `relmate ticket delay` a notice, `relmate inject` an answer."
        }
        _ => "",
    };
    format!("No {plural} yet. {next}").trim_end().to_owned()
}
