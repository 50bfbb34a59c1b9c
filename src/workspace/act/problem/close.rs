//! The end of a problem, with the proof that its way of ending asks for.

use serde_json::json;

use super::{Held, around, enter, error, facts, held, walk};
use crate::domain::kind::Kind;
use crate::domain::noun::Noun;
use crate::domain::problem::guard::{self, Deed, Judgement};
use crate::domain::problem::report::{Closing, Ending, Problem, ProblemState, Triage};
use crate::domain::queue::state::State;
use crate::domain::rollout::announcement::{AnnouncementStanding, AnnouncementState};
use crate::workspace::act::rollout;
use crate::workspace::action::ProblemClose;
use crate::workspace::look::rollout::Rollout;
use crate::workspace::plan::Plan;
use crate::workspace::refusal::Refusal;

/// Never in silence (DOMAIN.md C3).
pub(super) fn close(plan: &mut Plan<'_, '_>, asked: &ProblemClose) -> Result<(), Refusal> {
    let held = held(plan, &asked.id, Deed::Close)?;
    let other = repeated(plan, asked.of.as_deref())?;
    let found = around::found(&plan.writing.reader(), &held.problem, &plan.rules()?.zone)?;
    let rules = plan.rules()?.profile.problem.clone();
    let judgement = Judgement {
        criticality: asked.criticality,
        priority: None,
        body: asked.body.as_deref(),
        by: asked.by.as_deref(),
    };
    guard::close(
        &held.problem,
        &guard::Closing {
            how: asked.how,
            reason: asked.reason.as_deref(),
            of: other.as_ref(),
            version: asked.version.as_deref(),
            workaround: asked.workaround.as_deref(),
            judgement,
            production: &found.production,
            recalled: found.recalled.as_deref().map_err(String::as_str),
            untold: &found.untold,
            unsent: &found.unsent,
        },
        &rules,
    )?;
    let Some(how) = asked.how else { return Ok(()) };
    let lowered = match how {
        Ending::Downgraded => walk::decided(plan, &judgement, &rules.bodies),
        _ => None,
    };
    let of = match how {
        Ending::Duplicate => other.map(|it| it.id),
        Ending::Recalled => found.recalled.clone().ok(),
        Ending::KnownError => Some(error::of_problem(plan, &held, asked.workaround.as_deref())?),
        Ending::Fixed | Ending::Downgraded | Ending::NoDefect => None,
    };
    let unfounded = how == Ending::NoDefect && held.problem.is_critical();
    let closing = Closing {
        body: asked.body.clone().filter(|_| unfounded),
        decided_by: asked.by.clone().filter(|_| unfounded),
        how,
        at: plan.at(),
        by: plan.actor.name().to_owned(),
        reason: asked.reason.clone(),
        of,
        fixed_in: fixed_in(&held.problem, how, asked.version.as_deref()),
        before: lowered.as_ref().and(held.problem.triage.clone()),
        production: matches!(how, Ending::Fixed | Ending::Recalled)
            .then(|| found.production.sentence.clone()),
    };
    ended(plan, &held, &closing, lowered.as_ref())?;
    if matches!(how, Ending::Fixed | Ending::Recalled) {
        for ticket in &found.also {
            plan.warn(format!(
                "{ticket} is of the same version and still in production."
            ));
        }
    }
    Ok(())
}

/// Writes the closing, and lets a rollout go on that nothing holds up any more.
pub(super) fn ended(
    plan: &mut Plan<'_, '_>,
    held: &Held,
    closing: &Closing,
    lowered: Option<&Triage>,
) -> Result<(), Refusal> {
    enter(plan, held, ProblemState::Closed)?;
    plan.put(&held.entity, "closing", closing)?;
    plan.set_some(&held.entity, "triage", lowered)?;
    let of = closing
        .of
        .as_ref()
        .map(|it| format!(" ({it})"))
        .unwrap_or_default();
    plan.say(format!(
        "{} ({}) is closed as {}{of}.",
        held.problem.id,
        held.problem.label(),
        closing.how.label()
    ));
    if let (Some(body), Some(by)) = (&closing.body, &closing.decided_by) {
        plan.say(format!("{body} ({by}) decided that."));
    }
    if let Some(production) = &closing.production {
        plan.say(format!("Production: {production}."));
    }
    go_on(plan, held)
}

fn fixed_in(problem: &Problem, how: Ending, version: Option<&str>) -> Option<String> {
    if how != Ending::Fixed {
        return None;
    }
    let successor = problem.successor.as_ref();
    let known = successor.map(|it| it.version.clone().unwrap_or_else(|| it.id.clone()));
    version.map(str::to_owned).or(known)
}

fn repeated(plan: &Plan<'_, '_>, id: Option<&str>) -> Result<Option<Problem>, Refusal> {
    let Some(id) = id else { return Ok(None) };
    match plan.load(Kind::Problem, id)?.noun {
        Noun::Problem(problem) => Ok(Some(*problem)),
        _ => Ok(None),
    }
}

/// The announcements that it halted run again, unless another problem holds them up.
fn go_on(plan: &mut Plan<'_, '_>, held: &Held) -> Result<(), Refusal> {
    let Some(halt) = &held.problem.halt else {
        return Ok(());
    };
    for id in &halt.announcements {
        let Some(loaded) = plan.find(Kind::Announcement, id)? else {
            continue;
        };
        let Noun::Announcement(announcement) = loaded.noun else {
            continue;
        };
        if announcement.standing.state != AnnouncementState::Halted {
            continue;
        }
        // What left the staged rollout has nothing that could go on.
        if !on_trial(plan, &announcement.ticket)? {
            continue;
        }
        if let Some(other) = holds_up(plan, &announcement.ticket, &held.problem.id)? {
            plan.say(format!("{id} stays halted: {other} holds it up."));
            continue;
        }
        let standing = AnnouncementStanding {
            state: AnnouncementState::Running,
            entered: plan.at(),
            sentence: None,
            profile: plan.profile_version(),
        };
        rollout::halted_until_now(plan, &loaded.entity, &announcement)?;
        plan.put(&loaded.entity, "state", &standing)?;
        plan.say(format!("{id} runs again."));
        let mut facts = facts(&held.problem);
        facts["goes_on"] = json!(true);
        walk::tell_sites(plan, &announcement, &held.problem, &facts)?;
    }
    Ok(())
}

fn on_trial(plan: &Plan<'_, '_>, ticket: &str) -> Result<bool, Refusal> {
    let found = plan.find(Kind::Ticket, ticket)?;
    Ok(match found.map(|it| it.noun) {
        Some(Noun::Ticket(it)) => it.standing.acts_as() == State::StagedRollout,
        _ => false,
    })
}

/// Another problem about the same ticket that keeps it from going on.
fn holds_up(plan: &Plan<'_, '_>, ticket: &str, but: &str) -> Result<Option<String>, Refusal> {
    let rollout = Rollout::of(&plan.writing.reader(), ticket)?;
    let other = rollout
        .problems
        .into_iter()
        .find(|it| it.id != but && it.holds_up().is_some());
    Ok(other.map(|it| it.id))
}
