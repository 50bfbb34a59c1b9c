//! Questions about the whole desk that the shell answers as well: their pages, and lists
//! written into files. Reads and writes nothing itself.

use super::command::Ready;
use super::effect::Effect;
use super::model::Model;
use super::narrowing::kind;
use super::overlay::Overlay;
use super::overlay::page::Sheet;
use super::overlay::picker::{Item, Pick, Picker, What};
use super::talk;
use crate::domain::field::fields;
use crate::domain::kind::{KINDS, Kind};
use crate::workspace::exporting::Export;
use crate::workspace::look::board::rows::Page;
use crate::workspace::look::export::Format;
use crate::workspace::look::topic::Topic;
use crate::workspace::refusal::Refusal;

/// Whether there is a desk to ask.
pub(super) const READABLE: Ready = |model| {
    if model.trouble.is_some() {
        return Err("the desk cannot be read");
    }
    match model.header {
        Some(_) => Ok(()),
        None => Err("the desk has not been read yet"),
    }
};

impl Model {
    /// The desk answered a question about itself.
    pub(super) fn told(&mut self, answer: Result<(Topic, Page), Refusal>) {
        match answer {
            Ok((Topic::Conflicts, page)) => self.show_contests(page),
            Ok((_, page)) => self.open(Overlay::Page(Sheet::from(page))),
            Err(refusal) => self.open(Overlay::Page(Sheet::from(refusal))),
        }
    }

    /// Which list is written, and as what; that of the pane comes first.
    pub(super) fn choose_export(&mut self) -> Vec<Effect> {
        let here = kind(self.panes.focus);
        let mut kinds: Vec<Kind> = KINDS
            .iter()
            .map(|row| row.kind)
            .filter(|kind| kind.plural().is_some() && !fields(*kind).is_empty())
            .collect();
        kinds.sort_by_key(|kind| Some(*kind) != here);
        let exports = kinds
            .into_iter()
            .flat_map(|kind| Format::ALL.map(|format| Export { kind, format }));
        let items = exports.map(|export| Item {
            text: format!(
                "{} as {}",
                export.kind.plural().unwrap_or_default(),
                export.format.word()
            ),
            more: format!("into {}, where relmate was started", export.file_name()),
            keys: String::new(),
            not_now: None,
            pick: Pick::Effects(vec![Effect::Export(export)]),
        });
        let picker = Picker::new("Write a list into a file", What::Ask, items.collect());
        self.open(Overlay::Picker(Box::new(picker)));
        Vec::new()
    }

    /// A list was written, or not.
    pub(super) fn exported(&mut self, answer: Result<String, Refusal>) {
        match answer {
            Ok(said) => self.say(said),
            Err(refusal) => self.complain(talk::sentence(&refusal)),
        }
    }
}
