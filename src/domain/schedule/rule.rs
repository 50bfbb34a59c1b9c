//! A milestone's rule: one anchor and one offset, `M1 + 10 weeks` or `release - 14 days`.
//! Reads, writes and applies it. Refuses sums of offsets and anything farther than a
//! century; knows nothing of other milestones' dates.

use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use thiserror::Error;

use crate::domain::calendar::{Calendar, Skipped, add_days, add_months};

/// What a milestone's date is counted from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Anchor {
    Start,
    Release,
    /// Another milestone's code, spelled as it was typed; case does not count.
    Milestone(String),
}

/// The unit of an offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    Days,
    WorkingDays,
    Weeks,
    Months,
}

/// How far from its anchor; negative is before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Offset {
    pub n: i32,
    pub unit: Unit,
}

/// One anchor, one offset.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Rule {
    pub anchor: Anchor,
    pub offset: Offset,
}

/// A rule that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RuleError {
    #[error("the rule is empty")]
    Empty,
    #[error("the rule {0:?} does not say what it counts from")]
    NoAnchor(String),
    #[error("{0:?} is not a milestone's code")]
    NotACode(String),
    #[error("{0:?} is not a number of days, weeks or months")]
    NotANumber(String),
    #[error("the offset {0:?} has no unit")]
    NoUnit(String),
    #[error("{0:?} is not a unit of time")]
    UnknownUnit(String),
    #[error("the rule {0:?} has more than one offset")]
    TwoOffsets(String),
    #[error("{0:?} is farther away than {max} {1}", max = .1.limit())]
    TooFar(String, Unit),
}

impl RuleError {
    /// What to write instead.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Empty | Self::NoAnchor(_) => {
                "begin with start, release or a milestone's code, as in M1 + 10 weeks"
            }
            Self::NotACode(_) => "a code has letters, digits, '-', '.' and '_', and no spaces",
            Self::NotANumber(_) => "write the number in digits, as in M1 + 10 weeks",
            Self::NoUnit(_) | Self::UnknownUnit(_) => {
                "the units are days, working days, weeks and months (d, bd, w, mo)"
            }
            Self::TwoOffsets(_) => "a rule is one anchor and one offset; count it in one unit",
            Self::TooFar(..) => "a schedule reaches a century at most",
        }
    }
}

impl Unit {
    /// The largest number of this unit in a rule: a century.
    pub fn limit(self) -> i32 {
        match self {
            Self::Days => 36_500,
            Self::WorkingDays => 26_000,
            Self::Weeks => 5_200,
            Self::Months => 1_200,
        }
    }

    fn singular(self) -> &'static str {
        match self {
            Self::Days => "day",
            Self::WorkingDays => "working day",
            Self::Weeks => "week",
            Self::Months => "month",
        }
    }

    fn read(word: &str) -> Option<Self> {
        let word = word
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .to_lowercase();
        match word.as_str() {
            "d" | "day" | "days" => Some(Self::Days),
            "bd" | "wd" | "working day" | "working days" | "business day" | "business days"
            | "workday" | "workdays" => Some(Self::WorkingDays),
            "w" | "wk" | "week" | "weeks" => Some(Self::Weeks),
            "mo" | "month" | "months" => Some(Self::Months),
            _ => None,
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}s", self.singular())
    }
}

impl Offset {
    pub const NONE: Self = Self {
        n: 0,
        unit: Unit::Days,
    };
}

impl fmt::Display for Offset {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.n < 0 { '-' } else { '+' };
        let n = self.n.unsigned_abs();
        let plural = if n == 1 { "" } else { "s" };
        write!(out, "{sign} {n} {}{plural}", self.unit.singular())
    }
}

impl Anchor {
    fn read(text: &str) -> Result<Self, RuleError> {
        let code = text.trim();
        if code.eq_ignore_ascii_case("start") {
            return Ok(Self::Start);
        }
        if code.eq_ignore_ascii_case("release") {
            return Ok(Self::Release);
        }
        if is_code(code) {
            Ok(Self::Milestone(code.to_owned()))
        } else {
            Err(not_a_code(code))
        }
    }
}

impl fmt::Display for Anchor {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start => out.write_str("start"),
            Self::Release => out.write_str("release"),
            Self::Milestone(code) => out.write_str(code),
        }
    }
}

