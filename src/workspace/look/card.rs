//! One record whole: its fields, its duties, its remarks, its packages.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::status::{self, AttentionLine};
use super::{Look, device_clock, log, record, resolve};
use crate::domain::field::{self, Seen};
use crate::domain::kind::Kind;
use crate::domain::noun::Noun;
use crate::domain::schedule::milestone::Slip;
use crate::domain::when::When;
use crate::ledger::Record;
use crate::store::RecordRow;
use crate::workspace::refusal::Refusal;

/// A record as `show` and the screen show it.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    pub id: String,
    pub kind: &'static str,
    pub title: String,
    pub fields: Vec<CardField>,
    pub duties: Vec<AttentionLine>,
    pub remarks: Vec<Remark>,
    pub contested: bool,
    /// Two managers' steps break a rule together.
    pub broken: bool,
    /// A newer version wrote to it: it may be read and not changed.
    pub needs_newer: bool,
    /// Whose clock was wrong when its state was entered, and what to do about it.
    pub device_clock: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct CardField {
    pub name: &'static str,
    pub label: &'static str,
    pub text: String,
    pub value: Value,
}

/// A comment.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Remark {
    pub at: String,
    pub by: String,
    #[serde(rename = "for", skip_serializing_if = "Option::is_none")]
    pub on_behalf: Option<String>,
    pub text: String,
    pub private: bool,
}

impl Card {
    /// The record's own JSON, with what stands beside it.
    pub fn json(&self) -> Value {
        let mut object: Map<String, Value> = self
            .fields
            .iter()
            .map(|field| (field.name.to_owned(), field.value.clone()))
            .collect();
        object.insert("contested".to_owned(), json!(self.contested));
        object.insert("breaks_a_rule".to_owned(), json!(self.broken));
        object.insert("needs_newer".to_owned(), json!(self.needs_newer));
        if let Some(clock) = &self.device_clock {
            object.insert("device_clock".to_owned(), json!(clock));
        }
        object.insert("attention".to_owned(), json!(self.duties));
        object.insert("comments".to_owned(), json!(self.remarks));
        Value::Object(object)
    }
}

/// One record whole; private remarks only when they were asked for.
pub fn card(look: &Look<'_>, id: &str, private: bool) -> Result<Card, Refusal> {
    of(look, &resolve::any(look.reader, id)?, private)
}

/// A record that is found already.
pub fn of(look: &Look<'_>, row: &RecordRow, private: bool) -> Result<Card, Refusal> {
    let noun = record::noun(row)?;
    let judged = look.judged()?;
    let setting = look.setting(&judged);
    let seen = look.seen(&noun, &setting)?;
    let fields = fields(row, &seen).collect();
    let duties = look.reader.duties(&row.id, row.kind, look.today)?;
    let remarks = remarks(look, row.kind, &row.id, private)?;
    Ok(Card {
        kind: row.kind.word(),
        title: title(row),
        id: row.id.clone(),
        fields,
        duties: status::lines_of(look, duties)?,
        remarks,
        contested: row.contested,
        broken: row.broken,
        needs_newer: look.reader.needs_newer(row.kind, &row.id)?,
        device_clock: device_clock::entered(look, row)?,
    })
}

/// The fields of a record, with what each says.
pub(super) fn fields<'s>(
    row: &'s RecordRow,
    seen: &'s Seen<'_>,
) -> impl Iterator<Item = CardField> + 's {
    field::fields(row.kind).iter().map(move |field| {
        let mut value = (field.get)(seen);
        let moved = match seen.noun {
            Noun::Milestone(it) if field.name == "slips" => Some((&it.slips, it.due)),
            Noun::Release(it) if field.name == "slips" => Some((&it.slips, it.date.map(When::Day))),
            _ => None,
        };
        let text = match moved {
            Some((slips, date)) => moves(row, (slips, date), &mut value),
            None => shown(field.name, &value),
        };
        CardField {
            name: field.name,
            label: field.label,
            text,
            value,
        }
    })
}

/// "T-12 ARC 7.0.3 al9"; a name alone where that is all there is.
pub(super) fn title(row: &RecordRow) -> String {
    if row.kind.letter().is_some() {
        format!("{} {}", row.id, row.title)
    } else {
        row.title.clone()
    }
}

