//! One thing that a deed asks for: an argument of the command line and a line of a form.

use crate::domain::kind::Kind;

/// One thing to be given.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// Its name among the answers, and after `--` in the shell.
    pub name: &'static str,
    /// Its name on a form, in the field's words.
    pub label: &'static str,
    /// What it means; the shell's help and the form's hint.
    pub help: &'static str,
    pub value: Value,
    pub shape: Shape,
    pub need: Need,
    /// Several can be given.
    pub many: bool,
    /// What counts where nothing is given.
    pub default: Option<&'static str>,
    /// The entry without which it means nothing.
    pub needs: Option<&'static str>,
    /// The entry beside which it cannot be given.
    pub excludes: Option<&'static str>,
    /// What stands for the value in the shell's help, where the value's own word is too wide.
    called: Option<&'static str>,
}

/// What may be written, for the form's checks, echoes and choice lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// The id of a record of these kinds; all kinds where none is named.
    Id(&'static [Kind]),
    /// The name of a record that has no number: a person, a product, a cycle, a site.
    Named(Kind),
    /// One line.
    Text,
    /// Several lines.
    Long,
    /// One name a line.
    Lines,
    When,
    Number,
    Mail,
    Link,
    Rule,
    Yes,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// One of these words, however it is written; who reads it knows more spellings.
    Word(&'static [&'static str]),
    /// A milestone template of the profile.
    Template,
    /// A criterion of the profile.
    Criterion,
    /// The path of a profile's file, or the name of a shipped one.
    Profile,
    Zone,
    /// The path of a file; `-` is standard input, in the shell alone.
    File,
    /// Two words around `=`.
    Pair,
}

impl Value {
    /// The words there are to choose from.
    pub fn choices(self) -> &'static [&'static str] {
        match self {
            Self::Choice(words) | Self::Word(words) => words,
            _ => &[],
        }
    }
}

/// How the shell takes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// By its place.
    Place,
    /// After its name.
    Named,
    /// By its name alone.
    Flag,
    /// After its name, from a file; `-` is standard input. A form takes the text itself.
    FromFile,
}

/// Whether it must be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Nothing can be done without it.
    Must,
    /// A rule asks for it: a form waits for it, in the shell the rule itself refuses.
    Asked,
    May,
}

/// The words of an entry: name, label, help.
pub(super) type Words = (&'static str, &'static str, &'static str);

impl Entry {
    const fn new((name, label, help): Words, value: Value, shape: Shape, need: Need) -> Self {
        Self {
            name,
            label,
            help,
            value,
            shape,
            need,
            many: false,
            default: None,
            needs: None,
            excludes: None,
            called: None,
        }
    }

    /// A field of a record, for a form that writes nothing else.
    pub fn field(name: &'static str, value: Value, need: Need) -> Self {
        Self::new((name, "", ""), value, Shape::Place, need)
    }

    /// What stands for its value in the shell's help: `--reason <R>`.
    pub fn value_name(&self) -> &'static str {
        match (self.called, self.shape, self.value) {
            (Some(called), ..) => called,
            (_, Shape::FromFile, _) => "FILE|-",
            (.., Value::Id(_)) => "ID",
            (.., Value::Named(_) | Value::Template) => "NAME",
            (.., Value::Text | Value::Long | Value::Lines) => "TEXT",
            (.., Value::When) => "WHEN",
            (.., Value::Number) => "N",
            (.., Value::Mail) => "MAIL",
            (.., Value::Link) => "URL",
            (.., Value::Rule) => "RULE",
            (.., Value::Choice(_) | Value::Word(_) | Value::Yes) => "WORD",
            (.., Value::Criterion) => "CRITERION",
            (.., Value::Profile | Value::File) => "FILE",
            (.., Value::Zone) => "TZ",
            (.., Value::Pair) => "NAME=VALUE",
        }
    }

    /// Taken by its place; must be there.
    pub(super) const fn place(words: Words, value: Value) -> Self {
        Self::new(words, value, Shape::Place, Need::Must)
    }

    /// Taken after its name; may be left out.
    pub(super) const fn named(words: Words, value: Value) -> Self {
        Self::new(words, value, Shape::Named, Need::May)
    }

    pub(super) const fn flag(words: Words) -> Self {
        Self::new(words, Value::Yes, Shape::Flag, Need::May)
    }

    pub(super) const fn from_file(words: Words, value: Value) -> Self {
        Self::new(words, value, Shape::FromFile, Need::May)
    }

    pub(super) const fn may(self) -> Self {
        Self {
            need: Need::May,
            ..self
        }
    }

    pub(super) const fn must(self) -> Self {
        Self {
            need: Need::Must,
            ..self
        }
    }

    pub(super) const fn asked(self) -> Self {
        Self {
            need: Need::Asked,
            ..self
        }
    }

    pub(super) const fn many(self) -> Self {
        Self { many: true, ..self }
    }

    pub(super) const fn or(self, default: &'static str) -> Self {
        Self {
            default: Some(default),
            ..self
        }
    }

    pub(super) const fn called(self, called: &'static str) -> Self {
        Self {
            called: Some(called),
            ..self
        }
    }

    pub(super) const fn needs(self, other: &'static str) -> Self {
        Self {
            needs: Some(other),
            ..self
        }
    }

    pub(super) const fn excludes(self, other: &'static str) -> Self {
        Self {
            excludes: Some(other),
            ..self
        }
    }
}
