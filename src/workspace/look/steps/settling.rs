//! The step that settles a duty: the one that the duty's own command line names, but where
//! another record or another day asks for another one.

use crate::domain::attention::{self, DutyCode};
use crate::domain::kind::Kind;
use crate::domain::message::{MessageKind, MessageState};
use crate::domain::noun::Noun;
use crate::domain::plain::{plain, plain_lines};
use crate::domain::queue::state::SubmissionState;
use crate::domain::rollout::announcement::{Announcement, ReportOutcome};
use crate::domain::rollout::decision::{Mark, SiteLine};
use crate::workspace::deed::{self, Deed, Filled, Value};
use crate::workspace::look::board::rows::Key;
use crate::workspace::look::fill::{Subject, known, takes};
use crate::workspace::look::{Look, conflicts, why};
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
        (DutyCode::Mend, _) => return mended(look, &subject),
        (DutyCode::Decide, Noun::Announcement(it)) => return decided(look, it),
        (DutyCode::FileProblem, Noun::Announcement(it)) => return filed(look, key, it),
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

/// What a broken rule says that mends it; one that closes the gate comes first.
fn mended(look: &Look<'_>, subject: &Subject) -> Result<(&'static Deed, Key, Filled), Refusal> {
    let broken = conflicts::of(look.reader, &subject.row)?.violations;
    let first = broken.iter().find(|it| it.closes).or(broken.first());
    let id = &subject.key.id;
    let mend = &first.ok_or_else(|| unknown(id))?.mend;
    let (deed, rest) = Deed::of_command(mend).ok_or_else(|| unknown(id))?;
    takes(deed, subject)?;
    let mut values = known::of_record(look, deed, subject)?;
    let said = deed::line(deed, rest)?;
    for entry in deed.entries {
        if deed.subject().is_some_and(|it| it.name == entry.name) {
            continue;
        }
        if entry.value == Value::Pair {
            only(&mut values, entry.name, rest);
            continue;
        }
        for value in said.many(entry.name).iter().filter(|it| !is_blank(it)) {
            values.clear(entry.name);
            values.put(entry.name, value.clone());
        }
    }
    Ok((deed, subject.key.clone(), values))
}

/// A word that stands for what is to be said: NAME, R, WHY.
fn is_blank(value: &str) -> bool {
    value.chars().all(|it| it.is_ascii_uppercase())
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

/// A failure that nobody has filed: of the first site that reported one.
fn filed(
    look: &Look<'_>,
    key: &Key,
    announcement: &Announcement,
) -> Result<(&'static Deed, Key, Filled), Refusal> {
    let deed = Deed::named("problem file").ok_or_else(|| unknown(&key.id))?;
    let subject = Subject::read(look, key)?;
    let decision = why::decision(look, &subject.noun, &look.judged()?)?;
    let failed = decision.and_then(|it| {
        let unfiled = |line: &&SiteLine| {
            line.problem.is_none() && line.mark == Mark::Reported(ReportOutcome::Failed)
        };
        it.sites.iter().find(unfiled).cloned()
    });
    let mut values = Filled::default();
    values.put("announcement", announcement.id.clone());
    values.put("ticket", announcement.ticket.clone());
    values.put("product", clean(&announcement.product));
    if let Some(version) = &announcement.version {
        values.put("version", clean(version));
    }
    if let Some(line) = failed {
        values.put("site", clean(&line.site));
        let last = line.last.as_ref();
        if let Some(issue) = last.and_then(|it| it.issues.first()) {
            values.put("channel-id", clean(issue));
        }
        if let Some(note) = last.and_then(|it| it.note.as_ref()) {
            values.put("text", plain_lines(note));
        }
    }
    Ok((deed, subject.key, values))
}

fn clean(text: &str) -> String {
    plain(text).into_owned()
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
