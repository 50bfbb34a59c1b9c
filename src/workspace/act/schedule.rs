//! Cycles and milestones: what is added, approved, moved and done. What a move
//! drags along is worked out by the schedule's own rules and written as one step.

use serde_json::json;

use crate::domain::calendar::spoken;
use crate::domain::kind::Kind;
use crate::domain::noun::Noun;
use crate::domain::profile::MilestoneTemplate;
use crate::domain::schedule::cycle::{Cycle, CycleStanding, CycleState};
use crate::domain::schedule::milestone::{Milestone, Slip};
use crate::domain::schedule::plan::Plan as Schedule;
use crate::domain::schedule::problem::{Problem, ProblemKind, Severity};
use crate::domain::schedule::ripple::{self, Ripple};
use crate::domain::schedule::rule::{Rule, is_code};
use crate::domain::schedule::template::{self, Basis};
use crate::domain::schedule::{resolve, validate};
use crate::domain::when::When;
use crate::ledger::{EntityId, named};
use crate::workspace::action::{CycleAdd, MilestoneAdd};
use crate::workspace::plan::{Plan, clean_name};
use crate::workspace::receipt::MoveLine;
use crate::workspace::refusal::Refusal;

/// A cycle with its milestones, as stored.
struct Held {
    cycle: Cycle,
    milestones: Vec<Milestone>,
    release_code: Option<String>,
}

impl Plan<'_, '_> {
    fn held(&self, name: &str) -> Result<Held, Refusal> {
        let row = self.load(Kind::Cycle, name)?;
        let Noun::Cycle(cycle) = row.noun else {
            return Err(Refusal::not_found(format!("{name} is not a cycle."), ""));
        };
        let mut milestones = Vec::new();
        for row in self
            .writing
            .reader()
            .children(Kind::Milestone, &cycle.name)?
        {
            if let Some(Noun::Milestone(milestone)) = row.noun()? {
                milestones.push(milestone);
            }
        }
        let profile = self.whole_profile()?;
        let release_code = cycle
            .template
            .as_deref()
            .and_then(|name| profile.template(name))
            .and_then(|template| template.release.clone());
        Ok(Held {
            cycle,
            milestones,
            release_code,
        })
    }

    fn schedule<'a>(&'a self, held: &'a Held) -> Result<Schedule<'a>, Refusal> {
        let rules = self.rules()?;
        Ok(Schedule {
            cycle: &held.cycle,
            milestones: &held.milestones,
            release_code: held.release_code.as_deref(),
            calendar: &rules.calendar,
            zone: &rules.zone,
        })
    }

    /// The one open cycle, when none was named.
    fn cycle_or_only(&self, name: Option<&str>) -> Result<String, Refusal> {
        if let Some(name) = name {
            return Ok(self.load(Kind::Cycle, name)?.row.id);
        }
        let mut open = self.writing.reader().first_open(Kind::Cycle, 2)?;
        match open.len() {
            1 => Ok(open.remove(0).id),
            0 => Err(Refusal::usage(
                "There is no open cycle.",
                "Start one with `relmate cycle add NAME --start WHEN --template meta-release`.",
            )),
            _ => Err(Refusal::usage(
                "More than one cycle is open.",
                "Name one with --cycle.",
            )),
        }
    }

    fn tell_problems(&mut self, problems: &[Problem]) {
        for problem in problems {
            self.warn(format!("{} ({})", problem.sentence, problem.code.word()));
        }
    }
}

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

pub fn cycle_add(plan: &mut Plan<'_, '_>, asked: &CycleAdd) -> Result<(), Refusal> {
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

/// What stands now is the plan; later moves are slips.
pub fn cycle_approve(
    plan: &mut Plan<'_, '_>,
    name: &str,
    decision: Option<&str>,
) -> Result<(), Refusal> {
    let held = plan.held(name)?;
    let entity = named(Kind::Cycle.word(), &held.cycle.name);
    if held.cycle.standing.state != CycleState::Draft {
        return Err(Refusal::rule(
            format!(
                "{} is {} already.",
                held.cycle.name,
                held.cycle.standing.state.word()
            ),
            "Later changes are slips: `relmate slip ID --to WHEN --reason R`.",
        ));
    }
    let problems = validate::validate(&plan.schedule(&held)?);
    if let Some(wrong) = problems.iter().find(|it| it.severity == Severity::Error) {
        return Err(Refusal::rule(
            format!("{} cannot be approved: {}", held.cycle.name, wrong.sentence),
            "Mend the schedule first; `relmate list milestones` shows it.",
        ));
    }
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

pub fn cycle_close(plan: &mut Plan<'_, '_>, name: &str) -> Result<(), Refusal> {
    let held = plan.held(name)?;
    if held.cycle.standing.state == CycleState::Closed {
        return Err(Refusal::rule(
            format!("{} is closed already.", held.cycle.name),
            "",
        ));
    }
    let entity = named(Kind::Cycle.word(), &held.cycle.name);
    let open = held
        .milestones
        .iter()
        .filter(|it| it.actual.is_none())
        .count();
    let standing = CycleStanding {
        state: CycleState::Closed,
        entered: plan.at(),
        ..held.cycle.standing
    };
    plan.put(&entity, "state", &standing)?;
    plan.receipt.ids.push(held.cycle.name.clone());
    plan.say(format!("{} is closed.", held.cycle.name));
    if open > 0 {
        plan.warn(format!("{open} of its milestones were never done."));
    }
    Ok(())
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
