//! A release enters a repository: when, by whom and on what proof.

use serde_json::json;

use crate::domain::queue::ticket::{Promotion, Repository};
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
