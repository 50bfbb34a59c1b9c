//! A screen without a terminal: a desk of hand-made rows, keys as text, and what was
//! asked of the world. The tests of the whole screen.

use chrono::{DateTime, NaiveDate, Utc};
use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier};

use super::effect::Effect;
use super::keymap::Press;
use super::model::{Model, User};
use super::msg::Msg;
use super::theme::Theme;
use super::update::update;
use super::view::{Hits, paint};
use crate::domain::kind::Kind;
use crate::domain::zone::Zone;
use crate::workspace::look::board::rows::{
    Ask, Board, Cells, CycleHead, Duty, Gate, HeadCounts, Header, Key, Line, Note, Page, Pane,
    Place, Row, Site, Start, Ticket, Tone, Window, WindowAsk,
};
use crate::workspace::refusal::Refusal;

fn now() -> DateTime<Utc> {
    "2026-11-21T09:14:00Z".parse().unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The desk of the tests: every pane's rows, in order.
#[derive(Clone, Default)]
struct Fixture {
    header: Option<Header>,
    rows: [Vec<Row>; 5],
}

fn row(kind: Kind, id: &str, tone: Tone, cells: Cells) -> Row {
    Row {
        key: Key {
            kind,
            id: id.to_owned(),
        },
        tone,
        place: Place::default(),
        cells,
    }
}

fn duty(kind: Kind, id: &str, tone: Tone, texts: [&str; 5]) -> Row {
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
        }),
    )
}

fn gate(id: &str, tone: Tone, texts: [&str; 4], days: [&str; 2]) -> Row {
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

fn ticket(id: &str, tone: Tone, texts: [&str; 3], permille: Option<u32>) -> Row {
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
            due: "due 17 Nov".to_owned(),
            owner: "Alice".to_owned(),
            verifier: "Chiara".to_owned(),
        }),
    )
}

fn site(name: &str, country: &str, contact: bool, sla: &str) -> Row {
    row(
        Kind::Site,
        name,
        if contact { Tone::Info } else { Tone::Risk },
        Cells::Site(Site {
            name: name.to_owned(),
            country: country.to_owned(),
            contact,
            sla: sla.to_owned(),
        }),
    )
}

fn note(kind: Kind, id: &str, tone: Tone, texts: [&str; 3]) -> Row {
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

fn header() -> Header {
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
        today: day("2026-11-21"),
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
        },
    }
}

#[rustfmt::skip]
fn full() -> Fixture {
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
        ],
    }
}

