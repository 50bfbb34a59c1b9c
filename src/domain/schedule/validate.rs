//! What is wrong with a schedule: with its rules first, then with its order, then with
//! single days. Reports everything and blocks nothing; what is done is not judged.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate, Weekday};

use super::graph::{Base, Graph, key};
use super::milestone::Milestone;
use super::plan::Plan;
use super::problem::{Problem, ProblemKind};
use super::resolve::resolve;
use super::rule::Anchor;
use crate::domain::calendar::{Calendar, spoken};

/// Every problem of a schedule as it stands.
pub fn validate(plan: &Plan<'_>) -> Vec<Problem> {
    let graph = plan.by_rules();
    let days = plan.as_it_stands().run(plan.calendar).days;
    let milestones: Vec<&Milestone> = plan.live().collect();
    let view = View {
        plan,
        graph,
        days,
        milestones,
    };
    let mut problems = view.duplicates();
    problems.extend(view.rules());
    let mut order = view.against_rules();
    let told: BTreeSet<_> = order.iter().map(pair).collect();
    let turned = view.after_release().into_iter().chain(view.turned_round());
    let turned: Vec<Problem> = turned
        .filter(|problem| !told.contains(&pair(problem)))
        .collect();
    order.extend(turned);
    problems.extend(order);
    problems.extend(view.free_days());
    problems
}

/// A day on which nobody works: a weekend, or a holiday by its name.
pub(super) fn free_day(code: &str, day: NaiveDate, calendar: &Calendar) -> Option<Problem> {
    let said = spoken(day);
    if let Some(holiday) = calendar.holidays.get(&day) {
        let sentence = format!("{code} falls on {said}, a holiday: {holiday}.");
        return Some(Problem::warning(ProblemKind::Holiday, &[code], sentence));
    }
    let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
    let sentence = format!("{code} falls on {said}, a weekend.");
    weekend.then(|| Problem::warning(ProblemKind::Weekend, &[code], sentence))
}

/// The milestones of a problem without their order.
fn pair(problem: &Problem) -> BTreeSet<String> {
    problem.milestones.iter().map(|code| key(code)).collect()
}

/// A schedule with the days on which everything stands.
struct View<'a> {
    plan: &'a Plan<'a>,
    graph: Graph<'a>,
    days: Vec<Option<NaiveDate>>,
    milestones: Vec<&'a Milestone>,
}

