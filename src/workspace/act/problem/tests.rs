//! A problem beside a running rollout: the halt, and texts that never say where the site was.

use std::collections::BTreeMap;

use crate::domain::clock::{Limit, Unit};
use crate::domain::field::fields;
use crate::domain::kind::Kind;
use crate::domain::noun::Noun;
use crate::domain::queue::state::{Standing, State};
use crate::domain::rollout::announcement::{
    Announcement, AnnouncementStanding, AnnouncementState, Turn,
};
use crate::domain::rollout::site::ReportDuty;
use crate::workspace::action::{Action, ProblemAction, ProblemClose, ProblemFile, ProblemTriage};
use crate::workspace::fixture::{Desk, actor};
use crate::workspace::look::export::{self, Format};
use crate::workspace::look::list::{self, Asked};
use crate::workspace::perform::header;
use crate::workspace::plan::Plan;

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// Two sites and the tickets T-1 and T-2 of ARC 7.0.3.
fn desk() -> Desk {
    let mut desk = Desk::with_tickets();
    for name in ["CNAF", "PIC"] {
        let mail = format!("{}@example.org", name.to_lowercase());
        let add = serde_json::json!({"do": "site-add", "name": name, "contact": mail});
        desk.act(serde_json::from_value::<Action>(add).unwrap());
    }
    desk
}

/// T-1 is in its staged rollout.
fn on_trial(plan: &mut Plan<'_, '_>) -> Result<(), crate::workspace::refusal::Refusal> {
    let ticket = plan.load(Kind::Ticket, "T-1")?;
    if let Noun::Ticket(it) = ticket.noun {
        let state = State::StagedRollout;
        let standing = Standing {
            state,
            ..it.standing
        };
        plan.put(&ticket.entity, "state", &standing)?;
    }
    Ok(())
}

fn turn() -> Turn {
    Turn {
        announced: "2026-11-20".parse().unwrap(),
        sent: true,
        message: None,
        limit: Limit {
            n: 7,
            unit: Unit::Days,
        },
        reports: ReportDuty::Always,
        pauses: Vec::new(),
    }
}

/// T-1 is announced to CNAF as N-1.
fn announced() -> Desk {
    let mut desk = desk();
    let (time, who) = (desk.time(), actor("Alice"));
    let announcement = Announcement {
        id: String::new(),
        ticket: "T-1".into(),
        product: "ARC".into(),
        version: text("7.0.3"),
        platform: "al9".into(),
        arch: "x86_64".into(),
        standing: AnnouncementStanding {
            state: AnnouncementState::Running,
            entered: "2026-11-20".parse().unwrap(),
            sentence: None,
            profile: 1,
        },
        turn: BTreeMap::new(),
        sent: BTreeMap::new(),
        reminder: BTreeMap::new(),
        pauses: Vec::new(),
        accepted: BTreeMap::new(),
        deployed: BTreeMap::new(),
        reports: Vec::new(),
        problem: BTreeMap::new(),
        owner: text("Alice"),
        claimed_by: None,
        later: None,
        deleted: false,
    };
    let turn = turn();
    let meant = Action::Comment {
        id: "T-1".into(),
        text: "announced".into(),
        private: false,
    };
    desk.store
        .write(|writing| {
            let facts = writing.reader().desk()?;
            let mut plan = Plan::new(writing, facts, who.clone(), time.clone())?;
            let (entity, _) = plan.create(Kind::Announcement)?;
            let value = serde_json::to_value(&announcement).unwrap();
            for (field, value) in value.as_object().into_iter().flatten() {
                if field != "id" {
                    plan.set(&entity, field, value.clone())?;
                }
            }
            plan.put(&entity, "turn:CNAF", &turn)?;
            on_trial(&mut plan)?;
            let draft = plan.draft;
            writing.append(draft, header(&meant, &who, &time)?, time.now.timestamp())?;
            Ok::<_, crate::workspace::refusal::Refusal>(())
        })
        .unwrap();
    desk
}

fn filed(channel_id: &str, site: &str) -> ProblemFile {
    ProblemFile {
        channel_id: text(channel_id),
        product: text("ARC"),
        version: text("7.0.3"),
        site: text(site),
        text: text("Jobs are lost."),
        ..ProblemFile::default()
    }
}

fn act(desk: &mut Desk, action: ProblemAction) {
    desk.act(Action::Problem(action));
}

fn critical(id: &str) -> ProblemAction {
    ProblemAction::Triage(ProblemTriage {
        id: id.to_owned(),
        criticality: crate::domain::problem::report::Criticality::from_word("critical"),
        body: text("MU"),
        by: text("Marta"),
        ..ProblemTriage::default()
    })
}

fn halt() -> ProblemAction {
    ProblemAction::Halt {
        id: "P-1".into(),
        reason: text("Jobs are lost."),
        scope: text("all sites"),
    }
}

/// Everything that an export of a kind holds, in every format.
fn exported(desk: &Desk, kind: Kind) -> String {
    let outward = fields(kind).iter().filter(|field| !field.internal);
    let columns: Vec<&str> = outward.map(|field| field.name).collect();
    desk.look(|look| {
        let rows = list::list(look, kind, &Asked::default()).unwrap();
        let formats = Format::ALL.iter();
        formats
            .map(|format| export::write(*format, kind, &columns, &rows, look.now))
            .collect()
    })
}

/// The texts about problems that lie in the outbox, whole.
fn letters(desk: &Desk) -> Vec<String> {
    let rows = desk.store.reader().all(Kind::Message).unwrap();
    let of_it = rows
        .iter()
        .filter(|row| row.body.contains("\"about\":[\"P-"));
    of_it.map(|row| row.body.clone()).collect()
}

