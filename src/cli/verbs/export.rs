//! `export`: any list as CSV, JSON or Markdown.

use clap::{ArgMatches, Args, FromArgMatches};

use super::super::context::Context;
use super::super::verb::Own;

use crate::domain::field::fields;
use crate::domain::kind::Kind;
use crate::workspace::deed::Group;
use crate::workspace::files;
use crate::workspace::look::export::{self, Format};
use crate::workspace::look::list::{self, Asked};
use crate::workspace::refusal::Refusal;

pub(super) const VERB: Own = Own {
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

/// What only the managers see is in no export, asked for or not.
fn outward(kind: Kind, columns: Vec<&'static str>) -> Result<Vec<&'static str>, Refusal> {
    let internal = |name: &&&str| {
        let mut fields = fields(kind).iter();
        fields.any(|field| field.internal && field.name == **name)
    };
    match columns.iter().find(internal) {
        Some(name) => Err(Refusal::usage(
            format!("{name} is for the managers alone, and no export has it."),
            format!(
                "See it with `relmate list {} --columns {name}`.",
                kind.plural().unwrap_or("records")
            ),
        )),
        None => Ok(columns),
    }
}

fn run(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(ExportArgs::from_arg_matches(matches))?;
    let kind = list::kind(&args.kind)?;
    let columns = match args.columns.as_deref() {
        Some(asked) => outward(kind, super::list::columns(kind, Some(asked))?)?,
        None if args.format.starts_with('m') => super::list::columns(kind, None)?,
        None => fields(kind)
            .iter()
            .filter(|field| !field.internal)
            .map(|field| field.name)
            .collect(),
    };
    let asked = Asked {
        filter: args.filter,
        sort: args.sort,
        columns: Some(columns.clone()),
    };
    let (rows, now) = context.look(|look| Ok((list::list(look, kind, &asked)?, look.now)))?;
    let format = Format::from_word(&args.format).unwrap_or(Format::Csv);
    let text = export::write(format, kind, &columns, &rows, now);
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
