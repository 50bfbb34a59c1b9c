//! Aligned columns for people; on a pipe or with `--plain` one record a line,
//! fields apart by a tab. Widths are those of the terminal.

use unicode_width::UnicodeWidthStr;

use super::output::{Output, Tone};
use crate::domain::plain::plain;

/// Rows to be printed.
pub(super) struct Table {
    header: Vec<String>,
    rows: Vec<(Option<Tone>, Vec<String>)>,
}

/// Between two columns.
const GAP: usize = 2;

impl Table {
    pub(super) fn new(header: &[&str]) -> Self {
        Self {
            header: header.iter().map(|&name| name.to_owned()).collect(),
            rows: Vec::new(),
        }
    }

    pub(super) fn row<'a>(&mut self, tone: Option<Tone>, cells: impl IntoIterator<Item = &'a str>) {
        self.rows.push((
            tone,
            cells
                .into_iter()
                .map(|cell| plain(cell).replace('\n', " "))
                .collect(),
        ));
    }

    pub(super) fn print(&self, out: &mut Output) {
        if out.plain || out.width.is_none() && !out.color {
            for (_, cells) in &self.rows {
                out.line_of_cells(cells);
            }
            return;
        }
        let widths = self.widths(out.width);
        let header = aligned(&self.header, &widths);
        let header = out.tint(Tone::Faint, &header);
        out.raw(&header);
        for (tone, cells) in &self.rows {
            let line = aligned(cells, &widths);
            match tone {
                Some(tone) => {
                    let line = out.tint(*tone, &line);
                    out.raw(&line);
                }
                None => out.line(&line),
            }
        }
    }

    /// The widest cell of each column, the widest columns cut where the screen is narrow.
    fn widths(&self, limit: Option<usize>) -> Vec<usize> {
        let mut widths: Vec<usize> = self.header.iter().map(|cell| cell.width()).collect();
        for (_, cells) in &self.rows {
            for (width, cell) in widths.iter_mut().zip(cells) {
                *width = (*width).max(cell.width());
            }
        }
        let Some(limit) = limit else { return widths };
        loop {
            let total: usize = widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1);
            let Some(widest) = widths.iter_mut().max() else {
                return widths;
            };
            if total <= limit || *widest <= 8 {
                return widths;
            }
            *widest -= (total - limit).min(*widest - 8);
        }
    }
}

pub(super) fn aligned(cells: &[String], widths: &[usize]) -> String {
    let mut line = String::new();
    for (index, (cell, width)) in cells.iter().zip(widths).enumerate() {
        if index > 0 {
            line.push_str("  ");
        }
        let cut = cut(cell, *width);
        line.push_str(&cut);
        // Nothing stands behind the last cell.
        if index + 1 < cells.len() {
            line.extend(std::iter::repeat_n(' ', width.saturating_sub(cut.width())));
        }
    }
    line.trim_end().to_owned()
}

/// The text in so many columns, its end marked where it was cut.
fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut kept = String::new();
    for letter in text.chars() {
        kept.push(letter);
        if kept.width() + 1 > width {
            kept.pop();
            break;
        }
    }
    kept.push('…');
    kept
}
