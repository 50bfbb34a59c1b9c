//! Exchanging whenever something changes, and every half minute where no change is told of. Runs
//! on a thread that may wait as long as the folder does; refuses to hold up anybody else.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError, channel};
use std::time::Duration;

use chrono::{DateTime, Utc};
use notify::event::ModifyKind;
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

use super::Here;
use super::exchange::{self, Exchanged, How, Memory};
use super::progress::Waiting;
use super::words::{self, Standing};
use crate::store::Store;
use crate::workspace::refusal::Refusal;

/// How long nothing has to happen after a change, so that several go together.
const QUIET: Duration = Duration::from_secs(2);
/// How often the folder is looked at by itself: not every folder tells of its changes.
const EVERY: Duration = Duration::from_secs(30);

/// How long leaving waits for an exchange under way, and for what was changed last to get out.
const PATIENCE: Duration = Duration::from_millis(500);

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

/// The same for a screen: how the desk stands, and whose steps came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    pub standing: Standing,
    /// "3 steps from Bob"
    pub came: Option<String>,
}

impl News {
    /// What a screen shows of it.
    pub fn heard(&self) -> Heard {
        // Somebody waits for an answer; how the desks stand is told when they have it.
        let asks = words::asks(&self.done);
        Heard {
            standing: asks.unwrap_or_else(|| self.standing.clone()),
            came: words::came(&self.done),
        }
    }
}

/// When a companion exchanges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// After each change, and every half minute.
    ByItself,
    /// Only when a person asks.
    WhenAsked,
}

type Clock = fn() -> Result<DateTime<Utc>, Refusal>;

/// Is told what an exchange is doing that takes a while; nothing when it is over.
pub type Doing = Arc<dyn Fn(&str) + Send + Sync>;

/// A thread that exchanges in the background until it is dropped.
pub struct Companion {
    bell: Sender<Ring>,
    /// Closed once the thread has ended.
    ended: Receiver<()>,
}

impl Companion {
    /// Starts on a shared desk; nothing for one that is not shared. `tell` is called on the
    /// thread, `doing` on another.
    pub fn start(
        here: Here,
        (clock, pace): (Clock, Pace),
        doing: Doing,
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
        Self::run(move |bell, rings| watch(here, (clock, pace), (bell, rings), (doing, tell)))
    }

    fn run(work: impl FnOnce(&Sender<Ring>, &Receiver<Ring>) + Send + 'static) -> Option<Self> {
        let (bell, rings) = channel();
        let (alive, ended) = channel();
        let ringing = bell.clone();
        std::thread::Builder::new()
            .name("exchange".to_owned())
            .spawn(move || {
                work(&ringing, &rings);
                drop(alive);
            })
            .ok()?;
        Some(Self { bell, ended })
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
        // A folder that hangs must not keep the program: past this the thread goes with the
        // process, and what it left half written is swept by the next exchange.
        let _ended = self.ended.recv_timeout(PATIENCE);
    }
}

/// Exchanges on this thread until the process ends.
pub fn forever(here: Here, clock: Clock, doing: Doing, tell: impl FnMut(Result<News, Refusal>)) {
    let (bell, rings) = channel();
    watch(
        here,
        (clock, Pace::ByItself),
        (&bell, &rings),
        (doing, tell),
    );
}

fn watch(
    mut here: Here,
    (clock, pace): (Clock, Pace),
    (bell, rings): (&Sender<Ring>, &Receiver<Ring>),
    (doing, mut tell): (Doing, impl FnMut(Result<News, Refusal>)),
) {
    let mut memory = Memory::default();
    let mut over = Watch::default();
    let mut seen = Marks::default();
    let mut next = match pace {
        Pace::ByItself => Some(How::Asked),
        Pace::WhenAsked => wait(rings, pace),
    };
    loop {
        // What was changed just before the end goes out with it.
        let last = next.is_none();
        if last && (pace == Pace::WhenAsked || marks(&here.path) == seen) {
            return;
        }
        if let Ok(now) = clock() {
            here.now = now;
        }
        let how = next.unwrap_or(How::Background);
        let say = Arc::clone(&doing);
        let waiting = Waiting::begin(&here.meter, move |text| say(text));
        let exchanged = exchange::exchange(&here, how, &mut memory);
        drop(waiting);
        match exchanged {
            Ok(done) => {
                if done.held.is_none() && pace == Pace::ByItself {
                    let (desk, folder, bell) = (&here.path, done.folder.clone(), bell.clone());
                    let desk = desk.clone();
                    over.keep(move || watched(&desk, &folder, bell));
                }
                let standing = words::standing(&done, here.now);
                tell(Ok(News { done, standing }));
            }
            // Another process exchanges just now; the next turn is this one's.
            Err(refusal) if refusal.kind.exit_code() == 4 => {}
            Err(refusal) => tell(Err(refusal)),
        }
        if last {
            return;
        }
        seen = marks(&here.path);
        next = wait(rings, pace);
    }
}

/// Size and time of the desk's file and of its log.
type Marks = [Option<(u64, std::time::SystemTime)>; 2];

fn marks(desk: &Path) -> Marks {
    let mut log = desk.as_os_str().to_owned();
    log.push("-wal");
    [desk, Path::new(&log)].map(|path| {
        let meta = std::fs::metadata(path).ok().filter(|it| it.len() > 0)?;
        Some((meta.len(), meta.modified().ok()?))
    })
}

