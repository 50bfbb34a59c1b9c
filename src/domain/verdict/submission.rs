//! Why a submission is not answered yet, or how its answer went.

use super::ticket::unsent;
use super::{Asking, Verdict, Why, by_clock, so_many};
use crate::domain::calendar::spoken;
use crate::domain::message::{MessageKind, MessageState};
use crate::domain::queue::clocks::{SubmissionClock, submission_reading};
use crate::domain::queue::completeness;
use crate::domain::queue::state::SubmissionState;
use crate::domain::queue::submission::Submission;

pub(super) fn why(submission: &Submission, asking: &Asking<'_>) -> Why {
    let shown = submission_reading(submission, asking.setting, asking.today);
    let verdict = match submission.standing.state {
        SubmissionState::Answered | SubmissionState::Withdrawn | SubmissionState::Refused => {
            Verdict::Done
        }
        SubmissionState::Submitted | SubmissionState::Injected if shown.running => {
            by_clock(shown.overdue, shown.amber_on, asking.today)
        }
        SubmissionState::Submitted | SubmissionState::Injected => Verdict::NoClock,
    };
    let mut why = Why::new(
        &submission.id,
        verdict,
        sentence(submission, &shown, asking),
    );
    why.entered = Some(submission.submitted);
    why.entered_at_least = submission.at_least;
    if let Some(reading) = &shown.reading {
        why.read(reading);
        why.rule.clone_from(&asking.setting.profile.injection_rule);
        why.days_left = shown.days_left;
    }
    blockers(submission, asking, &mut why);
    next(submission, asking, &mut why);
    why
}

fn sentence(submission: &Submission, shown: &SubmissionClock, asking: &Asking<'_>) -> String {
    let (id, state) = (&submission.id, submission.standing.state);
    let entered = spoken(submission.standing.entered.day(asking.setting.zone));
    let rule = asking.setting.profile.injection_rule.as_deref();
    let by_rule = rule.map(|rule| format!(" ({rule})")).unwrap_or_default();
    let waits_for = match state {
        SubmissionState::Submitted => "to be injected and answered",
        SubmissionState::Injected => "to be answered; it is injected",
        SubmissionState::Answered if submission.answered.is_none() => {
            return format!("{id} was answered; when is not known.");
        }
        SubmissionState::Answered => {
            let kept = match shown.in_time {
                Some(true) => ", in time",
                Some(false) => ", too late",
                None => "",
            };
            let took = shown.reading.as_ref().map(|reading| {
                format!(
                    ": {}; the limit is {}{by_rule}",
                    so_many(reading),
                    reading.limit
                )
            });
            let answered = submission
                .answered
                .map(|at| spoken(at.day(asking.setting.zone)));
            let on = answered.unwrap_or(entered);
            return format!(
                "{id} was answered on {on}{kept}{}.",
                took.unwrap_or_default()
            );
        }
        SubmissionState::Withdrawn | SubmissionState::Refused => {
            let reason = submission
                .reason
                .as_deref()
                .map(|it| format!(" because “{it}”"));
            return format!(
                "{id} has been {} since {entered}{}.",
                state.word(),
                reason.unwrap_or_default()
            );
        }
    };
    match &shown.reading {
        Some(reading) => format!(
            "{id} has waited {} {waits_for}; the limit is {}{by_rule}.",
            so_many(reading),
            reading.limit
        ),
        None => format!("{id} waits {waits_for}, without a limit."),
    }
}

fn blockers(submission: &Submission, asking: &Asking<'_>, why: &mut Why) {
    let who = submission.who().unwrap_or("release manager");
    match submission.standing.state {
        SubmissionState::Submitted => {
            let provider = submission
                .provider
                .as_deref()
                .unwrap_or("technology provider");
            let missing = completeness::missing(submission, asking.setting.profile, &[]);
            for missing in missing.iter().filter(|missing| missing.hard) {
                let sentence = missing.sentence.trim_end_matches('.');
                let waived = submission.reason.is_some();
                why.block(
                    format!("{sentence}{}", if waived { " (waived)" } else { "" }),
                    provider,
                );
            }
            why.block("nobody has injected it", who);
        }
        SubmissionState::Injected => why.block("the answer is not sent", who),
        SubmissionState::Answered | SubmissionState::Withdrawn | SubmissionState::Refused => {}
    }
    unsent(asking, why);
}

fn next(submission: &Submission, asking: &Asking<'_>, why: &mut Why) {
    let id = &submission.id;
    match submission.standing.state {
        SubmissionState::Submitted => {
            why.offer(
                format!("relmate inject {id} [--rt PLATFORM/ARCH=RT]"),
                "the tracker's ids, where there are any",
            );
            why.offer(
                format!("relmate submission refuse {id} --reason R"),
                "a reason",
            );
            why.offer(format!("relmate submission withdraw {id}"), "nothing more");
        }
        SubmissionState::Injected => {
            let answer = asking.messages.iter().find(|message| {
                message.kind == MessageKind::Answer
                    && message.standing.state == MessageState::Drafted
            });
            let answer = answer.map_or("X-ID", |message| message.id.as_str());
            why.offer(
                format!("relmate outbox sent {answer}"),
                "the answer to be out",
            );
        }
        SubmissionState::Answered | SubmissionState::Withdrawn | SubmissionState::Refused => {}
    }
}
