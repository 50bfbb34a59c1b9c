use std::collections::HashSet;

use ratatui::style::Modifier;

use super::color::{OWN, seen};
use super::palette::KEYS;
use super::*;

/// Tones that can stand in the same place, with what stands there beside the colour.
const PLACES: [(&str, Sign, &[Tone]); 6] = [
    (
        "what needs a human",
        Theme::mark,
        &[Tone::Breach, Tone::Duty, Tone::Due, Tone::Info],
    ),
    (
        "milestones",
        Theme::word,
        &[
            Tone::Done,
            Tone::DoneLate,
            Tone::Late,
            Tone::Today,
            Tone::Risk,
            Tone::Next,
            Tone::Planned,
        ],
    ),
    (
        "a ticket's clock",
        nothing,
        &[Tone::Late, Tone::Closed, Tone::Risk, Tone::Info],
    ),
    ("a site's contact", nothing, &[Tone::Info, Tone::Risk]),
    (
        "actions",
        Theme::word,
        &[Tone::Late, Tone::Planned, Tone::Done, Tone::Closed],
    ),
    (
        "lessons",
        Theme::mark,
        &[Tone::Good, Tone::Improve, Tone::Puzzle],
    ),
];

type Sign = fn(Theme, Tone) -> &'static str;

fn nothing(_: Theme, _: Tone) -> &'static str {
    ""
}

fn theme(index: usize, depth: Depth) -> Theme {
    Theme {
        ascii: false,
        depth,
        palette: shipped(index, depth),
        own: None,
    }
}

/// Every style of a theme by its key.
fn styles(theme: Theme) -> Vec<(&'static str, Style)> {
    KEYS.iter()
        .enumerate()
        .map(|(slot, key)| (*key, theme.palette.slot(slot)))
        .collect()
}

/// How bright a colour is (WCAG 2).
fn brightness(rgb: [u8; 3]) -> f64 {
    let light = rgb.map(|part| {
        let part = f64::from(part) / 255.0;
        if part <= 0.03928 {
            part / 12.92
        } else {
            ((part + 0.055) / 1.055).powf(2.4)
        }
    });
    0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2]
}

