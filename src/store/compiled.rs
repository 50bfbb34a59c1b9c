//! The profile, the calendar and the desk's own facts, compiled once a change
//! so that no lookup parses TOML.

use rusqlite::{Connection, OptionalExtension};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::apply::{desk_entity, entity_known};
use super::names::{self, Names};
use super::project::{Rules, fields};
use super::standing::is_disputed;
use super::{StoreError, log};
use crate::domain::desk::{Desk, Holiday};
use crate::domain::profile::{MilestoneTemplate, Profile, parse};
use crate::domain::zone::Zone;
use crate::ledger::{Lineage, Record, Register};

/// What the desk's own record says.
pub(super) fn read(conn: &Connection, record: &Record) -> Result<(Desk, Profile), StoreError> {
    let (body, _) = fields(record, &Names::default());
    let mut body = Value::Object(body);
    if let Some(body) = body.as_object_mut() {
        body.remove("kind");
    }
    let disputed = record
        .fields
        .get("profile")
        .filter(|_| is_disputed(record, "profile", &Names::default()));
    if let (Some(register), Some(body)) = (disputed, body.as_object_mut()) {
        body.insert("disputed".to_owned(), Value::Bool(true));
        // The one that both replaced governs, so that neither is preferred.
        if let Some(base) = base(conn, register)? {
            body.insert("profile".to_owned(), base);
        }
    }
    let mut desk: Desk = serde_json::from_value(body)
        .map_err(|error| StoreError::Broken(format!("the desk's own facts: {error}")))?;
    let profile =
        parse::parse(&desk.profile).map_err(|error| StoreError::Broken(error.to_string()))?;
    desk.holidays.sort();
    Ok((desk, profile))
}

/// Compiles what the desk's own record says; tells whether records must be judged again.
pub(super) fn store(conn: &Connection, record: &Record) -> Result<bool, StoreError> {
    let (mut desk, mut profile) = read(conn, record)?;
    let before = judged_by(conn)?;
    put(conn, "criteria", &std::mem::take(&mut profile.criterion))?;
    put(
        conn,
        "site-criteria",
        &std::mem::take(&mut profile.site_criterion),
    )?;
    put(conn, "templates", &std::mem::take(&mut profile.milestones))?;
    put(conn, "countdown", &std::mem::take(&mut profile.countdown))?;
    let words = (
        std::mem::take(&mut profile.distribution.kind),
        std::mem::take(&mut profile.distribution.ground),
    );
    put(conn, "release-words", &words)?;
    put(conn, "board", &std::mem::take(&mut profile.board))?;
    put(conn, "profile", &profile)?;
    put(conn, "holidays", &std::mem::take(&mut desk.holidays))?;
    put(conn, "profile-text", &std::mem::take(&mut desk.profile))?;
    put(conn, "desk", &desk)?;
    Ok(before != judged_by(conn)?)
}

/// The profile that several which stand beside each other have all replaced.
fn base(conn: &Connection, register: &Register) -> Result<Option<Value>, StoreError> {
    let entity = desk_entity();
    let Some(num) = entity_known(conn, &entity)? else {
        return Ok(None);
    };
    let entries = log::of_entity(conn, num)?;
    let commits = entries.iter().map(|entry| &entry.applied);
    let lineage = Lineage::of(&entity, "profile", commits);
    let dots = register.dots().into_iter();
    let dots: Vec<_> = dots.map(|dot| lineage.origin(dot)).collect();
    Ok(lineage.base(&dots).last().map(|value| (*value).clone()))
}

/// What a change of makes every record be judged again.
fn judged_by(conn: &Connection) -> Result<Option<(Profile, Vec<Holiday>, String)>, StoreError> {
    let Some(desk) = get::<Desk>(conn, "desk")? else {
        return Ok(None);
    };
    Ok(Some((profile(conn)?, holidays(conn)?, desk.timezone)))
}

fn put<T: Serialize>(conn: &Connection, key: &str, value: &T) -> Result<(), StoreError> {
    let body =
        serde_json::to_string(value).map_err(|error| StoreError::Broken(error.to_string()))?;
    conn.prepare_cached("INSERT OR REPLACE INTO compiled (key, body) VALUES (?1, ?2)")?
        .execute((key, body))?;
    Ok(())
}

fn get<T: DeserializeOwned>(conn: &Connection, key: &str) -> Result<Option<T>, StoreError> {
    let body: Option<String> = conn
        .prepare_cached("SELECT body FROM compiled WHERE key = ?1")?
        .query_row([key], |row| row.get(0))
        .optional()?;
    body.map(|body| {
        serde_json::from_str(&body)
            .map_err(|error| StoreError::Broken(format!("compiled {key}: {error}")))
    })
    .transpose()
}

/// The desk's facts, without its holidays and its profile's text.
pub(super) fn desk(conn: &Connection) -> Result<Desk, StoreError> {
    match get(conn, "desk")? {
        Some(desk) => Ok(desk),
        None if super::members::founder(conn)?.is_some() => Err(StoreError::NotArrived),
        None => Err(StoreError::Broken("it has no facts of its own".to_owned())),
    }
}

/// The profile's rules, without criteria, templates, countdown and the board's words.
pub(super) fn profile(conn: &Connection) -> Result<Profile, StoreError> {
    get(conn, "profile")?.ok_or_else(|| StoreError::Broken("it has no profile".to_owned()))
}

/// The whole profile.
pub(super) fn whole_profile(conn: &Connection) -> Result<Profile, StoreError> {
    let mut profile = profile(conn)?;
    profile.criterion = get(conn, "criteria")?.unwrap_or_default();
    profile.site_criterion = get(conn, "site-criteria")?.unwrap_or_default();
    profile.milestones = templates(conn)?;
    profile.countdown = get(conn, "countdown")?.unwrap_or_default();
    (profile.distribution.kind, profile.distribution.ground) =
        get(conn, "release-words")?.unwrap_or_default();
    profile.board = get(conn, "board")?.unwrap_or_default();
    Ok(profile)
}

/// The profile's milestone templates.
pub(super) fn templates(conn: &Connection) -> Result<Vec<MilestoneTemplate>, StoreError> {
    Ok(get(conn, "templates")?.unwrap_or_default())
}

pub(super) fn profile_text(conn: &Connection) -> Result<String, StoreError> {
    Ok(get(conn, "profile-text")?.unwrap_or_default())
}

pub(super) fn holidays(conn: &Connection) -> Result<Vec<Holiday>, StoreError> {
    Ok(get(conn, "holidays")?.unwrap_or_default())
}

/// The desk's time zone; universal time before it has facts.
pub(super) fn zone(conn: &Connection) -> Result<Zone, StoreError> {
    let desk = get::<Desk>(conn, "desk")?;
    Ok(desk.map_or_else(Zone::utc, |desk| zone_of(&desk)))
}

fn zone_of(desk: &Desk) -> Zone {
    super::zones::zone(&desk.timezone).unwrap_or_else(|_| Zone::utc())
}

/// What records are judged by, once the desk has facts.
pub(super) fn rules(conn: &Connection) -> Result<Option<Rules>, StoreError> {
    let Some(mut desk) = get::<Desk>(conn, "desk")? else {
        return Ok(None);
    };
    desk.holidays = holidays(conn)?;
    let zone = zone_of(&desk);
    Ok(Some(Rules {
        profile: profile(conn)?,
        calendar: desk.calendar(),
        zone,
        names: names::names(conn)?,
    }))
}
