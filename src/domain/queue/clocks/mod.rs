//! The clocks of the queue: what a ticket or a submission shows on a day.
//! Explains and derives; overdue is never stored, and nothing moves by itself.

use chrono::NaiveDate;

use crate::domain::calendar::{add_days, spoken};
use crate::domain::clock::{self, Entry, Pause, Reading};
use crate::domain::noun::Setting;
use crate::domain::profile::{Profile, Waiting};
use crate::domain::queue::enter::WAITING;
use crate::domain::queue::state::{Standing, State, SubmissionState};
use crate::domain::queue::submission::Submission;
use crate::domain::queue::ticket::Ticket;

/// What a ticket's time is measured by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Clock {
    /// Against the limit of its stage.
    Running(Reading),
    /// Against a due date that was given on resuming, or carried on by a question.
    Until { due: NaiveDate, days_left: i64 },
    /// Delayed, with a promised date.
    Promised {
        promise: NaiveDate,
        days_left: i64,
        broken: bool,
    },
    /// Delayed without a promise: looked at again on a day.
    Review { on: NaiveDate, days_left: i64 },
    /// Nothing to measure: no limit, or it is over.
    None,
}

/// A ticket's clock and what follows from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketClock {
    pub clock: Clock,
    /// Days of this stage booked to the provider; shown apart.
    pub waited_days: i64,
    /// Past its limit and not explained; a delayed ticket is not overdue.
    pub overdue: bool,
    /// The last day in time, the promise or the review.
    pub due: Option<NaiveDate>,
    pub days_left: Option<i64>,
    /// From this day on it is due soon.
    pub amber_on: Option<NaiveDate>,
    /// The entry is not known: "Here at least since Fri 20 Nov 2026".
    pub since: Option<String>,
}

/// A submission's clock; it stops with the sent answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubmissionClock {
    /// While it runs, and of an answered one as it was on the day of the answer.
    pub reading: Option<Reading>,
    pub running: bool,
    pub overdue: bool,
    pub due: Option<NaiveDate>,
    /// None once it has stopped.
    pub days_left: Option<i64>,
    pub amber_on: Option<NaiveDate>,
    /// Of an answered one: whether the answer was in time.
    pub in_time: Option<bool>,
}

/// What a ticket's clock shows on `today`.
pub fn ticket_reading(ticket: &Ticket, setting: &Setting<'_>, today: NaiveDate) -> TicketClock {
    let standing = &ticket.standing;
    let waits = waits(ticket, setting);
    let since = standing.clock_from.day(setting.zone);
    let mut shown = TicketClock {
        clock: Clock::None,
        waited_days: waits.iter().map(|wait| days(wait, today)).sum(),
        overdue: false,
        due: None,
        days_left: None,
        amber_on: None,
        since: standing
            .at_least
            .then(|| format!("Here at least since {}", spoken(since))),
    };
    if !standing.state.is_open() {
        return shown;
    }
    if standing.state == State::Delayed {
        delayed(ticket, setting, today, &mut shown);
    } else if let Some(due) = standing.due {
        let left = (due - today).num_days();
        shown.clock = Clock::Until {
            due,
            days_left: left,
        };
        shown.overdue = left < 0;
        let entered = standing.entered.day(setting.zone);
        shown.amber_on = Some(share_of_the_way(entered, due, setting.profile));
        (shown.due, shown.days_left) = (Some(due), Some(left));
    } else if let Some(reading) = stage_reading(ticket, setting, today) {
        shown.overdue = reading.overdue;
        (shown.due, shown.days_left) = (Some(reading.due), Some(reading.days_left));
        shown.amber_on = Some(reading.amber_on);
        shown.clock = Clock::Running(reading);
    }
    shown
}

fn delayed(ticket: &Ticket, setting: &Setting<'_>, today: NaiveDate, shown: &mut TicketClock) {
    let entered = ticket.standing.entered.day(setting.zone);
    if let Some(promise) = ticket.promised {
        let left = (promise - today).num_days();
        shown.clock = Clock::Promised {
            promise,
            days_left: left,
            broken: left < 0,
        };
        shown.amber_on = Some(share_of_the_way(entered, promise, setting.profile));
        (shown.due, shown.days_left) = (Some(promise), Some(left));
        return;
    }
    let Some(on) = ticket.review.or_else(|| review_day(entered, setting)) else {
        return;
    };
    let left = (on - today).num_days();
    shown.clock = Clock::Review {
        on,
        days_left: left,
    };
    shown.amber_on = Some(on);
    (shown.due, shown.days_left) = (Some(on), Some(left));
}

/// The clock of the stage itself, whether or not a delay has explained it.
pub fn stage_reading(ticket: &Ticket, setting: &Setting<'_>, today: NaiveDate) -> Option<Reading> {
    let standing = &ticket.standing;
    let limit = standing.limit?;
    let day = standing.clock_from.day(setting.zone);
    let entry = Entry {
        day,
        at_least: standing.at_least,
        amber_percent: setting.profile.amber_percent,
    };
    Some(clock::read(
        limit,
        entry,
        &pauses(ticket, setting),
        setting.calendar,
        today,
    ))
}

