//! A move of a milestone, with its reason, and of everything it drags along.

use serde_json::json;

use super::near;
use crate::domain::calendar::spoken;
use crate::domain::kind::Kind;
use crate::domain::noun::Noun;
use crate::domain::schedule::milestone::{Milestone, Slip};
use crate::domain::schedule::ripple::{self, Ripple};
use crate::domain::when::When;
use crate::ledger::named;
use crate::workspace::plan::Plan;
use crate::workspace::receipt::MoveLine;
use crate::workspace::refusal::Refusal;

/// Moves a milestone and what hangs on it. On an approved schedule a move is a
/// slip and needs its reason.
pub fn slip(
    plan: &mut Plan<'_, '_>,
    id: &str,
    to: When,
    reason: Option<&str>,
) -> Result<(), Refusal> {
    let loaded = plan.load(Kind::Milestone, id)?;
    let Noun::Milestone(milestone) = loaded.noun else {
        return Err(Refusal::not_found(format!("{id} is not a milestone."), ""));
    };
    let id = milestone.id.clone();
    movable(&milestone)?;
    let held = plan.held(&milestone.cycle)?;
    let reason = reason.map(str::trim).filter(|reason| !reason.is_empty());
    let slips = held.cycle.standing.state.moves_are_slips();
    if slips && reason.is_none() {
        return Err(Refusal::usage(
            format!(
                "{} is {}, so moving {id} needs a reason.",
                held.cycle.name,
                held.cycle.standing.state.word()
            ),
            format!("Write `relmate slip {id} --to WHEN --reason R`."),
        ));
    }
    let ripple = ripple::preview(&plan.schedule(&held)?, &milestone.code, to);
    if ripple
        .moves
        .iter()
        .all(|it| it.by_days == 0 && it.from == Some(it.to))
    {
        plan.say(format!("{id} {} stands there already.", milestone.code));
        plan.receipt.ids.push(id);
        return Ok(());
    }
    for moved in &ripple.moves {
        near(plan, &moved.code, moved.to)?;
    }
    tell(plan, &ripple)?;
    write_moves(plan, &ripple, reason.unwrap_or("drafting the schedule"))?;
    if let Some(moved) = &ripple.cycle {
        let cycle = named(Kind::Cycle.word(), &held.cycle.name);
        let field = format!("{:?}", moved.anchor).to_lowercase();
        plan.put(&cycle, &field, &moved.to)?;
    }
    plan.tell_problems(&ripple.problems);
    Ok(())
}

/// What is done stays where it is.
pub fn movable(milestone: &Milestone) -> Result<(), Refusal> {
    if milestone.actual.is_none() {
        return Ok(());
    }
    let id = &milestone.id;
    Err(Refusal::rule(
        format!("{id} {} is done and does not move.", milestone.code),
        format!("`relmate undo {id}` takes that back."),
    ))
}

fn write_moves(plan: &mut Plan<'_, '_>, ripple: &Ripple, reason: &str) -> Result<(), Refusal> {
    let (by, on) = (plan.actor.name().to_owned(), plan.at());
    for moved in &ripple.moves {
        let loaded = plan.load(Kind::Milestone, &moved.id)?;
        plan.put(&loaded.entity, "current", &moved.to)?;
        let slip = Slip {
            from: moved.from,
            to: moved.to,
            reason: reason.to_owned(),
            dragged_by: moved.dragged_by.clone(),
            by: by.clone(),
            on,
        };
        plan.event(&loaded.entity, "slip", json!(slip));
        plan.receipt.ids.push(moved.id.clone());
    }
    Ok(())
}

fn tell(plan: &mut Plan<'_, '_>, ripple: &Ripple) -> Result<(), Refusal> {
    let zone = plan.rules()?.zone.clone();
    let shown = |when: When| spoken(when.day(&zone));
    for moved in &ripple.moves {
        let from = moved.from.map(shown);
        let drag = moved
            .dragged_by
            .as_ref()
            .map(|code| format!(", dragged by {code}"));
        plan.say(format!(
            "{} {} {}: {} → {} ({:+} d{})",
            moved.id,
            moved.code,
            moved.name,
            from.as_deref().unwrap_or("no date"),
            shown(moved.to),
            moved.by_days,
            drag.as_deref().unwrap_or_default(),
        ));
        plan.receipt.moves.push(MoveLine {
            id: moved.id.clone(),
            code: moved.code.clone(),
            name: moved.name.clone(),
            from: moved.from.map(|when| when.to_string()),
            to: Some(moved.to.to_string()),
            by_days: moved.by_days,
            note: moved
                .dragged_by
                .clone()
                .map(|code| format!("dragged by {code}")),
        });
    }
    for stay in &ripple.stays {
        plan.say(format!("{} {} stays: {}.", stay.id, stay.code, stay.why));
    }
    Ok(())
}
