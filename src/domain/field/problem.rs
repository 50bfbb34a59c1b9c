//! The fields of problems and of known errors.

use serde_json::{Value, json};

use super::{Edit, Field, Seen, internal, more, shown};
use crate::domain::noun::Noun;
use crate::domain::problem::known_error::KnownError;
use crate::domain::problem::report::{Closing, Problem, Triage};
use crate::domain::problem::walk;

const ID: Edit = Edit::No("an id never changes");
const FILED: Edit = Edit::No("`relmate problem file` writes it");
const TRIAGE: Edit = Edit::No("`relmate problem triage` writes it");

fn of(seen: &Seen<'_>, get: impl Fn(&Problem) -> Value) -> Value {
    match seen.noun {
        Noun::Problem(problem) => get(problem),
        _ => Value::Null,
    }
}

const WALK: Edit = Edit::No("the walk of the problem writes it");
const CLOSED: Edit = Edit::No("`relmate problem close` writes it");

/// A part of what was decided on triage.
fn decided(seen: &Seen<'_>, get: impl Fn(&Triage) -> Value) -> Value {
    of(seen, |it| it.triage.as_ref().map_or(Value::Null, &get))
}

/// A part of how it was ended.
fn ended(seen: &Seen<'_>, get: impl Fn(&Closing) -> Value) -> Value {
    of(seen, |it| it.closing.as_ref().map_or(Value::Null, &get))
}

/// By when its advisory wants a fix.
fn target(seen: &Seen<'_>) -> Value {
    of(seen, |it| {
        let advisory = it.advisory.as_ref();
        json!(advisory.and_then(|advisory| walk::target(advisory, it.filed(), seen.setting)))
    })
}

fn due(seen: &Seen<'_>) -> Value {
    of(seen, |it| {
        json!(walk::most_urgent(it, seen.setting).and_then(|(_, due)| due))
    })
}

/// The step that is open, as a person would say what is to be done.
fn step(seen: &Seen<'_>) -> Value {
    of(seen, |it| {
        json!(walk::most_urgent(it, seen.setting).map(|(open, _)| open.step.phrase()))
    })
}

