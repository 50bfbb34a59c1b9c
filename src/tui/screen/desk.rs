//! The desk of the screen's tests: rows made by hand, as many as are wanted.

use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::kind::Kind;
use crate::domain::zone::Zone;
use crate::workspace::look::board::rows::{
    Act, Cells, CycleHead, Duty, Gate, Head, HeadCounts, Header, Key, Line, Note, Page, PageAsk,
    PageKind, Pane, Place, Record, Row, Site, Ticket, Tone,
};
use crate::workspace::look::news::News;

pub(super) fn now() -> DateTime<Utc> {
    "2026-11-21T09:14:00Z".parse().unwrap()
}

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The desk of the tests: every pane's rows, in order.
#[derive(Clone, Default)]
pub(super) struct Fixture {
    pub(super) header: Option<Header>,
    pub(super) rows: [Vec<Row>; Pane::COUNT],
    /// The rollouts over the marks of the sites.
    pub(super) heads: Vec<Head>,
    /// What others changed.
    pub(super) news: Option<News>,
}

pub(super) fn row(kind: Kind, id: &str, tone: Tone, cells: Cells) -> Row {
    Row {
        key: Key {
            kind,
            id: id.to_owned(),
        },
        tone,
        place: Place::default(),
        cells,
        extra: Vec::new(),
    }
}

pub(super) fn duty(kind: Kind, id: &str, tone: Tone, texts: [&str; 5]) -> Row {
    let [title, what, days, who, step] = texts.map(str::to_owned);
    row(
        kind,
        id,
        tone,
        Cells::Duty(Duty {
            title,
            what,
            days,
            who,
            step,
            ..Duty::default()
        }),
    )
}

pub(super) fn gate(id: &str, tone: Tone, texts: [&str; 4], days: [&str; 2]) -> Row {
    let [code, name, date, note] = texts.map(str::to_owned);
    let [current, planned] = days.map(|text| Some(day(text)));
    row(
        Kind::Milestone,
        id,
        tone,
        Cells::Milestone(Gate {
            code,
            name,
            date,
            note,
            day: current,
            planned,
        }),
    )
}

pub(super) fn ticket(id: &str, tone: Tone, texts: [&str; 3], permille: Option<u32>) -> Row {
    let [title, state, clock] = texts.map(str::to_owned);
    row(
        Kind::Ticket,
        id,
        tone,
        Cells::Ticket(Ticket {
            title,
            state,
            clock,
            permille,
            arch: "x86_64".to_owned(),
            due: "17 Nov".to_owned(),
            owner: "Alice".to_owned(),
            verifier: "Chiara".to_owned(),
        }),
    )
}

pub(super) fn site(name: &str, country: &str, contact: bool, sla: &str) -> Row {
    row(
        Kind::Site,
        name,
        if contact { Tone::Info } else { Tone::Risk },
        Cells::Site(Site {
            name: name.to_owned(),
            country: country.to_owned(),
            contact,
            sla: sla.to_owned(),
            ..Site::default()
        }),
    )
}

pub(super) fn note(kind: Kind, id: &str, tone: Tone, texts: [&str; 3]) -> Row {
    let [text, who, tail] = texts.map(str::to_owned);
    row(
        kind,
        id,
        tone,
        Cells::Note(Note {
            action: kind == Kind::Action,
            text,
            who,
            tail,
        }),
    )
}

/// Title, state, whom it is with, what else, the day; with a clock or without.
pub(super) fn record(
    (kind, id): (Kind, &str),
    tone: Tone,
    texts: [&str; 5],
    (permille, clock): (Option<u32>, &str),
) -> Row {
    let [title, state, who, more, day] = texts.map(str::to_owned);
    let record = Record {
        title,
        state,
        permille,
        clock: clock.to_owned(),
        who,
        more,
        day,
    };
    row(kind, id, tone, Cells::Record(record))
}

pub(super) fn header() -> Header {
    Header {
        project: "CMD".to_owned(),
        cycle: Some(CycleHead {
            name: "CMD 1.4.0".to_owned(),
            release: "17 Dec".to_owned(),
            week: "R-4".to_owned(),
            days_left: 26,
        }),
        people: vec!["Alice primary".to_owned(), "Bob away from 1 Dec".to_owned()],
        zone: Zone::utc(),
        calendar: crate::domain::calendar::Calendar::default(),
        today: day("2026-11-21"),
        release: None,
        next: Some(("M3".to_owned(), 5)),
        counts: HeadCounts {
            attention: 6,
            mine: 4,
            overdue: 1,
            broken_promises: 1,
            due_soon: 3,
            drafts: 3,
            ready: 6,
            queue_open: 16,
            sites: 3,
            actions_open: 3,
            actions_late: 1,
            lessons: 3,
            conflicts: 0,
            submissions_open: 1,
            products: 2,
            people: 3,
            cycles_open: 1,
            announcements_open: 0,
            silent: 0,
            problems_open: 2,
            problems_critical: 1,
            errors_open: 1,
            releases_open: 1,
            releases: 3,
        },
        shared: false,
    }
}

