//! What stands against a step as things are, whatever it will be asked with. Asks the
//! guards that the step itself asks.

use super::trial;
use crate::domain::distribution::countdown::Planned;
use crate::domain::distribution::facts::Facts;
use crate::domain::distribution::release::Release;
use crate::domain::distribution::{self, countdown};
use crate::domain::kind::Kind;
use crate::domain::noun::Noun;
use crate::domain::people::Person;
use crate::domain::problem::guard as walk;
use crate::domain::profile::Profile;
use crate::domain::queue::guard::{self, Request};
use crate::domain::queue::state::State;
use crate::domain::queue::step::Step;
use crate::domain::queue::ticket::Ticket;
use crate::domain::rollout;
use crate::domain::rollout::decision::Decision;
use crate::workspace::act::schedule::{cycle, milestone, slip};
use crate::workspace::act::{init, outbox, problem, records, remarks, settle, submission, undo};
use crate::workspace::deed::Deed;
use crate::workspace::look::fill::Subject;
use crate::workspace::look::gate::{self, Way};
use crate::workspace::look::release;
use crate::workspace::look::{Look, schedule, why};
use crate::workspace::refusal::{Refusal, RefusalKind};
use crate::workspace::share::person::may_change;

/// What the guards of one record's steps are asked with.
pub(super) struct Guards<'a> {
    look: &'a Look<'a>,
    subject: &'a Subject,
    profile: Profile,
    /// Who would take the next step.
    person: Person,
    /// A newer version wrote to it: nothing is open.
    newer: bool,
    /// Of a release: its countdown and what stands beside it.
    release: Option<(Vec<Planned>, Facts)>,
}

impl<'a> Guards<'a> {
    pub(super) fn of(look: &'a Look<'a>, subject: &'a Subject) -> Result<Self, Refusal> {
        let profile = match subject.noun {
            Noun::Ticket(_) | Noun::Release(_) => look.reader.whole_profile()?,
            _ => look.reader.profile()?,
        };
        let release = match &subject.noun {
            Noun::Release(it) => Some((
                countdown::of(it, &profile, &look.calendar()?),
                release::facts(look.reader, it)?,
            )),
            _ => None,
        };
        Ok(Self {
            look,
            subject,
            profile,
            person: why::asker(look)?,
            newer: look.reader.needs_newer(subject.row.kind, &subject.row.id)?,
            release,
        })
    }

    /// Why a deed would be refused, in one clause.
    pub(super) fn not_now(&self, deed: &Deed) -> Result<Option<String>, Refusal> {
        if self.newer {
            return Ok(Some(gate::NEWER.to_owned()));
        }
        let step = deed.name.strip_prefix("ticket ").and_then(Step::from_word);
        let asked = match (&self.subject.noun, step) {
            (Noun::Ticket(ticket), Some(step)) => self.of_ticket(step, ticket),
            (Noun::Release(it), _) if deed.name.starts_with("release ") => {
                self.of_release(deed, it)
            }
            _ => of_record(self.look, deed, self.subject),
        };
        match asked {
            Ok(()) => Ok(None),
            Err(refusal) if refusal.kind == RefusalKind::Failed => Err(refusal),
            Err(refusal) => Ok(Some(clause(&refusal.message, self.subject))),
        }
    }

    fn of_ticket(&self, step: Step, ticket: &Ticket) -> Result<(), Refusal> {
        gate::open(self.look.reader, &self.subject.row, step.into())?;
        let decision = trial::decision(self.look, step, ticket)?;
        self.asked(step, ticket, decision.as_ref())
    }

    fn of_release(&self, deed: &Deed, it: &Release) -> Result<(), Refusal> {
        let known = distribution::guard::Step::ALL
            .into_iter()
            .find(|step| deed.name.strip_prefix("release ") == Some(step.word()));
        let (Some(step), Some((planned, facts))) = (known, &self.release) else {
            return Ok(());
        };
        gate::open(self.look.reader, &self.subject.row, step.into())?;
        Ok(distribution::guard::refuse(
            step,
            &distribution::guard::Request {
                release: it,
                profile: &self.profile,
                planned,
                facts,
                person: &self.person,
                today: self.look.today,
                contested: self.subject.row.contested,
            },
        )?)
    }

