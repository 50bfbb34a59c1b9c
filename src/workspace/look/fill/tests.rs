//! A form starts with what the desk knows, and nothing in it can move a cursor.

use serde_json::{Value, json};

use super::{Choice, Fill, field, fill};
use crate::domain::field::{self as table, Edit, parse};
use crate::domain::kind::{KINDS, Kind};
use crate::domain::message::MessageKind;
use crate::workspace::action::{Action, CycleAdd, SiteCard};
use crate::workspace::deed::{Deed, Filled};
use crate::workspace::fixture::{Desk, card, key};
use crate::workspace::look::Look;
use crate::workspace::look::board::rows::Key;
use crate::workspace::refusal::{Refusal, RefusalKind};

#[track_caller]
fn filled(desk: &Desk, name: &str, kind: Kind, id: &str) -> Fill {
    let deed = Deed::named(name).unwrap();
    desk.look(|look| fill(look, (deed, &Filled::default()), Some(&key(kind, id))))
        .unwrap()
}

fn values(choices: &[Choice]) -> Vec<&str> {
    choices.iter().map(|it| it.value.as_str()).collect()
}

fn delay(reason: &str, promise: Option<&str>) -> Action {
    Action::TicketDelay {
        id: "T-1".to_owned(),
        reason: Some(reason.to_owned()),
        promise: promise.map(|day| day.parse().unwrap()),
    }
}

#[test]
fn a_form_says_how_the_ticket_stands_and_whom_it_can_tell() {
    let desk = Desk::with_tickets();
    let form = filled(&desk, "ticket delay", Kind::Ticket, "T-1");
    assert_eq!(form.title, "T-1 ARC 7.0.3 al9");
    assert!(
        form.facts[0].starts_with("T-1 has been unverified"),
        "{:?}",
        form.facts
    );
    assert!(
        form.facts.iter().any(|it| it.contains("arc@example.org")),
        "{:?}",
        form.facts
    );
    assert!((2..=5).contains(&form.facts.len()));
    assert_eq!(form.values.one("id"), Some("T-1"));
    assert!(!form.values.is_given("reason"));
}

#[test]
fn a_move_asks_for_its_reason_as_soon_as_the_schedule_is_approved() {
    let mut desk = Desk::new();
    desk.cycle();
    let asked = |desk: &Desk| filled(desk, "milestone move", Kind::Milestone, "M-1").asked;
    assert!(asked(&desk).is_empty());
    desk.act(Action::CycleApprove {
        name: "1.4".to_owned(),
        decision: Some("the committee agreed".to_owned()),
    });
    assert_eq!(asked(&desk), ["reason"]);
    assert!(
        filled(&desk, "milestone done", Kind::Milestone, "M-1")
            .asked
            .is_empty()
    );
}

#[test]
fn a_missing_contact_is_said_before_the_notice_is_drafted() {
    let mut desk = Desk::new();
    desk.submit("CREAM", &["al9"]);
    desk.act(Action::Inject {
        id: "S-1".to_owned(),
        tracking: std::collections::BTreeMap::new(),
    });
    let form = filled(&desk, "ticket delay", Kind::Ticket, "T-1");
    assert!(
        form.facts
            .iter()
            .any(|it| it.contains("CREAM has no contact")),
        "{:?}",
        form.facts
    );
}

#[test]
fn a_second_delay_starts_with_the_first_ones_reason_but_with_no_promise_that_is_past() {
    let mut desk = Desk::with_tickets();
    desk.act(delay("No machine.", Some("2026-11-25")));
    let form = filled(&desk, "ticket delay", Kind::Ticket, "T-1");
    assert_eq!(form.values.one("reason"), Some("No machine."));
    assert_eq!(form.values.one("promise"), Some("2026-11-25"));
    desk.wait(10);
    let form = filled(&desk, "ticket delay", Kind::Ticket, "T-1");
    assert_eq!(form.values.one("reason"), Some("No machine."));
    assert_eq!(form.values.one("promise"), None);
    desk.act(Action::TicketResume {
        id: "T-1".to_owned(),
        due: None,
    });
    let form = filled(&desk, "ticket delay", Kind::Ticket, "T-1");
    assert!(!form.values.is_given("reason"), "that delay is over");
}

