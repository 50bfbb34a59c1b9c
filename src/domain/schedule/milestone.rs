//! A dated gate of a cycle. Rule, planned, current and actual are four things
//! and never overwrite each other.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::when::When;

/// What the technical steering committee has to do with a milestone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Committee {
    #[default]
    None,
    Review,
    Approval,
}

impl Committee {
    pub const ALL: [Self; 3] = [Self::None, Self::Review, Self::Approval];
    pub const WORDS: [&'static str; 3] = [
        Self::None.word(),
        Self::Review.word(),
        Self::Approval.word(),
    ];

    pub const fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Review => "review",
            Self::Approval => "approval",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.word() == word)
    }
}

/// A milestone; the field names are the ledger's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Milestone {
    pub id: String,
    /// The cycle's name.
    pub cycle: String,
    /// `M3`, unique within its cycle.
    pub code: String,
    pub name: String,
    /// `M1 + 10 weeks`, `release - 14 days`, `M3 + 5 working days`; none for a fixed date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// The date of the approved schedule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planned: Option<When>,
    /// The date it stands at now; JSON calls it `due`.
    #[serde(default, rename = "current", skip_serializing_if = "Option::is_none")]
    pub due: Option<When>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actual: Option<When>,
    /// Its cycle was closed before it was done; nobody waits for it any more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub never_reached: bool,
    #[serde(default)]
    pub committee: Committee,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claimed_by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub later: Option<NaiveDate>,
    /// Every move, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub slips: Vec<Slip>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
}

/// One move of a milestone's current date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slip {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<When>,
    pub to: When,
    pub reason: String,
    /// The milestone whose move dragged this one along, if it did not move itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dragged_by: Option<String>,
    pub by: String,
    pub on: When,
}

impl Slip {
    /// Which of the moves of a date stand, in their order. Of two that were made apart from one day
    /// one may have been settled for the other: then that one does not, and nothing that followed
    /// it. A day that was set otherwise, by an import say, speaks against no move.
    pub fn standing(date: Option<When>, slips: &[Self]) -> Vec<bool> {
        let mut at = date;
        let mut led = HashMap::new();
        for slip in slips.iter().rev() {
            if Some(slip.to) == at {
                at = slip.from;
                led.entry(slip.from)
                    .or_insert_with(HashSet::new)
                    .insert(slip.to);
            }
        }
        let mut lost = HashSet::new();
        let stands = |slip: &Self| {
            let beside = led.get(&slip.from);
            if beside.is_some_and(|to| to.contains(&slip.to)) {
                return true;
            }
            let stands = beside.is_none() && !slip.from.is_some_and(|from| lost.contains(&from));
            if !stands {
                lost.insert(slip.to);
            }
            stands
        };
        slips.iter().map(stands).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slip(from: &str, to: &str) -> Slip {
        let when = |day: &str| format!("2026-11-{day}").parse().unwrap();
        Slip {
            from: Some(when(from)),
            to: when(to),
            reason: "late".to_owned(),
            dragged_by: None,
            by: "Alice".to_owned(),
            on: when("01"),
        }
    }

    /// `lost` are the places of the moves that do not stand.
    #[track_caller]
    fn lost(date: &str, slips: &[(&str, &str)], lost: &[usize]) {
        let slips: Vec<Slip> = slips.iter().map(|(from, to)| slip(from, to)).collect();
        let date = format!("2026-11-{date}").parse().unwrap();
        let standing = Slip::standing(Some(date), &slips);
        let found = (0..).zip(standing).filter(|(_, stands)| !stands);
        let found: Vec<usize> = found.map(|(place, _)| place).collect();
        assert_eq!(found, lost, "{slips:?}");
    }

    #[test]
    fn a_move_stands_unless_one_from_the_same_day_was_settled_for_it() {
        lost("20", &[("10", "20"), ("20", "10"), ("10", "20")], &[]);
        // Bob moved it twice apart from Alice.
        let apart = [("10", "20"), ("10", "12"), ("20", "25")];
        lost("12", &apart, &[0, 2]);
        lost("25", &apart, &[1]);
        let later = [("10", "20"), ("10", "12"), ("20", "25"), ("12", "15")];
        lost("15", &later, &[0, 2]);
        // Both moved it to one day.
        lost("20", &[("10", "20"), ("10", "20")], &[]);
        lost("20", &[], &[]);
    }

    #[test]
    fn a_day_that_was_set_otherwise_speaks_against_no_move() {
        lost("30", &[("10", "20"), ("10", "12")], &[]);
        // Imported as the 22nd, and moved on from there.
        lost("30", &[("10", "20"), ("22", "30")], &[]);
        lost("30", &[("10", "20"), ("22", "30"), ("22", "26")], &[2]);
    }

    #[test]
    fn a_first_day_given_by_two_apart_is_settled_like_any_other() {
        let first = |to: &str| Slip {
            from: None,
            ..slip("01", to)
        };
        let slips = [first("10"), first("12"), slip("12", "14")];
        assert_eq!(
            Slip::standing(Some(slips[2].to), &slips),
            [false, true, true]
        );
    }
}
