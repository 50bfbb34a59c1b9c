//! Commands that answer a question about the whole desk, under the names that the shell
//! has for them.

use super::{Command, Scope};
use crate::tui::asking::READABLE;
use crate::tui::effect::Effect;
use crate::tui::model::Model;
use crate::workspace::look::topic::Topic;

const fn asking(
    name: &'static str,
    keys: &'static [&'static str],
    help: &'static str,
    run: super::Run,
) -> Command {
    Command::new(name, Scope::Global, keys, help, run).when(READABLE)
}

#[rustfmt::skip]
pub(super) const COMMANDS: &[Command] = &[
    asking("log",          &["g l"], "Show the desk's history, what came last first", log).like(&["log"]),
    asking("news",         &["g n"], "List what others changed since you last looked", news).like(&["log"]),
    asking("conflicts",    &["g u"], "Show what two managers have to settle", conflicts).like(&["conflicts"]),
    asking("cycle check",  &["p k"], "Name what is wrong with the schedule", check).like(&["cycle check"]),
    asking("profile show", &[],      "Show the desk's process",              process).like(&["profile show"]),
    asking("repository",   &[],      "Show what the two repositories hold",  repository).like(&["repository"]),
    asking("export",       &[],      "Write a list as CSV, JSON or Markdown", export).like(&["export"]),
];

fn log(_: &mut Model) -> Vec<Effect> {
    vec![Effect::Tell(Topic::History)]
}

fn news(model: &mut Model) -> Vec<Effect> {
    model.list_new()
}

fn conflicts(model: &mut Model) -> Vec<Effect> {
    model.contests_wanted = true;
    vec![Effect::Tell(Topic::Conflicts)]
}

fn check(_: &mut Model) -> Vec<Effect> {
    vec![Effect::Tell(Topic::Schedule)]
}

fn process(_: &mut Model) -> Vec<Effect> {
    vec![Effect::Tell(Topic::Process)]
}

fn repository(_: &mut Model) -> Vec<Effect> {
    vec![Effect::Tell(Topic::Repositories)]
}

fn export(model: &mut Model) -> Vec<Effect> {
    model.choose_export()
}
