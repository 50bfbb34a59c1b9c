//! The dates that rules give, and where the milestones stand.
//! Changes no milestone: what a rule gives and what was decided are two things.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::graph::{Base, Graph, Run};
use super::plan::Plan;
use super::problem::{Problem, ProblemKind};
use super::rule::Rule;
use crate::domain::calendar::Skipped;

/// Dates by code, and why others have none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resolution {
    pub dates: BTreeMap<String, NaiveDate>,
    pub problems: Vec<Problem>,
}

/// The dates that rules alone give; a milestone without a rule keeps its own.
pub fn resolve(plan: &Plan<'_>) -> Resolution {
    let graph = plan.by_rules();
    let run = graph.run(plan.calendar);
    let mut resolution = collect(&graph, run);
    resolution.problems.splice(0..0, graph.bad_rules());
    resolution
}

/// Where each milestone stands: done, current, planned, else what its rule gives.
pub fn standing_days(plan: &Plan<'_>) -> BTreeMap<String, NaiveDate> {
    let graph = plan.as_it_stands();
    let run = graph.run(plan.calendar);
    collect(&graph, run).dates
}

/// What a rule gives as the schedule stands, with the days it does not count.
pub fn rule_day(plan: &Plan<'_>, rule: &Rule) -> Result<(NaiveDate, Vec<Skipped>), Problem> {
    let graph = plan.as_it_stands();
    let day = match graph.base(&rule.anchor) {
        Base::Day(day) => Some(day),
        Base::Gate(at) => graph.run(plan.calendar).days[at],
        Base::Undefined => None,
    };
    let Some(day) = day else {
        let sentence = format!("{rule} gives no date: {} has none in {}.", rule.anchor, graph.cycle);
        return Err(Problem::error(ProblemKind::UndefinedReference, &[], sentence));
    };
    Ok(rule.apply(day, plan.calendar))
}

fn collect(graph: &Graph<'_>, run: Run) -> Resolution {
    let mut dates = BTreeMap::new();
    for (gate, day) in graph.gates.iter().zip(run.days) {
        if let Some(day) = day {
            dates.entry(gate.code.to_owned()).or_insert(day);
        }
    }
    Resolution { dates, problems: run.problems }
}
