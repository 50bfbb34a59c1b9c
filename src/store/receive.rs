//! Commits of other desks into the log and the desk, causes first. Refuses none that is whole:
//! what does not count is kept all the same, with why (SYNC.md 3.2).

use rusqlite::Connection;

use super::folding::{Folding, Growing, Spent};
use super::judging::{Came, Judge, Links, refate, refold};
use super::lines::{self, At, Placing};
use super::log::{self, Entry};
use super::lots::{self, Lots};
use super::write::entry;
use super::{Store, StoreError, Writing, ahead, apply, exchange, keeping, members, open, rebuild};
use crate::domain::zone::Zone;
use crate::ledger::mutant::{self, Mutant};
use crate::ledger::{
    Commit, Fate, Hash, Key, MemberOp, Op, Received, Signed, Verdict, Workspace, first_prev,
};

/// From how many commits at once the desk is projected anew instead of commit by commit, if
/// that is also a good part of the log.
const MANY: usize = 500;

#[cfg(not(test))]
const fn at_once() -> usize {
    MANY
}

/// Tests have short histories.
#[cfg(test)]
fn at_once() -> usize {
    super::trial::many().unwrap_or(MANY)
}

impl Store {
    /// Takes commits into the log and the desk in one transaction. Each one's causes are in the
    /// log or before it in the list; `signed` is what their authors signed. `now` is Unix seconds.
    #[cfg(test)]
    pub fn receive(
        &mut self,
        commits: Vec<Received>,
        signed: &[Signed],
        now: i64,
    ) -> Result<(), StoreError> {
        self.receive_for(None, commits, signed, now).map(drop)
    }

    /// The same, and the number of the next head file on a share with it, if that is asked and all
    /// of it is shown at once.
    pub fn receive_for(
        &mut self,
        share: Option<&str>,
        commits: Vec<Received>,
        signed: &[Signed],
        now: i64,
    ) -> Result<Option<u64>, StoreError> {
        // What goes wrong takes with it what was folded so far.
        let folding = self.folding.take();
        self.unsettled = true;
        let conn = self.conn();
        if commits.len() > at_once()
            && !conn.is_readonly(rusqlite::MAIN_DB).unwrap_or(true)
            && log::is_empty(conn)?
        {
            keeping::fill(conn)?;
        }
        let (folding, number) = self.write_as_is(|writing| {
            let folding = writing.receive(commits, folding, now)?;
            let conn = writing.conn();
            exchange::keep_signatures(conn, signed)?;
            let number = match share {
                Some(share) if !is_stale(conn)? => Some(exchange::next_head(conn, share)?),
                _ => None,
            };
            Ok::<_, StoreError>((folding, number))
        })?;
        self.folding = folding;
        Ok(number)
    }

    /// Shows what was received, where much came at once.
    pub fn settle(&mut self) -> Result<(), StoreError> {
        if self.unsettled {
            let folding = self.folding.take();
            if !is_kept_up(self.conn())? {
                self.write_as_is(|writing| keep_up(writing.conn(), folding))?;
            }
            keeping::at_rest(self.conn())?;
            self.unsettled = false;
        }
        // What was recorded meanwhile belongs to what is shown, and to what is published.
        open::renew(self.conn())
    }
}

/// Whether the desk shows what its log says, as this version reads it.
pub(super) fn is_kept_up(conn: &Connection) -> Result<bool, StoreError> {
    // One statement: every look asks.
    Ok(conn
        .prepare_cached(
            "SELECT count(*) = 1 AND min(key) = 'own:projection' AND min(value) = CAST(?1 AS BLOB)
             FROM meta WHERE key IN ('own:projection', 'stale')",
        )?
        .query_row([READS], |row| row.get::<_, Option<bool>>(0))?
        .unwrap_or_default())
}

/// Whether this version made the projection.
fn is_current(conn: &Connection) -> Result<bool, StoreError> {
    Ok(exchange::own(conn, PROJECTION)?.as_deref() == Some(READS))
}

/// Projects the log anew where the projection is behind it, or was made by a version that read
/// it otherwise.
pub(super) fn keep_up(conn: &Connection, folding: Option<Folding>) -> Result<(), StoreError> {
    let older = !is_current(conn)?;
    if !older && !is_stale(conn)? || mutant::is(Mutant::NoRefill) {
        return Ok(());
    }
    // What needed a newer version may be understood now.
    let folding = if older {
        Some(refold(conn, Links::Trusted)?)
    } else {
        folding
    };
    rebuild::refill(conn, folding)
}

