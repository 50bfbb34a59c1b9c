//! Every verb, in the order of the help.

mod action;
mod care;
mod claim;
mod comment;
mod cycle;
mod delete;
mod demo;
mod doctor;
mod export;
mod find;
mod holidays;
mod import;
mod init;
mod inject;
mod later;
mod lesson;
mod list;
mod log;
mod milestone;
mod next;
pub(super) mod outbox;
mod paths;
mod person;
mod product;
mod profile;
pub(super) mod screen;
mod set;
mod show;
mod site;
mod slip;
mod status;
mod submission;
mod submit;
mod ticket;
mod undo;
mod why;

use super::verb::Verb;

/// The command line. `help`, completions, man page and README follow this table.
pub const VERBS: &[Verb] = &[
    status::VERB,
    next::VERB,
    why::VERB,
    show::VERB,
    log::VERB,
    find::VERB,
    list::VERB,
    cycle::ADD,
    cycle::APPROVE,
    cycle::CLOSE,
    cycle::CHECK,
    milestone::ADD,
    milestone::MOVE,
    milestone::DONE,
    slip::VERB,
    product::ADD,
    product::EDIT,
    submit::VERB,
    inject::VERB,
    submission::REFUSE,
    submission::WITHDRAW,
    ticket::START,
    ticket::ASK,
    ticket::ANSWER,
    ticket::CHECK,
    ticket::VERIFY,
    ticket::ACCEPT,
    ticket::REJECT,
    ticket::DELAY,
    ticket::RESUME,
    ticket::WITHDRAW,
    ticket::PROMOTE,
    ticket::RECALL,
    ticket::INFORM,
    comment::VERB,
    claim::VERB,
    later::VERB,
    set::VERB,
    delete::VERB,
    undo::UNDO,
    undo::REDO,
    person::ADD,
    person::AWAY,
    person::PRIMARY,
    site::ADD,
    site::SLA,
    lesson::LESSON,
    lesson::VOTE,
    action::ADD,
    action::DONE,
    action::DROP,
    outbox::LIST,
    outbox::SHOW,
    outbox::EDIT,
    outbox::MAILTO,
    outbox::SENT,
    outbox::SKIP,
    import::VERB,
    export::VERB,
    init::VERB,
    demo::VERB,
    holidays::VERB,
    profile::SHOW,
    profile::EDIT,
    profile::TEST,
    doctor::VERB,
    care::BACKUP,
    care::RESTORE,
    paths::VERB,
    care::COMPLETIONS,
    care::MAN,
];

/// Arguments as parsed; the table's parser has checked them already.
pub(super) fn parsed<T>(
    args: Result<T, clap::Error>,
) -> Result<T, crate::workspace::refusal::Refusal> {
    args.map_err(|error| {
        crate::workspace::refusal::Refusal::usage(format!("{error}."), "`--help` shows how.")
    })
}

/// One line about a group of verbs.
pub(super) fn group_about(group: &str) -> &'static str {
    match group {
        "cycle" => "Release cycles",
        "milestone" => "Milestones of a cycle",
        "product" => "Products and their ID cards",
        "submission" => "End a submission before it is injected",
        "ticket" => "The steps of a ticket",
        "person" => "People with a part in the release",
        "site" => "Rollout sites",
        "action" => "Improvement actions",
        "outbox" => "Drafted messages; nothing is ever sent by the program",
        "profile" => "The process profile",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verb_has_its_own_name_and_a_help_without_a_stop() {
        for (index, verb) in VERBS.iter().enumerate() {
            assert!(!verb.about.ends_with('.'), "{}", verb.name);
            assert!(
                VERBS[index + 1..]
                    .iter()
                    .all(|other| other.name != verb.name)
            );
            if let Some((group, _)) = verb.name.split_once(' ') {
                assert!(!group_about(group).is_empty(), "{group}");
            }
        }
    }

    #[test]
    fn the_command_line_is_well_formed() {
        super::super::command().debug_assert();
    }
}
