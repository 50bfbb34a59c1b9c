//! What managers write where a desk's file stands beside the desk in memory: records that the
//! desk shows, so that rows, duties, counts and violations follow, and now and then what nobody
//! can read.

use serde_json::{Value, json};

use super::random::Random;
use crate::ledger::{Draft, EntityId, Record, named};

/// A kind, the letter of its ids, what it is begun with, and what is written to it.
struct Kind {
    word: &'static str,
    letter: &'static str,
    begun: &'static [&'static str],
    fields: &'static [&'static str],
    sets: &'static [&'static str],
}

const KINDS: [Kind; 7] = [
    Kind {
        word: "ticket",
        letter: "T",
        begun: &["product", "version", "state", "owner"],
        fields: &[
            "state",
            "state",
            "owner",
            "owner",
            "verifier",
            "verifier",
            "announced",
            "promised",
            "later",
        ],
        sets: &["packages"],
    },
    Kind {
        word: "message",
        letter: "X",
        begun: &["kind_of", "subject", "body", "state"],
        fields: &["state", "subject", "body", "owner", "kind_of", "later"],
        sets: &["about", "to"],
    },
    Kind {
        word: "lesson",
        letter: "L",
        begun: &["kind_of", "text"],
        fields: &["text", "kind_of", "about"],
        sets: &["votes"],
    },
    Kind {
        word: "action",
        letter: "A",
        begun: &["text", "state"],
        fields: &["state", "text", "due", "owner", "claimed_by"],
        sets: &[],
    },
    Kind {
        word: "milestone",
        letter: "M",
        begun: &["cycle", "code", "name", "current"],
        fields: &["current", "actual", "name", "owner", "planned"],
        sets: &[],
    },
    Kind {
        word: "release",
        letter: "",
        begun: &["name", "kind_of", "state"],
        fields: &[
            "state",
            "frozen",
            "date",
            "signed:1.1",
            "published",
            "notes",
        ],
        sets: &["tickets", "removed"],
    },
    Kind {
        word: "problem",
        letter: "P",
        begun: &["product", "text", "state"],
        fields: &["state", "triage", "text", "owner", "workaround"],
        sets: &["affected"],
    },
];

const PROFILE: &str = include_str!("../../../assets/profiles/egi-cmd.toml");

/// The facts that the desk is judged by.
pub(super) fn found(draft: &mut Draft) {
    let desk = named("desk", "desk");
    for (field, value) in [
        ("kind", "desk"),
        ("name", "Desk"),
        ("timezone", "Europe/Berlin"),
        ("profile", PROFILE),
    ] {
        draft.set(&desk, field, value, []);
    }
    draft.set(&desk, "profile_version", 1, []);
    draft.set(&desk, "managers", json!(["p0", "p1"]), []);
}

fn of(word: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|it| it.word == word)
}

/// A new record. `id` makes one of a kind's letter.
pub(super) fn begin(draft: &mut Draft, random: &mut Random, id: &dyn Fn(&str) -> String) {
    // Mostly tickets, which come first and have the most rules.
    let which = random.below(KINDS.len() + 4);
    let kind = KINDS.get(which).unwrap_or(&KINDS[0]);
    let entity = draft.create();
    draft.set(&entity, "kind", kind.word, []);
    if !kind.letter.is_empty() {
        draft.set(&entity, "id", id(kind.letter), []);
    }
    for field in kind.begun {
        draft.set(&entity, field, value(kind.word, field, random), []);
    }
}

/// One step on a record, or on the desk's own facts.
pub(super) fn edit(
    draft: &mut Draft,
    (entity, record): (&EntityId, &Record),
    random: &mut Random,
    foreign: &[crate::ledger::Dot],
) {
    let word = record
        .fields
        .get("kind")
        .and_then(|it| it.value()?.as_str());
    let Some(kind) = word.and_then(of) else {
        return facts(draft, (entity, record), random);
    };
    let mut set = |field: &str, value: Value| {
        let mut dots = record.dots(field);
        dots.extend(foreign);
        draft.set(entity, field, value, dots);
    };
    match random.below(16) {
        0 => set("deleted", json!({"covers": record.covered(&["deleted"])})),
        1 => set("deleted", json!(random.once_in(2))),
        2 | 3 if !kind.sets.is_empty() => {
            let name = kind.sets[random.below(kind.sets.len())];
            draft.add(entity, name, format!("T-{}", random.below(4)));
        }
        4 if !kind.sets.is_empty() => {
            let name = kind.sets[random.below(kind.sets.len())];
            let elem = json!(format!("T-{}", random.below(4)));
            let observed = record.observed(name, &elem);
            draft.remove(entity, name, elem, observed);
        }
        5 | 6 => {
            draft.event(
                entity,
                ["slip", "comment"][random.below(2)],
                happened(random),
            );
        }
        7 if !record.events.is_empty() => {
            let at = random.below(record.events.len());
            draft.retract(entity, record.events[at].dot);
        }
        _ => {
            let field = kind.fields[random.below(kind.fields.len())];
            set(field, value(kind.word, field, random));
        }
    }
}

