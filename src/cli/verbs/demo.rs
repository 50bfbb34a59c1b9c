//! `demo`: the screen on a throw-away copy of the example desk.

use clap::{ArgMatches, Args, FromArgMatches};

use super::super::context::Context;
use super::super::verb::Own;
use crate::domain::attention::quoted;
use crate::workspace::deed::Group;
use crate::workspace::example;
use crate::workspace::refusal::Refusal;

pub(super) const VERB: Own = Own {
    name: "demo",
    about: "Open the screen on a throw-away example desk",
    group: Group::Care,
    args: DemoArgs::augment_args,
    run,
};

#[derive(Args)]
struct DemoArgs {
    /// Keep the example as a desk in this file instead, and do not open it
    #[arg(long, value_name = "FILE")]
    keep: Option<std::path::PathBuf>,
}

fn run(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(DemoArgs::from_arg_matches(matches))?;
    if let Some(file) = args.keep {
        example::build(&file, context.now)?;
        let desk = file.display().to_string();
        let desk = quoted(&desk);
        context.out.line(&format!(
            "The example desk is in {desk}; look at it with `relmate --desk {desk} status`."
        ));
        context.out.line(&format!(
            "To change something there, add `--as '{}'`.",
            example::PERSON
        ));
        return Ok(());
    }
    throwaway(context)
}

/// Opens the screen on an example that goes away with it.
pub(super) fn throwaway(context: &mut Context) -> Result<(), Refusal> {
    let folder = example::Throwaway::new()?;
    let path = folder.desk();
    example::build(&path, context.now)?;
    context.globals.desk = Some(path.display().to_string());
    let person = || example::PERSON.to_owned();
    context.globals.as_name.get_or_insert_with(person);
    if super::screen::possible() {
        super::screen::show(context, &path, true)
    } else {
        context
            .out
            .line("This is the example desk; there is no terminal here to open the screen on.");
        context.globals.at = None;
        super::status::run_plain(context)
    }
}
