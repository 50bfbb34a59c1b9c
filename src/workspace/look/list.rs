//! Any kind of record as a list: the same rows for the shell, JSON and exports.

use serde_json::{Map, Value};

use super::Look;
use crate::domain::field::{self, fields};
use crate::domain::filter::{Filter, FilterError};
use crate::domain::kind::{KINDS, Kind};
use crate::domain::noun::Noun;
use crate::domain::schedule::standing;
use crate::workspace::refusal::Refusal;

/// What to list.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    pub filter: Option<String>,
    /// A field's name; `-` before it turns the order round. None is by urgency.
    pub sort: Option<String>,
}

impl From<FilterError> for Refusal {
    fn from(error: FilterError) -> Self {
        Self::usage(error.message, error.hint)
    }
}

/// The kind that a list's name means.
pub fn kind(name: &str) -> Result<Kind, Refusal> {
    Kind::from_list_name(name).ok_or_else(|| {
        let names: Vec<&str> = KINDS.iter().filter_map(|row| row.plural).collect();
        Refusal::usage(
            format!("There is no list of {name}."),
            format!("There are {}.", names.join(", ")),
        )
    })
}

/// Whether a list of tickets is asked for what could move now.
pub fn asks_what_can_move(asked: &Asked) -> bool {
    let filter = asked.filter.as_deref().unwrap_or_default();
    filter.replace('-', "_").contains("can_move")
}

/// The records of a kind as JSON objects, open ones and the most urgent first.
pub fn list(
    look: &Look<'_>,
    kind: Kind,
    asked: &Asked,
) -> Result<Vec<Map<String, Value>>, Refusal> {
    let names: Vec<&str> = fields(kind).iter().map(|field| field.name).collect();
    let filter = asked
        .filter
        .as_deref()
        .map(|text| Filter::parse(text, &names))
        .transpose()?;
    let judged = look.judged()?;
    let setting = look.setting(&judged);
    let next = next_milestone(look, kind)?;
    let mut rows = Vec::new();
    for row in look.reader.all(kind)? {
        let Some(noun) = row.noun()? else { continue };
        let mut object = field::object(&look.seen(&noun, &setting)?);
        let newer = look.reader.needs_newer(kind, &row.id)?;
        for (word, is) in [
            ("needs_newer", newer),
            ("contested", row.contested),
            ("breaks_a_rule", row.broken),
        ] {
            if is {
                object.insert(word.to_owned(), true.into());
            }
        }
        if (row.contested || newer) && kind == Kind::Ticket {
            object.insert("can_move".to_owned(), false.into());
        }
        if next.as_deref() == Some(&row.id)
            && let Noun::Milestone(milestone) = &noun
        {
            let state = standing::standing(milestone, look.now, &look.zone, true).word();
            object.insert("state".to_owned(), state.into());
        }
        if filter.as_ref().is_none_or(|filter| filter.passes(&object)) {
            rows.push(object);
        }
    }
    // A schedule reads from its start, not from what is late.
    let by_date = (kind == Kind::Milestone).then(|| "due".to_owned());
    if let Some(sort) = asked.sort.as_ref().or(by_date.as_ref()) {
        sort_by(&mut rows, sort, &names)?;
    }
    Ok(rows)
}

fn next_milestone(look: &Look<'_>, kind: Kind) -> Result<Option<String>, Refusal> {
    if kind != Kind::Milestone {
        return Ok(None);
    }
    for row in look.reader.first_open(kind, 64)? {
        if row.due_on.is_some_and(|due| due >= look.today) {
            return Ok(Some(row.id));
        }
    }
    Ok(None)
}

fn sort_by(rows: &mut [Map<String, Value>], sort: &str, names: &[&str]) -> Result<(), Refusal> {
    let (backwards, name) = match sort.strip_prefix('-') {
        Some(name) => (true, name),
        None => (false, sort),
    };
    let name = name.to_lowercase().replace('-', "_");
    if !names.contains(&name.as_str()) {
        return Err(Refusal::usage(
            format!("There is no field {name} to sort by."),
            format!("There are {}.", names.join(", ")),
        ));
    }
    rows.sort_by(|a, b| {
        let order = compare(a.get(&name), b.get(&name));
        if backwards { order.reverse() } else { order }
    });
    Ok(())
}

/// Empty values come last, numbers count, ids and versions sort by their numbers.
fn compare(a: Option<&Value>, b: Option<&Value>) -> std::cmp::Ordering {
    let key = |value: Option<&Value>| {
        let text = value.map(field::text).unwrap_or_default();
        let number = value.and_then(Value::as_i64);
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let letters: String = text
            .chars()
            .filter(|letter| !letter.is_ascii_digit())
            .collect();
        (
            text.is_empty(),
            number,
            letters.to_lowercase(),
            digits.len(),
            digits,
        )
    };
    key(a).cmp(&key(b))
}
