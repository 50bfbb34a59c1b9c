//! The same schedule given to another library: after every meeting, the values that stand in a
//! field are those that Automerge keeps as its conflict.

use std::rc::Rc;

use automerge::transaction::Transactable as _;
use automerge::{ActorId, AutoCommit, ROOT, ReadDoc as _, ScalarValue, Value};

use super::log::MemoryLog;
use super::random::Random;
use crate::ledger::{Draft, EntityId, Hash, Header, ReplicaId, chain_hash, first_prev};
use crate::sync::DeviceKey;
use crate::sync::log::Received;

const FIELDS: [&str; 3] = ["title", "state", "note"];

struct Pair {
    ours: MemoryLog,
    theirs: AutoCommit,
}

fn entity() -> EntityId {
    EntityId("ticket:1".into())
}

impl Pair {
    fn set(&mut self, field: &str, value: i64) {
        let log = &mut self.ours;
        let (prev, seq) = match log.tip(&log.replica.clone()) {
            Some(line) => (line.tip, line.tip_seq + 1),
            None => (first_prev(&log.workspace, &log.replica), 1),
        };
        let others = log.lines.iter().filter(|line| line.replica != log.replica);
        let deps: Vec<Hash> = others.map(|line| line.tip).collect();
        let state = log.state();
        let record = state.records.get(&entity());
        let dots = record.map(|it| it.dots(field)).unwrap_or_default();
        let mut draft = Draft::new(log.replica, seq);
        draft.set(&entity(), field, value, dots);
        let header = Header {
            deps,
            ..Header::default()
        };
        let bytes = draft.finish(header).encode();
        log.append(&Rc::new(Received {
            hash: chain_hash(&log.workspace, &prev, &bytes),
            prev,
            replica: log.replica,
            seq,
            key: log.founder,
            bytes,
        }));
        self.theirs.put(ROOT, field, value).unwrap();
    }

    fn meet(&mut self, other: &mut Self) {
        for entry in other.ours.entries.clone() {
            self.ours.append(&entry.received);
        }
        self.theirs.merge(&mut other.theirs).unwrap();
    }

    fn values(&self, field: &str) -> Vec<i64> {
        let state = self.ours.state();
        let register = state
            .records
            .get(&entity())
            .and_then(|it| it.fields.get(field));
        let live = register.into_iter().flat_map(|it| &it.live);
        let mut values: Vec<_> = live.map(|it| it.value.as_i64().unwrap()).collect();
        values.sort_unstable();
        values
    }

    fn expected(&self, field: &str) -> Vec<i64> {
        let all = self.theirs.get_all(ROOT, field).unwrap();
        let mut values: Vec<_> = all
            .into_iter()
            .map(|(value, _)| match value {
                Value::Scalar(value) => match value.as_ref() {
                    ScalarValue::Int(value) => *value,
                    other => panic!("{other:?}"),
                },
                Value::Object(_) => panic!("an object"),
            })
            .collect();
        values.sort_unstable();
        values
    }
}

#[test]
fn what_stands_in_a_field_is_what_automerge_keeps() {
    let founder = DeviceKey::generate([1; 32]).public();
    let genesis: Rc<str> = "{}".into();
    let mut contested = 0;
    for seed in 0..150 {
        let mut random = Random::new(seed);
        let mut pairs: Vec<_> = (1..=3)
            .map(|at| Pair {
                ours: MemoryLog::new(&genesis, founder, ReplicaId([at; 16])),
                theirs: AutoCommit::new().with_actor(ActorId::from([at; 16])),
            })
            .collect();
        for step in 0..30 {
            let (one, other) = (random.below(3), random.below(3));
            if random.once_in(3) && one != other {
                let mut met = pairs.remove(one.max(other));
                pairs[one.min(other)].meet(&mut met);
                pairs.insert(one.max(other), met);
            } else {
                pairs[one].set(FIELDS[random.below(3)], step);
            }
            for pair in &pairs {
                for field in FIELDS {
                    let values = pair.values(field);
                    contested += usize::from(values.len() > 1);
                    assert_eq!(values, pair.expected(field), "seed {seed}, step {step}");
                }
            }
        }
    }
    assert!(contested > 100);
}
