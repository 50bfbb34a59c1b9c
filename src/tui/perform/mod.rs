//! Does what `update` asks for, on a thread of its own, so that a slow disk never
//! holds up a key. Asks the workspace; knows no store.

mod deeds;
#[cfg(test)]
pub(super) mod here;
mod queue;
mod sharing;

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use chrono::{DateTime, Utc};
use tokio::sync::mpsc::UnboundedSender;

use self::queue::Queue;
use self::sharing::Sharing;
use super::Options;
use super::effect::{Doing, Effect};
use super::msg::Msg;
use super::remembered;
use super::remembered::drafts::Change;
use crate::workspace::care;
use crate::workspace::exporting::{self, Export};
use crate::workspace::look::board::rows::{
    Ask, Board, Count, Counted, Page, PageAsk, PageKind, WindowAsk,
};
use crate::workspace::look::topic::{self, Topic};
use crate::workspace::look::{board, find, record, steps};
use crate::workspace::looked;
use crate::workspace::places::Places;
use crate::workspace::plan::Actor;
use crate::workspace::refusal::Refusal;
use crate::workspace::remembered::Shelf;
use crate::workspace::session::Session;
use crate::workspace::share::{form, member};

/// The most records that a search finds.
const FOUND: usize = 200;

/// The thread that reads and writes the desk.
pub(super) struct Desk {
    jobs: Option<Sender<Effect>>,
    thread: Option<JoinHandle<Vec<Change>>>,
}

/// What the thread needs to answer.
pub(super) struct Source {
    path: PathBuf,
    /// Where a new desk is made, while there is none.
    founding: Option<Places>,
    who: Option<String>,
    actor: Result<Actor, Refusal>,
    now: fn() -> Result<DateTime<Utc>, Refusal>,
    /// Open while a form is, so that a preview costs no opening.
    session: Option<Session>,
    /// What was typed and could not be written down: it is tried again with what comes next.
    unkept: Vec<Change>,
    /// Last, so that the desk is let go of before what was changed goes out.
    sharing: Sharing,
}

impl Desk {
    pub(super) fn start(options: &Options, inbox: UnboundedSender<Msg>) -> Result<Self, Refusal> {
        let mut source = Source::new(options);
        source.sharing.tells(inbox.clone());
        let read_only = options.read_only;
        let (jobs, asked) = channel();
        let thread = std::thread::Builder::new()
            .name("desk".to_owned())
            .spawn(move || {
                if !read_only {
                    care::bring_up(&source.path);
                }
                source.answer(&asked, &inbox);
                source.end()
            })
            .map_err(|error| Refusal::failed(format!("The screen cannot start: {error}."), ""))?;
        Ok(Self {
            jobs: Some(jobs),
            thread: Some(thread),
        })
    }

    pub(super) fn perform(&self, effect: Effect) {
        if let Some(jobs) = &self.jobs {
            // The thread ends only with the screen.
            drop(jobs.send(effect));
        }
    }

    /// Comes to an end; says what of the drafts could not be written down. A look under way
    /// is short, and leaves no trace only when it ends; a change under way is kept whole.
    pub(super) fn end(&mut self) -> Vec<Change> {
        self.jobs.take();
        let thread = self.thread.take();
        // A thread that fell over has said so.
        thread
            .and_then(|thread| thread.join().ok())
            .unwrap_or_default()
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        drop(self.end());
    }
}

impl Source {
    pub(super) fn new(options: &Options) -> Self {
        Self {
            path: options.path.clone().unwrap_or_default(),
            founding: options.founding.clone(),
            who: options.who.clone(),
            actor: options.actor.clone(),
            now: options.now,
            session: None,
            unkept: Vec::new(),
            sharing: Sharing::new(options),
        }
    }

    /// Does one thing while the caller waits.
    #[cfg(test)]
    pub(super) fn at_once(&mut self, effect: Effect) -> Option<Msg> {
        let (_, asked) = channel();
        self.job(effect, &mut Queue::new(&asked))
    }

    /// Lets go of the desk; says what of the drafts could not be written down.
    fn end(mut self) -> Vec<Change> {
        self.session = None;
        std::mem::take(&mut self.unkept)
    }

    fn answer(&mut self, asked: &Receiver<Effect>, inbox: &UnboundedSender<Msg>) {
        let mut queue = Queue::new(asked);
        while let Some(effect) = queue.next() {
            if let Some(msg) = self.job(effect, &mut queue)
                && inbox.send(msg).is_err()
            {
                return;
            }
        }
    }

