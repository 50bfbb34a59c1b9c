//! What is in dispute when two managers wrote one field at once, and which value is shown until
//! they settle it (SYNC.md 3.8). Two that came to the same end have settled it themselves, and
//! what happened in the world has happened at the earlier of two times. Chooses for nobody.

use std::cmp::Reverse;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::caution;
use super::queue::state::{Standing, State};
use super::when::When;
use super::zone::Zone;

/// Fields that say when something happened in the world: it happened, whoever wrote it first.
const HAPPENED: [&str; 4] = ["announced", "published", "recalled", "frozen_on"];

/// Whether values that stand beside each other are no dispute.
pub fn is_settled(field: &str, values: &[&Value]) -> bool {
    let Some((first, rest)) = values.split_first() else {
        return true;
    };
    if rest.iter().all(|it| it == first) {
        return true;
    }
    if field == "state" {
        let end = target(first);
        return end.is_some() && rest.iter().all(|it| target(it) == end);
    }
    // A signature that was taken back beside the signature itself: not signed, and no dispute.
    is_signature(field) || (has_happened(field) && values.iter().all(|it| !it.is_null()))
}

/// Which of the values is shown, by its place; `values` begins with the one of the lowest order.
pub fn shown(field: &str, values: &[&Value]) -> Option<usize> {
    let last = values.len().checked_sub(1)?;
    let places = 0..values.len();
    let earliest = |place: &usize| (moment(values[*place]), *place);
    if matches!(field, "state" | "triage") {
        let rank = |place: &usize| {
            let (at, place) = earliest(place);
            (caution(values[place]), Reverse(at), Reverse(place))
        };
        return places.max_by_key(rank);
    }
    if is_signature(field) {
        let none = values.iter().position(|it| it.is_null());
        return none.or_else(|| places.min_by_key(earliest));
    }
    if has_happened(field) && is_settled(field, values) {
        return places.min_by_key(earliest);
    }
    Some(last)
}

fn is_signature(field: &str) -> bool {
    field.starts_with("signed:")
}

fn has_happened(field: &str) -> bool {
    HAPPENED.contains(&field) || field.starts_with("sent:")
}

/// How cautious a state is.
fn caution(value: &Value) -> u8 {
    serde_json::from_value::<Standing>(value.clone()).map_or_else(
        |_| caution::of(value),
        |standing: Standing| State::caution(standing.state),
    )
}

/// Where a state register says its record has come to.
fn target(value: &Value) -> Option<(&str, &Value)> {
    Some((value["state"].as_str()?, &value["delayed_from"]))
}

/// When it happened; what says no time sorts last.
fn moment(value: &Value) -> DateTime<Utc> {
    let text = [value, &value["entered"], &value["on"], &value["at"]]
        .into_iter()
        .find_map(Value::as_str);
    text.and_then(|text| text.parse::<When>().ok())
        .map_or(DateTime::<Utc>::MAX_UTC, |at| at.start(&Zone::utc()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn standing(state: &str, entered: &str) -> Value {
        json!({"state": state, "entered": entered, "clock_from": entered})
    }

    #[track_caller]
    fn check(field: &str, values: &[Value], settled: bool, is_shown: usize) {
        let values: Vec<&Value> = values.iter().collect();
        assert_eq!(is_settled(field, &values), settled, "{field} {values:?}");
        assert_eq!(shown(field, &values), Some(is_shown), "{field} {values:?}");
    }

    #[test]
    fn two_who_moved_it_to_the_same_state_have_settled_it_and_the_earlier_entry_stands() {
        let late = standing("verification", "2026-11-21T10:00:00Z");
        let early = standing("verification", "2026-11-20");
        check("state", &[late.clone(), early.clone()], true, 1);
        check("state", &[early, late.clone()], true, 0);
        check("state", &[late.clone(), late], true, 0);
    }

    #[test]
    fn different_states_are_a_dispute_and_the_most_cautious_one_is_shown() {
        let bold = standing("ready", "2026-11-19");
        let careful = standing("delayed", "2026-11-21");
        check("state", &[careful.clone(), bold.clone()], false, 0);
        check("state", &[bold.clone(), careful.clone()], false, 1);
        let gone = Value::Null;
        check("state", &[gone, bold], false, 1);
        let mut other = careful.clone();
        other["delayed_from"] = json!("verification");
        check("state", &[careful, other], false, 0);
    }

    #[test]
    fn what_happened_twice_happened_the_first_time() {
        let days = [json!("2026-11-21"), json!("2026-11-20")];
        check("published", &days, true, 1);
        check("announced", &[json!("2026-11-21"), Value::Null], false, 1);
        check("sent:CNAF", &days, true, 1);
        check("date", &days, false, 1);
    }

    #[test]
    fn a_signature_taken_back_stays_so_and_of_two_names_the_earlier_stands() {
        let signed = |by: &str, on: &str| json!({"by": by, "on": on});
        let (alice, bob) = (signed("Alice", "2026-11-21"), signed("Bob", "2026-11-20"));
        check("signed:4", &[alice.clone(), bob], true, 1);
        check("signed:4", &[alice, Value::Null], true, 1);
    }
}
