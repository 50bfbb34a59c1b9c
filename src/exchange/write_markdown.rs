//! A table as Markdown, aligned to be read as it stands. Lets no cell end its row.

use unicode_width::UnicodeWidthStr as _;

use super::table::{Table, fitted, written};
use crate::domain::plain::plain_lines;

/// A pipe table with its columns padded.
pub fn markdown(table: &Table) -> String {
    let header: Vec<String> = table.columns.iter().map(|name| escaped(name)).collect();
    let rows: Vec<Vec<String>> = table
        .rows
        .iter()
        .map(|row| {
            table
                .cells(row)
                .map(|cell| escaped(&written(cell)))
                .collect()
        })
        .collect();
    let right: Vec<bool> = (0..header.len())
        .map(|column| table.is_numeric(column))
        .collect();
    let widths: Vec<usize> = (0..header.len())
        .map(|column| {
            let cells = rows.iter().chain([&header]).map(|row| row[column].width());
            cells.max().unwrap_or(0).max(3)
        })
        .collect();
    let line = |cells: &[String]| {
        let mut line = String::from("|");
        for (column, cell) in cells.iter().enumerate() {
            line.push(' ');
            line.push_str(&fitted(cell, widths[column], right[column]));
            line.push_str(" |");
        }
        line.push('\n');
        line
    };
    let rules: Vec<String> = widths
        .iter()
        .zip(&right)
        .map(|(width, right)| {
            if *right {
                "-".repeat(width - 1) + ":"
            } else {
                "-".repeat(*width)
            }
        })
        .collect();
    [&header, &rules]
        .into_iter()
        .chain(&rows)
        .map(|row| line(row))
        .collect()
}

fn escaped(text: &str) -> String {
    let mut out = String::new();
    for letter in plain_lines(text.trim()).chars() {
        match letter {
            '\n' => out.push_str("<br>"),
            '|' | '\\' | '<' | '*' | '`' => out.extend(['\\', letter]),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn columns_are_aligned_and_numbers_stand_to_the_right() {
        let table = Table {
            columns: vec!["ticket".to_owned(), "days".to_owned()],
            rows: vec![
                vec![json!("T-12"), json!(-4)],
                vec![json!("T-8"), json!(19)],
            ],
        };
        assert_eq!(
            markdown(&table),
            "| ticket | days |\n| ------ | ---: |\n| T-12   |   -4 |\n| T-8    |   19 |\n"
        );
    }

    #[test]
    fn no_cell_ends_its_row_or_starts_a_tag() {
        let table = Table {
            columns: vec!["a".to_owned()],
            rows: vec![vec![json!("x | y\nz\\ <b>\u{1b}")], vec![]],
        };
        assert_eq!(
            markdown(&table),
            "| a                   |\n| ------------------- |\n| x \\| y<br>z\\\\ \\<b>␛ |\n|                     |\n"
        );
    }
}
