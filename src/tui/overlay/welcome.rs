//! The first screen of somebody who has no desk yet: create one, look at the example, or
//! read how to work on somebody else's.

use super::Overlay;
use super::picker::{Item, Pick, Picker, What};
use crate::tui::effect::{Effect, FillAsk, Next};
use crate::workspace::deed::{FOUNDING, Filled};
use crate::workspace::look::board::rows::{Line, Page};

/// What one can begin with.
pub fn picker() -> Overlay {
    let item = |text: &str, more: &str, pick: Pick| Item {
        text: text.to_owned(),
        more: more.to_owned(),
        keys: String::new(),
        not_now: None,
        pick,
    };
    let create = FillAsk {
        deed: &FOUNDING,
        subjects: Vec::new(),
        given: Filled::default(),
        field: None,
    };
    let items = vec![
        item(
            "Create a desk",
            "its name, its two managers, its time zone, its first cycle",
            Pick::Effects(vec![Effect::Fill(create)]),
        ),
        item(
            "Open the example",
            "a throw-away desk to look around in; nothing can go wrong there",
            Pick::Effects(vec![Effect::Leave(Next::Example)]),
        ),
        item(
            "Join a desk",
            "how to work on the desk that the other manager has",
            Pick::Page(joining()),
        ),
        item(
            "Leave",
            "do nothing",
            Pick::Effects(vec![Effect::Leave(Next::Quit)]),
        ),
    ];
    let title = "Welcome to relmate. There is no desk yet";
    Overlay::Picker(Box::new(Picker::new(title, What::Ask, items)))
}

fn joining() -> Page {
    let lines = [
        "Two managers keep one desk in step through a folder that both can reach. This version cannot do that yet.",
        "Until then: ask the other manager for a copy, which `relmate backup FILE` makes, and look at it with `relmate --desk FILE --read-only`.",
        "If you work at the same machine, name the other manager's file: `relmate --desk FILE --as YOUR-NAME`.",
    ];
    let mut page = Page {
        title: "Join a desk".to_owned(),
        ..Page::default()
    };
    for line in lines {
        page.lines.push(Line::Text(line.to_owned()));
        page.lines.push(Line::Gap);
    }
    page
}
