//! What becomes of each commit: what its author had been allowed, what a newer version closed,
//! and all of it again after a removal or with a newer version (SYNC.md 3.2, 3.7). Refuses to
//! drop anything: what does not count is kept, with why.

use rusqlite::{Connection, Row};

use super::folding::{Folding, Growing, Spent};
use super::lines::{At, PastOf};
use super::log::{self, Entry};
use super::lots::{Bytes, Piece};
use super::receive::member_ops;
use super::write::entry;
use super::{StoreError, chains, members};
use crate::domain::zone::Zone;
use crate::ledger::{
    Ancestry as _, Commit, Draft, EntityId, Fate, Hash, Header, Key, Member, MemberOp, Membership,
    ReplicaId, Verdict, fate_of,
};

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

/// What is asked of a commit beside what it says.
pub(super) struct Came {
    hash: Hash,
    /// None on a desk that nobody shares.
    key: Option<Key>,
    place: (ReplicaId, u64),
    read: Read,
}

/// How far a commit can be read.
pub(super) enum Read {
    Known,
    Newer(String),
    Void(String),
}

impl Came {
    /// The commit, or what stands in the log for one that cannot be read: it still has its place
    /// in the chain, and no causes but its predecessor.
    pub(super) fn of(
        (hash, key): (Hash, Option<Key>),
        place: (ReplicaId, u64),
        verdict: Verdict,
    ) -> (Commit, Self) {
        let (commit, read) = match verdict {
            Verdict::Valid(commit) => (commit, Read::Known),
            Verdict::Opaque { commit, why } => (commit, Read::Newer(why)),
            Verdict::Void { why } => {
                let empty = Draft::new(place.0, place.1).finish(Header::default());
                (empty, Read::Void(why))
            }
        };
        let came = Self {
            hash,
            key,
            place,
            read,
        };
        (commit, came)
    }
}

/// Judges one commit after the other, each after its causes.
pub(super) struct Judge<'c> {
    conn: &'c Connection,
    past: PastOf<'c>,
    members: Membership,
    /// Whether somebody was ever removed, or got another role: then every commit is asked for.
    pub(super) cuts: bool,
    closed: bool,
    same: Option<Same>,
}

