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
        if let Some((_, key)) = NAMES.iter().find(|(name, _)| *name == text) {
            return Some(Self {
                key: *key,
                ctrl: false,
                alt: false,
            });
        }
        if let Some(rest) = text.strip_prefix("ctrl-") {
            return Self::parse(rest).map(|press| Self {
                ctrl: true,
                ..press
            });
        }
        if let Some(rest) = text.strip_prefix("alt-") {
            return Self::parse(rest).map(|press| Self { alt: true, ..press });
        }
        let mut letters = text.chars();
        let letter = letters.next()?;
        letters.next().is_none().then_some(Self {
            key: Name::Char(letter),
            ctrl: false,
            alt: false,
        })
    }
}

/// A key, or a key after another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chord {
    pub first: Press,
    pub second: Option<Press>,
}

impl Chord {
    pub fn parse(text: &str) -> Option<Self> {
        let mut keys = text.split(' ');
        let first = Press::parse(keys.next()?)?;
        let second = match keys.next() {
            Some(key) => Some(Press::parse(key)?),
            None => None,
        };
        keys.next().is_none().then_some(Self { first, second })
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
