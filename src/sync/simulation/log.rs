//! A desk in memory: the ledger's own rules over a list of commits, as the store keeps them.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;
use std::rc::Rc;

use crate::ledger::mutant::{self, Mutant};
use crate::ledger::{
    Ancestry as _, Applied, Causality, Commit, Draft, EntityId, Fate, Hash, Header, Key, MemberOp,
    Membership, Op, Order, Record, ReplicaId, Told, Verdict, Workspace, canonical, fate, fold,
    level, read_at,
};
use crate::sync::log::{FileNote, Left, Line, Log, Place, Received, Signed};

thread_local! {
    /// Decoding is the same everywhere, so it is done once a commit.
    static DECODED: RefCell<HashMap<Hash, Rc<(Verdict, Commit)>>> = RefCell::default();
}

pub(super) fn forget_decoded() {
    DECODED.with_borrow_mut(HashMap::clear);
}

#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub received: Rc<Received>,
    pub read: Rc<(Verdict, Commit)>,
    pub lamport: u64,
    pub line: usize,
}

#[derive(Clone)]
pub(super) struct MemoryLog {
    pub workspace: Workspace,
    pub genesis: Rc<str>,
    pub founder: Key,
    pub replica: ReplicaId,
    /// The semantic level of this desk's version.
    pub level: u32,
    pub entries: Vec<Entry>,
    pub at: HashMap<Hash, usize>,
    pub causality: Causality,
    pub lines: Vec<Line>,
    signed: BTreeMap<u64, BTreeMap<u64, Signed>>,
    told: Vec<Told>,
    pub membership: Membership,
    pub notes: BTreeMap<String, BTreeMap<String, FileNote>>,
    heads: BTreeMap<String, u64>,
    state: RefCell<Option<Rc<State>>>,
}

/// What the log means.
#[derive(Debug)]
pub(super) struct State {
    pub fates: Vec<Fate>,
    pub records: BTreeMap<EntityId, Record>,
    /// What a newer version wrote to: read, not changed.
    pub closed: BTreeSet<EntityId>,
    pub digest: Hash,
}

#[derive(Debug)]
pub(super) struct Never;

impl std::fmt::Display for Never {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("never")
    }
}

impl std::error::Error for Never {}

impl MemoryLog {
    pub(super) fn new(genesis: &Rc<str>, founder: Key, replica: ReplicaId) -> Self {
        Self {
            workspace: Workspace::of_genesis(genesis.as_bytes()),
            genesis: genesis.clone(),
            founder,
            replica,
            level: 1,
            entries: Vec::new(),
            at: HashMap::new(),
            causality: Causality::default(),
            lines: Vec::new(),
            signed: BTreeMap::new(),
            told: Vec::new(),
            membership: Membership::new(Some(founder), Vec::new(), &Causality::default()),
            notes: BTreeMap::new(),
            heads: BTreeMap::new(),
            state: RefCell::new(None),
        }
    }

    pub(super) fn tip(&self, replica: &ReplicaId) -> Option<&Line> {
        let own = self.lines.iter().filter(|line| line.replica == *replica);
        own.max_by_key(|line| line.tip_seq)
    }

    pub(super) fn append(&mut self, received: &Rc<Received>) {
        if self.at.contains_key(&received.hash) {
            return;
        }
        self.state.take();
        let read = DECODED.with_borrow_mut(|known| {
            let read = known.entry(received.hash);
            read.or_insert_with(|| Rc::new(read_commit(received)))
                .clone()
        });
        let prev = self
            .at
            .contains_key(&received.prev)
            .then_some(received.prev);
        let lamport = match self.causality.add(received.hash, prev, &read.1) {
            Ok(lamport) => lamport,
            // What a desk that waits for nothing would do: as if it had not been said.
            Err(_) if mutant::is(Mutant::NoCausalWait) => {
                let mut commit = read.1.clone();
                commit.deps.retain(|dep| self.causality.contains(dep));
                self.causality.add(received.hash, prev, &commit).unwrap()
            }
            Err(missing) => panic!("{missing}"),
        };
        let line = self.line(received, prev);
        let ops = read.1.ops.iter().filter_map(member_op);
        let told: Vec<_> = ops
            .map(|op| Told {
                commit: received.hash,
                order: Order {
                    lamport,
                    replica: received.replica,
                    hash: received.hash,
                },
                by: received.key,
                person: read.1.person.clone(),
                op,
            })
            .collect();
        self.at.insert(received.hash, self.entries.len());
        self.entries.push(Entry {
            received: received.clone(),
            read,
            lamport,
            line,
        });
        if !told.is_empty() {
            self.told.extend(told);
            self.membership =
                Membership::new(Some(self.founder), self.told.clone(), &self.causality);
        }
    }

