//! `share create`, `join`, `approve`, `refuse`, `status`: the desk with another manager. Words are typed
//! after `--words`, or when they are asked for on a terminal.

use std::io::{BufRead as _, IsTerminal as _};
use std::path::PathBuf;

use clap::{ArgMatches, Args, FromArgMatches};

use super::super::context::Context;
use super::super::page;
use super::super::verb::Own;
use super::super::waiting;
use super::sync;
use crate::workspace::deed::{Group, role_of};
use crate::workspace::refusal::Refusal;
use crate::workspace::share::approve::{self, Approving};
use crate::workspace::share::join::{self, Joining};
use crate::workspace::share::page::Naming;
use crate::workspace::share::refuse::Refusing;
use crate::workspace::share::status;
use crate::workspace::share::{self, Here, create, refuse, words};

pub(super) const CREATE: Own = Own {
    name: "share create",
    about: "Share the desk through a folder",
    group: Group::Sharing,
    args: FolderArgs::augment_args,
    run: run_create,
};

pub(super) const JOIN: Own = Own {
    name: "share join",
    about: "Make a desk from a shared folder and ask to be let in",
    group: Group::Sharing,
    args: JoinArgs::augment_args,
    run: run_join,
};

pub(super) const APPROVE: Own = Own {
    name: "share approve",
    about: "Let in who asks, by the words that are read aloud",
    group: Group::Sharing,
    args: ApproveArgs::augment_args,
    run: run_approve,
};

pub(super) const REFUSE: Own = Own {
    name: "share refuse",
    about: "Take away a request to be let in that nobody should answer",
    group: Group::Sharing,
    args: RefuseArgs::augment_args,
    run: run_refuse,
};

pub(super) const STATUS: Own = Own {
    name: "share status",
    about: "Who shares the desk, who is in step, and what every file in the folder is",
    group: Group::Sharing,
    args: StatusArgs::augment_args,
    run: run_status,
};

#[derive(Args)]
struct FolderArgs {
    /// The folder that both managers can reach
    folder: PathBuf,
}

#[derive(Args)]
struct JoinArgs {
    /// The folder that both managers can reach
    folder: PathBuf,
    /// The six words that a manager of the desk reads to you
    #[arg(long, value_name = "SIX WORDS")]
    words: Option<String>,
    /// A name for this device
    #[arg(long, value_name = "NAME")]
    device: Option<String>,
}

#[derive(Args)]
struct ApproveArgs {
    /// The six words that the joiner reads to you
    #[arg(long, value_name = "SIX WORDS")]
    words: Option<String>,
    /// observer, manager or owner
    #[arg(long, value_name = "ROLE", default_value = "manager")]
    role: String,
    /// Another name than the one that was asked with
    #[arg(long, value_name = "NAME")]
    person: Option<String>,
}

#[derive(Args)]
struct RefuseArgs {
    /// Who asks; may be left out where one asks alone
    #[arg(value_name = "NAME")]
    person: Option<String>,
    /// From which device, where they ask from several
    #[arg(long, value_name = "DEVICE")]
    device: Option<String>,
}

#[derive(Args)]
struct StatusArgs {
    /// Name every file in the folder by itself
    #[arg(long)]
    files: bool,
}

/// Where the desk is shared from.
pub(super) fn here(context: &mut Context) -> Result<Here, Refusal> {
    let path = context.desk_path()?;
    let now = context.now;
    Ok(Here::new(&path, context.places()?, now))
}

fn run_create(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(FolderArgs::from_arg_matches(matches))?;
    context.refuse_changes()?;
    let actor = context.actor()?;
    let here = here(context)?;
    let created = waiting::during(context, &here, |here| {
        create::create(here, &actor, &args.folder)
    })?;
    if context.globals.json {
        return context.json(
            "share-create",
            &serde_json::json!({
                "folder": created.folder.display().to_string(),
                "founder_words": created.phrase.to_string(),
                "published": created.done.round.published,
            }),
        );
    }
    context.out.line(&created.said());
    sync::tell(context, &created.done);
    context.out.line(&format!(
        "Read these words to whoever joins:  {}",
        created.phrase
    ));
    context.out.line(&created.next());
    Ok(())
}

