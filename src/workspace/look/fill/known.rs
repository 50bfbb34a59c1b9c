//! The answers of a form that the desk knows already: for an edit what stands there now,
//! for a repetition what was said before.

use super::{Subject, clean, contact, written};
use crate::domain::distribution::countdown;
use crate::domain::field::{self, Edit, Field};
use crate::domain::kind::Kind;
use crate::domain::noun::Noun;
use crate::domain::plain::plain_lines;
use crate::domain::queue::state::State;
use crate::domain::queue::ticket::Ticket;
use crate::workspace::deed::{Deed, Filled, Value};
use crate::workspace::look::Look;
use crate::workspace::refusal::Refusal;

/// What is known of a deed that is done to a record.
pub(in crate::workspace::look) fn of_record(
    look: &Look<'_>,
    deed: &Deed,
    subject: &Subject,
) -> Result<Filled, Refusal> {
    let mut known = Filled::default();
    if let Some(entry) = deed.subject() {
        known.put(entry.name, clean(&subject.key.id));
    }
    match (deed.name, &subject.noun) {
        ("ticket delay", Noun::Ticket(ticket)) => delay(look, ticket, &mut known),
        ("ticket start", Noun::Ticket(ticket)) => {
            put(&mut known, "verifier", ticket.verifier.as_deref());
        }
        ("milestone move" | "slip", Noun::Milestone(milestone)) => {
            let due = milestone.due.map(|due| due.to_string());
            put(&mut known, "to", due.as_deref());
        }
        ("problem close", Noun::Problem(problem)) => {
            put(&mut known, "workaround", problem.workaround.as_deref());
        }
        ("outbox edit", Noun::Message(message)) => {
            let mut to = message.to.clone();
            if to.is_empty()
                && let Some(product) = &message.product
            {
                to.extend(contact(look, product)?);
            }
            for address in &to {
                known.put("to", clean(address));
            }
            known.put("subject", clean(&message.subject));
            known.put("body", plain_lines(&message.body));
        }
        ("release freeze-date", Noun::Release(release)) => {
            let date = release.date.filter(|date| *date >= look.today);
            put(
                &mut known,
                "date",
                date.map(|day| day.to_string()).as_deref(),
            );
        }
        ("release sign", Noun::Release(release)) => {
            let next = countdown::next(release, &release.countdown);
            put(&mut known, "no", next.map(|item| item.no.as_str()));
        }
        ("set", _) => pairs(deed, subject, &mut known),
        ("product edit", _) => current(deed, subject, &mut known),
        ("later", _) => {
            let body = subject.row.value();
            put(&mut known, "until", body["later"].as_str());
        }
        _ => {}
    }
    Ok(known)
}

/// What is known of a deed that is done to no record: `beside` is the one that lies open
/// meanwhile, and a thing that can be about a record is about that one.
pub(super) fn of_desk(
    look: &Look<'_>,
    deed: &Deed,
    beside: Option<&Subject>,
) -> Result<Filled, Refusal> {
    let mut known = Filled::default();
    for entry in deed.entries {
        match (entry.name, entry.value) {
            ("about", Value::Id(kinds)) => {
                let about = beside.filter(|it| kinds.is_empty() || kinds.contains(&it.key.kind));
                put(&mut known, "about", about.map(|it| it.key.id.as_str()));
            }
            ("cycle", Value::Named(Kind::Cycle)) => {
                if let [only] = look.reader.first_open(Kind::Cycle, 2)?.as_slice() {
                    put(&mut known, "cycle", Some(&only.id));
                }
            }
            _ => {}
        }
    }
    Ok(known)
}

fn put(known: &mut Filled, name: &str, value: Option<&str>) {
    if let Some(value) = value.filter(|value| !value.is_empty()) {
        known.put(name, plain_lines(value));
    }
}

/// A delay that is explained again begins with what was said; a promise that is past
/// cannot be made again.
fn delay(look: &Look<'_>, ticket: &Ticket, known: &mut Filled) {
    if ticket.standing.state != State::Delayed {
        return;
    }
    put(known, "reason", ticket.delay_reason.as_deref());
    let promise = ticket.promised.filter(|promise| *promise >= look.today);
    put(
        known,
        "promise",
        promise.map(|day| day.to_string()).as_deref(),
    );
}

/// The fields of a record that people write.
pub(super) fn editable(kind: Kind) -> impl Iterator<Item = &'static Field> {
    let rows = field::fields(kind).iter();
    rows.filter(|row| !matches!(row.edit, Edit::No(_)))
}

/// The entries that are named like fields of the record.
fn current(deed: &Deed, subject: &Subject, known: &mut Filled) {
    let body = subject.row.value();
    for row in editable(subject.key.kind) {
        let entry = deed
            .entries
            .iter()
            .find(|entry| entry.name.replace('-', "_") == row.name);
        if let Some(entry) = entry {
            put(known, entry.name, Some(&written(row, &body)));
        }
    }
}

/// `FIELD=VALUE` for every field that people write and that says something.
fn pairs(deed: &Deed, subject: &Subject, known: &mut Filled) {
    let Some(entry) = deed.entries.iter().find(|it| it.value == Value::Pair) else {
        return;
    };
    let body = subject.row.value();
    for row in editable(subject.key.kind) {
        let value = written(row, &body);
        if !value.is_empty() {
            known.put(entry.name, format!("{}={value}", row.name));
        }
    }
}
