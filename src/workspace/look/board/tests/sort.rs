//! Every order of a pane: windows hold the same rows in both directions, and a desk that
//! changes meanwhile neither repeats nor skips the others.

use super::queue::{Desk, ids};
use crate::workspace::action::Action;
use crate::workspace::look::board::rows::{Cells, Pane, Row, Sort, SortBy, Start, WindowAsk};

fn sorted(pane: Pane, by: SortBy, backwards: bool) -> WindowAsk {
    WindowAsk {
        sort: Sort { by, backwards },
        ..WindowAsk::new(pane, Start::Top, 100)
    }
}

#[test]
fn windows_hold_the_same_rows_in_both_directions_in_every_order() {
    let desk = Desk::new();
    for pane in [Pane::Queue, Pane::Submissions, Pane::Outbox, Pane::People] {
        for by in SortBy::ALL {
            for backwards in [false, true] {
                let all = desk.window(&sorted(pane, by, backwards));
                assert!(!all.more && all.rows.len() > 1, "{pane:?}");
                let ask = |start, limit| WindowAsk {
                    start,
                    limit,
                    ..sorted(pane, by, backwards)
                };
                for limit in [1, 3, 100] {
                    super::walk(&|ask| desk.window(ask), &ask, &all, limit);
                }
            }
        }
    }
}

fn open(rows: &[Row]) -> Vec<&str> {
    ids(rows)
        .into_iter()
        .filter(|id| !["T-1", "T-2", "T-24"].contains(id))
        .collect()
}

#[test]
fn ids_sort_by_their_numbers_and_open_ones_stay_first() {
    let desk = Desk::new();
    let rows = desk.window(&sorted(Pane::Queue, SortBy::Id, false)).rows;
    let mut wanted: Vec<String> = (3..24).map(|n| format!("T-{n}")).collect();
    wanted.extend(["T-1", "T-2", "T-24"].map(str::to_owned));
    assert_eq!(ids(&rows), wanted);
    let rows = desk.window(&sorted(Pane::Queue, SortBy::Id, true)).rows;
    assert_eq!(ids(&rows)[..2], ["T-23", "T-22"]);
    assert_eq!(ids(&rows)[21..], ["T-24", "T-2", "T-1"]);
}

#[test]
fn each_order_is_by_what_it_says() {
    let desk = Desk::new();
    let texts = |by, of: fn(&Row) -> String| -> Vec<String> {
        let rows = desk.window(&sorted(Pane::Queue, by, false)).rows;
        rows[..21].iter().map(of).collect()
    };
    let title = |row: &Row| match &row.cells {
        Cells::Ticket(ticket) => ticket.title.clone(),
        _ => String::new(),
    };
    let titles = texts(SortBy::Title, title);
    assert_eq!(titles[0], "ARC 7.0.3 al9", "al9 before el8");
    assert_eq!(titles[4..6], ["ARC 7.0.9 al9", "ARC 7.0.9 el8"]);
    assert!(titles[6].starts_with("bdii 7.0.2"), "any case: {titles:?}");
    assert!(titles[13].starts_with("dCache 7.0.1 "));
    assert!(titles[19].starts_with("dCache 7.0.10"), "10 after 7");
    let state = |row: &Row| match &row.cells {
        Cells::Ticket(ticket) => ticket.state.clone(),
        _ => String::new(),
    };
    let mut states = texts(SortBy::State, state);
    states.dedup();
    assert_eq!(states, ["unverified", "verification", "delayed"]);
    let owner = |row: &Row| match &row.cells {
        Cells::Ticket(ticket) => ticket.owner.clone(),
        _ => String::new(),
    };
    let owners = texts(SortBy::Owner, owner);
    assert!(owners.is_sorted(), "{owners:?}");
    let dues = desk.window(&sorted(Pane::Queue, SortBy::Due, false)).rows;
    let urgent = desk
        .window(&sorted(Pane::Queue, SortBy::Urgency, false))
        .rows;
    assert_eq!(
        open(&dues),
        open(&urgent),
        "what is due first is most urgent"
    );
}

#[test]
fn a_desk_that_changes_meanwhile_neither_repeats_nor_skips_the_others() {
    for by in SortBy::ALL {
        let mut desk = Desk::new();
        let before = desk.window(&sorted(Pane::Queue, by, false)).rows;
        let ask = |start| WindowAsk {
            start,
            limit: 7,
            ..sorted(Pane::Queue, by, false)
        };
        let mut window = desk.window(&ask(Start::Top));
        let mut seen: Vec<String> = ids(&window.rows).into_iter().map(str::to_owned).collect();
        // The last row of the page goes where it was not, and one far below too.
        let moved = [seen[6].clone(), ids(&before)[18].to_owned()];
        for id in &moved {
            let id = id.clone();
            let reason = Some("Taken back.".to_owned());
            desk.act("Alice", 0, &Action::TicketWithdraw { id, reason });
        }
        while window.more {
            let last = window.rows.last().unwrap().place.clone();
            window = desk.window(&ask(Start::After(last)));
            seen.extend(ids(&window.rows).into_iter().map(str::to_owned));
        }
        for id in ids(&before)
            .into_iter()
            .filter(|id| !moved.contains(&(*id).to_owned()))
        {
            assert_eq!(seen.iter().filter(|it| *it == id).count(), 1, "{by:?} {id}");
        }
    }
}

#[test]
fn panes_that_are_read_whole_are_sorted_too() {
    let desk = Desk::new();
    let ask = sorted(Pane::Attention, SortBy::Id, true);
    let rows = desk.window(&ask).rows;
    let forth = desk
        .window(&sorted(Pane::Attention, SortBy::Id, false))
        .rows;
    let mut turned = ids(&forth);
    turned.reverse();
    assert_eq!(ids(&rows), turned);
    assert!(forth.len() > 5);
}
