//! What counts of a record while several values stand in it: what a step wrote that was taken
//! back does not count beside another that made the same record; of the texts of a message the one
//! that was sent stands, or the one that a human wrote over what a rule drafted. Asks `domain::dispute` for everything else; settles nothing.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::names::Names;
use crate::domain::dispute;
use crate::domain::kind::Kind;
use crate::domain::message::{MessageStanding, MessageState, TEXT, wording};
use crate::ledger::{Hash, Record, Register};

/// Of two steps that each made a record one may be taken back: then it is what the other made
/// of it, and nothing is in dispute (SYNC.md 3.8, undo).
pub fn standing(record: &Record) -> Cow<'_, Record> {
    let unmade = unmade(record);
    let made = |register: &Register| {
        let mut live = register.live.iter();
        live.any(|it| !it.value.is_null() && !unmade.contains(&it.order.hash))
    };
    if unmade.is_empty() || !record.fields.get("kind").is_some_and(made) {
        return Cow::Borrowed(record);
    }
    let mut left = without(record, &unmade);
    if let Some(register) = left.fields.get_mut("deleted") {
        register.live.retain(|it| it.value["unmakes"].is_null());
    }
    Cow::Owned(left)
}

/// The steps that made a record and were taken back. What else is named as taken back was not:
/// whoever takes a record off the desk cannot hide what somebody did to it.
fn unmade(record: &Record) -> BTreeSet<Hash> {
    let Some(register) = record.fields.get("deleted") else {
        return BTreeSet::new();
    };
    let makers = makers(record);
    let told = register.live.iter();
    told.filter_map(|it| it.value["unmakes"].as_array())
        .flatten()
        .filter_map(|it| it.as_str()?.parse().ok())
        .filter(|it| makers.contains(it))
        .collect()
}

/// The steps that made a record, as far as that still stands.
pub fn makers(record: &Record) -> BTreeSet<Hash> {
    let register = record.fields.get("kind");
    let made = register.into_iter().flat_map(|it| &it.live);
    made.map(|it| it.order.hash).collect()
}

/// A record as if some steps had written nothing that still stands.
fn without(record: &Record, steps: &BTreeSet<Hash>) -> Record {
    let mut fields = BTreeMap::new();
    for (field, register) in &record.fields {
        let live = register.live.iter();
        let live: Vec<_> = live
            .filter(|it| !steps.contains(&it.order.hash))
            .cloned()
            .collect();
        if !live.is_empty() {
            fields.insert(field.clone(), live);
        }
    }
    let mut additions = record.additions();
    for (_, added) in &mut additions {
        added.retain(|(_, hash)| !steps.contains(hash));
    }
    additions.retain(|(_, added)| !added.is_empty());
    let mut left = Record::restore(fields, additions, record.is_taken_back());
    let events = record.events.iter();
    let events = events.filter(|it| !steps.contains(&it.order.hash));
    left.events = events.cloned().collect();
    left
}

/// The value shown while several stand (SYNC.md 3.8), with ids as they are shown.
pub(super) fn provisional(record: &Record, field: &str, names: &Names) -> Option<Value> {
    let register = record.fields.get(field)?;
    let shown = if register.live.len() < 2 {
        register.value()?
    } else {
        let at = text(record, field).or_else(|| {
            let read = read(field, register, names);
            dispute::shown(field, &read.iter().collect::<Vec<_>>())
        })?;
        &register.live.get(at)?.value
    };
    Some(names.read(field, shown)).filter(|value| !value.is_null())
}

/// Whether people must settle a field: its values do not do so themselves.
pub fn is_disputed(record: &Record, field: &str, names: &Names) -> bool {
    let Some(register) = record.fields.get(field) else {
        return false;
    };
    if !register.contested() || text(record, field).is_some() {
        return false;
    }
    let read = read(field, register, names);
    !dispute::is_settled(field, &read.iter().collect::<Vec<_>>())
}

fn read(field: &str, register: &Register, names: &Names) -> Vec<Value> {
    let live = register.live.iter();
    live.map(|live| names.read(field, &live.value)).collect()
}

