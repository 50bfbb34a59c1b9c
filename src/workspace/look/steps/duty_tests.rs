//! Every duty has a step that settles it.

use std::collections::BTreeMap;

use super::{settling, steps};
use crate::domain::attention::DutyCode;
use crate::domain::kind::Kind;
use crate::workspace::action::{Action, ReleaseAction, ReleaseAdd};
use crate::workspace::fixture::{Desk, key};
use crate::workspace::refusal::RefusalKind;

fn text(text: &str) -> String {
    text.to_owned()
}

fn inject(id: &str) -> Action {
    Action::Inject {
        id: text(id),
        tracking: BTreeMap::new(),
    }
}

/// What settles a duty: the deed, the record, and the answers as `name=value`.
#[track_caller]
fn settles(desk: &Desk, on: (Kind, &str), code: DutyCode) -> (&'static str, String, Vec<String>) {
    let key = key(on.0, on.1);
    let (deed, on, values) = desk.look(|look| settling(look, &key, code)).unwrap();
    let told = |(name, values): (&str, &[String])| {
        let one = |value: &String| format!("{name}={value}");
        values.iter().map(one).collect::<Vec<_>>()
    };
    let given = values.iter().flat_map(told).collect();
    (deed.name, on.id, given)
}

#[test]
fn every_duty_of_a_ticket_has_its_step() {
    let mut desk = Desk::with_tickets();
    let ticket = (Kind::Ticket, "T-1");
    for (code, name) in [
        (DutyCode::ExplainDelay, "ticket delay"),
        (DutyCode::GiveReason, "ticket delay"),
        (DutyCode::PromiseAgain, "ticket delay"),
        (DutyCode::ReviewDelay, "ticket resume"),
        (DutyCode::StatusMessage, "ticket inform"),
        (DutyCode::RejectFailed, "ticket reject"),
        (DutyCode::AwaitAnswer, "ticket answer"),
    ] {
        let (deed, id, given) = settles(&desk, ticket, code);
        assert_eq!((deed, id.as_str()), (name, "T-1"), "{code:?}");
        assert_eq!(given, ["id=T-1"], "{code:?}");
    }
    desk.act(Action::Set {
        id: text("T-1"),
        fields: vec![(text("version"), String::new())],
    });
    let (deed, _, given) = settles(&desk, ticket, DutyCode::NameVersion);
    assert_eq!(
        (deed, given),
        ("set", vec![text("fields=version="), text("id=T-1")])
    );
    let (deed, _, given) = settles(&desk, ticket, DutyCode::NameVerifier);
    assert_eq!(
        (deed, given),
        ("set", vec![text("fields=verifier="), text("id=T-1")])
    );
}

#[test]
fn a_submission_is_injected_then_its_answer_addressed_then_sent() {
    let mut desk = Desk::new();
    desk.submit("CREAM", &["al9"]);
    let on = (Kind::Submission, "S-1");
    let (deed, id, _) = settles(&desk, on, DutyCode::InjectAndAnswer);
    assert_eq!((deed, id.as_str()), ("inject", "S-1"));
    desk.act(inject("S-1"));
    let (deed, id, _) = settles(&desk, on, DutyCode::InjectAndAnswer);
    assert_eq!(
        (deed, id.as_str()),
        ("outbox sent", "X-2"),
        "the request is its address"
    );
    desk.act(Action::OutboxEdit {
        id: text("X-2"),
        to: Some(Vec::new()),
        subject: None,
        body: None,
    });
    let (deed, id, _) = settles(&desk, on, DutyCode::InjectAndAnswer);
    assert_eq!((deed, id.as_str()), ("outbox edit", "X-2"));
    desk.act(Action::Delete {
        id: text("X-2"),
        reason: None,
    });
    let key = key(Kind::Submission, "S-1");
    let refusal = desk
        .look(|look| settling(look, &key, DutyCode::InjectAndAnswer))
        .err()
        .unwrap();
    assert!(refusal.message.contains("no draft"), "{refusal}");
}

#[test]
fn a_milestone_ahead_is_moved_to_a_day_to_be_said_and_one_of_today_is_done() {
    let mut desk = Desk::new();
    desk.cycle();
    let at = |desk: &Desk| settles(desk, (Kind::Milestone, "M-3"), DutyCode::MilestoneDue);
    let (deed, _, given) = at(&desk);
    assert_eq!((deed, given), ("milestone move", vec![text("id=M-3")]));
    let due = desk.field(Kind::Milestone, "M-3", "current");
    let due: chrono::NaiveDate = due.as_str().unwrap().parse().unwrap();
    desk.wait((due - desk.now.date_naive()).num_days());
    assert_eq!(at(&desk).0, "milestone done");
    desk.wait(1);
    assert_eq!(at(&desk).0, "milestone done");
}

