//! Rules that span fields, judged on one record as it stands: each step kept them when it was
//! taken, and two managers' steps together may break one all the same (SYNC.md 3.8). A file a
//! rule. What breaks one is shown and closes the gate; nothing is mended by itself.
//!
//! A guard has no file here where what it keeps out is told anyhow: a critical problem beside a
//! promotion is a problem of what production holds, and has its own walk; a report of a failure
//! beside the end of a rollout files a problem, and that holds the ticket up; a problem that is
//! triaged beside its closing is contested in its state, and settling asks the guards.

mod failed;
mod frozen;
mod own_team;
pub mod separation;
mod twice;
mod unsigned;

use serde::Serialize;

use crate::domain::noun::Noun;

/// A rule that a record breaks as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Violation {
    /// Which rule, in one word for machines.
    pub rule: &'static str,
    /// One clause, with no stop: "Bob is its release manager and its verifier".
    pub what: String,
    /// What was written, by whose steps it came about.
    #[serde(skip)]
    pub places: Vec<Place>,
    /// The command that mends it.
    pub mend: String,
    /// Whether the record goes no further until it is mended.
    pub closes: bool,
}

/// Where in a record something was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    Field(String),
    /// One element of a set.
    Element {
        set: String,
        element: String,
    },
}

impl Place {
    /// The field or the set.
    pub fn field(&self) -> &str {
        match self {
            Self::Field(field) => field,
            Self::Element { set, .. } => set,
        }
    }
}

/// What a record breaks. `writers` says how many steps have written the value of a field that
/// stands: two, where two managers wrote it at once.
pub fn of(noun: &Noun, writers: &dyn Fn(&str) -> usize) -> Vec<Violation> {
    let mut found = Vec::new();
    match noun {
        Noun::Ticket(ticket) if !ticket.deleted => {
            found.extend(separation::of(ticket));
            found.extend(own_team::of(ticket));
            found.extend(failed::of(ticket));
            found.extend(twice::ticket(ticket, writers));
        }
        Noun::Release(release) if !release.deleted => {
            found.extend(frozen::of(release));
            found.extend(unsigned::of(release));
            found.extend(twice::release(release, writers));
        }
        _ => {}
    }
    found
}

fn field(name: &str) -> Place {
    Place::Field(name.to_owned())
}
