//! One record as a page: how it stands and why, what can be done next, its fields, its
//! links and its history. Writes nothing; private remarks are not told.

use std::path::Path;

use chrono::{DateTime, Utc};

use super::board::rows::{Line, Page, PageAsk, PageKind};
use super::{Judged, Look, log};
use crate::domain::calendar::spoken;
use crate::domain::field::{self, Seen};
use crate::domain::kind::Kind;
use crate::domain::message::Message;
use crate::domain::noun::Noun;
use crate::domain::people::Person;
use crate::domain::plain::{plain, plain_lines};
use crate::domain::verdict::{self, Asking, Why};
use crate::store::{RecordRow, Store};
use crate::workspace::refusal::Refusal;

/// How many commits a page tells; `relmate log` tells all.
const HISTORY: usize = 50;
/// How many unsent messages are looked through for those about the record.
const DRAFTS: usize = 500;

/// Reads one page without leaving a trace on the desk.
pub fn load(
    path: &Path,
    ask: &PageAsk,
    now: DateTime<Utc>,
    who: Option<&str>,
) -> Result<Page, Refusal> {
    let answer = Store::look(path, &mut |reader| {
        Ok(Look::new(reader, now).and_then(|look| page(&look, ask, who)))
    })?;
    answer
}

/// The same on a desk that is open already.
pub fn page(look: &Look<'_>, ask: &PageAsk, who: Option<&str>) -> Result<Page, Refusal> {
    let gone = || {
        Refusal::not_found(
            format!("{} is not on the desk any more.", ask.key.id),
            format!("`relmate log {}` tells what became of it.", ask.key.id),
        )
    };
    let row = look.reader.record(Some(ask.key.kind), &ask.key.id)?.ok_or_else(gone)?;
    let noun = row.noun()?.ok_or_else(gone)?;
    let judged = look.judged()?;
    let messages = messages(look, &row.id)?;
    let why = why(look, &judged, (&row, &noun), (who, &messages))?;
    let title = if row.id == row.title {
        clean(&row.title)
    } else {
        format!("{}  {}", clean(&row.id), clean(&row.title))
    };
    let mut lines = Lines(Vec::new());
    lines.lead(&why.sentence);
    match ask.what {
        PageKind::Why => {
            lines.clock(&why);
            lines.blockers(&why);
            lines.steps(&why);
            Ok(Page { title: format!("Why {title}"), lines: lines.0 })
        }
        PageKind::Record => {
            lines.steps(&why);
            lines.duties(look, &row)?;
            lines.blockers(&why);
            lines.clock(&why);
            lines.fields(look, &judged, &noun);
            lines.links(look, &row, &messages)?;
            lines.history(look, &row)?;
            Ok(Page { title, lines: lines.0 })
        }
    }
}

fn clean(text: &str) -> String {
    plain(text).into_owned()
}

fn why(
    look: &Look<'_>,
    judged: &Judged,
    (row, noun): (&RecordRow, &Noun),
    (who, messages): (Option<&str>, &[Message]),
) -> Result<Why, Refusal> {
    let person = person(look, who)?;
    let setting = look.setting(judged);
    let asking = Asking {
        setting: &setting,
        today: look.today,
        person: &person,
        contested: row.contested,
        messages,
    };
    Ok(verdict::why(noun, &asking))
}

/// Who asks; a manager, if the desk does not know them.
fn person(look: &Look<'_>, who: Option<&str>) -> Result<Person, Refusal> {
    let name = who.or(look.desk.primary.as_deref()).unwrap_or_default();
    if let Some(row) = look.reader.record(Some(Kind::Person), name)?
        && let Some(Noun::Person(person)) = row.noun()?
    {
        return Ok(person);
    }
    let roles = vec!["manager".to_owned()];
    Ok(Person { name: name.to_owned(), roles, ..Person::default() })
}

/// The unsent messages about a record.
fn messages(look: &Look<'_>, id: &str) -> Result<Vec<Message>, Refusal> {
    let mut found = Vec::new();
    for row in look.reader.first_open(Kind::Message, DRAFTS)? {
        if let Some(Noun::Message(message)) = row.noun()?
            && message.about.iter().any(|about| about == id)
        {
            found.push(message);
        }
    }
    Ok(found)
}

/// A page as it grows.
struct Lines(Vec<Line>);

impl Lines {
    fn lead(&mut self, text: &str) {
        self.0.push(Line::Lead(clean(text)));
    }

    fn heading(&mut self, text: &str) {
        self.0.push(Line::Gap);
        self.0.push(Line::Heading(text.to_owned()));
    }

    /// A label and what it says; texts of several lines keep them.
    fn field(&mut self, label: &str, text: &str) {
        let mut label = clean(label);
        for line in plain_lines(text).lines() {
            self.0.push(Line::Field(std::mem::take(&mut label), line.to_owned()));
        }
    }

