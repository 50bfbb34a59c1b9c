//! `profile show`, `edit`, `test`: the community's process.

use clap::{ArgMatches, Args, FromArgMatches};

use super::super::context::Context;
use super::super::verb::{Group, Verb};
use crate::domain::profile::parse;
use crate::workspace::action::Action;
use crate::workspace::profiles;
use crate::workspace::refusal::Refusal;

pub(super) const SHOW: Verb = Verb {
    name: "profile show",
    about: "The desk's process, or a shipped one by name",
    group: Group::Care,
    args: ShowArgs::augment_args,
    run: show,
};

pub(super) const EDIT: Verb = Verb {
    name: "profile edit",
    about: "Adapt the process, with a reason; limits in force on entry still apply",
    group: Group::Care,
    args: EditArgs::augment_args,
    run: edit,
};

pub(super) const TEST: Verb = Verb {
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
struct EditArgs {
    /// The changed profile
    file: String,
    /// Why the process is adapted
    #[arg(long, value_name = "R", default_value = "")]
    reason: String,
}

fn edit(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(EditArgs::from_arg_matches(matches))?;
    let text = profiles::text(&args.file)?;
    context.open()?.perform(&Action::Profile {
        text,
        reason: args.reason,
    })
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
