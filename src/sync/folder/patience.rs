//! Asks a folder on a thread of its own, and waits as long as it shows a sign of life. Refuses to
//! wait for ever: a mount that hangs holds up that thread and nobody else, and is an error like
//! another. What is asked may still be done when the folder comes back; nothing that is asked
//! does harm then, since a file is whole or not there, and its name says what is in it.

use std::collections::BTreeMap;
use std::fmt::{self, Debug, Formatter};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::super::share::ShareError;

/// How long a folder may show no sign of life when it is looked into.
pub(super) const LOOKS: Duration = Duration::from_secs(15);
/// The same for writing: a slow line has to carry a whole file before it says that it is kept.
pub(super) const WRITES: Duration = Duration::from_secs(60);
/// How many threads may hang in one folder before no other is begun there.
const MOST: usize = 4;

/// The threads of this process that each folder keeps waiting.
static HANGING: Mutex<BTreeMap<PathBuf, Arc<AtomicUsize>>> = Mutex::new(BTreeMap::new());

fn hanging_in(folder: &Path) -> Arc<AtomicUsize> {
    // A number is whole whoever fell over while holding the map.
    let mut known = HANGING.lock().unwrap_or_else(PoisonError::into_inner);
    Arc::clone(known.entry(folder.to_owned()).or_default())
}

/// Signs of life of what is being done.
#[derive(Debug, Default)]
pub(super) struct Pulse(AtomicU64);

impl Pulse {
    /// It goes on.
    pub(super) fn beat(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    /// A file of which every piece that is read is a sign of life.
    pub(super) fn reading<R: Read>(&self, from: R) -> impl Read {
        Beating { from, pulse: self }
    }
}

struct Beating<'p, R> {
    from: R,
    pulse: &'p Pulse,
}

impl<R: Read> Read for Beating<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(buffer)?;
        self.pulse.beat();
        Ok(read)
    }
}

type Job = Box<dyn FnOnce(&Pulse) + Send>;

/// What was begun, and its answer when it comes.
pub(super) struct Asked<T>(Receiver<Result<T, ShareError>>);

/// One thread that asks; it ends when this goes, or when the folder lets it.
pub(super) struct Patience {
    jobs: Sender<Job>,
    pulse: Arc<Pulse>,
    /// Something that was asked was given up and has not come back.
    stuck: Arc<AtomicBool>,
    hanging: Arc<AtomicUsize>,
}

impl Debug for Patience {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Patience")
            .field("stuck", &self.stuck)
            .finish_non_exhaustive()
    }
}

impl Patience {
    pub(super) fn with(folder: &Path) -> Result<Self, ShareError> {
        let hanging = hanging_in(folder);
        if hanging.load(Ordering::SeqCst) >= MOST {
            return Err(ShareError::Slow);
        }
        let (jobs, asked) = channel::<Job>();
        let (pulse, stuck) = (Arc::new(Pulse::default()), Arc::new(AtomicBool::new(false)));
        let counted = Arc::clone(&hanging);
        let (beats, comes_back) = (Arc::clone(&pulse), Arc::clone(&stuck));
        let work = move || {
            for job in asked {
                job(&beats);
                if comes_back.swap(false, Ordering::SeqCst) {
                    counted.fetch_sub(1, Ordering::SeqCst);
                }
            }
        };
        let thread = std::thread::Builder::new().name("share".to_owned());
        thread.spawn(work).map_err(|error| ShareError::Failed {
            name: "the shared folder".to_owned(),
            why: error.to_string(),
        })?;
        Ok(Self {
            jobs,
            pulse,
            stuck,
            hanging,
        })
    }

