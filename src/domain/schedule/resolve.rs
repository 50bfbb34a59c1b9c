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
        let sentence = format!(
            "{rule} gives no date: {} has none in {}.",
            rule.anchor, graph.cycle
        );
        return Err(Problem::error(
            ProblemKind::UndefinedReference,
            &[],
            sentence,
        ));
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
    Resolution {
        dates,
        problems: run.problems,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::schedule::fixture::{Desk, M0_TO_M6, cycle, milestone, when};
    use crate::domain::when::When;

    #[track_caller]
    fn check(desk: &Desk, dates: &[(&str, &str)], problems: &[&str]) {
        let found = resolve(&desk.plan());
        let said: Vec<&str> = found
            .problems
            .iter()
            .map(|one| one.sentence.as_str())
            .collect();
        let expected: BTreeMap<String, NaiveDate> = dates
            .iter()
            .map(|(code, day)| ((*code).to_owned(), day.parse().unwrap()))
            .collect();
        assert_eq!((found.dates, said.as_slice()), (expected, problems));
    }

    #[test]
    fn the_pattern_m0_to_m6_follows_from_its_start() {
        check(
            &Desk::with_rules(cycle(Some("2026-01-05"), None), &M0_TO_M6),
            &[
                ("M0", "2026-01-05"),
                ("M1", "2026-01-19"),
                ("M2", "2026-03-30"),
                ("M3", "2026-03-16"),
                ("M4", "2026-05-25"),
                ("M5", "2026-06-08"),
                ("M6", "2026-06-22"),
            ],
            &[],
        );
    }

    #[test]
    fn the_order_of_the_milestones_does_not_matter() {
        let mut desk = Desk::m0_to_m6();
        let before = resolve(&desk.plan());
        desk.milestones.reverse();
        assert_eq!(resolve(&desk.plan()), before);
    }

    #[test]
    fn a_circle_is_named_whole_and_what_hangs_on_it_has_no_date() {
        let rules = [
            ("M1", "M2 + 1w"),
            ("M2", "M3 + 1w"),
            ("M3", "M1 + 1w"),
            ("M4", "M3 + 1w"),
        ];
        check(
            &Desk::with_rules(cycle(None, None), &rules),
            &[],
            &[
                "The rules go round in a circle: M1 → M2 → M3 → M1.",
                "M4 has no date: it counts from M3, which has none.",
            ],
        );
        let desk = Desk::with_rules(cycle(None, None), &[("M0", "m0 + 1w")]);
        check(&desk, &[], &["The rules go round in a circle: M0 → M0."]);
    }

    #[test]
    fn a_circle_reached_from_outside_begins_with_its_first_milestone() {
        let rules = [("M9", "M2"), ("M1", "M2 + 1w"), ("M2", "M1 + 1w")];
        let found = resolve(&Desk::with_rules(cycle(None, None), &rules).plan());
        assert_eq!(
            found.problems[0].sentence,
            "The rules go round in a circle: M1 → M2 → M1."
        );
        assert_eq!(found.problems[0].milestones, ["M1", "M2"]);
    }

    #[test]
    fn what_is_not_there_is_named() {
        let rules = [
            ("M1", "start"),
            ("M2", "release - 2w"),
            ("M3", "M7 + 1d"),
            ("M4", "soon!"),
        ];
        check(
            &Desk::with_rules(cycle(None, None), &rules),
            &[],
            &[
                "M4: \"soon!\" is not a milestone's code; a code has letters, digits, '-', '.' and '_', and no spaces.",
                "M1 counts from the start, but CMD 1.4.0 has no start date.",
                "M2 counts from the release, but CMD 1.4.0 has no release date.",
                "M3 counts from M7, which CMD 1.4.0 does not have.",
            ],
        );
    }

    #[test]
    fn the_release_is_the_cycles_date_else_the_release_milestones() {
        let rules = [("S", "start + 10w"), ("F", "release - 14 days")];
        let mut desk = Desk::with_rules(cycle(Some("2026-01-05"), None), &rules);
        desk.release_code = Some("s");
        check(&desk, &[("S", "2026-03-16"), ("F", "2026-03-02")], &[]);
        desk.cycle.release = Some(when("2026-04-01"));
        check(&desk, &[("S", "2026-03-16"), ("F", "2026-03-18")], &[]);
    }

    #[test]
    fn rules_find_codes_in_any_case_and_fixed_dates() {
        let all = vec![
            milestone("RC-0", None, Some("2026-11-20")),
            milestone("3.1", Some("rc-0 + 5bd"), None),
        ];
        let mut desk = Desk::new(cycle(None, None), all);
        check(&desk, &[("RC-0", "2026-11-20"), ("3.1", "2026-11-27")], &[]);
        desk.calendar
            .holidays
            .insert("2026-11-26".parse().unwrap(), "Thanksgiving".into());
        check(&desk, &[("RC-0", "2026-11-20"), ("3.1", "2026-11-30")], &[]);
    }

    #[test]
    fn a_rule_for_a_form_counts_from_where_things_stand() {
        let mut desk = Desk::m0_to_m6();
        desk.set("M1", |one| one.due = Some(when("2026-01-26")));
        let rule = "M1 + 5bd".parse().unwrap();
        let (day, skipped) = rule_day(&desk.plan(), &rule).unwrap();
        assert_eq!((day.to_string().as_str(), skipped.len()), ("2026-02-02", 2));
        let problem = rule_day(&desk.plan(), &"M9 + 1d".parse().unwrap()).unwrap_err();
        assert_eq!(
            problem.sentence,
            "M9 + 1 day gives no date: M9 has none in CMD 1.4.0."
        );
    }

    #[test]
    fn deleted_milestones_and_other_cycles_are_left_out() {
        let mut desk = Desk::m0_to_m6();
        desk.set("M6", |one| one.deleted = true);
        desk.set("M2", |one| one.cycle = "CMD 1.5.0".into());
        assert_eq!(
            standing_days(&desk.plan()).into_keys().collect::<Vec<_>>(),
            ["M0", "M1", "M3", "M4", "M5"]
        );
    }

    proptest! {
        #[test]
        fn no_rules_make_it_panic_or_run_for_ever(
            rules in prop::collection::vec(
                "(start|release|M[0-9]|x)( ?[+-] ?[0-9]{1,6} ?(d|bd|w|mo|weeks|foo)?)?", 0..12,
            ),
            start in prop::option::of(-90_000_000_i32..90_000_000),
            release in prop::option::of(0_usize..12),
        ) {
            let codes: Vec<String> = (0..rules.len()).map(|n| format!("M{n}")).collect();
            let pairs: Vec<(&str, &str)> =
                codes.iter().zip(&rules).map(|(code, rule)| (code.as_str(), rule.as_str())).collect();
            let mut cycle = cycle(None, None);
            cycle.start = start.and_then(NaiveDate::from_num_days_from_ce_opt).map(When::Day);
            let desk = Desk::with_rules(cycle, &pairs);
            let plan = Plan {
                release_code: release.and_then(|at| codes.get(at)).map(String::as_str),
                ..desk.plan()
            };
            let found = resolve(&plan);
            for code in &codes {
                let told = found.problems.iter().any(|one| one.milestones.contains(code));
                prop_assert!(told || found.dates.contains_key(code), "{code} is neither dated nor explained");
            }
        }
    }
}
