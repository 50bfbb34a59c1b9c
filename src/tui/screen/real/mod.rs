//! The screen on a desk of its own: what keys ask for is really done, at once and without
//! a terminal. What the world outside would do is only noted.

mod any;
mod bad;
mod days;
mod deeds;
mod duties;
mod held;
mod marks;
mod meanwhile;
mod news;
mod records;
mod rollout;
mod uses;

use std::cell::Cell;
use std::collections::{BTreeMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use chrono::{DateTime, TimeDelta, Utc};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use serde_json::Value;
use tempfile::TempDir;

use crate::domain::kind::Kind;
use crate::tui::Options;
use crate::tui::effect::Effect;
use crate::tui::keymap::Press;
use crate::tui::model::{Model, User};
use crate::tui::msg::Msg;
use crate::tui::overlay::Overlay;
use crate::tui::overlay::form::Form;
use crate::tui::perform::Source;
use crate::tui::theme::Theme;
use crate::tui::update::update;
use crate::tui::view::paint;
use crate::workspace::action::Action;
use crate::workspace::fixture;
use crate::workspace::look::board::rows::{Key, PageAsk, PageKind, Pane};
use crate::workspace::plan::Actor;
use crate::workspace::refusal::Refusal;
use crate::workspace::session::Session;

thread_local! {
    /// What the desk's clock says to this test.
    static CLOCK: Cell<DateTime<Utc>> = const { Cell::new(DateTime::UNIX_EPOCH) };
}

fn clock() -> Result<DateTime<Utc>, Refusal> {
    Ok(CLOCK.get())
}

/// The screen, its desk, and what it asked of the world outside.
pub(super) struct Real {
    model: Model,
    source: Source,
    folder: TempDir,
    /// What the desk has not been asked yet.
    asked: VecDeque<Effect>,
    /// The desk answers only when it is told to.
    slow: bool,
    outside: Vec<Effect>,
    buffer: Buffer,
}

/// The bytes of a desk with something of everything; built once.
fn town() -> &'static [u8] {
    static BYTES: OnceLock<Vec<u8>> = OnceLock::new();
    BYTES.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("town.relmate");
        fixture::town(&path);
        std::fs::read(path).unwrap()
    })
}

impl Real {
    /// Alice looks at the town on Saturday, 21 November 2026.
    pub(super) fn open() -> Self {
        Self::of(town(), false)
    }

    fn of(desk: &[u8], read_only: bool) -> Self {
        CLOCK.set(fixture::day());
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("town.relmate");
        std::fs::write(&path, desk).unwrap();
        let theme = Theme::new(false, true);
        let user = User {
            who: Some("Alice".to_owned()),
            read_only,
            ..User::default()
        };
        let mut screen = Self {
            model: Model::new((112, 40), theme, user, CLOCK.get()),
            source: Self::source(&path),
            folder,
            asked: VecDeque::new(),
            slow: false,
            outside: Vec::new(),
            buffer: Buffer::default(),
        };
        let effects = screen.model.reload();
        screen.take(effects);
        screen.draw();
        screen
    }

    /// The desk's thread, without the thread.
    fn source(path: &Path) -> Source {
        Source::new(&Options {
            path: Some(path.to_owned()),
            founding: None,
            places: None,
            exchanges: false,
            fresh: false,
            joined: false,
            greeting: Vec::new(),
            now: clock,
            who: Some("Alice".to_owned()),
            actor: Ok(alice()),
            read_only: false,
            theme: Theme::new(false, true),
            mouse: false,
            browser: None,
            demo: false,
            keys: BTreeMap::new(),
            wrong_keys: Vec::new(),
            state: None,
        })
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("town.relmate")
    }

    fn take(&mut self, effects: Vec<Effect>) {
        self.asked.extend(effects);
        if !self.slow {
            self.answer();
        }
    }

    /// The desk answers all that it was asked.
    fn answer(&mut self) {
        while let Some(effect) = self.asked.pop_front() {
            match effect {
                Effect::Edit { .. }
                | Effect::Copy(_)
                | Effect::Mouse(_)
                | Effect::Launch(_)
                | Effect::Settle
                | Effect::Suspend
                | Effect::Leave(_) => self.outside.push(effect),
                other => {
                    if let Some(msg) = self.source.at_once(other) {
                        let effects = update(&mut self.model, msg);
                        self.asked.extend(effects);
                    }
                }
            }
        }
    }

    fn send(&mut self, msg: Msg) {
        let effects = update(&mut self.model, msg);
        self.take(effects);
    }

    /// Presses keys, apart by blanks.
    fn press(&mut self, keys: &str) -> &mut Self {
        for key in keys.split(' ').filter(|key| !key.is_empty()) {
            let press = Press::parse(key).unwrap_or_else(|| panic!("{key} is no key"));
            self.send(Msg::Key(press));
        }
        self.draw();
        self
    }

