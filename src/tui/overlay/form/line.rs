//! One line of a form: what is typed, what it means, what else could be chosen. Judges
//! a text by its kind alone; what the desk makes of it the preview says.

use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher};

use crate::domain::field::{self, Edit};
use crate::domain::when::{Reference, When};
use crate::tui::widget::field::{Field, SHORT};
use crate::workspace::deed::{Entry, Need, Shape, Value};
use crate::workspace::look::fill::Choice;

/// The most choices that are shown at once.
pub const SEEN: usize = 6;

/// So many choices may not be all there are.
const ALL: usize = 500;

/// One line of a form.
#[derive(Clone, Debug)]
pub struct Line {
    pub name: String,
    pub label: String,
    pub help: String,
    pub value: Value,
    /// How a field of a record is written, where the line is one.
    pub edit: Option<Edit>,
    pub need: Need,
    pub many: bool,
    /// The entry without which it means nothing.
    pub needs: Option<&'static str>,
    /// The entry beside which it cannot be given.
    pub excludes: Option<&'static str>,
    /// A text that is emptied is an answer, and not the lack of one.
    pub empties: bool,
    pub field: Field,
    /// What it said when the form was opened.
    pub known: String,
    /// The same with what was said before it was opened; what differs was typed.
    pub opened: String,
    choices: Vec<Choice>,
    /// The choices that fit what is typed, and the one that is marked.
    fits: Vec<usize>,
    pub marked: Option<usize>,
    pub verdict: Verdict,
}

/// What a line's text is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Empty,
    /// It can be used; the text says how it is understood, where that is not plain.
    Good(String),
    /// It cannot, and why.
    Bad(String),
    Missing,
}

/// What an entry means, without what only the shell has.
fn hint(entry: &Entry) -> String {
    let mut help = entry.help;
    if entry.shape == Shape::FromFile {
        help = help.split("; - is").next().unwrap_or(help);
    }
    if entry.many {
        help = help.split("; several").next().unwrap_or(help);
    }
    help.trim_end_matches(" from a file").to_owned()
}

impl Line {
    pub fn new(entry: &Entry, known: &str, choices: Vec<Choice>) -> Self {
        let word = |word: &&str| Choice {
            value: (*word).to_owned(),
            label: String::new(),
        };
        let choices = match entry.value.choices() {
            [] if entry.value == Value::Yes => Vec::new(),
            [] => choices,
            words => words.iter().map(word).collect(),
        };
        let mut line = Self {
            name: entry.name.to_owned(),
            label: entry.label.to_owned(),
            help: hint(entry),
            value: entry.value,
            edit: None,
            need: entry.need,
            many: entry.many,
            needs: entry.needs,
            excludes: entry.excludes,
            empties: false,
            field: Field::new(
                known,
                // What is longer than a line holds must not be cut where it is opened.
                matches!(entry.value, Value::Long | Value::Lines) || known.len() > SHORT,
            ),
            known: known.to_owned(),
            opened: known.to_owned(),
            choices,
            fits: Vec::new(),
            marked: None,
            verdict: Verdict::Empty,
        };
        line.look();
        line
    }

    /// Whether a text is written here, and not a yes or no.
    pub fn writes(&self) -> bool {
        self.value != Value::Yes
    }

    pub fn is_long(&self) -> bool {
        self.field.long
    }

    pub fn text(&self) -> String {
        self.field.text()
    }

    /// Whether anything was typed here.
    pub fn is_changed(&self) -> bool {
        self.text() != self.opened
    }

    /// What it gives to the deed; none if nothing was said.
    pub fn given(&self) -> Vec<String> {
        let text = self.text();
        if text.trim().is_empty() {
            // An emptied field is an answer, an empty one is none.
            return if self.empties && (self.edit.is_some() || !self.known.is_empty()) {
                vec![String::new()]
            } else {
                Vec::new()
            };
        }
        if self.many {
            return text
                .split(',')
                .map(str::trim)
                .filter(|part| !part.is_empty())
                .map(str::to_owned)
                .collect();
        }
        vec![if self.is_long() {
            text
        } else {
            text.trim().to_owned()
        }]
    }

