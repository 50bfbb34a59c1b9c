//! Reads lists of holidays: Taskwarrior's `.rc` files and plain lists of dates and names.
//! Guesses nothing: a line it does not understand is handed back with the reason.

use std::collections::BTreeMap;

use chrono::NaiveDate;

/// The largest list read, in bytes.
pub const LARGEST: usize = 4 * 1024 * 1024;

/// The longest range of days in one entry; more is a slip of the pen.
const LONGEST: usize = 366;

/// What a list of holidays holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HolidayFile {
    /// Each holiday and its name, in the order of the file.
    pub days: Vec<(NaiveDate, String)>,
    /// The lines that were not understood, counted from 1, and why.
    pub rejected: Vec<(usize, String)>,
}

/// The bytes are no list at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct HolidayError {
    /// What is wrong, one sentence.
    pub message: String,
    /// What to do about it.
    pub hint: String,
}

/// One `holiday.KEY.…` of a Taskwarrior file, while its lines are gathered.
#[derive(Default)]
struct Entry {
    line: usize,
    name: Option<String>,
    first: Option<NaiveDate>,
    last: Option<NaiveDate>,
    /// One of its lines is rejected already; a second complaint would say the same.
    broken: bool,
}

/// Reads a list in either format, even mixed.
///
/// # Errors
/// More than [`LARGEST`] bytes, not UTF-8, or binary.
pub fn read(bytes: &[u8]) -> Result<HolidayFile, HolidayError> {
    let text = text(bytes)?;
    let mut file = HolidayFile::default();
    let mut entries: BTreeMap<(usize, &str), Entry> = BTreeMap::new();
    let mut order: BTreeMap<&str, usize> = BTreeMap::new();
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let Some(setting) = line.strip_prefix("holiday.") else {
            match plain(line) {
                Ok(holiday) => file.days.push(holiday),
                Err(why) => file.rejected.push((number, why)),
            }
            continue;
        };
        let Some((key, field, value)) = taskwarrior(setting) else {
            let why = "It has not the shape holiday.KEY.date=20261225.";
            file.rejected.push((number, why.into()));
            continue;
        };
        let line = *order.entry(key).or_insert(number);
        let entry = entries.entry((line, key)).or_default();
        entry.line = line;
        if let Err(why) = entry.set(field, value) {
            entry.broken = true;
            file.rejected.push((number, why));
        }
    }
    for entry in entries.into_values() {
        entry.finish(&mut file);
    }
    file.rejected.sort();
    Ok(file)
}

impl Entry {
    fn set(&mut self, field: &str, value: &str) -> Result<(), String> {
        match field {
            "name" => self.name = Some(clean(value)),
            "date" => {
                self.first = Some(date(value)?);
                self.last = self.first;
            }
            "start" => self.first = Some(date(value)?),
            "end" => self.last = Some(date(value)?),
            _ => return Err(format!("A holiday has no “{}”.", clean(field))),
        }
        Ok(())
    }

    fn finish(self, file: &mut HolidayFile) {
        let mut reject = |why: &str| {
            if !self.broken {
                file.rejected.push((self.line, why.to_owned()));
            }
        };
        let (Some(first), Some(last)) = (self.first, self.last) else {
            return reject("This holiday has no date, or a start without an end.");
        };
        if last < first {
            return reject("This holiday ends before it starts.");
        }
        let days: Vec<_> = first
            .iter_days()
            .take_while(|day| *day <= last)
            .take(LONGEST + 1)
            .collect();
        if days.len() > LONGEST {
            return reject("This holiday is longer than a year.");
        }
        let name = named(self.name.unwrap_or_default());
        let days = days.into_iter().map(|day| (day, name.clone()));
        file.days.extend(days);
    }
}

