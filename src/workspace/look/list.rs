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
    /// The fields that are shown; none is all of them.
    pub columns: Option<Vec<&'static str>>,
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
    // A schedule reads from its start, not from what is late.
    let by_date = (kind == Kind::Milestone).then(|| "due".to_owned());
    let sort = asked.sort.as_ref().or(by_date.as_ref());
    let sort = sort.map(|text| Sort::parse(text, &names)).transpose()?;
    // Of a long list all fields of all records are much more than anybody sees.
    let is_shown = |name: &str| {
        let columns = asked.columns.as_ref();
        columns.is_none_or(|it| it.contains(&name)) || sort.as_ref().is_some_and(|it| it.by == name)
    };
    let mut rows = Vec::new();
    for row in look.reader.all(kind)? {
        let Some(noun) = row.noun()? else { continue };
        let seen = look.seen(&noun, &setting)?;
        let mut object = field::object(&seen, |name| filter.is_some() || is_shown(name));
        let newer = look.reader.needs_newer(kind, &row.id)?;
        let marks = [
            ("needs_newer", newer),
            ("contested", row.contested),
            ("breaks_a_rule", row.broken),
        ];
        for (word, is) in marks {
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
            object.retain(|name, _| is_shown(name) || marks.iter().any(|(word, _)| word == name));
            rows.push(object);
        }
    }
    if let Some(sort) = &sort {
        sort.put(&mut rows);
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

/// By which field a list is sorted.
struct Sort {
    by: String,
    backwards: bool,
}

impl Sort {
    fn parse(text: &str, names: &[&str]) -> Result<Self, Refusal> {
        let (backwards, name) = match text.strip_prefix('-') {
            Some(name) => (true, name),
            None => (false, text),
        };
        let by = name.to_lowercase().replace('-', "_");
        if !names.contains(&by.as_str()) {
            return Err(Refusal::usage(
                format!("There is no field {by} to sort by."),
                format!("There are {}.", names.join(", ")),
            ));
        }
        Ok(Self { by, backwards })
    }

    fn put(&self, rows: &mut [Map<String, Value>]) {
        rows.sort_by(|a, b| {
            let order = compare(a.get(&self.by), b.get(&self.by));
            if self.backwards {
                order.reverse()
            } else {
                order
            }
        });
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::fixture::Desk;

    #[test]
    fn a_list_of_some_columns_has_the_same_rows_with_no_more_than_those() {
        let desk = Desk::with_tickets();
        let rows =
            |filter: Option<&str>, sort: Option<&str>, columns: Option<Vec<&'static str>>| {
                let asked = Asked {
                    filter: filter.map(str::to_owned),
                    sort: sort.map(str::to_owned),
                    columns,
                };
                desk.look(|look| list(look, Kind::Ticket, &asked)).unwrap()
            };
        for filter in [None, Some("product~arc"), Some("el9"), Some("not overdue")] {
            for sort in [None, Some("-platform")] {
                let whole = rows(filter, sort, None);
                let some = rows(filter, sort, Some(vec!["id", "state"]));
                assert_eq!(whole.len(), some.len());
                assert!(!some.is_empty());
                for (whole, some) in whole.iter().zip(&some) {
                    assert!(some.contains_key("id") && !some.contains_key("product"));
                    assert!(some.iter().all(|(name, value)| whole[name] == *value));
                }
            }
        }
    }
}
