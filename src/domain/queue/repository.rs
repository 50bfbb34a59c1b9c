//! The beta and the one production repository: what each holds, how it came there, and
//! what the product team sees of it (document 001; ). Read from
//! the tickets' promotions alone: a product team's own repository is never a source.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::state::State;
use super::ticket::{Promotion, Repository, Ticket};
use super::version;
use crate::domain::profile::Profile;
use crate::domain::zone::Zone;

/// A release that a repository holds, or an entry of its log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    pub repository: Repository,
    pub ticket: String,
    pub product: String,
    pub version: Option<String>,
    pub platform: String,
    pub arch: String,
    pub since: NaiveDate,
    pub by: String,
    pub proof: String,
    /// It was taken back, or turned down, since.
    pub gone: bool,
}

fn entry(ticket: &Ticket, promotion: &Promotion, zone: &Zone) -> Entry {
    Entry {
        repository: promotion.to,
        ticket: ticket.id.clone(),
        product: ticket.product.clone(),
        version: ticket.version.clone(),
        platform: ticket.platform.clone(),
        arch: ticket.arch.clone(),
        since: promotion.at.day(zone),
        by: promotion.by.clone(),
        proof: promotion.proof.clone(),
        gone: is_gone(ticket),
    }
}

/// Taken back or turned down: no repository holds it any more.
fn is_gone(ticket: &Ticket) -> bool {
    matches!(
        ticket.standing.state,
        State::Recalled | State::Rejected | State::Withdrawn
    )
}

/// Every promotion, the earliest first.
pub fn log<'a>(tickets: impl IntoIterator<Item = &'a Ticket>, zone: &Zone) -> Vec<Entry> {
    let mut entries: Vec<(chrono::DateTime<chrono::Utc>, Entry)> = Vec::new();
    for ticket in tickets.into_iter().filter(|ticket| !ticket.deleted) {
        for promotion in &ticket.promotions {
            entries.push((promotion.at.start(zone), entry(ticket, promotion, zone)));
        }
    }
    entries.sort_by(|left, right| {
        (left.0, &left.1.ticket, left.1.repository).cmp(&(
            right.0,
            &right.1.ticket,
            right.1.repository,
        ))
    });
    entries.into_iter().map(|(_, entry)| entry).collect()
}

/// What a repository holds now: of each product, platform and architecture the release
/// that came last and was not taken back.
pub fn holds<'a>(
    tickets: impl IntoIterator<Item = &'a Ticket>,
    repository: Repository,
    zone: &Zone,
) -> Vec<Entry> {
    let mut held: BTreeMap<(String, String, String), Entry> = BTreeMap::new();
    let entries = log(tickets, zone)
        .into_iter()
        .filter(|entry| entry.repository == repository && !entry.gone);
    for entry in entries {
        let place = (
            entry.product.clone(),
            entry.platform.clone(),
            entry.arch.clone(),
        );
        let older = held.get(&place).is_some_and(|known| {
            known.since == entry.since
                && is_older(entry.version.as_deref(), known.version.as_deref())
        });
        if !older {
            held.insert(place, entry);
        }
    }
    held.into_values().collect()
}

/// Of two that came on one day the higher version counts.
fn is_older(new: Option<&str>, known: Option<&str>) -> bool {
    match (new, known) {
        (Some(new), Some(known)) => version::compare(new, known) == Some(Ordering::Less),
        _ => false,
    }
}

/// What the product team sees of its release: it is out once it is in beta, and how far
/// the sites have come with it is not theirs to watch.
pub fn provider_view(ticket: &Ticket, profile: &Profile) -> String {
    let state = ticket.standing.state;
    let in_beta = ticket.promoted(Repository::Beta).is_some()
        || matches!(
            ticket.standing.acts_as(),
            State::StagedRollout | State::Ready
        );
    match state {
        State::Released => profile.label(State::Released).to_owned(),
        _ if state.is_open() && in_beta => {
            format!("{} (beta repository)", profile.label(State::Released))
        }
        _ => profile.label(state).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::queue::examples::{at, delayed_from, profile, ticket, ticket_standing};

    fn promoted(id: &str, version: &str, to: Repository, on: &str, state: State) -> Ticket {
        Ticket {
            id: id.to_owned(),
            version: Some(version.to_owned()),
            promotions: vec![Promotion {
                to,
                at: at(on),
                by: "Alice".to_owned(),
                proof: "T-12 is ready".to_owned(),
            }],
            ..ticket(state)
        }
    }

    fn production(tickets: &[Ticket]) -> Vec<(String, String)> {
        holds(tickets, Repository::Production, &Zone::utc())
            .into_iter()
            .map(|entry| (entry.ticket, entry.version.unwrap_or_default()))
            .collect()
    }

    #[test]
    fn r34_there_is_one_production_repository_and_the_last_promotion_counts() {
        let to = Repository::Production;
        let old = promoted("T-1", "6.0.1", to, "2026-10-01", State::Released);
        let new = promoted("T-2", "6.0.2", to, "2026-11-01", State::Released);
        let both = [new.clone(), old.clone()];
        assert_eq!(production(&both), [("T-2".to_owned(), "6.0.2".to_owned())]);
        let recalled = Ticket {
            standing: ticket(State::Recalled).standing,
            ..new
        };
        let after = [recalled, old];
        assert_eq!(production(&after), [("T-1".to_owned(), "6.0.1".to_owned())]);
        let log = log(&after, &Zone::utc());
        let told: Vec<_> = log.iter().map(|it| (it.ticket.as_str(), it.gone)).collect();
        assert_eq!(told, [("T-1", false), ("T-2", true)]);
        assert_eq!(log[0].proof, "T-12 is ready");
    }

    #[test]
    fn two_of_one_day_are_told_apart_by_their_version() {
        let to = Repository::Production;
        let high = promoted("T-1", "6.0.10", to, "2026-11-01", State::Released);
        let low = promoted("T-2", "6.0.9", to, "2026-11-01", State::Released);
        assert_eq!(production(&[high, low])[0].0, "T-1");
    }

    #[test]
    fn r35_beta_and_production_are_two() {
        let beta = promoted(
            "T-1",
            "6.0.1",
            Repository::Beta,
            "2026-10-01",
            State::StagedRollout,
        );
        assert!(production(std::slice::from_ref(&beta)).is_empty());
        assert_eq!(holds([&beta], Repository::Beta, &Zone::utc()).len(), 1);
    }

    #[test]
    fn r45_the_product_team_sees_it_released_from_the_beta_repository_on() {
        let profile = profile();
        let view = |ticket: &Ticket| provider_view(ticket, &profile);
        let beta = "released (beta repository)";
        assert_eq!(view(&ticket(State::Verification)), "verification");
        assert_eq!(view(&ticket(State::StagedRollout)), beta);
        assert_eq!(view(&ticket(State::Ready)), beta);
        let delayed = ticket_standing(delayed_from(State::StagedRollout));
        assert_eq!(view(&delayed), beta);
        assert_eq!(view(&ticket(State::Released)), "released");
        assert_eq!(view(&ticket(State::Rejected)), "rejected");
    }
}
