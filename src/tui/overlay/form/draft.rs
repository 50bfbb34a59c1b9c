//! Forms that were left before they were saved. What was typed comes back when the same
//! form is opened again.

use super::Form;
use crate::tui::overlay::Overlay;
use crate::workspace::look::board::rows::Key;

/// The most forms that are kept.
const MOST: usize = 50;

/// What was typed and not saved, the latest last.
#[derive(Debug, Default)]
pub struct Drafts {
    kept: Vec<Draft>,
}

/// One form's texts.
#[derive(Debug)]
struct Draft {
    deed: &'static str,
    subjects: Vec<Key>,
    field: Option<&'static str>,
    texts: Vec<(String, String)>,
    at: usize,
}

impl Draft {
    fn is_of(&self, form: &Form) -> bool {
        (self.deed, self.field) == (form.deed.name, form.field) && self.subjects == form.subjects
    }
}

impl Drafts {
    /// Keeps what was typed; a form that says what it was opened with is not kept.
    pub fn keep(&mut self, form: &Form) {
        self.forget(form);
        let typed = form.lines.iter().filter(|line| line.text() != line.known);
        let texts: Vec<_> = typed.map(|line| (line.name.clone(), line.text())).collect();
        if texts.is_empty() {
            return;
        }
        self.kept.push(Draft {
            deed: form.deed.name,
            subjects: form.subjects.clone(),
            field: form.field,
            texts,
            at: form.at,
        });
        let over = self.kept.len().saturating_sub(MOST);
        self.kept.drain(..over);
    }

    /// Writes what was typed into a form that is opened again.
    pub fn restore(&mut self, form: &mut Form) {
        let Some(draft) = self.kept.iter().find(|draft| draft.is_of(form)) else {
            return;
        };
        let mut back = false;
        for (name, text) in &draft.texts {
            if form.lines.iter().any(|line| line.name == *name) {
                form.rewrite(name, text);
                back = true;
            }
        }
        if back {
            form.at = draft.at.min(form.lines.len().saturating_sub(1));
            form.note = Some("What you typed before is back; ctrl-l forgets it.");
        }
    }

    /// Forgets what was typed in a form.
    pub fn forget(&mut self, form: &Form) {
        self.kept.retain(|draft| !draft.is_of(form));
    }

    /// Forgets what was typed in the form on top.
    pub fn forget_top(&mut self, overlays: &[Overlay]) {
        if let Some(Overlay::Form(form)) = overlays.last() {
            self.forget(form);
        }
    }

    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }
}
