//! The steps of a ticket: which are open where, where they lead, and how the
//! command line spells them. The table is the process; a profile cannot change it.

use super::state::{Standing, State};

/// What a manager or a verifier does to a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    Start,
    Ask,
    Answer,
    Check,
    Verify,
    Accept,
    Reject,
    Delay,
    Resume,
    Withdraw,
    Promote,
    Recall,
    Inform,
}

/// One step of the process.
pub struct StepRow {
    pub step: Step,
    /// The word after `relmate ticket`.
    pub word: &'static str,
    /// Where it is open; a delayed ticket also has the steps of the state it came from.
    pub from: &'static [State],
    /// Where it leads; `None` leaves the state alone, except that `resume`
    /// goes back to where the ticket was delayed.
    pub to: Option<State>,
    /// What follows the id on the command line.
    pub needs: &'static str,
    /// Whose turn it is.
    pub who: &'static str,
    pub help: &'static str,
}

use State::{
    Delayed, Ready, Recalled, Rejected, Released, StagedRollout, Unverified, Verification,
    WaitingForResponse, Withdrawn,
};

/// Anything before `released` can be rejected or withdrawn (PRODUCT.md section 3).
const BEFORE_RELEASED: &[State] = &[
    Unverified,
    Verification,
    WaitingForResponse,
    StagedRollout,
    Ready,
    Delayed,
];
/// Where a limit may be passed; a delayed ticket is promised again.
const CAN_BE_LATE: &[State] = &[
    Unverified,
    Verification,
    WaitingForResponse,
    StagedRollout,
    Delayed,
];

/// Every step, in the order of the process.
#[rustfmt::skip]
pub const STEPS: &[StepRow] = &[
    StepRow { step: Step::Start,    word: "start",    from: &[Unverified],                       to: Some(Verification),       needs: "--verifier NAME",              who: "verifier",        help: "Begin verification; the verifier is not of the product's team" },
    StepRow { step: Step::Ask,      word: "ask",      from: &[Verification],                     to: Some(WaitingForResponse), needs: "TEXT",                         who: "verifier",        help: "Ask the product team; the time it takes is booked to them" },
    StepRow { step: Step::Answer,   word: "answer",   from: &[WaitingForResponse],               to: Some(Verification),       needs: "TEXT",                         who: "product team",    help: "Record the product team's answer; no clock starts again" },
    StepRow { step: Step::Check,    word: "check",    from: &[Verification, WaitingForResponse], to: None,                     needs: "CRITERION RESULT",             who: "verifier",        help: "Record the result of a quality criterion" },
    StepRow { step: Step::Verify,   word: "verify",   from: &[Verification],                     to: Some(StagedRollout),      needs: "",                             who: "verifier",        help: "Close the verification as passed; the rollout begins" },
    StepRow { step: Step::Accept,   word: "accept",   from: &[StagedRollout],                    to: Some(Ready),              needs: "",                             who: "release manager", help: "End the staged rollout as passed; ready for the next release" },
    StepRow { step: Step::Reject,   word: "reject",   from: BEFORE_RELEASED,                     to: Some(Rejected),           needs: "--reason R",                   who: "release manager", help: "Turn it down for good; a new version is a new submission" },
    StepRow { step: Step::Delay,    word: "delay",    from: CAN_BE_LATE,                         to: Some(Delayed),            needs: "--reason R [--promise WHEN]",  who: "release manager", help: "Explain why it is late, promise a date, draft the notice" },
    StepRow { step: Step::Resume,   word: "resume",   from: &[Delayed],                          to: None,                     needs: "[--due WHEN]",                 who: "release manager", help: "Take a delayed ticket up again with a new due date" },
    StepRow { step: Step::Withdraw, word: "withdraw", from: BEFORE_RELEASED,                     to: Some(Withdrawn),          needs: "",                             who: "product team",    help: "Take it out of the queue at the provider's wish" },
    StepRow { step: Step::Promote,  word: "promote",  from: &[Ready],                            to: Some(Released),           needs: "",                             who: "release manager", help: "Move it to the production repository" },
    StepRow { step: Step::Recall,   word: "recall",   from: &[Released],                         to: Some(Recalled),           needs: "--reason R | --by ID",         who: "release manager", help: "Take a release back after a serious defect" },
    StepRow { step: Step::Inform,   word: "inform",   from: BEFORE_RELEASED,                     to: None,                     needs: "",                             who: "release manager", help: "Record that the product team has been told how things stand" },
];

impl Step {
    pub fn row(self) -> &'static StepRow {
        &STEPS[self as usize]
    }

    pub fn word(self) -> &'static str {
        self.row().word
    }

    pub fn from_word(word: &str) -> Option<Self> {
        STEPS
            .iter()
            .find(|row| row.word == word)
            .map(|row| row.step)
    }

    /// Whether the step is open to a ticket that stands so.
    pub fn is_open(self, standing: &Standing) -> bool {
        let from = self.row().from;
        from.contains(&standing.state) || from.contains(&standing.acts_as())
    }

    /// The whole command line, with what it needs.
    pub fn command(self, id: &str) -> String {
        let row = self.row();
        format!("relmate ticket {} {id} {}", row.word, row.needs)
            .trim_end()
            .to_owned()
    }
}

/// The steps that are open to a ticket that stands so, in the order of the process.
pub fn open_steps(standing: &Standing) -> impl Iterator<Item = &'static StepRow> {
    STEPS.iter().filter(move |row| row.step.is_open(standing))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::queue::examples::{delayed_from, standing};

    #[test]
    fn every_step_sits_at_its_own_row_and_reads_its_own_word() {
        for (index, row) in STEPS.iter().enumerate() {
            assert_eq!(row.step as usize, index);
            assert_eq!(Step::from_word(row.word), Some(row.step));
            assert!(!row.help.ends_with('.'), "{}", row.word);
        }
        assert_eq!(Step::from_word("unschedule"), None);
    }

    fn words(standing: &Standing) -> String {
        open_steps(standing)
            .map(|row| row.word)
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[track_caller]
    fn check(state: State, expected: &str) {
        assert_eq!(words(&standing(state)), expected, "{}", state.word());
    }

    #[test]
    fn every_state_has_its_own_steps_and_no_other() {
        check(Unverified, "start reject delay withdraw inform");
        check(
            Verification,
            "ask check verify reject delay withdraw inform",
        );
        check(
            WaitingForResponse,
            "answer check reject delay withdraw inform",
        );
        check(StagedRollout, "accept reject delay withdraw inform");
        check(Ready, "reject withdraw promote inform");
        check(Released, "recall");
        check(Delayed, "reject delay resume withdraw inform");
        check(Rejected, "");
        check(Withdrawn, "");
        check(Recalled, "");
    }

    #[test]
    fn a_delayed_ticket_keeps_the_steps_of_the_state_it_came_from() {
        for from in [Unverified, Verification, WaitingForResponse, StagedRollout] {
            let delayed = delayed_from(from);
            for row in STEPS {
                let expected = row.step == Step::Resume || row.step.is_open(&standing(from));
                assert_eq!(
                    row.step.is_open(&delayed),
                    expected,
                    "{} {}",
                    from.word(),
                    row.word
                );
            }
        }
    }

    #[test]
    fn a_command_line_says_what_the_step_needs() {
        assert_eq!(
            Step::Delay.command("T-12"),
            "relmate ticket delay T-12 --reason R [--promise WHEN]"
        );
        assert_eq!(Step::Verify.command("T-12"), "relmate ticket verify T-12");
    }
}
