//! A new cycle's milestones from a profile's template: counted on from a start, or back
//! from a release. Proposes only; codes, names and rules are the template's, never ours.

use chrono::NaiveDate;

use super::graph::{Gate, Graph};
use super::milestone::Committee;
use super::problem::{Problem, ProblemKind};
use super::rule::{Anchor, Rule};
use super::validate::free_day;
use crate::domain::calendar::{Calendar, add_days, spoken};
use crate::domain::profile::MilestoneTemplate;
use crate::domain::when::When;
use crate::domain::zone::Zone;

/// The one date that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    Start(When),
    Release(When),
}

/// One proposed milestone; it has no date if a problem says why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    pub code: String,
    pub name: String,
    /// The rule as it is written normally, or as it stands if it cannot be read.
    pub rule: String,
    pub committee: Committee,
    pub when: Option<When>,
}

/// A proposed cycle.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// None if the template counts from its release only.
    pub start: Option<When>,
    /// None if the template names no release and none was given.
    pub release: Option<When>,
    pub milestones: Vec<Planned>,
    pub problems: Vec<Problem>,
}

/// Dates a template's milestones. With a release the start is found so that the release
/// milestone falls on it; if several starts do, the earliest working day among them.
pub fn draft(
    template: &MilestoneTemplate,
    basis: Basis,
    calendar: &Calendar,
    zone: &Zone,
) -> Draft {
    let mut graph = arrange(template);
    let mut problems = duplicates(template);
    problems.extend(graph.bad_rules());
    let wanted = match basis {
        Basis::Start(start) => {
            graph.start = Some(start.day(zone));
            None
        }
        Basis::Release(release) => {
            let day = release.day(zone);
            graph.release = Some(day);
            graph.start = solve(&graph, day, calendar);
            Some(day)
        }
    };
    let run = graph.run(calendar);
    problems.extend(run.problems);
    let release_day = graph.release_gate.and_then(|at| run.days[at]);
    if let (Some(wanted), Some(at)) = (wanted, graph.release_gate) {
        problems.extend(off_target(graph.gates[at].code, wanted, run.days[at]));
    }
    let mut milestones = Vec::new();
    for (at, one) in template.milestone.iter().enumerate() {
        let day = run.days[at];
        problems.extend(day.and_then(|day| free_day(&one.code, day, calendar)));
        let rule = graph.rule(at);
        milestones.push(Planned {
            code: one.code.clone(),
            name: one.name.clone(),
            rule: rule.map_or_else(|| one.rule.clone(), Rule::to_string),
            committee: one.committee,
            when: day.map(|day| exact(day, basis, graph.release_gate == Some(at), rule, zone)),
        });
    }
    let (start, release) = match basis {
        Basis::Start(start) => (Some(start), release_day.map(When::Day)),
        Basis::Release(release) => (graph.start.map(When::Day), Some(release)),
    };
    Draft { start, release, milestones, problems }
}

fn arrange(template: &MilestoneTemplate) -> Graph<'_> {
    let gates = template.milestone.iter().map(|one| Gate {
        code: &one.code,
        rule: Some(one.rule.parse()),
        own: None,
    });
    Graph::new(&template.name, gates.collect(), template.release.as_deref())
}

/// The milestone that is the known date itself keeps its hour or its "anywhere on Earth".
fn exact(day: NaiveDate, basis: Basis, is_release: bool, rule: Option<&Rule>, zone: &Zone) -> When {
    let anchor = rule.filter(|rule| rule.offset.n == 0).map(|rule| &rule.anchor);
    let known = match basis {
        Basis::Start(start) => (anchor == Some(&Anchor::Start)).then_some(start),
        Basis::Release(release) => {
            (is_release || anchor == Some(&Anchor::Release)).then_some(release)
        }
    };
    known.filter(|known| known.day(zone) == day).unwrap_or(When::Day(day))
}

/// The start with which the release milestone falls on the day, or on the first it can
/// reach after it. None if the release does not depend on a start.
fn solve(graph: &Graph<'_>, wanted: NaiveDate, calendar: &Calendar) -> Option<NaiveDate> {
    let gate = graph.release_gate?;
    let release = |start: Option<NaiveDate>| {
        let mut trial = graph.clone();
        trial.start = start;
        trial.run(calendar).days[gate]
    };
    if release(None).is_some() {
        return None;
    }
    let mut start = wanted;
    // Months and working days are not linear, so the distance is closed in a few steps.
    for _ in 0..8 {
        let off = (wanted - release(Some(start))?).num_days();
        if off == 0 {
            break;
        }
        start = add_days(start, off);
    }
    // Rules never turn time round: a later start never gives an earlier release.
    for _ in 0..STEPS {
        if release(Some(start))? < wanted {
            break;
        }
        start = add_days(start, -1);
    }
    for _ in 0..STEPS * 2 {
        if release(Some(start))? >= wanted {
            break;
        }
        start = add_days(start, 1);
    }
    let found = release(Some(start))?;
    let mut days = (0..STEPS).map(|n| add_days(start, n));
    let same = days.by_ref().take_while(|day| release(Some(*day)) == Some(found));
    let working = same.into_iter().find(|day| calendar.not_working(*day).is_none());
    Some(working.unwrap_or(start))
}

/// How many days around a near start are tried; longer than any run of holidays.
const STEPS: i64 = 40;

fn off_target(code: &str, wanted: NaiveDate, found: Option<NaiveDate>) -> Option<Problem> {
    let found = found.filter(|found| *found != wanted)?;
    let (wanted, found) = (spoken(wanted), spoken(found));
    let sentence = format!("{code} is the release and its rule gives {found}, not {wanted}.");
    Some(Problem::warning(ProblemKind::OffTarget, &[code], sentence))
}

fn duplicates(template: &MilestoneTemplate) -> Vec<Problem> {
    let mut seen = std::collections::BTreeSet::new();
    let again = template.milestone.iter().filter(|one| !seen.insert(super::graph::key(&one.code)));
    again
        .map(|one| {
            let sentence = format!("{} has the code {} twice.", template.name, one.code);
            Problem::error(ProblemKind::DuplicateCode, &[&one.code], sentence)
        })
        .collect()
}
