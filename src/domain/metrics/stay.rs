//! How long tickets stay where they are, and whether in time (metrics 1 and 4).

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::json;

use super::{Facts, Figure, Measure, Metric};
use crate::domain::clock::{self, Limit, Pause};
use crate::domain::profile::Waiting;
use crate::domain::queue::enter::WAITING;
use crate::domain::queue::state::State;
use crate::domain::queue::ticket::Ticket;
use crate::domain::zone::Zone;

/// One stay of a ticket in a state on its way.
#[derive(Clone, Debug)]
pub(super) struct Stay {
    pub(super) state: State,
    pub(super) delayed_from: Option<State>,
    pub(super) from: NaiveDate,
    /// None while it lasts.
    pub(super) to: Option<NaiveDate>,
    clock_from: NaiveDate,
    limit: Option<Limit>,
    due: Option<NaiveDate>,
    at_least: bool,
}

/// The stays of a ticket that is or was on its way, the earliest first.
pub(super) fn stays(ticket: &Ticket, zone: &Zone) -> Vec<Stay> {
    let standing = &ticket.standing;
    let past = standing.trail.iter().map(|it| Stay {
        state: it.state,
        delayed_from: it.delayed_from,
        from: it.from.day(zone),
        to: Some(it.to.day(zone)),
        clock_from: it.clock_from.day(zone),
        limit: it.limit,
        due: it.due,
        at_least: it.at_least,
    });
    let now = Stay {
        state: standing.state,
        delayed_from: standing.delayed_from,
        from: standing.entered.day(zone),
        to: None,
        clock_from: standing.clock_from.day(zone),
        limit: standing.limit,
        due: standing.due,
        at_least: standing.at_least,
    };
    past.chain([now]).filter(|it| it.state.is_open()).collect()
}

impl Stay {
    /// Whole days from entry to exit, to `today` while it lasts.
    pub(super) fn days(&self, today: NaiveDate) -> i64 {
        (self.to.unwrap_or(today) - self.from).num_days().max(0)
    }
}

/// The states whose time is measured, in the order of the process.
const MEASURED: [State; 6] = [
    State::Unverified,
    State::Verification,
    State::WaitingForResponse,
    State::StagedRollout,
    State::Ready,
    State::Delayed,
];

/// Metric 1. By ticket and state: the sum of (exit − entry) in whole days over its stays that
/// touch the period, open ones counted to today; of these sums by state the median, the
/// ninth decile and the maximum. Waiting for response is a state of its own here.
pub(super) const TIME_IN_STATE: Metric = Metric {
    number: 1,
    name: "time-in-state",
    title: "Time in state",
    formula: "Days a ticket was in a state, summed over its stays that touch the period; open stays count to today.",
    of_a_site: false,
    columns: &["ticket", "release", "state", "stays", "days", "at_least"],
    measure: time_in_state,
};

fn time_in_state(facts: &Facts<'_>) -> Measure {
    let mut by_state: BTreeMap<usize, Vec<i64>> = BTreeMap::new();
    let mut rows = Vec::new();
    for ticket in facts.tickets() {
        let stays = stays(ticket, facts.setting.zone);
        for (index, state) in MEASURED.into_iter().enumerate() {
            let here: Vec<&Stay> = stays
                .iter()
                .filter(|it| it.state == state && it.from <= facts.today)
                .filter(|it| facts.period.touches(it.from, it.to))
                .collect();
            if here.is_empty() {
                continue;
            }
            let days: i64 = here.iter().map(|it| it.days(facts.today)).sum();
            by_state.entry(index).or_default().push(days);
            let at_least = here.iter().any(|it| it.at_least);
            rows.push(vec![
                json!(ticket.id),
                json!(ticket.label()),
                json!(state.word()),
                json!(here.len()),
                json!(days),
                json!(if at_least { "yes" } else { "" }),
            ]);
        }
    }
    let figure = |(index, state): (usize, State)| {
        let days = by_state.get(&index).map_or(&[][..], Vec::as_slice);
        Figure::days(facts.setting.profile.label(state), days)
    };
    Measure {
        figures: MEASURED.into_iter().enumerate().map(figure).collect(),
        rows,
    }
}