impl Rule {
    /// The date this rule gives for its anchor's day, and the days that did not count.
    /// An offset beyond the century is cut to it.
    pub fn apply(&self, anchor_day: NaiveDate, calendar: &Calendar) -> (NaiveDate, Vec<Skipped>) {
        let Offset { n, unit } = self.offset;
        let n = n.clamp(-unit.limit(), unit.limit());
        match unit {
            Unit::Days => (add_days(anchor_day, i64::from(n)), Vec::new()),
            Unit::Weeks => (add_days(anchor_day, i64::from(n) * 7), Vec::new()),
            Unit::Months => (add_months(anchor_day, n), Vec::new()),
            Unit::WorkingDays if n < 0 => calendar.sub_working_days(anchor_day, n.unsigned_abs()),
            Unit::WorkingDays => calendar.add_working_days(anchor_day, n.unsigned_abs()),
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let anchor = self.anchor.to_string();
        // A code such as `RC-1d` reads as an offset unless one follows it.
        if self.offset.n == 0 && split(&anchor).is_none() {
            return out.write_str(&anchor);
        }
        write!(out, "{anchor} {}", self.offset)
    }
}

impl FromStr for Rule {
    type Err = RuleError;

    /// Reads a rule. `RC-0` is a code, `RC-0-2w` and `M3-5bd` end in an offset.
    fn from_str(text: &str) -> Result<Self, RuleError> {
        let text = text.replace(['−', '–'], "-");
        let text = text.trim();
        if text.is_empty() {
            return Err(RuleError::Empty);
        }
        let Some(parts) = split(text) else {
            return match Anchor::read(text) {
                Ok(anchor) => Ok(Self {
                    anchor,
                    offset: Offset::NONE,
                }),
                Err(error) => Err(diagnose(text).unwrap_or(error)),
            };
        };
        if parts.anchor.is_empty() {
            return Err(RuleError::NoAnchor(text.to_owned()));
        }
        if split(parts.anchor).is_some() && !is_code(parts.anchor) {
            return Err(RuleError::TwoOffsets(text.to_owned()));
        }
        let anchor = Anchor::read(parts.anchor)?;
        Ok(Self {
            anchor,
            offset: parts.offset()?,
        })
    }
}

/// A rule cut at the sign of its offset.
struct Parts<'a> {
    anchor: &'a str,
    negative: bool,
    digits: &'a str,
    unit: Unit,
}

impl Parts<'_> {
    fn offset(&self) -> Result<Offset, RuleError> {
        let far = || RuleError::TooFar(format!("{} {}", self.digits, self.unit), self.unit);
        let n: i32 = self.digits.parse().map_err(|_| far())?;
        if n > self.unit.limit() {
            return Err(far());
        }
        if n == 0 {
            return Ok(Offset::NONE);
        }
        Ok(Offset {
            n: if self.negative { -n } else { n },
            unit: self.unit,
        })
    }
}

/// Cuts at the last sign if digits and a unit follow it.
fn split(text: &str) -> Option<Parts<'_>> {
    let (anchor, negative, tail) = at_last_sign(text)?;
    let (digits, word) = leading_digits(tail);
    if digits.is_empty() {
        return None;
    }
    Some(Parts {
        anchor,
        negative,
        digits,
        unit: Unit::read(word)?,
    })
}

fn at_last_sign(text: &str) -> Option<(&str, bool, &str)> {
    let at = text.rfind(['+', '-'])?;
    let negative = text[at..].starts_with('-');
    Some((text[..at].trim(), negative, text[at + 1..].trim()))
}

fn leading_digits(text: &str) -> (&str, &str) {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    (&text[..end], text[end..].trim())
}

/// Says what is wrong with a text that is neither a code nor ends in an offset.
fn diagnose(text: &str) -> Option<RuleError> {
    let (anchor, _, tail) = at_last_sign(text)?;
    if anchor.is_empty() {
        return Some(RuleError::NoAnchor(text.to_owned()));
    }
    if !is_code(anchor) {
        return Some(not_a_code(anchor));
    }
    let (digits, word) = leading_digits(tail);
    Some(match (digits, word) {
        ("", _) => RuleError::NotANumber(tail.to_owned()),
        (_, "") => RuleError::NoUnit(tail.to_owned()),
        (_, word) => RuleError::UnknownUnit(word.to_owned()),
    })
}

fn not_a_code(text: &str) -> RuleError {
    RuleError::NotACode(text.to_owned())
}

