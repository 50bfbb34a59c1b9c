//! The command line: a verb for every deed of `workspace`, and one file for each that has
//! code of its own. Parses, asks `workspace`, prints. Holds no rule and shares no code
//! with the screen.

pub mod context;
mod deed;
pub mod manual;
mod output;
mod page;
mod table;
mod verb;
mod verbs;
mod waiting;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{ArgMatches, Command, FromArgMatches};

use crate::workspace::refusal::{Refusal, RefusalKind};
use context::{Context, Globals};
pub use verb::Verb;
pub use verbs::verbs;

/// Parses the arguments, runs the command, prints what it gathered.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let args: Vec<OsString> = args.into_iter().collect();
    let json = args.iter().any(|arg| arg == "--json");
    let matches = match parse(&args) {
        Ok(matches) => matches,
        Err(error) => return usage(&error, json),
    };
    let globals = match Globals::from_arg_matches(&matches) {
        Ok(globals) => globals,
        Err(error) => return usage(&error, json),
    };
    let now = match crate::workspace::now::now() {
        Ok(now) => now,
        Err(refusal) => return complain(&refusal, json),
    };
    let mut context = Context::new(globals, now);
    let result = dispatch(&matches, &mut context);
    match (result, context.out.flush()) {
        (Err(refusal), _) => complain(&refusal, json),
        (Ok(()), Err(error)) => complain(&unprinted(&error), json),
        (Ok(()), Ok(())) => ExitCode::SUCCESS,
    }
}

/// The desk has taken what was asked, and nobody could read the answer.
fn unprinted(error: &std::io::Error) -> Refusal {
    Refusal::failed(
        format!("The answer cannot be printed: {error}."),
        "Print to where there is room. If the command changed something, that is kept, and `relmate log` tells it.",
    )
}

/// Parses with the one verb that seems to be meant, which is most of a command's start-up
/// spared. What that parser refuses the whole one judges, so help, hints and errors are its.
fn parse(args: &[OsString]) -> Result<ArgMatches, clap::Error> {
    let words: Vec<&str> = args.iter().skip(1).filter_map(|arg| arg.to_str()).collect();
    if let Some(verb) = meant(&words)
        && let Ok(matches) = command_of([verb], |_| true).try_get_matches_from(args)
    {
        return Ok(matches);
    }
    // No other verb can be reached, so no other one needs its arguments.
    let typed = |verb: Verb| verb.name().split(' ').all(|word| words.contains(&word));
    command_of(verbs(), typed).try_get_matches_from(args)
}

/// The first verb that is spelled out in the arguments.
fn meant(words: &[&str]) -> Option<Verb> {
    words.iter().enumerate().find_map(|(place, word)| {
        verbs().find(|verb| match verb.name().split_once(' ') {
            None => verb.name() == *word,
            Some((group, second)) => group == *word && words[place + 1..].contains(&second),
        })
    })
}

/// The verb that was typed, with its own arguments.
fn dispatch(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let mut name = String::new();
    let mut at = matches;
    while let Some((word, inner)) = at.subcommand() {
        if !name.is_empty() {
            name.push(' ');
        }
        name.push_str(word);
        at = inner;
    }
    let other = context.globals.as_of.is_some() || context.globals.known_at.is_some();
    if name.is_empty() && other {
        return Err(Refusal::usage(
            "The screen shows the desk as it is now.",
            "Look at another moment from the shell: `relmate status --as-of WHEN`.",
        ));
    }
    if name.is_empty() {
        return verbs::screen::open(context);
    }
    if let Some(verb) = verbs().find(|verb| verb.name() == name) {
        return verb.run(at, context);
    }
    if let Some(look) = verbs::bare(&name) {
        return look(context);
    }
    Err(Refusal::usage(
        format!("`{name}` needs to know what to do."),
        format!("`relmate {name} --help` lists its commands."),
    ))
}

/// The whole command, every verb with its arguments.
pub fn command() -> Command {
    command_of(verbs(), |_| true)
}

/// The command with some of its verbs, and the arguments of some of those.
fn command_of(verbs: impl IntoIterator<Item = Verb>, with_args: impl Fn(Verb) -> bool) -> Command {
    let leaf = |verb: Verb, word: &'static str| {
        let leaf = Command::new(word).about(verb.about());
        if with_args(verb) {
            verb.with_args(leaf)
        } else {
            leaf
        }
    };
    // What the options say of themselves must not stand for the program.
    let globals = <Globals as clap::Args>::augment_args(Command::new("relmate"))
        .version(env!("CARGO_PKG_VERSION"))
        .about("The release desk for two: schedule, verification queue, rollout sites and retrospective")
        .long_about(LONG)
        .after_help(EXIT_CODES)
        .disable_help_subcommand(true)
        .infer_long_args(false)
        .arg_required_else_help(false);
    let mut top = globals;
    for verb in verbs {
        match verb.name().split_once(' ') {
            None => top = top.subcommand(leaf(verb, verb.name())),
            Some((group, word)) => {
                if !top.get_subcommands().any(|known| known.get_name() == group) {
                    top = top.subcommand(
                        Command::new(group)
                            .about(verbs::group_about(group))
                            .subcommand_required(verbs::bare(group).is_none())
                            .arg_required_else_help(verbs::bare(group).is_none())
                            .disable_help_subcommand(true),
                    );
                }
                top = top.mut_subcommand(group, |command| command.subcommand(leaf(verb, word)));
            }
        }
    }
    top
}

const LONG: &str = "\
The release desk for two: schedule, verification queue, rollout sites and retrospective.

Without a command the screen opens. WHEN is a date (2026-11-27), a time (2026-11-27 14:00), \
`today`, `fri`, `next fri`, `+3d`, `-2w`, `+5bd` (working days), `27 Nov`, or any of them with `AoE`.";

const EXIT_CODES: &str = "\
Exit codes: 0 done; 1 failed; 2 wrong usage; 3 not found; 4 refused by a rule; 5 a check did not hold.";

/// A parsing error, or the help and the version, which are none.
fn usage(error: &clap::Error, json: bool) -> ExitCode {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            drop(error.print());
            ExitCode::SUCCESS
        }
        _ if json => {
            let text = error.render().to_string();
            // The first sentence and what is named under it, in one line.
            let named = text
                .lines()
                .take_while(|line| !line.is_empty())
                .map(str::trim);
            let message = named.collect::<Vec<_>>().join(" ");
            let message = message.strip_prefix("error: ").unwrap_or(&message);
            complain(
                &Refusal::usage(format!("{message}."), "`relmate --help` shows how."),
                true,
            )
        }
        _ => {
            drop(error.print());
            ExitCode::from(RefusalKind::Usage.exit_code())
        }
    }
}

/// One sentence and a hint on standard error.
fn complain(refusal: &Refusal, json: bool) -> ExitCode {
    use std::io::Write;

    use crate::domain::plain::{plain, plain_json};
    let text = if json {
        let object = serde_json::json!({"error": refusal}).to_string();
        format!("{}\n", plain_json(&object))
    } else {
        let hint = refusal
            .hint
            .as_deref()
            .map(|hint| format!("hint: {}\n", plain(hint)));
        format!(
            "error: {}\n{}",
            plain(&refusal.message),
            hint.unwrap_or_default()
        )
    };
    drop(std::io::stderr().lock().write_all(text.as_bytes()));
    ExitCode::from(refusal.kind.exit_code())
}
