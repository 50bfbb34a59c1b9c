//! The steps of a ticket, as the process names them.

use super::rollout::minutes;
use super::{Deed, Entry, Filled, Group, On, PREVIEW, Place, Value};
use crate::domain::kind::Kind;
use crate::domain::queue::ticket::Outcome;
use crate::workspace::action::{Action, VerificationEnd};
use crate::workspace::refusal::Refusal;
use crate::workspace::session::Session;

const ID: Entry = Entry::place(("id", "Ticket", "The ticket"), Value::Id(&[Kind::Ticket]));
const REASON: Entry = Entry::named(("reason", "Reason", "Why"), Value::Text)
    .called("R")
    .asked();
const RESULT: Value = Value::Word(&["OK", "WARNING", "FAIL", "NA", "NOT_TESTED"]);

const TICKETS: Place = (Group::Queue, On::One(&[Kind::Ticket]));

#[rustfmt::skip]
pub(super) const DEEDS: &[Deed] = &[
    Deed::new("ticket start", "Begin verification with a verifier who is not of the product's team", TICKETS, &[ID,
        Entry::named(("verifier", "Verifier", "Who verifies"), Value::Named(Kind::Person)).asked(),
        Entry::named(("testbed", "Testbed", "Where it is verified"), Value::Text)], start),
    Deed::new("ticket ask", "Ask the product team; the time it takes is booked to them", TICKETS, &[ID,
        Entry::place(("text", "Question", "The text"), Value::Long)], ask),
    Deed::new("ticket answer", "Record the product team's answer; no clock starts again", TICKETS, &[ID,
        Entry::place(("text", "Answer", "The text"), Value::Long)], answer),
    Deed::new("ticket check", "Record results of quality criteria", TICKETS, &[ID,
        Entry::place(("criterion", "Criterion", "A criterion of the profile"), Value::Criterion).may().needs("result").excludes("all"),
        Entry::place(("result", "Result", "OK, WARNING, FAIL, NA or `NOT_TESTED`"), RESULT).called("RESULT").may(),
        Entry::named(("all", "All criteria", "One result for every criterion that takes it"), RESULT).called("RESULT"),
        Entry::named(("except", "Except", "Another result for one criterion: `QC_ACC_1=NA`"), Value::Pair).called("C=RESULT").many().needs("all"),
        Entry::named(("note", "Remark", "A remark on the result"), Value::Text),
        Entry::named(("link", "Link", "Where the finding is written down"), Value::Link)], check),
    Deed::new("ticket verify", "Close the verification as passed; the staged rollout begins", TICKETS, &[ID,
        Entry::named(("watch", "To watch", "What the rollout sites should watch in production"), Value::Text).many(),
        Entry::named(("hours", "Hours", "The effort, in hours"), Value::Text).called("N"),
        Entry::named(("certified", "Certified", "The certification mark; else the verifier's name"), Value::Text).called("MARK"),
        Entry::named(("test-reference", "Test", "The test behind it; else the verification report"), Value::Text).called("REFERENCE")], verify),
    Deed::new("ticket accept", "End the staged rollout as passed; ready for the next release", TICKETS, &[ID,
        Entry::named(("tested-by", "Tested by", "A rollout site that has really tried it"), Value::Named(Kind::Site)).called("SITE").many()], accept),
    Deed::new("ticket reject", "Turn it down for good, and draft the rejection", TICKETS, &[ID, REASON], reject),
    Deed::new("ticket delay", "Explain why it is late, promise a date, draft the notice", TICKETS, &[ID,
        Entry::named(("reason", "Reason", "Why it is late; without it nothing is delayed"), Value::Text).called("R").asked(),
        Entry::named(("promise", "Promised for", "The date that is promised"), Value::When)], delay).previewed(PREVIEW),
    Deed::new("ticket resume", "Take a delayed ticket up again with a new due date", TICKETS, &[ID,
        Entry::named(("due", "Due", "The new due date; else the promise, else the limit anew"), Value::When)], resume),
    Deed::new("ticket withdraw", "Take it out of the queue at its provider's wish", TICKETS, &[ID, REASON], withdraw),
    Deed::new("ticket promote", "Move a ready ticket to production", TICKETS, &[ID], promote),
    Deed::new("ticket recall", "Take a release back after a serious defect", TICKETS, &[ID, REASON,
        Entry::named(("by", "Replaced by", "The ticket that replaces it"), Value::Id(&[Kind::Ticket]))], recall),
    Deed::new("ticket inform", "Draft a message to the product team about how it stands", TICKETS, &[ID,
        Entry::place(("text", "Words", "What to tell besides how it stands"), Value::Long).may()], inform),
];

