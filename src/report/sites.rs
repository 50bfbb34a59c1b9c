//! The site ledger: how every rollout site keeps what it agreed to, and who is on the
//! list of which product.

use std::collections::BTreeMap;

use serde_json::json;

use super::bar::level;
use super::document::{Document, Table};
use crate::domain::clock::Limit;
use crate::domain::noun::Setting;
use crate::domain::rollout::ledger::{Figures, Line, Records, Turnout, sum, target, turns};
use crate::domain::rollout::site::{Site, Sla};
use chrono::NaiveDate;

/// How many turns a sparkline shows.
const TURNS: usize = 12;

/// What the report is of.
pub struct Facts<'a> {
    pub records: Records<'a>,
    pub setting: &'a Setting<'a>,
    pub today: NaiveDate,
    /// Only this site, only this product.
    pub site: Option<&'a str>,
    pub product: Option<&'a str>,
    /// No character but ASCII in a sparkline.
    pub ascii: bool,
}

pub fn document(facts: &Facts<'_>) -> Document {
    let mut it = Document::new("sites", "Rollout sites");
    let lines = turns(&facts.records, facts.setting, facts.today);
    it.table(league(facts, &lines));
    it.text(
        "Rates are of the announcements whose last day is past. A silence keeps an agreement \
         that asks for failures only; an issue filed in time counts as a report.",
    );
    it.text(legend(facts.ascii));
    it.heading("By product");
    it.table(agreements(facts, &lines));
    it.heading("Sites of each product");
    it.table(by_product(facts));
    it
}

fn wants(asked: Option<&str>, name: &str) -> bool {
    asked.is_none_or(|it| it.eq_ignore_ascii_case(name))
}

fn sites<'a>(facts: &'a Facts<'_>) -> Vec<&'a Site> {
    let mut sites: Vec<&Site> = facts
        .records
        .sites
        .iter()
        .filter(|it| !it.deleted && wants(facts.site, &it.name))
        .collect();
    sites.sort_by_key(|it| it.name.to_lowercase());
    sites
}

/// "11 of 12, 92 %", or "no data".
fn rate(part: usize, n: usize) -> String {
    match n {
        0 => "no data".to_owned(),
        n => format!("{part} of {n}, {} %", (part * 200 + n) / (n * 2)),
    }
}

fn league(facts: &Facts<'_>, lines: &[Line]) -> Table {
    let mut table = Table::new(
        "sites",
        &[
            "site",
            "country",
            "announced",
            "reported",
            "n=Past",
            "on_time=In time",
            "<kept=SLA kept",
            ">sla_kept",
            "<rate=Answered",
            ">report_rate",
            "median_days=Median days",
            "meets=Meets its target",
            "<turns=Last turns",
        ],
        "No site yet.",
    );
    for site in sites(facts) {
        let own: Vec<&Line> = lines
            .iter()
            .filter(|it| it.site.eq_ignore_ascii_case(&site.name))
            .filter(|it| wants(facts.product, &it.product))
            .collect();
        let it = sum(&own, Some(site), facts.setting);
        table.row(vec![
            json!(site.name),
            json!(site.country),
            json!(it.announced),
            json!(it.reported),
            json!(it.n),
            json!(it.on_time),
            json!(rate(it.kept, it.n)),
            json!(it.sla_kept),
            json!(rate(it.answered, it.n)),
            json!(it.report_rate),
            json!(it.median_days),
            json!(it.meets),
            json!(sparkline(&it, facts.ascii)),
        ]);
    }
    table
}

/// The last turns, the earliest first: how much of its period an answer took, or what came.
pub fn sparkline(figures: &Figures, ascii: bool) -> String {
    let skipped = figures.series.len().saturating_sub(TURNS);
    let mark = |(turnout, part): &(Turnout, Option<u32>)| match turnout {
        Turnout::InTime => level(part.unwrap_or(0), ascii),
        Turnout::Late => '!',
        Turnout::Silent => 'x',
        Turnout::Consent => '-',
        Turnout::CalledOff => 'o',
        Turnout::Waiting => '?',
    };
    figures.series.iter().skip(skipped).map(mark).collect()
}

fn legend(ascii: bool) -> String {
    format!(
        "Last turns, the earliest first: {} to {} an answer in time, by the part of its period \
         it took; ! late, x silent, - silent as agreed, o called off, ? still in time.",
        level(0, ascii),
        level(1000, ascii)
    )
}

