//! The screen's own thread for the desk: closures in, their results out by
//! whatever channel they captured. Commands do not use it.

use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;

use super::Store;

type Job = Box<dyn FnOnce(&mut Store) + Send>;

/// A thread that owns a desk.
pub struct Worker {
    jobs: Option<Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Worker {
    /// Gives the desk to a thread of its own.
    pub fn start(mut store: Store) -> std::io::Result<Self> {
        let (jobs, inbox) = channel::<Job>();
        let thread = std::thread::Builder::new()
            .name("desk".to_owned())
            .spawn(move || {
                while let Ok(job) = inbox.recv() {
                    job(&mut store);
                }
            })?;
        Ok(Self {
            jobs: Some(jobs),
            thread: Some(thread),
        })
    }

    /// Queues a job; false when the thread has gone.
    pub fn send(&self, job: impl FnOnce(&mut Store) + Send + 'static) -> bool {
        self.jobs
            .as_ref()
            .is_some_and(|jobs| jobs.send(Box::new(job)).is_ok())
    }
}

impl Drop for Worker {
    /// Lets the queue run out, so that what was asked for is on the disk.
    fn drop(&mut self) {
        self.jobs.take();
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}
