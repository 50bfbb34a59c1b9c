//! Everything that can be done to one record, what stands against it now, and the step
//! that settles a duty. The rules are those of the steps themselves; none is made here.

#[cfg(test)]
mod duty_tests;
mod obstacle;
mod settling;
#[cfg(test)]
mod tests;
mod trial;

use std::path::Path;

use chrono::{DateTime, Utc};

use super::board::rows::Key;
use super::fill::Subject;
use super::{Look, record, why};
use crate::domain::attention::DutyCode;
use crate::store::{RecordRow, Store};
use crate::workspace::deed::{self, Deed, Filled};
use crate::workspace::refusal::Refusal;

pub use settling::settling;

/// One thing that can be done to a record.
#[derive(Debug)]
pub struct Step {
    pub deed: &'static Deed,
    /// It settles a duty that shows today.
    pub settles: bool,
    /// Why it would be refused as things are: one clause in lower case, no stop.
    pub not_now: Option<String>,
}

/// Reads the steps of a record and leaves no trace on the desk.
pub fn load(path: &Path, key: &Key, now: DateTime<Utc>) -> Result<Vec<Step>, Refusal> {
    Store::look(path, &mut |reader| {
        Ok(Look::new(reader, now).and_then(|look| steps(&look, &record::row(&look, key)?)))
    })?
}

/// Reads the step that settles a duty and leaves no trace on the desk.
pub fn load_settling(
    path: &Path,
    key: &Key,
    code: DutyCode,
    now: DateTime<Utc>,
) -> Result<(&'static Deed, Key, Filled), Refusal> {
    Store::look(path, &mut |reader| {
        Ok(Look::new(reader, now).and_then(|look| settling(&look, key, code)))
    })?
}

/// Those that `why` recommends come first and in its order, those that would be refused
/// last.
pub fn steps(look: &Look<'_>, row: &RecordRow) -> Result<Vec<Step>, Refusal> {
    let key = Key {
        kind: row.kind,
        id: row.id.clone(),
    };
    let subject = Subject::read(look, &key)?;
    let why = why::of(look, row)?;
    let recommended: Vec<&str> = why
        .next
        .iter()
        .filter_map(|next| Deed::of_command(&next.command))
        .map(|(deed, _)| deed.name)
        .collect();
    let settling = settled_by(look, &key)?;
    let guards = obstacle::Guards::of(look, &subject)?;
    let mut steps = Vec::new();
    for deed in deed::all().filter(|deed| deed.on.takes(row.kind)) {
        steps.push(Step {
            deed,
            settles: settling.contains(&deed.name),
            not_now: guards.not_now(deed)?,
        });
    }
    steps.sort_by_key(|step| {
        let place = recommended.iter().position(|name| *name == step.deed.name);
        (place.is_none(), place, step.not_now.is_some())
    });
    Ok(steps)
}

/// The names of the deeds that, done to this record, settle what needs a human today.
fn settled_by(look: &Look<'_>, key: &Key) -> Result<Vec<&'static str>, Refusal> {
    let duties = look.reader.duties(&key.id, key.kind, look.today)?;
    Ok(duties
        .iter()
        .filter_map(|duty| settling(look, key, duty.code).ok())
        .filter(|(_, on, _)| on == key)
        .map(|(deed, _, _)| deed.name)
        .collect())
}
