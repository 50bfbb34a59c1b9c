//! Documents made from the desk: texts to send, reports to read. Pure: they get
//! facts and give text, and send nothing.

pub mod bar;
pub mod coverage;
pub mod document;
pub mod letter;
pub mod mailto;
pub mod metrics;
pub mod release_notes;
pub mod render;
pub mod repository;
pub mod rollout;
pub mod sites;
pub mod time;
pub mod verification;
pub mod versions;

use crate::domain::calendar::spoken;
use crate::domain::metrics::Period;

/// "Mon 2 Nov 2026 to Mon 30 Nov 2026"
pub fn spoken_period(period: &Period) -> String {
    match period.from {
        Some(from) => format!("{} to {}", spoken(from), spoken(period.to)),
        None => format!("to {}", spoken(period.to)),
    }
}
