//! Help for where the user is, read from the command tables: searched as one types, and
//! a line that is taken is done.

use super::Overlay;
use super::picker::{Item, Pick, Picker, What};
use crate::tui::command::{self, Scope};
use crate::tui::model::Model;

/// The keys that work here, the innermost first, and what the marks mean.
pub fn picker(model: &Model) -> Overlay {
    let mut items = Vec::new();
    let scopes: &[Scope] = model.scopes();
    for scope in scopes {
        for command in command::of(*scope) {
            let keys = model.keys.map.of(command);
            if keys.is_empty() {
                continue;
            }
            items.push(Item {
                text: keys.join(", "),
                more: command.help.to_owned(),
                keys: command.name.to_owned(),
                not_now: command.ready(model).err().map(str::to_owned),
                pick: Pick::Command(command),
            });
        }
    }
    items.extend(MARKS.iter().map(|(mark, meaning)| Item {
        text: (*mark).to_owned(),
        more: (*meaning).to_owned(),
        keys: "mark".to_owned(),
        not_now: None,
        pick: Pick::Nothing,
    }));
    let title = format!(
        "Help: type to search, {} does it; `relmate --help` lists the shell's commands",
        model.keys.map.spoken("pick")
    );
    Overlay::Picker(Box::new(Picker::new(title, What::Help, items)))
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
    ("#", "Marked: what is done next is done to all of them."),
];
