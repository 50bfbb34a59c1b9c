//! Which key means which command: the table's keys with the user's own in their place.
//! A key that cannot be used is named and its command keeps the one it had, so that
//! nobody is locked out by a line of a configuration.

use std::collections::BTreeMap;

use super::command::{self, Command, Do, Scope};
use super::keymap::{Chord, Press};

/// One key of one command.
#[derive(Clone, Copy, Debug)]
struct Binding {
    scope: Scope,
    chord: Chord,
    command: &'static Command,
}

/// All keys.
#[derive(Debug)]
pub struct Keys {
    bindings: Vec<Binding>,
    /// The keys of each command that has other ones than the table says.
    own: BTreeMap<&'static str, Vec<String>>,
}

/// What a press means where the user is.
#[derive(Debug)]
pub enum Found {
    Command(&'static Command),
    /// The first key of several.
    Prefix,
    Nothing,
}

/// A row for the list of all keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRow {
    pub name: &'static str,
    pub scope: &'static str,
    pub keys: Vec<String>,
    pub help: &'static str,
}

impl Keys {
    /// The table's keys, with the user's own; and what is wrong with those, a sentence each.
    pub fn new(asked: &BTreeMap<String, Vec<String>>) -> (Self, Vec<String>) {
        let mut faults = Vec::new();
        let mut own = BTreeMap::new();
        for (name, keys) in asked {
            let Some(command) = command::named(name) else {
                faults.push(unknown(name));
                continue;
            };
            let wrong = keys.iter().find(|keys| Chord::parse(keys).is_none());
            match wrong {
                Some(keys) => faults.push(format!(
                    "The key {keys:?} of `{name}` cannot be pressed; write ctrl-p, alt-x, `g o`, enter, pgdn."
                )),
                None => {
                    own.insert(command.name, keys.clone());
                }
            }
        }
        let mut keys = Self::bound(own.clone());
        // The user's keys give way to the table's one by one until none is in doubt.
        while let Some((name, fault)) = keys.clash() {
            faults.push(fault);
            if own.remove(name).is_none() {
                break;
            }
            keys = Self::bound(own.clone());
        }
        (keys, faults)
    }

    fn bound(own: BTreeMap<&'static str, Vec<String>>) -> Self {
        let mut bindings = Vec::new();
        for command in command::all() {
            let chords: Vec<Chord> = match own.get(command.name) {
                Some(keys) => keys.iter().filter_map(|keys| Chord::parse(keys)).collect(),
                None => command
                    .keys
                    .iter()
                    .filter_map(|keys| Chord::parse(keys))
                    .collect(),
            };
            bindings.extend(chords.into_iter().map(|chord| Binding {
                scope: command.scope,
                chord,
                command,
            }));
        }
        Self { bindings, own }
    }

    /// Two commands that a key cannot tell apart: whose own key is to give way, and why.
    fn clash(&self) -> Option<(&'static str, String)> {
        for (index, one) in self.bindings.iter().enumerate() {
            for other in &self.bindings[index + 1..] {
                if !one.clashes(other) {
                    continue;
                }
                let name = [other, one]
                    .into_iter()
                    .map(|binding| binding.command.name)
                    .find(|name| self.own.contains_key(name))
                    .unwrap_or(other.command.name);
                return Some((
                    name,
                    format!(
                        "The key `{}` stands for both `{}` and `{}`; `{name}` keeps its usual keys.",
                        other.chord, one.command.name, other.command.name
                    ),
                ));
            }
        }
        None
    }

    /// Finds what a press means, the innermost scope first.
    pub fn find(&self, scopes: &[Scope], pending: Option<Press>, press: Press) -> Found {
        let exact = match pending {
            Some(first) => Chord {
                first,
                second: Some(press),
            },
            None => Chord {
                first: press,
                second: None,
            },
        };
        for scope in scopes {
            let mut here = self.bindings.iter().filter(|it| it.scope == *scope);
            if let Some(found) = here.clone().find(|it| it.chord == exact) {
                return Found::Command(found.command);
            }
            if pending.is_none() && here.any(|it| it.chord.first == press) {
                return Found::Prefix;
            }
        }
        Found::Nothing
    }

