//! What the log says of members, kept by itself so that no lookup searches the log for it.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension};

use super::lines::PastOf;
use super::lots::Bytes;
use super::receive::member_ops;
use super::{Reader, Store, StoreError, digest, log};
use crate::ledger::{
    Commit, Dispute, Hash, Key, Member, MemberOp, Membership, Order, ReplicaId, Told,
};

/// Keeps the membership ops of a commit, and whose chain it says it is; returns them.
pub(super) fn keep(
    conn: &Connection,
    num: i64,
    commit: &Commit,
) -> Result<Vec<MemberOp>, StoreError> {
    let mut told = Vec::new();
    for (index, op) in member_ops(commit) {
        let body =
            serde_json::to_string(&op).map_err(|error| StoreError::Broken(error.to_string()))?;
        conn.prepare_cached(
            "INSERT OR REPLACE INTO member (log, op, body, person) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute((num, log::signed(index as u64), body, &commit.person))?;
        if let MemberOp::Device { key, .. } = &op {
            conn.prepare_cached(
                "UPDATE replica SET key = ?2 WHERE key IS NULL
                 AND num = (SELECT replica FROM log WHERE num = ?1)",
            )?
            .execute((num, key.0))?;
        }
        told.push(op);
    }
    Ok(told)
}

/// Reads them again from the whole log.
pub(super) fn refill(conn: &Connection) -> Result<(), StoreError> {
    conn.execute_batch("DELETE FROM member")?;
    let mut select = conn.prepare("SELECT num FROM log ORDER BY num")?;
    let mut rows = select.query([])?;
    let mut bytes = Bytes::new(conn);
    while let Some(row) = rows.next()? {
        let num = row.get(0)?;
        let piece = bytes.of(num)?;
        let bytes = piece.bytes()?;
        if !may_tell(bytes) {
            continue;
        }
        // As it was judged when it came: a void commit tells of nobody.
        if let Some(commit) = Commit::decode(bytes).commit() {
            keep(conn, num, commit)?;
        }
    }
    Ok(())
}

/// Says of each who told it, on a desk of a version that did not keep that.
pub(super) fn name(conn: &Connection) -> Result<(), StoreError> {
    let mut select = conn.prepare("SELECT DISTINCT log FROM member")?;
    let mut rows = select.query([])?;
    let mut bytes = Bytes::new(conn);
    while let Some(row) = rows.next()? {
        let num = row.get(0)?;
        let commit = match bytes.of(num) {
            Ok(piece) => Commit::decode_trusted(piece.bytes()?).ok(),
            Err(StoreError::Broken(_)) => None,
            Err(error) => return Err(error),
        };
        // What cannot be read does not follow its predecessor: the check of the chains tells.
        let Some(commit) = commit else { continue };
        conn.execute(
            "UPDATE member SET person = ?2 WHERE log = ?1",
            (num, &commit.person),
        )?;
    }
    Ok(())
}

/// Whether a commit can hold the word of a membership op, however its JSON is written.
fn may_tell(bytes: &[u8]) -> bool {
    let holds = |word: &[u8]| memchr::memmem::find(bytes, word).is_some();
    holds(b"member") || holds(b"\\u")
}

/// Everything that was said of members, with what counts of it.
pub(super) fn load(conn: &Connection) -> Result<Membership, StoreError> {
    let mut told = Vec::new();
    let mut select = conn.prepare_cached(
        "SELECT m.body, l.hash, l.lamport, r.id, r.key, m.person FROM member m
         JOIN log l ON l.num = m.log JOIN replica r ON r.num = l.replica ORDER BY m.log, m.op",
    )?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let body: String = row.get(0)?;
        let key: Option<[u8; 32]> = row.get(4)?;
        let (Ok(op), Some(key)) = (serde_json::from_str(&body), key) else {
            continue;
        };
        told.push(Told {
            commit: Hash(row.get(1)?),
            order: Order {
                lamport: row.get::<_, i64>(2)?.unsigned_abs(),
                replica: ReplicaId(row.get(3)?),
                hash: Hash(row.get(1)?),
            },
            by: Key(key),
            person: row.get(5)?,
            op,
        });
    }
    let past = PastOf::load(conn)?;
    let members = Membership::new(founder(conn)?, told, &past);
    past.held()?;
    Ok(members)
}

/// The key that the workspace is founded on, once it is shared.
pub(super) fn founder(conn: &Connection) -> Result<Option<Key>, StoreError> {
    Ok(conn
        .prepare_cached("SELECT value FROM meta WHERE key = 'founder'")?
        .query_row([], |row| row.get(0).map(Key))
        .optional()?)
}

fn list(conn: &Connection, membership: &Membership) -> Result<Vec<Member>, StoreError> {
    let past = PastOf::load(conn)?;
    let list = membership.members(&past);
    past.held()?;
    Ok(list)
}

/// What was read of members, and of which log.
pub(super) struct Read {
    /// The last row of the log, and the founder.
    of: (i64, Option<Key>),
    membership: Membership,
}

impl Store {
    /// What the log says of members; read once while nothing comes.
    pub fn membership(&self) -> Result<Membership, StoreError> {
        let conn = self.conn();
        let of = (digest::last(conn)?, founder(conn)?);
        let mut read = self.members_read.borrow_mut();
        if let Some(read) = read.as_ref().filter(|read| read.of == of) {
            return Ok(read.membership.clone());
        }
        let membership = load(conn)?;
        *read = Some(Read {
            of,
            membership: membership.clone(),
        });
        Ok(membership)
    }

    /// Who belongs to the desk, by what was read once.
    pub fn members(&self) -> Result<Vec<Member>, StoreError> {
        list(self.conn(), &self.membership()?)
    }
}

impl Reader<'_> {
    /// Who belongs to the desk, as everything that is known leaves them; nobody before it is
    /// shared.
    pub fn members(&self) -> Result<Vec<Member>, StoreError> {
        list(self.conn(), &load(self.conn())?)
    }

    /// Whose replica is whose, of those who belong or belonged to the desk.
    pub fn owners(&self) -> Result<BTreeMap<ReplicaId, Member>, StoreError> {
        self.owners_among(&self.members()?)
    }

    /// The same of members that are known already.
    pub fn owners_among(
        &self,
        members: &[Member],
    ) -> Result<BTreeMap<ReplicaId, Member>, StoreError> {
        let owned = self.lines()?.into_iter().filter_map(|line| {
            let member = members.iter().find(|it| Some(it.key) == line.key)?;
            Some((line.replica, member.clone()))
        });
        Ok(owned.collect())
    }

    /// What was said of one member apart, and differs.
    pub fn member_disputes(&self) -> Result<Vec<Dispute>, StoreError> {
        let members = load(self.conn())?;
        let past = PastOf::load(self.conn())?;
        let disputes = members.disputes(&past);
        past.held()?;
        Ok(disputes)
    }

    pub fn membership(&self) -> Result<Membership, StoreError> {
        load(self.conn())
    }

    /// The key that the workspace is founded on, once it is shared.
    pub fn founder(&self) -> Result<Option<Key>, StoreError> {
        founder(self.conn())
    }
}
