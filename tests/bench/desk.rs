//! The desks that are measured: years of submissions and tickets written as real
//! commits through the store, mostly closed, a few hundred still open. The same every
//! time, and kept under `target/` because a large one takes minutes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use chrono::{DateTime, Duration, SecondsFormat, Utc};
use relmate::domain::kind::Kind;
use relmate::domain::profile::{Profile, parse};
use relmate::domain::queue::enter::{self, Moment};
use relmate::domain::queue::state::State;
use relmate::domain::queue::step::Step;
use relmate::domain::queue::ticket::{CheckResult, Outcome, Ticket};
use relmate::domain::when::When;
use relmate::ledger::{Dot, Draft, EntityId, Header, ReplicaId};
use relmate::store::{Store, Writing};
use relmate::workspace::action::{Action, CycleAdd, Init, ProductCard, VerificationEnd};
use relmate::workspace::perform::{genesis, perform};
use relmate::workspace::plan::{Actor, Time};
use relmate::workspace::profiles;
use serde_json::{Value, json};

/// The moment of every look.
pub(crate) const NOW: &str = "2026-11-21T09:14:00Z";
/// The first one writes the history, and is whose desk it is measured on.
pub(crate) const MANAGERS: [&str; 2] = ["Alice Adams", "Bob Brown"];
/// Raised when what is written below changes, or how a desk reads its log, so that an old file is
/// not used.
const EDITION: u32 = 8;

/// How much history a desk has. A submission is five items: itself and four tickets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Size {
    pub(crate) name: &'static str,
    submissions: usize,
}

impl Size {
    /// About 1,000 and 10,000 events, for what must not grow with them; 10,000 items and 100,000
    /// events; 100,000 items and 1,000,000 events.
    pub(crate) const ALL: [Self; 4] = [
        Self {
            name: "1k",
            submissions: 60,
        },
        Self {
            name: "10k",
            submissions: 230,
        },
        Self {
            name: "S",
            submissions: 2_000,
        },
        Self {
            name: "L",
            submissions: 20_000,
        },
    ];

    pub(crate) fn items(self) -> usize {
        self.submissions * 5
    }

    /// The last ticket, which is still open.
    pub(crate) fn open_ticket(self) -> String {
        format!("T-{}", self.submissions * 4)
    }
}

/// How many submissions are not through.
const OPEN: usize = 60;
/// Submissions whose events come interleaved, as they do on a desk.
const TOGETHER: usize = 20;
/// Commits of a ticket after its injection.
const STEPS: usize = 12;

/// Where desks are kept.
pub(crate) fn folder() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench");
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// The desk of a size, built if it is not there.
pub(crate) fn desk(folder: &Path, size: Size) -> PathBuf {
    let path = folder.join(format!("desk-{}-{EDITION}.relmate", size.name));
    if path.exists() {
        return path;
    }
    let part = folder.join("part.relmate");
    for end in ["", "-wal", "-shm"] {
        drop(std::fs::remove_file(format!("{}{end}", part.display())));
    }
    let begun = Instant::now();
    eprintln!("Building the desk {} ({} items) …", size.name, size.items());
    build(&part, size);
    std::fs::rename(&part, &path).unwrap();
    eprintln!("… built in {:.0} s.", begun.elapsed().as_secs_f64());
    path
}

