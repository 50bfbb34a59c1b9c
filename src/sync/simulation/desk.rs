//! A manager at a desk: what is written, by whom, and what is put on the share.

use std::path::PathBuf;
use std::rc::Rc;

use super::door::Door;
use super::file::DeskFile;
use super::log::MemoryLog;
use super::random::Random;
use super::records;
use crate::ledger::mutant::{self, Mutant};
use crate::ledger::{
    Ancestry as _, Dot, Draft, EntityId, Hash, Header, Key, Member, MemberOp, Op, Received,
    ReplicaId, Role, chain_hash, first_prev, read_at,
};
use crate::store::StoreError;
use crate::sync::{DeviceKey, Env, Meeting, Memory, Options, Round, round};

pub(super) struct Desk {
    pub person: String,
    pub key: DeviceKey,
    pub public: Key,
    pub log: MemoryLog,
    pub memory: Memory,
    pub door: Door,
    /// How far its clock is off.
    pub clock: i64,
    pub snapshots: Vec<Snapshot>,
    /// The suffix of its short ids, once it has written that its chain is its own.
    pub letter: Option<String>,
    /// The desk's file, in histories that have files.
    pub file: Option<DeskFile>,
    /// How often the program refused to write what this desk then wrote all the same.
    pub refused: Refused,
    /// Every commit that it ever wrote, also those that it lost.
    pub authored: Vec<Hash>,
    /// Somebody set its clock.
    pub clock_moved: bool,
    pub away_for_a_year: bool,
}

/// A desk as it was.
pub(super) struct Snapshot {
    pub log: MemoryLog,
    pub file: Option<PathBuf>,
}

#[derive(Default)]
pub(super) struct Refused {
    /// A newer version had written to it.
    pub newer: u64,
    /// Nobody could read it.
    pub broken: u64,
}

/// How a commit is meant to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meant {
    Fair,
    Void,
    /// Its author knew that its key may not write. That may be overruled elsewhere: then it counts.
    Barred,
}

/// One commit to write.
pub(super) struct Plan<'a> {
    pub person: Option<&'a str>,
    pub need: u32,
    pub undoes: Option<Hash>,
}

impl Default for Plan<'_> {
    fn default() -> Self {
        Self {
            person: None,
            need: 1,
            undoes: None,
        }
    }
}

impl Desk {
    pub(super) fn new(person: String, key: DeviceKey, log: MemoryLog, door: Door) -> Self {
        Self {
            person,
            public: key.public(),
            key,
            log,
            memory: Memory::default(),
            door,
            clock: 0,
            snapshots: Vec::new(),
            letter: None,
            file: None,
            refused: Refused::default(),
            authored: Vec::new(),
            clock_moved: false,
            away_for_a_year: false,
        }
    }

    pub(super) fn member(&self) -> Option<Member> {
        let members = self.log.membership.members(&self.log.causality);
        members.into_iter().find(|it| it.key == self.public)
    }

    /// What it believes about itself.
    pub(super) fn may_write(&self) -> bool {
        self.member()
            .is_some_and(|it| !it.removed && it.role > Role::Observer)
    }

    pub(super) fn owns(&self) -> bool {
        self.member()
            .is_some_and(|it| !it.removed && it.role == Role::Owner)
    }

    pub(super) fn write(&mut self, plan: &Plan<'_>, fill: impl Fn(&mut Draft, &MemoryLog)) -> Hash {
        read_at(self.log.level);
        let received = match self.typed(plan, &fill) {
            Some(received) => received,
            None => self.forced(plan, &fill),
        };
        let hash = received.hash;
        self.authored.push(hash);
        self.log.append(&Rc::new(received));
        hash
    }

    fn header(&self, plan: &Plan<'_>, deps: Vec<Hash>) -> Header {
        let typed = 1_700_000_000 + self.clock + i64::try_from(self.log.entries.len()).unwrap();
        let wall = chrono::DateTime::from_timestamp(typed, 0).unwrap();
        Header {
            deps,
            wall: wall.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
            person: plan.person.unwrap_or(&self.person).to_owned(),
            need: plan.need,
            undoes: plan.undoes,
            ..Header::default()
        }
    }

