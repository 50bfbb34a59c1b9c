//! Records that the tests of the queue start from.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::enter::arrive;
use super::state::{Standing, State, SubmissionState};
use super::submission::{Submission, SubmissionStanding, Target};
use super::ticket::{CheckResult, Outcome, Ticket};
use crate::domain::calendar::Calendar;
use crate::domain::noun::Setting;
use crate::domain::people::Person;
use crate::domain::profile::{Profile, parse};
use crate::domain::rollout::decision::{Decision, Facts, decide};
use crate::domain::when::When;
use crate::domain::zone::Zone;

/// The day the example tickets entered their state: a Friday.
pub(crate) const ENTERED: &str = "2026-10-30";

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(crate) fn at(text: &str) -> When {
    When::Day(day(text))
}

pub(crate) fn profile() -> Profile {
    parse::parse(include_str!("../../../assets/profiles/egi-cmd.toml")).unwrap()
}

pub(crate) fn calendar() -> Calendar {
    Calendar {
        holidays: [(day("2026-11-26"), "Thanksgiving".to_owned())].into(),
    }
}

/// Runs a test under a profile.
pub(crate) fn under<T>(profile: &Profile, run: impl FnOnce(&Setting<'_>) -> T) -> T {
    run(&Setting {
        profile,
        calendar: &calendar(),
        zone: &Zone::utc(),
    })
}

pub(crate) fn standing(state: State) -> Standing {
    arrive(state, None, &at(ENTERED), &profile())
}

pub(crate) fn delayed_from(from: State) -> Standing {
    let stage = if from == State::WaitingForResponse {
        State::Verification
    } else {
        from
    };
    Standing {
        state: State::Delayed,
        from: Some(from),
        delayed_from: Some(from),
        ..standing(stage)
    }
}

pub(crate) fn ticket(state: State) -> Ticket {
    ticket_standing(standing(state))
}

pub(crate) fn ticket_standing(standing: Standing) -> Ticket {
    Ticket {
        id: "T-12".into(),
        submission: Some("S-17".into()),
        product: "bdii".into(),
        version: Some("6.0.2".into()),
        platform: "al9".into(),
        arch: "x86_64".into(),
        provider: Some("CERN".into()),
        standing,
        delay_reason: None,
        promised: None,
        review: None,
        informed: Some(day(ENTERED)),
        expected: None,
        verifier: Some("Vera".into()),
        owner: Some("Alice".into()),
        claimed_by: None,
        later: None,
        emergency: false,
        packages: vec!["bdii-6.0.2-1.noarch.rpm".into()],
        channel_id: None,
        tracking_id: None,
        notes_url: None,
        results: BTreeMap::new(),
        tested_by: Vec::new(),
        team: BTreeMap::new(),
        question: None,
        closing_reason: None,
        superseded_by: None,
        source: None,
        deleted: false,
        promotions: Vec::new(),
        announced: Some(at(ENTERED)),
        early: BTreeMap::new(),
        testbed: None,
        effort: None,
        watch: Vec::new(),
        verified: None,
        release: None,
    }
}

/// Every criterion of the profile passed.
pub(crate) fn passed(ticket: Ticket) -> Ticket {
    let result = |result| CheckResult {
        critical: false,
        result,
        link: None,
        note: None,
        by: "Vera".into(),
        on: at(ENTERED),
    };
    let results = profile()
        .criterion
        .into_iter()
        .map(|it| (it.id, result(Outcome::Ok)))
        .collect();
    Ticket { results, ..ticket }
}

pub(crate) fn submission() -> Submission {
    Submission {
        id: "S-17".into(),
        product: "bdii".into(),
        version: Some("6.0.2".into()),
        provider: Some("CERN".into()),
        notes_url: Some("https://bdii.example/6.0.2".into()),
        packages: vec!["bdii-6.0.2-1.noarch.rpm".into()],
        channel_id: None,
        support_unit: Some("EGI Software provisioning support".into()),
        targets: vec![Target {
            platform: "al9".into(),
            arch: "x86_64".into(),
        }],
        submitted: at("2026-11-20"),
        at_least: false,
        standing: SubmissionStanding {
            state: SubmissionState::Submitted,
            entered: at("2026-11-20"),
            limit: profile().injection_limit,
            pauses: Vec::new(),
            profile: 1,
        },
        injected: None,
        answered: None,
        tickets: Vec::new(),
        supersedes: None,
        emergency: false,
        owner: Some("Bob".into()),
        claimed_by: None,
        later: None,
        reason: None,
        source: None,
        deleted: false,
    }
}

pub(crate) fn manager() -> Person {
    Person {
        name: "Alice".into(),
        roles: vec!["manager".into()],
        ..Person::default()
    }
}

pub(crate) fn verifier(organisation: &str) -> Person {
    Person {
        name: "Vera".into(),
        organisation: Some(organisation.into()),
        ..Person::default()
    }
}

/// What the rule says of a ticket that was announced to nobody.
pub(crate) fn untold(ticket: &Ticket, setting: &Setting<'_>, today: &str) -> Decision {
    let facts = Facts {
        ticket,
        announcements: &[],
        problems: &[],
    };
    decide(&facts, setting, day(today))
}
