//! A small desk in memory for tests: two managers, a verifier, two products, and as much
//! of a queue as a test asks for.

use std::borrow::Borrow;
use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::action::{Action, CycleAdd, Init, ProductCard, Submit};
use super::look::Look;
use super::look::board::rows::Key;
use super::perform::{found_in_memory, perform, preview};
use super::plan::{Actor, Time};
use super::receipt::Receipt;
use super::refusal::Refusal;
use crate::domain::kind::Kind;
use crate::domain::queue::submission::Target;
use crate::store::Store;

const PROFILE: &str = include_str!("../../assets/profiles/egi-cmd.toml");

pub(super) struct Desk {
    pub(super) store: Store,
    pub(super) now: DateTime<Utc>,
}

pub(super) fn actor(name: &str) -> Actor {
    Actor {
        person: name.to_owned(),
        on_behalf: None,
    }
}

pub(super) fn key(kind: Kind, id: &str) -> Key {
    Key {
        kind,
        id: id.to_owned(),
    }
}

pub(super) fn card(name: &str, fields: &[(&str, &str)]) -> ProductCard {
    let text = |it: &(&str, &str)| (it.0.to_owned(), it.1.to_owned());
    ProductCard {
        name: name.to_owned(),
        fields: fields.iter().map(text).collect(),
    }
}

pub(super) fn claim(id: &str) -> Action {
    Action::Claim {
        id: id.to_owned(),
        drop: false,
    }
}

impl Desk {
    /// Alice and Bob manage it from Rome; it is Saturday, 21 November 2026. ARC has a
    /// contact, CREAM has none.
    pub(super) fn new() -> Self {
        let now = "2026-11-21T08:14:00Z".parse().unwrap();
        let init = Init {
            name: "CMD".to_owned(),
            managers: vec!["Alice".to_owned(), "Bob".to_owned()],
            timezone: "Europe/Rome".to_owned(),
            profile: PROFILE.to_owned(),
            holidays: Vec::new(),
        };
        let time = Time { now, at: None };
        let store = found_in_memory(&init, &actor("Alice"), &time).unwrap();
        let mut desk = Self { store, now };
        desk.act(Action::PersonAdd {
            name: "Vera".to_owned(),
            mail: None,
            organisation: Some("Institute".to_owned()),
            roles: vec!["verifier".to_owned()],
        });
        desk.act(Action::ProductAdd(card(
            "ARC",
            &[("provider", "NorduGrid"), ("contact", "arc@example.org")],
        )));
        desk.act(Action::ProductAdd(card("CREAM", &[("provider", "INFN")])));
        desk
    }

    /// With S-1 of ARC for two platforms, injected: T-1 and T-2, their answer is X-2.
    pub(super) fn with_tickets() -> Self {
        let mut desk = Self::new();
        desk.submit("ARC", &["al9", "el9"]);
        desk.act(Action::Inject {
            id: "S-1".to_owned(),
            tracking: BTreeMap::new(),
        });
        desk
    }

    pub(super) fn submit(&mut self, product: &str, platforms: &[&str]) -> Receipt {
        let target = |platform: &&str| Target {
            platform: (*platform).to_owned(),
            arch: "x86_64".to_owned(),
        };
        self.act(Action::Submit(Submit {
            product: product.to_owned(),
            version: Some("7.0.3".to_owned()),
            targets: platforms.iter().map(target).collect(),
            notes_url: Some("https://example.org/notes".to_owned()),
            packages: vec!["arc-7.0.3".to_owned()],
            channel_id: Some("4711".to_owned()),
            ..Submit::default()
        }))
    }

    /// The cycle 1.4 with the seven milestones of the template, from Monday, 2 November.
    pub(super) fn cycle(&mut self) {
        self.act(Action::CycleAdd(CycleAdd {
            name: "1.4".to_owned(),
            start: Some("2026-11-02".parse().unwrap()),
            release: None,
            template: Some("meta-release".to_owned()),
        }));
    }

    pub(super) fn wait(&mut self, days: i64) {
        self.now += TimeDelta::days(days);
    }

    pub(super) fn time(&self) -> Time {
        Time {
            now: self.now,
            at: None,
        }
    }

    /// Done by Alice.
    #[track_caller]
    pub(super) fn act(&mut self, action: impl Borrow<Action>) -> Receipt {
        self.attempt("Alice", action.borrow()).unwrap()
    }

    pub(super) fn attempt(&mut self, name: &str, action: &Action) -> Result<Receipt, Refusal> {
        let time = self.time();
        perform(&mut self.store, action, &actor(name), &time)
    }

    pub(super) fn preview(&mut self, action: &Action) -> Result<Receipt, Refusal> {
        let time = self.time();
        preview(&mut self.store, action, &actor("Alice"), &time)
    }

    pub(super) fn look<T>(&self, look: impl FnOnce(&Look<'_>) -> T) -> T {
        let reader = self.store.reader();
        look(&Look::new(&reader, self.now).unwrap())
    }

    /// A field of a record as the desk keeps it.
    #[track_caller]
    pub(super) fn field(&self, kind: Kind, id: &str, field: &str) -> serde_json::Value {
        let row = self.store.reader().record(Some(kind), id).unwrap().unwrap();
        row.value()[field].clone()
    }
}
