//! The states of a ticket and of a submission, and the one register that says
//! where a ticket stands. Fixed by the process documents; a profile may only relabel them.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::clock::{Limit, Pause};
use crate::domain::when::When;

/// Where one product release on one platform stands (PRODUCT.md section 3, DOMAIN.md C1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    Unverified,
    Verification,
    WaitingForResponse,
    StagedRollout,
    Ready,
    Released,
    Delayed,
    Rejected,
    Withdrawn,
    Recalled,
}

impl State {
    /// Every state, in the order of the board.
    pub const ALL: [Self; 10] = [
        Self::Unverified,
        Self::Verification,
        Self::WaitingForResponse,
        Self::StagedRollout,
        Self::Ready,
        Self::Released,
        Self::Delayed,
        Self::Rejected,
        Self::Withdrawn,
        Self::Recalled,
    ];

    /// The word of the command line, the profile and JSON: `staged-rollout`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Unverified => "unverified",
            Self::Verification => "verification",
            Self::WaitingForResponse => "waiting-for-response",
            Self::StagedRollout => "staged-rollout",
            Self::Ready => "ready",
            Self::Released => "released",
            Self::Delayed => "delayed",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
            Self::Recalled => "recalled",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        let word = word.trim().to_lowercase().replace([' ', '_'], "-");
        if word == "in-verification" {
            return Some(Self::Verification);
        }
        Self::ALL.into_iter().find(|state| state.word() == word)
    }

    /// Still on its way: somebody has something left to do.
    pub fn is_open(self) -> bool {
        match self {
            Self::Unverified
            | Self::Verification
            | Self::WaitingForResponse
            | Self::StagedRollout
            | Self::Ready
            | Self::Delayed => true,
            Self::Released | Self::Rejected | Self::Withdrawn | Self::Recalled => false,
        }
    }

    /// How cautious a state is when two managers moved a ticket differently at
    /// once: the most cautious stands until it is settled (SYNC.md 3.8). Higher is more cautious.
    pub fn caution(self) -> u8 {
        match self {
            Self::Recalled => 9,
            Self::Rejected => 8,
            Self::Withdrawn => 7,
            Self::Delayed => 6,
            Self::WaitingForResponse => 5,
            Self::Unverified => 4,
            Self::Verification => 3,
            Self::StagedRollout => 2,
            Self::Ready => 1,
            Self::Released => 0,
        }
    }
}

/// The whole of a ticket's `state` register: one value, so that a merge can
/// never mix the state of one manager with the entry time of another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    pub state: State,
    /// The state it was in before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<State>,
    /// When it entered this state.
    pub entered: When,
    /// The entry is only known as "here at least since" (an import).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub at_least: bool,
    /// When the stage whose clock runs was entered; differs from `entered`
    /// after a question, because waiting never restarts a clock.
    pub clock_from: When,
    /// The limit in force on entry; it applies until the ticket leaves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<Limit>,
    /// A due date that replaces the limit: promised on resuming.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<NaiveDate>,
    /// For a delayed ticket: the state it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delayed_from: Option<State>,
    /// For a delayed ticket: the last day in time it missed, kept for the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_due: Option<NaiveDate>,
    /// Times spent waiting for the provider within this stage.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waits: Vec<Pause>,
    /// The version of the profile this was judged under.
    #[serde(default)]
    pub profile: u32,
    /// Where it has been before, the earliest first; what time and limits are reckoned by
    /// afterwards without reading the log.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trail: Vec<Visit>,
}

/// One stay in a state that is over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    pub state: State,
    pub from: When,
    pub to: When,
    /// The entry is only known as "here at least since".
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub at_least: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delayed_from: Option<State>,
    /// The clock of its stage: since when, and what applied then.
    pub clock_from: When,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<Limit>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<NaiveDate>,
}

impl Standing {
    /// The state whose steps are open: a delayed ticket keeps those of the
    /// state it came from (PRODUCT.md section 3).
    pub fn acts_as(&self) -> State {
        match (self.state, self.delayed_from) {
            (State::Delayed, Some(from)) => from,
            (state, _) => state,
        }
    }
}

/// Where a submission stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SubmissionState {
    Submitted,
    Injected,
    Answered,
    Withdrawn,
    Refused,
}

impl SubmissionState {
    pub const ALL: [Self; 5] = [
        Self::Submitted,
        Self::Injected,
        Self::Answered,
        Self::Withdrawn,
        Self::Refused,
    ];

    pub fn word(self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::Injected => "injected",
            Self::Answered => "answered",
            Self::Withdrawn => "withdrawn",
            Self::Refused => "refused",
        }
    }

    /// The injection clock still runs: it stops with the sent answer, not before.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Submitted | Self::Injected)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_reads_its_own_word() {
        for state in State::ALL {
            assert_eq!(State::from_word(state.word()), Some(state));
        }
        assert_eq!(
            State::from_word("In verification"),
            Some(State::Verification)
        );
        assert_eq!(State::from_word("unscheduled"), None);
    }
}
