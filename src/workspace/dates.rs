//! What turns a person's words into dates on one desk.

use chrono::{DateTime, Utc};

use super::look::Look;
use super::refusal::Refusal;
use crate::domain::calendar::Calendar;
use crate::domain::when::{Reference, When, WhenError};
use crate::domain::zone::Zone;
use crate::store::Reader;

/// Now, the desk's zone and its working days.
pub struct Dates {
    pub now: DateTime<Utc>,
    pub zone: Zone,
    pub calendar: Calendar,
}

impl Dates {
    pub fn of(reader: &Reader<'_>, now: DateTime<Utc>) -> Result<Self, Refusal> {
        let look = Look::new(reader, now)?;
        let calendar = look.calendar()?;
        Ok(Self {
            now,
            zone: look.zone,
            calendar,
        })
    }

    /// `+5bd`, `fri`, `2026-11-27`; the error says what can be written instead.
    pub fn when(&self, text: &str) -> Result<When, Refusal> {
        let reference = Reference {
            now: self.now,
            zone: &self.zone,
            calendar: &self.calendar,
        };
        Ok(When::parse(text, &reference)?)
    }

    pub fn maybe(&self, text: Option<&str>) -> Result<Option<When>, Refusal> {
        text.map(|text| self.when(text)).transpose()
    }
}

impl From<WhenError> for Refusal {
    fn from(error: WhenError) -> Self {
        Self::usage(error.message, error.hint)
    }
}
