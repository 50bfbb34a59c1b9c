//! `outbox …`: drafted messages. Nothing is ever sent by the program itself.

use clap::{ArgMatches, Args, FromArgMatches};

use super::super::context::Context;
use super::super::verb::{Group, Verb};
use serde_json::json;

use crate::domain::kind::Kind;
use crate::domain::message::Message;
use crate::domain::noun::Noun;
use crate::workspace::action::Action;
use crate::workspace::files;
use crate::workspace::look::list::{self, Asked};
use crate::workspace::look::resolve;
use crate::workspace::refusal::Refusal;

pub(super) const LIST: Verb = Verb {
    name: "outbox list",
    about: "What is drafted and not sent",
    group: Group::Outbox,
    args: ListArgs::augment_args,
    run: drafts,
};

pub(super) const SHOW: Verb = Verb {
    name: "outbox show",
    about: "A message as it would be sent",
    group: Group::Outbox,
    args: IdArgs::augment_args,
    run: show,
};

pub(super) const EDIT: Verb = Verb {
    name: "outbox edit",
    about: "Change a draft",
    group: Group::Outbox,
    args: EditArgs::augment_args,
    run: edit,
};

pub(super) const MAILTO: Verb = Verb {
    name: "outbox mailto",
    about: "A link that opens the message in a mail program",
    group: Group::Outbox,
    args: IdArgs::augment_args,
    run: mailto,
};

pub(super) const SENT: Verb = Verb {
    name: "outbox sent",
    about: "Record that you have sent it; an answer stops the injection clock",
    group: Group::Outbox,
    args: IdArgs::augment_args,
    run: sent,
};

pub(super) const SKIP: Verb = Verb {
    name: "outbox skip",
    about: "Record that it is not sent, and why",
    group: Group::Outbox,
    args: SkipArgs::augment_args,
    run: skip,
};

#[derive(Args)]
struct ListArgs {
    /// Sent and skipped ones too
    #[arg(long)]
    all: bool,
}

fn drafts(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(ListArgs::from_arg_matches(matches))?;
    show_drafts(context, args.all)
}

/// The outbox: what is drafted, or every message there ever was.
pub(crate) fn show_drafts(context: &mut Context, all: bool) -> Result<(), Refusal> {
    let asked = Asked {
        filter: (!all).then(|| "state=drafted".to_owned()),
        sort: None,
    };
    let rows = context.look(|look| list::list(look, Kind::Message, &asked))?;
    if context.globals.json {
        return context.json("messages", &json!({"items": rows}));
    }
    if rows.is_empty() {
        context.out.line("Nothing is drafted.");
        return Ok(());
    }
    super::list::print(context, &super::list::columns(Kind::Message, None)?, &rows);
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
    let to = if message.to.is_empty() {
        "(no addressee)".to_owned()
    } else {
        message.to.join(", ")
    };
    context.out.line(&format!("To: {to}"));
    context.out.line(&format!("Subject: {}", message.subject));
    context.out.line("");
    context.out.lines(&message.body);
    Ok(())
}

#[derive(Args)]
struct EditArgs {
    /// The message
    id: String,
    /// To whom; several in a row
    #[arg(long, value_name = "MAIL")]
    to: Vec<String>,
    /// The subject
    #[arg(long, value_name = "TEXT")]
    subject: Option<String>,
    /// The text from a file; - is standard input
    #[arg(long, value_name = "FILE|-")]
    body: Option<String>,
}

fn edit(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(EditArgs::from_arg_matches(matches))?;
    if args.to.is_empty() && args.subject.is_none() && args.body.is_none() {
        return Err(Refusal::usage(
            "Nothing to change was given.",
            "Give --to, --subject or --body.",
        ));
    }
    let body = args.body.as_deref().map(files::text).transpose()?;
    let to = (!args.to.is_empty()).then_some(args.to);
    context.open()?.perform(&Action::OutboxEdit {
        id: args.id,
        to,
        subject: args.subject,
        body,
    })
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

fn sent(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(IdArgs::from_arg_matches(matches))?;
    context.open()?.perform(&Action::OutboxSent { id: args.id })
}

#[derive(Args)]
struct SkipArgs {
    /// The message
    id: String,
    /// Why
    #[arg(long, value_name = "R")]
    reason: Option<String>,
}

fn skip(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(SkipArgs::from_arg_matches(matches))?;
    context.open()?.perform(&Action::OutboxSkip {
        id: args.id,
        reason: args.reason,
    })
}
