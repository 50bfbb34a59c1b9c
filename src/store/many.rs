//! Much work of one sort on every processor of the machine, or on another one while this one goes
//! on. Refuses to share anything but what is read: each piece is worked by itself, and the answers
//! come in the order of the questions.

use std::num::NonZero;
use std::sync::mpsc::channel;
use std::thread::{self, Builder, ScopedJoinHandle};

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

/// Works lot after lot on another processor, one lot ahead of `each`, which takes the pieces with
/// what came of them, in their order, on this one. `next` gives the lots; an empty one is the end.
pub(crate) fn ahead<T: Send, R: Send, E>(
    mut next: impl FnMut() -> Result<Vec<T>, E>,
    work: impl Fn(&T) -> R + Sync,
    mut each: impl FnMut(T, R) -> Result<(), E>,
) -> Result<(), E> {
    let mut lot = next()?;
    // One short lot is most often all there is.
    while lot.len() < WORTH {
        if lot.is_empty() {
            return Ok(());
        }
        here(lot, &work, &mut each)?;
        lot = next()?;
    }
    thread::scope(|scope| {
        let (lots, asked) = channel::<Vec<T>>();
        let (done, worked) = channel();
        let work = &work;
        let theirs = move || {
            for lot in asked {
                let lot = lot.into_iter().map(|piece| {
                    let worked = work(&piece);
                    (piece, worked)
                });
                // Who has given up is not there to be told.
                if done.send(lot.collect::<Vec<_>>()).is_err() {
                    return;
                }
            }
        };
        let Ok(hand) = Builder::new().spawn_scoped(scope, theirs) else {
            // The system has no thread to give: then it is done here.
            while !lot.is_empty() {
                here(lot, work, &mut each)?;
                lot = next()?;
            }
            return Ok(());
        };
        drop(lots.send(lot));
        loop {
            let upcoming = next()?;
            let last = upcoming.is_empty();
            if !last {
                drop(lots.send(upcoming));
            }
            let Ok(lot) = worked.recv() else {
                drop(lots);
                return match hand.join() {
                    Err(panicked) => std::panic::resume_unwind(panicked),
                    Ok(()) => Ok(()),
                };
            };
            for (piece, worked) in lot {
                each(piece, worked)?;
            }
            if last {
                return Ok(());
            }
        }
    })
}

fn here<T, R, E>(
    lot: Vec<T>,
    work: &impl Fn(&T) -> R,
    each: &mut impl FnMut(T, R) -> Result<(), E>,
) -> Result<(), E> {
    lot.into_iter().try_for_each(|piece| {
        let worked = work(&piece);
        each(piece, worked)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_worked_ahead_comes_with_its_answers_in_order_however_the_lots_are_cut() {
        for lots in [
            &[][..],
            &[1],
            &[WORTH],
            &[WORTH - 1, WORTH, 1],
            &[1, WORTH, 3, 2 * WORTH, WORTH],
        ] {
            let mut from = 0;
            let mut lots: Vec<Vec<usize>> = lots
                .iter()
                .map(|count| {
                    from += count;
                    (from - count..from).collect()
                })
                .collect();
            lots.reverse();
            let mut told = Vec::new();
            let next = || Ok::<_, ()>(lots.pop().unwrap_or_default());
            let each = |piece: usize, doubled: usize| {
                told.push((piece, doubled));
                Ok(())
            };
            ahead(next, |it| it * 2, each).unwrap();
            let expected: Vec<_> = (0..from).map(|it| (it, it * 2)).collect();
            assert_eq!(told, expected);
        }
    }

    #[test]
    fn what_goes_wrong_ends_it_whoever_it_was() {
        let lots = || Ok((0..WORTH).collect::<Vec<_>>());
        let each = |piece: usize, _: usize| if piece == 7 { Err("each") } else { Ok(()) };
        assert_eq!(ahead(lots, |it| it * 2, each), Err("each"));
        let mut more = 3;
        let next = || {
            more -= 1;
            if more == 0 {
                Err("next")
            } else {
                Ok((0..WORTH).collect::<Vec<_>>())
            }
        };
        assert_eq!(ahead(next, |it| it * 2, |_, _| Ok(())), Err("next"));
        let work = |piece: &usize| assert!(*piece != 7, "it fell over");
        let fell = std::panic::catch_unwind(|| ahead(lots, work, |_, ()| Ok(())));
        assert!(fell.is_err());
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
