//! Commits of other desks into the log and the desk, causes first. Refuses none that is whole:
//! what does not count is kept all the same, with why (SYNC.md 3.2).

use rusqlite::Connection;

use super::lines::{self, At, PastOf};
use super::write::entry;
use super::{Store, StoreError, Writing, apply, exchange, members, rebuild};
use crate::domain::zone::Zone;
use crate::ledger::mutant::{self, Mutant};
use crate::ledger::{
    Ancestry as _, Commit, EntityId, Fate, Hash, Header, Key, Member, MemberOp, Membership, Op,
    Received, Verdict, Workspace, fate, first_prev,
};

/// From how many commits at once the desk is projected anew instead of commit by commit, if
/// that is also a good part of the log.
const MANY: usize = 500;

#[cfg(not(test))]
const fn many() -> usize {
    MANY
}

/// Tests have short histories.
#[cfg(test)]
fn many() -> usize {
    super::trial::many().unwrap_or(MANY)
}

impl Store {
    /// Takes commits into the log and the desk in one transaction. Each one's causes are in the
    /// log or before it in the list. `now` is Unix seconds.
    pub fn receive(&mut self, commits: &[Received], now: i64) -> Result<(), StoreError> {
        self.write_as_is(|writing| writing.receive(commits, now))
    }

    /// Shows what was received, where much came at once.
    pub fn settle(&mut self) -> Result<(), StoreError> {
        if is_current(self.conn())? && !is_stale(self.conn())? {
            return Ok(());
        }
        self.write_as_is(|writing| keep_up(writing.conn()))
    }
}

/// Whether this version made the projection.
fn is_current(conn: &Connection) -> Result<bool, StoreError> {
    Ok(exchange::own(conn, PROJECTION)?.as_deref() == Some(READS))
}

/// Projects the log anew where the projection is behind it, or was made by a version that read
/// it otherwise.
pub(super) fn keep_up(conn: &Connection) -> Result<(), StoreError> {
    let older = !is_current(conn)?;
    if older {
        // What needed a newer version may be understood now.
        refate(conn)?;
    }
    if (older || is_stale(conn)?) && !mutant::is(Mutant::NoRefill) {
        rebuild::refill(conn)?;
    }
    Ok(())
}

/// The fact that says how the log was read.
pub(super) const PROJECTION: &str = "projection";
/// How this version reads it. Raised whenever the same commits show something else.
pub(super) const READS: &str = "2";

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

/// A judgement that holds for the next commit too, as long as it has seen no more.
struct Same {
    at: (i64, i64),
    /// It was written before its desk was shared, and the next one may have been after.
    last: bool,
    judged: Result<Option<Member>, String>,
}

impl Same {
    fn holds(&self, place: (i64, i64)) -> bool {
        self.at == place && !self.last
    }
}

struct Judge<'c> {
    conn: &'c Connection,
    past: PastOf<'c>,
    members: Membership,
    /// Whether somebody was ever removed, or got another role: then every commit is asked for.
    cuts: bool,
    closed: bool,
    same: Option<Same>,
}

impl<'c> Judge<'c> {
    fn new(conn: &'c Connection) -> Result<Self, StoreError> {
        let members = members::load(conn)?;
        Ok(Self {
            conn,
            past: PastOf::load(conn)?,
            cuts: cuts(&members),
            members,
            closed: any_closed(conn)?,
            same: None,
        })
    }

    fn of(
        &mut self,
        verdict: &Verdict,
        commit: (&Commit, &Received),
        at: &At,
    ) -> Result<Fate, StoreError> {
        let (commit, received) = commit;
        let place = (at.line, at.view);
        // Who tells of members, perhaps of the own key, is somebody else from then on.
        let tells = member_ops(commit).next().is_some();
        if self.cuts || tells || self.same.as_ref().is_none_or(|same| !same.holds(place)) {
            let judged = self
                .members
                .judge(&received.hash, Some(received.key), &self.past);
            let shared = !self.members.told().is_empty();
            self.same = Some(Same {
                at: place,
                last: shared && matches!(judged, Ok(None)),
                judged,
            });
        }
        let judged = match self.same.as_ref().map(|same| &same.judged) {
            Some(Ok(member)) => Ok(member.as_ref()),
            Some(Err(why)) => Err(why.as_str()),
            None => Ok(None),
        };
        let closed = self.closed && self.is_closed(commit, &received.hash)?;
        Ok(fate(
            verdict,
            (received.replica, received.seq),
            judged,
            closed,
        ))
    }

