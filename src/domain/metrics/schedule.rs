//! How the schedule held (metric 14).

use std::collections::BTreeMap;

use serde_json::json;

use super::{Facts, Figure, Measure, Metric};
use crate::domain::schedule::milestone::Slip;

/// Metric 14. By cycle, in the period: slips, which are moves of a milestone to a later day
/// that were decided for itself and stand (what was dragged along is not counted again, nor what
/// was settled for another move; of moves in dispute those count that led to the day shown); the
/// days they add up to; and the milestones done on or before their approved date (the current one
/// where none was approved), of those done in the period or missed in it.
pub(super) const SCHEDULE: Metric = Metric {
    number: 14,
    name: "schedule",
    title: "Schedule",
    formula: "Slips and slipped days by cycle; milestones done by their approved date / milestones done or missed in the period.",
    of_a_site: false,
    columns: &["cycle", "milestone", "what", "from", "to", "days", "reason"],
    measure,
};

#[derive(Default)]
struct Cycle {
    slips: usize,
    days: i64,
    on_time: usize,
    due: usize,
}

fn measure(facts: &Facts<'_>) -> Measure {
    let mut cycles: BTreeMap<String, Cycle> = BTreeMap::new();
    let mut rows = Vec::new();
    let here = |day| day <= facts.today && facts.period.contains(day);
    for it in facts.milestones.iter().filter(|it| !it.deleted) {
        let moves = it.slips.iter().zip(Slip::standing(it.due, &it.slips));
        let decided = moves.filter(|(slip, stands)| *stands && slip.dragged_by.is_none());
        for (slip, _) in decided {
            let to = facts.day(slip.to);
            let from = slip.from.map(|from| facts.day(from));
            let days = from.map_or(0, |from| (to - from).num_days());
            if days <= 0 || !here(facts.day(slip.on)) {
                continue;
            }
            let cycle = cycles.entry(it.cycle.clone()).or_default();
            (cycle.slips, cycle.days) = (cycle.slips + 1, cycle.days + days);
            rows.push(vec![
                json!(it.cycle),
                json!(format!("{} {}", it.code, it.name)),
                json!("slip"),
                json!(from),
                json!(to),
                json!(days),
                json!(slip.reason),
            ]);
        }
        let Some(agreed) = it.planned.or(it.due).map(|at| facts.day(at)) else {
            continue;
        };
        let done = it
            .actual
            .map(|at| facts.day(at))
            .filter(|day| *day <= facts.today);
        let missed = done.is_none() && agreed < facts.today && here(agreed);
        if !missed && !done.is_some_and(here) {
            continue;
        }
        let on_time = done.is_some_and(|day| day <= agreed);
        let cycle = cycles.entry(it.cycle.clone()).or_default();
        (cycle.due, cycle.on_time) = (cycle.due + 1, cycle.on_time + usize::from(on_time));
        rows.push(vec![
            json!(it.cycle),
            json!(format!("{} {}", it.code, it.name)),
            json!(match (missed, on_time) {
                (true, _) => "missed",
                (false, true) => "on time",
                (false, false) => "late",
            }),
            json!(agreed),
            json!(done),
            json!(done.map(|day| (day - agreed).num_days())),
            json!(""),
        ]);
    }
    Measure {
        figures: all(&cycles),
        rows,
    }
}

/// Of all cycles, then of each.
fn all(cycles: &BTreeMap<String, Cycle>) -> Vec<Figure> {
    let all = cycles.values().fold(Cycle::default(), |sum, it| Cycle {
        slips: sum.slips + it.slips,
        days: sum.days + it.days,
        on_time: sum.on_time + it.on_time,
        due: sum.due + it.due,
    });
    let mut figures = figures("all cycles", &all).to_vec();
    for (name, cycle) in cycles {
        figures.extend(self::figures(name, cycle));
    }
    figures
}

fn figures(name: &str, cycle: &Cycle) -> [Figure; 3] {
    [
        Figure::count(format!("{name}: slips"), cycle.slips),
        Figure::total(format!("{name}: slipped days"), cycle.days, cycle.slips),
        Figure::share(
            format!("{name}: milestones on time"),
            cycle.on_time,
            cycle.due,
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{on, says, with};
    use super::*;
    use crate::domain::schedule::milestone::Milestone;

    fn milestone(code: &str, more: &serde_json::Value) -> Milestone {
        let mut whole = json!({
            "id": format!("M-{code}"), "cycle": "1.4", "code": code, "name": "x",
            "planned": "2026-11-10", "current": "2026-11-10",
        });
        whole
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        serde_json::from_value(whole).unwrap()
    }

    #[test]
    fn metric_14_slips_are_decided_moves_to_a_later_day_and_the_agreed_day_is_on_time() {
        let slip = |from: &str, to: &str, dragged: Option<&str>| json!({"from": from, "to": to, "reason": "r", "by": "Alice", "on": "2026-11-05", "dragged_by": dragged});
        with(|facts| {
            facts.milestones = vec![
                milestone("M1", &json!({"actual": "2026-11-10"})),
                milestone(
                    "M2",
                    &json!({"actual": "2026-11-11", "current": "2026-11-11", "slips": [
                        slip("2026-11-10", "2026-11-12", None), slip("2026-11-10", "2026-11-20", None),
                        slip("2026-11-12", "2026-11-11", None),
                    ]}),
                ),
                milestone(
                    "M3",
                    &json!({"slips": [slip("2026-11-10", "2026-12-10", Some("M2"))], "current": "2026-12-10"}),
                ),
                milestone(
                    "M4",
                    &json!({"planned": "2026-11-30", "current": "2026-11-30"}),
                ),
            ];
            says(
                &SCHEDULE,
                facts,
                &[
                    "all cycles: slips: 1",
                    "all cycles: slipped days: 2 d",
                    "1.4: milestones on time: 1 of 3, 33 %",
                ],
            );
            facts.period.from = Some(on("2026-11-12"));
            says(
                &SCHEDULE,
                facts,
                &["all cycles: milestones on time: no data"],
            );
        });
    }
}
