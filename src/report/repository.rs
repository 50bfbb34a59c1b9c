//! What the beta and the production repository hold, and how it came there.

use std::collections::BTreeMap;

use serde_json::json;

use super::document::{Document, Table};
use crate::domain::queue::state::State;
use crate::domain::queue::ticket::{Promotion, Repository, Ticket};
use crate::domain::zone::Zone;

/// What the report is of.
pub struct Facts<'a> {
    pub tickets: &'a [Ticket],
    pub zone: &'a Zone,
}

pub fn document(facts: &Facts<'_>) -> Document {
    let mut it = Document::new("repository", "Repositories");
    for (repository, heading) in [
        (Repository::Production, "Production"),
        (Repository::Beta, "Beta"),
    ] {
        it.heading(heading);
        it.table(contents(facts, repository));
    }
    it.heading("Promotions");
    it.table(log(facts));
    it
}

/// A ticket's release in a repository: it entered, has not moved on, and was not taken back.
fn is_in(ticket: &Ticket, repository: Repository) -> Option<&Promotion> {
    let state = ticket.standing.state;
    let gone = matches!(state, State::Recalled | State::Rejected | State::Withdrawn);
    let moved_on =
        repository == Repository::Beta && ticket.promoted(Repository::Production).is_some();
    ticket
        .promoted(repository)
        .filter(|_| !gone && !moved_on && !ticket.deleted)
}

/// The latest release of each product, platform and architecture.
fn contents(facts: &Facts<'_>, repository: Repository) -> Table {
    let (name, empty) = match repository {
        Repository::Production => ("production", "Nothing was promoted to production."),
        Repository::Beta => ("beta", "Nothing is in beta."),
    };
    let mut table = Table::new(
        name,
        &[
            "product", "platform", "arch", "version", "ticket", "since", "proof",
        ],
        empty,
    );
    let mut latest: BTreeMap<_, (&Ticket, &Promotion)> = BTreeMap::new();
    for ticket in facts.tickets {
        let Some(promotion) = is_in(ticket, repository) else {
            continue;
        };
        let key = (
            ticket.product.to_lowercase(),
            &ticket.platform,
            &ticket.arch,
        );
        let entry = latest.entry(key).or_insert((ticket, promotion));
        if entry.1.at.start(facts.zone) <= promotion.at.start(facts.zone) {
            *entry = (ticket, promotion);
        }
    }
    for (ticket, promotion) in latest.into_values() {
        table.row(vec![
            json!(ticket.product),
            json!(ticket.platform),
            json!(ticket.arch),
            json!(ticket.version),
            json!(ticket.id),
            json!(promotion.at.day(facts.zone)),
            json!(promotion.proof),
        ]);
    }
    table
}

/// Every entry into a repository, the latest first.
fn log(facts: &Facts<'_>) -> Table {
    let mut table = Table::new(
        "promotions",
        &["on", "to", "ticket", "release", "by", "proof", "state"],
        "Nothing was promoted yet.",
    );
    let mut all: Vec<(&Ticket, &Promotion)> = facts
        .tickets
        .iter()
        .filter(|it| !it.deleted)
        .flat_map(|ticket| ticket.promotions.iter().map(move |it| (ticket, it)))
        .collect();
    all.sort_by_key(|(ticket, it)| {
        (
            std::cmp::Reverse(it.at.start(facts.zone)),
            ticket.id.clone(),
        )
    });
    for (ticket, it) in all {
        table.row(vec![
            json!(it.at.day(facts.zone)),
            json!(it.to.word()),
            json!(ticket.id),
            json!(ticket.label()),
            json!(it.by),
            json!(it.proof),
            json!(ticket.standing.state.word()),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::metrics::fixture::moved;
    use crate::report::render::text::text;

    fn promoted(id: &str, version: &str, state: State, entries: &[(&str, &str)]) -> Ticket {
        let mut it = moved(id, &[(state, "2026-11-02")]);
        it.version = Some(version.to_owned());
        let one =
            |(to, at): &(&str, &str)| json!({"to": to, "at": at, "by": "Alice", "proof": "#7"});
        it.promotions =
            serde_json::from_value(entries.iter().map(one).collect::<serde_json::Value>()).unwrap();
        it
    }

    #[test]
    fn r34_a_release_is_in_one_repository_and_a_newer_one_takes_its_place() {
        let tickets = [
            promoted(
                "T-1",
                "6.0.1",
                State::Released,
                &[("beta", "2026-10-01"), ("production", "2026-10-20")],
            ),
            promoted(
                "T-2",
                "6.0.2",
                State::Released,
                &[("beta", "2026-11-01"), ("production", "2026-11-20")],
            ),
            promoted(
                "T-3",
                "6.0.3",
                State::Recalled,
                &[("production", "2026-11-21")],
            ),
            promoted(
                "T-4",
                "6.1.0",
                State::StagedRollout,
                &[("beta", "2026-11-22")],
            ),
        ];
        let zone = Zone::utc();
        let it = document(&Facts {
            tickets: &tickets,
            zone: &zone,
        });
        let versions = |name: &str| -> Vec<String> {
            let table = it.tables().find(|it| it.name == name).unwrap();
            table
                .rows
                .iter()
                .map(|row| row[3].as_str().unwrap().to_owned())
                .collect()
        };
        assert_eq!(versions("production"), ["6.0.2"]);
        assert_eq!(versions("beta"), ["6.1.0"]);
        let told = text(&it, false);
        assert_eq!(told.matches("#7").count(), 2 + 6, "{told}");
    }
}
