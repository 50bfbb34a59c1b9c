//! The fields of a distribution release.

use serde_json::{Value, json};

use super::{Edit, Field, Seen, more, shown};
use crate::domain::distribution::countdown::{self, contents_freeze, date_freeze};
use crate::domain::distribution::release::{Release, Shipped};
use crate::domain::noun::Noun;

const STEP: Edit = Edit::No("the steps of the release move it");
const FREEZE: Edit = Edit::No("its date and the profile say it");

fn of(seen: &Seen<'_>, get: impl Fn(&Release) -> Value) -> Value {
    match seen.noun {
        Noun::Release(release) => get(release),
        _ => Value::Null,
    }
}

/// Every candidate with the sites that installed it.
fn candidates(release: &Release) -> Value {
    let one = |it: &crate::domain::distribution::release::Candidate| json!({"name": it.name, "built": it.built, "by": it.by, "sites": release.sites_of(&it.name)});
    json!(release.built().into_iter().map(one).collect::<Vec<_>>())
}

/// The countdown with its signatures; without one of its own there is none to show.
fn lines(seen: &Seen<'_>) -> Value {
    of(seen, |it| {
        let day = |signature: &crate::domain::distribution::release::Signature| {
            signature.on.day(seen.setting.zone)
        };
        json!(countdown::lines(it, &it.countdown, seen.today, day))
    })
}

fn date_by(seen: &Seen<'_>) -> Value {
    let setting = seen.setting;
    of(seen, |it| {
        json!(date_freeze(it, setting.profile, setting.calendar))
    })
}

fn contents_by(seen: &Seen<'_>) -> Value {
    let setting = seen.setting;
    of(seen, |it| {
        json!(contents_freeze(it, setting.profile, setting.calendar))
    })
}

#[rustfmt::skip]
pub(super) const FIELDS: &[Field] = &[
    shown("name", "Name", |seen| of(seen, |it| json!(it.name)), Edit::No("other records name it")),
    more("distribution", "Distribution", |seen| of(seen, |it| json!(it.distribution)), STEP),
    more("version", "Version", |seen| of(seen, |it| json!(it.version)), STEP),
    shown("kind", "Kind", |seen| of(seen, |it| json!(it.kind)), STEP),
    shown("state", "State", |seen| of(seen, |it| json!(it.standing.state)), STEP),
    shown("date", "Date", |seen| of(seen, |it| json!(it.date)), Edit::No("`relmate release freeze-date NAME --date WHEN` writes it")),
    more("date_freeze", "Date frozen by", date_by, FREEZE),
    more("contents_freeze", "Contents frozen by", contents_by, FREEZE),
    more("created", "Created", |seen| of(seen, |it| json!(it.created)), STEP),
    more("cycle", "Cycle", |seen| of(seen, |it| json!(it.cycle)), STEP),
    shown("tickets", "Tickets", |seen| of(seen, |it| json!(it.contents())), Edit::No("`relmate release compose` writes it")),
    more("moved", "Missed it", |seen| of(seen, |it| json!(it.moved)), STEP),
    more("slips", "Moves of its date", |seen| of(seen, |it| json!(it.slips)), STEP),
    more("candidates", "Candidates", |seen| of(seen, candidates), Edit::No("`relmate release rc` writes it")),
    more("countdown", "Countdown", lines, Edit::No("`relmate release sign` signs it")),
    more("signed", "Signatures", |seen| of(seen, |it| json!(it.signed)), Edit::No("`relmate release sign` writes it")),
    more("overtaken", "Signatures of what has changed since", |seen| of(seen, |it| json!(it.overtaken)), Edit::No("`relmate release sign` signs it again")),
    more("ground", "Ground of the emergency", |seen| of(seen, |it| json!(it.ground)), STEP),
    more("reason", "Reason of the emergency", |seen| of(seen, |it| json!(it.reason)), STEP),
    more("skips", "Goes without", |seen| of(seen, |it| json!(it.skips)), STEP),
    more("notes", "Release notes", |seen| of(seen, |it| json!(it.notes)), Edit::Text),
    more("known_issues", "Known issues", |seen| of(seen, |it| json!(it.known_issues)), Edit::Text),
    more("installation", "Installation notes", |seen| of(seen, |it| json!(it.installation)), Edit::Text),
    more("advisories", "Security advisories", |seen| of(seen, |it| json!(it.advisories)), Edit::Names),
    more("repository", "Repository", |seen| of(seen, |it| json!(it.repository)), Edit::Link),
    more("shipped", "Products in it", |seen| of(seen, |it| json!(it.shipped.iter().map(Shipped::label).collect::<Vec<_>>())), Edit::No("an import writes it")),
    more("marks", "Mentions", |seen| of(seen, |it| json!(it.marks)), Edit::No("an import writes it")),
    more("published", "Published", |seen| of(seen, |it| json!(it.published)), STEP),
    more("recalled", "Recalled", |seen| of(seen, |it| json!(it.recalled)), STEP),
    more("recall_reason", "Why it was recalled", |seen| of(seen, |it| json!(it.recall_reason)), STEP),
    more("owner", "Owner", |seen| of(seen, |it| json!(it.owner)), Edit::Person),
    more("claimed_by", "On it", |seen| of(seen, |it| json!(it.claimed_by)), Edit::No("`relmate claim ID` writes it")),
    more("later", "Not before", |seen| of(seen, |it| json!(it.later)), Edit::No("`relmate later ID --until WHEN` writes it")),
    more("source", "Source", |seen| of(seen, |it| json!(it.source)), Edit::No("an import writes it")),
];
