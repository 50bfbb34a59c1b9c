//! `--as-of` and `--known-at`: which facts count and when the clocks are read.

use chrono::{DateTime, Utc};

use super::context::{Dates, Globals};
use crate::domain::when::When;
use crate::store::{Moment, Reader, StoreError};
use crate::workspace::action;
use crate::workspace::look::{Look, resolve};
use crate::workspace::refusal::Refusal;

/// Runs a look at the moment the options name. A date means the end of its day;
/// a future moment reads today's records with that day's clocks.
pub(super) fn at<T>(
    reader: &Reader<'_>,
    globals: &Globals,
    now: DateTime<Utc>,
    about: Option<&str>,
    look: &mut impl FnMut(&Look<'_>) -> Result<T, Refusal>,
) -> Result<T, Refusal> {
    if globals.as_of.is_none() && globals.known_at.is_none() {
        return look(&Look::new(reader, now)?);
    }
    let dates = Dates::of(reader, now)?;
    let as_of = dates
        .maybe(globals.as_of.as_deref())?
        .map(|when| last_second(&when, &dates));
    let known_at = dates
        .maybe(globals.known_at.as_deref())?
        .map(|when| last_second(&when, &dates));
    let seen_at = as_of.or(known_at).unwrap_or(now);
    let moment = Moment {
        happened_by: as_of.filter(|at| *at < now).map(|at| at.timestamp()),
        recorded_by: known_at.filter(|at| *at < now).map(|at| at.timestamp()),
        timeless: Some(action::is_timeless),
    };
    if moment.happened_by.is_none() && moment.recorded_by.is_none() {
        return look(&Look::new(reader, seen_at)?);
    }
    let mut result = None;
    // One record's past needs the commits around it, not the whole history.
    let scope = match about {
        Some(id) => {
            let row = resolve::any(reader, id)?;
            Some(reader.scope_of(row.kind, &row.id)?)
        }
        None => None,
    };
    reader.past(moment, scope.as_deref(), &mut |reader| {
        result = Some(match Look::new(reader, seen_at) {
            Ok(seen) => look(&seen),
            Err(_) => Err(Refusal::not_found(
                "The desk did not exist at that moment.",
                "Give a later moment; `relmate log` shows when it began.",
            )),
        });
        Ok::<(), StoreError>(())
    })?;
    result.unwrap_or_else(|| Err(Refusal::failed("The desk could not be read.", "")))
}

fn last_second(when: &When, dates: &Dates) -> DateTime<Utc> {
    when.end(&dates.zone)
}
