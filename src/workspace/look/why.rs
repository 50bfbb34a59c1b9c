//! The answer of `why`, with what stands beside the record.

use std::collections::BTreeSet;

use super::report::records;
use super::rollout::Rollout;
use super::{Judged, Look, beside, conflicts, device_clock, gate, record, release, resolve};
use crate::domain::calendar::spoken;
use crate::domain::distribution::release::Release;
use crate::domain::kind::Kind;
use crate::domain::message::{Message, MessageState};
use crate::domain::noun::Noun;
use crate::domain::people::Person;
use crate::domain::queue::ball::Beside;
use crate::domain::queue::state::State;
use crate::domain::queue::ticket::Ticket;
use crate::domain::rollout::announcement::Announcement;
use crate::domain::rollout::decision::Decision;
pub use crate::domain::verdict::Why;
use crate::domain::verdict::{self, Asking, Blocker};
use crate::store::RecordRow;
use crate::workspace::refusal::Refusal;

/// Explains one record.
pub fn why(look: &Look<'_>, id: &str) -> Result<Why, Refusal> {
    of(look, &resolve::any(look.reader, id)?)
}

/// Explains a record that is found already.
pub fn of(look: &Look<'_>, row: &RecordRow) -> Result<Why, Refusal> {
    let noun = record::noun(row)?;
    let mut judged = look.judged()?;
    if matches!(noun, Noun::Ticket(_) | Noun::Release(_)) {
        judged.profile = look.reader.whole_profile()?;
    }
    let rollout = decision(look, &noun, &judged)?;
    let setting = look.setting(&judged);
    let person = asker(look)?;
    let messages = drafts_about(look, &row.id)?;
    let freeze = match &noun {
        // A freeze keeps nobody from anything before a ticket is ready.
        Noun::Ticket(ticket) if ticket.standing.state == State::Ready => {
            release::freeze(look.reader, ticket)?
        }
        _ => None,
    };
    let facts = match &noun {
        Noun::Release(it) => Some(release::facts(look.reader, it)?),
        Noun::Ticket(ticket) if ticket.standing.state == State::Ready => {
            Some(release::alone(look.reader, ticket)?)
        }
        _ => None,
    };
    let (announcements, releases) = turns(look, &noun)?;
    let mut answer = verdict::why(
        &noun,
        &Asking {
            setting: &setting,
            today: look.today,
            person: &person,
            contested: row.contested,
            messages: &messages,
            freeze: freeze.as_ref(),
            facts: facts.as_ref(),
            beside: Beside {
                announcements: &announcements,
                releases: &releases,
            },
            rollout: rollout.as_ref(),
        },
    );
    if let Noun::Problem(problem) = &noun {
        beside::problem(look, problem, &mut answer)?;
    }
    answer.device_clock = device_clock::entered(look, row)?;
    conflicts::explain(look, row, &mut answer)?;
    if look.reader.needs_newer(row.kind, &row.id)? {
        newer(&mut answer);
    }
    Ok(answer)
}

/// Says first that a newer version wrote to the record, and that no step is open because of it.
fn newer(answer: &mut Why) {
    answer.blockers.insert(
        0,
        Blocker {
            what: gate::NEWER.to_owned(),
            who: "whoever installs the newer one on this machine".to_owned(),
        },
    );
    for step in &mut answer.next {
        step.refused = Some(gate::NEEDS_NEWER.to_owned());
    }
}

/// What a ticket's announcements and its release say of whose turn it was; nothing is read
/// for one that was never in a rollout nor in a release.
fn turns(look: &Look<'_>, noun: &Noun) -> Result<(Vec<Announcement>, Vec<Release>), Refusal> {
    let Noun::Ticket(ticket) = noun else {
        return Ok((Vec::new(), Vec::new()));
    };
    let standing = &ticket.standing;
    let past = standing.trail.iter().map(|it| it.state);
    let tried = past
        .chain([standing.acts_as()])
        .any(|it| it == State::StagedRollout);
    let announcements = if tried {
        records::of(look, Kind::Announcement, &ticket.id, records::announcement)?
    } else {
        Vec::new()
    };
    let release = match &ticket.release {
        Some(name) => look.reader.record(Some(Kind::Release), name)?,
        None => None,
    };
    let release = release.map(|row| row.noun()).transpose()?.flatten();
    let release = release.and_then(records::release);
    Ok((announcements, release.into_iter().collect()))
}

