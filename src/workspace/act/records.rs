//! Lessons and improvement actions as records; their rules are elsewhere.

use serde_json::json;

use crate::domain::calendar::spoken;
use crate::domain::kind::Kind;
use crate::domain::noun::Noun;
use crate::domain::retro::action_item::{ActionItem, ActionStanding, ActionState};
use crate::domain::retro::lesson::LessonKind;
use crate::domain::when::When;
use crate::workspace::plan::Plan;
use crate::workspace::refusal::Refusal;

pub fn lesson(
    plan: &mut Plan<'_, '_>,
    kind: LessonKind,
    text: &str,
    about: Option<&str>,
) -> Result<(), Refusal> {
    if text.trim().is_empty() {
        return Err(Refusal::usage(
            "A lesson needs a text.",
            format!("Write `relmate lesson {} TEXT`.", kind.word()),
        ));
    }
    let about = about
        .map(|about| plan.load_any(about))
        .transpose()?
        .map(|it| it.row.id);
    let (entity, id) = plan.create(Kind::Lesson)?;
    plan.put(&entity, "kind_of", &kind)?;
    plan.set(&entity, "text", text)?;
    plan.set_some(&entity, "about", about.as_ref())?;
    plan.set(&entity, "by", plan.actor.name().to_owned())?;
    plan.say(format!("{id} {} {text}", kind.mark()));
    Ok(())
}

/// One vote a person.
pub fn vote(plan: &mut Plan<'_, '_>, id: &str) -> Result<(), Refusal> {
    let loaded = plan.load(Kind::Lesson, id)?;
    let name = plan.actor.name().to_owned();
    let new = plan.add(&loaded.entity, "votes", name.clone())?;
    let votes = match loaded.noun {
        Noun::Lesson(lesson) => lesson.votes.len() + usize::from(new),
        _ => 0,
    };
    let id = loaded.row.id;
    plan.say(if new {
        match votes {
            1 => format!("{id} has 1 vote."),
            _ => format!("{id} has {votes} votes."),
        }
    } else {
        format!("{name} has voted for {id} already.")
    });
    plan.receipt.ids.push(id);
    Ok(())
}

pub fn action_add(
    plan: &mut Plan<'_, '_>,
    text: &str,
    owner: Option<&str>,
    due: Option<When>,
    about: Option<&str>,
) -> Result<(), Refusal> {
    if text.trim().is_empty() {
        return Err(Refusal::usage(
            "An action needs a text.",
            "Write `relmate action add TEXT --owner NAME --due WHEN`.",
        ));
    }
    let owner = owner
        .map(|owner| plan.person(owner))
        .transpose()?
        .map(|it| it.name);
    let about = about
        .map(|about| plan.load_any(about))
        .transpose()?
        .map(|it| it.row.id);
    let day = due
        .map(|due| plan.rules().map(|rules| due.day(&rules.zone)))
        .transpose()?;
    let standing = ActionStanding {
        state: ActionState::Open,
        entered: plan.at(),
        reason: None,
    };
    let (entity, id) = plan.create(Kind::Action)?;
    plan.set(&entity, "text", text)?;
    plan.set_some(&entity, "owner", owner.as_ref())?;
    plan.set_some(&entity, "due", day.as_ref())?;
    plan.set_some(&entity, "about", about.as_ref())?;
    plan.put(&entity, "state", &standing)?;
    let by = day
        .map(|day| format!(", by {}", spoken(day)))
        .unwrap_or_default();
    plan.say(format!(
        "{id}: {text} ({}{by}).",
        owner.as_deref().unwrap_or("nobody yet")
    ));
    if owner.is_none() || day.is_none() {
        plan.warn(format!(
            "{id} lacks an owner or a date; actions without them pile up."
        ));
    }
    Ok(())
}

/// An action ends once.
pub fn unfinished(action: &ActionItem) -> Result<(), Refusal> {
    if action.standing.state == ActionState::Open {
        return Ok(());
    }
    let id = &action.id;
    Err(Refusal::rule(
        format!("{id} is {} already.", action.standing.state.word()),
        format!("`relmate log {id}` says since when."),
    ))
}

/// Done, or dropped with a reason.
pub fn action_end(
    plan: &mut Plan<'_, '_>,
    id: &str,
    state: ActionState,
    reason: Option<&str>,
) -> Result<(), Refusal> {
    let loaded = plan.load(Kind::Action, id)?;
    let Noun::Action(action) = &loaded.noun else {
        return Err(Refusal::not_found(format!("{id} is not an action."), ""));
    };
    let id = action.id.clone();
    unfinished(action)?;
    if state == ActionState::Dropped && reason.is_none_or(|reason| reason.trim().is_empty()) {
        return Err(Refusal::usage(
            "Dropping an action needs a reason.",
            format!("Write `relmate action drop {id} --reason R`."),
        ));
    }
    plan.not_before(&id, action.standing.entered)?;
    let standing = ActionStanding {
        state,
        entered: plan.at(),
        reason: reason.map(str::to_owned),
    };
    plan.set(&loaded.entity, "state", json!(standing))?;
    plan.say(format!("{id} is {}: {}", state.word(), action.text));
    plan.receipt.ids.push(id);
    Ok(())
}
