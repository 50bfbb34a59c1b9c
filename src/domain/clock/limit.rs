//! How long something may take: a number and a unit, read and written as people say it.
//! Knows no days; `clock` turns a limit into a date.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What a limit is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// Calendar days.
    Days,
    /// Monday to Friday minus the desk's holidays.
    WorkingDays,
    /// Seven calendar days each.
    Weeks,
    /// The same day of the next month, clamped.
    Months,
}

/// A length of time such as "5 working days", which is also how it is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Limit {
    /// How many units.
    pub n: u32,
    /// Of what.
    pub unit: Unit,
}

/// The text is no limit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct LimitError {
    /// What is wrong, one sentence.
    pub message: String,
    /// What to write instead.
    pub hint: String,
}

impl Unit {
    /// The unit's name after the number `n`: "day", "working days".
    pub fn noun(self, n: u32) -> &'static str {
        match (self, n == 1) {
            (Self::Days, true) => "day",
            (Self::Days, false) => "days",
            (Self::WorkingDays, true) => "working day",
            (Self::WorkingDays, false) => "working days",
            (Self::Weeks, true) => "week",
            (Self::Weeks, false) => "weeks",
            (Self::Months, true) => "month",
            (Self::Months, false) => "months",
        }
    }

    /// Reads a unit's name, short or long, in any case; `None` for anything else.
    pub fn named(text: &str) -> Option<Self> {
        match text.trim().to_lowercase().as_str() {
            "d" | "day" | "days" => Some(Self::Days),
            "bd" | "wd" | "working day" | "working days" | "working-day" | "working-days"
            | "business day" | "business days" => Some(Self::WorkingDays),
            "w" | "week" | "weeks" => Some(Self::Weeks),
            "m" | "month" | "months" => Some(Self::Months),
            _ => None,
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.n, self.unit.noun(self.n))
    }
}

impl From<Limit> for String {
    fn from(limit: Limit) -> Self {
        limit.to_string()
    }
}

impl TryFrom<String> for Limit {
    type Error = LimitError;

    fn try_from(text: String) -> Result<Self, LimitError> {
        text.parse()
    }
}

impl FromStr for Limit {
    type Err = LimitError;

    /// Reads "5 working days", "5bd", "1 month", "2w".
    fn from_str(text: &str) -> Result<Self, LimitError> {
        let text = text.trim();
        let unit_at = text
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(text.len());
        let (number, unit) = text.split_at(unit_at);
        let refuse = |message: &str| LimitError {
            message: message.to_owned(),
            hint: "Write a limit such as 5 working days, 10d, 2 weeks or 1 month.".into(),
        };
        if number.is_empty() {
            return Err(refuse("A limit begins with a whole number."));
        }
        let n = number
            .parse()
            .map_err(|_| refuse("The number of the limit is too large."))?;
        let unit = Unit::named(unit)
            .ok_or_else(|| refuse("A limit is counted in days, working days, weeks or months."))?;
        Ok(Self { n, unit })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, shown: &str) {
        let limit: Limit = text.parse().unwrap();
        assert_eq!(limit.to_string(), shown);
        assert_eq!(shown.parse(), Ok(limit));
    }

    #[track_caller]
    fn check_refused(text: &str, part: &str) {
        let error = text.parse::<Limit>().unwrap_err();
        assert!(error.message.contains(part), "{error:?}");
        assert!(error.message.ends_with('.') && error.hint.ends_with('.'));
    }

    #[test]
    fn a_limit_reads_back_as_it_is_shown() {
        check("5 working days", "5 working days");
        check(" 5BD ", "5 working days");
        check("1wd", "1 working day");
        check("1 month", "1 month");
        check("2w", "2 weeks");
        check("0d", "0 days");
    }

    #[test]
    fn what_is_no_limit_is_refused_with_the_reason() {
        check_refused("", "whole number");
        check_refused("-5 days", "whole number");
        check_refused("month", "whole number");
        check_refused("5", "counted in");
        check_refused("5 moons", "counted in");
        check_refused("99999999999 days", "too large");
    }

    #[test]
    fn a_limit_is_stored_as_it_is_said() {
        let limit = Limit {
            n: 5,
            unit: Unit::WorkingDays,
        };
        let json = serde_json::to_string(&limit).unwrap();
        assert_eq!(json, r#""5 working days""#);
        assert_eq!(serde_json::from_str::<Limit>(&json).unwrap(), limit);
        assert!(serde_json::from_str::<Limit>(r#""5 moons""#).is_err());
    }
}
