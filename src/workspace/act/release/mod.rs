//! What is done to a distribution release. Guards and rules are the domain's; here they
//! are asked, and the answer is written.

mod contents;
mod planning;
mod publishing;
mod signing;

use crate::domain::distribution::countdown::{self, Planned};
use crate::domain::distribution::facts::Facts;
use crate::domain::distribution::guard::{self, Request, Step};
use crate::domain::distribution::release::{Release, ReleaseStanding, ReleaseState, Skip};
use crate::domain::kind::Kind;
use crate::domain::noun::Noun;
use crate::domain::people::Person;
use crate::domain::profile::Profile;
use crate::ledger::EntityId;
use crate::store::RecordRow;
use crate::workspace::action::ReleaseAction;
use crate::workspace::look::{self, gate};
use crate::workspace::plan::Plan;
use crate::workspace::refusal::Refusal;

/// The most lines that a step says of tickets one by one.
const MOST: usize = 20;

pub fn run(plan: &mut Plan<'_, '_>, action: &ReleaseAction) -> Result<(), Refusal> {
    match action {
        ReleaseAction::Add(asked) => planning::add(plan, asked),
        ReleaseAction::FreezeDate { name, date, reason } => {
            planning::freeze_date(plan, name, *date, reason.as_deref())
        }
        ReleaseAction::Compose(asked) => contents::compose(plan, asked),
        ReleaseAction::Freeze { name } => contents::freeze(plan, name),
        ReleaseAction::Candidate {
            name,
            candidate,
            sites,
        } => signing::candidate(plan, name, candidate.as_deref(), sites),
        ReleaseAction::Sign { name, no } => signing::sign(plan, name, no),
        ReleaseAction::Publish { name } => publishing::publish(plan, name),
        ReleaseAction::Recall {
            name,
            reason,
            tickets,
            all,
        } => publishing::recall(plan, name, reason.as_deref(), (tickets, *all)),
    }
}

/// A release with what its guards are asked with.
struct Passed {
    entity: EntityId,
    row: RecordRow,
    release: Release,
    contested: bool,
    profile: Profile,
    planned: Vec<Planned>,
    facts: Facts,
    person: Person,
    today: chrono::NaiveDate,
}

impl Passed {
    fn request(&self) -> Request<'_> {
        Request {
            release: &self.release,
            profile: &self.profile,
            planned: &self.planned,
            facts: &self.facts,
            person: &self.person,
            today: self.today,
            contested: self.contested,
        }
    }
}

impl Plan<'_, '_> {
    /// A release and everything beside it, before any guard was asked.
    fn release(&mut self, name: &str) -> Result<Passed, Refusal> {
        let loaded = self.load(Kind::Release, name)?;
        let Noun::Release(release) = loaded.noun else {
            return Err(Refusal::not_found(format!("{name} is not a release."), ""));
        };
        let profile = self.whole_profile()?;
        let planned = countdown::of(&release, &profile, &self.rules()?.calendar);
        let facts = look::release::facts(&self.writing.reader(), &release)?;
        // Guards count the person whose device this is, not the one it is recorded for.
        let person = self.person(&self.actor.person)?;
        let today = self.today()?.min(self.day()?);
        self.receipt.ids.push(release.name.clone());
        Ok(Passed {
            entity: loaded.entity,
            contested: loaded.row.contested,
            row: loaded.row,
            release: *release,
            profile,
            planned,
            facts,
            person,
            today,
        })
    }

    /// The same, once every guard of a step has agreed.
    fn passed(&mut self, step: Step, name: &str) -> Result<Passed, Refusal> {
        let passed = self.release(name)?;
        gate::open(&self.writing.reader(), &passed.row, step.into())?;
        guard::refuse(step, &passed.request())?;
        self.not_before(&passed.release.name, passed.release.standing.entered)?;
        Ok(passed)
    }

    /// Where a step leaves a release.
    fn stand(&mut self, entity: &EntityId, state: ReleaseState) -> Result<(), Refusal> {
        let standing = ReleaseStanding {
            state,
            entered: self.at(),
        };
        self.put(entity, "state", &standing)?;
        self.clear(entity, "later")?;
        Ok(())
    }

    /// One line a ticket, and how many more there are.
    fn say_each(&mut self, lines: Vec<String>) {
        let more = lines.len().saturating_sub(MOST);
        for line in lines.into_iter().take(MOST) {
            self.say(line);
        }
        if more > 0 {
            self.say(format!("And {more} more."));
        }
    }
}

/// Whether a release may come to a state that one of two managers brought it to: what stands
/// against publishing is asked again, now that both managers' work is known.
pub fn reachable(
    plan: &mut Plan<'_, '_>,
    release: &Release,
    value: &serde_json::Value,
) -> Result<(), Refusal> {
    let Ok(target) = serde_json::from_value::<ReleaseStanding>(value.clone()) else {
        return Ok(());
    };
    if target.state != ReleaseState::Published {
        return Ok(());
    }
    let mut passed = plan.release(&release.name)?;
    passed.contested = false;
    passed.release.standing.state = if release.skips(Skip::Candidate) {
        ReleaseState::ContentsFrozen
    } else {
        ReleaseState::Candidate
    };
    Ok(guard::refuse(Step::Publish, &passed.request())?)
}

/// "1 ticket", "3 tickets".
fn so_many(n: usize) -> String {
    format!("{n} ticket{}", if n == 1 { "" } else { "s" })
}
