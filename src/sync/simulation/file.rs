//! A desk's file beside the desk in memory: the round runs over both, and whatever one answers
//! the other must answer too. A file can be left in the middle of a transaction, put back from a
//! backup, and opened by another version.

use std::cell::{Cell, RefCell};
use std::fmt::Debug;
use std::path::{Path, PathBuf};

use super::log::MemoryLog;
use crate::ledger::{
    Draft, Hash, Header, Key, Membership, Received, ReplicaId, Workspace, first_prev,
};
use crate::store::{Store, StoreError, trial};
use crate::sync::log::{FileNote, FileVerdict, Left, Line, Log, Place, Signed};
use crate::sync::{Meeting, Memory, Round, round};

/// Where files of histories lie: in memory where the machine has such a place, with the same
/// settings as anywhere.
pub(super) fn folder() -> tempfile::TempDir {
    let shared = Path::new("/dev/shm");
    if shared.is_dir()
        && let Ok(folder) = tempfile::tempdir_in(shared)
    {
        return folder;
    }
    tempfile::tempdir().unwrap()
}

pub(super) struct DeskFile {
    store: Option<Store>,
    path: PathBuf,
    founder: Key,
    /// What it answered otherwise than the desk in memory.
    pub differs: RefCell<Vec<String>>,
    /// How many commits came in at once and were shown at the end.
    pub bulk: Cell<u64>,
}

/// How a file goes back to what it was.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Back {
    /// By the program.
    Restored,
    /// Another file under its name.
    Replaced,
    /// The same file with older contents, as an image of a whole machine has it.
    Unnoticed,
}

