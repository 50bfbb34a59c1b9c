//! What happened in the world. Events are never merged away; a retract hides one, a retract of that
//! retract shows it again exactly as it was.

use serde_json::Value;

use super::id::{Dot, Hash};
use super::merge::{Applied, Seen};
use super::register::{Graves, Order};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub dot: Dot,
    pub order: Order,
    pub kind: String,
    pub body: Value,
    pub at: Option<String>,
    pub wall: String,
    pub person: String,
    pub on_behalf: Option<String>,
}

impl Event {
    pub(super) fn new(dot: Dot, kind: &str, body: &Value, applied: &Applied) -> Self {
        let commit = &applied.commit;
        Self {
            dot,
            order: applied.order(),
            kind: kind.into(),
            body: body.clone(),
            at: commit.at.clone(),
            wall: commit.wall.clone(),
            person: commit.person.clone(),
            on_behalf: commit.on_behalf.clone(),
        }
    }
}

/// The events that were taken back, and by what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Retracted {
    pub(super) gone: Graves,
    hidden: Vec<Event>,
}

impl Retracted {
    pub(super) fn tell(&mut self, events: &mut Vec<Event>, event: Event) {
        let hidden = self.hides(&event.dot, &event.order.hash);
        insert(if hidden { &mut self.hidden } else { events }, event);
    }

    pub(super) fn retract(
        &mut self,
        events: &mut Vec<Event>,
        dot: Dot,
        by: (Dot, Hash),
        seen: Seen,
    ) {
        self.gone.dig(dot, by, seen);
        let all: Vec<_> = events.drain(..).chain(self.hidden.drain(..)).collect();
        for event in all {
            self.tell(events, event);
        }
    }

    pub(super) fn hides(&self, dot: &Dot, hash: &Hash) -> bool {
        self.standing(dot, hash).is_some()
    }

    /// Returns a retract that was not itself retracted.
    pub(super) fn standing(&self, dot: &Dot, hash: &Hash) -> Option<Dot> {
        self.above(&mut vec![(*dot, *hash)])
    }

    /// The path cuts a circle, which no causal past holds but a careless `past` could.
    fn above(&self, path: &mut Vec<(Dot, Hash)>) -> Option<Dot> {
        let (dot, hash) = *path.last()?;
        for by in self.gone.over(&dot, &hash) {
            if path.contains(&by) {
                continue;
            }
            path.push(by);
            let hidden = self.above(path).is_some();
            path.pop();
            if !hidden {
                return Some(by.0);
            }
        }
        None
    }
}

fn insert(events: &mut Vec<Event>, new: Event) {
    let place = events.binary_search_by(|old| (old.order, old.dot).cmp(&(new.order, new.dot)));
    if let Err(place) = place {
        events.insert(place, new);
    }
}
