//! Thousands of histories, the rare paths they must reach, and the faults they must find.

use std::cell::RefCell;
use std::rc::Rc;

use super::History;
use super::counters::{ALL, Counters};
use crate::ledger::mutant::{self, Mutant};
use crate::sync::key::cheap;

fn failures(seed: u64, counters: &Rc<RefCell<Counters>>) -> Vec<String> {
    let mut history = History::new(seed, counters);
    history.play();
    history.failures
}

fn seeds(range: std::ops::Range<u64>) {
    cheap::switch(true);
    let counters = Rc::new(RefCell::new(Counters::default()));
    if let Ok(seed) = std::env::var("RELMATE_SEED") {
        let seed = seed.parse().unwrap();
        let failures = failures(seed, &counters);
        assert!(failures.is_empty(), "seed {seed}: {failures:?}");
        return;
    }
    let count = range.end - range.start;
    for seed in range {
        let failures = failures(seed, &counters);
        assert!(failures.is_empty(), "RELMATE_SEED={seed}: {failures:?}");
    }
    let counters = counters.borrow();
    for rare in ALL {
        assert!(
            counters.of(rare) > 0,
            "{rare:?} was never reached in {count} histories"
        );
    }
}

#[test]
fn histories_end_in_equal_desks_first_part() {
    seeds(0..1000);
}