    /// What can follow a first key, in the order of the tables.
    pub fn after(&self, scopes: &[Scope], first: Press) -> Vec<(Press, &'static Command)> {
        let mut found: Vec<(Press, &'static Command)> = Vec::new();
        for scope in scopes {
            for binding in self.bindings.iter().filter(|it| it.scope == *scope) {
                if let (true, Some(second)) = (binding.chord.first == first, binding.chord.second)
                    && !found.iter().any(|(press, _)| *press == second)
                {
                    found.push((second, binding.command));
                }
            }
        }
        found
    }

    /// The keys of a command as they are written.
    pub fn of(&self, command: &Command) -> Vec<String> {
        match self.own.get(command.name) {
            Some(keys) => keys.clone(),
            None => command.keys.iter().map(|keys| (*keys).to_owned()).collect(),
        }
    }

    /// The first key of a command; the footer shows it.
    pub fn first<'k>(&'k self, command: &'k Command) -> Option<&'k str> {
        match self.own.get(command.name) {
            Some(keys) => keys.first().map(String::as_str),
            None => command.keys.first().copied(),
        }
    }

    /// Every command with its keys.
    pub fn rows(&self) -> Vec<KeyRow> {
        command::all()
            .map(|command| KeyRow {
                name: command.name,
                scope: match command.run {
                    Do::Deed(_) => "On the desk",
                    Do::Here(..) => command.scope.title(),
                },
                keys: self.of(command),
                help: command.help,
            })
            .collect()
    }
}

impl Binding {
    /// Whether a key cannot tell the two apart.
    fn clashes(&self, other: &Self) -> bool {
        let together = self.scope == other.scope || self.over(other) || other.over(self);
        let same = self.chord == other.chord;
        let hidden = self.chord.first == other.chord.first
            && self.chord.second.is_none() != other.chord.second.is_none();
        together && (same || hidden)
    }

    /// Where text is written, what works always must not be hidden by a scope's own key;
    /// and what one does to the desk must not be hidden by moving about.
    fn over(&self, other: &Self) -> bool {
        match (self.scope, other.scope) {
            (Scope::Global, Scope::Always) => true,
            (Scope::Rows | Scope::Record | Scope::Page, Scope::Global | Scope::Always) => true,
            (Scope::Picker | Scope::Form | Scope::Filter, Scope::Always) => {
                // Leaving a form is what its ctrl-c is for.
                other.command.name != "quit-now"
            }
            _ => false,
        }
    }
}

fn unknown(name: &str) -> String {
    let near = command::all()
        .map(|command| command.name)
        .min_by_key(|known| crate::domain::near::distance(name, known));
    match near {
        Some(near) => {
            format!("There is no command `{name}` to give keys to; did you mean `{near}`?")
        }
        None => format!("There is no command `{name}` to give keys to."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(pairs: &[(&str, &[&str])]) -> BTreeMap<String, Vec<String>> {
        pairs
            .iter()
            .map(|(name, keys)| {
                let keys = keys.iter().map(|keys| (*keys).to_owned()).collect();
                ((*name).to_owned(), keys)
            })
            .collect()
    }

    fn press(keys: &Keys, text: &str) -> String {
        let scopes = [Scope::Rows, Scope::Global, Scope::Always];
        let mut pending = None;
        for key in text.split(' ') {
            let press = Press::parse(key).unwrap();
            match keys.find(&scopes, pending.take(), press) {
                Found::Command(command) => return command.name.to_owned(),
                Found::Prefix => pending = Some(press),
                Found::Nothing => return String::new(),
            }
        }
        "…".to_owned()
    }

    #[test]
    fn no_key_of_the_table_stands_for_two_things() {
        let (_, faults) = Keys::new(&BTreeMap::new());
        assert_eq!(faults, Vec::<String>::new());
    }

    #[test]
    fn a_key_of_ones_own_takes_the_place_of_the_tables() {
        let (keys, faults) = Keys::new(&asked(&[("undo", &["U"]), ("comment", &["g x"])]));
        assert_eq!(faults, Vec::<String>::new());
        assert_eq!(press(&keys, "U"), "undo");
        assert_eq!(press(&keys, "u"), "");
        assert_eq!(press(&keys, "g x"), "comment");
        assert_eq!(press(&keys, "g"), "…");
    }

    #[test]
    fn an_empty_list_takes_the_keys_away() {
        let (keys, faults) = Keys::new(&asked(&[("delete", &[])]));
        assert_eq!(faults, Vec::<String>::new());
        assert_eq!(press(&keys, "D"), "");
    }

    #[test]
    fn a_clash_is_named_and_the_usual_key_stays() {
        let (keys, faults) = Keys::new(&asked(&[("undo", &["q"])]));
        assert_eq!(faults.len(), 1);
        assert!(
            faults[0].contains("`undo`") && faults[0].contains("`quit`"),
            "{faults:?}"
        );
        assert_eq!(press(&keys, "q"), "quit");
        assert_eq!(press(&keys, "u"), "undo");
    }

    #[test]
    fn a_key_hidden_by_a_longer_one_is_a_clash() {
        let (_, faults) = Keys::new(&asked(&[("undo", &["g"])]));
        assert_eq!(faults.len(), 1, "{faults:?}");
    }

    #[test]
    fn a_wrong_name_or_key_is_told_with_what_was_meant() {
        let (keys, faults) = Keys::new(&asked(&[("undoo", &["x"]), ("quit", &["hyper-q"])]));
        assert!(faults[1].contains("did you mean `undo`?"), "{faults:?}");
        assert!(faults[0].contains("hyper-q"), "{faults:?}");
        assert_eq!(press(&keys, "q"), "quit");
    }
}