/// Whether a text can be a milestone's code.
pub fn is_code(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
        && text
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '-' | '.' | '_'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(text: &str, normalised: &str) {
        let rule: Rule = text.parse().unwrap();
        assert_eq!(rule.to_string(), normalised);
        assert_eq!(normalised.parse(), Ok(rule), "what is written reads back");
    }

    #[track_caller]
    fn check_refused(text: &str, sentence: &str) {
        let error = text.parse::<Rule>().unwrap_err();
        assert_eq!(error.to_string(), sentence);
        assert!(!error.hint().is_empty());
    }

    #[track_caller]
    fn check_date(text: &str, anchor: &str, expected: &str) {
        let rule: Rule = text.parse().unwrap();
        let (day, _) = rule.apply(anchor.parse().unwrap(), &thanksgiving());
        assert_eq!(day.to_string(), expected);
    }

    fn thanksgiving() -> Calendar {
        let day = "2026-11-26".parse().unwrap();
        Calendar {
            holidays: [(day, "Thanksgiving".to_owned())].into(),
        }
    }

    #[test]
    fn spacing_case_and_abbreviations_do_not_matter() {
        check("M1 + 10 weeks", "M1 + 10 weeks");
        check("M1+10w", "M1 + 10 weeks");
        check("  M1  +10   wk ", "M1 + 10 weeks");
        check("RELEASE-14d", "release - 14 days");
        check("release − 14 days", "release - 14 days");
        check("M3 + 5 working  days", "M3 + 5 working days");
        check("M3+5bd", "M3 + 5 working days");
        check("M3 + 1 Business Day", "M3 + 1 working day");
        check("Start", "start");
        check("M2", "M2");
        check("M2 + 0 weeks", "M2");
        check("start + 1 month", "start + 1 month");
    }

    #[test]
    fn codes_may_carry_dashes_dots_and_digits() {
        check("RC-0", "RC-0");
        check("RC-0-2w", "RC-0 - 2 weeks");
        check("RC-0 + 2 days", "RC-0 + 2 days");
        check("3.1 + 2d", "3.1 + 2 days");
        check("code_freeze-3bd", "code_freeze - 3 working days");
        check("RC-1d + 0 days", "RC-1d + 0 days");
        check("RC-1d + 2w", "RC-1d + 2 weeks");
        check("pre-release - 2mo", "pre-release - 2 months");
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        check_refused("  ", "the rule is empty");
        check_refused(
            "+ 3 weeks",
            "the rule \"+ 3 weeks\" does not say what it counts from",
        );
        check_refused("M1 + 5", "the offset \"5\" has no unit");
        check_refused(
            "M1 + ten weeks",
            "\"ten weeks\" is not a number of days, weeks or months",
        );
        check_refused("M1 + 3 fortnights", "\"fortnights\" is not a unit of time");
        check_refused(
            "M1 + 2w + 3d",
            "the rule \"M1 + 2w + 3d\" has more than one offset",
        );
        check_refused("after M1", "\"after M1\" is not a milestone's code");
        check_refused("M1 + -5 days", "\"M1 +\" is not a milestone's code");
        check_refused(
            "M1 + 99999 days",
            "\"99999 days\" is farther away than 36500 days",
        );
        check_refused(
            "M1 + 99999999999999999999 weeks",
            "\"99999999999999999999 weeks\" is farther away than 5200 weeks",
        );
    }

    #[test]
    fn an_offset_counts_in_its_own_unit() {
        check_date("M1 + 10 weeks", "2026-09-17", "2026-11-26");
        check_date("release - 14 days", "2026-12-17", "2026-12-03");
        check_date("M1 + 1 month", "2027-01-31", "2027-02-28");
        check_date("M1 - 1 month", "2027-03-31", "2027-02-28");
        check_date("M1 + 5bd", "2026-11-20", "2026-11-30");
        check_date("M1 - 1bd", "2026-11-27", "2026-11-25");
        check_date("M1", "2026-11-28", "2026-11-28");
    }

    #[test]
    fn a_skipped_holiday_is_named() {
        let rule: Rule = "M3 + 5bd".parse().unwrap();
        let (_, skipped) = rule.apply("2026-11-20".parse().unwrap(), &thanksgiving());
        assert!(
            skipped
                .iter()
                .any(|skip| skip.reason.contains("Thanksgiving")),
            "{skipped:?}"
        );
    }

    #[test]
    fn absurd_numbers_and_days_stop_at_the_ends_of_the_calendar() {
        for unit in [Unit::Days, Unit::WorkingDays, Unit::Weeks, Unit::Months] {
            for n in [i32::MIN, -1, 1, i32::MAX] {
                let rule = Rule {
                    anchor: Anchor::Start,
                    offset: Offset { n, unit },
                };
                for day in [NaiveDate::MIN, NaiveDate::MAX] {
                    rule.apply(day, &Calendar::default());
                }
            }
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,40}") {
            drop(text.parse::<Rule>());
        }

        #[test]
        fn what_is_written_reads_back(
            code in "[A-Za-z0-9][A-Za-z0-9._-]{0,8}", n in -1200_i32..1200, months in any::<bool>(),
        ) {
            let anchor = Anchor::read(&code).unwrap();
            let unit = if months { Unit::Months } else { Unit::WorkingDays };
            let offset = if n == 0 { Offset::NONE } else { Offset { n, unit } };
            let rule = Rule { anchor, offset };
            prop_assert_eq!(rule.to_string().parse(), Ok(rule));
        }
    }
}
