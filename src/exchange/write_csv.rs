//! A table as CSV (RFC 4180) that a spreadsheet opens without running any of it.

use std::iter::once;

use serde_json::Value;

use super::table::{Table, written};
use crate::domain::plain::plain_lines;

/// Header and rows, lines ended by CR LF.
pub fn csv(table: &Table) -> String {
    let mut out = String::new();
    let columns = table.columns.iter().map(|name| Value::from(name.as_str()));
    let header: Vec<Value> = columns.collect();
    for row in once(&header).chain(&table.rows) {
        let cells: Vec<String> = table.cells(row).map(cell).collect();
        match cells.as_slice() {
            [only] if only.is_empty() => out.push_str("\"\""),
            cells => out.push_str(&cells.join(",")),
        }
        out.push_str("\r\n");
    }
    out
}

fn cell(value: &Value) -> String {
    let text = written(value);
    let text = if value.is_number() {
        text
    } else {
        guarded(&text)
    };
    let text = plain_lines(&text);
    let quoted = text.contains([',', ';', '"', '\n']) || text.trim() != text;
    if quoted {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.into_owned()
    }
}

/// A spreadsheet runs a cell that starts like this.
fn starts_a_formula(text: &str) -> bool {
    let formula = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    text.starts_with(formula) && !is_number(text)
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits =
        |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    all_digits(whole) && all_digits(part)
}

/// A text that would start a formula, with an apostrophe before it.
fn guarded(text: &str) -> String {
    if starts_a_formula(text) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// The text that an export guarded.
pub(super) fn unguarded(text: &str) -> &str {
    text.strip_prefix('\'')
        .filter(|rest| starts_a_formula(rest))
        .unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(value: Value, expected: &str) {
        let table = Table {
            columns: vec!["a".to_owned(), "b".to_owned()],
            rows: vec![vec![value]],
        };
        assert_eq!(csv(&table), format!("a,b\r\n{expected},\r\n"));
    }

    #[test]
    fn a_cell_is_quoted_only_when_it_has_to_be() {
        check(json!("ARC 7.0.3"), "ARC 7.0.3");
        check(json!("a,b"), "\"a,b\"");
        check(json!("say \"no\""), "\"say \"\"no\"\"\"");
        check(json!("two\nlines"), "\"two\nlines\"");
        check(json!(null), "");
    }

    #[test]
    fn a_formula_is_never_run_and_a_number_stays_one() {
        check(json!("=HYPERLINK(\"x\")"), "\"'=HYPERLINK(\"\"x\"\")\"");
        check(json!("@SUM(A1)"), "'@SUM(A1)");
        check(json!("-2+3"), "'-2+3");
        check(json!("\t=1"), "' =1");
        check(json!("-3"), "-3");
        check(json!("+2.5"), "+2.5");
        check(json!(-3), "-3");
        check(json!("2011-06-20"), "2011-06-20");
    }

    #[test]
    fn nothing_in_a_cell_reaches_the_terminal_raw() {
        check(json!("\u{1b}[31mred"), "␛[31mred");
    }

    #[test]
    fn an_empty_row_of_one_column_stays_a_row() {
        let table = Table {
            columns: vec!["a".to_owned()],
            rows: vec![vec![json!("")], vec![]],
        };
        assert_eq!(csv(&table), "a\r\n\"\"\r\n\"\"\r\n");
    }

    #[test]
    fn a_guard_comes_off_again() {
        assert_eq!(unguarded("'=1"), "=1");
        assert_eq!(unguarded("'tis"), "'tis");
    }
}
