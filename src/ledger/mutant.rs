//! Deliberate faults, so that the simulation proves that it would find them. Outside tests there
//! are none, and the questions below cost nothing.

/// A rule of the exchange that is broken on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mutant {
    NoCausalWait,
    NoRelay,
    TrustPublished,
    OverwriteSquatted,
    CountRelayed,
    /// A restored desk goes on under its old id: the simulation's desks do that themselves.
    #[cfg(test)]
    KeepsId,
    LastWriterWins,
    ForeignReplaces,
    /// What a rule makes is named after the step and not after its cause: two managers' steps
    /// make two of it.
    RuleFiresTwice,
}

#[cfg(test)]
thread_local! {
    static BROKEN: std::cell::Cell<Option<Mutant>> = const { std::cell::Cell::new(None) };
}

/// Breaks a rule for this thread.
#[cfg(test)]
pub(crate) fn break_rule(mutant: Option<Mutant>) {
    BROKEN.set(mutant);
}

#[cfg(test)]
pub(crate) fn is(mutant: Mutant) -> bool {
    BROKEN.get() == Some(mutant)
}

#[cfg(not(test))]
pub(crate) const fn is(_: Mutant) -> bool {
    false
}
