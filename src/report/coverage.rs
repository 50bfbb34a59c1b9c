//! Where the rollout has no site: platforms that tickets are for and nobody covers, products
//! without an agreement.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde_json::json;

use super::document::{Document, Table};
use crate::domain::queue::ticket::Ticket;
use crate::domain::rollout::site::Site;

/// What the report is of.
pub struct Facts<'a> {
    pub tickets: &'a [Ticket],
    pub sites: &'a [Site],
    /// The names of the products on the desk.
    pub products: &'a [String],
    pub today: NaiveDate,
}

impl Facts<'_> {
    fn sites(&self) -> impl Iterator<Item = &Site> {
        let usable = |it: &&Site| !it.deleted && it.production != Some(false);
        self.sites.iter().filter(usable)
    }

    /// Sites with an agreement on a product that holds today.
    fn agreed(&self, product: &str) -> Vec<&Site> {
        self.sites()
            .filter(|it| {
                it.agreement(product, self.today)
                    .is_some_and(|sla| sla.holds(self.today))
            })
            .collect()
    }
}

pub fn document(facts: &Facts<'_>) -> Document {
    let mut it = Document::new("coverage", "Coverage of platforms and products");
    it.heading("Platforms");
    it.table(platforms(facts));
    it.heading("Products");
    it.table(products(facts));
    let unknown: Vec<&str> = facts
        .sites()
        .filter(|it| it.platforms.is_empty())
        .map(|it| it.name.as_str())
        .collect();
    if !unknown.is_empty() {
        it.text(format!(
            "Of these sites no platform is known: {}.",
            unknown.join(", ")
        ));
    }
    it
}

fn covers(site: &Site, platform: &str) -> bool {
    site.platforms
        .iter()
        .any(|it| it.eq_ignore_ascii_case(platform))
}

fn platforms(facts: &Facts<'_>) -> Table {
    let mut table = Table::new(
        "platforms",
        &["platform", "tickets", "open", "sites", "list=Names", "gap"],
        "No ticket names a platform.",
    );
    let mut wanted: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let tickets = facts.tickets.iter().filter(|it| !it.deleted);
    for ticket in tickets.filter(|it| !it.platform.is_empty()) {
        let (all, open) = wanted.entry(&ticket.platform).or_default();
        *all += 1;
        *open += usize::from(ticket.standing.state.is_open());
    }
    for (platform, (all, open)) in wanted {
        let sites = facts.sites().filter(|it| covers(it, platform));
        let names: Vec<&str> = sites.map(|it| it.name.as_str()).collect();
        table.row(vec![
            json!(platform),
            json!(all),
            json!(open),
            json!(names.len()),
            json!(names),
            json!(if names.is_empty() {
                "nobody covers it"
            } else {
                ""
            }),
        ]);
    }
    table
}

fn products(facts: &Facts<'_>) -> Table {
    let mut table = Table::new(
        "products",
        &["product", "platforms", "sites", "list=Names", "gap"],
        "No product yet.",
    );
    let mut names: BTreeMap<String, &str> = BTreeMap::new();
    for name in facts.products {
        names.insert(name.to_lowercase(), name);
    }
    for ticket in facts.tickets.iter().filter(|it| !it.deleted) {
        names
            .entry(ticket.product.to_lowercase())
            .or_insert(&ticket.product);
    }
    for name in names.into_values() {
        let platforms: BTreeSet<&str> = facts
            .tickets
            .iter()
            .filter(|it| !it.deleted && it.product.eq_ignore_ascii_case(name))
            .map(|it| it.platform.as_str())
            .filter(|it| !it.is_empty())
            .collect();
        let sites = facts.agreed(name);
        let missing: Vec<&str> = platforms
            .iter()
            .filter(|platform| !sites.iter().any(|it| covers(it, platform)))
            .copied()
            .collect();
        let gap = match (sites.is_empty(), missing.is_empty()) {
            (true, _) => "no site has an agreement".to_owned(),
            (false, false) => format!("none of its sites covers {}", missing.join(", ")),
            (false, true) => String::new(),
        };
        let list: Vec<&str> = sites.iter().map(|it| it.name.as_str()).collect();
        table.row(vec![
            json!(name),
            json!(platforms),
            json!(list.len()),
            json!(list),
            json!(gap),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::metrics::fixture::moved;
    use crate::domain::queue::state::State;
    use crate::report::render::text::text;

    #[test]
    fn a_platform_without_a_site_and_a_product_without_an_agreement_are_gaps() {
        let of = |id: &str, product: &str, platform: &str| {
            let mut it = moved(id, &[(State::Unverified, "2026-11-02")]);
            (it.product, it.platform) = (product.to_owned(), platform.to_owned());
            it
        };
        let tickets = [
            of("T-1", "ARC", "al9"),
            of("T-2", "ARC", "el8"),
            of("T-3", "bdii", "al9"),
        ];
        let sites: Vec<Site> = serde_json::from_value(json!([
            {"name": "CNAF", "platforms": ["AL9"], "sla": {"arc": {"days": 7}}},
            {"name": "TEST", "platforms": ["el8"], "production": false},
            {"name": "PIC", "sla": {"bdii": {"days": 7, "to": "2026-11-20"}}},
        ]))
        .unwrap();
        let it = text(
            &document(&Facts {
                tickets: &tickets,
                sites: &sites,
                products: &["FTS".to_owned()],
                today: "2026-11-21".parse().unwrap(),
            }),
            true,
        );
        for line in [
            "Platform: al9\nTickets: 2\nOpen: 2\nSites: 1\nNames: CNAF\n\n",
            "Platform: el8\nTickets: 1\nOpen: 1\nSites: 0\nGap: nobody covers it",
            "Gap: none of its sites covers el8",
            "Product: bdii\nPlatforms: al9\nSites: 0\nGap: no site has an agreement",
            "Product: FTS\nSites: 0\nGap: no site has an agreement",
            "no platform is known: PIC.",
        ] {
            assert!(it.contains(line), "{line:?} is not in {it}");
        }
    }
}