#[test]
fn verifiers_come_first_and_the_products_own_team_last() {
    let mut desk = Desk::with_tickets();
    for (name, organisation) in [("Adam", "NorduGrid"), ("Zoe", "Institute")] {
        desk.act(Action::PersonAdd {
            name: name.to_owned(),
            mail: None,
            organisation: Some(organisation.to_owned()),
            roles: vec!["verifier".to_owned()],
        });
    }
    let form = filled(&desk, "ticket start", Kind::Ticket, "T-1");
    let list = &form.choices["verifier"];
    assert_eq!(values(list), ["Vera", "Zoe", "Alice", "Bob", "Adam"]);
    assert_eq!(list[0].label, "Vera, verifier, Institute");
    assert!(list[4].label.contains("own team"));
}

#[test]
fn criteria_without_a_result_and_open_records_come_first() {
    let mut desk = Desk::with_tickets();
    desk.act(Action::TicketStart {
        id: "T-1".to_owned(),
        verifier: Some("Vera".to_owned()),
        testbed: None,
    });
    let before = filled(&desk, "ticket check", Kind::Ticket, "T-1").choices["criterion"].clone();
    let first = before[0].value.clone();
    assert!(before[0].label.starts_with(&format!("{first} ")));
    desk.act(Action::TicketCheck {
        id: "T-1".to_owned(),
        results: vec![(first.clone(), crate::domain::queue::ticket::Outcome::Ok)],
        note: None,
        link: None,
    });
    let after = filled(&desk, "ticket check", Kind::Ticket, "T-1").choices["criterion"].clone();
    assert_eq!(after.last().map(|it| &it.value), Some(&first));

    desk.submit("CREAM", &["al9"]);
    desk.act(Action::Inject {
        id: "S-2".to_owned(),
        tracking: std::collections::BTreeMap::new(),
    });
    desk.act(Action::TicketWithdraw {
        id: "T-2".to_owned(),
        reason: None,
    });
    let form = filled(&desk, "ticket recall", Kind::Ticket, "T-1");
    assert_eq!(
        values(&form.choices["by"]),
        ["T-3", "T-2"],
        "not itself, the open one first"
    );
    assert_eq!(form.choices["by"][1].label, "T-2 ARC 7.0.3 el9, withdrawn");
    assert!(
        !form.choices.contains_key("id"),
        "the ticket is chosen already"
    );
}

#[test]
fn a_form_without_a_record_lets_one_choose_it() {
    let desk = Desk::with_tickets();
    let deed = Deed::named("ticket verify").unwrap();
    let form = desk
        .look(|look| fill(look, (deed, &Filled::default()), None))
        .unwrap();
    assert_eq!((form.title.as_str(), form.facts.len()), ("CMD", 0));
    assert_eq!(values(&form.choices["id"]), ["T-1", "T-2"]);
}

#[test]
fn a_form_for_another_kind_of_record_is_refused() {
    let desk = Desk::with_tickets();
    let deed = Deed::named("ticket verify").unwrap();
    let refused = desk
        .look(|look| {
            fill(
                look,
                (deed, &Filled::default()),
                Some(&key(Kind::Submission, "S-1")),
            )
        })
        .err()
        .unwrap();
    assert_eq!(
        refused.message,
        "`ticket verify` is not for S-1, a submission."
    );
    let gone = desk
        .look(|look| {
            fill(
                look,
                (deed, &Filled::default()),
                Some(&key(Kind::Ticket, "T-9")),
            )
        })
        .err()
        .unwrap();
    assert_eq!(gone.kind, RefusalKind::NotFound);
}

#[track_caller]
fn starts_with(desk: &Desk, deed: &str, on: (Kind, &str), known: &[(&str, &str)]) {
    let values = filled(desk, deed, on.0, on.1).values;
    for (name, value) in known {
        assert_eq!(values.one(name), Some(*value), "{deed}: {name}");
    }
}

