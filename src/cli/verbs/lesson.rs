//! `lesson` and `vote`: what the cycle taught.

use clap::{ArgMatches, Args, FromArgMatches};

use super::super::context::Context;
use super::super::verb::{Group, Verb};
use crate::domain::retro::lesson::LessonKind;
use crate::workspace::action::Action;
use crate::workspace::refusal::Refusal;

pub(super) const LESSON: Verb = Verb {
    name: "lesson",
    about: "Keep a lesson: went-well, improve or puzzle",
    group: Group::Records,
    args: LessonArgs::augment_args,
    run: lesson,
};

pub(super) const VOTE: Verb = Verb {
    name: "vote",
    about: "Vote for a lesson; one vote each",
    group: Group::Records,
    args: VoteArgs::augment_args,
    run: vote,
};

#[derive(Args)]
struct LessonArgs {
    /// went-well, improve or puzzle
    #[arg(value_parser = ["went-well", "improve", "puzzle"])]
    kind: String,
    /// The lesson
    text: String,
    /// The record it is about
    #[arg(long, value_name = "ID")]
    about: Option<String>,
}

fn lesson(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(LessonArgs::from_arg_matches(matches))?;
    let kind = LessonKind::ALL
        .into_iter()
        .find(|kind| kind.word() == args.kind)
        .unwrap_or(LessonKind::Puzzle);
    context.open()?.perform(&Action::LessonAdd {
        kind,
        text: args.text,
        about: args.about,
    })
}

#[derive(Args)]
struct VoteArgs {
    /// The lesson
    id: String,
}

fn vote(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(VoteArgs::from_arg_matches(matches))?;
    context.open()?.perform(&Action::Vote { id: args.id })
}
