//! Takes verified packs into the log, causes first. Refuses a chain that its key did not begin,
//! and keeps what must wait for something where it is: on the share.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::Value;

use super::{Listener, Meeting, Progress};
use crate::ledger::mutant::{self, Mutant};
use crate::ledger::{
    Commit, Hash, Key, MemberOp, Membership, Op, Received, ReplicaId, Signed, causes,
};
use crate::sync::key::DeviceKey;
use crate::sync::log::{FileVerdict, Line, Log};
use crate::sync::pack::Pack;

/// How many commits go into the log at once.
const AT_ONCE: usize = 20_000;
/// How much is read before what can be applied goes into the log, and how much of that at once: at
/// first, and at most. It grows with what came, since every time nearly the whole index of hashes
/// is written.
const READ: usize = 5 << 19;
const READ_MOST: usize = 16 << 20;
/// How much of what must wait is held in memory.
const HELD: usize = 32 << 20;
/// How much is held of keys that nobody admitted: their admission may be in the next file.
const STRANGE: usize = 4 << 20;
const NOT_ADMITTED: &str = "waits for its key to be admitted";
/// How much is kept of what a key wrote that it might not.
const OUT: u64 = 64 << 20;

#[cfg(not(test))]
const fn out() -> u64 {
    OUT
}

/// Histories in tests are short.
#[cfg(test)]
fn out() -> u64 {
    bound::of().unwrap_or(OUT)
}

/// How much of a key that may no longer write is taken in, on this thread.
#[cfg(test)]
pub(in crate::sync) mod bound {
    use std::cell::Cell;

    thread_local! {
        static BYTES: Cell<Option<u64>> = const { Cell::new(None) };
    }

    pub(in crate::sync) fn set(bytes: Option<u64>) {
        BYTES.set(bytes);
    }

    pub(super) fn of() -> Option<u64> {
        BYTES.get()
    }
}

/// Packs that were read and are not in the log yet.
pub(super) struct Pool<'m> {
    listener: Listener<'m>,
    held: Vec<Held>,
    /// How much of what is held was not tried yet.
    untried: usize,
    /// Commits that wait to be written to the log.
    batch: Vec<Received>,
    batch_bytes: usize,
    batched: HashSet<Hash>,
    /// What their authors signed.
    signed: Vec<Signed>,
    /// As the log has it.
    pub(super) membership: Membership,
    lines: HashMap<u64, Line>,
    genesis: Option<ReplicaId>,
    own: ReplicaId,
    /// How much is held of keys that nobody admitted so far.
    strange: usize,
    /// How many bytes of commits went into the log.
    came: usize,
    now: i64,
    /// The share on which a head will say what came in, until its number is kept.
    head: Option<&'m str>,
    done: Pulled,
}

struct Held {
    name: String,
    pack: Pack,
    /// How many of its commits are in the log or on their way.
    next: usize,
    why: String,
}

impl Held {
    fn bytes(&self) -> usize {
        self.pack.commits.iter().map(|(_, bytes)| bytes.len()).sum()
    }
}

#[derive(Default)]
pub(super) struct Pulled {
    pub verdicts: Vec<(String, FileVerdict)>,
    pub taken: BTreeMap<ReplicaId, u64>,
    pub reborn: bool,
    /// The number of the head that will say so, where it is kept already.
    pub number: Option<u64>,
    pub membership: Membership,
}

/// What came of one pack.
enum Step {
    Whole,
    Waits(String),
    Refused(&'static str),
}

impl<'m> Pool<'m> {
    pub(super) fn new<L: Log>(
        log: &L,
        meeting: &Meeting<'m>,
        membership: Membership,
    ) -> Result<Self, L::Error> {
        let genesis: Option<Value> = serde_json::from_str(&log.genesis()?).ok();
        let genesis = genesis.and_then(|it| it.get("replica")?.as_str()?.parse().ok());
        let key = meeting.key.map(DeviceKey::public);
        let head = key.filter(|key| membership.knows(key)).map(|_| meeting.id);
        Ok(Self {
            head,
            listener: meeting.listener,
            held: Vec::new(),
            untried: 0,
            batch: Vec::new(),
            batch_bytes: 0,
            batched: HashSet::new(),
            signed: Vec::new(),
            membership,
            lines: lines(log)?,
            genesis,
            own: log.replica(),
            strange: 0,
            came: 0,
            now: meeting.env.now,
            done: Pulled::default(),
        })
    }