#[rustfmt::skip]
fn cycles() -> Vec<Row> {
    vec![
        record((Kind::Cycle, "CMD 1.4.0"), Tone::Next, ["", "approved", "R-4", "6 Oct", "17 Dec"], (None, "")),
        record((Kind::Cycle, "CMD 1.3.0"), Tone::Closed, ["", "closed", "", "2 Mar", "11 Jun"], (None, "")),
    ]
}

#[rustfmt::skip]
fn announcements() -> Vec<Row> {
    vec![
        record((Kind::Announcement, "N-4"), Tone::Due, ["cASO 4.1 al9", "running", "Alice", "1 of 3 answered", "23 Nov"], (None, "2 d")),
        record((Kind::Announcement, "N-3"), Tone::Breach, ["FTS 3.13.2 al9", "halted", "Alice", "2 of 3 answered", ""], (None, "")),
        record((Kind::Announcement, "N-2"), Tone::Done, ["bdii 6.0.1 al9", "good", "Bob", "3 of 3 answered", ""], (None, "")),
    ]
}

#[rustfmt::skip]
fn problems() -> Vec<Row> {
    vec![
        record((Kind::Problem, "P-3"), Tone::Breach, ["FTS 3.13.2: transfers stop after an hour", "triaged", "Alice", "critical", "18 Nov"], (None, "")),
        record((Kind::Problem, "P-4"), Tone::Duty, ["cASO 4.1: the log fills the disk", "filed", "", "not triaged", "20 Nov"], (None, "")),
        record((Kind::KnownError, "E-2"), Tone::Risk, ["ARC 7.0.2: jobs are listed twice", "known", "Bob", "no workaround", "3 Nov"], (None, "")),
        record((Kind::Problem, "P-1"), Tone::Closed, ["bdii 6.0.0: slow start", "closed", "Bob", "low", "1 Oct"], (None, "")),
    ]
}

#[rustfmt::skip]
fn releases() -> Vec<Row> {
    vec![
        record((Kind::Release, "CMD 1.4.0"), Tone::Next, ["minor", "date-frozen", "Alice", "6 tickets", "17 Dec"], (None, "26 d")),
        record((Kind::Release, "CMD 1.3.1"), Tone::Done, ["revision", "published", "Alice", "2 tickets", "2 Jul"], (None, "")),
        record((Kind::Release, "CMD 1.3.0"), Tone::Closed, ["minor", "recalled", "Bob", "9 products", "11 Jun"], (None, "")),
    ]
}

