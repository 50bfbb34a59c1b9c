//! What the last cycle taught: a note with votes.

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LessonKind {
    WentWell,
    Improve,
    Puzzle,
}

impl LessonKind {
    pub const ALL: [Self; 3] = [Self::WentWell, Self::Improve, Self::Puzzle];

    pub const WORDS: [&'static str; 3] = [
        Self::WentWell.word(),
        Self::Improve.word(),
        Self::Puzzle.word(),
    ];

    pub const fn word(self) -> &'static str {
        match self {
            Self::WentWell => "went-well",
            Self::Improve => "improve",
            Self::Puzzle => "puzzle",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.word() == word)
    }

    /// The mark that stands before it on the screen.
    pub fn mark(self) -> &'static str {
        match self {
            Self::WentWell => "+",
            Self::Improve => "-",
            Self::Puzzle => "?",
        }
    }
}

/// A lesson; the field names are the ledger's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lesson {
    pub id: String,
    pub kind: LessonKind,
    pub text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// The names of those who voted for it; one vote each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub votes: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
}
