//! Milestones: what is added, moved and done. What a move drags along is worked
//! out by the schedule's own rules and written as one step.

use chrono::Datelike as _;
use serde_json::json;

use crate::domain::calendar::spoken;
use crate::domain::kind::Kind;
use crate::domain::noun::Noun;
use crate::domain::schedule::cycle::CycleState;
use crate::domain::schedule::milestone::{Milestone, Slip};
use crate::domain::schedule::plan::Plan as Schedule;
use crate::domain::schedule::problem::{Problem, ProblemKind, Severity};
use crate::domain::schedule::ripple::{self, Ripple};
use crate::domain::schedule::rule::{Rule, is_code};
use crate::domain::schedule::{resolve, validate};
use crate::domain::when::When;
use crate::ledger::{EntityId, named};
use crate::workspace::action::MilestoneAdd;
use crate::workspace::plan::Plan;
use crate::workspace::receipt::MoveLine;
use crate::workspace::refusal::Refusal;

/// Errors stop a new rule; what is merely unlucky is told.
fn refuse_errors(problems: &[Problem]) -> Result<(), Refusal> {
    let wrong = problems
        .iter()
        .find(|it| it.severity == Severity::Error && it.code != ProblemKind::NoDate);
    match wrong {
        None => Ok(()),
        Some(problem) => Err(Refusal::rule(
            problem.sentence.clone(),
            "A rule reads `M1 + 10 weeks`, `release - 14 days` or `M3 + 5 working days`.",
        )),
    }
}

pub fn milestone_add(plan: &mut Plan<'_, '_>, asked: &MilestoneAdd) -> Result<(), Refusal> {
    let cycle = plan.cycle_or_only(asked.cycle.as_deref())?;
    let mut held = plan.held(&cycle)?;
    let code = asked.code.trim();
    if !is_code(code) {
        return Err(Refusal::usage(
            format!("{code:?} cannot be a milestone's code."),
            "Use letters, digits, dots and dashes: `M3`, `RC-0`.",
        ));
    }
    if plan.schedule(&held)?.find(code).is_some() {
        return Err(Refusal::rule(
            format!("{cycle} has a milestone {code} already."),
            "Give another code, or move that one with `relmate milestone move`.",
        ));
    }
    let rule = asked.rule.as_deref().map(read_rule).transpose()?;
    let date = match (asked.date, &rule) {
        (Some(date), _) => Some(date),
        (None, Some(rule)) => rule_date(&plan.schedule(&held)?, rule)?,
        (None, None) => {
            return Err(Refusal::usage(
                "A milestone needs a date or a rule.",
                format!(
                    "Write `relmate milestone add {code} --on WHEN` or `--rule \"M1 + 2 weeks\"`."
                ),
            ));
        }
    };
    if let Some(date) = date {
        near(plan, code, date)?;
    }
    let milestone = new_milestone(asked, &cycle, rule.as_ref(), date);
    held.milestones.push(milestone.clone());
    let problems: Vec<Problem> = validate::validate(&plan.schedule(&held)?)
        .into_iter()
        .filter(|problem| {
            problem
                .milestones
                .iter()
                .any(|it| it.eq_ignore_ascii_case(code))
        })
        .collect();
    refuse_errors(&problems)?;
    let (entity, id) = plan.create(Kind::Milestone)?;
    write_milestone(plan, &entity, &milestone)?;
    let day = plan
        .rules()
        .map(|rules| date.map(|date| spoken(date.day(&rules.zone))))?;
    plan.say(format!(
        "{id}: {code} {}, {}.",
        milestone.name,
        day.as_deref().unwrap_or("no date yet")
    ));
    plan.tell_problems(&problems);
    Ok(())
}

fn new_milestone(
    asked: &MilestoneAdd,
    cycle: &str,
    rule: Option<&Rule>,
    date: Option<When>,
) -> Milestone {
    let code = asked.code.trim().to_owned();
    Milestone {
        id: "M-new".to_owned(),
        cycle: cycle.to_owned(),
        name: asked.name.clone().unwrap_or_else(|| code.clone()),
        code,
        rule: rule.map(ToString::to_string),
        planned: date,
        due: date,
        actual: None,
        committee: asked.committee,
        owner: asked.owner.clone(),
        claimed_by: None,
        later: None,
        slips: Vec::new(),
        source: None,
        deleted: false,
    }
}

