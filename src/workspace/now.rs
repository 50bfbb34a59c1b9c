//! The clock. The only place that reads it; everything else is told the time.

use chrono::{DateTime, SubsecRound as _, Utc};

use super::refusal::Refusal;

/// The variable that replaces the clock, for rehearsals and tests.
pub const VARIABLE: &str = "RELMATE_NOW";

/// The present moment, or the one that `RELMATE_NOW` (RFC 3339) says.
#[allow(
    clippy::disallowed_methods,
    reason = "the one place where the clock is read"
)]
pub fn now() -> Result<DateTime<Utc>, Refusal> {
    match std::env::var(VARIABLE) {
        Ok(text) => DateTime::parse_from_rfc3339(text.trim())
            .map(|at| at.with_timezone(&Utc))
            .map_err(|_| {
                Refusal::usage(
                    format!("{VARIABLE} is not a time: {text:?}."),
                    "Write it as 2026-11-21T09:14:00Z, or unset it.",
                )
            }),
        // Nobody reads a part of a second, and no clock here runs in them.
        Err(_) => Ok(Utc::now().trunc_subsecs(0)),
    }
}
