use super::*;
use crate::domain::message::{MessageKind, MessageStanding, MessageState};
use crate::domain::profile::Profile;
use crate::domain::queue::examples::{
    at, day, delayed_from, manager, passed, profile, submission, ticket, ticket_standing, under,
    untold, verifier,
};
use crate::domain::queue::state::{State, SubmissionState};
use crate::domain::queue::submission::Submission;
use crate::domain::queue::ticket::{Outcome, Ticket};

pub(super) fn asked(noun: &Noun, today: &str, change: impl FnOnce(&mut Asking<'_>)) -> Why {
    let (profile, person): (Profile, Person) = (profile(), manager());
    under(&profile, |setting| {
        let decision = match noun {
            Noun::Ticket(ticket) => Some(untold(ticket, setting, today)),
            _ => None,
        };
        let mut asking = Asking {
            rollout: decision.as_ref(),
            ..Asking::new(setting, day(today), &person)
        };
        change(&mut asking);
        why(noun, &asking)
    })
}

fn of(ticket: &Ticket, today: &str) -> Why {
    asked(&Noun::Ticket(Box::new(ticket.clone())), today, |_| ())
}

#[track_caller]
fn check(ticket: &Ticket, today: &str, verdict: &str, sentence: &str) {
    let why = of(ticket, today);
    assert_eq!(
        (why.verdict.word(), why.sentence.as_str()),
        (verdict, sentence)
    );
}

#[test]
fn r70_the_sentence_says_what_is_required_what_is_past_and_by_which_rule() {
    let verification = ticket(State::Verification);
    let rule = "the limit is 1 week (CMD process, step 2.3).";
    check(
        &verification,
        "2026-11-02",
        "in-time",
        &format!("T-12 has been in verification 3 of 7 days; {rule}"),
    );
    check(
        &verification,
        "2026-11-05",
        "due-soon",
        &format!("T-12 has been in verification 6 of 7 days; {rule}"),
    );
    check(
        &verification,
        "2026-11-10",
        "overdue",
        &format!("T-12 has been in verification 11 of 7 days, 4 days over its limit; {rule}"),
    );
}

#[test]
fn r65_an_imported_ticket_has_been_here_at_least_so_long() {
    let mut imported = ticket(State::Unverified);
    imported.standing.at_least = true;
    check(
        &imported,
        "2026-12-01",
        "overdue",
        "T-12 has been unverified at least 32 of 31 days, 1 day over its limit; \
         the limit is 1 month (CMD process, step 2.2).",
    );
    assert!(of(&imported, "2026-12-01").entered_at_least);
}

fn delayed(promised: Option<&str>) -> Ticket {
    Ticket {
        delay_reason: Some("the testbed is down.".into()),
        promised: promised.map(day),
        ..ticket_standing(delayed_from(State::Verification))
    }
}

#[test]
fn r68_a_delayed_ticket_says_why_and_until_when() {
    check(
        &delayed(Some("2026-11-20")),
        "2026-11-18",
        "delayed",
        "T-12 has been delayed (in verification) since Fri 30 Oct 2026 because “the testbed is \
         down”; promised for Fri 20 Nov 2026, in 2 days (CMD process, step 2.2; PROC25).",
    );
    check(
        &delayed(None),
        "2026-11-18",
        "delayed",
        "T-12 has been delayed (in verification) since Fri 30 Oct 2026 because “the testbed is \
         down”; no date is promised, review on Fri 13 Nov 2026, 5 days ago (CMD process, step \
         2.2; PROC25).",
    );
    let broken = of(&delayed(Some("2026-11-20")), "2026-11-21");
    assert_eq!(
        (broken.verdict, broken.days_left),
        (Verdict::PromiseBroken, Some(-1))
    );
    assert!(
        broken.next[0]
            .command
            .starts_with("relmate ticket delay T-12")
    );
    assert!(broken.counted[0].starts_with("The stage's own clock: 1 week from"));
}

#[test]
fn what_is_over_says_how_it_ended() {
    let rejected = Ticket {
        closing_reason: Some("no licence".into()),
        ..ticket(State::Rejected)
    };
    check(
        &rejected,
        "2026-12-01",
        "done",
        "T-12 has been rejected since Fri 30 Oct 2026 because “no licence”.",
    );
    assert!(of(&rejected, "2026-12-01").next.is_empty());
    check(
        &ticket(State::Ready),
        "2026-12-01",
        "no-clock",
        "T-12 has been ready since Fri 30 Oct 2026, which has no limit (CMD process, step 2.5).",
    );
}

#[test]
fn a_date_that_replaced_the_limit_is_named() {
    let mut resumed = ticket(State::Verification);
    resumed.standing.due = Some(day("2026-11-20"));
    check(
        &resumed,
        "2026-11-21",
        "overdue",
        "T-12 has been in verification since Fri 30 Oct 2026; it was given until \
         Fri 20 Nov 2026, 1 day ago.",
    );
}

#[track_caller]
pub(super) fn check_blockers(why: &Why, expected: &[(&str, &str)]) {
    let found: Vec<_> = why
        .blockers
        .iter()
        .map(|it| (it.what.as_str(), it.who.as_str()))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn the_root_blocker_comes_first_with_who_can_remove_it() {
    let nobody = Ticket {
        verifier: None,
        ..ticket(State::Unverified)
    };
    check_blockers(
        &of(&nobody, "2026-11-02"),
        &[("no verifier is named", "release manager")],
    );
    check_blockers(
        &of(&nobody, "2026-12-01"),
        &[
            ("no verifier is named", "release manager"),
            ("nobody has explained the delay", "Alice"),
        ],
    );
    let mut almost = passed(ticket(State::Verification));
    almost.results.remove("QC_FUNC_2");
    let missing = "QC_FUNC_2 (New features/bug fixes testing) has no result";
    check_blockers(&of(&almost, "2026-11-02"), &[(missing, "Vera")]);
    almost.results.get_mut("QC_SEC_6").unwrap().result = Outcome::Fail;
    let failed = "QC_SEC_6 (Passwords in world readable files) failed and is critical";
    check_blockers(
        &of(&almost, "2026-11-02"),
        &[(failed, "release manager"), (missing, "Vera")],
    );
    let silent = of(&ticket(State::StagedRollout), "2026-11-02");
    let untold = "it has been announced to no site";
    check_blockers(&silent, &[(untold, "release manager")]);
}

#[test]
fn a_question_is_the_product_teams_turn() {
    let waiting = Ticket {
        question: Some("Which licence?".into()),
        ..ticket(State::WaitingForResponse)
    };
    let why = of(&waiting, "2026-11-02");
    assert_eq!(why.verdict, Verdict::Waiting);
    let what = "a question has been open since Fri 30 Oct 2026: “Which licence?”";
    check_blockers(&why, &[(what, "product team (CERN)")]);
    assert!(why.counted[0].starts_with("3 days of this stage are booked to the product team;"));
}

fn notice(to: &[&str]) -> Message {
    Message {
        id: "X-5".into(),
        kind: MessageKind::DelayNotice,
        to: to.iter().map(|to| (*to).to_owned()).collect(),
        subject: String::new(),
        body: String::new(),
        standing: MessageStanding {
            state: MessageState::Drafted,
            entered: at("2026-11-10"),
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
    }
}

#[test]
fn r67_a_notice_that_is_not_out_holds_its_ticket_up() {
    let noun = Noun::Ticket(Box::new(passed(delayed(Some("2026-11-20")))));
    let last = |message: Message| {
        let why = asked(&noun, "2026-11-12", |asking| {
            asking.messages = Box::leak(Box::new([message]));
        });
        why.blockers.last().cloned().unwrap()
    };
    let unsent = last(notice(&["pt@example.org"]));
    assert_eq!(
        (unsent.what.as_str(), unsent.who.as_str()),
        ("the delay notice X-5 is drafted, not sent", "Alice")
    );
    let nobody = last(notice(&[]));
    assert_eq!(
        nobody.what,
        "the delay notice X-5 has no addressee: bdii has no contact"
    );
    let why = asked(&Noun::Message(notice(&[])), "2026-11-12", |_| ());
    assert_eq!(
        why.next[0].command,
        "relmate product edit bdii --contact MAIL"
    );
    check_blockers(&why, &[("it has no addressee", "release manager")]);
}

#[test]
fn next_lists_the_open_steps_as_command_lines_and_why_one_is_refused() {
    let why = of(&ticket(State::Verification), "2026-11-10");
    let first = &why.next[0];
    assert_eq!(
        first.command,
        "relmate ticket delay T-12 --reason R [--promise WHEN]"
    );
    assert_eq!(
        (first.needs.as_str(), &first.refused),
        ("a reason, perhaps a promised date", &None)
    );
    let verify = why
        .next
        .iter()
        .find(|it| it.command == "relmate ticket verify T-12")
        .unwrap();
    assert!(
        verify
            .refused
            .as_ref()
            .unwrap()
            .starts_with("T-12 has no result for QC_DOC_1,")
    );
}

#[test]
fn r34_a_promotion_by_somebody_else_is_shown_as_refused() {
    let outsider = verifier("INFN");
    let noun = Noun::Ticket(Box::new(ticket(State::Ready)));
    let asked_by = |person: &Person| {
        let profile = profile();
        under(&profile, |setting| {
            let today = day("2026-11-02");
            let asking = Asking::new(setting, today, person);
            let why = why(&noun, &asking);
            why.next
                .into_iter()
                .find(|it| it.command.contains("promote"))
                .unwrap()
                .refused
        })
    };
    assert_eq!(asked_by(&manager()), None);
    assert!(asked_by(&outsider).is_some());
}

#[test]
fn a_contested_record_has_one_step_only() {
    let noun = Noun::Ticket(Box::new(ticket(State::Verification)));
    let why = asked(&noun, "2026-11-02", |asking| asking.contested = true);
    assert_eq!(why.blockers[0].what, "two managers changed it at once");
    assert_eq!(why.next.len(), 1);
    assert_eq!(why.next[0].command, "relmate resolve T-12");
}

#[track_caller]
fn check_submission(
    change: impl FnOnce(&mut Submission),
    today: &str,
    verdict: &str,
    sentence: &str,
) -> Why {
    let mut submission = submission();
    change(&mut submission);
    let why = asked(&Noun::Submission(Box::new(submission)), today, |_| ());
    assert_eq!(
        (why.verdict.word(), why.sentence.as_str()),
        (verdict, sentence)
    );
    why
}

#[test]
fn r62_a_submission_explains_its_five_working_days() {
    let rule = "the limit is 5 working days (CMD process, step 2.1).";
    let waits = "to be injected and answered";
    let why = check_submission(
        |_| (),
        "2026-11-25",
        "in-time",
        &format!("S-17 has waited 3 of 5 working days {waits}; {rule}"),
    );
    assert_eq!(
        why.counted[1],
        "Fri 20 Nov 2026 itself does not count; the first day that does is Mon 23 Nov 2026, \
         the last in time is Mon 30 Nov 2026."
    );
    let skipped: Vec<_> = why.skipped.iter().map(|it| it.reason.as_str()).collect();
    assert_eq!(
        skipped,
        ["Saturday", "Sunday", "Thanksgiving", "Saturday", "Sunday"]
    );
    check_blockers(&why, &[("nobody has injected it", "Bob")]);
    check_submission(
        |it| it.standing.state = SubmissionState::Injected,
        "2026-12-01",
        "overdue",
        &format!("S-17 has waited 6 of 5 working days to be answered; it is injected; {rule}"),
    );
    check_submission(
        |it| {
            it.standing.state = SubmissionState::Answered;
            it.answered = Some(at("2026-12-01"));
        },
        "2027-01-01",
        "done",
        &format!("S-17 was answered on Tue 1 Dec 2026, too late: 6 of 5 working days; {rule}"),
    );
}

#[test]
fn a_submission_that_lacks_something_waits_for_its_provider() {
    let mut lacking = submission();
    lacking.version = None;
    let why = asked(&Noun::Submission(Box::new(lacking)), "2026-11-23", |_| ());
    let expected = [
        ("The version is not given", "CERN"),
        ("nobody has injected it", "Bob"),
    ];
    check_blockers(&why, &expected);
}

#[test]
fn json_has_the_fields_that_are_promised() {
    let json = serde_json::to_value(of(&ticket(State::Verification), "2026-11-10")).unwrap();
    for field in [
        "id", "verdict", "sentence", "rule", "limit", "entered", "due", "counted", "skipped",
        "blockers", "next",
    ] {
        assert!(json.get(field).is_some_and(|it| !it.is_null()), "{field}");
    }
    assert_eq!(json["verdict"], "overdue");
    assert_eq!(
        (&json["entered"], &json["due"]),
        (&"2026-10-30".into(), &"2026-11-06".into())
    );
    assert_eq!(
        (&json["required"], &json["elapsed"], &json["unit"]),
        (&7.into(), &11.into(), &"days".into())
    );
    assert!(json["next"][0]["command"].is_string() && json["next"][0]["needs"].is_string());
    assert!(json["blockers"][0]["what"].is_string() && json["blockers"][0]["who"].is_string());
}
