//! The fields of an announcement.

use serde_json::{Value, json};

use super::{Edit, Field, Seen, more, shown};
use crate::domain::noun::Noun;
use crate::domain::rollout::announcement::Announcement;

const TOLD: Edit = Edit::No("`relmate announce` writes it");

fn of(seen: &Seen<'_>, get: impl Fn(&Announcement) -> Value) -> Value {
    match seen.noun {
        Noun::Announcement(announcement) => get(announcement),
        _ => Value::Null,
    }
}

#[rustfmt::skip]
pub(super) const FIELDS: &[Field] = &[
    shown("id", "Id", |seen| of(seen, |it| json!(it.id)), Edit::No("an id never changes")),
    shown("ticket", "Ticket", |seen| of(seen, |it| json!(it.ticket)), TOLD),
    shown("product", "Product", |seen| of(seen, |it| json!(it.product)), TOLD),
    shown("version", "Version", |seen| of(seen, |it| json!(it.version)), TOLD),
    shown("platform", "Platform", |seen| of(seen, |it| json!(it.platform)), TOLD),
    more("arch", "Arch", |seen| of(seen, |it| json!(it.arch)), TOLD),
    shown("state", "State", |seen| of(seen, |it| json!(it.standing.state)), Edit::No("the ticket's steps move it")),
    shown("sites", "Sites", |seen| of(seen, |it| json!(it.turn.keys().collect::<Vec<_>>())), TOLD),
    more("owner", "Owner", |seen| of(seen, |it| json!(it.owner)), Edit::Person),
    more("claimed_by", "On it", |seen| of(seen, |it| json!(it.claimed_by)), Edit::No("`relmate claim ID` writes it")),
    more("later", "Not before", |seen| of(seen, |it| json!(it.later)), Edit::No("`relmate later ID --until WHEN` writes it")),
];