/// The fact that says how the log was read.
pub(super) const PROJECTION: &str = "projection";
/// How this version reads it. Raised whenever the same commits show something else.
pub(super) const READS: &str = "4";

/// Whether the projection is behind the log.
pub(super) fn is_stale(conn: &Connection) -> Result<bool, StoreError> {
    Ok(conn
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM meta WHERE key = 'stale')")?
        .query_row([], |row| row.get(0))?)
}

fn set_stale(conn: &Connection) -> Result<(), StoreError> {
    conn.prepare_cached("INSERT OR IGNORE INTO meta (key, value) VALUES ('stale', x'01')")?
        .execute([])?;
    Ok(())
}

impl Writing<'_> {
    /// Returns what the log comes to so far, where it is not shown yet.
    fn receive(
        &mut self,
        commits: Vec<Received>,
        folding: Option<Folding>,
        now: i64,
    ) -> Result<Option<Folding>, StoreError> {
        self.read_rules()?;
        let workspace = self.workspace();
        let zone = self
            .rules()
            .map_or_else(Zone::utc, |rules| rules.zone.clone());
        let (conn, rules) = self.parts();
        let mut folding = match bulk(conn, commits.len())? {
            Bulk::No => None,
            Bulk::Anew => Some(None),
            // Somebody else may have written meanwhile.
            Bulk::More => Some(match folding {
                Some(folding) if folding.is_whole(conn)? => Some(folding),
                _ => None,
            }),
            Bulk::First => Some(Some(Folding::begin(conn)?)),
        };
        let mut taking = Taking::new(conn, workspace, folding.is_some())?;
        let mut growing = Growing::new(conn)?;
        let mut commits = commits.into_iter();
        let next = || Ok::<_, StoreError>(some(&mut commits));
        let read = |it: &Received| Commit::decode_without_intent(&it.bytes);
        ahead(next, read, |received, verdict| {
            let Some(received) = taking.news(received)? else {
                return Ok((Spent::default(), Vec::new()));
            };
            #[cfg(test)]
            super::trial::step(if folding.is_some() { "bulk" } else { "receive" })?;
            let (logged, bytes, at, fate) = taking.take((received, verdict), &zone, now)?;
            let mut spent = Spent::default();
            match &mut folding {
                // It is shown with all the others.
                Some(Some(folding)) if fate == Fate::Valid => {
                    spent = growing.add(folding, logged, at)?;
                }
                Some(Some(folding)) => folding.pass(logged.num),
                None if fate == Fate::Valid => {
                    taking.placing.end()?;
                    apply::commit(conn, &logged, rules, apply::By::Others)?;
                }
                Some(None) | None => {}
            }
            Ok((spent, bytes))
        })?;
        growing.held()?;
        if taking.end()? {
            set_stale(conn)?;
            return Ok(None);
        }
        Ok(folding.flatten())
    }
}

/// How many commits are read before they are taken, and how many bytes: what is read of a commit
/// takes many times its room.
const READ: usize = 128;
const BYTES_READ: usize = 256 << 10;

/// The next commits.
fn some(commits: &mut std::vec::IntoIter<Received>) -> Vec<Received> {
    let mut bytes = 0;
    let fits = commits.as_slice().iter().take(READ).take_while(|it| {
        let before = bytes;
        bytes += it.bytes.len();
        before < BYTES_READ
    });
    let count = fits.count();
    commits.take(count).collect()
}

/// Whether what is received is shown when all of it is there.
enum Bulk {
    No,
    /// It begins beside what is there: whatever was folded before, somebody has shown it since.
    Anew,
    /// It goes on.
    More,
    /// It begins, and the log was empty.
    First,
}

fn bulk(conn: &Connection, count: usize) -> Result<Bulk, StoreError> {
    if !is_stale(conn)? {
        if count <= at_once() {
            return Ok(Bulk::No);
        }
        let known = log::count(conn)?;
        if count as u64 * 4 <= known {
            return Ok(Bulk::No);
        }
        set_stale(conn)?;
        keeping::busy(conn)?;
        return Ok(if known == 0 { Bulk::First } else { Bulk::Anew });
    }
    keeping::busy(conn)?;
    Ok(Bulk::More)
}

