//! What the user can ask for, one row a command. Keys, footer, help, palette, the
//! configuration's names and dispatch are all read from these tables; there is no other list.

mod asking;
mod contests;
mod deeds;
mod filter;
mod form;
mod global;
mod page;
mod picker;
mod record;
mod rows;
mod sharing;

pub use deeds::PREFIXES;

use std::sync::OnceLock;

use super::effect::Effect;
use super::model::Model;
use crate::workspace::deed::{self, Deed, Group};

/// Where a command may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Everywhere, also where text is written.
    Always,
    /// Everywhere but where text is written.
    Global,
    /// On the rows of a pane.
    Rows,
    /// On a page of text.
    Page,
    /// On a record that is open.
    Record,
    /// Among what two managers have to settle.
    Contests,
    /// In a form.
    Form,
    /// In a list that is searched.
    Picker,
    /// While a filter is typed.
    Filter,
}

impl Scope {
    pub const ALL: [Self; 9] = [
        Self::Rows,
        Self::Record,
        Self::Contests,
        Self::Page,
        Self::Picker,
        Self::Filter,
        Self::Form,
        Self::Global,
        Self::Always,
    ];

    pub fn title(self) -> &'static str {
        match self {
            Self::Always | Self::Global => "Everywhere",
            Self::Rows => "In a pane",
            Self::Page => "On a page",
            Self::Record => "On a record",
            Self::Contests => "On the conflicts",
            Self::Form => "In a form",
            Self::Picker => "In a list",
            Self::Filter => "In a filter",
        }
    }
}

/// One thing to do.
pub struct Command {
    pub name: &'static str,
    pub scope: Scope,
    pub keys: &'static [&'static str],
    /// Two or three words for the footer; empty where it has no place there.
    pub short: &'static str,
    pub help: &'static str,
    /// The shell's commands that do the same; none for what only a screen has.
    pub verbs: &'static [&'static str],
    pub run: Do,
}

/// What a command does.
#[derive(Clone, Copy)]
pub enum Do {
    /// Something about the screen; the first function says why it cannot run now, as a clause.
    Here(Ready, Run),
    /// Something to the desk.
    Deed(&'static Deed),
}

pub type Ready = fn(&Model) -> Result<(), &'static str>;
pub type Run = fn(&mut Model) -> Vec<Effect>;

impl Command {
    /// A row without a condition.
    const fn new(
        name: &'static str,
        scope: Scope,
        keys: &'static [&'static str],
        help: &'static str,
        run: Run,
    ) -> Self {
        Self {
            name,
            scope,
            keys,
            short: "",
            help,
            verbs: &[],
            run: Do::Here(always, run),
        }
    }

    const fn short(self, short: &'static str) -> Self {
        Self { short, ..self }
    }

    /// Runs only while the condition holds.
    const fn when(self, ready: Ready) -> Self {
        let run = match self.run {
            Do::Here(_, run) => Do::Here(ready, run),
            deed @ Do::Deed(_) => deed,
        };
        Self { run, ..self }
    }

    /// Does what commands of the shell do.
    const fn like(self, verbs: &'static [&'static str]) -> Self {
        Self { verbs, ..self }
    }

    /// Why it cannot run now, as a clause.
    pub fn ready(&self, model: &Model) -> Result<(), &'static str> {
        match self.run {
            Do::Here(ready, _) => ready(model),
            Do::Deed(deed) => model.can(deed),
        }
    }

    /// How the palette sorts it.
    pub fn group(&self) -> Group {
        match self.run {
            Do::Here(..) => Group::Look,
            Do::Deed(deed) => deed.group,
        }
    }
}

const TABLES: &[&[Command]] = &[
    rows::COMMANDS,
    record::COMMANDS,
    contests::COMMANDS,
    page::COMMANDS,
    picker::COMMANDS,
    filter::COMMANDS,
    form::COMMANDS,
    global::COMMANDS,
    asking::COMMANDS,
    sharing::COMMANDS,
];

/// Every command, in the order of the help: those of the screen, then what is done to the desk.
pub fn all() -> impl Iterator<Item = &'static Command> {
    static DEEDS: OnceLock<Vec<Command>> = OnceLock::new();
    let deeds = DEEDS.get_or_init(|| deed::all().map(deeds::row).collect());
    let here = TABLES.iter().flat_map(|table| table.iter());
    here.chain(deeds)
}

/// The commands of a scope.
pub fn of(scope: Scope) -> impl Iterator<Item = &'static Command> {
    all().filter(move |command| command.scope == scope)
}

/// The command of a name.
pub fn named(name: &str) -> Option<&'static Command> {
    all().find(|command| command.name == name)
}

/// Runs a command, or says in the footer why it cannot run.
pub fn run(command: &Command, model: &mut Model) -> Vec<Effect> {
    match (command.ready(model), command.run) {
        (Ok(()), Do::Here(_, run)) => run(model),
        (Ok(()), Do::Deed(deed)) => model.begin(deed),
        (Err(why), _) => {
            model.complain(format!("{}: {why}.", command.help));
            Vec::new()
        }
    }
}

fn always(_: &Model) -> Result<(), &'static str> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::keymap::Chord;

    #[test]
    fn every_key_can_be_pressed() {
        for command in all() {
            for keys in command.keys {
                assert!(Chord::parse(keys).is_some(), "{}: {keys}", command.name);
            }
        }
    }

    #[test]
    fn what_the_footer_shows_has_a_key() {
        for command in all().filter(|command| !command.short.is_empty()) {
            assert!(!command.keys.is_empty(), "{}", command.name);
        }
    }

    #[test]
    fn names_are_unique_and_help_has_no_final_stop() {
        let mut names: Vec<_> = all().map(|command| command.name).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
        for command in all() {
            assert!(
                !command.help.is_empty() && !command.help.ends_with('.'),
                "{}",
                command.name
            );
        }
    }
}
