use super::*;
use crate::domain::message::{Message, MessageKind, MessageStanding, MessageState};
use crate::domain::noun::Noun;
use crate::domain::profile::{Profile, Waiting};
use crate::domain::queue::examples::{
    ENTERED, at, day, delayed_from, passed, profile, submission, ticket, ticket_standing, under,
};
use crate::domain::queue::product::Product;
use crate::domain::queue::state::{State, SubmissionState};
use crate::domain::queue::submission::Submission;
use crate::domain::queue::ticket::{Outcome, Ticket};
use crate::domain::retro::action_item::{ActionItem, ActionStanding, ActionState};
use crate::domain::schedule::milestone::{Committee, Milestone};
use crate::domain::when::When;

fn shown(noun: &Noun, profile: &Profile, today: &str) -> Vec<String> {
    let today = day(today);
    under(profile, |setting| duties(noun, setting))
        .iter()
        .filter(|duty| is_visible(duty, today))
        .map(|duty| {
            let severity = severity(duty, today);
            let (what, step) = wording(duty.code, severity, &duty.what, &duty.step);
            format!("{}: {what} > {step}", severity.word())
        })
        .collect()
}

#[track_caller]
fn check(noun: &Noun, today: &str, expected: &[&str]) {
    assert_eq!(shown(noun, &profile(), today), expected);
}

#[track_caller]
fn check_ticket(ticket: &Ticket, today: &str, expected: &[&str]) {
    check(&Noun::Ticket(Box::new(ticket.clone())), today, expected);
}

#[test]
fn r66_r71_r74_a_passed_limit_is_a_breach_until_it_is_explained() {
    let verification = ticket(State::Verification);
    check_ticket(&verification, "2026-11-04", &[]);
    check_ticket(
        &verification,
        "2026-11-05",
        &["due: verification > finish in time"],
    );
    check_ticket(
        &verification,
        "2026-11-06",
        &["due: verification > finish in time"],
    );
    let late = ["breach: verification, unexplained > explain the delay"];
    check_ticket(&verification, "2026-11-07", &late);
    let late = ["breach: unverified, unexplained > explain the delay"];
    check_ticket(&ticket(State::Unverified), "2026-12-01", &late);
    let late = ["breach: staged rollout, unexplained > explain the delay"];
    check_ticket(&ticket(State::StagedRollout), "2026-12-01", &late);
}

#[test]
fn the_profile_says_what_a_breach_obliges_to() {
    let mut own = profile();
    let rule = own.state.get_mut(&State::Verification).unwrap();
    rule.duty = Some("tell the committee".into());
    let noun = Noun::Ticket(Box::new(ticket(State::Verification)));
    let late = ["breach: verification, unexplained > tell the committee"];
    assert_eq!(shown(&noun, &own, "2026-11-07"), late);
}

fn delayed(promised: Option<&str>) -> Ticket {
    Ticket {
        delay_reason: Some("the testbed is down".into()),
        promised: promised.map(day),
        ..ticket_standing(delayed_from(State::Verification))
    }
}

#[test]
fn r68_a_delayed_ticket_is_watched_by_its_promise_else_by_its_review() {
    let promised = delayed(Some("2026-11-20"));
    check_ticket(&promised, "2026-11-14", &[]);
    check_ticket(
        &promised,
        "2026-11-20",
        &["due: promised for 20 Nov > keep the promise"],
    );
    check_ticket(
        &promised,
        "2026-11-21",
        &["breach: promised for 20 Nov > promise again"],
    );
    let unpromised = delayed(None);
    check_ticket(&unpromised, "2026-11-12", &[]);
    let review = ["duty: delayed, no date promised, review 13 Nov > review the delay"];
    check_ticket(&unpromised, "2026-11-13", &review);
    check_ticket(&unpromised, "2026-12-13", &review);
}

#[test]
fn r66_an_imported_delay_without_a_reason_is_a_duty() {
    let silent = Ticket {
        delay_reason: None,
        ..delayed(Some("2026-12-20"))
    };
    check_ticket(
        &silent,
        ENTERED,
        &["duty: delayed, no reason given > explain the delay"],
    );
}

#[test]
fn r67_the_product_team_hears_of_an_open_ticket_every_two_months() {
    let told = |told: Option<&str>| Ticket {
        informed: told.map(day),
        promised: Some(day("2027-12-01")),
        ..delayed(None)
    };
    check_ticket(&told(Some("2026-10-30")), "2026-12-29", &[]);
    let owed = ["duty: product team last told 30 Oct > tell how things stand"];
    check_ticket(&told(Some("2026-10-30")), "2026-12-30", &owed);
    let never = ["duty: product team not told since 30 Oct > tell how things stand"];
    check_ticket(&told(None), "2026-12-30", &never);
    check_ticket(
        &Ticket {
            provider: None,
            ..told(None)
        },
        "2026-12-30",
        &[],
    );
}

