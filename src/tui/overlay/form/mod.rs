//! A form: what a deed asks for, line by line, checked as it is typed, with what it would
//! set in motion below. Does nothing itself: it is saved by an effect, and stays as it is
//! until the desk has said yes.

pub mod draft;
pub mod draw;
pub mod line;

use chrono::{DateTime, Utc};

use self::line::{Line, Verdict};
use crate::domain::calendar::Calendar;
use crate::domain::field::Edit;
use crate::domain::when::Reference;
use crate::domain::zone::Zone;
use crate::tui::effect::{Doing, Effect, FillAsk};
use crate::tui::keymap::Press;
use crate::workspace::deed::{Deed, Entry, Filled, Need, Value};
use crate::workspace::look::board::rows::Key;
use crate::workspace::look::fill::{FieldFill, Fill};
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
    /// The one field that it is about, if it is.
    pub field: Option<&'static str>,
    pub title: String,
    /// What one should know before one writes.
    pub facts: Vec<String>,
    /// A letter that it is about, line by line.
    pub letter: Vec<String>,
    pub lines: Vec<Line>,
    pub at: usize,
    pub preview: Preview,
    /// The preview that is shown is of older answers.
    pub stale: bool,
    /// A preview is on its way.
    pub asked: bool,
    pub saving: bool,
    /// Why it could not be saved.
    pub refused: Option<Refusal>,
    /// How often its record had been changed when it was opened.
    pub seen: Option<i64>,
    /// A word about the form itself: what was typed before is back.
    pub note: Option<String>,
    clock: Clock,
}

/// What a form begins with: all that a deed asks for, or fields of a record.
#[derive(Debug)]
#[allow(clippy::large_enum_variant, reason = "it travels in a box")]
pub enum Begin {
    Deed(Fill),
    /// Fields of a record: one, or all that people write.
    Fields(Vec<FieldFill>),
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
    pub fn new(id: u64, begin: Begin, asked: &FillAsk, clock: Clock) -> Self {
        let mut letter = Vec::new();
        let mut seen = None;
        let (title, facts, lines) = match begin {
            Begin::Fields(fields) => {
                let many = asked.subjects.len() > 1;
                let line = |field| field_line(field, many);
                let lines = fields.iter().map(line).collect();
                let first = fields.into_iter().next();
                let head = first.map(|field| (field.title, field.facts));
                let (title, facts) = head.unwrap_or_default();
                (title, facts, lines)
            }
            Begin::Deed(fill) => {
                let lines = deed_lines(&fill, &asked.subjects);
                letter = fill.letter;
                seen = fill.version.filter(|_| asked.subjects.len() == 1);
                (fill.title, fill.facts, lines)
            }
        };
        let mut form = Self {
            id,
            deed: asked.deed,
            subjects: asked.subjects.clone(),
            field: asked.field,
            title,
            facts,
            letter,
            lines,
            at: 0,
            preview: Preview::None,
            stale: true,
            asked: false,
            saving: false,
            refused: None,
            seen,
            note: None,
            clock,
        };
        form.judge();
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
        self.fit();
    }

    /// What was given goes together.
    fn fit(&mut self) {
        let said = |line: &Line| !line.text().trim().is_empty();
        let label = |name: &str| {
            let line = self.lines.iter().find(|line| line.name == name)?;
            Some((line.label.clone(), said(line)))
        };
        let mut verdicts = Vec::new();
        for line in self.lines.iter().filter(|line| said(line)) {
            if let (Some(name), Some((_, false))) = (line.needs, line.needs.and_then(label)) {
                verdicts.push((name.to_owned(), Verdict::Missing));
            }
            if let Some((other, true)) = line.excludes.and_then(label) {
                let why = format!("It cannot be given beside: {other}.");
                verdicts.push((line.name.clone(), Verdict::Bad(why)));
            }
        }
        for (name, verdict) in verdicts {
            if let Some(line) = self.lines.iter_mut().find(|line| line.name == name) {
                line.verdict = verdict;
            }
        }
    }

