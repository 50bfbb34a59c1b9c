//! What a person named and is not on the desk any more: who took it off, and how it comes back.
//! Refuses to guess: what was never there is not told of.

use chrono::DateTime;

use super::board::rows::spoken_time;
use super::log;
use crate::domain::attention::quoted;
use crate::domain::kind::{KINDS, Kind};
use crate::domain::zone::Zone;
use crate::ledger::{EntityId, Live, Op, named};
use crate::store::{Entry, Reader};
use crate::workspace::refusal::Refusal;

/// The field that says whether a record is on the desk.
pub const DELETED: &str = "deleted";

/// Whether all that a step did is to take records off the desk that are on it again, because
/// somebody took back what another had done to take them off as well.
pub fn is_back(reader: &Reader<'_>, entry: &Entry) -> Result<bool, Refusal> {
    let mut any = false;
    for op in &entry.applied.commit.ops {
        match op.sets(DELETED) {
            Some((entity, value, _)) if !value.is_null() => {
                let record = reader.live(entity)?;
                let deleted = record.fields.get(DELETED);
                if !deleted.is_some_and(|it| it.live.iter().all(|it| it.value.is_null())) {
                    return Ok(false);
                }
                any = true;
            }
            _ if matches!(op, Op::Set { .. } | Op::Add { .. } | Op::Remove { .. }) => {
                return Ok(false);
            }
            _ => {}
        }
    }
    Ok(any)
}

/// Why there is no record of a kind, or of any, that this text names.
pub(super) fn told(
    reader: &Reader<'_>,
    kind: Option<Kind>,
    text: &str,
) -> Result<Option<Refusal>, Refusal> {
    let Some((id, entity)) = entity(reader, kind, text)? else {
        return Ok(None);
    };
    let (record, zone) = (reader.live(&entity)?, reader.zone()?);
    let mut taken = Vec::new();
    for live in record.fields.get(DELETED).map_or(&[][..], |it| &it.live) {
        if let Some(entry) = reader.commit(&live.order.hash)? {
            taken.push((who(reader, &zone, live, &entry)?, back(&id, live)));
        }
    }
    let by: Vec<&str> = taken.iter().map(|(who, _)| who.as_str()).collect();
    // Whichever is taken back brings it back.
    let Some((_, back)) = taken.first() else {
        return Ok(None);
    };
    Ok(Some(Refusal::not_found(
        format!("{id} is not on the desk any more: {}.", by.join(", and ")),
        format!(
            "`relmate {back}` brings it back, `relmate log {}` tells what became of it.",
            quoted(&id)
        ),
    )))
}

/// The entity off the desk that a text names, and the text as its id.
fn entity(
    reader: &Reader<'_>,
    kind: Option<Kind>,
    text: &str,
) -> Result<Option<(String, EntityId)>, Refusal> {
    if let Some((of, number, id)) = numbered(text)
        && kind.is_none_or(|kind| kind == of)
        // A number that no record ever had is not looked for.
        && number < reader.next_number(of)?
        && let Some(entity) = reader.off_desk(&id)?
    {
        return Ok(Some((id, entity)));
    }
    let called = KINDS
        .iter()
        .filter(|row| row.letter.is_none() && row.kind != Kind::Desk)
        .filter(|row| kind.is_none_or(|kind| kind == row.kind));
    for row in called {
        let entity = named(row.word, text);
        if reader.is_off_desk(&entity)? {
            return Ok(Some((text.to_owned(), entity)));
        }
    }
    Ok(None)
}

/// A text that is a numbered id: its kind, its number, and how it is written.
fn numbered(text: &str) -> Option<(Kind, i64, String)> {
    let (letter, rest) = text.split_once('-')?;
    let [byte] = letter.as_bytes() else {
        return None;
    };
    let kind = Kind::from_letter(char::from(*byte))?;
    // "8z3z2y": the number, and the letter of the desk that gave it, which may have digits.
    let end = rest.find(|it: char| !it.is_ascii_digit());
    let digits = &rest[..end.unwrap_or(rest.len())];
    let id = format!("{}-{}", letter.to_uppercase(), rest.to_lowercase());
    Some((kind, digits.parse().ok()?, id))
}

/// Whether what made the record was taken back, and not the record taken off.
fn unmade(live: &Live) -> bool {
    !live.value["unmakes"].is_null()
}

/// "Alice took it off on Sat 21 Nov 2026 09:14"
fn who(reader: &Reader<'_>, zone: &Zone, live: &Live, entry: &Entry) -> Result<String, Refusal> {
    let step = log::line(reader, entry)?;
    let who = log::who(&step.by, step.on_behalf.as_deref());
    let did = if unmade(live) {
        "took back what made it"
    } else {
        "took it off"
    };
    let when = DateTime::parse_from_rfc3339(&step.recorded)
        .map(|at| format!(" on {}", spoken_time(zone, at.to_utc())))
        .unwrap_or_default();
    Ok(format!("{who} {did}{when}"))
}

/// The command that brings it back.
fn back(id: &str, live: &Live) -> String {
    if unmade(live) {
        return format!("redo {}", quoted(id));
    }
    let step: String = live.order.hash.to_string().chars().take(8).collect();
    format!("undo {step}")
}
