//! Who runs what: by site and product the version that was last heard of, from what
//! sites reported, what was recorded of them, and who did not wait. Guesses nothing: a site
//! that runs a product in a version nobody told of has none.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::announcement::Announcement;
use super::site::Site;
use crate::domain::queue::ticket::Ticket;
use crate::domain::zone::Zone;

/// What it is worked out from.
#[derive(Clone, Copy)]
pub struct Records<'a> {
    pub sites: &'a [Site],
    pub announcements: &'a [Announcement],
    pub tickets: &'a [Ticket],
}

/// A product at a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    pub product: String,
    pub site: String,
    pub version: Option<String>,
    pub platform: Option<String>,
    /// The day it was heard of.
    pub since: NaiveDate,
    /// How it is known.
    pub how: String,
}

/// Every site that is known to run a product by a day, in the order of products and sites.
/// What was heard last counts; a version beats none heard later, for it is still the best known.
pub fn running(records: &Records<'_>, zone: &Zone, by: NaiveDate) -> Vec<Run> {
    let mut heard = recorded(records);
    heard.extend(reported(records, zone));
    heard.extend(early(records, zone));
    heard.retain(|it| it.since <= by);
    heard.sort_by_key(|it| it.since);
    let mut runs: BTreeMap<(String, String), Run> = BTreeMap::new();
    for run in heard {
        let key = (run.product.to_lowercase(), run.site.to_lowercase());
        let known = runs.get(&key).is_some_and(|it| it.version.is_some());
        if run.version.is_some() || !known {
            runs.insert(key, run);
        }
    }
    runs.into_values().collect()
}

fn recorded(records: &Records<'_>) -> Vec<Run> {
    let sites = records.sites.iter().filter(|it| !it.deleted);
    sites
        .flat_map(|site| {
            site.runs.iter().map(|(product, run)| Run {
                product: product.clone(),
                site: site.name.clone(),
                version: Some(run.version.clone()).filter(|it| !it.trim().is_empty()),
                platform: run.platform.clone(),
                since: run.on,
                how: run.how.clone().unwrap_or_else(|| "recorded".to_owned()),
            })
        })
        .collect()
}

fn reported(records: &Records<'_>, zone: &Zone) -> Vec<Run> {
    let mut runs = Vec::new();
    for it in records.announcements.iter().filter(|it| !it.deleted) {
        let run = |site: &str, version: Option<String>, since: NaiveDate, how: String| Run {
            product: it.product.clone(),
            site: site.to_owned(),
            version,
            platform: Some(it.platform.clone()).filter(|it| !it.is_empty()),
            since,
            how,
        };
        for report in it.reports.iter().filter(|it| it.outcome.is_trial()) {
            let how = match &report.how {
                Some(how) => format!("report, {how}"),
                None => "report".to_owned(),
            };
            let since = report.received.day(zone);
            runs.push(run(&report.site, report.version.clone(), since, how));
        }
        for (site, at) in &it.deployed {
            runs.push(run(site, None, at.day(zone), "deployed".to_owned()));
        }
    }
    runs
}

fn early(records: &Records<'_>, zone: &Zone) -> Vec<Run> {
    let tickets = records.tickets.iter().filter(|it| !it.deleted);
    tickets
        .flat_map(|ticket| {
            ticket.early.iter().map(|(site, early)| Run {
                product: ticket.product.clone(),
                site: site.clone(),
                version: early.version.clone(),
                platform: Some(ticket.platform.clone()).filter(|it| !it.is_empty()),
                since: early.at.day(zone),
                how: "at its own risk".to_owned(),
            })
        })
        .collect()
}
