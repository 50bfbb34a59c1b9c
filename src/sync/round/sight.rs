//! The share as one round sees it: what is listed, and what is noted of it. Refuses to count a
//! note of a file that has been touched since.

use std::collections::{BTreeMap, BTreeSet};
use std::iter::Peekable;
use std::vec::IntoIter;

use super::Meeting;
use crate::ledger::{Membership, ReplicaId};
use crate::sync::log::{FileNote, FileVerdict, Left, Line, Log, Signed};
use crate::sync::names::{self, Hint};
use crate::sync::share::{Listed, ShareError};

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
    fn of(listed: Listed, by: Option<ReplicaId>) -> (String, Self) {
        let there = Self {
            size: listed.size,
            stamp: listed.stamp,
            hint: names::hint(&listed.name),
            by,
        };
        (listed.name, there)
    }

    fn as_noted(&self, note: &FileNote) -> bool {
        (note.size, note.stamp) == (self.size, self.stamp)
    }
}

/// What is known of a name: what lies there, and what was noted of it.
#[derive(Default)]
struct Known {
    there: Option<There>,
    note: Option<FileNote>,
}

impl Known {
    const fn noted(note: FileNote) -> Self {
        Self {
            there: None,
            note: Some(note),
        }
    }

    /// The note of a file that is there as it was when it was read.
    fn current(&self) -> Option<&FileNote> {
        let (there, note) = (self.there.as_ref()?, self.note.as_ref()?);
        there.as_noted(note).then_some(note)
    }
}

/// Whose folder it was that was asked for last: most files of a listing lie in the same.
#[derive(Default)]
struct Folder {
    path: String,
    by: Option<ReplicaId>,
}

impl Folder {
    fn of(&mut self, name: &str) -> Option<ReplicaId> {
        let path = &name[..memchr::memrchr(b'/', name.as_bytes()).unwrap_or(0)];
        if path != self.path {
            path.clone_into(&mut self.path);
            self.by = names::replica_of(name);
        }
        self.by
    }
}

/// Brings what is listed and what is noted together, both in the order of their names: every round
/// begins with all of it.
pub(super) struct Files {
    known: Vec<(String, Known)>,
    listed: Peekable<IntoIter<Listed>>,
    folder: Folder,
}

impl Files {
    pub(super) fn of(listed: Vec<Listed>) -> Self {
        debug_assert!(listed.is_sorted());
        Self {
            known: Vec::with_capacity(listed.len()),
            listed: listed.into_iter().peekable(),
            folder: Folder::default(),
        }
    }

    /// What is noted of a name; of one after those that were told before.
    pub(super) fn note(&mut self, name: &str, note: FileNote) {
        while let Some(before) = self.listed.next_if(|it| it.name.as_str() < name) {
            self.there(before, None);
        }
        match self.listed.next_if(|it| it.name == name) {
            Some(file) => self.there(file, Some(note)),
            None => self.known.push((name.to_owned(), Known::noted(note))),
        }
    }

    fn there(&mut self, file: Listed, note: Option<FileNote>) {
        let by = self.folder.of(&file.name);
        let (name, there) = There::of(file, by);
        let there = Some(there);
        self.known.push((name, Known { there, note }));
    }

    fn end(mut self) -> Vec<(String, Known)> {
        while let Some(file) = self.listed.next() {
            self.there(file, None);
        }
        debug_assert!(self.known.is_sorted_by(|one, other| one.0 < other.0));
        self.known
    }
}

/// The share as one round sees it.
pub(super) struct Sight {
    /// Sorted by name. A round goes through all of them again and again, and adds a few.
    files: Vec<(String, Known)>,
    /// What changed in the notes.
    changed: BTreeMap<String, Option<FileNote>>,
    /// What is to be taken away when the round ends.
    going: Vec<(String, Known)>,
    /// What was signed of the files that were written.
    pub signed: Vec<Signed>,
    /// Packs that were not there, or were not good, when this round began.
    pub fresh: BTreeSet<String>,
    /// Who belongs to the desk, as its log says by now.
    pub membership: Membership,
    /// The number of the head that this round will write, once it is kept.
    pub number: Option<u64>,
}

impl Sight {
    pub(super) fn of(files: Files, membership: Membership) -> Self {
        Self {
            files: files.end(),
            changed: BTreeMap::new(),
            going: Vec::new(),
            signed: Vec::new(),
            fresh: BTreeSet::new(),
            membership,
            number: None,
        }
    }

    fn at(&self, name: &str) -> Result<usize, usize> {
        self.files.binary_search_by(|(it, _)| it.as_str().cmp(name))
    }

    fn known(&self, name: &str) -> Option<&Known> {
        self.at(name).ok().map(|at| &self.files[at].1)
    }

    fn entry(&mut self, name: &str) -> &mut Known {
        let at = self.at(name).unwrap_or_else(|at| {
            self.files.insert(at, (name.to_owned(), Known::default()));
            at
        });
        &mut self.files[at].1
    }

    /// A file was written, and is what its verdict says.
    pub(super) fn wrote(&mut self, file: Listed, verdict: FileVerdict, now: i64) {
        let by = names::replica_of(&file.name);
        let (name, there) = There::of(file, by);
        self.entry(&name).there = Some(there);
        self.note(&name, verdict, now);
    }

