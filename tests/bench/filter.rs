//! Goal 8: filter as you type on the queue. Each key is a look of its own, as the screen
//! takes it: the first page, and behind it the count of all that passes.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use chrono::{DateTime, Utc};
use relmate::workspace::look::board;
use relmate::workspace::look::board::rows::{Ask, Pane, Start, WindowAsk};

use crate::desk::{NOW, Size};
use crate::floors;
use crate::gauge::{self, Tools};
use crate::report::{Figure, Report};

/// What is typed, letter by letter: a product, a version, words of two sorts, what nobody
/// has, and expressions that a row can tell.
const TYPED: [&str; 7] = [
    "dcache",
    "7.0.1",
    "arc aarch64",
    "t-123",
    "provider 7 ubuntu",
    "zzz",
    "bdii state=released",
];
/// Nothing passes, so that every row is looked at.
const NOTHING: &str = "zzz";
const ROUNDS: usize = 5;
/// A page of a pane of 60 lines.
const PAGE: usize = 120;
const FEW: u32 = 2;
const MANY: u32 = 12;

pub(crate) fn run(report: &mut Report, tools: &Tools, desk: &Path, size: Size) {
    let name = size.name;
    let keys = || TYPED.iter().flat_map(|text| prefixes(text));
    let mut pages = Vec::new();
    for _ in 0..ROUNDS {
        pages.extend(keys().map(|text| took(|| page(desk, text))));
    }
    pages.sort_by(f64::total_cmp);
    let late = pages[pages.len() * 99 / 100];
    let median = gauge::median(pages);
    let what = |what: &str| format!("filter {name}, {what}");
    report.at_most(8, what("first page, median"), Figure(median, "ms"), 16.0);
    report.at_most(8, what("first page, 99 of 100"), Figure(late, "ms"), 33.0);
    let each = |look: fn(&Path, &str) -> u64, text: &str| {
        gauge::median((0..ROUNDS * 3).map(|_| took(|| look(desk, text))).collect())
    };
    let nothing = each(page, NOTHING);
    report.note(8, what("a page nobody is on"), Figure(nothing, "ms"));
    report.note(8, what("count"), Figure(each(count, "dcache"), "ms"));
    if !tools.valgrind {
        report.skip(
            8,
            "valgrind is not installed, so no instructions are counted",
        );
        return;
    }
    let desk = desk.display().to_string();
    let counted = |floor: &str, text: &str| {
        let command = |times: u32| floors::command(floor, &[&desk, text, &times.to_string()]);
        instructions(command)
    };
    let mine = counted("page", "dcache");
    report.note(8, what("first page, instructions"), Figure(mine, ""));
    report.growth(8, ("filter page instructions", name), mine, 1.1);
    let mine = counted("page", NOTHING);
    report.note(
        8,
        what("a page nobody is on, instructions"),
        Figure(mine, ""),
    );
    let mine = counted("count", "dcache");
    report.note(8, what("count, instructions"), Figure(mine, ""));
}

/// What one look costs more.
fn instructions(command: impl Fn(u32) -> Command) -> f64 {
    let of = |times| gauge::instructions(&command(times)).unwrap();
    (of(MANY) - of(FEW)) / f64::from(MANY - FEW)
}

/// A text as it grows under the fingers.
fn prefixes(text: &str) -> impl Iterator<Item = &str> {
    (1..=text.len()).map(|end| &text[..end])
}

fn took(look: impl FnOnce() -> u64) -> f64 {
    let begun = Instant::now();
    std::hint::black_box(look());
    begun.elapsed().as_secs_f64() * 1e3
}

fn ask(text: &str) -> WindowAsk {
    WindowAsk {
        filter: text.to_owned(),
        ..WindowAsk::new(Pane::Queue, Start::Top, PAGE)
    }
}

fn now() -> DateTime<Utc> {
    NOW.parse().unwrap()
}

fn page(desk: &Path, text: &str) -> u64 {
    let ask = Ask {
        windows: vec![ask(text)],
        ..Ask::default()
    };
    let board = board::load(desk, &ask, now(), None).unwrap();
    board.windows[0].1.rows.len() as u64
}

fn count(desk: &Path, text: &str) -> u64 {
    let count = board::count(desk, &ask(text), now(), &mut || true);
    count.unwrap().unwrap()
}

/// Takes the first page so many times.
pub(crate) fn pages(desk: &str, text: &str, times: u32) {
    for _ in 0..times {
        page(Path::new(desk), text);
    }
}

/// Counts so many times.
pub(crate) fn counts(desk: &str, text: &str, times: u32) {
    for _ in 0..times {
        count(Path::new(desk), text);
    }
}
