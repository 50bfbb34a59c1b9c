//! Counts kept beside the projection, so that `status` never scans. Changed in
//! the same transaction as the rows they count.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};
use rusqlite::Connection;

use super::StoreError;
use super::query::Counts;
use crate::domain::attention::{Class, Duty, DutyCode};
use crate::domain::kind::Kind;
use crate::domain::problem::report::{Criticality, ProblemState};

/// Days since 1 January of year 1, as stored.
pub(super) fn day_number(day: NaiveDate) -> i64 {
    i64::from(day.num_days_from_ce())
}

/// The day of a stored number; an impossible one is the first day there is.
pub(super) fn day_of(number: i64) -> NaiveDate {
    i32::try_from(number)
        .ok()
        .and_then(NaiveDate::from_num_days_from_ce_opt)
        .unwrap_or(NaiveDate::MIN)
}

/// What a row adds to the counts, or takes away.
#[derive(Default)]
pub(super) struct Delta(HashMap<(&'static str, String, i64), i64>);

/// A record as the counts see it.
pub(super) struct Counted<'a> {
    pub kind: Kind,
    pub state: &'a str,
    pub open: bool,
    pub contested: bool,
    /// A message's kind and a problem's criticality, so that unsent delay notices and
    /// critical problems are counted.
    pub label: Option<&'a str>,
}

/// A duty as the counts see it.
pub(super) struct CountedDuty<'a> {
    pub code: u8,
    pub class: Class,
    pub due_on: i64,
    pub show_from: i64,
    pub who: Option<&'a str>,
}

impl<'a> CountedDuty<'a> {
    pub(super) fn of(duty: &'a Duty) -> Self {
        Self {
            code: duty.code.number(),
            class: duty.class,
            due_on: stored_due(duty),
            show_from: day_number(duty.show_from),
            who: duty.who.as_deref(),
        }
    }
}

/// A duty without a last day sorts by the day it came up.
pub(super) fn stored_due(duty: &Duty) -> i64 {
    day_number(duty.due_on.unwrap_or(duty.show_from))
}

impl Delta {
    fn add(&mut self, dim: &'static str, key: String, day: i64, n: i64) {
        *self.0.entry((dim, key, day)).or_default() += n;
    }

    pub(super) fn record(&mut self, row: &Counted<'_>, n: i64) {
        let kind = row.kind.word();
        self.add("state", format!("{kind}/{}", row.state), 0, n);
        if let Some(label) = row.label {
            self.add("label", format!("{kind}/{}/{label}", row.state), 0, n);
        }
        self.add(
            if row.open { "open" } else { "closed" },
            kind.to_owned(),
            0,
            n,
        );
        if row.contested {
            self.add("contested", String::new(), 0, n);
        }
    }

    /// Each from its day on: `late` and `amber` count clocks by duty, `late` from the day
    /// after the last one in time; `shown` counts what anybody sees.
    pub(super) fn duty(&mut self, duty: &CountedDuty<'_>, n: i64) {
        if duty.class == Class::Clock {
            self.add("late", duty.code.to_string(), duty.due_on + 1, n);
            self.add("amber", duty.code.to_string(), duty.show_from, n);
        }
        let who = duty.who.unwrap_or_default();
        self.add("shown", who.to_owned(), duty.show_from, n);
        // What is watched for somebody else ends with its last day.
        if duty.class == Class::Watch {
            let over = duty.due_on.max(duty.show_from - 1) + 1;
            self.add("shown", who.to_owned(), over, -n);
        }
    }

    pub(super) fn write(self, conn: &Connection) -> Result<(), StoreError> {
        let mut change = conn.prepare_cached(
            "INSERT INTO tally (dim, key, day, n) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (dim, key, day) DO UPDATE SET n = n + excluded.n RETURNING n",
        )?;
        let mut sweep =
            conn.prepare_cached("DELETE FROM tally WHERE dim = ?1 AND key = ?2 AND day = ?3")?;
        let mut changes: Vec<_> = self.0.into_iter().filter(|(_, n)| *n != 0).collect();
        changes.sort_unstable();
        for ((dim, key, day), n) in changes {
            // What is watched counts down before it counts up again, so either sign may end at none.
            let left: i64 = change.query_row((dim, &key, day, n), |row| row.get(0))?;
            if left == 0 {
                sweep.execute((dim, &key, day))?;
            }
        }
        Ok(())
    }
}

/// All the counts of one look, from tallies alone.
pub(super) fn counts(conn: &Connection, today: NaiveDate) -> Result<Counts, StoreError> {
    let mut counts = Counts::default();
    let today = day_number(today);
    // Clocks that have turned amber by today, less those whose last day is over.
    let mut due_soon: i64 = 0;
    // Summed where the rows are.
    let mut statement =
        conn.prepare("SELECT dim, key, sum(n) FROM tally WHERE day <= ?1 GROUP BY dim, key")?;
    let mut rows = statement.query([today])?;
    while let Some(row) = rows.next()? {
        let dim = row.get_ref(0)?.as_str().unwrap_or_default();
        let key = row.get_ref(1)?.as_str().unwrap_or_default();
        let n: i64 = row.get(2)?;
        match dim {
            "state" => state(&mut counts, key, n),
            "label" if key == "message/drafted/delay-notice" => {
                counts.unsent_delay_notices = n.unsigned_abs();
            }
            "label" => critical(&mut counts, key, n),
            "late" => {
                breach(&mut counts, key, n);
                due_soon -= n;
            }
            "amber" => due_soon += n,
            "shown" => {
                counts.attention += n.unsigned_abs();
                counts.by_person.push((key.to_owned(), n.unsigned_abs()));
            }
            "contested" => counts.conflicts = n.unsigned_abs(),
            _ => {}
        }
    }
    counts.due_soon = u64::try_from(due_soon).unwrap_or(0);
    Ok(counts)
}

fn state(counts: &mut Counts, key: &str, n: i64) {
    if let Some((kind, state)) = key.split_once('/') {
        if kind == Kind::Message.word() && state == "drafted" {
            counts.drafts = n.unsigned_abs();
        }
        counts
            .states
            .push((kind.to_owned(), state.to_owned(), n.unsigned_abs()));
    }
}

/// Problems that are critical and not closed.
fn critical(counts: &mut Counts, key: &str, n: i64) {
    let mut words = key.split('/');
    let (kind, state, label) = (words.next(), words.next(), words.next());
    let open = state != Some(ProblemState::Closed.word());
    if kind == Some(Kind::Problem.word()) && label == Some(Criticality::Critical.word()) && open {
        counts.critical_problems += n.unsigned_abs();
    }
}

fn breach(counts: &mut Counts, code: &str, n: i64) {
    let n = n.unsigned_abs();
    counts.breaches += n;
    match DutyCode::from_number(code.parse().unwrap_or_default()) {
        DutyCode::ExplainDelay | DutyCode::InjectAndAnswer => counts.overdue += n,
        DutyCode::PromiseAgain => counts.broken_promises += n,
        _ => {}
    }
}
