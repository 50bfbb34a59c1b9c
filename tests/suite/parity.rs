//! What the shell can do the screen can do, and what the screen does the shell can do.
//! Read from the tables of both; what belongs to one of them alone stands here, with why.

use std::collections::BTreeSet;

use relmate::cli::{Verb, verbs};
use relmate::domain::kind::Kind;
use relmate::tui::command::{self, Command, Do, Scope};
use relmate::tui::model::{Model, User};
use relmate::tui::overlay::Overlay;
use relmate::tui::overlay::page::Sheet;
use relmate::tui::overlay::picker::{Pick, Picker};
use relmate::tui::overlay::record::RecordView;
use relmate::tui::theme::Theme;
use relmate::workspace::look::board::rows::{Key, Page};

/// Commands of the shell that the screen has no need of.
const SHELL_ALONE: &[(&str, &str)] = &[
    (
        "init",
        "it makes a desk; where there is none the screen's welcome does it",
    ),
    ("demo", "it is the screen, on another desk"),
    (
        "doctor",
        "a desk that needs it may be one that no screen opens",
    ),
    ("backup", "it names a file outside and belongs into a timer"),
    ("restore", "it puts another desk where the open one is"),
    ("report", "it is a document for a file, a mail or a meeting"),
    (
        "paths",
        "it is for scripts and for finding what cannot be opened",
    ),
    (
        "site pick",
        "the form of announce has the sites in this order, with the reasons",
    ),
    (
        "share join",
        "it makes a desk; where there is none the screen's welcome does it",
    ),
    ("completions", "it is for the shell itself"),
    ("man", "it is for `man`; the screen has its help"),
];

/// Commands that only a screen can have: they neither change the desk nor ask it anything
/// that is not on the screen already.
const SCREEN_ALONE: &[(&str, &[&str])] = &[
    (
        "they move about",
        &[
            "down",
            "up",
            "left",
            "right",
            "top",
            "bottom",
            "pagedown",
            "pageup",
            "next-pane",
            "previous-pane",
            "next-line",
            "line-before",
            "first-line",
            "last-line",
            "page-down",
            "page-up",
            "scroll-down",
            "scroll-up",
            "scroll-top",
            "scroll-bottom",
            "scroll-page",
            "scroll-back",
            "pick-down",
            "pick-up",
            "pick-page-down",
            "pick-page-up",
            "next-entry",
            "previous-entry",
            "down-entry",
            "up-entry",
            "filter-down",
            "filter-up",
            "next-match",
            "match-before",
            "next-new",
        ],
    ),
    (
        "they mark rows for a deed, which is a command of the shell",
        &["mark", "range", "mark-all"],
    ),
    (
        "they lead to a deed, which is a command of the shell",
        &["do", "do-line", "pick", "save", "enter-entry"],
    ),
    (
        "it is about what this person has seen of the screen",
        &["seen"],
    ),
    (
        "they are about what is typed",
        &["edit-entry", "afresh", "filter-keep", "filter-clear"],
    ),
    (
        "they leave something",
        &[
            "normal",
            "back",
            "leave-record",
            "leave-form",
            "pick-leave",
            "quit",
            "quit-now",
            "suspend",
        ],
    ),
    (
        "they hand over what is on the screen; in the shell a pipe does",
        &[
            "link",
            "copy-id",
            "copy-line",
            "copy-link",
            "copy-markdown",
            "copy-letter",
        ],
    ),
    (
        "they are about how the screen looks",
        &["zoom", "board", "refresh", "theme", "mouse"],
    ),
];

fn verb_names() -> BTreeSet<&'static str> {
    verbs().map(Verb::name).collect()
}

