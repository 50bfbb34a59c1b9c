//! Thousands of histories, the rare paths they must reach, and the faults they must find.

use std::cell::RefCell;
use std::rc::Rc;

use super::History;
use super::counters::{ALL, ALL_OF_FILES, Counters};
use crate::ledger::mutant::{self, Mutant};
use crate::sync::key::cheap;

fn failures(seed: u64, counters: &Rc<RefCell<Counters>>) -> Vec<String> {
    let mut history = History::new(seed, counters);
    history.play();
    history.failures
}

/// Plays one history.
type Plays = fn(u64, &Rc<RefCell<Counters>>) -> Vec<String>;

/// Plays histories; `never` says which rare paths none of them reached, which `enough` of them
/// must.
#[allow(
    clippy::print_stderr,
    reason = "says how often each rare path was reached"
)]
fn all_hold(
    range: std::ops::Range<u64>,
    (plays, enough): (Plays, usize),
    never: fn(&Counters) -> Vec<String>,
) {
    cheap::switch(true);
    let counters = Rc::new(RefCell::new(Counters::default()));
    let seeds = match std::env::var("RELMATE_SEED") {
        Ok(seed) => vec![seed.parse().unwrap()],
        Err(_) => range.collect(),
    };
    let failing = seeds.iter().filter_map(|seed| {
        let failures = plays(*seed, &counters);
        (!failures.is_empty()).then(|| format!("RELMATE_SEED={seed}: {failures:?}"))
    });
    let failing: Vec<_> = failing.take(5).collect();
    assert!(failing.is_empty(), "{}", failing.join("\n"));
    let counters = counters.borrow();
    eprintln!("{counters:?}");
    let never = never(&counters);
    assert!(
        never.is_empty() || seeds.len() < enough,
        "never reached: {never:?}"
    );
}

fn seeds(range: std::ops::Range<u64>) {
    all_hold(range, (failures, 1_000), |counters| {
        let never = ALL.iter().filter(|it| counters.of(**it) == 0);
        never.map(|it| format!("{it:?}")).collect()
    });
}

/// How many histories each of the two parts plays: 20,000 in all, or as many as `RELMATE_SEEDS`
/// says.
fn count() -> u64 {
    let said = std::env::var("RELMATE_SEEDS").ok();
    said.map_or(10_000, |said| said.parse::<u64>().unwrap() / 2)
}

#[test]
fn histories_end_in_equal_desks() {
    seeds(0..count());
}

#[test]
fn other_histories_end_in_equal_desks() {
    seeds(1_000_000..1_000_000 + count());
}

#[test]
fn a_few_histories_are_signed_in_earnest() {
    cheap::switch(false);
    let counters = Rc::new(RefCell::new(Counters::default()));
    for seed in 2_000_000..2_000_030 {
        let failures = failures(seed, &counters);
        assert!(failures.is_empty(), "seed {seed}: {failures:?}");
    }
}

/// How many histories each of the two parts plays with a file for each desk: 300 in all, or as
/// many as `RELMATE_FILE_SEEDS` says.
fn count_with_files() -> u64 {
    let said = std::env::var("RELMATE_FILE_SEEDS").ok();
    said.map_or(150, |said| said.parse::<u64>().unwrap() / 2)
}

fn failures_with_files(seed: u64, counters: &Rc<RefCell<Counters>>) -> Vec<String> {
    let mut history = History::with_files(seed, counters);
    history.play();
    history.failures
}

fn seeds_with_files(range: std::ops::Range<u64>) {
    all_hold(range, (failures_with_files, 100), |counters| {
        let never = ALL_OF_FILES.iter().filter(|it| counters.of_file(**it) == 0);
        never.map(|it| format!("{it:?}")).collect()
    });
}

#[test]
fn a_desk_file_does_what_the_desk_in_memory_does() {
    seeds_with_files(3_000_000..3_000_000 + count_with_files());
}

#[test]
fn another_desk_file_does_what_the_desk_in_memory_does() {
    seeds_with_files(4_000_000..4_000_000 + count_with_files());
}

/// Breaks one rule and returns the first history that shows it.
fn killed(mutant: Mutant, plays: Plays) -> Option<u64> {
    cheap::switch(true);
    mutant::break_rule(Some(mutant));
    let counters = Rc::new(RefCell::new(Counters::default()));
    let seed = (0..1_000).find(|seed| !plays(*seed, &counters).is_empty());
    mutant::break_rule(None);
    seed
}

#[allow(clippy::print_stderr, reason = "says which history finds each fault")]
fn all_are_found(mutants: &[Mutant], plays: Plays) {
    let mut survived: Vec<Mutant> = Vec::new();
    for mutant in mutants {
        let seed = killed(*mutant, plays);
        eprintln!("{mutant:?} is found by seed {seed:?}");
        survived.extend(seed.is_none().then_some(*mutant));
    }
    assert!(
        survived.is_empty(),
        "{survived:?} survived a thousand histories"
    );
}

#[test]
fn every_rule_that_is_broken_is_found_within_a_thousand_histories() {
    let rules = [
        Mutant::NoCausalWait,
        Mutant::KeepsId,
        Mutant::NoRelay,
        Mutant::TrustPublished,
        Mutant::LastWriterWins,
        Mutant::ForeignReplaces,
        Mutant::OverwriteSquatted,
        Mutant::CountRelayed,
        Mutant::UnsignedPacks,
        Mutant::Strangers,
        Mutant::AnyoneContinues,
        Mutant::VoidCounts,
        Mutant::ClearEarly,
        Mutant::HeadCovers,
        Mutant::TemporaryCounts,
        Mutant::NeverAgain,
        Mutant::NeverMissed,
        Mutant::NoRebirth,
        Mutant::AlwaysInStep,
        Mutant::OpaqueApplies,
        Mutant::UndoEmpties,
    ];
    all_are_found(&rules, failures);
}

#[test]
fn every_rule_of_the_desk_file_that_is_broken_is_found_within_a_thousand_histories() {
    let rules = [
        Mutant::NoRejudging,
        Mutant::NoRefill,
        Mutant::DigestWithoutTips,
    ];
    all_are_found(&rules, failures_with_files);
}
