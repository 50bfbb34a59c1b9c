//! Orders of a pane other than by urgency: each record gets a key that sorts as text, and
//! of all keys only a page of the nearest is kept. Knows no rows.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use chrono::Datelike as _;

use super::rows::SortBy;
use crate::domain::distribution::release::ReleaseState;
use crate::domain::kind::Kind;
use crate::domain::message::MessageState;
use crate::domain::problem::known_error::ErrorState;
use crate::domain::problem::report::ProblemState;
use crate::domain::queue::state::{State, SubmissionState};
use crate::domain::retro::action_item::ActionState;
use crate::domain::rollout::announcement::AnnouncementState;
use crate::domain::schedule::cycle::CycleState;
use crate::store::Brief;

/// Writes a record's key.
pub(super) fn key(by: SortBy, brief: &Brief<'_>, into: &mut String) {
    into.clear();
    match by {
        SortBy::Urgency => return into.push_str(brief.sort),
        SortBy::Id => return natural(brief.id, into),
        SortBy::Title => natural(brief.title, into),
        SortBy::State => {
            // Two figures are enough for any process.
            let rank = rank(brief.kind, brief.state).min(99);
            into.push(char::from(b'0' + rank / 10));
            into.push(char::from(b'0' + rank % 10));
            natural(brief.state, into);
        }
        SortBy::Owner => match brief.owner {
            Some(owner) => natural(owner, into),
            // Nobody comes after everybody.
            None => into.push(char::MAX),
        },
        SortBy::Due => match brief.due_on {
            Some(due) => natural(&due.num_days_from_ce().to_string(), into),
            None => into.push(char::MAX),
        },
    }
    // Alike in this, the most urgent first.
    into.push('\0');
    into.push_str(brief.sort);
}

/// A text as a key: any case, and numbers by their size, so that 9 comes before 10.
fn natural(text: &str, into: &mut String) {
    let mut rest = text;
    while !rest.is_empty() {
        let words = rest.find(|letter: char| letter.is_ascii_digit());
        let (word, after) = rest.split_at(words.unwrap_or(rest.len()));
        if word.is_ascii() {
            into.extend(word.chars().map(|letter| letter.to_ascii_lowercase()));
        } else {
            into.extend(word.chars().flat_map(char::to_lowercase));
        }
        let digits = after.find(|letter: char| !letter.is_ascii_digit());
        let (number, after) = after.split_at(digits.unwrap_or(after.len()));
        if !number.is_empty() {
            let significant = number.trim_start_matches('0');
            let length = u32::try_from(significant.len())
                .unwrap_or(u32::MAX)
                .min(200);
            // The longer of two numbers is the larger one.
            into.push('0');
            into.push(char::from_u32(u32::from('0') + length).unwrap_or('0'));
            into.push_str(significant);
        }
        rest = after;
    }
}

/// Where a state stands in the order of its process.
fn rank(kind: Kind, state: &str) -> u8 {
    const ACTIONS: [ActionState; 3] = [ActionState::Open, ActionState::Done, ActionState::Dropped];
    const MESSAGES: [MessageState; 3] = [
        MessageState::Drafted,
        MessageState::Sent,
        MessageState::Skipped,
    ];
    const ERRORS: [ErrorState; 2] = [ErrorState::Open, ErrorState::Fixed];
    const CYCLES: [CycleState; 3] = [CycleState::Draft, CycleState::Approved, CycleState::Closed];
    let place = match kind {
        Kind::Ticket => State::ALL.iter().position(|it| it.word() == state),
        Kind::Submission => SubmissionState::ALL
            .iter()
            .position(|it| it.word() == state),
        Kind::Action => ACTIONS.iter().position(|it| it.word() == state),
        Kind::Message => MESSAGES.iter().position(|it| it.word() == state),
        Kind::Cycle => CYCLES.iter().position(|it| it.word() == state),
        Kind::Announcement => AnnouncementState::ALL
            .iter()
            .position(|it| it.word() == state),
        Kind::Problem => ProblemState::ALL.iter().position(|it| it.word() == state),
        Kind::KnownError => ERRORS.iter().position(|it| it.word() == state),
        Kind::Release => ReleaseState::ALL.iter().position(|it| it.word() == state),
        _ => None,
    };
    place
        .and_then(|place| u8::try_from(place).ok())
        .unwrap_or(u8::MAX)
}

/// A record with its key.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Keyed {
    pub(super) key: String,
    pub(super) id: String,
    pub(super) num: i64,
    backwards: bool,
}

impl Ord for Keyed {
    fn cmp(&self, other: &Self) -> Ordering {
        compare(
            (&self.key, &self.id),
            (&other.key, &other.id),
            self.backwards,
        )
    }
}

