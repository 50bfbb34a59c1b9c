//! What happened in the world. Events are never merged away; a retract hides one, a retract of that
//! retract shows it again exactly as it was.

use std::cmp::Ordering;

use serde_json::Value;

use super::backs::Backs;
use super::id::{Dot, Hash};
use super::merge::Applied;
use super::register::Order;

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
    pub(super) backs: Backs,
    hidden: Vec<Event>,
}

impl Retracted {
    /// `settle` hides it where it was taken back.
    pub(super) fn tell(&self, events: &mut Vec<Event>, event: Event) {
        if self
            .hidden
            .binary_search_by(|old| place(old, &event))
            .is_err()
        {
            insert(events, event);
        }
    }

    /// Finds again what stands, after any change.
    pub(super) fn settle(&mut self, events: &mut Vec<Event>) {
        if self.backs.is_empty() {
            return;
        }
        let all: Vec<_> = events.drain(..).chain(self.hidden.drain(..)).collect();
        let standing = self.backs.standing();
        for event in all {
            let hidden = standing.covers(&event.dot, &event.order.hash);
            insert(if hidden { &mut self.hidden } else { events }, event);
        }
    }

    /// Returns a retract that was not itself retracted.
    pub(super) fn standing(&self, dot: &Dot, hash: &Hash) -> Option<Dot> {
        let standing = self.backs.standing();
        standing.on(dot, hash).next().map(|it| it.dot)
    }
}

fn insert(events: &mut Vec<Event>, new: Event) {
    if let Err(place) = events.binary_search_by(|old| place(old, &new)) {
        events.insert(place, new);
    }
}

fn place(old: &Event, new: &Event) -> Ordering {
    (old.order, old.dot).cmp(&(new.order, new.dot))
}
