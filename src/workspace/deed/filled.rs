//! The answers that a deed was given, as texts or as the files that hold them. Checks
//! no meaning, and lets nobody but the shell name standard input.

use std::collections::BTreeMap;

use crate::workspace::files;
use crate::workspace::refusal::Refusal;

/// What the shell writes for standard input.
const PIPE: &str = "-";

/// Entry names and what was given for them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filled {
    values: BTreeMap<String, Vec<String>>,
    /// The files that hold what is to be given.
    files: BTreeMap<String, String>,
    piped: bool,
}

impl Filled {
    /// The answers of a command of the shell, where `-` is standard input.
    pub fn in_shell() -> Self {
        Self {
            piped: true,
            ..Self::default()
        }
    }

    /// Gives one value for an entry; an empty text is a value, too.
    pub fn put(&mut self, name: &str, value: impl Into<String>) {
        self.files.remove(name);
        self.values
            .entry(name.to_owned())
            .or_default()
            .push(value.into());
    }

    /// Answers that are already known, for a form to start with.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.put(name, value);
        self
    }

    /// Gives the file that holds an entry's text; it is read when the action is made.
    pub fn put_file(&mut self, name: &str, path: impl Into<String>) {
        self.values.remove(name);
        self.files.insert(name.to_owned(), path.into());
    }

    /// Forgets what was given for an entry.
    pub fn clear(&mut self, name: &str) {
        self.values.remove(name);
        self.files.remove(name);
    }

    pub fn is_empty(&self) -> bool {
        self.values.is_empty() && self.files.is_empty()
    }

    pub fn is_given(&self, name: &str) -> bool {
        self.values.contains_key(name) || self.files.contains_key(name)
    }

    /// The file that was given to hold an entry's text.
    pub fn file(&self, name: &str) -> Option<&str> {
        self.files.get(name).map(String::as_str)
    }

    /// The text, if it was given; what is in a file is read now.
    pub fn text(&self, name: &str) -> Result<Option<String>, Refusal> {
        match self.file(name) {
            Some(path) => files::text(self.readable(path)?).map(Some),
            None => Ok(self.maybe(name)),
        }
    }

    /// The paths that were given.
    pub fn paths(&self, name: &str) -> Result<Vec<&str>, Refusal> {
        let paths = self.many(name).iter();
        paths.map(|path| self.readable(path)).collect()
    }

    /// The path of an entry that must be there.
    pub fn path(&self, name: &str) -> Result<&str, Refusal> {
        match self.one(name) {
            Some(path) => self.readable(path),
            None => Err(missing(name)),
        }
    }

    fn readable<'p>(&self, path: &'p str) -> Result<&'p str, Refusal> {
        if path == PIPE && !self.piped {
            return Err(Refusal::usage(
                "Standard input can be read in the shell alone.",
                "Name a file.",
            ));
        }
        Ok(path)
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
        self.maybe(name).ok_or_else(|| missing(name))
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

    /// Every entry with its values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.values
            .iter()
            .map(|(name, values)| (name.as_str(), values.as_slice()))
    }
}

fn missing(name: &str) -> Refusal {
    Refusal::usage(
        format!("{name} is missing."),
        "`--help` says what is needed.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_may_come_from_a_file_and_standard_input_only_in_the_shell() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("body.txt");
        std::fs::write(&path, "Dear all\n").unwrap();
        let mut filled = Filled::default();
        filled.put_file("body", path.display().to_string());
        assert!(filled.is_given("body") && filled.one("body").is_none());
        assert_eq!(filled.text("body").unwrap().as_deref(), Some("Dear all\n"));
        filled.put("body", "typed");
        assert_eq!(filled.text("body").unwrap().as_deref(), Some("typed"));
        filled.put_file("body", "-");
        let refused = filled.text("body").unwrap_err();
        assert!(refused.message.contains("shell"), "{refused}");
        let piped = Filled::in_shell().with("files", "-");
        assert_eq!(piped.paths("files").unwrap(), ["-"]);
        assert!(Filled::default().with("file", "-").path("file").is_err());
    }
}
