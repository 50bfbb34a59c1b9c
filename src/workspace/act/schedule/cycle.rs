//! A cycle: drafted, perhaps from a template of the profile, approved, closed.

use serde_json::Value;

use super::near;
use crate::domain::calendar::spoken;
use crate::domain::kind::Kind;
use crate::domain::profile::MilestoneTemplate;
use crate::domain::schedule::cycle::{Cycle, CycleStanding, CycleState};
use crate::domain::schedule::milestone::Milestone;
use crate::domain::schedule::problem::{Problem, Severity};
use crate::domain::schedule::template::{self, Basis};
use crate::domain::schedule::validate;
use crate::ledger::{EntityId, named};
use crate::workspace::action::CycleAdd;
use crate::workspace::plan::{Plan, clean_name};
use crate::workspace::refusal::Refusal;

/// A new cycle, drafted.
pub fn add(plan: &mut Plan<'_, '_>, asked: &CycleAdd) -> Result<(), Refusal> {
    let name = clean_name(&asked.name)?;
    let entity = plan.create_named(Kind::Cycle, &name)?;
    let standing = CycleStanding {
        state: CycleState::Draft,
        entered: plan.at(),
        decision: None,
    };
    plan.put(&entity, "state", &standing)?;
    let Some(template) = &asked.template else {
        plan.set_some(&entity, "start", asked.start.as_ref())?;
        plan.set_some(&entity, "release", asked.release.as_ref())?;
        plan.say(format!(
            "{name} is drafted; add milestones with `relmate milestone add`."
        ));
        return Ok(());
    };
    let profile = plan.whole_profile()?;
    let Some(pattern) = profile.template(template) else {
        let known: Vec<&str> = profile
            .milestones
            .iter()
            .map(|it| it.name.as_str())
            .collect();
        return Err(Refusal::not_found(
            format!("The profile has no milestone template {template}."),
            format!(
                "It has {}.",
                if known.is_empty() {
                    "none".to_owned()
                } else {
                    known.join(", ")
                }
            ),
        ));
    };
    from_template(plan, &entity, &name, pattern, asked)
}

/// Writes the milestones that a template gives.
fn from_template(
    plan: &mut Plan<'_, '_>,
    entity: &EntityId,
    name: &str,
    pattern: &MilestoneTemplate,
    asked: &CycleAdd,
) -> Result<(), Refusal> {
    let basis = match (asked.start, asked.release) {
        (Some(start), _) => Basis::Start(start),
        (None, Some(release)) => Basis::Release(release),
        (None, None) => {
            let template = &pattern.name;
            return Err(Refusal::usage(
                "A template needs a start or a release date to count from.",
                format!("Write `relmate cycle add {name:?} --template {template} --start WHEN`."),
            ));
        }
    };
    let rules = plan.rules()?;
    let (zone, draft) = (
        rules.zone.clone(),
        template::draft(pattern, basis, &rules.calendar, &rules.zone),
    );
    plan.set_some(entity, "start", draft.start.as_ref())?;
    plan.set_some(entity, "release", asked.release.or(draft.release).as_ref())?;
    plan.set(entity, "template", pattern.name.clone())?;
    plan.say(format!(
        "{name} is drafted with {} milestones.",
        draft.milestones.len()
    ));
    for planned in &draft.milestones {
        if let Some(when) = planned.when {
            near(plan, &planned.code, when)?;
        }
        let (milestone, id) = plan.create(Kind::Milestone)?;
        plan.set(&milestone, "cycle", name)?;
        plan.set(&milestone, "code", planned.code.clone())?;
        plan.set(&milestone, "name", planned.name.clone())?;
        plan.set(&milestone, "rule", planned.rule.clone())?;
        plan.put(&milestone, "committee", &planned.committee)?;
        plan.set_some(&milestone, "planned", planned.when.as_ref())?;
        plan.set_some(&milestone, "current", planned.when.as_ref())?;
        let day = planned.when.map(|when| spoken(when.day(&zone)));
        let day = day.as_deref().unwrap_or("no date");
        plan.say(format!("  {id} {} {}: {day}", planned.code, planned.name));
    }
    plan.tell_problems(&draft.problems);
    Ok(())
}