/// A long list stands one a line.
fn shown(name: &str, value: &Value) -> String {
    match value {
        Value::Array(items) if name == "packages" && !items.is_empty() => {
            let lines: Vec<String> = items.iter().map(field::text).collect();
            format!("{} in all\n{}", items.len(), lines.join("\n"))
        }
        Value::Array(items) if name == "countdown" => each(items, action),
        Value::Array(items) if name == "moved" => each(items, moved),
        Value::Array(items) if name == "candidates" => each(items, candidate),
        // The countdown shows them already.
        Value::Object(_) if name == "signed" => String::new(),
        Value::Object(results) if name == "results" => results
            .iter()
            .map(|(id, check)| {
                let note = check["note"]
                    .as_str()
                    .map(|note| format!(": {note}"))
                    .unwrap_or_default();
                format!("{id} {}{note}", field::text(&check["result"]))
            })
            .collect::<Vec<_>>()
            .join("\n"),
        other => field::text(other),
    }
}

/// The moves of a date, and which of them count for nothing, said in their values as well; that is
/// open until the record is settled.
fn moves(row: &RecordRow, (slips, date): (&[Slip], Option<When>), values: &mut Value) -> String {
    let line = |(at, (slip, stands)): (usize, (&Slip, bool))| {
        let from = slip.from.map(|from| from.to_string()).unwrap_or_default();
        let (to, reason, by) = (slip.to, &slip.reason, &slip.by);
        let not = if stands || row.contested {
            ""
        } else {
            ", does not stand"
        };
        if let Some(Value::Object(value)) = values.get_mut(at).filter(|_| !row.contested) {
            value.insert("stands".to_owned(), stands.into());
        }
        format!("{from} → {to}: {reason} ({by}{not})")
    };
    let moved = slips.iter().zip(Slip::standing(date, slips));
    let lines: Vec<String> = moved.enumerate().map(line).collect();
    lines.join("\n")
}

/// One line each.
fn each(items: &[Value], line: fn(&Value) -> String) -> String {
    items.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// An action of a release's countdown.
fn action(it: &Value) -> String {
    let signed = match it["signed_by"].as_str() {
        Some(by) => format!("signed by {by}, {}", field::text(&it["signed_on"])),
        None if it["late"] == true => "late".to_owned(),
        None => "not signed".to_owned(),
    };
    format!(
        "{} {} ({}): {signed}, due {}",
        field::text(&it["no"]),
        field::text(&it["action"]),
        field::text(&it["role"]),
        field::text(&it["due"])
    )
}

/// A release candidate, with where it is installed.
fn candidate(it: &Value) -> String {
    let sites = match field::text(&it["sites"]) {
        sites if sites.is_empty() => String::new(),
        sites => format!(", installed at {sites}"),
    };
    format!(
        "{} built {} by {}{sites}",
        field::text(&it["name"]),
        field::text(&it["built"]),
        field::text(&it["by"])
    )
}

/// A ticket that missed a release.
fn moved(it: &Value) -> String {
    format!(
        "{} ({}), now in {}",
        field::text(&it["ticket"]),
        field::text(&it["why"]),
        field::text(&it["next"])
    )
}

fn remarks(look: &Look<'_>, kind: Kind, id: &str, private: bool) -> Result<Vec<Remark>, Refusal> {
    let Some((_, entity)) = look.reader.entity(kind, id)? else {
        return Ok(Vec::new());
    };
    if !look.reader.has_events(&entity)? {
        return Ok(Vec::new());
    }
    let record: Record = look.reader.folded(&entity)?;
    let told = record
        .events
        .iter()
        .filter(|event| event.kind == "comment" && (private || event.body["private"] != true));
    // By the days they are of; on one day what answers another comes after it.
    let mut told: Vec<_> = told.collect();
    told.sort_by_key(|event| {
        let at = event.at.as_deref().unwrap_or(&event.wall);
        at.parse::<When>().ok().map(|at| at.day(&look.zone))
    });
    Ok(told
        .into_iter()
        .map(|event| Remark {
            at: log::moment(look, event.at.as_deref().unwrap_or(&event.wall)),
            by: event.person.clone(),
            on_behalf: event.on_behalf.clone(),
            text: field::text(&event.body["text"]),
            private: event.body["private"] == true,
        })
        .collect())
}