    /// Types letter by letter.
    fn types(&mut self, text: &str) -> &mut Self {
        for letter in text.chars() {
            let mut press = Press::parse("x").unwrap();
            press.key = crate::tui::keymap::Name::Char(letter);
            self.send(Msg::Key(press));
        }
        self.draw();
        self
    }

    fn paste(&mut self, text: &str) -> &mut Self {
        self.send(Msg::Paste {
            text: text.to_owned(),
            cut: false,
        });
        self.draw();
        self
    }

    fn draw(&mut self) {
        let (width, height) = self.model.size;
        self.buffer = Buffer::empty(Rect::new(0, 0, width, height));
        paint(&self.model, &mut self.buffer);
    }

    fn text(&self) -> String {
        super::text(&self.buffer)
    }

    /// What is read, without the lines' ends and frames.
    fn words(&self) -> String {
        let text = self.text().replace(['│', '─', '╭', '╮', '╰', '╯'], " ");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[track_caller]
    fn reads(&mut self, text: &str) -> &mut Self {
        self.draw();
        assert!(
            self.words().contains(text),
            "{text:?} is not there:\n{}",
            self.text()
        );
        self
    }

    #[track_caller]
    fn reads_not(&mut self, text: &str) -> &mut Self {
        self.draw();
        assert!(
            !self.words().contains(text),
            "{text:?} is there:\n{}",
            self.text()
        );
        self
    }

    fn notice(&self) -> &str {
        let notice = self.model.talk.notice.as_ref();
        notice.map_or("", |notice| &notice.text)
    }

    #[track_caller]
    fn form(&self) -> &Form {
        match self.model.overlays.last() {
            Some(Overlay::Form(form)) => form,
            _ => panic!("no form is open:\n{}", self.text()),
        }
    }

    /// Writes one line of the form anew.
    #[track_caller]
    fn fill(&mut self, name: &str, text: &str) -> &mut Self {
        let place = self.form().lines.iter().position(|line| line.name == name);
        let place = place.unwrap_or_else(|| panic!("no {name}"));
        let mut guard = 0;
        while self.form().at != place {
            self.press("tab");
            guard += 1;
            assert!(guard < 50, "tab does not get to {name}");
        }
        if self.form().lines[place].writes() {
            while !self.form().lines[place].text().is_empty() {
                self.press("end ctrl-u backspace");
            }
            self.paste(text);
        } else if self.form().lines[place].text() != text {
            self.press("space");
        }
        self
    }

    /// Does something behind the screen's back.
    #[track_caller]
    fn meanwhile(&mut self, action: &Action) {
        let now = CLOCK.get();
        let mut session = Session::open(&self.path(), alice(), now, None).unwrap();
        session.perform(action).unwrap();
    }

    /// What the desk's last steps meant, the newest first.
    fn intents(&self, count: usize) -> Vec<Value> {
        fixture::intents(&self.path(), count)
    }

    fn intent(&self) -> Value {
        self.intents(1).swap_remove(0)
    }

    fn count(&self) -> usize {
        self.intents(usize::MAX).len()
    }

    /// Opens a record, as the list to jump from does.
    #[track_caller]
    fn visit(&mut self, kind: Kind, id: &str) -> &mut Self {
        let ask = PageAsk {
            key: key(kind, id),
            what: PageKind::Record,
            as_of: None,
        };
        self.asked.push_back(Effect::Open(ask));
        self.model.loads.opening += 1;
        self.answer();
        self.draw();
        assert!(matches!(
            self.model.overlays.last(),
            Some(Overlay::Record(_))
        ));
        self
    }

    /// Goes to a record's row in a pane.
    #[track_caller]
    fn go(&mut self, pane: Pane, id: &str) -> &mut Self {
        let keys = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
        self.press(keys[pane as usize]).press("g g");
        let mut guard = 0;
        while self.selected() != id {
            self.press("j");
            guard += 1;
            assert!(guard < 200, "{id} is not in {pane:?}:\n{}", self.text());
        }
        self
    }

    fn selected(&self) -> &str {
        self.model.selected().map_or("", |key| &key.id)
    }

    fn wait(&mut self, days: i64) -> &mut Self {
        CLOCK.set(CLOCK.get() + TimeDelta::days(days));
        self.send(Msg::Minute(CLOCK.get()));
        self.draw();
        self
    }

    fn resize(&mut self, width: u16, height: u16) -> &mut Self {
        self.send(Msg::Resized(width, height));
        self.draw();
        self
    }
}

fn alice() -> Actor {
    Actor {
        person: "Alice".to_owned(),
        on_behalf: None,
    }
}

fn key(kind: Kind, id: &str) -> Key {
    Key {
        kind,
        id: id.to_owned(),
    }
}