    fn text(&mut self, text: &str) {
        self.0.push(Line::Text(clean(text)));
    }

    fn clock(&mut self, why: &Why) {
        if why.limit.is_none() && why.rule.is_none() && why.due.is_none() {
            return;
        }
        self.heading("Clock");
        let texts = [("Rule", why.rule.as_deref()), ("Limit", why.limit.as_deref())];
        for (label, text) in texts {
            if let Some(text) = text {
                self.field(label, text);
            }
        }
        if let Some(due) = why.due {
            self.field("Last day in time", &spoken(due));
        }
        for (index, text) in why.counted.iter().enumerate() {
            self.field(if index == 0 { "Counted" } else { "" }, text);
        }
        for (index, skipped) in why.skipped.iter().enumerate() {
            let text = format!("{}, {}", spoken(skipped.day), skipped.reason);
            self.field(if index == 0 { "Skipped" } else { "" }, &text);
        }
    }

    fn blockers(&mut self, why: &Why) {
        if why.blockers.is_empty() {
            return;
        }
        self.heading("What holds it up");
        for blocker in &why.blockers {
            self.field(&blocker.who, &blocker.what);
        }
    }

    fn steps(&mut self, why: &Why) {
        if why.next.is_empty() {
            return;
        }
        self.heading("What can be done");
        for step in &why.next {
            self.text(&step.command);
            let needs = match &step.refused {
                Some(refused) => format!("not now: {refused}"),
                None if step.needs.is_empty() => continue,
                None => format!("needs {}", step.needs),
            };
            self.field("", &needs);
        }
    }

    fn duties(&mut self, look: &Look<'_>, row: &RecordRow) -> Result<(), Refusal> {
        let duties = look.reader.duties(&row.id, row.kind, look.today)?;
        if duties.is_empty() {
            return Ok(());
        }
        self.heading("Duties");
        for duty in duties {
            let (_, step) = crate::domain::attention::wording(
                duty.code,
                duty.severity,
                &duty.what,
                &duty.step,
            );
            let due = duty.due_on.map(|due| format!(", by {}", spoken(due))).unwrap_or_default();
            self.field(duty.who.as_deref().unwrap_or("anybody"), &format!("{step}{due}"));
        }
        Ok(())
    }

    fn fields(&mut self, look: &Look<'_>, judged: &Judged, noun: &Noun) {
        let setting = look.setting(judged);
        let seen = Seen::new(noun, &setting, look.now);
        self.heading("Record");
        for field in field::fields(noun.kind()) {
            let text = field::text(&(field.get)(&seen));
            if !text.is_empty() {
                self.field(field.label, &text);
            }
        }
    }

    fn links(
        &mut self,
        look: &Look<'_>,
        row: &RecordRow,
        messages: &[Message],
    ) -> Result<(), Refusal> {
        let mut links = Vec::new();
        if let Some(parent) = &row.parent {
            let kind = match row.kind {
                Kind::Ticket => Kind::Submission,
                Kind::Submission => Kind::Product,
                _ => Kind::Cycle,
            };
            links.extend(look.reader.record(Some(kind), parent)?);
        }
        for kind in [Kind::Milestone, Kind::Submission, Kind::Ticket] {
            links.extend(look.reader.children(kind, &row.id)?.into_iter().take(HISTORY));
        }
        if links.is_empty() && messages.is_empty() {
            return Ok(());
        }
        self.heading("Links");
        for link in links {
            self.field(&link.id, &format!("{}, {}", link.title, link.state));
        }
        for message in messages {
            self.field(&message.id, &format!("{}, not sent", message.subject));
        }
        Ok(())
    }

    fn history(&mut self, look: &Look<'_>, row: &RecordRow) -> Result<(), Refusal> {
        let mut entries = look.reader.history(row.kind, &row.id)?;
        entries.reverse();
        self.heading("History");
        for entry in entries.iter().take(HISTORY) {
            let line = log::line(look.reader, entry)?;
            let by = match &line.on_behalf {
                Some(other) => format!("{} for {other}", line.by),
                None => line.by.clone(),
            };
            let undone = if line.undone { ", taken back" } else { "" };
            self.field(&log::moment(look, &line.at), &format!("{by}: {}{undone}", line.action));
            for change in line.changes.iter().filter(|change| change.id == row.id) {
                let to = log::short(&change.field, &change.to);
                let from = log::short(&change.field, &change.from);
                if from.is_empty() && (to.is_empty() || change.field == "id") {
                    continue;
                }
                let name = change.field.replace('_', " ");
                self.field("", &match from.is_empty() {
                    true => format!("{name}: {to}"),
                    false => format!("{name}: {from} -> {to}"),
                });
            }
        }
        if entries.len() > HISTORY {
            self.text(&format!("Older ones: `relmate log {}`.", row.id));
        }
        Ok(())
    }
}
