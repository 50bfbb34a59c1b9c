//! The page of what two managers have to settle: a mark walks over the contested fields, and one
//! key says whose value is to stand. It only opens the form of `resolve`, which asks for the
//! reason; nothing is settled here.

use super::effect::Effect;
use super::model::Model;
use super::overlay::Overlay;
use super::overlay::page::Sheet;
use super::overlay::record::RecordView;
use crate::domain::kind::Kind;
use crate::workspace::action::Settle;
use crate::workspace::deed::{Deed, Filled};
use crate::workspace::look::board::rows::{Act, Key, Page};
use crate::workspace::look::topic::Topic;

impl Model {
    /// The desk has told what is to be settled; the page that lies open is read anew.
    pub(super) fn show_contests(&mut self, page: Page) {
        let open = self.overlays.iter().rposition(is_open);
        let wanted = std::mem::take(&mut self.contests_wanted);
        if open.is_none() && !wanted {
            // It was closed before it was read anew.
            return;
        }
        if page.acts.is_empty() {
            let sheet = Overlay::Page(Sheet {
                topic: Some(Topic::Conflicts),
                ..Sheet::from(page)
            });
            match open {
                Some(place) => self.overlays[place] = sheet,
                None => self.open(sheet),
            }
            return;
        }
        let known = open.and_then(|place| self.overlays.get_mut(place));
        if let Some(Overlay::Contests(view)) = known {
            view.take(page);
            return;
        }
        // The page is about the desk; the mark says which record is meant.
        let desk = Key {
            kind: Kind::Desk,
            id: "desk".to_owned(),
        };
        let contests = Overlay::Contests(Box::new(RecordView::new(desk, page)));
        match open {
            Some(place) => self.overlays[place] = contests,
            None => self.open(contests),
        }
    }

    /// Asks again what is to be settled, where its page is on top.
    pub(super) fn reread_contests(&self) -> Vec<Effect> {
        match self.overlays.last() {
            Some(overlay) if is_open(overlay) => vec![Effect::Tell(Topic::Conflicts)],
            _ => Vec::new(),
        }
    }

    /// Whether the marked line can be settled like this; a line that is no field says so itself.
    pub(super) fn admits(&self, how: Settle) -> bool {
        let act = match self.overlays.last() {
            Some(Overlay::Contests(view)) => view.act(),
            _ => None,
        };
        match act {
            Some(Act::Contest(_, _, ways)) => ways.contains(&how),
            _ => true,
        }
    }

    /// Opens the form that settles the marked field, with what was chosen filled in.
    pub(super) fn settle_contest(&mut self, how: Option<Settle>) -> Vec<Effect> {
        let act = match self.overlays.last() {
            Some(Overlay::Contests(view) | Overlay::Record(view)) => view.act().cloned(),
            _ => None,
        };
        let (Some(Act::Contest(key, field, _)), Some(deed)) = (act, Deed::named("resolve")) else {
            self.complain("Go to a contested field with the arrows; what breaks a rule is mended.");
            return Vec::new();
        };
        let mut given = Filled::default().with("field", field);
        if let Some(how) = how {
            given.put("how", how.word());
        }
        if key.kind == Kind::Desk {
            return self.begin_on(deed, Vec::new(), given.with("id", "desk"));
        }
        self.begin_on(deed, vec![key], given)
    }
}

/// Also while nothing is in dispute: what comes in may be.
fn is_open(overlay: &Overlay) -> bool {
    match overlay {
        Overlay::Contests(_) => true,
        Overlay::Page(sheet) => sheet.topic == Some(Topic::Conflicts),
        _ => false,
    }
}
