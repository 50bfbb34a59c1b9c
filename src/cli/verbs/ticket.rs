//! `ticket …`: the steps of a ticket, as the process names them.

use clap::{ArgMatches, Args, FromArgMatches};

use super::super::context::Context;
use super::super::verb::{Group, Verb};
use crate::domain::queue::ticket::Outcome;
use crate::workspace::action::Action;
use crate::workspace::refusal::Refusal;

type Run = fn(&ArgMatches, &mut Context) -> Result<(), Refusal>;

const fn step(
    name: &'static str,
    about: &'static str,
    args: fn(clap::Command) -> clap::Command,
    run: Run,
) -> Verb {
    Verb {
        name,
        about,
        group: Group::Queue,
        args,
        run,
    }
}

pub(super) const START: Verb = step(
    "ticket start",
    "Begin verification with a verifier who is not of the product's team",
    StartArgs::augment_args,
    start,
);
pub(super) const ASK: Verb = step(
    "ticket ask",
    "Ask the product team; the time it takes is booked to them",
    TextArgs::augment_args,
    ask,
);
pub(super) const ANSWER: Verb = step(
    "ticket answer",
    "Record the product team's answer; no clock starts again",
    TextArgs::augment_args,
    answer,
);
pub(super) const CHECK: Verb = step(
    "ticket check",
    "Record results of quality criteria",
    CheckArgs::augment_args,
    check,
);
pub(super) const VERIFY: Verb = step(
    "ticket verify",
    "Close the verification as passed; the staged rollout begins",
    IdArgs::augment_args,
    verify,
);
pub(super) const ACCEPT: Verb = step(
    "ticket accept",
    "End the staged rollout as passed; ready for the next release",
    AcceptArgs::augment_args,
    accept,
);
pub(super) const REJECT: Verb = step(
    "ticket reject",
    "Turn it down for good, and draft the rejection",
    ReasonArgs::augment_args,
    reject,
);
pub(super) const DELAY: Verb = step(
    "ticket delay",
    "Explain why it is late, promise a date, draft the notice",
    DelayArgs::augment_args,
    delay,
);
pub(super) const RESUME: Verb = step(
    "ticket resume",
    "Take a delayed ticket up again with a new due date",
    ResumeArgs::augment_args,
    resume,
);
pub(super) const WITHDRAW: Verb = step(
    "ticket withdraw",
    "Take it out of the queue at its provider's wish",
    ReasonArgs::augment_args,
    withdraw,
);
pub(super) const PROMOTE: Verb = step(
    "ticket promote",
    "Move a ready ticket to production",
    IdArgs::augment_args,
    promote,
);
pub(super) const RECALL: Verb = step(
    "ticket recall",
    "Take a release back after a serious defect",
    RecallArgs::augment_args,
    recall,
);
pub(super) const INFORM: Verb = step(
    "ticket inform",
    "Draft a message to the product team about how it stands",
    InformArgs::augment_args,
    inform,
);

#[derive(Args)]
struct IdArgs {
    /// The ticket
    id: String,
}

#[derive(Args)]
struct TextArgs {
    /// The ticket
    id: String,
    /// The text
    text: String,
}

#[derive(Args)]
struct ReasonArgs {
    /// The ticket
    id: String,
    /// Why
    #[arg(long, value_name = "R")]
    reason: Option<String>,
}

#[derive(Args)]
struct StartArgs {
    /// The ticket
    id: String,
    /// Who verifies
    #[arg(long, value_name = "NAME")]
    verifier: Option<String>,
}

fn start(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(StartArgs::from_arg_matches(matches))?;
    context.open()?.perform(&Action::TicketStart {
        id: args.id,
        verifier: args.verifier,
    })
}

fn ask(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(TextArgs::from_arg_matches(matches))?;
    context.open()?.perform(&Action::TicketAsk {
        id: args.id,
        text: args.text,
    })
}

fn answer(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(TextArgs::from_arg_matches(matches))?;
    context.open()?.perform(&Action::TicketAnswer {
        id: args.id,
        text: args.text,
    })
}

