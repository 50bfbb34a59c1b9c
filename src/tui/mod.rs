//! The screen: the event loop and nothing else. Nothing ticks: it wakes for a key, for
//! an answer of the desk, for a change of its files, for a signal, and once a minute.

pub mod clip;
pub mod command;
mod doing;
pub mod effect;
pub mod header;
pub mod keymap;
pub mod keys;
pub mod layout;
pub mod model;
pub mod msg;
mod opening;
pub mod overlay;
pub mod pane;
mod perform;
#[cfg(test)]
mod screen;
mod talk;
mod terminal;
pub mod theme;
pub mod update;
pub mod view;
mod watch;
pub mod widget;

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::path::PathBuf;
use std::task::Poll;
use std::time::Duration;

use chrono::{DateTime, Timelike as _, Utc};
use futures_util::StreamExt as _;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::{Instant, sleep_until};

use self::effect::Effect;
use self::model::{Model, User};
use self::msg::Msg;
use self::perform::Desk;
use self::terminal::{Keys, Signals, Tty};
use self::theme::Theme;
use crate::workspace::plan::Actor;
use crate::workspace::refusal::Refusal;

/// How the screen is started.
#[allow(
    clippy::struct_excessive_bools,
    reason = "four switches that have nothing to do with each other"
)]
pub struct Options {
    /// The desk's file.
    pub path: PathBuf,
    /// Reads the clock.
    pub now: fn() -> Result<DateTime<Utc>, Refusal>,
    /// Who looks; theirs is "mine".
    pub who: Option<String>,
    /// Who acts, or why nobody can.
    pub actor: Result<Actor, Refusal>,
    pub read_only: bool,
    pub ascii: bool,
    pub color: bool,
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

/// Runs the screen until the user leaves it.
pub fn run(options: Options) -> Result<(), Refusal> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Refusal::failed(format!("The screen cannot start: {error}."), ""))?;
    runtime.block_on(Session::start(options)?.run())
}

/// Everything that lives as long as the screen does.
struct Session {
    model: Model,
    desk: Desk,
    inbox: UnboundedReceiver<Msg>,
    now: fn() -> Result<DateTime<Utc>, Refusal>,
    tty: Tty,
    minute: Instant,
    again: Option<Instant>,
    _watch: Option<watch::Watch>,
}

impl Session {
    fn start(options: Options) -> Result<Self, Refusal> {
        let now = (options.now)()?;
        let (sender, inbox) = unbounded_channel();
        let desk = Desk::start(&options, sender.clone())?;
        let theme = Theme {
            ascii: options.ascii,
            color: options.color,
        };
        let user = User {
            who: options.who.clone(),
            read_only: options.read_only,
            demo: options.demo,
        };
        let mut model = Model::new(terminal::size(), theme, user, now);
        model.bind(&options.keys, options.wrong_keys);
        let watch = match watch::start(&options.path, sender) {
            Ok(watch) => Some(watch),
            Err(why) => {
                model.loads.unwatched = Some(why);
                None
            }
        };
        for effect in model.reload() {
            desk.perform(effect);
        }
        let tty = Tty::enter(options.state)?;
        let minute = Instant::now() + to_minute(now);
        Ok(Self {
            model,
            desk,
            inbox,
            now: options.now,
            tty,
            minute,
            again: None,
            _watch: watch,
        })
    }

    async fn run(mut self) -> Result<(), Refusal> {
        let mut keys = Keys::default();
        let mut signals = Signals::listen()?;
        let first = tokio::time::timeout(FIRST, self.inbox.recv()).await;
        if let Ok(Some(msg)) = first
            && self.take(msg)?
        {
            return Ok(());
        }
        loop {
            if self.drain(&mut keys).await? {
                return Ok(());
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
                && self.take(msg)?
            {
                return Ok(());
            }
        }
    }

    /// Takes all that already waits, so that one frame shows it. Keys are polled with
    /// the task's own waker, or the next one would never wake it.
    async fn drain(&mut self, keys: &mut Keys) -> Result<bool, Refusal> {
        while let Ok(msg) = self.inbox.try_recv() {
            if self.take(msg)? {
                return Ok(true);
            }
        }
        poll_fn(|context| {
            loop {
                match keys.poll_next_unpin(context) {
                    Poll::Ready(Some(Ok(Some(msg)))) => match self.take(msg) {
                        Ok(false) => {}
                        done => return Poll::Ready(done),
                    },
                    Poll::Ready(Some(Ok(None))) => {}
                    Poll::Ready(Some(Err(refusal))) => return Poll::Ready(Err(refusal)),
                    Poll::Ready(None) => return Poll::Ready(Ok(true)),
                    Poll::Pending => return Poll::Ready(Ok(false)),
                }
            }
        })
        .await
    }

    /// Updates the model and does what it asks for; true when the user leaves.
    fn take(&mut self, msg: Msg) -> Result<bool, Refusal> {
        #[cfg(debug_assertions)]
        rehearse_a_fault(&msg);
        if let Msg::Resized(..) = msg {
            self.tty.forget()?;
        }
        for effect in update::update(&mut self.model, msg) {
            match effect {
                Effect::Quit => return Ok(true),
                Effect::Suspend => {
                    self.tty.suspend()?;
                    self.model.size = terminal::size();
                }
                Effect::Settle => {
                    self.again.get_or_insert(Instant::now() + SETTLED);
                }
                // The desk's own thread does the rest.
                other => self.desk.perform(other),
            }
        }
        Ok(false)
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
