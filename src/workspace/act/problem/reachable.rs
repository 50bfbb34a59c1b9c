//! Whether a problem may come to a state that one of two managers moved it to: what that step
//! asks for is asked again, now that both managers' work is known.

use serde_json::Value;

use super::around;
use crate::domain::kind::Kind;
use crate::domain::noun::Noun;
use crate::domain::problem::guard::{self, Deed, Judgement};
use crate::domain::problem::report::{Closing, Ending, Problem, ProblemStanding, ProblemState};
use crate::workspace::plan::Plan;
use crate::workspace::refusal::Refusal;

pub fn reachable(plan: &Plan<'_, '_>, problem: &Problem, value: &Value) -> Result<(), Refusal> {
    let Ok(target) = serde_json::from_value::<ProblemStanding>(value.clone()) else {
        return Ok(());
    };
    let state = target.state;
    let mut before = problem.clone();
    before.standing = ProblemStanding {
        state: ProblemState::Triaged,
        ..target
    };
    match state {
        ProblemState::Filed | ProblemState::Triaged => Ok(()),
        ProblemState::Engaged => {
            before.engaged = None;
            Ok(guard::obstacle(Deed::Engage, &before, false)?)
        }
        ProblemState::Fixing => {
            before.successor = None;
            Ok(guard::obstacle(Deed::Fix, &before, false)?)
        }
        ProblemState::Closed => match before.closing.take() {
            Some(closing) => closable(plan, &before, &closing),
            None => Ok(()),
        },
    }
}

/// What the closing asked for, of the problem as both managers left it.
fn closable(plan: &Plan<'_, '_>, problem: &Problem, closing: &Closing) -> Result<(), Refusal> {
    let reader = plan.writing.reader();
    let rules = plan.rules()?;
    let found = around::found(&reader, problem, &rules.zone)?;
    let repeats = closing
        .of
        .as_deref()
        .filter(|_| closing.how == Ending::Duplicate);
    let other = repeats.map(|id| plan.load(Kind::Problem, id)).transpose()?;
    let other = match other.map(|loaded| loaded.noun) {
        Some(Noun::Problem(other)) => Some(*other),
        _ => None,
    };
    let mut problem = problem.clone();
    let lowered = problem.triage.clone().filter(|_| closing.before.is_some());
    if lowered.is_some() {
        problem.triage.clone_from(&closing.before);
    }
    let judgement = match &lowered {
        Some(lowered) => Judgement {
            criticality: Some(lowered.criticality),
            priority: None,
            body: Some(&lowered.body),
            by: Some(&lowered.by),
        },
        None => Judgement {
            criticality: None,
            priority: None,
            body: closing.body.as_deref(),
            by: closing.decided_by.as_deref(),
        },
    };
    let asked = guard::Closing {
        how: Some(closing.how),
        reason: closing.reason.as_deref(),
        of: other.as_ref(),
        version: closing.fixed_in.as_deref(),
        workaround: problem.workaround.as_deref(),
        judgement,
        production: &found.production,
        recalled: found.recalled.as_deref().map_err(String::as_str),
        untold: &found.untold,
        unsent: &found.unsent,
    };
    Ok(guard::close(&problem, &asked, &rules.profile.problem)?)
}
