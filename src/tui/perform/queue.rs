//! What was asked of the desk's thread and waits for its turn. Knows which questions a
//! later one makes needless; answers none.

use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, TryRecvError};

use crate::tui::effect::{Doing, Effect};
use crate::workspace::look::board::rows::{Ask, WindowAsk};

/// What was asked of the thread and waits for its turn.
pub(super) struct Queue<'q> {
    asked: &'q Receiver<Effect>,
    waiting: VecDeque<Effect>,
}

impl<'q> Queue<'q> {
    pub(super) fn new(asked: &'q Receiver<Effect>) -> Self {
        Self {
            asked,
            waiting: VecDeque::new(),
        }
    }

    /// The next question; waits for it. None once the screen is gone.
    pub(super) fn next(&mut self) -> Option<Effect> {
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
    pub(super) fn supersedes(&mut self, ask: &Ask) -> bool {
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

    /// Whether the same form, or the milestone that is being moved, asks again what would
    /// follow: only the last answer counts.
    pub(super) fn previews_again(&mut self, doing: &Doing) -> bool {
        self.fill();
        let again = |it: &Effect| matches!(it, Effect::Preview(it) if it.form == doing.form);
        self.waiting.iter().any(again)
    }

    /// Whether somebody searches for something else by now.
    pub(super) fn searches_again(&mut self) -> bool {
        self.fill();
        let again = |effect: &Effect| matches!(effect, Effect::Find(_));
        self.waiting.iter().any(again)
    }

    /// Whether nothing waits, so that there is time to count.
    pub(super) fn idle(&mut self) -> bool {
        self.fill();
        self.waiting.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

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
        let mut queue = Queue::new(&asked);
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

    #[test]
    fn of_many_previews_of_one_form_or_of_a_moved_milestone_the_last_one_is_answered() {
        let (jobs, asked) = channel();
        let mut queue = Queue::new(&asked);
        let of = |form: Option<u64>| Doing {
            form,
            deed: crate::workspace::deed::Deed::named("milestone move").unwrap(),
            subjects: Vec::new(),
            filled: crate::workspace::deed::Filled::default(),
            seen: None,
        };
        jobs.send(Effect::Preview(of(Some(1)))).unwrap();
        assert!(!queue.previews_again(&of(None)), "that is a form");
        assert!(!queue.previews_again(&of(Some(2))), "that is another form");
        assert!(queue.previews_again(&of(Some(1))));
        jobs.send(Effect::Preview(of(None))).unwrap();
        assert!(queue.previews_again(&of(None)));
    }
}
