//! What is done to a distribution release. Guards and rules are the domain's.

use crate::workspace::action::ReleaseAction;
use crate::workspace::plan::Plan;
use crate::workspace::refusal::Refusal;

pub fn run(_plan: &mut Plan<'_, '_>, action: &ReleaseAction) -> Result<(), Refusal> {
    match *action {}
}
