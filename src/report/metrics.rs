//! The report of all metrics of a period, and that of the rows behind one of them.

use serde_json::json;

use super::document::{Document, Table};
use super::spoken_period;
use crate::domain::metrics::{Facts, METRICS, Measure, Metric};

/// All metrics, a line a figure.
pub fn document(facts: &Facts<'_>) -> Document {
    let mut it = Document::new("metrics", title("Metrics", facts));
    it.text(
        "Every number is said with the n it is of; of nothing there is no number. \
         `report metrics --rows NUMBER` has the rows behind one.",
    );
    if facts.site.is_some() {
        it.text("Of one site only those metrics are told that can be narrowed to a site.");
    }
    let mut table = Table::new(
        "metrics",
        &[
            "number=No",
            ">name",
            "metric",
            "what",
            "n",
            "<value",
            ">share",
            ">part",
            ">median_days",
            ">p90_days",
            ">max_days",
        ],
        "No metric.",
    );
    for metric in METRICS
        .iter()
        .filter(|it| it.of_a_site || facts.site.is_none())
    {
        add(&mut table, metric, &(metric.measure)(facts));
    }
    it.table(table);
    it.heading("How they are worked out");
    it.list(
        METRICS
            .iter()
            .map(|metric| format!("{}, {}: {}", metric.number, metric.title, metric.formula))
            .collect(),
    );
    it.text(
        "The median of an even number lies between the two in the middle; p90 is the smallest \
         value that more than nine tenths of the values do not exceed.",
    );
    it
}

/// The rows behind one metric.
pub fn rows(facts: &Facts<'_>, metric: &Metric) -> Document {
    let name = format!("Metric {}: {}", metric.number, metric.title);
    let mut it = Document::new("metrics", title(&name, facts));
    it.text(metric.formula);
    let measure = (metric.measure)(facts);
    let mut behind = Table::new("rows", metric.columns, "No row.");
    behind.rows.clone_from(&measure.rows);
    it.table(behind);
    it.heading("What they add up to");
    let mut table = Table::new(
        "metrics",
        &[
            ">number",
            ">name",
            ">metric",
            "what",
            "n",
            "<value",
            ">share",
            ">part",
            ">median_days",
            ">p90_days",
            ">max_days",
        ],
        "No figure.",
    );
    add(&mut table, metric, &measure);
    it.table(table);
    it
}

fn add(table: &mut Table, metric: &Metric, measure: &Measure) {
    for figure in &measure.figures {
        let spread = figure.spread();
        table.row(vec![
            json!(metric.number),
            json!(metric.name),
            json!(metric.title),
            json!(figure.what),
            json!(figure.n),
            json!(figure.text()),
            json!(figure.fraction()),
            json!(figure.part()),
            json!(spread.map(|it| it.median)),
            json!(spread.map(|it| it.p90)),
            json!(spread.map(|it| it.max)),
        ]);
    }
}

fn title(name: &str, facts: &Facts<'_>) -> String {
    let mut title = format!("{name}, {}", spoken_period(&facts.period));
    for (word, narrowed) in [("site", &facts.site), ("product", &facts.product)] {
        if let Some(narrowed) = narrowed {
            title.extend([", ", word, " ", narrowed.as_str()]);
        }
    }
    title
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::metrics::{fixture, named};
    use crate::report::render::text::text;

    #[test]
    fn a_desk_without_records_has_no_data_in_every_line() {
        fixture::with(|facts| {
            let it = text(&document(facts), false);
            assert!(
                it.starts_with("Metrics, Sun 1 Nov 2026 to Mon 30 Nov 2026\n"),
                "{it}"
            );
            let lines = it.lines().filter(|line| line.ends_with("no data")).count();
            assert!(lines >= METRICS.len(), "{it}");
            assert!(!it.contains("NaN") && !it.contains(" 0 %"), "{it}");
        });
    }

    #[test]
    fn the_rows_of_a_metric_come_under_its_own_columns() {
        fixture::with(|facts| {
            let metric = named("15").unwrap();
            let it = rows(facts, metric);
            let table = it.tables().next().unwrap();
            let keys: Vec<&str> = table.columns.iter().map(|it| it.key.as_str()).collect();
            assert_eq!(keys, metric.columns);
        });
    }
}
