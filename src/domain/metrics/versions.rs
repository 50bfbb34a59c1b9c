//! How much is known of what sites run (metric 17).

use std::collections::BTreeMap;

use serde_json::json;

use super::{Facts, Figure, Measure, Metric};
use crate::domain::rollout::versions::{Records, running};

/// Metric 17. Sites whose version of a product is known / sites known to run it on the last
/// day of the period; a site runs it if it reported a trial, said it deployed it, went ahead
/// on its own, or was recorded to run it. All pairs of site and product, and by product.
pub(super) const COVERAGE: Metric = Metric {
    number: 17,
    name: "versions",
    title: "Version coverage",
    formula: "Sites whose version is known / sites known to run the product, on the last day of the period.",
    of_a_site: true,
    columns: &["product", "site", "version", "platform", "since", "how"],
    measure,
};

fn measure(facts: &Facts<'_>) -> Measure {
    let records = Records {
        sites: &facts.sites,
        announcements: &facts.announcements,
        tickets: &facts.tickets,
    };
    let day = facts.period.to.min(facts.today);
    let mut by_product: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut rows = Vec::new();
    for run in running(&records, facts.setting.zone, day) {
        if !facts.wants(&run.product) || !facts.wants_site(&run.site) {
            continue;
        }
        let (known, n) = by_product.entry(run.product.clone()).or_default();
        *n += 1;
        *known += usize::from(run.version.is_some());
        rows.push(vec![
            json!(run.product),
            json!(run.site),
            json!(run.version),
            json!(run.platform),
            json!(run.since),
            json!(run.how),
        ]);
    }
    let (known, n) = by_product
        .values()
        .fold((0, 0), |sum, it| (sum.0 + it.0, sum.1 + it.1));
    let mut figures = vec![Figure::share("all products", known, n)];
    for (product, (known, n)) in &by_product {
        figures.push(Figure::share(product, *known, *n));
    }
    Measure { figures, rows }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{announcement, on, says, with};
    use super::*;

    #[test]
    fn r32_metric_17_a_site_that_reported_without_a_version_is_known_to_run_it_and_no_more() {
        with(|facts| {
            let report = |site: &str, outcome: &str, version: Option<&str>| json!({"site": site, "outcome": outcome, "received": "2026-11-09", "by": "Alice", "version": version});
            facts.announcements = vec![announcement(json!({"reports": [
                report("CNAF", "ok", Some("6.0.2")),
                report("PIC", "issues", None),
                report("RAL", "not-deployed", None),
            ]}))];
            facts.sites = vec![
                serde_json::from_value(json!({
                    "name": "KIT", "runs": {"arc": {"version": "7.0.3", "on": "2026-11-10"}},
                }))
                .unwrap(),
            ];
            says(
                &COVERAGE,
                facts,
                &[
                    "all products: 2 of 3, 67 %",
                    "bdii: 1 of 2, 50 %",
                    "arc: 1 of 1, 100 %",
                ],
            );
            facts.today = on("2026-11-08");
            says(&COVERAGE, facts, &["all products: no data"]);
        });
    }
}
