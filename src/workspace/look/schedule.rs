//! What is wrong with a schedule, by name.

use chrono::NaiveDate;

use super::{Look, resolve, status};
use crate::domain::calendar::Calendar;
use crate::domain::kind::Kind;
use crate::domain::noun::Noun;
use crate::domain::schedule::cycle::Cycle;
use crate::domain::schedule::milestone::Milestone;
use crate::domain::schedule::plan::Plan;
use crate::domain::schedule::problem::Problem;
pub use crate::domain::schedule::problem::Severity;
use crate::domain::schedule::validate;
use crate::workspace::refusal::Refusal;

/// A cycle's schedule as it is on the desk.
struct Held {
    cycle: Cycle,
    milestones: Vec<Milestone>,
    release_code: Option<String>,
    calendar: Calendar,
}

impl Held {
    fn load(look: &Look<'_>, cycle: Cycle) -> Result<Self, Refusal> {
        let mut milestones = Vec::new();
        for row in look.reader.children(Kind::Milestone, &cycle.name)? {
            if let Some(Noun::Milestone(milestone)) = row.noun()? {
                milestones.push(milestone);
            }
        }
        let templates = match cycle.template {
            Some(_) => look.reader.templates()?,
            None => Vec::new(),
        };
        let template = templates
            .into_iter()
            .find(|it| cycle.template.as_ref() == Some(&it.name));
        Ok(Self {
            milestones,
            release_code: template.and_then(|it| it.release),
            calendar: look.calendar()?,
            cycle,
        })
    }

    fn plan<'a>(&'a self, look: &'a Look<'_>) -> Plan<'a> {
        Plan {
            cycle: &self.cycle,
            milestones: &self.milestones,
            release_code: self.release_code.as_deref(),
            calendar: &self.calendar,
            zone: &look.zone,
        }
    }
}

/// Where the release stands now: with its milestone, else where it was planned.
pub fn release_day(look: &Look<'_>, cycle: &Cycle) -> Result<Option<NaiveDate>, Refusal> {
    let held = Held::load(look, cycle.clone())?;
    Ok(held.plan(look).release_day())
}

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
    let held = Held::load(look, cycle)?;
    let problems = validate::validate(&held.plan(look));
    Ok((held.cycle.name, problems))
}
