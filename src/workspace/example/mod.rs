//! The example desk: a throw-away file, alive today. Its facts and its invented story
//! are in `assets/example`; here the story is lived through, step by step, with the same
//! use cases as any other desk, each recorded at its own moment in the past.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde_json::Value;

mod days;
mod facts;
mod story;
#[cfg(test)]
mod tests;

use self::days::Days;
use self::facts::Facts;
use self::story::{Step, Story};
use super::action::{Action, Init};
use super::look::criteria;
use super::perform;
use super::plan::Actor;
use super::refusal::Refusal;
use crate::store::Store;

/// Who looks at the example, where nobody is named.
pub const PERSON: &str = "Alice Example";

/// A folder that is gone when the example is closed.
pub struct Throwaway(PathBuf);

impl Throwaway {
    pub fn new() -> Result<Self, Refusal> {
        let folder = std::env::temp_dir().join(format!("relmate-demo-{}", std::process::id()));
        std::fs::create_dir_all(&folder).map_err(|error| {
            Refusal::failed(
                format!("{} cannot be used: {error}.", folder.display()),
                "Set TMPDIR.",
            )
        })?;
        Ok(Self(folder))
    }

    pub fn desk(&self) -> PathBuf {
        self.0.join("example.relmate")
    }
}

impl Drop for Throwaway {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// Builds the example desk in a new file. It is made in memory and written once.
pub fn build(path: &Path, now: DateTime<Utc>) -> Result<(), Refusal> {
    Ok(live(now)?.keep(path)?)
}

/// The example desk in memory.
fn live(now: DateTime<Utc>) -> Result<Store, Refusal> {
    let (story, facts) = (Story::read()?, Facts::read()?);
    let days = Days::new(now, &story.desk.timezone)?;
    let founding = Init {
        name: story.desk.name.clone(),
        managers: story.desk.managers.clone(),
        timezone: story.desk.timezone.clone(),
        profile: super::profiles::text(&story.desk.profile)?,
        holidays: days.holidays(),
    };
    let first = Actor::resolve(story.desk.managers.first().map(String::as_str), None)?;
    let mut moments = days.moments();
    let mut desk = perform::found_in_memory(&founding, &first, &moments.founding())?;
    for step in &story.steps {
        let action = action(step, &story, &facts, &days, &desk)?;
        let actor = Actor::resolve(Some(&step.by), step.on_behalf.as_deref())?;
        let time = moments.at(step)?;
        let receipt = perform::perform(&mut desk, &action, &actor, &time)?;
        let drafted = receipt.ids.iter().filter(|id| id.starts_with("X-"));
        for id in drafted.filter(|_| step.sent) {
            let sent = Action::OutboxSent { id: id.clone() };
            perform::perform(&mut desk, &sent, &actor, &moments.soon_after())?;
        }
    }
    Ok(desk)
}

/// What a step does: an action as it stands, or one that takes its rows from the facts.
fn action(
    step: &Step,
    story: &Story,
    facts: &Facts,
    days: &Days,
    desk: &Store,
) -> Result<Action, Refusal> {
    let mut rest = step.rest.clone();
    match step.deed.as_str() {
        "products" => {
            return facts.products(&story.contacts, &desk.reader().whole_profile()?);
        }
        "board" => {
            return facts.board(&story.board, days, &desk.reader().whole_profile()?);
        }
        "submit" => facts.submission(&mut rest)?,
        "ticket-check" => every_criterion(&mut rest, desk)?,
        _ => {}
    }
    for value in rest.values_mut() {
        days.date(value);
    }
    // A step's own `by` is who takes it.
    if let Some(by) = rest.remove("decided_by") {
        rest.insert("by".to_owned(), by);
    }
    rest.insert("do".to_owned(), Value::from(step.deed.as_str()));
    serde_json::from_value(Value::Object(rest)).map_err(|error| wrong(&error.to_string()))
}

/// `all = "OK"` stands for a result for every criterion of the profile.
fn every_criterion(rest: &mut story::Fields, desk: &Store) -> Result<(), Refusal> {
    let read =
        |value: Value| serde_json::from_value(value).map_err(|error| wrong(&error.to_string()));
    let Some(all) = rest.remove("all") else {
        return Ok(());
    };
    let except = rest
        .remove("except")
        .unwrap_or_else(|| Value::Array(Vec::new()));
    let except: Vec<(String, crate::domain::queue::ticket::Outcome)> =
        serde_json::from_value(except).map_err(|error| wrong(&error.to_string()))?;
    let results = criteria::all(&desk.reader(), read(all)?, &except)?;
    rest.insert("results".to_owned(), serde_json::json!(results));
    Ok(())
}

/// The example is part of the program, so this is the program's fault.
fn wrong(what: &str) -> Refusal {
    Refusal::failed(
        format!(
            "The example cannot be read: {}.",
            what.trim_end_matches('.')
        ),
        "This is a fault of relmate; please report it.",
    )
}
