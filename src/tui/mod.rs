//! The screen: the event loop and nothing else. Nothing ticks: it wakes for a key, for
//! an answer of the desk, for a change of its files, for a signal, and once a minute.

mod another_day;
mod asking;
pub mod clip;
mod clipboard;
pub mod command;
mod contests;
mod doing;
mod editor;
pub mod effect;
pub mod header;
pub mod keymap;
pub mod keys;
mod launch;
pub mod layout;
pub mod model;
mod mouse;
pub mod msg;
mod narrowing;
pub mod nudge;
mod opening;
pub mod overlay;
pub mod pane;
mod perform;
pub mod remembered;
#[cfg(test)]
mod screen;
mod sharing;
mod since;
mod talk;
mod terminal;
pub mod theme;
pub mod update;
pub mod view;
mod watch;
pub mod widget;
mod words;

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::path::PathBuf;
use std::task::Poll;
use std::time::Duration;

use chrono::{DateTime, Timelike as _, Utc};
use futures_util::StreamExt as _;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::{Instant, sleep_until};

use self::effect::{Effect, Next};
use self::model::{Model, User};
use self::msg::Msg;
use self::overlay::welcome;
use self::perform::Desk;
use self::remembered::Memory;
use self::terminal::{Keys, Signals, Tty};
use self::theme::Theme;
use crate::workspace::places::Places;
use crate::workspace::plan::Actor;
use crate::workspace::refusal::Refusal;
use crate::workspace::remembered::Shelf;

/// How the screen is started.
#[allow(
    clippy::struct_excessive_bools,
    reason = "switches that have nothing to do with each other"
)]
pub struct Options {
    /// The desk's file; without one there is a welcome.
    pub path: Option<PathBuf>,
    /// Where a new desk is made, while there is none.
    pub founding: Option<Places>,
    /// Where this device's keys lie.
    pub places: Option<Places>,
    /// A shared desk is exchanged by itself.
    pub exchanges: bool,
    /// The desk was just made; its owner is told how to go on.
    pub fresh: bool,
    /// The desk was just joined: the page of sharing has the words to read.
    pub joined: bool,
    /// What is said first.
    pub greeting: Vec<String>,
    /// Reads the clock.
    pub now: fn() -> Result<DateTime<Utc>, Refusal>,
    /// Who looks; theirs is "mine".
    pub who: Option<String>,
    /// Who acts, or why nobody can.
    pub actor: Result<Actor, Refusal>,
    pub read_only: bool,
    pub theme: Theme,
    /// Whether the terminal is asked for clicks and the wheel from the start.
    pub mouse: bool,
    /// The program for links that comes before the system's.
    pub browser: Option<String>,
    /// The desk is a throw-away copy of the example.
    pub demo: bool,
    /// Keys of the user's own, by the names of commands.
    pub keys: BTreeMap<String, Vec<String>>,
    /// What was wrong with them already, a sentence each.
    pub wrong_keys: Vec<String>,
    /// Where the traces of a crash go; the temporary folder if none.
    pub state: Option<PathBuf>,
}

/// How long the first frame waits for the desk, so that it is seen whole.
const FIRST: Duration = Duration::from_millis(100);
/// After a change is noticed the desk is left alone for a moment: a writer's bytes are
/// seen before its transaction is, and a reader would keep it from tidying up.
const SETTLED: Duration = Duration::from_millis(80);

/// How long Ctrl-C in an editor may take to reach us as well.
const ECHO: Duration = Duration::from_millis(50);

/// Runs the screen until the user leaves it.
pub fn run(options: Options) -> Result<Next, Refusal> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Refusal::failed(format!("The screen cannot start: {error}."), ""))?;
    runtime.block_on(Session::start(options)?.live())
}

/// Everything that lives as long as the screen does.
struct Session {
    model: Model,
    desk: Desk,
    inbox: UnboundedReceiver<Msg>,
    tell: UnboundedSender<Msg>,
    now: fn() -> Result<DateTime<Utc>, Refusal>,
    tty: Tty,
    memory: Memory,
    errand: Option<Errand>,
    browser: Option<String>,
    minute: Instant,
    again: Option<Instant>,
    _watch: Option<watch::Watch>,
}

/// What needs the terminal and every key of it for a while.
enum Errand {
    Suspend,
    Edit { text: String, name: String },
}

