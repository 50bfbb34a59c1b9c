//! Settling what two managers wrote at once, as an action (SYNC.md 3.12).

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resolve {
    pub id: String,
    /// None is the only one there is; `all` is every one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    pub how: Settle,
    /// What stands instead of either, or the merged text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    pub because: String,
    /// Only this record, and not what the same steps wrote in others.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub alone: bool,
}

/// How something contested is settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Settle {
    Mine,
    Theirs,
    Merge,
    Both,
    /// Not now: it stays contested.
    Later,
    /// By a value that is written out.
    Value,
}

impl Settle {
    pub const WORDS: [&'static str; 5] = ["mine", "theirs", "merge", "both", "later"];

    pub fn from_word(word: &str) -> Option<Self> {
        Some(match word.trim().to_lowercase().as_str() {
            "mine" => Self::Mine,
            "theirs" => Self::Theirs,
            "merge" => Self::Merge,
            "both" => Self::Both,
            "later" => Self::Later,
            _ => return None,
        })
    }

    /// Whether a value may be written out with it.
    pub const fn takes_value(self) -> bool {
        matches!(self, Self::Merge | Self::Value)
    }

    /// The word that is typed for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Mine => "mine",
            Self::Theirs => "theirs",
            Self::Merge => "merge",
            Self::Both => "both",
            Self::Later => "later",
            Self::Value => "value",
        }
    }
}