#[test]
fn messages_products_and_actions_have_their_steps() {
    let mut desk = Desk::with_tickets();
    desk.act(Action::ActionAdd {
        text: text("ask"),
        owner: None,
        due: None,
        about: None,
    });
    let message = (Kind::Message, "X-2");
    let (deed, _, given) = settles(&desk, message, DutyCode::SendMessage);
    assert_eq!((deed, given), ("outbox sent", vec![text("id=X-2")]));
    let (deed, _, given) = settles(&desk, message, DutyCode::NoAddressee);
    assert_eq!(deed, "outbox edit");
    assert!(given.contains(&text("to=arc@example.org")), "{given:?}");
    let (deed, _, given) = settles(&desk, (Kind::Product, "CREAM"), DutyCode::NameContact);
    assert_eq!(
        (deed, given),
        (
            "product edit",
            vec![text("name=CREAM"), text("provider=INFN")]
        )
    );
    let (deed, id, _) = settles(&desk, (Kind::Action, "A-1"), DutyCode::FinishAction);
    assert_eq!((deed, id.as_str()), ("action done", "A-1"));
}

#[test]
fn every_duty_of_a_release_has_its_step_and_the_next_signature_is_filled_in() {
    let mut desk = Desk::with_tickets();
    desk.act(Action::Release(ReleaseAction::Add(ReleaseAdd {
        name: text("CMD 1.4.0"),
        date: Some("2026-12-17".parse().unwrap()),
        ..ReleaseAdd::default()
    })));
    let release = (Kind::Release, "CMD 1.4.0");
    let (deed, _, given) = settles(&desk, release, DutyCode::FreezeDate);
    assert_eq!(deed, "release freeze-date");
    assert!(given.contains(&text("date=2026-12-17")), "{given:?}");
    desk.act(Action::Release(ReleaseAction::FreezeDate {
        name: text("CMD 1.4.0"),
        date: None,
        reason: None,
    }));
    let (deed, _, given) = settles(&desk, release, DutyCode::SignCountdown);
    assert_eq!(deed, "release sign");
    assert!(given.contains(&text("no=1")), "{given:?}");
    for (code, name) in [
        (DutyCode::FreezeContents, "release freeze"),
        (DutyCode::BuildCandidate, "release rc"),
        (DutyCode::PublishRelease, "release publish"),
    ] {
        let (deed, id, _) = settles(&desk, release, code);
        assert_eq!((deed, id.as_str()), (name, "CMD 1.4.0"), "{code:?}");
    }
    let row = desk.store.reader().record(Some(Kind::Release), "CMD 1.4.0");
    let row = row.unwrap().unwrap();
    let steps = desk.look(|look| steps(look, &row)).unwrap();
    let not_now = |name: &str| {
        let step = steps.iter().find(|step| step.deed.name == name).unwrap();
        step.not_now.clone()
    };
    assert_eq!(not_now("release freeze"), None);
    let refused = not_now("release publish").unwrap();
    assert!(refused.contains("frozen in its date"), "{refused}");
    assert!(not_now("release recall").is_some());
}

#[test]
fn what_no_step_settles_is_said_and_a_duty_of_another_kind_too() {
    let desk = Desk::with_tickets();
    let ticket = key(Kind::Ticket, "T-1");
    let other = desk.look(|look| settling(look, &ticket, DutyCode::Other));
    assert_eq!(other.err().unwrap().kind, RefusalKind::Failed);
    let wrong = desk.look(|look| settling(look, &ticket, DutyCode::FinishAction));
    assert_eq!(wrong.err().unwrap().kind, RefusalKind::Refused);
}

#[test]
fn whatever_needs_a_human_has_a_step_that_is_open() {
    let mut desk = Desk::with_tickets();
    desk.cycle();
    desk.submit("CREAM", &["al9"]);
    desk.act(Action::TicketStart {
        id: text("T-1"),
        verifier: Some(text("Vera")),
        testbed: None,
    });
    desk.act(Action::TicketAsk {
        id: text("T-1"),
        text: text("Which version?"),
    });
    desk.act(Action::TicketDelay {
        id: text("T-2"),
        reason: Some(text("No machine.")),
        promise: Some("2026-11-25".parse().unwrap()),
    });
    desk.wait(70);
    let lines = desk
        .look(|look| look.reader.attention(look.today, None, usize::MAX))
        .unwrap();
    assert!(lines.len() > 10, "{}", lines.len());
    for line in lines {
        let key = key(line.kind, &line.id);
        let (deed, on, _) = desk.look(|look| settling(look, &key, line.code)).unwrap();
        let row = desk.store.reader().record(Some(on.kind), &on.id).unwrap();
        let steps = desk.look(|look| steps(look, &row.unwrap())).unwrap();
        let step = steps.iter().find(|step| step.deed.name == deed.name);
        let step = step.unwrap();
        assert_eq!(step.not_now, None, "{} {:?}", line.id, line.code);
        assert!(step.settles, "{} {:?}", line.id, line.code);
    }
}
