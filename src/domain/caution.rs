//! How cautious a value is while two managers' values stand beside each other: the most
//! cautious one is shown until somebody settles it (SYNC.md 3.8). Of a ticket's own states
//! `queue::state` says it; settles nothing.

use serde_json::Value;

use super::distribution::release::ReleaseState;
use super::message::MessageState;
use super::problem::report::{Criticality, ProblemState};
use super::queue::state::SubmissionState;
use super::queue::ticket::Outcome;
use super::rollout::announcement::AnnouncementState;

/// Higher is more cautious; 0 for what nobody has to be careful with.
pub fn of(value: &Value) -> u8 {
    let word = |field: &str| value[field].as_str().unwrap_or_default();
    if let Some(criticality) = Criticality::from_word(word("criticality")) {
        return match criticality {
            Criticality::Critical => 4,
            Criticality::High => 3,
            Criticality::Moderate => 2,
            Criticality::Low => 1,
        };
    }
    if let Some(outcome) = Outcome::from_word(word("result")) {
        return match outcome {
            Outcome::Fail => 5,
            Outcome::NotTested => 4,
            Outcome::Warning => 3,
            Outcome::Na => 2,
            Outcome::Ok => 1,
        };
    }
    let state = word("state");
    announcement(state)
        .or_else(|| problem(state))
        .or_else(|| release(state))
        .or_else(|| message(state))
        .or_else(|| submission(state))
        .unwrap_or(0)
}

fn announcement(word: &str) -> Option<u8> {
    let state = AnnouncementState::ALL
        .into_iter()
        .find(|it| it.word() == word)?;
    Some(match state {
        AnnouncementState::Halted => 4,
        AnnouncementState::Ended => 3,
        AnnouncementState::Running => 2,
        AnnouncementState::Good => 1,
    })
}

/// The one with most left to do.
fn problem(word: &str) -> Option<u8> {
    let at = ProblemState::ALL
        .into_iter()
        .position(|it| it.word() == word)?;
    u8::try_from(ProblemState::ALL.len() - at).ok()
}

fn release(word: &str) -> Option<u8> {
    let state = ReleaseState::ALL.into_iter().find(|it| it.word() == word)?;
    Some(match state {
        ReleaseState::Recalled => 6,
        ReleaseState::Planned => 5,
        ReleaseState::DateFrozen => 4,
        ReleaseState::ContentsFrozen => 3,
        ReleaseState::Candidate => 2,
        ReleaseState::Published => 1,
    })
}

/// What ends it over what goes on, and what is further back over what is ahead.
fn submission(word: &str) -> Option<u8> {
    let all = [
        SubmissionState::Answered,
        SubmissionState::Injected,
        SubmissionState::Submitted,
        SubmissionState::Withdrawn,
        SubmissionState::Refused,
    ];
    let at = all.into_iter().position(|it| it.word() == word)?;
    u8::try_from(at + 1).ok()
}

/// What is out cannot be left out any more.
fn message(word: &str) -> Option<u8> {
    let all = [
        MessageState::Drafted,
        MessageState::Skipped,
        MessageState::Sent,
    ];
    let at = all.into_iter().position(|it| it.word() == word)?;
    u8::try_from(at + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(cautious: &Value, bold: &Value) {
        assert!(of(cautious) > of(bold), "{cautious} over {bold}");
    }

    #[test]
    fn what_stops_something_stands_over_what_lets_it_go_on() {
        check(&json!({"state": "halted"}), &json!({"state": "good"}));
        check(&json!({"state": "running"}), &json!({"state": "good"}));
        check(
            &json!({"state": "withdrawn"}),
            &json!({"state": "injected"}),
        );
        check(&json!({"state": "sent"}), &json!({"state": "skipped"}));
        check(&json!({"result": "FAIL"}), &json!({"result": "OK"}));
        check(&json!({"state": "fixing"}), &json!({"state": "closed"}));
        check(
            &json!({"state": "recalled"}),
            &json!({"state": "published"}),
        );
        check(
            &json!({"criticality": "critical"}),
            &json!({"criticality": "low"}),
        );
        assert_eq!(of(&json!({"state": "something newer"})), 0);
    }
}
