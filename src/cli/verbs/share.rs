//! `share create`, `join`, `approve`, `status`: the desk with another manager. Words are typed
//! after `--words`, or when they are asked for on a terminal.

use std::io::{BufRead as _, IsTerminal as _};
use std::path::PathBuf;

use clap::{ArgMatches, Args, FromArgMatches};

use super::super::context::Context;
use super::super::verb::Own;
use super::sync;
use crate::workspace::deed::{Group, role_of};
use crate::workspace::places::file_name;
use crate::workspace::refusal::Refusal;
use crate::workspace::share::approve::{self, Approving};
use crate::workspace::share::exchange::How;
use crate::workspace::share::join::{self, Joining, usual_name};
use crate::workspace::share::person::role_word;
use crate::workspace::share::status::{self, Status};
use crate::workspace::share::{Here, create, words};

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
    /// The six words that the founder reads to you
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
struct StatusArgs {}

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
    let created = create::create(&here, &actor, &args.folder)?;
    let done = sync::once(&here, How::Asked)?;
    if context.globals.json {
        return context.json(
            "share-create",
            &serde_json::json!({
                "folder": created.folder.display().to_string(),
                "founder_words": created.phrase.to_string(),
                "published": done.round.published,
            }),
        );
    }
    let folder = created.folder.display();
    context.out.line(&if created.again {
        format!("The desk is shared through {folder} as well.")
    } else {
        format!("The desk is shared through {folder}.")
    });
    sync::tell(context, &done);
    context.out.line(&format!(
        "Read these words to whoever joins:  {}",
        created.phrase
    ));
    context.out.line(&format!(
        "Next: the other manager runs `relmate share join {folder} --as NAME`, and reads six words back; type them into `relmate share approve`.",
    ));
    Ok(())
}

fn run_join(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(JoinArgs::from_arg_matches(matches))?;
    context.refuse_changes()?;
    let person = context.actor()?;
    let path = match context.globals.desk.clone() {
        Some(desk) => context.places()?.desk_file(&desk),
        None => context
            .places()?
            .data
            .join(file_name(&usual_name(&args.folder))),
    };
    let now = context.now;
    let here = Here::new(&path, context.places()?, now);
    let phrase = words(
        context,
        args.words,
        "Type the six words that the founder reads to you: ",
    )?;
    let joining = Joining {
        folder: args.folder,
        person: person.name().to_owned(),
        device: args.device.unwrap_or_else(join::this_device),
        phrase,
    };
    let joined = join::join(&here, &joining)?;
    let done = sync::once(&here, How::Asked)?;
    if context.globals.json {
        return context.json(
            "share-join",
            &serde_json::json!({
                "desk": joined.path.display().to_string(),
                "own_words": joined.phrase.to_string(),
                "received": done.pulled(),
            }),
        );
    }
    context.out.line(&format!(
        "The desk is in {}; {} came with it.",
        joined.path.display(),
        words::steps(done.pulled())
    ));
    context.out.line(&format!(
        "Read these words to the founder:  {}",
        joined.phrase
    ));
    context.out.line(
        "Next: the founder types them into `relmate share approve`; then run `relmate sync`. Until then you can look and not change.",
    );
    Ok(())
}