impl<'c> Judge<'c> {
    pub(super) fn new(conn: &'c Connection) -> Result<Self, StoreError> {
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

    /// Keeps what becomes of a commit that stands in the log, and returns it.
    pub(super) fn keep(
        &mut self,
        came: &Came,
        (num, commit): (i64, &Commit),
        at: &At,
    ) -> Result<Fate, StoreError> {
        // Before a desk is shared nobody is judged.
        let fate = match came.key {
            Some(_) => self.fate(came, commit, at)?,
            None => Fate::Valid,
        };
        self.closed |= put_fate(self.conn, num, commit, &fate)?;
        Ok(fate)
    }

    fn fate(&mut self, came: &Came, commit: &Commit, at: &At) -> Result<Fate, StoreError> {
        let place = (at.line, at.view);
        self.past.learn(came.hash, *at);
        // Who tells of members, perhaps of the own key, is somebody else from then on.
        let tells = member_ops(commit).next().is_some();
        if self.cuts || tells || self.same.as_ref().is_none_or(|same| !same.holds(place)) {
            let judged = self.members.judge(&came.hash, came.key, &self.past);
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
        let closed = self.closed && self.is_closed(commit, &came.hash)?;
        let newer = match &came.read {
            Read::Void(why) => return Ok(Fate::Void(why.clone())),
            Read::Newer(why) => Some(why.as_str()),
            Read::Known => None,
        };
        Ok(fate_of((commit, newer), came.place, judged, closed))
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

    /// Returns what went wrong while it judged.
    pub(super) fn held(self) -> Result<(), StoreError> {
        self.past.held()
    }

    /// Reads the members again after a commit that told of some.
    pub(super) fn told(&mut self) -> Result<(), StoreError> {
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
    judge_all(conn, Links::Trusted, &mut |_, _| Ok(Spent::default()))?;
    Ok(before != fates(conn)?)
}

/// The same, with what the commits that count come to; throws the projection away.
pub(super) fn refold(conn: &Connection, asked: Links) -> Result<Folding, StoreError> {
    let mut folding = Folding::begin(conn)?;
    let mut growing = Growing::new(conn)?;
    judge_all(conn, asked, &mut |(entry, at), fate| match fate {
        Fate::Valid => growing.add(&mut folding, entry, at),
        Fate::Opaque(_) | Fate::Void(_) => {
            folding.pass(entry.num);
            Ok(Spent::default())
        }
    })?;
    growing.held()?;
    Ok(folding)
}

/// Whether it is asked of every commit that it follows the one before it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Links {
    Checked,
    Trusted,
}

type EachFate<'a> = dyn FnMut((Entry, At), &Fate) -> Result<Spent, StoreError> + 'a;

fn judge_all(conn: &Connection, asked: Links, each: &mut EachFate<'_>) -> Result<(), StoreError> {
    conn.execute_batch(
        "DELETE FROM fate; DELETE FROM closed; UPDATE log SET fate = 0 WHERE fate <> 0",
    )?;
    members::refill(conn)?;
    let mut judge = Judge::new(conn)?;
    let mut select = conn.prepare(
        "SELECT l.num, l.hash, l.seq, l.lamport, l.view, r.num, r.id, r.key
         FROM log l JOIN replica r ON r.num = l.replica ORDER BY l.num",
    )?;
    let mut rows = select.query([])?;
    let mut links = chains::Chains::new(conn)?;
    let mut bytes = Bytes::new(conn);
    let take = |row: &Row<'_>| {
        let mut row = Logged::of(row, &mut bytes)?;
        if asked == Links::Checked {
            row.link = Some(links.link(row.at.line, row.at.seq, row.hash)?);
        }
        Ok(row)
    };
    let read = |row: &Logged| {
        let bytes = row.bytes.bytes()?;
        let holds = row.link.as_ref().is_none_or(|link| link.holds(bytes));
        Ok::<_, StoreError>(holds.then(|| Commit::decode_without_intent(bytes)))
    };
    log::worked(&mut rows, take, read, &mut |row, verdict| {
        let verdict = verdict?.ok_or_else(|| chains::broken(conn, row.at.line, row.at.seq))?;
        let (commit, came) = Came::of((row.hash, row.key), row.place, verdict);
        // The times are in its row.
        let logged = Entry {
            num: row.num,
            ..entry(row.hash, row.at.lamport, commit, &Zone::utc())
        };
        let fate = judge.keep(&came, (row.num, &logged.applied.commit), &row.at)?;
        Ok((each((logged, row.at), &fate)?, row.bytes))
    })?;
    judge.held()
}

/// A row of the log with what its author is judged by.
struct Logged {
    num: i64,
    hash: Hash,
    place: (ReplicaId, u64),
    key: Option<Key>,
    at: At,
    bytes: Piece,
    link: Option<chains::Link>,
}

impl log::Carries for Logged {
    fn bytes(&self) -> &Piece {
        &self.bytes
    }
}

impl Logged {
    fn of(row: &Row<'_>, bytes: &mut Bytes<'_>) -> Result<Self, StoreError> {
        let num = row.get(0)?;
        let seq = row.get::<_, i64>(2)?.unsigned_abs();
        Ok(Self {
            num,
            hash: Hash(row.get(1)?),
            place: (ReplicaId(row.get(6)?), seq),
            key: row.get::<_, Option<[u8; 32]>>(7)?.map(Key),
            at: At {
                line: row.get(5)?,
                seq,
                lamport: row.get::<_, i64>(3)?.unsigned_abs(),
                view: row.get(4)?,
            },
            bytes: bytes.of(num)?,
            link: None,
        })
    }
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
