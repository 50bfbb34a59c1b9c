//! Steps about who shares the desk: its founding for others, who is let in, with which role, and
//! who leaves. Dates and reasons are for the history; keys decide.

use serde::{Deserialize, Serialize};

use crate::ledger::{Key, Role};

/// A step about the members of a shared desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "kebab-case")]
pub enum MemberAction {
    /// The desk is shared from here on, and belongs to this device's key.
    Share { key: Key },
    /// Lets a device in, as this person.
    Admit {
        key: Key,
        person: String,
        role: Role,
        device: String,
    },
    Role {
        person: String,
        role: Role,
        reason: Option<String>,
    },
    Remove {
        person: String,
        reason: Option<String>,
    },
}

impl MemberAction {
    pub fn subject(&self) -> Option<&str> {
        match self {
            Self::Share { .. } => None,
            Self::Admit { person, .. }
            | Self::Role { person, .. }
            | Self::Remove { person, .. } => Some(person),
        }
    }

    /// The words of the command and whom it is about, for the history.
    pub fn title(&self) -> String {
        let verb = self.verb();
        match self {
            Self::Share { .. } => verb.to_owned(),
            Self::Admit { person, role, .. } => {
                format!("{verb} {person} as {}", role.word())
            }
            Self::Role { person, role, .. } => format!("{verb} {person} {}", role.word()),
            Self::Remove { person, .. } => format!("{verb} {person}"),
        }
    }

    pub const fn verb(&self) -> &'static str {
        match self {
            Self::Share { .. } => "share create",
            Self::Admit { .. } => "share approve",
            Self::Role { .. } => "share role",
            Self::Remove { .. } => "share remove",
        }
    }
}
