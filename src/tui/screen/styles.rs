//! The colours of a frame as text: a line for each style, how many cells have it and what
//! stands first in it. Blank cells without a background have no style to be seen.

use std::fmt::Write as _;
use std::path::Path;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};

use crate::tui::theme::{Depth, Theme};

/// The most letters that are quoted of a style.
const QUOTED: usize = 24;

/// A shipped theme with every colour it has.
pub(super) fn theme(name: &str) -> Theme {
    let (theme, odd) = Theme::load(Some(name), Path::new(""), Depth::True);
    assert!(odd.is_empty(), "{odd:?}");
    theme
}

pub(super) fn ascii() -> Theme {
    Theme::new(true, false)
}

/// Whether any cell has a colour.
pub(super) fn has_colour(buffer: &Buffer) -> bool {
    let cells = &mut buffer.content.iter();
    cells.any(|cell| cell.fg != Color::Reset || cell.bg != Color::Reset)
}

/// A line for each style that is seen, in the order in which they come.
pub(super) fn styles(buffer: &Buffer) -> String {
    struct Seen {
        style: (Color, Color, Modifier),
        cells: usize,
        first: usize,
    }
    let mut all: Vec<Seen> = Vec::new();
    let cells = &buffer.content;
    for (at, cell) in cells.iter().enumerate().filter(|(_, cell)| is_seen(cell)) {
        match all.iter_mut().find(|seen| seen.style == of(cell)) {
            Some(seen) => seen.cells += 1,
            None => all.push(Seen {
                style: of(cell),
                cells: 1,
                first: at,
            }),
        }
    }
    let mut text = String::new();
    for seen in all {
        let row = buffer.area.width as usize;
        let end = (seen.first / row + 1) * row;
        let run = cells[seen.first..end].iter();
        let run: String = run
            .take_while(|cell| of(cell) == seen.style)
            .map(Cell::symbol)
            .collect();
        let first: String = run.trim().chars().take(QUOTED).collect();
        let name = name(seen.style);
        let _ = writeln!(text, "{:5}  {name:34} {}", seen.cells, first.trim_end());
    }
    text
}

fn of(cell: &Cell) -> (Color, Color, Modifier) {
    (cell.fg, cell.bg, cell.modifier)
}

fn is_seen(cell: &Cell) -> bool {
    let seen = Modifier::REVERSED | Modifier::UNDERLINED;
    cell.symbol() != " " || cell.bg != Color::Reset || cell.modifier.intersects(seen)
}

/// As a theme file says it: "red bold on black"; "plain" if it says nothing.
fn name((fg, bg, modifier): (Color, Color, Modifier)) -> String {
    let mut words = Vec::new();
    if fg != Color::Reset {
        words.push(fg.to_string());
    }
    words.extend(
        modifier
            .iter_names()
            .map(|(name, _)| name.to_ascii_lowercase()),
    );
    if bg != Color::Reset {
        words.push(format!("on {bg}"));
    }
    if words.is_empty() {
        "plain".to_owned()
    } else {
        words.join(" ")
    }
}
