//! Days in other people's files: ISO and nothing else, because 06/07 is two days.

use chrono::{Datelike as _, NaiveDate};

/// A day as `YYYY-MM-DD`; an error says what stands there instead.
pub(super) fn read(column: &str, text: &str) -> Result<NaiveDate, String> {
    let shape = text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| {
            if matches!(at, 4 | 7) {
                byte == b'-'
            } else {
                byte.is_ascii_digit()
            }
        });
    if !shape {
        return Err(format!(
            "{column} is \"{text}\", a day is written YYYY-MM-DD"
        ));
    }
    NaiveDate::parse_from_str(text, "%Y-%m-%d")
        .ok()
        .filter(|day| (1970..=2199).contains(&day.year()))
        .ok_or_else(|| format!("{column} is \"{text}\", which is no day of 1970 to 2199"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_iso_and_exists() {
        assert_eq!(
            read("as_of", "2011-06-20").unwrap().to_string(),
            "2011-06-20"
        );
        for text in [
            "20/06/2011",
            "2011-6-20",
            "+011-06-20",
            "2011-06-20T00:00",
            "２０１１",
        ] {
            assert!(
                read("as_of", text).unwrap_err().contains("YYYY-MM-DD"),
                "{text}"
            );
        }
        assert!(read("as_of", "2011-02-29").is_err());
        assert!(read("as_of", "0001-01-01").is_err());
    }
}
