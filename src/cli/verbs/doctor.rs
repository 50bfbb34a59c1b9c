//! `doctor`: is the desk sound, and does its projection say what its log says?

use clap::{ArgMatches, Args, FromArgMatches};

use super::super::context::Context;
use super::super::verb::{Group, Verb};
use serde_json::json;

use crate::store::{Checked, Store};
use crate::workspace::refusal::{Refusal, RefusalKind};

pub(super) const VERB: Verb = Verb {
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
        Store::open(&path)?.rebuild()?
    } else {
        Store::look(&path, &mut |reader| reader.check())?
    };
    if context.globals.json {
        context.json(
            "doctor",
            &json!({
                "commits": checked.commits, "records": checked.records, "agrees": checked.agrees,
                "rebuilt": args.rebuild, "version": env!("CARGO_PKG_VERSION"),
            }),
        )?;
    } else if args.report {
        context.out.line(&format!(
            "relmate {} on {} {}",
            env!("CARGO_PKG_VERSION"),
            std::env::consts::OS,
            std::env::consts::ARCH
        ));
        context.out.line(&format!(
            "commits {}, records {}, projection agrees: {}",
            checked.commits, checked.records, checked.agrees
        ));
    } else {
        context.out.line(&format!(
            "The history holds together: {} commits.",
            checked.commits
        ));
        context.out.line(&match (args.rebuild, checked.agrees) {
            (true, true) => format!(
                "Projected anew: {} records, the same as before.",
                checked.records
            ),
            (true, false) => format!(
                "Projected anew: {} records; it was not what the history says, now it is.",
                checked.records
            ),
            (false, true) => format!(
                "The desk is what the history says: {} records.",
                checked.records
            ),
            (false, false) => "The desk is not what the history says.".to_owned(),
        });
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
