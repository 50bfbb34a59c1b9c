//! The desk's own facts: the days nobody works, and the process. Founding a desk is no
//! row here, because there is no desk yet to do it to.

use super::{Deed, Entry, Filled, Group, On, Value};
use crate::exchange::Rejected;
use crate::workspace::action::Action;
use crate::workspace::refusal::Refusal;
use crate::workspace::session::Session;
use crate::workspace::{files, profiles};

#[rustfmt::skip]
pub(super) const DEEDS: &[Deed] = &[
    Deed::new("holidays", "The days nobody works; with a file they are added (.rc or one day a line)",
        (Group::Care, On::Desk), &[
        Entry::place(("file", "File", "`2026-12-25 Christmas Day` a line, or Taskwarrior's .rc"), Value::File).asked()], holidays),
    Deed::new("contact", "Where questions go: the address under every text; an empty one takes it away",
        (Group::Care, On::Desk), &[
        Entry::place(("mail", "Address", "The address"), Value::Mail).called("MAIL")], contact),
    Deed::new("profile edit", "Adapt the process, with a reason; limits in force on entry still apply",
        (Group::Care, On::Desk), &[
        Entry::place(("file", "Profile", "The changed profile"), Value::Profile),
        Entry::named(("reason", "Reason", "Why the process is adapted"), Value::Text).called("R").or("").asked()], profile_edit),
];

fn holidays(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    let file = filled.path("file")?;
    let source = files::name(file);
    let read = files::holidays(file)?;
    let rejected = read.rejected.into_iter().map(|(line, why)| Rejected {
        source: format!("{source}:{line}"),
        why,
    });
    Ok(Action::Holidays {
        days: read.days,
        rejected: rejected.collect(),
        source,
    })
}

fn contact(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    Ok(Action::Contact {
        mail: filled.maybe("mail"),
    })
}

fn profile_edit(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    Ok(Action::Profile {
        text: profiles::text(filled.path("file")?)?,
        reason: filled.maybe("reason").unwrap_or_default(),
    })
}
