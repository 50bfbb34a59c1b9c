//! The fields of products, sites, people, lessons, actions and messages.

use serde_json::{Value, json};

use super::{Edit, Field, Seen, more, shown};
use crate::domain::message::Message;
use crate::domain::noun::Noun;
use crate::domain::people::Person;
use crate::domain::queue::product::Product;
use crate::domain::retro::action_item::{ActionItem, ActionState};
use crate::domain::retro::lesson::Lesson;
use crate::domain::rollout::ledger::Figures;
use crate::domain::rollout::site::{ReportDuty, Running, Site, Sla, Tick};

const NAME: Edit = Edit::No("other records name it");
const ID: Edit = Edit::No("an id never changes");
const OUTBOX: Edit = Edit::No("`relmate outbox edit`, `sent` or `skip` writes it");

fn product(seen: &Seen<'_>, get: impl Fn(&Product) -> Value) -> Value {
    match seen.noun {
        Noun::Product(product) => get(product),
        _ => Value::Null,
    }
}

#[rustfmt::skip]
pub(super) const PRODUCT: &[Field] = &[
    shown("name", "Name", |seen| product(seen, |it| json!(it.name)), NAME),
    shown("provider", "Provider", |seen| product(seen, |it| json!(it.provider)), Edit::Text),
    shown("contact", "Contact", |seen| product(seen, |it| json!(it.contact)), Edit::Mail),
    more("team_leader", "Team leader", |seen| product(seen, |it| json!(it.team_leader)), Edit::Text),
    more("description", "Description", |seen| product(seen, |it| json!(it.description)), Edit::Text),
    more("documentation", "Documentation", |seen| product(seen, |it| json!(it.documentation)), Edit::Link),
    more("support_unit", "Support unit", |seen| product(seen, |it| json!(it.support_unit)), Edit::Text),
    more("licence", "Licence", |seen| product(seen, |it| json!(it.licence)), Edit::Text),
    more("version_report", "How it reports its version", |seen| product(seen, |it| json!(it.version_report)), Edit::Text),
    more("team_repository", "The team's own repository", |seen| product(seen, |it| json!(it.team_repository)), Edit::Link),
    more("source", "Source", |seen| product(seen, |it| json!(it.source)), Edit::No("an import writes it")),
];

fn site(seen: &Seen<'_>, get: impl Fn(&Site) -> Value) -> Value {
    match seen.noun {
        Noun::Site(site) => get(site),
        _ => Value::Null,
    }
}

/// The agreements as `PRODUCT: N days`.
fn agreements(site: &Site) -> Value {
    let one = |(product, sla): (&String, &Sla)| {
        let failures = match sla.reports {
            ReportDuty::Always => "",
            ReportDuty::FailuresOnly => ", failures only",
        };
        format!("{product}: {}{failures}", sla.limit())
    };
    json!(site.sla.iter().map(one).collect::<Vec<_>>())
}

/// A figure of the ledger; nothing where the announcements were not read.
fn figure(seen: &Seen<'_>, get: fn(&Figures) -> Value) -> Value {
    seen.figures.as_ref().map_or(Value::Null, get)
}

const COUNTED: Edit = Edit::No("it is counted");

/// Products and the versions that run, with how that is known.
fn running(site: &Site) -> Value {
    let one = |(product, it): (&String, &Running)| {
        let how = it
            .how
            .as_deref()
            .map(|how| format!(", {how}"))
            .unwrap_or_default();
        format!("{product} {} since {}{how}", it.version, it.on)
    };
    json!(site.runs.iter().map(one).collect::<Vec<_>>())
}

/// Criteria with whether they are met.
fn ticks(site: &Site) -> Value {
    let one =
        |(id, tick): (&String, &Tick)| format!("{id} {}", if tick.met { "met" } else { "lacking" });
    json!(site.criteria.iter().map(one).collect::<Vec<_>>())
}

#[rustfmt::skip]
pub(super) const SITE: &[Field] = &[
    shown("name", "Name", |seen| site(seen, |it| json!(it.name)), NAME),
    shown("country", "Country", |seen| site(seen, |it| json!(it.country)), Edit::Text),
    shown("contact", "Contact", |seen| site(seen, |it| json!(it.contact)), Edit::Mail),
    more("production", "In production", |seen| site(seen, |it| json!(it.production.unwrap_or(true))), Edit::YesNo),
    more("platforms", "Platforms", |seen| site(seen, |it| json!(it.platforms)), Edit::Names),
    more("timezone", "Time zone", |seen| site(seen, |it| json!(it.timezone)), Edit::Text),
    more("criteria", "Criteria", |seen| site(seen, ticks), Edit::No("`relmate site criteria` writes it")),
    more("away", "Away", |seen| site(seen, |it| json!(it.away)), Edit::No("`relmate site absent` writes it")),
    more("runs", "Runs", |seen| site(seen, running), Edit::No("`relmate site runs` and reports write it")),
    shown("sla", "SLA", |seen| site(seen, agreements), Edit::No("`relmate site sla` writes it")),
    more("announced", "Announced", |seen| figure(seen, |it| json!(it.announced)), COUNTED),
    more("reported", "Reported", |seen| figure(seen, |it| json!(it.reported)), COUNTED),
    more("on_time", "In time", |seen| figure(seen, |it| json!(it.on_time)), COUNTED),
    more("n", "Rates are of", |seen| figure(seen, |it| json!(it.n)), COUNTED),
    more("sla_kept", "SLA kept", |seen| figure(seen, |it| json!(it.sla_kept)), COUNTED),
    more("report_rate", "Report rate", |seen| figure(seen, |it| json!(it.report_rate)), COUNTED),
    more("median_days", "Median days", |seen| figure(seen, |it| json!(it.median_days)), COUNTED),
    more("source", "Source", |seen| site(seen, |it| json!(it.source)), Edit::No("an import writes it")),
];

