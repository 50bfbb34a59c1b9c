//! What a form starts with: the record it is about, what one should know of it, the
//! answers that are known already and what can be chosen. Asks nothing and writes nothing.

mod choices;
mod contest;
mod facts;
pub(super) mod known;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::Path;

use chrono::{DateTime, Utc};

use super::board::rows::Key;
use super::{Look, card, record, resolve};
use crate::domain::field::{self, Edit};
use crate::domain::kind::Kind;
use crate::domain::noun::Noun;
use crate::domain::plain::{plain, plain_lines};
use crate::store::{RecordRow, Store};
use crate::workspace::action::Settle;
use crate::workspace::deed::{Deed, Filled, On};
use crate::workspace::refusal::Refusal;

/// A form before anybody has written in it.
#[derive(Debug)]
pub struct Fill {
    pub deed: &'static Deed,
    /// The record it is done to.
    pub subject: Option<Key>,
    /// "T-12 ARC 7.0.3 al9"; the desk's name where it is done to no record.
    pub title: String,
    /// A few short lines of what one should know first.
    pub facts: Vec<String>,
    /// What is about to be sent or not, line by line.
    pub letter: Vec<String>,
    /// How often the record was changed, to notice that somebody does it meanwhile.
    pub version: Option<i64>,
    /// What is known already.
    pub values: Filled,
    /// By the name of the entry that takes one of them.
    pub choices: BTreeMap<&'static str, Vec<Choice>>,
    /// Entries that do not go with what is given.
    pub without: &'static [&'static str],
    /// Entries that a rule asks for of this record.
    pub asked: &'static [&'static str],
}

/// One field of a record, to be written anew.
#[derive(Debug)]
pub struct FieldFill {
    pub key: Key,
    pub title: String,
    pub facts: Vec<String>,
    pub name: &'static str,
    pub label: &'static str,
    /// What stands there, as `set` takes it back.
    pub value: String,
    pub edit: Edit,
    /// Empty where anything may be written.
    pub choices: Vec<Choice>,
}

/// What an entry can be given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    /// Names it and says a little more.
    pub label: String,
}

/// The record that a form is about.
pub(super) struct Subject {
    pub key: Key,
    pub row: RecordRow,
    pub noun: Noun,
}

impl Subject {
    pub(super) fn read(look: &Look<'_>, key: &Key) -> Result<Self, Refusal> {
        let row = record::row(look, key)?;
        let noun = record::noun(&row)?;
        Ok(Self {
            key: key.clone(),
            row,
            noun,
        })
    }
}

