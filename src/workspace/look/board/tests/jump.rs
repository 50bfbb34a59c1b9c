//! Going anywhere by a few letters: the best match first, what was touched last where
//! nothing is typed, and no answer for one who types on.

use super::queue::Desk;
use crate::domain::kind::Kind;
use crate::workspace::action::Action;
use crate::workspace::look::find::{Hit, find, hits};

fn found(desk: &Desk, text: &str, limit: usize) -> Vec<Hit> {
    desk.look(|look| hits(look, text, limit, &mut || true).unwrap().unwrap())
}

fn ids(hits: &[Hit]) -> Vec<&str> {
    hits.iter().map(|hit| hit.key.id.as_str()).collect()
}

#[test]
fn what_was_touched_last_comes_first_and_once() {
    let mut desk = Desk::new();
    for id in ["T-7", "T-20", "T-7"] {
        let (id, text) = (id.to_owned(), "Looked at.".to_owned());
        desk.act(
            "Bob",
            0,
            &Action::Comment {
                id,
                text,
                private: false,
            },
        );
    }
    let recent = found(&desk, " ", 4);
    assert_eq!(ids(&recent)[..2], ["T-7", "T-20"]);
    assert_eq!(recent.len(), 4);
    let all = found(&desk, "", 1000);
    let mut once: Vec<_> = all.iter().map(|hit| (hit.key.kind, &hit.key.id)).collect();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), all.len());
    assert!(all.iter().all(|hit| hit.key.kind != Kind::Desk));
}

#[test]
fn letters_find_what_the_command_line_finds() {
    let desk = Desk::new();
    for text in ["dca 7.0.4", "T-1", "bdii", "alic", "el8 arc"] {
        let shell = desk.look(|look| find(look, text, 7, false).unwrap());
        // While somebody types, titles are enough.
        let titles = shell.iter().filter(|found| found.said.is_none());
        let shell: Vec<&str> = titles.map(|found| found.id.as_str()).collect();
        assert_eq!(ids(&found(&desk, text, 7)), shell, "{text}");
        assert!(!shell.is_empty(), "{text}");
    }
    let hit = &found(&desk, "T-9", 1)[0];
    assert_eq!(
        (
            hit.key.id.as_str(),
            hit.title.as_str(),
            hit.state.as_str(),
            hit.open
        ),
        ("T-9", "dCache 7.0.4 al9", "verification", true)
    );
    assert!(found(&desk, "nothing like that", 7).is_empty());
}

#[test]
fn one_who_types_on_gets_no_answer() {
    let desk = Desk::new();
    desk.look(|look| {
        assert_eq!(hits(look, "arc", 7, &mut || false).unwrap(), None);
    });
}

#[test]
fn nothing_typed_reaches_the_terminal_raw() {
    let mut desk = Desk::new();
    let text = "odd \u{1b}[31m\u{202e} words".to_owned();
    desk.act(
        "Bob",
        0,
        &Action::ActionAdd {
            text,
            owner: None,
            due: None,
            about: None,
        },
    );
    for hit in found(&desk, "odd", 3).iter().chain(&found(&desk, "", 3)) {
        let raw = |letter: char| letter.is_control() || letter == '\u{202e}';
        assert!(!hit.title.contains(raw), "{hit:?}");
    }
}