    pub fn toggle(&mut self) {
        let on = self.text() == "yes";
        self.field.set(if on { "" } else { "yes" });
    }

    /// The part of the text that choices are matched with.
    fn wanted(&self) -> String {
        let text = self.text();
        if self.many {
            text.rsplit(',').next().unwrap_or("").trim().to_owned()
        } else {
            text.trim().to_owned()
        }
    }

    /// Finds the choices that fit what is typed.
    pub fn look(&mut self) {
        self.marked = None;
        let wanted = self.wanted();
        let same = |choice: &Choice| choice.value.eq_ignore_ascii_case(&wanted);
        if wanted.is_empty() {
            self.fits = (0..self.choices.len()).collect();
            return;
        }
        if let Some(whole) = self.choices.iter().position(same) {
            self.fits = vec![whole];
            // It is written as the desk writes it.
            self.marked = (self.choices[whole].value != wanted).then_some(0);
            return;
        }
        // What is typed is a name and no expression.
        let (case, plain) = (CaseMatching::Ignore, Normalization::Smart);
        let pattern = Pattern::new(&wanted, case, plain, AtomKind::Fuzzy);
        let mut matcher = Matcher::new(Config::DEFAULT);
        let lines = self
            .choices
            .iter()
            .map(|choice| format!("{} {}", choice.value, choice.label));
        let lines: Vec<String> = lines.collect();
        let found = pattern.match_list(lines.iter().enumerate().map(Numbered), &mut matcher);
        self.fits = found.into_iter().map(|(line, _)| line.0.0).collect();
        // Who types "bo" means Bob and not Alice Borg.
        let begins = |index: &usize| {
            let value = self.choices[*index].value.to_lowercase();
            !value.starts_with(&wanted.to_lowercase())
        };
        self.fits.sort_by_key(begins);
        // An id that is not in the list may be one all the same: only its owner may take
        // another one for it.
        if !self.fits.is_empty() && !matches!(self.value, Value::Id(_)) {
            self.marked = Some(0);
        }
    }

    /// The choices to show, from the first to be seen; and whether one is marked.
    pub fn shown(&self) -> impl Iterator<Item = (bool, &Choice)> {
        let first = self.marked.map_or(0, |at| at.saturating_sub(SEEN - 1));
        let seen = self.fits.iter().enumerate().skip(first).take(SEEN);
        seen.map(|(place, index)| (self.marked == Some(place), &self.choices[*index]))
    }

    pub fn has_choices(&self) -> bool {
        // One that is typed in full needs no list.
        let wanted = self.wanted();
        let same = |choice: &Choice| choice.value.eq_ignore_ascii_case(&wanted);
        let done = self.fits.len() == 1 && same(&self.choices[self.fits[0]]);
        !self.fits.is_empty() && !done
    }

    /// Moves the mark; false where it has nowhere to go.
    pub fn mark(&mut self, down: bool) -> bool {
        let last = self.fits.len().saturating_sub(1);
        let next = match (self.marked, down) {
            _ if !self.has_choices() => return false,
            (None, true) => Some(0),
            (Some(at), true) if at < last => Some(at + 1),
            (None, false) | (Some(_), true) => return false,
            (Some(0), false) => None,
            (Some(at), false) => Some(at - 1),
        };
        self.marked = next;
        true
    }

    /// Writes the marked choice; false if none is marked.
    pub fn choose(&mut self) -> bool {
        let Some(choice) = self.marked.and_then(|at| self.fits.get(at)) else {
            return false;
        };
        let value = self.choices[*choice].value.clone();
        let text = self.text();
        let before = match text.rfind(',') {
            Some(comma) if self.many => format!("{}, ", text[..comma].trim_end()),
            _ => String::new(),
        };
        self.field.set(&format!("{before}{value}"));
        self.look();
        self.marked = None;
        true
    }

