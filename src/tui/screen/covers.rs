//! What lies over the panes, as it looks: forms in every state, lists to pick from, the
//! keys of a chord, an open record, the filter's line, the welcome.

use std::collections::BTreeMap;

use super::Screen;
use super::desk::{full, page, record_ask};
use super::styles::{ascii, has_colour, styles, theme};
use crate::tui::effect::{Doing, Effect, FillAsk};
use crate::tui::msg::Msg;
use crate::tui::overlay::form::Begin;
use crate::tui::overlay::welcome;
use crate::tui::theme::Theme;
use crate::workspace::deed::{Deed, Filled};
use crate::workspace::look::fill::{Choice, Fill};
use crate::workspace::receipt::Receipt;
use crate::workspace::refusal::Refusal;

/// A form of T-12 as the desk would begin it.
fn open(screen: &mut Screen, deed: &str) {
    let deed = Deed::named(deed).unwrap();
    let key = record_ask().key;
    let choice = |value: &str, label: &str| Choice {
        value: value.to_owned(),
        label: label.to_owned(),
    };
    let people = vec![
        choice("Chiara", "verifier, 2 open tickets"),
        choice("Dora", "verifier, away until 28 Nov"),
    ];
    let fill = Fill {
        deed,
        subject: Some(key.clone()),
        title: "T-12 ARC 7.0.3 al9".to_owned(),
        facts: vec![
            "Verification since 13 Oct; its month was over on 17 Nov.".to_owned(),
            "“No machine” → asked on 3 Nov, no answer yet …".to_owned(),
        ],
        letter: Vec::new(),
        version: None,
        values: Filled::default(),
        choices: BTreeMap::from([("verifier", people)]),
        without: &[],
        asked: &[],
    };
    let ask = FillAsk {
        deed,
        subjects: vec![key],
        given: Filled::default(),
        field: None,
    };
    screen.send(Msg::Filled(ask, Ok(Box::new(Begin::Deed(fill)))));
}

fn write(screen: &mut Screen, text: &str) {
    let text = text.to_owned();
    screen.send(Msg::Paste { text, cut: false });
}

/// The question for the last preview.
fn previewing(screen: &Screen) -> Doing {
    let asked = screen.effects.iter().rev();
    asked
        .clone()
        .find_map(|effect| match effect {
            Effect::Preview(doing) => Some(doing.clone()),
            _ => None,
        })
        .unwrap_or_else(|| panic!("asked {:?}", screen.effects))
}

fn form_missing(screen: Screen) -> Screen {
    let mut screen = screen;
    open(&mut screen, "ticket delay");
    screen
}

fn form_wrong(screen: Screen) -> Screen {
    let mut screen = form_missing(screen);
    write(&mut screen, "The test machine has no licence");
    let mut screen = screen.press("tab");
    write(&mut screen, "next fryday");
    screen
}

fn form_previewed(screen: Screen) -> Screen {
    let mut screen = form_missing(screen);
    write(&mut screen, "The test machine has no licence");
    let mut screen = screen.press("tab");
    write(&mut screen, "fri");
    let receipt = Receipt {
        said: vec![
            "T-12 is delayed, promised for Fri 27 Nov 2026.".to_owned(),
            "X-7, a delay notice to arc@example.org, is drafted.".to_owned(),
        ],
        warnings: vec!["The release is on 17 Dec, 20 days after the promise.".to_owned()],
        ..Receipt::default()
    };
    let doing = previewing(&screen);
    screen.send(Msg::Previewed(doing, Ok(Box::new(receipt))));
    screen
}

fn form_refused(screen: Screen) -> Screen {
    let mut screen = form_previewed(screen);
    let doing = previewing(&screen);
    let refusal = Refusal::rule(
        "T-12 is delayed already.",
        "Take it up again with `ticket resume`.",
    );
    screen.send(Msg::Previewed(doing, Err(refusal)));
    screen
}

fn form_choices(screen: Screen) -> Screen {
    let mut screen = screen;
    open(&mut screen, "ticket start");
    screen.press("down")
}

fn record(screen: Screen) -> Screen {
    let mut screen = screen;
    screen.send(Msg::Page(record_ask(), Ok(page())));
    screen
}

fn founding(screen: Screen) -> Screen {
    let mut screen = screen;
    screen.model.user.founding = true;
    screen.model.open(welcome::picker());
    screen
}

type Cover = fn(Screen) -> Screen;

const COVERS: [(&str, Cover); 13] = [
    ("form_missing", form_missing),
    ("form_wrong", form_wrong),
    ("form_previewed", form_previewed),
    ("form_refused", form_refused),
    ("form_choices", form_choices),
    ("palette", |screen| screen.press(":")),
    ("palette_searched", |screen| screen.press(": d e l a y")),
    ("which_key", |screen| screen.press("t")),
    ("record", record),
    ("filter", |screen| screen.press("2 / T - 1")),
    ("filter_nothing", |screen| screen.press("2 / q")),
    ("welcome", founding),
    ("help_searched", |screen| screen.press("? z o o m")),
];

fn covered(cover: Cover, size: (u16, u16), theme: Theme) -> Screen {
    let mut screen = cover(Screen::themed(full(), size, theme));
    screen.draw();
    screen.model.theme.ground(&mut screen.buffer);
    screen
}

#[test]
fn everything_that_opens_is_as_it_was() {
    for (name, cover) in COVERS {
        for size in [(112, 32), (50, 15)] {
            let screen = covered(cover, size, theme("default"));
            let kept = format!(
                "{}\n---- default\n{}",
                screen.text(),
                styles(&screen.buffer)
            );
            insta::assert_snapshot!(format!("{name}_{}x{}", size.0, size.1), kept);
        }
    }
}

#[test]
fn everything_that_opens_says_the_same_in_every_theme() {
    for (name, cover) in COVERS {
        for size in [(112, 32), (80, 24), (50, 15), (20, 5), (19, 4)] {
            let text = covered(cover, size, theme("default")).text();
            for other in ["light", "dark", "mono", "colour-blind"] {
                let screen = covered(cover, size, theme(other));
                assert_eq!(screen.text(), text, "{name} in {other}");
                assert_eq!(has_colour(&screen.buffer), other != "mono", "{name}");
            }
            let plain = covered(cover, size, ascii()).text();
            assert!(plain.is_ascii(), "{name} in ASCII:\n{plain}");
            assert_eq!(plain.lines().count(), text.lines().count(), "{name}");
        }
    }
}