/// Waits for a reason to exchange; none is the end.
fn wait(rings: &Receiver<Ring>, pace: Pace) -> Option<How> {
    if pace == Pace::WhenAsked {
        return match rings.recv() {
            Ok(Ring::Asked | Ring::Touched) => Some(How::Asked),
            Ok(Ring::Stop) | Err(_) => None,
        };
    }
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

/// The watch over the desk and the folder. It walks the folder to begin with, which may hang, so
/// that is done on a thread of its own.
struct Watch<W> {
    begun: Option<Receiver<Option<W>>>,
    kept: Option<W>,
}

impl<W> Default for Watch<W> {
    fn default() -> Self {
        Self {
            begun: None,
            kept: None,
        }
    }
}

impl<W: Send + 'static> Watch<W> {
    /// Takes the watch that was begun, and begins one where there is none.
    fn keep(&mut self, start: impl FnOnce() -> Option<W> + Send + 'static) {
        if self.kept.is_some() {
            return;
        }
        match self.begun.as_ref().map(Receiver::try_recv) {
            Some(Err(TryRecvError::Empty)) => return,
            Some(Ok(watch)) => (self.begun, self.kept) = (None, watch),
            Some(Err(TryRecvError::Disconnected)) | None => self.begun = None,
        }
        if self.kept.is_some() {
            return;
        }
        let (give, begun) = channel();
        let thread = std::thread::Builder::new().name("watch".to_owned());
        // It watches from the moment it is given, whether it was taken yet or not.
        if thread.spawn(move || drop(give.send(start()))).is_ok() {
            self.begun = Some(begun);
        }
    }
}

/// Watches the desk's file and the folder, where the system can.
fn watched(desk: &Path, share: &Path, bell: Sender<Ring>) -> Option<RecommendedWatcher> {
    let desk = desk.canonicalize().ok()?;
    let home = desk.parent()?.to_owned();
    let name = desk.file_name()?.to_owned();
    let mut log = name.clone();
    log.push("-wal");
    let concerns = move |event: &notify::Event| {
        // An exchange opens and closes the desk; only what is written into it counts. Its log
        // comes and goes by looking.
        let written = matches!(
            event.kind,
            EventKind::Modify(ModifyKind::Data(_) | ModifyKind::Any) | EventKind::Any
        );
        let read = matches!(event.kind, EventKind::Access(_));
        event.paths.iter().any(|path| {
            let file = path.file_name().unwrap_or_default();
            if path.parent() == desk.parent() {
                return file == name && !read || file == log && written;
            }
            !read && !file.to_string_lossy().ends_with(".tmp")
        })
    };
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        if event.is_ok_and(|event| concerns(&event)) {
            // The thread may have gone; then nobody is left to be woken.
            drop(bell.send(Ring::Touched));
        }
    })
    .ok()?;
    watcher.watch(&home, RecursiveMode::NonRecursive).ok()?;
    watcher.watch(share, RecursiveMode::Recursive).ok()?;
    Some(watcher)
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    #[test]
    fn a_folder_that_hangs_does_not_hold_up_leaving() {
        let (_never, hangs) = channel::<()>();
        let companion = Companion::run(move |_, _| assert!(hangs.recv().is_err())).unwrap();
        companion.ask();
        let before = Instant::now();
        drop(companion);
        assert!(before.elapsed() < Duration::from_secs(5));
    }

    #[test]
    fn a_folder_that_hangs_while_it_begins_to_be_watched_holds_up_no_exchange() {
        let mut over = Watch::default();
        let (opens, gate) = channel::<()>();
        over.keep(move || gate.recv().ok().map(|()| 1));
        over.keep(|| Some(2));
        assert_eq!(
            over.kept, None,
            "the first still hangs, and no other is begun"
        );
        opens.send(()).unwrap();
        while over.kept.is_none() {
            over.keep(|| Some(3));
            std::thread::yield_now();
        }
        assert_eq!(over.kept, Some(1));
        // One that could not be begun is begun again the next time.
        let mut over = Watch::default();
        over.keep(|| None);
        while over.kept.is_none() {
            over.keep(|| Some(4));
            std::thread::yield_now();
        }
        assert_eq!(over.kept, Some(4));
    }

    #[test]
    fn many_changes_are_one_reason_and_the_end_waits_for_none_of_them() {
        let (bell, rings) = channel();
        bell.send(Ring::Touched).unwrap();
        bell.send(Ring::Asked).unwrap();
        assert_eq!(wait(&rings, Pace::ByItself), Some(How::Asked));
        bell.send(Ring::Touched).unwrap();
        bell.send(Ring::Stop).unwrap();
        assert_eq!(wait(&rings, Pace::ByItself), None);
    }

    #[test]
    fn a_companion_that_waits_to_be_asked_exchanges_only_then() {
        let (bell, rings) = channel();
        bell.send(Ring::Asked).unwrap();
        assert_eq!(wait(&rings, Pace::WhenAsked), Some(How::Asked));
        bell.send(Ring::Stop).unwrap();
        assert_eq!(wait(&rings, Pace::WhenAsked), None);
    }
}
