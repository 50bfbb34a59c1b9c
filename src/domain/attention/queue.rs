//! The duties of tickets and submissions: clocks that run out, delays to
//! explain, product teams to tell, and what an import left unknown.

use chrono::NaiveDate;

use super::duties::{pushed, short};
use super::rollout;
use super::{Class, Duty, DutyCode, UNEXPLAINED};
use crate::domain::clock;
use crate::domain::noun::Setting;
use crate::domain::queue::clocks::{Clock, stands_still, submission_reading, ticket_reading};
use crate::domain::queue::guard::{critical_failures, stage};
use crate::domain::queue::state::{State, SubmissionState};
use crate::domain::queue::submission::Submission;
use crate::domain::queue::ticket::Ticket;

pub(super) fn ticket(ticket: &Ticket, setting: &Setting<'_>) -> Vec<Duty> {
    if ticket.deleted || !ticket.standing.state.is_open() {
        return Vec::new();
    }
    [
        clock_runs_out(ticket, setting),
        no_reason(ticket, setting),
        status_message(ticket, setting),
        failed(ticket, setting),
        awaited(ticket, setting),
        no_version(ticket, setting),
        no_verifier(ticket, setting),
        rollout::untold(ticket, setting),
    ]
    .into_iter()
    .flatten()
    .map(|duty| Duty {
        show_from: pushed(
            duty.show_from,
            ticket.later,
            duty.due_on.filter(|_| duty.class == Class::Clock),
        ),
        ..duty
    })
    .collect()
}

fn of(ticket: &Ticket, code: DutyCode, class: Class, show_from: NaiveDate) -> Duty {
    Duty {
        code,
        class,
        due_on: None,
        show_from,
        who: ticket.who().map(str::to_owned),
        what: String::new(),
        step: String::new(),
    }
}

fn entered(ticket: &Ticket, setting: &Setting<'_>) -> NaiveDate {
    ticket.standing.entered.day(setting.zone)
}

fn clock_runs_out(ticket: &Ticket, setting: &Setting<'_>) -> Option<Duty> {
    if stands_still(ticket, setting) {
        return None;
    }
    // Due and amber are the same on every day once no pause is open.
    let shown = ticket_reading(
        ticket,
        setting,
        ticket.standing.clock_from.day(setting.zone),
    );
    let (due, amber_on) = (shown.due?, shown.amber_on?);
    let duty = |code, class, what, step: &str| Duty {
        due_on: Some(due),
        what,
        step: step.to_owned(),
        ..of(ticket, code, class, amber_on)
    };
    match shown.clock {
        Clock::Running(_) | Clock::Until { .. } => {
            let what = format!("{}{UNEXPLAINED}", stage(ticket, setting.profile));
            Some(duty(
                DutyCode::ExplainDelay,
                Class::Clock,
                what,
                breach_duty(ticket, setting),
            ))
        }
        Clock::Promised { promise, .. } => {
            let what = format!("promised for {}", short(promise));
            let rule = setting.profile.state.get(&State::Delayed);
            let step = rule
                .and_then(|rule| rule.duty.as_deref())
                .unwrap_or("promise again");
            Some(duty(DutyCode::PromiseAgain, Class::Clock, what, step))
        }
        Clock::Review { on, .. } => {
            let what = format!("delayed, no date promised, review {}", short(on));
            Some(duty(
                DutyCode::ReviewDelay,
                Class::Standing,
                what,
                "review the delay",
            ))
        }
        Clock::None => None,
    }
}

/// What the profile says passing the limit obliges to; a question belongs to verification.
fn breach_duty<'a>(ticket: &Ticket, setting: &Setting<'a>) -> &'a str {
    let state = match ticket.standing.state {
        State::WaitingForResponse => State::Verification,
        state => state,
    };
    let rule = setting.profile.state.get(&state);
    rule.and_then(|rule| rule.duty.as_deref())
        .unwrap_or("explain the delay")
}

/// An imported delay that nobody explained.
fn no_reason(ticket: &Ticket, setting: &Setting<'_>) -> Option<Duty> {
    let explained = ticket
        .delay_reason
        .as_ref()
        .is_some_and(|it| !it.trim().is_empty());
    if ticket.standing.state != State::Delayed || explained {
        return None;
    }
    Some(Duty {
        what: "delayed, no reason given".to_owned(),
        step: "explain the delay".to_owned(),
        ..of(
            ticket,
            DutyCode::GiveReason,
            Class::Standing,
            entered(ticket, setting),
        )
    })
}