    fn asked(
        &self,
        step: Step,
        ticket: &Ticket,
        rollout: Option<&Decision>,
    ) -> Result<(), Refusal> {
        let (freeze, facts) = match step {
            Step::Promote if ticket.standing.state == State::Ready => {
                let freeze = release::freeze(self.look.reader, ticket)?;
                (freeze, Some(release::alone(self.look.reader, ticket)?))
            }
            _ => (None, None),
        };
        let request = Request {
            contested: self.subject.row.contested,
            freeze: freeze.as_ref(),
            facts: facts.as_ref(),
            rollout,
            ..Request::new(&self.profile, &self.person, self.look.today)
        };
        Ok(guard::obstacle(step, ticket, &request)?)
    }
}

/// The guards of what is done to other records, by the deed's name.
fn of_record(look: &Look<'_>, deed: &Deed, subject: &Subject) -> Result<(), Refusal> {
    let (kind, id) = (subject.row.kind, subject.row.id.as_str());
    if gate::MOVES.contains(&deed.name) {
        gate::open(look.reader, &subject.row, Way::Aside)?;
    }
    match (deed.name, &subject.noun) {
        ("announce", _) => trial::against(look, deed.name, id),
        ("site accept" | "site report" | "site remind" | "site early", _) => {
            trial::against(look, deed.name, id)
        }
        ("site back", Noun::Site(it)) => {
            let open: Vec<_> = it
                .away
                .iter()
                .filter(|away| away.ends_after(look.today))
                .collect();
            Ok(rollout::guard::is_away(it, &open)?)
        }
        ("share role", _) => may_change(look.reader, id, false).map(drop),
        ("share remove", _) => may_change(look.reader, id, true).map(drop),
        ("inject", Noun::Submission(it)) => submission::injectable(it),
        ("submission refuse", Noun::Submission(it)) => submission::closable(it, true).map(drop),
        ("submission withdraw", Noun::Submission(it)) => submission::closable(it, false).map(drop),
        ("milestone done", Noun::Milestone(it)) => milestone::not_done(it),
        ("milestone move" | "slip", Noun::Milestone(it)) => slip::movable(it),
        ("cycle approve", Noun::Cycle(it)) => {
            let (_, problems) = schedule::problems(look, Some(&it.name))?;
            cycle::approvable(it, &problems)
        }
        ("cycle close", Noun::Cycle(it)) => cycle::not_closed(it),
        ("outbox edit", Noun::Message(it)) => outbox::unsent(it),
        ("outbox sent", Noun::Message(it)) => {
            outbox::unsent(it).and_then(|()| outbox::addressed(it))
        }
        ("outbox skip", Noun::Message(it)) => {
            outbox::unsent(it).and_then(|()| outbox::skippable(look.reader, it))
        }
        ("action done" | "action drop", Noun::Action(it)) => records::unfinished(it),
        ("error add", Noun::Problem(it)) => Ok(walk::obstacle(
            walk::Deed::Close,
            it,
            subject.row.contested,
        )?),
        ("error fix", Noun::KnownError(it)) => problem::unfixed(it),
        (name, Noun::Problem(it)) if name.starts_with("problem ") => {
            let step = name
                .strip_prefix("problem ")
                .and_then(walk::Deed::from_word);
            match step {
                Some(step) => Ok(walk::obstacle(step, it, subject.row.contested)?),
                None => Ok(()),
            }
        }
        ("primary", Noun::Person(it)) => init::manages(it, &look.desk.managers),
        ("resolve", _) => settle::against(&subject.row),
        ("undo", _) => undo::against(look.reader, id, false),
        ("redo", _) => undo::against(look.reader, id, true),
        ("delete", _) => remarks::unneeded(look.reader, kind, id),
        _ => Ok(()),
    }
}

/// A refusal's sentence as a clause beside the record it is about: "it is done already".
fn clause(sentence: &str, subject: &Subject) -> String {
    let text = sentence.trim_end_matches('.');
    let id = &subject.row.id;
    let named = text.strip_prefix(id.as_str());
    if let Some(rest) = named.and_then(|rest| rest.strip_prefix(' ')) {
        let of_it = rest.starts_with(|first: char| first.is_lowercase());
        return match subject.row.kind {
            Kind::Person => text.to_owned(),
            _ if of_it => format!("it {rest}"),
            _ => rest.to_owned(),
        };
    }
    // Another record's id stays as it is written.
    let word = text.split(' ').next().unwrap_or_default();
    if word.contains('-') && word.ends_with(|last: char| last.is_ascii_digit()) {
        return text.to_owned();
    }
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_lowercase().to_string());
    format!("{}{}", first.unwrap_or_default(), letters.as_str())
}
