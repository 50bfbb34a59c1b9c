use super::*;
use crate::domain::distribution::examples::{complete, planned, release};
use crate::domain::distribution::release::{ReleaseKind, Signature};
use crate::domain::queue::examples::{at, day, manager, profile, ticket, verifier};

fn facts(state: State) -> Facts {
    Facts {
        tickets: vec![ticket(state)],
        ..Facts::default()
    }
}

fn ask<T>(release: &Release, facts: &Facts, person: &Person, ask: impl FnOnce(&Request) -> T) -> T {
    ask(&Request {
        release,
        profile: &profile(),
        planned: &planned(release),
        facts,
        person,
        today: day("2026-12-11"),
        contested: false,
    })
}

#[track_caller]
fn refused(step: Step, release: &Release, facts: &Facts) -> String {
    ask(release, facts, &manager(), |request| refuse(step, request))
        .unwrap_err()
        .message
}

fn open(state: ReleaseState) -> String {
    let release = release(state);
    let open = Step::ALL.into_iter().filter(|step| step.is_open(&release));
    open.map(Step::word).collect::<Vec<_>>().join(" ")
}

#[test]
fn every_state_has_its_own_steps() {
    assert_eq!(open(ReleaseState::Planned), "freeze-date compose sign");
    assert_eq!(
        open(ReleaseState::DateFrozen),
        "freeze-date compose freeze sign"
    );
    assert_eq!(open(ReleaseState::ContentsFrozen), "rc sign publish");
    assert_eq!(open(ReleaseState::Candidate), "rc sign publish");
    assert_eq!(open(ReleaseState::Published), "recall");
    assert_eq!(open(ReleaseState::Recalled), "");
}

#[test]
fn a_complete_release_is_published_by_a_manager_alone() {
    let (release, facts) = (complete(), facts(State::Ready));
    let publish = |person: &Person| ask(&release, &facts, person, |it| refuse(Step::Publish, it));
    assert_eq!(publish(&manager()), Ok(()));
    let refused = publish(&verifier("INFN")).unwrap_err();
    assert!(refused.message.contains("Only a release manager"));
}

#[test]
fn all_that_a_release_lacks_is_named_with_its_role() {
    let release = release(ReleaseState::ContentsFrozen);
    let missing = ask(&release, &facts(State::Ready), &manager(), missing);
    let said: Vec<String> = missing
        .iter()
        .map(|it| format!("{} ({})", it.what, it.who))
        .collect();
    assert_eq!(said[0], "0 of 1 release candidates built (release manager)");
    assert_eq!(said[1], "it has no release notes (release manager)");
    assert!(
        said.iter()
            .any(|it| it.starts_with("4.2 is not signed") && it.ends_with("(verification lead)")),
        "{said:?}"
    );
    assert!(!said.iter().any(|it| it.starts_with("6 ")), "{said:?}");
    assert_eq!(said.len(), 11);
}

#[test]
fn r37_a_ticket_that_is_not_ready_stops_the_publication() {
    let message = refused(Step::Publish, &complete(), &facts(State::Rejected));
    assert!(message.contains("T-12 is rejected, not ready"), "{message}");
}

#[test]
fn an_open_critical_problem_on_a_ticket_in_it_stops_the_publication() {
    let problem = serde_json::json!({
        "id": "P-3", "channel_id": "4711", "product": "bdii", "version": "6.0.2",
        "criticality": "critical",
        "state": {"state": "triaged", "entered": "2026-12-01", "by": "Alice"},
    });
    let mut facts = facts(State::Ready);
    facts
        .problems
        .push(serde_json::from_value(problem).unwrap());
    let message = refused(Step::Publish, &complete(), &facts);
    assert!(message.contains("P-3 on T-12"), "{message}");
}

#[test]
fn r34_production_is_consistent_before_and_after() {
    let with = |version: &str| Ticket {
        id: "T-20".into(),
        version: Some(version.into()),
        ..ticket(State::Released)
    };
    let mut facts = facts(State::Ready);
    facts.production.push(with("6.1.0"));
    let message = refused(Step::Publish, &complete(), &facts);
    assert!(
        message.contains("6.0.2") && message.contains("6.1.0"),
        "{message}"
    );
    facts.production.clear();
    facts.tickets.push(Ticket {
        standing: ticket(State::Ready).standing,
        ..with("6.1.0")
    });
    let message = refused(Step::Publish, &complete(), &facts);
    assert!(
        message.contains("T-12") && message.contains("T-20"),
        "{message}"
    );
}

