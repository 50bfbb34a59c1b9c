//! A form: what a deed asks for, line by line, checked as it is typed, with what it would
//! set in motion below. Does nothing itself: it is saved by an effect, and stays as it is
//! until the desk has said yes.

pub mod draft;
pub mod draw;
pub mod line;

use chrono::{DateTime, Utc};

use self::line::{Line, Verdict};
use crate::domain::calendar::Calendar;
use crate::domain::when::Reference;
use crate::domain::zone::Zone;
use crate::tui::effect::{Doing, Effect};
use crate::tui::keymap::Press;
use crate::workspace::deed::{Deed, Filled, Value};
use crate::workspace::look::board::rows::Key;
use crate::workspace::look::fill::Fill;
use crate::workspace::receipt::Receipt;
use crate::workspace::refusal::Refusal;

/// What dates are read with.
#[derive(Clone, Debug)]
pub struct Clock {
    pub now: DateTime<Utc>,
    pub zone: Zone,
    pub calendar: Calendar,
}

/// A form on the screen.
#[derive(Debug)]
pub struct Form {
    /// Tells the answers to this form from those to another one.
    pub id: u64,
    pub deed: &'static Deed,
    /// The records it is done to; several if many were marked.
    pub subjects: Vec<Key>,
    pub title: String,
    /// What one should know before one writes.
    pub facts: Vec<String>,
    pub lines: Vec<Line>,
    pub at: usize,
    pub preview: Preview,
    /// The preview that is shown is of older answers.
    pub stale: bool,
    pub saving: bool,
    /// Why it could not be saved.
    pub refused: Option<Refusal>,
    /// A word about the form itself: what was typed before is back.
    pub note: Option<&'static str>,
    clock: Clock,
}

/// What the desk would do.
#[derive(Clone, Debug, PartialEq)]
pub enum Preview {
    /// Something is missing still.
    None,
    Waiting,
    Would(Box<Receipt>),
    Refused(Refusal),
}

/// Where Enter left the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    Here,
    /// Behind the last line.
    End,
}

impl Form {
    pub fn new(id: u64, fill: Fill, subjects: Vec<Key>, clock: Clock) -> Self {
        let subject = fill.deed.subject().map(|entry| entry.name);
        let mut choices = fill.choices;
        let lines = match fill.field {
            Some(field) => vec![field_line(&field)],
            None => fill
                .deed
                .entries
                .iter()
                // Which record it is done to is known.
                .filter(|entry| subjects.is_empty() || subject != Some(entry.name))
                .map(|entry| {
                    let known = match fill.values.many(entry.name) {
                        [] => entry.default.to_owned(),
                        values => values.join(", "),
                    };
                    Line::new(entry, &known, choices.remove(entry.name).unwrap_or_default())
                })
                .collect(),
        };
        let mut form = Self {
            id,
            deed: fill.deed,
            subjects,
            title: fill.title,
            facts: fill.facts,
            lines,
            at: 0,
            preview: Preview::None,
            stale: true,
            saving: false,
            refused: None,
            note: None,
            clock,
        };
        form.judge();
        // The first thing that is still to be said.
        let open = |line: &Line| matches!(line.verdict, Verdict::Missing | Verdict::Bad(_));
        form.at = form.lines.iter().position(open).unwrap_or(0);
        form
    }

    pub fn line(&self) -> Option<&Line> {
        self.lines.get(self.at)
    }

    fn judge(&mut self) {
        let Clock {
            now,
            zone,
            calendar,
        } = &self.clock;
        let reference = Reference {
            now: *now,
            zone,
            calendar,
        };
        for line in &mut self.lines {
            line.judge(&reference);
        }
    }

    /// A line was changed.
    fn changed(&mut self) {
        self.stale = true;
        self.refused = None;
        self.note = None;
        if let Some(line) = self.lines.get_mut(self.at) {
            line.look();
        }
        self.judge();
    }

    pub fn press(&mut self, press: Press) {
        let Some(line) = self.lines.get_mut(self.at) else {
            return;
        };
        if !line.writes() {
            if press.is_letter(' ') || press.is_letter('x') {
                line.toggle();
                self.changed();
            }
            return;
        }
        let before = line.text();
        line.field.press(press);
        if line.text() != before {
            self.changed();
        }
    }

    /// Writes a text at the cursor; false if not all of it had room.
    pub fn paste(&mut self, text: &str) -> bool {
        let whole = match self.lines.get_mut(self.at) {
            Some(line) if line.writes() => line.field.insert(text),
            _ => return true,
        };
        self.changed();
        whole
    }

