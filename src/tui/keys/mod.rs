//! Which key means which command: the table's keys with the user's own in their place.
//! A key that cannot be used is named and its command keeps the one it had, so that
//! nobody is locked out by a line of a configuration.

use std::collections::BTreeMap;

use super::command::{self, Command, Do, Scope};
use super::keymap::{Chord, Press};
use super::model::Model;
use super::talk::AT_START;
use crate::domain::near::distance;

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

/// What is wrong with a key of one's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The command as it was written.
    pub command: String,
    pub sentence: String,
}

impl Fault {
    fn new(command: &str, sentence: String) -> Self {
        Self {
            command: command.to_owned(),
            sentence,
        }
    }
}

/// Ways out, which must not be shut.
const WAYS_OUT: &[&str] = &[
    "quit-now",
    "back",
    "leave-record",
    "pick-leave",
    "leave-form",
];

/// A command's own keys as they are written, or what is wrong with them.
fn own_keys(command: &Command, asked: &[String]) -> Result<Vec<String>, String> {
    let name = command.name;
    if asked.is_empty() && WAYS_OUT.contains(&name) {
        return Err(format!(
            "`{name}` is a way out and needs a key; it keeps its usual ones."
        ));
    }
    let mut keys = Vec::new();
    for text in asked {
        let chord = Chord::pressable(text).map_err(|why| {
            format!(
                "The key {text:?} of `{name}` cannot be pressed: {why}. It keeps its usual keys."
            )
        })?;
        let written = matches!(
            command.scope,
            Scope::Form | Scope::Picker | Scope::Filter | Scope::Always
        );
        if written && chord.first.writes() {
            return Err(format!(
                "The key `{chord}` of `{name}` is a letter where text is written; take one with ctrl or alt. It keeps its usual keys."
            ));
        }
        let text = chord.to_string();
        if !keys.contains(&text) {
            keys.push(text);
        }
    }
    Ok(keys)
}

impl Keys {
    /// The table's keys, with the user's own in their place; and what is wrong with those.
    pub fn new(asked: &BTreeMap<String, Vec<String>>) -> (Self, Vec<Fault>) {
        let mut faults = Vec::new();
        let mut own = BTreeMap::new();
        for (name, keys) in asked {
            let Some(command) = command::named(name) else {
                faults.push(Fault::new(name, unknown(name)));
                continue;
            };
            match own_keys(command, keys) {
                Ok(keys) => {
                    own.insert(command.name, keys);
                }
                Err(sentence) => faults.push(Fault::new(name, sentence)),
            }
        }
        let mut keys = Self::bound(own.clone());
        // The user's keys give way to the table's one by one until none is in doubt.
        while let Some((name, sentence)) = keys.clash() {
            faults.push(Fault::new(name, sentence));
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
                    format!("{}; `{name}` keeps its usual keys.", one.beside(other)),
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

    /// How a sentence names a command: by its first key, else as the palette takes it.
    pub fn spoken(&self, name: &str) -> String {
        command::named(name)
            .and_then(|command| self.first(command))
            .map_or_else(|| format!(":{name}"), str::to_owned)
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
    /// What a key has in doubt, as a clause.
    fn beside(&self, other: &Self) -> String {
        let (short, long) = match self.chord.second {
            None => (self, other),
            Some(_) => (other, self),
        };
        let (name, second) = (short.command.name, long.command.name);
        if self.chord == other.chord {
            format!(
                "The key `{}` stands for both `{name}` and `{second}`",
                self.chord
            )
        } else {
            format!(
                "The key `{}` of `{name}` hides `{}` of `{second}`",
                short.chord, long.chord
            )
        }
    }

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
            (Scope::Global | Scope::Contests, Scope::Always)
            | (Scope::Rows | Scope::Record | Scope::Page, Scope::Global | Scope::Always) => true,
            (Scope::Picker | Scope::Form | Scope::Filter, Scope::Always) => {
                // Leaving a form is what its ctrl-c is for.
                other.command.name != "quit-now"
            }
            _ => false,
        }
    }
}

impl Model {
    /// Takes the user's own keys. What is wrong is said once, and no reason not to start.
    pub fn bind(&mut self, asked: &BTreeMap<String, Vec<String>>, wrong: Vec<String>) {
        let (map, faults) = Keys::new(asked);
        self.keys.map = map;
        let faults = faults.into_iter().map(|fault| fault.sentence);
        let mut said: Vec<String> = wrong.into_iter().chain(faults).collect();
        if said.is_empty() {
            return;
        }
        let first = said.remove(0);
        self.talk.more(AT_START, &said);
        let first = match said.len() {
            0 => first,
            more => format!("{first} {more} more: {}.", self.keys.map.spoken("messages")),
        };
        self.talk.say(AT_START, first, true);
    }
}

fn unknown(name: &str) -> String {
    let near = command::all()
        .map(|command| (command.name, distance(name, command.name)))
        .min_by_key(|(_, cost)| *cost)
        .filter(|(near, cost)| *cost <= 2.max(near.len() / 3));
    match near {
        Some((near, _)) => {
            format!("There is no command `{name}` to give keys to; did you mean `{near}`?")
        }
        None => {
            format!("There is no command `{name}` to give keys to; `relmate keys` lists them all.")
        }
    }
}

#[cfg(test)]
mod tests;
