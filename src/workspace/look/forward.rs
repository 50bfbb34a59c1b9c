//! Which tickets could move on as things are, and whose one step would let most of the
//! others move. Asks the guards of the steps themselves.

use std::collections::BTreeMap;

use serde::Serialize;

use super::rollout::Rollout;
use super::{Look, release, why};
use crate::domain::kind::Kind;
use crate::domain::noun::Noun;
use crate::domain::people::Person;
use crate::domain::profile::Profile;
use crate::domain::queue::guard::{Request, refuse};
use crate::domain::queue::state::State;
use crate::domain::queue::step::Step;
use crate::domain::queue::ticket::Ticket;
use crate::workspace::refusal::Refusal;

/// The steps that bring a ticket nearer to its release.
const FORWARD: [Step; 4] = [Step::Start, Step::Verify, Step::Accept, Step::Promote];

/// How many open tickets are asked whose turn it is; enough to see where the desk is stuck.
const MOST: usize = 500;
/// How many of them are named.
const NAMED: usize = 4;

/// The step with which a ticket could move on today: everything it needs is there.
pub fn step(look: &Look<'_>, ticket: &Ticket) -> Result<Option<Step>, Refusal> {
    let open = |step: &&Step| step.is_open(&ticket.standing);
    let Some(step) = FORWARD.iter().find(open).copied() else {
        return Ok(None);
    };
    let profile = look.whole_profile()?;
    Ok(allowed(look, ticket, step, profile)?.then_some(step))
}

fn allowed(
    look: &Look<'_>,
    ticket: &Ticket,
    step: Step,
    profile: &Profile,
) -> Result<bool, Refusal> {
    // A manager could do it: whoever does not manage the desk leaves it to them.
    let person = Person {
        name: look.desk.primary.clone().unwrap_or_default(),
        roles: vec!["manager".to_owned()],
        ..Person::default()
    };
    let verifier = ticket.verifier.as_ref().map(|name| Person {
        name: name.clone(),
        ..Person::default()
    });
    let decision = if step == Step::Accept {
        let judged = look.judged()?;
        let rollout = Rollout::of(look.reader, &ticket.id)?;
        Some(rollout.decide(ticket, &look.setting(&judged), look.today))
    } else {
        None
    };
    let freeze = if step == Step::Promote {
        release::freeze(look.reader, ticket)?
    } else {
        None
    };
    let request = Request {
        verifier: verifier.as_ref(),
        rollout: decision.as_ref(),
        freeze: freeze.as_ref(),
        ..Request::new(profile, &person, look.today)
    };
    Ok(refuse(step, ticket, &request).is_ok())
}

/// One thing that several tickets wait for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Freeing {
    /// "Vera has not started".
    pub what: String,
    pub who: String,
    pub tickets: Vec<String>,
}

impl Freeing {
    /// "Most would be freed by PIC: it has not reported (3 tickets: T-4, T-7, T-9)."
    pub fn sentence(&self) -> String {
        let named = self.tickets.len().min(NAMED);
        let more = match self.tickets.len() - named {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        format!(
            "What would free most: {} ({}), {} tickets: {}{more}.",
            self.what,
            self.who,
            self.tickets.len(),
            self.tickets[..named].join(", ")
        )
    }
}

/// What most of the tickets that cannot move wait for; none where no two wait for the same.
pub fn frees_most(look: &Look<'_>) -> Result<Option<Freeing>, Refusal> {
    let mut waiting: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    for row in look.reader.first_open(Kind::Ticket, MOST)? {
        let Some(Noun::Ticket(ticket)) = row.noun()? else {
            continue;
        };
        if ticket.standing.state == State::Ready || step(look, &ticket)?.is_some() {
            continue;
        }
        if let Some(root) = why::of(look, &row)?.blockers.into_iter().next() {
            let key = (root.who, alike(&root.what));
            waiting.entry(key).or_default().push(ticket.id);
        }
    }
    let most = waiting
        .into_iter()
        .filter(|(_, tickets)| tickets.len() > 1)
        .max_by_key(|(_, tickets)| tickets.len());
    Ok(most.map(|((who, what), tickets)| Freeing { what, who, tickets }))
}

/// What two blockers have in common: no days, no numbers, nothing that is about one ticket.
fn alike(what: &str) -> String {
    let end = what.find([',', ':', '“']).unwrap_or(what.len());
    what[..end].trim().to_owned()
}
