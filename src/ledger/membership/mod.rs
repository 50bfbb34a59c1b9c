//! Who belongs to a workspace: keys, persons, roles, letters, folded from the membership ops of
//! the log. Refuses nobody's commit by itself: it only says what a commit's key was allowed to.

mod settle;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use super::id::{Hash, Key};
use super::register::Order;

/// What somebody may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Reads; what an observer writes is void.
    Observer,
    /// Writes, and admits managers and observers.
    Manager,
    /// Also removes, and changes roles.
    Owner,
}

impl Role {
    /// The roles as they are typed, the least first.
    pub const WORDS: [&str; 3] = ["observer", "manager", "owner"];

    pub const fn word(self) -> &'static str {
        Self::WORDS[self as usize]
    }

    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Observer, Self::Manager, Self::Owner]
            .into_iter()
            .find(|role| role.word() == word)
    }
}

/// The body of a membership op.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "lowercase")]
pub enum MemberOp {
    /// In a chain of its own: from here on it belongs to this key. `letter` is the suffix of the
    /// short ids that this incarnation gives.
    Device {
        key: Key,
        letter: String,
    },
    Admit {
        key: Key,
        person: String,
        role: Role,
        letter: String,
    },
    /// `cut` names the tips of the key's chains up to which it counts as before.
    Role {
        key: Key,
        role: Role,
        cut: Vec<Hash>,
    },
    Remove {
        key: Key,
        cut: Vec<Hash>,
    },
}

/// A membership op in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub commit: Hash,
    pub order: Order,
    /// The key of the chain it stands in.
    pub by: Key,
    /// The person the commit names.
    pub person: String,
    pub op: MemberOp,
}

/// Tells causes: whether `earlier` is `later` or lies in its causal past.
pub trait Ancestry {
    fn includes(&self, later: &Hash, earlier: &Hash) -> bool;
}

/// Somebody as a commit knew them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub key: Key,
    pub person: String,
    pub role: Role,
    pub letter: String,
    /// Removed since; kept for the history.
    pub removed: bool,
}

/// The founder's key, if the desk is shared, and every op about members, with what counts of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Membership {
    founder: Option<Key>,
    /// Sorted by order.
    told: Vec<Told>,
    /// Of each, whether its author was allowed to say it.
    counts: Vec<bool>,
}

/// Ops about one key that were written without knowing of each other and do not say the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dispute {
    pub key: Key,
    pub commits: Vec<Hash>,
}

impl MemberOp {
    /// Whom it is about.
    pub const fn key(&self) -> Key {
        match self {
            Self::Device { key, .. }
            | Self::Admit { key, .. }
            | Self::Role { key, .. }
            | Self::Remove { key, .. } => *key,
        }
    }

    /// What it leaves its key with; a device only says whose a chain is.
    const fn leaves(&self) -> Option<Left> {
        match self {
            Self::Device { .. } => None,
            Self::Admit { role, .. } | Self::Role { role, .. } => Some(Left::As(*role)),
            Self::Remove { .. } => Some(Left::Out),
        }
    }
}

impl Membership {
    /// Settles which of the ops count. The order they are given in does not matter.
    pub fn new(founder: Option<Key>, mut told: Vec<Told>, past: &dyn Ancestry) -> Self {
        told.sort_by_key(|told| told.order);
        let mut membership = Self {
            founder,
            told,
            counts: Vec::new(),
        };
        membership.counts = settle::counts(&membership, past);
        membership
    }

    pub const fn founder(&self) -> Option<Key> {
        self.founder
    }

    pub fn told(&self) -> &[Told] {
        &self.told
    }

    /// Tells whether anybody in the log ever admitted this key. Whether that counted is asked of
    /// each commit: a chain that one desk has taken in must reach the others, void or not.
    pub fn knows(&self, key: &Key) -> bool {
        self.founder.as_ref() == Some(key)
            || self
                .told
                .iter()
                .any(|told| matches!(told.op, MemberOp::Admit { key: of, .. } if of == *key))
    }

    /// Whether a key may not write, by the last that counts of what was said of it. Only for
    /// keeping bounds: what a commit was allowed, `judge` says.
    pub fn is_out(&self, key: &Key) -> bool {
        let founder = self.founder.as_ref() == Some(key);
        self.left(key)
            .map_or(!founder, |left| left <= Left::As(Role::Observer))
    }