impl Session {
    fn start(options: Options) -> Result<Self, Refusal> {
        let now = (options.now)()?;
        let (sender, inbox) = unbounded_channel();
        let desk = Desk::start(&options, sender.clone())?;
        let user = User {
            who: options.who.clone(),
            read_only: options.read_only,
            demo: options.demo,
            founding: options.path.is_none(),
            mouse: options.mouse,
            exchanges: options.exchanges,
        };
        let mut model = Model::new(terminal::size(), options.theme, user, now);
        let memory = Memory::recall(shelf(&options), &mut model);
        model.bind(&options.keys, options.wrong_keys);
        model.greet(&options.greeting, options.fresh);
        let watch = match options
            .path
            .as_deref()
            .map(|path| watch::start(path, sender.clone()))
        {
            Some(Ok(watch)) => Some(watch),
            Some(Err(why)) => {
                model.loads.unwatched = Some(why);
                None
            }
            None => None,
        };
        begin(&mut model, &desk, options.joined);
        let mut tty = Tty::enter(options.state)?;
        tty.mouse(model.user.mouse)?;
        let minute = Instant::now() + to_minute(now);
        Ok(Self {
            model,
            desk,
            inbox,
            tell: sender,
            now: options.now,
            tty,
            memory,
            errand: None,
            browser: options.browser,
            minute,
            again: None,
            _watch: watch,
        })
    }

    /// Runs until the user leaves, and remembers where that was.
    async fn live(mut self) -> Result<Next, Refusal> {
        let ended = self.run().await;
        let Self {
            mut desk,
            mut inbox,
            mut model,
            mut memory,
            ..
        } = self;
        // What is under way comes to its end first: what was done is no draft any more.
        let unkept = desk.end();
        while let Ok(msg) = inbox.try_recv() {
            match msg {
                Msg::Done(doing, answer) => drop(model.done(&doing, answer)),
                Msg::Founded(_) => model.founded(),
                _ => {}
            }
        }
        model.leave_all();
        let kept = memory.keep(&model, unkept);
        ended.and_then(|next| kept.map(|()| next))
    }

    async fn run(&mut self) -> Result<Next, Refusal> {
        let mut keys = Keys::listen();
        let mut signals = Signals::listen()?;
        let first = tokio::time::timeout(FIRST, self.inbox.recv()).await;
        if let Ok(Some(msg)) = first
            && let Some(next) = self.take(msg)?
        {
            return Ok(next);
        }
        loop {
            let left = match self.errand.take() {
                Some(errand) => self.run_errand(errand, &mut keys, &mut signals).await?,
                None => self.drain(&mut keys).await?,
            };
            if let Some(next) = left {
                return Ok(next);
            }
            if self.errand.is_some() {
                continue;
            }
            self.tty.draw(&self.model)?;
            let msg = tokio::select! { biased;
                event = keys.next() => match event {
                    Some(event) => event?,
                    None => Some(Msg::Ended),
                },
                msg = self.inbox.recv() => msg,
                () = signals.ended() => Some(Msg::Ended),
                () = sleep_until(self.minute) => Some(self.next_minute()?),
                () = sleep_until(self.again.unwrap_or(self.minute)), if self.again.is_some() => {
                    self.again = None;
                    Some(Msg::Settled)
                }
            };
            if let Some(msg) = msg
                && let Some(next) = self.take(msg)?
            {
                return Ok(next);
            }
        }
    }

    /// Takes all that already waits, so that one frame shows it. Keys are polled with
    /// the task's own waker, or the next one would never wake it.
    async fn drain(&mut self, keys: &mut Keys) -> Result<Option<Next>, Refusal> {
        while let Ok(msg) = self.inbox.try_recv() {
            if let Some(next) = self.take(msg)? {
                return Ok(Some(next));
            }
        }
        poll_fn(|context| {
            loop {
                // What is typed from here on is not for us.
                if self.errand.is_some() {
                    return Poll::Ready(Ok(None));
                }
                match keys.poll_next_unpin(context) {
                    Poll::Ready(Some(Ok(Some(msg)))) => match self.take(msg) {
                        Ok(None) => {}
                        done => return Poll::Ready(done),
                    },
                    Poll::Ready(Some(Ok(None))) => {}
                    Poll::Ready(Some(Err(refusal))) => return Poll::Ready(Err(refusal)),
                    Poll::Ready(None) => return Poll::Ready(Ok(Some(Next::Quit))),
                    Poll::Pending => return Poll::Ready(Ok(None)),
                }
            }
        })
        .await
    }