    /// Judges the text.
    pub fn judge(&mut self, reference: &Reference<'_>) {
        self.verdict = self.verdict_of(reference);
    }

    fn verdict_of(&self, reference: &Reference<'_>) -> Verdict {
        let text = self.text();
        let text = text.trim();
        if text.is_empty() {
            return match self.need {
                Need::May => Verdict::Empty,
                Need::Must | Need::Asked => Verdict::Missing,
            };
        }
        let parts = self.given();
        let mut echo = String::new();
        for part in &parts {
            match self.check(part, reference) {
                Ok(said) => echo = said,
                Err(why) => return Verdict::Bad(why),
            }
        }
        Verdict::Good(if parts.len() == 1 {
            echo
        } else {
            String::new()
        })
    }

    /// One value: how it is understood, or what is wrong with it.
    fn check(&self, text: &str, reference: &Reference<'_>) -> Result<String, String> {
        if let Some(edit) = self.edit {
            if matches!(edit, Edit::When | Edit::Day) {
                return when(text, reference);
            }
            return by(edit, &self.name, text, reference);
        }
        match self.value {
            Value::When => when(text, reference),
            Value::Mail => by(Edit::Mail, &self.name, text, reference),
            Value::Link => by(Edit::Link, &self.name, text, reference),
            Value::Rule => by(Edit::Rule, &self.name, text, reference),
            Value::Number => match text.parse::<u32>() {
                Ok(_) => Ok(String::new()),
                Err(_) => Err(format!("{text:?} is no whole number.")),
            },
            Value::Choice(words) | Value::Word(words) if !knows(words, text) => {
                Err(format!("Choose one of {}.", words.join(", ")))
            }
            Value::Pair if !text.contains('=') => Err("Write two words around =.".to_owned()),
            Value::File if text == "-" => {
                Err("Standard input is for the shell; name a file.".to_owned())
            }
            Value::Named(_) | Value::Criterion | Value::Template if self.is_strange(text) => {
                Err("It is not on this desk.".to_owned())
            }
            Value::Id(_) | Value::Named(_) | Value::Criterion | Value::Template => {
                Ok(self.known(text))
            }
            Value::Choice(_)
            | Value::Word(_)
            | Value::Pair
            | Value::File
            | Value::Text
            | Value::Long
            | Value::Lines
            | Value::Profile
            | Value::Zone
            | Value::Yes => Ok(String::new()),
        }
    }

    /// Whether no choice is like that, where all there are can be chosen.
    fn is_strange(&self, text: &str) -> bool {
        if !self.many && !self.fits.is_empty() {
            return false;
        }
        let text = text.to_lowercase();
        let begins = |choice: &Choice| choice.value.to_lowercase().starts_with(&text);
        self.choices.len() < ALL && !self.choices.iter().any(begins)
    }

    /// What a choice stands for.
    fn known(&self, text: &str) -> String {
        let same = |choice: &&Choice| choice.value.eq_ignore_ascii_case(text);
        match self.choices.iter().find(same) {
            Some(choice) => choice.label.clone(),
            None => String::new(),
        }
    }
}

/// `+5bd` as what it means: "Fri 27 Nov 2026, 5 working days, skips Thu 26 Nov (holiday)".
fn when(text: &str, reference: &Reference<'_>) -> Result<String, String> {
    When::parse_explained(text, reference)
        .map(|(_, said)| said)
        .map_err(|error| format!("{} {}", error.message, error.hint))
}

fn by(edit: Edit, name: &str, text: &str, reference: &Reference<'_>) -> Result<String, String> {
    field::value(edit, name, text, reference)
        .map(|_| String::new())
        .map_err(|error| format!("{} {}", error.message, error.hint))
}

fn knows(words: &[&str], text: &str) -> bool {
    words.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// A line with its number, for the matcher.
struct Numbered<'l>((usize, &'l String));

impl AsRef<str> for Numbered<'_> {
    fn as_ref(&self) -> &str {
        self.0.1
    }
}
