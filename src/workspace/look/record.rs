//! One record as a page of the screen: how it stands and why, what can be done next,
//! its fields, its links and its history. Says what `show`, `why` and `log` say.

use std::path::Path;

use chrono::{DateTime, Utc};

use super::board::rows::{Act, Key, Line, Page, PageAsk, PageKind};
use super::steps::{self, Step};
use super::why::Why;
use super::{Look, card, composer, conflicts, gate, letter, log, off_desk, release, walked, why};
use crate::domain::calendar::spoken;
use crate::domain::field::editable;
use crate::domain::kind::Kind;
use crate::domain::noun::Noun;
use crate::domain::plain::{plain, plain_lines};
use crate::report::mailto;
use crate::store::{RecordRow, Store};
use crate::workspace::deed::On;
use crate::workspace::refusal::Refusal;
use crate::workspace::share::sentence;

/// How many commits a page tells; `relmate log` tells all.
const HISTORY: usize = 50;
/// How many links of a kind a page tells.
const LINKS: usize = 50;

/// Reads one page without leaving a trace on the desk.
pub fn load(path: &Path, ask: &PageAsk, now: DateTime<Utc>) -> Result<Page, Refusal> {
    Store::look(path, &mut |reader| {
        Ok(Look::on(reader, now, ask.as_of).and_then(|look| page(&look, ask)))
    })?
}

/// The same on a desk that is open already.
pub fn page(look: &Look<'_>, ask: &PageAsk) -> Result<Page, Refusal> {
    let row = row(look, &ask.key)?;
    let why = why::of(look, &row)?;
    let card = card::of(look, &row, false)?;
    let title = clean(&card.title);
    let mut lines = Lines(Page {
        lines: vec![Line::Lead(clean(&why.sentence))],
        ..Page::default()
    });
    if card.needs_newer {
        lines.0.lines.push(Line::Text(sentence(gate::NEWER)));
    }
    match ask.what {
        PageKind::Why => {
            lines.0.lines.push(Line::Gap);
            lines.reasons(&why, true);
            lines.0.title = format!("Why {title}");
        }
        PageKind::Record => {
            lines.letter(&noun(&row)?);
            lines.steps(&steps::steps(look, &row)?);
            lines.walk(look, &noun(&row)?)?;
            lines.composer(look, &noun(&row)?)?;
            lines.heading("Why");
            lines.reasons(&why, false);
            lines.disputes(look, &row)?;
            lines.duties(&card);
            lines.fields(&card, row.kind);
            lines.notes(look, &row)?;
            lines.links(look, &row)?;
            lines.history(look, &row)?;
            lines.0.title = title;
        }
    }
    Ok(lines.0)
}

/// What was done to a record since its version was another one; none if nothing was.
pub fn since(
    path: &Path,
    key: &Key,
    version: i64,
    now: DateTime<Utc>,
) -> Result<Option<String>, Refusal> {
    Store::look(path, &mut |reader| {
        Ok(Look::new(reader, now).and_then(|look| changed_since(&look, key, version)))
    })?
}

fn changed_since(look: &Look<'_>, key: &Key, version: i64) -> Result<Option<String>, Refusal> {
    let row = row(look, key)?;
    if row.version == version {
        return Ok(None);
    }
    let history = look.reader.history(row.kind, &row.id)?;
    let last = match history.last() {
        Some(entry) => {
            let line = log::line(look.reader, entry)?;
            let by = log::who(&line.by, line.on_behalf.as_deref());
            format!(" {by} did `{}`.", line.action)
        }
        None => String::new(),
    };
    Ok(Some(clean(&format!(
        "{} was changed while this form was open.{last}",
        row.id
    ))))
}

/// The record that a row of the screen names.
pub(super) fn row(look: &Look<'_>, key: &Key) -> Result<RecordRow, Refusal> {
    let id = &key.id;
    if let Some(row) = look.reader.record(Some(key.kind), id)? {
        return Ok(row);
    }
    let off = off_desk::told(look.reader, Some(key.kind), id)?;
    Err(off.unwrap_or_else(|| {
        Refusal::not_found(
            format!("{id} is not on the desk any more."),
            format!("`relmate log {id}` tells what became of it."),
        )
    }))
}

