//! What a plain CSV may say of each kind: one row a field, with the words that
//! people write over such a column.

use super::header::folded;
use crate::domain::kind::Kind;

/// How a cell is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Text,
    /// `YYYY-MM-DD`.
    Day,
    /// A day, an instant, or a day anywhere on Earth.
    Moment,
    /// yes or no.
    Flag,
    /// Split at `;` and `,`.
    List,
    /// Split at spaces as well.
    Words,
    /// A word of the kind: a state, a lesson's kind, a committee's part.
    Word,
}

/// One field of one kind.
pub struct FieldRow {
    pub kind: Kind,
    pub name: &'static str,
    /// Other names of the column.
    pub words: &'static [&'static str],
    pub shape: Shape,
    /// A row without it is no record.
    pub required: bool,
}

const fn field(
    kind: Kind,
    name: &'static str,
    shape: Shape,
    words: &'static [&'static str],
) -> FieldRow {
    FieldRow {
        kind,
        name,
        words,
        shape,
        required: false,
    }
}

const fn required(kind: Kind, name: &'static str, words: &'static [&'static str]) -> FieldRow {
    FieldRow {
        kind,
        name,
        words,
        shape: Shape::Text,
        required: true,
    }
}

const PRODUCT: &[&str] = &["component", "software", "product name"];
const PROVIDER: &[&str] = &["technology provider", "tp", "product team", "pt"];
const PLATFORM: &[&str] = &["os", "operating system", "distribution"];
const ARCH: &[&str] = &["architecture"];
const VERSION: &[&str] = &["release", "product version"];
const STATE: &[&str] = &["status"];
const NOTES: &[&str] = &["release notes", "notes"];
const CHANNEL: &[&str] = &["ggus", "ggus id", "helpdesk"];
const MAIL: &[&str] = &["email", "e-mail", "address"];
const OWNER: &[&str] = &["responsible", "assignee", "who"];
const TEXT: &[&str] = &["description", "summary", "what"];

/// Every field that a plain CSV may hold.
#[rustfmt::skip]
pub const FIELDS: &[FieldRow] = &[
    required(Kind::Ticket, "product", PRODUCT),
    field(Kind::Ticket, "version", Shape::Text, VERSION),
    field(Kind::Ticket, "platform", Shape::Text, PLATFORM),
    field(Kind::Ticket, "arch", Shape::Text, ARCH),
    field(Kind::Ticket, "provider", Shape::Text, PROVIDER),
    field(Kind::Ticket, "state", Shape::Word, STATE),
    field(Kind::Ticket, "entered", Shape::Day, &["since", "state since"]),
    field(Kind::Ticket, "as_of", Shape::Day, &[]),
    field(Kind::Ticket, "expected", Shape::Day, &["expected finish"]),
    field(Kind::Ticket, "promised", Shape::Day, &["promise"]),
    field(Kind::Ticket, "verifier", Shape::Text, &[]),
    field(Kind::Ticket, "owner", Shape::Text, OWNER),
    field(Kind::Ticket, "delay_reason", Shape::Text, &[]),
    field(Kind::Ticket, "closing_reason", Shape::Text, &[]),
    field(Kind::Ticket, "channel_id", Shape::Text, CHANNEL),
    field(Kind::Ticket, "tracking_id", Shape::Text, &["rt", "rt id"]),
    field(Kind::Ticket, "notes_url", Shape::Text, NOTES),
    field(Kind::Ticket, "emergency", Shape::Flag, &[]),
    field(Kind::Ticket, "packages", Shape::Words, &[]),

    required(Kind::Submission, "product", PRODUCT),
    field(Kind::Submission, "version", Shape::Text, VERSION),
    field(Kind::Submission, "platform", Shape::Text, PLATFORM),
    field(Kind::Submission, "arch", Shape::Text, ARCH),
    field(Kind::Submission, "provider", Shape::Text, PROVIDER),
    field(Kind::Submission, "state", Shape::Word, STATE),
    field(Kind::Submission, "submitted", Shape::Day, &["release date", "date"]),
    field(Kind::Submission, "owner", Shape::Text, OWNER),
    field(Kind::Submission, "reason", Shape::Text, &[]),
    field(Kind::Submission, "channel_id", Shape::Text, CHANNEL),
    field(Kind::Submission, "support_unit", Shape::Text, &[]),
    field(Kind::Submission, "notes_url", Shape::Text, NOTES),
    field(Kind::Submission, "emergency", Shape::Flag, &[]),
    field(Kind::Submission, "packages", Shape::Words, &[]),

    required(Kind::Product, "name", &["product", "component", "software", "product name"]),
    field(Kind::Product, "provider", Shape::Text, PROVIDER),
    field(Kind::Product, "contact", Shape::Text, MAIL),
    field(Kind::Product, "team_leader", Shape::Text, &[]),
    field(Kind::Product, "description", Shape::Text, &[]),
    field(Kind::Product, "documentation", Shape::Text, &[]),
    field(Kind::Product, "support_unit", Shape::Text, &[]),
    field(Kind::Product, "licence", Shape::Text, &["license"]),
    field(Kind::Product, "version_report", Shape::Text, &[]),

    required(Kind::Site, "name", &["site", "site name"]),
    field(Kind::Site, "country", Shape::Text, &[]),
    field(Kind::Site, "contact", Shape::Text, MAIL),

    required(Kind::Milestone, "cycle", &["meta-release"]),
    required(Kind::Milestone, "code", &["milestone", "id"]),
    field(Kind::Milestone, "name", Shape::Text, &["title"]),
    field(Kind::Milestone, "rule", Shape::Text, &[]),
    field(Kind::Milestone, "planned", Shape::Moment, &["planned date"]),
    field(Kind::Milestone, "current", Shape::Moment, &["due", "date", "due date"]),
    field(Kind::Milestone, "actual", Shape::Moment, &["done", "actual date"]),
    field(Kind::Milestone, "committee", Shape::Word, &["tsc"]),
    field(Kind::Milestone, "owner", Shape::Text, OWNER),

    required(Kind::Person, "name", &["person"]),
    field(Kind::Person, "mail", Shape::Text, MAIL),
    field(Kind::Person, "organisation", Shape::Text, &["organization", "company", "institute"]),
    field(Kind::Person, "roles", Shape::List, &["role"]),

    required(Kind::Lesson, "text", TEXT),
    FieldRow { kind: Kind::Lesson, name: "kind", words: &["category", "type"], shape: Shape::Word, required: true },
    field(Kind::Lesson, "about", Shape::Text, &[]),
    field(Kind::Lesson, "by", Shape::Text, &["author"]),
    field(Kind::Lesson, "votes", Shape::List, &[]),

    required(Kind::Action, "text", TEXT),
    field(Kind::Action, "owner", Shape::Text, OWNER),
    field(Kind::Action, "due", Shape::Day, &["date", "due date", "until"]),
    field(Kind::Action, "state", Shape::Word, STATE),
    field(Kind::Action, "about", Shape::Text, &[]),
];

/// The fields of a kind; none means that the kind is not imported from a plain CSV.
pub fn of(kind: Kind) -> impl Iterator<Item = &'static FieldRow> {
    FIELDS.iter().filter(move |row| row.kind == kind)
}