impl PartialOrd for Keyed {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

fn compare(a: (&str, &str), b: (&str, &str), backwards: bool) -> Ordering {
    let order = a.cmp(&b);
    if backwards { order.reverse() } else { order }
}

/// The nearest records beyond a place, at most so many.
pub(super) struct Nearest<'a> {
    pub(super) by: SortBy,
    pub(super) backwards: bool,
    pub(super) beyond: Option<(&'a str, &'a str)>,
    pub(super) wanted: usize,
    kept: BinaryHeap<Keyed>,
    key: String,
}

impl<'a> Nearest<'a> {
    pub(super) fn new(by: SortBy, backwards: bool, wanted: usize) -> Self {
        Self {
            by,
            backwards,
            beyond: None,
            wanted,
            kept: BinaryHeap::new(),
            key: String::new(),
        }
    }

    pub(super) fn beyond(self, place: Option<(&'a str, &'a str)>) -> Self {
        Self {
            beyond: place,
            ..self
        }
    }

    /// Whether a record would be kept; most are not, and then nobody need ask more of it.
    pub(super) fn would_keep(&mut self, brief: &Brief<'_>) -> bool {
        key(self.by, brief, &mut self.key);
        let mine = (self.key.as_str(), brief.id);
        let passed = self
            .beyond
            .is_some_and(|place| compare(mine, place, self.backwards).is_le());
        if passed || self.wanted == 0 {
            return false;
        }
        self.kept.len() < self.wanted
            || self
                .kept
                .peek()
                .is_some_and(|last| compare(mine, (&last.key, &last.id), self.backwards).is_lt())
    }

    /// Keeps the record that was asked for last.
    pub(super) fn keep(&mut self, brief: &Brief<'_>) {
        self.kept.push(Keyed {
            key: self.key.clone(),
            id: brief.id.to_owned(),
            num: brief.num,
            backwards: self.backwards,
        });
        if self.kept.len() > self.wanted {
            self.kept.pop();
        }
    }

    /// The nearest first.
    pub(super) fn done(self) -> Vec<Keyed> {
        self.kept.into_sorted_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn natural_of(text: &str) -> String {
        let mut key = String::new();
        natural(text, &mut key);
        key
    }

    #[test]
    fn numbers_count_and_case_does_not() {
        let sorted = [
            "ARC 7.0.9",
            "arc 7.0.10",
            "ARC 7.1",
            "bdii",
            "T-9",
            "T-010",
            "t-15b",
            "T-100",
        ];
        for pair in sorted.windows(2) {
            assert!(natural_of(pair[0]) < natural_of(pair[1]), "{pair:?}");
        }
        let nines = "9".repeat(300);
        assert!(natural_of("x 10") < natural_of(&format!("x {nines}")));
    }

    fn brief(id: &str) -> Brief<'_> {
        Brief {
            num: 0,
            kind: Kind::Ticket,
            id,
            open: true,
            state: "ready",
            owner: None,
            due_on: None,
            sort: "1",
            title: "",
            words: "",
        }
    }

    #[test]
    fn only_the_nearest_beyond_a_place_are_kept() {
        let ids: Vec<String> = (0..50).map(|n| format!("T-{}", (n * 37) % 50)).collect();
        let kept = |backwards, beyond: Option<&str>| -> Vec<String> {
            let key = beyond.map(natural_of);
            let place = key.as_deref().zip(beyond);
            let mut nearest = Nearest::new(SortBy::Id, backwards, 3).beyond(place);
            for id in &ids {
                if nearest.would_keep(&brief(id)) {
                    nearest.keep(&brief(id));
                }
            }
            nearest.done().into_iter().map(|keyed| keyed.id).collect()
        };
        assert_eq!(kept(false, None), ["T-0", "T-1", "T-2"]);
        assert_eq!(kept(false, Some("T-9")), ["T-10", "T-11", "T-12"]);
        assert_eq!(kept(true, Some("T-10")), ["T-9", "T-8", "T-7"]);
        assert_eq!(kept(true, None), ["T-49", "T-48", "T-47"]);
        assert_eq!(kept(false, Some("T-48")), ["T-49"]);
    }

    #[test]
    fn states_come_in_the_order_of_the_process() {
        let at = |state| {
            let mut text = String::new();
            key(
                SortBy::State,
                &Brief {
                    state,
                    ..brief("T-1")
                },
                &mut text,
            );
            text
        };
        assert!(at("unverified") < at("verification"));
        assert!(at("ready") < at("delayed"));
        assert!(at("recalled") < at("a state of a later version"));
    }
}
