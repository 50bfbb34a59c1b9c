//! Files that look like a desk's and are not: of somebody who was never let in, in the name of
//! somebody else, and of a member who goes on with another's chain.

use std::rc::Rc;

use super::History;
use super::counters::Rare;
use crate::ledger::{
    Draft, Hash, Header, Key, MemberOp, ReplicaId, Signature, chain_hash, first_prev, named,
};
use crate::sync::{DeviceKey, Pack, names, sign_tip};

/// A run of commits that nobody wrote at a desk.
struct Forgery {
    origin: ReplicaId,
    lo: u64,
    prev: Hash,
    person: String,
    author: Key,
    first: Option<MemberOp>,
}

impl History {
    pub(super) fn intrude(&mut self, at: usize) {
        let stranger = DeviceKey::generate(self.random.bytes());
        let victim = &self.desks[at];
        let Some(line) = victim.log.tip(&victim.log.replica).cloned() else {
            return;
        };
        let (victim_key, victim_person) = (victim.public, victim.person.clone());
        let other = (at + 1) % self.desks.len();
        let goes_on = |person: String, author: Key| Forgery {
            origin: line.replica,
            lo: line.tip_seq + 1,
            prev: line.tip,
            person,
            author,
            first: None,
        };
        let (forgery, signs) = match self.random.below(3) {
            0 => (self.strange(&stranger), Some(&stranger)),
            1 => (goes_on(victim_person, victim_key), None),
            _ => {
                let member = &self.desks[other];
                let forgery = goes_on(member.person.clone(), member.public);
                (forgery, Some(&member.key))
            }
        };
        let by = signs.unwrap_or(&stranger);
        let pack = self.forged(&forgery, signs, by);
        let workspace = self.desks[at].log.workspace;
        let bytes: Rc<[u8]> = pack.write(&workspace, by).unwrap().into();
        let folder = self.desks[other].log.replica;
        let name = names::pack(&folder, &pack.origin, (pack.lo, pack.hi), &pack.tip, 0);
        let view = self.desks[other].door.view;
        self.net.borrow_mut().set(view, &name, Some(&bytes), true);
        let mut tip = pack.tip.to_string();
        tip.truncate(16);
        self.forged.push(tip);
        self.count(Rare::Forged);
    }

    /// The chain of somebody who lets itself in.
    fn strange(&mut self, key: &DeviceKey) -> Forgery {
        let origin = ReplicaId(self.random.bytes());
        Forgery {
            origin,
            lo: 1,
            prev: first_prev(&self.desks[0].log.workspace, &origin),
            person: "stranger".to_owned(),
            author: key.public(),
            first: Some(MemberOp::Device {
                key: key.public(),
                letter: "q".to_owned(),
            }),
        }
    }

    fn forged(&self, forgery: &Forgery, signs: Option<&DeviceKey>, by: &DeviceKey) -> Pack {
        let workspace = self.desks[0].log.workspace;
        let mut prev = forgery.prev;
        let mut commits = Vec::new();
        for seq in forgery.lo..forgery.lo + 2 {
            let mut draft = Draft::new(forgery.origin, seq);
            match &forgery.first {
                Some(op) if seq == 1 => {
                    draft.member(serde_json::to_value(op).unwrap());
                }
                _ => {
                    draft.set(&named("t", "forged"), "title", "forged", []);
                }
            }
            let bytes = draft.finish(Header {
                person: forgery.person.clone(),
                wall: "2026-01-01T00:00:00Z".to_owned(),
                ..Header::default()
            });
            let bytes = bytes.encode();
            prev = chain_hash(&workspace, &prev, &bytes);
            commits.push((prev, bytes));
        }
        let signature = match signs {
            Some(key) => sign_tip(key, &workspace, &prev),
            None => Signature([7; 64]),
        };
        Pack {
            origin: forgery.origin,
            lo: forgery.lo,
            hi: forgery.lo + 1,
            prev: forgery.prev,
            tip: prev,
            author: forgery.author,
            signature,
            by: by.public(),
            commits,
        }
    }
}
