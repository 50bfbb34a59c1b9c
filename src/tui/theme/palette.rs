//! A theme file: a style for each way things stand and each part of the frame. What is
//! odd in it is a warning with its line; nothing in it keeps the screen from starting.

use std::borrow::Cow;

use ratatui::style::{Modifier, Style};
use toml::de::{DeTable, DeValue};

use super::color::{self, Depth};
use crate::domain::profile::parse::place;
use crate::workspace::look::board::rows::Tone;

/// Every key: the tones in their order, then the parts in theirs.
pub(super) const KEYS: [&str; 26] = [
    "breach",
    "duty",
    "due",
    "info",
    "done",
    "done-late",
    "late",
    "today",
    "risk",
    "next",
    "planned",
    "good",
    "improve",
    "puzzle",
    "closed",
    "text",
    "title",
    "border",
    "selected",
    "faint",
    "strong",
    "input",
    "error",
    "ok",
    "key",
    "chip",
];

/// The place of the first part among the keys.
const PARTS: usize = Tone::Closed as usize + 1;

/// A part of the frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Text,
    Title,
    Border,
    Selected,
    Faint,
    Strong,
    Input,
    Error,
    Ok,
    Key,
    Chip,
}

/// The styles of a theme, for as many colours as the terminal has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Palette {
    pub(super) name: Cow<'static, str>,
    styles: [Style; KEYS.len()],
}

impl Palette {
    /// No style for anything.
    pub(super) fn bare(name: impl Into<Cow<'static, str>>) -> Self {
        Self {
            name: name.into(),
            styles: [Style::new(); KEYS.len()],
        }
    }

    pub(super) fn tone(&self, tone: Tone) -> Style {
        self.styles[tone as usize]
    }

    pub(super) fn part(&self, part: Part) -> Style {
        self.styles[PARTS + part as usize]
    }

    /// The style of a key by its place.
    #[cfg(test)]
    pub(super) fn slot(&self, slot: usize) -> Style {
        self.styles[slot]
    }

    /// Reads a theme file over what is there; says what is odd about it. Of a file that
    /// is no TOML nothing is taken.
    pub(super) fn read(&mut self, text: &str, depth: Depth) -> Result<Vec<String>, String> {
        let table = DeTable::parse(text)
            .map_err(|error| place(text, &error))?
            .into_inner();
        let mut warnings = Vec::new();
        for (key, value) in &table {
            let line = text[..key.span().start].matches('\n').count() + 1;
            let name = key.get_ref().as_ref();
            let Some(slot) = KEYS.iter().position(|known| *known == name) else {
                warnings.push((line, format!("line {line}: there is no {name}")));
                continue;
            };
            let style = match value.get_ref() {
                DeValue::String(words) => style(words, depth),
                _ => Err("it is no text in quotes".to_owned()),
            };
            match style {
                Ok(style) => self.styles[slot] = style,
                Err(what) => warnings.push((line, format!("line {line}: {name}: {what}"))),
            }
        }
        warnings.sort_unstable();
        Ok(warnings.into_iter().map(|(_, warning)| warning).collect())
    }
}

/// The style of some words: `red bold`, `black on #e69f00/yellow`.
fn style(words: &str, depth: Depth) -> Result<Style, String> {
    let mut style = Style::new();
    let mut words = words.split_whitespace();
    while let Some(word) = words.next() {
        if word == "on" {
            let word = words.next().unwrap_or_default();
            style = style.bg(color(word, depth)?);
        } else if let Some(modifier) = modifier(word) {
            style = style.add_modifier(modifier);
        } else {
            style = style.fg(color(word, depth)?);
        }
    }
    Ok(style)
}

fn color(word: &str, depth: Depth) -> Result<ratatui::style::Color, String> {
    color::parse(word, depth).ok_or_else(|| format!("{word:?} is no colour and nothing else"))
}

fn modifier(word: &str) -> Option<Modifier> {
    Some(match word {
        "bold" => Modifier::BOLD,
        "dim" => Modifier::DIM,
        "italic" => Modifier::ITALIC,
        "underlined" => Modifier::UNDERLINED,
        "reversed" => Modifier::REVERSED,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use ratatui::style::Color;

    use super::*;

    fn read(text: &str) -> (Palette, Vec<String>) {
        let mut palette = Palette::bare("mine");
        let warnings = palette.read(text, Depth::True).unwrap();
        (palette, warnings)
    }

    #[test]
    fn a_value_is_colours_and_modifiers_in_any_order() {
        let (palette, warnings) = read(
            "breach = \"bold #d55e00 on black underlined\"\n\
             'done-late' = \"\"\nchip = \"dim italic reversed\"\ntext = \"on white\"",
        );
        assert_eq!(warnings, [""; 0]);
        let breach = Style::new()
            .fg(Color::Rgb(0xd5, 0x5e, 0))
            .bg(Color::Black)
            .add_modifier(Modifier::BOLD | Modifier::UNDERLINED);
        assert_eq!(palette.tone(Tone::Breach), breach);
        assert_eq!(palette.tone(Tone::DoneLate), Style::new());
        let chip = Modifier::DIM | Modifier::ITALIC | Modifier::REVERSED;
        assert_eq!(palette.part(Part::Chip), Style::new().add_modifier(chip));
        assert_eq!(palette.part(Part::Text), Style::new().bg(Color::Gray));
    }

    #[test]
    fn what_is_odd_is_named_with_its_line_and_the_rest_is_taken() {
        let (palette, warnings) = read(
            "# mine\nlate = 3\nbreech = \"red\"\nbreach = \"red\"\n\nok = \"gren\"\n\
             key = \"red on\"\n[frame]\nok = \"red\"\n",
        );
        assert_eq!(
            warnings,
            [
                "line 2: late: it is no text in quotes",
                "line 3: there is no breech",
                "line 6: ok: \"gren\" is no colour and nothing else",
                "line 7: key: \"\" is no colour and nothing else",
                "line 8: there is no frame",
            ]
        );
        assert_eq!(palette.tone(Tone::Breach), Style::new().fg(Color::Red));
        assert_eq!(palette.part(Part::Ok), Style::new());
    }

    #[test]
    fn of_a_broken_file_nothing_is_taken() {
        let mut palette = Palette::bare("mine");
        let error = palette.read("breach = \"red\"\nlate = \"red\nok = ", Depth::True);
        assert!(error.unwrap_err().starts_with("line 2: "));
        assert_eq!(palette, Palette::bare("mine"));
    }

    #[test]
    fn keys_are_named_as_tones_and_parts_are() {
        const ALL: [Tone; PARTS] = [
            Tone::Breach,
            Tone::Duty,
            Tone::Due,
            Tone::Info,
            Tone::Done,
            Tone::DoneLate,
            Tone::Late,
            Tone::Today,
            Tone::Risk,
            Tone::Next,
            Tone::Planned,
            Tone::Good,
            Tone::Improve,
            Tone::Puzzle,
            Tone::Closed,
        ];
        let named = |name: String| name.replace("DoneLate", "done-late").to_lowercase();
        for tone in ALL {
            assert_eq!(KEYS[tone as usize], named(format!("{tone:?}")));
        }
        for part in [Part::Text, Part::Selected, Part::Ok, Part::Chip] {
            assert_eq!(KEYS[PARTS + part as usize], named(format!("{part:?}")));
        }
    }
}
