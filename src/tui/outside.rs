//! What leaves the screen: a record's link, a letter, a text for the clipboard. Asks before
//! anything is handed to another program.

use super::clip::{self, What as Clip};
use super::effect::Effect;
use super::model::Model;
use super::overlay::Overlay;
use super::overlay::picker::{Item, Pick, Picker, What};

impl Model {
    /// The link of the record where the user is.
    fn link(&self) -> Option<String> {
        match self.overlays.last() {
            Some(Overlay::Record(record)) => record.page.link.clone(),
            // A row does not carry it; the open record does.
            _ => None,
        }
    }

    fn letter(&self) -> Option<String> {
        match self.overlays.last() {
            Some(Overlay::Record(record)) => record.page.letter.clone(),
            _ => None,
        }
    }

    fn copy_letter(&mut self, letter: String) -> Vec<Effect> {
        self.say("The letter was sent to the terminal's clipboard.");
        vec![Effect::Copy(letter)]
    }

    /// Asks before it hands something to another program: that leaves the desk.
    pub fn launch_link(&mut self) -> Vec<Effect> {
        let Some(link) = self.link() else {
            self.complain("It has no link.");
            return Vec::new();
        };
        let question = match link.strip_prefix("mailto:") {
            Some(rest) => {
                let to = rest.split('?').next().unwrap_or(rest);
                format!("Hand the letter to {to} to your mail program?")
            }
            None => format!("Open {link} outside?"),
        };
        self.ask_to_launch(question, link);
        Vec::new()
    }

    pub fn ask_to_launch(&mut self, question: String, link: String) {
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
        let picker = Picker::new(question, What::Ask, items);
        self.open(Overlay::Picker(Box::new(picker)));
    }

    /// Copies the record where the user is, one way or another.
    pub fn copy(&mut self, what: Clip) -> Vec<Effect> {
        let Some(key) = self.here() else {
            return Vec::new();
        };
        let title = match self.overlays.last() {
            Some(Overlay::Record(record)) => record.page.title.clone(),
            _ => self.row().map(clip::line).unwrap_or_default(),
        };
        let link = self.link();
        let text = match what {
            Clip::Id => key.id,
            Clip::Letter => {
                if let Some(letter) = self.letter() {
                    return self.copy_letter(letter);
                }
                self.complain("It is no letter; open a message first.");
                return Vec::new();
            }
            Clip::Line => title,
            Clip::Markdown => clip::markdown(&key, &title, link.as_deref()),
            Clip::Link => {
                if let Some(link) = link {
                    link
                } else {
                    self.complain("It has no link.");
                    return Vec::new();
                }
            }
        };
        let text = crate::domain::plain::plain(&text).into_owned();
        self.say(format!("Sent to the terminal's clipboard: {text}"));
        vec![Effect::Copy(text)]
    }

    fn row(&self) -> Option<&crate::workspace::look::board::rows::Row> {
        self.list().rows.get(self.list().cursor)
    }
}
