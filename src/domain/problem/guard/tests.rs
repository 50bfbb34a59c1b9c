use super::*;
use crate::domain::problem::examples::{critical, filed, triaged, walked};
use crate::domain::problem::production::{Holds, Production};
use crate::domain::problem::report::Ending;
use crate::domain::queue::examples::profile;

fn rules() -> ProblemRules {
    profile().problem
}

fn judged<'a>() -> Judgement<'a> {
    Judgement {
        criticality: Some(Criticality::High),
        priority: None,
        body: Some("ou"),
        by: Some("Marta"),
    }
}

fn production(holds: Holds) -> Production {
    Production {
        holds,
        sentence: "T-1 is in production".into(),
        hint: "Recall it.".into(),
    }
}

static CLEAN: Production = Production {
    holds: Holds::NoBadOne,
    sentence: String::new(),
    hint: String::new(),
};

/// A closing of a way with everything else at its best.
fn ended<'a>(
    problem: &Problem,
    how: Ending,
    prepare: impl FnOnce(&mut Closing<'a>),
) -> Result<(), Refused> {
    let mut closing = Closing {
        how: Some(how),
        reason: Some("as seen"),
        of: None,
        version: None,
        workaround: None,
        judgement: judged(),
        production: &CLEAN,
        recalled: Ok("T-1"),
        untold: &[],
        unsent: &[],
    };
    prepare(&mut closing);
    close(problem, &closing, &rules())
}

#[track_caller]
fn says(result: Result<(), Refused>, kind: RefusedKind, parts: &[&str]) {
    let refused = result.unwrap_err();
    assert_eq!(refused.kind, kind, "{refused:?}");
    for part in parts {
        assert!(refused.message.contains(part), "{}", refused.message);
    }
    assert!(refused.message.ends_with('.'), "{}", refused.message);
    let hint = refused.hint.unwrap();
    assert!(hint.ends_with('.') && hint.len() > 5, "{hint}");
}

#[test]
fn r47_a_problem_has_an_id_in_the_channel_once() {
    let filing = Filing {
        channel_id: Some(" "),
        text: Some("Jobs are lost."),
        same: None,
    };
    says(
        file(&filing),
        RefusedKind::MissingArgument,
        &["standard channel"],
    );
    let again = Filing {
        channel_id: Some("GGUS-1"),
        same: Some(("P-1", "ARC 7.0.3")),
        ..filing
    };
    says(
        file(&again),
        RefusedKind::Rule,
        &["GGUS-1", "P-1", "ARC 7.0.3"],
    );
}

#[test]
fn r49_triage_needs_a_body_of_the_process_and_a_person() {
    let asked = |change: fn(&mut Judgement<'_>)| {
        let mut judgement = judged();
        change(&mut judgement);
        triage(&filed(), &judgement, &rules())
    };
    assert_eq!(asked(|_| ()), Ok(()));
    let missing = RefusedKind::MissingArgument;
    says(asked(|it| it.body = None), missing, &["P-1", "the body"]);
    says(asked(|it| it.by = Some("")), missing, &["the person"]);
    says(
        asked(|it| it.criticality = None),
        missing,
        &["how critical"],
    );
    says(
        asked(|it| it.body = Some("TSC")),
        RefusedKind::Rule,
        &["TSC"],
    );
    says(
        asked(|it| it.priority = Some("9")),
        RefusedKind::Rule,
        &["9"],
    );
}