fn text(bytes: &[u8]) -> Result<&str, HolidayError> {
    let refuse = |message: &str, hint: &str| HolidayError {
        message: message.to_owned(),
        hint: hint.to_owned(),
    };
    if bytes.len() > LARGEST {
        return Err(refuse(
            "The list of holidays is larger than 4 MiB.",
            "Check that this is the right file; a list of holidays has a few kilobytes.",
        ));
    }
    if bytes.contains(&0) {
        return Err(refuse(
            "This is a binary file or UTF-16, not a list of holidays.",
            "Save the list as plain text in UTF-8.",
        ));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = bytes.get(..error.valid_up_to()).unwrap_or(bytes);
        let line = before.split(|byte| *byte == b'\n').count();
        refuse(
            &format!("Line {line} of the list of holidays is not UTF-8."),
            "Save the list as plain text in UTF-8.",
        )
    })?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// Splits `en-US1.date=20210101` into key, field and value.
fn taskwarrior(setting: &str) -> Option<(&str, &str, &str)> {
    let (path, value) = setting.split_once('=')?;
    let (key, field) = path.trim().rsplit_once('.')?;
    (!key.is_empty()).then_some((key, field, value.trim()))
}

/// Reads `2026-12-25 Christmas Day`, separated by a space, tab, comma or semicolon.
fn plain(line: &str) -> Result<(NaiveDate, String), String> {
    let end = line
        .find(|c: char| c.is_whitespace() || c == ',' || c == ';')
        .unwrap_or(line.len());
    let (day, rest) = line.split_at(end);
    let day = date(day)?;
    let rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',' || c == ';');
    let quoted = rest.strip_prefix('"').and_then(|r| r.strip_suffix('"'));
    let name = quoted.map_or_else(|| rest.to_owned(), |inner| inner.replace("\"\"", "\""));
    Ok((day, named(clean(&name))))
}

/// Reads `2026-12-25` and `20261225`.
fn date(text: &str) -> Result<NaiveDate, String> {
    let refuse = || format!("“{}” is no date such as 2026-12-25.", shortened(text));
    let bytes = text.as_bytes();
    let digits: Vec<u8> = match bytes.len() {
        10 if bytes[4] == b'-' && bytes[7] == b'-' => {
            [&bytes[..4], &bytes[5..7], &bytes[8..]].concat()
        }
        8 => bytes.to_vec(),
        _ => return Err(refuse()),
    };
    if !digits.iter().all(u8::is_ascii_digit) {
        return Err(refuse());
    }
    let number = |part: &[u8]| part.iter().fold(0, |n, d| n * 10 + u32::from(d - b'0'));
    let year = i32::try_from(number(&digits[..4])).unwrap_or_default();
    NaiveDate::from_ymd_opt(year, number(&digits[4..6]), number(&digits[6..]))
        .filter(|_| year > 0)
        .ok_or_else(|| format!("There is no day {}.", shortened(text)))
}

/// Replaces what would move the cursor or turn the text around.
fn clean(text: &str) -> String {
    let turns = |c| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let replace = |c: char| if c.is_control() || turns(c) { ' ' } else { c };
    text.chars()
        .map(replace)
        .collect::<String>()
        .trim()
        .to_owned()
}

fn named(name: String) -> String {
    if name.is_empty() {
        "holiday".into()
    } else {
        name
    }
}