    /// Updates the model and does what it asks for; says what comes next when the user
    /// leaves.
    fn take(&mut self, msg: Msg) -> Result<Option<Next>, Refusal> {
        #[cfg(debug_assertions)]
        rehearse_a_fault(&msg);
        if let Msg::Resized(..) = msg {
            self.tty.forget()?;
        }
        let msg = editor::arrived(&self.model, msg);
        for effect in update::update(&mut self.model, msg) {
            match effect {
                Effect::Leave(next) => return Ok(Some(next)),
                Effect::Suspend => self.errand = Some(Errand::Suspend),
                Effect::Edit { text, name } => self.errand = Some(Errand::Edit { text, name }),
                Effect::Settle => {
                    self.again.get_or_insert(Instant::now() + SETTLED);
                }
                Effect::Copy(text) => {
                    let copied = self.tty.copy(&text);
                    self.answer(Msg::Copied(copied));
                }
                Effect::Launch(link) => {
                    launch::launch(link, self.browser.clone(), &self.tell);
                }
                Effect::Mouse(on) => self.tty.mouse(on)?,
                // The desk's own thread does the rest.
                other => self.desk.perform(other),
            }
        }
        let kept = [
            self.memory.drafts(&self.model),
            self.memory.looked(&self.model),
        ];
        for effect in kept.into_iter().flatten() {
            self.desk.perform(effect);
        }
        Ok(None)
    }

    /// Something that has happened here, taken before the next frame.
    fn answer(&self, msg: Msg) {
        // The other end is ours.
        drop(self.tell.send(msg));
    }

    /// Leaves the terminal to somebody else.
    async fn run_errand(
        &mut self,
        errand: Errand,
        keys: &mut Keys,
        signals: &mut Signals,
    ) -> Result<Option<Next>, Refusal> {
        keys.rest();
        match errand {
            Errand::Suspend => self.tty.suspend()?,
            Errand::Edit { text, name } => {
                terminal::give_back();
                let result = edit(text, name.clone(), signals).await;
                self.tty.again()?;
                // Before any key that comes now.
                if let Some(next) = self.take(Msg::Edited { name, result })? {
                    return Ok(Some(next));
                }
            }
        }
        let (width, height) = terminal::size();
        self.take(Msg::Resized(width, height))
    }

    fn next_minute(&mut self) -> Result<Msg, Refusal> {
        let now = (self.now)()?;
        // A clock that stands still, as in a rehearsal, must not wake us all the time.
        let stands = now.timestamp() / 60 == self.model.now.timestamp() / 60;
        let wait = if stands {
            Duration::from_secs(60)
        } else {
            to_minute(now)
        };
        self.minute = Instant::now() + wait;
        Ok(Msg::Minute(now))
    }
}

/// What is asked of the desk first.
fn begin(model: &mut Model, desk: &Desk, joined: bool) {
    if model.user.founding {
        model.open(welcome::picker());
        return;
    }
    let mut effects = model.reload();
    if joined {
        effects.extend(model.look_at_sharing());
    }
    for effect in effects {
        desk.perform(effect);
    }
}

/// Where the screen of this desk is remembered, or what is typed before there is one. A
/// throw-away desk leaves nothing behind.
fn shelf(options: &Options) -> Option<Shelf> {
    let state = options.state.as_deref().filter(|_| !options.demo)?;
    Some(match &options.path {
        Some(path) => Shelf::of(state, path),
        None => Shelf::founding(state),
    })
}

/// Waits for the editor, which has the terminal. Its Ctrl-C is not ours.
async fn edit(
    text: String,
    name: String,
    signals: &mut Signals,
) -> Result<Option<String>, Refusal> {
    let mut work = tokio::task::spawn_blocking(move || editor::edit(&text, &name));
    let done = loop {
        tokio::select! { biased;
            () = signals.interrupted() => {}
            done = &mut work => break done,
        }
    };
    let result = done.unwrap_or_else(|error| {
        Err(Refusal::failed(
            format!("The editor could not be waited for: {error}."),
            "",
        ))
    });
    if result.is_err() {
        // Ctrl-C may have ended it just now, and be on its way to us.
        drop(tokio::time::timeout(ECHO, signals.interrupted()).await);
    }
    result
}

/// Panics at the first key where `RELMATE_PANIC` is set, so that a test can see the
/// terminal come back. No release has it.
#[cfg(debug_assertions)]
fn rehearse_a_fault(msg: &Msg) {
    let asked = matches!(msg, Msg::Key(_)) && std::env::var_os("RELMATE_PANIC").is_some();
    assert!(!asked, "a rehearsed fault");
}

/// Time until the next full minute.
fn to_minute(now: DateTime<Utc>) -> Duration {
    let past = Duration::new(u64::from(now.second()), now.nanosecond().min(999_999_999));
    Duration::from_secs(60)
        .saturating_sub(past)
        .max(Duration::from_millis(50))
}
