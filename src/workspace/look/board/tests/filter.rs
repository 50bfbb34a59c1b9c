//! What is typed at a pane: words and expressions find the same as the lists of the
//! shell, half of an expression is no error, and counting can be given up.

use super::queue::{Desk, filtered, ids};
use crate::domain::field;
use crate::domain::kind::Kind;
use crate::workspace::look::board::fields;
use crate::workspace::look::board::panes::count;
use crate::workspace::look::board::rows::{Pane, Start, WindowAsk};
use crate::workspace::look::list::{Asked, list};

/// The ids that the shell's list gives for a filter.
fn listed(desk: &Desk, kind: Kind, filter: &str) -> Vec<String> {
    let asked = Asked {
        filter: Some(filter.to_owned()),
        ..Asked::default()
    };
    desk.look(|look| {
        list(look, kind, &asked)
            .unwrap()
            .iter()
            .map(|object| field::text(&object["id"]))
            .collect()
    })
}

#[test]
fn an_expression_finds_what_the_list_of_the_shell_finds() {
    let desk = Desk::new();
    for filter in [
        "state=verification",
        "state!=unverified",
        "state~ver",
        "overdue=yes",
        "overdue=no",
        "due<2026-11-30",
        "due>=2026-11-30",
        "due=\"\"",
        "days_left<0",
        "days-left>10",
        "product=ARC",
        "product!=arc",
        "product~cache platform=al9",
        "version>7.0.5",
        "arch=x86_64",
        "verifier=Bob",
        "verifier!=bob",
        "promised>2026-12-01",
        "claimed_by=Bob",
        "emergency=yes",
        "packages=ARC.rpm",
        "id=t-4",
        "submission=S-3",
        "channel_id=103",
        "provider~Team",
        "entered<2026-11-01 state=unverified",
        "closing_reason~bed",
    ] {
        let window = desk.window(&filtered(Pane::Queue, filter));
        let wanted = listed(&desk, Kind::Ticket, filter);
        assert_eq!(ids(&window.rows), wanted, "{filter}");
        assert_eq!(window.note, None, "{filter}");
        assert_eq!(window.matches, Some(wanted.len() as u64), "{filter}");
    }
    assert!(!listed(&desk, Kind::Ticket, "overdue=yes").is_empty());
    assert!(!listed(&desk, Kind::Ticket, "days_left<0").is_empty());
    for filter in [
        "state=submitted",
        "overdue=yes",
        "product=bdii",
        "due<2026-11-01",
    ] {
        let window = desk.window(&filtered(Pane::Submissions, filter));
        let mut wanted = listed(&desk, Kind::Submission, filter);
        let mut found: Vec<_> = ids(&window.rows).into_iter().map(str::to_owned).collect();
        wanted.sort();
        found.sort();
        assert_eq!(found, wanted, "{filter}");
    }
}

#[test]
fn an_owner_is_whom_the_row_shows() {
    let desk = Desk::new();
    let window = desk.window(&filtered(Pane::Queue, "owner=bob"));
    assert!(ids(&window.rows).contains(&"T-9"), "claimed by Bob");
    let window = desk.window(&filtered(Pane::Queue, "owner=alice"));
    assert!(!ids(&window.rows).contains(&"T-9"));
    assert!(!window.rows.is_empty());
}

