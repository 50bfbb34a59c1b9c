//! What the screen remembers of a desk from one time to the next: where one was, how the
//! panes stood, and what was typed and not saved. A memory that cannot be read is no
//! reason not to start. What it looks like is in the files below; the desk is not touched.

pub mod drafts;
pub mod screen;

use self::screen::{Screen, Usual};
use super::effect::Effect;
use super::model::Model;
use super::talk::{self, AT_START};
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
    /// The drafts that were written last.
    changes: u64,
}

impl Memory {
    /// Puts everything back where it was. Without a shelf nothing is remembered.
    pub(super) fn recall(shelf: Option<Shelf>, model: &mut Model) -> Self {
        let usual = Usual::of(model);
        let mut screen = Screen::default();
        if let Some(shelf) = &shelf {
            screen = Screen::of_desk(shelf.desk());
            let mut lost = Vec::new();
            let read = |name: &str, lost: &mut Vec<String>| match shelf.read(name) {
                Ok(text) => text,
                Err(refusal) => {
                    lost.push(talk::sentence(&refusal));
                    None
                }
            };
            if let Some(text) = read(SCREEN, &mut lost) {
                match screen::read(&text, shelf.desk()) {
                    Ok(known) => screen = known,
                    Err(why) => lost.push(format!(
                        "What the screen remembers of this desk was left aside: {why}. {}",
                        shelf.set_aside(SCREEN)
                    )),
                }
            }
            if let Some(text) = read(DRAFTS, &mut lost) {
                match drafts::read(&text, shelf.desk()) {
                    Ok((drafts, unknown)) => {
                        model.drafts = drafts;
                        lost.extend(unknown);
                    }
                    Err(why) => lost.push(format!(
                        "What was typed and not saved could not be brought back: {why}. {}",
                        shelf.set_aside(DRAFTS)
                    )),
                }
            }
            model.talk.more(AT_START, &lost);
        }
        screen.apply(model);
        if let Some(said) = drafts::said(&model.drafts) {
            model.talk.say(AT_START, said, false);
        }
        Self {
            shelf,
            screen,
            usual,
            changes: model.drafts.changes(),
        }
    }

    /// What has to be written because a form was left, saved or forgotten.
    pub(super) fn drafts(&mut self, model: &Model) -> Option<Effect> {
        let here = self.shelf.as_ref()?;
        if model.drafts.changes() == self.changes {
            return None;
        }
        self.changes = model.drafts.changes();
        Some(Effect::Keep {
            shelf: here.clone(),
            name: DRAFTS,
            text: drafts::write(&model.drafts, here.desk()),
        })
    }

    /// Writes everything down. That the panes are forgotten nobody has to hear of; that
    /// what was typed is lost they do.
    pub(super) fn keep(&mut self, model: &Model) -> Result<(), Refusal> {
        let drafts = self.drafts(model);
        let Some(here) = &self.shelf else {
            return Ok(());
        };
        let screen = self.screen.now(model, &self.usual);
        if screen != self.screen {
            drop(here.write(SCREEN, Some(&screen::write(&screen))));
        }
        match drafts {
            Some(Effect::Keep { shelf, name, text }) => shelf.write(name, text.as_deref()),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