#[test]
fn r50_each_step_of_the_walk_waits_for_triage_and_is_taken_once() {
    for deed in [Deed::Engage, Deed::Halt, Deed::Fix, Deed::Tell] {
        let word = "not triaged";
        says(obstacle(deed, &filed(), false), RefusedKind::Rule, &[word]);
        let high = triaged(Criticality::High);
        let refused = obstacle(deed, &high, false);
        says(refused, RefusedKind::Rule, &["high, as MU (Marta) decided"]);
    }
    let fix = obstacle(Deed::Fix, &critical(), false);
    says(fix, RefusedKind::Rule, &["has not been engaged"]);
    let walked = walked();
    let rule = RefusedKind::Rule;
    says(
        obstacle(Deed::Engage, &walked, false),
        rule,
        &["arc@example.org"],
    );
    says(obstacle(Deed::Halt, &walked, false), rule, &["all sites"]);
    says(obstacle(Deed::Fix, &walked, false), rule, &["S-2"]);
    says(obstacle(Deed::Triage, &walked, false), rule, &["critical"]);
    let mut closed = walked;
    closed.standing.state = ProblemState::Closed;
    for deed in Deed::ALL {
        says(
            obstacle(deed, &closed, false),
            RefusedKind::NotOpen,
            &["P-1"],
        );
        says(
            obstacle(deed, &filed(), true),
            RefusedKind::Contested,
            &["P-1"],
        );
    }
}

#[test]
fn r50_a_fix_is_another_version_of_the_product_and_an_emergency() {
    let by = |product, version, emergency| {
        let fixing = Fixing {
            id: "S-2",
            product,
            version: Some(version),
            emergency,
        };
        fix(&critical(), &fixing)
    };
    assert_eq!(by("ARC", "7.0.4", true), Ok(()));
    let rule = RefusedKind::Rule;
    says(by("FTS", "7.0.4", true), rule, &["ARC", "FTS"]);
    says(by("ARC", "7.0.3", true), rule, &["ARC 7.0.3", "S-2"]);
    says(by("ARC", "7.0.4", false), rule, &["no emergency"]);
}

#[test]
fn r50_fixed_needs_the_whole_walk_and_production_without_the_bad_version() {
    let rule = RefusedKind::Rule;
    assert_eq!(ended(&walked(), Ending::Fixed, |_| ()), Ok(()));
    let found = ended(&critical(), Ending::Fixed, |_| ());
    says(found, rule, &["the provider has not been engaged"]);
    let bad = production(Holds::BadOne);
    let found = close(
        &walked(),
        &Closing {
            how: Some(Ending::Fixed),
            production: &bad,
            reason: None,
            of: None,
            version: None,
            workaround: None,
            judgement: judged(),
            recalled: Err("no"),
            untold: &[],
            unsent: &[],
        },
        &rules(),
    );
    says(found, rule, &["P-1 is critical", "T-1 is in production"]);
    let untold = ["PIC".to_owned()];
    let found = ended(&walked(), Ending::Fixed, |it| it.untold = &untold);
    says(found, rule, &["ARC 7.0.3", "PIC"]);
    let unsent = [("X-3".to_owned(), "PIC".to_owned())];
    let found = ended(&walked(), Ending::Fixed, |it| it.unsent = &unsent);
    says(found, rule, &["X-3", "PIC"]);
}

#[test]
fn no_problem_is_closed_in_silence() {
    let (rule, missing) = (RefusedKind::Rule, RefusedKind::MissingArgument);
    let silent = ended(&critical(), Ending::Fixed, |it| it.how = None);
    says(silent, missing, &["silence"]);
    let found = ended(&critical(), Ending::NoDefect, |it| it.reason = Some(" "));
    says(found, missing, &["reason"]);
    says(
        ended(&critical(), Ending::Duplicate, |_| ()),
        missing,
        &["repeats"],
    );
    let mut other = critical();
    let itself = ended(&critical(), Ending::Duplicate, |it| it.of = Some(&other));
    says(itself, rule, &["itself"]);
    other.id = "P-2".into();
    let found = ended(&critical(), Ending::Duplicate, |it| it.of = Some(&other));
    assert_eq!(found, Ok(()));
    other.product = "FTS".into();
    let found = ended(&critical(), Ending::Duplicate, |it| it.of = Some(&other));
    says(found, rule, &["ARC", "FTS"]);
    let found = ended(&critical(), Ending::Recalled, |it| {
        it.recalled = Err("T-1 is released");
    });
    says(found, rule, &["T-1 is released"]);
    assert_eq!(ended(&critical(), Ending::Recalled, |_| ()), Ok(()));
    says(
        ended(&critical(), Ending::KnownError, |_| ()),
        rule,
        &["critical"],
    );
}

