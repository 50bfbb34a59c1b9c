//! `FIELD=VALUE` as typed, into what the ledger keeps.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use thiserror::Error;

use super::{Edit, Field, fields, text};
use crate::domain::kind::Kind;
use crate::domain::noun::Setting;
use crate::domain::schedule::milestone::Committee;
use crate::domain::schedule::rule::Rule;
use crate::domain::when::{Reference, When};
use crate::domain::yes;

/// A field that cannot be written so.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct FieldError {
    pub message: String,
    pub hint: String,
    /// The name is wrong, not the value: exit 3, not 2.
    pub unknown: bool,
}

fn wrong(message: impl Into<String>, hint: impl Into<String>) -> FieldError {
    FieldError {
        message: message.into(),
        hint: hint.into(),
        unknown: false,
    }
}

/// A field that people write, by its name as typed; the error says which there are, or
/// what else changes it.
pub fn editable(kind: Kind, name: &str) -> Result<&'static Field, FieldError> {
    let name = name.trim().to_lowercase().replace('-', "_");
    let Some(field) = fields(kind).iter().find(|field| field.name == name) else {
        let known: Vec<&str> = fields(kind)
            .iter()
            .filter(|field| !matches!(field.edit, Edit::No(_)))
            .map(|field| field.name)
            .collect();
        return Err(FieldError {
            message: format!("A {} has no field {name}.", kind.word()),
            hint: format!("These can be set: {}.", known.join(", ")),
            unknown: true,
        });
    };
    if let Edit::No(why) = field.edit {
        return Err(wrong(
            format!("{name} is not written by hand."),
            format!("{}.", capital(why)),
        ));
    }
    Ok(field)
}

/// The ledger's fields and values for one typed field; an empty value empties it.
pub fn parse(
    kind: Kind,
    name: &str,
    text: &str,
    setting: &Setting<'_>,
    now: DateTime<Utc>,
) -> Result<Vec<(String, Value)>, FieldError> {
    let field = editable(kind, name)?;
    let reference = Reference {
        now,
        zone: setting.zone,
        calendar: setting.calendar,
    };
    let value = value(field.edit, field.name, text, &reference)?;
    Ok(vec![(field.name.to_owned(), value)])
}

/// What the ledger keeps, as a text that [`parse`] reads back to the same.
pub fn written(edit: Edit, kept: &Value) -> String {
    let list = |apart: &str, one: &dyn Fn(&Value) -> String| {
        let items = kept.as_array().map(Vec::as_slice).unwrap_or_default();
        items.iter().map(one).collect::<Vec<_>>().join(apart)
    };
    match edit {
        Edit::Yes | Edit::YesNo if kept == true => "yes".to_owned(),
        Edit::YesNo if kept.is_null() => String::new(),
        Edit::Yes | Edit::YesNo => "no".to_owned(),
        Edit::Names => list("\n", &text),
        Edit::Targets => list(", ", &|target| {
            format!("{}/{}", text(&target["platform"]), text(&target["arch"]))
        }),
        Edit::No(_)
        | Edit::Text
        | Edit::Name
        | Edit::Day
        | Edit::When
        | Edit::Link
        | Edit::Mail
        | Edit::Person
        | Edit::Rule
        | Edit::Committee => text(kept),
    }
}

/// One value as typed, by the way its field is written.
pub fn value(
    edit: Edit,
    name: &str,
    text: &str,
    reference: &Reference<'_>,
) -> Result<Value, FieldError> {
    let text = text.trim();
    if text.is_empty() {
        return match edit {
            Edit::Name => Err(wrong(
                format!("{name} may not be empty."),
                "Give it a text.",
            )),
            Edit::Names | Edit::Targets => Ok(json!([])),
            _ => Ok(Value::Null),
        };
    }
    match edit {
        Edit::No(_) => Ok(Value::Null),
        Edit::Text | Edit::Name | Edit::Person => Ok(json!(text)),
        Edit::Day => Ok(json!(when(text, reference)?.day(reference.zone))),
        Edit::When => Ok(json!(when(text, reference)?)),
        Edit::Yes => yes(name, text),
        Edit::YesNo => match yes::read(text) {
            Some(said) => Ok(json!(said)),
            None => yes(name, text),
        },
        Edit::Link => link(name, text),
        Edit::Mail => mail(name, text),
        Edit::Names => Ok(json!(parts(text))),
        Edit::Targets => targets(text),
        Edit::Rule => match text.parse::<Rule>() {
            Ok(rule) => Ok(json!(rule.to_string())),
            Err(error) => Err(wrong(error.to_string(), error.hint())),
        },
        Edit::Committee => match Committee::from_word(&text.to_lowercase()) {
            Some(committee) => Ok(json!(committee)),
            None => Err(wrong(
                format!("{text:?} is not what a committee does."),
                "Write none, review or approval.",
            )),
        },
    }
}

fn when(text: &str, reference: &Reference<'_>) -> Result<When, FieldError> {
    When::parse(text, reference).map_err(|error| wrong(error.message, error.hint))
}

fn yes(name: &str, text: &str) -> Result<Value, FieldError> {
    match yes::read(text) {
        Some(true) => Ok(json!(true)),
        Some(false) => Ok(Value::Null),
        None => Err(wrong(
            format!("{name} is yes or no, not {text:?}."),
            "Write yes or no.",
        )),
    }
}

fn link(name: &str, text: &str) -> Result<Value, FieldError> {
    let plain = text
        .chars()
        .all(|letter| !letter.is_whitespace() && !letter.is_control());
    let scheme = text.starts_with("https://") || text.starts_with("http://");
    if plain && scheme && text.len() > "https://".len() {
        Ok(json!(text))
    } else {
        Err(wrong(
            format!("{name} is not a link: {text:?}."),
            "Write it as https://…",
        ))
    }
}

fn mail(name: &str, text: &str) -> Result<Value, FieldError> {
    if crate::domain::people::is_mail(text) {
        Ok(json!(text))
    } else {
        Err(wrong(
            format!("{name} is not a mail address: {text:?}."),
            "Write it as name@example.org.",
        ))
    }
}

fn parts(text: &str) -> Vec<&str> {
    text.split([',', '\n'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect()
}

fn targets(text: &str) -> Result<Value, FieldError> {
    let mut targets = Vec::new();
    for part in parts(text) {
        match part.split_once('/') {
            Some((platform, arch)) if !platform.is_empty() && !arch.is_empty() => {
                targets.push(json!({"platform": platform, "arch": arch}));
            }
            _ => {
                return Err(wrong(
                    format!("{part:?} names no platform and architecture."),
                    "Write it as PLATFORM/ARCH: al9/x86_64.",
                ));
            }
        }
    }
    Ok(Value::Array(targets))
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some('`') | None => text.to_owned(),
        Some(first) => first.to_uppercase().chain(letters).collect(),
    }
}
