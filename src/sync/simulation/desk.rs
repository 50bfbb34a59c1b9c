//! A manager at a desk: what is written, by whom, and what is put on the share.

use std::rc::Rc;

use super::log::MemoryLog;
use super::random::Random;
use super::share::Door;
use crate::ledger::mutant::{self, Mutant};
use crate::ledger::{
    Ancestry as _, Commit, Dot, Draft, EntityId, Hash, Header, Key, Member, MemberOp, Received,
    ReplicaId, Role, chain_hash, first_prev,
};
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
    pub snapshots: Vec<MemoryLog>,
    /// The suffix of its short ids, once it has written that its chain is its own.
    pub letter: Option<String>,
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
}

impl Default for Plan<'_> {
    fn default() -> Self {
        Self {
            person: None,
            need: 1,
        }
    }
}

impl Desk {
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

    pub(super) fn write(
        &mut self,
        plan: &Plan<'_>,
        fill: impl FnOnce(&mut Draft, &MemoryLog),
    ) -> Hash {
        let replica = self.log.replica;
        let (prev, seq, own) = match self.log.tip(&replica) {
            Some(line) => (line.tip, line.tip_seq + 1, Some(line.num)),
            None => (first_prev(&self.log.workspace, &replica), 1, None),
        };
        let others = self.log.lines.iter().filter(|line| Some(line.num) != own);
        let deps: Vec<_> = others.map(|line| line.tip).collect();
        let mut draft = Draft::new(replica, seq);
        fill(&mut draft, &self.log);
        let commit = draft.finish(Header {
            deps,
            wall: "2026-01-01T00:00:00Z".into(),
            person: plan.person.unwrap_or(&self.person).to_owned(),
            need: plan.need,
            ..Header::default()
        });
        let bytes = commit.encode();
        let hash = chain_hash(&self.log.workspace, &prev, &bytes);
        self.log.append(&Rc::new(Received {
            hash,
            prev,
            replica,
            seq,
            key: self.public,
            verdict: Commit::decode(&bytes),
            bytes,
        }));
        hash
    }

    pub(super) fn say(&mut self, op: &MemberOp) -> Hash {
        let body = serde_json::to_value(op).unwrap();
        self.write(&Plan::default(), |draft, _| {
            draft.member(body);
        })
    }

    /// Says that its chain belongs to its key, with the suffix of its short ids.
    pub(super) fn begin(&mut self, letter: String) -> Hash {
        let hash = self.say(&MemberOp::Device {
            key: self.public,
            letter: letter.clone(),
        });
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
        let mut own = self.log.replica.to_string();
        own.truncate(4);
        Some(self.begin(format!("{letter}z{own}")))
    }

    /// The next number for a thing of its own.
    fn next_id(&self) -> String {
        let letter = self.letter.clone().unwrap_or_default();
        let state = self.log.state();
        let ids = state.records.values().filter_map(|record| {
            let id = record.fields.get("id")?.value()?.as_str()?.to_owned();
            let (number, of) = id.split_once('.')?;
            (of == letter).then(|| number.parse::<u64>().ok())?
        });
        format!("{}.{letter}", ids.max().unwrap_or(0) + 1)
    }

    pub(super) fn edit(&mut self, random: &mut Random, foreign: &[Dot]) -> Hash {
        let entities: Vec<_> = self.log.state().records.keys().cloned().collect();
        if entities.is_empty() || random.once_in(6) {
            let id = self.next_id();
            return self.write(&Plan::default(), |draft, _| {
                let entity = draft.create();
                draft.set(&entity, "id", id, []);
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

    pub(super) fn meet(&mut self, now: i64, jitter: u64, options: Options) -> Round {
        let env = Env {
            now: now + self.clock,
            wall: "2026-01-01T00:00:00Z".into(),
            jitter,
        };
        let notes = self.log.notes.clone();
        let meeting = Meeting {
            share: &self.door,
            id: "share",
            key: Some(&self.key),
            env: &env,
            options,
            listener: None,
        };
        let round = round(&mut self.log, &meeting, &mut self.memory).unwrap();
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