#[test]
fn r49_lowering_a_critical_problem_needs_who_decided_and_why() {
    let (rule, missing) = (RefusedKind::Rule, RefusedKind::MissingArgument);
    assert_eq!(ended(&critical(), Ending::Downgraded, |_| ()), Ok(()));
    let found = ended(&critical(), Ending::Downgraded, |it| it.reason = None);
    says(found, missing, &["reason"]);
    let found = ended(&critical(), Ending::Downgraded, |it| it.judgement.by = None);
    says(found, missing, &["person"]);
    let found = ended(&critical(), Ending::Downgraded, |it| {
        it.judgement.criticality = Some(Criticality::Critical);
    });
    says(found, rule, &["critical"]);
    let high = triaged(Criticality::High);
    says(
        ended(&high, Ending::Downgraded, |_| ()),
        rule,
        &["nothing to lower"],
    );
}

#[test]
fn what_is_not_critical_ends_as_a_known_error_with_its_workaround_or_with_a_version() {
    let missing = RefusedKind::MissingArgument;
    let high = triaged(Criticality::High);
    says(
        ended(&high, Ending::KnownError, |_| ()),
        missing,
        &["workaround"],
    );
    let found = ended(&high, Ending::KnownError, |it| {
        it.workaround = Some("Restart.");
    });
    assert_eq!(found, Ok(()));
    says(ended(&high, Ending::Fixed, |_| ()), missing, &["version"]);
    let found = ended(&high, Ending::Fixed, |it| it.version = Some("7.0.3"));
    says(found, RefusedKind::Rule, &["7.0.3"]);
    let found = ended(&high, Ending::Fixed, |it| it.version = Some("7.0.4"));
    assert_eq!(found, Ok(()));
    says(
        ended(&filed(), Ending::KnownError, |_| ()),
        RefusedKind::Rule,
        &["not triaged"],
    );
}

#[test]
fn r49_a_critical_problem_repeats_only_an_open_critical_one_of_its_version() {
    let rule = RefusedKind::Rule;
    let with = |change: fn(&mut Problem)| {
        let mut other = critical();
        other.id = "P-2".into();
        change(&mut other);
        ended(&critical(), Ending::Duplicate, |it| it.of = Some(&other))
    };
    assert_eq!(with(|it| it.version = Some("7.0.3.0".into())), Ok(()));
    assert_eq!(with(|it| it.version = None), Ok(()));
    let closed = with(|it| it.standing.state = ProblemState::Closed);
    says(closed, rule, &["P-1 is critical", "P-2"]);
    let less = with(|it| it.triage = triaged(Criticality::Low).triage);
    says(less, rule, &["P-1 is critical", "P-2 is low"]);
    let other = with(|it| it.version = Some("7.0.4".into()));
    says(other, rule, &["ARC 7.0.3", "P-2 about ARC 7.0.4"]);
}

#[test]
fn r49_that_a_critical_problem_is_no_defect_needs_who_decided() {
    let asked = |change: fn(&mut Closing<'_>)| ended(&critical(), Ending::NoDefect, change);
    assert_eq!(asked(|_| ()), Ok(()));
    let missing = RefusedKind::MissingArgument;
    says(
        asked(|it| it.judgement.body = None),
        missing,
        &["P-1", "the body"],
    );
    says(asked(|it| it.judgement.by = None), missing, &["the person"]);
    says(
        asked(|it| it.judgement.body = Some("TSC")),
        RefusedKind::Rule,
        &["TSC"],
    );
    let nobody = |it: &mut Closing<'_>| it.judgement.body = None;
    assert_eq!(ended(&filed(), Ending::NoDefect, nobody), Ok(()));
}
