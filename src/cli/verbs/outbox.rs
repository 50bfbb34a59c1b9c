//! `outbox list`, `show`, `mailto`: drafted messages. Nothing is ever sent by the program itself.

use clap::{ArgMatches, Args, FromArgMatches};

use super::super::context::Context;
use super::super::verb::Own;
use serde_json::json;

use crate::domain::kind::Kind;
use crate::domain::message::Message;
use crate::domain::noun::Noun;
use crate::workspace::deed::Group;
use crate::workspace::look::letter;
use crate::workspace::look::list::{self, Asked};
use crate::workspace::look::resolve;
use crate::workspace::refusal::Refusal;

pub(super) const LIST: Own = Own {
    name: "outbox list",
    about: "What is drafted and not sent",
    group: Group::Outbox,
    args: ListArgs::augment_args,
    run: list,
};

pub(super) const SHOW: Own = Own {
    name: "outbox show",
    about: "A message as it would be sent",
    group: Group::Outbox,
    args: IdArgs::augment_args,
    run: show,
};

pub(super) const MAILTO: Own = Own {
    name: "outbox mailto",
    about: "A link that opens the message in a mail program",
    group: Group::Outbox,
    args: IdArgs::augment_args,
    run: mailto,
};

#[derive(Args)]
struct ListArgs {
    /// Sent and skipped ones too
    #[arg(long)]
    all: bool,
}

fn list(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(ListArgs::from_arg_matches(matches))?;
    messages(context, args.all)
}

/// A bare `outbox`: what is drafted.
pub(super) fn drafts(context: &mut Context) -> Result<(), Refusal> {
    messages(context, false)
}

/// What is drafted, or every message there ever was.
fn messages(context: &mut Context, all: bool) -> Result<(), Refusal> {
    let columns = super::list::columns(Kind::Message, None)?;
    let asked = Asked {
        filter: (!all).then(|| "state=drafted".to_owned()),
        sort: None,
        columns: (!context.globals.json).then(|| columns.clone()),
    };
    let rows = context.look(|look| list::list(look, Kind::Message, &asked))?;
    if context.globals.json {
        return context.json("messages", &json!({"items": rows}));
    }
    if rows.is_empty() {
        context.out.line("Nothing is drafted.");
        return Ok(());
    }
    super::list::print(context, &columns, &rows);
    Ok(())
}

#[derive(Args)]
struct IdArgs {
    /// The message
    id: String,
}

fn message(context: &mut Context, id: &str) -> Result<Message, Refusal> {
    context.look(
        |look| match resolve::of_kind(look.reader, Kind::Message, id)?.noun()? {
            Some(Noun::Message(message)) => Ok(message),
            _ => Err(Refusal::not_found(format!("{id} is not a message."), "")),
        },
    )
}

fn show(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(IdArgs::from_arg_matches(matches))?;
    let message = message(context, &args.id)?;
    if context.globals.json {
        return context.json("message", &json!({
            "id": message.id, "kind": message.kind, "state": message.standing.state, "to": message.to,
            "subject": message.subject, "body": message.body, "about": message.about,
        }));
    }
    for line in letter::lines(&message) {
        context.out.lines(&line);
    }
    Ok(())
}

fn mailto(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(IdArgs::from_arg_matches(matches))?;
    let message = message(context, &args.id)?;
    let link = crate::report::mailto::link(&message).ok_or_else(|| {
        Refusal::rule(
            format!("{} has no mail address to go to.", message.id),
            format!(
                "Name one with `relmate outbox edit {} --to MAIL`.",
                message.id
            ),
        )
    })?;
    if context.globals.json {
        return context.json("mailto", &json!({"id": message.id, "link": link}));
    }
    context.out.line(&link);
    Ok(())
}
