//! Whether a ticket may come to a state that one of two managers moved it to: the guards of the
//! step that leads there are asked again, now that both managers' work is known.

use serde_json::Value;

use crate::domain::queue::guard::{self, Request};
use crate::domain::queue::state::Standing;
use crate::domain::queue::step::{STEPS, Step};
use crate::domain::queue::ticket::Ticket;
use crate::workspace::look;
use crate::workspace::look::rollout::Rollout;
use crate::workspace::plan::Plan;
use crate::workspace::refusal::Refusal;

pub fn reachable(plan: &Plan<'_, '_>, ticket: &Ticket, value: &Value) -> Result<(), Refusal> {
    let Ok(target) = serde_json::from_value::<Standing>(value.clone()) else {
        return Ok(());
    };
    let Some(row) = STEPS.iter().find(|row| row.to == Some(target.state)) else {
        return Ok(());
    };
    let from = target.from.filter(|from| row.from.contains(from));
    let Some(from) = from.or_else(|| row.from.first().copied()) else {
        return Ok(());
    };
    let before = Ticket {
        standing: Standing {
            state: from,
            ..target
        },
        ..ticket.clone()
    };
    let reader = plan.writing.reader();
    let profile = plan.whole_profile()?;
    let person = plan.person(&plan.actor.person)?;
    let day = plan.day()?;
    let decision = match row.step {
        Step::Accept => {
            let rollout = Rollout::of(&reader, &ticket.id)?;
            Some(rollout.decide(&before, &plan.setting()?, day))
        }
        _ => None,
    };
    let (freeze, facts) = match row.step {
        Step::Promote => (
            look::release::freeze(&reader, &before)?,
            Some(look::release::alone(&reader, &before)?),
        ),
        _ => (None, None),
    };
    let request = Request {
        freeze: freeze.as_ref(),
        facts: facts.as_ref(),
        rollout: decision.as_ref(),
        ..Request::new(&profile, &person, plan.today()?.min(day))
    };
    Ok(guard::obstacle(row.step, &before, &request)?)
}
