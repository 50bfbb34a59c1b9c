//! The kinds of record a desk holds, their id letters and their names in lists.
//! Knows nothing of what a record contains.

use serde::{Deserialize, Serialize};

/// A kind of record. The order is the order of `list` and of the help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    Desk,
    Cycle,
    Milestone,
    Submission,
    Ticket,
    Product,
    Site,
    Announcement,
    Problem,
    KnownError,
    Release,
    ReleasePackage,
    Decision,
    Action,
    Lesson,
    Meeting,
    Person,
    Message,
}

/// One row a kind: `letter` starts its numbered ids, `None` for kinds known by name.
pub struct KindRow {
    pub kind: Kind,
    /// The word stored in the ledger and in the projection.
    pub word: &'static str,
    pub letter: Option<char>,
    /// The name that `list` takes, `None` where a kind is not listed on its own.
    pub plural: Option<&'static str>,
}

const fn row(
    kind: Kind,
    word: &'static str,
    letter: Option<char>,
    plural: Option<&'static str>,
) -> KindRow {
    KindRow {
        kind,
        word,
        letter,
        plural,
    }
}

/// Every kind, in the order of the enum (PRODUCT.md section 3).
#[rustfmt::skip]
pub const KINDS: &[KindRow] = &[
    row(Kind::Desk,           "desk",            None,      None),
    row(Kind::Cycle,          "cycle",           None,      Some("cycles")),
    row(Kind::Milestone,      "milestone",       Some('M'), Some("milestones")),
    row(Kind::Submission,     "submission",      Some('S'), Some("submissions")),
    row(Kind::Ticket,         "ticket",          Some('T'), Some("tickets")),
    row(Kind::Product,        "product",         None,      Some("products")),
    row(Kind::Site,           "site",            None,      Some("sites")),
    row(Kind::Announcement,   "announcement",    Some('N'), Some("announcements")),
    row(Kind::Problem,        "problem",         Some('P'), Some("problems")),
    row(Kind::KnownError,     "known-error",     Some('E'), Some("errors")),
    row(Kind::Release,        "release",         None,      Some("releases")),
    row(Kind::ReleasePackage, "release-package", Some('K'), Some("release-packages")),
    row(Kind::Decision,       "decision",        Some('D'), Some("decisions")),
    row(Kind::Action,         "action",          Some('A'), Some("actions")),
    row(Kind::Lesson,         "lesson",          Some('L'), Some("lessons")),
    row(Kind::Meeting,        "meeting",         Some('W'), Some("meetings")),
    row(Kind::Person,         "person",          None,      Some("people")),
    row(Kind::Message,        "message",         Some('X'), Some("messages")),
];

impl Kind {
    fn row(self) -> &'static KindRow {
        &KINDS[self as usize]
    }

    /// The word stored in the ledger: `ticket`.
    pub fn word(self) -> &'static str {
        self.row().word
    }

    /// The letter that starts a numbered id: `T`.
    pub fn letter(self) -> Option<char> {
        self.row().letter
    }

    /// The name that `list` takes: `tickets`.
    pub fn plural(self) -> Option<&'static str> {
        self.row().plural
    }

    /// A number that never changes, for the projection's column.
    pub fn code(self) -> u8 {
        self as u8
    }

    pub fn from_code(code: u8) -> Option<Self> {
        KINDS.get(usize::from(code)).map(|row| row.kind)
    }

    pub fn from_word(word: &str) -> Option<Self> {
        KINDS
            .iter()
            .find(|row| row.word == word)
            .map(|row| row.kind)
    }

    /// Reads the name that `list` takes, singular or plural, any case.
    pub fn from_list_name(name: &str) -> Option<Self> {
        let name = name.to_lowercase();
        KINDS
            .iter()
            .find(|row| row.plural == Some(&name) || (row.plural.is_some() && row.word == name))
            .map(|row| row.kind)
    }

    /// The kind whose numbered ids start with this letter, any case.
    pub fn from_letter(letter: char) -> Option<Self> {
        KINDS
            .iter()
            .find(|row| row.letter == Some(letter.to_ascii_uppercase()))
            .map(|row| row.kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_sits_at_its_own_code() {
        for (code, row) in KINDS.iter().enumerate() {
            assert_eq!(usize::from(row.kind.code()), code);
            assert_eq!(Kind::from_word(row.word), Some(row.kind));
        }
    }

    #[test]
    fn no_two_kinds_share_a_letter_or_a_name() {
        for (index, row) in KINDS.iter().enumerate() {
            for other in &KINDS[index + 1..] {
                assert!(row.letter.is_none() || row.letter != other.letter);
                assert_ne!(row.word, other.word);
                assert!(row.plural.is_none() || row.plural != other.plural);
            }
        }
    }
}
