//! Three-way merge of a long text, as a proposal: what both changed in different places stands
//! together; where they changed the same lines both stand between markers, for a person to edit.

/// What a merge would give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    pub text: String,
    /// The two changes do not touch each other.
    pub clean: bool,
}

/// What two texts that came from one add up to.
pub fn propose(base: &str, mine: &str, theirs: &str) -> Proposal {
    // A line without an end would differ from the same line with one.
    let ended = |text: &str| format!("{}\n", text.trim_end_matches('\n'));
    match diffy::merge(&ended(base), &ended(mine), &ended(theirs)) {
        Ok(text) => Proposal {
            text: text.trim_end_matches('\n').to_owned(),
            clean: true,
        },
        Err(text) => Proposal { text, clean: false },
    }
}

/// Whether a text still holds both sides of a place that a person was to edit.
pub fn has_markers(text: &str) -> bool {
    ["<<<<<<<", "|||||||", ">>>>>>>"]
        .iter()
        .any(|mark| text.lines().any(|line| line.starts_with(mark)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_in_different_places_stand_together() {
        let base = "one\ntwo\nthree\nfour";
        let proposal = propose(base, "ONE\ntwo\nthree\nfour", "one\ntwo\nthree\nFOUR");
        assert!(proposal.clean);
        assert_eq!(proposal.text, "ONE\ntwo\nthree\nFOUR");
    }

    #[test]
    fn changes_of_one_line_stand_between_markers() {
        let proposal = propose("one", "mine", "theirs");
        assert!(!proposal.clean && has_markers(&proposal.text));
        assert!(proposal.text.contains("mine") && proposal.text.contains("theirs"));
        assert!(!has_markers("a < b"));
    }
}
