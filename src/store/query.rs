//! Looking: a handful of indexed rows for every question the program asks.
//! Nothing here writes, and nothing folds history.

use std::ops::ControlFlow;

use rusqlite::{Connection, OptionalExtension, Row};
use serde_json::Value;

use super::tally::{day_number, day_of};
use super::{StoreError, compiled, names, row};
use crate::domain::attention::{self, Class, DutyCode, Severity};
use crate::domain::desk::{Desk, Holiday};
use crate::domain::kind::Kind;
use crate::domain::noun::Noun;
use crate::domain::profile::{MilestoneTemplate, Profile};
use crate::domain::zone::Zone;
use crate::ledger::EntityId;
use chrono::NaiveDate;

/// A record as listed.
#[derive(Clone, Debug, PartialEq)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own that a list asks for"
)]
pub struct RecordRow {
    pub kind: Kind,
    pub id: String,
    pub open: bool,
    pub state: String,
    pub owner: Option<String>,
    pub parent: Option<String>,
    pub due_on: Option<NaiveDate>,
    pub title: String,
    /// Two managers changed the same field at once and nobody has settled it.
    pub contested: bool,
    /// It breaks a rule that two managers' steps broke together.
    pub broken: bool,
    /// What it breaks keeps it where it is.
    pub held: bool,
    pub version: i64,
    /// Sorts by urgency; names the row's place for the next window.
    pub sort: String,
    pub body: String,
}

impl RecordRow {
    /// The record's fields.
    pub fn value(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or(Value::Null)
    }

    /// The record, typed.
    pub fn noun(&self) -> Result<Option<Noun>, StoreError> {
        Noun::read(self.kind, self.value())
            .map_err(|error| StoreError::Broken(format!("{} cannot be read: {error}", self.id)))
    }
}

/// One line of what needs a human.
#[derive(Clone, Debug, PartialEq)]
pub struct AttentionRow {
    pub kind: Kind,
    pub id: String,
    pub code: DutyCode,
    pub severity: Severity,
    /// What the record is called: "ARC 7.0.3 al9".
    pub title: String,
    /// How it stands: "verification, unexplained".
    pub what: String,
    /// What would settle it: "explain the delay".
    pub step: String,
    /// The last day in time, if the duty has one.
    pub due_on: Option<NaiveDate>,
    pub who: Option<String>,
}

/// Counts for one look.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// (kind word, state word, n)
    pub states: Vec<(String, String, u64)>,
    pub overdue: u64,
    pub due_soon: u64,
    pub broken_promises: u64,
    pub breaches: u64,
    pub unsent_delay_notices: u64,
    /// Critical and not closed.
    pub critical_problems: u64,
    pub drafts: u64,
    pub conflicts: u64,
    /// Lines that need a human today, and those of each person.
    pub attention: u64,
    pub by_person: Vec<(String, u64)>,
}

pub(super) const COLUMNS: &str =
    "kind, id, open, state, owner, parent, due_on, title, contested, version, sort, body";

pub(super) fn record_row(row: &Row<'_>) -> rusqlite::Result<RecordRow> {
    let kind = Kind::from_code(row.get(0)?).unwrap_or(Kind::Desk);
    let id: String = row.get(1)?;
    Ok(RecordRow {
        kind,
        id: shown_id(kind, id),
        open: row.get(2)?,
        state: row.get(3)?,
        owner: row.get(4)?,
        parent: row.get(5)?,
        due_on: row.get::<_, Option<i64>>(6)?.map(day_of),
        title: row.get(7)?,
        contested: row.get::<_, u8>(8)? & 1 > 0,
        broken: row.get::<_, u8>(8)? & 2 > 0,
        held: row.get::<_, u8>(8)? & 4 > 0,
        version: row.get(9)?,
        sort: row.get(10)?,
        body: row.get(11)?,
    })
}

/// A named record's id without the kind before it.
pub(super) fn shown_id(kind: Kind, id: String) -> String {
    if kind.letter().is_some() {
        return id;
    }
    shown(kind, &id).to_owned()
}

pub(super) fn shown(kind: Kind, id: &str) -> &str {
    if kind.letter().is_some() {
        return id;
    }
    id.get(kind.word().len() + 1..).unwrap_or(id)
}

/// A text of a row, where it lies.
pub(super) fn text_of<'r>(row: &'r Row<'_>, column: usize) -> Result<&'r str, StoreError> {
    let text = row.get_ref(column)?.as_str();
    text.map_err(|error| StoreError::Broken(error.to_string()))
}

/// Told of a record's kind, id, title with further words, and whether it is open; says
/// whether to go on.
pub type EachTitle<'a> = &'a mut dyn FnMut(Kind, &str, (&str, &str), bool) -> ControlFlow<()>;

/// Reads one desk at one moment.
pub struct Reader<'c> {
    conn: &'c Connection,
}

