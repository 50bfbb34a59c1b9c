//! Critical issues: how many escape into production, and how long each step takes (metrics
//! 11 and 12).

use chrono::NaiveDate;
use serde_json::json;

use super::walked::{filed, is_critical, walked};
use super::{Facts, Figure, Measure, Metric};
use crate::domain::problem::production::concerns;
use crate::domain::problem::report::Problem;
use crate::domain::queue::state::State;
use crate::domain::queue::ticket::Ticket;

/// The day a ticket first became ready.
fn ready(ticket: &Ticket, facts: &Facts<'_>) -> Option<NaiveDate> {
    let standing = &ticket.standing;
    let past = standing.trail.iter().map(|it| (it.state, it.from));
    past.chain([(standing.state, standing.entered)])
        .find(|(state, _)| *state == State::Ready)
        .map(|(_, from)| facts.day(from))
}

/// The release that a problem is about: the ticket it names, else one of its product and
/// version that was ready by then.
fn release<'a>(problem: &Problem, filed: NaiveDate, facts: &'a Facts<'_>) -> Option<&'a Ticket> {
    let by = |it: &&Ticket| ready(it, facts).is_some_and(|day| day <= filed);
    facts.tickets().filter(|it| concerns(problem, it)).find(by)
}

/// Metric 11. Critical problems filed in the period about a release that was ready by that day,
/// for each ticket that became ready in the period.
pub(super) const ESCAPES: Metric = Metric {
    number: 11,
    name: "escapes",
    title: "Escape rate",
    formula: "Critical problems filed in the period after their release was ready / tickets that became ready in it.",
    of_a_site: false,
    columns: &["problem", "ticket", "release", "ready", "filed", "site"],
    measure: escapes,
};

fn escapes(facts: &Facts<'_>) -> Measure {
    let here = |day: NaiveDate| day <= facts.today && facts.period.contains(day);
    let made = facts
        .tickets()
        .filter(|it| ready(it, facts).is_some_and(here))
        .count();
    let mut rows = Vec::new();
    for problem in critical(facts) {
        let on = facts.day(filed(problem));
        let Some(ticket) = release(problem, on, facts) else {
            continue;
        };
        rows.push(vec![
            json!(problem.id),
            json!(ticket.id),
            json!(ticket.label()),
            json!(ready(ticket, facts)),
            json!(on),
            json!(problem.site),
        ]);
    }
    let escaped = if made == 0 { 0 } else { rows.len() };
    Measure {
        figures: vec![Figure::rate(
            "critical problems for a release",
            escaped,
            made,
        )],
        rows,
    }
}

/// Critical problems filed in the period.
fn critical<'a>(facts: &'a Facts<'_>) -> impl Iterator<Item = &'a Problem> {
    facts
        .problems
        .iter()
        .filter(|it| !it.deleted && is_critical(it) && facts.wants(&it.product))
        .filter(|it| {
            facts.site.is_none() || it.site.as_deref().is_some_and(|it| facts.wants_site(it))
        })
        .filter(|it| {
            let on = facts.day(filed(it));
            on <= facts.today && facts.period.contains(on)
        })
}

/// Metric 12. Of the critical problems filed in the period, in calendar days: filed to triaged,
/// filed to provider engaged, filed to fixing version in production. A step that is not taken
/// yet is not counted, its row says so.
pub(super) const CRITICAL: Metric = Metric {
    number: 12,
    name: "critical-time",
    title: "Time of critical problems",
    formula: "Days from filing to triage, to the provider's engagement, to the fixing version in production.",
    of_a_site: true,
    columns: &[
        "problem", "release", "site", "filed", "triaged", "engaged", "fixed",
    ],
    measure: critical_time,
};

