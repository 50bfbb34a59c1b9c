//! A table as plain aligned text for a terminal or a mail. No colour, nothing raw.

use unicode_width::UnicodeWidthStr as _;

use super::table::{Table, fitted, written};
use crate::domain::plain::plain;

/// Between two columns.
const GAP: usize = 2;

/// Header and rows; where `width` is given no line is wider, and the widest
/// columns give way first.
pub fn text(table: &Table, width: Option<usize>) -> String {
    let header: Vec<String> = table
        .columns
        .iter()
        .map(|name| plain(name).into_owned())
        .collect();
    let rows: Vec<Vec<String>> = table
        .rows
        .iter()
        .map(|row| {
            table
                .cells(row)
                .map(|cell| plain(&written(cell)).into_owned())
                .collect()
        })
        .collect();
    let mut widths: Vec<usize> = (0..header.len())
        .map(|column| {
            let cells = rows.iter().chain([&header]).map(|row| row[column].width());
            cells.max().unwrap_or(0)
        })
        .collect();
    if let Some(width) = width {
        narrow(&mut widths, width);
    }
    let right: Vec<bool> = (0..header.len())
        .map(|column| table.is_numeric(column))
        .collect();
    let mut out = String::new();
    for row in [&header].into_iter().chain(&rows) {
        let cells: Vec<String> = row
            .iter()
            .enumerate()
            .map(|(column, cell)| fitted(cell, widths[column], right[column]))
            .collect();
        let line = cells.join(&" ".repeat(GAP));
        let line = match width {
            Some(width) if line.width() > width => fitted(&line, width, false),
            _ => line,
        };
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// Takes from the widest column until the line fits or every column is one wide.
fn narrow(widths: &mut [usize], width: usize) {
    let gaps = GAP * widths.len().saturating_sub(1);
    let mut excess = (widths.iter().sum::<usize>() + gaps).saturating_sub(width);
    while excess > 0 {
        let Some(widest) = widths.iter_mut().max_by_key(|width| **width) else {
            return;
        };
        if *widest <= 1 {
            return;
        }
        *widest -= 1;
        excess -= 1;
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn queue() -> Table {
        Table {
            columns: vec!["id".to_owned(), "product".to_owned(), "days".to_owned()],
            rows: vec![
                vec![json!("T-12"), json!("ARC 7.0.3 al9"), json!(-4)],
                vec![json!("T-8"), json!("日本 9.2.4"), json!(19)],
            ],
        }
    }

    #[test]
    fn columns_are_aligned_by_what_the_terminal_shows() {
        assert_eq!(
            text(&queue(), None),
            "id    product        days\nT-12  ARC 7.0.3 al9    -4\nT-8   日本 9.2.4       19\n"
        );
    }

    #[test]
    fn the_widest_column_gives_way_first() {
        assert_eq!(
            text(&queue(), Some(19)),
            "id    product  days\nT-12  ARC 7.…    -4\nT-8   日本 9…    19\n"
        );
    }

    #[test]
    fn no_line_is_wider_than_asked() {
        for width in 0..30 {
            for line in text(&queue(), Some(width)).lines() {
                assert!(line.width() <= width, "{width}: {line}");
            }
        }
    }

    #[test]
    fn nothing_in_a_cell_reaches_the_terminal_raw() {
        let table = Table {
            columns: vec!["a".to_owned()],
            rows: vec![vec![json!("\u{1b}[2J\nx")]],
        };
        assert_eq!(text(&table, None), "a\n␛[2J x\n");
    }
}
