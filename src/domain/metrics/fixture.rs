//! Hand-made records for the tests of the metrics.

use chrono::NaiveDate;
use serde_json::json;

use super::{Facts, Figure, Metric, Period};
use crate::domain::queue::examples::{at, day, profile, ticket, under};
use crate::domain::queue::state::{Standing, State, Visit};
use crate::domain::queue::ticket::Ticket;
use crate::domain::when::When;

pub(super) const TODAY: &str = "2026-11-30";

/// Runs a test on a desk without records, on 30 November 2026; the period is that November.
pub(crate) fn with<T>(run: impl FnOnce(&mut Facts<'_>) -> T) -> T {
    under(&profile(), |setting| {
        let period = Period {
            from: Some(day("2026-11-01")),
            to: day(TODAY),
        };
        run(&mut Facts::none(setting, day(TODAY), period))
    })
}

/// What a metric says, a line a figure.
pub(super) fn told(metric: &Metric, facts: &Facts<'_>) -> Vec<String> {
    let line = |figure: &Figure| format!("{}: {}", figure.what, figure.text());
    (metric.measure)(facts).figures.iter().map(line).collect()
}

#[track_caller]
pub(super) fn says(metric: &Metric, facts: &Facts<'_>, expected: &[&str]) {
    let told = told(metric, facts);
    for line in expected {
        assert!(
            told.iter().any(|it| it == line),
            "metric {}: {line:?} is not in {told:#?}",
            metric.number
        );
    }
}

/// A ticket that was in these states since these days, the last one still.
pub(crate) fn moved(id: &str, stays: &[(State, &str)]) -> Ticket {
    let mut it = ticket(State::Unverified);
    it.id = id.to_owned();
    it.submission = None;
    let profile = profile();
    let mut trail: Vec<Visit> = Vec::new();
    let mut clock_from = at(stays[0].1);
    for (index, (state, from)) in stays.iter().enumerate() {
        let before = index.checked_sub(1).map(|before| stays[before].0);
        let asked = |it: State| matches!(it, State::Verification | State::WaitingForResponse);
        let same_stage = *state == State::Delayed || before.is_some_and(asked) && asked(*state);
        if !same_stage {
            clock_from = at(from);
        }
        let delayed_from = (*state == State::Delayed).then_some(before).flatten();
        let stage = match (state, before) {
            (State::WaitingForResponse, _) => State::Verification,
            (State::Delayed, Some(before)) => before,
            (state, _) => *state,
        };
        let limit = profile.limit(stage);
        match stays.get(index + 1) {
            Some((_, to)) => trail.push(Visit {
                state: *state,
                from: at(from),
                to: at(to),
                at_least: false,
                delayed_from,
                clock_from,
                limit,
                due: None,
            }),
            None => {
                it.standing = Standing {
                    state: *state,
                    from: before,
                    entered: at(from),
                    clock_from,
                    limit,
                    delayed_from,
                    trail: std::mem::take(&mut trail),
                    ..it.standing.clone()
                };
            }
        }
    }
    it
}

pub(crate) fn announcement(
    json: serde_json::Value,
) -> crate::domain::rollout::announcement::Announcement {
    let mut whole = json!({
        "id": "N-1", "ticket": "T-1", "product": "bdii", "version": "6.0.2", "platform": "al9",
        "arch": "x86_64", "state": {"state": "running", "entered": "2026-11-02"},
    });
    merge(&mut whole, json);
    serde_json::from_value(whole).unwrap()
}

pub(crate) fn problem(json: serde_json::Value) -> crate::domain::problem::report::Problem {
    let mut whole = json!({
        "id": "P-1", "channel_id": "GGUS-1", "product": "bdii",
        "state": {"state": "filed", "entered": "2026-11-05", "by": "Alice"},
    });
    merge(&mut whole, json);
    serde_json::from_value(whole).unwrap()
}

fn merge(whole: &mut serde_json::Value, more: serde_json::Value) {
    if let (Some(whole), serde_json::Value::Object(more)) = (whole.as_object_mut(), more) {
        whole.extend(more);
    }
}

pub(super) fn when(text: &str) -> When {
    at(text)
}

pub(super) fn on(text: &str) -> NaiveDate {
    day(text)
}