/// The product team hears of an open ticket at least so often (PROC25).
fn status_message(ticket: &Ticket, setting: &Setting<'_>) -> Option<Duty> {
    ticket.provider.as_ref()?;
    let told = ticket.informed;
    let from = told.unwrap_or_else(|| ticket.standing.clock_from.day(setting.zone));
    let due = clock::due(setting.profile.status_message?, from, &[], setting.calendar);
    let what = match told {
        Some(told) => format!("product team last told {}", short(told)),
        None => format!("product team not told since {}", short(from)),
    };
    Some(Duty {
        due_on: Some(due),
        what,
        step: "tell how things stand".to_owned(),
        ..of(ticket, DutyCode::StatusMessage, Class::Standing, due)
    })
}

/// A critical criterion failed and nobody has rejected the ticket yet.
fn failed(ticket: &Ticket, setting: &Setting<'_>) -> Option<Duty> {
    let in_verification = matches!(
        ticket.standing.acts_as(),
        State::Verification | State::WaitingForResponse
    );
    let failures = critical_failures(ticket, setting.profile);
    let first = failures.first().filter(|_| in_verification)?;
    let found = ticket
        .results
        .get(&first.id)
        .map(|it| it.on.day(setting.zone));
    let what = match failures.len() {
        1 => format!("failed {}, critical", first.id),
        n => format!("failed {} and {} more, critical", first.id, n - 1),
    };
    let since = found.unwrap_or_else(|| entered(ticket, setting));
    Some(Duty {
        what,
        step: "reject".to_owned(),
        ..of(ticket, DutyCode::RejectFailed, Class::Standing, since)
    })
}

fn awaited(ticket: &Ticket, setting: &Setting<'_>) -> Option<Duty> {
    if ticket.standing.acts_as() != State::WaitingForResponse {
        return None;
    }
    let open = ticket
        .standing
        .waits
        .iter()
        .find(|wait| wait.until.is_none());
    let since = open.map_or_else(|| entered(ticket, setting), |wait| wait.from);
    Some(Duty {
        what: format!("waits for the product team since {}", short(since)),
        step: "remind".to_owned(),
        ..of(ticket, DutyCode::AwaitAnswer, Class::Info, since)
    })
}

fn no_version(ticket: &Ticket, setting: &Setting<'_>) -> Option<Duty> {
    let known = ticket
        .version
        .as_ref()
        .is_some_and(|version| !version.trim().is_empty());
    (!known).then(|| Duty {
        what: "version unknown".to_owned(),
        step: "name the version".to_owned(),
        ..of(
            ticket,
            DutyCode::NameVersion,
            Class::Info,
            entered(ticket, setting),
        )
    })
}

fn no_verifier(ticket: &Ticket, setting: &Setting<'_>) -> Option<Duty> {
    let verified = matches!(
        ticket.standing.acts_as(),
        State::Verification | State::WaitingForResponse
    );
    (verified && ticket.verifier.is_none()).then(|| Duty {
        what: "no verifier named".to_owned(),
        step: "name the verifier".to_owned(),
        ..of(
            ticket,
            DutyCode::NameVerifier,
            Class::Info,
            entered(ticket, setting),
        )
    })
}

/// From the day it arrives a submission is somebody's to inject and answer.
pub(super) fn submission(submission: &Submission, setting: &Setting<'_>) -> Vec<Duty> {
    let (what, step) = match submission.standing.state {
        _ if submission.deleted => return Vec::new(),
        SubmissionState::Submitted => ("to inject and answer", "inject"),
        SubmissionState::Injected => ("injected, to answer", "send the answer"),
        SubmissionState::Answered | SubmissionState::Withdrawn | SubmissionState::Refused => {
            return Vec::new();
        }
    };
    let submitted = submission.submitted.day(setting.zone);
    let due_on = submission_reading(submission, setting, submitted).due;
    let emergency = if submission.emergency {
        "emergency, "
    } else {
        ""
    };
    vec![Duty {
        code: DutyCode::InjectAndAnswer,
        class: if due_on.is_some() {
            Class::Clock
        } else {
            Class::Standing
        },
        due_on,
        show_from: pushed(submitted, submission.later, due_on),
        who: submission.who().map(str::to_owned),
        what: format!("{emergency}{what}"),
        step: step.to_owned(),
    }]
}
