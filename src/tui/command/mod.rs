//! Everything the user can do on the screen, one row a command. Keys, footer, help
//! and dispatch are all read from these tables; there is no other list.

mod global;
mod page;
mod rows;

use super::effect::Effect;
use super::model::Model;

/// Where a command may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Everywhere.
    Global,
    /// On the rows of a pane.
    Rows,
    /// In an overlay.
    Page,
}

/// One thing to do.
pub struct Command {
    pub name: &'static str,
    pub scope: Scope,
    pub keys: &'static [&'static str],
    /// Two or three words for the footer; empty where it has no place there.
    pub short: &'static str,
    pub help: &'static str,
    /// Why it cannot run now, as a clause.
    pub ready: fn(&Model) -> Result<(), &'static str>,
    pub run: fn(&mut Model) -> Vec<Effect>,
}

const TABLES: &[&[Command]] = &[rows::COMMANDS, page::COMMANDS, global::COMMANDS];

/// Every command, in the order of the help.
pub fn all() -> impl Iterator<Item = &'static Command> {
    TABLES.iter().flat_map(|table| table.iter())
}

/// The commands of a scope.
pub fn of(scope: Scope) -> impl Iterator<Item = &'static Command> {
    all().filter(move |command| command.scope == scope)
}

/// Runs a command, or says in the footer why it cannot run.
pub fn run(command: &Command, model: &mut Model) -> Vec<Effect> {
    match (command.ready)(model) {
        Ok(()) => (command.run)(model),
        Err(why) => {
            model.notice = Some(format!("{}: {why}.", command.help));
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
            assert!(!command.keys.is_empty(), "{}", command.name);
            for keys in command.keys {
                assert!(Chord::parse(keys).is_some(), "{}: {keys}", command.name);
            }
        }
    }

    #[test]
    fn no_two_commands_of_a_scope_share_a_key() {
        let chords: Vec<_> = all()
            .flat_map(|command| command.keys.iter().map(move |keys| (command, keys)))
            .map(|(command, keys)| (command.scope, command.name, Chord::parse(keys).unwrap()))
            .collect();
        for (index, (scope, name, chord)) in chords.iter().enumerate() {
            for (other_scope, other, theirs) in &chords[index + 1..] {
                let clash = chord == theirs
                    || (chord.first == theirs.first
                        && chord.second.is_none() != theirs.second.is_none());
                assert!(
                    scope != other_scope || !clash,
                    "{name} and {other} share {chord:?}"
                );
            }
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
