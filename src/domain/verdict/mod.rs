//! Why a thing is or is not moving, and who can move it: the answer of `why`.
//! Explains what the guards and clocks say; decides nothing of its own.

mod announcement;
mod dated;
#[cfg(test)]
mod dated_tests;
mod problem;
mod release;
mod rollout;
mod submission;
#[cfg(test)]
mod tests;
mod ticket;

use chrono::NaiveDate;
use serde::Serialize;

use super::calendar::{Skipped, spoken};
use super::clock::{Reading, Unit};
use super::distribution::facts::Facts;
use super::distribution::freeze::Freeze;
use super::message::Message;
use super::noun::{Noun, Setting};
use super::people::Person;
use super::queue::ball::Beside;
use super::rollout::decision::Decision;
use super::when::When;

pub use rollout::{Trial, TrialSite};

/// The answer in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    InTime,
    DueSoon,
    Overdue,
    Delayed,
    PromiseBroken,
    Waiting,
    Done,
    NoClock,
}

impl Verdict {
    pub fn word(self) -> &'static str {
        match self {
            Self::InTime => "in-time",
            Self::DueSoon => "due-soon",
            Self::Overdue => "overdue",
            Self::Delayed => "delayed",
            Self::PromiseBroken => "promise-broken",
            Self::Waiting => "waiting",
            Self::Done => "done",
            Self::NoClock => "no-clock",
        }
    }
}

/// The whole answer; serialises to the fields of PRODUCT.md section 5, and some more.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Why {
    pub id: String,
    pub verdict: Verdict,
    /// What is required, what is past, and by which rule, in one sentence.
    pub sentence: String,
    /// Where the limit is written down, or the rule a milestone's date follows.
    pub rule: Option<String>,
    pub limit: Option<String>,
    /// The event the clock counts from.
    pub entered: Option<When>,
    /// The true entry is not known: at least since then.
    pub entered_at_least: bool,
    /// Whose clock was wrong when it was entered, and what to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_clock: Option<String>,
    pub due: Option<NaiveDate>,
    pub days_left: Option<i64>,
    /// How many of `unit` the limit allows, and how many are past.
    pub required: Option<i64>,
    pub elapsed: Option<i64>,
    pub unit: Option<&'static str>,
    /// The sum, a sentence each.
    pub counted: Vec<String>,
    /// Days that did not count.
    pub skipped: Vec<Skipped>,
    /// Of a staged rollout: the rule and each site.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rollout: Option<Trial>,
    /// What holds it up, the root of it first.
    pub blockers: Vec<Blocker>,
    /// What can be done now, the step that would settle it first.
    pub next: Vec<NextStep>,
}

/// One thing that holds a record up, and who can remove it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Blocker {
    pub what: String,
    pub who: String,
}

/// One step that is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NextStep {
    /// The whole command line.
    pub command: String,
    /// What has to be given or to be so.
    pub needs: String,
    /// Why it would be refused as things are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
}

/// Who asks, when, and what is known beside the record.
#[derive(Clone, Copy)]
pub struct Asking<'a> {
    pub setting: &'a Setting<'a>,
    pub today: NaiveDate,
    /// Who would take the next step.
    pub person: &'a Person,
    /// Two managers changed the record at once and nobody has settled it.
    pub contested: bool,
    /// Messages about the record; the unsent ones hold it up.
    pub messages: &'a [Message],
    /// The contents of a release that are frozen and not out yet.
    pub freeze: Option<&'a Freeze>,
    /// What a distribution release, or a ticket that is promoted by itself, is judged by.
    pub facts: Option<&'a Facts>,
    /// What besides a ticket says whose turn it was.
    pub beside: Beside<'a>,
    /// What the staged rollout adds up to, of a ticket or an announcement in one.
    pub rollout: Option<&'a Decision>,
}

impl<'a> Asking<'a> {
    /// With nothing known beside the record.
    pub fn new(setting: &'a Setting<'a>, today: NaiveDate, person: &'a Person) -> Self {
        Self {
            setting,
            today,
            person,
            contested: false,
            messages: &[],
            freeze: None,
            facts: None,
            beside: Beside::default(),
            rollout: None,
        }
    }
}

