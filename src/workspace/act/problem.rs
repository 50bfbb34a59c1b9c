//! What is done about problems and known errors. Guards and rules are the domain's.

use crate::workspace::action::ProblemAction;
use crate::workspace::plan::Plan;
use crate::workspace::refusal::Refusal;

pub fn run(_plan: &mut Plan<'_, '_>, action: &ProblemAction) -> Result<(), Refusal> {
    match *action {}
}