    /// As the program writes it, into the desk's file.
    fn typed(
        &mut self,
        plan: &Plan<'_>,
        fill: &impl Fn(&mut Draft, &MemoryLog),
    ) -> Option<Received> {
        let unshared = self.log.membership.told().is_empty();
        if plan.person.is_some() || !(unshared || self.may_write()) {
            return None;
        }
        let header = self.header(plan, Vec::new());
        let (own, log) = (self.file.as_mut()?, &self.log);
        match own.append((self.public, header), &|draft| fill(draft, log)) {
            Ok(received) => Some(received),
            Err(StoreError::NeedsNewer) => {
                self.refused.newer += 1;
                None
            }
            Err(StoreError::Broken(_)) => {
                self.refused.broken += 1;
                None
            }
            Err(error) => panic!("{error}"),
        }
    }

    /// As somebody writes it who changed the program.
    fn forced(&mut self, plan: &Plan<'_>, fill: &impl Fn(&mut Draft, &MemoryLog)) -> Received {
        let replica = self.log.replica;
        let (prev, seq, own) = match self.log.tip(&replica) {
            Some(line) => (line.tip, line.tip_seq + 1, Some(line.num)),
            None => (first_prev(&self.log.workspace, &replica), 1, None),
        };
        let others = self.log.lines.iter().filter(|line| Some(line.num) != own);
        let deps: Vec<_> = others.map(|line| line.tip).collect();
        let mut draft = Draft::new(replica, seq);
        fill(&mut draft, &self.log);
        let bytes = draft.finish(self.header(plan, deps)).encode();
        let received = Received {
            hash: chain_hash(&self.log.workspace, &prev, &bytes),
            prev,
            replica,
            seq,
            key: self.public,
            bytes,
        };
        if let Some(file) = &mut self.file {
            let store = file.store_mut();
            store.receive(vec![received.clone()], &[], 0).unwrap();
            file.store_mut().settle().unwrap();
        }
        received
    }

    pub(super) fn say(&mut self, op: &MemberOp) -> Hash {
        let body = serde_json::to_value(op).unwrap();
        self.write(&Plan::default(), |draft, _| {
            draft.member(body.clone());
        })
    }

    /// Says that its chain belongs to its key, with the suffix of its short ids.
    pub(super) fn begin(&mut self, letter: String) -> Hash {
        let first = self.log.tip(&self.log.replica).is_none();
        let typed = first && self.may_write();
        let hash = if let Some(file) = self.file.as_mut().filter(|_| typed) {
            // The program says it by itself in the first commit of a chain.
            if self.letter.is_none() {
                file.store_mut().admitted(&letter).unwrap();
            }
            self.write(&Plan::default(), |_, _| {})
        } else {
            self.say(&MemberOp::Device {
                key: self.public,
                letter: letter.clone(),
            })
        };
        self.letter = Some(letter);
        hash
    }

    /// Goes on as a new replica, after a restore or a copy.
    pub(super) fn again(&mut self, random: &mut Random) -> Option<Hash> {
        if mutant::is(Mutant::KeepsId) {
            return None;
        }
        let letter = self.letter.clone()?;
        self.log.replica = ReplicaId(random.bytes());
        if let Some(file) = &mut self.file {
            let letter = file.go_on(self.log.replica);
            return Some(self.begin(letter));
        }
        let mut own = self.log.replica.to_string();
        own.truncate(4);
        Some(self.begin(format!("{letter}z{own}")))
    }

    /// The next number for a thing of its own.
    fn next_id(&self) -> String {
        let letter = self.letter.clone().unwrap_or_default();
        let given = self.given();
        let ids = given.iter().filter_map(|id| {
            let (number, of) = id.split_once('.')?;
            (of == letter).then(|| number.parse::<u64>().ok())?
        });
        format!("{}.{letter}", ids.max().unwrap_or(0) + 1)
    }

    /// Every short id that was ever given: none is given again, not even after an undo.
    fn given(&self) -> Vec<String> {
        let ops = self.log.entries.iter().flat_map(|it| &it.read.1.ops);
        let ids = ops.filter_map(|op| match op {
            Op::Set { field, value, .. } if field == "id" => value.as_str(),
            _ => None,
        });
        ids.map(str::to_owned).collect()
    }

