//! What a signature of the countdown covers: its signer saw a date, contents, candidates, and it
//! counts only while they are what they were. A change that the signer could not know, because
//! two managers worked apart, makes it void as well (SYNC.md 3.8).

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use super::release::{Release, ReleaseState, Signature};

/// Sixteen digits over what an action that rests on a state is about; none for one that rests
/// on nothing that could change.
pub fn digest(release: &Release, rests: Option<ReleaseState>) -> Option<String> {
    let rests = rests.filter(|it| *it >= ReleaseState::DateFrozen)?;
    let mut sha = Sha256::new();
    let mut tell = |text: &str| {
        sha.update(text.as_bytes());
        sha.update([0]);
    };
    if let Some(date) = release.date {
        tell(&date.to_string());
    }
    if rests >= ReleaseState::ContentsFrozen {
        let mut contents = release.contents();
        contents.sort_unstable();
        tell("contents");
        contents.into_iter().for_each(&mut tell);
    }
    if rests >= ReleaseState::Candidate {
        tell("candidates");
        release.built().iter().for_each(|it| tell(&it.name));
    }
    let mut digits = String::new();
    for byte in &sha.finalize()[..8] {
        // Writing into a text cannot fail.
        _ = write!(digits, "{byte:02x}");
    }
    Some(digits)
}

/// Whether a signature still stands for what its release is now. One of an older version of
/// this program says nothing of what it covered, and counts.
pub fn holds(signature: &Signature, release: &Release) -> bool {
    signature.covers.is_none() || signature.covers == digest(release, signature.rests)
}

impl Release {
    /// With the signatures that hold; those that were overtaken are kept apart.
    #[must_use]
    pub fn with_what_holds(mut self) -> Self {
        if self.standing.state.is_open() {
            let (held, stale) = std::mem::take(&mut self.signed)
                .into_iter()
                .partition(|(_, signature)| holds(signature, &self));
            (self.signed, self.overtaken) = (held, stale);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::super::examples::complete;
    use super::*;
    use crate::domain::when::When;

    fn signed(mut release: Release, rests: ReleaseState) -> Release {
        let signature = Signature {
            by: "Alice".to_owned(),
            on: When::Day("2026-11-21".parse().unwrap()),
            covers: digest(&release, Some(rests)),
            rests: Some(rests),
        };
        release.signed.clear();
        release.signed.insert("4".to_owned(), signature);
        release
    }

    #[test]
    fn a_signature_counts_only_while_what_was_signed_is_what_it_was() {
        let release = signed(complete(), ReleaseState::ContentsFrozen);
        assert_eq!(release.clone().with_what_holds().signed.len(), 1);
        let mut other = release.clone();
        other.removed.push(release.contents()[0].to_owned());
        let other = other.with_what_holds();
        assert!(other.signed.is_empty());
        assert_eq!(other.overtaken["4"].by, "Alice");
        let mut moved = release.clone();
        moved.date = moved.date.and_then(|day| day.succ_opt());
        assert!(moved.with_what_holds().signed.is_empty());
    }

    #[test]
    fn what_a_signature_does_not_cover_leaves_it_alone() {
        let release = signed(complete(), ReleaseState::DateFrozen);
        let mut other = release.clone();
        other.removed.push(release.contents()[0].to_owned());
        assert_eq!(other.with_what_holds().signed.len(), 1);
        let mut old = release;
        if let Some(it) = old.signed.get_mut("4") {
            (it.covers, it.rests) = (None, None);
        }
        old.date = None;
        assert_eq!(old.with_what_holds().signed.len(), 1);
    }
}
