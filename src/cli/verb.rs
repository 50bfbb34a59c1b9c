//! The table of commands: the parser, the help, the man page and the README
//! come from it. One row, one file.

use clap::{ArgMatches, Command};

use super::context::Context;
use crate::workspace::refusal::Refusal;

/// One command of the command line.
pub struct Verb {
    /// What is typed, `ticket delay` for a command of a group.
    pub name: &'static str,
    /// One line, no stop at its end.
    pub about: &'static str,
    pub group: Group,
    /// Adds its arguments; called only for the command that is run.
    pub args: fn(Command) -> Command,
    pub run: fn(&ArgMatches, &mut Context) -> Result<(), Refusal>,
}

/// How the help sorts commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    Look,
    Schedule,
    Queue,
    Records,
    Outbox,
    Exchange,
    Care,
}

impl Group {
    pub const ALL: [Self; 7] = [
        Self::Look,
        Self::Schedule,
        Self::Queue,
        Self::Records,
        Self::Outbox,
        Self::Exchange,
        Self::Care,
    ];

    pub fn title(self) -> &'static str {
        match self {
            Self::Look => "Looking",
            Self::Schedule => "Schedule",
            Self::Queue => "Verification queue",
            Self::Records => "Records and people",
            Self::Outbox => "Outbox",
            Self::Exchange => "Exchange",
            Self::Care => "Desk and care",
        }
    }
}
