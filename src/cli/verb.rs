//! One command of the command line: a deed, read from its row, or what has code of its
//! own because it only looks, or makes and keeps whole desks.

use clap::{ArgMatches, Command};

use super::context::Context;
use super::deed;
use crate::workspace::deed::{Deed, Group};
use crate::workspace::refusal::Refusal;

/// One command of the command line.
#[derive(Clone, Copy)]
pub enum Verb {
    Deed(&'static Deed),
    Own(&'static Own),
}

/// A command with arguments and code of its own.
pub struct Own {
    /// What is typed, `cycle check` for a command of a group.
    pub name: &'static str,
    /// One line, no stop at its end.
    pub about: &'static str,
    pub group: Group,
    /// Adds its arguments; called only for a command that was typed.
    pub args: fn(Command) -> Command,
    pub run: fn(&ArgMatches, &mut Context) -> Result<(), Refusal>,
}

impl Verb {
    pub fn name(self) -> &'static str {
        match self {
            Self::Deed(deed) => deed.name,
            Self::Own(own) => own.name,
        }
    }

    pub fn about(self) -> &'static str {
        match self {
            Self::Deed(deed) => deed.about,
            Self::Own(own) => own.about,
        }
    }

    pub fn group(self) -> Group {
        match self {
            Self::Deed(deed) => deed.group,
            Self::Own(own) => own.group,
        }
    }

    /// A command with its arguments.
    pub(super) fn with_args(self, command: Command) -> Command {
        match self {
            Self::Deed(deed) => deed::with_args(deed, command),
            Self::Own(own) => (own.args)(command),
        }
    }

    pub(super) fn run(self, matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
        match self {
            Self::Deed(deed) => deed::run(deed, matches, context),
            Self::Own(own) => (own.run)(matches, context),
        }
    }
}