#[test]
fn an_edit_starts_with_what_stands_there() {
    let mut desk = Desk::with_tickets();
    desk.cycle();
    desk.act(Action::Later {
        id: "T-1".to_owned(),
        until: "2026-12-01".parse().unwrap(),
    });
    let ticket = (Kind::Ticket, "T-1");
    starts_with(&desk, "later", ticket, &[("until", "2026-12-01")]);
    starts_with(&desk, "ticket start", ticket, &[("id", "T-1")]);
    let milestone = (Kind::Milestone, "M-3");
    starts_with(&desk, "milestone move", milestone, &[("to", "2027-01-11")]);
    starts_with(&desk, "slip", milestone, &[("to", "2027-01-11")]);
    let product = (Kind::Product, "ARC");
    let card = [
        ("name", "ARC"),
        ("provider", "NorduGrid"),
        ("contact", "arc@example.org"),
    ];
    starts_with(&desk, "product edit", product, &card);
    let message = [
        ("id", "X-2"),
        ("to", "arc@example.org"),
        ("subject", "[CMD] ARC 7.0.3 is in the queue: T-1, T-2"),
    ];
    starts_with(&desk, "outbox edit", (Kind::Message, "X-2"), &message);
    let body = filled(&desk, "outbox edit", Kind::Message, "X-2").values;
    assert!(body.one("body").unwrap().lines().count() > 3);
    let set = filled(&desk, "set", Kind::Ticket, "T-1").values;
    let pairs = set.many("fields").to_vec();
    assert!(pairs.contains(&"version=7.0.3".to_owned()), "{pairs:?}");
    assert!(!pairs.iter().any(|pair| pair.starts_with("state=")));
}

#[test]
fn what_is_new_is_about_the_record_that_lies_open_and_of_the_one_open_cycle() {
    let mut desk = Desk::with_tickets();
    desk.cycle();
    let beside = key(Kind::Ticket, "T-1");
    let known = |name: &str| {
        let deed = Deed::named(name).unwrap();
        desk.look(|look| fill(look, (deed, &Filled::default()), Some(&beside)))
            .unwrap()
    };
    let lesson = known("lesson");
    assert_eq!(lesson.values.one("about"), Some("T-1"));
    assert_eq!((lesson.title.as_str(), lesson.subject), ("CMD", None));
    assert_eq!(known("milestone add").values.one("cycle"), Some("1.4"));
    let submit = known("submit");
    assert!(
        !submit.values.is_given("supersedes"),
        "that is for a person to say"
    );
    assert_eq!(values(&submit.choices["product"]), ["ARC", "CREAM"]);
    assert_eq!(
        values(&known("cycle add").choices["template"]),
        ["meta-release"]
    );
}

#[test]
fn an_emptied_contact_is_no_address_for_a_draft_that_waits() {
    let mut desk = Desk::new();
    desk.act(Action::ProductEdit(card(
        "CREAM",
        &[("contact", "c@example.org")],
    )));
    desk.submit("CREAM", &["al9"]);
    desk.act(Action::OutboxEdit {
        id: "X-1".to_owned(),
        to: Some(Vec::new()),
        subject: None,
        body: None,
    });
    desk.act(Action::ProductEdit(card("CREAM", &[("contact", "")])));
    assert_eq!(
        desk.field(Kind::Message, "X-1", "to"),
        serde_json::json!([])
    );
    assert_eq!(
        desk.field(Kind::Message, "X-1", "kind"),
        MessageKind::Receipt.word()
    );
}

