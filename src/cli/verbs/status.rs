//! `status`: the desk in one screen of text, one prompt line, or one exit code.

use clap::{ArgMatches, Args, FromArgMatches};

use super::super::context::Context;
use super::super::output::Tone;
use super::super::verb::Own;
use crate::domain::attention::Severity;
use crate::domain::listed::listed;
use crate::domain::plain::plain;
use crate::domain::queue::state::State;
use crate::workspace::deed::Group;
use crate::workspace::look::status::{self, AttentionLine, LINES, Status, StatusCounts};
use crate::workspace::refusal::{Refusal, RefusalKind};

pub(super) const VERB: Own = Own {
    name: "status",
    about: "The desk in one look: cycle, next milestone, counts, what needs attention",
    group: Group::Look,
    args: StatusArgs::augment_args,
    run,
};

#[derive(Args)]
struct StatusArgs {
    /// One short line for a shell prompt
    #[arg(long)]
    prompt: bool,
    /// Exit 5 on anything overdue, a broken promise or an unsent delay notice
    #[arg(long)]
    check: bool,
}

fn run(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(StatusArgs::from_arg_matches(matches))?;
    let status = context.look(|look| status::status(look, LINES))?;
    if context.globals.json {
        context.json("status", &status)?;
    } else if args.prompt {
        context.out.line(&prompt(&status));
    } else {
        print(context, &status);
    }
    if args.check { check(&status) } else { Ok(()) }
}

/// The status, where a screen was asked for and there is no terminal.
pub(super) fn run_plain(context: &mut Context) -> Result<(), Refusal> {
    let status = context.look(|look| status::status(look, LINES))?;
    if context.globals.json {
        return context.json("status", &status);
    }
    print(context, &status);
    Ok(())
}

/// "1 promise", "2 promises".
fn many(n: u64, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}

fn check(status: &Status) -> Result<(), Refusal> {
    let counts = &status.counts;
    if counts.breaches == 0 && counts.unsent_delay_notices == 0 {
        return Ok(());
    }
    Err(Refusal::new(
        RefusalKind::Check,
        format!(
            "{} overdue, {}, {} not sent, {} passed in all.",
            counts.overdue,
            many(counts.broken_promises, "broken promise"),
            many(counts.unsent_delay_notices, "delay notice"),
            many(counts.breaches, "limit"),
        ),
        "`relmate next` says what would settle each.",
    ))
}

fn prompt(status: &Status) -> String {
    let mut parts = Vec::new();
    let counts = &status.counts;
    if counts.breaches > 0 {
        parts.push(format!("{} late", counts.breaches));
    }
    if counts.due_soon > 0 {
        parts.push(format!("{} due soon", counts.due_soon));
    }
    if counts.drafts > 0 {
        parts.push(format!("{} to send", counts.drafts));
    }
    if let Some(next) = &status.next_milestone
        && let Some(days) = next.days_left
    {
        parts.push(format!("{} in {days} d", next.code));
    }
    if let Some(sharing) = &status.sharing {
        parts.push(sharing.brief.to_owned());
    }
    if parts.is_empty() {
        format!("{} ok", status.project)
    } else {
        format!("{} {}", status.project, parts.join(", "))
    }
}