#[derive(Args)]
struct CheckArgs {
    /// The ticket
    id: String,
    /// A criterion of the profile
    #[arg(requires = "result", conflicts_with = "all")]
    criterion: Option<String>,
    /// OK, WARNING, FAIL, NA or `NOT_TESTED`
    result: Option<String>,
    /// One result for every criterion that takes it
    #[arg(long, value_name = "RESULT")]
    all: Option<String>,
    /// Another result for one criterion: `QC_ACC_1=NA`
    #[arg(long, value_name = "C=RESULT", requires = "all")]
    except: Vec<String>,
    /// A remark on the result
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
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

fn check(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(CheckArgs::from_arg_matches(matches))?;
    let open = context.open()?;
    let results = match (&args.criterion, &args.result, &args.all) {
        (Some(criterion), Some(result), _) => vec![(criterion.clone(), outcome(result)?)],
        (_, _, Some(all)) => {
            let mut except = Vec::new();
            for pair in &args.except {
                let Some((criterion, result)) = pair.split_once('=') else {
                    return Err(Refusal::usage(
                        format!("{pair:?} is not C=RESULT."),
                        "Write --except QC_ACC_1=NA.",
                    ));
                };
                except.push((criterion.to_owned(), outcome(result)?));
            }
            open.session.all_criteria(outcome(all)?, &except)?
        }
        _ => Vec::new(),
    };
    open.perform(&Action::TicketCheck {
        id: args.id,
        results,
        note: args.note,
    })
}

fn verify(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(IdArgs::from_arg_matches(matches))?;
    context
        .open()?
        .perform(&Action::TicketVerify { id: args.id })
}

#[derive(Args)]
struct AcceptArgs {
    /// The ticket
    id: String,
    /// A rollout site that has really tried it
    #[arg(long, value_name = "SITE")]
    tested_by: Vec<String>,
}

fn accept(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(AcceptArgs::from_arg_matches(matches))?;
    context.open()?.perform(&Action::TicketAccept {
        id: args.id,
        tested_by: args.tested_by,
    })
}

fn reject(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(ReasonArgs::from_arg_matches(matches))?;
    context.open()?.perform(&Action::TicketReject {
        id: args.id,
        reason: args.reason,
    })
}

#[derive(Args)]
struct DelayArgs {
    /// The ticket
    id: String,
    /// Why it is late; without it nothing is delayed
    #[arg(long, value_name = "R")]
    reason: Option<String>,
    /// The date that is promised
    #[arg(long, value_name = "WHEN")]
    promise: Option<String>,
    /// Only say what it would do
    #[arg(long)]
    preview: bool,
}

fn delay(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(DelayArgs::from_arg_matches(matches))?;
    let open = context.open()?;
    let promise = open.session.dates.maybe(args.promise.as_deref())?;
    open.run(
        &Action::TicketDelay {
            id: args.id,
            reason: args.reason,
            promise,
        },
        args.preview,
    )
}

#[derive(Args)]
struct ResumeArgs {
    /// The ticket
    id: String,
    /// The new due date; else the promise, else the limit anew
    #[arg(long, value_name = "WHEN")]
    due: Option<String>,
}

fn resume(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(ResumeArgs::from_arg_matches(matches))?;
    let open = context.open()?;
    let due = open.session.dates.maybe(args.due.as_deref())?;
    open.perform(&Action::TicketResume { id: args.id, due })
}

fn withdraw(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(ReasonArgs::from_arg_matches(matches))?;
    context.open()?.perform(&Action::TicketWithdraw {
        id: args.id,
        reason: args.reason,
    })
}

fn promote(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(IdArgs::from_arg_matches(matches))?;
    context
        .open()?
        .perform(&Action::TicketPromote { id: args.id })
}

#[derive(Args)]
struct RecallArgs {
    /// The ticket
    id: String,
    /// Why
    #[arg(long, value_name = "R")]
    reason: Option<String>,
    /// The ticket that replaces it
    #[arg(long, value_name = "ID")]
    by: Option<String>,
}

fn recall(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(RecallArgs::from_arg_matches(matches))?;
    context.open()?.perform(&Action::TicketRecall {
        id: args.id,
        reason: args.reason,
        by: args.by,
    })
}

#[derive(Args)]
struct InformArgs {
    /// The ticket
    id: String,
    /// What to tell besides how it stands
    text: Option<String>,
}

fn inform(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(InformArgs::from_arg_matches(matches))?;
    context.open()?.perform(&Action::TicketInform {
        id: args.id,
        text: args.text,
    })
}
