//! Keys: crossterm's events to our own presses, and the table's strings (`ctrl-p`,
//! `g g`) parsed once. Knows no command by name.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

/// One key, pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Press {
    pub key: Name,
    pub ctrl: bool,
    pub alt: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name {
    Char(char),
    Enter,
    Esc,
    Tab,
    BackTab,
    Up,
    Down,
    Left,
    Right,
    Home,
    End,
    PageUp,
    PageDown,
    Backspace,
    Delete,
}

const NAMES: &[(&str, Name)] = &[
    ("enter", Name::Enter),
    ("esc", Name::Esc),
    ("tab", Name::Tab),
    ("shift-tab", Name::BackTab),
    ("up", Name::Up),
    ("down", Name::Down),
    ("left", Name::Left),
    ("right", Name::Right),
    ("home", Name::Home),
    ("end", Name::End),
    ("pgup", Name::PageUp),
    ("pgdn", Name::PageDown),
    ("backspace", Name::Backspace),
    ("delete", Name::Delete),
    ("space", Name::Char(' ')),
];

impl Press {
    /// A press from the terminal; none for releases and keys that nothing uses.
    pub fn from_event(event: KeyEvent) -> Option<Self> {
        if event.kind == KeyEventKind::Release {
            return None;
        }
        let ctrl = event.modifiers.contains(KeyModifiers::CONTROL);
        let key = match event.code {
            KeyCode::Char(letter) if ctrl => Name::Char(letter.to_ascii_lowercase()),
            KeyCode::Char(letter) => Name::Char(letter),
            KeyCode::Enter => Name::Enter,
            KeyCode::Esc => Name::Esc,
            KeyCode::Tab if event.modifiers.contains(KeyModifiers::SHIFT) => Name::BackTab,
            KeyCode::Tab => Name::Tab,
            KeyCode::BackTab => Name::BackTab,
            KeyCode::Up => Name::Up,
            KeyCode::Down => Name::Down,
            KeyCode::Left => Name::Left,
            KeyCode::Right => Name::Right,
            KeyCode::Home => Name::Home,
            KeyCode::End => Name::End,
            KeyCode::PageUp => Name::PageUp,
            KeyCode::PageDown => Name::PageDown,
            KeyCode::Backspace => Name::Backspace,
            KeyCode::Delete => Name::Delete,
            _ => return None,
        };
        Some(Self {
            key,
            ctrl,
            alt: event.modifiers.contains(KeyModifiers::ALT),
        })
    }

    /// Whether it is this letter and nothing else.
    pub fn is_letter(self, letter: char) -> bool {
        self.key == Name::Char(letter) && !self.ctrl && !self.alt
    }

    /// A press as the table writes it; none if there is no such key.
    pub fn parse(text: &str) -> Option<Self> {
        let named = |(name, _): &&(&str, Name)| name.eq_ignore_ascii_case(text);
        if let Some((_, key)) = NAMES.iter().find(named) {
            return Some(Self::plain(*key));
        }
        if let Some(rest) = after(text, "ctrl-") {
            let press = Self::parse(rest)?;
            let key = match press.key {
                // As a terminal says it: shift makes no other letter of it.
                Name::Char(letter) => Name::Char(letter.to_ascii_lowercase()),
                key => key,
            };
            return Some(Self {
                key,
                ctrl: true,
                ..press
            });
        }
        if let Some(rest) = after(text, "alt-") {
            return Self::parse(rest).map(|press| Self { alt: true, ..press });
        }
        let mut letters = text.chars();
        let letter = letters.next().filter(|letter| !letter.is_control())?;
        letters
            .next()
            .is_none()
            .then(|| Self::plain(Name::Char(letter)))
    }

    fn plain(key: Name) -> Self {
        Self {
            key,
            ctrl: false,
            alt: false,
        }
    }

    /// Whether it writes where text is written.
    pub fn writes(self) -> bool {
        matches!(self.key, Name::Char(_)) && !self.ctrl && !self.alt
    }

    /// Why no terminal says it, as a clause.
    fn silent(self) -> Option<&'static str> {
        if !self.ctrl {
            return None;
        }
        match self.key {
            Name::Char('i') => Some("a terminal says `tab` for it"),
            Name::Char('m') => Some("a terminal says `enter` for it"),
            Name::Char('[') => Some("a terminal says `esc` for it"),
            // 4 to 7 are what a terminal says for ctrl with `\`, `]`, `^` and `_`.
            Name::Char('a'..='z' | '4'..='7' | ' ')
            | Name::Up
            | Name::Down
            | Name::Left
            | Name::Right
            | Name::Home
            | Name::End
            | Name::PageUp
            | Name::PageDown
            | Name::Delete => None,
            Name::Char(_)
            | Name::Enter
            | Name::Esc
            | Name::Tab
            | Name::BackTab
            | Name::Backspace => Some("no terminal says it"),
        }
    }
}

/// What follows a modifier, written in any case.
fn after<'t>(text: &'t str, modifier: &str) -> Option<&'t str> {
    let (start, rest) = text.split_at_checked(modifier.len())?;
    start.eq_ignore_ascii_case(modifier).then_some(rest)
}

/// A key, or a key after another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chord {
    pub first: Press,
    pub second: Option<Press>,
}

impl Chord {
    /// A chord as the tables and the configuration write it.
    pub fn parse(text: &str) -> Option<Self> {
        let mut keys = text.split_whitespace();
        let first = Press::parse(keys.next()?)?;
        let second = match keys.next() {
            Some(key) => Some(Press::parse(key)?),
            None => None,
        };
        keys.next().is_none().then_some(Self { first, second })
    }

    /// The same, or why it can never be pressed, as a clause.
    pub fn pressable(text: &str) -> Result<Self, &'static str> {
        let chord = Self::parse(text)
            .ok_or("a key is written `ctrl-p`, `alt-x`, `g o`, `enter` or `pgdn`")?;
        let silent = chord.first.silent();
        match silent.or(chord.second.and_then(Press::silent)) {
            Some(why) => Err(why),
            None => Ok(chord),
        }
    }
}

impl std::fmt::Display for Chord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.first)?;
        match self.second {
            Some(second) => write!(f, " {second}"),
            None => Ok(()),
        }
    }
}

impl std::fmt::Display for Press {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.ctrl {
            f.write_str("ctrl-")?;
        }
        if self.alt {
            f.write_str("alt-")?;
        }
        match (NAMES.iter().find(|(_, key)| *key == self.key), self.key) {
            (Some((name, _)), _) => f.write_str(name),
            (None, Name::Char(letter)) => write!(f, "{letter}"),
            (None, _) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_written_back_as_it_is_read() {
        for text in [
            "u", "U", "ctrl-p", "alt-x", "g o", "enter", "space", "pgdn", "é",
        ] {
            assert_eq!(Chord::pressable(text).unwrap().to_string(), text);
        }
        for (text, same) in [
            ("Ctrl-P", "ctrl-p"),
            ("PgDn", "pgdn"),
            ("ctrl-T", "ctrl-t"),
            ("g  o", "g o"),
            ("alt-Enter", "alt-enter"),
        ] {
            assert_eq!(Chord::pressable(text).unwrap().to_string(), same);
        }
    }

    #[test]
    fn what_no_terminal_says_is_no_key() {
        for text in [
            "",
            " ",
            "hyper-q",
            "ctrl-",
            "ab",
            "g o x",
            "ctrl-i",
            "ctrl-m",
            "ctrl-enter",
            "ctrl-1",
            "g ctrl-i",
            "\u{1b}",
        ] {
            assert!(Chord::pressable(text).is_err(), "{text:?}");
        }
    }
}
