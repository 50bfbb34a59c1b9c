//! A record's row with its duties and counts: written, changed as little as can be,
//! taken away. Decides nothing: what stands in a row comes from `project`.

use std::collections::BTreeMap;

use rusqlite::{Connection, ErrorCode};

use super::project::Projected;
use super::tally::{Counted, CountedDuty, Delta, day_number, stored_due};
use super::{StoreError, names};
use crate::domain::attention::{Class, Duty};
use crate::domain::kind::Kind;
use crate::domain::noun::Noun;
use crate::domain::problem::report::Criticality;
use crate::ledger::Hash;

/// Writes, changes or removes a record's row with its duties and counts.
pub(super) fn write_row(
    conn: &Connection,
    entity: i64,
    projected: Option<Projected>,
) -> Result<(), StoreError> {
    let mut delta = Delta::default();
    let Some(row) = projected else {
        remove_row(conn, entity, &mut delta)?;
        return delta.write(conn);
    };
    // The commits that touched it: the same number after a rebuild.
    let version: i64 = conn
        .prepare_cached("SELECT count(*) FROM touched WHERE entity = ?1")?
        .query_row([entity], |row| row.get(0))?;
    if same_place(conn, entity, &row)? && same_duties(conn, entity, &row.duties)? {
        return update_row(conn, entity, version, &row);
    }
    remove_row(conn, entity, &mut delta)?;
    insert_row(conn, entity, version, &row, &mut delta)?;
    delta.write(conn)
}

/// Whether all that is indexed or counted of a record is as its row has it.
fn same_place(conn: &Connection, entity: i64, row: &Projected) -> Result<bool, StoreError> {
    let summary = &row.summary;
    let shown = shown_id(conn, entity, row)?;
    Ok(conn
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM record WHERE entity = ?1 AND kind = ?2 AND state = ?3
             AND id = ?4 COLLATE BINARY AND open = ?5 AND parent IS ?6 AND sort = ?7
             AND contested = ?8 AND (?10 IS NULL OR body ->> ?10 IS ?9))",
        )?
        .query_row(
            rusqlite::params![
                entity,
                row.kind.code(),
                summary.state,
                shown,
                summary.open,
                summary.parent,
                summary.sort,
                row.contested,
                label(&row.noun),
                label_path(row.kind),
            ],
            |row| row.get(0),
        )?)
}

/// Whether a record's duties are the ones that are kept.
fn same_duties(conn: &Connection, entity: i64, duties: &[Duty]) -> Result<bool, StoreError> {
    let mut wanted: BTreeMap<u8, &Duty> = duties
        .iter()
        .map(|duty| (duty.code.number(), duty))
        .collect();
    let mut statement = conn.prepare_cached(
        "SELECT code, class, due_on, show_from, who, what, step FROM attention WHERE entity = ?1",
    )?;
    let mut rows = statement.query([entity])?;
    while let Some(row) = rows.next()? {
        let Some(duty) = wanted.remove(&row.get(0)?) else {
            return Ok(false);
        };
        let same = row.get::<_, u8>(1)? == duty.class.number()
            && row.get::<_, i64>(2)? == stored_due(duty)
            && row.get::<_, i64>(3)? == day_number(duty.show_from)
            && row.get::<_, Option<String>>(4)? == duty.who
            && row.get::<_, String>(5)? == duty.what
            && row.get::<_, String>(6)? == duty.step;
        if !same {
            return Ok(false);
        }
    }
    Ok(wanted.is_empty())
}

/// Changes what is neither sorted by nor counted, so that little is written; the index is
/// left alone where nothing in it is another.
fn update_row(
    conn: &Connection,
    entity: i64,
    version: i64,
    row: &Projected,
) -> Result<(), StoreError> {
    let summary = &row.summary;
    let due_on = summary.due_on.map(day_number);
    let values = rusqlite::params![
        entity,
        summary.owner,
        due_on,
        summary.title,
        summary.words,
        version,
        row.body,
    ];
    let changed = conn
        .prepare_cached(
            "UPDATE record SET version = ?6, body = ?7 WHERE entity = ?1
             AND owner IS ?2 AND due_on IS ?3 AND title = ?4 AND words = ?5",
        )?
        .execute(values)?;
    if changed > 0 {
        return Ok(());
    }
    conn.prepare_cached(
        "UPDATE record SET owner = ?2, due_on = ?3, title = ?4, words = ?5, version = ?6, body = ?7
         WHERE entity = ?1",
    )?
    .execute(values)?;
    Ok(())
}

/// A message's kind and a problem's criticality, so that unsent notices and critical
/// problems are counted.
fn label(noun: &Noun) -> Option<&'static str> {
    match noun {
        Noun::Message(message) => Some(message.kind.word()),
        Noun::Problem(problem) => problem.criticality().map(Criticality::word),
        _ => None,
    }
}

/// Where a stored record says the same.
fn label_path(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Message => Some("$.kind"),
        Kind::Problem => Some("$.triage.criticality"),
        _ => None,
    }
}

