//! Random devices that write, meet and are rolled back; what they end up with is compared with a
//! plain reading of the rules. Arrival in any order, however often, must give the same records.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use serde_json::Value;

use super::*;

const FIELDS: [&str; 2] = ["title", "state"];
const ELEMS: [&str; 2] = ["red", "blue"];

#[derive(Clone, Debug)]
enum Step {
    /// Replica, what to do, which of two fields or elements, a dot to cite blindly.
    Write(usize, u8, usize, usize),
    Meet(usize, usize),
    /// Replica; how many of its own commits it forgets.
    RollBack(usize, usize),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (0..3usize, 0..8u8, 0..2usize, 0..40usize).prop_map(|(r, w, f, d)| Step::Write(r, w, f, d)),
        4 => (0..3usize, 0..3usize).prop_map(|(a, b)| Step::Meet(a, b)),
        1 => (0..3usize, 1..3usize).prop_map(|(r, n)| Step::RollBack(r, n)),
    ]
}

/// Live values by field, elements with the additions that stand, events.
type Shown = (
    BTreeMap<String, Vec<(Hash, Value)>>,
    BTreeSet<(String, Dot)>,
    Vec<(Hash, Value)>,
);

#[derive(Default)]
struct World {
    log: Vec<Applied>,
    prev: Vec<Option<usize>>,
    /// What each commit had seen: the plain reading, by index.
    seen: Vec<BTreeSet<usize>>,
    causality: Causality,
    devices: [Vec<usize>; 3],
}

fn entity() -> EntityId {
    EntityId("ticket:1".into())
}

impl World {
    fn play(steps: &[Step]) -> Self {
        let mut world = Self::default();
        for step in steps {
            match *step {
                Step::Write(replica, what, which, blind) => {
                    world.write(replica, (what, which, blind));
                }
                Step::Meet(a, b) => {
                    for commit in world.devices[b].clone() {
                        if !world.devices[a].contains(&commit) {
                            world.devices[a].push(commit);
                        }
                    }
                }
                Step::RollBack(replica, count) => {
                    let keep = world.devices[replica].len().saturating_sub(count);
                    world.devices[replica].truncate(keep);
                }
            }
        }
        world
    }

    fn tip(&self, device: usize, replica: ReplicaId) -> Option<usize> {
        let mine = self.devices[device].iter().copied();
        mine.filter(|at| self.log[*at].commit.replica == replica)
            .max_by_key(|at| (self.log[*at].commit.seq, *at))
    }

    fn record(&self, device: usize) -> Record {
        self.fold(&self.devices[device])
    }

    fn fold(&self, order: &[usize]) -> Record {
        fold(
            &entity(),
            order.iter().map(|at| &self.log[*at]),
            &|applied, dot| self.causality.seen(&applied.hash, dot),
        )
    }

    fn write(&mut self, device: usize, (what, which, blind): (u8, usize, usize)) {
        let replica = ReplicaId([u8::try_from(device).unwrap(); 16]);
        let record = self.record(device);
        let prev = self.tip(device, replica);
        let seq = prev.map_or(1, |at| self.log[at].commit.seq + 1);
        let mut draft = Draft::new(replica, seq);
        // A dot that may be anything: another field's, a concurrent one, the commit's own.
        let any = self
            .log
            .get(blind)
            .map_or_else(|| draft.next_dot(), |applied| applied.commit.dot(0));
        let (field, elem) = (FIELDS[which], ELEMS[which]);
        let value = i64::try_from(self.log.len()).unwrap();
        match what {
            0 => {
                draft.set(&entity(), field, value, record.dots(field));
            }
            1 => {
                draft.set(&entity(), field, value % 3, [any]);
            }
            2 => {
                draft.add(&entity(), "labels", elem);
            }
            3 => {
                let observed = record.observed("labels", &elem.into());
                draft.remove(&entity(), "labels", elem, observed.into_iter().chain([any]));
                draft.set(&entity(), "state", value, record.dots("state"));
            }
            4 | 5 => {
                let field = field.to_owned();
                let live = record.dots(&field).first().copied();
                let dot = if what == 4 { any } else { live.unwrap_or(any) };
                let entity = entity();
                draft.push(Op::Back { entity, field, dot });
            }
            6 => {
                draft.event(&entity(), "comment", value);
            }
            _ => {
                draft.retract(&entity(), any);
            }
        }
        let deps = (0..3u8)
            .map(|n| ReplicaId([n; 16]))
            .filter(|other| *other != replica);
        let deps: Vec<_> = deps.filter_map(|other| self.tip(device, other)).collect();
        let header = Header {
            deps: deps.iter().map(|at| self.log[*at].hash).collect(),
            ..Header::default()
        };
        self.append(device, prev, &deps, draft.finish(header));
    }