/// A stage of a ticket: stays that share one clock, a question within verification too.
struct Stage {
    state: State,
    from: NaiveDate,
    to: Option<NaiveDate>,
    due: Option<NaiveDate>,
}

/// Metric 4. By stage: visits that ended on or before their last day in time, of those that
/// ended in the period or ran past that day in it. A visit lasts from the start of its clock
/// to the step out of the stage; a question to the product team is part of it, a delay ends it.
pub(super) const LIMITS: Metric = Metric {
    number: 4,
    name: "limits",
    title: "Limits kept",
    formula: "Visits of a stage that ended within their limit / visits that ended in the period or ran past their limit in it.",
    of_a_site: false,
    columns: &["ticket", "release", "stage", "from", "to", "due", "kept"],
    measure: limits,
};

const LIMITED: [State; 3] = [State::Unverified, State::Verification, State::StagedRollout];

fn limits(facts: &Facts<'_>) -> Measure {
    let mut by_stage = [(0, 0); LIMITED.len()];
    let mut rows = Vec::new();
    for ticket in facts.tickets() {
        for stage in stages(ticket, facts) {
            let Some(at) = LIMITED.iter().position(|it| *it == stage.state) else {
                continue;
            };
            let Some(due) = stage.due else { continue };
            let ended = stage
                .to
                .is_some_and(|to| to <= facts.today && facts.period.contains(to));
            let late = stage.to.unwrap_or(facts.today) > due;
            // The first day over the limit.
            let overran = late
                && due
                    .succ_opt()
                    .is_some_and(|over| over <= facts.today && facts.period.contains(over));
            if !ended && !overran {
                continue;
            }
            by_stage[at].1 += 1;
            by_stage[at].0 += usize::from(!late);
            rows.push(vec![
                json!(ticket.id),
                json!(ticket.label()),
                json!(stage.state.word()),
                json!(stage.from),
                json!(stage.to),
                json!(due),
                json!(if late { "no" } else { "yes" }),
            ]);
        }
    }
    let figures = LIMITED
        .iter()
        .zip(by_stage)
        .map(|(state, (kept, n))| Figure::share(facts.setting.profile.label(*state), kept, n));
    Measure {
        figures: figures.collect(),
        rows,
    }
}

