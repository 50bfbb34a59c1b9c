//! What the screen says to its user: one sentence in the footer until the next key, and
//! all of them in a list that can be looked at. Decides nothing.

use std::collections::VecDeque;

use super::overlay::Overlay;
use super::overlay::page::Sheet;
use crate::domain::plain::plain;
use crate::workspace::look::board::rows::{Line, Page};
use crate::workspace::receipt::Receipt;
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

    /// Says something behind what was just said.
    pub fn add(&mut self, time: &str, text: &str) {
        let (before, bad) = match &self.notice {
            Some(notice) => (format!("{} ", notice.text), notice.bad),
            None => (String::new(), true),
        };
        let notice = Notice {
            text: plain(text).into_owned(),
            bad,
        };
        self.note(time, notice);
        self.notice = Some(Notice {
            text: format!("{before}{}", plain(text)),
            bad,
        });
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

/// What is worth knowing of a receipt: which of several were left out and why comes first.
pub(super) fn warnings(receipt: &Receipt) -> Vec<String> {
    let left_out = receipt.results.iter().filter_map(|result| {
        let refusal = result.refused.as_ref()?;
        let why = refusal.message.trim_start_matches(&result.id).trim_start();
        Some(if why.starts_with(char::is_lowercase) {
            format!("{} is left out: it {why}", result.id)
        } else {
            format!("{} is left out: {why}", result.id)
        })
    });
    let told = |warning: &&String| {
        let refusals = receipt.results.iter().filter_map(|it| it.refused.as_ref());
        let mut refusals = refusals;
        !refusals.any(|refusal| warning.ends_with(&refusal.message))
    };
    let others = receipt.warnings.iter().filter(told).cloned();
    left_out.chain(others).collect()
}

/// A refusal in one line: the sentence and the hint.
pub(super) fn sentence(refusal: &Refusal) -> String {
    match &refusal.hint {
        Some(hint) => format!("{} {hint}", refusal.message),
        None => refusal.message.clone(),
    }
}
