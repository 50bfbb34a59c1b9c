//! `sync`: one exchange with the other manager, or one whenever something changes.

use clap::{ArgMatches, Args, FromArgMatches};

use super::super::context::Context;
use super::super::verb::Own;
use super::super::waiting;
use crate::workspace::deed::Group;
use crate::workspace::now;
use crate::workspace::refusal::Refusal;
use crate::workspace::share::exchange::{self, Exchanged, How, Memory};
use crate::workspace::share::{self, Here, home, sentence, words};

pub(super) const VERB: Own = Own {
    name: "sync",
    about: "Exchange with the other manager through the shared folder",
    group: Group::Sharing,
    args: SyncArgs::augment_args,
    run,
};

#[derive(Args)]
struct SyncArgs {
    /// Go on exchanging until it is stopped
    #[arg(long)]
    watch: bool,
    /// Put everything back on a folder that has lost it
    #[arg(long, conflicts_with = "watch")]
    refill: bool,
}

fn run(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(SyncArgs::from_arg_matches(matches))?;
    context.refuse_changes()?;
    let here = super::share::here(context)?;
    if args.watch {
        watch(context, here);
        return Ok(());
    }
    let how = if args.refill { How::Refill } else { How::Asked };
    let done = waiting::during(context, &here, |here| {
        exchange::exchange(here, how, &mut Memory::default())
    })?;
    report(context, &here, &done)?;
    held(&done)
}

/// Exchanges at once, and then whenever the desk or the folder changes, and every half minute.
fn watch(context: &mut Context, here: Here) {
    let mut shown = String::new();
    let doing = waiting::doing(context);
    share::watch::forever(here, now::now, doing, |news| {
        match news {
            Ok(news) => {
                let moved = news.done.pulled() + news.done.round.published > 0;
                if moved || news.standing.words != shown {
                    tell(context, &news.done);
                    context.out.line(&sentence(&news.standing.words));
                    shown = news.standing.words;
                }
            }
            Err(refusal) => context.out.warn(&refusal.message),
        }
        // A pipe that is gone ends the process by itself.
        drop(context.out.flush());
    });
}

/// What was exchanged, a line each; what should be looked at goes to standard error.
pub(super) fn tell(context: &mut Context, done: &Exchanged) {
    for line in words::said(done) {
        context.out.line(&line);
    }
    for line in words::warned(done) {
        context.out.warn(&line);
    }
}

fn report(context: &mut Context, here: &Here, done: &Exchanged) -> Result<(), Refusal> {
    let standing = words::standing(done, here.now);
    if !context.globals.json {
        tell(context, done);
        if let Some(warning) = home::warning(&here.path) {
            context.out.warn(&warning);
        }
        context.out.line(&sentence(&standing.words));
        return Ok(());
    }
    let round = &done.round;
    context.json(
        "sync",
        &serde_json::json!({
            "folder": done.folder.display().to_string(),
            "received": done.pulled(),
            "published": round.published,
            "relayed": round.relayed,
            "to_publish": round.unpublished,
            "waiting": round.waiting.len(),
            "newer": round.newer.len(),
            "foreign": round.foreign.len(),
            "files_read": round.reads,
            "listings": round.listings,
            "standing": standing.words,
            "held": done.held,
            "desk_words": done.code,
            "new_replica": done.reborn,
        }),
    )
}

/// An exchange that did not take place is a failure for whoever calls from a script.
fn held(done: &Exchanged) -> Result<(), Refusal> {
    if done.held.is_none() {
        return Ok(());
    }
    Err(Refusal::failed(
        "The desk and its folder could not be brought in step.",
        "`relmate share status` says what stands where; nothing of yours is lost.",
    ))
}