/// Everything that sites agreed to, with how it went.
fn agreements(facts: &Facts<'_>, lines: &[Line]) -> Table {
    let mut table = Table::new(
        "agreements",
        &[
            "site",
            "product",
            "limit",
            "reports",
            "holds=Holds today",
            "target=Target %",
            "n=Past",
            "<kept=SLA kept",
            ">sla_kept",
            "median_days=Median days",
            "meets=Meets its target",
        ],
        "Nothing is agreed yet.",
    );
    for site in sites(facts) {
        let mut products: BTreeMap<String, &str> = BTreeMap::new();
        for name in site.sla.keys() {
            products.insert(name.to_lowercase(), name);
        }
        let own = |line: &&Line| line.site.eq_ignore_ascii_case(&site.name);
        for line in lines.iter().filter(own) {
            products
                .entry(line.product.to_lowercase())
                .or_insert(&line.product);
        }
        for product in products.into_values().filter(|it| wants(facts.product, it)) {
            let of: Vec<&Line> = lines
                .iter()
                .filter(own)
                .filter(|it| it.product.eq_ignore_ascii_case(product))
                .collect();
            let it = sum(&of, Some(site), facts.setting);
            let sla = site.agreement(product, facts.today);
            let limit: Option<Limit> = sla.map(Sla::limit);
            table.row(vec![
                json!(site.name),
                json!(product),
                json!(limit.map(|it| it.to_string())),
                json!(sla.map(|it| it.reports.word())),
                json!(sla.map(|it| it.holds(facts.today))),
                json!(target(Some(site), (product, facts.today), facts.setting)),
                json!(it.n),
                json!(rate(it.kept, it.n)),
                json!(it.sla_kept),
                json!(it.median_days),
                json!(it.meets),
            ]);
        }
    }
    table
}

/// Who is on the list of which product today.
fn by_product(facts: &Facts<'_>) -> Table {
    let mut table = Table::new(
        "products",
        &["product", "sites", "absent=Absent today", "list=Names"],
        "No product has a site.",
    );
    let mut products: BTreeMap<String, (String, Vec<&Site>)> = BTreeMap::new();
    for site in sites(facts) {
        for (product, sla) in &site.sla {
            if sla.holds(facts.today) && wants(facts.product, product) {
                let entry = products.entry(product.to_lowercase());
                let (_, list) = entry.or_insert_with(|| (product.clone(), Vec::new()));
                list.push(site);
            }
        }
    }
    for (product, list) in products.into_values() {
        let names: Vec<&str> = list.iter().map(|it| it.name.as_str()).collect();
        let absent: Vec<&str> = list
            .iter()
            .filter(|it| it.absent(&product, facts.today).is_some())
            .map(|it| it.name.as_str())
            .collect();
        table.row(vec![
            json!(product),
            json!(names.len()),
            json!(absent),
            json!(names),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::metrics::fixture::announcement;
    use crate::domain::queue::examples::{day, profile, under};
    use crate::report::render::text::text;

    #[test]
    fn r40_a_site_without_an_announcement_has_no_data_and_one_with_has_its_rate() {
        let turn = json!({"announced": "2026-11-02", "sent": true, "limit": "7 days"});
        let announcements = [announcement(json!({
            "turn": {"CNAF": turn}, "reports": [{"site": "CNAF", "outcome": "ok", "received": "2026-11-05", "by": "A"}],
        }))];
        let sites: Vec<Site> = serde_json::from_value(json!([
            {"name": "PIC"}, {"name": "CNAF", "sla": {"bdii": {"days": 7}}},
        ]))
        .unwrap();
        let it = under(&profile(), |setting| {
            text(
                &document(&Facts {
                    records: Records {
                        announcements: &announcements,
                        problems: &[],
                        sites: &sites,
                    },
                    setting,
                    today: day("2026-11-30"),
                    site: None,
                    product: None,
                    ascii: true,
                }),
                true,
            )
        });
        assert!(it.contains("Site: CNAF\nAnnounced: 1\nReported: 1\nPast: 1\nIn time: 1\nSLA kept: 1 of 1, 100 %"), "{it}");
        assert!(
            it.contains(
                "Site: PIC\nAnnounced: 0\nReported: 0\nPast: 0\nIn time: 0\nSLA kept: no data"
            ),
            "{it}"
        );
        assert!(it.contains("Last turns: 4"), "{it}");
        assert!(it.contains("Target %: 80"), "{it}");
    }
}