    /// Takes a pack; tells whether there is room for more.
    pub(super) fn put(&mut self, name: &str, pack: Pack) -> bool {
        let size = pack.commits.iter().map(|it| it.1.len()).sum::<usize>();
        if !self.membership.knows(&pack.author) {
            self.strange += size;
            if self.strange > STRANGE {
                let why = NOT_ADMITTED.to_owned();
                self.verdict(name.to_owned(), FileVerdict::Waiting { why });
                return true;
            }
        }
        self.untried += size;
        self.held.push(Held {
            name: name.to_owned(),
            pack,
            next: 0,
            why: String::new(),
        });
        self.untried < self.room()
    }

    fn room(&self) -> usize {
        (READ + self.came / 64).min(READ_MOST)
    }

    pub(super) fn moved(&self) -> bool {
        !self.done.taken.is_empty()
    }

    /// Applies all that can be, until nothing more can.
    pub(super) fn drain<L: Log>(&mut self, log: &mut L) -> Result<(), L::Error> {
        // Of one chain the earlier first: most packs then go in at the first try.
        self.held
            .sort_by_key(|held| (held.pack.origin, held.pack.lo));
        loop {
            let mut moved = false;
            for mut held in std::mem::take(&mut self.held) {
                let before = held.next;
                let step = self.step(log, &mut held)?;
                moved |= held.next > before;
                match step {
                    Step::Whole => self.finish(held),
                    Step::Refused(why) => {
                        let why = why.to_owned();
                        self.verdict(held.name, FileVerdict::foreign(why));
                    }
                    Step::Waits(why) => {
                        held.why = why;
                        self.held.push(held);
                    }
                }
            }
            self.flush(log)?;
            if !moved || self.held.is_empty() {
                break;
            }
        }
        self.untried = 0;
        let unknown = self.held.iter();
        let unknown = unknown.filter(|held| !self.membership.knows(&held.pack.author));
        self.strange = unknown.map(Held::bytes).sum();
        if self.held.iter().map(Held::bytes).sum::<usize>() > HELD {
            // What waits is on the share and is read again; memory is for what can go in.
            for held in std::mem::take(&mut self.held) {
                self.verdict(held.name, FileVerdict::Waiting { why: held.why });
            }
        }
        Ok(())
    }

    /// Says of everything what came of it.
    pub(super) fn close(mut self) -> Pulled {
        for held in std::mem::take(&mut self.held) {
            self.verdict(held.name, FileVerdict::Waiting { why: held.why });
        }
        Pulled {
            membership: self.membership,
            ..self.done
        }
    }

    fn verdict(&mut self, name: String, verdict: FileVerdict) {
        self.done.verdicts.push((name, verdict));
    }

    fn finish(&mut self, held: Held) {
        let Held { name, pack, .. } = held;
        self.signed.push(Signed {
            seq: pack.hi,
            hash: pack.tip,
            signature: pack.signature,
        });
        let verdict = FileVerdict::Pack {
            lo: pack.lo,
            hi: pack.hi,
            tip: pack.tip,
            spare: None,
            line: None,
        };
        self.verdict(name, verdict);
    }

    fn has<L: Log>(&self, log: &L, hash: &Hash) -> Result<bool, L::Error> {
        Ok(self.batched.contains(hash) || log.place(hash)?.is_some())
    }

    /// Takes as many commits of a pack as have their causes.
    fn step<L: Log>(&mut self, log: &mut L, held: &mut Held) -> Result<Step, L::Error> {
        let Held { pack, next, .. } = held;
        if self.has(log, &pack.tip)? && *next == 0 {
            *next = pack.commits.len();
            return Ok(self.belongs(log, pack)?.unwrap_or(Step::Whole));
        }
        if let Some(step) = self.barred(log, pack, *next)? {
            return Ok(step);
        }
        let mut prev = match *next {
            0 => pack.prev,
            next => pack.commits[next - 1].0,
        };
        // A commit has what came before it: behind one that is not here none is.
        let mut beyond = false;
        while let Some((hash, _)) = pack.commits.get(*next) {
            let hash = *hash;
            beyond = beyond || !self.has(log, &hash)?;
            if beyond {
                if let Some(cause) = self.lacks(log, &pack.commits[*next].1)? {
                    return Ok(Step::Waits(format!("waits for commit {cause}")));
                }
                let received = Received {
                    hash,
                    prev,
                    replica: pack.origin,
                    seq: pack.lo + *next as u64,
                    key: pack.author,
                    bytes: std::mem::take(&mut pack.commits[*next].1),
                };
                self.take(log, received)?;
            }
            prev = hash;
            *next += 1;
        }
        Ok(Step::Whole)
    }

