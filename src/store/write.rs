//! An open desk, and the one transaction in which a user's action happens.

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::folding::Folding;
use super::lines::Placing;
use super::log::{self, Entry};
use super::project::Rules;
use super::query::Reader;
use super::{
    StoreError, apply, compiled, exchange, incarnation, judging, keeping, lines, lots, members,
    open, receive, schema,
};
use crate::domain::when::When;
use crate::domain::zone::Zone;
use crate::ledger::{
    Applied, Commit, Draft, Hash, Header, ReplicaId, Workspace, chain_hash, first_prev,
};

/// A desk open for writing. Reading through it is reading at its present state.
pub struct Store {
    conn: Connection,
    path: PathBuf,
    file: Option<u64>,
    workspace: Workspace,
    replica: ReplicaId,
    /// What was received at once and is not shown yet.
    pub(super) folding: Option<Folding>,
    /// Whether something was received since all was shown, or may have been before.
    pub(super) unsettled: bool,
    pub(super) members_read: RefCell<Option<members::Read>>,
}

impl Store {
    /// Opens a desk that exists.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Self::with(open::writer(path)?, path)
    }

    /// Creates a desk file with its genesis.
    pub fn create(path: &Path, genesis: &str, replica: ReplicaId) -> Result<Self, StoreError> {
        Ok(Self::create_with(path, genesis, replica, |_| Ok::<_, StoreError>(()))?.0)
    }

    /// The same with what comes first in it: it is made beside its place and put there whole, so
    /// that a process that ends in the middle leaves no desk rather than half of one.
    pub fn create_with<T, E: From<StoreError>>(
        path: &Path,
        genesis: &str,
        replica: ReplicaId,
        first: impl FnOnce(&mut Self) -> Result<T, E>,
    ) -> Result<(Self, T), E> {
        open::make_folder(path)?;
        let part = open::part(path)?;
        let made = || {
            let mut store = Self::found(open::create(&part)?, &part, genesis, replica)?;
            let made = first(&mut store)?;
            keeping::whole(&store.conn).map_err(|error| error.at(path))?;
            // Closed first, so that its side files go with it.
            drop(store);
            open::put(&part, path)?;
            Ok::<_, E>((Self::open(path)?, made))
        };
        made().inspect_err(|_| open::discard(&part))
    }

    /// A desk that lives in memory only.
    pub fn in_memory(genesis: &str, replica: ReplicaId) -> Result<Self, StoreError> {
        Self::found(
            Connection::open_in_memory()?,
            Path::new(":memory:"),
            genesis,
            replica,
        )
    }

    fn found(
        mut conn: Connection,
        path: &Path,
        genesis: &str,
        replica: ReplicaId,
    ) -> Result<Self, StoreError> {
        let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        schema::migrate(&tx, 0)?;
        let workspace = Workspace::of_genesis(genesis.as_bytes());
        put_meta(&tx, "genesis", genesis.as_bytes())?;
        put_meta(&tx, "workspace", &workspace.0.0)?;
        put_meta(&tx, "replica", &replica.0)?;
        exchange::set_own(&tx, receive::PROJECTION, Some(receive::READS))?;
        tx.commit()?;
        Self::with(conn, path)
    }

    fn with(conn: Connection, path: &Path) -> Result<Self, StoreError> {
        let (workspace, replica) = of(&conn)?;
        Ok(Self {
            file: identity(path),
            path: path.to_owned(),
            conn,
            workspace,
            replica,
            folding: None,
            unsettled: true,
            members_read: RefCell::default(),
        })
    }

    /// The replica that this desk writes as.
    pub const fn replica(&self) -> ReplicaId {
        self.replica
    }

    pub const fn workspace(&self) -> Workspace {
        self.workspace
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn reader(&self) -> Reader<'_> {
        Reader::new(&self.conn)
    }

    pub(super) fn conn(&self) -> &Connection {
        &self.conn
    }

    /// What is read from now on is of one moment: the file is locked once and not for every
    /// question. What others write is seen after the next write here, and after `settle`.
    pub fn hold(&self) -> Result<(), StoreError> {
        open::hold(&self.conn)
    }

    /// Ends that.
    #[cfg(test)]
    pub fn let_go(&self) -> Result<(), StoreError> {
        open::release(&self.conn).map(drop)
    }

    /// Changes whenever another process has committed.
    pub fn data_version(&self) -> Result<i64, StoreError> {
        Ok(self
            .conn
            .pragma_query_value(None, "data_version", |row| row.get(0))?)
    }

    /// Looks at a desk without changing it and without leaving a trace. `look`
    /// may run more than once and must not print.
    pub fn look<T>(
        path: &Path,
        look: &mut dyn FnMut(&Reader<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        open::look(path, &mut |conn| look(&Reader::new(conn)))
    }

    /// Runs one action in one transaction: kept whole, or not at all.
    pub fn write<T, E: From<StoreError>>(
        &mut self,
        action: impl FnOnce(&mut Writing<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.run(true, true, action)
    }

    /// The same on a desk whose projection may be behind its log, and without the rules that records
    /// are judged by: most of what is written so is about this file alone.
    pub(super) fn write_as_is<T, E: From<StoreError>>(
        &mut self,
        action: impl FnOnce(&mut Writing<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.run(true, false, action)
    }

    /// The same for what can be found out again: a power cut may undo it.
    pub(super) fn write_unhurried<T, E: From<StoreError>>(
        &mut self,
        action: impl FnOnce(&mut Writing<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        if !keeping::unhurried(&self.conn)? {
            return self.write_as_is(action);
        }
        let written = self.write_as_is(action);
        let as_before = keeping::at_once(&self.conn);
        let written = written?;
        as_before?;
        Ok(written)
    }

    /// Runs an action and takes it back: a preview with the action's own guards.
    pub fn rehearse<T, E: From<StoreError>>(
        &mut self,
        action: impl FnOnce(&mut Writing<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.run(false, true, action)
    }

    fn run<T, E: From<StoreError>>(
        &mut self,
        keep: bool,
        settled: bool,
        action: impl FnOnce(&mut Writing<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let held = open::release(&self.conn)?;
        let result = self.transact(keep, settled, action)?;
        if held {
            open::hold(&self.conn)?;
        }
        Ok(result)
    }

    fn transact<T, E: From<StoreError>>(
        &mut self,
        keep: bool,
        settled: bool,
        action: impl FnOnce(&mut Writing<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        // SQLite opens a file that it may only read, and tells at the first change.
        if self.conn.is_readonly(rusqlite::MAIN_DB).unwrap_or(false) {
            return Err(StoreError::ReadOnly(self.path.clone()).into());
        }
        let begun = self
            .conn
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(|error| E::from(StoreError::opening(&self.path, error)))?;
        // Checked under the lock: a restore may have put another file in this one's place,
        // or another desk into this file.
        let desk = of(&begun).map_err(|error| error.at(&self.path))?;
        let moved = self.file.is_some() && identity(&self.path) != self.file;
        if moved || desk.0 != self.workspace {
            return Err(StoreError::Replaced.into());
        }
        schema::keep_up(&begun).map_err(|error| error.at(&self.path))?;
        let replica = incarnation::keep_up(&begun, &self.path)?.unwrap_or(desk.1);
        if settled {
            receive::keep_up(&begun, None).map_err(|error| error.at(&self.path))?;
        }
        let mut writing = Writing {
            rules: None,
            tx: begun,
            path: &self.path,
            workspace: self.workspace,
            replica,
        };
        if settled {
            writing.read_rules()?;
        }
        let result = action(&mut writing)?;
        let Writing {
            tx, path, replica, ..
        } = writing;
        let ended = if keep { tx.commit() } else { tx.rollback() };
        ended.map_err(|error| E::from(StoreError::opening(path, error)))?;
        if keep {
            self.replica = replica;
        }
        Ok(result)
    }
}

/// The inside of one write.
pub struct Writing<'s> {
    tx: Transaction<'s>,
    path: &'s Path,
    workspace: Workspace,
    replica: ReplicaId,
    rules: Option<Rules>,
}

impl Writing<'_> {
    pub fn reader(&self) -> Reader<'_> {
        Reader::new(&self.tx)
    }

    pub(super) fn conn(&self) -> &Connection {
        &self.tx
    }

    /// The same for one that is no text.
    pub fn set_own_bytes(&mut self, key: &str, value: &[u8]) -> Result<(), StoreError> {
        exchange::set_own_bytes(&self.tx, key, Some(value))
    }

    pub(super) const fn workspace(&self) -> Workspace {
        self.workspace
    }

    pub(super) const fn path(&self) -> &Path {
        self.path
    }

    /// Goes on as a new replica.
    pub(super) fn go_on(&mut self) -> Result<(), StoreError> {
        self.replica = incarnation::go_on(&self.tx)?;
        Ok(())
    }

    /// The connection, and the rules that a change of the profile replaces.
    pub(super) fn parts(&mut self) -> (&Connection, &mut Option<Rules>) {
        (&self.tx, &mut self.rules)
    }

    /// Keeps a fact of this desk file alone, or forgets it with `None`.
    pub fn set_own(&mut self, key: &str, value: Option<&str>) -> Result<(), StoreError> {
        exchange::set_own(&self.tx, key, value)
    }

    /// Reads what records are judged by.
    pub(super) fn read_rules(&mut self) -> Result<(), StoreError> {
        self.rules = compiled::rules(&self.tx)?;
        Ok(())
    }

    /// What records are judged by; none before the desk has its facts.
    pub fn rules(&self) -> Option<&Rules> {
        self.rules.as_ref()
    }

    /// An empty commit at the next place of our chain.
    pub fn draft(&self) -> Result<Draft, StoreError> {
        let seq = log::tip(&self.tx, &self.replica)?.map_or(1, |tip| tip.at.seq + 1);
        Ok(Draft::new(self.replica, seq))
    }

    /// Appends a commit and projects it; `received` is Unix seconds. Returns it as logged.
    pub fn append(
        &mut self,
        mut draft: Draft,
        mut header: Header,
        received: i64,
    ) -> Result<Entry, StoreError> {
        let tip = log::tip(&self.tx, &self.replica)?;
        header.deps = lines::moved(&self.tx, tip.as_ref().map(|tip| &tip.at))?;
        if tip.is_none()
            && let Some(device) = incarnation::device(&self.tx)?
        {
            draft.member(device);
        }
        let commit = draft.finish(header);
        if judging::closes(&self.tx, &commit.entities)? {
            return Err(StoreError::NeedsNewer);
        }
        let bytes = commit.encode();
        if bytes.len() > crate::ledger::MAX_BYTES {
            return Err(StoreError::TooLarge);
        }
        let prev = tip.map_or_else(
            || first_prev(&self.workspace, &self.replica),
            |tip| tip.hash,
        );
        let hash = chain_hash(&self.workspace, &prev, &bytes);
        let zone = self
            .rules
            .as_ref()
            .map_or_else(Zone::utc, |rules| rules.zone.clone());
        let address = (self.replica, commit.seq);
        let mut placing = Placing::new(&self.tx);
        let at = placing.place(&hash, tip.map(|tip| tip.at), address, &commit.deps)?;
        placing.end()?;
        let mut logged = entry(hash, at.lamport, commit, &zone);
        if let Some(taken_back) = logged.applied.commit.undoes {
            // What is taken back never was: the undo happened when its target did.
            logged.happened = log::by_hash(&self.tx, &taken_back)?
                .map_or(logged.happened, |target| target.happened);
        }
        logged.num = apply::log_row(&self.tx, (&logged, &at), received, bytes.len())
            .map_err(|error| error.at(self.path))?;
        lots::put(&self.tx, logged.num, &bytes).map_err(|error| error.at(self.path))?;
        members::keep(&self.tx, logged.num, &logged.applied.commit)?;
        apply::commit(&self.tx, &logged, &mut self.rules, apply::By::Us)
            .map_err(|error| error.at(self.path))?;
        Ok(logged)
    }
}

/// A commit with its times read: what it says happened, else when it was typed.
pub(super) fn entry(hash: Hash, lamport: u64, commit: Commit, zone: &Zone) -> Entry {
    let recorded =
        chrono::DateTime::parse_from_rfc3339(&commit.wall).map_or(0, |wall| wall.timestamp());
    let happened = commit
        .at
        .as_deref()
        .and_then(|at| at.parse::<When>().ok())
        .map_or(recorded, |at| at.start(zone).timestamp());
    Entry {
        num: 0,
        applied: Applied {
            hash,
            lamport,
            commit,
        },
        happened,
        recorded,
    }
}

fn put_meta(conn: &Connection, key: &str, value: &[u8]) -> Result<(), StoreError> {
    conn.execute(
        "INSERT INTO meta (key, value) VALUES (?1, ?2)",
        (key, value),
    )?;
    Ok(())
}

/// Which desk it is, and which replica of it.
fn of(conn: &Connection) -> Result<(Workspace, ReplicaId), StoreError> {
    let workspace = Workspace(Hash(meta(conn, "workspace")?));
    Ok((workspace, ReplicaId(meta(conn, "replica")?)))
}

fn meta<const N: usize>(conn: &Connection, key: &str) -> Result<[u8; N], StoreError> {
    Ok(
        conn.query_row("SELECT value FROM meta WHERE key = ?1", [key], |row| {
            row.get(0)
        })?,
    )
}

/// The file behind a path, to notice that a restore replaced it.
fn identity(path: &Path) -> Option<u64> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        std::fs::metadata(path).ok().map(|meta| meta.ino())
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An empty commit.
    fn step(writing: &mut Writing<'_>) -> Result<(), StoreError> {
        let header = Header {
            wall: "2026-11-21T09:14:00Z".to_owned(),
            ..Header::default()
        };
        let draft = writing.draft()?;
        writing.append(draft, header, 0).map(|_| ())
    }

    #[test]
    fn a_file_that_may_only_be_read_is_named_before_anything_is_tried() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cmd.relmate");
        drop(Store::create(&path, "{}", ReplicaId([1; 16])).unwrap());
        let mut desk = Store::with(open::plain(&path).unwrap(), &path).unwrap();
        for refused in [
            desk.write(step),
            desk.rehearse(step),
            desk.set_own("a", None),
        ] {
            assert!(matches!(refused, Err(StoreError::ReadOnly(at)) if at == path));
        }
        assert!(matches!(desk.rebuild(), Err(StoreError::ReadOnly(at)) if at == path));
    }

    #[test]
    fn a_desk_of_the_first_version_is_brought_up_by_the_first_write_and_by_no_rehearsal() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cmd.relmate");
        let made = Store::in_memory("{}", ReplicaId([1; 16])).unwrap();
        let first = Connection::open(&path).unwrap();
        keeping::kept_by(&first, "wal").unwrap();
        schema::make(&first, 1);
        super::super::rebuild::copy_table(&made.conn, &first, "meta", "key, value").unwrap();
        drop(first);
        let before = std::fs::read(&path).unwrap();
        let mut desk = Store::open(&path).unwrap();
        desk.rehearse(step).unwrap();
        assert_eq!(schema::check(&desk.conn).unwrap(), 1);
        drop(desk);
        assert!(std::fs::read(&path).unwrap() == before, "not a byte");
        let mut desk = Store::open(&path).unwrap();
        desk.rehearse(step).unwrap();
        desk.write(step).unwrap();
        assert_eq!(schema::check(&desk.conn).unwrap(), schema::VERSION);
        assert!(desk.reader().check().unwrap().agrees);
    }
}
