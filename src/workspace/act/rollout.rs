//! What is done in a staged rollout. Guards and rules are the domain's.

use crate::workspace::action::RolloutAction;
use crate::workspace::plan::Plan;
use crate::workspace::refusal::Refusal;

pub fn run(_plan: &mut Plan<'_, '_>, action: &RolloutAction) -> Result<(), Refusal> {
    match *action {}
}
