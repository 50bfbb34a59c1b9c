//! A look at a desk's file, now or at another moment: which facts count and when
//! the clocks are read.

use std::path::Path;

use chrono::{DateTime, Utc};

use super::{Look, off_desk, resolve};
use crate::domain::kind::Kind;
use crate::ledger::EntityId;
use crate::store::{Moment, Reader, RecordRow, Store, StoreError};
use crate::workspace::action;
use crate::workspace::dates::Dates;
use crate::workspace::refusal::Refusal;

/// When the look is, as asked for.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// What had happened by then, with the clocks read then.
    pub as_of: Option<String>,
    /// Only what had been recorded by then.
    pub known_at: Option<String>,
    /// The one record that is looked at, so that only its past is folded.
    pub about: Option<String>,
}

/// Looks at the desk in a file and leaves no trace. `look` may run twice and must not print.
pub fn at<T>(
    path: &Path,
    now: DateTime<Utc>,
    asked: &Asked,
    mut look: impl FnMut(&Look<'_>) -> Result<T, Refusal>,
) -> Result<T, Refusal> {
    let mut result = None;
    Store::look(path, &mut |reader| {
        result = Some(seen(reader, now, asked, &mut look));
        Ok::<(), StoreError>(())
    })?;
    result.unwrap_or_else(|| Err(Refusal::failed("The desk could not be read.", "")))
}

/// A date means the end of its day; a future moment reads today's records with
/// that day's clocks.
fn seen<T>(
    reader: &Reader<'_>,
    now: DateTime<Utc>,
    asked: &Asked,
    look: &mut impl FnMut(&Look<'_>) -> Result<T, Refusal>,
) -> Result<T, Refusal> {
    if asked.as_of.is_none() && asked.known_at.is_none() {
        return look(&Look::new(reader, now)?);
    }
    let dates = Dates::of(reader, now)?;
    let last_second = |text: Option<&str>| -> Result<Option<DateTime<Utc>>, Refusal> {
        Ok(dates.maybe(text)?.map(|when| when.end(&dates.zone)))
    };
    let as_of = last_second(asked.as_of.as_deref())?;
    let known_at = last_second(asked.known_at.as_deref())?;
    let seen_at = as_of.or(known_at).unwrap_or(now);
    let past = |at: Option<DateTime<Utc>>| at.filter(|at| *at < now).map(|at| at.timestamp());
    let moment = Moment {
        happened_by: past(as_of),
        recorded_by: past(known_at),
        timeless: Some(action::is_timeless),
    };
    if moment.happened_by.is_none() && moment.recorded_by.is_none() {
        return look(&Look::new(reader, seen_at)?.read_at(now));
    }
    let scope = match &asked.about {
        Some(id) => {
            let found = resolve::any(reader, id);
            let by_number = matches!(&found, Ok(row) if row.kind.letter().is_some());
            // What is called so and is off the desk now may have been meant then.
            if !by_number && off_desk::told(reader, None, id)?.is_some() {
                None
            } else {
                scope(reader, &found?)?
            }
        }
        None => None,
    };
    let mut result = None;
    reader.past(moment, scope.as_deref(), &mut |reader| {
        result = Some(match Look::new(reader, seen_at) {
            Ok(seen) => look(&seen.read_at(now)),
            Err(_) => Err(Refusal::not_found(
                "The desk did not exist at that moment.",
                "Give a later moment; `relmate log` shows when it began.",
            )),
        });
        Ok::<(), StoreError>(())
    })?;
    result.unwrap_or_else(|| Err(Refusal::failed("The desk could not be read.", "")))
}

/// The entities that a look at one record needs; none is all of them. A site's figures are
/// of every announcement there is; whose turn a ticket was is told by its own.
fn scope(reader: &Reader<'_>, row: &RecordRow) -> Result<Option<Vec<EntityId>>, Refusal> {
    if row.kind == Kind::Site {
        return Ok(None);
    }
    let mut scope = reader.scope_of(row.kind, &row.id)?;
    if row.kind == Kind::Ticket {
        for kind in [Kind::Announcement, Kind::Problem] {
            for child in reader.children(kind, &row.id)? {
                scope.extend(reader.entity(kind, &child.id)?.map(|(_, entity)| entity));
            }
        }
        let release = row.value()["release"].as_str().map(str::to_owned);
        if let Some(release) = release {
            let found = reader.entity(Kind::Release, &release)?;
            scope.extend(found.map(|(_, entity)| entity));
        }
    }
    Ok(Some(scope))
}