    /// Does something with the folder and waits for it, at most so long without a sign of life.
    pub(super) fn ask<T: Send + 'static>(
        &self,
        limit: Duration,
        work: impl FnOnce(&Pulse) -> Result<T, ShareError> + Send + 'static,
    ) -> Result<T, ShareError> {
        let asked = self.begin(work)?;
        self.wait(limit, &asked)
    }

    /// Begins something with the folder that is waited for later.
    pub(super) fn begin<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Pulse) -> Result<T, ShareError> + Send + 'static,
    ) -> Result<Asked<T>, ShareError> {
        if self.stuck.load(Ordering::SeqCst) {
            return Err(ShareError::Slow);
        }
        let (done, answer) = channel();
        // The sort of folder that a test plays is played on the thread that asks it.
        #[cfg(test)]
        let fat = super::fat::is_on();
        let job: Job = Box::new(move |pulse| {
            #[cfg(test)]
            super::fat::switch(fat);
            // Who has given up is not there to be told.
            drop(done.send(work(pulse)));
        });
        match self.jobs.send(job) {
            Ok(()) => Ok(Asked(answer)),
            Err(_) => Err(ShareError::Slow),
        }
    }

    /// Waits for what was begun, at most so long without a sign of life.
    pub(super) fn wait<T>(
        &self,
        limit: Duration,
        Asked(answer): &Asked<T>,
    ) -> Result<T, ShareError> {
        let waited = patiently(&self.pulse, || answer.recv_timeout(limit));
        if let Some(answered) = waited {
            return answered;
        }
        // Counted first: it may come back at any moment, and then counts itself out.
        self.hanging.fetch_add(1, Ordering::SeqCst);
        self.stuck.store(true, Ordering::SeqCst);
        match answer.try_recv() {
            // It came just now.
            Ok(answered) => {
                if self.stuck.swap(false, Ordering::SeqCst) {
                    self.hanging.fetch_sub(1, Ordering::SeqCst);
                }
                answered
            }
            Err(_) => Err(ShareError::Slow),
        }
    }
}

/// Waits again and again while there are signs of life.
fn patiently<T>(pulse: &Pulse, mut wait: impl FnMut() -> Result<T, RecvTimeoutError>) -> Option<T> {
    loop {
        let before = pulse.count();
        match wait() {
            Ok(answered) => return Some(answered),
            Err(RecvTimeoutError::Timeout) if pulse.count() != before => {}
            Err(_) => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOON: Duration = Duration::from_millis(2);

    /// Asks until it is answered: whoever was given up comes back when it can.
    fn answered(patience: &Patience) -> u8 {
        loop {
            match patience.ask(Duration::from_secs(60), |_| Ok(7)) {
                Ok(it) => return it,
                Err(_) => std::thread::yield_now(),
            }
        }
    }

    #[test]
    fn a_folder_that_hangs_is_an_error_after_a_while_and_is_asked_again_when_it_is_back() {
        let folder = Path::new("a folder that comes back");
        let patience = Patience::with(folder).unwrap();
        let (open, gate) = channel::<()>();
        let hangs = move |_: &Pulse| gate.recv().map_err(|_| ShareError::Full);
        assert_eq!(patience.ask(SOON, hangs), Err(ShareError::Slow));
        // What is asked meanwhile does not wait at all.
        let never = Duration::from_secs(3_600);
        assert_eq!(patience.ask(never, |_| Ok(1)), Err(ShareError::Slow));
        open.send(()).unwrap();
        assert_eq!(answered(&patience), 7);
        assert_eq!(hanging_in(folder).load(Ordering::SeqCst), 0);
    }

    #[test]
    fn what_shows_signs_of_life_is_waited_for_and_nothing_else_is() {
        let pulse = Pulse::default();
        let mut pieces = pulse.reading(io::repeat(1).take(3));
        let mut waits = 0;
        let read = patiently(&pulse, || {
            waits += 1;
            match pieces.read(&mut [0]) {
                Ok(1) => Err(RecvTimeoutError::Timeout),
                _ => Ok(waits),
            }
        });
        assert_eq!(read, Some(4));
        let silent = patiently(&pulse, || Err::<(), _>(RecvTimeoutError::Timeout));
        assert_eq!(silent, None);
    }

    #[test]
    fn no_more_threads_are_begun_than_a_few_that_hang_and_other_folders_are_asked() {
        let folder = Path::new("a folder that hangs");
        let mut gates = Vec::new();
        let mut hung = Vec::new();
        for _ in 0..MOST {
            let patience = Patience::with(folder).unwrap();
            let (open, gate) = channel::<()>();
            let hangs = move |_: &Pulse| gate.recv().map_err(|_| ShareError::Full);
            assert_eq!(patience.ask(SOON, hangs), Err(ShareError::Slow));
            gates.push(open);
            hung.push(patience);
        }
        assert_eq!(Patience::with(folder).unwrap_err(), ShareError::Slow);
        for open in &gates {
            open.send(()).unwrap();
        }
        for patience in &hung {
            assert_eq!(answered(patience), 7);
        }
        assert!(Patience::with(folder).is_ok());
    }
}