fn build(path: &Path, size: Size) {
    let now: DateTime<Utc> = NOW.parse().unwrap();
    let replica = ReplicaId([7; 16]);
    let time = |back: i64| Time {
        now: now - Duration::days(back),
        at: None,
    };
    let genesis = genesis(&time(4_000), &replica, &[9; 32]);
    let mut store = Store::create(path, &genesis, replica).unwrap();
    let actor = Actor {
        person: MANAGERS[0].to_owned(),
        on_behalf: None,
    };
    let mut act = |action: &Action, back: i64| {
        perform(&mut store, action, &actor, &time(back)).unwrap();
    };
    act(&founding(), 4_000);
    for number in 0..40 {
        act(&Action::ProductAdd(product(number)), 3_999);
    }
    act(
        &Action::CycleAdd(CycleAdd {
            name: "CMD 1.4".to_owned(),
            start: Some(When::Day("2026-10-06".parse().unwrap())),
            template: Some("meta-release".to_owned()),
            ..CycleAdd::default()
        }),
        60,
    );
    let profile = parse::parse(&profiles::text("egi-cmd").unwrap()).unwrap();
    let groups: Vec<usize> = (0..size.submissions).step_by(TOGETHER).collect();
    // A transaction for some thousand commits: a desk made in a day's work, not in a year's.
    for chunk in groups.chunks(20) {
        let written: Result<(), relmate::store::StoreError> = store.write(|writing| {
            for first in chunk {
                group(writing, &profile, size, *first);
            }
            Ok(())
        });
        written.unwrap();
    }
    // What is owed to product teams, drafted by the steps themselves.
    let mut act = |action: &Action, back: i64| {
        perform(&mut store, action, &actor, &time(back)).unwrap();
    };
    let last = size.submissions * 4;
    for number in 0..10 {
        act(
            &Action::TicketDelay {
                id: format!("T-{}", last - 12 - number * 8),
                reason: Some("The verifier's test bed is being moved.".to_owned()),
                promise: Some(When::Day("2026-12-11".parse().unwrap())),
            },
            0,
        );
    }
}

fn founding() -> Action {
    let holidays = (2024..2028)
        .flat_map(|year| {
            [
                ("01-01", "New Year"),
                ("05-01", "Labour Day"),
                ("12-25", "Christmas"),
            ]
            .map(|(day, name)| (format!("{year}-{day}").parse().unwrap(), name.to_owned()))
        })
        .collect();
    Action::Init(Init {
        name: "Cloud Middleware Distribution".to_owned(),
        managers: MANAGERS.map(str::to_owned).to_vec(),
        timezone: "Europe/Rome".to_owned(),
        profile: profiles::text("egi-cmd").unwrap(),
        holidays,
    })
}

fn product(number: usize) -> ProductCard {
    ProductCard {
        name: name(number),
        fields: BTreeMap::from([
            ("provider".to_owned(), provider(number)),
            ("contact".to_owned(), format!("team{number}@example.org")),
        ]),
    }
}

fn name(number: usize) -> String {
    const STEMS: [&str; 8] = [
        "ARC", "dCache", "bdii", "gfal2", "StoRM", "VOMS", "CREAM", "APEL",
    ];
    format!("{}-{}", STEMS[number % 8], number / 8 + 1)
}

fn provider(number: usize) -> String {
    format!("Provider {}", number % 12)
}

const TARGETS: [(&str, &str); 4] = [
    ("al9", "x86_64"),
    ("el8", "x86_64"),
    ("ubuntu-24.04", "x86_64"),
    ("al9", "aarch64"),
];
const CRITERIA: [&str; 6] = ["DOC_1", "DOC_2", "REL_1", "SEC_1", "OPS_1", "OPS_2"];

/// A record in the making, with what its next commit replaces.
struct Item {
    entity: EntityId,
    id: String,
    dots: BTreeMap<String, Dot>,
}

impl Item {
    fn new(draft: &mut Draft, kind: Kind, number: usize) -> Self {
        let id = format!("{}-{number}", kind.letter().unwrap());
        let mut item = Self {
            entity: draft.create(),
            id: id.clone(),
            dots: BTreeMap::new(),
        };
        item.set(draft, "kind", json!(kind.word()));
        item.set(draft, "id", json!(id));
        item
    }

    fn set(&mut self, draft: &mut Draft, field: &str, value: Value) {
        let dot = draft.set(&self.entity, field, value, self.dots.get(field).copied());
        self.dots.insert(field.to_owned(), dot);
    }
}

/// One submission on its way.
struct Life {
    number: usize,
    begun: DateTime<Utc>,
    /// How many of its commits there are; all for one that is through.
    steps: usize,
    submission: Option<Item>,
    tickets: Vec<(Item, Ticket)>,
}