// What would tell where in a rollout a site was is for the managers alone: no export
// has it.
#[rustfmt::skip]
pub(super) const PROBLEM: &[Field] = &[
    shown("id", "Id", |seen| of(seen, |it| json!(it.id)), ID),
    shown("channel_id", "Helpdesk id", |seen| of(seen, |it| json!(it.channel_id)), FILED),
    shown("product", "Product", |seen| of(seen, |it| json!(it.product)), FILED),
    shown("version", "Version", |seen| of(seen, |it| json!(it.version)), Edit::Text),
    internal("ticket", "Ticket", |seen| of(seen, |it| json!(it.ticket)), FILED),
    internal("announcement", "Announcement", |seen| of(seen, |it| json!(it.announcement)), FILED),
    shown("site", "Site", |seen| of(seen, |it| json!(it.site)), FILED),
    internal("stage", "Stage", |seen| of(seen, |it| json!(it.stage)), FILED),
    shown("state", "State", |seen| of(seen, |it| json!(it.standing.state)), Edit::No("the walk of the problem moves it")),
    shown("criticality", "Criticality", |seen| decided(seen, |it| json!(it.criticality)), TRIAGE),
    more("priority", "Priority", |seen| decided(seen, |it| json!(it.priority)), TRIAGE),
    more("body", "Decided in", |seen| decided(seen, |it| json!(it.body)), TRIAGE),
    more("decided_by", "Decided by", |seen| decided(seen, |it| json!(it.by)), TRIAGE),
    more("decided", "Decided", |seen| decided(seen, |it| json!(it.at)), TRIAGE),
    shown("text", "What is wrong", |seen| of(seen, |it| json!(it.text)), Edit::Name),
    more("filed", "Filed", |seen| of(seen, |it| json!(it.filed())), FILED),
    shown("due", "Due", due, Edit::No("the walk and the profile say it")),
    more("step", "Next step", step, WALK),
    more("engaged", "Provider engaged", |seen| of(seen, |it| json!(it.engaged.as_ref().map(|it| it.at))), Edit::No("`relmate problem engage` writes it")),
    more("engaged_with", "Engaged", |seen| of(seen, |it| json!(it.engaged.as_ref().map(|it| &it.whom))), Edit::No("`relmate problem engage` writes it")),
    internal("halted", "Rollout halted", |seen| of(seen, |it| json!(it.halt.as_ref().map(|it| it.at))), Edit::No("`relmate problem halt` writes it")),
    internal("halt_scope", "Halted for", |seen| of(seen, |it| json!(it.halt.as_ref().map(|it| &it.scope))), Edit::No("`relmate problem halt` writes it")),
    internal("halt_reason", "Halted because", |seen| of(seen, |it| json!(it.halt.as_ref().map(|it| &it.reason))), Edit::No("`relmate problem halt` writes it")),
    more("successor", "Fixed by", |seen| of(seen, |it| json!(it.successor.as_ref().map(|it| &it.id))), Edit::No("`relmate problem fix` writes it")),
    more("affected", "Runs it", |seen| of(seen, |it| json!(it.affected)), WALK),
    more("told", "Was told", |seen| of(seen, |it| json!(it.told.keys().collect::<Vec<_>>())), Edit::No("`relmate problem tell` writes it")),
    more("untold", "To be told", |seen| of(seen, |it| json!(it.untold().collect::<Vec<_>>())), Edit::No("`relmate problem tell` writes it")),
    more("workaround", "Workaround", |seen| of(seen, |it| json!(it.workaround)), Edit::Text),
    more("known_error", "Known error", |seen| of(seen, |it| json!(it.known_error)), Edit::No("`relmate error add` writes it")),
    more("advisory", "Advisory", |seen| of(seen, |it| json!(it.advisory.as_ref().map(|it| &it.id))), TRIAGE),
    more("risk", "Risk class", |seen| of(seen, |it| json!(it.advisory.as_ref().map(|it| it.risk))), TRIAGE),
    more("target", "Fix wanted by", target, Edit::No("the risk class and the profile say it")),
    more("closed_as", "Closed as", |seen| ended(seen, |it| json!(it.how)), CLOSED),
    more("closed", "Closed", |seen| ended(seen, |it| json!(it.at)), CLOSED),
    more("closed_by", "Closed by", |seen| ended(seen, |it| json!(it.by)), CLOSED),
    more("closing_reason", "Closed because", |seen| ended(seen, |it| json!(it.reason)), CLOSED),
    more("closed_with", "Closed with", |seen| ended(seen, |it| json!(it.of)), CLOSED),
    more("fixed_in", "Fixed in", |seen| ended(seen, |it| json!(it.fixed_in)), CLOSED),
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
    more("source", "Found in", |seen| error(seen, |it| json!(it.source)), Edit::No("`relmate error add` writes it")),
    more("advisory", "Advisory", |seen| error(seen, |it| json!(it.advisory.as_ref().map(|it| &it.id))), Edit::No("`relmate error add` writes it")),
    more("risk", "Risk class", |seen| error(seen, |it| json!(it.advisory.as_ref().map(|it| it.risk))), Edit::No("`relmate error add` writes it")),
    more("due", "Fix wanted by", |seen| error(seen, |it| json!(walk::error_due(it, seen.setting))), Edit::No("the risk class and the profile say it")),
    more("found", "Since", |seen| error(seen, |it| json!(it.since())), Edit::No("`relmate error add` writes it")),
    more("fixed_in", "Fixed in", |seen| error(seen, |it| json!(it.fixed_in)), Edit::No("`relmate error fix` writes it")),
    more("problem", "Problem", |seen| error(seen, |it| json!(it.problem)), Edit::No("`relmate error add` writes it")),
    more("owner", "Owner", |seen| error(seen, |it| json!(it.owner)), Edit::Person),
];