/// "product, version, state".
pub fn listed(kind: Kind) -> String {
    let names: Vec<&str> = of(kind).map(|row| row.name).collect();
    names.join(", ")
}

/// The kinds as `list` names them: "tickets, submissions".
pub fn kinds() -> String {
    let mut kinds: Vec<&str> = Vec::new();
    for row in FIELDS {
        let name = row.kind.plural().unwrap_or(row.kind.word());
        if !kinds.contains(&name) {
            kinds.push(name);
        }
    }
    kinds.join(", ")
}

impl FieldRow {
    /// The column's name is this field's name or one of its words.
    pub(super) fn is_called(&self, column: &str) -> bool {
        let column = folded(column);
        folded(self.name) == column || self.words.iter().any(|word| folded(word) == column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_fields_of_a_kind_answer_to_the_same_word() {
        for (at, row) in FIELDS.iter().enumerate() {
            for other in FIELDS[at + 1..]
                .iter()
                .filter(|other| other.kind == row.kind)
            {
                for word in other.words.iter().chain([&other.name]) {
                    assert!(!row.is_called(word), "{word} of {}", row.kind.word());
                }
            }
        }
    }

    #[test]
    fn every_kind_has_something_that_makes_it_a_record() {
        for row in FIELDS {
            assert!(of(row.kind).any(|row| row.required));
            assert!(row.kind.plural().is_some());
        }
        assert_eq!(
            kinds(),
            "tickets, submissions, products, sites, milestones, people, lessons, actions"
        );
    }
}
