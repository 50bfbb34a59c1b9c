//! Whether the clock of the device on which a step was typed was right, as far as a reader can
//! tell: the one rule of the badge. It is asked while looking and what it says is kept nowhere:
//! no step is refused, moved or merged by it.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

/// How far the clocks of two devices may be apart before anything is said: clocks differ.
pub const TOLERANCE: TimeDelta = TimeDelta::minutes(10);

/// How a device's clock was off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Off {
    /// The step lies in the reader's future.
    Ahead,
    /// It lies before a step that its author had seen. Which of the two clocks was wrong nobody can
    /// tell, and the badge does not say.
    Behind,
}

impl Off {
    /// The badge beside a step's moment.
    pub const fn badge(self) -> &'static str {
        match self {
            Self::Ahead => "(clock ahead)",
            Self::Behind => "(clock behind a step it follows)",
        }
    }
}

/// Whether a moment has not come yet by the reader's own clock.
pub fn is_ahead(at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    at > now + TOLERANCE
}

/// How the clock was off by which a step was typed; `causes` is when those were that it depends on.
/// A cause that lies in the future itself says nothing of what follows it: otherwise whoever writes
/// after a wrong clock, by a right one, would be blamed for it.
pub fn off(
    typed: DateTime<Utc>,
    causes: impl IntoIterator<Item = DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Option<Off> {
    if is_ahead(typed, now) {
        return Some(Off::Ahead);
    }
    let mut causes = causes.into_iter();
    let behind = causes.any(|cause| !is_ahead(cause, now) && typed + TOLERANCE < cause);
    behind.then_some(Off::Behind)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    /// Read at noon.
    fn read(typed: &str, causes: &[&str]) -> Option<Off> {
        let causes = causes.iter().map(|cause| at(cause));
        off(at(typed), causes, at("2026-12-01T12:00:00Z"))
    }

    #[test]
    fn a_step_from_the_readers_future_was_typed_by_a_clock_ahead() {
        assert_eq!(read("2099-01-01T00:00:00Z", &[]), Some(Off::Ahead));
        assert_eq!(read("2026-12-01T12:10:01Z", &[]), Some(Off::Ahead));
    }

    #[test]
    fn clocks_that_are_minutes_apart_are_both_right() {
        assert_eq!(read("2026-12-01T12:10:00Z", &[]), None);
        let cause = ["2026-12-01T11:40:00Z"];
        assert_eq!(read("2026-12-01T11:30:00Z", &cause), None);
    }

    #[test]
    fn a_step_before_one_that_its_author_had_seen_was_typed_by_a_clock_behind() {
        let causes = ["2026-11-30T09:00:00Z", "2026-12-01T11:40:00Z"];
        assert_eq!(read("2026-12-01T11:29:59Z", &causes), Some(Off::Behind));
        assert_eq!(read("2026-12-01T11:45:00Z", &causes), None);
    }

    #[test]
    fn who_goes_on_after_a_clock_that_was_ahead_is_not_behind() {
        let causes = ["2099-01-01T00:00:00Z"];
        assert_eq!(read("2026-12-01T11:45:00Z", &causes), None);
        let causes = ["2099-01-01T00:00:00Z", "2026-12-01T11:40:00Z"];
        assert_eq!(read("2001-01-01T00:00:00Z", &causes), Some(Off::Behind));
    }
}
