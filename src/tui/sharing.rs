//! What the screen knows of the others and says about it: a few words in the footer, a line for
//! what came in, the page. Decides nothing about the desk.

use chrono::{DateTime, TimeDelta, Utc};
use unicode_width::UnicodeWidthStr;

use super::command::Ready;
use super::effect::Effect;
use super::model::Model;
use super::overlay::Overlay;
use super::overlay::page::Sheet;
use super::talk;
use crate::workspace::look::board::rows::Page;
use crate::workspace::refusal::Refusal;
use crate::workspace::share::progress::Progress;
use crate::workspace::share::watch::Heard;
use crate::workspace::share::words::{self, Standing, age};
use crate::workspace::share::{page, sentence};

/// How long the folder may take to answer before it is said.
const SILENT: TimeDelta = TimeDelta::minutes(2);
/// The footer's left side keeps so many columns, so that help and leaving can be read.
const LEFT: usize = 20;

/// The others, as far as the screen has heard.
#[derive(Debug, Default)]
pub struct Sharing {
    /// The exchange was begun.
    pub met: bool,
    standing: Option<Standing>,
    /// When that was heard, by the screen's clock.
    heard: Option<DateTime<Utc>>,
    /// A person asked for it, so the footer says what came of it.
    asked: bool,
    /// What was said last of what came in.
    said: String,
    /// The page is being read.
    looking: bool,
    /// What is being done with the folder, where that takes a while.
    doing: String,
}

/// Whether there is somebody to exchange with, and it may be done.
pub(super) const SHARED: Ready = |model| {
    const WRITABLE: Ready = Model::writable;
    match &model.header {
        Some(header) if !header.shared => {
            Err("this desk is not shared; `relmate share create FOLDER` shares it")
        }
        _ => WRITABLE(model),
    }
};

/// What stands in the footer about the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    pub text: String,
    pub trouble: bool,
}

impl Model {
    fn shared(&self) -> bool {
        self.header.as_ref().is_some_and(|header| header.shared)
    }

    /// Begins to exchange as soon as the desk is known to be shared.
    pub(super) fn meet(&mut self) -> Option<Effect> {
        let begins = self.shared() && !self.sharing.met && !self.user.read_only;
        if !begins {
            return None;
        }
        self.sharing.met = true;
        self.sharing.heard = Some(self.now);
        Some(Effect::Meet)
    }

    /// Exchanges now, and says what came of it.
    pub(super) fn exchange_now(&mut self) -> Vec<Effect> {
        self.sharing.asked = true;
        self.say("Exchanging with the folder …");
        vec![Effect::Exchange]
    }

    /// The exchange is still at work, and says how far it is.
    pub(super) fn exchanging(&mut self, doing: String) {
        self.sharing.doing = doing;
    }

    /// What is being done with the folder; nothing where that is over.
    pub fn doing_with_folder(&self) -> Option<&str> {
        let doing = self.sharing.doing.as_str();
        (!doing.is_empty()).then_some(doing)
    }

    /// An exchange has ended.
    pub(super) fn exchanged(&mut self, news: Result<Heard, Refusal>) -> Vec<Effect> {
        self.sharing.heard = Some(self.now);
        let asked = std::mem::take(&mut self.sharing.asked);
        match news {
            Ok(heard) => {
                self.came(heard.came.as_deref(), asked.then_some(&heard.standing));
                let moved = heard.came.is_some();
                self.sharing.standing = Some(heard.standing);
                let mut effects = Vec::new();
                // Where nobody tells of changes, what came in is read all the same.
                if moved && self.loads.unwatched.is_some() {
                    effects.extend(self.reload());
                }
                effects.extend(self.look_again());
                effects
            }
            Err(refusal) => {
                let words = refusal.message.trim_end_matches('.').to_owned();
                let before = self.sharing.standing.replace(Standing {
                    words: words.clone(),
                    brief: "not exchanged",
                    trouble: true,
                });
                if asked || before.is_none_or(|it| it.words != words) {
                    self.complain(talk::sentence(&refusal));
                }
                Vec::new()
            }
        }
    }

