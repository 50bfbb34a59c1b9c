//! Exchanging whenever something changes, and every half minute where no change is told of. Runs
//! on a thread that may wait as long as the folder does; refuses to hold up anybody else.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use chrono::{DateTime, Utc};
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

use super::Here;
use super::exchange::{self, Exchanged, How, Memory};
use super::words::{self, Standing};
use crate::store::Store;
use crate::workspace::refusal::Refusal;

/// How long nothing has to happen after a change, so that several go together.
const QUIET: Duration = Duration::from_secs(2);
/// How often the folder is looked at by itself: not every folder tells of its changes.
const EVERY: Duration = Duration::from_secs(30);

/// What wakes the exchange.
enum Ring {
    /// Something may have changed.
    Touched,
    /// A person asks for it.
    Asked,
    Stop,
}

/// What came of one exchange, with its few words; another process at work is no news.
pub struct News {
    pub done: Exchanged,
    pub standing: Standing,
}

type Clock = fn() -> Result<DateTime<Utc>, Refusal>;

/// A thread that exchanges in the background until it is dropped.
pub struct Companion {
    bell: Sender<Ring>,
    thread: Option<JoinHandle<()>>,
}

impl Companion {
    /// Starts on a shared desk; nothing for one that is not shared. `tell` is called on the
    /// thread.
    pub fn start(
        here: Here,
        clock: Clock,
        tell: impl FnMut(Result<News, Refusal>) + Send + 'static,
    ) -> Option<Self> {
        let mut shared = false;
        let looked = Store::look(&here.path, &mut |reader| {
            shared = reader.own(super::here::FOLDER)?.is_some();
            Ok(())
        });
        if looked.is_err() || !shared {
            return None;
        }
        let (bell, rings) = channel();
        let ringing = bell.clone();
        let thread = std::thread::Builder::new()
            .name("exchange".to_owned())
            .spawn(move || watch(here, clock, (&ringing, &rings), tell));
        Some(Self {
            bell,
            thread: thread.ok(),
        })
    }

    /// Exchanges now.
    pub fn ask(&self) {
        // The thread ends only when this is dropped.
        drop(self.bell.send(Ring::Asked));
    }
}

impl Drop for Companion {
    fn drop(&mut self) {
        drop(self.bell.send(Ring::Stop));
        // A folder that hangs must not keep the program: the thread goes with the process.
        if let Some(thread) = self.thread.take()
            && thread.is_finished()
        {
            drop(thread.join());
        }
    }
}

/// Exchanges on this thread until the process ends.
pub fn forever(here: Here, clock: Clock, tell: impl FnMut(Result<News, Refusal>)) {
    let (bell, rings) = channel();
    watch(here, clock, (&bell, &rings), tell);
}

fn watch(
    mut here: Here,
    clock: Clock,
    (bell, rings): (&Sender<Ring>, &Receiver<Ring>),
    mut tell: impl FnMut(Result<News, Refusal>),
) {
    let mut memory = Memory::default();
    let mut how = How::Asked;
    let mut watcher = None;
    loop {
        if let Ok(now) = clock() {
            here.now = now;
        }
        match exchange::exchange(&here, how, &mut memory) {
            Ok(done) => {
                if watcher.is_none() && done.held.is_none() {
                    watcher = watched(&[&here.path, &done.folder], bell.clone());
                }
                let standing = words::standing(&done, here.now);
                tell(Ok(News { done, standing }));
            }
            // Another process exchanges just now; the next turn is this one's.
            Err(refusal) if refusal.kind.exit_code() == 4 => {}
            Err(refusal) => tell(Err(refusal)),
        }
        match next(rings) {
            Some(next) => how = next,
            None => return,
        }
    }
}

/// Waits for a reason to exchange; none is the end.
fn next(rings: &Receiver<Ring>) -> Option<How> {
    match rings.recv_timeout(EVERY) {
        Ok(Ring::Asked) => return Some(How::Asked),
        Ok(Ring::Stop) | Err(RecvTimeoutError::Disconnected) => return None,
        Err(RecvTimeoutError::Timeout) => return Some(How::Background),
        Ok(Ring::Touched) => {}
    }
    loop {
        match rings.recv_timeout(QUIET) {
            Ok(Ring::Touched) => {}
            Ok(Ring::Asked) => return Some(How::Asked),
            Ok(Ring::Stop) | Err(RecvTimeoutError::Disconnected) => return None,
            Err(RecvTimeoutError::Timeout) => return Some(How::Background),
        }
    }
}

/// Watches the desk's file and the folder, where the system can.
fn watched(paths: &[&Path], bell: Sender<Ring>) -> Option<RecommendedWatcher> {
    let desk: PathBuf = paths.first()?.to_path_buf();
    let name = desk.file_name()?.to_owned();
    let concerns = move |event: &notify::Event| {
        !matches!(event.kind, EventKind::Access(_))
            && event.paths.iter().any(|path| {
                let file = path.file_name().unwrap_or_default().to_string_lossy();
                let ours = file.starts_with(&*name.to_string_lossy());
                // Its lock and its log's index change by looking.
                !file.ends_with(".tmp")
                    && !file.ends_with("-lock")
                    && !file.ends_with("-shm")
                    && (ours || path.parent() != desk.parent())
            })
    };
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        if event.is_ok_and(|event| concerns(&event)) {
            // The thread may have gone; then nobody is left to be woken.
            drop(bell.send(Ring::Touched));
        }
    })
    .ok()?;
    for (place, path) in paths.iter().enumerate() {
        let mode = if place == 0 {
            RecursiveMode::NonRecursive
        } else {
            RecursiveMode::Recursive
        };
        let folder = if place == 0 { path.parent()? } else { path };
        watcher.watch(folder, mode).ok()?;
    }
    Some(watcher)
}