/// A step on what everything is judged by.
fn facts(draft: &mut Draft, (entity, record): (&EntityId, &Record), random: &mut Random) {
    let (field, value) = match random.below(8) {
        0 | 1 => ("name", json!(format!("Desk {}", random.below(9)))),
        2 => ("timezone", json!("Asia/Tokyo")),
        3 => ("timezone", json!("Nowhere/Land")),
        4 => ("profile", json!("no = [profile")),
        5 => ("profile", json!(7)),
        6 => {
            let day = json!({"day": day(random), "name": "Day off"});
            draft.add(entity, "holidays", day);
            return;
        }
        _ => {
            let title = format!("title = \"Process {}\"", random.below(3));
            let lines = PROFILE.lines().map(|line| {
                let first = line.starts_with("title = ");
                if first { title.as_str() } else { line }
            });
            ("profile", json!(lines.collect::<Vec<_>>().join("\n")))
        }
    };
    draft.set(entity, field, value, record.dots(field));
}

fn happened(random: &mut Random) -> Value {
    if random.once_in(6) {
        return garbage(random);
    }
    json!({"to": day(random), "reason": "late", "by": "p1", "on": day(random), "text": "hello"})
}

fn day(random: &mut Random) -> String {
    format!(
        "2026-{:02}-{:02}",
        1 + random.below(12),
        1 + random.below(28)
    )
}

/// What no field means.
pub(super) fn garbage(random: &mut Random) -> Value {
    match random.below(7) {
        0 => Value::Null,
        1 => json!(7),
        2 => json!([1, ["x"], {"a": null}]),
        3 => json!({"state": {"state": []}, "entered": "soon"}),
        4 => json!("\u{1b}[31m\u{202e}\0 2026-13-45"),
        5 => json!(9_007_199_254_740_992_u64),
        _ => json!(true),
    }
}

fn value(kind: &str, field: &str, random: &mut Random) -> Value {
    if random.once_in(14) {
        return garbage(random);
    }
    match field {
        "state" => standing(kind, random),
        "owner" | "verifier" | "claimed_by" => json!(format!("p{}", random.below(2))),
        "announced" | "promised" | "later" | "due" | "current" | "actual" | "planned" | "date"
        | "published" => json!(day(random)),
        "kind_of" => json!(match kind {
            "message" => ["receipt", "delay-notice", "question"][random.below(3)],
            "lesson" => ["went-well", "improve", "puzzle"][random.below(3)],
            _ => ["major", "minor", "emergency"][random.below(3)],
        }),
        "frozen" => json!(["T-1", format!("T-{}", random.below(4))]),
        "signed:1.1" => json!({"by": "p1", "role": "manager", "on": day(random)}),
        "triage" => {
            let how = ["critical", "high", "low"][random.below(3)];
            json!({"criticality": how, "body": "DMSU", "by": "p1", "at": day(random)})
        }
        "name" => json!(format!("CMD {}.0", random.below(40))),
        _ => json!(format!("{field} {}", random.below(30))),
    }
}

/// A value of the `state` register.
fn standing(kind: &str, random: &mut Random) -> Value {
    let states: &[&str] = match kind {
        "ticket" => &[
            "unverified",
            "verification",
            "waiting-for-response",
            "ready",
            "released",
            "delayed",
            "rejected",
            "recalled",
        ],
        "message" => &["drafted", "sent", "skipped"],
        "action" => &["open", "done", "dropped"],
        "release" => &[
            "planned",
            "date-frozen",
            "contents-frozen",
            "published",
            "recalled",
        ],
        _ => &["new", "open", "assigned", "solved", "closed"],
    };
    let at = format!("{}T08:00:00Z", day(random));
    json!({
        "state": states[random.below(states.len())], "entered": at, "clock_from": at, "by": "p1",
    })
}
