//! Marks, words and colours of every status. Colour is never the only sign: each tone
//! has a mark and a word, and the colours are the terminal's own sixteen.

use ratatui::style::{Color, Modifier, Style};

use crate::workspace::look::board::rows::Tone;

/// How the screen may draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    pub ascii: bool,
    pub color: bool,
}

impl Theme {
    /// The mark before a line of what needs a human, or before a lesson.
    pub fn mark(self, tone: Tone) -> &'static str {
        match tone {
            Tone::Breach => "!!",
            Tone::Duty => "!",
            Tone::Due => ">",
            Tone::Info | Tone::Planned | Tone::Next => ".",
            Tone::Good => "+",
            Tone::Improve => "-",
            Tone::Puzzle => "?",
            Tone::Late => "late",
            Tone::Today => "due",
            Tone::Risk => "risk",
            Tone::Done | Tone::DoneLate => "done",
            Tone::Closed => "x",
        }
    }

    /// The word for how a milestone or an action stands.
    pub fn word(self, tone: Tone) -> &'static str {
        match tone {
            Tone::Breach => "breach",
            Tone::Duty => "duty",
            Tone::Due | Tone::Today => "due",
            Tone::Info => "info",
            Tone::Done | Tone::DoneLate => "done",
            Tone::Late => "late",
            Tone::Risk => "risk",
            Tone::Next => "next",
            Tone::Planned => "open",
            Tone::Good => "good",
            Tone::Improve => "improve",
            Tone::Puzzle => "puzzle",
            Tone::Closed => "closed",
        }
    }

    pub fn tone(self, tone: Tone) -> Style {
        let plain = Style::new();
        match tone {
            Tone::Breach | Tone::Late => self.fg(Color::Red).add_modifier(Modifier::BOLD),
            Tone::Duty | Tone::Today => self.fg(Color::Yellow).add_modifier(Modifier::BOLD),
            Tone::Risk | Tone::Improve | Tone::DoneLate => self.fg(Color::Yellow),
            Tone::Due | Tone::Next => self.fg(Color::Cyan),
            Tone::Done | Tone::Good => self.fg(Color::Green),
            Tone::Puzzle => self.fg(Color::Magenta),
            Tone::Info | Tone::Planned => plain,
            Tone::Closed => plain.add_modifier(Modifier::DIM),
        }
    }

    fn fg(self, color: Color) -> Style {
        if self.color {
            Style::new().fg(color)
        } else {
            Style::new()
        }
    }

    /// The selected row of the pane that has the focus.
    pub fn selected(self) -> Style {
        Style::new().add_modifier(Modifier::REVERSED)
    }

    pub fn border(self) -> Style {
        if self.color {
            Style::new().fg(Color::DarkGray)
        } else {
            Style::new().add_modifier(Modifier::DIM)
        }
    }

    pub fn title(self, focused: bool) -> Style {
        if focused {
            Style::new().add_modifier(Modifier::BOLD)
        } else {
            Style::new()
        }
    }

    pub fn faint(self) -> Style {
        Style::new().add_modifier(Modifier::DIM)
    }

    pub fn strong(self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    /// A text that is being written, or could be.
    pub fn input(self, focused: bool) -> Style {
        let style = Style::new().add_modifier(Modifier::UNDERLINED);
        if focused {
            style
        } else {
            style.add_modifier(Modifier::DIM)
        }
    }

    pub fn alarm(self) -> Style {
        self.tone(Tone::Breach)
    }

    /// Stands where text was cut.
    pub fn ellipsis(self) -> &'static str {
        if self.ascii { "~" } else { "…" }
    }

    /// Between two parts of a line.
    pub fn dot(self) -> &'static str {
        if self.ascii { " | " } else { " · " }
    }

    /// Beside the heading that rows are sorted by.
    pub fn sorted(self, backwards: bool) -> &'static str {
        match (self.ascii, backwards) {
            (false, false) => "↑",
            (false, true) => "↓",
            (true, false) => "^",
            (true, true) => "v",
        }
    }

    /// Points at the selected row, so that it is not a matter of colour.
    pub fn pointer(self) -> &'static str {
        if self.ascii { "*" } else { "▸" }
    }
}
