//! What a new desk is asked for. It stands beside the table, because it is done before
//! there is a desk to do it to; the shell's words for it are `init`.

use super::{Deed, Entry, Group, On, Value};
use crate::workspace::profiles;
use crate::workspace::refusal::Refusal;

/// A new desk with its first cycle.
#[rustfmt::skip]
pub const FOUNDING: Deed = Deed {
    name: "init",
    about: "Create a desk: your community's file on this machine",
    group: Group::Care,
    on: On::Desk,
    entries: &[
        Entry::place(("name", "Name of the desk", "The community or the release it is for: CMD"), Value::Text),
        Entry::named(("manager", "Release managers", "The names of the two managers"), Value::Text).must().many(),
        Entry::named(("you", "You are", "Which of them works here; else the first"), Value::Text),
        Entry::named(("timezone", "Time zone", "Its days begin and end there"), Value::Zone).must(),
        Entry::named(("profile", "Process", "A shipped process, or the path of one of your own"), Value::Profile).or(profiles::USUAL),
        Entry::named(("holidays", "Holidays", "A file of days on which nobody works; it can be added later"), Value::File).many(),
        Entry::named(("cycle", "First cycle", "The release you are working on: CMD 1.4; empty for later"), Value::Text),
        Entry::named(("release", "Its release", "The day of the release; its milestones count back from it"), Value::When),
        Entry::named(("template", "Milestones", "The template they come from; empty for none"), Value::Template),
    ],
    preview: None,
    action: |_, _| Err(Refusal::failed("A desk is created before it is opened.", "Write `relmate init --help`.")),
};
