//! What is wrong with a schedule, as a value that people read and programs filter.
//! A problem never blocks; whoever acts on a schedule decides that.

use serde::{Deserialize, Serialize};

/// The kinds, by the name that JSON and filters use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProblemKind {
    BadRule,
    DuplicateCode,
    CircularRule,
    UndefinedReference,
    NoDate,
    /// Before what it follows, or the approved order turned round.
    OutOfOrder,
    /// Planned for before the release, and now after it.
    AfterRelease,
    /// No start makes the release milestone fall on the wanted day.
    OffTarget,
    Weekend,
    Holiday,
}

impl ProblemKind {
    pub fn word(self) -> &'static str {
        match self {
            Self::BadRule => "bad-rule",
            Self::DuplicateCode => "duplicate-code",
            Self::CircularRule => "circular-rule",
            Self::UndefinedReference => "undefined-reference",
            Self::NoDate => "no-date",
            Self::OutOfOrder => "out-of-order",
            Self::AfterRelease => "after-release",
            Self::OffTarget => "off-target",
            Self::Weekend => "weekend",
            Self::Holiday => "holiday",
        }
    }
}

/// Whether the schedule contradicts itself or is merely unusual.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    Error,
    Warning,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    pub code: ProblemKind,
    /// The codes of the milestones it is about, the one to look at first.
    pub milestones: Vec<String>,
    pub sentence: String,
    pub severity: Severity,
}

impl Problem {
    pub(super) fn error(code: ProblemKind, milestones: &[&str], sentence: String) -> Self {
        Self {
            code,
            milestones: owned(milestones),
            sentence,
            severity: Severity::Error,
        }
    }

    pub(super) fn warning(code: ProblemKind, milestones: &[&str], sentence: String) -> Self {
        Self {
            code,
            milestones: owned(milestones),
            sentence,
            severity: Severity::Warning,
        }
    }
}

fn owned(codes: &[&str]) -> Vec<String> {
    codes.iter().map(|code| (*code).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_is_the_name_in_json() {
        for kind in [
            ProblemKind::BadRule,
            ProblemKind::DuplicateCode,
            ProblemKind::CircularRule,
            ProblemKind::UndefinedReference,
            ProblemKind::NoDate,
            ProblemKind::OutOfOrder,
            ProblemKind::AfterRelease,
            ProblemKind::OffTarget,
            ProblemKind::Weekend,
            ProblemKind::Holiday,
        ] {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.word());
        }
    }
}