/// Takes a row and its counts away.
fn remove_row(conn: &Connection, entity: i64, delta: &mut Delta) -> Result<(), StoreError> {
    let mut old =
        conn.prepare_cached("SELECT kind, state, open, contested FROM record WHERE entity = ?1")?;
    let mut rows = old.query([entity])?;
    let Some(row) = rows.next()? else {
        return Ok(());
    };
    let kind = Kind::from_code(row.get(0)?).unwrap_or(Kind::Desk);
    let label: Option<String> = match label_path(kind) {
        Some(path) => conn
            .prepare_cached("SELECT body ->> ?2 FROM record WHERE entity = ?1")?
            .query_row((entity, path), |row| row.get(0))?,
        None => None,
    };
    let state: String = row.get(1)?;
    delta.record(
        &Counted {
            kind,
            state: &state,
            open: row.get(2)?,
            contested: row.get::<_, u8>(3)? > 0,
            label: label.as_deref(),
        },
        -1,
    );
    let mut duties = conn.prepare_cached(
        "SELECT code, class, due_on, show_from, who FROM attention WHERE entity = ?1",
    )?;
    let mut rows = duties.query([entity])?;
    while let Some(row) = rows.next()? {
        let who: Option<String> = row.get(4)?;
        delta.duty(
            &CountedDuty {
                code: row.get(0)?,
                class: Class::from_number(row.get(1)?),
                due_on: row.get(2)?,
                show_from: row.get(3)?,
                who: who.as_deref(),
            },
            -1,
        );
    }
    conn.prepare_cached("DELETE FROM attention WHERE entity = ?1")?
        .execute([entity])?;
    conn.prepare_cached("DELETE FROM record WHERE entity = ?1")?
        .execute([entity])?;
    Ok(())
}

pub(super) fn insert_row(
    conn: &Connection,
    entity: i64,
    version: i64,
    row: &Projected,
    delta: &mut Delta,
) -> Result<(), StoreError> {
    let summary = &row.summary;
    let id = shown_id(conn, entity, row)?;
    let inserted = insert(conn, entity, version, (row, &id));
    match inserted {
        Err(error) if is_taken(&error) => {
            let id = give_way(conn, entity, id)?;
            insert(conn, entity, version, (row, &id))?;
        }
        other => other?,
    }
    delta.record(
        &Counted {
            kind: row.kind,
            state: &summary.state,
            open: summary.open,
            contested: row.contested > 0,
            label: label(&row.noun),
        },
        1,
    );
    duties(conn, entity, row, delta)
}

fn is_taken(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation)
}

/// The id of a record's row. One that another record was given first stays with that one.
fn shown_id(conn: &Connection, entity: i64, row: &Projected) -> Result<String, StoreError> {
    let id = record_id(row.kind, &row.summary.id);
    if row.kind.letter().is_none() || !names::is_anothers(conn, &id, entity)? {
        return Ok(id);
    }
    Ok(aside(&id, &name(conn, entity)?))
}

fn name(conn: &Connection, entity: i64) -> Result<String, StoreError> {
    Ok(conn
        .prepare_cached("SELECT id FROM entity WHERE num = ?1")?
        .query_row([entity], |row| row.get(0))?)
}

fn aside(id: &str, entity: &str) -> String {
    let hash = Hash::of(&[entity.as_bytes()]).to_string();
    format!("{id}~{}", hash.chars().take(8).collect::<String>())
}

/// Two records of one shown id, which only two desks can make: the one whose entity comes first
/// keeps it, the other shows it with a tilde. Returns what this one shows.
fn give_way(conn: &Connection, entity: i64, id: String) -> Result<String, StoreError> {
    let other: i64 = conn
        .prepare_cached("SELECT entity FROM record WHERE id = ?1")?
        .query_row([&id], |row| row.get(0))?;
    let (own, others) = (name(conn, entity)?, name(conn, other)?);
    if own > others {
        return Ok(aside(&id, &own));
    }
    conn.prepare_cached("UPDATE record SET id = ?2 WHERE entity = ?1")?
        .execute((other, aside(&id, &others)))?;
    Ok(id)
}

fn insert(
    conn: &Connection,
    entity: i64,
    version: i64,
    (row, id): (&Projected, &str),
) -> rusqlite::Result<()> {
    let summary = &row.summary;
    conn.prepare_cached(
        "INSERT INTO record (entity, kind, id, open, state, owner, parent, due_on, sort, title, words, contested, version, body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
    )?
    .execute(rusqlite::params![
        entity,
        row.kind.code(),
        id,
        summary.open,
        summary.state,
        summary.owner,
        summary.parent,
        summary.due_on.map(day_number),
        summary.sort,
        summary.title,
        summary.words,
        row.contested,
        version,
        row.body,
    ])?;
    Ok(())
}

fn duties(
    conn: &Connection,
    entity: i64,
    row: &Projected,
    delta: &mut Delta,
) -> Result<(), StoreError> {
    for duty in &row.duties {
        conn.prepare_cached(
            "INSERT OR REPLACE INTO attention (entity, code, class, due_on, show_from, who, what, step)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(rusqlite::params![
            entity,
            duty.code.number(),
            duty.class.number(),
            stored_due(duty),
            day_number(duty.show_from),
            duty.who,
            duty.what,
            duty.step,
        ])?;
        delta.duty(&CountedDuty::of(duty), 1);
    }
    Ok(())
}

/// Names are unique within their kind only, ids across the desk: a named
/// record is kept as `product ARC`.
pub(super) fn record_id(kind: Kind, id: &str) -> String {
    if kind.letter().is_some() {
        id.to_owned()
    } else {
        format!("{} {id}", kind.word())
    }
}