#[test]
fn words_are_found_in_id_title_and_further_words() {
    let desk = Desk::new();
    let found = |pane, typed: &str| {
        let window = desk.window(&filtered(pane, typed));
        assert_eq!(window.note, None);
        ids(&window.rows)
            .into_iter()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(found(Pane::Queue, "DCACHE 7.0.4 el8"), ["T-10"]);
    assert_eq!(found(Pane::Queue, "team 7.0.11 al9"), ["T-23"]);
    assert_eq!(found(Pane::Products, "bdi"), ["bdii"]);
    assert_eq!(found(Pane::Products, "team d"), ["bdii", "dCache"]);
    assert_eq!(found(Pane::People, "ali"), ["Alice"]);
    assert!(found(Pane::Queue, "nothing like it").is_empty());
    assert!(found(Pane::Outbox, "test bed").len() <= found(Pane::Outbox, "").len());
}

#[test]
fn what_needs_a_human_is_found_by_what_step_and_who() {
    let desk = Desk::new();
    let lines = |typed: &str| desk.window(&filtered(Pane::Attention, typed)).rows.len();
    let all = lines("");
    for typed in [
        "alice",
        "bob",
        "inject",
        "state=delayed",
        "who=bob",
        "product=arc",
        "due<2027-01-01",
    ] {
        let some = lines(typed);
        assert!(some < all, "{typed} leaves something out: {some} of {all}");
    }
    assert!(lines("who=bob") > 0 && lines("bob") >= lines("who=bob"));
    assert!(lines("state=unverified") > 0);
    assert_eq!(
        lines("who=bob") + lines("who!=bob"),
        all,
        "each line says yes or no"
    );
}

#[test]
fn what_is_half_typed_is_said_and_the_rest_applies() {
    let desk = Desk::new();
    let check = |typed: &str, rest: &str, note: &str| {
        let window = desk.window(&filtered(Pane::Queue, typed));
        let wanted = desk.window(&filtered(Pane::Queue, rest));
        assert_eq!(ids(&window.rows), ids(&wanted.rows), "{typed}");
        assert!(window.note.unwrap().contains(note), "{typed}");
    };
    check("arc state=", "arc", "state= waits for a value");
    check("arc stat=ready", "arc", "no field stat");
    check("colour<3", "", "no field colour");
    let window = desk.window(&filtered(Pane::Retro, "votes>1"));
    assert_eq!(window.note, None, "lessons have votes, actions have none");
}

#[test]
fn filtered_windows_hold_the_same_rows_in_both_directions() {
    let desk = Desk::new();
    for typed in ["al9", "state=unverified", "verifier=\"\" el8"] {
        let all = desk.window(&filtered(Pane::Queue, typed));
        assert!(all.rows.len() > 5, "{typed}");
        let ask = |start, limit| WindowAsk {
            start,
            limit,
            ..filtered(Pane::Queue, typed)
        };
        for limit in [1, 2, 5] {
            super::walk(&|ask| desk.window(ask), &ask, &all, limit);
        }
    }
}

#[test]
fn chosen_columns_come_with_the_rows_and_only_when_asked_for() {
    let desk = Desk::new();
    let plain = desk.window(&filtered(Pane::Queue, "7.0.3 al9"));
    assert!(plain.rows[0].extra.is_empty());
    let ask = WindowAsk {
        columns: vec!["version", "packages", "overdue", "no_such_field"],
        ..filtered(Pane::Queue, "7.0.3 al9")
    };
    let window = desk.window(&ask);
    assert_eq!(window.rows[0].extra, ["7.0.3", "ARC.rpm", "yes", ""]);
    let names = fields(Pane::Retro);
    assert!(names.contains(&"votes") && names.contains(&"due"));
    assert_eq!(names.iter().filter(|name| **name == "text").count(), 1);
}

#[test]
fn counting_counts_all_and_can_be_given_up() {
    let desk = Desk::new();
    let counted = |typed: &str, go_on: bool, limit: usize| {
        let ask = WindowAsk {
            limit,
            ..filtered(Pane::Queue, typed)
        };
        desk.look(|look| {
            let judged = look.judged().unwrap();
            count(look, &judged, &ask, &mut || go_on).unwrap()
        })
    };
    assert_eq!(counted("al9", true, 3), Some(12));
    assert_eq!(counted("overdue=no", true, 0).map(|n| n > 3), Some(true));
    assert_eq!(counted("al9", false, 3), None);
    let window = desk.window(&WindowAsk {
        limit: 3,
        ..filtered(Pane::Queue, "al9")
    });
    assert_eq!(
        (window.rows.len(), window.more, window.matches),
        (3, true, None)
    );
    let below = desk.window(&WindowAsk {
        start: Start::Bottom,
        limit: 3,
        ..filtered(Pane::Queue, "al9")
    });
    assert_eq!(below.matches, None);
}
