//! `report`: a document made from the desk.

use std::path::Path;

use clap::{ArgMatches, Args, FromArgMatches};
use serde_json::json;

use super::super::context::Context;
use super::super::table::Table;
use super::super::verb::Own;
use crate::workspace::deed::Group;
use crate::workspace::files;
use crate::workspace::look::report::{self, Asked, Format, KINDS};
use crate::workspace::refusal::Refusal;

pub(super) const VERB: Own = Own {
    name: "report",
    about: "A document made from the desk: metrics, sites, versions, coverage, time, rollout …",
    group: Group::Exchange,
    args: ReportArgs::augment_args,
    run,
};

#[derive(Args)]
struct ReportArgs {
    /// Which report; without it those there are
    kind: Option<String>,
    /// The ticket it is about, for a report of one
    id: Option<String>,
    /// txt, md, html, csv or json; without it as the file's name ends, else txt
    #[arg(long, value_name = "FORMAT", value_parser = ["md", "html", "txt", "csv", "json"])]
    format: Option<String>,
    /// The first day
    #[arg(long, value_name = "WHEN", allow_hyphen_values = true)]
    from: Option<String>,
    /// The last day; without it today
    #[arg(long, value_name = "WHEN", allow_hyphen_values = true)]
    to: Option<String>,
    /// A whole year instead
    #[arg(long, value_name = "N")]
    year: Option<String>,
    /// The days of a release cycle instead
    #[arg(long, value_name = "NAME")]
    cycle: Option<String>,
    /// One rollout site
    #[arg(long, value_name = "NAME")]
    site: Option<String>,
    /// One product
    #[arg(long, value_name = "NAME")]
    product: Option<String>,
    /// Of the metrics, the rows behind one: its number or name
    #[arg(long, value_name = "METRIC")]
    rows: Option<String>,
    /// Into this file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<String>,
}

fn run(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(ReportArgs::from_arg_matches(matches))?;
    let Some(kind) = &args.kind else {
        return list(context);
    };
    let kind = report::named(kind)?;
    let format = format(&args, context.globals.json);
    if args.rows.is_some() && kind.name != "metrics" {
        return Err(Refusal::usage(
            "--rows is for the metrics.",
            "`relmate report metrics --rows 6` has the rows behind metric 6.",
        ));
    }
    // How to print is in the configuration, also for what is written before it is printed.
    context.config()?;
    let plain = context.globals.plain;
    let asked = Asked {
        id: args.id,
        from: args.from,
        to: args.to,
        year: args.year.as_deref().map(year).transpose()?,
        cycle: args.cycle,
        site: args.site,
        product: args.product,
        rows: args.rows,
        ascii: plain || context.globals.ascii,
    };
    let (document, now) =
        context.look(|look| Ok((report::document(look, kind, &asked)?, look.now)))?;
    let tables = document.tables().count();
    if format == Format::Csv && tables > 1 {
        context.out.warn(&format!(
            "CSV holds the first of {tables} tables; `--format json` has all of them."
        ));
    }
    let text = report::write(&document, format, now, plain);
    match &args.output {
        Some(file) => {
            files::write(file, text.as_bytes())?;
            context
                .out
                .line(&format!("Wrote the report {} to {file}.", kind.name));
        }
        None => context.out.raw(&text),
    }
    Ok(())
}

fn format(args: &ReportArgs, json: bool) -> Format {
    let named = args.format.as_deref().and_then(Format::from_word);
    let ending = || {
        let ending = Path::new(args.output.as_deref()?).extension()?;
        Format::from_word(ending.to_str()?)
    };
    match (json, named) {
        (true, _) => Format::Json,
        (false, Some(format)) => format,
        (false, None) => ending().unwrap_or(Format::Text),
    }
}

/// The reports there are.
fn list(context: &mut Context) -> Result<(), Refusal> {
    if context.globals.json {
        let items: Vec<_> = KINDS
            .iter()
            .map(|it| json!({"report": it.name, "about": it.about}))
            .collect();
        return context.json("reports", &json!({"items": items}));
    }
    let mut table = Table::new(&["report", "what it tells"]);
    for kind in KINDS {
        table.row(None, [kind.name, kind.about]);
    }
    table.print(&mut context.out);
    Ok(())
}

fn year(text: &str) -> Result<i32, Refusal> {
    text.trim()
        .parse()
        .map_err(|_| Refusal::usage(format!("{text:?} is not a year."), "Write it as 2026."))
}
