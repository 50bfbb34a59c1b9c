//! `holidays` without a file: the days nobody works.

use serde_json::json;

use super::super::context::Context;
use crate::workspace::refusal::Refusal;

/// Lists the days; with a file it is a deed that adds them.
pub(super) fn list(context: &mut Context) -> Result<(), Refusal> {
    let days = context.look(|look| Ok(look.reader.holidays()?))?;
    if context.globals.json {
        return context.json("holidays", &json!({"items": days}));
    }
    if days.is_empty() {
        context
            .out
            .line("No holidays yet. `relmate holidays FILE` adds them.");
    }
    for day in days {
        context.out.line(&format!("{} {}", day.day, day.name));
    }
    Ok(())
}
