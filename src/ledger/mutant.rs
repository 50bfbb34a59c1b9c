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
    /// What an author signed is not looked at.
    UnsignedPacks,
    /// A chain of a key that nobody admitted is taken in.
    Strangers,
    /// Anybody goes on with anybody's chain.
    AnyoneContinues,
    /// What was written without the right to is shown all the same.
    VoidCounts,
    /// Small packs go as soon as a larger one is written.
    ClearEarly,
    /// A pack that was written just now stands in for one that went bad.
    FreshCovers,
    /// What a desk says it holds is taken for what lies there.
    HeadCovers,
    /// What is half written is read.
    TemporaryCounts,
    /// A file that was good once is never read again.
    NeverAgain,
    /// Nobody writes again what another desk cannot read.
    NeverMissed,
    /// A desk that finds its own lost commits goes on as if nothing were.
    NoRebirth,
    /// A member who may no longer write fills every disk.
    NoQuarantine,
    /// Who holds other commits is said to be in step.
    AlwaysInStep,
    /// What a newer version wrote is applied as far as it can be read.
    OpaqueApplies,
    /// A removal changes nothing of what came before it.
    NoRejudging,
    /// What came at once is not shown at the end.
    NoRefill,
    /// The digest forgets the chains.
    DigestWithoutTips,
    /// Undoing empties what it should put back.
    UndoEmpties,
    /// Two shares are taken for one: the simulation's desks do that themselves.
    #[cfg(test)]
    OneShare,
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

/// The rule that is broken on this thread.
#[cfg(test)]
pub(crate) fn broken() -> Option<Mutant> {
    BROKEN.get()
}

#[cfg(not(test))]
pub(crate) const fn is(_: Mutant) -> bool {
    false
}