fn write_milestone(
    plan: &mut Plan<'_, '_>,
    entity: &EntityId,
    milestone: &Milestone,
) -> Result<(), Refusal> {
    plan.set(entity, "cycle", milestone.cycle.clone())?;
    plan.set(entity, "code", milestone.code.clone())?;
    plan.set(entity, "name", milestone.name.clone())?;
    plan.set_some(entity, "rule", milestone.rule.as_ref())?;
    plan.set_some(entity, "planned", milestone.planned.as_ref())?;
    plan.set_some(entity, "current", milestone.due.as_ref())?;
    plan.put(entity, "committee", &milestone.committee)?;
    if let Some(owner) = &milestone.owner {
        let owner = plan.person(owner)?.name;
        plan.set(entity, "owner", owner)?;
    }
    Ok(())
}

/// A date that cannot be written with four digits of a year is a slip of the keyboard.
pub(super) fn near(plan: &Plan<'_, '_>, code: &str, when: When) -> Result<(), Refusal> {
    let year = when.day(&plan.rules()?.zone).year();
    if (1..=9999).contains(&year) {
        return Ok(());
    }
    Err(Refusal::usage(
        format!("{code} would fall in the year {year}, which is too far away."),
        "Give a nearer date or a shorter rule.",
    ))
}

/// A rule's text, or a sentence about what is wrong with it.
pub fn read_rule(text: &str) -> Result<Rule, Refusal> {
    text.parse::<Rule>()
        .map_err(|error| Refusal::usage(error.to_string(), error.hint()))
}

fn rule_date(schedule: &Schedule<'_>, rule: &Rule) -> Result<Option<When>, Refusal> {
    match resolve::rule_day(schedule, rule) {
        Ok((day, _)) => Ok(Some(When::Day(day))),
        Err(problem) if problem.code == ProblemKind::NoDate => Ok(None),
        Err(problem) => Err(Refusal::rule(
            problem.sentence,
            "A rule counts from `start`, `release` or a milestone of the same cycle.",
        )),
    }
}

/// Moves a milestone and what hangs on it. On an approved schedule a move is a
/// slip and needs its reason.
pub fn milestone_move(
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
    if milestone.actual.is_some() {
        return Err(Refusal::rule(
            format!("{id} {} is done and does not move.", milestone.code),
            format!("`relmate undo {id}` takes that back."),
        ));
    }
    let held = plan.held(&milestone.cycle)?;
    let reason = reason.map(str::trim).filter(|reason| !reason.is_empty());
    let slips = held.cycle.standing.state != CycleState::Draft;
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

pub fn milestone_done(plan: &mut Plan<'_, '_>, id: &str) -> Result<(), Refusal> {
    let loaded = plan.load(Kind::Milestone, id)?;
    let Noun::Milestone(milestone) = loaded.noun else {
        return Err(Refusal::not_found(format!("{id} is not a milestone."), ""));
    };
    if milestone.actual.is_some() {
        return Err(Refusal::rule(
            format!("{} {} is done already.", milestone.id, milestone.code),
            format!("`relmate undo {}` takes that back.", milestone.id),
        ));
    }
    // A day's milestone is done on a day, not at a second.
    let actual = match (milestone.due, plan.time.at) {
        (Some(When::Instant(_)), _) | (_, Some(_)) => plan.at(),
        _ => When::Day(plan.day()?),
    };
    plan.put(&loaded.entity, "actual", &actual)?;
    plan.clear(&loaded.entity, "later")?;
    let day = plan.day()?;
    let late = milestone.due.map(|due| {
        plan.rules()
            .map(|rules| (day - due.day(&rules.zone)).num_days())
    });
    let note = match late.transpose()? {
        Some(late) if late > 0 => format!(", {late} d late"),
        Some(early) if early < 0 => format!(", {} d early", -early),
        _ => ", on time".to_owned(),
    };
    plan.say(format!(
        "{} {} is done{note}.",
        milestone.id, milestone.code
    ));
    plan.receipt.ids.push(milestone.id);
    Ok(())
}
