//! What needs a human, as rows: the lines themselves come with their severity from the
//! desk. Not so many that they need a window.

use super::cells::left;
use super::clean;
use super::rows::{Cells, Duty, Key, Place, Row, Tone, Window, WindowAsk};
use crate::domain::attention::{Severity, wording};
use crate::domain::kind::Kind;
use crate::store::AttentionRow;
use crate::workspace::look::{Judged, Look, status};
use crate::workspace::refusal::Refusal;

/// The most lines of attention and of schedule that are ever read: more is not looked at.
pub(super) const MOST: usize = 1000;

pub(super) fn window(look: &Look<'_>, judged: &Judged, ask: &WindowAsk) -> Result<Window, Refusal> {
    let limit = ask.limit.max(MOST);
    let mut lines = look.reader.attention(look.today, None, limit)?;
    lines.truncate(limit);
    let rows = lines.into_iter().enumerate().map(|(n, line)| Row {
        key: Key {
            kind: line.kind,
            id: clean(&line.id),
        },
        tone: match line.severity {
            Severity::Breach => Tone::Breach,
            Severity::Duty => Tone::Duty,
            Severity::Due => Tone::Due,
            Severity::Info => Tone::Info,
        },
        place: numbered(n),
        cells: Cells::Duty(of_duty(look, judged, &line)),
    });
    Ok(Window {
        rows: rows.collect(),
        above: None,
        more: false,
    })
}

/// The place of a row in a pane that is read whole.
pub(super) fn numbered(n: usize) -> Place {
    Place {
        sort: format!("{n:08}"),
        ..Place::default()
    }
}

fn of_duty(look: &Look<'_>, judged: &Judged, line: &AttentionRow) -> Duty {
    let (what, step) = wording(line.code, line.severity, &line.what, &line.step);
    let days = match status::days_left(look.today, Some(judged), line) {
        (Some(days), unit) => left(days, unit),
        (None, _) => String::new(),
    };
    Duty {
        code: line.code,
        title: clean(&line.title),
        what: clean(what),
        days,
        who: line.who.as_deref().map(clean).unwrap_or_default(),
        step: clean(step),
    }
}

/// Open actions whose day has passed; they come first, so few rows are read.
pub(super) fn late_actions(look: &Look<'_>) -> Result<u64, Refusal> {
    let open = look.reader.first_open(Kind::Action, 100)?;
    let late = open
        .iter()
        .filter(|row| row.due_on.is_some_and(|due| due < look.today));
    Ok(late.count() as u64)
}
