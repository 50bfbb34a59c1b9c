//! How verification and rollout end (metrics 9 and 10).

use chrono::NaiveDate;
use serde_json::json;

use super::{Facts, Figure, Measure, Metric};
use crate::domain::queue::state::State;
use crate::domain::queue::ticket::{Ticket, Verified};

/// A ticket's arrival in a state.
struct Arrival {
    to: State,
    /// The stage it came out of; what was delayed came out of where it was delayed.
    from: Option<State>,
    day: NaiveDate,
}

fn arrivals(ticket: &Ticket, facts: &Facts<'_>) -> Vec<Arrival> {
    let standing = &ticket.standing;
    let past = standing
        .trail
        .iter()
        .map(|it| (it.state, it.delayed_from, it.from));
    let now = (standing.state, standing.delayed_from, standing.entered);
    let mut before = None;
    let mut arrivals = Vec::new();
    for (state, delayed_from, at) in past.chain([now]) {
        arrivals.push(Arrival {
            to: state,
            from: before.or(standing.from.filter(|_| standing.trail.is_empty())),
            day: facts.day(at),
        });
        before = Some(
            delayed_from
                .filter(|_| state == State::Delayed)
                .unwrap_or(state),
        );
    }
    arrivals.retain(|it| it.day <= facts.today && facts.period.contains(it.day));
    arrivals
}

fn in_verification(state: Option<State>) -> bool {
    matches!(state, Some(State::Verification | State::WaitingForResponse))
}

/// Metric 9. Rejected / (rejected + ready), of the tickets that came there in the period. Split:
/// rejected in verification / (these + passed into the rollout), and rejected in the rollout /
/// (these + ready). A resumed ticket that comes to a state again counts again.
pub(super) const REJECTION: Metric = Metric {
    number: 9,
    name: "rejection",
    title: "Rejection rate",
    formula: "Rejected / (rejected + ready) in the period; by stage, rejected in it / (rejected in it + passed).",
    of_a_site: false,
    columns: &["ticket", "release", "outcome", "out_of", "on", "reason"],
    measure: rejection,
};

fn rejection(facts: &Facts<'_>) -> Measure {
    let (mut rejected, mut ready, mut passed) = (0, 0, 0);
    let (mut by_verifier, mut by_sites) = (0, 0);
    let mut rows = Vec::new();
    for ticket in facts.tickets() {
        for it in arrivals(ticket, facts) {
            match it.to {
                State::Rejected => {
                    rejected += 1;
                    by_verifier += usize::from(in_verification(it.from));
                    by_sites += usize::from(it.from == Some(State::StagedRollout));
                }
                State::Ready => ready += 1,
                State::StagedRollout if in_verification(it.from) => {
                    passed += 1;
                    continue;
                }
                _ => continue,
            }
            let reason = ticket
                .closing_reason
                .as_deref()
                .filter(|_| it.to == State::Rejected);
            rows.push(vec![
                json!(ticket.id),
                json!(ticket.label()),
                json!(it.to.word()),
                json!(it.from.map(State::word)),
                json!(it.day),
                json!(reason),
            ]);
        }
    }
    Measure {
        figures: vec![
            Figure::share("all", rejected, rejected + ready),
            Figure::share("in verification", by_verifier, by_verifier + passed),
            Figure::share("in the rollout", by_sites, by_sites + ready),
        ],
        rows,
    }
}

/// Metric 10. Yield: verified at the first attempt / (verified + rejected in verification), of
/// the tickets that left verification in the period. A first attempt had no question to the
/// product team and its submission replaces no earlier one. Warning rate: verified with
/// warnings / verified, where the record says which.
pub(super) const YIELD: Metric = Metric {
    number: 10,
    name: "yield",
    title: "Verification yield",
    formula: "Verified without a question and not a replacement / (verified + rejected); with warnings / verified.",
    of_a_site: false,
    columns: &[
        "ticket",
        "release",
        "outcome",
        "on",
        "first_attempt",
        "warnings",
    ],
    measure: verification,
};

