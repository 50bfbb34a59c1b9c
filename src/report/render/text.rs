//! A report as text for a terminal, a mail or a printer: aligned columns, or, for screen
//! readers, a line a cell.

use unicode_width::UnicodeWidthStr as _;

use super::markdown::numeric;
use super::put;
use crate::domain::plain::plain;
use crate::report::document::{Document, Part, Shown, Table, written};

/// Where a paragraph turns.
const WIDTH: usize = 88;

/// `linear` writes tables as lines of label and cell, without alignment.
pub fn text(document: &Document, linear: bool) -> String {
    let title = one_line(&document.title);
    let mut out = format!("{title}\n");
    if !linear {
        put(&mut out, format_args!("{}\n", "=".repeat(title.width())));
    }
    for part in &document.parts {
        match part {
            Part::Table(table) if !table.shown.to_people() => continue,
            _ => out.push('\n'),
        }
        match part {
            Part::Heading(text) => {
                let text = one_line(text);
                put(&mut out, format_args!("{text}\n"));
                if !linear {
                    put(&mut out, format_args!("{}\n", "-".repeat(text.width())));
                }
            }
            Part::Text(text) => wrapped(&one_line(text), ("", ""), linear, &mut out),
            Part::List(items) => {
                for item in items {
                    wrapped(&one_line(item), ("- ", "  "), linear, &mut out);
                }
            }
            Part::Table(table) if table.rows.is_empty() => {
                put(&mut out, format_args!("{}\n", table.empty));
            }
            Part::Table(table) if linear => lines(table, &mut out),
            Part::Table(table) => aligned(table, &mut out),
        }
    }
    out
}

fn one_line(text: &str) -> String {
    plain(text.trim()).into_owned()
}

fn cells(table: &Table) -> (Vec<String>, Vec<Vec<String>>) {
    let columns = table.seen(Shown::to_people);
    let header = columns.iter().map(|(_, it)| one_line(&it.label)).collect();
    let row = |row: &Vec<serde_json::Value>| {
        let text = |at: usize| row.get(at).map(written).unwrap_or_default();
        columns.iter().map(|(at, _)| one_line(&text(*at))).collect()
    };
    (header, table.rows.iter().map(row).collect())
}

fn aligned(table: &Table, out: &mut String) {
    let (header, rows) = cells(table);
    let right: Vec<bool> = table
        .seen(Shown::to_people)
        .iter()
        .map(|(at, _)| numeric(table, *at))
        .collect();
    let width = |at: usize| {
        let all = rows.iter().chain([&header]);
        all.map(|row| row[at].width()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..header.len()).map(width).collect();
    let rules: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
    for row in [&header, &rules].into_iter().chain(&rows) {
        let mut line = String::new();
        for (at, cell) in row.iter().enumerate() {
            let pad = " ".repeat(widths[at].saturating_sub(cell.width()));
            let gap = if at == 0 { "" } else { "  " };
            line.push_str(gap);
            line.push_str(&if right[at] {
                pad + cell
            } else {
                cell.clone() + &pad
            });
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
}

fn lines(table: &Table, out: &mut String) {
    let (header, rows) = cells(table);
    for (number, row) in rows.iter().enumerate() {
        if number > 0 {
            out.push('\n');
        }
        for (label, cell) in header.iter().zip(row).filter(|(_, cell)| !cell.is_empty()) {
            put(out, format_args!("{label}: {cell}\n"));
        }
    }
}

fn wrapped(text: &str, (first, next): (&str, &str), linear: bool, out: &mut String) {
    let mut line = first.to_owned();
    let mut empty = true;
    for word in text.split_whitespace() {
        if !empty && !linear && line.width() + 1 + word.width() > WIDTH {
            put(out, format_args!("{line}\n"));
            next.clone_into(&mut line);
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(word);
        empty = false;
    }
    put(out, format_args!("{}\n", line.trim_end()));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::document::tests::hostile;

    #[test]
    fn columns_are_aligned_and_a_row_stays_a_line() {
        let text = text(&hostile(), false);
        assert!(
            text.starts_with("A | b <script>alert(1)</script> ␛[31m\n====="),
            "{text}"
        );
        let table: Vec<&str> = text
            .lines()
            .skip_while(|it| !it.starts_with("A | a"))
            .take(4)
            .collect();
        assert_eq!(
            table,
            [
                "A | a          N  Seen",
                "------------  --  ---------------",
                "x | y z\\ <b>  -3  =HYPERLINK(\"x\")",
                "日本          12",
            ]
        );
        assert!(!text.chars().any(|it| it.is_control() && it != '\n'));
    }

    #[test]
    fn for_a_screen_reader_every_cell_has_its_label() {
        let text = text(&hostile(), true);
        assert!(
            text.contains("A | a: x | y z\\ <b>\nN: -3\nSeen: "),
            "{text}"
        );
        assert!(!text.contains("---") && !text.contains("==="), "{text}");
    }
}
