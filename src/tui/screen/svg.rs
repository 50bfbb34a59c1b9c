//! A frame as an SVG: runs of letters in columns of their own, lines and bars as shapes, so
//! that it looks the same in any monospace font. No script, no font and nothing outside of it.

use std::fmt::Write as _;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};

/// A cell in pixels; the letters are 0.6 as wide as they are high, as most fonts have them.
const WIDE: usize = 9;
const HIGH: usize = 18;
const LETTER: usize = 15;
/// Where letters stand in their line.
const FOOT: usize = 14;
/// Around the frame.
const EDGE: usize = 9;

/// Arms of the lines that are drawn: up, down, left, right.
#[rustfmt::skip]
const LINES: [(&str, [bool; 4]); 11] = [
    ("│", [true, true, false, false]), ("─", [false, false, true, true]),
    ("┌", [false, true, false, true]), ("┐", [false, true, true, false]),
    ("└", [true, false, false, true]), ("┘", [true, false, true, false]),
    ("├", [true, true, false, true]),  ("┤", [true, true, true, false]),
    ("┬", [false, true, true, true]),  ("┴", [true, false, true, true]),
    ("┼", [true, true, true, true]),
];

/// Parts of a full cell, in eighths.
const BARS: [&str; 9] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"];

/// A frame whose every cell has its own colours, as an SVG with a name.
pub(super) fn svg(buffer: &Buffer, name: &str) -> String {
    let (columns, rows) = (buffer.area.width as usize, buffer.area.height as usize);
    let (width, height) = (columns * WIDE + 2 * EDGE, rows * HIGH + 2 * EDGE);
    let ground = hex(buffer.content[0].bg);
    let name = escaped(name);
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         width=\"{width}\" height=\"{height}\" role=\"img\" aria-label=\"{name}\">\n\
         <title>{name}</title>\n\
         <rect width=\"{width}\" height=\"{height}\" rx=\"6\" fill=\"{ground}\"/>\n\
         <g transform=\"translate({EDGE} {EDGE})\" font-family=\"monospace\" font-size=\"{LETTER}\">\n"
    );
    for (y, line) in buffer.content.chunks(columns).enumerate() {
        grounds(&mut text, line, y, &ground);
        letters(&mut text, line, y);
    }
    for (y, line) in buffer.content.chunks(columns).enumerate() {
        strokes(&mut text, line, y);
    }
    text + "</g>\n</svg>\n"
}

/// Letter and ground of a cell, as they are seen.
fn colours(cell: &Cell) -> (String, String) {
    let (fg, bg) = (hex(cell.fg), hex(cell.bg));
    if cell.modifier.contains(Modifier::REVERSED) {
        (bg, fg)
    } else {
        (fg, bg)
    }
}

