//! From what a person typed to one record: exact before prefix, any case; an
//! unknown or ambiguous id says what is near.

use super::off_desk;
use crate::domain::kind::{KINDS, Kind};
use crate::ledger::named;
use crate::store::{Entry, Reader, RecordRow};
use crate::workspace::refusal::Refusal;

/// A record of one kind: its id, its number alone, or a prefix that only one has.
pub fn of_kind(reader: &Reader<'_>, kind: Kind, text: &str) -> Result<RecordRow, Refusal> {
    let row = match near(reader, kind, text.trim())? {
        Near::These(near, text) => one(near, &text, Some(kind))?,
        Near::OffDesk(refusal) => return Err(refusal),
    };
    if row.kind == kind {
        return Ok(row);
    }
    let hint = kind.plural().map_or_else(String::new, |plural| {
        format!("`relmate list {plural}` shows what there is.")
    });
    Err(Refusal::not_found(
        format!("{} is {}, not {}.", row.id, a(row.kind), a(kind)),
        hint,
    ))
}

/// "a ticket", "an action"
fn a(kind: Kind) -> String {
    let word = kind.word();
    let article = if word.starts_with(['a', 'e', 'i', 'o', 'u']) {
        "an"
    } else {
        "a"
    };
    format!("{article} {word}")
}

/// What a text may mean.
enum Near {
    /// These records; and the text as an id of their kind.
    These(Vec<RecordRow>, String),
    /// One that is off the desk, and why.
    OffDesk(Refusal),
}

/// What a text may mean among the records of a kind.
fn near(reader: &Reader<'_>, kind: Kind, text: &str) -> Result<Near, Refusal> {
    if let Some(row) = reader.record(Some(kind), text)? {
        return Ok(Near::These(vec![row], text.to_owned()));
    }
    let text = match kind.letter() {
        // `12` means T-12 where a ticket is asked for.
        Some(letter) if text.starts_with(|first: char| first.is_ascii_digit()) => {
            format!("{letter}-{text}")
        }
        _ => text.to_owned(),
    };
    let mut found = reader.record(Some(kind), &text)?;
    if found.is_none() && kind == Kind::Milestone {
        found = by_code(reader, &text)?;
    }
    if let Some(row) = found {
        return Ok(Near::These(vec![row], text));
    }
    // What is off the desk is never taken for the beginning of another.
    if let Some(refusal) = off_desk::told(reader, Some(kind), &text)? {
        return Ok(Near::OffDesk(refusal));
    }
    let prefix = if kind.letter().is_some() {
        text.clone()
    } else {
        format!("{} {text}", kind.word())
    };
    let mut near = starting(reader, &prefix)?;
    near.retain(|row| row.kind == kind);
    Ok(Near::These(near, text))
}

/// Records whose ids begin with a text; a number is never the beginning of a longer one.
fn starting(reader: &Reader<'_>, prefix: &str) -> Result<Vec<RecordRow>, Refusal> {
    let digit = |it: Option<char>| it.is_some_and(|it| it.is_ascii_digit());
    let whole = digit(prefix.chars().next_back());
    let mut near = reader.ids_starting(prefix, if whole { 64 } else { 6 })?;
    near.retain(|row| !(whole && digit(row.id.chars().nth(prefix.chars().count()))));
    near.truncate(6);
    Ok(near)
}

