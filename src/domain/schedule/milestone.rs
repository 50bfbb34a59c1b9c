//! A dated gate of a cycle. Rule, planned, current and actual are four things
//! and never overwrite each other.

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

impl Milestone {
    /// The moves that led to where it stands.
    pub fn led_here(&self) -> Vec<&Slip> {
        Slip::led_to(self.due, &self.slips)
    }
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
    /// The moves that led to a date, oldest first: each begins where the one before it ended. Of two
    /// that were made apart one may have been settled for the other, with all that followed it.
    /// Where none led to it (it was imported, say), nothing speaks against any of them.
    pub fn led_to(date: Option<When>, slips: &[Self]) -> Vec<&Self> {
        let mut at = date;
        let mut led = Vec::new();
        for slip in slips.iter().rev() {
            if Some(slip.to) == at {
                at = slip.from;
                led.push(slip);
            }
        }
        led.reverse();
        if led.is_empty() {
            return slips.iter().collect();
        }
        led
    }

    /// Whether it is one of these, or the same move by somebody else.
    pub fn is_among(&self, led: &[&Self]) -> bool {
        led.iter()
            .any(|it| it.from == self.from && it.to == self.to)
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

    #[track_caller]
    fn led(date: &str, slips: &[(&str, &str)], expected: &[(&str, &str)]) {
        let made = |slips: &[(&str, &str)]| -> Vec<Slip> {
            slips.iter().map(|(from, to)| slip(from, to)).collect()
        };
        let slips = made(slips);
        let date = format!("2026-11-{date}").parse().unwrap();
        let led: Vec<Slip> = Slip::led_to(Some(date), &slips)
            .into_iter()
            .cloned()
            .collect();
        assert_eq!(led, made(expected));
    }

    #[test]
    fn the_moves_that_led_to_a_day_are_those_that_follow_each_other() {
        let back = [("10", "20"), ("20", "10"), ("10", "20")];
        led("20", &back, &back);
        // Bob moved it twice apart from Alice, and hers was settled.
        let apart = [("10", "20"), ("10", "12"), ("20", "25")];
        led("12", &apart, &[("10", "12")]);
        led("25", &apart, &[("10", "20"), ("20", "25")]);
        let later = [("10", "20"), ("10", "12"), ("20", "25"), ("12", "15")];
        led("15", &later, &[("10", "12"), ("12", "15")]);
        // A day that was set otherwise speaks against none.
        led("30", &apart, &apart);
        led("30", &[], &[]);
    }

    #[test]
    fn the_same_move_by_two_is_among_those_that_led_there() {
        let both = [slip("10", "20"), slip("10", "20")];
        let led = Slip::led_to(Some(both[0].to), &both);
        assert_eq!(led.len(), 1);
        assert!(both.iter().all(|slip| slip.is_among(&led)));
    }
}