    /// A file is to be taken away: it counts no more.
    pub(super) fn goes(&mut self, name: &str) {
        if let Ok(at) = self.at(name) {
            self.changed.insert(name.to_owned(), None);
            self.going.push(self.files.remove(at));
        }
    }

    /// Keeps what changed while the files that are to go are taken away; tells how many went, and
    /// why no more did.
    pub(super) fn end<L: Log>(
        &mut self,
        log: &mut L,
        meeting: &Meeting<'_>,
        exchanged: Option<&str>,
    ) -> Result<(usize, Result<(), ShareError>), L::Error> {
        let going = std::mem::take(&mut self.going);
        if going.is_empty() {
            self.save(log, meeting.id, exchanged)?;
            return Ok((0, Ok(())));
        }
        let names: Vec<_> = going.iter().map(|(name, _)| name.clone()).collect();
        let mut saved = Ok(());
        let (went, ended) = meeting.share.delete_while(&names, &mut || {
            saved = self.save(log, meeting.id, exchanged);
        });
        saved?;
        // What is still there is what it was.
        for (name, known) in going.into_iter().skip(went) {
            if let Some(note) = &known.note {
                self.changed.insert(name.clone(), Some(note.clone()));
            }
            *self.entry(&name) = known;
        }
        self.save(log, meeting.id, None)?;
        Ok((went, ended))
    }

    /// Notes the line that a pack's commits are on.
    pub(super) fn placed(&mut self, name: &str, on: u64) {
        if let Some(note) = self.noted(name) {
            let mut note = note.clone();
            if let FileVerdict::Pack { line, .. } = &mut note.verdict {
                *line = Some(on);
            }
            self.keep(name, note);
        }
    }

    /// A file that is there.
    pub(super) fn there(&self, name: &str) -> Option<&There> {
        self.known(name)?.there.as_ref()
    }

    /// What is noted of a name, whatever is there.
    pub(super) fn noted(&self, name: &str) -> Option<&FileNote> {
        self.known(name)?.note.as_ref()
    }

    /// The note of a file that is there as it was when it was read.
    pub(super) fn current(&self, name: &str) -> Option<&FileNote> {
        self.known(name)?.current()
    }

    /// Everything that is there, in the order of the names, with the note that is current.
    pub(super) fn seen(&self) -> impl Iterator<Item = (&str, &There, Option<&FileNote>)> {
        self.files.iter().filter_map(|(name, known)| {
            Some((name.as_str(), known.there.as_ref()?, known.current()))
        })
    }

    /// Those that have one.
    pub(super) fn currents(&self) -> impl Iterator<Item = (&str, &FileNote)> {
        self.seen()
            .filter_map(|(name, _, note)| Some((name, note?)))
    }

    /// The replicas of the desk that write here, by their steps or by a head.
    pub(super) fn writers<'l>(
        &self,
        lines: impl IntoIterator<Item = &'l Line>,
    ) -> BTreeSet<ReplicaId> {
        let heads = self.currents().filter_map(|(_, note)| match &note.verdict {
            FileVerdict::Head { head, .. } => Some(head.replica),
            _ => None,
        });
        let lines = lines.into_iter().map(|line| line.replica);
        lines.chain(heads).collect()
    }

    /// Everything that is noted, and whether the file is there.
    pub(super) fn notes(&self) -> impl Iterator<Item = (&str, &FileNote, bool)> {
        self.files.iter().filter_map(|(name, known)| {
            Some((name.as_str(), known.note.as_ref()?, known.there.is_some()))
        })
    }

    pub(super) fn note(&mut self, name: &str, mut verdict: FileVerdict, now: i64) {
        let Some(known) = self.known(name) else {
            return;
        };
        let before = known.note.as_ref().map(|note| &note.verdict);
        // Reading it again does not begin its day anew.
        if let FileVerdict::Pack {
            tip, spare, line, ..
        } = &mut verdict
            && let Some(FileVerdict::Pack {
                tip: before,
                spare: since,
                line: place,
                ..
            }) = before
            && tip == before
        {
            *spare = *since;
            *line = line.or(*place);
        }
        let Some(there) = &known.there else {
            return;
        };
        // Nor does what it was already begin anew.
        let first = known.current().and_then(|it| it.verdict.since());
        if let FileVerdict::Head { since, .. }
        | FileVerdict::Torn { since }
        | FileVerdict::Foreign { since, .. } = &mut verdict
        {
            *since = first.or(Some(now));
        }
        let note = FileNote {
            size: there.size,
            stamp: there.stamp,
            read: now,
            verdict,
        };
        if !matches!(before, Some(FileVerdict::Pack { .. })) {
            self.fresh.insert(name.to_owned());
        }
        self.keep(name, note);
    }

    pub(super) fn keep(&mut self, name: &str, note: FileNote) {
        self.changed.insert(name.to_owned(), Some(note.clone()));
        self.entry(name).note = Some(note);
    }

    pub(super) fn forget(&mut self, name: &str) {
        if let Ok(at) = self.at(name) {
            self.files[at].1.note = None;
        }
        self.changed.insert(name.to_owned(), None);
    }

    /// Keeps what changed, and when steps were exchanged.
    fn save<L: Log>(
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