#[track_caller]
fn none(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn every_command_of_the_screen_names_the_shells_that_do_the_same_or_is_the_screens_alone() {
    let known = verb_names();
    let alone: Vec<&str> = SCREEN_ALONE
        .iter()
        .flat_map(|(_, names)| *names)
        .copied()
        .collect();
    let mut faults = Vec::new();
    for command in command::all() {
        let name = command.name;
        for verb in command.verbs.iter().filter(|verb| !known.contains(*verb)) {
            faults.push(format!(
                "`{name}` is like `{verb}`, which the shell has not"
            ));
        }
        match (command.verbs.is_empty(), alone.contains(&name)) {
            (true, false) => faults.push(format!(
                "`{name}` names no command of the shell (`like`) and is not among the screen's own"
            )),
            (false, true) => faults.push(format!("`{name}` is no longer the screen's alone")),
            _ => {}
        }
    }
    for name in alone.iter().filter(|name| command::named(name).is_none()) {
        faults.push(format!("there is no command `{name}` any more"));
    }
    none(&faults);
}

#[test]
fn every_command_of_the_shell_can_be_reached_on_the_screen_or_is_the_shells_alone() {
    let reached: BTreeSet<&str> = command::all()
        .flat_map(|command| command.verbs)
        .copied()
        .collect();
    let alone: BTreeSet<&str> = SHELL_ALONE.iter().map(|(name, _)| *name).collect();
    let mut faults = Vec::new();
    for name in verb_names() {
        match (reached.contains(name), alone.contains(name)) {
            (false, false) => faults.push(format!(
                "`{name}` is not on the screen: give a command `like`, or say here why not"
            )),
            (true, true) => faults.push(format!("`{name}` is no longer the shell's alone")),
            _ => {}
        }
    }
    for name in alone.difference(&verb_names()) {
        faults.push(format!("there is no command `{name}` any more"));
    }
    none(&faults);
}

#[test]
fn what_is_done_to_the_desk_has_one_name_in_the_shell_and_in_the_palette() {
    let mut faults = Vec::new();
    for command in command::all() {
        let Do::Deed(deed) = command.run else {
            continue;
        };
        if deed.name != command.name || command.verbs.first() != Some(&deed.name) {
            faults.push(format!("{} and {}", command.name, deed.name));
        }
    }
    for deed in relmate::workspace::deed::all() {
        let there = command::named(deed.name).is_some_and(|it| matches!(it.run, Do::Deed(_)));
        if !there {
            faults.push(format!("`{}` is not in the palette", deed.name));
        }
    }
    none(&faults);
}

/// The palette as it opens over a pane, over a record and over a page.
fn palettes() -> Vec<(Scope, Vec<String>)> {
    let record = || {
        let key = Key {
            kind: Kind::Ticket,
            id: "T-1".to_owned(),
        };
        Overlay::Record(Box::new(RecordView::new(key, Page::default())))
    };
    let places = [
        (Scope::Rows, None),
        (Scope::Record, Some(record())),
        (
            Scope::Contests,
            Some(Overlay::Contests(Box::new(RecordView::new(
                Key {
                    kind: Kind::Desk,
                    id: "desk".to_owned(),
                },
                Page::default(),
            )))),
        ),
        (
            Scope::Page,
            Some(Overlay::Page(Sheet::from(Page::default()))),
        ),
    ];
    let names = |picker: &Picker| {
        let items = picker.items.iter();
        items
            .map(|item| match &item.pick {
                Pick::Command(command) => {
                    assert_eq!(item.keys, command.keys.join(", "), "{}", command.name);
                    command.name.to_owned()
                }
                other => panic!("{other:?} is no command"),
            })
            .collect()
    };
    places
        .into_iter()
        .map(|(scope, under)| {
            let theme = Theme::new(false, true);
            let now = crate::support::NOW.parse().unwrap();
            let mut model = Model::new((112, 32), theme, User::default(), now);
            model.overlays.extend(under);
            model.palette();
            match model.overlays.last() {
                Some(Overlay::Picker(picker)) => (scope, names(picker)),
                other => panic!("no palette but {other:?}"),
            }
        })
        .collect()
}

#[test]
fn the_palette_has_every_command_that_can_be_meant_where_it_opens_and_shows_its_keys() {
    let everywhere = |command: &Command| matches!(command.scope, Scope::Global | Scope::Always);
    for (scope, names) in palettes() {
        let expected: BTreeSet<&str> = command::all()
            .filter(|command| {
                // Conflicts are walked as a record is.
                let walked = scope == Scope::Contests && command.scope == Scope::Record;
                command.scope == scope || walked || everywhere(command)
            })
            .map(|command| command.name)
            .collect();
        let shown: BTreeSet<&str> = names.iter().map(String::as_str).collect();
        assert_eq!(shown, expected, "over {}", scope.title());
        assert_eq!(names.len(), shown.len(), "each of them once");
    }
}

#[test]
fn every_command_with_a_key_is_in_a_palette_unless_its_key_is_for_writing() {
    let palettes = palettes();
    let mut faults = Vec::new();
    for command in command::all().filter(|command| !command.keys.is_empty()) {
        // Where text is written `:` writes a colon; there the footer and the help name the keys.
        let writing = matches!(command.scope, Scope::Form | Scope::Picker | Scope::Filter);
        let there = palettes
            .iter()
            .any(|(_, names)| names.iter().any(|name| name == command.name));
        if !there && !writing {
            faults.push(format!("`{}` is in no palette", command.name));
        }
    }
    none(&faults);
}