/// Some submissions, a commit of each in turn.
fn group(writing: &mut Writing<'_>, profile: &Profile, size: Size, first: usize) {
    let now: DateTime<Utc> = NOW.parse().unwrap();
    let mut lives: Vec<Life> = (first..(first + TOGETHER).min(size.submissions))
        .map(|number| life(number, size, now))
        .collect();
    for step in 0..2 + STEPS * TARGETS.len() {
        for life in lives.iter_mut().filter(|life| step < life.steps) {
            let hours = i64::try_from(step).unwrap();
            let at = (life.begun + Duration::hours(hours)).min(now);
            match step {
                0 => submit(writing, life, at),
                1 => inject(writing, profile, life, at),
                _ => {
                    let (turn, which) = ((step - 2) / TARGETS.len(), (step - 2) % TARGETS.len());
                    advance(writing, profile, &mut life.tickets[which], turn, at);
                }
            }
        }
    }
}

fn life(number: usize, size: Size, now: DateTime<Utc>) -> Life {
    let left = size.submissions - number;
    let whole = 2 + STEPS * TARGETS.len();
    let days = i64::try_from(left.min(OPEN)).unwrap();
    let older = i64::try_from(left.saturating_sub(OPEN)).unwrap();
    let (begun, steps) = if left > OPEN {
        (
            now - Duration::days(70) - Duration::minutes(older * 30),
            whole,
        )
    } else {
        // The last ones have only just been injected; older ones are in rollout.
        (
            now - Duration::days(days) - Duration::hours(60),
            2 + (OPEN - left) % 11 * TARGETS.len(),
        )
    };
    Life {
        number,
        begun,
        steps,
        submission: None,
        tickets: Vec::new(),
    }
}

fn write(writing: &mut Writing<'_>, at: DateTime<Utc>, action: &Action, draft: Draft) {
    let header = Header {
        wall: at.to_rfc3339_opts(SecondsFormat::Secs, true),
        person: MANAGERS[0].to_owned(),
        intent: serde_json::to_value(action).unwrap(),
        ..Header::default()
    };
    writing.append(draft, header, at.timestamp()).unwrap();
}

fn submit(writing: &mut Writing<'_>, life: &mut Life, at: DateTime<Utc>) {
    let mut draft = writing.draft().unwrap();
    let mut item = Item::new(&mut draft, Kind::Submission, life.number + 1);
    let version = format!(
        "{}.{}.{}",
        life.number / 400 + 1,
        life.number / 40 % 10,
        life.number % 7
    );
    let targets: Vec<Value> = TARGETS
        .iter()
        .map(|(os, arch)| json!({"platform": os, "arch": arch}))
        .collect();
    for (field, value) in [
        ("product", json!(name(life.number % 40))),
        ("version", json!(version)),
        ("provider", json!(provider(life.number % 40))),
        (
            "notes_url",
            json!(format!("https://example.org/notes/{}", life.number)),
        ),
        ("packages", packages(life.number)),
        ("channel_id", json!(format!("{}", 160_000 + life.number))),
        ("targets", json!(targets)),
        ("submitted", json!(When::Instant(at))),
        ("owner", json!(MANAGERS[life.number % 2])),
        (
            "state",
            json!({"state": "submitted", "entered": When::Instant(at), "profile": 1}),
        ),
    ] {
        item.set(&mut draft, field, value);
    }
    let asked = Action::Comment {
        id: item.id.clone(),
        text: version,
        private: false,
    };
    life.submission = Some(item);
    write(writing, at, &asked, draft);
}

fn packages(number: usize) -> Value {
    json!([
        format!("https://example.org/repo/{number}/server.rpm"),
        format!("https://example.org/repo/{number}/client.rpm"),
    ])
}

