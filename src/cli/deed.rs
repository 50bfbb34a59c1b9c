//! A deed as a command: its arguments from its row, its answers from what was typed.
//! Knows no deed by name and makes no action itself.

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches, Command};

use super::context::Context;
use super::verbs::bare;
use crate::workspace::deed::{Deed, Entry, Filled, Need, Shape, Value};
use crate::workspace::refusal::Refusal;
use crate::workspace::share::member;

/// A command with an argument for every entry, and the flag of the preview.
pub(super) fn with_args(deed: &'static Deed, command: Command) -> Command {
    let command = command.args(deed.entries.iter().map(arg));
    match deed.preview {
        Some(preview) => command.arg(flag(preview.flag, preview.help)),
        None => command,
    }
}

fn flag(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name)
        .long(name)
        .help(help)
        .action(ArgAction::SetTrue)
}

fn arg(entry: &'static Entry) -> Arg {
    let arg = Arg::new(entry.name)
        .help(entry.help)
        .value_name(entry.value_name())
        .required(entry.need == Need::Must);
    let mut arg = match entry.shape {
        Shape::Flag => return flag(entry.name, entry.help),
        Shape::Place if entry.many => arg.num_args(1..),
        Shape::Place => arg,
        // A number below none is the rule's to refuse, in its own words.
        Shape::Named | Shape::FromFile => arg.long(entry.name).allow_negative_numbers(true),
    };
    if entry.many {
        arg = arg.action(ArgAction::Append);
    }
    if let Some(default) = entry.default {
        arg = arg.default_value(default);
    }
    if let Value::Choice(words) = entry.value {
        arg = arg.value_parser(PossibleValuesParser::new(words));
    }
    if let Some(other) = entry.needs {
        arg = arg.requires(other);
    }
    if let Some(other) = entry.excludes {
        arg = arg.conflicts_with(other);
    }
    arg
}

/// The answers that were typed.
fn filled(deed: &Deed, matches: &ArgMatches) -> Filled {
    let mut filled = Filled::in_shell();
    for entry in deed.entries {
        if entry.shape == Shape::Flag {
            if matches.get_flag(entry.name) {
                filled.put(entry.name, "yes");
            }
            continue;
        }
        let given = matches.get_many::<String>(entry.name);
        for value in given.into_iter().flatten() {
            match entry.shape {
                Shape::FromFile => filled.put_file(entry.name, value),
                _ => filled.put(entry.name, value),
            }
        }
    }
    filled
}

/// Does it, or says what it would do.
pub(super) fn run(
    deed: &'static Deed,
    matches: &ArgMatches,
    context: &mut Context,
) -> Result<(), Refusal> {
    let mut filled = filled(deed, matches);
    if let Some(look) = bare(deed.name).filter(|_| filled.is_empty()) {
        return look(context);
    }
    let preview = deed.preview.is_some_and(|it| matches.get_flag(it.flag));
    if preview {
        filled = deed.rehearsed(filled);
    }
    if member::is_ours(deed) && !preview {
        return super::verbs::change_member(context, deed, &filled);
    }
    let open = context.open()?;
    let action = (deed.action)(&filled, &open.session)?;
    open.run(&action, preview)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::deed;

    #[test]
    fn the_answers_are_what_was_typed() {
        let deed = Deed::named("submit").unwrap();
        let command = with_args(deed, Command::new("submit"));
        let line = "submit --product ARC --platform al9 --platform el9 --packages - --emergency";
        let matches = command.try_get_matches_from(line.split(' ')).unwrap();
        let mut expected = Filled::in_shell()
            .with("product", "ARC")
            .with("platform", "al9")
            .with("platform", "el9")
            .with("arch", "x86_64")
            .with("emergency", "yes");
        expected.put_file("packages", "-");
        assert_eq!(filled(deed, &matches), expected);
    }

    #[test]
    fn a_line_of_the_palette_is_read_as_the_shell_reads_it() {
        for text in [
            "ticket delay T-12 --promise=+5bd --reason late",
            "ticket check T-1 --all OK --except QC_ACC_1=NA --except QC_ACC_2=FAIL",
            "set T-1 version=7.0.4 owner=Bob",
            "comment T-1 --private -- -done",
            "comment T-1 -done",
            "product edit ARC --contact=",
            "outbox edit X-1 --to a@b.org --to c@d.org --body letter.txt",
            "ticket check T-1 QC_ACC_1",
            "ticket check T-1 QC_ACC_1 OK --all OK",
            "ticket check T-1 --except QC_ACC_1=NA",
            "lesson great text",
            "later T-1 --until",
            "later T-1 --until fri --until mon",
            "vote L-1 L-2",
            "vote L-1 --private",
            "claim T-1 --drop=yes",
        ] {
            let (deed, words) = Deed::of_command(text).unwrap();
            let command = with_args(deed, Command::new("relmate"));
            let typed = std::iter::once("relmate").chain(words.split(' '));
            let shell = command.try_get_matches_from(typed).ok();
            let shell = shell.map(|matches| deed::command(deed, &filled(deed, &matches)));
            let palette = deed::line(deed, words).ok();
            let palette = palette.map(|filled| deed::command(deed, &filled));
            assert_eq!(palette, shell, "{text}");
        }
    }

    #[test]
    fn every_deed_is_a_command_with_all_that_it_asks_for() {
        let whole = super::super::command();
        for deed in deed::all() {
            let mut command = &whole;
            for word in deed.name.split(' ') {
                command = command
                    .find_subcommand(word)
                    .unwrap_or_else(|| panic!("{} is no command", deed.name));
            }
            for entry in deed.entries {
                let there = command
                    .get_arguments()
                    .any(|arg| arg.get_id() == entry.name);
                assert!(there, "{} {}", deed.name, entry.name);
            }
        }
    }
}