fn contrast(a: [u8; 3], b: [u8; 3]) -> f64 {
    let (a, b) = (brightness(a), brightness(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// The least contrast of a theme's letters with their background, or with this one.
#[track_caller]
fn reads(theme: Theme, ground: [u8; 3], least: f64) {
    for (key, style) in styles(theme) {
        let Some(letter) = style.fg.and_then(seen) else {
            continue;
        };
        let behind = style.bg.and_then(seen).unwrap_or(ground);
        let contrast = contrast(letter, behind);
        assert!(contrast >= least, "{} {key}: {contrast:.2}", theme.name());
    }
}

#[test]
fn every_shipped_theme_is_whole_and_right() {
    for (name, text) in NAMES.into_iter().zip(TEXTS) {
        let mut palette = Palette::bare(name);
        assert_eq!(palette.read(text, Depth::True), Ok(Vec::new()), "{name}");
        let keys: Vec<_> = text
            .lines()
            .filter_map(|line| line.split_once(" = "))
            .map(|(key, _)| key)
            .collect();
        assert_eq!(keys, KEYS, "{name} has other keys, or in another order");
    }
}

#[test]
fn nothing_is_told_by_colour_alone() {
    for index in 0..NAMES.len() {
        let theme = theme(index, Depth::True);
        for (place, sign, tones) in PLACES {
            let mut seen = HashSet::new();
            for tone in tones {
                let without_colour = (sign(theme, *tone), theme.tone(*tone).add_modifier);
                assert!(
                    seen.insert(without_colour),
                    "{}: {tone:?} among {place}",
                    theme.name()
                );
            }
        }
    }
}

#[test]
fn the_default_theme_has_the_terminals_colours_and_no_background() {
    for depth in [Depth::Sixteen, Depth::Many, Depth::True] {
        for (key, style) in styles(theme(DEFAULT, depth)) {
            let own = |color| OWN.iter().any(|(_, own, _)| *own == color);
            assert!(style.fg.is_none_or(own) && style.bg.is_none(), "{key}");
        }
    }
}

#[test]
fn mono_has_no_colour_and_is_what_no_colour_means() {
    for (key, style) in styles(theme(MONO, Depth::True)) {
        assert_eq!((style.fg, style.bg), (None, None), "{key}");
    }
    let (theme, warnings) = Theme::load(Some("/no/such/file"), Path::new(""), Depth::None);
    assert_eq!((theme.name(), warnings.len()), ("mono", 0));
    assert_eq!(theme.next(), None);
}

#[test]
fn light_and_dark_read_on_white_and_on_black_in_as_many_colours_as_there_are() {
    for (name, ground) in [("light", [255; 3]), ("dark", [0; 3])] {
        let index = NAMES.iter().position(|known| *known == name).unwrap();
        for (depth, least) in [
            (Depth::True, 4.5),
            (Depth::Many, 4.5),
            (Depth::Sixteen, 4.0),
        ] {
            let theme = theme(index, depth);
            reads(theme, ground, least);
            let text = theme.palette.part(Part::Text).bg.and_then(seen);
            assert_eq!(text, Some(ground), "{name}");
            for (key, style) in styles(theme) {
                let said = style.fg.is_some() || key == "selected";
                let dim = style.add_modifier.contains(Modifier::DIM);
                assert!(said && !dim, "{name} {key}");
            }
        }
    }
}

#[test]
fn the_colour_blind_theme_is_okabe_and_itos_without_their_green() {
    const OKABE_ITO: [[u8; 3]; 7] = [
        [0, 0, 0],
        [0xe6, 0x9f, 0],
        [0x56, 0xb4, 0xe9],
        [0xf0, 0xe4, 0x42],
        [0, 0x72, 0xb2],
        [0xd5, 0x5e, 0],
        [0xcc, 0x79, 0xa7],
    ];
    let index = NAMES
        .iter()
        .position(|name| *name == "colour-blind")
        .unwrap();
    let theme = theme(index, Depth::True);
    for (key, style) in styles(theme) {
        for color in [style.fg, style.bg].into_iter().flatten() {
            let known = seen(color).is_some_and(|rgb| OKABE_ITO.contains(&rgb));
            assert!(known || key == "border", "{key}: {color:?}");
        }
    }
    reads(theme, [255; 3], 3.0);
    reads(theme, [0; 3], 3.0);
}

#[test]
fn the_key_goes_through_the_themes_and_comes_by_the_users_own() {
    let mut theme = Theme::new(true, true);
    let mut seen = vec![theme.name()];
    for _ in 0..NAMES.len() {
        theme = theme.next().unwrap();
        seen.push(theme.name());
    }
    assert_eq!(
        seen,
        [
            "default",
            "light",
            "dark",
            "mono",
            "colour-blind",
            "default"
        ]
    );
    assert!(theme.ascii, "which is no matter of the theme");
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("mine.toml"), "breach = \"blue\"\n").unwrap();
    let (mine, warnings) = Theme::load(Some("mine.toml"), folder.path(), Depth::Sixteen);
    assert_eq!((mine.name(), warnings.len()), ("mine", 0));
    assert_eq!(mine.tone(Tone::Breach), Style::new().fg(Color::Blue));
    assert_eq!(
        mine.tone(Tone::Late),
        Theme::new(false, true).tone(Tone::Late)
    );
    let round = (0..=NAMES.len()).try_fold(mine, |theme, _| theme.next());
    assert_eq!(round, Some(mine));
    assert_eq!(mine.next().unwrap().name(), "default");
}

#[test]
fn a_theme_that_is_not_right_is_a_warning_and_the_screen_starts() {
    let folder = tempfile::tempdir().unwrap();
    let load = |name: &str| Theme::load(Some(name), folder.path(), Depth::True);
    let write = |bytes: &[u8]| std::fs::write(folder.path().join("mine"), bytes).unwrap();
    let (theme, warnings) = load("nosuch");
    assert_eq!(theme.name(), "default");
    assert!(
        warnings[0].contains("shipped are default, light"),
        "{warnings:?}"
    );
    write(b"ok = \"blue\"\nbr\x1b[2Jeach = ");
    let (theme, warnings) = load("mine");
    assert_eq!(
        (theme.name(), theme.ok()),
        ("default", Theme::new(false, true).ok())
    );
    assert!(warnings[0].contains("line 2") && warnings[0].contains("default theme"));
    write(b"ok = \"blue\"\n\"br\\u001b[2J\" = \"red\"\n");
    let (theme, warnings) = load("mine");
    assert_eq!((theme.name(), theme.ok().fg), ("mine", Some(Color::Blue)));
    assert_eq!(warnings, ["The theme mine: line 2: there is no br␛[2J."]);
    for bytes in [b"\xff".to_vec(), vec![b'#'; 70_000], vec![b'x'; 70_000]] {
        write(&bytes);
        drop(load("mine"));
    }
    assert_eq!(load("..").0.name(), "default");
}

#[test]
fn a_background_lies_under_the_whole_screen_and_under_nothing_that_has_one() {
    let mut frame = Buffer::empty(ratatui::layout::Rect::new(0, 0, 3, 1));
    frame[(1, 0)].set_style(Style::new().fg(Color::Red).bg(Color::Blue));
    let bare = frame.clone();
    Theme::new(false, true).ground(&mut frame);
    assert_eq!(frame, bare);
    theme(1, Depth::Sixteen).ground(&mut frame);
    let colours: Vec<_> = frame.content.iter().map(|it| (it.fg, it.bg)).collect();
    let ground = (Color::Black, Color::White);
    assert_eq!(colours, [ground, (Color::Red, Color::Blue), ground]);
}