fn run_join(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(JoinArgs::from_arg_matches(matches))?;
    context.refuse_changes()?;
    let person = context.actor()?;
    let path = match context.globals.desk.clone() {
        Some(desk) => context.places()?.desk_file(&desk),
        None => join::place(context.places()?, &args.folder)?,
    };
    let now = context.now;
    let here = Here::new(&path, context.places()?, now);
    waiting::during(context, &here, |here| join::look(here, &args.folder))?;
    let phrase = words(
        context,
        args.words,
        "Type the six words that a manager of the desk reads to you: ",
    )?;
    let joining = Joining {
        folder: args.folder,
        person: person.name().to_owned(),
        device: args.device.unwrap_or_else(join::this_device),
        phrase,
    };
    let joined = waiting::during(context, &here, |here| join::join(here, &joining))?;
    let received = joined.done.pulled();
    if context.globals.json {
        return context.json(
            "share-join",
            &serde_json::json!({
                "desk": joined.path.display().to_string(),
                "own_words": joined.phrase.to_string(),
                "received": received,
            }),
        );
    }
    let came = match received {
        0 => String::new(),
        _ => format!("; {} came with it", words::steps(received)),
    };
    let desk = joined.path.display();
    context.out.line(&format!("The desk is in {desk}{came}."));
    context.out.line(&format!(
        "Read these words to a manager of the desk:  {}",
        joined.phrase
    ));
    context.out.line(
        "Next: the manager types them into `relmate share approve`; then run `relmate sync`. Until then you can look and not change.",
    );
    Ok(())
}

fn run_approve(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(ApproveArgs::from_arg_matches(matches))?;
    context.refuse_changes()?;
    let actor = context.actor()?;
    let here = here(context)?;
    let asking = waiting::during(context, &here, approve::gather)?;
    if args.words.is_none() {
        let zone = here.zone()?;
        for request in approve::once_each(&asking) {
            context.out.line(&approve::asks(&zone, request));
        }
    }
    let phrase = words(
        context,
        args.words,
        "Type the six words that the joiner reads to you: ",
    )?;
    let approving = Approving {
        phrase,
        role: role_of(&args.role)?,
        person: args.person,
    };
    let (receipt, done) = waiting::during(context, &here, |here| {
        approve::approve(here, &actor, asking, &approving)
    })?;
    context.tell(&receipt, false)?;
    if !context.globals.json {
        sync::tell(context, &done);
        context.out.line(approving.what_next());
        if let Some(hint) = approve::second_owner(&done) {
            context.out.line(&hint);
        }
    }
    Ok(())
}

fn run_refuse(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(RefuseArgs::from_arg_matches(matches))?;
    context.refuse_changes()?;
    // Who acts has to be somebody, as where others are let in.
    context.actor()?;
    let here = here(context)?;
    let asking = waiting::during(context, &here, approve::gather)?;
    let refusing = Refusing {
        person: args.person,
        device: args.device,
    };
    let (receipt, done) = waiting::during(context, &here, |here| {
        refuse::refuse(here, &asking, &refusing)
    })?;
    context.tell(&receipt, false)?;
    if !context.globals.json {
        sync::tell(context, &done);
    }
    Ok(())
}

fn run_status(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(StatusArgs::from_arg_matches(matches))?;
    // How to print is in the configuration.
    context.config()?;
    let here = here(context)?;
    let status = waiting::during(context, &here, status::status)?;
    if context.globals.json {
        return context.json("share-status", &status);
    }
    let naming = if args.files {
        Naming::All
    } else {
        Naming::Troubled
    };
    page::print(&mut context.out, &share::page::of(&here, status, naming)?);
    Ok(())
}

/// The words that were given, else asked for on a terminal.
fn words(context: &mut Context, given: Option<String>, question: &str) -> Result<String, Refusal> {
    if let Some(words) = given {
        return Ok(words);
    }
    if !std::io::stdin().is_terminal() || context.globals.json {
        return Err(Refusal::usage(
            "The six words are missing.",
            "Write them after --words, in quotes.",
        ));
    }
    // A question that cannot be shown is still answered by who knows it.
    drop(context.out.ask(question));
    let mut line = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut line)
        .map_err(|error| Refusal::failed(format!("The words cannot be read: {error}."), ""))?;
    Ok(line)
}
