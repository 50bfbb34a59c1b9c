//! A milestone: added with a date or a rule, given another rule, done.

use super::{near, refuse_errors};
use crate::domain::calendar::spoken;
use crate::domain::kind::Kind;
use crate::domain::noun::Noun;
use crate::domain::schedule::milestone::Milestone;
use crate::domain::schedule::plan::Plan as Schedule;
use crate::domain::schedule::problem::{Problem, ProblemKind};
use crate::domain::schedule::rule::{Rule, is_code};
use crate::domain::schedule::{resolve, validate};
use crate::domain::when::When;
use crate::ledger::EntityId;
use crate::workspace::action::MilestoneAdd;
use crate::workspace::plan::Plan;
use crate::workspace::refusal::Refusal;

/// A new milestone of a cycle.
pub fn add(plan: &mut Plan<'_, '_>, asked: &MilestoneAdd) -> Result<(), Refusal> {
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
        never_reached: false,
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

/// A rule's text, or a sentence about what is wrong with it.
pub fn read_rule(text: &str) -> Result<Rule, Refusal> {
    text.parse::<Rule>()
        .map_err(|error| Refusal::usage(error.to_string(), error.hint()))
}

/// Whether a milestone can have this rule: it names what exists and runs in no
/// circle. The date stays; what the rule would give is told.
pub fn rule_fits(
    plan: &mut Plan<'_, '_>,
    milestone: &Milestone,
    rule: Option<&str>,
) -> Result<(), Refusal> {
    let mut held = plan.held(&milestone.cycle)?;
    for known in &mut held.milestones {
        if known.id == milestone.id {
            known.rule = rule.map(str::to_owned);
        }
    }
    let schedule = plan.schedule(&held)?;
    let mut problems = validate::validate(&schedule);
    problems.retain(|problem| {
        problem.code != ProblemKind::OutOfOrder && problem.milestones.contains(&milestone.code)
    });
    refuse_errors(&problems)?;
    let Some(rule) = rule else { return Ok(()) };
    let given = rule_date(&schedule, &read_rule(rule)?)?;
    let zone = &plan.rules()?.zone;
    let (now, then) = (
        milestone.due.map(|when| when.day(zone)),
        given.map(|when| when.day(zone)),
    );
    if let Some(then) = then.filter(|then| Some(*then) != now) {
        plan.warn(format!(
            "{} keeps its date; the rule would give {}. Move it with `relmate milestone move`.",
            milestone.id,
            spoken(then)
        ));
    }
    Ok(())
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

/// A milestone is reached once.
pub fn not_done(milestone: &Milestone) -> Result<(), Refusal> {
    if milestone.actual.is_none() {
        return Ok(());
    }
    Err(Refusal::rule(
        format!("{} {} is done already.", milestone.id, milestone.code),
        format!("`relmate undo {}` takes that back.", milestone.id),
    ))
}

/// A milestone that was reached.
pub fn done(plan: &mut Plan<'_, '_>, id: &str) -> Result<(), Refusal> {
    let loaded = plan.load(Kind::Milestone, id)?;
    let Noun::Milestone(milestone) = loaded.noun else {
        return Err(Refusal::not_found(format!("{id} is not a milestone."), ""));
    };
    not_done(&milestone)?;
    // A day's milestone is done on a day, not at a second.
    let actual = match (milestone.due, plan.time.at) {
        (Some(When::Instant(_)), _) | (_, Some(_)) => plan.at(),
        _ => When::Day(plan.day()?),
    };
    plan.put(&loaded.entity, "actual", &actual)?;
    plan.clear(&loaded.entity, "later")?;
    let day = plan.day()?;
    // Judged by the approved date, as everywhere: a slip does not make it on time.
    let late = milestone.planned.or(milestone.due).map(|due| {
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