/// A record's fields, typed.
pub(super) fn noun(row: &RecordRow) -> Result<Noun, Refusal> {
    row.noun()?.ok_or_else(|| {
        Refusal::failed(
            format!("{} is of a kind this version does not know.", row.id),
            "Install a newer relmate.",
        )
    })
}

fn clean(text: &str) -> String {
    plain(text).into_owned()
}

/// A page as it grows.
struct Lines(Page);

impl Lines {
    fn heading(&mut self, text: &str) {
        self.0.lines.push(Line::Gap);
        self.0.lines.push(Line::Heading(text.to_owned()));
    }

    /// Something can be done with the line that comes next.
    fn act(&mut self, act: Act) {
        self.0.acts.push((self.0.lines.len(), act));
    }

    /// A message as it would be sent.
    fn letter(&mut self, noun: &Noun) {
        let Noun::Message(message) = noun else {
            return;
        };
        self.heading("Letter");
        let lines = letter::lines(message);
        self.0.letter = Some(plain_lines(&lines.join("\n")).into_owned());
        self.0.link = mailto::link(message);
        for line in lines {
            self.0.lines.push(Line::Text(clean(&line)));
        }
    }

    /// The steps of a problem, done and open.
    fn walk(&mut self, look: &Look<'_>, noun: &Noun) -> Result<(), Refusal> {
        if let Noun::Problem(problem) = noun {
            self.heading("Walk");
            for (step, text) in walked::walk(look, problem)? {
                self.field(step, &text);
            }
        }
        Ok(())
    }

    /// What an open release may have in it, and the countdown to it.
    fn composer(&mut self, look: &Look<'_>, noun: &Noun) -> Result<(), Refusal> {
        let Noun::Release(release) = noun else {
            return Ok(());
        };
        if !release.standing.state.is_open() {
            return Ok(());
        }
        self.heading("Pool");
        for (ticket, text) in composer::pool(look, release)? {
            if let Some(key) = ticket {
                self.act(Act::Record(key));
            }
            self.0.lines.push(text);
        }
        self.heading("Countdown");
        for (due, text) in composer::countdown(look, release)? {
            self.field(&due, &text);
        }
        Ok(())
    }

    /// What can be done now, and what cannot and why.
    fn steps(&mut self, steps: &[Step]) {
        self.heading("What can be done");
        // What can be done to anything is in the menu; a field is written where it stands.
        let own = |step: &&Step| matches!(step.deed.on, On::One(_)) || step.settles;
        let steps: Vec<&Step> = steps.iter().filter(own).collect();
        for step in steps.iter().filter(|step| step.not_now.is_none()) {
            self.act(Act::Step(step.deed));
            let settles = if step.settles {
                "; it settles what is due"
            } else {
                ""
            };
            self.field(step.deed.name, &format!("{}{settles}", step.deed.about));
        }
        for step in steps {
            if let Some(why) = &step.not_now {
                self.field(step.deed.name, &format!("not now: {why}"));
            }
        }
    }

    /// A label and what it says; texts of several lines keep them.
    fn field(&mut self, label: &str, text: &str) {
        let mut label = clean(label);
        for line in plain_lines(text).lines() {
            self.0
                .lines
                .push(Line::Field(std::mem::take(&mut label), line.to_owned()));
        }
    }

    /// The lines of `why`; a label that comes again is said once.
    fn reasons(&mut self, why: &Why, next: bool) {
        let mut before = String::new();
        for line in why::lines(why) {
            // An open record says it with the steps.
            if !next && line.starts_with("Next: ") {
                continue;
            }
            let (label, text) = line.split_once(": ").unwrap_or(("", &line));
            self.field(if label == before { "" } else { label }, text);
            label.clone_into(&mut before);
        }
    }

    /// Both values of what two managers wrote at once, and the rules they broke together.
    fn disputes(&mut self, look: &Look<'_>, row: &RecordRow) -> Result<(), Refusal> {
        if !row.contested && !row.broken {
            return Ok(());
        }
        self.heading("In dispute");
        let conflict = conflicts::of(look.reader, row)?;
        let (lines, acts) = conflicts::page(&conflict, look);
        let from = self.0.lines.len();
        // The record itself lies open already.
        let acts = acts
            .into_iter()
            .filter(|(_, act)| matches!(act, Act::Contest(..)));
        self.0
            .acts
            .extend(acts.map(|(line, act)| (from + line, act)));
        self.0.lines.extend(lines);
        Ok(())
    }

