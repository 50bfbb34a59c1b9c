//! `export`: any list as CSV, JSON or Markdown.

use clap::{ArgMatches, Args, FromArgMatches};

use super::super::context::Context;
use super::super::verb::{Group, Verb};
use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use crate::domain::field::fields;
use crate::domain::kind::Kind;
use crate::exchange::table::Table;
use crate::exchange::{write_csv, write_markdown};
use crate::workspace::files;
use crate::workspace::look::list::{self, Asked};
use crate::workspace::refusal::Refusal;

pub(super) const VERB: Verb = Verb {
    name: "export",
    about: "Write a list as CSV, JSON or Markdown",
    group: Group::Exchange,
    args: ExportArgs::augment_args,
    run,
};

#[derive(Args)]
struct ExportArgs {
    /// csv, json or markdown
    #[arg(value_parser = ["csv", "json", "markdown", "md"])]
    format: String,
    /// What to write: tickets, submissions, milestones …
    #[arg(default_value = "tickets")]
    kind: String,
    /// Which records
    #[arg(long, value_name = "EXPR")]
    filter: Option<String>,
    /// In which order
    #[arg(long, value_name = "FIELD", allow_hyphen_values = true)]
    sort: Option<String>,
    /// These fields, apart by commas; without it every one
    #[arg(long, value_name = "FIELDS")]
    columns: Option<String>,
    /// Into this file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<String>,
}

fn run(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(ExportArgs::from_arg_matches(matches))?;
    let kind = list::kind(&args.kind)?;
    let columns = match args.columns.as_deref() {
        Some(asked) => super::list::columns(kind, Some(asked))?,
        None if args.format.starts_with('m') => super::list::columns(kind, None)?,
        None => fields(kind).iter().map(|field| field.name).collect(),
    };
    let asked = Asked {
        filter: args.filter,
        sort: args.sort,
    };
    let (rows, now) = context.look(|look| Ok((list::list(look, kind, &asked)?, look.now)))?;
    let text = written(&args.format, kind, &columns, &rows, now);
    match &args.output {
        Some(file) => {
            files::write(file, text.as_bytes())?;
            context.out.line(&format!(
                "Wrote {} {} to {file}.",
                rows.len(),
                kind.plural().unwrap_or("records")
            ));
        }
        None => context.out.raw(&text),
    }
    Ok(())
}

/// The rows in a format.
fn written(
    format: &str,
    kind: Kind,
    columns: &[&str],
    rows: &[Map<String, Value>],
    now: DateTime<Utc>,
) -> String {
    let cell = |row: &Map<String, Value>, name: &str| row.get(name).cloned().unwrap_or(Value::Null);
    if format == "json" {
        let item = |row| -> Value {
            columns
                .iter()
                .map(|name| ((*name).to_owned(), cell(row, name)))
                .collect()
        };
        let document = json!({
            "schema": format!("relmate/{}/1", kind.plural().unwrap_or("list")),
            "as_of": now.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
            "items": rows.iter().map(item).collect::<Vec<_>>(),
        });
        return format!(
            "{}\n",
            serde_json::to_string_pretty(&document).unwrap_or_default()
        );
    }
    let table = Table {
        columns: columns.iter().map(|name| (*name).to_owned()).collect(),
        rows: rows
            .iter()
            .map(|row| columns.iter().map(|name| cell(row, name)).collect())
            .collect(),
    };
    if format == "csv" {
        write_csv::csv(&table)
    } else {
        write_markdown::markdown(&table)
    }
}
