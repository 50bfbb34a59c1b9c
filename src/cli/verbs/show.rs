//! `show`: a record with its fields, remarks and what it is linked to.

use clap::{ArgMatches, Args, FromArgMatches};

use super::super::context::Context;
use super::super::verb::Own;
use crate::workspace::deed::Group;
use crate::workspace::look::card::{self, Card};
use crate::workspace::look::{conflicts, gate, log};
use crate::workspace::refusal::Refusal;
use crate::workspace::share::sentence;

pub(super) const VERB: Own = Own {
    name: "show",
    about: "A record: its fields, its remarks, what needs doing",
    group: Group::Look,
    args: ShowArgs::augment_args,
    run,
};

#[derive(Args)]
struct ShowArgs {
    /// An id or a name
    id: String,
    /// Remarks that are for the managers only, too
    #[arg(long)]
    private: bool,
}

fn run(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(ShowArgs::from_arg_matches(matches))?;
    // What is settled is settled now: of the desk as it was, only that it was in dispute is told.
    let then = context.globals.as_of.is_some() || context.globals.known_at.is_some();
    let (card, open) = context.look_at(&args.id, |look| {
        let card = card::card(look, &args.id, args.private)?;
        let open = if !then && (card.contested || card.broken) {
            super::conflicts::told(&conflicts::named(look, &args.id)?, look)
        } else {
            Vec::new()
        };
        Ok((card, open))
    })?;
    if context.globals.json {
        return context.json(card.kind, &card.json());
    }
    print(context, &card, &open);
    Ok(())
}

/// `open` is what two managers have to settle of it, its title first.
fn print(context: &mut Context, card: &Card, open: &[String]) {
    let out = &mut context.out;
    out.line(&format!("{} {}", card.kind, card.title));
    if card.needs_newer {
        out.line(&sentence(gate::NEWER));
    }
    if let Some(clock) = &card.device_clock {
        out.line(&format!("Clock: {clock}"));
    }
    let width = card
        .fields
        .iter()
        .map(|field| field.label.chars().count())
        .max()
        .unwrap_or(0);
    for field in card.fields.iter().filter(|field| !field.text.is_empty()) {
        if field.text.contains('\n') {
            out.line(&format!("{}:", field.label));
            for line in field.text.lines() {
                out.line(&format!("  {line}"));
            }
        } else {
            out.line(&format!("{:width$}  {}", field.label, field.text));
        }
    }
    if !open.is_empty() {
        out.line("To be settled:");
    }
    for line in open.iter().skip(1) {
        out.line(line);
    }
    for duty in &card.duties {
        out.line(&format!("To do: {} ({})", duty.step, duty.what));
    }
    for remark in &card.remarks {
        let private = if remark.private { ", private" } else { "" };
        let who = log::who(&remark.by, remark.on_behalf.as_deref());
        out.line(&format!("{} {who}{private}: {}", remark.at, remark.text));
    }
}
