//! The outbox: edit a draft, mark it sent or skipped. Marking sent is what stops
//! the injection clock and what "informed" means; nothing here sends anything.

use std::collections::BTreeMap;

use serde_json::json;

use crate::domain::kind::Kind;
use crate::domain::message::{Message, MessageKind, MessageStanding, MessageState, TEXT, wording};
use crate::domain::noun::Noun;
use crate::domain::people::is_mail;
use crate::domain::queue::state::SubmissionState;
use crate::domain::queue::submission::SubmissionStanding;
use crate::ledger::EntityId;
use crate::store::Reader;
use crate::workspace::act::{drafted, rollout};
use crate::workspace::plan::Plan;
use crate::workspace::refusal::Refusal;

fn draft(plan: &Plan<'_, '_>, id: &str) -> Result<(EntityId, Message), Refusal> {
    let loaded = plan.load(Kind::Message, id)?;
    let Noun::Message(message) = loaded.noun else {
        return Err(Refusal::not_found(format!("{id} is not a message."), ""));
    };
    unsent(&message)?;
    Ok((loaded.entity, message))
}

/// What is out is out.
pub fn unsent(message: &Message) -> Result<(), Refusal> {
    if message.standing.state == MessageState::Drafted {
        return Ok(());
    }
    Err(Refusal::rule(
        format!(
            "{} is {} already.",
            message.id,
            message.standing.state.word()
        ),
        format!("`relmate undo {}` takes that back.", message.id),
    ))
}

/// A message to nobody cannot have been sent.
pub fn addressed(message: &Message) -> Result<(), Refusal> {
    if !message.to.is_empty() {
        return Ok(());
    }
    Err(Refusal::rule(
        format!(
            "{} has no addressee, so it cannot have been sent.",
            message.id
        ),
        format!(
            "Name one with `relmate outbox edit {} --to MAIL`, or give the product a contact.",
            message.id
        ),
    ))
}

/// The answer that a submission waits for is sent and not left out.
pub fn skippable(reader: &Reader<'_>, message: &Message) -> Result<(), Refusal> {
    if message.kind != MessageKind::Answer {
        return Ok(());
    }
    for about in &message.about {
        let answered = reader.record(Some(Kind::Submission), about)?;
        let answered = answered.map(|row| row.noun()).transpose()?.flatten();
        if let Some(Noun::Submission(submission)) = answered
            && submission.standing.state == SubmissionState::Injected
        {
            return Err(Refusal::rule(
                format!(
                    "{} cannot be skipped: {} waits for it, and only the sent answer stops its clock.",
                    message.id, submission.id
                ),
                format!(
                    "Change it with `relmate outbox edit {}`, send it, then mark it sent.",
                    message.id
                ),
            ));
        }
    }
    Ok(())
}

pub fn edit(
    plan: &mut Plan<'_, '_>,
    id: &str,
    to: Option<&[String]>,
    subject: Option<&str>,
    body: Option<&str>,
) -> Result<(), Refusal> {
    let (entity, message) = draft(plan, id)?;
    let mut changed = false;
    if let Some(wrong) = to.into_iter().flatten().find(|to| !is_mail(to)) {
        return Err(Refusal::usage(
            format!("{wrong:?} is not a mail address."),
            "Write it as name@example.org.",
        ));
    }
    if let Some(to) = to {
        changed |= plan.put(&entity, "to", &to)?;
    }
    if let Some(subject) = subject {
        changed |= plan.set(
            &entity,
            "subject",
            subject.split_whitespace().collect::<Vec<_>>().join(" "),
        )?;
    }
    if let Some(body) = body {
        changed |= plan.set(&entity, "body", body)?;
    }
    plan.say(if changed {
        format!("{} is changed.", message.id)
    } else {
        format!("{} says that already.", message.id)
    });
    plan.receipt.ids.push(message.id);
    Ok(())
}