/// What the staged rollout adds up to, of a ticket in one or of its announcement.
pub(in crate::workspace) fn decision(
    look: &Look<'_>,
    noun: &Noun,
    judged: &Judged,
) -> Result<Option<Decision>, Refusal> {
    let setting = look.setting(judged);
    let decided = |ticket: &Ticket| -> Result<_, Refusal> {
        let rollout = Rollout::of(look.reader, &ticket.id)?;
        Ok(Some(rollout.decide(ticket, &setting, look.today)))
    };
    match noun {
        Noun::Ticket(ticket) if ticket.standing.acts_as() == State::StagedRollout => {
            decided(ticket)
        }
        Noun::Announcement(announcement) => {
            let row = look
                .reader
                .record(Some(Kind::Ticket), &announcement.ticket)?;
            match row.map(|row| row.noun()).transpose()?.flatten() {
                Some(Noun::Ticket(ticket)) => decided(&ticket),
                _ => Ok(None),
            }
        }
        _ => Ok(None),
    }
}

/// Whoever asks, the next step is the primary manager's to take.
pub(super) fn asker(look: &Look<'_>) -> Result<Person, Refusal> {
    let name = look
        .desk
        .primary
        .clone()
        .or_else(|| look.desk.managers.first().cloned());
    if let Some(name) = name
        && let Some(row) = look.reader.record(Some(Kind::Person), &name)?
        && let Some(Noun::Person(person)) = row.noun()?
    {
        return Ok(person);
    }
    Ok(Person::default())
}

/// Unsent messages that speak of a record.
fn drafts_about(look: &Look<'_>, id: &str) -> Result<Vec<Message>, Refusal> {
    let mut about = Vec::new();
    for row in look
        .reader
        .in_state_about(Kind::Message, MessageState::Drafted.word(), id)?
    {
        if let Some(Noun::Message(message)) = row.noun()? {
            about.push(message);
        }
    }
    Ok(about)
}

/// The answer below its first sentence, line by line; the shell and the screen show the same.
pub fn lines(why: &Why) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(clock) = &why.device_clock {
        lines.push(format!("Clock: {clock}"));
    }
    if let Some(rule) = &why.rule {
        let limit = why
            .limit
            .as_deref()
            .map(|limit| format!(" ({limit})"))
            .unwrap_or_default();
        lines.push(format!("Rule: {rule}{limit}"));
    }
    if let (Some(required), Some(elapsed), Some(unit)) = (why.required, why.elapsed, why.unit) {
        lines.push(format!(
            "Required: {required} {unit}; elapsed: {elapsed} {unit}"
        ));
    }
    if let Some(due) = why.due {
        lines.push(format!("Last day in time: {}", spoken(due)));
    }
    for counted in &why.counted {
        lines.push(format!("Counted: {counted}"));
    }
    if let Some(rollout) = &why.rollout {
        if rollout.sentence != why.sentence {
            lines.push(format!("Rollout: {}", rollout.sentence));
        }
        for site in &rollout.sites {
            lines.push(format!("Site: {}", site.sentence));
        }
    }
    lines.extend(skipped(why));
    for (index, blocker) in why.blockers.iter().enumerate() {
        let word = if index == 0 {
            "Root blocker"
        } else {
            "Blocker"
        };
        lines.push(format!("{word}: {} ({})", blocker.what, blocker.who));
    }
    for step in &why.next {
        let needs = if step.needs.is_empty() {
            String::new()
        } else {
            format!(": needs {}", step.needs)
        };
        let refused = step
            .refused
            .as_deref()
            .map(|why| format!("; not open: {why}"))
            .unwrap_or_default();
        lines.push(format!("Next: {}{needs}{refused}", step.command));
    }
    lines
}

/// The days that did not count, each once.
fn skipped(why: &Why) -> Vec<String> {
    let mut told = BTreeSet::new();
    let once = why.skipped.iter().filter(|it| told.insert(it.day));
    once.map(|it| format!("Skipped: {}, {}", spoken(it.day), it.reason))
        .collect()
}
