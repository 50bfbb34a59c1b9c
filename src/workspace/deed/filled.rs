//! The answers that a deed was given, as texts. Checks no meaning.

use std::collections::BTreeMap;

use crate::workspace::refusal::Refusal;

/// Entry names and what was given for them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filled {
    values: BTreeMap<String, Vec<String>>,
}

impl Filled {
    /// Gives one value for an entry; an empty text is a value, too.
    pub fn put(&mut self, name: &str, value: impl Into<String>) {
        self.values
            .entry(name.to_owned())
            .or_default()
            .push(value.into());
    }

    /// Answers that are already known, for a form to start with.
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.put(name, value);
        self
    }

    /// Forgets what was given for an entry.
    pub fn clear(&mut self, name: &str) {
        self.values.remove(name);
    }

    pub fn is_given(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    /// The value, if it was given.
    pub fn one(&self, name: &str) -> Option<&str> {
        self.many(name).first().map(String::as_str)
    }

    /// The value as an action takes it.
    pub fn maybe(&self, name: &str) -> Option<String> {
        self.one(name).map(str::to_owned)
    }

    /// The value of an entry that must be there.
    pub fn must(&self, name: &str) -> Result<String, Refusal> {
        self.maybe(name).ok_or_else(|| {
            Refusal::usage(
                format!("{name} is missing."),
                "`--help` says what is needed.",
            )
        })
    }

    pub fn many(&self, name: &str) -> &[String] {
        self.values.get(name).map_or(&[], Vec::as_slice)
    }

    /// Whether a flag was given.
    pub fn yes(&self, name: &str) -> bool {
        self.one(name).is_some_and(|value| value == "yes")
    }

    /// Two words around `=`, for each that was given.
    pub fn pairs(&self, name: &str, example: &str) -> Result<Vec<(String, String)>, Refusal> {
        let pair = |text: &String| {
            text.split_once('=')
                .map(|(left, right)| (left.to_owned(), right.to_owned()))
                .ok_or_else(|| {
                    Refusal::usage(
                        format!("{text:?} has no = in it."),
                        format!("Write {example}."),
                    )
                })
        };
        self.many(name).iter().map(pair).collect()
    }

    /// Every entry with its values, for a line of the shell.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.values
            .iter()
            .map(|(name, values)| (name.as_str(), values.as_slice()))
    }
}
