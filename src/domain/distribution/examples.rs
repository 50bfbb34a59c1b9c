//! Releases that the tests start from.

use super::countdown::{self, Planned};
use super::release::{Candidate, Release, ReleaseState, Signature};
use crate::domain::queue::examples::{at, calendar, day, profile};

/// CMD 1.4.0 for Thursday, 17 December 2026, with T-12 in it.
pub(crate) fn release(state: ReleaseState) -> Release {
    let body = serde_json::json!({
        "name": "CMD 1.4.0",
        "distribution": "CMD",
        "version": "1.4.0",
        "kind": "minor",
        "state": {"state": state, "entered": "2026-11-21"},
        "created": "2026-11-21",
        "date": "2026-12-17",
        "tickets": ["T-12"],
        "owner": "Alice",
    });
    serde_json::from_value(body).unwrap()
}

pub(crate) fn planned(release: &Release) -> Vec<Planned> {
    countdown::of(release, &profile(), &calendar())
}

/// A candidate with everything that is asked for.
pub(crate) fn complete() -> Release {
    let mut release = release(ReleaseState::Candidate);
    release.frozen = Some(vec!["T-12".to_owned()]);
    release.notes = Some("Two fixes.".to_owned());
    release.candidates.push(Candidate {
        name: "RC1".to_owned(),
        built: at("2026-12-11"),
        by: "Alice".to_owned(),
    });
    for item in planned(&release).iter().filter(|it| !it.is_publication()) {
        release.signed.insert(
            item.no.clone(),
            Signature {
                by: "Alice".to_owned(),
                on: at("2026-12-11"),
                covers: None,
                rests: None,
            },
        );
    }
    assert_eq!(release.date, Some(day("2026-12-17")));
    release
}
