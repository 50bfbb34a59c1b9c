//! `csv`: any table with a header. Columns are known by their names or by what the
//! caller maps; a row that does not say what it has to, or says it wrong, is rejected.

use serde_json::{Value, json};

use super::cell;
use super::error::ExchangeError;
use super::fields::{self, FieldRow};
use super::format::Context;
use super::gather::{Fields, Gather, given};
use super::key;
use super::row::Row;
use super::sheet::Sheet;
use super::{Import, Item};
use crate::domain::kind::Kind;
use crate::domain::queue::state::State;

/// The format's name.
pub const NAME: &str = "csv";

/// Which column is which field.
type Columns = Vec<(usize, &'static FieldRow)>;

pub(super) fn read(sheets: &[Sheet], context: &Context<'_>) -> Result<Import, ExchangeError> {
    let kind = kind(context)?;
    let mut gather = Gather::default();
    for sheet in sheets {
        let columns = columns(sheet, kind, context.mapping)?;
        say_columns(sheet, &columns, &mut gather);
        for row in &sheet.rows {
            let row = Row { sheet, row };
            if let Err(why) = take(row, kind, &columns, context, &mut gather) {
                gather.reject(row.source(), why);
            }
        }
    }
    Ok(gather.finish())
}

fn kind(context: &Context<'_>) -> Result<Kind, ExchangeError> {
    let kind = context.kind.ok_or_else(|| {
        ExchangeError::new(
            "It is not said what the rows of the table are.",
            format!("Add `--kind` and one of {}.", fields::kinds()),
        )
    })?;
    if fields::of(kind).next().is_none() {
        return Err(ExchangeError::new(
            format!("A {} is not imported from a table.", kind.word()),
            format!("A table may hold {}.", fields::kinds()),
        ));
    }
    Ok(kind)
}

fn columns(
    sheet: &Sheet,
    kind: Kind,
    mapping: &[(String, String)],
) -> Result<Columns, ExchangeError> {
    let mut columns = mapped(sheet, kind, mapping)?;
    for row in fields::of(kind) {
        if columns.iter().any(|(_, field)| field.name == row.name) {
            continue;
        }
        let free = |at: usize| columns.iter().all(|(taken, _)| *taken != at);
        let by_name = sheet.header.find(row.name).filter(|at| free(*at));
        let by_word = || {
            let mut names = sheet.header.columns().iter().enumerate();
            names
                .find(|(at, name)| free(*at) && row.is_called(name))
                .map(|(at, _)| at)
        };
        if let Some(at) = by_name.or_else(by_word) {
            columns.push((at, row));
        }
    }
    let missing = fields::of(kind)
        .find(|row| row.required && !columns.iter().any(|(_, field)| field.name == row.name));
    if let Some(missing) = missing {
        return Err(ExchangeError::new(
            format!(
                "No column of {} is the {} of a {}; its columns are {}.",
                sheet.name,
                missing.name,
                kind.word(),
                sheet.header.listed()
            ),
            format!("Say which one it is: `--map {}=COLUMN`.", missing.name),
        ));
    }
    Ok(columns)
}

/// The columns that the caller maps.
fn mapped(
    sheet: &Sheet,
    kind: Kind,
    mapping: &[(String, String)],
) -> Result<Columns, ExchangeError> {
    let mut columns = Columns::new();
    for (name, column) in mapping {
        let shown = crate::domain::plain::plain(name);
        let row = fields::of(kind).find(|row| row.name.eq_ignore_ascii_case(name.trim()));
        let row = row.ok_or_else(|| {
            ExchangeError::new(
                format!("A {} has no field \"{shown}\".", kind.word()),
                format!("Its fields are {}.", fields::listed(kind)),
            )
        })?;
        let at = sheet.header.find(column).ok_or_else(|| {
            ExchangeError::new(
                format!(
                    "{} has no column \"{}\".",
                    sheet.name,
                    crate::domain::plain::plain(column)
                ),
                format!("Its columns are {}.", sheet.header.listed()),
            )
        })?;
        if columns.iter().any(|(_, field)| field.name == row.name) {
            return Err(ExchangeError::new(
                format!("The field {shown} is mapped twice."),
                "Name one column for it.",
            ));
        }
        columns.push((at, row));
    }
    Ok(columns)
}

fn say_columns(sheet: &Sheet, columns: &Columns, gather: &mut Gather) {
    let mut unused = Vec::new();
    for (at, name) in sheet.header.columns().iter().enumerate() {
        let mut named = columns
            .iter()
            .filter(|(column, _)| *column == at)
            .peekable();
        if named.peek().is_none() && !name.is_empty() {
            unused.push(name.as_str());
        }
        for (_, field) in named.filter(|(_, field)| field.name != name) {
            gather.note(format!("column {name} of {} → {}", sheet.name, field.name));
        }
    }
    if !unused.is_empty() {
        gather.note(format!(
            "columns of {} that are not used: {}",
            sheet.name,
            unused.join(", ")
        ));
    }
}

fn take(
    row: Row<'_>,
    kind: Kind,
    columns: &Columns,
    context: &Context<'_>,
    gather: &mut Gather,
) -> Result<(), String> {
    let mut record = Fields::new();
    let mut counted = None;
    for (at, field) in columns {
        let text = row.row.cells.get(*at).map_or("", String::as_str);
        let Some(text) = given(text) else { continue };
        let value = cell::read(field, text, context.profile)?;
        if let (Kind::Ticket | Kind::Submission, "state", Some(word)) =
            (kind, field.name, value.as_str())
            && word != text
        {
            counted = Some((format!("state {text}"), word.to_owned()));
        }
        record.insert(field.name.to_owned(), value);
    }
    if let Some(missing) =
        fields::of(kind).find(|row| row.required && !record.contains_key(row.name))
    {
        return Err(format!("it has no {}", missing.name));
    }
    match kind {
        Kind::Ticket => counted = settle_ticket(&mut record, context).or(counted),
        Kind::Submission => settle_submission(&mut record, context),
        _ => {}
    }
    let source = row.source();
    if matches!(kind, Kind::Ticket | Kind::Submission) {
        gather.product(
            text(&record, "product"),
            given(text(&record, "provider")),
            &source,
        );
    }
    let key = record_key(kind, &record);
    if gather.add(Item {
        kind,
        key,
        source,
        fields: record,
    }) && let Some((from, to)) = counted
    {
        gather.count(&from, &to);
    }
    Ok(())
}

/// A ticket without a state is unverified; without a day of entry it is where it
/// is at least since the day of the source.
fn settle_ticket(record: &mut Fields, context: &Context<'_>) -> Option<(String, String)> {
    let as_of = record
        .remove("as_of")
        .or_else(|| context.as_of.map(|day| json!(day)));
    if !record.contains_key("entered") {
        record.insert("at_least".to_owned(), Value::Bool(true));
        record.extend(as_of.map(|day| ("entered".to_owned(), day)));
    }
    if record.contains_key("state") {
        return None;
    }
    let word = State::Unverified.word();
    record.insert("state".to_owned(), Value::from(word));
    Some(("no state".to_owned(), word.to_owned()))
}

fn settle_submission(record: &mut Fields, context: &Context<'_>) {
    let platform = record.remove("platform").unwrap_or_else(|| json!(""));
    let arch = record.remove("arch").unwrap_or_else(|| json!(""));
    let known = platform != "" || arch != "";
    let target = json!({ "platform": platform, "arch": arch });
    record.insert(
        "targets".to_owned(),
        if known { json!([target]) } else { json!([]) },
    );
    if !record.contains_key("submitted") {
        record.insert("at_least".to_owned(), Value::Bool(true));
        record.extend(
            context
                .as_of
                .map(|day| ("submitted".to_owned(), json!(day))),
        );
    }
}

fn text<'a>(record: &'a Fields, field: &str) -> &'a str {
    record
        .get(field)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

fn record_key(kind: Kind, record: &Fields) -> String {
    let of = |field| text(record, field);
    match kind {
        Kind::Ticket => key::ticket(
            of("product"),
            given(of("version")),
            of("platform"),
            of("arch"),
        ),
        Kind::Submission => key::submission(of("product"), given(of("version"))),
        Kind::Milestone => key::key(&[of("cycle"), of("code")]),
        Kind::Lesson | Kind::Action => key::key(&[of("text")]),
        _ => key::key(&[of("name")]),
    }
}

#[cfg(test)]
#[path = "mapped_csv_tests.rs"]
mod tests;
