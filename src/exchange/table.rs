//! A table on its way out, the same for every format. Knows no desk and no format;
//! `write_csv` and `write_markdown` each write it their way.

use serde_json::Value;
use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

/// Columns and rows as the caller orders them; a short row ends in empty cells.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    pub columns: Vec<String>,
    pub rows: Vec<Vec<Value>>,
}

impl Table {
    /// The cells of a row, one for each column.
    pub(super) fn cells<'a>(&'a self, row: &'a [Value]) -> impl Iterator<Item = &'a Value> {
        (0..self.columns.len()).map(|column| row.get(column).unwrap_or(&Value::Null))
    }

    /// A column with numbers and nothing else stands to the right.
    pub(super) fn is_numeric(&self, column: usize) -> bool {
        let mut cells = self
            .rows
            .iter()
            .filter_map(|row| row.get(column))
            .filter(|cell| !cell.is_null())
            .peekable();
        cells.peek().is_some() && cells.all(Value::is_number)
    }
}

/// A value as people read it: a list by semicolons, nothing for nothing.
pub(super) fn written(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(values) => {
            let parts: Vec<String> = values.iter().map(written).collect();
            parts.join("; ")
        }
        Value::Object(fields) => {
            let parts: Vec<String> = fields
                .iter()
                .map(|(name, value)| format!("{name}: {}", written(value)))
                .collect();
            parts.join(", ")
        }
        Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

/// The text in exactly `width` columns of a terminal, cut with `…` if it is longer.
pub(super) fn fitted(text: &str, width: usize, to_the_right: bool) -> String {
    let have = text.width();
    if have <= width {
        let pad = " ".repeat(width - have);
        return if to_the_right {
            pad + text
        } else {
            text.to_owned() + &pad
        };
    }
    let mut kept = String::new();
    let mut used = 0;
    for grapheme in text.graphemes(true) {
        if used + grapheme.width() + 1 > width {
            break;
        }
        used += grapheme.width();
        kept.push_str(grapheme);
    }
    if width > used {
        kept.push('…');
        used += 1;
    }
    kept + &" ".repeat(width - used)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_value_is_written_as_people_read_it() {
        assert_eq!(written(&json!(null)), "");
        assert_eq!(written(&json!(["al9", "el7"])), "al9; el7");
        assert_eq!(
            written(&json!([{"arch": "x86_64", "platform": "al9"}])),
            "arch: x86_64, platform: al9"
        );
        assert_eq!(written(&json!(3)), "3");
    }

    #[test]
    fn a_text_is_cut_between_letters_as_they_are_seen() {
        assert_eq!(fitted("dcache", 8, false), "dcache  ");
        assert_eq!(fitted("12", 4, true), "  12");
        assert_eq!(fitted("staged-rollout", 7, false), "staged…");
        assert_eq!(fitted("日本語", 4, false), "日… ");
        assert_eq!(fitted("日本語", 1, false), "…");
        assert_eq!(fitted("x", 0, false), "");
    }
}
