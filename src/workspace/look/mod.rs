//! Looking at a desk: every question the command line and the screen ask, as
//! plain values. Nothing here writes.

mod beside;
pub mod board;
pub mod card;
mod composer;
pub mod conflicts;
pub mod criteria;
pub mod device_clock;
pub mod errors;
pub mod export;
pub mod fill;
pub mod find;
pub mod forward;
pub mod gate;
pub mod letter;
pub mod list;
pub mod log;
pub mod moment;
pub mod news;
pub mod off_desk;
pub mod pick;
pub mod record;
pub mod release;
pub mod report;
pub mod resolve;
pub mod rollout;
mod said;
pub mod schedule;
pub mod status;
pub mod steps;
mod taken_back;
pub mod topic;
mod walked;
pub mod why;

use std::cell::OnceCell;

use chrono::{DateTime, NaiveDate, Utc};

use super::refusal::Refusal;
use crate::domain::calendar::Calendar;
use crate::domain::desk::Desk;
use crate::domain::field::Seen;
use crate::domain::noun::{Noun, Setting};
use crate::domain::profile::Profile;
use crate::domain::rollout::ledger::{Figures, Ledger, Records, ledger};
use crate::domain::zone::Zone;
use crate::store::{Reader, zones};

/// A desk seen at one moment.
pub struct Look<'r> {
    pub reader: &'r Reader<'r>,
    /// Without its holidays and profile text.
    pub desk: Desk,
    pub zone: Zone,
    pub now: DateTime<Utc>,
    /// What the reader's own clock says, whatever moment is looked at.
    pub clock: DateTime<Utc>,
    /// The desk's own day.
    pub today: NaiveDate,
    /// How the rollout sites do; worked out once, and only where a site is shown.
    ledger: OnceCell<Ledger>,
    /// With its criteria; read once, and only where a step is asked for.
    whole: OnceCell<Profile>,
}

/// What clocks are read with; loaded only by the looks that read clocks.
pub struct Judged {
    pub profile: Profile,
    pub calendar: Calendar,
}

impl<'r> Look<'r> {
    pub fn new(reader: &'r Reader<'r>, now: DateTime<Utc>) -> Result<Self, Refusal> {
        let desk = reader.desk()?;
        let zone = zones::zone(&desk.timezone).unwrap_or_else(|_| Zone::utc());
        let today = zone.day(now);
        Ok(Self {
            reader,
            desk,
            zone,
            now,
            clock: now,
            today,
            ledger: OnceCell::new(),
            whole: OnceCell::new(),
        })
    }

    /// The same, where the reader's own clock says something else than the moment looked at.
    #[must_use]
    pub const fn read_at(mut self, clock: DateTime<Utc>) -> Self {
        self.clock = clock;
        self
    }

    /// The figures of a site; none for any other record, which reads nothing.
    pub fn figures(&self, noun: &Noun, setting: &Setting<'_>) -> Result<Option<Figures>, Refusal> {
        let Noun::Site(site) = noun else {
            return Ok(None);
        };
        if let Some(ledger) = self.ledger.get() {
            return Ok(Some(ledger.of(&site.name)));
        }
        let records = Records {
            announcements: &report::records::announcements(self)?,
            problems: &report::records::problems(self)?,
            sites: &report::records::sites(self)?,
        };
        let ledger = ledger(&records, setting, self.today);
        Ok(Some(self.ledger.get_or_init(|| ledger).of(&site.name)))
    }

    /// A record with all that its fields read.
    pub fn seen<'a>(
        &'a self,
        noun: &'a Noun,
        setting: &'a Setting<'a>,
    ) -> Result<Seen<'a>, Refusal> {
        let figures = self.figures(noun, setting)?;
        let can_move: Option<Box<dyn Fn() -> bool + 'a>> = match noun {
            Noun::Ticket(ticket) => Some(Box::new(move || {
                forward::step(self, ticket).is_ok_and(|step| step.is_some())
            })),
            _ => None,
        };
        Ok(Seen {
            figures,
            can_move,
            ..Seen::new(noun, setting, self.now)
        })
    }

    /// The same with the clocks of another day, at its end.
    pub fn on(
        reader: &'r Reader<'r>,
        now: DateTime<Utc>,
        day: Option<NaiveDate>,
    ) -> Result<Self, Refusal> {
        let look = Self::new(reader, now)?;
        match day {
            Some(day) => Ok(Self::new(reader, look.zone.end_of_day(day))?.read_at(now)),
            None => Ok(look),
        }
    }

    /// The profile with all its lists.
    pub fn whole_profile(&self) -> Result<&Profile, Refusal> {
        if let Some(profile) = self.whole.get() {
            return Ok(profile);
        }
        let profile = self.reader.whole_profile()?;
        Ok(self.whole.get_or_init(|| profile))
    }

    pub fn judged(&self) -> Result<Judged, Refusal> {
        Ok(Judged {
            profile: self.reader.profile()?,
            calendar: self.calendar()?,
        })
    }

    /// The desk's working days.
    pub fn calendar(&self) -> Result<Calendar, Refusal> {
        let holidays = self.reader.holidays()?;
        Ok(Desk {
            holidays,
            ..Desk::default()
        }
        .calendar())
    }

    pub fn setting<'a>(&'a self, judged: &'a Judged) -> Setting<'a> {
        Setting {
            profile: &judged.profile,
            calendar: &judged.calendar,
            zone: &self.zone,
        }
    }
}