    /// Whether a key was removed, by the last that counts of what was said of it: an observer
    /// reads, and somebody who was removed has no claim to.
    pub fn is_removed(&self, key: &Key) -> bool {
        self.left(key) == Some(Left::Out)
    }

    fn left(&self, key: &Key) -> Option<Left> {
        let about = self.counting().filter(|told| told.op.key() == *key);
        about.filter_map(|told| told.op.leaves()).last()
    }

    /// Says what a commit's key was when it was written, or why the commit is void. Nothing for
    /// a commit from before the desk was shared: nobody's key vouched for it then.
    pub fn judge(
        &self,
        at: &Hash,
        key: Option<Key>,
        past: &dyn Ancestry,
    ) -> Result<Option<Member>, String> {
        let Some(key) = key else { return Ok(None) };
        let told: Vec<_> = self.counting().collect();
        if self.unshared(at, &key, past) {
            return Ok(None);
        }
        self.stand(at, key, &told, past).map(Some)
    }

    /// Everybody who was ever admitted, as all that is known leaves them, the founder first.
    pub fn members(&self, past: &dyn Ancestry) -> Vec<Member> {
        let mut members: Vec<Member> = Vec::new();
        let admitted = self.counting().filter_map(|told| match &told.op {
            MemberOp::Admit { key, .. } => Some(*key),
            MemberOp::Device { .. } | MemberOp::Role { .. } | MemberOp::Remove { .. } => None,
        });
        for key in self.founder.into_iter().chain(admitted) {
            if members.iter().any(|known| known.key == key) {
                continue;
            }
            let about = self.counting().filter(|told| told.op.key() == key);
            let about: Vec<_> = about.collect();
            if let Some((mut member, left)) = self.known(key, &about, past) {
                member.removed = left.is_none();
                member.role = left.unwrap_or(member.role);
                members.push(member);
            }
        }
        members
    }

    /// Ops about one key that were made apart and differ, for people to look at.
    pub fn disputes(&self, past: &dyn Ancestry) -> Vec<Dispute> {
        let mut disputes: Vec<Dispute> = Vec::new();
        for told in &self.told {
            let key = told.op.key();
            if told.op.leaves().is_none() || disputes.iter().any(|known| known.key == key) {
                continue;
            }
            let about = self.told.iter().filter(|other| other.op.key() == key);
            let about: Vec<_> = about.filter(|told| told.op.leaves().is_some()).collect();
            let last = latest(&about, past);
            if last.iter().any(|told| told.op != last[0].op) {
                disputes.push(Dispute {
                    key,
                    commits: last.iter().map(|told| told.commit).collect(),
                });
            }
        }
        disputes
    }

    /// Every suffix of short ids that was ever given.
    pub fn letters(&self) -> Vec<&str> {
        let mut letters: Vec<_> = self
            .told
            .iter()
            .filter_map(|told| match &told.op {
                MemberOp::Device { letter, .. } | MemberOp::Admit { letter, .. } => {
                    Some(letter.as_str())
                }
                MemberOp::Role { .. } | MemberOp::Remove { .. } => None,
            })
            .collect();
        letters.sort_unstable();
        letters.dedup();
        letters
    }

    /// The suffix for whom this approver admits next: its own and one more letter, b to y, so
    /// that two approvals made apart cannot give the same (SYNC.md 3.7).
    pub fn next_letter(&self, approver: &str) -> Option<String> {
        let used = self.letters();
        ('b'..='y')
            .map(|letter| format!("{approver}{letter}"))
            .find(|letter| !used.contains(&letter.as_str()))
    }

    /// Tells whether something was said of a key that does not count, because who said it had
    /// lost the right elsewhere.
    #[cfg(test)]
    pub(crate) fn overruled(&self, key: &Key) -> bool {
        let told = self.told.iter().zip(&self.counts);
        told.filter(|(told, _)| told.op.leaves().is_some())
            .any(|(told, counts)| told.op.key() == *key && !counts)
    }

    fn counting(&self) -> impl Iterator<Item = &Told> {
        let counts = self.told.iter().zip(&self.counts);
        counts.filter(|(_, counts)| **counts).map(|(told, _)| told)
    }