fn print(context: &mut Context, status: &Status) {
    let title = match &status.cycle {
        Some(cycle) => {
            let release = cycle
                .release
                .map(|day| format!(", release {day}"))
                .unwrap_or_default();
            let week = match (&cycle.week, cycle.days_left) {
                (Some(week), Some(days)) => format!(", {week} ({days} d)"),
                _ => String::new(),
            };
            format!(
                "{}: {} ({}){release}{week}",
                status.project, cycle.name, cycle.state
            )
        }
        None => format!("{}: no cycle yet", status.project),
    };
    let title = context.out.tint(Tone::Bold, &title);
    context.out.raw(&title);
    match &status.next_milestone {
        Some(next) => {
            let when = match next.days_left {
                Some(days) if days < 0 => format!("{} d late", -days),
                Some(0) => "today".to_owned(),
                Some(days) => format!("in {days} d"),
                None => "no date".to_owned(),
            };
            let day = next.due.map(|day| format!(", {day}")).unwrap_or_default();
            context.out.line(&format!(
                "Next milestone: {} {}{day}, {when}",
                next.code, next.name
            ));
        }
        None => context.out.line("Next milestone: none"),
    }
    let counts = &status.counts;
    let queue = queue(counts);
    context.out.line(&format!("Queue: {queue}"));
    context.out.line(&format!(
        "Clocks: {} overdue, {} broken, {} due soon; outbox: {} drafted; conflicts: {}",
        counts.overdue,
        many(counts.broken_promises, "promise"),
        counts.due_soon,
        counts.drafts,
        counts.conflicts
    ));
    sharing(context, status);
    context.out.line("");
    lines(context, &status.attention, status.attention_total);
}

/// Who asks to share the desk, what holds the exchange up, and whose clock is ahead.
fn sharing(context: &mut Context, status: &Status) {
    if !status.asking.is_empty() {
        let asks = if status.asking.len() == 1 {
            "asks"
        } else {
            "ask"
        };
        context.out.line(&format!(
            "Sharing: {} {asks} to be let in; `relmate share approve` takes the words that they read to you",
            plain(&listed(&status.asking))
        ));
    }
    if let Some(sharing) = &status.sharing {
        context.out.line(&format!("Sharing: {}", sharing.sentence));
    }
    if let Some(clocks) = &status.clocks {
        context.out.line(&format!("Clock: {clocks}"));
    }
}

/// "3 unverified, 5 verification", in the order of the process.
fn queue(counts: &StatusCounts) -> String {
    let queue: Vec<String> = State::ALL
        .into_iter()
        .filter_map(|state| Some((state, *counts.queue.get(state.word())?)))
        .filter(|(_, n)| *n > 0)
        .map(|(state, n)| format!("{n} {}", state.word()))
        .collect();
    if queue.is_empty() {
        "empty".to_owned()
    } else {
        queue.join(", ")
    }
}

/// What needs a human, as a table.
pub(super) fn lines(context: &mut Context, attention: &[AttentionLine], total: u64) {
    if attention.is_empty() {
        context.out.line("Nothing needs a human today.");
        return;
    }
    let header = format!("Needs a human: {total}");
    let header = context.out.tint(Tone::Bold, &header);
    context.out.raw(&header);
    let mut table =
        super::super::table::Table::new(&["", "id", "what", "stands", "days", "who", "next step"]);
    for line in attention {
        let days = match (line.days_left, line.unit) {
            (Some(days), _) if days < 0 => format!("{:+}", -days),
            (Some(days), "d") => days.to_string(),
            (Some(days), unit) => format!("{days} {unit}"),
            (None, _) => String::new(),
        };
        table.row(
            tone(line.severity),
            [
                mark(line.severity),
                &line.id,
                &line.title,
                &line.what,
                &days,
                line.who.as_deref().unwrap_or("-"),
                &line.step,
            ],
        );
    }
    table.print(&mut context.out);
    let shown = attention.len() as u64;
    if total > shown {
        context.out.line(&format!(
            "… and {} more: `relmate next --all`.",
            total - shown
        ));
    }
}

fn mark(severity: Severity) -> &'static str {
    match severity {
        Severity::Breach => "!!",
        Severity::Duty => "!",
        Severity::Due => ">",
        Severity::Info => ".",
    }
}

fn tone(severity: Severity) -> Option<Tone> {
    match severity {
        Severity::Breach => Some(Tone::Bad),
        Severity::Duty => Some(Tone::Warn),
        Severity::Due => None,
        Severity::Info => Some(Tone::Faint),
    }
}
