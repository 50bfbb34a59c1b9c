//! What an entry of a form can be given: open records first, managers and verifiers
//! before others, and never more than anybody would look through.

use std::collections::BTreeMap;

use super::{Choice, Subject, clean};
use crate::domain::distribution::countdown;
use crate::domain::field::{Edit, Field};
use crate::domain::kind::{KINDS, Kind};
use crate::domain::noun::Noun;
use crate::domain::people::Person;
use crate::domain::profile::Criterion;
use crate::domain::queue::guard;
use crate::domain::queue::ticket::{Outcome, Ticket};
use crate::domain::rollout::picker::Fit;
use crate::domain::schedule::milestone::Committee;
use crate::store::RecordRow;
use crate::workspace::deed::{Deed, Entry, Value};
use crate::workspace::look::{Look, card, pick};
use crate::workspace::profiles;
use crate::workspace::refusal::Refusal;

/// The most that an entry is given to choose from.
const MOST: usize = 500;

/// By entry; the record that a form is about is chosen already.
pub(super) fn choices(
    look: &Look<'_>,
    deed: &'static Deed,
    subject: Option<&Subject>,
) -> Result<BTreeMap<&'static str, Vec<Choice>>, Refusal> {
    let chosen = deed.subject().filter(|_| subject.is_some());
    let mut choices = BTreeMap::new();
    for entry in deed.entries {
        if chosen.is_none_or(|chosen| chosen.name != entry.name)
            && let Some(list) = of_entry(look, entry, subject)?
        {
            choices.insert(entry.name, list);
        }
    }
    Ok(choices)
}

fn of_entry(
    look: &Look<'_>,
    entry: &Entry,
    subject: Option<&Subject>,
) -> Result<Option<Vec<Choice>>, Refusal> {
    Ok(Some(match entry.value {
        Value::Pair if entry.needs == Some("all") => exceptions(look)?,
        Value::Pair if entry.name == "rt" => targets(subject),
        Value::Text if entry.name == "no" => actions(subject),
        Value::Id([]) => {
            let all: Vec<Kind> = KINDS
                .iter()
                .filter(|row| row.plural.is_some())
                .map(|row| row.kind)
                .collect();
            records(look, &all, subject)?
        }
        Value::Id(kinds) => records(look, kinds, subject)?,
        Value::Named(Kind::Person) => people(look, entry.name == "verifier", subject)?,
        Value::Named(Kind::Site) => match subject.map(|it| &it.noun) {
            Some(Noun::Ticket(it)) => sites(look, &it.product, &it.platform)?,
            Some(Noun::Announcement(it)) => sites(look, &it.product, &it.platform)?,
            _ => records(look, &[Kind::Site], subject)?,
        },
        Value::Named(kind) => records(look, &[kind], subject)?,
        Value::Template => templates(look)?,
        Value::Text if matches!(entry.name, "body" | "priority") => decision(look, entry.name)?,
        Value::Criterion => criteria(look, subject)?,
        Value::Profile => profiles::shipped().map(|name| one(name, name)).collect(),
        // Zones are asked for before there is a desk, and are too many for a list.
        Value::Zone => Vec::new(),
        Value::Text
        | Value::Long
        | Value::Lines
        | Value::When
        | Value::Number
        | Value::Mail
        | Value::Link
        | Value::Rule
        | Value::Yes
        | Value::Choice(_)
        | Value::Word(_)
        | Value::File
        | Value::Pair => return Ok(None),
    }))
}

/// What a field can be given; empty where anything may be written.
pub(super) fn of_field(
    look: &Look<'_>,
    field: &Field,
    subject: &Subject,
) -> Result<Vec<Choice>, Refusal> {
    let words = |words: &[&str]| words.iter().map(|word| one(word, word)).collect();
    Ok(match field.edit {
        Edit::Person => people(look, field.name == "verifier", Some(subject))?,
        Edit::Committee => words(&Committee::WORDS),
        Edit::Yes | Edit::YesNo => words(&["yes", "no"]),
        Edit::No(_)
        | Edit::Text
        | Edit::Name
        | Edit::Day
        | Edit::When
        | Edit::Link
        | Edit::Mail
        | Edit::Names
        | Edit::Targets
        | Edit::Rule => Vec::new(),
    })
}

fn one(value: &str, label: &str) -> Choice {
    Choice {
        value: clean(value),
        label: clean(label),
    }
}

/// Records of some kinds, the open and urgent ones first; never the record itself.
fn records(
    look: &Look<'_>,
    kinds: &[Kind],
    subject: Option<&Subject>,
) -> Result<Vec<Choice>, Refusal> {
    let mut rows = Vec::new();
    for kind in kinds {
        rows.extend(look.reader.first(*kind, MOST + 1)?);
    }
    rows.retain(|row| subject.is_none_or(|it| (it.row.kind, &it.row.id) != (row.kind, &row.id)));
    rows.sort_by_key(|row| !row.open);
    rows.truncate(MOST);
    Ok(rows.iter().map(|row| one(&row.id, &label(row))).collect())
}

/// The sites that could try a release, the one that fits best first, each with its reasons.
fn sites(look: &Look<'_>, product: &str, platform: &str) -> Result<Vec<Choice>, Refusal> {
    let mut fits = pick::fits(look, product, Some(platform))?;
    fits.truncate(MOST);
    let label = |it: &Fit| format!("{}, {}", it.site, it.reasons.join(", "));
    Ok(fits.iter().map(|it| one(&it.site, &label(it))).collect())
}

