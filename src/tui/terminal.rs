//! The terminal: raw mode, the other screen, keys and signals, and giving all of it
//! back exactly once, whatever happens. With `keymap` the only home of crossterm.

use std::io::{BufWriter, Stdout, Write as _, stdout};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use crossterm::cursor::Show;
use crossterm::event::{Event, EventStream};
use crossterm::execute;
use crossterm::style::ResetColor;
use crossterm::terminal::{
    EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use futures_util::{Stream, StreamExt as _};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;

use super::keymap::Press;
use super::model::Model;
use super::msg::Msg;
use super::view;
use crate::workspace::refusal::Refusal;

/// Whether the terminal is ours and has to be given back.
static ARMED: AtomicBool = AtomicBool::new(false);

/// Columns and rows, or those of old if the terminal does not say.
pub(super) fn size() -> (u16, u16) {
    crossterm::terminal::size().unwrap_or((80, 24))
}

/// The terminal while the screen has it.
pub(super) struct Tty {
    terminal: Terminal<CrosstermBackend<BufWriter<Stdout>>>,
}

fn failed(error: &std::io::Error) -> Refusal {
    Refusal::failed(
        format!("The terminal cannot be used: {error}."),
        "`relmate status` shows the desk as text.",
    )
}

impl Tty {
    /// Takes the terminal; a panic gives it back and leaves its traces in `state`.
    pub(super) fn enter(state: Option<PathBuf>) -> Result<Self, Refusal> {
        on_panic(state);
        take().map_err(|error| failed(&error))?;
        let out = BufWriter::with_capacity(1 << 15, stdout());
        match Terminal::new(CrosstermBackend::new(out)) {
            Ok(terminal) => Ok(Self { terminal }),
            Err(error) => {
                give_back();
                Err(failed(&error))
            }
        }
    }

    pub(super) fn draw(&mut self, model: &Model) -> Result<(), Refusal> {
        if !ARMED.load(Ordering::SeqCst) {
            // A panic of another thread has given the terminal back; we are about to end.
            return Ok(());
        }
        let drawn = self.terminal.draw(|frame| {
            view::view(model, frame);
        });
        drawn.map(|_| ()).map_err(|error| failed(&error))
    }

    /// Draws everything anew next time. A terminal that was made small and large again
    /// has lost its cells, although its size is the one we know.
    pub(super) fn forget(&mut self) -> Result<(), Refusal> {
        self.terminal.clear().map_err(|error| failed(&error))
    }

    /// Gives the terminal to the shell and stops; goes on when the shell says so.
    pub(super) fn suspend(&mut self) -> Result<(), Refusal> {
        if cfg!(unix) {
            give_back();
            // Raising a signal needs unsafe code or the `kill` of every Unix.
            let stopped = std::process::Command::new("kill")
                .args(["-TSTP", &std::process::id().to_string()])
                .status();
            drop(stopped);
            take()
                .and_then(|()| self.terminal.clear())
                .map_err(|error| failed(&error))?;
        }
        Ok(())
    }
}

impl Drop for Tty {
    fn drop(&mut self) {
        give_back();
    }
}

fn take() -> std::io::Result<()> {
    ARMED.store(true, Ordering::SeqCst);
    let taken = enable_raw_mode().and_then(|()| execute!(stdout(), EnterAlternateScreen));
    taken.inspect_err(|_| give_back())
}

/// Restores the terminal if it is ours; the second call does nothing.
fn give_back() {
    if ARMED.swap(false, Ordering::SeqCst) {
        // The terminal may be gone; there is nobody left to tell.
        drop(execute!(stdout(), ResetColor, LeaveAlternateScreen, Show));
        drop(disable_raw_mode());
        drop(stdout().flush());
    }
}

/// Restores the terminal before the words of a panic are printed.
fn on_panic(state: Option<PathBuf>) {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        let main = std::thread::current().id();
        std::panic::set_hook(Box::new(move |panic| {
            if !ARMED.load(Ordering::SeqCst) {
                before(panic);
                return;
            }
            give_back();
            let place = crash_file(state.as_deref(), &panic.to_string());
            say(&place);
            if std::thread::current().id() != main {
                // The screen cannot go on without its desk.
                std::process::exit(101);
            }
        }));
    });
}

#[allow(
    clippy::print_stderr,
    reason = "the screen is gone, and the user has to know"
)]
fn say(place: &Result<PathBuf, String>) {
    eprintln!("relmate stopped because of a fault of its own. Nothing that was recorded is lost.");
    match place {
        Ok(path) => eprintln!("What happened is written in {}.", path.display()),
        Err(what) => eprintln!("{what}"),
    }
}

fn crash_file(state: Option<&Path>, what: &str) -> Result<PathBuf, String> {
    let name = format!("relmate-crash-{}.txt", std::process::id());
    let trace = std::backtrace::Backtrace::force_capture();
    let text = format!("relmate {}\n{what}\n{trace}\n", env!("CARGO_PKG_VERSION"));
    let temporary = std::env::temp_dir();
    for folder in state.into_iter().chain([temporary.as_path()]) {
        let path = folder.join(&name);
        let written = std::fs::create_dir_all(folder).and_then(|()| std::fs::write(&path, &text));
        if written.is_ok() {
            return Ok(path);
        }
    }
    Err(what.to_owned())
}

/// The stream of keys and sizes; `None` inside is an event that means nothing here.
#[derive(Default)]
pub(super) struct Keys {
    events: EventStream,
}

impl Stream for Keys {
    type Item = Result<Option<Msg>, Refusal>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.events.poll_next_unpin(context).map(|event| {
            event.map(|event| match event {
                Ok(Event::Key(key)) => Ok(Press::from_event(key).map(Msg::Key)),
                Ok(Event::Resize(width, height)) => Ok(Some(Msg::Resized(width, height))),
                Ok(Event::FocusGained | Event::FocusLost | Event::Mouse(_) | Event::Paste(_)) => {
                    Ok(None)
                }
                Err(error) => Err(failed(&error)),
            })
        })
    }
}

/// The signals that end the screen.
#[cfg(unix)]
pub(super) struct Signals {
    signals: [tokio::signal::unix::Signal; 3],
}

#[cfg(unix)]
impl Signals {
    pub(super) fn listen() -> Result<Self, Refusal> {
        use tokio::signal::unix::{SignalKind, signal};
        let listen = |kind| signal(kind).map_err(|error| failed(&error));
        Ok(Self {
            signals: [
                listen(SignalKind::terminate())?,
                listen(SignalKind::hangup())?,
                listen(SignalKind::interrupt())?,
            ],
        })
    }

    pub(super) async fn ended(&mut self) {
        let [terminate, hangup, interrupt] = &mut self.signals;
        tokio::select! {
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
            _ = interrupt.recv() => {}
        }
    }
}

/// Elsewhere the terminal itself says when it closes.
#[cfg(not(unix))]
pub(super) struct Signals;

#[cfg(not(unix))]
impl Signals {
    pub(super) fn listen() -> Result<Self, Refusal> {
        Ok(Self)
    }

    pub(super) async fn ended(&mut self) {
        drop(tokio::signal::ctrl_c().await);
    }
}