fn verification(facts: &Facts<'_>) -> Measure {
    let (mut first, mut verified, mut rejected) = (0, 0, 0);
    let (mut warned, mut judged) = (0, 0);
    let mut rows = Vec::new();
    for ticket in facts.tickets() {
        let left = arrivals(ticket, facts).into_iter().find(|it| match it.to {
            State::StagedRollout | State::Rejected => in_verification(it.from),
            _ => false,
        });
        let Some(left) = left else { continue };
        let passed = left.to == State::StagedRollout;
        let at_first = passed && !was_asked(ticket) && !replaces(ticket, facts);
        verified += usize::from(passed);
        rejected += usize::from(!passed);
        first += usize::from(at_first);
        if passed && let Some(how) = ticket.verified {
            judged += 1;
            warned += usize::from(how == Verified::WithWarnings);
        }
        rows.push(vec![
            json!(ticket.id),
            json!(ticket.label()),
            json!(if passed { "verified" } else { "rejected" }),
            json!(left.day),
            json!(if at_first { "yes" } else { "no" }),
            json!(match ticket.verified {
                Some(Verified::WithWarnings) => "yes",
                Some(Verified::Clean) => "no",
                None => "",
            }),
        ]);
    }
    Measure {
        figures: vec![
            Figure::share("verified at the first attempt", first, verified + rejected),
            Figure::share("verified with warnings", warned, judged),
        ],
        rows,
    }
}

fn was_asked(ticket: &Ticket) -> bool {
    let trail = &ticket.standing.trail;
    trail.iter().any(|it| it.state == State::WaitingForResponse)
}

fn replaces(ticket: &Ticket, facts: &Facts<'_>) -> bool {
    let own = |id: &String| facts.submissions.iter().find(|it| it.id == *id);
    let submission = ticket.submission.as_ref().and_then(own);
    submission.is_some_and(|it| it.supersedes.is_some())
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{moved, says, with};
    use super::*;

    fn all() -> Vec<Ticket> {
        let passed = &[
            (State::Verification, "2026-11-02"),
            (State::StagedRollout, "2026-11-05"),
            (State::Ready, "2026-11-20"),
        ];
        let asked = &[
            (State::Verification, "2026-11-02"),
            (State::WaitingForResponse, "2026-11-03"),
            (State::Verification, "2026-11-04"),
            (State::StagedRollout, "2026-11-05"),
            (State::Delayed, "2026-11-10"),
            (State::Rejected, "2026-11-30"),
        ];
        let failed = &[
            (State::Verification, "2026-11-02"),
            (State::Rejected, "2026-11-05"),
        ];
        vec![
            moved("T-1", passed),
            moved("T-2", asked),
            moved("T-3", failed),
        ]
    }

    #[test]
    fn metric_9_what_was_rejected_while_delayed_counts_for_the_stage_it_came_from() {
        with(|facts| {
            facts.tickets = all();
            says(
                &REJECTION,
                facts,
                &[
                    "all: 2 of 3, 67 %",
                    "in verification: 1 of 3, 33 %",
                    "in the rollout: 1 of 2, 50 %",
                ],
            );
            facts.period.to = "2026-11-29".parse().unwrap();
            says(
                &REJECTION,
                facts,
                &["all: 1 of 2, 50 %", "in the rollout: 0 of 1, 0 %"],
            );
        });
    }

    #[test]
    fn metric_10_a_question_is_no_first_attempt_and_warnings_are_of_the_verified() {
        with(|facts| {
            facts.tickets = all();
            facts.tickets[0].verified = Some(Verified::WithWarnings);
            facts.tickets[1].verified = Some(Verified::Clean);
            says(
                &YIELD,
                facts,
                &[
                    "verified at the first attempt: 1 of 3, 33 %",
                    "verified with warnings: 1 of 2, 50 %",
                ],
            );
        });
    }
}
