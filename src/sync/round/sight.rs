//! The share as one round sees it: what is listed, and what is noted of it. Refuses to count a
//! note of a file that has been touched since.

use std::collections::{BTreeMap, BTreeSet};

use crate::ledger::{Membership, ReplicaId};
use crate::sync::log::{FileNote, FileVerdict, Left, Log, Signed};
use crate::sync::names::{self, Hint};
use crate::sync::share::Listed;

/// A file that is there.
pub(super) struct There {
    pub size: u64,
    stamp: u64,
    /// What its name says of it.
    pub hint: Hint,
    /// In whose folder it lies.
    pub by: Option<ReplicaId>,
}

impl There {
    fn of(listed: Listed) -> (String, Self) {
        let there = Self {
            size: listed.size,
            stamp: listed.stamp,
            hint: names::hint(&listed.name),
            by: names::replica_of(&listed.name),
        };
        (listed.name, there)
    }

    fn as_noted(&self, note: &FileNote) -> bool {
        (note.size, note.stamp) == (self.size, self.stamp)
    }
}

/// The share as one round sees it.
pub(super) struct Sight {
    pub listed: BTreeMap<String, There>,
    pub notes: BTreeMap<String, FileNote>,
    /// What changed in the notes.
    changed: BTreeMap<String, Option<FileNote>>,
    /// What was signed of the files that were written.
    pub signed: Vec<Signed>,
    /// Packs that were not there, or were not good, when this round began.
    pub fresh: BTreeSet<String>,
    /// Who belongs to the desk, as its log says by now.
    pub membership: Membership,
}

impl Sight {
    pub(super) fn of(
        listed: Vec<Listed>,
        notes: BTreeMap<String, FileNote>,
        membership: Membership,
    ) -> Self {
        Self {
            listed: listed.into_iter().map(There::of).collect(),
            notes,
            changed: BTreeMap::new(),
            signed: Vec::new(),
            fresh: BTreeSet::new(),
            membership,
        }
    }

    /// A file was written, and is what its verdict says.
    pub(super) fn wrote(&mut self, file: Listed, verdict: FileVerdict, now: i64) {
        let (name, there) = There::of(file);
        self.listed.insert(name.clone(), there);
        self.note(&name, verdict, now);
    }

    /// Notes the line that a pack's commits are on.
    pub(super) fn placed(&mut self, name: &str, on: u64) {
        if let Some(note) = self.notes.get(name).cloned() {
            let mut note = note;
            if let FileVerdict::Pack { line, .. } = &mut note.verdict {
                *line = Some(on);
            }
            self.keep(name, note);
        }
    }

    pub(super) fn is(&self, name: &str, hint: Hint) -> bool {
        self.listed
            .get(name)
            .is_some_and(|there| there.hint == hint)
    }

    /// The note of a file that is there as it was when it was read.
    pub(super) fn current(&self, name: &str) -> Option<&FileNote> {
        let (there, note) = (self.listed.get(name)?, self.notes.get(name)?);
        there.as_noted(note).then_some(note)
    }

    /// Everything that is there, in the order of the names, with the note that is current.
    pub(super) fn seen(&self) -> impl Iterator<Item = (&str, &There, Option<&FileNote>)> {
        // Both are sorted; every round asks some times.
        let mut notes = self.notes.iter().peekable();
        self.listed.iter().map(move |(name, there)| {
            while notes.next_if(|(noted, _)| *noted < name).is_some() {}
            let note = notes.next_if(|(noted, _)| *noted == name);
            let note = note.map(|(_, note)| note);
            (name.as_str(), there, note.filter(|it| there.as_noted(it)))
        })
    }

    /// Those that have one.
    pub(super) fn currents(&self) -> impl Iterator<Item = (&str, &FileNote)> {
        self.seen()
            .filter_map(|(name, _, note)| Some((name, note?)))
    }

    pub(super) fn note(&mut self, name: &str, mut verdict: FileVerdict, now: i64) {
        // Reading it again does not begin its day anew.
        if let FileVerdict::Pack {
            tip, spare, line, ..
        } = &mut verdict
            && let Some(known) = self.notes.get(name)
            && let FileVerdict::Pack {
                tip: before,
                spare: since,
                line: place,
                ..
            } = &known.verdict
            && tip == before
        {
            *spare = *since;
            *line = line.or(*place);
        }
        let Some(listed) = self.listed.get(name) else {
            return;
        };
        let known = self.notes.get(name).map(|note| &note.verdict);
        if !matches!(known, Some(FileVerdict::Pack { .. })) {
            self.fresh.insert(name.to_owned());
        }
        let note = FileNote {
            size: listed.size,
            stamp: listed.stamp,
            read: now,
            verdict,
        };
        self.keep(name, note);
    }

    pub(super) fn keep(&mut self, name: &str, note: FileNote) {
        self.changed.insert(name.to_owned(), Some(note.clone()));
        self.notes.insert(name.to_owned(), note);
    }

    pub(super) fn forget(&mut self, name: &str) {
        self.notes.remove(name);
        self.changed.insert(name.to_owned(), None);
    }

    /// Keeps what changed, and when steps were exchanged.
    pub(super) fn save<L: Log>(
        &mut self,
        log: &mut L,
        share: &str,
        exchanged: Option<&str>,
    ) -> Result<(), L::Error> {
        let changed: Vec<_> = std::mem::take(&mut self.changed).into_iter().collect();
        let signed = std::mem::take(&mut self.signed);
        if changed.is_empty() && signed.is_empty() && exchanged.is_none() {
            return Ok(());
        }
        let signed = &signed;
        log.note_files(share, &changed, &Left { signed, exchanged })
    }
}
