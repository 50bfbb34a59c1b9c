//! The first screen of somebody who has no desk yet: create one, look at the example, or
//! join the other manager's.

use super::Overlay;
use super::picker::{Item, Pick, Picker, What};
use crate::tui::effect::{Effect, FillAsk, Next};
use crate::workspace::deed::{FOUNDING, Filled, JOIN};

/// What one can begin with.
pub fn picker() -> Overlay {
    let item = |text: &str, more: &str, pick: Pick| Item {
        text: text.to_owned(),
        more: more.to_owned(),
        keys: String::new(),
        not_now: None,
        pick,
    };
    let form = |deed| {
        Pick::Effects(vec![Effect::Fill(FillAsk {
            deed,
            subjects: Vec::new(),
            given: Filled::default(),
            field: None,
        })])
    };
    let items = vec![
        item(
            "Create a desk",
            "its name, its two managers, its time zone, its first cycle",
            form(&FOUNDING),
        ),
        item(
            "Open the example",
            "a throw-away desk to look around in; nothing can go wrong there",
            Pick::Effects(vec![Effect::Leave(Next::Example)]),
        ),
        item(
            "Join a desk",
            "a desk of your own from the folder that the other manager shares",
            form(&JOIN),
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