/// The theme that pictures are drawn in names its colours by their red, green and blue.
fn hex(color: Color) -> String {
    match color {
        Color::Rgb(red, green, blue) => format!("#{red:02x}{green:02x}{blue:02x}"),
        other => panic!("{other} is another colour in every terminal"),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// The places from which on something stays the same, each with its end.
fn runs(line: &[Cell], same: impl Fn(&Cell, &Cell) -> bool) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for at in 0..line.len() {
        match runs.last_mut() {
            Some((_, end)) if same(&line[at - 1], &line[at]) => *end = at + 1,
            _ => runs.push((at, at + 1)),
        }
    }
    runs
}

fn grounds(text: &mut String, line: &[Cell], y: usize, ground: &str) {
    for (from, to) in runs(line, |one, other| colours(one).1 == colours(other).1) {
        let bg = colours(&line[from]).1;
        if bg != ground {
            let (x, y, width) = (from * WIDE, y * HIGH, (to - from) * WIDE);
            let _ = writeln!(
                text,
                "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{HIGH}\" fill=\"{bg}\"/>"
            );
        }
    }
}

/// Whether a cell is drawn as a shape and not as a letter.
fn is_shape(cell: &Cell) -> bool {
    let symbol = cell.symbol();
    LINES.iter().any(|(glyph, _)| *glyph == symbol) || BARS[1..].contains(&symbol)
}

/// Letters in runs of one style; a sign that another font may have to lend stands alone, in
/// the middle of its cell.
fn letters(text: &mut String, line: &[Cell], y: usize) {
    let style = |cell: &Cell| {
        let kept = cell.modifier & (Modifier::BOLD | Modifier::ITALIC);
        (colours(cell).0, kept)
    };
    let plain = |cell: &Cell| cell.symbol().is_ascii();
    let y = y * HIGH + FOOT;
    for (from, to) in runs(line, |one, other| {
        style(one) == style(other) && plain(one) && plain(other)
    }) {
        if is_shape(&line[from]) {
            continue;
        }
        let (fill, modifier) = style(&line[from]);
        let mut look = format!("fill=\"{fill}\"");
        for (flag, words) in [
            (Modifier::BOLD, " font-weight=\"bold\""),
            (Modifier::ITALIC, " font-style=\"italic\""),
        ] {
            if modifier.contains(flag) {
                look += words;
            }
        }
        if !plain(&line[from]) {
            let x = from * WIDE + WIDE / 2;
            let sign = escaped(line[from].symbol());
            let _ = writeln!(
                text,
                "<text x=\"{x}\" y=\"{y}\" text-anchor=\"middle\" {look}>{sign}</text>"
            );
            continue;
        }
        for (place, words) in words(&line[from..to]) {
            let (x, length) = ((from + place) * WIDE, words.len() * WIDE);
            let words = escaped(&words);
            let _ = writeln!(
                text,
                "<text x=\"{x}\" y=\"{y}\" textLength=\"{length}\" {look}>{words}</text>"
            );
        }
    }
}

/// Words with one blank between them at most, for more would be lost, and their places.
fn words(cells: &[Cell]) -> Vec<(usize, String)> {
    let line: String = cells.iter().map(Cell::symbol).collect();
    let mut words = Vec::new();
    let mut at = 0;
    for part in line.split("  ") {
        let start = part.len() - part.trim_start().len();
        if !part.trim().is_empty() {
            words.push((at + start, part.trim().to_owned()));
        }
        at += part.len() + 2;
    }
    words
}

/// Lines, bars and what underlines.
fn strokes(text: &mut String, line: &[Cell], y: usize) {
    let top = y * HIGH;
    for (from, to) in runs(line, |one, other| {
        let under = |cell: &Cell| cell.modifier.contains(Modifier::UNDERLINED);
        let glyph = |cell: &Cell| cell.symbol() == "─" || cell.symbol() == "█";
        colours(one).0 == colours(other).0
            && under(one) == under(other)
            && (one.symbol() == other.symbol() && glyph(one) || !is_shape(one) && !is_shape(other))
    }) {
        let cell = &line[from];
        let (fg, _) = colours(cell);
        let (x, width) = (from * WIDE, (to - from) * WIDE);
        if cell.modifier.contains(Modifier::UNDERLINED) {
            let under = top + HIGH - 2;
            let _ = writeln!(text, "<path d=\"M{x} {under}.5h{width}\" stroke=\"{fg}\"/>");
        }
        if let Some((_, arms)) = LINES.iter().find(|(glyph, _)| *glyph == cell.symbol()) {
            let path = lines((x, top), *arms, width);
            let _ = writeln!(text, "<path d=\"{path}\" stroke=\"{fg}\"/>");
        } else if let Some(part) = BARS[1..].iter().position(|bar| *bar == cell.symbol()) {
            // Tenths of a pixel, without a fraction to be rounded.
            let wide = (width - WIDE) * 10 + WIDE * 10 * (part + 1) / 8;
            let (whole, rest) = (wide / 10, wide % 10);
            // Bars below each other do not touch; one that is selected fills its line.
            let gap = usize::from(!cell.modifier.contains(Modifier::REVERSED)) * 2;
            let (y, high) = (top + gap, HIGH - 2 * gap);
            let _ = writeln!(
                text,
                "<rect x=\"{x}\" y=\"{y}\" width=\"{whole}.{rest}\" height=\"{high}\" fill=\"{fg}\"/>"
            );
        }
    }
}

/// The arms of a line, from the middle of its first cell on; a flat one is as long as its run.
fn lines((x, y): (usize, usize), arms: [bool; 4], width: usize) -> String {
    let [up, down, left, right] = arms;
    let (half, mid) = (WIDE / 2, HIGH / 2);
    let mut path = String::new();
    if up || down {
        let (from, to) = (if up { 0 } else { mid }, if down { HIGH } else { mid });
        let _ = write!(path, "M{}.5 {}v{}", x + half, y + from, to - from);
    }
    if left || right {
        let from = if left { 0 } else { half };
        let to = if right { width } else { half + 1 };
        let _ = write!(path, "M{} {}.5h{}", x + from, y + mid, to - from);
    }
    path
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    use super::*;

    fn drawn(text: &str, style: Style) -> String {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 12, 1));
        let ground = Style::new()
            .fg(Color::Rgb(255, 255, 255))
            .bg(Color::Rgb(0, 0, 0));
        buffer.set_style(buffer.area, ground);
        buffer.set_string(0, 0, text, style);
        let svg = svg(&buffer, "A & B");
        let (_, body) = svg.split_once("font-size=\"15\">\n").unwrap();
        assert!(svg.contains("<title>A &amp; B</title>"));
        body.replace("</g>\n</svg>\n", "")
    }

    #[test]
    fn letters_keep_their_columns_and_are_no_markup() {
        assert_eq!(
            drawn("a <b>   c", Style::new()),
            "<text x=\"0\" y=\"14\" textLength=\"45\" fill=\"#ffffff\">a &lt;b&gt;</text>\n\
             <text x=\"72\" y=\"14\" textLength=\"9\" fill=\"#ffffff\">c</text>\n"
        );
        assert_eq!(
            drawn("▸x", Style::new().add_modifier(Modifier::BOLD)),
            "<text x=\"4\" y=\"14\" text-anchor=\"middle\" fill=\"#ffffff\" font-weight=\"bold\">▸</text>\n\
             <text x=\"9\" y=\"14\" textLength=\"9\" fill=\"#ffffff\" font-weight=\"bold\">x</text>\n"
        );
    }

    #[test]
    fn lines_bars_and_grounds_are_shapes() {
        assert_eq!(
            drawn("├──", Style::new()),
            "<path d=\"M4.5 0v18M4 9.5h5\" stroke=\"#ffffff\"/>\n\
             <path d=\"M9 9.5h18\" stroke=\"#ffffff\"/>\n"
        );
        assert_eq!(
            drawn("██▌", Style::new()),
            "<rect x=\"0\" y=\"2\" width=\"18.0\" height=\"14\" fill=\"#ffffff\"/>\n\
             <rect x=\"18\" y=\"2\" width=\"4.5\" height=\"14\" fill=\"#ffffff\"/>\n"
        );
        assert_eq!(
            drawn(" x", Style::new().add_modifier(Modifier::REVERSED)),
            "<rect x=\"0\" y=\"0\" width=\"18\" height=\"18\" fill=\"#ffffff\"/>\n\
             <text x=\"9\" y=\"14\" textLength=\"9\" fill=\"#000000\">x</text>\n"
        );
    }
}
