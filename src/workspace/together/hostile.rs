//! A member whose program was changed signs what no desk would write: any value in any field of
//! any kind, ids without end, texts that would move a cursor, bytes that are no commit. Nothing
//! of it stops a look, and what is malformed is kept and shown nowhere.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::chain::Chain;
use super::{Alice, Bob, Pair};
use crate::domain::kind::{KINDS, Kind};
use crate::domain::plain::plain;
use crate::ledger::{Draft, EntityId, Header, Op};
use crate::store::desk_entity;
use crate::workspace::look::list::{Asked, list};
use crate::workspace::look::{Look, conflicts, log, report, status, why};
use crate::workspace::pair::BOB;

/// Fields that some kind reads, and some that none does.
const FIELDS: [&str; 40] = [
    "id",
    "state",
    "kind",
    "kind_of",
    "name",
    "deleted",
    "profile",
    "timezone",
    "holidays",
    "profile_version",
    "managers",
    "product",
    "version",
    "platform",
    "owner",
    "verifier",
    "announced",
    "promised",
    "later",
    "packages",
    "text",
    "subject",
    "body",
    "to",
    "due",
    "current",
    "rule",
    "code",
    "cycle",
    "tickets",
    "frozen",
    "signed:1.1",
    "signed",
    "triage",
    "turn:SITE",
    "turn",
    "reports",
    "slips",
    "",
    "a:b:c",
];

/// Everything that is looked at without saying which record; and every record.
fn looks(pair: &Pair) {
    let reader = pair.reader();
    let look = Look::new(&reader, pair.0.alice.now).unwrap();
    status::status(&look, 200).unwrap();
    conflicts::all(&look).unwrap();
    log::log(&look, &log::Asked::default()).unwrap();
    for row in KINDS {
        list(&look, row.kind, &Asked::default()).unwrap();
        for record in reader.all(row.kind).unwrap() {
            record.noun().unwrap();
            reader.duties(&record.id, row.kind, look.today).unwrap();
            drop(why::of(&look, &record).map(|it| why::lines(&it)));
        }
    }
    for kind in report::KINDS {
        // Some want an id, which is a refusal and no more.
        if let Ok(document) = report::document(&look, kind, &report::Asked::default()) {
            for format in [
                report::Format::Text,
                report::Format::Csv,
                report::Format::Html,
            ] {
                report::write(&document, format, look.now, false);
            }
        }
    }
}

/// Every record that is shown, by its entity.
fn shown(pair: &Pair) -> BTreeMap<EntityId, (String, bool, bool, Value)> {
    let reader = pair.reader();
    let rows = KINDS.iter().flat_map(|row| reader.all(row.kind).unwrap());
    let rows = rows.map(|row| {
        let (_, entity) = reader.entity(row.kind, &row.id).unwrap().unwrap();
        let value = row.value();
        (entity, (row.id, row.contested, row.broken, value))
    });
    rows.collect()
}

#[track_caller]
fn holds(pair: &mut Pair) {
    let store = &mut pair.0.alice.store;
    assert!(store.reader().check().unwrap().agrees);
    let before = store.digest().unwrap();
    assert!(store.rebuild().unwrap().agrees);
    assert_eq!(store.digest().unwrap(), before);
    looks(pair);
    // And the desk is still one to work at.
    pair.does(
        Alice,
        r#"{"do":"lesson-add","kind":"improve","text":"Ask","about":null}"#,
    );
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zA-Z0-9 .:-]{0,12}",
        Just("X-999999999999".to_owned()),
        Just("T-99999999999999999999999999".to_owned()),
        Just("T-1".to_owned()),
        Just("\u{1b}[2J\u{1b}]0;x\u{7}\u{202e}\u{0}\u{85}\r\n".to_owned()),
        Just("9999-12-31".to_owned()),
        Just("2026-11-21T08:14:00Z".to_owned()),
        Just("verification".to_owned()),
        Just("contents-frozen".to_owned()),
        Just("x".repeat(5_000)),
        ".{0,8}",
    ]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-(1_i64 << 53)..=1 << 53).prop_map(Value::from),
        text().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 5, |inner| {
        let key = prop_oneof![
            text(),
            proptest::sample::select(&["state", "entered", "by", "on", "from", "to", "covers"][..])
                .prop_map(str::to_owned),
        ];
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            proptest::collection::vec((key, inner), 0..5)
                .prop_map(|all| Value::Object(all.into_iter().collect())),
        ]
    })
}

