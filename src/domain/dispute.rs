//! What is in dispute when two managers wrote one field at once, and which value is shown until
//! they settle it (SYNC.md 3.8). Two that came to the same end have settled it themselves, and
//! what happened in the world has happened at the earlier of two times. Chooses for nobody.

use std::cmp::Reverse;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::caution;
use super::message::MessageState;
use super::queue::state::{Standing, State, SubmissionState};
use super::when::When;
use super::zone::Zone;

/// Fields that say when something happened in the world: it happened, whoever wrote it first.
const HAPPENED: [&str; 8] = [
    "announced",
    "answered",
    "filed",
    "frozen_on",
    "injected",
    "published",
    "recalled",
    "submitted",
];

/// Fields that say the same by site.
const HAPPENED_AT: [&str; 3] = ["accepted", "deployed", "sent"];

/// Fields that tell of one deed. Two managers who did the same have done it once, the first
/// time; what it was may differ, and then it is in dispute.
const DEEDS: [&str; 5] = ["early", "engaged", "successor", "told", "turn"];

/// What two who did the same may say differently of it: when, who recorded it, and the text
/// that was drafted for it, which is one text.
const ASIDE: [&str; 5] = ["announced", "at", "by", "message", "sent"];

/// Whether values that stand beside each other are no dispute.
pub fn is_settled(field: &str, values: &[&Value]) -> bool {
    let Some((first, rest)) = values.split_first() else {
        return true;
    };
    if rest.iter().all(|it| it == first) {
        return true;
    }
    if field == "state" {
        if is_answer(values) {
            return true;
        }
        // A human has sent a message or left it out; that a rule drafted it is over then.
        let drafts = values.iter().filter(|it| is_draft(it)).count();
        let mut ends = values
            .iter()
            .filter(|it| drafts == values.len() || !is_draft(it));
        let end = ends.next().and_then(|it| target(it));
        return end.is_some() && ends.all(|it| target(it) == end);
    }
    let whole = values.iter().all(|it| !it.is_null());
    if matches!(field, "id" | "informed") && whole {
        return true;
    }
    if is_deed(field) && whole {
        let deed = deed(first);
        return deed.is_some() && rest.iter().all(|it| self::deed(it) == deed);
    }
    // A signature that was taken back beside the signature itself: not signed, and no dispute.
    is_signature(field) || (has_happened(field) && whole)
}

