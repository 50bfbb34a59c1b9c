//! A report's first table as CSV, quoted as every export is.

use serde_json::Value;

use crate::exchange::table::Table;
use crate::exchange::write_csv;
use crate::report::document::{Document, Shown};

/// One table, for a spreadsheet holds no more; JSON has all of them.
pub(super) fn csv(document: &Document) -> String {
    let Some(table) = document.tables().next() else {
        return String::new();
    };
    let columns = table.seen(Shown::to_programs);
    let cell = |row: &Vec<Value>, at: usize| row.get(at).cloned().unwrap_or(Value::Null);
    write_csv::csv(&Table {
        columns: columns.iter().map(|(_, it)| it.key.clone()).collect(),
        rows: table
            .rows
            .iter()
            .map(|row| columns.iter().map(|(at, _)| cell(row, *at)).collect())
            .collect(),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::report::document::Table as Rows;

    #[test]
    fn no_cell_starts_a_formula_and_only_the_columns_of_programs_are_there() {
        let mut document = Document::new("sites", "x");
        let mut table = Rows::new("rows", &["a", "<b", ">c"], "");
        table.row(vec![json!("=1+1"), json!("seen"), json!("@SUM(A1)\u{1b}")]);
        document.table(table);
        assert_eq!(csv(&document), "a,c\r\n'=1+1,'@SUM(A1)␛\r\n");
    }
}
