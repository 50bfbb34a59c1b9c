//! The steps of a record are refused by the guards that refuse them when they are done.

use std::collections::BTreeMap;

use super::{Step, steps};
use crate::domain::kind::{KINDS, Kind};
use crate::domain::retro::lesson::LessonKind;
use crate::workspace::action::{Action, SiteCard};
use crate::workspace::deed::{Entry, Filled, Need, Value};
use crate::workspace::fixture::{Desk, actor, claim};
use crate::workspace::refusal::RefusalKind;
use crate::workspace::session::Session;

#[track_caller]
fn all(desk: &Desk, kind: Kind, id: &str) -> Vec<Step> {
    let row = desk.store.reader().record(Some(kind), id).unwrap().unwrap();
    desk.look(|look| steps(look, &row)).unwrap()
}

/// The names of the steps that are open.
fn open(steps: &[Step]) -> Vec<&str> {
    let open = steps.iter().filter(|step| step.not_now.is_none());
    open.map(|step| step.deed.name).collect()
}

#[track_caller]
fn not_now<'a>(steps: &'a [Step], name: &str) -> Option<&'a str> {
    let step = steps.iter().find(|step| step.deed.name == name).unwrap();
    step.not_now.as_deref()
}

fn text(text: &str) -> String {
    text.to_owned()
}

fn inject(id: &str) -> Action {
    Action::Inject {
        id: text(id),
        tracking: BTreeMap::new(),
    }
}

#[test]
fn a_ticket_offers_what_why_recommends_in_its_order_and_says_why_not_the_rest() {
    let desk = Desk::with_tickets();
    let steps = all(&desk, Kind::Ticket, "T-1");
    let first: Vec<&str> = steps.iter().map(|step| step.deed.name).take(5).collect();
    assert_eq!(
        first,
        [
            "ticket start",
            "ticket reject",
            "ticket delay",
            "ticket withdraw",
            "ticket inform"
        ]
    );
    assert_eq!(
        not_now(&steps, "ticket accept"),
        Some("it is unverified, where `accept` is not open")
    );
    assert!(steps.iter().all(|step| !step.settles));
}

#[test]
fn what_is_late_is_to_be_explained_first() {
    let mut desk = Desk::with_tickets();
    desk.wait(60);
    let steps = all(&desk, Kind::Ticket, "T-1");
    assert_eq!(steps[0].deed.name, "ticket delay");
    assert!(steps[0].settles && steps[0].not_now.is_none());
}

#[test]
fn a_step_that_lacks_something_says_what() {
    let mut desk = Desk::with_tickets();
    desk.act(Action::TicketStart {
        id: text("T-1"),
        verifier: Some(text("Vera")),
        testbed: None,
    });
    let steps = all(&desk, Kind::Ticket, "T-1");
    let why = not_now(&steps, "ticket verify").unwrap();
    assert!(why.starts_with("it has no result for "), "{why}");
    assert!(!why.ends_with('.'));
}

/// What stands against a step once its record has come so far, as the menu says it and as
/// the step itself says it.
#[track_caller]
fn refused(desk: &mut Desk, on: (Kind, &str), action: &Action, clause: &str) {
    let found = all(desk, on.0, on.1);
    assert_eq!(not_now(&found, action.verb()), Some(clause));
    let refusal = desk.attempt("Alice", action).unwrap_err();
    let (_, said) = clause.split_once(' ').unwrap();
    assert!(refusal.message.contains(said), "{refusal}");
}

#[test]
fn a_submission_is_injected_once_and_closed_before() {
    let mut desk = Desk::new();
    desk.submit("ARC", &["al9"]);
    let steps = all(&desk, Kind::Submission, "S-1");
    let names: Vec<&str> = steps.iter().map(|step| step.deed.name).take(3).collect();
    assert_eq!(
        names,
        ["inject", "submission refuse", "submission withdraw"]
    );
    assert!(
        steps[0].settles,
        "it is somebody's to inject from the first day"
    );
    desk.act(inject("S-1"));
    let on = (Kind::Submission, "S-1");
    refused(
        &mut desk,
        on,
        &inject("S-1"),
        "it is injected, so it cannot be injected",
    );
    let close = Action::SubmissionClose {
        id: text("S-1"),
        refused: false,
        reason: None,
    };
    refused(
        &mut desk,
        on,
        &close,
        "it is injected, so it cannot be withdrawn",
    );
    let delete = Action::Delete {
        id: text("S-1"),
        reason: None,
    };
    let stays = "it stays: 1 record is part of it on the desk, T-1 first among them";
    refused(&mut desk, on, &delete, stays);
}

#[test]
fn a_message_is_sent_once_to_somebody_and_an_awaited_answer_is_not_skipped() {
    let mut desk = Desk::with_tickets();
    let skip = Action::OutboxSkip {
        id: text("X-2"),
        reason: Some(text("told by phone")),
    };
    let sent = |id: &str| Action::OutboxSent { id: text(id) };
    let answer = (Kind::Message, "X-2");
    refused(
        &mut desk,
        answer,
        &skip,
        "it cannot be skipped: S-1 waits for it, and only the sent answer stops its clock",
    );
    desk.act(sent("X-2"));
    refused(&mut desk, answer, &sent("X-2"), "it is sent already");
    desk.submit("CREAM", &["al9"]);
    desk.act(Action::OutboxEdit {
        id: text("X-3"),
        to: Some(Vec::new()),
        subject: None,
        body: None,
    });
    let nobody = "it has no addressee, so it cannot have been sent";
    refused(&mut desk, (Kind::Message, "X-3"), &sent("X-3"), nobody);
}

