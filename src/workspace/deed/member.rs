//! Who shares the desk: roles and leaving. Sharing, joining and letting in have a folder and
//! phrases to deal with, and are verbs of their own.

use super::{Deed, Entry, Filled, Group, On, Place, Value, unknown_word};
use crate::domain::kind::Kind;
use crate::ledger::Role;
use crate::workspace::action::{Action, MemberAction};
use crate::workspace::refusal::Refusal;
use crate::workspace::session::Session;

const PEOPLE: Place = (Group::Sharing, On::One(&[Kind::Person]));
const PERSON: Value = Value::Named(Kind::Person);

/// The roles as they are typed.
pub(super) const ROLES: &[&str] = &Role::WORDS;

#[rustfmt::skip]
pub(super) const DEEDS: &[Deed] = &[
    Deed::new("share role", "Say what somebody who shares the desk may do", PEOPLE, &[
        Entry::place(("person", "Who", "Who"), PERSON),
        Entry::place(("role", "Role", "observer reads, manager works, owner also changes roles"), Value::Choice(ROLES)).must(),
        Entry::named(("because", "Because", "Why, for the history"), Value::Text).called("WHY")], role),
    Deed::new("share remove", "End somebody's part in a shared desk", PEOPLE, &[
        Entry::place(("person", "Who", "Who"), PERSON),
        Entry::named(("because", "Because", "Why, for the history"), Value::Text).called("WHY")], remove),
];

/// A role by its word.
pub fn role_of(word: &str) -> Result<Role, Refusal> {
    Role::from_word(word).ok_or_else(|| unknown_word(word, ROLES))
}

fn role(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    Ok(Action::Member(MemberAction::Role {
        person: filled.must("person")?,
        role: role_of(&filled.must("role")?)?,
        reason: filled.maybe("because"),
    }))
}

fn remove(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    Ok(Action::Member(MemberAction::Remove {
        person: filled.must("person")?,
        reason: filled.maybe("because"),
    }))
}