/// Reads what a form starts with and leaves no trace on the desk.
pub fn load(
    path: &Path,
    (deed, given): (&'static Deed, &Filled),
    subject: Option<&Key>,
    now: DateTime<Utc>,
) -> Result<Fill, Refusal> {
    Store::look(path, &mut |reader| {
        Ok(Look::new(reader, now).and_then(|look| fill(&look, (deed, given), subject)))
    })?
}

/// The same on a desk that is open already.
pub fn fill(
    look: &Look<'_>,
    (deed, given): (&'static Deed, &Filled),
    subject: Option<&Key>,
) -> Result<Fill, Refusal> {
    let subject = subject.map(|key| Subject::read(look, key)).transpose()?;
    let on = subject.as_ref().filter(|_| deed.on != On::Desk);
    if let Some(subject) = on {
        takes(deed, subject)?;
    }
    let mut values = match on {
        Some(subject) => known::of_record(look, deed, subject)?,
        None => known::of_desk(look, deed, subject.as_ref())?,
    };
    let mut told = None;
    if let Some(subject) = on.filter(|_| deed.name == "resolve") {
        contest::known(look, subject, given, &mut values)?;
        told = contest::facts(look, subject, given)?;
    }
    let facts = match (told, on) {
        (Some(told), _) => told,
        (None, Some(subject)) => facts::facts(look, subject)?,
        (None, None) => Vec::new(),
    };
    let settles = given.maybe("how").and_then(|how| Settle::from_word(&how));
    let without: &[_] = match settles {
        Some(how) if deed.name == "resolve" && !how.takes_value() => &["value", "text"],
        _ => &[],
    };
    Ok(Fill {
        deed,
        without,
        asked: on.map_or(Ok(&[][..]), |it| asked(look, deed, it))?,
        title: clean(&on.map_or_else(|| look.desk.name.clone(), |it| card::title(&it.row))),
        facts,
        letter: on.map(|it| letter(deed, it)).unwrap_or_default(),
        version: on.map(|it| it.row.version),
        values,
        choices: choices::choices(look, deed, on)?,
        subject: on.map(|it| it.key.clone()),
    })
}

/// What a rule asks for of this record and not of every one.
fn asked(
    look: &Look<'_>,
    deed: &Deed,
    subject: &Subject,
) -> Result<&'static [&'static str], Refusal> {
    let Noun::Milestone(milestone) = &subject.noun else {
        return Ok(&[]);
    };
    if deed.name != "milestone move" {
        return Ok(&[]);
    }
    let cycle = look.reader.record(Some(Kind::Cycle), &milestone.cycle)?;
    Ok(match cycle.as_ref().map(record::noun).transpose()? {
        Some(Noun::Cycle(cycle)) if cycle.standing.state.moves_are_slips() => &["reason"],
        _ => &[],
    })
}

/// The record that is meant by what was typed, for a deed that is done to one.
pub fn named(path: &Path, deed: &Deed, text: &str, now: DateTime<Utc>) -> Result<Key, Refusal> {
    Store::look(path, &mut |reader| {
        Ok(Look::new(reader, now).and_then(|look| {
            let row = match deed.on {
                On::One([kind]) => resolve::of_kind(look.reader, *kind, text)?,
                On::Desk | On::Any | On::One(_) => resolve::any(look.reader, text)?,
            };
            let key = Key {
                kind: row.kind,
                id: row.id,
            };
            takes(deed, &Subject::read(&look, &key)?)?;
            Ok(key)
        }))
    })?
}

/// The text that somebody says was sent; one that is edited stands in the form itself.
fn letter(deed: &Deed, subject: &Subject) -> Vec<String> {
    match &subject.noun {
        Noun::Message(message) if deed.name != "outbox edit" => {
            let lines = super::letter::lines(message);
            lines.iter().map(|line| clean(line)).collect()
        }
        _ => Vec::new(),
    }
}

/// Whether a deed can be done to such a record.
pub(super) fn takes(deed: &Deed, subject: &Subject) -> Result<(), Refusal> {
    let kind = subject.key.kind;
    if deed.on.takes(kind) {
        return Ok(());
    }
    let kinds = match deed.on {
        On::One(kinds) => kinds,
        On::Desk | On::Any => &[],
    };
    let names: Vec<&str> = kinds.iter().filter_map(|kind| kind.plural()).collect();
    Err(Refusal::rule(
        format!(
            "`{}` is not for {}, a {}.",
            deed.name,
            subject.key.id,
            kind.word()
        ),
        format!("It is for {}.", names.join(", ")),
    ))
}

/// Reads one field for a form and leaves no trace on the desk.
pub fn load_field(
    path: &Path,
    key: &Key,
    name: &str,
    now: DateTime<Utc>,
) -> Result<FieldFill, Refusal> {
    Store::look(path, &mut |reader| {
        Ok(Look::new(reader, now).and_then(|look| field(&look, key, name)))
    })?
}

/// Reads every field of a record that people write, and leaves no trace on the desk.
pub fn load_fields(path: &Path, key: &Key, now: DateTime<Utc>) -> Result<Vec<FieldFill>, Refusal> {
    Store::look(path, &mut |reader| {
        Ok(Look::new(reader, now).and_then(|look| {
            known::editable(key.kind)
                .map(|row| field(&look, key, row.name))
                .collect()
        }))
    })?
}

/// The same on a desk that is open already; what is not written by hand is refused.
pub fn field(look: &Look<'_>, key: &Key, name: &str) -> Result<FieldFill, Refusal> {
    let row = field::editable(key.kind, name)?;
    let subject = Subject::read(look, key)?;
    Ok(FieldFill {
        title: clean(&card::title(&subject.row)),
        facts: facts::facts(look, &subject)?,
        name: row.name,
        label: row.label,
        value: written(row, &subject.row.value()),
        edit: row.edit,
        choices: choices::of_field(look, row, &subject)?,
        key: subject.key,
    })
}

/// What stands in a field, as `set` takes it back.
fn written(row: &field::Field, body: &serde_json::Value) -> String {
    plain_lines(&field::written(row.edit, &body[row.name])).into_owned()
}

/// One line of somebody else's text, safe for a terminal.
fn clean(text: &str) -> String {
    plain(text).into_owned()
}

/// The address that a product's messages go to.
fn contact(look: &Look<'_>, product: &str) -> Result<Option<String>, Refusal> {
    let row = look.reader.record(Some(Kind::Product), product)?;
    Ok(match row.map(|row| row.noun()).transpose()?.flatten() {
        Some(Noun::Product(product)) => {
            product.contact.filter(|contact| !contact.trim().is_empty())
        }
        _ => None,
    })
}