fn shortened(text: &str) -> String {
    let clean = clean(text);
    match clean.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", &clean[..end]),
        None => clean,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(text: &str, days: &[(&str, &str)]) {
        let file = read(text.as_bytes()).unwrap();
        let got: Vec<_> = file
            .days
            .iter()
            .map(|(day, name)| (day.to_string(), name.as_str()))
            .collect();
        let days: Vec<_> = days.iter().map(|(d, n)| ((*d).to_owned(), *n)).collect();
        assert_eq!((got, file.rejected.clone()), (days, vec![]));
    }

    #[track_caller]
    fn check_rejected(text: &str, line: usize, part: &str) {
        let file = read(text.as_bytes()).unwrap();
        let [(at, why)] = file.rejected.as_slice() else {
            panic!("{:?}", file.rejected);
        };
        assert_eq!(*at, line);
        assert!(why.contains(part) && why.ends_with('.'), "{why}");
    }

    #[track_caller]
    fn check_refused(bytes: &[u8], part: &str) {
        let error = read(bytes).unwrap_err();
        assert!(error.message.contains(part), "{error:?}");
        assert!(error.message.ends_with('.') && error.hint.ends_with('.'));
    }

    #[test]
    fn a_taskwarrior_file_is_read() {
        check(
            "# Holidata\n\nholiday.en-US1.name=New Year's Day\nholiday.en-US1.date=20210101\n\
             holiday.en-US10.date = 2021-11-25\r\nholiday.en-US10.name = Thanksgiving Day\r\n",
            &[
                ("2021-01-01", "New Year's Day"),
                ("2021-11-25", "Thanksgiving Day"),
            ],
        );
        check("holiday.a.b.date=20210101", &[("2021-01-01", "holiday")]);
    }

    #[test]
    fn a_range_is_each_of_its_days() {
        check(
            "holiday.x.name=Closed\nholiday.x.start=20261230\nholiday.x.end=20270101\n",
            &[
                ("2026-12-30", "Closed"),
                ("2026-12-31", "Closed"),
                ("2027-01-01", "Closed"),
            ],
        );
    }

    #[test]
    fn plain_lists_are_read_whatever_separates_them() {
        check(
            "\u{feff}# ours\n2026-12-25 Christmas Day\n2026-12-25,Christmas\n2026-12-26\n\
             2027-01-01\tNew Year\n20270501; Tag der Arbeit\n2027-05-08,\"A, \"\"B\"\"\"\n",
            &[
                ("2026-12-25", "Christmas Day"),
                ("2026-12-25", "Christmas"),
                ("2026-12-26", "holiday"),
                ("2027-01-01", "New Year"),
                ("2027-05-01", "Tag der Arbeit"),
                ("2027-05-08", "A, \"B\""),
            ],
        );
        check("", &[]);
    }

    #[test]
    fn control_characters_in_names_become_spaces() {
        check(
            "2026-12-25 Xmas\u{1b}[31m\u{202e}!",
            &[("2026-12-25", "Xmas [31m !")],
        );
    }

    #[test]
    fn a_line_not_understood_is_named_with_the_reason() {
        check_rejected("2026-12-25\n25.12.2026 Xmas", 2, "no date such as");
        check_rejected("2026-02-30 Never", 1, "There is no day 2026-02-30");
        check_rejected("0000-01-01", 1, "no day");
        check_rejected("date,name\n2026-12-25,Xmas", 1, "no date such as");
        check_rejected("holiday.x", 1, "shape");
        check_rejected(
            "holiday.x.colour=red\nholiday.x.date=20260101",
            1,
            "no “colour”",
        );
        check_rejected("\nholiday.x.name=Lost", 2, "no date");
        check_rejected("holiday.x.date=2026", 1, "no date such as");
        check_rejected("holiday.x.start=20260101", 1, "without an end");
        let backwards = "holiday.x.start=20260102\nholiday.x.end=20260101";
        check_rejected(backwards, 1, "before it starts");
        let endless = "holiday.x.start=20260101\nholiday.x.end=99990101";
        check_rejected(endless, 1, "longer than a year");
        check_rejected("ééééé", 1, "no date such as");
    }

    #[test]
    fn what_is_no_text_is_refused() {
        check_refused(b"2026-12-25\n2026-12-26 \xff", "Line 2");
        check_refused(b"2\x000\x002\x006\x00", "binary");
        check_refused(&vec![b'#'; LARGEST + 1], "larger than 4 MiB");
        assert!(read(&vec![b'#'; LARGEST]).is_ok());
    }

    proptest! {
        #[test]
        fn nothing_in_a_file_panics(text in "(\\PC{0,12}|holiday\\.[a.=0-9]{0,12}|[-0-9,; ]{0,12}|\n){0,8}") {
            let file = read(text.as_bytes()).unwrap();
            prop_assert!(file.days.iter().all(|(_, name)| !name.is_empty()));
        }
    }
}