fn person(seen: &Seen<'_>, get: impl Fn(&Person) -> Value) -> Value {
    match seen.noun {
        Noun::Person(person) => get(person),
        _ => Value::Null,
    }
}

#[rustfmt::skip]
pub(super) const PERSON: &[Field] = &[
    shown("name", "Name", |seen| person(seen, |it| json!(it.name)), NAME),
    shown("mail", "Mail", |seen| person(seen, |it| json!(it.mail)), Edit::Mail),
    shown("organisation", "Organisation", |seen| person(seen, |it| json!(it.organisation)), Edit::Text),
    shown("roles", "Roles", |seen| person(seen, |it| json!(it.roles)), Edit::Names),
    more("away", "Away", |seen| person(seen, |it| json!(it.away)), Edit::No("`relmate person away` writes it")),
];

fn lesson(seen: &Seen<'_>, get: impl Fn(&Lesson) -> Value) -> Value {
    match seen.noun {
        Noun::Lesson(lesson) => get(lesson),
        _ => Value::Null,
    }
}

#[rustfmt::skip]
pub(super) const LESSON: &[Field] = &[
    shown("id", "Id", |seen| lesson(seen, |it| json!(it.id)), ID),
    shown("kind", "Kind", |seen| lesson(seen, |it| json!(it.kind)), Edit::No("add it anew as the other kind")),
    shown("text", "Text", |seen| lesson(seen, |it| json!(it.text)), Edit::Name),
    more("about", "About", |seen| lesson(seen, |it| json!(it.about)), Edit::Text),
    shown("votes", "Votes", |seen| lesson(seen, |it| json!(it.votes.len())), Edit::No("`relmate vote ID` writes it")),
    more("voters", "Voters", |seen| lesson(seen, |it| json!(it.votes)), Edit::No("`relmate vote ID` writes it")),
    more("by", "By", |seen| lesson(seen, |it| json!(it.by)), Edit::No("it is who recorded it")),
];

fn action(seen: &Seen<'_>, get: impl Fn(&ActionItem) -> Value) -> Value {
    match seen.noun {
        Noun::Action(action) => get(action),
        _ => Value::Null,
    }
}

#[rustfmt::skip]
pub(super) const ACTION: &[Field] = &[
    shown("id", "Id", |seen| action(seen, |it| json!(it.id)), ID),
    shown("text", "Text", |seen| action(seen, |it| json!(it.text)), Edit::Name),
    shown("state", "State", |seen| action(seen, |it| json!(it.standing.state)), Edit::No("`relmate action done` or `drop` moves it")),
    shown("owner", "Owner", |seen| action(seen, |it| json!(it.owner)), Edit::Person),
    shown("due", "Due", |seen| action(seen, |it| json!(it.due)), Edit::Day),
    shown("days_left", "Days left", |seen| action(seen, |it| json!(it.due.filter(|_| it.standing.state == ActionState::Open).map(|due| (due - seen.today).num_days()))), Edit::No("it is counted")),
    shown("overdue", "Overdue", |seen| action(seen, |it| json!(it.standing.state == ActionState::Open && it.due.is_some_and(|due| due < seen.today))), Edit::No("it is counted")),
    more("about", "About", |seen| action(seen, |it| json!(it.about)), Edit::Text),
    more("claimed_by", "On it", |seen| action(seen, |it| json!(it.claimed_by)), Edit::No("`relmate claim ID` writes it")),
    more("later", "Not before", |seen| action(seen, |it| json!(it.later)), Edit::No("`relmate later ID --until WHEN` writes it")),
    more("reason", "Reason", |seen| action(seen, |it| json!(it.standing.reason)), Edit::No("`relmate action drop` writes it")),
];

fn message(seen: &Seen<'_>, get: impl Fn(&Message) -> Value) -> Value {
    match seen.noun {
        Noun::Message(message) => get(message),
        _ => Value::Null,
    }
}

#[rustfmt::skip]
pub(super) const MESSAGE: &[Field] = &[
    shown("id", "Id", |seen| message(seen, |it| json!(it.id)), ID),
    shown("kind", "Kind", |seen| message(seen, |it| json!(it.kind)), OUTBOX),
    shown("state", "State", |seen| message(seen, |it| json!(it.standing.state)), OUTBOX),
    shown("to", "To", |seen| message(seen, |it| json!(it.to)), OUTBOX),
    shown("subject", "Subject", |seen| message(seen, |it| json!(it.subject)), OUTBOX),
    more("body", "Text", |seen| message(seen, |it| json!(it.body)), OUTBOX),
    more("about", "About", |seen| message(seen, |it| json!(it.about)), OUTBOX),
    more("since", "Since", |seen| message(seen, |it| json!(it.standing.entered.day(seen.setting.zone))), OUTBOX),
    more("by", "By", |seen| message(seen, |it| json!(it.standing.by)), OUTBOX),
    more("reason", "Reason", |seen| message(seen, |it| json!(it.standing.reason)), OUTBOX),
    more("owner", "Owner", |seen| message(seen, |it| json!(it.owner)), Edit::Person),
    more("claimed_by", "On it", |seen| message(seen, |it| json!(it.claimed_by)), Edit::No("`relmate claim ID` writes it")),
];
