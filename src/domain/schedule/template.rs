//! A new cycle's milestones from a profile's template: counted on from a start, or back
//! from a release. Proposes only; codes, names and rules are the template's, never ours.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::graph::{Gate, Graph, key};
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
    Draft {
        start,
        release,
        milestones,
        problems,
    }
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
    let anchor = rule
        .filter(|rule| rule.offset.n == 0)
        .map(|rule| &rule.anchor);
    let known = match basis {
        Basis::Start(start) => (anchor == Some(&Anchor::Start)).then_some(start),
        Basis::Release(release) => {
            (is_release || anchor == Some(&Anchor::Release)).then_some(release)
        }
    };
    known
        .filter(|known| known.day(zone) == day)
        .unwrap_or(When::Day(day))
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
    let same = days
        .by_ref()
        .take_while(|day| release(Some(*day)) == Some(found));
    let working = same
        .into_iter()
        .find(|day| calendar.not_working(*day).is_none());
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
    let mut seen = BTreeSet::new();
    let again = template
        .milestone
        .iter()
        .filter(|one| !seen.insert(key(&one.code)));
    again
        .map(|one| {
            let sentence = format!("{} has the code {} twice.", template.name, one.code);
            Problem::error(ProblemKind::DuplicateCode, &[&one.code], sentence)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::profile::TemplateMilestone;
    use crate::domain::schedule::fixture::{M0_TO_M6, when};

    fn template(release: Option<&str>, rules: &[(&str, &str)]) -> MilestoneTemplate {
        let one = |(code, rule): &(&str, &str)| TemplateMilestone {
            code: (*code).into(),
            name: format!("{code}'s name"),
            rule: (*rule).into(),
            committee: Committee::Review,
        };
        MilestoneTemplate {
            name: "meta-release".into(),
            title: String::new(),
            release: release.map(str::to_owned),
            milestone: rules.iter().map(one).collect(),
        }
    }

    fn propose(template: &MilestoneTemplate, basis: Basis) -> Draft {
        draft(template, basis, &Calendar::default(), &Zone::utc())
    }

    #[track_caller]
    fn check(draft: &Draft, dates: &[(&str, &str)], problems: &[&str]) {
        let found: Vec<(&str, String)> = draft
            .milestones
            .iter()
            .filter_map(|one| Some((one.code.as_str(), one.when?.to_string())))
            .collect();
        let expected: Vec<(&str, String)> = dates
            .iter()
            .map(|(code, when)| (*code, (*when).to_owned()))
            .collect();
        let said: Vec<&str> = draft
            .problems
            .iter()
            .map(|one| one.sentence.as_str())
            .collect();
        assert_eq!((found, said.as_slice()), (expected, problems));
    }

    const DATES: [(&str, &str); 7] = [
        ("M0", "2026-01-05"),
        ("M1", "2026-01-19"),
        ("M3", "2026-03-16"),
        ("M2", "2026-03-30"),
        ("M4", "2026-05-25"),
        ("M5", "2026-06-08"),
        ("M6", "2026-06-22"),
    ];

    #[test]
    fn a_start_and_its_release_give_the_same_schedule() {
        let template = template(Some("M5"), &M0_TO_M6);
        let from_start = propose(&template, Basis::Start(when("2026-01-05")));
        check(&from_start, &DATES, &[]);
        let from_release = propose(&template, Basis::Release(when("2026-06-08")));
        check(&from_release, &DATES, &[]);
        assert_eq!(from_start, from_release);
        assert_eq!(from_start.release, Some(when("2026-06-08")));
    }

    #[test]
    fn rules_are_written_normally_and_the_rest_is_the_templates() {
        let draft = propose(
            &template(None, &[("F", "START+3bd")]),
            Basis::Start(when("2026-01-05")),
        );
        let one = &draft.milestones[0];
        assert_eq!(
            (one.name.as_str(), one.rule.as_str()),
            ("F's name", "start + 3 working days")
        );
        assert_eq!(one.committee, Committee::Review);
    }

    #[test]
    fn a_start_in_working_days_is_the_earliest_working_day_that_fits() {
        let rules = [("B", "start"), ("S", "B + 1 working day")];
        let draft = propose(
            &template(Some("S"), &rules),
            Basis::Release(when("2026-11-23")),
        );
        check(&draft, &[("B", "2026-11-20"), ("S", "2026-11-23")], &[]);
    }

    #[test]
    fn a_release_that_no_start_reaches_is_told() {
        let rules = [("B", "start"), ("S", "B + 1 working day")];
        let draft = propose(
            &template(Some("S"), &rules),
            Basis::Release(when("2026-11-22")),
        );
        check(
            &draft,
            &[("B", "2026-11-20"), ("S", "2026-11-23")],
            &["S is the release and its rule gives Mon 23 Nov 2026, not Sun 22 Nov 2026."],
        );
        let rules = [("B", "start"), ("S", "B + 1 month")];
        let draft = propose(
            &template(Some("S"), &rules),
            Basis::Release(when("2026-03-31")),
        );
        assert_eq!(draft.problems[0].code, ProblemKind::OffTarget);
    }

    #[test]
    fn a_template_that_counts_from_its_release_needs_no_start() {
        let rules = [("F", "release - 14 days"), ("S", "release"), ("K", "start")];
        let draft = propose(
            &template(Some("S"), &rules),
            Basis::Release(when("2026-12-17T14:00:00Z")),
        );
        check(
            &draft,
            &[("F", "2026-12-03"), ("S", "2026-12-17T14:00:00Z")],
            &["K counts from the start, but meta-release has no start date."],
        );
        assert_eq!(draft.start, None);
    }

    #[test]
    fn circles_free_days_and_codes_twice_are_told() {
        let rules = [
            ("A", "B"),
            ("B", "A + 1d"),
            ("C", "start + 5d"),
            ("c", "start"),
        ];
        let draft = propose(&template(None, &rules), Basis::Start(when("2026-11-23")));
        check(
            &draft,
            &[("C", "2026-11-28"), ("c", "2026-11-23")],
            &[
                "meta-release has the code c twice.",
                "The rules go round in a circle: A → B → A.",
                "C falls on Sat 28 Nov 2026, a weekend.",
            ],
        );
    }

    #[test]
    fn the_ends_of_the_calendar_are_no_trouble() {
        let template = template(Some("M5"), &M0_TO_M6);
        for day in [NaiveDate::MIN, NaiveDate::MAX] {
            propose(&template, Basis::Release(When::Day(day)));
            propose(&template, Basis::Start(When::Day(day)));
        }
    }

    proptest! {
        #[test]
        fn the_release_falls_on_the_day_or_the_template_is_told_so(
            offsets in prop::collection::vec((1_u32..30, prop::sample::select(vec!["d", "bd", "w", "mo"])), 1..6),
            day in 730_000_i32..750_000,
        ) {
            let codes: Vec<String> = (0..offsets.len()).map(|n| format!("M{n}")).collect();
            let rules: Vec<String> = offsets.iter().enumerate().map(|(n, (count, unit))| {
                let anchor = n.checked_sub(1).map_or("start".to_owned(), |n| format!("M{n}"));
                format!("{anchor} + {count} {unit}")
            }).collect();
            let pairs: Vec<(&str, &str)> =
                codes.iter().zip(&rules).map(|(code, rule)| (code.as_str(), rule.as_str())).collect();
            let wanted = When::Day(NaiveDate::from_num_days_from_ce_opt(day).unwrap());
            let draft = propose(&template(codes.last().map(String::as_str), &pairs), Basis::Release(wanted));
            let found = draft.milestones.last().unwrap().when.unwrap();
            let told = draft.problems.iter().any(|one| one.code == ProblemKind::OffTarget);
            prop_assert_eq!(found != wanted, told);
        }
    }
}