#[rustfmt::skip]
pub(super) fn full() -> Fixture {
    Fixture {
        header: Some(header()),
        rows: [
            vec![
                duty(Kind::Ticket,     "T-12", Tone::Breach, ["ARC 7.0.3 al9", "verification, unexplained", "+4 d", "Alice", "explain the delay"]),
                duty(Kind::Ticket,     "T-8",  Tone::Breach, ["dCache 9.2.4 al9", "promised for 20 Nov", "+1 d", "Bob", "promise again"]),
                duty(Kind::Message,    "X-5",  Tone::Duty,   ["delay notice", "drafted, not sent", "2 d", "Alice", "send"]),
                duty(Kind::Submission, "S-17", Tone::Due,    ["bdii 6.0.2", "to inject and answer", "2 wd", "Bob", "inject"]),
                duty(Kind::Ticket,     "T-15b", Tone::Info,  ["gfal2 2.23 al9", "unverified", "19 d", "Alice", "start the verification"]),
                duty(Kind::Action,     "A-4",  Tone::Info,   ["Template for delay notices", "open", "", "Bob", "finish it"]),
            ],
            vec![
                gate("M-2", Tone::Done, ["M2", "API freeze", "12 Nov", "on time"], ["2026-11-12", "2026-11-12"]),
                gate("M-3", Tone::Next, ["M3", "Code freeze", "26 Nov", "5 d"], ["2026-11-26", "2026-11-26"]),
                gate("M-4", Tone::Risk, ["M4", "Release candidate", "10 Dec", "slipped 7 d"], ["2026-12-10", "2026-12-03"]),
                gate("M-5", Tone::Planned, ["M5", "Release", "17 Dec", "26 d"], ["2026-12-17", "2026-12-17"]),
            ],
            vec![
                ticket("T-12", Tone::Breach, ["ARC 7.0.3 al9", "verification", "+4 d"], Some(1130)),
                ticket("T-8", Tone::Late, ["dCache 9.2.4 al9", "delayed", "promised +1 d"], None),
                ticket("T-15b", Tone::Info, ["gfal2 2.23 al9", "unverified", "19 d"], Some(610)),
                ticket("T-17", Tone::Info, ["squid 5.9.2 al9", "staged-rollout", "21 d"], Some(370)),
            ],
            vec![
                site("CNAF", "IT", true, "ARC 10 d, FTS 5 wd"),
                site("PIC", "ES", true, "FTS 5 wd"),
                site("RAL", "GB", false, ""),
            ],
            vec![
                note(Kind::Action, "A-4", Tone::Late, ["Template for delay notices", "Bob", "12 Nov"]),
                note(Kind::Lesson, "L-8", Tone::Good, ["Early adopters answered in two days", "", "3v"]),
                note(Kind::Lesson, "L-9", Tone::Improve, ["Third slip of M4, same cause", "", "5v"]),
                note(Kind::Lesson, "L-10", Tone::Puzzle, ["Who owns the release notes?", "", "1v"]),
            ],
            vec![
                record((Kind::Message, "X-5"), Tone::Duty, ["ARC 7.0.3 on al9 is late", "drafted", "arc@example.org", "delay notice", "17 Nov"], (None, "")),
                record((Kind::Message, "X-6"), Tone::Info, ["bdii 6.0.2 has arrived", "drafted", "", "receipt", "20 Nov"], (None, "")),
                record((Kind::Message, "X-4"), Tone::Closed, ["How FTS 3.13 stands", "sent", "fts@example.org", "status message", "3 Nov"], (None, "")),
            ],
            vec![
                record((Kind::Submission, "S-17"), Tone::Risk, ["bdii 6.0.2", "submitted", "Bob", "al9/x86_64, el8/x86_64", "24 Nov"], (Some(700), "2 wd")),
                record((Kind::Submission, "S-16"), Tone::Closed, ["ARC 7.0.3", "answered", "Alice", "al9/x86_64", ""], (None, "")),
            ],
            vec![
                record((Kind::Product, "ARC"), Tone::Info, ["", "", "NorduGrid", "arc@example.org", ""], (None, "")),
                record((Kind::Product, "dCache"), Tone::Risk, ["", "", "dCache.org", "no contact", ""], (None, "")),
            ],
            vec![
                record((Kind::Person, "Alice"), Tone::Info, ["", "manager", "Example Foundation", "alice@example.org", ""], (None, "")),
                record((Kind::Person, "Bob"), Tone::Info, ["", "manager", "Example Foundation", "bob@example.org", "away from 1 Dec"], (None, "")),
                record((Kind::Person, "Chiara"), Tone::Closed, ["", "verifier", "", "", "away until 28 Nov"], (None, "")),
            ],
            cycles(),
            announcements(),
            problems(),
            releases(),
        ],
        heads: Vec::new(),
        news: None,
    }
}

/// The open states of a ticket.
pub(super) const STATES: [&str; 6] = [
    "unverified",
    "verification",
    "waiting-for-response",
    "staged-rollout",
    "ready",
    "delayed",
];

/// Many tickets, to scroll through.
pub(super) fn long(count: usize) -> Fixture {
    let mut desk = full();
    desk.rows[2] = (0..count)
        .map(|n| {
            ticket(
                &format!("T-{n}"),
                Tone::Info,
                ["ARC", "unverified", "1 d"],
                Some(500),
            )
        })
        .collect();
    desk
}

/// The question that [`page`] answers.
pub(super) fn record_ask() -> PageAsk {
    PageAsk {
        key: Key {
            kind: Kind::Ticket,
            id: "T-12".to_owned(),
        },
        what: PageKind::Record,
        as_of: None,
    }
}

pub(super) fn page() -> Page {
    Page {
        acts: vec![(3, Act::Field("limit"))],
        link: Some("https://example.org/arc".to_owned()),
        letter: None,
        title: "T-12  ARC 7.0.3 al9".to_owned(),
        lines: vec![
            Line::Lead("Overdue by 4 days and not explained.".to_owned()),
            Line::Gap,
            Line::Heading("Clock".to_owned()),
            Line::Field("Limit".to_owned(), "1 month (PROC25, step 4), which is a long text that has to be wrapped somewhere in its middle".to_owned()),
            Line::Text("A line as it is.".to_owned()),
        ],
    }
}
