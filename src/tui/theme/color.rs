//! Colours as a theme writes them, and the nearest that a terminal has. Nothing here
//! asks the terminal: what it has is an argument.

use ratatui::style::Color;

/// How many colours the terminal has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// None are wanted.
    None,
    Sixteen,
    /// The 256 of xterm.
    Many,
    /// Any of red, green and blue.
    True,
}

impl Depth {
    /// From the variables `COLORTERM` and `TERM`.
    pub fn of(colorterm: Option<&str>, term: Option<&str>) -> Self {
        let term = term.unwrap_or_default();
        if matches!(colorterm, Some("truecolor" | "24bit")) || term.ends_with("-direct") {
            Self::True
        } else if term.contains("256color") {
            Self::Many
        } else {
            Self::Sixteen
        }
    }
}

/// The terminal's own colours, with what xterm makes of them.
#[rustfmt::skip]
pub(super) const OWN: [(&str, Color, [u8; 3]); 16] = [
    ("black",          Color::Black,        [0, 0, 0]),
    ("red",            Color::Red,          [205, 0, 0]),
    ("green",          Color::Green,        [0, 205, 0]),
    ("yellow",         Color::Yellow,       [205, 205, 0]),
    ("blue",           Color::Blue,         [0, 0, 238]),
    ("magenta",        Color::Magenta,      [205, 0, 205]),
    ("cyan",           Color::Cyan,         [0, 205, 205]),
    ("white",          Color::Gray,         [229, 229, 229]),
    ("bright-black",   Color::DarkGray,     [127, 127, 127]),
    ("bright-red",     Color::LightRed,     [255, 0, 0]),
    ("bright-green",   Color::LightGreen,   [0, 255, 0]),
    ("bright-yellow",  Color::LightYellow,  [255, 255, 0]),
    ("bright-blue",    Color::LightBlue,    [92, 92, 255]),
    ("bright-magenta", Color::LightMagenta, [255, 0, 255]),
    ("bright-cyan",    Color::LightCyan,    [0, 255, 255]),
    ("bright-white",   Color::White,        [255, 255, 255]),
];

/// The steps of xterm's colour cube.
const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];

/// The colour of a word, as far as the terminal has it: one of sixteen names,
/// `#rrggbb`, or `#rrggbb/name`.
pub(super) fn parse(word: &str, depth: Depth) -> Option<Color> {
    let Some(hex) = word.strip_prefix('#') else {
        return own(word);
    };
    let (hex, name) = hex
        .split_once('/')
        .map_or((hex, None), |(hex, name)| (hex, Some(name)));
    let named = match name {
        Some(name) => Some(own(name)?),
        None => None,
    };
    let rgb = rgb(hex)?;
    Some(match depth {
        Depth::True => Color::Rgb(rgb[0], rgb[1], rgb[2]),
        Depth::Many => Color::Indexed(nearest_of_many(rgb)),
        Depth::Sixteen | Depth::None => named.unwrap_or_else(|| nearest_of_sixteen(rgb)),
    })
}

fn own(name: &str) -> Option<Color> {
    let (_, color, _) = OWN.iter().find(|(known, _, _)| *known == name)?;
    Some(*color)
}

fn rgb(hex: &str) -> Option<[u8; 3]> {
    let digits = hex.len() == 6 && hex.bytes().all(|digit| digit.is_ascii_hexdigit());
    let number = digits.then(|| u32::from_str_radix(hex, 16).ok())??;
    let [_, red, green, blue] = number.to_be_bytes();
    Some([red, green, blue])
}

fn distance(a: [u8; 3], b: [u8; 3]) -> u32 {
    let square = |place: usize| u32::from(a[place].abs_diff(b[place])).pow(2);
    square(0) + square(1) + square(2)
}

fn nearest_of_sixteen(rgb: [u8; 3]) -> Color {
    OWN.iter()
        .min_by_key(|(_, _, own)| distance(*own, rgb))
        .map_or(Color::Reset, |(_, color, _)| *color)
}

/// From the cube or from the greys, never from the sixteen: those are everybody's own.
fn nearest_of_many(rgb: [u8; 3]) -> u8 {
    (16..=255)
        .min_by_key(|index| distance(of_many(*index), rgb))
        .unwrap_or(16)
}

/// What xterm makes of the colours after the first sixteen.
fn of_many(index: u8) -> [u8; 3] {
    if let Some(grey) = index.checked_sub(232) {
        return [8 + 10 * grey; 3];
    }
    let place = usize::from(index.saturating_sub(16));
    [
        STEPS[place / 36 % 6],
        STEPS[place / 6 % 6],
        STEPS[place % 6],
    ]
}

/// Red, green and blue of a colour, as xterm has it.
#[cfg(test)]
pub(super) fn seen(color: Color) -> Option<[u8; 3]> {
    match color {
        Color::Rgb(red, green, blue) => Some([red, green, blue]),
        Color::Indexed(index) => Some(of_many(index)),
        other => OWN
            .iter()
            .find_map(|(_, own, rgb)| (*own == other).then_some(*rgb)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_is_as_near_as_the_terminal_has_it() {
        let check = |word, depth, color| assert_eq!(parse(word, depth), Some(color), "{word}");
        check("red", Depth::True, Color::Red);
        check("bright-black", Depth::Sixteen, Color::DarkGray);
        check("#D55e00", Depth::True, Color::Rgb(0xd5, 0x5e, 0));
        check("#d55e00", Depth::Many, Color::Indexed(166));
        check("#d55e00", Depth::Sixteen, Color::Red);
        check("#d55e00/magenta", Depth::Sixteen, Color::Magenta);
        check("#d55e00/magenta", Depth::Many, Color::Indexed(166));
        check("#ffffff", Depth::Many, Color::Indexed(231));
        check("#767676", Depth::Many, Color::Indexed(243));
        check("#767676", Depth::Sixteen, Color::DarkGray);
    }

    #[test]
    fn what_is_no_colour_is_none() {
        for word in [
            "",
            "#",
            "rd",
            "Red",
            "#12345",
            "#1234567",
            "#12345g",
            "#+12345",
            "#é1234",
            "#123456/",
            "#123456/rd",
            "#123456/#123456",
            "red/blue",
        ] {
            assert_eq!(parse(word, Depth::True), None, "{word}");
        }
    }

    #[test]
    fn the_terminal_says_how_many_colours_it_has() {
        let check = |colorterm, term, depth| assert_eq!(Depth::of(colorterm, term), depth);
        check(Some("truecolor"), Some("xterm"), Depth::True);
        check(Some("24bit"), None, Depth::True);
        check(None, Some("xterm-direct"), Depth::True);
        check(Some("1"), Some("xterm-256color"), Depth::Many);
        check(None, Some("linux"), Depth::Sixteen);
        check(None, None, Depth::Sixteen);
    }
}
