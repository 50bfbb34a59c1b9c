//! The stream of keys, pastes, clicks and sizes. Makes what was pasted harmless and
//! bounded; can stop reading, so that another program gets every key.

use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use crossterm::event::{Event, EventStream, MouseButton, MouseEvent, MouseEventKind};
use futures_util::{Stream, StreamExt as _};

use crate::domain::plain::plain_lines;
use crate::tui::keymap::Press;
use crate::tui::msg::{Mouse, Msg};
use crate::workspace::refusal::Refusal;

/// The most that one paste brings, in bytes.
const LONGEST: usize = 1_000_000;

/// The stream of events; `None` inside is one that means nothing here.
#[derive(Default)]
pub(in crate::tui) struct Keys {
    events: Option<EventStream>,
    readers: Arc<Readers>,
}

/// The threads of streams that read, or were told to and have not begun.
#[derive(Default)]
struct Readers {
    count: Mutex<usize>,
    stopped: Condvar,
}

impl Readers {
    fn count(&self) -> MutexGuard<'_, usize> {
        self.count.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until nobody reads, for a while: they were woken for that.
    fn stop(&self) {
        let reading = |count: &mut usize| *count > 0;
        drop(
            self.stopped
                .wait_timeout_while(self.count(), STOPS, reading),
        );
    }
}

/// Wakes whoever waits for a key. A thread holds it for as long as it reads, or is about to.
struct Reader {
    sleeper: Waker,
    among: Arc<Readers>,
}

impl Reader {
    fn waker(sleeper: &Waker, among: &Arc<Readers>) -> Waker {
        *among.count() += 1;
        Waker::from(Arc::new(Self {
            sleeper: sleeper.clone(),
            among: Arc::clone(among),
        }))
    }
}

impl Wake for Reader {
    fn wake(self: Arc<Self>) {
        self.sleeper.wake_by_ref();
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        *self.among.count() -= 1;
        self.among.stopped.notify_all();
    }
}

/// How long the thread of a stream that was dropped may take to stop.
const STOPS: Duration = Duration::from_secs(1);

impl Keys {
    pub(in crate::tui) fn listen() -> Self {
        Self {
            events: Some(EventStream::new()),
            readers: Arc::default(),
        }
    }

    /// Lets go of the terminal's keys; nobody here reads them until the next poll.
    pub(in crate::tui) fn rest(&mut self) {
        self.events = None;
        // Its thread may be reading, or may have been told to and not have begun: what wakes it is
        // left for it until it has stopped, else it would take the next program's first keys.
        self.readers.stop();
        // It starts no thread before it is polled.
        self.events = Some(EventStream::new());
        // What woke the old thread lies about if it was not reading, and would later
        // hide a key that comes along with it.
        drop(crossterm::event::poll(Duration::ZERO));
        // What was typed ahead was meant for whoever comes next, and cannot be given to them: it is
        // no answer to what the screen shows afterwards.
        while let Ok(true) = crossterm::event::poll(Duration::ZERO) {
            drop(crossterm::event::read());
        }
    }
}

impl Stream for Keys {
    type Item = Result<Option<Msg>, Refusal>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let waker = Reader::waker(context.waker(), &self.readers);
        let Some(events) = &mut self.events else {
            return Poll::Ready(None);
        };
        let mut context = Context::from_waker(&waker);
        events.poll_next_unpin(&mut context).map(|event| {
            event.map(|event| match event {
                Ok(Event::Key(key)) => Ok(Press::from_event(key).map(Msg::Key)),
                Ok(Event::Resize(width, height)) => Ok(Some(Msg::Resized(width, height))),
                Ok(Event::Mouse(event)) => Ok(mouse(event)),
                Ok(Event::Paste(text)) => Ok(Some(paste(&text))),
                Ok(Event::FocusGained | Event::FocusLost) => Ok(None),
                Err(error) => Err(super::failed(&error)),
            })
        })
    }
}

fn mouse(event: MouseEvent) -> Option<Msg> {
    let kind = match event.kind {
        MouseEventKind::Down(MouseButton::Left) => Mouse::Click,
        MouseEventKind::ScrollUp => Mouse::Up,
        MouseEventKind::ScrollDown => Mouse::Down,
        _ => return None,
    };
    Some(Msg::Mouse {
        kind,
        x: event.column,
        y: event.row,
    })
}

/// As much of a paste as is kept, with nothing in it that a terminal would obey.
fn paste(text: &str) -> Msg {
    let kept = start(text, LONGEST);
    let plain = plain_lines(kept);
    // A control character takes more room as its picture.
    let harmless = start(&plain, LONGEST);
    Msg::Paste {
        cut: kept.len() < text.len() || harmless.len() < plain.len(),
        text: harmless.to_owned(),
    }
}

/// The letters that fit into so many bytes.
fn start(text: &str, most: usize) -> &str {
    let mut end = most.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn pasted(text: &str) -> (String, bool) {
        match paste(text) {
            Msg::Paste { text, cut } => (text, cut),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_paste_keeps_its_lines_and_loses_its_controls() {
        let (text, cut) = pasted("one\r\ntwo\rthree\n\u{1b}[2J\u{9b}31m\u{7}\u{202e}");
        assert_eq!(text, "one\ntwo\nthree\n␛[2J\u{fffd}31m␇");
        assert!(!cut);
        assert!(!text.chars().any(|it| it.is_control() && it != '\n'));
    }

    #[test]
    fn a_long_paste_is_cut_between_letters() {
        let (text, cut) = pasted(&"x".repeat(LONGEST));
        assert_eq!((text.len(), cut), (LONGEST, false));
        let (text, cut) = pasted(&format!("x{}", "é".repeat(LONGEST)));
        assert_eq!((text.len(), cut), (LONGEST - 1, true));
        let (text, cut) = pasted(&"\u{1b}".repeat(LONGEST));
        assert!(cut && text.len() <= LONGEST);
        assert!(text.chars().all(|letter| letter == '␛'));
    }
}
