//! Product versions: read leniently, compared by their numbers, held against the scheme.
//! Never refuses a version; `completeness` decides what a bad one means.

use std::cmp::Ordering;

/// A version taken apart: `1.2.3-4` has the numbers 1, 2, 3 and the age 4.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    pub numbers: Vec<u64>,
    pub age: Option<u64>,
    /// Whatever follows the numbers: `rc1`, `el7`.
    pub rest: String,
}

/// Whether two texts name one version: `1.2` and `v1.2.0` do.
pub fn same(one: &str, other: &str) -> bool {
    let plain = |text: &str| {
        parse(text).map(|mut version| {
            while version.numbers.last() == Some(&0) {
                version.numbers.pop();
            }
            version
        })
    };
    one.trim() == other.trim()
        || matches!((plain(one), plain(other)), (Some(one), Some(other)) if one.numbers == other.numbers && one.rest == other.rest && one.age == other.age)
}

/// Reads a version; `None` when it does not begin with a number (after a `v`).
pub fn parse(text: &str) -> Option<Version> {
    let text = text.trim();
    let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
    let numeric = text
        .find(|c: char| !(c.is_ascii_digit() || c == '.'))
        .unwrap_or(text.len());
    let (head, tail) = text.split_at_checked(numeric)?;
    let numbers: Vec<u64> = head
        .trim_end_matches('.')
        .split('.')
        .map(|part| part.parse().ok())
        .collect::<Option<_>>()?;
    let age = tail.strip_prefix('-').and_then(|age| age.parse().ok());
    let rest = if age.is_some() {
        String::new()
    } else {
        tail.trim_start_matches(['-', '.', '_', '~']).to_owned()
    };
    Some(Version { numbers, age, rest })
}

impl Version {
    pub fn major(&self) -> u64 {
        self.numbers.first().copied().unwrap_or(0)
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// `1.2` and `1.2.0` are equal in numbers; `1.2-rc1` comes before `1.2`.
impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        let length = self.numbers.len().max(other.numbers.len());
        let at = |version: &Self, index| version.numbers.get(index).copied().unwrap_or(0);
        for index in 0..length {
            match at(self, index).cmp(&at(other, index)) {
                Ordering::Equal => {}
                different @ (Ordering::Less | Ordering::Greater) => return different,
            }
        }
        let final_last = self.rest.is_empty().cmp(&other.rest.is_empty());
        final_last
            .then_with(|| self.rest.cmp(&other.rest))
            .then_with(|| self.age.cmp(&other.age))
            .then_with(|| self.numbers.len().cmp(&other.numbers.len()))
    }
}

/// Compares two versions as written; `None` when one of them has no numbers.
pub fn compare(left: &str, right: &str) -> Option<Ordering> {
    Some(parse(left)?.cmp(&parse(right)?))
}

/// The new version is lower than the old one although the major is the same.
pub fn lower_within_major(old: &str, new: &str) -> bool {
    match (parse(old), parse(new)) {
        (Some(old), Some(new)) => old.major() == new.major() && new < old,
        _ => false,
    }
}

/// The same digits with other dots, or all but one of them: `16.6` and `1.6.6`. Real slips of
/// the pen in other people's files; never taken for one, only told.
pub fn looks_miswritten(left: &str, right: &str) -> bool {
    let parts = |text: &str| text.split('.').count();
    let goes_on = |short: &str, long: &str| long.starts_with(&format!("{short}."));
    if parts(left) == parts(right) || goes_on(left, right) || goes_on(right, left) {
        return false;
    }
    let digits = |text: &str| -> Vec<u8> { text.bytes().filter(u8::is_ascii_digit).collect() };
    let (left, right) = (digits(left), digits(right));
    let (short, long) = if left.len() <= right.len() {
        (left, right)
    } else {
        (right, left)
    };
    let without_one = |at: usize| {
        let rest = long.iter().enumerate().filter(|(place, _)| *place != at);
        rest.map(|(_, digit)| digit).eq(short.iter())
    };
    short.len() > 1
        && (short == long || (short.len() + 1 == long.len() && (0..long.len()).any(without_one)))
}