/// A draft without errors.
pub fn approvable(cycle: &Cycle, problems: &[Problem]) -> Result<(), Refusal> {
    let name = &cycle.name;
    if cycle.standing.state != CycleState::Draft {
        return Err(Refusal::rule(
            format!("{name} is {} already.", cycle.standing.state.word()),
            "Later changes are slips: `relmate slip ID --to WHEN --reason R`.",
        ));
    }
    match problems.iter().find(|it| it.severity == Severity::Error) {
        None => Ok(()),
        Some(wrong) => Err(Refusal::rule(
            format!("{name} cannot be approved: {}", wrong.sentence),
            "Mend the schedule first; `relmate list milestones` shows it.",
        )),
    }
}

/// Whether a cycle may come to a state that one of two managers brought it to: its schedule may
/// have been changed by the other.
pub fn reachable(plan: &Plan<'_, '_>, cycle: &Cycle, value: &Value) -> Result<(), Refusal> {
    let Ok(target) = serde_json::from_value::<CycleStanding>(value.clone()) else {
        return Ok(());
    };
    if target.state != CycleState::Approved {
        return Ok(());
    }
    let mut held = plan.held(&cycle.name)?;
    held.cycle.standing.state = CycleState::Draft;
    let problems = validate::validate(&plan.schedule(&held)?);
    approvable(&held.cycle, &problems)
}

/// What stands now is the plan; later moves are slips.
pub fn approve(plan: &mut Plan<'_, '_>, name: &str, decision: Option<&str>) -> Result<(), Refusal> {
    let held = plan.held(name)?;
    let entity = named(Kind::Cycle.word(), &held.cycle.name);
    let problems = validate::validate(&plan.schedule(&held)?);
    approvable(&held.cycle, &problems)?;
    let standing = CycleStanding {
        state: CycleState::Approved,
        entered: plan.at(),
        decision: decision.map(str::to_owned),
    };
    plan.put(&entity, "state", &standing)?;
    for milestone in &held.milestones {
        if let Some(due) = &milestone.due {
            let loaded = plan.load(Kind::Milestone, &milestone.id)?;
            plan.put(&loaded.entity, "planned", due)?;
        }
    }
    plan.receipt.ids.push(held.cycle.name.clone());
    plan.say(format!(
        "{} is approved; from now on a move is a slip with a reason.",
        held.cycle.name
    ));
    if decision.is_none() {
        plan.warn("No decision was named; `--decision LINK` keeps where it is written down.");
    }
    plan.tell_problems(&problems);
    Ok(())
}

/// A cycle ends once.
pub fn not_closed(cycle: &Cycle) -> Result<(), Refusal> {
    if cycle.standing.state == CycleState::Closed {
        return Err(Refusal::rule(
            format!("{} is closed already.", cycle.name),
            "",
        ));
    }
    Ok(())
}

/// A cycle that is over.
pub fn close(plan: &mut Plan<'_, '_>, name: &str) -> Result<(), Refusal> {
    let held = plan.held(name)?;
    not_closed(&held.cycle)?;
    let entity = named(Kind::Cycle.word(), &held.cycle.name);
    let open: Vec<&Milestone> = held
        .milestones
        .iter()
        .filter(|it| it.actual.is_none())
        .collect();
    for milestone in &open {
        let loaded = plan.load(Kind::Milestone, &milestone.id)?;
        plan.set(&loaded.entity, "never_reached", true)?;
    }
    let standing = CycleStanding {
        state: CycleState::Closed,
        entered: plan.at(),
        ..held.cycle.standing
    };
    plan.put(&entity, "state", &standing)?;
    plan.receipt.ids.push(held.cycle.name.clone());
    plan.say(format!("{} is closed.", held.cycle.name));
    if !open.is_empty() {
        let codes: Vec<&str> = open.iter().map(|it| it.code.as_str()).collect();
        plan.warn(format!("Never reached: {}.", codes.join(", ")));
    }
    Ok(())
}