/// Explains one record.
pub fn why(noun: &Noun, asking: &Asking<'_>) -> Why {
    let mut answer = match noun {
        Noun::Ticket(ticket) => ticket::why(ticket, asking),
        Noun::Submission(submission) => submission::why(submission, asking),
        Noun::Milestone(milestone) => dated::milestone(milestone, asking),
        Noun::Message(message) => dated::message(message, asking),
        Noun::Action(action) => dated::action(action, asking),
        Noun::Desk(desk) => Why::without_clock(&desk.name),
        Noun::Cycle(cycle) => dated::cycle(cycle, asking),
        Noun::Product(product) => dated::product(product),
        Noun::Site(site) => Why::without_clock(&site.name),
        Noun::Announcement(it) => announcement::why(it, asking),
        Noun::Problem(it) => problem::problem(it, asking),
        Noun::KnownError(it) => problem::error(it, asking),
        Noun::Release(it) => release::why(it, asking),
        Noun::Person(person) => Why::without_clock(&person.name),
        Noun::Lesson(lesson) => Why::without_clock(&lesson.id),
    };
    if asking.contested {
        let what = "two managers changed it at once".to_owned();
        answer.blockers.insert(
            0,
            Blocker {
                what,
                who: "either manager".to_owned(),
            },
        );
        answer.next = vec![NextStep {
            command: format!("relmate resolve {}", answer.id),
            needs: "one of the two changes".to_owned(),
            refused: None,
        }];
    }
    answer
}

impl Why {
    fn new(id: &str, verdict: Verdict, sentence: String) -> Self {
        Self {
            id: id.to_owned(),
            verdict,
            sentence,
            rule: None,
            limit: None,
            entered: None,
            entered_at_least: false,
            device_clock: None,
            due: None,
            days_left: None,
            required: None,
            elapsed: None,
            unit: None,
            counted: Vec::new(),
            skipped: Vec::new(),
            rollout: None,
            blockers: Vec::new(),
            next: Vec::new(),
        }
    }

    fn without_clock(id: &str) -> Self {
        Self::new(id, Verdict::NoClock, format!("{id} has no clock."))
    }

    /// Takes over what a clock shows, with its sum.
    fn read(&mut self, reading: &Reading) {
        self.limit = Some(reading.limit.to_string());
        (self.due, self.days_left) = (Some(reading.due), Some(reading.days_left));
        (self.required, self.elapsed) = (Some(reading.allowed), Some(reading.elapsed));
        self.unit = Some(unit(reading));
        self.counted.push(reading.arithmetic.clone());
        self.counted.extend(first_and_last(reading));
        self.skipped.clone_from(&reading.skipped);
    }

    fn block(&mut self, what: impl Into<String>, who: impl Into<String>) {
        self.blockers.push(Blocker {
            what: what.into(),
            who: who.into(),
        });
    }

    fn offer(&mut self, command: impl Into<String>, needs: impl Into<String>) {
        self.next.push(NextStep {
            command: command.into(),
            needs: needs.into(),
            refused: None,
        });
    }
}

/// What a clock counts: "days" or "working days".
fn unit(reading: &Reading) -> &'static str {
    match reading.limit.unit {
        Unit::WorkingDays => "working days",
        Unit::Days | Unit::Weeks | Unit::Months => "days",
    }
}

/// "11 of 7 days", as a sentence says it.
fn so_many(reading: &Reading) -> String {
    let at_least = if reading.at_least { "at least " } else { "" };
    let (elapsed, allowed) = (reading.elapsed, reading.allowed);
    format!("{at_least}{elapsed} of {allowed} {}", unit(reading))
}

/// The first counted day after the event, and the last one.
fn first_and_last(reading: &Reading) -> Option<String> {
    let counts = |day: &NaiveDate| !reading.skipped.iter().any(|skipped| skipped.day == *day);
    let mut days = std::iter::successors(reading.entered.succ_opt(), NaiveDate::succ_opt)
        .take_while(|day| *day <= reading.due);
    let first = days.find(counts)?;
    Some(format!(
        "{} itself does not count; the first day that does is {}, the last in time is {}.",
        spoken(reading.entered),
        spoken(first),
        spoken(reading.due)
    ))
}

/// "1 day", "4 days".
fn days(n: i64) -> String {
    format!("{n} day{}", if n.abs() == 1 { "" } else { "s" })
}

/// "in 6 days", "today", "3 days ago".
fn distance(left: i64) -> String {
    match left {
        0 => "today".to_owned(),
        1.. => format!("in {}", days(left)),
        _ => format!("{} ago", days(-left)),
    }
}

/// In time, due soon or overdue, by the days that count.
fn by_clock(overdue: bool, amber_on: Option<NaiveDate>, today: NaiveDate) -> Verdict {
    if overdue {
        Verdict::Overdue
    } else if amber_on.is_some_and(|amber_on| today >= amber_on) {
        Verdict::DueSoon
    } else {
        Verdict::InTime
    }
}