    /// Writes a line anew, as the editor gave it back.
    pub fn rewrite(&mut self, name: &str, text: &str) -> bool {
        let place = self.lines.iter().position(|line| line.name == name);
        let Some(place) = place else { return true };
        self.at = place;
        let whole = self.lines[place].field.set(text);
        self.changed();
        whole
    }

    /// Goes to another line; past an end it comes out at the other one.
    pub fn step(&mut self, by: isize) {
        if let Some(line) = self.lines.get_mut(self.at) {
            line.choose();
        }
        let count = self.lines.len();
        if count > 0 {
            let at = isize::try_from(self.at).unwrap_or(0) + by;
            let count = isize::try_from(count).unwrap_or(1);
            self.at = usize::try_from(at.rem_euclid(count)).unwrap_or(0);
        }
        self.judge();
    }

    /// Up and down: within a choice, within a text, else to the next line.
    pub fn vertical(&mut self, down: bool) {
        let Some(line) = self.lines.get_mut(self.at) else {
            return;
        };
        if line.mark(down) {
            return;
        }
        if line.field.can_go(down) {
            let key = if down { "down" } else { "up" };
            if let Some(press) = Press::parse(key) {
                line.field.press(press);
            }
            return;
        }
        line.marked = None;
        let last = self.lines.len() - 1;
        self.at = if down {
            (self.at + 1).min(last)
        } else {
            self.at.saturating_sub(1)
        };
    }

    pub fn enter(&mut self) -> Stop {
        let last = self.at + 1 >= self.lines.len();
        let Some(line) = self.lines.get_mut(self.at) else {
            return Stop::End;
        };
        if line.choose() {
            self.changed();
        } else if line.is_long() {
            line.field.insert("\n");
            self.changed();
            return Stop::Here;
        }
        if last {
            return Stop::End;
        }
        self.at += 1;
        Stop::Here
    }

    /// Back to what it was opened with.
    pub fn afresh(&mut self) {
        for line in &mut self.lines {
            let known = line.known.clone();
            line.field.set(&known);
            line.look();
            line.marked = None;
        }
        self.changed();
    }

    /// The effect that opens the line in the user's editor.
    pub fn edit(&self) -> Option<Effect> {
        let line = self.line().filter(|line| line.writes())?;
        Some(Effect::Edit {
            name: line.name.clone(),
            text: line.text(),
        })
    }

    /// What is missing or wrong, as a sentence; none if it can be done.
    pub fn missing(&self) -> Option<String> {
        let open: Vec<&str> = self
            .lines
            .iter()
            .filter(|line| line.verdict == Verdict::Missing)
            .map(|line| line.label.as_str())
            .collect();
        if !open.is_empty() {
            return Some(format!("Still to be said: {}.", open.join(", ")));
        }
        let wrong = |line: &&Line| matches!(line.verdict, Verdict::Bad(_));
        let line = self.lines.iter().find(wrong)?;
        Some(format!("{} cannot be used as it is.", line.label))
    }

    /// Goes to the first line that is missing or wrong.
    pub fn to_open(&mut self) {
        let open = |line: &Line| matches!(line.verdict, Verdict::Missing | Verdict::Bad(_));
        if let Some(place) = self.lines.iter().position(open) {
            self.at = place;
        }
    }

    /// The answers, for the desk.
    pub fn doing(&self) -> Doing {
        let mut filled = Filled::default();
        for line in &self.lines {
            let given = line.given();
            if line.edit.is_some() {
                let value = given.first().map_or("", String::as_str);
                filled.put("fields", format!("{}={value}", line.name));
                continue;
            }
            let untouched = line.text() == line.known && line.value == Value::Yes;
            for value in given.into_iter().filter(|_| !untouched || line.text() == "yes") {
                filled.put(&line.name, value);
            }
        }
        Doing {
            form: Some(self.id),
            deed: self.deed,
            subjects: self.subjects.clone(),
            filled,
        }
    }
}

fn field_line(field: &crate::workspace::look::fill::FieldFill) -> Line {
    use crate::domain::field::Edit;
    use crate::workspace::deed::{Entry, Need, Shape};
    let long = matches!(field.edit, Edit::Names | Edit::Targets) || field.value.contains('\n');
    let entry = Entry {
        name: "fields",
        label: "",
        help: "",
        value: match field.edit {
            Edit::Yes => Value::Yes,
            _ if long => Value::Long,
            _ => Value::Text,
        },
        shape: Shape::Place,
        need: match field.edit {
            Edit::Name => Need::Must,
            _ => Need::May,
        },
        many: false,
        default: "",
    };
    Line {
        name: field.name.to_owned(),
        label: field.label.to_owned(),
        help: "An empty text empties it.".to_owned(),
        edit: Some(field.edit),
        ..Line::new(&entry, &field.value, field.choices.clone())
    }
}
