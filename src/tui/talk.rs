//! What the screen says to its user: one sentence in the footer until the next key, and
//! all of them in a list that can be looked at. Decides nothing.

use std::collections::VecDeque;

use super::overlay::Overlay;
use super::overlay::page::Sheet;
use crate::domain::plain::plain;
use crate::workspace::look::board::rows::{Line, Page};
use crate::workspace::refusal::Refusal;

/// The most sentences that are kept.
const MOST: usize = 500;

/// Stands for the time of day where the desk's zone is not known yet.
pub(super) const AT_START: &str = "start";

/// One sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub text: String,
    /// Something did not work.
    pub bad: bool,
}

/// What was said.
#[derive(Debug, Default)]
pub struct Talk {
    /// In the footer, until the next key.
    pub notice: Option<Notice>,
    /// With the time of day, the latest last.
    said: VecDeque<(String, Notice)>,
}

impl Talk {
    /// Says something and keeps it.
    pub fn say(&mut self, time: &str, text: impl AsRef<str>, bad: bool) {
        let notice = Notice {
            text: plain(text.as_ref()).into_owned(),
            bad,
        };
        self.note(time, notice.clone());
        self.notice = Some(notice);
    }

    /// Keeps something without saying it.
    fn note(&mut self, time: &str, notice: Notice) {
        self.said.push_back((time.to_owned(), notice));
        if self.said.len() > MOST {
            self.said.pop_front();
        }
    }

    /// Keeps what else there was to say.
    pub fn more(&mut self, time: &str, texts: &[String]) {
        for text in texts {
            let text = plain(text).into_owned();
            self.note(time, Notice { text, bad: false });
        }
    }

    /// Everything that was said, the latest first.
    pub fn page(&self) -> Overlay {
        let mut lines: Vec<Line> = self
            .said
            .iter()
            .rev()
            .map(|(time, notice)| {
                let mark = if notice.bad { "! " } else { "" };
                Line::Field(time.clone(), format!("{mark}{}", notice.text))
            })
            .collect();
        if lines.is_empty() {
            lines.push(Line::Text("Nothing was said yet.".to_owned()));
        }
        Overlay::Page(Sheet::from(Page {
            title: "Messages".to_owned(),
            lines,
            ..Page::default()
        }))
    }
}

/// A refusal in one line: the sentence and the hint.
pub(super) fn sentence(refusal: &Refusal) -> String {
    match &refusal.hint {
        Some(hint) => format!("{} {hint}", refusal.message),
        None => refusal.message.clone(),
    }
}