/// Commits on their way into the log.
struct Taking<'c> {
    conn: &'c Connection,
    workspace: Workspace,
    placing: Placing<'c>,
    judge: Judge<'c>,
    /// Where much comes at once it goes into lots as it comes.
    lots: Option<Lots<'c>>,
    /// The last one that was new, and its place.
    last: Option<(Hash, At)>,
    removed: bool,
}

impl<'c> Taking<'c> {
    fn new(conn: &'c Connection, workspace: Workspace, much: bool) -> Result<Self, StoreError> {
        Ok(Self {
            conn,
            workspace,
            placing: Placing::new(conn),
            judge: Judge::new(conn)?,
            lots: much.then(|| Lots::new(conn)).transpose()?,
            last: None,
            removed: false,
        })
    }

    /// Passes on what is not in the log. What follows one that was new is new.
    fn news(&self, received: Received) -> Result<Option<Received>, StoreError> {
        let follows = self.last.is_some_and(|(hash, _)| hash == received.prev);
        let known = !follows && lines::at(self.conn, &received.hash)?.is_some();
        Ok((!known).then_some(received))
    }

    /// Puts one into the log; returns it as logged, its bytes, its place and what becomes of it.
    fn take(
        &mut self,
        (received, verdict): (Received, Verdict),
        zone: &Zone,
        now: i64,
    ) -> Result<(Entry, Vec<u8>, At, Fate), StoreError> {
        let conn = self.conn;
        let prev = match self.last {
            Some((hash, at)) if hash == received.prev => Some(at),
            _ => previous(conn, &self.workspace, &received)?,
        };
        let Received {
            hash, key, bytes, ..
        } = received;
        let place = (received.replica, received.seq);
        let (commit, came) = Came::of((hash, Some(key)), place, verdict);
        let at = self.placing.place(&hash, prev, place, &commit.deps)?;
        if prev.is_none_or(|prev| prev.line != at.line) {
            owned(conn, at.line, &key)?;
        }
        self.last = Some((hash, at));
        let mut logged = entry(hash, at.lamport, commit, zone);
        logged.num = apply::log_row(conn, (&logged, &at), now, bytes.len())?;
        match &mut self.lots {
            Some(lots) => lots.put(logged.num, &bytes)?,
            None => lots::put(conn, logged.num, &bytes)?,
        }
        let commit = &logged.applied.commit;
        if !members::keep(conn, logged.num, commit)?.is_empty() {
            self.placing.end()?;
            self.judge.told()?;
            self.removed |= self.judge.cuts;
        }
        let fate = self.judge.keep(&came, (logged.num, commit), &at)?;
        Ok((logged, bytes, at, fate))
    }

    /// Tells whether one that was there fares otherwise now.
    fn end(mut self) -> Result<bool, StoreError> {
        self.placing.end()?;
        self.judge.held()?;
        self.lots.as_mut().map(Lots::close).transpose()?;
        Ok(self.removed && !mutant::is(Mutant::NoRejudging) && refate(self.conn)?)
    }
}

fn previous(
    conn: &Connection,
    workspace: &Workspace,
    received: &Received,
) -> Result<Option<At>, StoreError> {
    if received.seq == 1 && received.prev == first_prev(workspace, &received.replica) {
        return Ok(None);
    }
    let missing = || StoreError::Broken(format!("commit {} is missing", received.prev));
    lines::at(conn, &received.prev)?
        .ok_or_else(missing)
        .map(Some)
}

/// Notes whose chain a line is.
fn owned(conn: &Connection, line: i64, key: &Key) -> Result<(), StoreError> {
    conn.prepare_cached("UPDATE replica SET key = ?2 WHERE num = ?1 AND key IS NULL")?
        .execute((line, key.0))?;
    Ok(())
}

/// The membership ops of a commit, whatever its fate.
pub(super) fn member_ops(commit: &Commit) -> impl Iterator<Item = (usize, MemberOp)> {
    let ops = commit.ops.iter().enumerate();
    let told = ops.filter_map(|(index, op)| match op {
        Op::Member { body } => Some((index, serde_json::from_value(body.clone()).ok()?)),
        _ => None,
    });
    told.take(MEMBERS)
}

/// How many membership ops of one commit are read. Nobody says more at once; somebody may try,
/// to make every look at the members slow.
const MEMBERS: usize = 64;
