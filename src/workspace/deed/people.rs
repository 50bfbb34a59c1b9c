//! People with a part in the release, their absences, and who is primary.

use super::{Deed, Entry, Filled, Group, On, Place, Value};
use crate::domain::kind::Kind;
use crate::workspace::action::Action;
use crate::workspace::refusal::Refusal;
use crate::workspace::session::Session;

const PEOPLE: Place = (Group::Records, On::One(&[Kind::Person]));
const PERSON: Value = Value::Named(Kind::Person);

const DESK: Place = (Group::Records, On::Desk);

#[rustfmt::skip]
pub(super) const DEEDS: &[Deed] = &[
    Deed::new("person add", "Add a person with a part in the release", DESK, &[
        Entry::place(("name", "Name", "The name"), Value::Text).called("NAME"),
        Entry::named(("mail", "Mail", "The mail address"), Value::Mail),
        Entry::named(("organisation", "Organisation", "The organisation; a verifier is never of the product's own team"), Value::Text).called("O"),
        Entry::named(("role", "Roles", "A role: manager, verifier, or a word of the community"), Value::Text).called("ROLE").many()], add),
    Deed::new("person away", "Record an absence", PEOPLE, &[
        Entry::place(("name", "Who", "Who"), PERSON),
        Entry::named(("from", "First day", "The first day"), Value::When).must(),
        Entry::named(("to", "Last day", "The last day"), Value::When).must(),
        Entry::named(("reason", "Reason", "Why: vacation, sickness"), Value::Text).called("R")], away),
    Deed::new("primary", "Say which manager is primary now", PEOPLE, &[
        Entry::place(("name", "Manager", "The manager"), PERSON)], primary),
];

fn add(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    Ok(Action::PersonAdd {
        name: filled.must("name")?,
        mail: filled.maybe("mail"),
        organisation: filled.maybe("organisation"),
        roles: filled.many("role").to_vec(),
    })
}

fn away(filled: &Filled, session: &Session) -> Result<Action, Refusal> {
    let dates = &session.dates;
    Ok(Action::PersonAway {
        name: filled.must("name")?,
        from: dates.when(&filled.must("from")?)?.day(&dates.zone),
        to: dates.when(&filled.must("to")?)?.day(&dates.zone),
        reason: filled.maybe("reason"),
    })
}

fn primary(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    Ok(Action::Primary {
        name: filled.must("name")?,
    })
}