fn critical_time(facts: &Facts<'_>) -> Measure {
    let mut rows = Vec::new();
    let (mut triaged, mut engaged, mut fixed) = (Vec::new(), Vec::new(), Vec::new());
    for problem in critical(facts) {
        let steps = walked(problem, facts.tickets());
        let start = facts.day(steps.filed);
        let on = |at: Option<crate::domain::when::When>| {
            at.map(|at| facts.day(at)).filter(|day| *day <= facts.today)
        };
        let days = [on(steps.triaged), on(steps.engaged), on(steps.fixed)];
        for (day, times) in days.iter().zip([&mut triaged, &mut engaged, &mut fixed]) {
            times.extend(day.map(|day| (day - start).num_days().max(0)));
        }
        rows.push(vec![
            json!(problem.id),
            json!(problem.label()),
            json!(problem.site),
            json!(start),
            json!(days[0]),
            json!(days[1]),
            json!(days[2]),
        ]);
    }
    Measure {
        figures: vec![
            Figure::days("filed to triaged", &triaged),
            Figure::days("filed to provider engaged", &engaged),
            Figure::days("filed to fixing version in production", &fixed),
        ],
        rows,
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{moved, problem, says, told, with};
    use super::*;

    /// Filed and triaged on one day.
    fn on(ticket: &str, on: &str, criticality: &str) -> Problem {
        let triage = json!({"criticality": criticality, "body": "MU", "by": "Alice", "at": on});
        problem(json!({
            "ticket": ticket, "site": "PIC", "filed": on, "triage": triage,
            "state": {"state": "triaged", "entered": on, "by": "Alice"},
        }))
    }

    #[test]
    fn metric_11_only_critical_ones_filed_once_the_release_was_ready_escape() {
        with(|facts| {
            facts.tickets = vec![
                moved(
                    "T-1",
                    &[
                        (State::StagedRollout, "2026-11-02"),
                        (State::Ready, "2026-11-10"),
                    ],
                ),
                moved(
                    "T-2",
                    &[
                        (State::StagedRollout, "2026-11-02"),
                        (State::Ready, "2026-11-12"),
                    ],
                ),
                moved("T-3", &[(State::StagedRollout, "2026-11-02")]),
            ];
            says(
                &ESCAPES,
                facts,
                &["critical problems for a release: 0 for 2, 0.00 each"],
            );
            facts.problems = vec![
                on("T-1", "2026-11-10", "critical"),
                on("T-1", "2026-11-09", "critical"),
                on("T-2", "2026-11-20", "high"),
                on("T-3", "2026-11-20", "critical"),
            ];
            says(
                &ESCAPES,
                facts,
                &["critical problems for a release: 1 for 2, 0.50 each"],
            );
        });
    }

    #[test]
    fn metric_12_a_step_that_is_not_taken_is_no_data() {
        with(|facts| {
            facts.problems = vec![
                on("T-1", "2026-11-05", "critical"),
                on("T-1", "2026-11-05", "low"),
            ];
            let rows = critical_time(facts).rows;
            assert_eq!(rows.len(), 1, "metric 12: critical ones alone");
            says(
                &CRITICAL,
                facts,
                &[
                    "filed to provider engaged: no data",
                    "filed to fixing version in production: no data",
                ],
            );
        });
    }

    #[test]
    fn metric_12_a_fix_counts_from_the_promotion_of_the_version_that_brings_it() {
        with(|facts| {
            let mut fixing = moved("T-9", &[(State::Released, "2026-11-14")]);
            fixing.promotions = serde_json::from_value(json!([
                {"to": "beta", "at": "2026-11-10", "by": "Alice", "proof": "a test"},
                {"to": "production", "at": "2026-11-14", "by": "Alice", "proof": "a rule"},
            ]))
            .unwrap();
            facts.tickets = vec![fixing];
            let mut fixed = on("T-1", "2026-11-05", "critical");
            fixed.engaged =
                serde_json::from_value(json!({"at": "2026-11-07", "whom": "INFN"})).ok();
            fixed.successor = serde_json::from_value(json!({"at": "2026-11-08", "id": "T-9"})).ok();
            facts.problems = vec![fixed];
            let said = [
                "filed to triaged: median 0 d",
                "filed to provider engaged: median 2 d",
                "filed to fixing version in production: median 9 d",
            ];
            let told = told(&CRITICAL, facts);
            for said in said {
                assert!(
                    told.iter().any(|it| it.starts_with(said)),
                    "metric 12: {told:#?}"
                );
            }
        });
    }
}
