//! The open tickets as columns of their states, in the order of the process. Reads no more
//! cards than are asked for; how many there are is told by counts, or by what passes.

use std::ops::ControlFlow;

use super::GoOn;
use super::cells;
use super::rows::{Pane, Place, Row, Start, StateColumn, StatesAsk, WindowAsk};
use super::search::Search;
use crate::domain::kind::Kind;
use crate::domain::queue::state::State;
use crate::store::{RecordRow, Scan};
use crate::workspace::look::{Judged, Look};
use crate::workspace::refusal::Refusal;

/// The columns; none if nobody waits for them any more.
pub fn by_state(
    look: &Look<'_>,
    judged: &Judged,
    ask: &StatesAsk,
    go_on: GoOn<'_>,
) -> Result<Option<Vec<StateColumn>>, Refusal> {
    let mut columns: Vec<StateColumn> = State::ALL
        .into_iter()
        .filter(|state| state.is_open())
        .map(|state| StateColumn {
            state: state.word(),
            label: super::clean(judged.profile.label(state)),
            ..StateColumn::default()
        })
        .collect();
    if ask.filter.trim().is_empty() {
        let counts = look.reader.counts(look.today)?;
        for column in &mut columns {
            let state = column.state;
            let tickets = counts.states.iter();
            column.count = tickets
                .filter(|(kind, word, _)| kind == Kind::Ticket.word() && word == state)
                .map(|(_, _, n)| n)
                .sum();
            for record in look.reader.first_in_state(Kind::Ticket, state, ask.limit)? {
                column.rows.extend(card(look, judged, &record)?);
            }
        }
        return Ok(Some(columns));
    }
    let Some(found) = passing(look, judged, ask, go_on)? else {
        return Ok(None);
    };
    for (state, num) in found {
        let Some(column) = columns.iter_mut().find(|column| column.state == state) else {
            continue;
        };
        column.count += 1;
        if column.rows.len() < ask.limit
            && let Some(record) = look.reader.by_num(num)?
        {
            column.rows.extend(card(look, judged, &record)?);
        }
    }
    Ok(Some(columns))
}

/// State and number of every open ticket that passes the filter, the most urgent first.
fn passing(
    look: &Look<'_>,
    judged: &Judged,
    ask: &StatesAsk,
    go_on: GoOn<'_>,
) -> Result<Option<Vec<(String, i64)>>, Refusal> {
    let window = WindowAsk {
        filter: ask.filter.clone(),
        ..WindowAsk::new(Pane::Queue, Start::Top, 0)
    };
    let mut search = Search::new(look, judged, &window, go_on);
    let scan = Scan {
        kind: Kind::Ticket,
        open: true,
        beyond: None,
        backwards: false,
        by_text: false,
    };
    let mut found = Vec::new();
    let whole = search.each(&scan, &mut |search, met| {
        met.brief(&mut |brief| {
            if search.passes(brief)? {
                found.push((brief.state.to_owned(), brief.num));
            }
            Ok(ControlFlow::Continue(()))
        })
    })?;
    Ok(whole.then_some(found))
}

fn card(look: &Look<'_>, judged: &Judged, record: &RecordRow) -> Result<Option<Row>, Refusal> {
    cells::row(look, judged, Place::default(), record, &[])
}
