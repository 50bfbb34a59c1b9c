//! Much work of one sort on every processor of the machine. Refuses to share anything but what
//! is read: each piece is worked by itself, and the answers come in the order of the questions.

use std::num::NonZero;
use std::thread::{self, Builder, ScopedJoinHandle};

/// From how many pieces a second thread is worth its start.
const WORTH: usize = 128;

/// Works every piece and returns what came of each, in their order.
pub(crate) fn many<T: Sync, R: Send>(pieces: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let hands = thread::available_parallelism().map_or(1, NonZero::get);
    if hands < 2 || pieces.len() < WORTH {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_come_in_the_order_of_the_questions_however_many_there_are() {
        for count in [0, 1, WORTH - 1, WORTH, 10 * WORTH + 3] {
            let pieces: Vec<usize> = (0..count).collect();
            let doubled: Vec<usize> = pieces.iter().map(|it| it * 2).collect();
            assert_eq!(many(&pieces, |it| it * 2), doubled);
        }
    }
}
