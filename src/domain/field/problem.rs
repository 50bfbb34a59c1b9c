//! The fields of problems and of known errors.

use serde_json::{Value, json};

use super::{Edit, Field, Seen, more, shown};
use crate::domain::noun::Noun;
use crate::domain::problem::known_error::KnownError;
use crate::domain::problem::report::Problem;

const ID: Edit = Edit::No("an id never changes");
const FILED: Edit = Edit::No("`relmate problem file` writes it");
const TRIAGE: Edit = Edit::No("`relmate problem triage` writes it");

fn of(seen: &Seen<'_>, get: impl Fn(&Problem) -> Value) -> Value {
    match seen.noun {
        Noun::Problem(problem) => get(problem),
        _ => Value::Null,
    }
}

#[rustfmt::skip]
pub(super) const PROBLEM: &[Field] = &[
    shown("id", "Id", |seen| of(seen, |it| json!(it.id)), ID),
    shown("channel_id", "Helpdesk id", |seen| of(seen, |it| json!(it.channel_id)), Edit::Name),
    shown("product", "Product", |seen| of(seen, |it| json!(it.product)), FILED),
    shown("version", "Version", |seen| of(seen, |it| json!(it.version)), Edit::Text),
    more("ticket", "Ticket", |seen| of(seen, |it| json!(it.ticket)), FILED),
    shown("site", "Site", |seen| of(seen, |it| json!(it.site)), FILED),
    shown("state", "State", |seen| of(seen, |it| json!(it.standing.state)), Edit::No("the walk of the problem moves it")),
    shown("criticality", "Criticality", |seen| of(seen, |it| json!(it.criticality)), TRIAGE),
    shown("text", "What is wrong", |seen| of(seen, |it| json!(it.text)), Edit::Name),
    shown("owner", "Owner", |seen| of(seen, |it| json!(it.owner)), Edit::Person),
    more("claimed_by", "On it", |seen| of(seen, |it| json!(it.claimed_by)), Edit::No("`relmate claim ID` writes it")),
    more("later", "Not before", |seen| of(seen, |it| json!(it.later)), Edit::No("`relmate later ID --until WHEN` writes it")),
];

fn error(seen: &Seen<'_>, get: impl Fn(&KnownError) -> Value) -> Value {
    match seen.noun {
        Noun::KnownError(error) => get(error),
        _ => Value::Null,
    }
}

#[rustfmt::skip]
pub(super) const KNOWN_ERROR: &[Field] = &[
    shown("id", "Id", |seen| error(seen, |it| json!(it.id)), ID),
    shown("product", "Product", |seen| error(seen, |it| json!(it.product)), Edit::No("a known error keeps its product")),
    shown("versions", "Versions", |seen| error(seen, |it| json!(it.versions)), Edit::Names),
    shown("symptom", "Symptom", |seen| error(seen, |it| json!(it.symptom)), Edit::Name),
    shown("workaround", "Workaround", |seen| error(seen, |it| json!(it.workaround)), Edit::Text),
    shown("state", "State", |seen| error(seen, |it| json!(it.standing.state)), Edit::No("`relmate error fix` moves it")),
    more("fixed_in", "Fixed in", |seen| error(seen, |it| json!(it.fixed_in)), Edit::No("`relmate error fix` writes it")),
    more("problem", "Problem", |seen| error(seen, |it| json!(it.problem)), Edit::No("`relmate error add` writes it")),
    more("owner", "Owner", |seen| error(seen, |it| json!(it.owner)), Edit::Person),
];