/// Which of the ids that a record was given it is shown by: of those that stand, if any does.
pub(super) fn id_among<'i>(record: &Record, ids: &BTreeSet<&'i str>) -> Option<&'i str> {
    let live = record.fields.get("id").into_iter().flat_map(|it| &it.live);
    let live = live.filter_map(|it| ids.get(it.value.as_str()?).copied());
    let live: Vec<&str> = live.collect();
    let among = if live.is_empty() {
        ids.iter().copied().collect()
    } else {
        live
    };
    let values: Vec<Value> = among.iter().map(|id| Value::from(*id)).collect();
    let values: Vec<&Value> = values.iter().collect();
    among.get(dispute::shown("id", &values)?).copied()
}

/// The id that a record is shown by while nothing else is known of it.
fn shown_id(record: &Record) -> Option<&str> {
    let register = record.fields.get("id")?;
    let values = values(register);
    values.get(dispute::shown("id", &values)?)?.as_str()
}

fn values(register: &Register) -> Vec<&Value> {
    register.live.iter().map(|live| &live.value).collect()
}

/// Which value of a message's text, or of who signs it, stands without anybody having to choose.
fn text(record: &Record, field: &str) -> Option<usize> {
    if !TEXT.contains(&field) && field != "owner" {
        return None;
    }
    if record.fields.get("kind")?.value()? != Kind::Message.word() {
        return None;
    }
    let states = values(record.fields.get("state")?);
    if !dispute::is_settled("state", &states) {
        return None;
    }
    let state = *states.get(dispute::shown("state", &states)?)?;
    let state: MessageStanding = serde_json::from_value(state.clone()).ok()?;
    match state.state {
        MessageState::Drafted => drafted(record, field),
        MessageState::Sent | MessageState::Skipped => went_out(record, field, &state),
    }
}

/// Nobody has sent it: what a human wrote stands over what a rule drafted, and of drafts alone
/// the one whose id is shown. Two humans who each wrote something have to choose.
fn drafted(record: &Record, field: &str) -> Option<usize> {
    let made = makers(record);
    let live = &record.fields.get(field)?.live;
    let mut written = (0..)
        .zip(live)
        .filter(|(_, it)| !made.contains(&it.order.hash));
    if let Some((at, _)) = written.next() {
        return written.next().is_none().then_some(at);
    }
    let shown = shown_id(record)?;
    let ids = &record.fields.get("id")?.live;
    let named = ids.iter().find(|it| it.value == shown)?.order.hash;
    let own = live.iter().position(|it| it.order.hash == named);
    own.or_else(|| live.len().checked_sub(1))
}

/// A human is done with it: what went out stands, and nobody has to choose between texts that
/// are not sent any more.
fn went_out(record: &Record, field: &str, state: &MessageStanding) -> Option<usize> {
    let live = &record.fields.get(field)?.live;
    let went = state.text.get(field);
    let went = went.and_then(|went| live.iter().position(|it| wording(&it.value) == *went));
    went.or_else(|| live.len().checked_sub(1))
}

/// What became of a record that somebody took off the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gone {
    No,
    Yes,
    /// Somebody else changed it meanwhile: it stays until that is settled.
    Disputed,
}

/// Whether a record is off the desk: whoever deletes one names what stood in it then, so that
/// a change that was not seen keeps it (SYNC.md 3.8).
pub fn gone(record: &Record) -> Gone {
    let record = standing(record);
    let Some(register) = record.fields.get("deleted") else {
        return Gone::No;
    };
    let stands = |value: &Value| !matches!(value, Value::Null | Value::Bool(false));
    let values = values(register);
    if !values.iter().any(|value| stands(value)) {
        return Gone::No;
    }
    if !values.iter().all(|value| stands(value)) {
        return Gone::Disputed;
    }
    let blind = values.iter().any(|value| value.is_boolean());
    let covered = blind || {
        let now = record.covered(&["deleted"]);
        values.iter().any(|value| value["covers"] == now.as_str())
    };
    // Each of two who made it has taken it back, not knowing of the other.
    let nothing = || {
        let left = without(&record, &unmade(&record));
        left.covered(&["deleted"]) == Record::default().covered(&[])
    };
    if covered || nothing() {
        Gone::Yes
    } else {
        Gone::Disputed
    }
}
