//! What needs a human: the duties that follow from one record, ready to be stored.
//! A duty knows no today; how grave it is and whether it shows is decided on reading.

mod duties;
mod problem;
mod queue;
mod release;
mod rollout;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::cmp::Ordering;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use duties::{duties, mend, settle};

/// What has to be done. The numbers are stored and never change their meaning.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum DutyCode {
    /// A number that only a later version knows.
    #[default]
    Other = 0,
    ExplainDelay = 1,
    PromiseAgain = 2,
    ReviewDelay = 3,
    /// Also once it is injected, until the answer is sent: the clock is the same.
    InjectAndAnswer = 4,
    SendMessage = 5,
    NoAddressee = 6,
    StatusMessage = 7,
    MilestoneDue = 8,
    FinishAction = 9,
    NameVersion = 10,
    NameContact = 11,
    NameVerifier = 12,
    RejectFailed = 13,
    AwaitAnswer = 14,
    GiveReason = 15,
    Settle = 16,
    RemindSite = 17,
    Decide = 18,
    FileProblem = 19,
    Announce = 20,
    TriageProblem = 21,
    EngageProvider = 22,
    OpenSuccessor = 23,
    HaltRollout = 24,
    TellSites = 25,
    CloseProblem = 26,
    DescribeWorkaround = 27,
    FreezeDate = 28,
    FreezeContents = 29,
    BuildCandidate = 30,
    SignCountdown = 31,
    PublishRelease = 32,
    /// By the day that the advisory of a known error wants.
    FixError = 33,
    /// What two managers' steps broke together.
    Mend = 34,
}

impl DutyCode {
    pub const ALL: [Self; 35] = [
        Self::Other,
        Self::ExplainDelay,
        Self::PromiseAgain,
        Self::ReviewDelay,
        Self::InjectAndAnswer,
        Self::SendMessage,
        Self::NoAddressee,
        Self::StatusMessage,
        Self::MilestoneDue,
        Self::FinishAction,
        Self::NameVersion,
        Self::NameContact,
        Self::NameVerifier,
        Self::RejectFailed,
        Self::AwaitAnswer,
        Self::GiveReason,
        Self::Settle,
        Self::RemindSite,
        Self::Decide,
        Self::FileProblem,
        Self::Announce,
        Self::TriageProblem,
        Self::EngageProvider,
        Self::OpenSuccessor,
        Self::HaltRollout,
        Self::TellSites,
        Self::CloseProblem,
        Self::DescribeWorkaround,
        Self::FreezeDate,
        Self::FreezeContents,
        Self::BuildCandidate,
        Self::SignCountdown,
        Self::PublishRelease,
        Self::FixError,
        Self::Mend,
    ];

    pub fn number(self) -> u8 {
        self as u8
    }

    pub fn from_number(number: u8) -> Self {
        Self::ALL
            .get(usize::from(number))
            .copied()
            .unwrap_or(Self::Other)
    }

    /// The command line that settles it.
    pub fn command(self, id: &str) -> String {
        match self {
            Self::Other => format!("relmate show {id}"),
            Self::ExplainDelay | Self::GiveReason => {
                format!("relmate ticket delay {id} --reason R [--promise WHEN]")
            }
            Self::PromiseAgain => format!("relmate ticket delay {id} --reason R --promise WHEN"),
            Self::ReviewDelay => format!("relmate ticket resume {id}"),
            Self::InjectAndAnswer => format!("relmate inject {id}"),
            Self::SendMessage => format!("relmate outbox sent {id}"),
            Self::NoAddressee => format!("relmate outbox edit {id} --to MAIL"),
            Self::StatusMessage => format!("relmate ticket inform {id}"),
            Self::MilestoneDue => format!("relmate milestone done {id}"),
            Self::FinishAction => format!("relmate action done {id}"),
            Self::NameVersion => format!("relmate set {id} version=VERSION"),
            Self::NameContact => format!("relmate product edit {} --contact MAIL", quoted(id)),
            Self::NameVerifier => format!("relmate set {id} verifier=NAME"),
            Self::RejectFailed => format!("relmate ticket reject {id} --reason R"),
            Self::AwaitAnswer => format!("relmate ticket answer {id} TEXT"),
            Self::Settle => format!("relmate resolve {}", quoted(id)),
            // Which command mends it stands there.
            Self::Mend => format!("relmate conflicts {}", quoted(id)),
            Self::RemindSite => format!("relmate site remind {id}"),
            Self::Decide => format!("relmate why {id}"),
            Self::FileProblem => format!("relmate problem file --announcement {id}"),
            Self::Announce => format!("relmate announce {id}"),
            Self::TriageProblem => format!("relmate problem triage {id}"),
            Self::EngageProvider => format!("relmate problem engage {id}"),
            Self::OpenSuccessor => format!("relmate problem fix {id}"),
            Self::HaltRollout => format!("relmate problem halt {id}"),
            Self::TellSites => format!("relmate problem tell {id}"),
            Self::CloseProblem => format!("relmate problem close {id}"),
            Self::DescribeWorkaround => format!("relmate set {id} workaround=TEXT"),
            Self::FreezeDate => format!("relmate release freeze-date {}", quoted(id)),
            Self::FreezeContents => format!("relmate release freeze {}", quoted(id)),
            Self::BuildCandidate => format!("relmate release rc {}", quoted(id)),
            Self::SignCountdown => format!("relmate release sign {}", quoted(id)),
            Self::PublishRelease => format!("relmate release publish {}", quoted(id)),
            Self::FixError => format!("relmate error fix {id} --version V"),
        }
    }
}

