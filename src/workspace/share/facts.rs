//! What a desk keeps of its last exchange for those who only look: since when the folder is away, how
//! it refused to be written to, who asks, and when steps were exchanged. Refuses to keep what the
//! others must know.

use chrono::{DateTime, Utc};

use super::exchange::{Exchanged, Held};
use super::here::Here;
use super::person::lets_in;
use crate::domain::plain::plain;
use crate::store::{EXCHANGED, Reader, Store};
use crate::workspace::refusal::Refusal;

/// The fact of a desk that says since when its folder is away.
const AWAY: &str = "away-since";
/// The fact of a desk that says how its folder refused to be written to when it was last tried.
pub(super) const REFUSED: &str = "refused";
/// The fact that names who asks to be let in, a line each.
const ASKING: &str = "asking";

/// The folder is not there: since when, as far as this desk noticed.
pub(super) fn away(here: &Here, store: &mut Store) -> Result<Held, Refusal> {
    if let Some(since) = store.reader().own(AWAY)? {
        return Ok(Held::Away { since });
    }
    let since = here.wall();
    store.set_own(AWAY, Some(&since))?;
    Ok(Held::Away { since })
}

/// Keeps what an exchange came to.
pub(super) fn remember(
    here: &Here,
    store: &mut Store,
    done: &mut Exchanged,
) -> Result<(), Refusal> {
    if matches!(done.held, Some(Held::Away { .. })) {
        return Ok(());
    }
    if store.reader().own(AWAY)?.is_some() {
        store.set_own(AWAY, None)?;
    }
    let refused = match done.held {
        Some(Held::ReadOnly) => Some("read-only"),
        Some(Held::Full) => Some("full"),
        _ => None,
    };
    keep(store, REFUSED, refused)?;
    if done.held.is_none() {
        // Those who are named to nobody who can answer are not.
        let answers = done.member.as_ref().is_some_and(lets_in);
        let names = done.who_asks().into_iter().filter(|_| answers);
        let names: Vec<_> = names.map(|it| plain(it).into_owned()).collect();
        let names = (!names.is_empty()).then(|| names.join("\n"));
        keep(store, ASKING, names.as_deref())?;
    }
    // A round that exchanged something has kept when.
    if done.held.is_none() && store.reader().own(EXCHANGED)?.is_none() {
        store.set_own(EXCHANGED, Some(&here.wall()))?;
        done.last = Some(here.now);
    }
    Ok(())
}

/// Keeps a fact for those who look, where it is another. One that cannot be kept costs a sentence, not
/// the exchange.
fn keep(store: &mut Store, key: &str, value: Option<&str>) -> Result<(), Refusal> {
    if store.reader().own(key)?.as_deref() != value {
        drop(store.set_own(key, value));
    }
    Ok(())
}

/// What held the last exchange up, as far as this desk noticed.
pub fn held(reader: &Reader<'_>) -> Result<Option<Held>, Refusal> {
    if let Some(since) = reader.own(AWAY)? {
        return Ok(Some(Held::Away { since }));
    }
    Ok(match reader.own(REFUSED)?.as_deref() {
        Some("read-only") => Some(Held::ReadOnly),
        Some("full") => Some(Held::Full),
        _ => None,
    })
}

/// Who asked to be let in when this desk last met the others, by name.
pub fn who_asked(reader: &Reader<'_>) -> Result<Vec<String>, Refusal> {
    let names = reader.own(ASKING)?.unwrap_or_default();
    Ok(names.lines().map(str::to_owned).collect())
}

/// When everything was last exchanged, by this desk's clock.
pub(super) fn last(store: &Store) -> Result<Option<DateTime<Utc>>, Refusal> {
    let synced = store.reader().own(EXCHANGED)?;
    Ok(synced.and_then(|wall| wall.parse().ok()))
}
