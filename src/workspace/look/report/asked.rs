//! What a report is asked for with: which record, which days, which site and product.

use chrono::NaiveDate;

use super::records;
use crate::domain::kind::Kind;
use crate::domain::metrics::Period;
use crate::domain::noun::Noun;
use crate::domain::queue::ticket::Ticket;
use crate::domain::schedule::cycle::CycleState;
use crate::workspace::dates::Dates;
use crate::workspace::look::{Look, record, resolve};
use crate::workspace::refusal::Refusal;

/// The words of a request.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    pub id: Option<String>,
    /// The first and the last day, in a person's words.
    pub from: Option<String>,
    pub to: Option<String>,
    pub year: Option<i32>,
    /// From a cycle's start to its release.
    pub cycle: Option<String>,
    pub site: Option<String>,
    pub product: Option<String>,
    /// The metric whose rows are wanted.
    pub rows: Option<String>,
    /// No character but ASCII in bars.
    pub ascii: bool,
}

impl Asked {
    /// The ticket that is named, also by its announcement.
    pub(super) fn ticket(&self, look: &Look<'_>) -> Result<Ticket, Refusal> {
        let id = self.id.as_deref().unwrap_or_default();
        let mut row = resolve::any(look.reader, id)?;
        if let Some(announcement) = row.noun()?.and_then(records::announcement) {
            row = resolve::any(look.reader, &announcement.ticket)?;
        }
        records::ticket(record::noun(&row)?).ok_or_else(|| {
            Refusal::usage(
                format!("{} is no ticket.", row.id),
                "`relmate list tickets` names them.",
            )
        })
    }

    /// The days that are asked about; without a word all up to today.
    pub(super) fn period(&self, look: &Look<'_>) -> Result<Period, Refusal> {
        let given = [
            self.from.is_some() || self.to.is_some(),
            self.year.is_some(),
            self.cycle.is_some(),
        ];
        if given.into_iter().filter(|it| *it).count() > 1 {
            return Err(Refusal::usage(
                "A period is given twice.",
                "Give --from and --to, or --year, or --cycle.",
            ));
        }
        if let Some(year) = self.year {
            return year_of(year);
        }
        if let Some(cycle) = &self.cycle {
            return cycle_of(look, cycle);
        }
        let dates = Dates {
            now: look.now,
            zone: look.zone.clone(),
            calendar: look.calendar()?,
        };
        let day = |text: Option<&str>| -> Result<Option<NaiveDate>, Refusal> {
            Ok(dates.maybe(text)?.map(|when| when.day(&look.zone)))
        };
        let period = Period {
            from: day(self.from.as_deref())?,
            to: day(self.to.as_deref())?.unwrap_or(look.today),
        };
        if period.from.is_some_and(|from| from > period.to) {
            return Err(Refusal::usage(
                format!(
                    "The period ends on {}, before it begins.",
                    crate::domain::calendar::spoken(period.to)
                ),
                "Give the earlier day with --from, the later one with --to.",
            ));
        }
        Ok(period)
    }

    /// The site by its own name; one that is not on the desk is refused.
    pub(super) fn site(&self, look: &Look<'_>) -> Result<Option<String>, Refusal> {
        named(look, self.site.as_deref(), (Kind::Site, "sites"))
    }

    pub(super) fn product(&self, look: &Look<'_>) -> Result<Option<String>, Refusal> {
        named(look, self.product.as_deref(), (Kind::Product, "products"))
    }
}

fn named(
    look: &Look<'_>,
    name: Option<&str>,
    (kind, plural): (Kind, &str),
) -> Result<Option<String>, Refusal> {
    let Some(name) = name else { return Ok(None) };
    match look.reader.record(Some(kind), name)? {
        Some(row) => Ok(Some(row.id)),
        None => Err(Refusal::not_found(
            format!("There is no {} {name}.", kind.word()),
            format!("`relmate list {plural}` names them."),
        )),
    }
}

fn year_of(year: i32) -> Result<Period, Refusal> {
    let first = NaiveDate::from_ymd_opt(year, 1, 1);
    let last = NaiveDate::from_ymd_opt(year, 12, 31);
    match (first, last) {
        (Some(from), Some(to)) if (1..=9999).contains(&year) => Ok(Period {
            from: Some(from),
            to,
        }),
        _ => Err(Refusal::usage(
            format!("{year} is no year."),
            "Write one like 2026.",
        )),
    }
}

/// From its start to its release, or to the day it was closed; to today while it runs.
fn cycle_of(look: &Look<'_>, name: &str) -> Result<Period, Refusal> {
    let row = look.reader.record(Some(Kind::Cycle), name)?;
    let noun = row.as_ref().map(record::noun).transpose()?;
    let Some(Noun::Cycle(cycle)) = noun else {
        return Err(Refusal::not_found(
            format!("There is no cycle {name}."),
            "`relmate list cycles` names them.",
        ));
    };
    let day = |when: crate::domain::when::When| when.day(&look.zone);
    let closed = (cycle.standing.state == CycleState::Closed).then_some(cycle.standing.entered);
    let to = closed.map_or(look.today, day);
    Ok(Period {
        from: cycle.start.map(day).filter(|from| *from <= to),
        to,
    })
}