    fn append(&mut self, device: usize, prev: Option<usize>, deps: &[usize], commit: Commit) {
        let at = self.log.len();
        let workspace = Workspace::of_genesis(b"test");
        let before = prev.map_or_else(
            || first_prev(&workspace, &commit.replica),
            |at| self.log[at].hash,
        );
        let bytes = commit.encode();
        assert_eq!(Commit::decode(&bytes), Verdict::Valid(commit.clone()));
        let hash = chain_hash(&workspace, &before, &bytes);
        if self.log.iter().any(|known| known.hash == hash) {
            return;
        }
        let mut seen = BTreeSet::new();
        for cause in prev.iter().chain(deps) {
            seen.insert(*cause);
            seen.extend(self.seen[*cause].clone());
        }
        let lamport = self
            .causality
            .add(hash, prev.map(|at| self.log[at].hash), &commit)
            .unwrap();
        let plain = seen
            .iter()
            .map(|cause| self.log[*cause].lamport)
            .max()
            .unwrap_or(0)
            + 1;
        assert_eq!(lamport, plain);
        self.log.push(Applied {
            hash,
            lamport,
            commit,
        });
        self.prev.push(prev);
        self.seen.push(seen);
        self.devices[device].push(at);
    }

    /// The rules once more, by brute force: who cites an op that it had seen?
    fn cited(&self, at: usize, op: usize, same: &dyn Fn(&Op) -> bool) -> Vec<(usize, usize)> {
        let dot = self.log[at].commit.dot(op);
        let mut by = Vec::new();
        for (other, applied) in self.log.iter().enumerate() {
            for (index, candidate) in applied.commit.ops.iter().enumerate() {
                let cites = match candidate {
                    Op::Set { replaces: dots, .. } | Op::Remove { observed: dots, .. } => {
                        dots.contains(&dot)
                    }
                    Op::Retract { event, .. } => *event == dot,
                    Op::Back { dot: it, .. } => *it == dot,
                    _ => false,
                };
                let before = self.seen[other].contains(&at) || other == at && op < index;
                if cites && before && same(candidate) {
                    by.push((other, index));
                }
            }
        }
        by
    }

    fn retracted(&self, at: usize, op: usize) -> bool {
        let by = self.cited(at, op, &|op| matches!(op, Op::Retract { .. }));
        by.into_iter().any(|(at, op)| !self.retracted(at, op))
    }

    fn taken_back(&self, (at, op): (usize, usize), of: &str) -> bool {
        let back = |op: &Op| matches!(op, Op::Back { field, .. } if field == of);
        let by = self.cited(at, op, &back);
        by.into_iter().any(|by| !self.taken_back(by, of))
    }

    /// By what counts, or by what does not and is replaced itself.
    fn replaced(&self, (at, op): (usize, usize), of: &str) -> bool {
        let set = |op: &Op| matches!(op, Op::Set { field, .. } if field == of);
        let by = self.cited(at, op, &set);
        let mut by = by.into_iter();
        by.any(|by| !self.taken_back(by, of) || self.replaced(by, of))
    }