/// "T-12 ARC 7.0.3 al9, staged rollout"; of a name what is known besides.
fn label(row: &RecordRow) -> String {
    let of_body = |field: &str| row.value()[field].as_str().map(str::to_owned);
    let more = match row.kind {
        Kind::Product => of_body("provider"),
        Kind::Site => of_body("country"),
        kind if matches!(kind, Kind::Cycle | Kind::Release) || kind.letter().is_some() => {
            Some(row.state.replace('-', " "))
        }
        _ => None,
    };
    let title = card::title(row);
    match more.filter(|more| !more.is_empty()) {
        Some(more) => format!("{title}, {more}"),
        None => title,
    }
}

/// The people of the desk: verifiers first where one is wanted, else managers. Whoever
/// is of the product's own team comes last and it is said why.
fn people(
    look: &Look<'_>,
    verifier: bool,
    subject: Option<&Subject>,
) -> Result<Vec<Choice>, Refusal> {
    let ticket = match subject.map(|it| &it.noun) {
        Some(Noun::Ticket(ticket)) if verifier => Some(&**ticket),
        _ => None,
    };
    let mut found = Vec::new();
    for row in look.reader.all(Kind::Person)? {
        if let Some(Noun::Person(person)) = row.noun()? {
            found.push((rank(&person, verifier, ticket), person));
        }
    }
    found.sort_by_key(|(rank, _)| *rank);
    found.truncate(MOST);
    let choice = |(rank, person): &(u8, Person)| {
        let mut parts = vec![person.name.clone()];
        if *rank == OWN_TEAM {
            parts.push("of the product's own team".to_owned());
        }
        parts.extend(person.roles.iter().cloned());
        parts.extend(person.organisation.clone());
        one(&person.name, &parts.join(", "))
    };
    Ok(found.iter().map(choice).collect())
}

const OWN_TEAM: u8 = 9;

fn rank(person: &Person, verifier: bool, ticket: Option<&Ticket>) -> u8 {
    let is_one = person.roles.iter().any(|role| role == "verifier");
    let (first, second) = if verifier {
        (is_one, person.is_manager())
    } else {
        (person.is_manager(), is_one)
    };
    match (first, second) {
        _ if ticket.is_some_and(|ticket| guard::independent(ticket, person).is_err()) => OWN_TEAM,
        (true, _) => 0,
        (_, true) => 1,
        _ => 2,
    }
}

/// Who decides about problems, and in which words the helpdesk grades them.
fn decision(look: &Look<'_>, name: &str) -> Result<Vec<Choice>, Refusal> {
    let rules = look.reader.profile()?.problem;
    let words = if name == "body" {
        rules.bodies
    } else {
        rules.priorities
    };
    Ok(words.iter().take(MOST).map(|it| one(it, it)).collect())
}

fn templates(look: &Look<'_>) -> Result<Vec<Choice>, Refusal> {
    let templates = look.reader.templates()?;
    Ok(templates
        .iter()
        .take(MOST)
        .map(|it| titled(&it.name, &it.title))
        .collect())
}

/// The criteria of the profile, those without a result first, the others with theirs.
fn criteria(look: &Look<'_>, subject: Option<&Subject>) -> Result<Vec<Choice>, Refusal> {
    let mut criteria = look.reader.whole_profile()?.criterion;
    criteria.truncate(MOST);
    let Some(Noun::Ticket(ticket)) = subject.map(|it| &it.noun) else {
        return Ok(criteria.iter().map(|it| titled(&it.id, &it.name)).collect());
    };
    criteria.sort_by_key(|it| ticket.results.contains_key(&it.id));
    let choice = |it: &Criterion| {
        let mut choice = titled(&it.id, &it.name);
        if let Some(result) = ticket.results.get(&it.id) {
            choice.label = format!("{} so far, {}", result.result.word(), clean(&it.name));
        }
        choice
    };
    Ok(criteria.iter().map(choice).collect())
}

/// `CRITERION=RESULT` for each result that makes sense; those that are not OK, because
/// these are the exceptions.
fn exceptions(look: &Look<'_>) -> Result<Vec<Choice>, Refusal> {
    let mut choices = Vec::new();
    for criterion in look.reader.whole_profile()?.criterion {
        let fits = |it: &Outcome| criterion.results.is_empty() || criterion.results.contains(it);
        let other = |it: &Outcome| fits(it) && *it != Outcome::Ok;
        for outcome in Outcome::ALL.into_iter().filter(other) {
            let value = format!("{}={}", criterion.id, outcome.word());
            choices.push(one(&value, &criterion.name));
        }
    }
    choices.truncate(MOST);
    Ok(choices)
}

/// `PLATFORM/ARCH=` for each ticket that a submission will become.
fn targets(subject: Option<&Subject>) -> Vec<Choice> {
    let Some(Noun::Submission(submission)) = subject.map(|it| &it.noun) else {
        return Vec::new();
    };
    let targets = submission.targets.iter().take(MOST);
    targets
        .map(|it| {
            one(
                &format!("{}/{}=", it.platform, it.arch),
                "then the tracker's id",
            )
        })
        .collect()
}

/// The actions of a release's countdown that nobody has signed.
fn actions(subject: Option<&Subject>) -> Vec<Choice> {
    let Some(Noun::Release(release)) = subject.map(|it| &it.noun) else {
        return Vec::new();
    };
    let unsigned = countdown::unsigned(release, &release.countdown);
    let choice = |it: &&countdown::Planned| titled(&it.no, &it.action);
    unsigned.iter().take(MOST).map(choice).collect()
}

fn titled(name: &str, title: &str) -> Choice {
    if title.is_empty() {
        one(name, name)
    } else {
        one(name, &format!("{name} {title}"))
    }
}
