//! Much work of one sort on another processor while this one goes on. Refuses to share anything but
//! what is read: each piece is worked by itself, and the answers come in the order of the questions.

use std::sync::mpsc::channel;
use std::thread::{self, Builder};

/// From how many pieces a second thread is worth its start.
const WORTH: usize = 128;

/// Works batch after batch on another processor, one batch ahead of `each`, which takes the pieces
/// with what came of them, in their order, on this one. `next` gives the batches; an empty one is
/// the end. What `each` returns is spent, and thrown away where it was made: memory that another
/// thread gives back is waited for by both.
pub(crate) fn ahead<T: Send, R: Send, S: Send, E>(
    mut next: impl FnMut() -> Result<Vec<T>, E>,
    work: impl Fn(&T) -> R + Sync,
    mut each: impl FnMut(T, R) -> Result<S, E>,
) -> Result<(), E> {
    let mut batch = next()?;
    // One short batch is most often all there is.
    while batch.len() < WORTH {
        if batch.is_empty() {
            return Ok(());
        }
        here(batch, &work, &mut each)?;
        batch = next()?;
    }
    thread::scope(|scope| {
        let (batches, asked) = channel::<(Vec<T>, Vec<S>)>();
        let (done, worked) = channel();
        let work = &work;
        let theirs = move || {
            for (batch, spent) in asked {
                drop(spent);
                let batch = batch.into_iter().map(|piece| {
                    let worked = work(&piece);
                    (piece, worked)
                });
                // Who has given up is not there to be told.
                if done.send(batch.collect::<Vec<_>>()).is_err() {
                    return;
                }
            }
        };
        let Ok(hand) = Builder::new().spawn_scoped(scope, theirs) else {
            // The system has no thread to give: then it is done here.
            while !batch.is_empty() {
                here(batch, work, &mut each)?;
                batch = next()?;
            }
            return Ok(());
        };
        drop(batches.send((batch, Vec::new())));
        let mut spent = Vec::new();
        loop {
            let upcoming = next()?;
            let last = upcoming.is_empty();
            if !last {
                drop(batches.send((upcoming, std::mem::take(&mut spent))));
            }
            let Ok(batch) = worked.recv() else {
                drop(batches);
                return match hand.join() {
                    Err(panicked) => std::panic::resume_unwind(panicked),
                    Ok(()) => Ok(()),
                };
            };
            for (piece, worked) in batch {
                spent.push(each(piece, worked)?);
            }
            if last {
                return Ok(());
            }
        }
    })
}

fn here<T, R, S, E>(
    batch: Vec<T>,
    work: &impl Fn(&T) -> R,
    each: &mut impl FnMut(T, R) -> Result<S, E>,
) -> Result<(), E> {
    batch.into_iter().try_for_each(|piece| {
        let worked = work(&piece);
        each(piece, worked).map(drop)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_worked_ahead_comes_with_its_answers_in_order_however_the_batches_are_cut() {
        for batches in [
            &[][..],
            &[1],
            &[WORTH],
            &[WORTH - 1, WORTH, 1],
            &[1, WORTH, 3, 2 * WORTH, WORTH],
        ] {
            let mut from = 0;
            let mut batches: Vec<Vec<usize>> = batches
                .iter()
                .map(|count| {
                    from += count;
                    (from - count..from).collect()
                })
                .collect();
            batches.reverse();
            let mut told = Vec::new();
            let next = || Ok::<_, ()>(batches.pop().unwrap_or_default());
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
        let batches = || Ok((0..WORTH).collect::<Vec<_>>());
        let each = |piece: usize, _: usize| if piece == 7 { Err("each") } else { Ok(()) };
        assert_eq!(ahead(batches, |it| it * 2, each), Err("each"));
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
        let fell = std::panic::catch_unwind(|| ahead(batches, work, |_, ()| Ok(())));
        assert!(fell.is_err());
    }
}