#[test]
fn an_emergency_goes_without_what_it_skips_and_never_without_notes_and_signatures() {
    let mut emergency = complete();
    emergency.kind = ReleaseKind::Emergency;
    emergency.candidates.clear();
    let facts = facts(State::Ready);
    assert!(refused(Step::Publish, &emergency, &facts).contains("candidates"));
    emergency
        .skips
        .insert(Skip::Candidate, "A hole.".to_owned());
    let asked =
        |release: &Release| ask(release, &facts, &manager(), |it| refuse(Step::Publish, it));
    assert_eq!(asked(&emergency), Ok(()));
    emergency.notes = None;
    assert!(refused(Step::Publish, &emergency, &facts).contains("notes"));
    emergency.notes = Some("A fix.".to_owned());
    emergency.signed.remove("4.4");
    assert!(refused(Step::Publish, &emergency, &facts).contains("4.4"));
}

#[track_caller]
fn sign(release: &Release, no: &str, person: &Person) -> Result<(), Refused> {
    ask(release, &Facts::default(), person, |request| {
        let item = countdown::item(&release.name, request.planned, no)?;
        signable(item, request)
    })
}

#[test]
fn the_countdown_is_signed_in_its_order_and_by_its_role() {
    let mut release = release(ReleaseState::ContentsFrozen);
    let says = |result: Result<(), Refused>| result.unwrap_err().message;
    assert!(says(sign(&release, "2", &manager())).contains("1 comes before it"));
    assert!(says(sign(&release, "7", &manager())).contains("no action"));
    assert!(says(sign(&release, "6", &manager())).contains("publishing itself"));
    assert!(says(sign(&release, "5", &manager())).contains("no release candidate"));
    assert!(says(sign(&release, "1", &verifier("INFN"))).contains("release manager"));
    assert_eq!(sign(&release, "1", &manager()), Ok(()));
    for no in ["1", "2", "4.1"] {
        let signature = Signature {
            by: "Alice".to_owned(),
            on: at("2026-12-10"),
            covers: None,
            rests: None,
        };
        release.signed.insert(no.to_owned(), signature);
    }
    assert!(says(sign(&release, "1", &manager())).contains("already"));
    let lead = Person {
        roles: vec!["Verification lead".to_owned()],
        ..verifier("INFN")
    };
    assert_eq!(sign(&release, "4.2", &lead), Ok(()));
}

#[test]
fn a_date_that_is_past_is_refused_with_both_days() {
    let refused = not_past("CMD 1.4.0", day("2026-11-01"), day("2026-11-21")).unwrap_err();
    assert!(
        refused.message.contains("Sun 1 Nov 2026") && refused.message.contains("Sat 21 Nov 2026"),
        "{refused}"
    );
    assert_eq!(
        not_past("CMD 1.4.0", day("2026-11-21"), day("2026-11-21")),
        Ok(())
    );
}

#[test]
fn what_is_over_or_elsewhere_is_not_composed() {
    let planned = release(ReleaseState::Planned);
    let compose = |state, elsewhere| composable(&planned, &ticket(state), &profile(), elsewhere);
    assert_eq!(compose(State::Ready, None), Ok(()));
    assert_eq!(compose(State::StagedRollout, Some("CMD 1.4.0")), Ok(()));
    assert!(compose(State::Rejected, None).is_err());
    let refused = compose(State::Ready, Some("CMD 1.3.1")).unwrap_err();
    assert!(refused.message.contains("CMD 1.3.1") && refused.message.contains("CMD 1.4.0"));
}

#[test]
fn after_the_freeze_a_ticket_leaves_with_a_reason_alone() {
    let frozen = release(ReleaseState::ContentsFrozen);
    assert!(removable(&frozen, "T-12", None).is_err());
    assert_eq!(removable(&frozen, "T-12", Some("P-3")), Ok(()));
    assert!(removable(&frozen, "T-1", Some("P-3")).is_err());
    let planned = release(ReleaseState::Planned);
    assert_eq!(removable(&planned, "T-12", None), Ok(()));
}
