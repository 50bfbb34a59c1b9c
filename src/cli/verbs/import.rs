//! `import`: records from other people's files, as one step.

use clap::{ArgMatches, Args, FromArgMatches};

use super::super::context::Context;
use super::super::verb::{Group, Verb};
use crate::domain::kind::Kind;
use crate::workspace::action::Action;
use crate::workspace::files;
use crate::workspace::look::list;
use crate::workspace::receipt::ImportLines;
use crate::workspace::refusal::Refusal;
use crate::workspace::session::ImportAsked;

pub(super) const VERB: Verb = Verb {
    name: "import",
    about: "Take in records from files: status boards, submissions, any CSV with a header",
    group: Group::Exchange,
    args: ImportArgs::augment_args,
    run,
};

#[derive(Args)]
struct ImportArgs {
    /// The files; submissions and their packages belong together
    #[arg(required = true)]
    files: Vec<String>,
    /// The format; without it the header tells
    #[arg(long, value_name = "F")]
    format: Option<String>,
    /// What a plain CSV holds: tickets, submissions, products, sites, milestones, people, lessons, actions
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
    /// Which column a field is in: version=Release
    #[arg(long, value_name = "FIELD=COLUMN")]
    map: Vec<String>,
    /// Only say what it would do
    #[arg(long)]
    dry_run: bool,
}

fn run(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(ImportArgs::from_arg_matches(matches))?;
    let kind: Option<Kind> = args.kind.as_deref().map(list::kind).transpose()?;
    let mut mapping = Vec::new();
    for pair in &args.map {
        let Some((field, column)) = pair.split_once('=') else {
            return Err(Refusal::usage(
                format!("{pair:?} is not FIELD=COLUMN."),
                "Write --map version=Release.",
            ));
        };
        mapping.push((field.to_owned(), column.to_owned()));
    }
    let mut files = Vec::new();
    for file in &args.files {
        files.push((files::name(file), files::bytes(file, files::IMPORT_LIMIT)?));
    }
    let asked = ImportAsked {
        format: args.format,
        kind,
        mapping,
    };
    let mut open = context.open()?;
    let action = Action::Import(open.session.read_import(&files, &asked)?);
    let receipt = open.receipt(&action, args.dry_run)?;
    drop(open);
    if !context.globals.json
        && let Some(lines) = &receipt.import
    {
        print(context, lines, args.dry_run);
    }
    context.tell(&receipt, args.dry_run)
}

/// The rows themselves on a dry run; on a real one what was changed or rejected.
fn print(context: &mut Context, lines: &ImportLines, dry_run: bool) {
    for line in &lines.lines {
        if !dry_run && line.outcome != "changed" {
            continue;
        }
        let changes: Vec<String> = line
            .changes
            .iter()
            .map(|(field, from, to)| format!("{field}: {from} → {to}"))
            .collect();
        context.out.line(
            format!(
                "{} {} {} {} ({})",
                line.outcome,
                line.id,
                line.what,
                changes.join(", "),
                line.source
            )
            .replace("  ", " ")
            .as_str(),
        );
    }
    for rejected in &lines.rejected {
        context
            .out
            .line(&format!("rejected {}: {}", rejected.source, rejected.why));
    }
}