/// A record of any kind: a numbered id, else a name; `cycle CMD 1.4.0` says which of two
/// that are called alike.
pub fn any(reader: &Reader<'_>, text: &str) -> Result<RecordRow, Refusal> {
    let text = text.trim();
    let mut off = None;
    if let Some((letter, _)) = text.split_once('-')
        && letter.chars().count() == 1
        && let Some(kind) = letter.chars().next().and_then(Kind::from_letter)
    {
        match near(reader, kind, text)? {
            Near::These(mut near, _) if near.len() == 1 => return Ok(near.remove(0)),
            Near::These(..) => {}
            // Something may be called so all the same.
            Near::OffDesk(refusal) => off = Some(refusal),
        }
    }
    if let Some(row) = reader.record(None, text)? {
        return Ok(row);
    }
    let mut near = Vec::new();
    for row in KINDS
        .iter()
        .filter(|row| row.letter.is_none() && row.kind != Kind::Desk)
    {
        if let Some(found) = reader.record(Some(row.kind), text)? {
            near.push(found);
        }
    }
    if let Some(row) = of_word(reader, text)? {
        return Ok(row);
    }
    // A cycle and the release that it ends with have one name; the release has the clock.
    if let [cycle, release] = near.as_slice()
        && (cycle.kind, release.kind) == (Kind::Cycle, Kind::Release)
    {
        return Ok(near.remove(1));
    }
    if near.is_empty()
        && let Some(row) = by_code(reader, text)?
    {
        return Ok(row);
    }
    if near.is_empty() {
        if off.is_none() {
            off = off_desk::told(reader, None, text)?;
        }
        if let Some(refusal) = off {
            return Err(refusal);
        }
        near = starting(reader, text)?;
        near.retain(|row| row.kind.letter().is_some());
        for row in KINDS
            .iter()
            .filter(|row| row.letter.is_none() && row.kind != Kind::Desk)
        {
            near.extend(starting(reader, &format!("{} {text}", row.word))?);
        }
    }
    one(near, text, None)
}

/// A record that was named with its kind before its name.
fn of_word(reader: &Reader<'_>, text: &str) -> Result<Option<RecordRow>, Refusal> {
    let Some((word, name)) = text.split_once(' ') else {
        return Ok(None);
    };
    match Kind::from_list_name(word).filter(|kind| kind.letter().is_none()) {
        Some(kind) => Ok(reader.record(Some(kind), name.trim())?),
        None => Ok(None),
    }
}

/// A record's commits, oldest first, also of one that is off the desk.
pub fn history(reader: &Reader<'_>, text: &str) -> Result<Vec<Entry>, Refusal> {
    let refusal = match any(reader, text) {
        Ok(row) => return Ok(reader.history(row.kind, &row.id)?),
        Err(refusal) => refusal,
    };
    let mut gone = reader.history_of_id(text)?;
    for row in KINDS.iter().filter(|row| row.letter.is_none()) {
        if gone.is_empty() {
            gone = reader.history_of(&named(row.word, text))?;
        }
    }
    if gone.is_empty() {
        Err(refusal)
    } else {
        Ok(gone)
    }
}

/// The milestone with this code in the cycle that is open, if only one is.
fn by_code(reader: &Reader<'_>, code: &str) -> Result<Option<RecordRow>, Refusal> {
    let cycles = reader.first_open(Kind::Cycle, 2)?;
    let [cycle] = cycles.as_slice() else {
        return Ok(None);
    };
    let mut milestones = reader.children(Kind::Milestone, &cycle.id)?;
    milestones.retain(|row| {
        row.value()["code"]
            .as_str()
            .is_some_and(|known| known.eq_ignore_ascii_case(code))
    });
    Ok(milestones.pop())
}

fn one(mut near: Vec<RecordRow>, text: &str, kind: Option<Kind>) -> Result<RecordRow, Refusal> {
    let what = kind.map_or("record", Kind::word);
    if text.is_empty() {
        return Err(Refusal::usage(
            format!("No {what} was named."),
            "Give its id.",
        ));
    }
    if near.len() == 1 {
        return Ok(near.remove(0));
    }
    if near.is_empty() {
        let hint = match kind.and_then(Kind::plural) {
            Some(plural) => format!(
                "`relmate list {plural}` shows what there is, `relmate find {text:?}` searches."
            ),
            None => format!("`relmate find {text:?}` searches everything."),
        };
        return Err(Refusal::not_found(
            format!("There is no {what} {text}."),
            hint,
        ));
    }
    let names: Vec<String> = near
        .iter()
        .take(5)
        .map(|row| {
            if kind.is_none() && row.kind.letter().is_none() {
                format!("{} ({})", row.id, row.kind.word())
            } else {
                row.id.clone()
            }
        })
        .collect();
    Err(Refusal::not_found(
        format!(
            "{text} may mean more than one {what}: {}.",
            names.join(", ")
        ),
        "Write more of it, or its kind before it: \"site NAME\".",
    ))
}