/// A desk where every editable field of something says something.
fn everything() -> Desk {
    let mut desk = Desk::with_tickets();
    desk.act(Action::CycleAdd(CycleAdd {
        name: "1.4".to_owned(),
        start: Some("2026-11-02T09:30:00Z".parse().unwrap()),
        release: None,
        template: Some("meta-release".to_owned()),
    }));
    let set = |id: &str, fields: &[(&str, &str)]| Action::Set {
        id: id.to_owned(),
        fields: fields
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
            .collect(),
    };
    desk.act(set("1.4", &[("release", "2027-04-05 AoE")]));
    desk.act(set(
        "T-1",
        &[
            ("packages", "one, two\nthree"),
            ("expected", "2026-12-01"),
            ("verifier", "Vera"),
            ("notes_url", "https://example.org/n"),
        ],
    ));
    desk.act(set("S-1", &[("targets", "al9/x86_64, el9/aarch64")]));
    desk.act(set("M-3", &[("committee", "approval"), ("owner", "Bob")]));
    desk.act(Action::ProductEdit(card(
        "ARC",
        &[("description", "a\nb\u{1b}[2J")],
    )));
    desk.act(Action::SiteAdd(SiteCard {
        name: "Site A".to_owned(),
        country: Some("Nowhere".to_owned()),
        ..SiteCard::default()
    }));
    desk.act(Action::ActionAdd {
        text: "ask the sites".to_owned(),
        owner: Some("Alice".to_owned()),
        due: Some("2026-12-01".parse().unwrap()),
        about: Some("T-1".to_owned()),
    });
    desk
}

/// A field as a form shows it, and what `set` makes of that again.
fn there_and_back(look: &Look<'_>, record: &Key, name: &str) -> Result<(String, Value), Refusal> {
    let judged = look.judged()?;
    let shown = field(look, record, name)?.value;
    let mut read = parse(record.kind, name, &shown, &look.setting(&judged), look.now)?;
    Ok((shown, read.remove(0).1))
}

fn is_empty(value: &Value) -> bool {
    matches!(value, Value::Null | Value::Bool(false)) || *value == json!([])
}

#[test]
fn what_a_field_says_is_taken_back_as_it_is() {
    let desk = everything();
    let kinds = KINDS.iter().filter(|row| row.plural.is_some());
    let records = kinds.flat_map(|row| desk.store.reader().all(row.kind).unwrap());
    let mut met = 0;
    for record in records {
        let on = key(record.kind, &record.id);
        let fields = table::fields(record.kind).iter();
        for one in fields.filter(|it| !matches!(it.edit, Edit::No(_))) {
            let kept = record.value()[one.name].clone();
            let (shown, read) = desk
                .look(|look| there_and_back(look, &on, one.name))
                .unwrap();
            // What a terminal would obey is changed on the way.
            let dirty = kept.as_str().is_some_and(|text| text.contains('\u{1b}'));
            let same = read == kept || (is_empty(&read) && is_empty(&kept));
            assert!(
                same || dirty,
                "{} {}: {kept} {shown:?}",
                record.id,
                one.name
            );
            met += usize::from(!is_empty(&kept));
        }
    }
    assert!(met > 40, "{met}");
}

#[test]
fn a_text_keeps_its_lines_and_loses_what_a_terminal_obeys() {
    let desk = everything();
    let found = desk
        .look(|look| field(look, &key(Kind::Product, "ARC"), "description"))
        .unwrap();
    assert_eq!(found.value, "a\nb␛[2J");
    assert_eq!((found.label, found.title.as_str()), ("Description", "ARC"));
}

#[test]
fn a_field_that_something_else_writes_is_refused_with_what_does() {
    let desk = Desk::with_tickets();
    let refused = desk
        .look(|look| field(look, &key(Kind::Ticket, "T-1"), "claimed-by"))
        .err()
        .unwrap();
    assert_eq!(
        refused.hint.as_deref(),
        Some("`relmate claim ID` writes it.")
    );
    let unknown = desk
        .look(|look| field(look, &key(Kind::Ticket, "T-1"), "colour"))
        .err()
        .unwrap();
    assert_eq!(unknown.kind, RefusalKind::NotFound);
}

#[test]
fn a_field_that_names_a_person_lists_the_people() {
    let desk = Desk::with_tickets();
    let verifier = desk
        .look(|look| field(look, &key(Kind::Ticket, "T-1"), "verifier"))
        .unwrap();
    assert_eq!(values(&verifier.choices), ["Vera", "Alice", "Bob"]);
    let owner = desk
        .look(|look| field(look, &key(Kind::Ticket, "T-1"), "owner"))
        .unwrap();
    assert_eq!(values(&owner.choices), ["Alice", "Bob", "Vera"]);
    assert_eq!(owner.value, "Alice");
}