    pub(super) fn edit(&mut self, random: &mut Random, foreign: &[Dot]) -> Hash {
        if self.file.is_some() {
            return self.edit_record(random, foreign);
        }
        let entities: Vec<_> = self.log.state().records.keys().cloned().collect();
        if entities.is_empty() || random.once_in(6) {
            let id = self.next_id();
            return self.write(&Plan::default(), |draft, _| {
                let entity = draft.create();
                draft.set(&entity, "id", id.clone(), []);
            });
        }
        let entity = entities[random.below(entities.len())].clone();
        let (what, value) = (random.below(8), random.next() % 1000);
        let field = ["title", "state"][random.below(2)];
        let newer = random.once_in(12) && self.log.level > 1;
        let plan = Plan {
            need: if newer { 2 } else { 1 },
            ..Plan::default()
        };
        self.write(&plan, |draft, log| {
            let state = log.state();
            let record = &state.records[&entity];
            match what {
                0 => {
                    draft.add(&entity, "labels", value % 3);
                }
                1 => {
                    let elem = serde_json::Value::from(value % 3);
                    draft.remove(
                        &entity,
                        "labels",
                        elem.clone(),
                        record.observed("labels", &elem),
                    );
                }
                2 => {
                    draft.event(&entity, "told", value);
                }
                3 if !record.events.is_empty() => {
                    draft.retract(&entity, record.events[0].dot);
                }
                _ => {
                    let mut dots = record.dots(field);
                    dots.extend(foreign);
                    draft.set(&entity, field, value, dots);
                }
            }
        })
    }

    /// The same on records that the desk shows.
    fn edit_record(&mut self, random: &mut Random, foreign: &[Dot]) -> Hash {
        let state = self.log.state();
        let luck = Random::new(random.next());
        if state.records.len() < 2 || random.once_in(5) {
            let ids = self.given();
            let letter = self.letter.clone().unwrap_or_default();
            let id = |kind: &str| {
                let numbers = ids.iter().filter_map(|id| {
                    let number = id.strip_prefix(kind)?.strip_prefix('-')?;
                    number.strip_suffix(&letter)?.parse::<u64>().ok()
                });
                format!("{kind}-{}{letter}", numbers.max().unwrap_or(0) + 1)
            };
            return self.write(&Plan::default(), |draft, _| {
                records::begin(draft, &mut luck.clone(), &id);
            });
        }
        let entities: Vec<_> = state.records.keys().cloned().collect();
        let entity = entities[random.below(entities.len())].clone();
        let newer = random.once_in(4) && self.log.level > 1;
        let plan = Plan {
            need: if newer { 2 } else { 1 },
            ..Plan::default()
        };
        self.write(&plan, |draft, _| {
            let of = (&entity, &state.records[&entity]);
            records::edit(draft, of, &mut luck.clone(), foreign);
        })
    }

    pub(super) fn meet(&mut self, now: i64, jitter: u64, options: Options) -> Round {
        let env = Env {
            now: now + self.clock,
            wall: "2026-01-01T00:00:00Z".into(),
            jitter,
        };
        read_at(self.log.level);
        let notes = self.log.notes.clone();
        let meeting = Meeting {
            share: &self.door,
            id: self.door.id,
            key: Some(&self.key),
            env: &env,
            options,
            listener: None,
        };
        let round = match &mut self.file {
            None => round(&mut self.log, &meeting, &mut self.memory).unwrap(),
            Some(file) => {
                let both = (&meeting, &mut self.memory);
                let met = file.meet(&mut self.log, both, &self.door.crashed);
                met.unwrap_or_else(|error| {
                    // The process ended in the middle; the next one opens the desk again.
                    assert!(matches!(error, StoreError::Broken(_)), "{error}");
                    file.reopen();
                    self.memory = Memory::default();
                    Round::default()
                })
            }
        };
        if self.door.crashed.replace(false) {
            // What was noted last was never written; the process comes back without a memory.
            self.log.notes = notes;
            self.memory = Memory::default();
        }
        round
    }

    /// The tips of the chains of a key, as this desk knows them.
    pub(super) fn tips_of(&self, key: Key) -> Vec<Hash> {
        let lines = self.log.lines.iter().filter(|it| it.key == Some(key));
        lines.map(|line| line.tip).collect()
    }

    pub(super) fn dots(&self) -> Vec<(EntityId, Dot, Hash)> {
        let mut dots = Vec::new();
        for entry in &self.log.entries {
            let commit = &entry.read.1;
            for entity in &commit.entities {
                dots.push((entity.clone(), commit.dot(0), entry.received.hash));
            }
        }
        dots
    }

    pub(super) fn has_seen(&self, hash: &Hash) -> bool {
        self.log.at.contains_key(hash) && self.log.causality.includes(hash, hash)
    }
}
