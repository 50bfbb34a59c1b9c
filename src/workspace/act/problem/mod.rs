//! What is done about problems and known errors. Guards and rules are the domain's.

pub mod around;
mod close;
mod error;
mod file;
mod reachable;
#[cfg(test)]
mod tests;
mod walk;

use serde_json::{Value, json};

use super::letters::{Draft, To};
use crate::domain::kind::Kind;
use crate::domain::message::MessageKind;
use crate::domain::noun::Noun;
use crate::domain::problem::affected::affected;
use crate::domain::problem::guard::{self, Deed};
use crate::domain::problem::report::{
    Advisory, Criticality, Problem, ProblemStanding, ProblemState,
};
use crate::ledger::EntityId;
use crate::store::Reader;
use crate::workspace::action::ProblemAction;
use crate::workspace::look::gate::{self, Way};
use crate::workspace::plan::Plan;
use crate::workspace::refusal::Refusal;

pub use error::unfixed;
pub use reachable::reachable;

pub fn run(plan: &mut Plan<'_, '_>, action: &ProblemAction) -> Result<(), Refusal> {
    match action {
        ProblemAction::File(asked) => file::file(plan, asked),
        ProblemAction::Triage(asked) => walk::triage(plan, asked),
        ProblemAction::Engage { id, whom, text } => {
            walk::engage(plan, id, whom.as_deref(), text.as_deref())
        }
        ProblemAction::Halt { id, reason, scope } => {
            walk::halt(plan, id, reason.as_deref(), scope.as_deref())
        }
        ProblemAction::Fix(asked) => walk::fix(plan, asked),
        ProblemAction::Tell { id, sites, advice } => walk::tell(plan, id, sites, *advice),
        ProblemAction::Close(asked) => close::close(plan, asked),
        ProblemAction::ErrorAdd(asked) => error::add(plan, asked),
        ProblemAction::ErrorFix { id, version } => error::fix(plan, id, version.as_deref()),
    }
}

/// A problem that passed the guards of its place.
struct Held {
    entity: EntityId,
    problem: Problem,
}

/// Loads a problem to which a deed is open.
fn held(plan: &Plan<'_, '_>, id: &str, deed: Deed) -> Result<Held, Refusal> {
    let loaded = plan.load(Kind::Problem, id)?;
    let Noun::Problem(problem) = loaded.noun else {
        return Err(Refusal::not_found(format!("{id} is not a problem."), ""));
    };
    gate::open(&plan.writing.reader(), &loaded.row, Way::from(deed))?;
    guard::obstacle(deed, &problem, loaded.row.contested)?;
    plan.not_before(&problem.id, problem.standing.entered)?;
    Ok(Held {
        entity: loaded.entity,
        problem: *problem,
    })
}

/// A problem that somebody has judged is closed, never taken off the desk (DOMAIN.md C3).
pub fn not_in_silence(reader: &Reader<'_>, id: &str) -> Result<(), Refusal> {
    let row = reader.record(Some(Kind::Problem), id)?;
    match row.map(|row| row.noun()).transpose()?.flatten() {
        Some(Noun::Problem(problem)) if problem.triage.is_some() => Err(Refusal::rule(
            format!("{id} stays: it is {}.", guard::stands(&problem)),
            format!("`relmate problem close {id}` says how it ended."),
        )),
        _ => Ok(()),
    }
}

/// What was judged was judged of one version; a problem that named none may still name it.
pub fn version_stays(noun: &Noun, field: &str) -> Result<(), Refusal> {
    match noun {
        Noun::Problem(it) if field == "version" && it.triage.is_some() && it.version.is_some() => {
            Err(Refusal::rule(
                format!(
                    "{} is {}, as a problem of {}.",
                    it.id,
                    guard::stands(it),
                    it.label()
                ),
                "A problem with another version is filed as one of its own: `relmate problem file`.",
            ))
        }
        _ => Ok(()),
    }
}

/// Moves a problem on; what was put off comes back.
fn enter(plan: &mut Plan<'_, '_>, held: &Held, state: ProblemState) -> Result<(), Refusal> {
    let standing = ProblemStanding {
        state,
        entered: plan.at(),
        by: plan.actor.name().to_owned(),
    };
    plan.put(&held.entity, "state", &standing)?;
    plan.clear(&held.entity, "later")?;
    plan.receipt.ids.insert(0, held.problem.id.clone());
    Ok(())
}

/// Writes who runs the bad version as far as is known now, and keeps it in the problem.
fn look_around(plan: &mut Plan<'_, '_>, held: &mut Held) -> Result<(), Refusal> {
    let around = around::of(&plan.writing.reader(), &held.problem)?;
    let now = affected(&held.problem, &around, &plan.rules()?.zone);
    for site in &now {
        plan.add(&held.entity, "affected", site.as_str())?;
    }
    let told = &held.problem.told;
    let gone = |site: &&String| !now.contains(*site) && !told.contains_key(*site);
    let gone: Vec<String> = held.problem.affected.iter().filter(gone).cloned().collect();
    for site in &gone {
        plan.remove(&held.entity, "affected", site.as_str())?;
    }
    held.problem.affected.retain(|site| !gone.contains(site));
    for site in now {
        if !held.problem.affected.contains(&site) {
            held.problem.affected.push(site);
        }
    }
    held.problem.affected.sort();
    Ok(())
}

/// An advisory is named with its risk class, or not at all.
fn advisory(id: Option<&str>, risk: Option<Criticality>) -> Result<Option<Advisory>, Refusal> {
    match (id.map(str::trim).filter(|id| !id.is_empty()), risk) {
        (None, None) => Ok(None),
        (Some(id), Some(risk)) => Ok(Some(Advisory {
            id: id.to_owned(),
            risk,
        })),
        (Some(id), None) => Err(Refusal::usage(
            format!("The risk class of {id} is missing."),
            "Give --risk critical, high, moderate or low.",
        )),
        (None, Some(_)) => Err(Refusal::usage(
            "A risk class belongs to an advisory, and none is named.",
            "Give --advisory ID.",
        )),
    }
}

/// What every text about a problem says; nothing of where a site was in a rollout.
fn facts(problem: &Problem) -> Value {
    json!({
        "product": problem.product,
        "version": problem.version,
        "text": problem.text,
    })
}

/// Drafts a text about a problem; returns its id.
fn letter(
    plan: &mut Plan<'_, '_>,
    kind: MessageKind,
    to: To<'_>,
    problem: &Problem,
    facts: Value,
) -> Result<String, Refusal> {
    plan.draft_letter(Draft {
        kind,
        to,
        product: &problem.product,
        channel_id: Some(&problem.channel_id),
        about: vec![problem.id.clone()],
        facts,
        trigger: String::new(),
    })
}
