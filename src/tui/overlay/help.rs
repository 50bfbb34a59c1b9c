//! Help for where the user is, read from the command tables.

use crate::tui::command::{self, Scope};
use crate::tui::model::Model;
use crate::workspace::look::board::rows::{Line, Page};

/// The keys that work here, the innermost first.
pub fn page(model: &Model) -> Page {
    let mut lines = Vec::new();
    for scope in model.scopes() {
        if !lines.is_empty() {
            lines.push(Line::Gap);
        }
        lines.push(Line::Heading(heading(*scope).to_owned()));
        for command in command::of(*scope) {
            let keys = command.keys.join(", ");
            let help = match (command.ready)(model) {
                Ok(()) => format!("{}.", command.help),
                Err(why) => format!("{} (not now: {why}).", command.help),
            };
            lines.push(Line::Field(keys, help));
        }
    }
    lines.push(Line::Gap);
    lines.push(Line::Heading("Marks".to_owned()));
    for (mark, meaning) in MARKS {
        lines.push(Line::Field((*mark).to_owned(), (*meaning).to_owned()));
    }
    lines.push(Line::Gap);
    lines.push(Line::Text(
        "Everything here is also a command of the shell: see `relmate --help`.".to_owned(),
    ));
    Page {
        title: "Help".to_owned(),
        lines,
    }
}

fn heading(scope: Scope) -> &'static str {
    match scope {
        Scope::Global => "Everywhere",
        Scope::Rows => "In a pane",
        Scope::Page => "On this page",
    }
}

const MARKS: &[(&str, &str)] = &[
    ("!!", "Breach: a limit or a promise has passed."),
    ("!", "Duty: the process asks for something now."),
    (">", "Due soon, or ready to be done."),
    (".", "Good to know."),
    ("+ - ?", "A lesson: went well, to improve, a puzzle."),
    (
        "+4 d",
        "Four days past its last day; 19 d or 2 wd (working days) are left.",
    ),
];