/// A human has sent it.
pub fn sent(plan: &mut Plan<'_, '_>, id: &str) -> Result<(), Refusal> {
    let (entity, message) = draft(plan, id)?;
    addressed(&message)?;
    drafted::open(plan, &entity, &message)?;
    plan.not_before(&message.id, message.standing.entered)?;
    end(plan, (&entity, &message), MessageState::Sent, None)?;
    plan.say(format!(
        "{} ({}) is sent.",
        message.id,
        message.kind.label()
    ));
    plan.receipt.ids.push(message.id.clone());
    for about in &message.about {
        informed(plan, &message, about)?;
    }
    Ok(())
}

/// What follows for the records a sent message speaks of.
fn informed(plan: &mut Plan<'_, '_>, message: &Message, about: &str) -> Result<(), Refusal> {
    let Ok(loaded) = plan.load_any(about) else {
        return Ok(());
    };
    match loaded.noun {
        Noun::Ticket(_) if message.kind.informs_team() => {
            let day = plan.day()?;
            plan.put(&loaded.entity, "informed", &day)?;
        }
        Noun::Announcement(announcement) => {
            rollout::announced(plan, &loaded.entity, &announcement, message)?;
        }
        Noun::Submission(submission)
            if message.kind == MessageKind::Answer
                && submission.standing.state == SubmissionState::Injected =>
        {
            plan.not_before(&submission.id, submission.standing.entered)?;
            let at = plan.at();
            let standing = SubmissionStanding {
                state: SubmissionState::Answered,
                entered: at,
                ..submission.standing
            };
            plan.put(&loaded.entity, "state", &standing)?;
            plan.put(&loaded.entity, "answered", &at)?;
            plan.say(format!(
                "{} is answered; its injection clock has stopped.",
                submission.id
            ));
        }
        _ => {}
    }
    Ok(())
}

pub fn skip(plan: &mut Plan<'_, '_>, id: &str, reason: Option<&str>) -> Result<(), Refusal> {
    let (entity, message) = draft(plan, id)?;
    if reason.is_none_or(|reason| reason.trim().is_empty()) {
        return Err(Refusal::usage(
            format!("Skipping {} needs a reason.", message.id),
            format!("Write `relmate outbox skip {} --reason R`.", message.id),
        ));
    }
    skippable(&plan.writing.reader(), &message)?;
    end(plan, (&entity, &message), MessageState::Skipped, reason)?;
    plan.say(format!(
        "{} ({}) is skipped.",
        message.id,
        message.kind.label()
    ));
    for about in &message.about {
        if let Ok(loaded) = plan.load_any(about)
            && let Noun::Announcement(announcement) = loaded.noun
        {
            rollout::left_out(plan, &loaded.entity, &announcement, &message)?;
        }
    }
    plan.receipt.ids.push(message.id);
    Ok(())
}

/// Whether a message may be what one of two managers said that it is.
pub fn reachable(
    plan: &Plan<'_, '_>,
    message: &Message,
    value: &serde_json::Value,
) -> Result<(), Refusal> {
    let Ok(target) = serde_json::from_value::<MessageStanding>(value.clone()) else {
        return Ok(());
    };
    match target.state {
        MessageState::Drafted => Ok(()),
        MessageState::Sent => addressed(message),
        MessageState::Skipped => skippable(&plan.writing.reader(), message),
    }
}

fn end(
    plan: &mut Plan<'_, '_>,
    (entity, message): (&EntityId, &Message),
    state: MessageState,
    reason: Option<&str>,
) -> Result<(), Refusal> {
    let text = [
        json!(message.to),
        json!(message.subject),
        json!(message.body),
    ];
    let text = TEXT.iter().zip(&text);
    let text = text.map(|(field, value)| ((*field).to_owned(), wording(value)));
    let standing = MessageStanding {
        state,
        entered: plan.at(),
        by: plan.actor.name().to_owned(),
        reason: reason.map(str::to_owned),
        text: match state {
            MessageState::Sent => text.collect(),
            MessageState::Drafted | MessageState::Skipped => BTreeMap::new(),
        },
    };
    plan.set(entity, "state", json!(standing))?;
    Ok(())
}