fn run_approve(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(ApproveArgs::from_arg_matches(matches))?;
    context.refuse_changes()?;
    let actor = context.actor()?;
    let here = here(context)?;
    // Requests and admissions of others come first.
    let before = sync::once(&here, How::Asked)?;
    if args.words.is_none() {
        let asking = status::status(&here)?.asking;
        if asking.is_empty() {
            return Err(approve::nobody_asks());
        }
        for asking in asking {
            context.out.line(&format!(
                "{} asks from {} since {}.",
                asking.name, asking.device, asking.since
            ));
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
    let receipt = approve::approve(&here, &actor, &approving)?;
    let done = sync::once(&here, How::Asked)?;
    context.tell(&receipt, false)?;
    if !context.globals.json {
        drop(before);
        sync::tell(context, &done);
        context
            .out
            .line("Next: the joiner runs `relmate sync` and can work.");
    }
    Ok(())
}

fn run_status(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let StatusArgs {} = super::parsed(StatusArgs::from_arg_matches(matches))?;
    // How to print is in the configuration.
    context.config()?;
    let here = here(context)?;
    let status = status::status(&here)?;
    if context.globals.json {
        return context.json("share-status", &status);
    }
    show(context, &status);
    Ok(())
}

fn show(context: &mut Context, status: &Status) {
    let mut lines = vec![format!("Shared through {}", status.folder)];
    if let Some(trouble) = &status.trouble {
        lines.push(trouble.clone());
    }
    lines.push(format!(
        "{} here, {} to publish; last exchanged {}",
        words::steps(status.commits),
        status.to_publish,
        status
            .synced
            .as_deref()
            .map_or_else(|| "never".to_owned(), |at| moment(status, at))
    ));
    lines.push(format!(
        "Both desks are equal if both say:  {}",
        status.desk_words
    ));
    if let Some(words) = &status.founder_words {
        lines.push(format!("Read these words to whoever joins:  {words}"));
    }
    if let Some(words) = &status.own_words {
        lines.push(format!(
            "This device waits to be let in. Read these words to the founder:  {words}"
        ));
    }
    lines.push(String::new());
    lines.extend(members(status));
    lines.push(String::new());
    for file in &status.files {
        lines.push(format!("{:<8} {}  {}", file.is, file.name, file.what));
    }
    if status.files.is_empty() && status.trouble.is_none() {
        lines.push("There is no file in the folder: `relmate sync --refill` fills it.".to_owned());
    }
    for aside in &status.set_aside {
        let what = if aside.newer {
            "needs a newer relmate"
        } else {
            "does not count"
        };
        lines.push(format!(
            "Step {} of {} {what}: {}",
            aside.commit, aside.of, aside.why
        ));
    }
    for line in lines {
        context.out.line(&line);
    }
}

/// Who shares the desk, of whom two managers said different things, and who asks.
fn members(status: &Status) -> Vec<String> {
    let mut lines = Vec::new();
    for person in &status.members {
        lines.push(member_line(status, person));
    }
    for name in &status.disputed {
        lines.push(format!(
            "Two managers said different things of {name}; the more cautious stands until an owner says it again with `relmate share role {name} ROLE`."
        ));
    }
    for asking in &status.asking {
        lines.push(format!(
            "{} asks to be let in, from {} since {}: `relmate share approve`",
            asking.name,
            asking.device,
            moment(status, &asking.since)
        ));
    }
    lines
}

/// A clock's word in the desk's own days.
fn moment(status: &Status, at: &str) -> String {
    at.parse::<chrono::DateTime<chrono::Utc>>().map_or_else(
        |_| at.to_owned(),
        |at| status.zone.local(at).format("%Y-%m-%d %H:%M").to_string(),
    )
}

fn member_line(status: &Status, person: &status::Person) -> String {
    let mut parts = vec![person.name.clone(), role_word(person.role).to_owned()];
    if !person.letter.is_empty() {
        parts.push(format!("ids end in {}", person.letter));
    }
    if person.this_device {
        parts.push("this device".to_owned());
    }
    if person.removed {
        parts.push("removed".to_owned());
    }
    let mut clauses = vec![parts.join(", "), words::steps(person.commits)];
    if !person.this_device && !person.removed {
        clauses.push(match (&person.head, person.in_step) {
            (Some(at), true) => format!("had all of this at {}", moment(status, at)),
            (Some(at), false) => format!("has not all of this, as of {}", moment(status, at)),
            (None, _) => "nothing heard yet".to_owned(),
        });
    }
    clauses.join("; ")
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