    fn duties(&mut self, card: &card::Card) {
        if card.duties.is_empty() {
            return;
        }
        self.heading("Duties");
        for duty in &card.duties {
            let due = duty
                .due
                .map(|due| format!(", by {}", spoken(due)))
                .unwrap_or_default();
            self.field(
                duty.who.as_deref().unwrap_or("anybody"),
                &format!("{}{due}", duty.step),
            );
        }
    }

    /// What is written, and what could be.
    fn fields(&mut self, card: &card::Card, kind: Kind) {
        self.heading("Record");
        for field in &card.fields {
            let editable = editable(kind, field.name).is_ok();
            if editable {
                self.act(Act::Field(field.name));
            }
            match field.text.as_str() {
                "" if editable => self.field(field.label, "-"),
                "" => {}
                text => self.field(field.label, text),
            }
            let link = field.text.starts_with("https://") || field.text.starts_with("http://");
            if link && self.0.link.is_none() {
                self.0.link = Some(clean(&field.text));
            }
        }
        for remark in &card.remarks {
            let by = log::who(&remark.by, remark.on_behalf.as_deref());
            self.field(&format!("remark by {by}"), &remark.text);
        }
    }

    /// The notes of a release as they would go out.
    fn notes(&mut self, look: &Look<'_>, row: &RecordRow) -> Result<(), Refusal> {
        if row.kind != Kind::Release {
            return Ok(());
        }
        self.heading("Release notes");
        let notes = release::notes(look, &row.id)?;
        for line in plain_lines(&notes).lines() {
            self.0.lines.push(Line::Text(line.to_owned()));
        }
        Ok(())
    }

    fn links(&mut self, look: &Look<'_>, row: &RecordRow) -> Result<(), Refusal> {
        const BELOW: [Kind; 6] = [
            Kind::Milestone,
            Kind::Submission,
            Kind::Ticket,
            Kind::Announcement,
            Kind::Problem,
            Kind::KnownError,
        ];
        let mut links = Vec::new();
        if let Some(parent) = &row.parent {
            let kind = match row.kind {
                Kind::Ticket => Kind::Submission,
                Kind::Submission => Kind::Product,
                Kind::Announcement | Kind::Problem => Kind::Ticket,
                Kind::KnownError => Kind::Problem,
                _ => Kind::Cycle,
            };
            links.extend(look.reader.record(Some(kind), parent)?);
        }
        for kind in BELOW {
            links.extend(look.reader.children(kind, &row.id)?.into_iter().take(LINKS));
        }
        if let Noun::Release(release) = noun(row)? {
            for id in release.contents().iter().take(LINKS) {
                links.extend(look.reader.record(Some(Kind::Ticket), id)?);
            }
        }
        links.extend(
            look.reader
                .in_state_about(Kind::Message, "drafted", &row.id)?,
        );
        if links.is_empty() {
            return Ok(());
        }
        self.heading("Links");
        for link in links {
            self.act(Act::Record(Key {
                kind: link.kind,
                id: link.id.clone(),
            }));
            self.field(&link.id, &format!("{}, {}", link.title, link.state));
        }
        Ok(())
    }

    fn history(&mut self, look: &Look<'_>, row: &RecordRow) -> Result<(), Refusal> {
        let mut entries = look.reader.history(row.kind, &row.id)?;
        entries.reverse();
        self.heading("History");
        for entry in entries.iter().take(HISTORY) {
            let line = log::told(look, entry)?;
            self.field(&log::moment(look, &line.at), &log::who_did_what(&line));
            for change in line.changes.iter().filter(|change| change.id == row.id) {
                self.change(change);
            }
        }
        if entries.len() > HISTORY {
            self.0.lines.push(Line::Text(format!(
                "Older ones: `relmate log {}`.",
                clean(&row.id)
            )));
        }
        Ok(())
    }

    /// What a field was and became; a record's first values stand above already.
    fn change(&mut self, change: &log::Change) {
        let from = log::short(&change.field, &change.from);
        let to = log::short(&change.field, &change.to);
        let name = change.field.replace('_', " ");
        if !from.is_empty() {
            self.field("", &format!("{name}: {from} -> {to}"));
        } else if matches!(change.field.as_str(), "comment" | "slip" | "state") && !to.is_empty() {
            self.field("", &format!("{name}: {to}"));
        }
    }
}
