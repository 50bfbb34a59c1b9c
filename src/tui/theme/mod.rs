//! How the screen may draw: marks, words and styles of every status. Colour is never
//! the only sign: each tone has a mark and a word. The styles are a theme file's.

mod color;
mod palette;
#[cfg(test)]
mod tests;

use std::io::Read as _;
use std::path::Path;
use std::sync::OnceLock;

use ratatui::buffer::Buffer;
use ratatui::style::{Color, Style};

pub use self::color::Depth;
use self::palette::{Palette, Part};
use crate::domain::plain::plain;
use crate::workspace::look::board::rows::Tone;

/// The themes that are shipped, in the order of the key that goes through them.
pub const NAMES: [&str; 5] = ["default", "light", "dark", "mono", "colour-blind"];

const TEXTS: [&str; NAMES.len()] = [
    include_str!("../../../assets/themes/default.toml"),
    include_str!("../../../assets/themes/light.toml"),
    include_str!("../../../assets/themes/dark.toml"),
    include_str!("../../../assets/themes/mono.toml"),
    include_str!("../../../assets/themes/colour-blind.toml"),
];

const DEFAULT: usize = 0;
const MONO: usize = 3;

/// The longest theme file that is read, in bytes.
const LONGEST: u64 = 64 * 1024;

/// How the screen may draw. Small, for everything that draws has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    pub ascii: bool,
    depth: Depth,
    palette: &'static Palette,
    /// The user's own theme file, which the key comes by as well.
    own: Option<&'static Palette>,
}

/// A shipped theme, read when it is first wanted.
fn shipped(index: usize, depth: Depth) -> &'static Palette {
    static READ: [[OnceLock<Palette>; NAMES.len()]; 3] =
        [const { [const { OnceLock::new() }; NAMES.len()] }; 3];
    let row = match depth {
        Depth::None | Depth::Sixteen => 0,
        Depth::Many => 1,
        Depth::True => 2,
    };
    READ[row][index].get_or_init(|| {
        let mut palette = Palette::bare(NAMES[index]);
        // A test reads them all and finds nothing odd.
        drop(palette.read(TEXTS[index], depth));
        palette
    })
}

/// The user's own theme, with what is odd about it; what it does not say is as in the
/// default theme.
fn own(path: &Path, depth: Depth) -> Result<(Palette, Vec<String>), String> {
    let name = path.file_stem().unwrap_or(path.as_os_str());
    let mut palette = shipped(DEFAULT, depth).clone();
    palette.name = name.to_string_lossy().into_owned().into();
    let mut text = String::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(LONGEST).read_to_string(&mut text))
        .map_err(|error| format!("{error}; shipped are {}", NAMES.join(", ")))?;
    let odd = palette.read(&text, depth)?;
    Ok((palette, odd))
}

impl Theme {
    /// The default theme, or the one without colour.
    pub fn new(ascii: bool, color: bool) -> Self {
        let (index, depth) = if color {
            (DEFAULT, Depth::Sixteen)
        } else {
            (MONO, Depth::None)
        };
        Self {
            ascii,
            depth,
            palette: shipped(index, depth),
            own: None,
        }
    }

    /// The theme of a name, which is a shipped one or a file in `folder`, with what is odd
    /// about it. Where no colour is wanted there is none, whatever the name.
    pub fn load(wanted: Option<&str>, folder: &Path, depth: Depth) -> (Self, Vec<String>) {
        let mut theme = Self::new(false, depth != Depth::None);
        theme.depth = depth;
        if depth == Depth::None {
            return (theme, Vec::new());
        }
        let wanted = wanted.unwrap_or(NAMES[DEFAULT]);
        if let Some(index) = NAMES.iter().position(|name| *name == wanted) {
            theme.palette = shipped(index, depth);
            return (theme, Vec::new());
        }
        let odd = match own(&folder.join(wanted), depth) {
            Ok((palette, odd)) => {
                // One for as long as the program runs.
                let palette: &'static Palette = Box::leak(Box::new(palette));
                theme.palette = palette;
                theme.own = Some(palette);
                odd
            }
            Err(what) => {
                theme.palette = shipped(DEFAULT, depth);
                vec![format!("{what}; the default theme is used")]
            }
        };
        let warning = |what| plain(&format!("The theme {wanted}: {what}.")).into_owned();
        (theme, odd.into_iter().map(warning).collect())
    }

