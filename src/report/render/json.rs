//! A report as JSON, for programs: its texts in order, its tables by name.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value, json};

use crate::domain::plain::plain_json;
use crate::report::document::{Document, Part, Shown, Table};

pub fn json(document: &Document, now: DateTime<Utc>) -> String {
    let texts: Vec<&String> = document
        .parts
        .iter()
        .flat_map(|part| match part {
            Part::Text(text) => std::slice::from_ref(text),
            Part::List(items) => items.as_slice(),
            Part::Heading(_) | Part::Table(_) => &[],
        })
        .collect();
    let tables: Map<String, Value> = document
        .tables()
        .map(|it| (it.name.to_owned(), rows(it)))
        .collect();
    let value = json!({
        "schema": format!("relmate/report-{}/1", document.kind),
        "as_of": now.to_rfc3339_opts(SecondsFormat::Secs, true),
        "title": document.title,
        "texts": texts,
        "tables": tables,
    });
    format!("{}\n", plain_json(&format!("{value:#}")))
}

fn rows(table: &Table) -> Value {
    let columns = table.seen(Shown::to_programs);
    let row = |row: &Vec<Value>| -> Value {
        columns
            .iter()
            .map(|(at, column)| {
                let cell = row.get(*at).cloned().unwrap_or(Value::Null);
                (column.key.clone(), cell)
            })
            .collect::<Map<String, Value>>()
            .into()
    };
    table.rows.iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::document::tests::hostile;

    #[test]
    fn every_letter_is_kept_and_none_of_them_is_obeyed() {
        let text = json(&hostile(), "2026-11-21T09:14:00Z".parse().unwrap());
        assert!(!text.chars().any(|it| it.is_control() && it != '\n'));
        let value: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["schema"], "relmate/report-sites/1");
        assert_eq!(value["as_of"], "2026-11-21T09:14:00Z");
        assert!(value["title"].as_str().unwrap().contains('\u{1b}'));
        let row = &value["tables"]["rows"][0];
        assert_eq!((&row["n"], &row["q"]), (&json!(-3), &json!("@SUM(A1)")));
        assert!(row.get("p").is_none(), "a cell for people alone");
        assert_eq!(value["tables"]["nothing"], json!([]));
    }
}
