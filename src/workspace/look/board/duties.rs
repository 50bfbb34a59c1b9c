//! What needs a human, as rows: the lines themselves come with their severity from the
//! desk. Not so many that they need a window.

use serde_json::Value;

use super::cells::left;
use super::clean;
use super::rows::{Cells, Duty, Key, Place, Row, Tone, Window, WindowAsk};
use super::sieve::{Sieve, Term};
use super::whole::{self, Facts, Lines};
use crate::domain::attention::{Severity, wording};
use crate::domain::kind::Kind;
use crate::store::AttentionRow;
use crate::workspace::look::{Judged, Look, gate, status};
use crate::workspace::refusal::Refusal;

/// The most lines of attention and of schedule that are ever read: more is not looked at.
pub(super) const MOST: usize = 1000;

/// What a record may be of that something is to be done about.
const KINDS: [Kind; 7] = [
    Kind::Ticket,
    Kind::Submission,
    Kind::Message,
    Kind::Milestone,
    Kind::Action,
    Kind::Product,
    Kind::Cycle,
];

/// Fields of a line itself; any other is its record's.
const OWN: [&str; 6] = ["who", "what", "step", "title", "due", "days_left"];

pub(super) fn window(look: &Look<'_>, judged: &Judged, ask: &WindowAsk) -> Result<Window, Refusal> {
    let limit = ask.limit.max(MOST);
    let mut lines = look.reader.attention(look.today, None, limit)?;
    lines.truncate(limit);
    let mut all = Vec::new();
    for line in lines {
        let newer = look.reader.needs_newer(line.kind, &line.id)?;
        all.push((facts(&line), (line, newer)));
    }
    let sieve = Sieve::new(&ask.filter, &KINDS, &OWN);
    whole::window(&Duties { look, judged }, ask, sieve, all)
}

fn facts(line: &AttentionRow) -> Facts {
    let (what, step) = wording(line.code, line.severity, &line.what, &line.step);
    let who = line.who.as_deref().unwrap_or_default();
    Facts {
        kind: line.kind,
        id: line.id.clone(),
        title: line.title.clone(),
        words: format!("{what} {step} {who}"),
        state: what.to_owned(),
        owner: line.who.clone(),
        due_on: line.due_on,
    }
}

struct Duties<'d> {
    look: &'d Look<'d>,
    judged: &'d Judged,
}

impl Lines for Duties<'_> {
    /// With whether a newer version wrote to its record.
    type Line = (AttentionRow, bool);

    fn passes(&self, term: &Term, _: &Facts, (line, _): &Self::Line) -> Result<bool, Refusal> {
        let (what, step) = wording(line.code, line.severity, &line.what, &line.step);
        let own: Value = match term.field.as_str() {
            "who" | "owner" => line.who.clone().into(),
            "what" => what.into(),
            "step" => step.into(),
            "title" => line.title.clone().into(),
            "due" => line.due_on.map(|due| due.to_string()).into(),
            "days_left" => {
                let (days, _) = status::days_left(self.look.today, Some(self.judged), line);
                days.into()
            }
            _ => return self.of_record(term, line),
        };
        Ok(term.filter.passes_value(&own))
    }

    fn row(&self, (line, newer): Self::Line, place: Place) -> Row {
        let mut duty = of_duty(self.look, self.judged, &line);
        if newer {
            gate::NEEDS_NEWER.clone_into(&mut duty.step);
        }
        Row {
            key: Key {
                kind: line.kind,
                id: clean(&line.id),
            },
            tone: match line.severity {
                Severity::Breach => Tone::Breach,
                Severity::Duty => Tone::Duty,
                Severity::Due => Tone::Due,
                Severity::Info => Tone::Info,
            },
            place,
            cells: Cells::Duty(duty),
            extra: Vec::new(),
        }
    }
}

impl Duties<'_> {
    fn of_record(&self, term: &Term, line: &AttentionRow) -> Result<bool, Refusal> {
        let record = self.look.reader.record(Some(line.kind), &line.id)?;
        let noun = record.map(|record| record.noun()).transpose()?.flatten();
        let setting = self.look.setting(self.judged);
        match noun {
            Some(noun) => Ok(term.record(&self.look.seen(&noun, &setting)?)),
            None => Ok(false),
        }
    }
}

fn of_duty(look: &Look<'_>, judged: &Judged, line: &AttentionRow) -> Duty {
    let (what, step) = wording(line.code, line.severity, &line.what, &line.step);
    let days = match status::days_left(look.today, Some(judged), line) {
        (Some(days), unit) => left(days, unit),
        (None, _) => String::new(),
    };
    Duty {
        code: line.code,
        title: clean(&line.title),
        what: clean(what),
        days,
        who: line.who.as_deref().map(clean).unwrap_or_default(),
        step: clean(step),
    }
}

/// Open actions whose day has passed; they come first, so few rows are read.
pub(super) fn late_actions(look: &Look<'_>) -> Result<u64, Refusal> {
    let open = look.reader.first_open(Kind::Action, 100)?;
    let late = open
        .iter()
        .filter(|row| row.due_on.is_some_and(|due| due < look.today));
    Ok(late.count() as u64)
}