fn inject(writing: &mut Writing<'_>, profile: &Profile, life: &mut Life, at: DateTime<Utc>) {
    let mut draft = writing.draft().unwrap();
    let mut submission = life.submission.take().unwrap();
    let when = When::Instant(at);
    let mut ids = Vec::new();
    for (place, (platform, arch)) in TARGETS.iter().enumerate() {
        let mut item = Item::new(&mut draft, Kind::Ticket, life.number * 4 + place + 1);
        ids.push(item.id.clone());
        let standing = enter::arrive(State::Unverified, None, &when, profile);
        for (field, value) in [
            ("state", json!(standing)),
            ("submission", json!(submission.id)),
            ("product", json!(name(life.number % 40))),
            (
                "version",
                json!(format!("{}.0.{}", life.number / 40 + 1, life.number % 7)),
            ),
            ("platform", json!(platform)),
            ("arch", json!(arch)),
            ("provider", json!(provider(life.number % 40))),
            ("packages", packages(life.number)),
            ("informed", json!(at.date_naive())),
            ("owner", json!(MANAGERS[(life.number + place) % 2])),
        ] {
            item.set(&mut draft, field, value);
        }
        let fields = json!({
            "id": item.id, "product": name(life.number % 40), "state": standing,
        });
        life.tickets
            .push((item, serde_json::from_value(fields).unwrap()));
    }
    let asked = Action::Inject {
        id: submission.id.clone(),
        tracking: BTreeMap::new(),
    };
    let standing = json!({"state": "answered", "entered": when, "profile": 1});
    for (field, value) in [
        ("state", standing),
        ("injected", json!(when)),
        ("answered", json!(when)),
        ("tickets", json!(ids)),
    ] {
        submission.set(&mut draft, field, value);
    }
    write(writing, at, &asked, draft);
}

/// The next commit of a ticket: started, six criteria judged, two remarks, verified,
/// accepted, promoted.
fn advance(
    writing: &mut Writing<'_>,
    profile: &Profile,
    (item, ticket): &mut (Item, Ticket),
    turn: usize,
    at: DateTime<Utc>,
) {
    let mut draft = writing.draft().unwrap();
    let id = item.id.clone();
    let step = match turn {
        0 => Some(Step::Start),
        9 => Some(Step::Verify),
        10 => Some(Step::Accept),
        11 => Some(Step::Promote),
        _ => None,
    };
    if let Some(step) = step {
        let moment = Moment {
            at: When::Instant(at),
            day: at.date_naive(),
            due: None,
        };
        ticket.standing = enter::enter(step, ticket, profile, &moment);
        item.set(&mut draft, "state", json!(ticket.standing));
    }
    let asked = match turn {
        0 => {
            item.set(&mut draft, "verifier", json!(MANAGERS[1]));
            Action::TicketStart {
                id,
                verifier: Some(MANAGERS[1].to_owned()),
                testbed: None,
            }
        }
        1..=6 => check(item, &mut draft, CRITERIA[turn - 1], at),
        7 | 8 => {
            let text = format!("Looked at {id} on the test bed; remark {turn}.");
            draft.event(&item.entity, "comment", json!({"text": text}));
            Action::Comment {
                id,
                text,
                private: false,
            }
        }
        9 => Action::TicketVerify {
            id,
            ending: VerificationEnd::default(),
        },
        10 => {
            let sites = ["CESNET", "INFN-Bari"];
            item.set(&mut draft, "tested_by", json!(sites));
            Action::TicketAccept {
                id,
                tested_by: sites.map(str::to_owned).to_vec(),
            }
        }
        _ => Action::TicketPromote { id },
    };
    write(writing, at, &asked, draft);
}

fn check(item: &mut Item, draft: &mut Draft, criterion: &str, at: DateTime<Utc>) -> Action {
    let check = CheckResult {
        critical: false,
        result: Outcome::Ok,
        note: None,
        link: None,
        by: MANAGERS[1].to_owned(),
        on: When::Instant(at),
    };
    item.set(draft, &format!("results:{criterion}"), json!(check));
    Action::TicketCheck {
        id: item.id.clone(),
        results: vec![(criterion.to_owned(), Outcome::Ok)],
        note: None,
        link: None,
    }
}
