//! Drafted messages: changed, marked sent, skipped. Nothing here sends anything.

use super::{Deed, Entry, Filled, Group, On, Place, Value};
use crate::domain::kind::Kind;
use crate::workspace::action::Action;
use crate::workspace::refusal::Refusal;
use crate::workspace::session::Session;

const ID: Entry = Entry::place(
    ("id", "Message", "The message"),
    Value::Id(&[Kind::Message]),
);

const MESSAGES: Place = (Group::Outbox, On::One(&[Kind::Message]));

#[rustfmt::skip]
pub(super) const DEEDS: &[Deed] = &[
    Deed::new("outbox edit", "Change a draft", MESSAGES, &[ID,
        Entry::named(("to", "To", "To whom; several in a row"), Value::Mail).many(),
        Entry::named(("subject", "Subject", "The subject"), Value::Text),
        Entry::from_file(("body", "Text", "The text from a file; - is standard input"), Value::Long)], edit),
    Deed::new("outbox sent", "Record that you have sent it; an answer stops the injection clock", MESSAGES, &[ID.many()], sent),
    Deed::new("outbox skip", "Record that it is not sent, and why", MESSAGES, &[ID,
        Entry::named(("reason", "Reason", "Why"), Value::Text).called("R").asked()], skip),
];

fn edit(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    let given = ["to", "subject", "body"];
    if !given.iter().any(|name| filled.is_given(name)) {
        return Err(Refusal::usage(
            "Nothing to change was given.",
            "Give --to, --subject or --body.",
        ));
    }
    Ok(Action::OutboxEdit {
        id: filled.must("id")?,
        to: filled.is_given("to").then(|| addresses(filled)),
        subject: filled.maybe("subject"),
        body: filled.text("body")?,
    })
}

/// An empty address means nobody.
fn addresses(filled: &Filled) -> Vec<String> {
    let to = filled.many("to").iter();
    to.filter(|to| !to.trim().is_empty()).cloned().collect()
}

fn sent(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    let sent = |id: &String| Action::OutboxSent { id: id.clone() };
    match filled.many("id") {
        [] => filled.must("id").map(|id| sent(&id)),
        [one] => Ok(sent(one)),
        several => Ok(Action::Batch {
            actions: several.iter().map(sent).collect(),
        }),
    }
}

fn skip(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    Ok(Action::OutboxSkip {
        id: filled.must("id")?,
        reason: filled.maybe("reason"),
    })
}
