//! The metrics of a release desk (DOMAIN.md d): each a pure function from the desk's records
//! and a period to figures, with the rows behind them. A number without its n is not printed,
//! and of nothing there is no number: "no data".

mod delay;
mod injection;
mod outcome;
mod problems;
mod release;
mod schedule;
mod sites;
pub mod stats;
mod stay;
mod versions;
pub mod walked;

#[cfg(test)]
pub(crate) mod fixture;

use chrono::NaiveDate;
use serde_json::Value;

use self::stats::{Spread, share, spread};
use super::distribution::release::Release;
use super::message::Message;
use super::noun::Setting;
use super::problem::report::Problem;
use super::queue::submission::Submission;
use super::queue::ticket::Ticket;
use super::rollout::announcement::Announcement;
use super::rollout::ledger::Records;
use super::rollout::site::Site;
use super::schedule::milestone::Milestone;

/// The days that are looked at, both ends with them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// None is since ever.
    pub from: Option<NaiveDate>,
    pub to: NaiveDate,
}

impl Period {
    pub fn contains(&self, day: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= day) && day <= self.to
    }

    /// Whether a stay has a day in the period; an open one lasts.
    pub fn touches(&self, from: NaiveDate, to: Option<NaiveDate>) -> bool {
        from <= self.to && to.is_none_or(|to| self.from.is_none_or(|first| first <= to))
    }
}

/// Everything the metrics are worked out from.
pub struct Facts<'a> {
    pub setting: &'a Setting<'a>,
    pub today: NaiveDate,
    pub period: Period,
    /// Only this site, only this product.
    pub site: Option<String>,
    pub product: Option<String>,
    pub tickets: Vec<Ticket>,
    pub submissions: Vec<Submission>,
    pub messages: Vec<Message>,
    pub announcements: Vec<Announcement>,
    pub problems: Vec<Problem>,
    pub sites: Vec<Site>,
    pub milestones: Vec<Milestone>,
    pub releases: Vec<Release>,
}

impl<'a> Facts<'a> {
    /// No record yet.
    pub fn none(setting: &'a Setting<'a>, today: NaiveDate, period: Period) -> Self {
        Self {
            setting,
            today,
            period,
            site: None,
            product: None,
            tickets: Vec::new(),
            submissions: Vec::new(),
            messages: Vec::new(),
            announcements: Vec::new(),
            problems: Vec::new(),
            sites: Vec::new(),
            milestones: Vec::new(),
            releases: Vec::new(),
        }
    }

    /// What the site ledger is worked out from.
    pub fn records(&self) -> Records<'_> {
        Records {
            announcements: &self.announcements,
            problems: &self.problems,
            sites: &self.sites,
        }
    }

    /// Whether a record of this product is looked at.
    fn wants(&self, product: &str) -> bool {
        self.product
            .as_deref()
            .is_none_or(|it| it.eq_ignore_ascii_case(product))
    }

    fn wants_site(&self, site: &str) -> bool {
        self.site
            .as_deref()
            .is_none_or(|it| it.eq_ignore_ascii_case(site))
    }

    fn tickets(&self) -> impl Iterator<Item = &Ticket> {
        self.tickets
            .iter()
            .filter(|it| !it.deleted && self.wants(&it.product))
    }

    fn day(&self, when: super::when::When) -> NaiveDate {
        when.day(self.setting.zone)
    }
}

/// One metric of the table.
pub struct Metric {
    /// Its number in DOMAIN.md d.
    pub number: u8,
    /// What it is asked for by, besides its number.
    pub name: &'static str,
    pub title: &'static str,
    /// How it is worked out, in words.
    pub formula: &'static str,
    /// Whether it can be narrowed to one site.
    pub of_a_site: bool,
    /// The header of the rows behind it.
    pub columns: &'static [&'static str],
    pub measure: fn(&Facts<'_>) -> Measure,
}

/// What a metric says of a period.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Measure {
    pub figures: Vec<Figure>,
    pub rows: Vec<Vec<Value>>,
}

/// One number of a metric.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    pub what: String,
    /// What it is of; 0 is no data.
    pub n: usize,
    pub amount: Amount,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Amount {
    /// So many of the n.
    Share(usize),
    /// So many for the n; may be more than they are.
    Rate(usize),
    /// Of whole days.
    Days(Option<Spread>),
    /// A sum of days over the n.
    Total(i64),
    /// The n themselves.
    Count,
}

impl Figure {
    fn share(what: impl Into<String>, part: usize, n: usize) -> Self {
        Self {
            what: what.into(),
            n,
            amount: Amount::Share(part),
        }
    }

    fn rate(what: impl Into<String>, part: usize, n: usize) -> Self {
        Self {
            what: what.into(),
            n,
            amount: Amount::Rate(part),
        }
    }

    fn days(what: impl Into<String>, days: &[i64]) -> Self {
        Self {
            what: what.into(),
            n: days.len(),
            amount: Amount::Days(spread(days)),
        }
    }

    fn total(what: impl Into<String>, days: i64, n: usize) -> Self {
        Self {
            what: what.into(),
            n,
            amount: Amount::Total(days),
        }
    }

