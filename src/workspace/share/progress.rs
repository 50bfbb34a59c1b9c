//! How far an exchange is, for whoever waits for it: what it does just now is kept where a thread
//! of its own reads it a few times a second and says it. Refuses to hold the exchange up, and to
//! say anything of one that is over before it would be read.

use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use super::words;
pub use crate::sync::round::Progress;

/// How often it is looked at. What is done by the second look was not worth a word.
const LOOK: Duration = Duration::from_millis(250);
const QUIET: u32 = 2;
/// Looks in a second.
const SECOND: u32 = 4;

/// What is being done just now.
#[derive(Clone, Debug, Default)]
pub struct Meter(Arc<Mutex<Option<Progress>>>);

impl Meter {
    pub fn set(&self, progress: Progress) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(progress);
    }

    fn get(&self) -> Option<Progress> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Says what is being done until this goes; then an empty text, if anything was said.
#[derive(Debug)]
pub struct Waiting {
    ends: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Waiting {
    /// Begins to say what a meter shows. `say` is called on another thread.
    pub fn begin(meter: &Meter, say: impl FnMut(&str) + Send + 'static) -> Self {
        let meter = meter.clone();
        meter.set(Progress::Looking);
        let (ends, ended) = channel::<()>();
        let thread = std::thread::Builder::new().name("progress".to_owned());
        let look = move || ended.recv_timeout(LOOK) == Err(RecvTimeoutError::Timeout);
        let thread = thread.spawn(move || follow(&meter, look, say)).ok();
        Self {
            ends: Some(ends),
            thread,
        }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.ends = None;
        if let Some(thread) = self.thread.take() {
            // It panics only if `say` does.
            drop(thread.join());
        }
    }
}

/// Says what the meter shows as long as `look` says that the wait goes on.
fn follow(meter: &Meter, mut look: impl FnMut() -> bool, mut say: impl FnMut(&str)) {
    let (mut looks, mut since) = (0, 0);
    let mut last = None;
    let mut said = String::new();
    while look() {
        looks += 1;
        let now = meter.get();
        if now != last {
            (last, since) = (now, looks);
        }
        let Some(progress) = now.filter(|_| looks >= QUIET) else {
            continue;
        };
        // What does not move says at least that it is waited for.
        let text = match (looks - since) / SECOND {
            0 | 1 => words::progress(progress),
            seconds => format!("{}, {seconds} s", words::progress(progress)),
        };
        if text != said {
            say(&text);
            said = text;
        }
    }
    if !said.is_empty() {
        say("");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(mut at: impl FnMut(u32) -> Option<Progress>, looks: u32) -> Vec<String> {
        let meter = Meter::default();
        let mut look = 0;
        let mut said = Vec::new();
        let looking = || {
            look += 1;
            if let Some(progress) = at(look) {
                meter.set(progress);
            }
            look <= looks
        };
        follow(&meter, looking, |text| said.push(text.to_owned()));
        said
    }

    #[test]
    fn a_long_wait_says_how_far_it_is_and_takes_its_words_back() {
        let at = |look| {
            Some(match look {
                1 => Progress::Looking,
                2 => Progress::Reading { file: 3, of: 12 },
                3 => Progress::Received(12_400),
                4 => Progress::Showing,
                _ => Progress::Published {
                    steps: 10_000,
                    of: 1_000_000,
                },
            })
        };
        assert_eq!(
            said(at, 5),
            [
                "reading file 3 of 12",
                "12,400 steps received",
                "showing what came",
                "10,000 of 1,000,000 steps published",
                ""
            ]
        );
    }

    #[test]
    fn a_short_wait_says_nothing_and_one_that_does_not_move_says_for_how_long() {
        assert!(said(|_| Some(Progress::Looking), 1).is_empty());
        assert_eq!(
            said(|_| Some(Progress::Looking), 14),
            [
                "looking into the folder",
                "looking into the folder, 2 s",
                "looking into the folder, 3 s",
                ""
            ]
        );
    }

    #[test]
    fn nothing_is_said_after_the_wait() {
        let (tell, told) = channel();
        let waiting = Waiting::begin(&Meter::default(), move |text: &str| {
            drop(tell.send(text.to_owned()));
        });
        drop(waiting);
        assert!(
            told.iter()
                .all(|text| text.is_empty() || text == "looking into the folder")
        );
    }
}
