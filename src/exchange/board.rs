//! The words of a status board as the profile's `board` table maps them.
//! Has no words of its own.

use super::header::folded;
use crate::domain::profile::Profile;
use crate::domain::queue::state::State;

/// The state of a verification word and a rollout word. The most exact row of
/// the profile wins, the verification word before the rollout word.
pub(super) fn state(profile: &Profile, verification: &str, rollout: &str) -> Option<State> {
    profile
        .board
        .iter()
        .filter_map(|(words, state)| {
            let (first, second) = words.split_once('/').unwrap_or((words, "*"));
            let exactness = 2 * matches(first, verification)? + matches(second, rollout)?;
            Some((exactness, State::from_word(state)?))
        })
        .max_by_key(|(exactness, _)| *exactness)
        .map(|(_, state)| state)
}

/// 1 for the word itself, 0 for `*`, none for another word.
fn matches(pattern: &str, word: &str) -> Option<u8> {
    let pattern = pattern.trim();
    if pattern == "*" {
        return Some(0);
    }
    (folded(pattern) == folded(word)).then_some(1)
}

/// `DONE / OnGoing`; an empty column is `-`.
pub(super) fn words(verification: &str, rollout: &str) -> String {
    let shown = |word: &str| {
        if word.is_empty() {
            "-".to_owned()
        } else {
            word.to_owned()
        }
    };
    format!("{} / {}", shown(verification), shown(rollout))
}

/// A profile with the board of the EGI CMD profile.
#[cfg(test)]
pub(super) fn profile() -> Profile {
    let text = r#"
        name = "small"
        title = "Small"
        version = 1
        [state.staged-rollout]
        label = "at the sites"
        [board]
        "NotStarted / *" = "unverified"
        "OnGoing / *" = "verification"
        "OnHold / *" = "waiting-for-response"
        "Rejected / *" = "rejected"
        "DONE / OnGoing" = "staged-rollout"
        "DONE / Rejected" = "rejected"
        "DONE / DONE" = "ready"
        "DONE / *" = "staged-rollout"
        [submission-words]
        "Production" = "answered"
    "#;
    toml::from_str(text).unwrap_or_else(|error| unreachable!("{error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(verification: &str, rollout: &str, expected: Option<State>) {
        assert_eq!(state(&profile(), verification, rollout), expected);
    }

    #[test]
    fn the_most_exact_row_of_the_profile_wins() {
        check("DONE", "OnGoing", Some(State::StagedRollout));
        check("DONE", "Rejected", Some(State::Rejected));
        check("DONE", "DONE", Some(State::Ready));
        check("DONE", "", Some(State::StagedRollout));
        check("done", "On going", Some(State::StagedRollout));
        check("OnGoing", "", Some(State::Verification));
        check("NotStarted", "", Some(State::Unverified));
        check("OnHold", "", Some(State::WaitingForResponse));
        check("Rejected", "DONE", Some(State::Rejected));
        check("Postponed", "", None);
        check("", "", None);
    }
}
