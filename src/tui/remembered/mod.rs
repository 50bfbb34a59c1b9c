//! What the screen remembers of a desk from one time to the next: where one was, how the
//! panes stood, and what was typed and not saved. A memory that cannot be read is no
//! reason not to start. What it looks like is in the files below; the desk is not touched.

pub mod drafts;
pub mod screen;

use std::path::PathBuf;

use self::drafts::Change;
use self::screen::{Screen, Usual};
use super::effect::Effect;
use super::model::Model;
use super::overlay::form::draft::{Draft, Drafts};
use super::talk::AT_START;
use crate::workspace::looked::{self, Looked};
use crate::workspace::refusal::Refusal;
use crate::workspace::remembered::Shelf;

const SCREEN: &str = "screen.toml";
const DRAFTS: &str = "drafts.json";

/// The memory of one desk's screen.
pub(super) struct Memory {
    shelf: Option<Shelf>,
    /// What was known at the start.
    screen: Screen,
    /// What the configuration says of what is remembered.
    usual: Usual,
    /// It could not be put aside, so it is not written over either.
    screen_stays: bool,
    /// The drafts as they were handed on last, and how often they had changed.
    drafts: Vec<Draft>,
    changes: u64,
    /// How often the person had said that they have seen it all.
    said: u64,
}

impl Memory {
    /// Puts everything back where it was. Without a shelf nothing is remembered.
    pub(super) fn recall(shelf: Option<Shelf>, model: &mut Model) -> Self {
        let usual = Usual::of(model);
        let mut screen = Screen::default();
        let mut screen_stays = false;
        if let Some(shelf) = &shelf {
            screen = Screen::of_desk(shelf.desk());
            let mut lost = Vec::new();
            match text(shelf, SCREEN, |text| screen::read(text, shelf.desk())) {
                Ok(known) => screen = known.unwrap_or(screen),
                Err(why) => {
                    let aside = shelf.set_aside(SCREEN);
                    screen_stays = aside.is_err();
                    lost.push(format!(
                        "What the screen remembers of this desk was left aside: {why}. {}",
                        lies(aside)
                    ));
                }
            }
            match text(shelf, DRAFTS, |text| drafts::read(text, shelf.desk())) {
                Ok(known) => {
                    let (drafts, unknown) = known.unwrap_or_default();
                    model.drafts = Drafts::from(drafts);
                    lost.extend(unknown);
                }
                Err(why) => lost.push(format!(
                    "What was typed and not saved could not be brought back: {why}. {}",
                    lies(shelf.set_aside(DRAFTS))
                )),
            }
            model.talk.more(AT_START, &lost);
        }
        if let Some(shelf) = &shelf {
            let who = model.user.who.as_deref();
            model.since.begin(looked::read(shelf, who));
        }
        screen.apply(model);
        if let Some(said) = drafts::said(&model.drafts) {
            model.talk.say(AT_START, said, false);
        }
        Self {
            shelf,
            screen,
            usual,
            screen_stays,
            drafts: model.drafts.all().to_vec(),
            changes: model.drafts.changes(),
            said: 0,
        }
    }

    /// What has to be written because the person said that they have seen it all.
    pub(super) fn looked(&mut self, model: &Model) -> Option<Effect> {
        let here = self.shelf.as_ref()?;
        if model.since.said() == self.said {
            return None;
        }
        self.said = model.since.said();
        let looked = model.since.looked()?.clone();
        Some(Effect::Looked(here.clone(), model.user.who.clone(), looked))
    }

    /// What has to be written because a form was left, saved or forgotten.
    pub(super) fn drafts(&mut self, model: &Model) -> Option<Effect> {
        let here = self.shelf.as_ref()?;
        if model.drafts.changes() == self.changes {
            return None;
        }
        let now = model.drafts.all().to_vec();
        let changes = drafts::changes(&self.drafts, &now);
        (self.drafts, self.changes) = (now, model.drafts.changes());
        (!changes.is_empty()).then(|| Effect::Keep(here.clone(), changes))
    }

    /// Writes everything down, and first what could not be written down before. That the
    /// panes are forgotten nobody has to hear of; that what was typed is lost they do.
    pub(super) fn keep(&mut self, model: &Model, mut unkept: Vec<Change>) -> Result<(), Refusal> {
        let drafts = self.drafts(model);
        let Some(here) = &self.shelf else {
            return Ok(());
        };
        if let Some(reached) = model.since.reached() {
            let at = model.now.timestamp();
            let looked = Looked {
                at,
                ..reached.clone()
            };
            drop(looked::write(here, model.user.who.as_deref(), &looked));
        }
        let screen = self.screen.now(model, &self.usual);
        if screen != self.screen && !self.screen_stays {
            drop(here.write(SCREEN, Some(&screen::write(&screen))));
        }
        if let Some(Effect::Keep(_, changes)) = drafts {
            unkept.extend(changes);
        }
        if unkept.is_empty() {
            return Ok(());
        }
        keep(here, &unkept)
    }
}

/// Writes down what one screen changed, into what the file holds by now: another screen on
/// this desk may have written into it. What cannot be read is never written over.
pub(super) fn keep(shelf: &Shelf, changes: &[Change]) -> Result<(), Refusal> {
    let lost = |why: String| {
        Refusal::failed(
            format!("What you typed and did not save is not kept: {why}"),
            "Check the room on the disk and who may write there.",
        )
    };
    let mut drafts = match text(shelf, DRAFTS, |text| drafts::read(text, shelf.desk())) {
        Ok(known) => known.unwrap_or_default().0,
        Err(why) => {
            let aside = shelf.set_aside(DRAFTS);
            aside.map_err(|path| lost(format!("{} stands there, {why}.", path.display())))?;
            Vec::new()
        }
    };
    drafts::change(&mut drafts, changes);
    let text = drafts::write(&drafts, shelf.desk());
    let written = shelf.write(DRAFTS, text.as_deref());
    written.map_err(|refusal| lost(refusal.message))
}

/// What a text of the shelf says, if there is one; or why it cannot be used, as a clause.
fn text<T>(
    shelf: &Shelf,
    name: &str,
    read: impl FnOnce(&str) -> Result<T, String>,
) -> Result<Option<T>, String> {
    let text = shelf.read(name)?;
    text.as_deref().map(read).transpose()
}

/// Where a text lies that cannot be used.
fn lies(aside: Result<PathBuf, PathBuf>) -> String {
    let (Ok(path) | Err(path)) = aside;
    format!("It lies in {}.", path.display())
}

#[cfg(test)]
mod tests;
