//! Windows walked in both directions hold the same rows, texts are plain, and a look
//! leaves no trace.

mod filter;
mod jump;
mod queue;
mod schedule;
mod sort;
mod states;

use std::path::PathBuf;

use chrono::{DateTime, Utc};

use super::load;
use super::rows::{Ask, Board, Cells, Pane, Row, Start, Window, WindowAsk};
use crate::domain::retro::lesson::LessonKind;
use crate::store::Store;
use crate::workspace::action::{Action, Init};
use crate::workspace::perform::{Founding, found, perform};
use crate::workspace::plan::{Actor, Time};

fn now() -> DateTime<Utc> {
    "2026-11-21T08:14:00Z".parse().unwrap()
}

fn actor() -> Actor {
    Actor {
        person: "Alice".to_owned(),
        on_behalf: None,
    }
}

/// A desk with 13 actions, two of them late and six done, and 30 lessons.
fn desk() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cmd.relmate");
    let time = Time {
        now: now(),
        at: None,
    };
    found(&Founding {
        path: &path,
        init: Init {
            name: "CMD".to_owned(),
            managers: vec!["Alice".to_owned(), "Bob".to_owned()],
            timezone: "Europe/Rome".to_owned(),
            profile: PROFILE.to_owned(),
            holidays: Vec::new(),
        },
        actor: actor(),
        time: Time {
            now: now(),
            at: None,
        },
    })
    .unwrap();
    let mut store = Store::open(&path).unwrap();
    let mut act = |action: Action| perform(&mut store, &action, &actor(), &time).unwrap();
    for n in 0..13 {
        let due = if n < 2 { "2026-11-12" } else { "2026-12-12" };
        act(Action::ActionAdd {
            text: format!("action {n}"),
            owner: None,
            due: Some(due.parse().unwrap()),
            about: None,
        });
    }
    for n in 8..14 {
        act(Action::ActionDone {
            id: format!("A-{n}"),
        });
    }
    for n in 0..30 {
        act(Action::LessonAdd {
            kind: LessonKind::Puzzle,
            text: format!("lesson \u{1b}[31m {n}\u{202e}"),
            about: None,
        });
    }
    drop(store);
    (folder, path)
}

const PROFILE: &str = include_str!("../../../../../assets/profiles/egi-cmd.toml");

fn window(path: &std::path::Path, start: Start, limit: usize) -> Window {
    let windows = vec![WindowAsk::new(Pane::Retro, start, limit)];
    let ask = Ask {
        windows,
        ..Ask::default()
    };
    let Board { mut windows, .. } = load(path, &ask, now(), None).unwrap();
    windows.remove(0).1
}

fn ids(rows: &[Row]) -> Vec<String> {
    rows.iter().map(|row| row.key.id.clone()).collect()
}

#[test]
fn windows_hold_the_same_rows_in_both_directions() {
    let (_folder, path) = desk();
    let all = window(&path, Start::Top, 1000);
    assert_eq!(
        (all.rows.len(), all.above.is_none(), all.more),
        (43, true, false)
    );
    assert_eq!(ids(&all.rows)[..2], ["A-1", "A-2"], "the late ones first");
    assert_eq!(
        ids(&all.rows)[7],
        "L-1",
        "then the lessons, then what is done"
    );
    for limit in [1, 3, 7, 13, 43] {
        let ask = |start, limit| WindowAsk::new(Pane::Retro, start, limit);
        let answer = |ask: &WindowAsk| window(&path, ask.start.clone(), ask.limit);
        walk(&answer, &ask, &all, limit);
    }
}

/// Walks a pane forth and back in windows of a size; each way gives all its rows once.
fn walk(
    answer: &dyn Fn(&WindowAsk) -> Window,
    ask: &dyn Fn(Start, usize) -> WindowAsk,
    all: &Window,
    limit: usize,
) {
    let mut forth = answer(&ask(Start::Top, limit));
    let mut seen = ids(&forth.rows);
    while forth.more {
        let last = forth.rows.last().unwrap().place.clone();
        forth = answer(&ask(Start::After(last), limit));
        assert!(forth.above.is_some());
        seen.extend(ids(&forth.rows));
    }
    assert_eq!(seen, ids(&all.rows), "forwards by {limit}");
    let mut back = answer(&ask(Start::Bottom, limit));
    let mut seen = ids(&back.rows);
    while let Some(above) = back.above {
        assert_eq!(answer(&ask(Start::After(above), 1)).rows, back.rows[..1]);
        let first = back.rows.first().unwrap().place.clone();
        back = answer(&ask(Start::Before(first), limit));
        assert!(back.more);
        seen.splice(0..0, ids(&back.rows));
    }
    assert_eq!(seen, ids(&all.rows), "backwards by {limit}");
}

#[test]
fn nothing_typed_reaches_the_terminal_raw() {
    let (_folder, path) = desk();
    let all = window(&path, Start::Top, 1000);
    for row in &all.rows {
        let Cells::Note(note) = &row.cells else {
            continue;
        };
        assert!(
            !note
                .text
                .contains(|letter: char| letter.is_control() || letter == '\u{202e}')
        );
    }
}

#[test]
fn a_look_leaves_no_trace() {
    let (folder, path) = desk();
    let before = std::fs::read(&path).unwrap();
    let windows = Pane::ALL
        .map(|pane| WindowAsk::new(pane, Start::Top, 40))
        .to_vec();
    let board = load(
        &path,
        &Ask {
            header: true,
            windows,
            ..Ask::default()
        },
        now(),
        Some("Alice"),
    )
    .unwrap();
    let counts = board.header.unwrap().counts;
    assert_eq!(
        (counts.actions_open, counts.actions_late, counts.lessons),
        (7, 2, 30)
    );
    assert_eq!(std::fs::read(&path).unwrap(), before);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}
