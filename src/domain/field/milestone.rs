//! The fields of a milestone and of a cycle.

use serde_json::{Value, json};

use super::{Edit, Field, Seen, more, shown};
use crate::domain::noun::Noun;
use crate::domain::schedule::cycle::Cycle;
use crate::domain::schedule::milestone::Milestone;
use crate::domain::schedule::standing;
use crate::domain::when::When;

const MOVE: Edit = Edit::No("`relmate slip ID --to WHEN --reason R` moves it");
const STEP: Edit = Edit::No("`relmate cycle approve` or `close` moves it");

fn of(seen: &Seen<'_>, get: impl Fn(&Milestone) -> Value) -> Value {
    match seen.noun {
        Noun::Milestone(milestone) => get(milestone),
        _ => Value::Null,
    }
}

/// A day as a date, a time as RFC 3339; that a day lasts until it has ended everywhere
/// on Earth is a field of its own.
fn when(when: Option<When>) -> Value {
    json!(when.map(|when| match when {
        When::Day(day) | When::AnywhereOnEarth(day) => day.to_string(),
        When::Instant(_) => when.to_string(),
    }))
}

/// The word for how it stands; a milestone of a closed cycle is not late for ever.
fn state(milestone: &Milestone, seen: &Seen<'_>) -> &'static str {
    if milestone.never_reached && milestone.actual.is_none() {
        return "never reached";
    }
    standing::standing(milestone, seen.now, seen.setting.zone, false).word()
}

#[rustfmt::skip]
pub(super) const FIELDS: &[Field] = &[
    shown("id", "Id", |seen| of(seen, |it| json!(it.id)), Edit::No("an id never changes")),
    shown("cycle", "Cycle", |seen| of(seen, |it| json!(it.cycle)), Edit::No("a milestone keeps its cycle")),
    shown("code", "Code", |seen| of(seen, |it| json!(it.code)), Edit::No("rules name it; add another one")),
    shown("name", "Name", |seen| of(seen, |it| json!(it.name)), Edit::Name),
    shown("rule", "Rule", |seen| of(seen, |it| json!(it.rule)), Edit::Rule),
    shown("planned", "Planned", |seen| of(seen, |it| when(it.planned)), Edit::No("approving the cycle writes it")),
    shown("due", "Current", |seen| of(seen, |it| when(it.due)), MOVE),
    more("aoe", "Anywhere on Earth", |seen| of(seen, |it| json!(matches!(it.due, Some(When::AnywhereOnEarth(_))))), MOVE),
    shown("actual", "Actual", |seen| of(seen, |it| when(it.actual)), Edit::No("`relmate milestone done` writes it")),
    shown("days_left", "Days left", |seen| of(seen, |it| json!(standing::days_left(it, seen.now, seen.setting.zone))), MOVE),
    shown("state", "State", |seen| of(seen, |it| json!(state(it, seen))), MOVE),
    shown("slipped_days", "Slipped", |seen| of(seen, |it| json!(standing::slipped_days(it, seen.setting.zone))), MOVE),
    more("committee", "Committee", |seen| of(seen, |it| json!(it.committee)), Edit::Committee),
    more("owner", "Owner", |seen| of(seen, |it| json!(it.owner)), Edit::Person),
    more("claimed_by", "On it", |seen| of(seen, |it| json!(it.claimed_by)), Edit::No("`relmate claim ID` writes it")),
    more("later", "Not before", |seen| of(seen, |it| json!(it.later)), Edit::No("`relmate later ID --until WHEN` writes it")),
    more("slips", "Slips", |seen| of(seen, |it| json!(it.slips)), MOVE),
    more("source", "Source", |seen| of(seen, |it| json!(it.source)), Edit::No("an import writes it")),
];

fn of_cycle(seen: &Seen<'_>, get: impl Fn(&Cycle) -> Value) -> Value {
    match seen.noun {
        Noun::Cycle(cycle) => get(cycle),
        _ => Value::Null,
    }
}

#[rustfmt::skip]
pub(super) const CYCLE: &[Field] = &[
    shown("name", "Name", |seen| of_cycle(seen, |it| json!(it.name)), Edit::No("milestones name it")),
    shown("state", "State", |seen| of_cycle(seen, |it| json!(it.standing.state)), STEP),
    shown("start", "Start", |seen| of_cycle(seen, |it| when(it.start)), Edit::When),
    shown("release", "Release", |seen| of_cycle(seen, |it| when(it.release)), Edit::When),
    shown("template", "Template", |seen| of_cycle(seen, |it| json!(it.template)), Edit::No("`relmate cycle add --template` writes it")),
    more("decision", "Decision", |seen| of_cycle(seen, |it| json!(it.standing.decision)), STEP),
    more("source", "Source", |seen| of_cycle(seen, |it| json!(it.source)), Edit::No("an import writes it")),
];
