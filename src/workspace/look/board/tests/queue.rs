//! A queue of some dozen tickets in memory, for what is typed at it and how it is sorted.

use std::collections::BTreeMap;

use chrono::Duration;

use super::{PROFILE, actor, now};
use crate::domain::queue::submission::Target;
use crate::store::Store;
use crate::workspace::action::{Action, Init, ProductCard, Submit};
use crate::workspace::look::Look;
use crate::workspace::look::board::board;
use crate::workspace::look::board::rows::{Ask, Pane, Row, Start, Window, WindowAsk};
use crate::workspace::perform::{found_in_memory, perform};
use crate::workspace::plan::{Actor, Time};

/// A desk in memory.
pub(super) struct Desk {
    pub(super) store: Store,
}

fn time(days: i64) -> Time {
    Time {
        now: now() - Duration::days(days),
        at: None,
    }
}

fn target(platform: &str) -> Target {
    Target {
        platform: platform.to_owned(),
        arch: "x86_64".to_owned(),
    }
}

impl Desk {
    /// Twelve submissions of three products, two tickets each; some are claimed, in
    /// verification, delayed or withdrawn.
    pub(super) fn new() -> Self {
        let init = Init {
            name: "CMD".to_owned(),
            managers: vec!["Alice".to_owned(), "Bob".to_owned()],
            timezone: "Europe/Rome".to_owned(),
            profile: PROFILE.to_owned(),
            holidays: Vec::new(),
        };
        let mut desk = Self {
            store: found_in_memory(&init, &actor(), &time(90)).unwrap(),
        };
        let vera = Action::PersonAdd {
            name: "Vera".to_owned(),
            mail: None,
            organisation: None,
            roles: vec!["verifier".to_owned()],
        };
        desk.act("Alice", 85, &vera);
        for name in ["ARC", "dCache", "bdii"] {
            let fields = [
                ("provider".to_owned(), format!("Team {name}")),
                ("contact".to_owned(), format!("{name}@example.org")),
            ];
            let card = ProductCard {
                name: name.to_owned(),
                fields: BTreeMap::from(fields),
            };
            desk.act("Alice", 80, &Action::ProductAdd(card));
        }
        for n in 0..12_i64 {
            desk.submission(n);
        }
        desk.steps();
        desk
    }

    fn submission(&mut self, n: i64) {
        let product = ["ARC", "dCache", "bdii"][usize::try_from(n % 3).unwrap()];
        let by = if n % 2 == 0 { "Alice" } else { "Bob" };
        let submit = Submit {
            product: product.to_owned(),
            version: Some(format!("7.0.{n}")),
            targets: vec![target("al9"), target("el8")],
            notes_url: Some("https://example.org/n".to_owned()),
            packages: vec![format!("{product}.rpm")],
            channel_id: Some(format!("{}", 100 + n)),
            ..Submit::default()
        };
        self.act(by, 60 - n, &Action::Submit(submit));
        let inject = Action::Inject {
            id: format!("S-{}", n + 1),
            tracking: BTreeMap::new(),
        };
        self.act(by, 58 - n, &inject);
    }

    fn steps(&mut self) {
        for n in [3, 4, 9, 14] {
            let id = format!("T-{n}");
            self.act(
                "Alice",
                20,
                &Action::TicketStart {
                    id,
                    verifier: Some("Vera".to_owned()),
                    testbed: None,
                },
            );
        }
        for n in [1, 2, 24] {
            let reason = Some("The test bed is gone.".to_owned());
            let withdraw = Action::TicketWithdraw {
                id: format!("T-{n}"),
                reason,
            };
            self.act("Alice", 10, &withdraw);
        }
        let reason = Some("The test bed is being moved.".to_owned());
        let promise = Some("2026-12-11".parse().unwrap());
        let delay = Action::TicketDelay {
            id: "T-4".to_owned(),
            reason,
            promise,
        };
        self.act("Alice", 1, &delay);
        self.act(
            "Bob",
            1,
            &Action::Claim {
                id: "T-9".to_owned(),
                drop: false,
            },
        );
    }

    pub(super) fn act(&mut self, by: &str, days: i64, action: &Action) {
        let by = Actor {
            person: by.to_owned(),
            on_behalf: None,
        };
        perform(&mut self.store, action, &by, &time(days)).unwrap();
    }

    pub(super) fn look<T>(&self, look: impl FnOnce(&Look<'_>) -> T) -> T {
        let reader = self.store.reader();
        look(&Look::new(&reader, now()).unwrap())
    }

    pub(super) fn window(&self, ask: &WindowAsk) -> Window {
        let ask = Ask {
            windows: vec![ask.clone()],
            ..Ask::default()
        };
        self.look(|look| board(look, &ask, None).unwrap().windows.remove(0).1)
    }
}

pub(super) fn ids(rows: &[Row]) -> Vec<&str> {
    rows.iter().map(|row| row.key.id.as_str()).collect()
}

pub(super) fn filtered(pane: Pane, filter: &str) -> WindowAsk {
    WindowAsk {
        filter: filter.to_owned(),
        ..WindowAsk::new(pane, Start::Top, 100)
    }
}
