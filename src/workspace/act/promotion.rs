//! A release enters a repository: when, by whom and on what proof.

use serde_json::json;

use super::ticket;
use crate::domain::queue::enter::{self, Moment};
use crate::domain::queue::step::Step;
use crate::domain::queue::ticket::{Promotion, Repository, Ticket};
use crate::ledger::EntityId;
use crate::workspace::plan::Plan;
use crate::workspace::refusal::Refusal;

/// Keeps the entry beside those there are.
pub fn promote(
    plan: &mut Plan<'_, '_>,
    entity: &EntityId,
    to: Repository,
    proof: String,
) -> Result<(), Refusal> {
    let promotion = Promotion {
        to,
        at: plan.at(),
        by: plan.actor.name().to_owned(),
        proof,
    };
    plan.add(entity, "promotions", json!(promotion))?;
    Ok(())
}

/// A ticket goes into production as a part of a release, whose guards have been asked.
pub fn publish(
    plan: &mut Plan<'_, '_>,
    entity: &EntityId,
    ticket: &Ticket,
    release: &str,
) -> Result<(), Refusal> {
    let profile = plan.whole_profile()?;
    let moment = Moment {
        at: plan.at(),
        day: plan.day()?,
        due: None,
    };
    let standing = enter::enter(Step::Promote, ticket, &profile, &moment);
    plan.put(entity, "state", &standing)?;
    plan.clear(entity, "later")?;
    let proof = ticket::proof(plan, ticket)?;
    let proof = format!("{proof} Part of {release}.");
    promote(plan, entity, Repository::Production, proof)
}
