//! Whether an announcement may come to a state that one of two managers moved it to: what holds
//! its rollout up, or ends it, is asked again, now that both managers' work is known.

use serde_json::Value;

use crate::domain::kind::Kind;
use crate::domain::noun::Noun;
use crate::domain::rollout::announcement::{Announcement, AnnouncementStanding, AnnouncementState};
use crate::domain::rollout::guard;
use crate::workspace::look::rollout::Rollout;
use crate::workspace::plan::Plan;
use crate::workspace::refusal::Refusal;

pub fn reachable(
    plan: &Plan<'_, '_>,
    announcement: &Announcement,
    value: &Value,
) -> Result<(), Refusal> {
    let Ok(target) = serde_json::from_value::<AnnouncementStanding>(value.clone()) else {
        return Ok(());
    };
    // A rollout that is held up or over asks for nothing.
    let state = target.state;
    if matches!(state, AnnouncementState::Halted | AnnouncementState::Ended) {
        return Ok(());
    }
    let Noun::Ticket(ticket) = plan.load(Kind::Ticket, &announcement.ticket)?.noun else {
        return Ok(());
    };
    let mut rollout = Rollout::of(&plan.writing.reader(), &ticket.id)?;
    for it in &mut rollout.announcements {
        if it.id == announcement.id {
            it.standing.state = AnnouncementState::Running;
            it.standing.sentence = None;
        }
    }
    guard::not_halted(&ticket, &rollout.announcements, &rollout.problems)?;
    if state == AnnouncementState::Running {
        return Ok(());
    }
    let decision = rollout.decide(&ticket, &plan.setting()?, plan.day()?);
    if decision.is_good() {
        return Ok(());
    }
    Err(Refusal::rule(
        decision.sentence.clone(),
        format!(
            "It goes on running: `relmate why {}` says what is open.",
            ticket.id
        ),
    ))
}