    fn count(what: impl Into<String>, n: usize) -> Self {
        Self {
            what: what.into(),
            n,
            amount: Amount::Count,
        }
    }

    /// As a report says it; "no data" where it is of nothing.
    pub fn text(&self) -> String {
        if self.n == 0 {
            return "no data".to_owned();
        }
        match &self.amount {
            Amount::Share(part) => format!("{part} of {}, {}", self.n, percent(*part, self.n)),
            Amount::Rate(part) => format!(
                "{part} for {}, {:.2} each",
                self.n,
                share(*part, self.n).unwrap_or_default()
            ),
            Amount::Days(Some(days)) => format!(
                "median {} d, p90 {} d, max {} d",
                days.median, days.p90, days.max
            ),
            Amount::Days(None) => "no data".to_owned(),
            Amount::Total(days) => format!("{days} d"),
            Amount::Count => self.n.to_string(),
        }
    }

    /// The share or the rate as a fraction.
    pub fn fraction(&self) -> Option<f64> {
        match self.amount {
            Amount::Share(part) | Amount::Rate(part) => share(part, self.n),
            Amount::Days(_) | Amount::Total(_) | Amount::Count => None,
        }
    }

    pub fn spread(&self) -> Option<Spread> {
        match self.amount {
            Amount::Days(days) => days,
            Amount::Share(_) | Amount::Rate(_) | Amount::Total(_) | Amount::Count => None,
        }
    }

    pub fn part(&self) -> Option<i64> {
        match self.amount {
            Amount::Share(part) | Amount::Rate(part) => i64::try_from(part).ok(),
            Amount::Total(days) => Some(days),
            Amount::Days(_) | Amount::Count => None,
        }
    }
}

fn percent(part: usize, n: usize) -> String {
    // Half a percent is rounded up, so that 2 of 3 are 67 %.
    format!("{} %", (part * 200 + n) / (n * 2))
}

/// Every metric, in the order of DOMAIN.md d. The sixteenth is of release packages, which
/// this version does not keep.
pub const METRICS: &[Metric] = &[
    stay::TIME_IN_STATE,
    injection::INJECTION,
    delay::DELAYED,
    stay::LIMITS,
    delay::NOTICES,
    sites::COMPLIANCE,
    sites::RESPONSE,
    sites::SILENCE,
    outcome::REJECTION,
    outcome::YIELD,
    problems::ESCAPES,
    problems::CRITICAL,
    sites::OWN_RISK,
    schedule::SCHEDULE,
    release::LEAD,
    versions::COVERAGE,
];

/// A metric by its number or its name.
pub fn named(text: &str) -> Option<&'static Metric> {
    let text = text.trim().to_lowercase().replace([' ', '_'], "-");
    METRICS
        .iter()
        .find(|it| it.name == text || it.number.to_string() == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metric_has_its_own_number_and_name_and_is_found_by_both() {
        for (index, metric) in METRICS.iter().enumerate() {
            assert!(
                METRICS[index + 1..]
                    .iter()
                    .all(|it| it.number > metric.number && it.name != metric.name)
            );
            assert_eq!(named(metric.name).unwrap().number, metric.number);
            assert_eq!(named(&metric.number.to_string()).unwrap().name, metric.name);
            assert!(metric.formula.ends_with('.'), "{}", metric.name);
        }
        assert!(named("16").is_none() && named("").is_none());
    }

    #[test]
    fn no_metric_of_an_empty_desk_has_a_number_nor_a_row() {
        fixture::with(|facts| {
            for metric in METRICS {
                let measure = (metric.measure)(facts);
                assert!(!measure.figures.is_empty(), "metric {}", metric.number);
                assert!(measure.rows.is_empty(), "metric {}", metric.number);
                for figure in measure.figures {
                    assert_eq!(
                        (figure.n, figure.text().as_str()),
                        (0, "no data"),
                        "metric {}: {}",
                        metric.number,
                        figure.what
                    );
                    assert_eq!(figure.fraction(), None);
                }
            }
        });
    }

    #[test]
    fn a_period_has_both_of_its_ends() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let period = Period {
            from: Some(day("2026-01-01")),
            to: day("2026-12-31"),
        };
        assert!(period.contains(day("2026-01-01")) && period.contains(day("2026-12-31")));
        assert!(!period.contains(day("2025-12-31")) && !period.contains(day("2027-01-01")));
        assert!(period.touches(day("2025-01-01"), None));
        assert!(period.touches(day("2025-01-01"), Some(day("2026-01-01"))));
        assert!(!period.touches(day("2025-01-01"), Some(day("2025-12-31"))));
        assert!(!period.touches(day("2027-01-01"), None));
    }

    #[test]
    fn a_share_is_said_with_its_n_and_rounded() {
        assert_eq!(Figure::share("x", 2, 3).text(), "2 of 3, 67 %");
        assert_eq!(Figure::share("x", 3, 32).text(), "3 of 32, 9 %");
        assert_eq!(Figure::rate("x", 1, 4).text(), "1 for 4, 0.25 each");
    }
}