#[test]
fn r48_a_first_stage_and_a_general_problem_are_the_same_to_support_units_byte_for_byte() {
    let (mut first, mut general) = (announced(), desk());
    for desk in [&mut first, &mut general] {
        act(desk, ProblemAction::File(filed("GGUS-1", "CNAF")));
    }
    assert_eq!(first.field(Kind::Problem, "P-1", "stage"), "first");
    assert_eq!(first.field(Kind::Problem, "P-1", "announcement"), "N-1");
    assert_eq!(general.field(Kind::Problem, "P-1", "stage"), "general");
    let same = |first: &Desk, general: &Desk| {
        assert_eq!(letters(first), letters(general));
        for kind in [Kind::Problem, Kind::Message] {
            assert_eq!(exported(first, kind), exported(general, kind));
        }
    };
    assert_eq!(letters(&first).len(), 1);
    same(&first, &general);
    for desk in [&mut first, &mut general] {
        act(desk, critical("P-1"));
        let engage = ProblemAction::Engage {
            id: "P-1".into(),
            whom: None,
            text: None,
        };
        act(desk, engage);
    }
    assert_eq!(letters(&first).len(), 2);
    same(&first, &general);
}

#[test]
fn r48_on_one_desk_the_texts_of_both_differ_in_their_ids_alone() {
    let mut desk = announced();
    let first = ProblemFile {
        announcement: text("N-1"),
        product: None,
        version: None,
        ..filed("GGUS-1", "CNAF")
    };
    act(&mut desk, ProblemAction::File(first));
    act(&mut desk, ProblemAction::File(filed("GGUS-2", "PIC")));
    assert_eq!(desk.field(Kind::Problem, "P-1", "stage"), "first");
    assert_eq!(desk.field(Kind::Problem, "P-2", "stage"), "general");
    let letters = letters(&desk);
    assert_eq!(letters.len(), 2);
    let ids = [("GGUS-2", "GGUS-1"), ("P-2", "P-1"), ("X-4", "X-3")];
    let alike = |text: &str| {
        let one = |text: String, (id, other): &(&str, &str)| text.replace(id, other);
        ids.iter().fold(text.to_owned(), one)
    };
    let second = alike(&letters[1]);
    assert_eq!(letters[0], second);
    let exported = exported(&desk, Kind::Problem);
    let lines: Vec<&str> = exported.lines().filter(|it| it.contains("Jobs")).collect();
    let (ours, others) = (lines[0], lines[1]);
    assert_eq!(ours, alike(others).replace("PIC", "CNAF"));
}

#[test]
fn r50_a_halt_stops_the_announcement_tells_its_sites_and_no_defect_lets_it_go_on() {
    let mut desk = announced();
    act(&mut desk, ProblemAction::File(filed("GGUS-1", "CNAF")));
    let marked = desk.field(Kind::Announcement, "N-1", "problem");
    assert_eq!(marked["CNAF"], "P-1");
    act(&mut desk, critical("P-1"));
    act(&mut desk, halt());
    let state = desk.field(Kind::Announcement, "N-1", "state");
    assert_eq!(state["state"], "halted");
    let sentence = state["sentence"].as_str().unwrap();
    assert_eq!(
        sentence,
        "Halted because of P-1 (all sites): Jobs are lost."
    );
    let notice = letters(&desk).pop().unwrap();
    assert!(notice.contains("halt-notice") && notice.contains("cnaf@example.org"));
    let close = ProblemClose {
        id: "P-1".into(),
        how: crate::domain::problem::report::Ending::from_word("no-defect"),
        reason: text("A full disk at the site."),
        body: text("MU"),
        by: text("Marta"),
        ..ProblemClose::default()
    };
    act(&mut desk, ProblemAction::Close(close));
    let state = desk.field(Kind::Announcement, "N-1", "state");
    assert_eq!(state["state"], "running");
    assert!(letters(&desk).pop().unwrap().contains("goes on"));
}

#[test]
fn what_another_problem_holds_up_stays_halted() {
    let mut desk = announced();
    act(&mut desk, ProblemAction::File(filed("GGUS-1", "CNAF")));
    let other = ProblemFile {
        ticket: text("T-1"),
        ..filed("GGUS-2", "PIC")
    };
    act(&mut desk, ProblemAction::File(other));
    act(&mut desk, critical("P-1"));
    act(&mut desk, halt());
    let close = ProblemClose {
        id: "P-1".into(),
        how: crate::domain::problem::report::Ending::from_word("no-defect"),
        reason: text("A full disk at the site."),
        body: text("MU"),
        by: text("Marta"),
        ..ProblemClose::default()
    };
    act(&mut desk, ProblemAction::Close(close));
    let state = desk.field(Kind::Announcement, "N-1", "state");
    assert_eq!(state["state"], "halted");
}

#[test]
fn r50_a_rollout_goes_on_once_its_halting_problem_is_lowered_or_repeats_another_that_is_elsewhere()
{
    let mut desk = announced();
    act(&mut desk, ProblemAction::File(filed("GGUS-1", "CNAF")));
    act(&mut desk, critical("P-1"));
    act(&mut desk, halt());
    let other = ProblemFile {
        ticket: text("T-2"),
        ..filed("GGUS-2", "PIC")
    };
    act(&mut desk, ProblemAction::File(other));
    act(&mut desk, critical("P-2"));
    let close = ProblemClose {
        id: "P-1".into(),
        how: crate::domain::problem::report::Ending::from_word("duplicate"),
        of: text("P-2"),
        ..ProblemClose::default()
    };
    act(&mut desk, ProblemAction::Close(close));
    let state = desk.field(Kind::Announcement, "N-1", "state");
    assert_eq!(state["state"], "running");
}
