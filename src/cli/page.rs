//! A page of the screen as lines for the shell. Says the same words; refuses to fold them, so
//! that a line can be searched for.

use unicode_width::UnicodeWidthStr as _;

use super::output::{Output, Tone};
use super::table::aligned;
use crate::workspace::look::board::rows::{Line, Page};

/// Prints every line of a page, the labels of a stretch of fields in one column.
pub(super) fn print(out: &mut Output, page: &Page) {
    let mut lines = page.lines.as_slice();
    while let Some((first, rest)) = lines.split_first() {
        if let Line::Field(..) = first {
            let many = lines.iter().take_while(|it| matches!(it, Line::Field(..)));
            let (fields, after) = lines.split_at(many.count());
            columns(out, fields);
            lines = after;
            continue;
        }
        match first {
            Line::Heading(text) | Line::Lead(text) => {
                let text = out.tint(Tone::Bold, text);
                out.raw(&text);
            }
            Line::Text(text) => out.line(text),
            Line::Gap => out.line(""),
            Line::Field(..) => {}
        }
        lines = rest;
    }
}

fn columns(out: &mut Output, fields: &[Line]) {
    let fields: Vec<_> = fields
        .iter()
        .filter_map(|line| match line {
            Line::Field(label, text) => Some((label, text)),
            _ => None,
        })
        .collect();
    let wide = fields.iter().map(|(label, _)| label.width());
    let wide = wide.max().unwrap_or(0);
    for (label, text) in fields {
        let cells = [label.clone(), text.clone()];
        out.line(&aligned(&cells, &[wide, usize::MAX]));
    }
}
