//! Much work of one sort on every processor of the machine, or on another one while this one goes
//! on. Refuses to share anything but what is read: each piece is worked by itself, and the answers
//! come in the order of the questions.

use std::num::NonZero;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, Builder, JoinHandle, ScopedJoinHandle};

/// From how many pieces a second thread is worth its start.
const WORTH: usize = 128;

/// Works every piece and returns what came of each, in their order.
pub(crate) fn many<T: Sync, R: Send>(pieces: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    if pieces.len() < WORTH {
        return pieces.iter().map(work).collect();
    }
    // Asked for only where it matters: the system reads some files for the answer.
    let hands = thread::available_parallelism().map_or(1, NonZero::get);
    if hands < 2 {
        return pieces.iter().map(work).collect();
    }
    let share = pieces.len().div_ceil(hands);
    let work = &work;
    thread::scope(|scope| {
        let (own, others) = pieces.split_at(share);
        let others = others.chunks(share).map(|part| {
            let worked = move || part.iter().map(work).collect::<Vec<R>>();
            (part, Builder::new().spawn_scoped(scope, worked))
        });
        let others: Vec<_> = others.collect();
        let mut done: Vec<R> = own.iter().map(work).collect();
        for (part, other) in others {
            match other.map(ScopedJoinHandle::join) {
                Ok(Ok(part)) => done.extend(part),
                Ok(Err(panicked)) => std::panic::resume_unwind(panicked),
                // The system has no thread to give: then it is done here.
                Err(_) => done.extend(part.iter().map(work)),
            }
        }
        done
    })
}

/// Work that was begun and whose answers are wanted later.
pub(crate) struct Begun<T, R> {
    work: Arc<Work<T, R>>,
    /// None where nobody but the caller does it.
    hand: Option<JoinHandle<Worked<T, R>>>,
}

/// The pieces with what came of each.
type Worked<T, R> = Vec<(T, R)>;

struct Work<T, R> {
    pieces: Mutex<Vec<T>>,
    work: Box<dyn Fn(&T) -> R + Send + Sync>,
}

impl<T, R> Work<T, R> {
    fn done(&self) -> Worked<T, R> {
        let mut pieces = self.pieces.lock().unwrap_or_else(PoisonError::into_inner);
        let pieces = std::mem::take(&mut *pieces).into_iter();
        let worked = pieces.map(|piece| {
            let done = (self.work)(&piece);
            (piece, done)
        });
        worked.collect()
    }
}

/// Begins to work every piece while the caller goes on with something else.
pub(crate) fn begin<T: Send + 'static, R: Send + 'static>(
    pieces: Vec<T>,
    work: impl Fn(&T) -> R + Send + Sync + 'static,
) -> Begun<T, R> {
    let worth = pieces.len() >= WORTH;
    let work = Arc::new(Work {
        pieces: Mutex::new(pieces),
        work: Box::new(work),
    });
    let theirs = work.clone();
    // The system may have no thread to give: then it is done when it is wanted.
    let hand = worth.then(|| Builder::new().spawn(move || theirs.done()).ok());
    Begun {
        work,
        hand: hand.flatten(),
    }
}

impl<T, R> Begun<T, R> {
    /// Waits for the answers.
    pub(crate) fn end(self) -> Worked<T, R> {
        match self.hand.map(JoinHandle::join) {
            Some(Ok(worked)) => worked,
            Some(Err(panicked)) => std::panic::resume_unwind(panicked),
            None => self.work.done(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_begun_comes_with_its_answers_in_order_however_much_it_is() {
        for count in [0, 1, WORTH - 1, WORTH, 10 * WORTH + 3] {
            let pieces: Vec<usize> = (0..count).collect();
            let doubled: Vec<_> = pieces.iter().map(|it| (*it, it * 2)).collect();
            assert_eq!(begin(pieces, |it| it * 2).end(), doubled);
        }
    }

    #[test]
    fn answers_come_in_the_order_of_the_questions_however_many_there_are() {
        for count in [0, 1, WORTH - 1, WORTH, 10 * WORTH + 3] {
            let pieces: Vec<usize> = (0..count).collect();
            let doubled: Vec<usize> = pieces.iter().map(|it| it * 2).collect();
            assert_eq!(many(&pieces, |it| it * 2), doubled);
        }
    }
}