impl DeskFile {
    pub(super) fn new(path: PathBuf, log: &MemoryLog, key: Option<Key>) -> Self {
        let mut store = Store::create(&path, &log.genesis, log.replica).unwrap();
        if let Some(key) = key {
            store.share_here(&key, &log.founder).unwrap();
        }
        Self {
            store: Some(store),
            path,
            founder: log.founder,
            differs: RefCell::default(),
            bulk: Cell::new(0),
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn store(&self) -> &Store {
        self.store.as_ref().unwrap()
    }

    pub(super) fn store_mut(&mut self) -> &mut Store {
        self.store.as_mut().unwrap()
    }

    /// Another process comes by.
    pub(super) fn reopen(&mut self) {
        self.store = None;
        self.store = Some(Store::open(&self.path).unwrap());
    }

    /// Writes a commit as the program does; what it refuses to write, nobody has written.
    pub(super) fn append(
        &mut self,
        (key, header): (Key, Header),
        fill: &dyn Fn(&mut Draft),
    ) -> Result<Received, StoreError> {
        let store = self.store_mut();
        let logged = store.write(|writing| {
            let mut draft = writing.draft()?;
            fill(&mut draft);
            writing.append(draft, header, 0)
        })?;
        let commit = &logged.applied.commit;
        let (replica, seq) = (commit.replica, commit.seq);
        let prev = if seq == 1 {
            first_prev(&store.workspace(), &replica)
        } else {
            let before = store.reader().run(&logged.applied.hash, seq - 1, seq - 1)?;
            before[0].0
        };
        Ok(Received {
            hash: logged.applied.hash,
            prev,
            replica,
            seq,
            key,
            bytes: commit.encode(),
        })
    }

    pub(super) fn keep(&self, to: &Path) {
        self.store().keep(to).unwrap();
    }

    pub(super) fn put_back(&mut self, from: &Path, how: Back) {
        match how {
            Back::Restored => {
                drop(Store::restore(from, &self.path, 0).unwrap());
                self.reopen();
            }
            Back::Replaced | Back::Unnoticed => {
                self.store = None;
                for side in ["-wal", "-shm"] {
                    let mut name = self.path.clone().into_os_string();
                    name.push(side);
                    drop(std::fs::remove_file(name));
                }
                if how == Back::Replaced {
                    let beside = self.path.with_extension("back");
                    std::fs::copy(from, &beside).unwrap();
                    std::fs::rename(&beside, &self.path).unwrap();
                } else {
                    // Into the same file: its number stays.
                    let bytes = std::fs::read(from).unwrap();
                    std::fs::write(&self.path, bytes).unwrap();
                }
                self.store = Some(Store::open(&self.path).unwrap());
            }
        }
    }

    /// Goes on as this replica, unless the file has noticed by itself that it must.
    pub(super) fn go_on(&mut self, id: ReplicaId) -> String {
        let before = self.store().replica();
        trial::goes_on_as(id.0);
        let store = self.store_mut();
        store.set_own("looked", Some("yes")).unwrap();
        if store.replica() == before {
            store.go_on().unwrap();
        }
        assert_eq!(store.replica(), id);
        store.reader().own("letter").unwrap().unwrap()
    }

    /// The round over both. An error is a process that ended in the middle.
    pub(super) fn meet(
        &mut self,
        log: &mut MemoryLog,
        (meeting, memory): (&Meeting<'_>, &mut Memory),
        crashed: &Cell<bool>,
    ) -> Result<Round, StoreError> {
        let mut both = Both {
            log,
            file: self.store.as_mut().unwrap(),
            founder: self.founder,
            crashed,
            differs: &self.differs,
            bulk: &self.bulk,
        };
        // As an exchange reads: everything of one moment.
        both.file.hold()?;
        let done = round(&mut both, meeting, memory);
        both.file.let_go()?;
        done
    }
}

struct Both<'d> {
    log: &'d mut MemoryLog,
    file: &'d mut Store,
    founder: Key,
    crashed: &'d Cell<bool>,
    differs: &'d RefCell<Vec<String>>,
    bulk: &'d Cell<u64>,
}

impl Both<'_> {
    /// Whether the process still runs.
    fn alive(&self) -> Result<(), StoreError> {
        if self.crashed.get() {
            return Err(StoreError::Broken("the process is gone".to_owned()));
        }
        Ok(())
    }

    fn same<T: PartialEq + Debug>(&self, what: &str, file: &T, memory: &T) {
        if file != memory {
            let said = format!("{what}: the file says {file:?}, memory {memory:?}");
            self.differs.borrow_mut().push(said);
        }
    }

    /// A line's number in memory.
    fn to_memory(line: u64) -> u64 {
        line - 1
    }
}

/// What a desk in memory cannot fail to answer.
fn sure<T, E: std::error::Error>(answer: Result<T, E>) -> T {
    answer.unwrap()
}

impl Log for Both<'_> {
    type Error = StoreError;

    fn workspace(&self) -> Workspace {
        self.same("workspace", &self.file.workspace(), &self.log.workspace);
        self.file.workspace()
    }

    fn genesis(&self) -> Result<String, StoreError> {
        self.alive()?;
        Log::genesis(&*self.file)
    }

    fn replica(&self) -> ReplicaId {
        self.same("replica", &self.file.replica(), &self.log.replica);
        self.file.replica()
    }

    fn membership(&self) -> Result<Membership, StoreError> {
        self.alive()?;
        let membership = Log::membership(&*self.file)?;
        self.same(
            "told",
            &membership.told().len(),
            &self.log.membership.told().len(),
        );
        Ok(membership)
    }

    fn lines(&self) -> Result<Vec<Line>, StoreError> {
        self.alive()?;
        let mut lines = Log::lines(&*self.file)?;
        for line in &mut lines {
            // Before it was shared the founder's chain said nobody's key.
            line.key = line.key.or(Some(self.founder));
        }
        let mut memory = sure(Log::lines(self.log));
        for line in &mut memory {
            line.num += 1;
            line.parent = line.parent.map(|it| it + 1);
        }
        self.same("lines", &lines, &memory);
        Ok(lines)
    }