type Step = (usize, bool, Vec<(usize, Value)>);

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let fields = proptest::collection::vec((0..FIELDS.len(), value()), 1..8);
    proptest::collection::vec((0..KINDS.len() + 2, any::<bool>(), fields), 4..14)
}

/// What a step is about: a record that is there, the desk, or a new one of a kind.
fn about(draft: &Draft, known: &[EntityId], (which, old): (usize, bool)) -> EntityId {
    match known.get(which) {
        Some(known) if old => known.clone(),
        _ if which > KINDS.len() => desk_entity(),
        _ => draft.create(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 24,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn whatever_a_member_signs_every_look_goes_on(steps in steps()) {
        let mut pair = Pair::new();
        let mut chain = Chain::new(&pair);
        let device = json!({"do": "device", "key": BOB.to_string(), "letter": "b"});
        chain.writes(&mut pair, |draft| {
            draft.member(device);
        });
        let mut known = Vec::new();
        // Who takes a person off the desk may do so, and then that person is not on it.
        for row in KINDS.iter().filter(|it| it.kind != Kind::Person) {
            for record in pair.reader().all(row.kind).unwrap() {
                known.extend(conflicts::entity(&pair.reader(), &record).unwrap());
            }
        }
        for (which, old, fields) in steps {
            let before = shown(&pair);
            let mut touched = None;
            let old_one = known.get(which).filter(|_| old);
            let old_one = old_one.map(|it| pair.reader().live(it).unwrap());
            chain.writes(&mut pair, |draft| {
                let entity = about(draft, &known, (which, old));
                touched = Some(entity.clone());
                if let Some(row) = KINDS.get(which).filter(|_| !old) {
                    draft.set(&entity, "kind", row.word, []);
                    draft.set(&entity, "id", "X-999999999999", []);
                }
                for (field, value) in fields {
                    match field % 5 {
                        0 => draft.add(&entity, FIELDS[field], value),
                        1 => draft.event(&entity, ["slip", "comment"][field % 2], value),
                        // What others wrote, or nobody.
                        2 => {
                            let live = old_one.as_ref().map(|it| it.dots(FIELDS[field]));
                            let dot = live.and_then(|it| it.first().copied());
                            let dot = dot.unwrap_or_else(|| draft.next_dot());
                            let (entity, field) = (entity.clone(), FIELDS[field].to_owned());
                            draft.push(Op::Back { entity, field, dot })
                        }
                        _ => draft.set(&entity, FIELDS[field], value, []),
                    };
                }
            });
            // The desk's own facts are what everything is judged by.
            let touched = touched.filter(|it| *it != desk_entity());
            if let Some(touched) = touched {
                let after = shown(&pair);
                for (entity, was) in before.iter().filter(|(entity, _)| **entity != touched) {
                    prop_assert_eq!(after.get(entity), Some(was), "{} was not touched", entity);
                }
            }
        }
        holds(&mut pair);
    }
}

#[test]
fn bytes_that_are_no_commit_are_kept_and_shown_nowhere() {
    let mut pair = Pair::new();
    let mut chain = Chain::new(&pair);
    let device = json!({"do": "device", "key": BOB.to_string(), "letter": "b"});
    chain.writes(&mut pair, |draft| {
        draft.member(device);
    });
    let before = (
        super::rows(&pair.0.alice.store),
        pair.reader().set_aside(100).unwrap().len(),
    );
    let mut draft = Draft::new(chain.replica, 2);
    draft.set(&desk_entity(), "name", "Taken over", []);
    let good = draft.finish(Header {
        person: "Bob".to_owned(),
        ..Header::default()
    });
    let good = String::from_utf8(good.encode()).unwrap();
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let spoilt = [
        good.replace("\"Taken over\"", &deep),
        good.replace("\"Taken over\"", "1e999"),
        good.replace("\"Taken over\"", "123456789012345678901234567890"),
        good.replace("\"need\":1", "\"need\":-1"),
        good.replace("\"need\":1", "\"need\":99999999999999999999"),
        good.replace("\"seq\":2", "\"seq\":18446744073709551615"),
        good.replace("\"seq\":2", "\"seq\":\"2\""),
        good.replace("\"person\":\"Bob\"", "\"person\":{\"a\":1}"),
        good.replace(
            "\"person\":\"Bob\"",
            "\"person\":\"Bob\",\"person\":\"Alice\"",
        ),
        good.replace("\"person\":\"Bob\"", "\"person\":\"Alice\""),
        good.replace("\"ops\":[", "\"ops\":[7,"),
        good.replace("\"field\":\"name\"", "\"field\":[\"name\"]"),
        good.replace("\"deps\":[]", "\"deps\":[\"00\"]"),
        good.replace("\"entities\":[", "\"entities\":[1,"),
        "\u{0}".repeat(300),
        String::new(),
    ];
    let count = spoilt.len();
    for bytes in spoilt {
        assert_ne!(bytes, good, "nothing was spoilt");
        chain.sends(&mut pair, bytes.into_bytes());
    }
    assert_eq!(super::rows(&pair.0.alice.store), before.0);
    let aside = pair.reader().set_aside(100).unwrap();
    assert_eq!(aside.len(), before.1 + count);
    for told in aside {
        assert_eq!(plain(&told.why), told.why, "it can be shown as it is");
        assert!(told.why.len() < 1_000, "{}", told.why.len());
    }
    holds(&mut pair);
}

#[test]
fn who_is_taken_off_the_list_of_persons_is_still_who_the_key_says() {
    let mut pair = Pair::new();
    let alice = crate::ledger::named(Kind::Person.word(), "alice");
    let known = pair.reader().entity(Kind::Person, "Alice").unwrap();
    assert_eq!(known.unwrap().1, alice);
    let mut chain = Chain::new(&pair);
    chain.writes(&mut pair, |draft| {
        draft.set(&alice, "deleted", true, []);
    });
    let gone = pair.reader().record(Some(Kind::Person), "Alice").unwrap();
    assert!(gone.is_none());
    let step = r#"{"do":"comment","id":"T-1","text":"Here still.","private":false}"#;
    let commit = pair.does(Alice, step).commit.unwrap().parse().unwrap();
    let entry = pair.reader().commit(&commit).unwrap().unwrap();
    assert_eq!(entry.applied.commit.person, "Alice");
}

fn ticket(pair: &Pair, id: &str) -> EntityId {
    pair.reader().entity(Kind::Ticket, id).unwrap().unwrap().1
}

#[test]
fn a_word_that_is_given_as_an_id_is_none() {
    let mut pair = Pair::new();
    let t1 = ticket(&pair, "T-1");
    let before = shown(&pair);
    let mut chain = Chain::new(&pair);
    for word in ["ticket", "in-verification", "CREAM", "Alice", "x", "T-7"] {
        chain.writes(&mut pair, |draft| {
            draft.set(&t1, "id", word, []);
        });
        assert_eq!(pair.reader().names().unwrap().shown(word), word);
    }
    let after = shown(&pair);
    assert_eq!(after.len(), before.len());
    for (was, is) in before.iter().zip(&after) {
        assert!(was == is || *was.0 == t1, "{was:?} {is:?}");
        assert_eq!((was.0, &was.1.0), (is.0, &is.1.0), "each keeps its id");
    }
    holds(&mut pair);
}

#[test]
fn the_id_of_another_record_is_not_taken() {
    let mut pair = Pair::new();
    let (t1, t2) = (ticket(&pair, "T-1"), ticket(&pair, "T-2"));
    let mut chain = Chain::new(&pair);
    for (entity, id) in [(&t1, "T-2"), (&t2, "T-1")] {
        for makes in [false, true] {
            chain.writes(&mut pair, |draft| {
                if makes {
                    draft.set(entity, "kind", "ticket", []);
                }
                draft.set(entity, "id", id, []);
            });
        }
    }
    for sorts_first in [false, true] {
        let named = (0..).map(|n| crate::ledger::named("ticket", &format!("new {n}")));
        let mut named = named.filter(|it| (*it < t2) == sorts_first);
        let new = named.next().unwrap();
        let shown = pair.value("T-2");
        chain.writes(&mut pair, |draft| {
            draft.set(&new, "kind", "ticket", []);
            draft.set(&new, "id", "T-2", []);
            for field in ["product", "version", "platform", "arch", "state"] {
                draft.set(&new, field, shown[field].clone(), []);
            }
        });
    }
    let names = pair.reader().names().unwrap();
    assert_eq!((names.shown("T-1"), names.shown("T-2")), ("T-1", "T-2"));
    assert_eq!(ticket(&pair, "T-1"), t1);
    assert_eq!(ticket(&pair, "T-2"), t2);
    let aside = shown(&pair).into_values();
    let aside = aside.filter(|row| row.0.starts_with("T-2~")).count();
    assert_eq!(aside, 2, "what came later is there under another");
    holds(&mut pair);
}

#[test]
fn a_record_that_had_the_id_first_has_it_whenever_it_comes() {
    let mut pair = Pair::new();
    let t2 = ticket(&pair, "T-2");
    // In the ledger's order it stands before all that the two do.
    let mut chain = Chain::new(&pair);
    for who in [Alice, Bob] {
        pair.does(
            who,
            r#"{"do":"lesson-add","kind":"improve","text":"Ask","about":null}"#,
        );
    }
    pair.does(
        Alice,
        r#"{"do":"ticket-delay","id":"T-1","reason":"No machine.","promise":null}"#,
    );
    pair.does(
        Bob,
        r#"{"do":"ticket-delay","id":"T-1","reason":"No machine.","promise":null}"#,
    );
    pair.meet();
    assert_eq!(pair.row("X-3b").id, "X-3");
    let early = crate::ledger::named("message", "early");
    let shown = pair.value("X-3");
    chain.writes(&mut pair, |draft| {
        draft.set(&early, "kind", "message", []);
        draft.set(&early, "kind_of", shown["kind"].clone(), []);
        for field in ["to", "subject", "body", "state"] {
            draft.set(&early, field, shown[field].clone(), []);
        }
        draft.set(&early, "id", "X-3b", []);
    });
    assert_eq!(pair.reader().names().unwrap().shown("X-3b"), "X-3b");
    assert_eq!(pair.row("X-3").id, "X-3");
    let of_it = pair.reader().entity(Kind::Message, "X-3b").unwrap();
    assert_eq!(of_it.unwrap().1, early);
    assert_eq!(ticket(&pair, "T-2"), t2);
    holds(&mut pair);
}

#[test]
fn whoever_names_a_step_as_taken_back_hides_nothing_that_did_not_make_the_record() {
    let mut pair = Pair::new();
    let t1 = ticket(&pair, "T-1");
    pair.does(
        Alice,
        r#"{"do":"ticket-start","id":"T-1","verifier":"Vera","testbed":null}"#,
    );
    let record = pair.reader().live(&t1).unwrap();
    let by = record.fields["verifier"].live[0].order.hash;
    let mut chain = Chain::new(&pair);
    chain.writes(&mut pair, |draft| {
        draft.set(&t1, "kind", "ticket", []);
        let taken = json!({"covers": "", "unmakes": [by.to_string()]});
        draft.set(&t1, "deleted", taken, []);
    });
    let standing = pair.reader().standing(&t1).unwrap();
    assert_eq!(standing.fields["verifier"], record.fields["verifier"]);
    assert_eq!(pair.value("T-1")["verifier"], "Vera");
    holds(&mut pair);
}

#[test]
fn of_ids_without_end_a_few_are_kept() {
    let mut pair = Pair::new();
    let many = crate::ledger::named("lesson", "many");
    let mut chain = Chain::new(&pair);
    for round in 0..3 {
        chain.writes(&mut pair, |draft| {
            draft.set(&many, "kind", "lesson", []);
            for n in 0..40 {
                draft.set(&many, "id", format!("L-{round}{n:02}y"), []);
            }
        });
    }
    let names = pair.reader().names().unwrap();
    let known = |id: &str| pair.reader().entity(Kind::Lesson, id).unwrap().is_some();
    let ids = (0..3).flat_map(|round| (0..40).map(move |n| format!("L-{round}{n:02}y")));
    let kept = ids.filter(|id| names.shown(id) != id || known(id)).count();
    assert_eq!(kept, 16);
    holds(&mut pair);
}