    fn plain(&self) -> Shown {
        let (mut fields, mut sets, mut events) =
            (BTreeMap::<_, Vec<_>>::new(), BTreeSet::new(), Vec::new());
        for (at, applied) in self.log.iter().enumerate() {
            for (index, op) in applied.commit.ops.iter().enumerate() {
                match op {
                    Op::Set { field, value, .. } => {
                        let op = (at, index);
                        if !self.taken_back(op, field) && !self.replaced(op, field) {
                            fields
                                .entry(field.clone())
                                .or_default()
                                .push((applied.hash, value.clone()));
                        }
                    }
                    Op::Add { elem, .. } => {
                        let gone = self.cited(
                            at,
                            index,
                            &|op| matches!(op, Op::Remove { elem: e, .. } if e == elem),
                        );
                        if gone.is_empty() {
                            sets.insert((canonical(elem), applied.commit.dot(index)));
                        }
                    }
                    Op::Event { body, .. } if !self.retracted(at, index) => {
                        events.push((applied.hash, body.clone()));
                    }
                    _ => {}
                }
            }
        }
        events.sort_by_key(|(hash, _)| {
            self.log
                .iter()
                .find(|applied| applied.hash == *hash)
                .map(Applied::order)
        });
        for live in fields.values_mut() {
            live.sort_by_key(|(hash, _)| *hash);
        }
        (fields, sets, events)
    }
}

fn shown(record: &Record) -> Shown {
    let mut fields = BTreeMap::<_, Vec<_>>::new();
    for (field, register) in &record.fields {
        for live in &register.live {
            fields
                .entry(field.clone())
                .or_default()
                .push((live.order.hash, live.value.clone()));
        }
    }
    for live in fields.values_mut() {
        live.sort_by_key(|(hash, _)| *hash);
    }
    let elems = record.sets.values().flatten();
    let sets = elems
        .flat_map(|(elem, dots)| dots.iter().map(|dot| (elem.clone(), *dot)))
        .collect();
    let events = record
        .events
        .iter()
        .map(|event| (event.order.hash, event.body.clone()))
        .collect();
    (fields, sets, events)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_arrival_and_repeated_delivery_do_not_matter(
        (steps, order) in proptest::collection::vec(step(), 1..40).prop_flat_map(|steps| {
            let count = World::play(&steps).log.len();
            let twice: Vec<usize> = (0..count).chain(0..count).collect();
            (Just(steps), Just(twice).prop_shuffle())
        })
    ) {
        let world = World::play(&steps);
        let sorted: Vec<_> = (0..world.log.len()).collect();
        prop_assert_eq!(world.fold(&order), world.fold(&sorted));
    }

    #[test]
    fn a_record_is_what_the_rules_say(steps in proptest::collection::vec(step(), 1..40)) {
        let world = World::play(&steps);
        let sorted: Vec<_> = (0..world.log.len()).collect();
        prop_assert_eq!(shown(&world.fold(&sorted)), world.plain());
    }

    #[test]
    fn a_past_is_what_was_reachable(steps in proptest::collection::vec(step(), 1..40)) {
        let world = World::play(&steps);
        for (at, applied) in world.log.iter().enumerate() {
            for (other, cause) in world.log.iter().enumerate() {
                let seen = world.causality.seen(&applied.hash, &cause.commit.dot(0));
                prop_assert_eq!(seen.covers(&cause.hash), world.seen[at].contains(&other));
            }
        }
    }

    #[test]
    fn devices_that_have_met_agree(steps in proptest::collection::vec(step(), 1..40)) {
        let mut steps = steps;
        steps.extend([Step::Meet(0, 1), Step::Meet(0, 2), Step::Meet(1, 0), Step::Meet(2, 0)]);
        let world = World::play(&steps);
        prop_assert_eq!(world.record(0), world.record(1));
        prop_assert_eq!(world.record(0), world.record(2));
    }
}
