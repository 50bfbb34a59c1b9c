//! Cycles and milestones, and what the use cases on them share: a cycle with its
//! milestones as stored. The rules between them are the domain's.

pub mod cycle;
pub mod milestone;
pub mod slip;

use chrono::Datelike as _;

use crate::domain::kind::Kind;
use crate::domain::noun::Noun;
use crate::domain::schedule::cycle::Cycle;
use crate::domain::schedule::milestone::Milestone;
use crate::domain::schedule::plan::Plan as Schedule;
use crate::domain::schedule::problem::{Problem, ProblemKind, Severity};
use crate::domain::when::When;
use crate::workspace::plan::Plan;
use crate::workspace::refusal::Refusal;

/// A cycle with its milestones, as stored.
pub(super) struct Held {
    pub cycle: Cycle,
    pub milestones: Vec<Milestone>,
    pub release_code: Option<String>,
}

impl Plan<'_, '_> {
    pub(super) fn held(&self, name: &str) -> Result<Held, Refusal> {
        let row = self.load(Kind::Cycle, name)?;
        let Noun::Cycle(cycle) = row.noun else {
            return Err(Refusal::not_found(format!("{name} is not a cycle."), ""));
        };
        let mut milestones = Vec::new();
        for row in self
            .writing
            .reader()
            .children(Kind::Milestone, &cycle.name)?
        {
            if let Some(Noun::Milestone(milestone)) = row.noun()? {
                milestones.push(milestone);
            }
        }
        let profile = self.whole_profile()?;
        let release_code = cycle
            .template
            .as_deref()
            .and_then(|name| profile.template(name))
            .and_then(|template| template.release.clone());
        Ok(Held {
            cycle,
            milestones,
            release_code,
        })
    }

    pub(super) fn schedule<'a>(&'a self, held: &'a Held) -> Result<Schedule<'a>, Refusal> {
        let rules = self.rules()?;
        Ok(Schedule {
            cycle: &held.cycle,
            milestones: &held.milestones,
            release_code: held.release_code.as_deref(),
            calendar: &rules.calendar,
            zone: &rules.zone,
        })
    }

    /// The one open cycle, when none was named.
    pub(super) fn cycle_or_only(&self, name: Option<&str>) -> Result<String, Refusal> {
        if let Some(name) = name {
            return Ok(self.load(Kind::Cycle, name)?.row.id);
        }
        let mut open = self.writing.reader().first_open(Kind::Cycle, 2)?;
        match open.len() {
            1 => Ok(open.remove(0).id),
            0 => Err(Refusal::usage(
                "There is no open cycle.",
                "Start one with `relmate cycle add NAME --start WHEN --template meta-release`.",
            )),
            _ => Err(Refusal::usage(
                "More than one cycle is open.",
                "Name one with --cycle.",
            )),
        }
    }

    pub(super) fn tell_problems(&mut self, problems: &[Problem]) {
        for problem in problems {
            self.warn(format!("{} ({})", problem.sentence, problem.code.word()));
        }
    }
}

/// Errors stop a new rule; what is merely unlucky is told.
pub(super) fn refuse_errors(problems: &[Problem]) -> Result<(), Refusal> {
    let wrong = problems
        .iter()
        .find(|it| it.severity == Severity::Error && it.code != ProblemKind::NoDate);
    match wrong {
        None => Ok(()),
        Some(problem) => Err(Refusal::rule(
            problem.sentence.clone(),
            "A rule reads `M1 + 10 weeks`, `release - 14 days` or `M3 + 5 working days`.",
        )),
    }
}

/// A date that cannot be written with four digits of a year is a slip of the keyboard.
pub(super) fn near(plan: &Plan<'_, '_>, code: &str, when: When) -> Result<(), Refusal> {
    let year = when.day(&plan.rules()?.zone).year();
    if (1..=9999).contains(&year) {
        return Ok(());
    }
    Err(Refusal::usage(
        format!("{code} would fall in the year {year}, which is too far away."),
        "Give a nearer date or a shorter rule.",
    ))
}