/// Many tickets, to scroll through.
fn long(count: usize) -> Fixture {
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

impl Fixture {
    /// Answers as the desk would; places are the rows' numbers.
    fn answer(&self, ask: &Ask) -> Board {
        let windows = ask
            .windows
            .iter()
            .map(|ask| (ask.pane, self.window(ask)))
            .collect();
        Board {
            header: self.header.clone().filter(|_| ask.header),
            windows,
        }
    }

    fn window(&self, ask: &WindowAsk) -> Window {
        let rows = &self.rows[ask.pane as usize];
        let at = |place: &Place| place.sort.parse::<usize>().unwrap();
        let from = match &ask.start {
            Start::Top => 0,
            Start::After(place) => (at(place) + 1).min(rows.len()),
            Start::Before(place) => at(place).saturating_sub(ask.limit),
            Start::Bottom => rows.len().saturating_sub(ask.limit),
        };
        let until = match &ask.start {
            Start::Before(place) => at(place).min(rows.len()),
            Start::Top | Start::After(_) | Start::Bottom => (from + ask.limit).min(rows.len()),
        };
        let place = |n: usize| Place {
            part: 0,
            open: true,
            sort: n.to_string(),
        };
        Window {
            rows: (from..until)
                .map(|n| Row {
                    place: place(n),
                    ..rows[n].clone()
                })
                .collect(),
            above: (from > 0).then(|| place(from - 1)),
            more: until < rows.len(),
        }
    }
}

struct Screen {
    model: Model,
    desk: Fixture,
    /// What was asked of the world since the last look at it, reading left out.
    effects: Vec<Effect>,
    buffer: Buffer,
    hits: Hits,
}

impl Screen {
    fn with(desk: Fixture, size: (u16, u16)) -> Self {
        Self::themed(
            desk,
            size,
            Theme {
                ascii: false,
                color: true,
            },
        )
    }

    fn themed(desk: Fixture, size: (u16, u16), theme: Theme) -> Self {
        let user = User {
            who: Some("Alice".to_owned()),
            ..User::default()
        };
        let mut screen = Self {
            model: Model::new(size, theme, user, now()),
            desk,
            effects: Vec::new(),
            buffer: Buffer::default(),
            hits: Hits::default(),
        };
        let effects = screen.model.reload();
        screen.perform(effects);
        screen.draw();
        screen
    }

    fn perform(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            if let Effect::Load(ask) = effect {
                let board = self.desk.answer(&ask);
                self.send(Msg::Board(Ok(Box::new(board))));
            } else {
                self.effects.push(effect);
            }
        }
    }

    fn send(&mut self, msg: Msg) {
        let effects = update(&mut self.model, msg);
        self.perform(effects);
    }

    fn press(mut self, keys: &str) -> Self {
        for key in keys.split(' ').filter(|key| !key.is_empty()) {
            self.send(Msg::Key(Press::parse(key).unwrap()));
        }
        self.draw();
        self
    }

    fn draw(&mut self) {
        let (width, height) = self.model.size;
        self.buffer = Buffer::empty(Rect::new(0, 0, width, height));
        self.hits = paint(&self.model, &mut self.buffer);
    }

    fn text(&self) -> String {
        let mut text = String::new();
        let area = self.buffer.area;
        for y in 0..area.height {
            let mut line = String::new();
            let mut skip = 0;
            for x in 0..area.width {
                if skip > 0 {
                    skip -= 1;
                    continue;
                }
                let symbol = self.buffer[(x, y)].symbol();
                skip = unicode_width::UnicodeWidthStr::width(symbol).saturating_sub(1);
                line.push_str(symbol);
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }

    fn selected(&self) -> &str {
        self.model.list().selected().map_or("", |key| &key.id)
    }
}

macro_rules! shows {
    ($name:literal, $screen:expr) => {
        insta::assert_snapshot!($name, $screen.text())
    };
}

#[test]
fn the_dashboard_is_whole_at_every_size() {
    shows!("dashboard_112x32", Screen::with(full(), (112, 32)));
    shows!("dashboard_112x23", Screen::with(full(), (112, 23)));
    shows!("dashboard_80x24", Screen::with(full(), (80, 24)));
    shows!("dashboard_50x15", Screen::with(full(), (50, 15)));
    shows!("dashboard_20x5", Screen::with(full(), (20, 5)));
    shows!("dashboard_10x3", Screen::with(full(), (10, 3)));
    shows!("dashboard_1x1", Screen::with(full(), (1, 1)));
}

#[test]
fn an_empty_desk_says_what_to_do_next() {
    let mut desk = Fixture {
        header: Some(header()),
        ..Fixture::default()
    };
    if let Some(header) = &mut desk.header {
        header.cycle = None;
        header.counts = HeadCounts::default();
        header.next = None;
    }
    shows!("empty_112x32", Screen::with(desk.clone(), (112, 32)));
    shows!("empty_50x15", Screen::with(desk, (50, 15)));
}

#[test]
fn ascii_needs_no_other_letter() {
    let theme = Theme {
        ascii: true,
        color: false,
    };
    let screen = Screen::themed(full(), (112, 32), theme);
    assert!(screen.text().is_ascii(), "{}", screen.text());
    shows!("ascii_112x32", screen);
}

#[test]
fn without_colour_there_is_none_and_the_marks_remain() {
    let theme = Theme {
        ascii: false,
        color: false,
    };
    let plain = Screen::themed(full(), (112, 32), theme);
    let cells = &plain.buffer.content;
    assert!(
        cells
            .iter()
            .all(|cell| cell.fg == Color::Reset && cell.bg == Color::Reset)
    );
    assert_eq!(plain.text(), Screen::with(full(), (112, 32)).text());
}

#[test]
fn a_breach_is_red_and_the_selection_is_reversed() {
    let screen = Screen::with(full(), (112, 32));
    let (x, y) = screen.hits.cursor.unwrap();
    assert!(screen.buffer[(x, y)].modifier.contains(Modifier::REVERSED));
    let mark = &screen.buffer[(x + 1, y)];
    assert_eq!((mark.symbol(), mark.fg), ("!", Color::Red));
    assert!(
        screen
            .buffer
            .content
            .iter()
            .all(|cell| cell.bg == Color::Reset)
    );
}

#[test]
fn zoom_goes_from_normal_to_wide_to_full_and_back() {
    shows!(
        "zoom_wide_schedule",
        Screen::with(full(), (112, 32)).press("1 z")
    );
    shows!(
        "zoom_full_schedule",
        Screen::with(full(), (112, 32)).press("1 z z")
    );
    shows!(
        "zoom_full_queue",
        Screen::with(full(), (112, 32)).press("2 z z")
    );
    let normal = Screen::with(full(), (112, 32));
    assert_eq!(
        Screen::with(full(), (112, 32)).press("z z z").text(),
        normal.text()
    );
    assert_eq!(
        Screen::with(full(), (112, 32)).press("z esc").text(),
        normal.text()
    );
}

#[test]
fn help_is_read_from_the_command_table() {
    shows!("help_112x32", Screen::with(full(), (112, 32)).press("?"));
    shows!("help_50x15", Screen::with(full(), (50, 15)).press("?"));
    let closed = Screen::with(full(), (112, 32)).press("? ?");
    assert!(closed.model.overlays.is_empty());
    let back = Screen::with(full(), (112, 32)).press("? j j esc");
    assert_eq!(back.text(), closed.text());
}

fn page() -> Page {
    Page {
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

#[test]
fn enter_opens_the_record_and_w_says_why() {
    let screen = Screen::with(full(), (112, 32)).press("j enter w");
    let asked: Vec<_> = screen
        .effects
        .iter()
        .map(|effect| match effect {
            Effect::Open(ask) => format!("{:?} {}", ask.what, ask.key.id),
            other => format!("{other:?}"),
        })
        .collect();
    assert_eq!(asked, ["Record T-8", "Why T-8"]);
    let mut screen = screen;
    screen.send(Msg::Page(Ok(page())));
    screen.draw();
    shows!("page_112x32", screen);
    let mut small = Screen::with(full(), (50, 15));
    small.send(Msg::Page(Ok(page())));
    small.draw();
    shows!("page_50x15", small);
}

#[test]
fn keys_move_between_and_within_panes() {
    #[track_caller]
    fn check(keys: &str, pane: Pane, id: &str) {
        let screen = Screen::with(full(), (112, 32)).press(keys);
        assert_eq!(
            (screen.model.panes.focus, screen.selected()),
            (pane, id),
            "{keys}"
        );
    }
    check("", Pane::Attention, "T-12");
    check("j j k", Pane::Attention, "T-8");
    check("down up up", Pane::Attention, "T-12");
    check("G", Pane::Attention, "A-4");
    check("end g g", Pane::Attention, "T-12");
    check("end home", Pane::Attention, "T-12");
    check("pgdn", Pane::Attention, "A-4");
    check("tab", Pane::Schedule, "M-2");
    check("tab tab j", Pane::Queue, "T-8");
    check("shift-tab", Pane::Retro, "A-4");
    check("2 h", Pane::Schedule, "M-2");
    check("1 l j j", Pane::Queue, "T-15b");
    check("3 right left 3", Pane::Sites, "CNAF");
    check("4 G 0", Pane::Attention, "T-12");
    check("g j", Pane::Attention, "T-8");
}

#[test]
fn the_selection_is_a_record_and_not_a_line() {
    let mut screen = Screen::with(full(), (112, 32)).press("2 j");
    assert_eq!(screen.selected(), "T-8");
    screen.desk.rows[2].insert(
        0,
        ticket("T-99", Tone::Breach, ["new", "unverified", "+9 d"], None),
    );
    screen.send(Msg::Settled);
    assert_eq!(screen.selected(), "T-8");
    screen.desk.rows[2].retain(|row| row.key.id != "T-8");
    screen.send(Msg::Settled);
    assert_eq!(screen.selected(), "T-15b", "its neighbour");
}

#[test]
fn a_long_queue_is_walked_through_windows() {
    let keys = "j ".repeat(700);
    let screen = Screen::with(long(1000), (112, 32)).press("2").press(&keys);
    assert_eq!(screen.selected(), "T-700");
    assert!(
        screen.model.list().rows.len() <= 100,
        "{}",
        screen.model.list().rows.len()
    );
    let screen = screen.press(&"k ".repeat(650));
    assert_eq!(screen.selected(), "T-50");
    let screen = screen.press("G");
    assert_eq!(screen.selected(), "T-999");
    let screen = screen.press("k g g");
    assert_eq!(screen.selected(), "T-0");
    assert!(screen.text().contains("↓"));
}

/// Keys come faster than the desk answers: no step is lost.
#[test]
fn steps_beyond_the_window_are_owed() {
    let mut screen = Screen::with(long(1000), (112, 32)).press("2");
    let mut asked = Vec::new();
    for _ in 0..120 {
        asked.extend(update(
            &mut screen.model,
            Msg::Key(Press::parse("j").unwrap()),
        ));
    }
    screen.perform(asked);
    assert_eq!(screen.selected(), "T-120");
}

#[test]
fn a_change_while_reading_is_read_afterwards() {
    let mut screen = Screen::with(full(), (112, 32));
    let first = update(&mut screen.model, Msg::Settled);
    assert!(update(&mut screen.model, Msg::Settled).is_empty());
    let Some(Effect::Load(ask)) = first.first() else {
        panic!("asked {first:?}")
    };
    let board = screen.desk.answer(ask);
    let again = update(&mut screen.model, Msg::Board(Ok(Box::new(board))));
    assert!(matches!(again.as_slice(), [Effect::Load(_)]));
}

#[test]
fn a_damaged_desk_is_a_sentence_and_a_hint_and_q_works() {
    let mut screen = Screen::with(full(), (80, 24));
    screen.send(Msg::Board(Err(Refusal::failed(
        "The desk at cmd.relmate is damaged.",
        "Run `relmate doctor`.",
    ))));
    screen.draw();
    shows!("damaged_80x24", screen);
    let screen = screen.press("q");
    assert_eq!(screen.effects, [Effect::Quit]);
}

#[test]
fn the_minute_reads_nothing_until_the_day_is_new() {
    let mut screen = Screen::with(full(), (112, 32));
    assert!(
        update(
            &mut screen.model,
            Msg::Minute("2026-11-21T09:15:00Z".parse().unwrap())
        )
        .is_empty()
    );
    screen.draw();
    assert!(screen.text().contains("Sat 21 Nov 2026 09:15"));
    let new = update(
        &mut screen.model,
        Msg::Minute("2026-11-22T00:00:00Z".parse().unwrap()),
    );
    assert!(matches!(new.as_slice(), [Effect::Load(_)]));
}

#[test]
fn what_cannot_run_says_why() {
    let mut desk = full();
    desk.rows[0].clear();
    let screen = Screen::with(desk, (112, 32)).press("enter");
    assert!(screen.effects.is_empty());
    assert!(
        screen
            .text()
            .contains("Open the record with its history: nothing is selected.")
    );
}

#[test]
fn wide_letters_never_break_a_border() {
    let mut desk = full();
    for (index, text) in [
        "漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字",
        "e\u{301}e\u{301}👩‍👩‍👧‍👦 שלום عربى",
    ]
    .iter()
    .enumerate()
    {
        if let Cells::Ticket(ticket) = &mut desk.rows[2][index].cells {
            ticket.title = (*text).to_owned();
            ticket.state = (*text).to_owned();
        }
    }
    for width in 100..130 {
        let screen = Screen::with(desk.clone(), (width, 32));
        for rect in screen.hits.panes.iter().flatten() {
            for y in rect.top() + 1..rect.bottom() - 1 {
                assert_eq!(screen.buffer[(rect.left(), y)].symbol(), "│");
                assert_eq!(screen.buffer[(rect.right() - 1, y)].symbol(), "│");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_keys_and_no_size_bring_it_down(
        keys in proptest::collection::vec(0_usize..24, 0..40),
        sizes in proptest::collection::vec((0_u16..130, 0_u16..40), 1..4),
        rows in 0_usize..200,
        ascii: bool,
    ) {
        const KEYS: [&str; 24] = [
            "j", "k", "h", "l", "g", "G", "z", "tab", "shift-tab", "enter", "w", "?", "esc", "r",
            "pgdn", "pgup", "0", "1", "2", "3", "4", "home", "end", "ctrl-z",
        ];
        let mut screen =
            Screen::themed(long(rows), sizes[0], Theme { ascii, color: ascii });
        for (index, key) in keys.iter().enumerate() {
            screen.send(Msg::Key(Press::parse(KEYS[*key]).unwrap()));
            let (width, height) = sizes[index % sizes.len()];
            screen.send(Msg::Resized(width, height));
            if index % 7 == 3 {
                screen.send(Msg::Page(Ok(page())));
            }
            screen.draw();
        }
    }
}