#[test]
fn what_an_import_does_not_know_is_asked_for() {
    let unknown = Ticket {
        version: None,
        verifier: None,
        ..ticket(State::Verification)
    };
    let asked = [
        "info: version unknown > name the version",
        "info: no verifier named > name the verifier",
    ];
    check_ticket(&unknown, ENTERED, &asked);
}

#[test]
fn r69_a_critical_failure_is_a_duty_to_reject() {
    let mut failed = passed(ticket(State::Verification));
    failed.results.get_mut("QC_SEC_6").unwrap().result = Outcome::Fail;
    check_ticket(
        &failed,
        ENTERED,
        &["duty: failed QC_SEC_6, critical > reject"],
    );
}

#[test]
fn a_question_shows_whose_turn_it_is() {
    let waiting = ticket(State::WaitingForResponse);
    let info = ["info: waits for the product team since 30 Oct > remind"];
    check_ticket(&waiting, "2026-11-02", &info);
    let mut limited = waiting;
    limited.standing.limit = profile().limit(State::Verification);
    let late = "breach: waiting for response, unexplained > explain the delay";
    check_ticket(&limited, "2026-11-07", &[late, info[0]]);
    let pausing = Profile {
        waiting: Waiting::Pauses,
        ..profile()
    };
    let noun = Noun::Ticket(Box::new(limited));
    assert_eq!(
        shown(&noun, &pausing, "2026-11-20"),
        info,
        "its clock stands still"
    );
}

#[test]
fn what_is_over_or_taken_back_needs_nobody() {
    for state in [
        State::Ready,
        State::Released,
        State::Rejected,
        State::Recalled,
    ] {
        check_ticket(&ticket(state), "2026-12-01", &[]);
    }
    let gone = Ticket {
        deleted: true,
        ..ticket(State::Unverified)
    };
    check_ticket(&gone, "2026-12-24", &[]);
}

#[test]
fn later_pushes_a_duty_on_but_hides_no_limit_that_has_ended() {
    let put_off = Ticket {
        later: Some(day("2027-01-12")),
        ..ticket(State::Verification)
    };
    let late = ["breach: verification, unexplained > explain the delay"];
    check_ticket(&put_off, "2026-11-06", &[]);
    check_ticket(&put_off, "2026-11-07", &late);
}

#[track_caller]
fn check_submission(change: impl FnOnce(&mut Submission), today: &str, expected: &[&str]) {
    let mut submission = submission();
    change(&mut submission);
    check(&Noun::Submission(Box::new(submission)), today, expected);
}

#[test]
fn r62_a_submission_waits_to_be_injected_and_answered() {
    check_submission(
        |_| (),
        "2026-11-20",
        &["due: to inject and answer > inject"],
    );
    check_submission(
        |_| (),
        "2026-12-01",
        &["breach: to inject and answer > inject"],
    );
    let injected = |it: &mut Submission| it.standing.state = SubmissionState::Injected;
    check_submission(
        injected,
        "2026-12-01",
        &["breach: injected, to answer > send the answer"],
    );
    let answered = |it: &mut Submission| it.standing.state = SubmissionState::Answered;
    check_submission(answered, "2026-12-01", &[]);
}

fn message(kind: MessageKind, to: &[&str], state: MessageState) -> Noun {
    Noun::Message(Message {
        id: "X-5".into(),
        kind,
        to: to.iter().map(|to| (*to).to_owned()).collect(),
        subject: String::new(),
        body: String::new(),
        standing: MessageStanding {
            state,
            entered: at(ENTERED),
            by: "Alice".into(),
            reason: None,
            text: std::collections::BTreeMap::new(),
        },
        about: vec!["T-12".into()],
        site: None,
        product: Some("bdii".into()),
        owner: Some("Alice".into()),
        claimed_by: None,
        later: None,
        deleted: false,
    })
}

#[test]
fn r67_a_notice_is_a_duty_until_it_is_sent_and_so_is_a_missing_addressee() {
    let notice = MessageKind::DelayNotice;
    let known = ["pt@example.org"];
    check(
        &message(notice, &known, MessageState::Drafted),
        ENTERED,
        &["duty: drafted, not sent > send"],
    );
    let nobody = ["duty: the delay notice has no addressee > add a contact"];
    check(
        &message(notice, &[], MessageState::Drafted),
        ENTERED,
        &nobody,
    );
    check(&message(notice, &known, MessageState::Sent), ENTERED, &[]);
    let receipt = message(MessageKind::Receipt, &[], MessageState::Drafted);
    check(&receipt, ENTERED, &["info: drafted, not sent > send"]);
}

#[test]
fn r67_a_product_without_a_contact_is_asked_for_one() {
    let product = |contact: Option<&str>| {
        let contact = contact.map(str::to_owned);
        Noun::Product(Product {
            name: "ARC".into(),
            contact,
            ..Product::default()
        })
    };
    check(
        &product(None),
        ENTERED,
        &["info: no contact for delay notices > name the contact"],
    );
    check(&product(Some("pt@example.org")), ENTERED, &[]);
}