/// A name as a shell reads it in one piece.
pub fn quoted(name: &str) -> Cow<'_, str> {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '+' | '/');
    if !name.is_empty() && name.chars().all(plain) {
        Cow::Borrowed(name)
    } else {
        Cow::Owned(format!("'{}'", name.replace('\'', r"'\''")))
    }
}

/// How a duty grows grave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Class {
    /// Due soon, and a breach once its last day is over.
    Clock = 0,
    /// A duty from the day it shows.
    Standing = 1,
    /// Worth knowing.
    Info = 2,
    /// Somebody else's last day: due soon until then, and over with it.
    Watch = 3,
}

impl Class {
    pub fn number(self) -> u8 {
        self as u8
    }

    pub fn from_number(number: u8) -> Self {
        match number {
            0 => Self::Clock,
            1 => Self::Standing,
            3 => Self::Watch,
            _ => Self::Info,
        }
    }

    /// How grave a duty of this class is on `today`; its last day is still in time.
    pub fn severity(self, due_on: NaiveDate, today: NaiveDate) -> Severity {
        match self {
            Self::Clock if today > due_on => Severity::Breach,
            Self::Clock | Self::Watch => Severity::Due,
            Self::Standing => Severity::Duty,
            Self::Info => Severity::Info,
        }
    }
}

/// How grave a duty is, the gravest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    Breach,
    Duty,
    Due,
    Info,
}

impl Severity {
    pub fn word(self) -> &'static str {
        match self {
            Self::Breach => "breach",
            Self::Duty => "duty",
            Self::Due => "due",
            Self::Info => "info",
        }
    }
}

/// One thing that a human has to do about a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duty {
    pub code: DutyCode,
    pub class: Class,
    /// The last day in time.
    pub due_on: Option<NaiveDate>,
    /// The first day it shows; `later` pushes it on, a limit's end brings it back.
    pub show_from: NaiveDate,
    /// Whose it is; nobody's is everybody's.
    pub who: Option<String>,
    /// How the record stands once it is late: "verification, unexplained".
    pub what: String,
    /// The one step that would settle it: "explain the delay".
    pub step: String,
}

/// What follows "verification" once the limit is passed.
pub(super) const UNEXPLAINED: &str = ", unexplained";

/// How grave a duty is on a day.
pub fn severity(duty: &Duty, today: NaiveDate) -> Severity {
    duty.class
        .severity(duty.due_on.unwrap_or(duty.show_from), today)
}

/// Whether a duty shows on a day.
pub fn is_visible(duty: &Duty, today: NaiveDate) -> bool {
    let over = duty.class == Class::Watch && duty.due_on.is_some_and(|due| due < today);
    duty.show_from <= today && !over
}

/// How a stored `what` and `step` read at a severity: nothing is to be
/// explained before it is late.
pub fn wording<'a>(
    code: DutyCode,
    severity: Severity,
    what: &'a str,
    step: &'a str,
) -> (&'a str, &'a str) {
    match (code, severity) {
        (DutyCode::ExplainDelay, Severity::Due) => (
            what.strip_suffix(UNEXPLAINED).unwrap_or(what),
            "finish in time",
        ),
        (DutyCode::PromiseAgain, Severity::Due) => (what, "keep the promise"),
        _ => (what, step),
    }
}

/// Which of two records' duties comes first: the graver, then the earlier due,
/// then the lower number.
pub fn most_urgent_first(left: (&str, &Duty), right: (&str, &Duty), today: NaiveDate) -> Ordering {
    let key = |duty: &Duty| (severity(duty, today), duty.due_on.unwrap_or(duty.show_from));
    key(left.1)
        .cmp(&key(right.1))
        .then_with(|| natural(left.0).cmp(&natural(right.0)))
}

/// `T-9` before `T-10` before `T-10b`.
pub fn natural(id: &str) -> (&str, u64, &str) {
    let digits = id.find(|c: char| c.is_ascii_digit()).unwrap_or(id.len());
    let (head, tail) = id.split_at(digits);
    let end = tail
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(tail.len());
    let (number, rest) = tail.split_at(end);
    (head, number.parse().unwrap_or(0), rest)
}
