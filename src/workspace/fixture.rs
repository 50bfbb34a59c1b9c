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

    /// Done by Alice, as a commit tells it.
    #[track_caller]
    fn step(&mut self, action: &str) {
        let action: Action = serde_json::from_str(action).unwrap();
        self.act(action);
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

/// The morning on which the desks of the tests are looked at.
pub(crate) fn day() -> DateTime<Utc> {
    "2026-11-21T08:14:00Z".parse().unwrap()
}

/// Writes a desk with something of everything. Tickets: T-1 new, T-2 in verification, T-3
/// waiting, T-4 in its rollout, T-5 ready, T-6 delayed, T-7 in production, T-8 all tested,
/// T-9 announced to CNAF.
/// S-2 of CREAM is not injected.
pub(crate) fn town(path: &std::path::Path) {
    let mut desk = Desk::new();
    desk.now -= TimeDelta::days(20);
    let platforms: Vec<String> = (1..=9).map(|n| format!("al{n}")).collect();
    let platforms: Vec<&str> = platforms.iter().map(String::as_str).collect();
    desk.submit("ARC", &platforms);
    desk.act(Action::Inject {
        id: "S-1".to_owned(),
        tracking: BTreeMap::new(),
    });
    for n in [2, 3, 4, 5, 7, 8, 9] {
        desk.step(&format!(
            r#"{{"do":"ticket-start","id":"T-{n}","verifier":"Vera"}}"#
        ));
    }
    desk.step(r#"{"do":"ticket-ask","id":"T-3","text":"Which version?"}"#);
    for n in [4, 5, 7, 8, 9] {
        let results = desk
            .look(|look| {
                super::look::criteria::all(
                    look.reader,
                    crate::domain::queue::ticket::Outcome::Ok,
                    &[],
                )
            })
            .unwrap();
        desk.act(Action::TicketCheck {
            id: format!("T-{n}"),
            results,
            note: None,
            link: None,
        });
    }
    for n in [4, 5, 7, 9] {
        desk.step(&format!(r#"{{"do":"ticket-verify","id":"T-{n}"}}"#));
    }
    desk.step(r#"{"do":"site-add","name":"CNAF","country":"IT","contact":"cnaf@example.org"}"#);
    desk.step(r#"{"do":"site-add","name":"PIC","country":"ES","contact":null}"#);
    desk.step(
        r#"{"do":"rollout","step":"announce","ticket":"T-9","sites":["CNAF"],"days":30,"told":true}"#,
    );
    for n in [5, 7] {
        desk.step(&format!(
            r#"{{"do":"ticket-accept","id":"T-{n}","tested_by":["CNAF"]}}"#
        ));
    }
    desk.step(r#"{"do":"ticket-promote","id":"T-7"}"#);
    desk.step(r#"{"do":"ticket-delay","id":"T-6","reason":"No machine.","promise":"2026-11-20"}"#);
    desk.submit("CREAM", &["al9"]);
    desk.cycle();
    desk.step(r#"{"do":"lesson-add","kind":"improve","text":"Ask early","about":"S-1"}"#);
    desk.step(
        r#"{"do":"action-add","text":"Write the template","owner":"Bob","due":"2026-11-10","about":null}"#,
    );
    desk.store.keep(path).unwrap();
}

/// What the last steps of a desk in a file meant, the newest first.
pub(crate) fn intents(path: &std::path::Path, count: usize) -> Vec<serde_json::Value> {
    let asked = super::look::log::Asked {
        limit: Some(count),
        ..super::look::log::Asked::default()
    };
    let lines = Store::look(path, &mut |reader| {
        Ok(Look::new(reader, day()).and_then(|look| super::look::log::log(&look, &asked)))
    });
    let lines = lines.unwrap().unwrap();
    lines.into_iter().map(|line| line.intent).collect()
}

/// A field of a record of a desk in a file.
pub(crate) fn field_of(
    path: &std::path::Path,
    (kind, id): (Kind, &str),
    field: &str,
) -> serde_json::Value {
    let mut value = serde_json::Value::Null;
    Store::look(path, &mut |reader| {
        let row = reader.record(Some(kind), id)?;
        value = row.map_or(serde_json::Value::Null, |row| row.value()[field].clone());
        Ok(())
    })
    .unwrap();
    value
}