fn milestone(planned: &str, due: When) -> Noun {
    Noun::Milestone(Milestone {
        id: "M-4".into(),
        cycle: "1.4.0".into(),
        code: "M3".into(),
        name: "Code freeze".into(),
        rule: None,
        planned: Some(at(planned)),
        due: Some(due),
        actual: None,
        never_reached: false,
        committee: Committee::None,
        owner: Some("Bob".into()),
        claimed_by: None,
        later: None,
        slips: Vec::new(),
        source: None,
        deleted: false,
    })
}

#[test]
fn a_milestone_shows_within_its_notice_and_is_late_after_its_day() {
    let on_time = milestone("2026-11-27", at("2026-11-27"));
    check(&on_time, "2026-11-19", &[]);
    check(
        &on_time,
        "2026-11-20",
        &["due: due 27 Nov > mark it done or move it"],
    );
    check(
        &on_time,
        "2026-11-28",
        &["breach: due 27 Nov > mark it done or move it"],
    );
    let slipped = milestone("2026-11-20", at("2026-11-27"));
    check(
        &slipped,
        "2026-11-27",
        &["due: slipped 7 d, due 27 Nov > mark it done or move it"],
    );
    let anywhere = milestone("2026-11-27", When::AnywhereOnEarth(day("2026-11-27")));
    assert_eq!(shown(&anywhere, &profile(), "2026-11-28").len(), 1);
    assert!(
        shown(&anywhere, &profile(), "2026-11-28")[0].starts_with("due:"),
        "until noon"
    );
}

#[test]
fn an_action_is_late_after_its_day() {
    let action = |due: Option<&str>| {
        Noun::Action(ActionItem {
            id: "A-4".into(),
            text: "Template for delay notices".into(),
            owner: Some("Bob".into()),
            claimed_by: None,
            due: due.map(day),
            later: None,
            about: None,
            standing: ActionStanding {
                state: ActionState::Open,
                entered: at(ENTERED),
                reason: None,
            },
            deleted: false,
        })
    };
    check(&action(Some("2026-11-12")), "2026-11-05", &[]);
    check(
        &action(Some("2026-11-12")),
        "2026-11-12",
        &["due: due 12 Nov > finish it"],
    );
    check(
        &action(Some("2026-11-12")),
        "2026-11-13",
        &["breach: due 12 Nov > finish it"],
    );
    check(
        &action(None),
        "2026-11-13",
        &["info: open, no date > finish it"],
    );
}

#[test]
fn every_code_is_stored_by_its_own_number_and_unknown_ones_are_kept_apart() {
    for (index, code) in DutyCode::ALL.into_iter().enumerate() {
        assert_eq!(usize::from(code.number()), index);
        assert_eq!(DutyCode::from_number(code.number()), code);
        assert!(code.command("T-12").starts_with("relmate "));
    }
    assert_eq!(DutyCode::from_number(200), DutyCode::Other);
    for class in [Class::Clock, Class::Standing, Class::Info] {
        assert_eq!(Class::from_number(class.number()), class);
    }
    let named = DutyCode::NameContact.command("CREAM CE");
    assert_eq!(named, "relmate product edit 'CREAM CE' --contact MAIL");
}

#[test]
fn at_most_one_duty_of_a_code_comes_from_a_record() {
    let worst = Ticket {
        version: None,
        verifier: None,
        informed: None,
        ..ticket(State::WaitingForResponse)
    };
    let noun = Noun::Ticket(Box::new(worst));
    let mut codes: Vec<u8> = under(&profile(), |setting| duties(&noun, setting))
        .iter()
        .map(|it| it.code.number())
        .collect();
    let all = codes.len();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!((codes.len(), all), (4, 4));
}

#[test]
fn the_most_urgent_comes_first() {
    let today = day("2026-11-21");
    let duty = |class, due: &str| Duty {
        class,
        due_on: Some(day(due)),
        ..settle(None)
    };
    let mut all = [
        ("T-3", duty(Class::Info, "2026-01-01")),
        ("T-10", duty(Class::Clock, "2026-11-20")),
        ("S-1", duty(Class::Clock, "2026-11-21")),
        ("T-9", duty(Class::Clock, "2026-11-20")),
        ("X-5", duty(Class::Standing, "2026-12-01")),
        ("T-1", duty(Class::Clock, "2026-11-10")),
    ];
    all.sort_by(|left, right| most_urgent_first((left.0, &left.1), (right.0, &right.1), today));
    assert_eq!(
        all.map(|it| it.0),
        ["T-1", "T-9", "T-10", "X-5", "S-1", "T-3"]
    );
    assert!(natural("T-7") < natural("T-7b"));
}