#[test]
fn a_milestone_is_done_once_and_then_stays() {
    let mut desk = Desk::new();
    desk.cycle();
    let done = Action::MilestoneDone { id: text("M-1") };
    assert!(open(&all(&desk, Kind::Milestone, "M-1")).contains(&"milestone done"));
    desk.act(done.clone());
    let on = (Kind::Milestone, "M-1");
    refused(&mut desk, on, &done, "M0 is done already");
    let moved = Action::MilestoneMove {
        id: text("M-1"),
        to: "2026-12-01".parse().unwrap(),
        reason: None,
    };
    refused(&mut desk, on, &moved, "M0 is done and does not move");
}

#[test]
fn a_cycle_is_approved_without_errors_and_closed_once() {
    let mut desk = Desk::new();
    desk.cycle();
    let on = (Kind::Cycle, "1.4");
    let approve = Action::CycleApprove {
        name: text("1.4"),
        decision: None,
    };
    let close = Action::CycleClose { name: text("1.4") };
    assert_eq!(all(&desk, on.0, on.1)[0].deed.name, "cycle approve");
    desk.act(approve.clone());
    refused(&mut desk, on, &approve, "it is approved already");
    desk.act(close.clone());
    refused(&mut desk, on, &close, "it is closed already");
}

#[test]
fn only_managers_are_primary_only_work_is_claimed_and_people_stay() {
    let mut desk = Desk::new();
    let vera = (Kind::Person, "Vera");
    let primary = Action::Primary { name: text("Vera") };
    let clause = "Vera is not a release manager of this desk";
    refused(&mut desk, vera, &primary, clause);
    let delete = Action::Delete {
        id: text("Vera"),
        reason: None,
    };
    refused(&mut desk, vera, &delete, "Vera stays: records name it");
    let redo = Action::Redo {
        target: Some(text("Vera")),
    };
    refused(&mut desk, vera, &redo, "Vera has no change to do again");
    let open = open(&all(&desk, Kind::Person, "Alice")).join(" ");
    assert!(
        open.contains("primary") && !open.contains("claim"),
        "{open}"
    );
}

#[test]
fn an_action_ends_once() {
    let mut desk = Desk::new();
    desk.act(Action::ActionAdd {
        text: text("ask"),
        owner: None,
        due: None,
        about: None,
    });
    let done = Action::ActionDone { id: text("A-1") };
    desk.act(done.clone());
    refused(
        &mut desk,
        (Kind::Action, "A-1"),
        &done,
        "it is done already",
    );
}

/// An answer for an entry that has to be given; none where no word would do.
fn some_answer(entry: &Entry) -> Option<&'static str> {
    match entry.value {
        Value::Text | Value::Long => Some("because"),
        Value::When => Some("2027-03-01"),
        Value::Number => Some("10"),
        Value::Named(Kind::Person) => Some("Vera"),
        Value::Named(Kind::Product) => Some("ARC"),
        _ => None,
    }
}

/// Some records of every kind in several states.
fn lively() -> Desk {
    let mut desk = Desk::with_tickets();
    desk.cycle();
    desk.submit("CREAM", &["al9"]);
    desk.act(Action::TicketStart {
        id: text("T-1"),
        verifier: Some(text("Vera")),
        testbed: None,
    });
    desk.act(Action::TicketWithdraw {
        id: text("T-2"),
        reason: None,
    });
    desk.act(Action::MilestoneDone { id: text("M-1") });
    desk.act(Action::OutboxSent { id: text("X-1") });
    for kept in ["ask", "tell"] {
        desk.act(Action::ActionAdd {
            text: text(kept),
            owner: None,
            due: None,
            about: None,
        });
    }
    desk.act(Action::ActionDone { id: text("A-1") });
    desk.act(Action::LessonAdd {
        kind: LessonKind::Improve,
        text: text("sooner"),
        about: None,
    });
    desk.act(Action::SiteAdd(SiteCard {
        name: text("Site A"),
        ..SiteCard::default()
    }));
    desk.act(claim("T-1"));
    desk.act(Action::Undo { target: None });
    desk
}

#[test]
fn a_step_is_refused_where_it_says_so_and_nowhere_else() {
    let desk = lively();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cmd.relmate");
    let rows: Vec<_> = KINDS
        .iter()
        .filter(|row| row.plural.is_some())
        .flat_map(|row| desk.store.reader().all(row.kind).unwrap())
        .collect();
    let steps: Vec<_> = rows
        .iter()
        .flat_map(|row| {
            all(&desk, row.kind, &row.id)
                .into_iter()
                .map(move |step| (row, step))
        })
        .collect();
    let now = desk.now;
    desk.store.keep(&path).unwrap();
    let mut session = Session::open(&path, actor("Alice"), now, None).unwrap();
    let mut tried = (0, 0);
    for (row, step) in steps {
        let mut filled = Filled::default().with(step.deed.entries[0].name, row.id.as_str());
        let asked = step.deed.entries[1..]
            .iter()
            .filter(|it| it.need != Need::May);
        let answers: Vec<_> = asked.map(|it| (it.name, some_answer(it))).collect();
        if answers.iter().any(|(_, answer)| answer.is_none()) {
            continue;
        }
        for (name, answer) in answers {
            filled.put(name, answer.unwrap_or_default());
        }
        let action = (step.deed.action)(&filled, &session);
        let Err(refusal) = action.and_then(|action| session.preview(&action)) else {
            assert_eq!(step.not_now, None, "{} {}", step.deed.name, row.id);
            tried.0 += 1;
            continue;
        };
        // What is wrong with the answers says nothing about the record.
        if refusal.kind != RefusalKind::Usage {
            assert!(
                step.not_now.is_some(),
                "{} {}: {refusal}",
                step.deed.name,
                row.id
            );
            tried.1 += 1;
        }
    }
    assert!(tried.0 > 100 && tried.1 > 50, "{tried:?}");
}
