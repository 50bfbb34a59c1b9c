//! The sites while releases are tried: the grid of marks, the ledger, and how each
//! rollout stands.

use super::Screen;
use super::desk::{Fixture, full};
use crate::domain::kind::Kind;
use crate::tui::theme::Theme;
use crate::workspace::look::board::rows::{Cells, Head, Key, Ledger, Mark, Pane, Tone, Turn};
use crate::workspace::look::news::{Item, News};
use crate::workspace::looked::Looked;

fn head(id: &str, label: &str, tone: Tone, sentence: &str) -> Head {
    Head {
        key: Key {
            kind: Kind::Announcement,
            id: id.to_owned(),
        },
        label: label.to_owned(),
        title: format!("{label} al9"),
        tone,
        sentence: sentence.to_owned(),
    }
}

/// Two releases that are tried, one of them stopped by a problem.
fn heads() -> Vec<Head> {
    let running = "T-30 is on trial, 1 of 3 sites spoke: CNAF has until Mon 23 Nov.";
    let held = "T-22 is held up, 2 of 3 sites spoke: problem P-3 is open and critical.";
    vec![
        head("N-4", "cASO 4.1", Tone::Info, running),
        head("N-3", "FTS 3.13.2", Tone::Breach, held),
    ]
}

fn marks() -> [[Option<Mark>; 2]; 3] {
    let mark = |tone, text: &str| {
        let text = text.to_owned();
        Some(Mark { tone, text })
    };
    [
        [mark(Tone::Due, "2 d left"), mark(Tone::Done, "ok")],
        [mark(Tone::Done, "ok"), mark(Tone::Breach, "failed, P-3")],
        [
            mark(Tone::Duty, "own risk"),
            mark(Tone::Closed, "silent, consent"),
        ],
    ]
}

fn ledgers() -> [Ledger; 3] {
    use Turn::{CalledOff, InTime, Late, Silent, Waiting};
    let ledger = |[kept, days, last]: [&str; 3], misses, recent: &[Turn]| Ledger {
        kept: kept.to_owned(),
        misses,
        days: days.to_owned(),
        recent: recent.to_vec(),
        last: last.to_owned(),
    };
    let kept = [InTime(100), InTime(450), Late, InTime(900)];
    let missed = [Silent, InTime(700), CalledOff];
    [
        ledger(["11/12", "2 d", "in time"], false, &kept),
        ledger(["9/12", "6 d", "called off"], true, &missed),
        ledger(["", "", "still in time"], false, &[Waiting]),
    ]
}

fn rollout() -> Fixture {
    let mut desk = full();
    if let Some(header) = &mut desk.header {
        header.counts.announcements_open = 2;
        header.counts.silent = 1;
    }
    desk.heads = heads();
    let sites = desk.rows[Pane::Sites as usize].iter_mut();
    for ((row, marks), ledger) in sites.zip(marks()).zip(ledgers()) {
        if let Cells::Site(site) = &mut row.cells {
            site.marks = marks.to_vec();
            site.runs = vec![("FTS".to_owned(), "3.12.9".to_owned())];
            site.ledger = Some(ledger);
        }
    }
    desk
}

fn looks(keys: &str, sizes: &[(u16, u16)]) -> String {
    let look = |size: &(u16, u16)| Screen::with(rollout(), *size).press(keys).text();
    sizes.iter().map(look).collect::<Vec<_>>().join("\n")
}

#[test]
fn r44_the_sites_stand_under_the_rollouts_that_are_running() {
    insta::assert_snapshot!("sites_shared", looks("3", &[(112, 32), (80, 24), (50, 15)]));
}

#[test]
fn r40_zoomed_the_pane_is_the_grid_the_ledger_and_what_is_in_progress() {
    let sizes = [(200, 14), (112, 32), (80, 24), (50, 15)];
    insta::assert_snapshot!("sites_zoomed", looks("3 z z", &sizes));
}

#[test]
fn no_mark_leaves_its_place_at_any_size() {
    for width in (1..160).step_by(3) {
        for (height, keys) in [(12, "3 z z"), (24, "3"), (1, "3"), (7, "3 z")] {
            let screen = Screen::with(rollout(), (width, height)).press(keys);
            let Some(rect) = screen.hits.panes[Pane::Sites as usize] else {
                continue;
            };
            for y in rect.top() + 1..rect.bottom() - 1 {
                let edge = screen.buffer[(rect.right() - 1, y)].symbol();
                assert!(["│", "↑", "↓"].contains(&edge), "{width}x{height}: {edge}");
            }
        }
    }
}

#[test]
fn a_site_is_picked_by_its_line_below_the_headings() {
    let screen = Screen::with(rollout(), (112, 32)).press("3 z z j");
    assert_eq!(screen.selected(), "PIC");
}

#[test]
fn the_marks_are_words_in_any_theme() {
    let plain = Screen::themed(rollout(), (112, 32), Theme::new(true, false)).press("3 z z");
    let text = plain.text();
    assert!(text.is_ascii(), "{text}");
    for word in [
        "2 d left",
        "failed, P-3",
        "silent, consent",
        "own risk",
        "11/12",
        "++L+ in time",
    ] {
        assert!(text.contains(word), "{word}\n{text}");
    }
}

#[test]
fn a_rollout_of_which_somebody_else_told_something_is_marked_over_its_column() {
    let key = head("N-4", "", Tone::Info, "").key;
    let item = Item {
        key,
        by: "Bob".to_owned(),
        duty: false,
    };
    let desk = Fixture {
        news: Some(News {
            reached: Looked {
                step: 50,
                commit: "c0".repeat(32),
                at: 1_000,
            },
            items: vec![item],
            beyond: false,
        }),
        ..rollout()
    };
    let screen = Screen::themed(desk, (112, 32), Theme::new(false, true)).press("3 z r");
    let text = screen.text();
    assert!(text.contains("cASO 4.1\u{25c2}"), "{text}");
    assert!(!text.contains("FTS 3.13.2\u{25c2}"), "{text}");
}
