//! A report before it has a format: a title, texts, lists and tables of values. Every format
//! is written from this alone, so that all of them say the same.

use serde_json::Value;

use crate::domain::plain::capital;

/// A whole report.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// `metrics`, of `relmate/report-metrics/1`.
    pub kind: &'static str,
    pub title: String,
    pub parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    Heading(String),
    Text(String),
    List(Vec<String>),
    Table(Table),
}

/// Rows under named columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// What programs call it.
    pub name: &'static str,
    pub columns: Vec<Column>,
    /// A cell a column; a short row ends in empty ones.
    pub rows: Vec<Vec<Value>>,
    pub shown: Shown,
    /// What is said where there is no row.
    pub empty: &'static str,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// What programs call it.
    pub key: String,
    pub label: String,
    pub shown: Shown,
}

/// Whom something is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    ToAll,
    /// In Markdown, HTML and text: what says in one cell what programs have in several.
    ToPeople,
    /// In CSV and JSON.
    ToPrograms,
}

impl Shown {
    pub fn to_people(self) -> bool {
        self != Self::ToPrograms
    }

    pub fn to_programs(self) -> bool {
        self != Self::ToPeople
    }
}

impl Document {
    pub fn new(kind: &'static str, title: impl Into<String>) -> Self {
        Self {
            kind,
            title: title.into(),
            parts: Vec::new(),
        }
    }

    pub fn heading(&mut self, text: impl Into<String>) {
        self.parts.push(Part::Heading(text.into()));
    }

    pub fn text(&mut self, text: impl Into<String>) {
        self.parts.push(Part::Text(text.into()));
    }

    pub fn list(&mut self, items: Vec<String>) {
        if !items.is_empty() {
            self.parts.push(Part::List(items));
        }
    }

    pub fn table(&mut self, table: Table) {
        self.parts.push(Part::Table(table));
    }

    /// The tables that programs read.
    pub fn tables(&self) -> impl Iterator<Item = &Table> {
        self.parts.iter().filter_map(|part| match part {
            Part::Table(table) if table.shown.to_programs() => Some(table),
            Part::Table(_) | Part::Heading(_) | Part::Text(_) | Part::List(_) => None,
        })
    }
}

impl Table {
    /// Columns as `key`, `key=Label`, `<key=Label` for people alone, `>key` for programs alone.
    pub fn new(name: &'static str, columns: &[&str], empty: &'static str) -> Self {
        Self {
            name,
            columns: columns.iter().map(|text| Column::read(text)).collect(),
            rows: Vec::new(),
            shown: Shown::ToAll,
            empty,
        }
    }

    #[must_use]
    pub fn for_people(mut self) -> Self {
        self.shown = Shown::ToPeople;
        self
    }

    pub fn row(&mut self, cells: Vec<Value>) {
        self.rows.push(cells);
    }

    /// Its columns for people or for programs, with their place.
    pub fn seen(&self, wanted: fn(Shown) -> bool) -> Vec<(usize, &Column)> {
        let all = self.columns.iter().enumerate();
        all.filter(|(_, column)| wanted(column.shown)).collect()
    }
}

impl Column {
    fn read(text: &str) -> Self {
        let (shown, text) = match (text.strip_prefix('<'), text.strip_prefix('>')) {
            (Some(rest), _) => (Shown::ToPeople, rest),
            (_, Some(rest)) => (Shown::ToPrograms, rest),
            (None, None) => (Shown::ToAll, text),
        };
        let (key, label) = text.split_once('=').unwrap_or((text, text));
        Self {
            key: key.to_owned(),
            label: capital(&label.replace('_', " ")),
            shown,
        }
    }
}

/// A cell as people read it: nothing for nothing, lists apart by commas.
pub fn written(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Array(items) => items.iter().map(written).collect::<Vec<_>>().join(", "),
        Value::Object(fields) => {
            let part = |(name, value): (&String, &Value)| format!("{name}: {}", written(value));
            fields.iter().map(part).collect::<Vec<_>>().join(", ")
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use serde_json::json;

    use super::*;

    /// A report of everything that a format may trip over.
    pub(crate) fn hostile() -> Document {
        let mut it = Document::new(
            "sites",
            "A | b <script>alert(1)</script> \u{1b}[31m\u{202e}",
        );
        it.heading("# *One* [x](javascript:1)");
        it.text("- first & last\nsecond \"line\" 'here' <img src=x onerror=1>");
        it.list(vec!["=1+1".to_owned(), "1. a\u{7}b".to_owned()]);
        let mut table = Table::new("rows", &["a=A | a", "n", "<p=Seen", ">q"], "None.");
        table.row(vec![
            json!("x | y\nz\\ <b>"),
            json!(-3),
            json!("=HYPERLINK(\"x\")"),
            json!("@SUM(A1)"),
        ]);
        table.row(vec![json!("日本"), json!(12)]);
        it.table(table);
        it.table(Table::new("nothing", &["a"], "None at all."));
        it
    }

    #[test]
    fn a_column_says_for_whom_it_is() {
        let table = Table::new("t", &["a_b", "<c=Said", ">d=x"], "");
        let keys = |wanted| {
            let seen = table.seen(wanted);
            seen.iter()
                .map(|(at, it)| format!("{at} {} {}", it.key, it.label))
                .collect::<Vec<_>>()
        };
        assert_eq!(keys(Shown::to_people), ["0 a_b A b", "1 c Said"]);
        assert_eq!(keys(Shown::to_programs), ["0 a_b A b", "2 d X"]);
    }
}
