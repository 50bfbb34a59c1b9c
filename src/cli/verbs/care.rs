//! `backup`, `restore`, `completions`, `man`.

use clap::{ArgMatches, Args, FromArgMatches};

use super::super::context::Context;
use super::super::verb::Own;
use crate::workspace::care;
use crate::workspace::deed::Group;
use crate::workspace::refusal::{Refusal, RefusalKind};
use crate::workspace::share::here;

pub(super) const BACKUP: Own = Own {
    name: "backup",
    about: "A whole copy of the desk in one file",
    group: Group::Care,
    args: FileArgs::augment_args,
    run: backup,
};

pub(super) const RESTORE: Own = Own {
    name: "restore",
    about: "Put a backup in the desk's place; the present desk is kept beside it",
    group: Group::Care,
    args: FileArgs::augment_args,
    run: restore,
};

pub(super) const COMPLETIONS: Own = Own {
    name: "completions",
    about: "Completions for bash, zsh, fish, elvish or powershell",
    group: Group::Care,
    args: ShellArgs::augment_args,
    run: completions,
};

pub(super) const MAN: Own = Own {
    name: "man",
    about: "The manual page",
    group: Group::Care,
    args: NoArgs::augment_args,
    run: man,
};

#[derive(Args)]
struct FileArgs {
    /// The file
    file: std::path::PathBuf,
}

fn backup(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(FileArgs::from_arg_matches(matches))?;
    let path = context.desk_path()?;
    care::backup(&path, &args.file)?;
    context.out.line(&format!(
        "{} is a whole copy of {}.",
        args.file.display(),
        path.display()
    ));
    Ok(())
}

fn restore(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(FileArgs::from_arg_matches(matches))?;
    if context.globals.read_only {
        return Err(Refusal::rule(
            "A restore changes the desk.",
            "Leave --read-only out.",
        ));
    }
    let path = match context.desk_path() {
        // On a new machine it gets the place that a desk of its name has.
        Err(refusal) if refusal.kind == RefusalKind::NotFound => {
            care::usual_place(&args.file, context.places()?)?
        }
        path => path?,
    };
    let kept = care::restore(&args.file, &path, context.now.timestamp())?;
    context.out.line(&format!(
        "{} is back in {}.",
        args.file.display(),
        path.display()
    ));
    if let Some(kept) = &kept {
        context.out.line(&format!(
            "The desk that was there is kept as {}.",
            kept.display()
        ));
    }
    for line in here::after_restore(&path, context.places()?, kept.as_deref())? {
        context.out.line(&line);
    }
    Ok(())
}

#[derive(Args)]
struct ShellArgs {
    /// bash, zsh, fish, elvish or powershell
    shell: clap_complete::Shell,
}

fn completions(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(ShellArgs::from_arg_matches(matches))?;
    let mut text = Vec::new();
    clap_complete::generate(
        args.shell,
        &mut super::super::command(),
        "relmate",
        &mut text,
    );
    context.out.raw(&String::from_utf8_lossy(&text));
    Ok(())
}

#[derive(Args)]
struct NoArgs {}

fn man(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let NoArgs {} = super::parsed(NoArgs::from_arg_matches(matches))?;
    context.out.raw(&super::super::manual::page());
    Ok(())
}
