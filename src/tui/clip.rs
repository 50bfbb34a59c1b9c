//! What leaves the desk by the user's hand: a record copied as an id, a link, a line,
//! Markdown or its letter, and a link handed to another program, which is asked about
//! first. The terminal does both.

use super::effect::Effect;
use super::model::Model;
use super::overlay::Overlay;
use super::overlay::picker::{Item, Pick, Picker, What as Picked};
use super::talk;
use crate::domain::plain::{plain, plain_lines};
use crate::workspace::look::board::rows::{Cells, Key, Page, Row};
use crate::workspace::refusal::Refusal;

/// What is taken from a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    Id,
    Link,
    Line,
    Letter,
    Markdown,
    /// Its link is opened outside.
    Launch,
}

impl Model {
    /// Takes something from the record where the user is. What only the record itself
    /// says is read first.
    pub fn take(&mut self, what: What) -> Vec<Effect> {
        let Some(key) = self.here() else {
            return Vec::new();
        };
        let row = self.list().rows.get(self.list().cursor);
        match (self.overlays.last(), what) {
            (Some(Overlay::Record(record)), _) => {
                let page = record.page.clone();
                self.taken(&key, what, Ok(&page))
            }
            (_, What::Id) => self.copy(key.id),
            (None, What::Line) if self.board_shown().is_none() => {
                let text = row.map(line).unwrap_or_default();
                self.copy(text)
            }
            _ => vec![Effect::Take(key, what)],
        }
    }

    /// The record has been read.
    pub fn taken(&mut self, key: &Key, what: What, page: Result<&Page, &Refusal>) -> Vec<Effect> {
        let page = match page {
            Ok(page) => page,
            Err(refusal) => {
                self.complain(talk::sentence(refusal));
                return Vec::new();
            }
        };
        let link = page.link.clone();
        match (what, link) {
            (What::Id, _) => self.copy(key.id.clone()),
            (What::Line, _) => self.copy(page.title.clone()),
            (What::Markdown, link) => {
                let text = markdown(key, &page.title, link.as_deref());
                self.copy(text)
            }
            (What::Letter, _) => match &page.letter {
                Some(letter) => {
                    self.say("The letter was sent to the terminal's clipboard.");
                    vec![Effect::Copy(plain_lines(letter).into_owned())]
                }
                None => self.nothing(key, "no letter"),
            },
            (What::Link, Some(link)) => self.copy(link),
            (What::Launch, Some(link)) => self.ask_to_launch(link),
            (What::Link | What::Launch, None) => self.nothing(key, "no link"),
        }
    }

    fn nothing(&mut self, key: &Key, what: &str) -> Vec<Effect> {
        self.complain(format!("{} has {what}.", key.id));
        Vec::new()
    }

    fn copy(&mut self, text: impl AsRef<str>) -> Vec<Effect> {
        let text = plain(text.as_ref()).into_owned();
        self.say(format!("Sent to the terminal's clipboard: {text}"));
        vec![Effect::Copy(text)]
    }

    /// Asks before it hands something to another program: that leaves the desk.
    fn ask_to_launch(&mut self, link: String) -> Vec<Effect> {
        let question = match link.strip_prefix("mailto:") {
            Some(rest) => {
                let to = rest.split('?').next().unwrap_or(rest);
                format!("Hand the letter to {to} to your mail program?")
            }
            None => format!("Open {link} outside?"),
        };
        let answer = |text: &str, more: &str, effects: Vec<Effect>| Item {
            text: text.to_owned(),
            more: more.to_owned(),
            keys: String::new(),
            not_now: None,
            pick: Pick::Effects(effects),
        };
        let items = vec![
            answer("No", "stay here", Vec::new()),
            answer("Yes", "open it", vec![Effect::Launch(link.clone())]),
            answer(
                "Copy",
                "put it into the clipboard instead",
                vec![Effect::Copy(link)],
            ),
        ];
        let picker = Picker::new(question, Picked::Ask, items);
        self.open(Overlay::Picker(Box::new(picker)));
        Vec::new()
    }
}

/// A row as one line of text.
fn line(row: &Row) -> String {
    let parts: Vec<&str> = match &row.cells {
        Cells::Duty(duty) => vec![&duty.title, &duty.what, &duty.days, &duty.who, &duty.step],
        Cells::Milestone(gate) => vec![&gate.code, &gate.name, &gate.date, &gate.note],
        Cells::Ticket(ticket) => vec![&ticket.title, &ticket.state, &ticket.clock, &ticket.owner],
        Cells::Site(site) => vec![&site.country, &site.sla],
        Cells::Record(it) => vec![&it.title, &it.state, &it.who, &it.day],
        Cells::Note(note) => vec![&note.text, &note.who, &note.tail],
    };
    let mut text = row.key.id.clone();
    for part in parts.into_iter().filter(|part| !part.is_empty()) {
        text.push_str(", ");
        text.push_str(part);
    }
    text
}

/// A line as an item of a Markdown list, with its link if it has one.
fn markdown(key: &Key, text: &str, link: Option<&str>) -> String {
    let rest = text.strip_prefix(key.id.as_str()).unwrap_or(text);
    let rest: String = rest.chars().flat_map(escaped).collect();
    match link {
        Some(link) => format!("- [{}](<{link}>){rest}", key.id),
        None => format!("- **{}**{rest}", key.id),
    }
}

/// A letter as Markdown takes it for itself.
fn escaped(letter: char) -> impl Iterator<Item = char> {
    let special = matches!(
        letter,
        '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|'
    );
    special.then_some('\\').into_iter().chain([letter])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::kind::Kind;

    #[test]
    fn markdown_keeps_its_signs_to_itself() {
        let key = Key {
            kind: Kind::Ticket,
            id: "T-1".to_owned(),
        };
        assert_eq!(
            markdown(&key, "T-1, a*b_c [x]", None),
            "- **T-1**, a\\*b\\_c \\[x\\]"
        );
        assert_eq!(
            markdown(&key, "T-1, ARC", Some("https://a.org/b c")),
            "- [T-1](<https://a.org/b c>), ARC"
        );
    }
}
