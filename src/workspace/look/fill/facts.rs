//! What one should know of a record before something is done to it, in a few lines.

use std::borrow::Cow;

use super::{Subject, clean, contact};
use crate::domain::calendar::spoken;
use crate::domain::noun::Noun;
use crate::domain::plain::capital;
use crate::domain::verdict::Verdict;
use crate::workspace::look::{Look, why};
use crate::workspace::refusal::Refusal;

/// How many lines stand above a form.
const MOST: usize = 5;

/// The most letters of what holds it up.
const LONGEST: usize = 90;

/// How it stands, its last day, what holds it up, and what its kind adds.
pub(super) fn facts(look: &Look<'_>, subject: &Subject) -> Result<Vec<String>, Refusal> {
    let why = why::of(look, &subject.row)?;
    let mut facts = Vec::new();
    if let Noun::Action(action) = &subject.noun {
        facts.push(action.text.clone());
    }
    if why.verdict != Verdict::NoClock || subject.key.kind.letter().is_some() {
        facts.push(why.sentence);
    }
    if let Some(due) = why.due.filter(|_| why.verdict != Verdict::Done) {
        facts.push(format!("Last day in time: {}.", spoken(due)));
    }
    if let Some(first) = why.blockers.first() {
        let what = short(&first.what);
        facts.push(format!("Held up: {what} ({}).", first.who));
    }
    beside(look, &subject.noun, &mut facts)?;
    facts.truncate(MOST);
    Ok(facts.iter().map(|fact| clean(fact)).collect())
}

/// The start of a long list; `why` tells all of it.
fn short(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => {
            let start = &text[..end];
            let end = start.rfind([',', ' ']).unwrap_or(end);
            Cow::Owned(format!("{} …", start[..end].trim_end_matches(',')))
        }
        None => Cow::Borrowed(text),
    }
}

/// What stands beside a record of its kind: who has it, whom its messages reach.
fn beside(look: &Look<'_>, noun: &Noun, facts: &mut Vec<String>) -> Result<(), Refusal> {
    match noun {
        Noun::Ticket(ticket) => {
            let parts = [("owner", &ticket.owner), ("verifier", &ticket.verifier)];
            facts.extend(people(&parts));
            facts.push(reached(look, &ticket.product)?);
        }
        Noun::Submission(submission) => {
            facts.extend(people(&[("owner", &submission.owner)]));
            facts.push(reached(look, &submission.product)?);
        }
        Noun::Milestone(milestone) => facts.extend(people(&[("owner", &milestone.owner)])),
        Noun::Message(message) if message.to.is_empty() => facts.push("To nobody yet.".to_owned()),
        Noun::Message(message) => facts.push(format!("To {}.", message.to.join(", "))),
        Noun::Action(action) => facts.extend(people(&[("owner", &action.owner)])),
        Noun::Product(product) => {
            facts.extend(told("Provider", product.provider.as_ref()));
            facts.push(reached(look, &product.name)?);
        }
        Noun::Site(site) => {
            facts.extend(told("Country", site.country.as_ref()));
            facts.push(match &site.contact {
                Some(contact) => format!("Contact: {contact}."),
                None => format!("{} has no contact.", site.name),
            });
        }
        Noun::Person(person) => {
            facts.extend(told("Organisation", person.organisation.as_ref()));
            if !person.roles.is_empty() {
                facts.push(format!("Roles: {}.", person.roles.join(", ")));
            }
            facts.extend(told("Mail", person.mail.as_ref()));
        }
        Noun::Lesson(lesson) => {
            facts.clear();
            facts.push(lesson.text.clone());
            if !lesson.votes.is_empty() {
                facts.push(format!("Voted for by {}.", lesson.votes.join(", ")));
            }
        }
        Noun::Release(release) => {
            facts.extend(told("Contents", Some(&release.contents().join(", "))));
            facts.extend(people(&[("owner", &release.owner)]));
        }
        Noun::Announcement(_) | Noun::Problem(_) | Noun::KnownError(_) => {
            of_rollout(look, noun, facts)?;
        }
        Noun::Desk(_) | Noun::Cycle(_) => {}
    }
    Ok(())
}

/// The same of what a rollout brings up.
fn of_rollout(look: &Look<'_>, noun: &Noun, facts: &mut Vec<String>) -> Result<(), Refusal> {
    match noun {
        Noun::Announcement(announcement) => {
            facts.extend(people(&[("owner", &announcement.owner)]));
            let sites: Vec<&str> = announcement.turn.keys().map(String::as_str).collect();
            facts.push(format!("Told: {}.", sites.join(", ")));
        }
        Noun::Problem(problem) => {
            facts.push(format!("{}: {}", problem.channel_id, problem.text));
            let told: Vec<&str> = problem.untold().collect();
            if !told.is_empty() {
                facts.push(format!("Not told: {}.", told.join(", ")));
            }
            facts.extend(people(&[("owner", &problem.owner)]));
            facts.push(reached(look, &problem.product)?);
        }
        Noun::KnownError(error) => {
            facts.push(error.symptom.clone());
            facts.extend(told("Workaround", error.workaround.as_ref()));
            facts.extend(people(&[("owner", &error.owner)]));
        }
        _ => {}
    }
    Ok(())
}

/// "Owner Alice, verifier Vera."
fn people(parts: &[(&str, &Option<String>)]) -> Option<String> {
    let known: Vec<String> = parts
        .iter()
        .filter_map(|(role, name)| name.as_ref().map(|name| format!("{role} {name}")))
        .collect();
    (!known.is_empty()).then(|| format!("{}.", capital(&known.join(", "))))
}

fn told(label: &str, value: Option<&String>) -> Option<String> {
    value.map(|value| format!("{label}: {value}."))
}

/// Whom a message about a product reaches, or that it reaches nobody.
fn reached(look: &Look<'_>, product: &str) -> Result<String, Refusal> {
    Ok(match contact(look, product)? {
        Some(contact) => format!("Its product team is told at {contact}."),
        None => format!("{product} has no contact, so nobody can be told."),
    })
}