    /// What keeps a pack's chain from going on where it is.
    fn barred<L: Log>(
        &mut self,
        log: &mut L,
        pack: &Pack,
        taken: usize,
    ) -> Result<Option<Step>, L::Error> {
        if !self.membership.knows(&pack.author) && !mutant::is(Mutant::Strangers) {
            return Ok(Some(Step::Waits(NOT_ADMITTED.into())));
        }
        if self.membership.is_out(&pack.author) && !mutant::is(Mutant::NoQuarantine) {
            self.flush(log)?;
            if log.void_bytes(&pack.author)? > out() {
                let why = "its member may no longer write, and has written enough";
                return Ok(Some(Step::Refused(why)));
            }
        }
        if pack.lo == 1 {
            let own =
                self.genesis == Some(pack.origin) && self.membership.founder() == Some(pack.author);
            // What has been taken from it is not there any more, and was asked then.
            let began = own || taken > 0 || begins(pack);
            return Ok((!began).then_some(Step::Refused("its chain does not say whose it is")));
        }
        if !self.has(log, &pack.prev)? {
            return Ok(Some(Step::Waits(format!("waits for commit {}", pack.prev))));
        }
        self.belongs(log, pack)
    }

    /// A pack continues the chain of its own replica, under the key that began it.
    fn belongs<L: Log>(&mut self, log: &mut L, pack: &Pack) -> Result<Option<Step>, L::Error> {
        self.flush(log)?;
        let (known, seq) = match log.place(&pack.tip)? {
            Some(place) => (Some(place), pack.hi),
            None => (log.place(&pack.prev)?, pack.lo - 1),
        };
        let Some((place, line)) = known.and_then(|it| Some((it, self.lines.get(&it.line)?))) else {
            return Ok(None);
        };
        let owner = line.key.or(self.membership.founder());
        Ok(if line.replica != pack.origin || place.seq != seq {
            Some(Step::Refused("it continues another chain than it says"))
        } else if owner != Some(pack.author) && !mutant::is(Mutant::AnyoneContinues) {
            Some(Step::Refused("not signed by its author"))
        } else {
            None
        })
    }

    /// The first cause of a commit that is not here. What cannot be read has none.
    fn lacks<L: Log>(&self, log: &L, bytes: &[u8]) -> Result<Option<Hash>, L::Error> {
        if mutant::is(Mutant::NoCausalWait) {
            return Ok(None);
        }
        let lacking = |deps: &[Hash]| -> Result<Option<Hash>, L::Error> {
            for dep in deps {
                if !self.has(log, dep)? {
                    return Ok(Some(*dep));
                }
            }
            Ok(None)
        };
        if let Some(deps) = causes(bytes)
            && lacking(&deps)?.is_none()
        {
            return Ok(None);
        }
        match Commit::decode(bytes).commit() {
            Some(commit) => lacking(&commit.deps),
            None => Ok(None),
        }
    }

    fn take<L: Log>(&mut self, log: &mut L, received: Received) -> Result<(), L::Error> {
        *self.done.taken.entry(received.replica).or_default() += 1;
        let mine = |line: &Line| line.replica == self.own && line.key == Some(received.key);
        self.done.reborn |= received.replica == self.own && self.lines.values().any(mine);
        self.batched.insert(received.hash);
        self.batch_bytes += received.bytes.len();
        self.batch.push(received);
        if self.batch.len() >= AT_ONCE || self.batch_bytes >= self.room() {
            self.flush(log)?;
        }
        Ok(())
    }

    fn flush<L: Log>(&mut self, log: &mut L) -> Result<(), L::Error> {
        if self.batch.is_empty() && self.signed.is_empty() {
            return Ok(());
        }
        let signed = std::mem::take(&mut self.signed);
        self.came += std::mem::take(&mut self.batch_bytes);
        let batch = std::mem::take(&mut self.batch);
        let number = log.receive(batch, &signed, self.now, self.head)?;
        if number.is_some() {
            (self.done.number, self.head) = (number, None);
        }
        self.batched.clear();
        if let Some(listener) = self.listener {
            listener(Progress::Received(self.done.taken.values().sum()));
        }
        self.membership = log.membership()?;
        self.lines = lines(log)?;
        Ok(())
    }
}

fn lines<L: Log>(log: &L) -> Result<HashMap<u64, Line>, L::Error> {
    Ok(log
        .lines()?
        .into_iter()
        .map(|line| (line.num, line))
        .collect())
}

/// Whether the first commit of a chain says that it belongs to the key that signed it.
fn begins(pack: &Pack) -> bool {
    let Some((_, bytes)) = pack.commits.first() else {
        return false;
    };
    let verdict = Commit::decode(bytes);
    let Some(commit) = verdict.commit() else {
        return false;
    };
    commit.ops.iter().any(|op| device(op) == Some(pack.author))
}

fn device(op: &Op) -> Option<Key> {
    let Op::Member { body } = op else { return None };
    match serde_json::from_value(body.clone()).ok()? {
        MemberOp::Device { key, .. } => Some(key),
        MemberOp::Admit { .. } | MemberOp::Role { .. } | MemberOp::Remove { .. } => None,
    }
}
