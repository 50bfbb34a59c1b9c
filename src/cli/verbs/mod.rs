//! Every verb, in the order of the help: the deeds as their tables have them, and
//! between them what has code of its own.

mod care;
mod conflicts;
mod cycle;
mod demo;
mod doctor;
mod export;
mod find;
mod holidays;
mod init;
mod list;
mod log;
mod next;
mod outbox;
mod paths;
mod pick;
mod profile;
mod release;
mod report;
pub(super) mod screen;
mod share;
mod show;
mod status;
mod sync;
mod why;

use super::context::Context;
use super::verb::{Own, Verb};
use super::waiting;
use crate::workspace::deed::{self, Deed, Filled};
use crate::workspace::refusal::Refusal;
use crate::workspace::share::member;

/// What stands before the first deed.
const FIRST: &[Own] = &[
    status::VERB,
    next::VERB,
    why::VERB,
    show::VERB,
    log::VERB,
    find::VERB,
    list::VERB,
    conflicts::VERB,
];

/// What stands after which deed.
const AFTER: &[(&str, &[Own])] = &[
    ("cycle close", &[cycle::VERB]),
    ("site early", &[pick::VERB]),
    (
        "release recall",
        &[release::COUNTDOWN, release::NOTES, release::REPOSITORY],
    ),
    ("action drop", &[outbox::LIST, outbox::SHOW]),
    ("outbox edit", &[outbox::MAILTO]),
    (
        "outbox skip",
        &[
            sync::VERB,
            share::CREATE,
            share::JOIN,
            share::APPROVE,
            share::REFUSE,
            share::STATUS,
        ],
    ),
    (
        "import",
        &[export::VERB, report::VERB, init::VERB, demo::VERB],
    ),
    ("holidays", &[profile::SHOW]),
    (
        "profile edit",
        &[
            profile::TEST,
            doctor::VERB,
            care::BACKUP,
            care::RESTORE,
            paths::VERB,
            screen::keys::LIST,
            screen::keys::CHECK,
            care::COMPLETIONS,
            care::MAN,
        ],
    ),
];

/// The command line. `help`, completions, man page and README follow this order.
pub fn verbs() -> impl Iterator<Item = Verb> {
    let deeds = deed::all().flat_map(|deed| {
        let after = AFTER.iter().filter(|(name, _)| *name == deed.name);
        let own = after.flat_map(|(_, own)| own.iter().map(Verb::Own));
        std::iter::once(Verb::Deed(deed)).chain(own)
    });
    FIRST.iter().map(Verb::Own).chain(deeds)
}

/// Says what somebody who shares the desk may do, and tells the others.
pub(super) fn change_member(
    context: &mut Context,
    deed: &'static Deed,
    filled: &Filled,
) -> Result<(), Refusal> {
    context.refuse_changes()?;
    let actor = context.actor()?;
    let here = share::here(context)?;
    let at = context.globals.at.clone();
    let (receipt, done) = waiting::during(context, &here, |here| {
        member::change(here, actor, at.as_deref(), |session| {
            (deed.action)(filled, session)
        })
    })?;
    context.tell(&receipt, false)?;
    if !context.globals.json {
        sync::tell(context, &done);
    }
    Ok(())
}

type Look = fn(&mut Context) -> Result<(), Refusal>;

/// What a name shows where nothing is said to do with it.
pub(super) fn bare(name: &str) -> Option<Look> {
    match name {
        "outbox" => Some(outbox::drafts),
        "holidays" => Some(holidays::list),
        _ => None,
    }
}

/// Arguments as parsed; the table's parser has checked them already.
pub(super) fn parsed<T>(args: Result<T, clap::Error>) -> Result<T, Refusal> {
    args.map_err(|error| Refusal::usage(format!("{error}."), "`--help` shows how."))
}

/// One line about a group of verbs.
pub(super) fn group_about(group: &str) -> &'static str {
    match group {
        "cycle" => "Release cycles",
        "milestone" => "Milestones of a cycle",
        "product" => "Products and their ID cards",
        "submission" => "End a submission before it is injected",
        "ticket" => "The steps of a ticket",
        "release" => "Releases of the distribution",
        "person" => "People with a part in the release",
        "site" => "Rollout sites",
        "problem" => "Problems of sites, from filing to closing",
        "error" => "Known errors, printed until they are fixed",
        "action" => "Improvement actions",
        "share" => "The desk with another manager, through a shared folder",
        "outbox" => "Drafted messages; nothing is ever sent by the program",
        "profile" => "The process profile",
        "keys" => "The screen's keys",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verb_has_its_own_name_and_a_help_without_a_stop() {
        let all: Vec<Verb> = verbs().collect();
        for (index, verb) in all.iter().enumerate() {
            assert!(!verb.about().ends_with('.'), "{}", verb.name());
            assert!(
                all[index + 1..]
                    .iter()
                    .all(|other| other.name() != verb.name())
            );
            if let Some((group, _)) = verb.name().split_once(' ') {
                assert!(!group_about(group).is_empty(), "{group}");
            }
        }
    }

    #[test]
    fn every_verb_of_its_own_has_its_place() {
        for (name, own) in AFTER {
            assert!(Deed::named(name).is_some(), "{name} is no deed");
            for own in *own {
                assert!(verbs().any(|verb| verb.name() == own.name), "{}", own.name);
            }
        }
    }

    #[test]
    fn the_command_line_is_well_formed() {
        super::super::command().debug_assert();
    }
}
