//! The terminal: raw mode, the other screen, paste and mouse, and giving all of it
//! back exactly once, whatever happens. With `keymap` the only home of crossterm.

mod keys;
mod signals;

use std::io::{BufWriter, Stdout, Write, stdout};
use std::path::{Path, PathBuf};
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::cursor::Show;
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::execute;
use crossterm::style::ResetColor;
use crossterm::terminal::{
    EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;

pub(super) use self::keys::Keys;
pub(super) use self::signals::Signals;
use super::clipboard;
use super::model::Model;
use super::view;
use crate::workspace::refusal::Refusal;

/// Whether the terminal is ours and has to be given back.
static ARMED: AtomicBool = AtomicBool::new(false);
/// Whether the mouse is wanted while the terminal is ours.
static MOUSE: AtomicBool = AtomicBool::new(false);

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
            model.theme.ground(frame.buffer_mut());
        });
        drawn.map(|_| ()).map_err(|error| failed(&error))
    }

    /// Draws everything anew next time. A terminal that was made small and large again
    /// has lost its cells, although its size is the one we know.
    pub(super) fn forget(&mut self) -> Result<(), Refusal> {
        // `clear` would ask the terminal where its cursor is, and wait for an answer that
        // the stream of keys may have read, or that some terminals never give.
        self.terminal
            .size()
            .and_then(|size| self.terminal.resize(size.into()))
            .map_err(|error| failed(&error))
    }

    /// Takes the terminal again as it was given back, to be drawn anew.
    pub(super) fn again(&mut self) -> Result<(), Refusal> {
        take().map_err(|error| failed(&error))?;
        self.forget()
    }

    /// Gives the terminal to the shell and stops; goes on when the shell says so.
    pub(super) fn suspend(&mut self) -> Result<(), Refusal> {
        if !cfg!(unix) {
            return Ok(());
        }
        give_back();
        // Raising a signal needs unsafe code or the `kill` of every Unix. All of our
        // group stops, as the key would do it: a shell waits for a script around us too.
        let stopped = std::process::Command::new("kill")
            .args(["-TSTP", "0"])
            .status();
        drop(stopped);
        self.again()
    }

    /// Asks the terminal for clicks and the wheel, or no longer.
    pub(super) fn mouse(&mut self, on: bool) -> Result<(), Refusal> {
        if MOUSE.swap(on, Ordering::SeqCst) == on || !ARMED.load(Ordering::SeqCst) {
            return Ok(());
        }
        mouse(self.terminal.backend_mut(), on).map_err(|error| failed(&error))
    }

    /// Hands a text to the terminal's clipboard. Whether the terminal takes it, it
    /// does not say.
    pub(super) fn copy(&mut self, text: &str) -> Result<(), Refusal> {
        let sequence = clipboard::osc52(text)?;
        let out = self.terminal.backend_mut();
        out.write_all(sequence.as_bytes())
            .and_then(|()| out.flush())
            .map_err(|error| failed(&error))
    }
}

impl Drop for Tty {
    fn drop(&mut self) {
        give_back();
    }
}

fn take() -> std::io::Result<()> {
    ARMED.store(true, Ordering::SeqCst);
    enable_raw_mode()
        .and_then(|()| execute!(stdout(), EnterAlternateScreen, EnableBracketedPaste))
        .and_then(|()| {
            if MOUSE.load(Ordering::SeqCst) {
                mouse(&mut stdout(), true)
            } else {
                Ok(())
            }
        })
        .inspect_err(|_| give_back())
}

/// Clicks and the wheel, in the one encoding that has no end at column 223. Moves are
/// not asked for: nothing here follows the pointer, and each would wake the screen.
#[cfg(unix)]
fn mouse(out: &mut impl Write, on: bool) -> std::io::Result<()> {
    use crossterm::style::Print;
    let modes = if on {
        "\u{1b}[?1000h\u{1b}[?1006h"
    } else {
        "\u{1b}[?1006l\u{1b}[?1000l"
    };
    execute!(out, Print(modes))
}

#[cfg(not(unix))]
fn mouse(out: &mut impl Write, on: bool) -> std::io::Result<()> {
    use crossterm::event::{DisableMouseCapture, EnableMouseCapture};
    if on {
        execute!(out, EnableMouseCapture)
    } else {
        execute!(out, DisableMouseCapture)
    }
}

/// Restores the terminal if it is ours; the second call does nothing.
pub(super) fn give_back() {
    if ARMED.swap(false, Ordering::SeqCst) {
        // The terminal may be gone; there is nobody left to tell.
        if MOUSE.load(Ordering::SeqCst) {
            drop(mouse(&mut stdout(), false));
        }
        drop(execute!(
            stdout(),
            DisableBracketedPaste,
            ResetColor,
            LeaveAlternateScreen,
            Show
        ));
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
