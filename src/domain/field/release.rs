//! The fields of a distribution release.

use serde_json::{Value, json};

use super::{Edit, Field, Seen, more, shown};
use crate::domain::distribution::release::{Release, Shipped};
use crate::domain::noun::Noun;

const STEP: Edit = Edit::No("the steps of the release move it");

fn of(seen: &Seen<'_>, get: impl Fn(&Release) -> Value) -> Value {
    match seen.noun {
        Noun::Release(release) => get(release),
        _ => Value::Null,
    }
}

#[rustfmt::skip]
pub(super) const FIELDS: &[Field] = &[
    shown("name", "Name", |seen| of(seen, |it| json!(it.name)), Edit::No("other records name it")),
    more("distribution", "Distribution", |seen| of(seen, |it| json!(it.distribution)), STEP),
    more("version", "Version", |seen| of(seen, |it| json!(it.version)), STEP),
    shown("kind", "Kind", |seen| of(seen, |it| json!(it.kind)), STEP),
    shown("state", "State", |seen| of(seen, |it| json!(it.standing.state)), STEP),
    shown("date", "Date", |seen| of(seen, |it| json!(it.date)), STEP),
    more("created", "Created", |seen| of(seen, |it| json!(it.created)), STEP),
    shown("tickets", "Tickets", |seen| of(seen, |it| json!(it.tickets)), STEP),
    more("shipped", "Products in it", |seen| of(seen, |it| json!(it.shipped.iter().map(Shipped::label).collect::<Vec<_>>())), Edit::No("an import writes it")),
    more("advisories", "Advisories", |seen| of(seen, |it| json!(it.advisories)), Edit::Names),
    more("marks", "Mentions", |seen| of(seen, |it| json!(it.marks)), Edit::No("an import writes it")),
    more("owner", "Owner", |seen| of(seen, |it| json!(it.owner)), Edit::Person),
    more("claimed_by", "On it", |seen| of(seen, |it| json!(it.claimed_by)), Edit::No("`relmate claim ID` writes it")),
    more("later", "Not before", |seen| of(seen, |it| json!(it.later)), Edit::No("`relmate later ID --until WHEN` writes it")),
    more("source", "Source", |seen| of(seen, |it| json!(it.source)), Edit::No("an import writes it")),
];
