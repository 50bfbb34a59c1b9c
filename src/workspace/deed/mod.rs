//! What a person can do to a desk, a row an action: its words, what it asks for, and how
//! the answers become an [`Action`]. The command line's arguments and the screen's forms
//! are both read from these tables. Asks nobody and changes nothing.

mod care;
mod entry;
mod exchange;
mod filled;
mod founding;
mod line;
mod member;
mod outbox;
mod people;
mod problem;
mod queue;
mod records;
mod release;
mod remarks;
mod rollout;
mod schedule;
mod sharing;
mod ticket;

pub use entry::{Entry, Need, Shape, Value};
pub use filled::Filled;
pub use founding::FOUNDING;
pub use line::{command, line};
pub use member::role_of;
pub use sharing::{APART, APPROVE, JOIN, REFUSE, SHARE};

use super::action::Action;
use super::refusal::Refusal;
use super::session::Session;
use crate::domain::kind::Kind;

/// One thing to do.
pub struct Deed {
    /// What is typed in the shell and in the palette: `ticket delay`.
    pub name: &'static str,
    /// One line, no stop at its end.
    pub about: &'static str,
    pub group: Group,
    pub on: On,
    /// What it asks for, in the order of the form. Where it is done to a record, the
    /// first entry names the record.
    pub entries: &'static [Entry],
    pub preview: Option<Preview>,
    /// The action that the answers mean.
    pub action: Make,
}

/// A deed is its name.
impl PartialEq for Deed {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Deed {}

impl std::fmt::Debug for Deed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}
type Make = fn(&Filled, &Session) -> Result<Action, Refusal>;

/// The shell's flag that makes a deed only say what it would do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preview {
    pub flag: &'static str,
    pub help: &'static str,
    /// The entry that a preview can do without where the deed cannot.
    pub spares: Option<&'static str>,
}

const PREVIEW: Preview = Preview {
    flag: "preview",
    help: "Only say what it would do",
    spares: None,
};

/// What a deed is done to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    /// The desk: it makes something new, or concerns no record.
    Desk,
    /// A record of one of these kinds.
    One(&'static [Kind]),
    /// Any record.
    Any,
}

impl On {
    /// Whether it can be done to a record of a kind.
    pub fn takes(self, kind: Kind) -> bool {
        match self {
            Self::Desk => false,
            Self::One(kinds) => kinds.contains(&kind),
            Self::Any => true,
        }
    }
}

/// Where a deed stands in the help, and what it is done to.
type Place = (Group, On);

/// How help and palette sort what can be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    Look,
    Schedule,
    Queue,
    Rollout,
    Problems,
    Releases,
    Records,
    Outbox,
    Sharing,
    Exchange,
    Care,
}

impl Group {
    pub const ALL: [Self; 11] = [
        Self::Look,
        Self::Schedule,
        Self::Queue,
        Self::Rollout,
        Self::Problems,
        Self::Releases,
        Self::Records,
        Self::Outbox,
        Self::Sharing,
        Self::Exchange,
        Self::Care,
    ];

    pub fn title(self) -> &'static str {
        match self {
            Self::Look => "Looking",
            Self::Schedule => "Schedule",
            Self::Queue => "Verification queue",
            Self::Rollout => "Staged rollout",
            Self::Problems => "Problems and known errors",
            Self::Releases => "Distribution releases",
            Self::Records => "Records and people",
            Self::Outbox => "Outbox",
            Self::Sharing => "The other manager",
            Self::Exchange => "Imports, exports and reports",
            Self::Care => "Desk and care",
        }
    }
}

const TABLES: &[&[Deed]] = &[
    schedule::DEEDS,
    queue::DEEDS,
    ticket::DEEDS,
    rollout::DEEDS,
    problem::DEEDS,
    release::DEEDS,
    remarks::DEEDS,
    people::DEEDS,
    records::DEEDS,
    outbox::DEEDS,
    member::DEEDS,
    exchange::DEEDS,
    care::DEEDS,
];

/// Every deed, in the order of the help.
pub fn all() -> impl Iterator<Item = &'static Deed> {
    TABLES.iter().flat_map(|table| table.iter())
}

impl Deed {
    const fn new(
        name: &'static str,
        about: &'static str,
        (group, on): Place,
        entries: &'static [Entry],
        action: Make,
    ) -> Self {
        Self {
            name,
            about,
            group,
            on,
            entries,
            preview: None,
            action,
        }
    }

    const fn previewed(self, preview: Preview) -> Self {
        Self {
            preview: Some(preview),
            ..self
        }
    }

    /// The deed of a name.
    pub fn named(name: &str) -> Option<&'static Self> {
        all().find(|deed| deed.name == name)
    }

    /// The deed that a command line begins with, and the words after its name.
    pub fn of_command(line: &str) -> Option<(&'static Self, &str)> {
        let line = line.strip_prefix("relmate ").unwrap_or(line).trim();
        all()
            .filter_map(|deed| {
                let rest = line.strip_prefix(deed.name)?;
                (rest.is_empty() || rest.starts_with(' ')).then(|| (deed, rest.trim()))
            })
            .max_by_key(|(deed, _)| deed.name.len())
    }

    /// Whether it cannot be done without a record.
    pub fn needs_subject(&self) -> bool {
        self.subject().is_some_and(|entry| entry.need != Need::May)
    }

    /// The entry that names the record, if it is done to one.
    pub fn subject(&self) -> Option<&'static Entry> {
        match self.on {
            On::Desk => None,
            On::One(_) | On::Any => self.entries.first(),
        }
    }

    /// The answers as a preview takes them: what it can do without is made up.
    pub fn rehearsed(&self, mut filled: Filled) -> Filled {
        if let Some(spared) = self.preview.and_then(|it| it.spares)
            && !filled.is_given(spared)
        {
            filled.put(spared, "preview");
        }
        filled
    }
}

/// Says that a word is none of those there are.
fn unknown_word(text: &str, words: &[&str]) -> Refusal {
    Refusal::usage(
        format!("{text:?} is no choice here."),
        format!("Write one of {}.", words.join(", ")),
    )
}

#[cfg(test)]
mod tests;