/// Which of the values is shown, by its place; `values` begins with the one of the lowest order.
pub fn shown(field: &str, values: &[&Value]) -> Option<usize> {
    let last = values.len().checked_sub(1)?;
    let places = 0..values.len();
    let earliest = |place: &usize| (moment(values[*place]), *place);
    if field == "state" && is_answer(values) {
        let answers = places.filter(|at| is_state(values[*at], SubmissionState::Answered));
        return answers.min_by_key(earliest);
    }
    if matches!(field, "state" | "triage") || field.starts_with("results:") {
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
    let settled = is_settled(field, values);
    if (has_happened(field) || is_deed(field)) && settled {
        return places.min_by_key(earliest);
    }
    match field {
        // Two ids of one record, given apart: the shorter one is shown, each of them finds it.
        "id" => places.min_by_key(|place| {
            let id = values[*place].as_str().unwrap_or_default();
            (id.len(), id)
        }),
        // The team was told twice; what counts is since when it has heard nothing.
        "informed" if settled => places.max_by_key(earliest),
        _ => Some(last),
    }
}

fn is_signature(field: &str) -> bool {
    field.starts_with("signed:")
}

fn has_happened(field: &str) -> bool {
    let at = field.split_once(':').map(|(head, _)| head);
    HAPPENED.contains(&field) || at.is_some_and(|head| HAPPENED_AT.contains(&head))
}

fn is_deed(field: &str) -> bool {
    DEEDS.contains(&field.split_once(':').map_or(field, |(head, _)| head))
}

/// A deed without when and by whom.
fn deed(value: &Value) -> Option<Vec<(&String, &Value)>> {
    let told = value.as_object()?.iter();
    let mut told: Vec<_> = told
        .filter(|(key, _)| !ASIDE.contains(&key.as_str()))
        .collect();
    told.sort_by_key(|(key, _)| *key);
    Some(told)
}

/// A message that nobody has sent or left out.
fn is_draft(value: &Value) -> bool {
    value["state"] == MessageState::Drafted.word()
}

/// One injected a submission and the other answered it as well: the answer is out, and it says
/// what was injected.
fn is_answer(values: &[&Value]) -> bool {
    let is = |state| values.iter().filter(|it| is_state(it, state)).count();
    let answered = is(SubmissionState::Answered);
    answered > 0 && answered + is(SubmissionState::Injected) == values.len()
}

fn is_state(value: &Value, state: SubmissionState) -> bool {
    value["state"] == state.word()
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
    let told = ["entered", "on", "at", "announced"].map(|key| &value[key]);
    let text = std::iter::once(value).chain(told).find_map(Value::as_str);
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
    fn of_two_ids_given_apart_the_shorter_is_shown_and_nobody_has_to_choose() {
        check("id", &[json!("X-5"), json!("X-5b")], true, 0);
        check("id", &[json!("X-5b"), json!("X-5")], true, 1);
    }

    #[test]
    fn a_submission_that_one_injected_and_the_other_answered_is_answered() {
        let state = |state: &str, at: &str| json!({"state": state, "entered": at});
        let injected = state("injected", "2026-11-20");
        let answered = state("answered", "2026-11-21");
        let earlier = state("answered", "2026-11-19");
        check("state", &[answered.clone(), injected.clone()], true, 0);
        check(
            "state",
            &[injected.clone(), answered.clone(), earlier],
            true,
            2,
        );
        let refused = state("refused", "2026-11-21");
        let settled = |values: &[&Value]| is_settled("state", values);
        assert!(!settled(&[&answered, &refused]));
        assert!(!settled(&[&injected, &answered, &refused]));
        assert!(!settled(&[&injected, &state("submitted", "2026-11-20")]));
    }

    #[test]
    fn what_a_human_did_with_a_message_wins_over_its_draft() {
        let message = |state: &str, at: &str| json!({"state": state, "entered": at, "by": "A"});
        let draft = message("drafted", "2026-11-20");
        let sent = message("sent", "2026-11-22");
        let skipped = message("skipped", "2026-11-21");
        check("state", &[draft.clone(), sent.clone()], true, 1);
        check("state", &[skipped.clone(), draft.clone()], true, 0);
        check(
            "state",
            &[draft.clone(), message("drafted", "2026-11-19")],
            true,
            1,
        );
        check("state", &[draft, skipped, sent], false, 2);
    }

    #[test]
    fn the_same_deed_told_twice_is_one_and_another_is_a_dispute() {
        let turn = |at: &str, message: &str, days: &str| json!({"announced": at, "message": message, "limit": days});
        let early = turn("2026-11-20", "X-5b", "30 days");
        let late = turn("2026-11-21", "X-5", "30 days");
        check("turn:CNAF", &[late.clone(), early.clone()], true, 1);
        let longer = turn("2026-11-20", "X-5b", "60 days");
        check("turn:CNAF", &[late, longer], false, 1);
    }

    #[test]
    fn a_team_informed_twice_was_informed_the_last_time() {
        let days = [json!("2026-11-21"), json!("2026-11-20")];
        check("informed", &days, true, 0);
    }

    #[test]
    fn a_signature_taken_back_stays_so_and_of_two_names_the_earlier_stands() {
        let signed = |by: &str, on: &str| json!({"by": by, "on": on});
        let (alice, bob) = (signed("Alice", "2026-11-21"), signed("Bob", "2026-11-20"));
        check("signed:4", &[alice.clone(), bob], true, 1);
        check("signed:4", &[alice, Value::Null], true, 1);
    }
}