    /// The founder's own desk had commits before it was shared: those that the first word of
    /// the key has in its past, or all while it is not known. What the key signed beside them is
    /// the founder's own.
    fn unshared(&self, at: &Hash, key: &Key, past: &dyn Ancestry) -> bool {
        if self.founder.as_ref() != Some(key) {
            return false;
        }
        let mut words = self.told.iter().filter(|told| {
            matches!(told.op, MemberOp::Device { .. }) && told.op.key() == *key && told.by == *key
        });
        let Some(first) = words.clone().min_by_key(|told| told.order) else {
            return true;
        };
        !words.any(|told| past.includes(at, &told.commit)) && past.includes(&first.commit, at)
    }

    /// What a key was at a commit, by the ops of `told`.
    fn stand(
        &self,
        at: &Hash,
        key: Key,
        told: &[&Told],
        past: &dyn Ancestry,
    ) -> Result<Member, String> {
        let about = told.iter().filter(|told| told.op.key() == key).copied();
        let (before, elsewhere): (Vec<_>, Vec<_>) =
            about.partition(|told| past.includes(at, &told.commit));
        let (mut member, left) = self
            .known(key, &before, past)
            .ok_or("its key was not admitted when it was written")?;
        member.role = left.ok_or_else(|| format!("{} had been removed", member.person))?;
        for told in elsewhere {
            match cut(told, at, past) {
                None => {}
                Some(Left::As(role)) => member.role = role.min(member.role),
                Some(Left::Out) => return Err(format!("{} was removed", member.person)),
            }
        }
        Ok(member)
    }

    /// What these ops about one key leave: person and letter of the latest admission, and the
    /// least of the roles that were given last.
    fn known(
        &self,
        key: Key,
        about: &[&Told],
        past: &dyn Ancestry,
    ) -> Option<(Member, Option<Role>)> {
        let of = |told: &&&Told| matches!(told.op, MemberOp::Admit { .. });
        let admitted: Vec<_> = about.iter().filter(of).copied().collect();
        let (person, letter) = match latest(&admitted, past).first().map(|told| &told.op) {
            Some(MemberOp::Admit { person, letter, .. }) => (person.clone(), letter.clone()),
            _ => (self.founder_person(&key)?, String::new()),
        };
        let given = about.iter().filter(|told| told.op.leaves().is_some());
        let given: Vec<_> = given.copied().collect();
        let last = latest(&given, past);
        let left = last.iter().filter_map(|told| told.op.leaves()).min();
        let left = left.unwrap_or(Left::As(Role::Owner)).role();
        let member = Member {
            key,
            person,
            role: left.unwrap_or(Role::Observer),
            letter,
            removed: left.is_none(),
        };
        Some((member, left))
    }

    /// The founder is who wrote that the desk belongs to the founder's key.
    fn founder_person(&self, key: &Key) -> Option<String> {
        (self.founder.as_ref() == Some(key)).then_some(())?;
        let own = |told: &&Told| {
            matches!(told.op, MemberOp::Device { .. }) && told.op.key() == *key && told.by == *key
        };
        self.told.iter().find(own).map(|told| told.person.clone())
    }
}

/// What is left of a member; the lesser first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Left {
    Out,
    As(Role),
}

impl Left {
    const fn role(self) -> Option<Role> {
        match self {
            Self::Out => None,
            Self::As(role) => Some(role),
        }
    }
}

/// What an op that a commit does not know of leaves of its author; nothing if it does not reach it.
fn cut(told: &Told, at: &Hash, past: &dyn Ancestry) -> Option<Left> {
    let (MemberOp::Role { cut, .. } | MemberOp::Remove { cut, .. }) = &told.op else {
        return None;
    };
    // A tip that its author had not seen says nothing: it could name anything.
    let kept = |tip: &Hash| past.includes(&told.commit, tip) && past.includes(tip, at);
    if cut.iter().any(kept) {
        return None;
    }
    told.op.leaves()
}

/// Those that no other of them knew of.
fn latest<'a>(told: &[&'a Told], past: &dyn Ancestry) -> Vec<&'a Told> {
    let known = |one: &Told| {
        let mut others = told.iter().filter(|other| other.order > one.order);
        others.any(|other| past.includes(&other.commit, &one.commit))
    };
    told.iter().filter(|one| !known(one)).copied().collect()
}
