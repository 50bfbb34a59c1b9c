//! What the rows of the panes say, one struct a pane; every text has been made plain.

use chrono::NaiveDate;

use super::Tone;
use crate::domain::attention::DutyCode;

/// What a row says, by pane.
#[derive(Clone, Debug, PartialEq)]
pub enum Cells {
    Duty(Duty),
    Milestone(Gate),
    Ticket(Ticket),
    Site(Site),
    Note(Note),
    Record(Record),
}

/// A line of what needs a human.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Duty {
    /// For the step that settles it.
    pub code: DutyCode,
    pub title: String,
    pub what: String,
    /// `+4 d` past the last day, `2 wd` left, or nothing.
    pub days: String,
    pub who: String,
    pub step: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gate {
    pub code: String,
    pub name: String,
    pub date: String,
    /// `on time`, `5 d`, `slipped 7 d`.
    pub note: String,
    /// The day it stands at: actual, else current.
    pub day: Option<NaiveDate>,
    pub planned: Option<NaiveDate>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ticket {
    pub title: String,
    pub arch: String,
    pub state: String,
    /// Elapsed against limit in thousandths; none where no clock runs.
    pub permille: Option<u32>,
    /// The number beside the bar.
    pub clock: String,
    /// `17 Nov`
    pub due: String,
    pub owner: String,
    pub verifier: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Site {
    pub name: String,
    pub country: String,
    pub contact: bool,
    pub sla: String,
    /// Under each of the window's heads; none where it has no part in it.
    pub marks: Vec<Option<Mark>>,
    /// Product and version that it runs, as somebody saw it.
    pub runs: Vec<(String, String)>,
    pub ledger: Option<Ledger>,
}

/// How a site stands in one rollout: `2 d left`, `silent, consent`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    pub tone: Tone,
    pub text: String,
}

/// How a site kept what it agreed to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    /// `11/12`; empty while no period is over.
    pub kept: String,
    /// It misses what it agreed to.
    pub misses: bool,
    /// Median days to an answer: `3 d`.
    pub days: String,
    /// The latest turns, the last one at the end.
    pub recent: Vec<Turn>,
    /// How the last one went, in words.
    pub last: String,
}

/// How one turn of a site went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// With the part of the period that it took, in thousandths.
    InTime(u32),
    Late,
    /// Silent as it was agreed.
    Consent,
    Silent,
    CalledOff,
    Waiting,
}

/// An action or a lesson.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Note {
    /// An action and not a lesson.
    pub action: bool,
    pub text: String,
    pub who: String,
    /// A date, or votes.
    pub tail: String,
}

/// A record in one of the full lists; its id stands in the row's key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// What it is called, where its id does not say it.
    pub title: String,
    /// Its state, or the roles of a person.
    pub state: String,
    /// Elapsed against limit in thousandths; none where no clock runs.
    pub permille: Option<u32>,
    /// The number beside the bar.
    pub clock: String,
    /// Whom it is with: an owner, addresses, a provider, an organisation.
    pub who: String,
    /// What else tells it apart: the kind of a message, an address, a first day.
    pub more: String,
    /// The day that matters.
    pub day: String,
}