/// The last day in time of the stage's limit, or of the date that replaced it;
/// a delay writes it down as what was missed.
pub fn limit_due(ticket: &Ticket, setting: &Setting<'_>) -> Option<NaiveDate> {
    let standing = &ticket.standing;
    if standing.state == State::Delayed && standing.first_due.is_some() {
        return standing.first_due;
    }
    if standing.due.is_some() {
        return standing.due;
    }
    let day = standing.clock_from.day(setting.zone);
    Some(clock::due(
        standing.limit?,
        day,
        &pauses(ticket, setting),
        setting.calendar,
    ))
}

/// The day a ticket is listed under: its last day in time, its promise or its
/// review. Needs no today, so that it can be stored; none while its clock stands still.
pub fn ticket_due(ticket: &Ticket, setting: &Setting<'_>) -> Option<NaiveDate> {
    if stands_still(ticket, setting) {
        return None;
    }
    ticket_reading(
        ticket,
        setting,
        ticket.standing.clock_from.day(setting.zone),
    )
    .due
}

/// The clock waits with the provider and its last day moves on with every day.
pub fn stands_still(ticket: &Ticket, setting: &Setting<'_>) -> bool {
    ticket.standing.state == State::WaitingForResponse
        && ticket.standing.due.is_none()
        && setting.profile.waiting == Waiting::Pauses
}

/// When a delayed ticket without a promise is looked at again.
pub fn review_day(delayed_on: NaiveDate, setting: &Setting<'_>) -> Option<NaiveDate> {
    let limit = setting.profile.delayed_review?;
    Some(clock::due(limit, delayed_on, &[], setting.calendar))
}

/// The times booked to the provider; an import knows only that one is running.
fn waits(ticket: &Ticket, setting: &Setting<'_>) -> Vec<Pause> {
    let standing = &ticket.standing;
    let mut waits = standing.waits.clone();
    if standing.acts_as() == State::WaitingForResponse
        && waits.iter().all(|wait| wait.until.is_some())
    {
        let from = asked_on(standing, setting);
        waits.push(Pause {
            from,
            until: None,
            reason: WAITING.to_owned(),
        });
    }
    waits
}

fn asked_on(standing: &Standing, setting: &Setting<'_>) -> NaiveDate {
    let from = if standing.state == State::Delayed {
        &standing.clock_from
    } else {
        &standing.entered
    };
    from.day(setting.zone)
}

fn pauses(ticket: &Ticket, setting: &Setting<'_>) -> Vec<Pause> {
    match setting.profile.waiting {
        Waiting::Runs => Vec::new(),
        Waiting::Pauses => waits(ticket, setting),
    }
}

fn days(wait: &Pause, today: NaiveDate) -> i64 {
    let until = wait.until.map_or(today, |until| until.min(today));
    (until - wait.from).num_days().max(0)
}

/// The day from which a given date is due soon: the profile's share of the way there.
pub fn share_of_the_way(from: NaiveDate, due: NaiveDate, profile: &Profile) -> NaiveDate {
    let whole = (due - from).num_days();
    let share = whole.saturating_mul(i64::from(profile.amber_percent));
    let ahead = share.div_euclid(100) + i64::from(share.rem_euclid(100) != 0);
    if whole > 0 {
        add_days(from, ahead)
    } else {
        due
    }
}

/// What a submission's clock shows on `today`.
pub fn submission_reading(
    submission: &Submission,
    setting: &Setting<'_>,
    today: NaiveDate,
) -> SubmissionClock {
    let standing = &submission.standing;
    let answered = submission.answered.map(|at| at.day(setting.zone));
    let seen_on = match standing.state {
        // An import may know that it was answered and not when.
        SubmissionState::Answered => answered,
        SubmissionState::Submitted | SubmissionState::Injected => Some(today),
        SubmissionState::Withdrawn | SubmissionState::Refused => None,
    };
    let reading = standing.limit.zip(seen_on).map(|(limit, seen_on)| {
        let day = submission.submitted.day(setting.zone);
        let entry = Entry {
            day,
            at_least: submission.at_least,
            amber_percent: setting.profile.amber_percent,
        };
        clock::read(limit, entry, &standing.pauses, setting.calendar, seen_on)
    });
    let running = standing.state.is_open() && reading.is_some();
    let in_time = match (&reading, answered) {
        (Some(reading), Some(_)) if !running => Some(!reading.overdue),
        _ => None,
    };
    SubmissionClock {
        running,
        overdue: running && reading.as_ref().is_some_and(|it| it.overdue),
        due: reading.as_ref().map(|it| it.due),
        days_left: reading.as_ref().filter(|_| running).map(|it| it.days_left),
        amber_on: reading.as_ref().filter(|_| running).map(|it| it.amber_on),
        in_time,
        reading,
    }
}

/// The last day on which the sent answer is in time; none once nobody waits for it.
pub fn submission_due(submission: &Submission, setting: &Setting<'_>) -> Option<NaiveDate> {
    let standing = &submission.standing;
    match standing.state {
        SubmissionState::Withdrawn | SubmissionState::Refused => None,
        SubmissionState::Submitted | SubmissionState::Injected | SubmissionState::Answered => {
            let day = submission.submitted.day(setting.zone);
            Some(clock::due(
                standing.limit?,
                day,
                &standing.pauses,
                setting.calendar,
            ))
        }
    }
}

#[cfg(test)]
mod tests;
