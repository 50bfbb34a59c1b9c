//! How long a distribution release takes from its start to its publication (metric 15).

use serde_json::json;

use super::{Facts, Figure, Measure, Metric};
use crate::domain::distribution::release::{Release, ReleaseKind, ReleaseState};

/// Metric 15. Publication − creation in calendar days, of the releases published in the period,
/// recalled ones with them; all of them and by kind. Where a day is not known it is left out.
pub(super) const LEAD: Metric = Metric {
    number: 15,
    name: "lead",
    title: "Composition lead",
    formula: "Days from the creation of a distribution release to its publication, of those published in the period.",
    of_a_site: false,
    columns: &["release", "kind", "created", "published", "days"],
    measure,
};

fn measure(facts: &Facts<'_>) -> Measure {
    let mut all = Vec::new();
    let mut rows = Vec::new();
    for it in facts.releases.iter().filter(|it| !it.deleted) {
        let Some((days, created, published)) = lead(it) else {
            continue;
        };
        if published > facts.today || !facts.period.contains(published) {
            continue;
        }
        all.push((it.kind, days));
        rows.push(vec![
            json!(it.name),
            json!(it.kind.word()),
            json!(created),
            json!(published),
            json!(days),
        ]);
    }
    let of = |kind: Option<ReleaseKind>| {
        all.iter()
            .filter(|(it, _)| kind.is_none_or(|kind| kind == *it))
            .map(|(_, days)| *days)
            .collect::<Vec<i64>>()
    };
    let mut figures = vec![Figure::days("all releases", &of(None))];
    figures.extend(
        ReleaseKind::ALL
            .map(|kind| Figure::days(format!("{} releases", kind.word()), &of(Some(kind)))),
    );
    Measure { figures, rows }
}

fn lead(release: &Release) -> Option<(i64, chrono::NaiveDate, chrono::NaiveDate)> {
    let out = matches!(
        release.standing.state,
        ReleaseState::Published | ReleaseState::Recalled
    );
    let (created, published) = release.created.zip(release.date).filter(|_| out)?;
    Some(((published - created).num_days().max(0), created, published))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{on, says, with};
    use super::*;

    fn release(name: &str, kind: &str, (created, date): (&str, &str), state: &str) -> Release {
        serde_json::from_value(json!({
            "name": name, "kind": kind, "created": created, "date": date,
            "state": {"state": state, "entered": date},
        }))
        .unwrap()
    }

    #[test]
    fn metric_15_what_is_published_counts_on_the_day_it_was_and_a_recall_takes_nothing_away() {
        with(|facts| {
            facts.releases = vec![
                release(
                    "CMD 1.0.0",
                    "major",
                    ("2026-10-01", "2026-11-01"),
                    "published",
                ),
                release(
                    "CMD 1.0.1",
                    "emergency",
                    ("2026-11-02", "2026-11-02"),
                    "recalled",
                ),
                release(
                    "CMD 1.1.0",
                    "minor",
                    ("2026-11-02", "2026-11-20"),
                    "candidate",
                ),
                release(
                    "CMD 0.9.0",
                    "minor",
                    ("2026-10-01", "2026-10-31"),
                    "published",
                ),
            ];
            says(
                &LEAD,
                facts,
                &[
                    "all releases: median 15.5 d, p90 31 d, max 31 d",
                    "emergency releases: median 0 d, p90 0 d, max 0 d",
                    "minor releases: no data",
                ],
            );
            facts.today = on("2026-10-31");
            says(&LEAD, facts, &["all releases: no data"]);
        });
    }

    /// How many of EGI's 130 releases took so many days.
    #[rustfmt::skip]
    const EGI: &[(i64, usize)] = &[
        (0, 22), (1, 17), (2, 4), (3, 7), (4, 11), (5, 12), (6, 3), (7, 9), (8, 3), (9, 2), (11, 2),
        (12, 1), (13, 1), (14, 2), (15, 1), (16, 1), (19, 2), (20, 3), (21, 3), (22, 5), (23, 1),
        (25, 1), (29, 1), (30, 1), (32, 1), (36, 1), (38, 2), (47, 1), (50, 2), (51, 1), (87, 1),
        (108, 1), (110, 1), (133, 1), (142, 1), (144, 1), (283, 1),
    ];

    #[test]
    fn metric_15_the_lead_of_egis_130_releases_is_5_38_and_283_days() {
        let days: Vec<i64> = EGI
            .iter()
            .flat_map(|(days, n)| std::iter::repeat_n(*days, *n))
            .collect();
        assert_eq!(
            Figure::days("EGI", &days).text(),
            "median 5 d, p90 38 d, max 283 d"
        );
        assert_eq!(days.len(), 130);
    }
}