fn start(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    Ok(Action::TicketStart {
        id: filled.must("id")?,
        verifier: filled.maybe("verifier"),
        testbed: filled.maybe("testbed"),
    })
}

fn ask(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    Ok(Action::TicketAsk {
        id: filled.must("id")?,
        text: filled.must("text")?,
    })
}

fn answer(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    Ok(Action::TicketAnswer {
        id: filled.must("id")?,
        text: filled.must("text")?,
    })
}

fn outcome(text: &str) -> Result<Outcome, Refusal> {
    Outcome::from_word(text).ok_or_else(|| {
        let words: Vec<&str> = Outcome::ALL.iter().map(|it| it.word()).collect();
        Refusal::usage(
            format!("{text:?} is not a result."),
            format!("Results are {}.", words.join(", ")),
        )
    })
}

fn check(filled: &Filled, session: &Session) -> Result<Action, Refusal> {
    let mut results = Vec::new();
    if let Some(all) = filled.one("all") {
        let mut except = Vec::new();
        for (criterion, result) in filled.pairs("except", "--except QC_ACC_1=NA")? {
            except.push((criterion, outcome(&result)?));
        }
        results = session.all_criteria(outcome(all)?, &except)?;
    } else if let (Some(criterion), Some(result)) = (filled.one("criterion"), filled.one("result"))
    {
        results.push((criterion.to_owned(), outcome(result)?));
    }
    Ok(Action::TicketCheck {
        id: filled.must("id")?,
        results,
        note: filled.maybe("note"),
        link: filled.maybe("link"),
    })
}

fn verify(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    Ok(Action::TicketVerify {
        id: filled.must("id")?,
        ending: VerificationEnd {
            certified: filled.maybe("certified"),
            test_reference: filled.maybe("test-reference"),
            minutes: minutes(filled, "hours")?,
            watch: filled.many("watch").to_vec(),
        },
    })
}

fn accept(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    Ok(Action::TicketAccept {
        id: filled.must("id")?,
        tested_by: filled.many("tested-by").to_vec(),
    })
}

fn reject(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    Ok(Action::TicketReject {
        id: filled.must("id")?,
        reason: filled.maybe("reason"),
    })
}

fn delay(filled: &Filled, session: &Session) -> Result<Action, Refusal> {
    Ok(Action::TicketDelay {
        id: filled.must("id")?,
        reason: filled.maybe("reason"),
        promise: session.dates.maybe(filled.one("promise"))?,
    })
}

fn resume(filled: &Filled, session: &Session) -> Result<Action, Refusal> {
    Ok(Action::TicketResume {
        id: filled.must("id")?,
        due: session.dates.maybe(filled.one("due"))?,
    })
}

fn withdraw(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    Ok(Action::TicketWithdraw {
        id: filled.must("id")?,
        reason: filled.maybe("reason"),
    })
}

fn promote(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    Ok(Action::TicketPromote {
        id: filled.must("id")?,
    })
}

fn recall(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    Ok(Action::TicketRecall {
        id: filled.must("id")?,
        reason: filled.maybe("reason"),
        by: filled.maybe("by"),
    })
}

fn inform(filled: &Filled, _: &Session) -> Result<Action, Refusal> {
    Ok(Action::TicketInform {
        id: filled.must("id")?,
        text: filled.maybe("text"),
    })
}
