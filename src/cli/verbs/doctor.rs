//! `doctor`: is the desk sound, and does its projection say what its log says?

use clap::{ArgMatches, Args, FromArgMatches};

use super::super::context::Context;
use super::super::verb::Own;
use super::super::waiting;
use serde_json::json;

use crate::domain::attention::quoted;
use crate::domain::listed::listed;
use crate::workspace::care::{self, Checked};
use crate::workspace::deed::Group;
use crate::workspace::look::device_clock;
use crate::workspace::refusal::{Refusal, RefusalKind};
use crate::workspace::share::status::{self, Status};
use crate::workspace::share::words;
use crate::workspace::share::{home, page};

pub(super) const VERB: Own = Own {
    name: "doctor",
    about: "Check the desk: file, history, projection",
    group: Group::Care,
    args: DoctorArgs::augment_args,
    run,
};

#[derive(Args)]
struct DoctorArgs {
    /// Project the whole history anew
    #[arg(long)]
    rebuild: bool,
    /// What to send with a bug report: versions and counts, no names and no texts
    #[arg(long)]
    report: bool,
}

fn run(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(DoctorArgs::from_arg_matches(matches))?;
    if args.rebuild && context.globals.read_only {
        return Err(Refusal::rule(
            "A rebuild changes the desk.",
            "Leave --read-only out.",
        ));
    }
    let path = context.desk_path()?;
    let checked: Checked = if args.rebuild {
        care::rebuild(&path)?
    } else {
        care::check(&path)?
    };
    let share = shared(context)?;
    // A desk that cannot be read so far has been told of already, or will be.
    let ahead = device_clock::records(&path, context.now).unwrap_or_default();
    print(context, (&checked, share.as_ref(), &ahead), &args)?;
    if let Some(warning) = home::warning(&path) {
        context.out.warn(&warning);
    }
    if checked.agrees || args.rebuild {
        return Ok(());
    }
    Err(Refusal::new(
        RefusalKind::Check,
        "The desk's projection is wrong.",
        "Run `relmate doctor --rebuild`; the history itself is sound.",
    ))
}

/// What stands in the folder where the desk meets others, if it is shared.
fn shared(context: &mut Context) -> Result<Option<Status>, Refusal> {
    let here = super::share::here(context)?;
    match waiting::during(context, &here, status::status) {
        Ok(status) => Ok(Some(status)),
        Err(refusal) if refusal.kind == RefusalKind::Refused => Ok(None),
        Err(refusal) => Err(refusal),
    }
}

/// What lies in the folder, as `share status` says it, and which steps ask for a look.
fn share_lines(status: &Status) -> Vec<String> {
    let others = status.members.iter();
    let others = others.filter(|it| !it.removed && !it.this_device).count();
    let mut lines = vec![match &status.trouble {
        Some(trouble) => format!("Shared with {others}. {trouble}"),
        None => format!(
            "Shared with {others}: {} in the folder.",
            words::files(status.files.len() + status.unnamed)
        ),
    }];
    if status.unrecognised {
        lines.push(words::UNRECOGNISED.to_owned());
    }
    let told = page::folder(status).into_iter();
    lines.extend(told.map(|(label, text)| format!("  {label}  {text}")));
    let newer = status.set_aside.iter().filter(|it| it.newer).count();
    let void = status.set_aside.len() - newer;
    if newer > 0 {
        lines.push(format!(
            "Kept for a newer relmate: {}.",
            words::steps(newer as u64)
        ));
    }
    if void > 0 {
        lines.push(format!(
            "Kept and not counted: {}.",
            words::steps(void as u64)
        ));
    }
    if newer + void > 0 {
        lines.push("`relmate share status` names each with its reason.".to_owned());
    }
    lines
}

fn print(
    context: &mut Context,
    (checked, share, ahead): (&Checked, Option<&Status>, &[String]),
    args: &DoctorArgs,
) -> Result<(), Refusal> {
    let Checked {
        commits,
        records,
        agrees,
    } = *checked;
    if context.globals.json {
        let version = env!("CARGO_PKG_VERSION");
        return context.json(
            "doctor",
            &json!({
                "commits": commits, "records": records, "agrees": agrees, "rebuilt": args.rebuild,
                "version": version, "share": share, "entered_ahead": ahead,
            }),
        );
    }
    let out = &mut context.out;
    if args.report {
        let (os, arch) = (std::env::consts::OS, std::env::consts::ARCH);
        out.line(&format!(
            "relmate {} on {os} {arch}",
            env!("CARGO_PKG_VERSION")
        ));
        out.line(&format!(
            "commits {commits}, records {records}, projection agrees: {agrees}"
        ));
        return Ok(());
    }
    out.line(&format!("The history holds together: {commits} commits."));
    out.line(&match (args.rebuild, agrees) {
        (true, true) => format!("Projected anew: {records} records, the same as before."),
        (true, false) => {
            format!(
                "Projected anew: {records} records; it was not what the history says, now it is."
            )
        }
        (false, true) => format!("The desk is what the history says: {records} records."),
        (false, false) => "The desk is not what the history says.".to_owned(),
    });
    for line in share.iter().flat_map(|share| share_lines(share)) {
        out.line(&line);
    }
    if let Some(line) = clock_line(ahead) {
        out.line(&line);
    }
    Ok(())
}

/// The records that stand in a state from the future, by somebody's clock.
fn clock_line(ahead: &[String]) -> Option<String> {
    let (stand, first) = match ahead {
        [] => return None,
        [one] => ("1 record stands".to_owned(), one),
        [first, ..] => (format!("{} records stand", ahead.len()), first),
    };
    Some(format!(
        "{stand} in a state from a moment that is yet to come, because a clock was wrong: {}. `relmate why {}` says whose, and what to do.",
        listed(ahead),
        quoted(first)
    ))
}
