//! `profile show`, `test`: the community's process.

use clap::{ArgMatches, Args, FromArgMatches};

use super::super::context::Context;
use super::super::verb::Own;
use crate::domain::profile::parse;
use crate::workspace::deed::Group;
use crate::workspace::profiles;
use crate::workspace::refusal::Refusal;

pub(super) const SHOW: Own = Own {
    name: "profile show",
    about: "The desk's process, or a shipped one by name",
    group: Group::Care,
    args: ShowArgs::augment_args,
    run: show,
};

pub(super) const TEST: Own = Own {
    name: "profile test",
    about: "Check a profile without using it",
    group: Group::Care,
    args: TestArgs::augment_args,
    run: test,
};

#[derive(Args)]
struct ShowArgs {
    /// A shipped profile; without it the desk's own
    name: Option<String>,
}

fn show(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(ShowArgs::from_arg_matches(matches))?;
    let text = match &args.name {
        Some(name) => profiles::text(name)?,
        None => context.look(|look| Ok(look.reader.profile_text()?))?,
    };
    if context.globals.json {
        return context.json("profile", &parse::parse(&text)?);
    }
    context.out.lines(&text);
    Ok(())
}

#[derive(Args)]
struct TestArgs {
    /// A TOML file
    file: String,
}

fn test(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(TestArgs::from_arg_matches(matches))?;
    let profile = parse::parse(&profiles::text(&args.file)?)?;
    if context.globals.json {
        return context.json("profile", &profile);
    }
    context.out.line(&format!(
        "{} ({}): {} states, {} criteria, {} milestone templates. It can be used.",
        profile.title,
        profile.name,
        profile.state.len(),
        profile.criterion.len(),
        profile.milestones.len()
    ));
    Ok(())
}
