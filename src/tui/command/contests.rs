//! Commands on the page of what two managers have to settle: one key says what becomes of the
//! marked field, and its form asks why.

use super::{Command, Scope};
use crate::tui::effect::Effect;
use crate::tui::model::Model;
use crate::workspace::action::Settle;

const fn contests(
    name: &'static str,
    keys: &'static [&'static str],
    help: &'static str,
    run: super::Run,
) -> Command {
    Command::new(name, Scope::Contests, keys, help, run).like(&["resolve"])
}

/// A field that is no text is one or the other.
const MERGES: super::Ready = |model| {
    let can = model.admits(Settle::Merge);
    can.then_some(()).ok_or("only texts merge")
};

const STAND: super::Ready = |model| {
    let can = model.admits(Settle::Both);
    can.then_some(()).ok_or("only texts and lists do")
};

#[rustfmt::skip]
pub(super) const COMMANDS: &[Command] = &[
    contests("settle-mine",   &["m"], "Settle: yours stands",       mine).short("mine"),
    contests("settle-theirs", &["t"], "Settle: theirs stands",       theirs).short("theirs"),
    contests("settle-merge",  &["e"], "Settle: both made into one",  merge).short("merge").when(MERGES),
    contests("settle-both",   &["b"], "Settle: both stand",          both).short("both").when(STAND),
    contests("settle-later",  &["l"], "Leave the marked field contested, and say why", later).short("later"),
];

fn mine(model: &mut Model) -> Vec<Effect> {
    model.settle_contest(Some(Settle::Mine))
}

fn theirs(model: &mut Model) -> Vec<Effect> {
    model.settle_contest(Some(Settle::Theirs))
}

fn merge(model: &mut Model) -> Vec<Effect> {
    model.settle_contest(Some(Settle::Merge))
}

fn both(model: &mut Model) -> Vec<Effect> {
    model.settle_contest(Some(Settle::Both))
}

fn later(model: &mut Model) -> Vec<Effect> {
    model.settle_contest(Some(Settle::Later))
}