impl View<'_> {
    fn duplicates(&self) -> Vec<Problem> {
        let mut seen = BTreeSet::new();
        let mut told = BTreeSet::new();
        let again = self
            .milestones
            .iter()
            .filter(|one| !seen.insert(key(&one.code)));
        again
            .filter(|one| told.insert(key(&one.code)))
            .map(|one| {
                let code = one.code.as_str();
                let sentence = format!("{} has the code {code} twice.", self.plan.cycle.name);
                Problem::error(ProblemKind::DuplicateCode, &[code], sentence)
            })
            .collect()
    }

    /// Problems of the rules; a milestone with a date of its own does not lack one.
    fn rules(&self) -> Vec<Problem> {
        let mut problems = resolve(self.plan).problems;
        problems.retain(|problem| {
            let dated = |code: &String| {
                self.graph
                    .find(code)
                    .is_some_and(|at| self.days[at].is_some())
            };
            problem.code != ProblemKind::NoDate || !problem.milestones.iter().all(dated)
        });
        problems
    }

    /// A milestone before what it follows, or after what it precedes.
    fn against_rules(&self) -> Vec<Problem> {
        (0..self.milestones.len())
            .filter_map(|at| self.against_rule(at))
            .collect()
    }

    fn against_rule(&self, at: usize) -> Option<Problem> {
        if self.milestones[at].actual.is_some() {
            return None;
        }
        let rule = self.graph.rule(at)?;
        let (name, day) = (self.graph.gates[at].code, self.days[at]?);
        let (base, base_day) = match self.standing_base(at)? {
            Base::Gate(base) => (Some(self.graph.gates[base].code), self.days[base]?),
            Base::Day(day) => (None, day),
            Base::Undefined => return None,
        };
        let (side, verb) = match rule.offset.n.signum() {
            1 if day < base_day => ("before", "follows"),
            -1 if day > base_day => ("after", "precedes"),
            _ => return None,
        };
        let anchor = base.map_or_else(|| format!("the {}", rule.anchor), str::to_owned);
        let (day, base_day) = (spoken(day), spoken(base_day));
        let sentence =
            format!("{name} ({day}) comes {side} {anchor} ({base_day}), which it {verb}.");
        let about: Vec<&str> = [Some(name), base].into_iter().flatten().collect();
        Some(Problem::error(ProblemKind::OutOfOrder, &about, sentence))
    }

    /// What a milestone counts from as things stand: the release milestone before the plan.
    fn standing_base(&self, at: usize) -> Option<Base> {
        let rule = self.graph.rule(at)?;
        let base = self.graph.base(&rule.anchor);
        let release = self.graph.release_gate.filter(|release| *release != at);
        match (&rule.anchor, release) {
            (Anchor::Release, Some(release)) if self.days[release].is_some() => {
                Some(Base::Gate(release))
            }
            _ => Some(base),
        }
    }

    /// Planned for the release or before it, and now after it.
    fn after_release(&self) -> Vec<Problem> {
        let zone = self.plan.zone;
        let release = self.plan.release_milestone();
        let planned = release
            .and_then(|one| one.planned)
            .or(self.plan.cycle.release);
        let (Some(planned), Some(now)) =
            (planned.map(|when| when.day(zone)), self.plan.release_day())
        else {
            return Vec::new();
        };
        let name = release.map_or("the release", |one| one.code.as_str());
        let late = self.open().filter(|(one, before, day)| {
            *before <= planned && *day > now && release.is_none_or(|it| it.id != one.id)
        });
        late.map(|(one, _, day)| {
            let sentence = format!(
                "{} ({}) comes after {name} ({}); it was planned for before the release.",
                one.code,
                spoken(day),
                spoken(now),
            );
            let about: Vec<&str> = [Some(one), release]
                .into_iter()
                .flatten()
                .map(|one| one.code.as_str())
                .collect();
            Problem::warning(ProblemKind::AfterRelease, &about, sentence)
        })
        .collect()
    }

    /// Neighbours of the approved order that stand the other way round now.
    fn turned_round(&self) -> Vec<Problem> {
        let mut order: Vec<_> = self.open().collect();
        order.sort_by_key(|(_, planned, day)| (*planned, *day));
        let turned = order.windows(2).filter_map(|two| {
            let [(first, planned, day), (second, later, earlier)] = two else {
                return None;
            };
            if planned >= later || day <= earlier || self.is_release(second) {
                return None;
            }
            let sentence = format!(
                "{} ({}) comes after {} ({}); the approved schedule has it before.",
                first.code,
                spoken(*day),
                second.code,
                spoken(*earlier),
            );
            let about = [first.code.as_str(), second.code.as_str()];
            Some(Problem::warning(ProblemKind::OutOfOrder, &about, sentence))
        });
        turned.collect()
    }

    fn is_release(&self, milestone: &Milestone) -> bool {
        self.plan
            .release_milestone()
            .is_some_and(|release| release.id == milestone.id)
    }

    /// Open milestones with the planned day and the day they stand at.
    fn open(&self) -> impl Iterator<Item = (&Milestone, NaiveDate, NaiveDate)> {
        self.milestones
            .iter()
            .zip(&self.days)
            .filter_map(|(one, day)| {
                let planned = one.planned?.day(self.plan.zone);
                one.actual.is_none().then_some((*one, planned, (*day)?))
            })
    }

    fn free_days(&self) -> Vec<Problem> {
        let open = self
            .milestones
            .iter()
            .zip(&self.days)
            .filter(|(one, _)| one.actual.is_none());
        open.filter_map(|(one, day)| free_day(&one.code, (*day)?, self.plan.calendar))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::schedule::fixture::{Desk, cycle, milestone, when};

    #[track_caller]
    fn check(desk: &Desk, expected: &[(&str, &str)]) {
        let problems = validate(&desk.plan());
        let said: Vec<(&str, &str)> = problems
            .iter()
            .map(|one| (one.code.word(), one.sentence.as_str()))
            .collect();
        assert_eq!(said, expected);
    }

    #[test]
    fn the_pattern_m0_to_m6_has_no_problem() {
        check(&Desk::m0_to_m6(), &[]);
    }

    #[test]
    fn a_milestone_before_what_it_follows_is_out_of_order() {
        let mut desk = Desk::m0_to_m6();
        desk.set("M4", |one| one.due = Some(when("2026-03-13")));
        let sentence = "M4 (Fri 13 Mar 2026) comes before M3 (Mon 16 Mar 2026), which it follows.";
        let turned = "M2 (Mon 30 Mar 2026) comes after M4 (Fri 13 Mar 2026); the approved schedule has it before.";
        check(
            &desk,
            &[("out-of-order", sentence), ("out-of-order", turned)],
        );
        desk.set("M4", |one| one.actual = Some(when("2026-03-13")));
        check(&desk, &[]);
    }

    #[test]
    fn a_freeze_after_its_release_is_out_of_order() {
        let freeze = milestone("F", Some("release - 14 days"), Some("2026-12-18"));
        let desk = Desk::new(cycle(None, Some("2026-12-17")), vec![freeze]);
        let sentence =
            "F (Fri 18 Dec 2026) comes after the release (Thu 17 Dec 2026), which it precedes.";
        check(&desk, &[("out-of-order", sentence)]);
    }

    #[test]
    fn the_approved_order_turned_round_is_told_once() {
        let mut desk = Desk::m0_to_m6();
        desk.set("M2", |one| one.due = Some(when("2026-05-26")));
        let sentence = "M2 (Tue 26 May 2026) comes after M4 (Mon 25 May 2026); the approved schedule has it before.";
        check(&desk, &[("out-of-order", sentence)]);
    }

    #[test]
    fn what_was_planned_before_the_release_may_not_follow_it_unseen() {
        let mut desk = Desk::m0_to_m6();
        desk.set("M2", |one| one.due = Some(when("2026-06-09")));
        let problems = validate(&desk.plan());
        let last = problems.last().unwrap();
        assert_eq!(
            (last.code, last.sentence.as_str()),
            (
                ProblemKind::OutOfOrder,
                "M2 (Tue 9 Jun 2026) comes after M4 (Mon 25 May 2026); the approved schedule has it before."
            )
        );
        assert_eq!(
            problems[0].sentence,
            "M2 (Tue 9 Jun 2026) comes after M5 (Mon 8 Jun 2026); it was planned for before the release."
        );
        assert_eq!(problems.len(), 2);
    }

    #[test]
    fn weekends_and_holidays_are_named() {
        let all = vec![
            milestone("A", None, Some("2026-11-26")),
            milestone("B", None, Some("2026-11-28")),
            milestone("C", None, Some("2026-11-30")),
        ];
        let mut desk = Desk::new(cycle(None, None), all);
        desk.calendar
            .holidays
            .insert("2026-11-26".parse().unwrap(), "Thanksgiving".into());
        check(
            &desk,
            &[
                (
                    "holiday",
                    "A falls on Thu 26 Nov 2026, a holiday: Thanksgiving.",
                ),
                ("weekend", "B falls on Sat 28 Nov 2026, a weekend."),
            ],
        );
    }

    #[test]
    fn a_code_twice_a_bad_rule_and_no_date_are_told_first() {
        let all = vec![
            milestone("M1", None, None),
            milestone("m1", None, Some("2026-11-26")),
            milestone("M2", Some("M1 + x"), Some("2026-11-27")),
        ];
        check(
            &Desk::new(cycle(None, None), all),
            &[
                ("duplicate-code", "CMD 1.4.0 has the code m1 twice."),
                (
                    "bad-rule",
                    "M2: \"x\" is not a number of days, weeks or months; write the number in digits, as in M1 + 10 weeks.",
                ),
                ("no-date", "M1 has neither a date nor a rule."),
            ],
        );
    }

    #[test]
    fn a_date_of_its_own_makes_up_for_a_rule_without_one_but_not_for_a_circle() {
        let all = vec![
            milestone("M1", None, None),
            milestone("M2", Some("M1 + 2w"), Some("2026-11-26")),
            milestone("M3", Some("M4 + 2w"), Some("2026-12-10")),
            milestone("M4", Some("M3 - 2w"), Some("2026-11-26")),
        ];
        check(
            &Desk::new(cycle(None, None), all),
            &[
                (
                    "circular-rule",
                    "The rules go round in a circle: M3 → M4 → M3.",
                ),
                ("no-date", "M1 has neither a date nor a rule."),
            ],
        );
    }
}
