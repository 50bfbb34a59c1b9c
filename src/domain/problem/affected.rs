//! Which sites run a version that has a problem, by all that the desk knows of them:
//! what they run, what they reported, and who went ahead. Tells nobody.

use std::collections::BTreeSet;

use super::production::bad_tickets;
use super::report::Problem;
use crate::domain::queue::ticket::Ticket;
use crate::domain::rollout::announcement::Announcement;
use crate::domain::rollout::site::{Running, Site};
use crate::domain::zone::Zone;

/// What a desk knows beside a problem.
#[derive(Clone, Debug, Default)]
pub struct Around {
    pub sites: Vec<Site>,
    /// Those of the problem's product.
    pub tickets: Vec<Ticket>,
    /// Those of these tickets.
    pub announcements: Vec<Announcement>,
}

/// The sites that run the bad version, by name; the one that filed it is among them.
pub fn affected(problem: &Problem, around: &Around, zone: &Zone) -> BTreeSet<String> {
    let mut found: BTreeSet<String> = problem.site.iter().cloned().collect();
    for site in around.sites.iter().filter(|site| !site.deleted) {
        let runs = running(site, &problem.product);
        if runs.is_some_and(|it| problem.version.as_ref() == Some(&it.version)) {
            found.insert(site.name.clone());
        }
    }
    let bad = bad_tickets(problem, &around.tickets);
    for ticket in &bad {
        for site in ticket.early.keys() {
            found.insert(site.clone());
        }
        let announced = around
            .announcements
            .iter()
            .filter(|it| it.ticket == ticket.id && !it.deleted);
        for announcement in announced {
            found.extend(installed(problem, announcement));
        }
    }
    found.retain(|name| !has_moved_on(problem, name, &bad, around, zone));
    found
}

/// What a site is known to run of a product.
fn running<'s>(site: &'s Site, product: &str) -> Option<&'s Running> {
    let found = site
        .runs
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(product));
    found.map(|(_, runs)| runs)
}

/// The sites of an announcement that put it in place.
fn installed(problem: &Problem, announcement: &Announcement) -> BTreeSet<String> {
    let reported = announcement
        .reports
        .iter()
        .filter(|it| it.outcome.is_trial())
        .filter(|it| it.version.is_none() || it.version == problem.version)
        .map(|it| it.site.clone());
    announcement
        .deployed
        .keys()
        .cloned()
        .chain(reported)
        .collect()
}

/// A site that runs another version since it had the bad one is out of it.
fn has_moved_on(
    problem: &Problem,
    name: &str,
    bad: &[&Ticket],
    around: &Around,
    zone: &Zone,
) -> bool {
    let site = around.sites.iter().find(|site| site.name == name);
    let Some(runs) = site.and_then(|site| running(site, &problem.product)) else {
        return false;
    };
    if problem.version.as_ref() == Some(&runs.version) {
        return false;
    }
    let had_it_on = bad
        .iter()
        .flat_map(|ticket| {
            let early = ticket.early.get(name).map(|it| it.at.day(zone));
            let of_ticket = around
                .announcements
                .iter()
                .filter(|it| it.ticket == ticket.id);
            let deployed = of_ticket.clone().filter_map(|it| it.deployed.get(name));
            let reported = of_ticket
                .flat_map(|it| &it.reports)
                .filter(|it| it.site == name && it.outcome.is_trial())
                .map(|it| &it.received);
            early
                .into_iter()
                .chain(deployed.chain(reported).map(|at| at.day(zone)))
        })
        .chain((problem.site.as_deref() == Some(name)).then(|| problem.filed().day(zone)))
        .max();
    had_it_on.is_some_and(|day| runs.on > day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::problem::examples::{critical, released};
    use crate::domain::queue::examples::{at, day};
    use crate::domain::queue::ticket::Early;

    fn site(name: &str, version: &str, on: &str) -> Site {
        let runs = Running {
            version: version.into(),
            platform: None,
            on: day(on),
            how: None,
        };
        Site {
            name: name.into(),
            runs: [("ARC".to_owned(), runs)].into(),
            ..Site::default()
        }
    }

    fn names(around: &Around) -> Vec<String> {
        affected(&critical(), around, &Zone::utc())
            .into_iter()
            .collect()
    }

    #[test]
    fn r50_who_runs_the_bad_version_is_known_from_the_register_and_from_who_went_ahead() {
        let mut bad = released("T-1", "7.0.3", "2026-11-02");
        let early = Early {
            at: at("2026-11-03"),
            accepted_by: "Ana".into(),
            version: None,
            by: "Alice".into(),
        };
        bad.early.insert("LIP".into(), early);
        let mut around = Around {
            sites: vec![
                site("PIC", "7.0.3", "2026-11-10"),
                site("RAL", "7.0.2", "2026-11-10"),
            ],
            tickets: vec![bad],
            announcements: Vec::new(),
        };
        assert_eq!(names(&around), ["CNAF", "LIP", "PIC"]);
        around.sites.push(site("LIP", "7.0.4", "2026-11-20"));
        assert_eq!(names(&around), ["CNAF", "PIC"], "LIP has moved on");
    }
}
