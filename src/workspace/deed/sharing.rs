//! What the forms of sharing, joining and letting in ask for. In the shell they are verbs of
//! their own: they deal with a folder and with words read aloud, and are no action alone.

use super::founding::FOUNDING;
use super::member::ROLES;
use super::{Deed, Entry, Filled, Group, On, Value};
use crate::workspace::action::Action;
use crate::workspace::refusal::Refusal;
use crate::workspace::session::Session;

/// Forms that are no deeds: each makes, shares or opens a whole desk.
pub const APART: [&Deed; 5] = [&FOUNDING, &SHARE, &JOIN, &APPROVE, &REFUSE];

const FOLDER: Entry = Entry::place(
    (
        "folder",
        "Folder",
        "The path of a folder that both managers can reach",
    ),
    Value::Text,
)
.called("FOLDER");

/// Sharing the desk.
pub const SHARE: Deed = apart("share create", "Share the desk through a folder", &[FOLDER]);

/// A desk of one's own that belongs to a shared one.
#[rustfmt::skip]
pub const JOIN: Deed = apart(
    "share join",
    "Make a desk from a shared folder and ask to be let in",
    &[
        FOLDER,
        Entry::named(("words", "Six words", "The founder reads them to you from `relmate share status`"), Value::Text).must(),
        Entry::named(("you", "You are", "Your name, as the desk will know you"), Value::Text).must(),
        Entry::named(("device", "Device", "A name for this machine; empty for its own"), Value::Text),
    ],
);

/// Letting somebody in.
#[rustfmt::skip]
pub const APPROVE: Deed = apart(
    "share approve",
    "Let in who asks, by the words that are read aloud",
    &[
        Entry::named(("words", "Six words", "Whoever asks reads them to you; four letters of each are enough"), Value::Text).must(),
        Entry::named(("role", "Role", "observer reads, manager works, owner also changes roles"), Value::Choice(ROLES)).or("manager"),
        Entry::named(("person", "Name", "Another name than the one that was asked with; empty for that one"), Value::Text),
    ],
);

/// Answering nobody.
#[rustfmt::skip]
pub const REFUSE: Deed = apart(
    "share refuse",
    "Take away a request to be let in that nobody should answer",
    &[
        Entry::place(("person", "Name", "Who asks; may be left out where one asks alone"), Value::Text).called("NAME").may(),
        Entry::named(("device", "Device", "From which device, where they ask from several"), Value::Text).called("DEVICE"),
    ],
);

const fn apart(name: &'static str, about: &'static str, entries: &'static [Entry]) -> Deed {
    Deed::new(name, about, (Group::Sharing, On::Desk), entries, none)
}

fn none(_: &Filled, _: &Session) -> Result<Action, Refusal> {
    Err(Refusal::failed(
        "Sharing is no step of the desk's alone.",
        "Write `relmate share --help`.",
    ))
}
