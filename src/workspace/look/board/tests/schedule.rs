//! The schedule of a desk: it begins with what comes next, and is narrowed by codes, names
//! and how its milestones stand.

use super::queue::{Desk, filtered, ids};
use crate::workspace::action::{Action, CycleAdd};
use crate::workspace::look::board::rows::{Cells, Pane, Row, Sort, SortBy, Start, WindowAsk};

fn cycle() -> Desk {
    let mut desk = Desk::new();
    let add = CycleAdd {
        name: "CMD 1.4".to_owned(),
        start: Some("2026-10-06".parse().unwrap()),
        template: Some("meta-release".to_owned()),
        ..CycleAdd::default()
    };
    desk.act("Alice", 50, &Action::CycleAdd(add));
    desk
}

fn code(row: &Row) -> &str {
    match &row.cells {
        Cells::Milestone(gate) => &gate.code,
        _ => "",
    }
}

#[test]
fn a_schedule_begins_with_what_comes_next() {
    let desk = cycle();
    let ask = WindowAsk::new(Pane::Schedule, Start::Top, 40);
    let window = desk.window(&ask);
    let anchor = window.anchor.unwrap();
    assert!(anchor > 0, "some are late");
    let header = desk.look(|look| {
        super::super::header(look, &look.judged().unwrap(), None)
            .unwrap()
            .next
            .unwrap()
    });
    assert_eq!(code(&window.rows[anchor]), header.0);
    let sort = Sort {
        by: SortBy::Id,
        backwards: true,
    };
    let turned = desk.window(&WindowAsk { sort, ..ask });
    assert_eq!(turned.anchor, None);
    assert_eq!(turned.rows.len(), window.rows.len());
}

#[test]
fn a_schedule_is_narrowed_like_any_other_pane() {
    let desk = cycle();
    let all = desk.window(&filtered(Pane::Schedule, "")).rows;
    let late = desk.window(&filtered(Pane::Schedule, "state=late"));
    assert_eq!(late.matches, Some(late.rows.len() as u64));
    assert!(!late.rows.is_empty() && late.rows.len() < all.len());
    let next = desk.window(&filtered(Pane::Schedule, "state=next")).rows;
    assert_eq!(
        next.len(),
        1,
        "what comes next is told from what is planned"
    );
    let code = code(&next[0]).to_lowercase();
    let found = desk.window(&filtered(Pane::Schedule, &code)).rows;
    assert!(ids(&found).contains(&next[0].key.id.as_str()));
    let columns = WindowAsk {
        columns: vec!["rule", "cycle"],
        ..filtered(Pane::Schedule, "days_left>0")
    };
    let rows = desk.window(&columns).rows;
    assert!(rows.iter().all(|row| row.extra[1] == "CMD 1.4"));
}

#[test]
fn the_full_lists_say_what_they_hold() {
    let desk = cycle();
    let texts = |pane| -> Vec<(String, String)> {
        let rows = desk.window(&filtered(pane, "")).rows;
        rows.iter()
            .map(|row| match &row.cells {
                Cells::Record(record) => (row.key.id.clone(), record.state.clone()),
                other => panic!("{other:?}"),
            })
            .collect()
    };
    assert_eq!(
        texts(Pane::Cycles),
        [("CMD 1.4".to_owned(), "draft".to_owned())]
    );
    assert_eq!(texts(Pane::Products).len(), 3);
    assert_eq!(
        texts(Pane::People)[0],
        ("Alice".to_owned(), "manager".to_owned())
    );
    assert_eq!(texts(Pane::Submissions).len(), 12);
    let outbox = texts(Pane::Outbox);
    assert!(outbox.len() > 12 && outbox[0].1 == "drafted");
    let header =
        desk.look(|look| super::super::header(look, &look.judged().unwrap(), None).unwrap());
    let drafted = outbox
        .iter()
        .filter(|(_, state)| state == "drafted")
        .count() as u64;
    assert_eq!(header.counts.drafts, drafted);
    assert_eq!(
        (
            header.counts.products,
            header.counts.people,
            header.counts.cycles_open
        ),
        (3, 3, 1)
    );
    assert_eq!(header.counts.submissions_open, 12);
}

#[test]
fn what_was_sent_is_looked_back_at_from_the_latest() {
    let mut desk = Desk::new();
    let drafts = desk.window(&filtered(Pane::Outbox, "")).rows;
    let sent: Vec<String> = ids(&drafts)[..3]
        .iter()
        .map(|id| (*id).to_owned())
        .collect();
    for id in &sent {
        desk.act("Alice", 0, &Action::OutboxSent { id: id.clone() });
    }
    let rows = desk.window(&filtered(Pane::Outbox, "state=sent")).rows;
    let mut latest = sent;
    latest.reverse();
    assert_eq!(ids(&rows), latest);
    let all = desk.window(&filtered(Pane::Outbox, "")).rows;
    assert_eq!(ids(&all)[all.len() - 3..], ids(&rows));
}