    fn place(&self, hash: &Hash) -> Result<Option<Place>, StoreError> {
        self.alive()?;
        let place = Log::place(&*self.file, hash)?;
        let memory = sure(Log::place(self.log, hash)).map(|it| Place {
            line: it.line + 1,
            ..it
        });
        self.same("place", &place, &memory);
        Ok(place)
    }

    fn begins(&self, digits: &str) -> Result<bool, StoreError> {
        self.alive()?;
        let begins = Log::begins(&*self.file, digits)?;
        self.same("begins", &begins, &sure(Log::begins(self.log, digits)));
        Ok(begins)
    }

    fn run(&self, tip: &Hash, lo: u64, hi: u64) -> Result<Vec<(Hash, Vec<u8>)>, StoreError> {
        self.alive()?;
        let run = Log::run(&*self.file, tip, lo, hi)?;
        self.same("run", &run, &sure(Log::run(self.log, tip, lo, hi)));
        Ok(run)
    }

    fn signed(&self, line: u64, from: u64) -> Result<Vec<Signed>, StoreError> {
        self.alive()?;
        let signed = Log::signed(&*self.file, line, from)?;
        let memory = sure(Log::signed(self.log, Self::to_memory(line), from));
        self.same("signed", &signed, &memory);
        Ok(signed)
    }

    fn void_bytes(&self, key: &Key) -> Result<u64, StoreError> {
        self.alive()?;
        let bytes = Log::void_bytes(&*self.file, key)?;
        self.same("void bytes", &bytes, &sure(Log::void_bytes(self.log, key)));
        Ok(bytes)
    }

    fn receive(
        &mut self,
        commits: Vec<Received>,
        signed: &[Signed],
        now: i64,
        share: Option<&str>,
    ) -> Result<Option<u64>, StoreError> {
        self.alive()?;
        let number = Log::receive(self.file, commits.clone(), signed, now, share)?;
        let behind = self.file.is_behind()?;
        if behind {
            self.bulk.set(self.bulk.get() + 1);
        }
        self.same(
            "a number is kept",
            &number.is_some(),
            &(share.is_some() && !behind),
        );
        let share = share.filter(|_| number.is_some());
        let memory = sure(Log::receive(self.log, commits, signed, now, share));
        self.same("next head", &number, &memory);
        Ok(number)
    }

    fn settle(&mut self) -> Result<(), StoreError> {
        self.alive()?;
        if self.file.is_behind()? {
            trial::step("before settling")?;
        }
        Log::settle(self.file)
    }

    fn files(&self, share: &str, each: &mut dyn FnMut(&str, FileNote)) -> Result<(), StoreError> {
        self.alive()?;
        let (mut files, mut known) = (Vec::new(), Vec::new());
        Log::files(&*self.file, share, &mut |name, note| {
            files.push((name.to_owned(), note));
        })?;
        sure(Log::files(self.log, share, &mut |name, note| {
            known.push((name.to_owned(), note));
        }));
        self.same("files", &files, &known);
        for (_, note) in &files {
            if let FileVerdict::Pack {
                tip,
                line: Some(line),
                ..
            } = &note.verdict
            {
                let place = Log::place(&*self.file, tip)?.map(|place| place.line);
                self.same("the noted line of a pack", &Some(*line), &place);
            }
        }
        for (name, note) in files {
            each(&name, note);
        }
        Ok(())
    }

    fn note_files(
        &mut self,
        share: &str,
        notes: &[(String, Option<FileNote>)],
        left: &Left<'_>,
    ) -> Result<(), StoreError> {
        self.alive()?;
        Log::note_files(self.file, share, notes, left)?;
        sure(Log::note_files(self.log, share, notes, left));
        Ok(())
    }

    fn next_head(&mut self, share: &str) -> Result<u64, StoreError> {
        self.alive()?;
        let next = Log::next_head(self.file, share)?;
        let memory = sure(Log::next_head(self.log, share));
        self.same("next head", &next, &memory);
        Ok(next)
    }

    fn digest(&self) -> Result<Hash, StoreError> {
        self.alive()?;
        Log::digest(&*self.file)
    }
}
