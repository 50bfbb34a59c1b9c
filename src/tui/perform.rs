//! Does what `update` asks for, on a thread of its own, so that a slow disk never
//! holds up a key. Asks the workspace; knows no store.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::thread::JoinHandle;

use chrono::{DateTime, Utc};
use tokio::sync::mpsc::UnboundedSender;

use super::Options;
use super::effect::Effect;
use super::msg::Msg;
use crate::workspace::look::board::rows::{Ask, Board, Count, Counted, WindowAsk};
use crate::workspace::look::{board, record};
use crate::workspace::refusal::Refusal;

/// The thread that reads the desk.
pub(super) struct Desk {
    jobs: Option<Sender<Effect>>,
    thread: Option<JoinHandle<()>>,
}

/// What the thread needs to answer.
struct Source {
    path: PathBuf,
    who: Option<String>,
    now: fn() -> Result<DateTime<Utc>, Refusal>,
}

impl Desk {
    pub(super) fn start(options: &Options, inbox: UnboundedSender<Msg>) -> Result<Self, Refusal> {
        let source = Source {
            path: options.path.clone(),
            who: options.who.clone(),
            now: options.now,
        };
        let (jobs, asked) = channel();
        let thread = std::thread::Builder::new()
            .name("desk".to_owned())
            .spawn(move || source.answer(&asked, &inbox))
            .map_err(|error| Refusal::failed(format!("The screen cannot start: {error}."), ""))?;
        Ok(Self {
            jobs: Some(jobs),
            thread: Some(thread),
        })
    }

    pub(super) fn perform(&self, effect: Effect) {
        if let Some(jobs) = &self.jobs {
            // The thread ends only with the screen.
            drop(jobs.send(effect));
        }
    }
}

impl Drop for Desk {
    /// A look under way is short, and leaves no trace only when it ends.
    fn drop(&mut self) {
        self.jobs.take();
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

/// What was asked of the thread and waits for its turn.
struct Queue<'q> {
    asked: &'q Receiver<Effect>,
    waiting: VecDeque<Effect>,
}

impl Queue<'_> {
    /// The next question; waits for it. None once the screen is gone.
    fn next(&mut self) -> Option<Effect> {
        self.fill();
        self.waiting.pop_front().or_else(|| self.asked.recv().ok())
    }

    /// Takes in what has been asked meanwhile.
    fn fill(&mut self) {
        loop {
            match self.asked.try_recv() {
                Ok(effect) => self.waiting.push_back(effect),
                Err(TryRecvError::Empty | TryRecvError::Disconnected) => return,
            }
        }
    }

    /// Whether later questions ask for all that this one does: somebody typed on.
    fn supersedes(&mut self, ask: &Ask) -> bool {
        self.fill();
        let later = || {
            self.waiting.iter().filter_map(|effect| match effect {
                Effect::Load(ask) => Some(ask),
                _ => None,
            })
        };
        let again = |window: &WindowAsk| {
            later().any(|ask| ask.windows.iter().any(|it| it.pane == window.pane))
        };
        (!ask.header || later().any(|ask| ask.header))
            && (ask.states.is_none() || later().any(|ask| ask.states.is_some()))
            && ask.windows.iter().all(again)
    }

    /// Whether nothing waits, so that there is time to count.
    fn idle(&mut self) -> bool {
        self.fill();
        self.waiting.is_empty()
    }
}

impl Source {
    fn answer(&self, asked: &Receiver<Effect>, inbox: &UnboundedSender<Msg>) {
        let mut queue = Queue {
            asked,
            waiting: VecDeque::new(),
        };
        while let Some(effect) = queue.next() {
            let msg = match effect {
                Effect::Load(ask) => Msg::Board(self.load(&ask, &mut queue)),
                Effect::Count(ask) => Msg::Counted(self.count(ask, &mut queue)),
                Effect::Open(ask) => {
                    Msg::Page((self.now)().and_then(|now| record::load(&self.path, &ask, now)))
                }
                Effect::Settle | Effect::Suspend | Effect::Quit => continue,
            };
            if inbox.send(msg).is_err() {
                return;
            }
        }
    }

    /// Nothing where a later question asks for the same: its own answer is on the way.
    fn load(&self, ask: &Ask, queue: &mut Queue<'_>) -> Result<Box<Board>, Refusal> {
        let now = (self.now)()?;
        let board = if queue.supersedes(ask) {
            None
        } else {
            let who = self.who.as_deref();
            board::load_while(&self.path, ask, (now, who), &mut || !queue.supersedes(ask))?
        };
        Ok(Box::new(board.unwrap_or_default()))
    }

    fn count(&self, ask: WindowAsk, queue: &mut Queue<'_>) -> Counted {
        let count =
            (self.now)().and_then(|now| board::count(&self.path, &ask, now, &mut || queue.idle()));
        Counted {
            pane: ask.pane,
            filter: ask.filter,
            count: match count {
                Ok(Some(rows)) => Count::Rows(rows),
                Ok(None) => Count::GivenUp,
                Err(_) => Count::Failed,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::look::board::rows::{Pane, Start};

    fn ask(header: bool, panes: &[Pane]) -> Ask {
        let windows = panes
            .iter()
            .map(|pane| WindowAsk::new(*pane, Start::Top, 10))
            .collect();
        Ask {
            header,
            windows,
            ..Ask::default()
        }
    }

    #[test]
    fn a_question_is_dropped_only_for_one_that_asks_for_as_much() {
        let (jobs, asked) = channel();
        let mut queue = Queue {
            asked: &asked,
            waiting: VecDeque::new(),
        };
        let typed = ask(false, &[Pane::Queue]);
        assert!(!queue.supersedes(&typed) && queue.idle());
        jobs.send(Effect::Load(ask(false, &[Pane::Sites]))).unwrap();
        assert!(!queue.supersedes(&typed), "another pane");
        assert!(!queue.idle());
        jobs.send(Effect::Load(typed.clone())).unwrap();
        assert!(queue.supersedes(&typed));
        let all = ask(true, &[Pane::Queue, Pane::Sites]);
        assert!(!queue.supersedes(&all), "the header would be missing");
        jobs.send(Effect::Load(ask(true, &[]))).unwrap();
        assert!(queue.supersedes(&all), "by all of them together");
        drop(jobs);
        let order: Vec<_> = std::iter::from_fn(|| queue.next()).collect();
        assert_eq!(order.len(), 3);
        assert_eq!(order[1], Effect::Load(typed));
    }
}