    /// Whether a newer version wrote to one of its records before it.
    fn is_closed(&self, commit: &Commit, hash: &Hash) -> Result<bool, StoreError> {
        let mut select = self.conn.prepare_cached(
            "SELECT l.hash FROM closed c JOIN log l ON l.num = c.log WHERE c.entity = ?1",
        )?;
        for entity in &commit.entities {
            let mut rows = select.query([entity.as_str()])?;
            while let Some(row) = rows.next()? {
                let newer = Hash(row.get(0)?);
                if newer != *hash && self.past.includes(hash, &newer) {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// Reads the members again after a commit that told of some.
    fn told(&mut self) -> Result<(), StoreError> {
        self.members = members::load(self.conn)?;
        self.cuts = cuts(&self.members);
        self.same = None;
        Ok(())
    }
}

fn cuts(members: &Membership) -> bool {
    let cut = |op: &MemberOp| matches!(op, MemberOp::Role { .. } | MemberOp::Remove { .. });
    members.told().iter().any(|told| cut(&told.op))
}

impl Writing<'_> {
    fn receive(&mut self, commits: &[Received], now: i64) -> Result<(), StoreError> {
        let workspace = self.workspace();
        let zone = self
            .rules()
            .map_or_else(Zone::utc, |rules| rules.zone.clone());
        let (conn, rules) = self.parts();
        let mut bulk = is_stale(conn)?;
        if !bulk && commits.len() > many() {
            let known: i64 = conn.query_row("SELECT count(*) FROM log", [], |row| row.get(0))?;
            bulk = commits.len() as u64 * 4 > known.unsigned_abs();
        }
        if bulk {
            set_stale(conn)?;
            // Room for the pages of the log's indexes, in KiB.
            conn.pragma_update(None, "cache_size", -64 << 10)?;
        }
        let mut judge = Judge::new(conn)?;
        let mut removed = false;
        let mut last: Option<(Hash, At)> = None;
        for received in commits {
            if lines::at(conn, &received.hash)?.is_some() {
                continue;
            }
            #[cfg(test)]
            super::trial::step(if bulk { "bulk" } else { "receive" })?;
            let verdict = Commit::decode(&received.bytes);
            let commit = read(&verdict, received);
            let prev = match last {
                Some((hash, at)) if hash == received.prev => Some(at),
                _ => previous(conn, &workspace, received)?,
            };
            let address = (received.replica, received.seq);
            let at = lines::place(conn, &received.hash, prev, address, &commit.deps)?;
            if prev.is_none_or(|prev| prev.line != at.line) {
                owned(conn, at.line, &received.key)?;
            }
            last = Some((received.hash, at));
            let mut logged = entry(received.hash, at.lamport, commit, &zone);
            logged.num = apply::log_row(conn, (&logged, &at), now, &received.bytes)?;
            let commit = &logged.applied.commit;
            let told = members::keep(conn, logged.num, commit)?;
            if !told.is_empty() {
                judge.told()?;
                removed |= judge.cuts;
            }
            let fate = judge.of(&verdict, (commit, received), &at)?;
            judge.closed |= put_fate(conn, logged.num, commit, &fate)?;
            if fate == Fate::Valid && !bulk {
                apply::commit(conn, &logged, rules, apply::By::Others)?;
            }
        }
        judge.past.held()?;
        if removed && !mutant::is(Mutant::NoRejudging) && refate(conn)? {
            set_stale(conn)?;
        }
        Ok(())
    }
}

/// A commit that can be read, or what stands in the log for one that cannot: it still has its
/// place in the chain, and no causes but its predecessor.
fn read(verdict: &Verdict, received: &Received) -> Commit {
    match verdict {
        Verdict::Valid(commit) | Verdict::Opaque { commit, .. } => commit.clone(),
        Verdict::Void { .. } => {
            crate::ledger::Draft::new(received.replica, received.seq).finish(Header::default())
        }
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

/// Keeps what became of a commit; tells whether it closes records.
fn put_fate(conn: &Connection, num: i64, commit: &Commit, fate: &Fate) -> Result<bool, StoreError> {
    let (code, why) = match fate {
        Fate::Valid => return Ok(false),
        Fate::Opaque(why) => (1, why),
        Fate::Void(why) => (2, why),
    };
    conn.prepare_cached("UPDATE log SET fate = ?2 WHERE num = ?1")?
        .execute((num, code))?;
    conn.prepare_cached("INSERT OR REPLACE INTO fate (log, why) VALUES (?1, ?2)")?
        .execute((num, why))?;
    if fate.is_void() {
        return Ok(false);
    }
    for entity in &commit.entities {
        conn.prepare_cached("INSERT OR IGNORE INTO closed (entity, log) VALUES (?1, ?2)")?
            .execute((entity.as_str(), num))?;
    }
    Ok(true)
}

/// Judges every commit again, oldest first, after a removal or with a newer version; tells
/// whether one fares otherwise than before.
pub(super) fn refate(conn: &Connection) -> Result<bool, StoreError> {
    let before = fates(conn)?;
    conn.execute_batch(
        "DELETE FROM fate; DELETE FROM closed; UPDATE log SET fate = 0 WHERE fate <> 0",
    )?;
    members::refill(conn)?;
    let mut judge = Judge::new(conn)?;
    let mut select = conn.prepare(
        "SELECT l.num, l.hash, l.seq, l.lamport, l.view, l.bytes, r.num, r.id, r.key
         FROM log l JOIN replica r ON r.num = l.replica ORDER BY l.num",
    )?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let key: Option<[u8; 32]> = row.get(8)?;
        let Some(key) = key else { continue };
        let received = Received {
            hash: Hash(row.get(1)?),
            prev: Hash([0; 32]),
            replica: crate::ledger::ReplicaId(row.get(7)?),
            seq: row.get::<_, i64>(2)?.unsigned_abs(),
            key: Key(key),
            bytes: row.get(5)?,
        };
        let at = At {
            line: row.get(6)?,
            seq: received.seq,
            lamport: row.get::<_, i64>(3)?.unsigned_abs(),
            view: row.get(4)?,
        };
        let verdict = Commit::decode(&received.bytes);
        let commit = read(&verdict, &received);
        let fate = judge.of(&verdict, (&commit, &received), &at)?;
        judge.closed |= put_fate(conn, row.get(0)?, &commit, &fate)?;
    }
    judge.past.held()?;
    Ok(before != fates(conn)?)
}

fn fates(conn: &Connection) -> Result<Vec<(i64, i64)>, StoreError> {
    let mut select = conn.prepare("SELECT num, fate FROM log WHERE fate <> 0 ORDER BY num")?;
    let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Whether a newer version wrote to anything at all.
fn any_closed(conn: &Connection) -> Result<bool, StoreError> {
    Ok(conn
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM closed)")?
        .query_row([], |row| row.get(0))?)
}

/// Whether a newer version closed one of these for this one.
pub(super) fn closes(conn: &Connection, entities: &[EntityId]) -> Result<bool, StoreError> {
    if !any_closed(conn)? {
        return Ok(false);
    }
    let mut select =
        conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM closed WHERE entity = ?1)")?;
    for entity in entities {
        if select.query_row([entity.as_str()], |row| row.get(0))? {
            return Ok(true);
        }
    }
    Ok(false)
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