    /// Says whose steps came in, behind what has just been said, and never over what is typed.
    fn came(&mut self, came: Option<&str>, asked: Option<&Standing>) {
        let text = match (came, asked) {
            (Some(came), _) => format!("{came}."),
            (None, Some(standing)) => sentence(&standing.words),
            (None, None) => return,
        };
        let typing = matches!(self.overlays.last(), Some(Overlay::Filter(_)));
        let last = self.talk.notice.as_ref().map(|it| it.text.clone());
        match last {
            _ if typing => {
                let time = self.time_of_day();
                self.talk.more(&time, std::slice::from_ref(&text));
            }
            Some(last) if asked.is_none() && last != self.sharing.said => self.add(&text),
            _ => self.say(&text),
        }
        self.sharing.said = text;
    }

    /// Opens the page about sharing.
    pub(super) fn look_at_sharing(&mut self) -> Vec<Effect> {
        self.open(Overlay::Page(Sheet::from(page::waiting())));
        self.look_at_folder()
    }

    fn look_at_folder(&mut self) -> Vec<Effect> {
        if std::mem::replace(&mut self.sharing.looking, true) {
            return Vec::new();
        }
        vec![Effect::Sharing]
    }

    /// The page lies open: it follows what happens.
    pub(super) fn look_again(&mut self) -> Vec<Effect> {
        match self.overlays.last() {
            Some(Overlay::Page(sheet)) if sheet.page.title == page::TITLE => self.look_at_folder(),
            _ => Vec::new(),
        }
    }

    /// The folder was looked at; who has left the page meanwhile is not disturbed.
    pub(super) fn sharing_page(&mut self, answer: Result<Page, Refusal>) {
        self.sharing.looking = false;
        let Some(Overlay::Page(sheet)) = self.overlays.last_mut() else {
            return;
        };
        if sheet.page.title != page::TITLE {
            return;
        }
        let mut read = match answer {
            Ok(page) => page,
            Err(refusal) => Sheet::from(refusal).page,
        };
        page::TITLE.clone_into(&mut read.title);
        sheet.page = read;
    }

    /// A few words about the others for the footer of a width; `said` columns are taken by what
    /// was just said. None on a desk that is not shared.
    pub fn share_words(&self, width: usize, said: Option<usize>) -> Option<Words> {
        if !self.shared() && self.doing_with_folder().is_none() {
            return None;
        }
        let (words, brief, trouble) = self.share_standing();
        // Where they lie open, their keys need the room.
        let open = matches!(self.overlays.last(), Some(Overlay::Contests(_)));
        let header = self.header.as_ref().filter(|_| !open);
        let conflicts = header.map_or(0, |it| it.counts.conflicts);
        let trouble = trouble || conflicts > 0;
        let conflicts = match conflicts {
            0 => String::new(),
            1 => "1 conflict".to_owned(),
            many => format!("{many} conflicts"),
        };
        let both = |words: &str| match (words, conflicts.as_str()) {
            (words, "") => words.to_owned(),
            (words, conflicts) => format!("{words}, {conflicts}"),
        };
        let least = if conflicts.is_empty() {
            brief.to_owned()
        } else {
            conflicts.clone()
        };
        // Half of the line for what somebody should look at, a third for what is well.
        let share = if trouble { width / 2 } else { width / 3 };
        let left = said.unwrap_or(LEFT);
        let room = share.min(width.saturating_sub(left + 4));
        let texts = [both(&words), both(brief), least];
        let text = texts.into_iter().find(|text| text.width() <= room)?;
        Some(Words { text, trouble })
    }

    fn share_standing(&self) -> (String, &str, bool) {
        let looks = words::progress(Progress::Looking);
        let troubled = self.sharing.standing.as_ref().is_some_and(|it| it.trouble);
        // That it is tried again says less than since when it is in vain.
        let doing = self.doing_with_folder();
        if let Some(doing) = doing.filter(|it| !(troubled && it.starts_with(&looks))) {
            return (doing.to_owned(), "exchanging", false);
        }
        if self.user.read_only {
            return ("no exchange".to_owned(), "no exchange", false);
        }
        let silent = self.sharing.heard.filter(|_| self.user.exchanges);
        match (&self.sharing.standing, silent) {
            (_, Some(heard)) if self.now - heard >= SILENT => {
                let words = format!("the share does not answer, {}", age(self.now, heard));
                (words, "no answer", true)
            }
            (Some(it), _) => (it.words.clone(), it.brief, it.trouble),
            (None, _) if !self.user.exchanges => {
                ("exchange is off".to_owned(), "exchange off", false)
            }
            (None, _) => ("exchanging".to_owned(), "exchanging", false),
        }
    }
}
