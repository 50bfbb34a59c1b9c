//! A new desk from the answers of a form: its founding, then its first cycle. Says before
//! what would be made, and makes it in the data directory.

use std::path::PathBuf;

use chrono::{DateTime, Utc};

use super::action::Init;
use super::deed::{Deed, FOUNDING, Filled};
use super::files;
use super::look::fill::{Choice, Fill};
use super::perform::{self, Founding};
use super::places::{Places, file_name};
use super::plan::{Actor, Time};
use super::profiles;
use super::receipt::Receipt;
use super::refusal::Refusal;
use super::session::Session;
use crate::domain::plain::and;
use crate::domain::profile::parse;

/// A desk that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Founded {
    pub path: PathBuf,
    /// Who works here.
    pub who: String,
    /// What was made, a sentence each.
    pub said: Vec<String>,
    /// It belongs to a desk that is shared.
    pub joined: bool,
}

/// The zone of this machine.
pub fn zone_here() -> String {
    iana_time_zone::get_timezone().unwrap_or_else(|_| "UTC".to_owned())
}

/// What the form starts with.
pub fn fill() -> Result<Fill, Refusal> {
    let mut fill = Fill {
        deed: &FOUNDING,
        subject: None,
        title: String::new(),
        facts: vec![
            "A desk is one file on this machine. Nothing is sent anywhere; all of this can be changed later.".to_owned(),
        ],
        letter: Vec::new(),
        version: None,
        values: Filled::default().with("timezone", zone_here()),
        choices: std::collections::BTreeMap::new(),
        without: &[],
        asked: &[],
    };
    let mut templates = Vec::new();
    let mut shipped = Vec::new();
    for name in profiles::shipped() {
        let profile = parse::parse(&profiles::text(name)?)?;
        shipped.push(Choice {
            value: name.to_owned(),
            label: profile.title,
        });
        templates.extend(profile.milestones.into_iter().map(|it| Choice {
            value: it.name,
            label: it.title,
        }));
    }
    fill.choices.insert("profile", shipped);
    fill.choices.insert("template", templates);
    Ok(fill)
}

/// Who is meant by "you", and the desk's own facts.
fn init(filled: &Filled) -> Result<(Init, Actor), Refusal> {
    let managers = filled.many("manager").to_vec();
    let who = match filled.maybe("you") {
        Some(you) => {
            let known = managers.iter().find(|name| name.eq_ignore_ascii_case(&you));
            known.cloned().ok_or_else(|| {
                Refusal::usage(
                    format!("{you} is none of the managers."),
                    format!("They are {}.", and(&managers)),
                )
            })?
        }
        None => managers.first().cloned().unwrap_or_default(),
    };
    let mut holidays = Vec::new();
    for file in filled.many("holidays") {
        holidays.extend(files::holidays(file)?.days);
    }
    let profile = filled
        .maybe("profile")
        .unwrap_or_else(|| profiles::USUAL.to_owned());
    let init = Init {
        name: filled.must("name")?,
        managers,
        timezone: filled.must("timezone")?,
        profile: profiles::text(&profile)?,
        holidays,
    };
    let actor = Actor {
        person: who,
        on_behalf: None,
    };
    Ok((init, actor))
}

/// What would be made.
pub fn rehearse(filled: &Filled, now: DateTime<Utc>) -> Result<Receipt, Refusal> {
    let (init, actor) = init(filled)?;
    let time = Time { now, at: None };
    let store = perform::found_in_memory(&init, &actor, &time)?;
    let mut receipt = Receipt::default();
    receipt.said.push(format!(
        "The desk {} of {}, with the days of {}.",
        init.name,
        and(&init.managers),
        init.timezone
    ));
    if !init.holidays.is_empty() {
        receipt
            .said
            .push(format!("{} holidays.", init.holidays.len()));
    }
    let mut session = Session::of(store, actor, now)?;
    if let Some(cycle) = cycle(filled, &mut session)? {
        receipt.said.extend(cycle.said);
        receipt.warnings.extend(cycle.warnings);
    }
    Ok(receipt)
}

/// Makes it.
pub fn found(places: &Places, filled: &Filled, now: DateTime<Utc>) -> Result<Founded, Refusal> {
    // Its first cycle must not fail on a desk that is there already.
    rehearse(filled, now)?;
    let (init, actor) = init(filled)?;
    let path = places.data.join(file_name(&init.name));
    let founding = Founding {
        path: &path,
        init,
        actor: actor.clone(),
        time: Time { now, at: None },
    };
    let receipt = perform::found(&founding)?;
    let mut said = receipt.said;
    let mut session = Session::open(&path, actor.clone(), now, None)?;
    if let Some(receipt) = cycle(filled, &mut session)? {
        said.extend(receipt.said);
    }
    Ok(Founded {
        path,
        who: actor.person,
        said,
        joined: false,
    })
}

/// The first cycle, if one was named.
fn cycle(filled: &Filled, session: &mut Session) -> Result<Option<Receipt>, Refusal> {
    let (Some(name), Some(deed)) = (filled.one("cycle"), Deed::named("cycle add")) else {
        return Ok(None);
    };
    let mut asked = Filled::default().with("name", name);
    for entry in ["release", "template"] {
        if let Some(value) = filled.one(entry) {
            asked.put(entry, value);
        }
    }
    let action = (deed.action)(&asked, session)?;
    session.perform(&action).map(Some)
}