fn stages(ticket: &Ticket, facts: &Facts<'_>) -> Vec<Stage> {
    let mut found: Vec<(Stage, Stay, Vec<Pause>)> = Vec::new();
    for stay in stays(ticket, facts.setting.zone) {
        let waits = stay.state == State::WaitingForResponse;
        let state = if waits {
            State::Verification
        } else {
            stay.state
        };
        let pause = waits.then(|| Pause {
            from: stay.from,
            until: stay.to,
            reason: WAITING.to_owned(),
        });
        match found.last_mut() {
            Some((visit, first, pauses))
                if visit.state == state
                    && visit.to == Some(stay.from)
                    && first.clock_from == stay.clock_from
                    && first.due == stay.due =>
            {
                visit.to = stay.to;
                pauses.extend(pause);
            }
            _ => {
                let visit = Stage {
                    state,
                    from: stay.from,
                    to: stay.to,
                    due: None,
                };
                found.push((visit, stay, pause.into_iter().collect()));
            }
        }
    }
    let dated = |(visit, first, pauses): (Stage, Stay, Vec<Pause>)| {
        let pauses = match facts.setting.profile.waiting {
            Waiting::Runs => &[][..],
            Waiting::Pauses => &pauses,
        };
        let by_limit = |limit| clock::due(limit, first.clock_from, pauses, facts.setting.calendar);
        Stage {
            due: first.due.or(first.limit.map(by_limit)),
            ..visit
        }
    };
    found.into_iter().map(dated).collect()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{moved, on, says, with};
    use super::*;

    #[test]
    fn metric_1_a_stay_counts_whole_days_and_an_open_one_to_today() {
        with(|facts| {
            facts.tickets = vec![
                moved(
                    "T-1",
                    &[
                        (State::Unverified, "2026-11-02"),
                        (State::Verification, "2026-11-05"),
                    ],
                ),
                moved("T-2", &[(State::Unverified, "2026-11-20")]),
            ];
            says(
                &TIME_IN_STATE,
                facts,
                &[
                    "unverified: median 6.5 d, p90 10 d, max 10 d",
                    "verification: median 25 d, p90 25 d, max 25 d",
                    "staged rollout: no data",
                ],
            );
        });
    }

    #[test]
    fn metric_1_stays_of_one_ticket_are_summed_and_waiting_is_apart() {
        with(|facts| {
            facts.tickets = vec![moved(
                "T-1",
                &[
                    (State::Verification, "2026-11-02"),
                    (State::WaitingForResponse, "2026-11-04"),
                    (State::Verification, "2026-11-09"),
                    (State::StagedRollout, "2026-11-10"),
                ],
            )];
            says(
                &TIME_IN_STATE,
                facts,
                &[
                    "verification: median 3 d, p90 3 d, max 3 d",
                    "waiting for response: median 5 d, p90 5 d, max 5 d",
                ],
            );
            assert_eq!(time_in_state(facts).rows[0][3], 2, "metric 1: two stays");
        });
    }

    #[test]
    fn metric_1_a_stay_outside_the_period_and_one_that_is_over_for_good_do_not_count() {
        with(|facts| {
            facts.tickets = vec![moved(
                "T-1",
                &[
                    (State::Unverified, "2026-10-01"),
                    (State::Verification, "2026-10-31"),
                    (State::Rejected, "2026-11-01"),
                ],
            )];
            says(
                &TIME_IN_STATE,
                facts,
                &[
                    "unverified: no data",
                    "verification: median 1 d, p90 1 d, max 1 d",
                ],
            );
        });
    }

    #[test]
    fn metric_4_the_last_day_is_in_time_and_a_question_restarts_nothing() {
        let stays = |end: &str| {
            moved(
                "T-1",
                &[
                    (State::Verification, "2026-11-02"),
                    (State::WaitingForResponse, "2026-11-04"),
                    (State::Verification, "2026-11-06"),
                    (State::StagedRollout, end),
                ],
            )
        };
        with(|facts| {
            facts.tickets = vec![stays("2026-11-09")];
            says(
                &LIMITS,
                facts,
                &["verification: 1 of 1, 100 %", "unverified: no data"],
            );
            facts.tickets = vec![stays("2026-11-10")];
            says(&LIMITS, facts, &["verification: 0 of 1, 0 %"]);
            assert_eq!(
                limits(facts).rows.len(),
                1,
                "metric 4: one visit, not three"
            );
        });
    }

    #[test]
    fn metric_4_an_open_visit_counts_from_its_first_day_over_the_limit_and_a_delay_ends_one() {
        with(|facts| {
            facts.tickets = vec![moved("T-1", &[(State::Verification, "2026-11-23")])];
            facts.today = on("2026-11-30");
            says(&LIMITS, facts, &["verification: no data"]);
            facts.today = on("2026-12-01");
            facts.period.to = on("2026-12-01");
            says(&LIMITS, facts, &["verification: 0 of 1, 0 %"]);
            facts.tickets = vec![moved(
                "T-1",
                &[
                    (State::Verification, "2026-11-02"),
                    (State::Delayed, "2026-11-11"),
                ],
            )];
            says(&LIMITS, facts, &["verification: 0 of 1, 0 %"]);
        });
    }

    #[test]
    fn metric_4_waiting_lengthens_the_limit_where_the_profile_says_so() {
        with(|facts| {
            let mut profile = facts.setting.profile.clone();
            profile.waiting = Waiting::Pauses;
            let setting = crate::domain::noun::Setting {
                profile: &profile,
                calendar: facts.setting.calendar,
                zone: facts.setting.zone,
            };
            let mut facts = Facts::none(&setting, facts.today, facts.period);
            facts.tickets = vec![moved(
                "T-1",
                &[
                    (State::Verification, "2026-11-02"),
                    (State::WaitingForResponse, "2026-11-04"),
                    (State::Verification, "2026-11-06"),
                    (State::StagedRollout, "2026-11-11"),
                ],
            )];
            says(&LIMITS, &facts, &["verification: 1 of 1, 100 %"]);
        });
    }
}
