//! A report as Markdown, for an issue or a wiki. No text of ours or of others starts a tag, a
//! link or a row.

use unicode_width::UnicodeWidthStr as _;

use super::put;
use crate::domain::plain::{plain, plain_lines};
use crate::report::document::{Document, Part, Shown, Table, written};

pub fn markdown(document: &Document) -> String {
    let mut out = format!("# {}\n", inline(&plain(&document.title)));
    for part in &document.parts {
        out.push('\n');
        match part {
            Part::Heading(text) => put(&mut out, format_args!("## {}\n", inline(&plain(text)))),
            Part::Text(text) => put(&mut out, format_args!("{}\n", line(text))),
            Part::List(items) => {
                for item in items {
                    put(&mut out, format_args!("- {}\n", line(item)));
                }
            }
            Part::Table(table) if !table.shown.to_people() => {
                out.pop();
            }
            Part::Table(table) if table.rows.is_empty() => {
                put(&mut out, format_args!("{}\n", line(table.empty)));
            }
            Part::Table(table) => rows(table, &mut out),
        }
    }
    out
}

fn rows(table: &Table, out: &mut String) {
    let columns = table.seen(Shown::to_people);
    let header: Vec<String> = columns.iter().map(|(_, it)| cell(&it.label)).collect();
    let rows: Vec<Vec<String>> = table
        .rows
        .iter()
        .map(|row| {
            let text = |at: &usize| row.get(*at).map(written).unwrap_or_default();
            columns.iter().map(|(at, _)| cell(&text(at))).collect()
        })
        .collect();
    let widths: Vec<usize> = (0..columns.len())
        .map(|at| {
            let all = rows.iter().chain([&header]);
            all.map(|row| row[at].width()).max().unwrap_or(0).max(3)
        })
        .collect();
    let rules: Vec<String> = columns
        .iter()
        .zip(&widths)
        .map(|((at, _), width)| {
            if numeric(table, *at) {
                "-".repeat(width - 1) + ":"
            } else {
                "-".repeat(*width)
            }
        })
        .collect();
    for row in [&header, &rules].into_iter().chain(&rows) {
        out.push('|');
        for ((cell, width), (at, _)) in row.iter().zip(&widths).zip(&columns) {
            let pad = " ".repeat(width.saturating_sub(cell.width()));
            let cell = if numeric(table, *at) {
                format!(" {pad}{cell} |")
            } else {
                format!(" {cell}{pad} |")
            };
            out.push_str(&cell);
        }
        out.push('\n');
    }
}

/// A column of numbers stands to the right.
pub(super) fn numeric(table: &Table, at: usize) -> bool {
    let cells = table.rows.iter().filter_map(|row| row.get(at));
    let mut cells = cells.filter(|cell| !cell.is_null()).peekable();
    cells.peek().is_some() && cells.all(serde_json::Value::is_number)
}

fn cell(text: &str) -> String {
    inline(&plain_lines(text.trim())).replace('\n', "<br>")
}

/// A paragraph or an item on one line, that starts no list, heading or quotation.
fn line(text: &str) -> String {
    let text = inline(&plain(text.trim()));
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    let numbered = digits > 0 && text[digits..].starts_with(['.', ')']);
    if numbered {
        let (number, rest) = text.split_at(digits);
        format!("{number}\\{rest}")
    } else if text.starts_with(['#', '-', '+', '>', '=', '~']) {
        format!("\\{text}")
    } else {
        text
    }
}

fn inline(text: &str) -> String {
    let mut out = String::new();
    for letter in plain_lines(text).chars() {
        if matches!(letter, '|' | '\\' | '<' | '*' | '`' | '[' | ']') {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::document::tests::hostile;

    #[test]
    fn no_text_starts_a_tag_a_link_a_list_or_a_row() {
        assert_eq!(
            markdown(&hostile()),
            "# A \\| b \\<script>alert(1)\\</script> ␛\\[31m\n\
             \n\
             ## # \\*One\\* \\[x\\](javascript:1)\n\
             \n\
             \\- first & last second \"line\" 'here' \\<img src=x onerror=1>\n\
             \n\
             - \\=1+1\n\
             - 1\\. a␇b\n\
             \n\
             | A \\| a             |   N | Seen            |\n\
             | ------------------ | --: | --------------- |\n\
             | x \\| y<br>z\\\\ \\<b> |  -3 | =HYPERLINK(\"x\") |\n\
             | 日本               |  12 |                 |\n\
             \n\
             None at all.\n"
        );
    }
}
