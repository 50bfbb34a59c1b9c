//! An open record: each of its fields is written where it stands, and all of it is reached.

use super::{Real, clock, key};
use crate::domain::field::{self, Edit};
use crate::domain::kind::Kind;
use crate::tui::overlay::Overlay;
use crate::tui::overlay::record::RecordView;
use crate::workspace::action::Action;
use crate::workspace::look::board::rows::{Act, Line};
use crate::workspace::look::fill;

fn record(screen: &Real) -> &RecordView {
    match screen.model.overlays.last() {
        Some(Overlay::Record(record)) => record,
        _ => panic!("no record is open:\n{}", screen.text()),
    }
}

/// What can be written into a field of this kind.
fn text(edit: Edit, name: &str) -> &'static str {
    match (edit, name) {
        (_, "timezone") => "Europe/Rome",
        (Edit::Day, _) => "2026-12-21",
        (Edit::When, _) => "+10d",
        (Edit::Yes | Edit::YesNo, _) => "yes",
        (Edit::Link, _) => "https://example.org/other",
        (Edit::Mail, _) => "other@example.org",
        (Edit::Person, _) => "Vera",
        // A manager of the desk stays one.
        (Edit::Names, "roles") => "manager\nverifier",
        (Edit::Names, _) => "one\ntwo",
        (Edit::Targets, _) => "al9/aarch64",
        (Edit::Rule, _) => "M0 + 3 weeks",
        (Edit::Committee, _) => "review",
        (_, "version") => "7.1.0",
        _ => "other-words",
    }
}

#[test]
fn every_field_that_people_write_is_written_in_the_record() {
    let on = [
        (Kind::Ticket, "T-1"),
        (Kind::Submission, "S-2"),
        (Kind::Milestone, "M-3"),
        (Kind::Cycle, "1.4"),
        (Kind::Product, "ARC"),
        (Kind::Site, "CNAF"),
        (Kind::Person, "Bob"),
        (Kind::Lesson, "L-1"),
        (Kind::Action, "A-1"),
    ];
    let mut written = 0;
    for (kind, id) in on {
        let mut screen = Real::open();
        let fields = field::fields(kind).iter();
        for row in fields.filter(|row| !matches!(row.edit, Edit::No(_))) {
            let name = row.name;
            screen.visit(kind, id).press("g g");
            let mut guard = 0;
            while record(&screen).act() != Some(&Act::Field(name)) {
                screen.press("j");
                guard += 1;
                assert!(guard < 200, "{kind:?} {name} is not reached");
            }
            screen.press("e");
            assert_eq!(screen.form().lines.len(), 1, "{kind:?} {name}");
            screen.fill(name, text(row.edit, name)).press("ctrl-s");
            assert_eq!(record(&screen).key.id, id, "{name}:\n{}", screen.text());
            let fill = fill::load_field(&screen.path(), &key(kind, id), name, clock().unwrap());
            let now = fill.unwrap().value;
            let expected = text(row.edit, name);
            let same = matches!(row.edit, Edit::When) || now.replace(", ", "\n") == expected;
            assert!(same, "{kind:?} {name}: {now:?} {}", screen.notice());
            assert_eq!(screen.intent()["do"], "set", "{kind:?} {name}");
            // An emptied field is empty.
            let may = !matches!(
                row.edit,
                Edit::Name | Edit::Yes | Edit::YesNo | Edit::Committee
            );
            if may {
                screen.press("e").fill(name, "").press("ctrl-s");
                if matches!(screen.model.overlays.last(), Some(Overlay::Form(_))) {
                    // A rule may want something there; the form says so.
                    assert!(screen.form().refused.is_some(), "{kind:?} {name}");
                    screen.press("ctrl-l esc");
                }
            }
            screen.press("esc");
            written += 1;
        }
    }
    assert!(written > 30, "{written}");
}

#[test]
fn the_mark_is_always_in_sight_and_every_part_is_reached() {
    for size in [(112, 40), (80, 24), (60, 16), (40, 10)] {
        let mut screen = Real::open();
        for n in 0..20 {
            screen.meanwhile(&Action::Comment {
                id: "T-4".to_owned(),
                text: format!("remark number {n}\nwith a second line"),
                private: false,
            });
        }
        screen.visit(Kind::Ticket, "T-4").resize(size.0, size.1);
        screen.press("g g");
        let mut seen = screen.text();
        let acts = record(&screen).page.acts.len();
        assert!(acts > 10);
        for _ in 0..60 {
            seen.push_str(&screen.text());
            screen.press("pgdn");
        }
        screen.press("g g");
        for step in 0..acts {
            assert!(
                screen.text().contains('▸'),
                "{size:?} step {step}:\n{}",
                screen.text()
            );
            seen.push_str(&screen.text());
            screen.press("j");
        }
        screen.press("G");
        for part in [
            "What can be done",
            "Record",
            "Links",
            "History",
            "remark number 19",
        ] {
            assert!(seen.contains(part), "{size:?}: {part}");
        }
        let page = &record(&screen).page;
        let Some(Line::Field(_, last)) = page.lines.last() else {
            panic!("the history ends with a line")
        };
        let end: String = last.chars().take(12).collect();
        assert!(screen.words().contains(&end), "{end}\n{}", screen.text());
    }
}

#[test]
fn steps_and_links_of_a_record_do_what_they_say() {
    let mut screen = Real::open();
    screen.visit(Kind::Ticket, "T-1").press("g g enter");
    assert_eq!(screen.form().subjects, [key(Kind::Ticket, "T-1")]);
    screen.press("esc esc");
    screen.visit(Kind::Ticket, "T-1").press("G");
    let mut guard = 0;
    while !matches!(record(&screen).act(), Some(Act::Record(_))) {
        screen.press("k");
        guard += 1;
        assert!(guard < 100);
    }
    let Some(Act::Record(link)) = record(&screen).act().cloned() else {
        return;
    };
    screen.press("enter");
    assert_eq!(record(&screen).key, link);
    screen.press("esc");
    assert_eq!(record(&screen).key.id, "T-1");
}

#[test]
fn a_record_that_is_taken_away_closes_and_says_so() {
    let mut screen = Real::open();
    screen.visit(Kind::Lesson, "L-1");
    screen.meanwhile(&Action::Delete {
        id: "L-1".to_owned(),
        reason: None,
    });
    screen.send(crate::tui::msg::Msg::Settled);
    assert!(screen.model.overlays.is_empty());
    assert!(
        screen.notice().contains("L-1 is not on the desk any more"),
        "{}",
        screen.notice()
    );
}
