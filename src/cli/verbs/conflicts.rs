//! `conflicts`: what two managers have to settle, with what each wrote and had seen.

use clap::{ArgMatches, Args, FromArgMatches};
use serde_json::json;

use super::super::context::Context;
use super::super::verb::Own;
use crate::domain::attention::quoted;
use crate::domain::plain::{plain, plain_lines};
use crate::workspace::deed::Group;
use crate::workspace::look::conflicts::{self, Conflict, Contest, Side};
use crate::workspace::look::log;
use crate::workspace::refusal::Refusal;

pub(super) const VERB: Own = Own {
    name: "conflicts",
    about: "What two managers have to settle: both values, whose, when, and what each had seen",
    group: Group::Look,
    args: ConflictsArgs::augment_args,
    run,
};

#[derive(Args)]
struct ConflictsArgs {
    /// Only those of this record; `desk` is the desk itself
    id: Option<String>,
}

fn run(matches: &ArgMatches, context: &mut Context) -> Result<(), Refusal> {
    let args = super::parsed(ConflictsArgs::from_arg_matches(matches))?;
    let (items, lines) = context.look(|look| {
        let items = match &args.id {
            Some(id) => vec![conflicts::named(look, id)?],
            None => conflicts::all(look)?,
        };
        let lines: Vec<String> = items.iter().flat_map(|it| told(it, look)).collect();
        Ok((items, lines))
    })?;
    if context.globals.json {
        return context.json("conflicts", &json!({"items": items}));
    }
    if lines.is_empty() {
        context.out.line(conflicts::NOTHING);
    }
    for line in lines {
        context.out.line(&line);
    }
    Ok(())
}

/// A record with everything that is open about it.
pub(super) fn told(conflict: &Conflict, look: &crate::workspace::look::Look<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    if conflict.fields.is_empty() && conflict.violations.is_empty() {
        lines.push(plain(&conflict.title).into_owned());
        lines.push(format!("  {}", conflicts::NOTHING));
        return lines;
    }
    lines.push(plain(&conflict.title).into_owned());
    for contest in &conflict.fields {
        lines.extend(field(contest));
        if let Some(put_off) = &contest.put_off {
            lines.extend(block("put off", &put_off.sentence(look)));
        }
        for side in &contest.sides {
            lines.extend(one(side, look));
        }
        let command = format!("relmate resolve {} {}", quoted(&conflict.id), contest.field);
        let ways: Vec<&str> = contest.ways().iter().map(|way| way.word()).collect();
        lines.push(format!(
            "    settle it: {command} {} --because WHY",
            ways.join("|")
        ));
        if let Some(along) = contest.goes_along() {
            lines.push(format!(
                "    goes along with mine, theirs and later: {}; not with --alone",
                plain(&along)
            ));
        }
    }
    for broken in &conflict.violations {
        lines.push(format!("  breaks a rule: {}", plain(&broken.what)));
        for step in &broken.steps {
            let when = conflicts::moment(look, &step.recorded);
            let by = log::who(&step.by, step.on_behalf.as_deref());
            let (by, action) = (plain(&by), plain(&step.action));
            let step = conflicts::step(&step.commit, &step.desk);
            lines.push(format!("    {by}, {when}, {step}: {action}"));
        }
        lines.push(format!("    mend it: {}", plain(&broken.mend)));
    }
    lines
}

fn field(contest: &Contest) -> Vec<String> {
    let head = format!(
        "  {} ({}), shown as {}",
        plain(&contest.label),
        contest.field,
        conflicts::brief(&plain(&contest.shown))
    );
    let mut lines = vec![head];
    lines.extend(block("before both", &contest.base_text));
    lines
}

fn one(side: &Side, look: &crate::workspace::look::Look<'_>) -> Vec<String> {
    let who = log::who(&side.by, side.on_behalf.as_deref());
    let when = conflicts::moment(look, &side.recorded);
    let step = conflicts::step(&side.commit, &side.desk);
    let head = format!("{}, {when}, {step}", plain(&who));
    let mut lines = block(&head, &side.text);
    for seen in &side.seen {
        lines.push(format!("      {}", plain(&seen.sentence(look))));
    }
    lines
}

/// A value behind its heading; a long one below it.
fn block(head: &str, text: &str) -> Vec<String> {
    let text = plain_lines(text);
    if text.trim().is_empty() {
        return vec![format!("    {head}: nothing")];
    }
    if !text.trim_end().contains('\n') {
        return vec![format!("    {head}: {}", text.trim_end())];
    }
    let mut lines = vec![format!("    {head}:")];
    lines.extend(text.lines().map(|line| format!("      | {line}")));
    lines
}