    pub fn name(self) -> &'static str {
        &self.palette.name
    }

    /// The theme after this one; none where no colour is wanted.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        if self.depth == Depth::None {
            return None;
        }
        let shipped_at = |index: usize| shipped(index, self.depth);
        let after = (0..NAMES.len())
            .find(|index| std::ptr::eq(shipped_at(*index), self.palette))
            .map_or(0, |index| index + 1);
        let palette = match self.own {
            _ if after < NAMES.len() => shipped_at(after),
            Some(own) => own,
            None => shipped_at(DEFAULT),
        };
        Some(Self { palette, ..self })
    }

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
        self.palette.tone(tone)
    }

    /// The selected row of the pane that has the focus.
    pub fn selected(self) -> Style {
        self.palette.part(Part::Selected)
    }

    pub fn border(self) -> Style {
        self.palette.part(Part::Border)
    }

    /// The title of a pane; without the focus it is ordinary text, as most is.
    pub fn title(self, focused: bool) -> Style {
        let part = if focused { Part::Title } else { Part::Text };
        Style {
            bg: None,
            ..self.palette.part(part)
        }
    }

    /// A style for what is written over a border, of which nothing shines through.
    pub fn on_border(self, style: Style) -> Style {
        Style::reset().patch(style)
    }

    pub fn faint(self) -> Style {
        self.palette.part(Part::Faint)
    }

    pub fn strong(self) -> Style {
        self.palette.part(Part::Strong)
    }

    pub fn alarm(self) -> Style {
        self.tone(Tone::Breach)
    }

    /// A text that is being written, or could be.
    pub fn input(self, focused: bool) -> Style {
        let input = self.palette.part(Part::Input);
        if focused {
            input
        } else {
            self.faint().add_modifier(input.add_modifier)
        }
    }

    /// What is wrong with what was written.
    pub fn error(self) -> Style {
        self.palette.part(Part::Error)
    }

    /// What is right, or has been done.
    pub fn ok(self) -> Style {
        self.palette.part(Part::Ok)
    }

    /// A key, where it is said what it does.
    pub fn key(self) -> Style {
        self.palette.part(Part::Key)
    }

    /// A filter that is in force.
    pub fn chip(self) -> Style {
        self.palette.part(Part::Chip)
    }

    /// Puts the theme's background under a finished frame, if it has one, and its
    /// ordinary colour where nothing else was said.
    pub fn ground(self, frame: &mut Buffer) {
        let text = self.palette.part(Part::Text);
        let Some(bg) = text.bg else { return };
        let fg = text.fg.unwrap_or(Color::Reset);
        for cell in &mut frame.content {
            if cell.bg == Color::Reset {
                cell.bg = bg;
            }
            if cell.fg == Color::Reset {
                cell.fg = fg;
            }
        }
    }

    /// Stands where text was cut.
    pub fn ellipsis(self) -> &'static str {
        if self.ascii { "~" } else { "…" }
    }

    /// Behind the first key of a chord, while the second one is waited for.
    pub fn more(self) -> &'static str {
        if self.ascii { "..." } else { "…" }
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

    /// Behind a row that somebody else changed.
    pub fn fresh(self) -> &'static str {
        if self.ascii { "<" } else { "◂" }
    }

    /// Points at the selected row, so that it is not a matter of colour.
    pub fn pointer(self) -> &'static str {
        if self.ascii { "*" } else { "▸" }
    }
}