/// Says how a version departs from major.minor.revision\[-age\]; `None` when it follows it.
pub fn departs(text: &str) -> Option<String> {
    let text = text.trim();
    let (core, age) = match text.split_once('-') {
        Some((core, age)) => (core, Some(age)),
        None => (text, None),
    };
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Vec<&str> = core.split('.').collect();
    if !parts.iter().all(|part| is_number(part)) {
        return Some("has parts that are not numbers".to_owned());
    }
    if parts.len() != 3 {
        let noun = if parts.len() == 1 { "part" } else { "parts" };
        return Some(format!("has {} {noun}", parts.len()));
    }
    match age {
        Some(age) if !is_number(age) => Some("has an age that is not a number".to_owned()),
        Some(_) | None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(left: &str, right: &str, expected: Option<Ordering>) {
        assert_eq!(compare(left, right), expected, "{left} against {right}");
        assert_eq!(compare(right, left), expected.map(Ordering::reverse));
    }

    #[test]
    fn the_same_digits_with_other_dots_look_miswritten() {
        for (left, right, is) in [
            ("16.6", "1.6.6", true),
            ("1.39", "1.3.19", true),
            ("1.6.6", "1.6.6", false),
            ("2.23.0", "2.23.1", false),
            ("5.7", "5.7.1", false),
            ("5", "5.0", false),
            ("", "1.0", false),
            ("23.0", "23.0.16", false),
        ] {
            assert_eq!(looks_miswritten(left, right), is, "{left} {right}");
            assert_eq!(looks_miswritten(right, left), is, "{right} {left}");
        }
    }

    #[test]
    fn versions_are_compared_by_their_numbers() {
        check("2.9.0", "2.10.0", Some(Ordering::Less));
        check("v6.0.2", "6.0.2", Some(Ordering::Equal));
        check("1.2", "1.2.1", Some(Ordering::Less));
        check("1.2.3-1", "1.2.3-2", Some(Ordering::Less));
        check("1.2.3", "1.2.3-1", Some(Ordering::Less));
        check("1.2.3-rc1", "1.2.3", Some(Ordering::Less));
        check("3.13.2.1", "3.13.2", Some(Ordering::Greater));
        check("latest", "1.0.0", None);
    }

    #[track_caller]
    fn check_scheme(version: &str, expected: Option<&str>) {
        assert_eq!(departs(version).as_deref(), expected, "{version}");
    }

    #[test]
    fn r31_two_and_four_parts_do_not_follow_the_scheme() {
        check_scheme("6.0.2", None);
        check_scheme("1.10.3-12", None);
        check_scheme("6.0", Some("has 2 parts"));
        check_scheme("3.13.2.1", Some("has 4 parts"));
        check_scheme("7", Some("has 1 part"));
        check_scheme("v6.0.2", Some("has parts that are not numbers"));
        check_scheme("6.0.2-rc1", Some("has an age that is not a number"));
        check_scheme("6..2", Some("has parts that are not numbers"));
        check_scheme("", Some("has parts that are not numbers"));
    }

    #[track_caller]
    fn check_lower(old: &str, new: &str, expected: bool) {
        assert_eq!(lower_within_major(old, new), expected, "{old} then {new}");
    }

    #[test]
    fn r31_a_lower_version_counts_only_within_one_major() {
        check_lower("2.5.0", "2.4.9", true);
        check_lower("2.5.0-3", "2.5.0-2", true);
        check_lower("2.5.0", "1.9.0", false);
        check_lower("2.5.0", "2.5.0", false);
        check_lower("2.5.0", "2.5.1", false);
        check_lower("unknown", "2.5.1", false);
    }
}