    /// "Tomorrow" is another day after midnight.
    pub fn at_time(&mut self, now: DateTime<Utc>) {
        self.clock.now = now;
        self.judge();
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

    /// Whether it has a line of this name.
    pub fn has(&self, name: &str) -> bool {
        self.lines.iter().any(|line| line.name == name)
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

    /// Writes what was said before it was opened.
    pub fn give(&mut self, given: &Filled) {
        for (name, values) in given.iter() {
            if self.lines.iter().any(|line| line.name == name) {
                self.rewrite(name, &values.join(", "));
                continue;
            }
            // Fields of a record have lines of their own.
            for (field, value) in values.iter().filter_map(|pair| pair.split_once('=')) {
                self.rewrite(field, value);
            }
        }
        for line in &mut self.lines {
            line.opened = line.text();
        }
    }

    /// Goes to another line; past an end it comes out at the other one.
    pub fn step(&mut self, by: isize) {
        self.settle_choice();
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
            // What would follow is read before it is done.
            if last {
                return Stop::Here;
            }
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
        if let Some(line) = self.lines.iter().find(wrong) {
            return Some(format!("{} cannot be used as it is.", line.label));
        }
        let fields = self.lines.iter().all(|line| line.edit.is_some());
        let same = self.lines.iter().all(|line| line.text() == line.known);
        let idle = self.field.is_none() && !self.lines.is_empty() && fields && same;
        idle.then(|| "Nothing was changed yet.".to_owned())
    }

    /// Whether anything was typed.
    pub fn is_changed(&self) -> bool {
        self.lines.iter().any(Line::is_changed)
    }

    /// A choice that is marked where the form is saved is meant.
    pub fn settle_choice(&mut self) {
        if let Some(line) = self.lines.get_mut(self.at)
            && line.choose()
        {
            self.changed();
        }
    }

    /// Goes to the first line that is missing or wrong.
    pub fn to_open(&mut self) {
        let open = |line: &Line| matches!(line.verdict, Verdict::Missing | Verdict::Bad(_));
        if let Some(place) = self.lines.iter().position(open) {
            self.at = place;
        }
    }

    /// Goes to what is missing, else to the first line of which nothing was said yet.
    pub fn to_unsaid(&mut self, given: &Filled) {
        let unsaid = |line: &Line| !given.is_given(&line.name) && !line.is_changed();
        if !given.is_empty() && self.missing().is_none() {
            self.at = self.lines.iter().position(unsaid).unwrap_or(self.at);
        }
        self.to_open();
    }

    /// The answers, for the desk.
    pub fn doing(&self) -> Doing {
        let mut filled = Filled::default();
        for line in &self.lines {
            let given = line.given();
            if line.edit.is_some() {
                // Of many fields only those that were changed are written.
                if self.field.is_none() && line.text() == line.known {
                    continue;
                }
                let value = given.first().map_or("", String::as_str);
                filled.put("fields", format!("{}={value}", line.name));
                continue;
            }
            // What a record says already is not written again: somebody may have changed it
            // while the form was open.
            if line.empties && line.text() == line.known {
                continue;
            }
            let untouched = line.text() == line.known && line.value == Value::Yes;
            for value in given
                .into_iter()
                .filter(|_| !untouched || line.text() == "yes")
            {
                filled.put(&line.name, value);
            }
        }
        Doing {
            form: Some(self.id),
            deed: self.deed,
            subjects: self.subjects.clone(),
            filled,
            seen: self.seen,
        }
    }
}

/// What writes a record's fields anew: a text that is emptied empties its field.
const EMPTIES: &[&str] = &["product edit", "outbox edit"];

fn deed_lines(fill: &Fill, subjects: &[Key]) -> Vec<Line> {
    let subject = fill.deed.subject().map(|entry| entry.name);
    let known = |entry: &Entry| match fill.values.many(entry.name) {
        [] => entry.default.unwrap_or_default().to_owned(),
        values => values.join(", "),
    };
    let choices = |entry: &Entry| fill.choices.get(entry.name).cloned().unwrap_or_default();
    fill.deed
        .entries
        .iter()
        // Which record it is done to is known.
        .filter(|entry| subjects.is_empty() || subject != Some(entry.name))
        .filter(|entry| !fill.without.contains(&entry.name))
        .map(|entry| {
            let mut line = Line::new(entry, &known(entry), choices(entry));
            if fill.asked.contains(&entry.name) && line.need == Need::May {
                line.need = Need::Asked;
            }
            line.empties = EMPTIES.contains(&fill.deed.name);
            line
        })
        .collect()
}

/// A line for a field of one record, or of many, of which none has to be written.
fn field_line(field: &FieldFill, many: bool) -> Line {
    let long = matches!(field.edit, Edit::Names | Edit::Targets) || field.value.contains('\n');
    let value = match field.edit {
        Edit::Yes | Edit::YesNo => Value::Yes,
        _ if long => Value::Long,
        _ => Value::Text,
    };
    let need = match field.edit {
        Edit::Name if !many => Need::Must,
        _ => Need::May,
    };
    let entry = Entry::field(field.name, value, need);
    let mut line = Line::new(&entry, &field.value, field.choices.clone());
    field.label.clone_into(&mut line.label);
    "An empty text empties it".clone_into(&mut line.help);
    line.edit = Some(field.edit);
    line.empties = true;
    line
}
