//! Forms that were left before they were saved. What was typed comes back when the same
//! form is opened again. Reads and writes no file itself.

use super::Form;
use crate::tui::effect::Doing;
use crate::tui::overlay::Overlay;
use crate::workspace::deed::Filled;
use crate::workspace::look::board::rows::Key;

/// The most forms that are kept.
pub const MOST: usize = 50;

/// What was typed and not saved, the latest last.
#[derive(Debug, Default)]
pub struct Drafts {
    kept: Vec<Draft>,
    /// Counts what was kept and forgotten, so that it is known when there is something new.
    changes: u64,
}

/// What was typed in the form of a deed, or in those of a record's fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    pub deed: &'static str,
    pub subjects: Vec<Key>,
    /// The lines by their names.
    pub texts: Vec<(String, String)>,
    /// The line that was written last.
    pub at: String,
}

impl Draft {
    fn is_of(&self, deed: &str, subjects: &[Key]) -> bool {
        self.deed == deed && self.subjects == subjects
    }

    /// Whether both are of one form.
    pub fn is_like(&self, other: &Self) -> bool {
        self.is_of(other.deed, &other.subjects)
    }
}

impl From<Vec<Draft>> for Drafts {
    fn from(kept: Vec<Draft>) -> Self {
        Self { kept, changes: 0 }
    }
}

impl Drafts {
    pub fn all(&self) -> &[Draft] {
        &self.kept
    }

    pub fn changes(&self) -> u64 {
        self.changes
    }

    /// Keeps what was typed; a form that says what it was opened with is not kept.
    pub fn keep(&mut self, form: &Form) {
        // The fields of a record have a form each; what another one holds stays.
        let mut texts = self.forget(form.deed.name, &form.subjects, |name| {
            form.lines.iter().any(|line| line.name == name)
        });
        let typed = form.lines.iter().filter(|line| line.is_changed());
        let typed: Vec<_> = typed.map(|line| (line.name.clone(), line.text())).collect();
        if typed.is_empty() {
            return;
        }
        texts.extend(typed);
        self.kept
            .retain(|draft| !draft.is_of(form.deed.name, &form.subjects));
        self.kept.push(Draft {
            deed: form.deed.name,
            subjects: form.subjects.clone(),
            texts,
            at: form
                .line()
                .map_or_else(String::new, |line| line.name.clone()),
        });
        let over = self.kept.len().saturating_sub(MOST);
        self.kept.drain(..over);
        self.changes += 1;
    }

    /// Writes what was typed into a form that is opened again; false if there is nothing.
    pub fn restore(&self, form: &mut Form, given: &Filled) -> bool {
        let same = |draft: &&Draft| draft.is_of(form.deed.name, &form.subjects);
        let Some(draft) = self.kept.iter().find(same) else {
            return false;
        };
        let place = |form: &Form, name: &str| form.lines.iter().position(|it| it.name == name);
        let mut back = false;
        for (name, text) in draft.texts.iter().filter(|(name, _)| !given.is_given(name)) {
            if place(form, name).is_some() {
                form.rewrite(name, text);
                back = true;
            }
        }
        // A key that says something of it leaves the mark on what is still to be said.
        if back && given.is_empty() {
            form.at = place(form, &draft.at).unwrap_or(0);
        }
        back
    }

    /// Forgets what has been done; what was typed for other fields of the record stays.
    pub fn done(&mut self, doing: &Doing) {
        let fields = doing.filled.many("fields");
        let fields: Vec<&str> = fields
            .iter()
            .filter_map(|field| Some(field.split_once('=')?.0))
            .collect();
        let asked = |name: &str| doing.deed.entries.iter().any(|entry| entry.name == name);
        self.forget(doing.deed.name, &doing.subjects, |name| {
            asked(name) || fields.contains(&name)
        });
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.changes += u64::from(!self.is_empty());
        self.kept.clear();
    }

    /// Forgets what was typed in the form on top.
    pub fn forget_top(&mut self, overlays: &[Overlay]) {
        if let Some(Overlay::Form(form)) = overlays.last() {
            self.forget(form.deed.name, &form.subjects, |name| {
                form.lines.iter().any(|line| line.name == name)
            });
        }
    }

    /// Forgets some lines of a form; says which ones it still holds.
    fn forget(
        &mut self,
        deed: &str,
        subjects: &[Key],
        line: impl Fn(&str) -> bool,
    ) -> Vec<(String, String)> {
        let same = |draft: &Draft| draft.is_of(deed, subjects);
        let Some(place) = self.kept.iter().position(same) else {
            return Vec::new();
        };
        let draft = &mut self.kept[place];
        let before = draft.texts.len();
        draft.texts.retain(|(name, _)| !line(name));
        let texts = draft.texts.clone();
        self.changes += u64::from(texts.len() != before);
        if texts.is_empty() {
            self.kept.remove(place);
        }
        texts
    }

    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }
}