    fn line(&mut self, received: &Received, prev: Option<Hash>) -> usize {
        let before = prev.and_then(|prev| self.at.get(&prev)).copied();
        let parent = before.map(|at| self.entries[at].line);
        if let Some(parent) = parent
            && self.lines[parent].tip == received.prev
            && self.lines[parent].tip_seq + 1 == received.seq
        {
            let line = &mut self.lines[parent];
            (line.tip, line.tip_seq) = (received.hash, received.seq);
            return parent;
        }
        self.lines.push(Line {
            num: self.lines.len() as u64,
            replica: received.replica,
            key: Some(received.key),
            first: received.seq,
            parent: parent.map(|it| it as u64),
            tip_seq: received.seq,
            tip: received.hash,
        });
        self.lines.len() - 1
    }

    /// Goes on with a newer version.
    pub(super) fn upgrade(&mut self) {
        self.level = 2;
        self.state.take();
    }

    /// What all that is here comes to.
    pub(super) fn state(&self) -> Rc<State> {
        if let Some(state) = &*self.state.borrow() {
            return state.clone();
        }
        let state = Rc::new(self.derive());
        *self.state.borrow_mut() = Some(state.clone());
        state
    }

    fn derive(&self) -> State {
        let mut closed: Vec<(EntityId, Hash)> = Vec::new();
        let mut fates = Vec::new();
        let mut touched: BTreeMap<EntityId, Vec<Applied>> = BTreeMap::new();
        for entry in &self.entries {
            let Received { hash, key, .. } = &*entry.received;
            let commit = &entry.read.1;
            let judged = self.membership.judge(hash, Some(*key), &self.causality);
            let shut = commit.entities.iter().any(|entity| {
                let of = |(of, newer): &(EntityId, Hash)| {
                    of == entity && newer != hash && self.causality.includes(hash, newer)
                };
                closed.iter().any(of)
            });
            let raised;
            let verdict = match &entry.read.0 {
                // A newer version understands what this one cannot.
                Verdict::Opaque { commit, .. } if commit.need <= self.level => {
                    raised = Verdict::Valid(commit.clone());
                    &raised
                }
                verdict => verdict,
            };
            let place = (entry.received.replica, entry.received.seq);
            let judged = judged.as_ref().map(Option::as_ref).map_err(|why| &**why);
            let fate = fate(verdict, place, judged, shut);
            if matches!(fate, Fate::Opaque(_)) {
                closed.extend(commit.entities.iter().map(|it| (it.clone(), *hash)));
            }
            if fate == Fate::Valid {
                for entity in &commit.entities {
                    let applied = Applied {
                        hash: *hash,
                        lamport: entry.lamport,
                        commit: commit.clone(),
                    };
                    touched.entry(entity.clone()).or_default().push(applied);
                }
            }
            fates.push(fate);
        }
        let mut records = BTreeMap::new();
        for (entity, commits) in touched {
            let record = fold(&entity, commits.iter(), &|applied, dot| {
                self.causality.seen(&applied.hash, dot)
            });
            records.insert(entity, record);
        }
        let digest = self.sum(&records);
        State {
            fates,
            records,
            closed: closed.into_iter().map(|it| it.0).collect(),
            digest,
        }
    }

    fn sum(&self, records: &BTreeMap<EntityId, Record>) -> Hash {
        let mut text = String::new();
        let tips: BTreeSet<_> = self.lines.iter().map(|line| line.tip).collect();
        for tip in tips {
            text += &tip.to_string();
        }
        for (entity, record) in records {
            text += entity.as_str();
            for (field, register) in &record.fields {
                text += field;
                for live in &register.live {
                    write!(text, "{:?}{}", live.order, canonical(&live.value)).unwrap();
                }
            }
            write!(text, "{:?}", record.sets).unwrap();
            for event in &record.events {
                write!(text, "{:?}{}", event.order, event.kind).unwrap();
            }
        }
        Hash::of(&[text.as_bytes()])
    }
}