    fn job(&mut self, effect: Effect, queue: &mut Queue<'_>) -> Option<Msg> {
        Some(match effect {
            Effect::Load(ask) => Msg::Board(self.load(&ask, queue)),
            Effect::Count(ask) => Msg::Counted(self.count(ask, queue)),
            Effect::Open(ask) => {
                let page = self.page(&ask);
                Msg::Page(ask, page)
            }
            Effect::Tell(topic) => self.tell(topic),
            effect @ (Effect::Sharing | Effect::Meet | Effect::Exchange) => {
                return self.sharing.answer(&effect);
            }
            Effect::Export(export) => Msg::Exported(self.export(export)),
            Effect::Fill(ask) if form::answers(ask.deed) => return self.sharing.answering(ask),
            Effect::Fill(ask) => self.fill(ask),
            Effect::Duty(key, code) => self.duty(&key, code),
            Effect::Take(key, what) => {
                let ask = PageAsk {
                    key: key.clone(),
                    what: PageKind::Record,
                    as_of: None,
                };
                let page = self.page(&ask);
                Msg::Taken(key, what, page)
            }
            Effect::Steps(key) => {
                let steps = (self.now)().and_then(|now| steps::load(&self.path, &key, now));
                Msg::Steps(key, steps)
            }
            // Somebody typed on; only the last search counts.
            Effect::Find(_) if queue.searches_again() => return None,
            Effect::Find(text) => {
                let found = (self.now)().and_then(|now| {
                    let go_on = &mut || !queue.searches_again();
                    find::load(&self.path, &text, now, FOUND, go_on)
                });
                // Given up, because somebody typed on: their own answer is on the way.
                Msg::Found(text, found.transpose()?)
            }
            // The later one is answered, and no answer but the last is waited for.
            Effect::Preview(doing) if queue.previews_again(&doing) => return None,
            Effect::Preview(doing) => self.preview(doing),
            Effect::Do(doing) if form::is_ours(doing.deed) || member::is_ours(doing.deed) => {
                return self.share(doing);
            }
            Effect::Do(doing) => self.perform(doing),
            Effect::Keep(place, drafts) => return self.keep(&place, drafts),
            Effect::Looked(place, who, looked) => {
                // A mark that stays too long is no reason to be told of.
                drop(looked::write(&place, who.as_deref(), &looked));
                return None;
            }
            Effect::Rest => {
                self.session = None;
                return None;
            }
            Effect::Edit { .. }
            | Effect::Copy(_)
            | Effect::Mouse(_)
            | Effect::Launch(_)
            | Effect::Settle
            | Effect::Suspend
            | Effect::Leave(_) => return None,
        })
    }

    /// Writes down what was typed; says so only where it cannot.
    fn keep(&mut self, place: &Shelf, drafts: Vec<Change>) -> Option<Msg> {
        self.unkept.extend(drafts);
        let kept = remembered::keep(place, &self.unkept);
        if kept.is_ok() {
            self.unkept.clear();
        }
        kept.err().map(Msg::Unkept)
    }

    /// What deals with the folder opens the desk itself, on a thread of its own.
    fn share(&mut self, doing: Doing) -> Option<Msg> {
        if let Some(how) = self.overtaken(&doing) {
            return Some(Msg::Overtaken(doing, how));
        }
        self.session = None;
        self.sharing.run(doing)
    }

    /// Nothing where a later question asks for the same: its own answer is on the way.
    fn load(&self, ask: &Ask, queue: &mut Queue<'_>) -> Result<Box<Board>, Refusal> {
        let now = (self.now)()?;
        let board = if queue.supersedes(ask) {
            None
        } else {
            let who = self.who.as_deref();
            board::load_while(&self.path, ask, (now, who), &mut || !queue.supersedes(ask))?
        };
        Ok(Box::new(board.unwrap_or_default()))
    }

    fn page(&self, ask: &PageAsk) -> Result<Page, Refusal> {
        record::load(&self.path, ask, (self.now)()?)
    }

    fn tell(&self, topic: Topic) -> Msg {
        let page = (self.now)().and_then(|now| topic::load(&self.path, topic, now));
        Msg::Told(page.map(|page| (topic, page)))
    }

    /// Where the user is in the shell, a file is looked for.
    fn export(&self, export: Export) -> Result<String, Refusal> {
        let folder = std::env::current_dir().map_err(|error| {
            Refusal::failed(
                format!("There is no folder to write into: {error}."),
                "Start relmate in a folder of yours.",
            )
        })?;
        exporting::into_folder(&self.path, export, &folder, (self.now)()?)
    }

    fn count(&self, ask: WindowAsk, queue: &mut Queue<'_>) -> Counted {
        let count =
            (self.now)().and_then(|now| board::count(&self.path, &ask, now, &mut || queue.idle()));
        Counted {
            pane: ask.pane,
            filter: ask.filter,
            count: match count {
                Ok(Some(rows)) => Count::Rows(rows),
                Ok(None) => Count::GivenUp,
                Err(_) => Count::Failed,
            },
        }
    }
}
