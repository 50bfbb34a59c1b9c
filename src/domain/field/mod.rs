//! A field is one row: list column, JSON, filter, export and `set` all follow
//! it. Reads and parses; writes nothing.

mod announcement;
mod milestone;
mod other;
mod parse;
mod problem;
mod release;
mod submission;
mod ticket;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Map, Value};

use super::kind::Kind;
use super::noun::{Noun, Setting};
use super::queue::clocks::{self, SubmissionClock, TicketClock};
use super::rollout::ledger::Figures;

pub use parse::{FieldError, editable, parse, value, written};

/// One field of a kind.
pub struct Field {
    /// Its name in JSON, filters, `set` and the header of an export.
    pub name: &'static str,
    /// Its name for people.
    pub label: &'static str,
    pub get: fn(&Seen<'_>) -> Value,
    pub edit: Edit,
    /// Whether a list shows it as a column of its own.
    pub column: bool,
    /// Whether an export leaves it out: it is for the managers alone.
    pub internal: bool,
}

/// How a person may write a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Not by hand; the text says what changes it.
    No(&'static str),
    Text,
    /// A text that may not be empty.
    Name,
    Day,
    When,
    Yes,
    /// Where `no` says something else than nothing at all.
    YesNo,
    Link,
    Mail,
    Person,
    /// Names apart by commas or lines.
    Names,
    /// `PLATFORM/ARCH`, apart by commas.
    Targets,
    Rule,
    Committee,
}

/// A record with the clocks that its fields read.
pub struct Seen<'a> {
    pub noun: &'a Noun,
    pub setting: &'a Setting<'a>,
    pub now: DateTime<Utc>,
    pub today: NaiveDate,
    pub ticket_clock: Option<TicketClock>,
    pub submission_clock: Option<SubmissionClock>,
    /// Of a site, where the announcements were read; they are other records.
    pub figures: Option<Figures>,
    /// Of a ticket, whether it could move on as things are; what it needs is in other
    /// records, so it is asked only by the field that tells it.
    pub can_move: Option<Box<dyn Fn() -> bool + 'a>>,
}

impl<'a> Seen<'a> {
    pub fn new(noun: &'a Noun, setting: &'a Setting<'a>, now: DateTime<Utc>) -> Self {
        let today = setting.zone.day(now);
        let ticket_clock = match noun {
            Noun::Ticket(ticket) => Some(clocks::ticket_reading(ticket, setting, today)),
            _ => None,
        };
        let submission_clock = match noun {
            Noun::Submission(submission) => {
                Some(clocks::submission_reading(submission, setting, today))
            }
            _ => None,
        };
        Self {
            noun,
            setting,
            now,
            today,
            ticket_clock,
            submission_clock,
            figures: None,
            can_move: None,
        }
    }
}

/// Who is on it, or who wrote it: the program's to write, and still the name of a person.
const WHO: [&str; 2] = ["by", "claimed_by"];

/// Whether a field is told in a person's own words, so that two of them may stand after each
/// other; a person, a day, a link or a rule is one or the other.
pub fn in_own_words(kind: Kind, name: &str) -> bool {
    let known = fields(kind).iter().find(|field| field.name == name);
    match known.map(|field| field.edit) {
        Some(Edit::Text | Edit::Name) => true,
        Some(Edit::No(_)) | None => !WHO.contains(&name),
        Some(_) => false,
    }
}

/// The fields of a kind, in the order they are shown.
pub fn fields(kind: Kind) -> &'static [Field] {
    match kind {
        Kind::Ticket => ticket::FIELDS,
        Kind::Submission => submission::FIELDS,
        Kind::Milestone => milestone::FIELDS,
        Kind::Cycle => milestone::CYCLE,
        Kind::Product => other::PRODUCT,
        Kind::Site => other::SITE,
        Kind::Person => other::PERSON,
        Kind::Lesson => other::LESSON,
        Kind::Action => other::ACTION,
        Kind::Message => other::MESSAGE,
        Kind::Announcement => announcement::FIELDS,
        Kind::Problem => problem::PROBLEM,
        Kind::KnownError => problem::KNOWN_ERROR,
        Kind::Release => release::FIELDS,
        Kind::Desk | Kind::ReleasePackage | Kind::Decision | Kind::Meeting => &[],
    }
}

/// The wanted fields of a record as JSON.
pub fn object(seen: &Seen<'_>, wanted: impl Fn(&str) -> bool) -> Map<String, Value> {
    fields(seen.noun.kind())
        .iter()
        .filter(|field| wanted(field.name))
        .map(|field| (field.name.to_owned(), (field.get)(seen)))
        .collect()
}

const fn shown(
    name: &'static str,
    label: &'static str,
    get: fn(&Seen<'_>) -> Value,
    edit: Edit,
) -> Field {
    Field {
        name,
        label,
        get,
        edit,
        column: true,
        internal: false,
    }
}

const fn more(
    name: &'static str,
    label: &'static str,
    get: fn(&Seen<'_>) -> Value,
    edit: Edit,
) -> Field {
    Field {
        name,
        label,
        get,
        edit,
        column: false,
        internal: false,
    }
}

/// One that only the managers see: no export has it.
const fn internal(
    name: &'static str,
    label: &'static str,
    get: fn(&Seen<'_>) -> Value,
    edit: Edit,
) -> Field {
    Field {
        internal: true,
        ..more(name, label, get, edit)
    }
}

/// A value as a person reads it in a cell.
pub fn text(value: &Value) -> String {
    match value {
        Value::Null | Value::Bool(false) => String::new(),
        Value::Bool(true) => "yes".to_owned(),
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(", "),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| format!("{name}: {}", text(value)))
            .collect::<Vec<_>>()
            .join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::kind::KINDS;

    #[test]
    fn no_two_fields_of_a_kind_share_a_name() {
        for row in KINDS {
            let fields = fields(row.kind);
            for (index, field) in fields.iter().enumerate() {
                assert!(
                    fields[index + 1..]
                        .iter()
                        .all(|other| other.name != field.name)
                );
                assert!(
                    field
                        .name
                        .chars()
                        .all(|letter| letter.is_ascii_lowercase() || letter == '_')
                );
            }
        }
    }

    #[test]
    fn whoever_is_on_it_is_a_person_and_not_a_text_though_the_program_writes_it() {
        for (kind, name, words) in [
            (Kind::Ticket, "testbed", true),
            (Kind::Ticket, "owner", false),
            (Kind::Ticket, "claimed_by", false),
            (Kind::Lesson, "by", false),
            (Kind::Milestone, "rule", false),
            (Kind::Message, "body", true),
        ] {
            assert_eq!(in_own_words(kind, name), words, "{kind:?} {name}");
        }
    }
}
