//! From what a person typed to one record: exact before prefix, any case; an
//! unknown or ambiguous id says what is near.

use chrono::DateTime;

use super::board::rows::spoken_time;
use super::log;
use crate::domain::attention::quoted;
use crate::domain::kind::{KINDS, Kind};
use crate::ledger::{EntityId, named};
use crate::store::{Entry, Reader, RecordRow};
use crate::workspace::refusal::Refusal;

/// A record of one kind: its id, its number alone, or a prefix that only one has.
pub fn of_kind(reader: &Reader<'_>, kind: Kind, text: &str) -> Result<RecordRow, Refusal> {
    let (near, text) = near(reader, kind, text.trim())?;
    let row = one(near, &text, Some(kind))?;
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

/// The records of a kind that a text may mean, and the text as an id of that kind.
fn near(reader: &Reader<'_>, kind: Kind, text: &str) -> Result<(Vec<RecordRow>, String), Refusal> {
    if let Some(row) = reader.record(Some(kind), text)? {
        return Ok((vec![row], text.to_owned()));
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
        return Ok((vec![row], text));
    }
    // What is off the desk is never taken for the beginning of another.
    if let Some(off) = off(reader, Some(kind), &text)? {
        return Err(off);
    }
    let prefix = if kind.letter().is_some() {
        text.clone()
    } else {
        format!("{} {text}", kind.word())
    };
    let mut near = starting(reader, &prefix)?;
    near.retain(|row| row.kind == kind);
    Ok((near, text))
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

/// The entity off the desk that a text names, and the text as its id.
fn off_desk(
    reader: &Reader<'_>,
    kind: Option<Kind>,
    text: &str,
) -> Result<Option<(String, EntityId)>, Refusal> {
    let numbered = text.split_once('-').and_then(|(letter, rest)| {
        let [byte] = letter.as_bytes() else {
            return None;
        };
        let of = Kind::from_letter(char::from(*byte))?;
        let digits = rest.trim_end_matches(|it: char| !it.is_ascii_digit());
        Some((of, letter, rest, digits.parse::<i64>().ok()?))
    });
    // A number that no record ever had is not looked for.
    if let Some((of, letter, rest, number)) = numbered
        && kind.is_none_or(|kind| kind == of)
        && number < reader.next_number(of)?
    {
        let id = format!("{}-{}", letter.to_uppercase(), rest.to_lowercase());
        if let Some(entity) = reader.off_desk(&id)? {
            return Ok(Some((id, entity)));
        }
    }
    for row in KINDS
        .iter()
        .filter(|row| row.letter.is_none() && row.kind != Kind::Desk)
    {
        if kind.is_none_or(|kind| kind == row.kind) {
            let entity = named(row.word, text);
            if reader.is_off_desk(&entity)? {
                return Ok(Some((text.to_owned(), entity)));
            }
        }
    }
    Ok(None)
}

/// Why there is no record of an id that was given once: who took it off the desk, and how it comes
/// back.
pub(super) fn off(
    reader: &Reader<'_>,
    kind: Option<Kind>,
    text: &str,
) -> Result<Option<Refusal>, Refusal> {
    let Some((id, entity)) = off_desk(reader, kind, text)? else {
        return Ok(None);
    };
    let record = reader.live(&entity)?;
    let standing = record.fields.get("deleted").map(|it| it.live.as_slice());
    let mut who = Vec::new();
    let mut back = None;
    for live in standing.unwrap_or_default() {
        let Some(taken) = reader.commit(&live.order.hash)? else {
            continue;
        };
        let line = log::line(reader, &taken)?;
        let unmade = !live.value["unmakes"].is_null();
        let did = if unmade {
            "took back what made it"
        } else {
            "took it off"
        };
        let zone = reader.zone()?;
        let when = DateTime::parse_from_rfc3339(&line.recorded)
            .map(|at| format!(" on {}", spoken_time(&zone, at.to_utc())))
            .unwrap_or_default();
        let name = log::who(&line.by, line.on_behalf.as_deref());
        who.push(format!("{name} {did}{when}"));
        let step: String = line.commit.chars().take(8).collect();
        back = Some(if unmade {
            format!("redo {}", quoted(&id))
        } else {
            format!("undo {step}")
        });
    }
    // Where two took it off, no one step brings it back.
    let back = back.filter(|_| who.len() == 1);
    let back = back.map_or_else(String::new, |back| {
        format!("`relmate {back}` brings it back, ")
    });
    if who.is_empty() {
        return Ok(None);
    }
    Ok(Some(Refusal::not_found(
        format!("{id} is not on the desk any more: {}.", who.join(", and ")),
        format!(
            "{back}`relmate log {}` tells what became of it.",
            quoted(&id)
        ),
    )))
}

/// A record of any kind: a numbered id, else a name; `cycle CMD 1.4.0` says which of two
/// that are called alike.
pub fn any(reader: &Reader<'_>, text: &str) -> Result<RecordRow, Refusal> {
    let text = text.trim();
    let mut taken_off = None;
    if let Some((letter, _)) = text.split_once('-')
        && letter.chars().count() == 1
        && let Some(kind) = letter.chars().next().and_then(Kind::from_letter)
    {
        match near(reader, kind, text) {
            Ok((mut near, _)) if near.len() == 1 => return Ok(near.remove(0)),
            Ok(_) => {}
            // Something may be called so all the same.
            Err(refusal) => taken_off = Some(refusal),
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
        let off = match taken_off {
            None => off(reader, None, text)?,
            known => known,
        };
        if let Some(off) = off {
            return Err(off);
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
