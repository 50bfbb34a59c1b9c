//! What a hostile member signs, and how much of it: chains without end of what is taken back.

use serde_json::json;

use super::{Alice, Pair};
use crate::domain::kind::Kind;
use crate::ledger::{Dot, Draft, Hash, Header, Op, Received, ReplicaId, chain_hash, first_prev};
use crate::workspace::look::log;
use crate::workspace::pair::BOB;

/// A hostile member's own chain.
pub(super) struct Chain {
    pub(super) replica: ReplicaId,
    seq: u64,
    prev: Hash,
    deps: Vec<Hash>,
}

impl Chain {
    /// Begins with what has been seen of everybody.
    pub(super) fn new(pair: &Pair) -> Self {
        let replica = ReplicaId([0xee; 16]);
        let lines = pair.reader().lines().unwrap();
        Self {
            replica,
            seq: 1,
            prev: first_prev(&pair.0.alice.store.workspace(), &replica),
            deps: lines.iter().map(|line| line.tip).collect(),
        }
    }

    pub(super) fn sends(&mut self, pair: &mut Pair, bytes: Vec<u8>) {
        let store = &mut pair.0.alice.store;
        let received = Received {
            hash: chain_hash(&store.workspace(), &self.prev, &bytes),
            prev: self.prev,
            replica: self.replica,
            seq: self.seq,
            key: BOB,
            bytes,
        };
        (self.prev, self.seq) = (received.hash, self.seq + 1);
        store.receive(vec![received], &[], 0).unwrap();
        store.settle().unwrap();
    }

    pub(super) fn writes(&mut self, pair: &mut Pair, fill: impl FnOnce(&mut Draft)) {
        let mut draft = Draft::new(self.replica, self.seq);
        fill(&mut draft);
        let commit = draft.finish(Header {
            deps: std::mem::take(&mut self.deps),
            person: "Bob".to_owned(),
            wall: "+999999-99-99T99:99:99Z".to_owned(),
            intent: json!({"do": {"x": [null]}}),
            ..Header::default()
        });
        self.sends(pair, commit.encode());
    }
}

#[test]
fn of_what_is_taken_back_without_end_a_look_tells_once_and_the_desk_goes_on() {
    let mut pair = Pair::new();
    pair.does(
        Alice,
        r#"{"do":"set","id":"T-1","fields":[["testbed","oslo"]]}"#,
    );
    let reader = pair.reader();
    let (_, entity) = reader.entity(Kind::Ticket, "T-1").unwrap().unwrap();
    let first = reader.live(&entity).unwrap().dots("testbed")[0];
    let mut chain = Chain::new(&pair);
    let device = json!({"do": "device", "key": BOB.to_string(), "letter": "b"});
    chain.writes(&mut pair, |draft| {
        draft.member(device);
    });
    chain.writes(&mut pair, |draft| {
        let mut dot: Dot = first;
        for _ in 0..5_001 {
            let (entity, field) = (entity.clone(), "testbed".to_owned());
            dot = draft.push(Op::Back { entity, field, dot });
        }
    });
    assert_eq!(pair.value("T-1")["testbed"], serde_json::Value::Null);
    let lines = pair.look(|look| log::log(look, &log::Asked::default()).unwrap());
    let told: Vec<String> = lines[0].changes.iter().map(log::change).collect();
    assert_eq!(told, ["T-1 testbed: oslo → (nothing)"]);
    pair.does(
        Alice,
        r#"{"do":"set","id":"T-1","fields":[["testbed","rome"]]}"#,
    );
    assert_eq!(pair.value("T-1")["testbed"], "rome");
}

#[test]
fn of_what_happened_and_was_taken_back_without_end_the_last_word_counts() {
    let mut pair = Pair::new();
    pair.does(
        Alice,
        r#"{"do":"comment","id":"T-1","text":"hello","private":false}"#,
    );
    let reader = pair.reader();
    let (_, entity) = reader.entity(Kind::Ticket, "T-1").unwrap().unwrap();
    let remark = reader.folded(&entity).unwrap().events.pop().unwrap();
    let mut chain = Chain::new(&pair);
    let device = json!({"do": "device", "key": BOB.to_string(), "letter": "b"});
    chain.writes(&mut pair, |draft| {
        draft.member(device);
    });
    let remarks = |pair: &Pair| {
        let record = pair.reader().folded(&entity).unwrap();
        record.events.iter().any(|it| it.kind == remark.kind)
    };
    let mut dot = remark.dot;
    for (more, stands) in [(20_001, false), (1, true)] {
        chain.writes(&mut pair, |draft| {
            for _ in 0..more {
                dot = draft.retract(&entity, dot);
            }
        });
        assert_eq!(remarks(&pair), stands);
    }
}
