//! The board by state: every open ticket in the column of its state, with the count of all.

use super::queue::{Desk, filtered, ids};
use crate::workspace::look::board::by_state;
use crate::workspace::look::board::rows::{Pane, StateColumn, StatesAsk};

fn columns(desk: &Desk, limit: usize, filter: &str) -> Vec<StateColumn> {
    let ask = StatesAsk {
        limit,
        filter: filter.to_owned(),
    };
    desk.look(|look| {
        let judged = look.judged().unwrap();
        by_state(look, &judged, &ask, &mut || true)
            .unwrap()
            .unwrap()
    })
}

fn counts(columns: &[StateColumn]) -> Vec<(&str, u64, usize)> {
    columns
        .iter()
        .map(|column| (column.state, column.count, column.rows.len()))
        .collect()
}

#[test]
fn open_states_stand_in_the_order_of_the_process_with_their_counts() {
    let desk = Desk::new();
    let all = columns(&desk, 100, "");
    assert_eq!(
        counts(&all),
        [
            ("unverified", 17, 17),
            ("verification", 3, 3),
            ("waiting-for-response", 0, 0),
            ("staged-rollout", 0, 0),
            ("ready", 0, 0),
            ("delayed", 1, 1),
        ]
    );
    assert_eq!(all[2].label, "waiting for response");
    let few = columns(&desk, 2, "");
    assert_eq!(counts(&few)[0], ("unverified", 17, 2));
    assert_eq!(
        ids(&few[0].rows),
        ids(&all[0].rows)[..2],
        "the most urgent ones"
    );
}

#[test]
fn a_column_is_in_the_order_of_the_queue() {
    let desk = Desk::new();
    for column in columns(&desk, 100, "") {
        let filter = format!("state={}", column.state);
        let rows = desk.window(&filtered(Pane::Queue, &filter)).rows;
        assert_eq!(ids(&column.rows), ids(&rows));
    }
}

#[test]
fn what_is_typed_narrows_the_board_too() {
    let desk = Desk::new();
    let some = columns(&desk, 2, "al9 dcache");
    let wanted = desk.window(&filtered(Pane::Queue, "al9 dcache")).rows;
    let count: u64 = some.iter().map(|column| column.count).sum();
    assert_eq!(count, wanted.len() as u64);
    assert!(some.iter().all(|column| column.rows.len() <= 2));
    let none = StatesAsk {
        limit: 5,
        filter: "al9".to_owned(),
    };
    desk.look(|look| {
        let judged = look.judged().unwrap();
        assert!(
            by_state(look, &judged, &none, &mut || false)
                .unwrap()
                .is_none()
        );
    });
}
