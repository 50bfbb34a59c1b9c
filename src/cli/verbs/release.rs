//! `release countdown`, `release notes` and `repository`: what stands about a release,
//! and what the two repositories hold.

use clap::{ArgMatches, Args, FromArgMatches};

use super::super::context::Context;
use super::super::output::Tone;
use super::super::table::Table;
use super::super::verb::Own;
use serde_json::json;

use crate::domain::queue::ticket::Repository;
use crate::workspace::deed::Group;
use crate::workspace::look::release::{self, Asked};
use crate::workspace::refusal::Refusal;

pub(super) const COUNTDOWN: Own = Own {
    name: "release countdown",
    about: "The countdown of a release: what is signed, by whom, and what is late",
    group: Group::Releases,
    args: NameArgs::augment_args,
    run: countdown,
};

pub(super) const NOTES: Own = Own {
    name: "release notes",
    about: "The notes of a release, composed from its tickets, as Markdown",
    group: Group::Releases,
    args: NameArgs::augment_args,
    run: notes,
};

pub(super) const REPOSITORY: Own = Own {
    name: "repository",
    about: "What the beta and the production repository hold, with the proof",
    group: Group::Releases,
    args: RepositoryArgs::augment_args,
    run: repository,
};

#[derive(Args)]
struct NameArgs {
    /// The release: "CMD 1.4.0"
    name: String,
}

fn countdown(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(NameArgs::from_arg_matches(matches))?;
    let countdown = context.look(|look| release::countdown(look, &args.name))?;
    if context.globals.json {
        return context.json("countdown", &countdown);
    }
    if countdown.items.is_empty() {
        context.out.line(&format!(
            "{} has no countdown: it has no date, or the profile has none.",
            countdown.release
        ));
        return Ok(());
    }
    let mut table = Table::new(&["no", "due", "signed", "role", "action"]);
    for item in &countdown.items {
        let due = item.due.to_string();
        let signed = match (&item.signed_by, item.signed_on) {
            (Some(by), Some(on)) if item.late => format!("{by}, {on}, late"),
            (Some(by), Some(on)) => format!("{by}, {on}"),
            _ if item.late => "late".to_owned(),
            _ => "-".to_owned(),
        };
        let tone = (item.late && item.signed_by.is_none()).then_some(Tone::Bad);
        table.row(
            tone,
            [
                item.no.as_str(),
                due.as_str(),
                signed.as_str(),
                item.role.as_str(),
                item.action.as_str(),
            ],
        );
    }
    table.print(&mut context.out);
    Ok(())
}

fn notes(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(NameArgs::from_arg_matches(matches))?;
    let text = context.look(|look| release::notes(look, &args.name))?;
    if context.globals.json {
        return context.json(
            "release-notes",
            &json!({"release": args.name, "text": text}),
        );
    }
    context.out.lines(&text);
    Ok(())
}

#[derive(Args)]
struct RepositoryArgs {
    /// One of the two; both when left out
    #[arg(value_parser = ["beta", "production"])]
    name: Option<String>,
    /// Every promotion, the earliest first, with what was taken back
    #[arg(long)]
    log: bool,
}

fn repository(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(RepositoryArgs::from_arg_matches(matches))?;
    let repository = args.name.as_deref().map(|name| match name {
        "beta" => Repository::Beta,
        _ => Repository::Production,
    });
    let asked = Asked {
        repository,
        log: args.log,
    };
    let entries = context.look(|look| release::repository(look, asked))?;
    if context.globals.json {
        return context.json("repository", &json!({"items": entries}));
    }
    if entries.is_empty() {
        context
            .out
            .line("Nothing has been promoted yet: `relmate ticket promote ID` does it.");
        return Ok(());
    }
    let mut table = Table::new(&["repository", "ticket", "release", "since", "by", "proof"]);
    for entry in &entries {
        let [label, since, proof] = release::cells(entry);
        table.row(
            entry.gone.then_some(Tone::Faint),
            [
                entry.repository.word(),
                entry.ticket.as_str(),
                label.as_str(),
                since.as_str(),
                entry.by.as_str(),
                proof.as_str(),
            ],
        );
    }
    table.print(&mut context.out);
    Ok(())
}
