//! What is wrong with a schedule, by name.

use super::{Look, resolve, status};
use crate::domain::kind::Kind;
use crate::domain::noun::Noun;
use crate::domain::schedule::plan::Plan;
use crate::domain::schedule::problem::Problem;
pub use crate::domain::schedule::problem::Severity;
use crate::domain::schedule::validate;
use crate::workspace::refusal::Refusal;

/// The cycle's name and its problems; the open cycle when none is named.
pub fn problems(look: &Look<'_>, name: Option<&str>) -> Result<(String, Vec<Problem>), Refusal> {
    let cycle = match name {
        Some(name) => match resolve::of_kind(look.reader, Kind::Cycle, name)?.noun()? {
            Some(Noun::Cycle(cycle)) => Some(cycle),
            _ => None,
        },
        None => status::open_cycle(look)?,
    };
    let Some(cycle) = cycle else {
        return Err(Refusal::not_found(
            "There is no open cycle.",
            "Start one with `relmate cycle add NAME --start WHEN --template meta-release`.",
        ));
    };
    let mut milestones = Vec::new();
    for row in look.reader.children(Kind::Milestone, &cycle.name)? {
        if let Some(Noun::Milestone(milestone)) = row.noun()? {
            milestones.push(milestone);
        }
    }
    let profile = look.reader.whole_profile()?;
    let release = cycle
        .template
        .as_deref()
        .and_then(|name| profile.template(name))
        .and_then(|it| it.release.clone());
    let judged = look.judged()?;
    let plan = Plan {
        cycle: &cycle,
        milestones: &milestones,
        release_code: release.as_deref(),
        calendar: &judged.calendar,
        zone: &look.zone,
    };
    let problems = validate::validate(&plan);
    Ok((cycle.name.clone(), problems))
}