impl<'c> Reader<'c> {
    pub(super) fn new(conn: &'c Connection) -> Self {
        Self { conn }
    }

    pub(super) fn conn(&self) -> &'c Connection {
        self.conn
    }

    pub fn desk(&self) -> Result<Desk, StoreError> {
        compiled::desk(self.conn)
    }

    /// The desk's time zone; universal time before it has facts.
    pub fn zone(&self) -> Result<Zone, StoreError> {
        compiled::zone(self.conn)
    }

    /// The profile without criteria, templates and the board's words.
    pub fn profile(&self) -> Result<Profile, StoreError> {
        compiled::profile(self.conn)
    }

    pub fn whole_profile(&self) -> Result<Profile, StoreError> {
        compiled::whole_profile(self.conn)
    }

    pub fn templates(&self) -> Result<Vec<MilestoneTemplate>, StoreError> {
        compiled::templates(self.conn)
    }

    /// The profile as it was given, TOML.
    pub fn profile_text(&self) -> Result<String, StoreError> {
        compiled::profile_text(self.conn)
    }

    pub fn holidays(&self) -> Result<Vec<Holiday>, StoreError> {
        compiled::holidays(self.conn)
    }

    /// A record by its id, any case, or by its name within a kind.
    pub fn record(&self, kind: Option<Kind>, id: &str) -> Result<Option<RecordRow>, StoreError> {
        let id = match kind {
            Some(kind) => row::record_id(kind, id),
            None => id.to_owned(),
        };
        let mut by_id = self
            .conn
            .prepare_cached(&format!("SELECT {COLUMNS} FROM record WHERE id = ?1"))?;
        if let Some(found) = by_id.query_row([&id], record_row).optional()? {
            return Ok(Some(found));
        }
        // Another id of a record that has two.
        let Some(entity) = names::entity(self.conn, &id)? else {
            return Ok(None);
        };
        let shown = self.shown_id(&entity)?;
        Ok(shown
            .map(|shown| by_id.query_row([shown], record_row))
            .transpose()?
            .filter(|row| kind.is_none_or(|kind| kind == row.kind)))
    }

    /// Ids that start with this text, any case, at most `limit`.
    pub fn ids_starting(&self, prefix: &str, limit: usize) -> Result<Vec<RecordRow>, StoreError> {
        let end = format!("{prefix}\u{10FFFF}");
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM record WHERE id >= ?1 AND id < ?2 ORDER BY id LIMIT ?3"
        ))?;
        let rows = statement.query_map((prefix, end, sql_limit(limit)), record_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Every record of a kind, open ones and the most urgent first.
    pub fn all(&self, kind: Kind) -> Result<Vec<RecordRow>, StoreError> {
        self.first(kind, usize::MAX)
    }

    /// The same, at most `limit` of them.
    pub fn first(&self, kind: Kind, limit: usize) -> Result<Vec<RecordRow>, StoreError> {
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM record WHERE kind = ?1 ORDER BY open DESC, sort LIMIT ?2"
        ))?;
        let rows = statement.query_map((kind.code(), sql_limit(limit)), record_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The most urgent open records of a kind.
    pub fn first_open(&self, kind: Kind, limit: usize) -> Result<Vec<RecordRow>, StoreError> {
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM record WHERE kind = ?1 AND open = 1 ORDER BY sort LIMIT ?2"
        ))?;
        let rows = statement.query_map((kind.code(), sql_limit(limit)), record_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Every record of a kind in a state.
    pub fn in_state(&self, kind: Kind, state: &str) -> Result<Vec<RecordRow>, StoreError> {
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM record WHERE kind = ?1 AND state = ?2 ORDER BY sort"
        ))?;
        let rows = statement.query_map((kind.code(), state), record_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The most urgent records of a kind in a state.
    pub fn first_in_state(
        &self,
        kind: Kind,
        state: &str,
        limit: usize,
    ) -> Result<Vec<RecordRow>, StoreError> {
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM record WHERE kind = ?1 AND state = ?2 ORDER BY sort LIMIT ?3"
        ))?;
        let rows = statement.query_map((kind.code(), state, sql_limit(limit)), record_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Records of a kind in a state that are of a product.
    pub fn in_state_of(
        &self,
        kind: Kind,
        state: &str,
        product: &str,
    ) -> Result<Vec<RecordRow>, StoreError> {
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM record WHERE kind = ?1 AND state = ?2
             AND json_extract(body, '$.product') = ?3 ORDER BY sort"
        ))?;
        let rows = statement.query_map((kind.code(), state, product), record_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Records of a kind in a state whose `about` names a record.
    pub fn in_state_about(
        &self,
        kind: Kind,
        state: &str,
        about: &str,
    ) -> Result<Vec<RecordRow>, StoreError> {
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM record WHERE kind = ?1 AND state = ?2
             AND EXISTS (SELECT 1 FROM json_each(body, '$.about') WHERE value = ?3) ORDER BY sort"
        ))?;
        let rows = statement.query_map((kind.code(), state, about), record_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Whether anything happened to an entity that is told as an event.
    pub fn has_events(&self, entity: &EntityId) -> Result<bool, StoreError> {
        let Some((num, _)) = self.entity_num(entity)? else {
            return Ok(false);
        };
        Ok(self
            .conn
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM event WHERE entity = ?1)")?
            .query_row([num], |row| row.get(0))?)
    }

    /// The records of a kind that belong to another record.
    pub fn children(&self, kind: Kind, parent: &str) -> Result<Vec<RecordRow>, StoreError> {
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM record WHERE parent = ?1 AND kind = ?2 ORDER BY open DESC, sort"
        ))?;
        let rows = statement.query_map((parent, kind.code()), record_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Runs `each` on every record until it says stop.
    pub fn titles(&self, each: EachTitle<'_>) -> Result<(), StoreError> {
        let mut statement = self
            .conn
            .prepare("SELECT kind, id, title, words, open FROM record")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let kind = Kind::from_code(row.get(0)?).unwrap_or(Kind::Desk);
            let texts = (text_of(row, 2)?, text_of(row, 3)?);
            let id = shown(kind, text_of(row, 1)?);
            if each(kind, id, texts, row.get(4)?).is_break() {
                break;
            }
        }
        Ok(())
    }

    /// What needs a human on `today`, the most urgent first, at most `limit` lines.
    pub fn attention(
        &self,
        today: NaiveDate,
        who: Option<&str>,
        limit: usize,
    ) -> Result<Vec<AttentionRow>, StoreError> {
        let day = day_number(today);
        // Limits that are passed, standing duties, clocks still in time, what is worth knowing.
        let parts = [
            (Class::Clock, i64::MIN, day - 1),
            (Class::Standing, i64::MIN, i64::MAX),
            (Class::Clock, day, i64::MAX),
            (Class::Watch, day, i64::MAX),
            (Class::Info, i64::MIN, i64::MAX),
        ];
        // One text for all of them, so that it is compiled once.
        let mut statement = self.conn.prepare(
            "SELECT r.kind, r.id, a.code, a.class, r.title, a.what, a.step, a.due_on, a.who
             FROM attention a JOIN record r ON r.entity = a.entity
             WHERE a.class = ?1 AND a.due_on BETWEEN ?2 AND ?3 AND a.show_from <= ?4
             AND (?5 IS NULL OR a.who IS ?5 OR a.who IS NULL)
             ORDER BY a.due_on, r.sort LIMIT ?6",
        )?;
        let mut found = Vec::new();
        for (class, from, to) in parts {
            if found.len() >= limit {
                break;
            }
            let left = sql_limit(limit - found.len());
            let mut rows = statement.query((class.number(), from, to, day, who, left))?;
            while let Some(row) = rows.next()? {
                found.push(attention_row(row, today)?);
            }
        }
        Ok(found)
    }

    /// The duties of one record that show on a day.
    pub fn duties(
        &self,
        id: &str,
        kind: Kind,
        today: NaiveDate,
    ) -> Result<Vec<AttentionRow>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT r.kind, r.id, a.code, a.class, r.title, a.what, a.step, a.due_on, a.who
             FROM attention a JOIN record r ON r.entity = a.entity
             WHERE r.id = ?1 AND a.show_from <= ?2 AND (a.class <> ?3 OR a.due_on >= ?2)
             ORDER BY a.class, a.due_on",
        )?;
        let day = day_number(today);
        let watch = Class::Watch.number();
        let mut rows = statement.query((row::record_id(kind, id), day, watch))?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(attention_row(row, today)?);
        }
        Ok(found)
    }

    /// All the counts of one look.
    pub fn counts(&self, today: NaiveDate) -> Result<Counts, StoreError> {
        super::tally::counts(self.conn, today)
    }
}

fn attention_row(row: &Row<'_>, today: NaiveDate) -> Result<AttentionRow, StoreError> {
    let kind = Kind::from_code(row.get(0)?).unwrap_or(Kind::Desk);
    let class = Class::from_number(row.get(3)?);
    let due_on = day_of(row.get(7)?);
    let code = DutyCode::from_number(row.get(2)?);
    let severity = class.severity(due_on, today);
    let (what, step): (String, String) = (row.get(5)?, row.get(6)?);
    let (what, step) = attention::wording(code, severity, &what, &step);
    Ok(AttentionRow {
        kind,
        id: shown_id(kind, row.get(1)?),
        code,
        severity,
        // A named record is its name already; what it is says more.
        title: match kind.letter() {
            Some(_) => row.get(4)?,
            None => kind.word().to_owned(),
        },
        what: what.to_owned(),
        step: step.to_owned(),
        due_on: matches!(class, Class::Clock | Class::Watch).then_some(due_on),
        who: row.get(8)?,
    })
}

pub(super) fn sql_limit(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