impl MemoryLog {
    fn keep_signatures(&mut self, signed: &[Signed]) {
        for signed in signed {
            if let Some(at) = self.at.get(&signed.hash) {
                let line = self.signed.entry(self.entries[*at].line as u64);
                line.or_default().entry(signed.seq).or_insert(*signed);
            }
        }
    }
}

fn read_commit(received: &Received) -> (Verdict, Commit) {
    // What one version cannot read is judged by each desk for itself.
    let reads = level();
    read_at(1);
    let verdict = Commit::decode(&received.bytes);
    read_at(reads);
    let commit = verdict.commit().cloned();
    let commit = commit
        .unwrap_or_else(|| Draft::new(received.replica, received.seq).finish(Header::default()));
    (verdict, commit)
}

pub(super) fn member_op(op: &Op) -> Option<MemberOp> {
    match op {
        Op::Member { body } => serde_json::from_value(body.clone()).ok(),
        _ => None,
    }
}

impl Log for MemoryLog {
    type Error = Never;

    fn workspace(&self) -> Workspace {
        self.workspace
    }

    fn genesis(&self) -> Result<String, Never> {
        Ok(self.genesis.to_string())
    }

    fn replica(&self) -> ReplicaId {
        self.replica
    }

    fn membership(&self) -> Result<Membership, Never> {
        Ok(self.membership.clone())
    }

    fn lines(&self) -> Result<Vec<Line>, Never> {
        Ok(self.lines.clone())
    }

    fn place(&self, hash: &Hash) -> Result<Option<Place>, Never> {
        Ok(self.at.get(hash).map(|at| Place {
            line: self.entries[*at].line as u64,
            seq: self.entries[*at].received.seq,
        }))
    }

    fn begins(&self, digits: &str) -> Result<bool, Never> {
        Ok(self.at.keys().any(|it| it.to_string().starts_with(digits)))
    }

    fn run(&self, tip: &Hash, lo: u64, hi: u64) -> Result<Vec<(Hash, Vec<u8>)>, Never> {
        let mut found = Vec::new();
        let mut next = *tip;
        while let Some(at) = self.at.get(&next) {
            let Received {
                hash,
                seq,
                bytes,
                prev,
                ..
            } = &*self.entries[*at].received;
            if *seq < lo {
                break;
            }
            if *seq <= hi {
                found.push((*hash, bytes.clone()));
            }
            next = *prev;
        }
        found.reverse();
        Ok(found)
    }

    fn signed(&self, line: u64, from: u64) -> Result<Vec<Signed>, Never> {
        let known = self.signed.get(&line).into_iter();
        let known = known.flat_map(|known| known.range(from..));
        Ok(known.map(|(_, signed)| *signed).collect())
    }

    fn void_bytes(&self, key: &Key) -> Result<u64, Never> {
        let state = self.state();
        let kept = self.entries.iter().zip(&state.fates);
        let void = kept.filter(|(entry, fate)| entry.received.key == *key && fate.is_void());
        Ok(void.map(|it| it.0.received.bytes.len() as u64).sum())
    }

    fn receive(
        &mut self,
        commits: Vec<Received>,
        signed: &[Signed],
        _: i64,
        share: Option<&str>,
    ) -> Result<Option<u64>, Never> {
        for received in commits {
            self.append(&Rc::new(received));
        }
        self.keep_signatures(signed);
        share.map(|share| self.next_head(share)).transpose()
    }

    fn settle(&mut self) -> Result<(), Never> {
        Ok(())
    }

    fn files(&self, share: &str, each: &mut dyn FnMut(&str, FileNote)) -> Result<(), Never> {
        let known = self.notes.get(share).into_iter().flatten();
        known.for_each(|(name, note)| each(name, note.clone()));
        Ok(())
    }

    fn note_files(
        &mut self,
        share: &str,
        notes: &[(String, Option<FileNote>)],
        left: &Left<'_>,
    ) -> Result<(), Never> {
        self.keep_signatures(left.signed);
        let known = self.notes.entry(share.to_owned()).or_default();
        for (name, note) in notes {
            match note {
                Some(note) => known.insert(name.clone(), note.clone()),
                None => known.remove(name),
            };
        }
        Ok(())
    }

    fn next_head(&mut self, share: &str) -> Result<u64, Never> {
        let head = self.heads.entry(share.to_owned()).or_default();
        *head += 1;
        Ok(*head)
    }

    fn digest(&self) -> Result<Hash, Never> {
        Ok(self.state().digest)
    }
}
