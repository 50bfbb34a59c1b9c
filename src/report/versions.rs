//! Who runs what: the grid of sites and products, and how each version is known.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::document::{Column, Document, Shown, Table};
use crate::domain::queue::product::Product;
use crate::domain::rollout::versions::Run;

/// What the report is of.
pub struct Facts<'a> {
    pub runs: &'a [Run],
    pub products: &'a [Product],
}

pub fn document(facts: &Facts<'_>) -> Document {
    let mut it = Document::new("versions", "Who runs what");
    it.table(grid(facts.runs));
    it.heading("How it is known");
    let mut table = Table::new(
        "versions",
        &["product", "site", "version", "platform", "since", "how"],
        "Nobody has told what a site runs.",
    );
    for run in facts.runs {
        table.row(vec![
            json!(run.product),
            json!(run.site),
            json!(run.version),
            json!(run.platform),
            json!(run.since),
            json!(run.how),
        ]);
    }
    it.table(table);
    it.heading("How software reports its version");
    let mut table = Table::new(
        "products",
        &["product", "version_report=How it reports its version"],
        "No product yet.",
    );
    for product in facts.products {
        table.row(vec![json!(product.name), json!(product.version_report)]);
    }
    it.table(table);
    it
}

/// A row a site, a column a product.
fn grid(runs: &[Run]) -> Table {
    let mut table = Table::new("grid", &["site"], "Nobody has told what a site runs.").for_people();
    let mut names: BTreeMap<String, &str> = BTreeMap::new();
    for run in runs {
        names
            .entry(run.product.to_lowercase())
            .or_insert(&run.product);
    }
    table.columns.extend(names.values().map(|name| Column {
        key: (*name).to_owned(),
        label: (*name).to_owned(),
        shown: Shown::ToAll,
    }));
    let sites: BTreeSet<&str> = runs.iter().map(|it| it.site.as_str()).collect();
    for site in sites {
        let version = |product: &String| {
            let run = runs
                .iter()
                .find(|it| it.site == site && it.product.to_lowercase() == *product);
            // That it runs there is known, in which version is not.
            run.map_or(Value::Null, |it| {
                json!(it.version.as_deref().unwrap_or("unknown"))
            })
        };
        let cells = std::iter::once(json!(site)).chain(names.keys().map(version));
        table.row(cells.collect());
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::render::text::text;

    fn run(site: &str, product: &str, version: Option<&str>) -> Run {
        Run {
            product: product.to_owned(),
            site: site.to_owned(),
            version: version.map(str::to_owned),
            platform: None,
            since: "2026-11-02".parse().unwrap(),
            how: "report".to_owned(),
        }
    }

    #[test]
    fn r32_the_grid_tells_a_version_nobody_told_of_from_software_that_does_not_run() {
        let runs = [
            run("CNAF", "ARC", Some("7.0.3")),
            run("PIC", "ARC", None),
            run("PIC", "bdii", Some("6.0.2")),
        ];
        let products: Vec<Product> = serde_json::from_value(json!([
            {"name": "ARC", "version_report": "arched -V"},
        ]))
        .unwrap();
        let it = text(
            &document(&Facts {
                runs: &runs,
                products: &products,
            }),
            false,
        );
        assert!(
            it.contains("Site  ARC      Bdii") || it.contains("Site  ARC      bdii"),
            "{it}"
        );
        assert!(it.contains("CNAF  7.0.3\n"), "{it}");
        assert!(it.contains("PIC   unknown  6.0.2"), "{it}");
        assert!(it.contains("arched -V"), "{it}");
    }
}
