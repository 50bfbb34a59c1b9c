//! What can be done to any record: remarks, "I'm on it", not before, any field, and back.

use super::{Deed, Entry, Filled, Group, On, PREVIEW, Place, Value};
use crate::domain::kind::Kind;
use crate::domain::near;
use crate::workspace::action::{Action, Resolve, Settle};
use crate::workspace::refusal::Refusal;
use crate::workspace::session::Session;

/// What somebody works on.
const WORK: Place = (
    Group::Records,
    On::One(&[
        Kind::Ticket,
        Kind::Submission,
        Kind::Milestone,
        Kind::Action,
        Kind::Message,
    ]),
);
const ID: Entry = Entry::place(("id", "Record", "The record"), Value::Id(&[]));
const STEP: Entry = Entry::place(
    (
        "id",
        "Record or step",
        "A record, or a step's number in the log",
    ),
    Value::Id(&[]),
)
.may();

#[rustfmt::skip]
pub(super) const DEEDS: &[Deed] = &[
    Deed::new("comment", "A remark on any record; a private one is never exported", (Group::Records, On::Any), &[ID,
        Entry::place(("text", "Remark", "The remark"), Value::Long),
        Entry::flag(("private", "Private", "For the managers only"))], comment),
    Deed::new("claim", "Say \"I'm on it\", or no longer", WORK, &[ID,
        Entry::flag(("drop", "No longer", "No longer"))], claim),
    Deed::new("later", "Put a record off; a limit that ends before shows all the same", WORK, &[ID,
        Entry::named(("until", "Until", "Until when; today brings it back"), Value::When).must()], later),
    Deed::new("set", "Write fields of a record; an empty value empties one", (Group::Records, On::Any), &[ID,
        Entry::place(("fields", "Fields", "What to write"), Value::Pair).called("FIELD=VALUE").many()], set),
    Deed::new("delete", "Take a record off the desk; its history stays and `undo` brings it back", (Group::Records, On::Any), &[ID,
        Entry::named(("reason", "Reason", "Why"), Value::Text).called("R")], delete),
    Deed::new("resolve", "Settle what two managers wrote at once, with the reason", (Group::Records, On::Any), &[
        Entry::place(("id", "Record", "The record; `desk` is the desk itself"), Value::Id(&[])),
        Entry::place(("field", "Field", "The field, or `all`; may be left out where there is one"), Value::Text).called("FIELD").may(),
        Entry::place(("how", "How", "mine, theirs, merge, both or later: whose value stands, or what becomes of both"), Value::Word(&Settle::WORDS)).called("HOW").may(),
        Entry::named(("value", "Value", "The value that stands: one of theirs, or another where `set` writes the field"), Value::Text).called("V"),
        Entry::named(("text", "Text", "The text that stands: what you made of both"), Value::Long).called("T"),
        Entry::named(("because", "Because", "Why; it stays in the history"), Value::Text).called("WHY").asked(),
        Entry::flag(("alone", "Alone", "Only this record, not those that the same steps wrote as well"))], resolve)
        .previewed(PREVIEW),
    Deed::new("undo", "Take back your last step, a record's last change, or a step by its number in the log", (Group::Records, On::Any),
        &[STEP], undo).previewed(PREVIEW),
    Deed::new("redo", "Do again what an undo took back", (Group::Records, On::Any),
        &[STEP], redo).previewed(PREVIEW),
];

fn comment(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    Ok(Action::Comment {
        id: filled.must("id")?,
        text: filled.must("text")?,
        private: filled.yes("private"),
    })
}

fn claim(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    Ok(Action::Claim {
        id: filled.must("id")?,
        drop: filled.yes("drop"),
    })
}

fn later(filled: &Filled, session: &Session) -> Result<Action, Refusal> {
    Ok(Action::Later {
        id: filled.must("id")?,
        until: session.dates.when(&filled.must("until")?)?,
    })
}

fn set(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    let id = filled.must("id")?;
    let fields = filled.pairs("fields", &format!("`relmate set {id} FIELD=VALUE`"))?;
    Ok(Action::Set { id, fields })
}

fn delete(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    Ok(Action::Delete {
        id: filled.must("id")?,
        reason: filled.maybe("reason"),
    })
}

fn resolve(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    let id = filled.must("id")?;
    let (mut field, mut how) = (filled.maybe("field"), filled.maybe("how"));
    // `resolve T-1 mine`: the field may be left out, the word may not.
    if how.is_none()
        && let Some(word) = field.take_if(|word| Settle::from_word(word).is_some())
    {
        how = Some(word);
    }
    let value = filled.maybe("text").or_else(|| filled.maybe("value"));
    let how = match (how, &value) {
        (Some(word), _) => {
            Settle::from_word(&word).ok_or_else(|| super::unknown_word(&word, &Settle::WORDS))?
        }
        (None, Some(_)) => Settle::Value,
        (None, None) => {
            let near = |way: &&&str| {
                let typed = field.as_deref().unwrap_or_default().to_lowercase();
                (1..=2).contains(&near::distance(way, &typed))
            };
            if let Some(way) = Settle::WORDS.iter().find(near) {
                return Err(Refusal::usage(
                    format!("{:?} is no way to settle it.", field.unwrap_or_default()),
                    format!("Did you mean {way}?"),
                ));
            }
            return Err(Refusal::usage(
                "It is not said whose value stands.",
                format!("Write one of {}, or --value V.", Settle::WORDS.join(", ")),
            ));
        }
    };
    Ok(Action::Resolve(Resolve {
        id,
        field,
        how,
        value,
        because: filled.maybe("because").unwrap_or_default(),
        alone: filled.yes("alone"),
    }))
}

fn undo(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    Ok(Action::Undo {
        target: filled.maybe("id"),
    })
}

fn redo(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    Ok(Action::Redo {
        target: filled.maybe("id"),
    })
}
