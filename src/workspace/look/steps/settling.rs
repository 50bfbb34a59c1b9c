//! The step that settles a duty: the one that the duty's own command line names, but where
//! another record or another day asks for another one.

use crate::domain::attention::{self, DutyCode};
use crate::domain::kind::Kind;
use crate::domain::message::{MessageKind, MessageState};
use crate::domain::noun::Noun;
use crate::domain::queue::state::SubmissionState;
use crate::domain::rollout::announcement::Announcement;
use crate::workspace::deed::{Deed, Filled, Value};
use crate::workspace::look::board::rows::Key;
use crate::workspace::look::fill::{Subject, known, takes};
use crate::workspace::look::{Look, why};
use crate::workspace::refusal::Refusal;

/// The deed, the record it is done to, and all the answers that are known: a form takes
/// these in place of those it would start with.
pub fn settling(
    look: &Look<'_>,
    key: &Key,
    code: DutyCode,
) -> Result<(&'static Deed, Key, Filled), Refusal> {
    let subject = Subject::read(look, key)?;
    match (code, &subject.noun) {
        (DutyCode::InjectAndAnswer, Noun::Submission(it))
            if it.standing.state == SubmissionState::Injected =>
        {
            let (answer, code) = answer(look, &it.id)?;
            return settling(look, &answer, code);
        }
        (DutyCode::Decide, Noun::Announcement(it)) => return decided(look, it),
        (DutyCode::MilestoneDue, Noun::Milestone(it)) => {
            let ahead = it.due.is_some_and(|due| due.day(&look.zone) > look.today);
            if ahead {
                return moved(look, &subject);
            }
        }
        _ => {}
    }
    let command = code.command(&key.id);
    let (deed, rest) = Deed::of_command(&command).ok_or_else(|| unknown(&key.id))?;
    takes(deed, &subject)?;
    let mut values = known::of_record(look, deed, &subject)?;
    if let Some(entry) = deed.entries.iter().find(|it| it.value == Value::Pair) {
        only(&mut values, entry.name, rest);
    }
    Ok((deed, subject.key, values))
}

fn unknown(id: &str) -> Refusal {
    Refusal::failed(
        format!("No step of this version settles that for {id}."),
        format!("`relmate why {id}` says what is wrong."),
    )
}

/// The drafted answer that a submission waits for, and its own duty.
fn answer(look: &Look<'_>, id: &str) -> Result<(Key, DutyCode), Refusal> {
    let judged = look.judged()?;
    let drafted = MessageState::Drafted.word();
    for row in look.reader.in_state_about(Kind::Message, drafted, id)? {
        let Some(noun) = row.noun()? else { continue };
        let answers = matches!(&noun, Noun::Message(it) if it.kind == MessageKind::Answer);
        let duties = attention::duties(&noun, &look.setting(&judged));
        if let Some(duty) = duties.first().filter(|_| answers) {
            let key = Key {
                kind: row.kind,
                id: row.id,
            };
            return Ok((key, duty.code));
        }
    }
    Err(Refusal::rule(
        format!("{id} waits for its answer, and no draft of one is on the desk."),
        format!("`relmate log {id}` tells what became of it."),
    ))
}

/// A rollout that can be decided: what the rule calls good is accepted, the rest explained.
fn decided(
    look: &Look<'_>,
    announcement: &Announcement,
) -> Result<(&'static Deed, Key, Filled), Refusal> {
    let key = Key {
        kind: Kind::Ticket,
        id: announcement.ticket.clone(),
    };
    let subject = Subject::read(look, &key)?;
    let decision = why::decision(look, &subject.noun, &look.judged()?)?;
    let name = if decision.is_some_and(|it| it.is_good()) {
        "ticket accept"
    } else {
        "ticket delay"
    };
    let deed = Deed::named(name).ok_or_else(|| unknown(&key.id))?;
    takes(deed, &subject)?;
    let values = known::of_record(look, deed, &subject)?;
    Ok((deed, subject.key, values))
}

/// A milestone ahead of its day: where to is for a person to say.
fn moved(look: &Look<'_>, subject: &Subject) -> Result<(&'static Deed, Key, Filled), Refusal> {
    let deed = Deed::named("milestone move").ok_or_else(|| unknown(&subject.key.id))?;
    let mut values = known::of_record(look, deed, subject)?;
    values.clear("to");
    Ok((deed, subject.key.clone(), values))
}

/// Of the fields that can be set only the one that the command line names.
fn only(values: &mut Filled, entry: &str, rest: &str) {
    let pair = rest
        .split_whitespace()
        .find_map(|word| word.split_once('='));
    let Some((field, _)) = pair else { return };
    let named = format!("{field}=");
    let known = values
        .many(entry)
        .iter()
        .find(|pair| pair.starts_with(&named))
        .cloned();
    values.clear(entry);
    values.put(entry, known.unwrap_or(named));
}
