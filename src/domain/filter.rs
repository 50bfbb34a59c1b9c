//! The filter of lists: `state=delayed product~arc due<2026-12-01 overdue`.
//! Terms are all required; `or` and brackets combine, `not` or `-` turns round.

use chrono::NaiveDate;
use serde_json::{Map, Value};
use thiserror::Error;

use super::field::text;
use super::yes;

/// A filter that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct FilterError {
    pub message: String,
    pub hint: String,
}

/// A filter, ready to be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filter {
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    /// A yes-or-no field that says yes, else a text found anywhere.
    Word(String),
    Compare {
        field: String,
        how: How,
        with: String,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    Is,
    IsNot,
    Has,
    Less,
    More,
    LessOrIs,
    MoreOrIs,
}

/// The longest filter, in bytes; nobody types more.
const MAX: usize = 4096;

/// How deep brackets may nest.
const DEPTH: usize = 32;

impl Filter {
    /// Reads a filter; `fields` are the names it may ask for.
    pub fn parse(text: &str, fields: &[&str]) -> Result<Self, FilterError> {
        if text.len() > MAX {
            return Err(error("The filter is too long.", "Use fewer terms."));
        }
        let words = words(text)?;
        let mut reader = Reader {
            words: &words,
            at: 0,
            fields,
            depth: 0,
        };
        let filter = reader.any()?;
        match reader.peek() {
            None => Ok(filter),
            Some(word) => Err(error(
                format!("The filter ends before {word:?}."),
                "Every bracket needs its other one.",
            )),
        }
    }

    /// Whether a record's fields pass.
    pub fn passes(&self, record: &Map<String, Value>) -> bool {
        match self {
            Self::All(all) => all.iter().all(|one| one.passes(record)),
            Self::Any(any) => any.iter().any(|one| one.passes(record)),
            Self::Not(one) => !one.passes(record),
            // A field's name may be typed with hyphens, as everywhere.
            Self::Word(word) => match record.get(&word.replace('-', "_")) {
                Some(Value::Bool(yes)) => *yes,
                _ => record
                    .values()
                    .any(|value| text(value).to_lowercase().contains(word)),
            },
            Self::Compare { field, how, with } => record
                .get(field)
                .is_some_and(|value| compare(value, *how, with)),
        }
    }

    /// Whether a value passes as that of the field which is compared.
    pub fn passes_value(&self, value: &Value) -> bool {
        match self {
            Self::Compare { how, with, .. } => compare(value, *how, with),
            Self::Not(one) => !one.passes_value(value),
            Self::All(all) => all.iter().all(|one| one.passes_value(value)),
            Self::Any(any) => any.iter().any(|one| one.passes_value(value)),
            Self::Word(word) => text(value).to_lowercase().contains(word),
        }
    }
}

fn error(message: impl Into<String>, hint: impl Into<String>) -> FilterError {
    FilterError {
        message: message.into(),
        hint: hint.into(),
    }
}

/// Words, brackets and quoted texts.
fn words(text: &str) -> Result<Vec<String>, FilterError> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut quoted = false;
    for letter in text.chars() {
        match letter {
            '"' => quoted = !quoted,
            letter if quoted => word.push(letter),
            '(' | ')' => {
                words.extend(Some(std::mem::take(&mut word)).filter(|word| !word.is_empty()));
                words.push(letter.to_string());
            }
            letter if letter.is_whitespace() => {
                words.extend(Some(std::mem::take(&mut word)).filter(|word| !word.is_empty()));
            }
            letter => word.push(letter),
        }
    }
    if quoted {
        return Err(error(
            "A quotation mark is never closed.",
            "Write \"two words\".",
        ));
    }
    words.extend(Some(word).filter(|word| !word.is_empty()));
    Ok(words)
}

struct Reader<'a> {
    words: &'a [String],
    at: usize,
    fields: &'a [&'a str],
    depth: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<&str> {
        self.words.get(self.at).map(String::as_str)
    }

    fn any(&mut self) -> Result<Filter, FilterError> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(error(
                "The filter's brackets are too deep.",
                "Use fewer brackets.",
            ));
        }
        let mut any = vec![self.all()?];
        while self
            .peek()
            .is_some_and(|word| word.eq_ignore_ascii_case("or"))
        {
            self.at += 1;
            any.push(self.all()?);
        }
        self.depth -= 1;
        Ok(if any.len() == 1 {
            any.remove(0)
        } else {
            Filter::Any(any)
        })
    }

    fn all(&mut self) -> Result<Filter, FilterError> {
        let mut all = Vec::new();
        while let Some(word) = self.peek() {
            if word == ")" || word.eq_ignore_ascii_case("or") {
                break;
            }
            if word.eq_ignore_ascii_case("and") {
                self.at += 1;
                continue;
            }
            all.push(self.one()?);
        }
        Ok(if all.len() == 1 {
            all.remove(0)
        } else {
            Filter::All(all)
        })
    }

    fn one(&mut self) -> Result<Filter, FilterError> {
        let Some(word) = self.peek().map(str::to_owned) else {
            return Ok(Filter::All(Vec::new()));
        };
        self.at += 1;
        if word.eq_ignore_ascii_case("not") {
            self.depth += 1;
            if self.depth > DEPTH {
                return Err(error("The filter says `not` too often.", "Use fewer."));
            }
            let one = self.one()?;
            self.depth -= 1;
            return Ok(Filter::Not(Box::new(one)));
        }
        if word == "(" {
            let inner = self.any()?;
            if self.peek() != Some(")") {
                return Err(error("A bracket is never closed.", "Every ( needs its )."));
            }
            self.at += 1;
            return Ok(inner);
        }
        self.term(&word)
    }

    fn term(&self, word: &str) -> Result<Filter, FilterError> {
        const SIGNS: [(&str, How); 7] = [
            ("!=", How::IsNot),
            ("<=", How::LessOrIs),
            (">=", How::MoreOrIs),
            ("=", How::Is),
            ("~", How::Has),
            ("<", How::Less),
            (">", How::More),
        ];
        let found = SIGNS
            .iter()
            .filter_map(|(sign, how)| word.find(sign).map(|at| (at, sign.len(), *how)))
            .min_by_key(|(at, len, _)| (*at, usize::MAX - len));
        let Some((at, len, how)) = found else {
            return Ok(
                match word.strip_prefix('-').filter(|rest| !rest.is_empty()) {
                    Some(rest) => Filter::Not(Box::new(Filter::Word(rest.to_lowercase()))),
                    None => Filter::Word(word.to_lowercase()),
                },
            );
        };
        let (negated, name) = match word[..at].strip_prefix('-') {
            Some(name) => (true, name),
            None => (false, &word[..at]),
        };
        let field = name.to_lowercase().replace('-', "_");
        if !self.fields.contains(&field.as_str()) {
            return Err(error(
                format!("There is no field {field} to filter by."),
                format!("There are {}.", self.fields.join(", ")),
            ));
        }
        let compare = Filter::Compare {
            field,
            how,
            with: word[at + len..].to_owned(),
        };
        Ok(if negated {
            Filter::Not(Box::new(compare))
        } else {
            compare
        })
    }
}

fn compare(value: &Value, how: How, with: &str) -> bool {
    match how {
        How::Is => equal(value, with),
        How::IsNot => !equal(value, with),
        How::Has => text(value).to_lowercase().contains(&with.to_lowercase()),
        How::Less => order(value, with).is_some_and(std::cmp::Ordering::is_lt),
        How::More => order(value, with).is_some_and(std::cmp::Ordering::is_gt),
        How::LessOrIs => order(value, with).is_some_and(std::cmp::Ordering::is_le),
        How::MoreOrIs => order(value, with).is_some_and(std::cmp::Ordering::is_ge),
    }
}

fn equal(value: &Value, with: &str) -> bool {
    match value {
        Value::Bool(yes) => yes::read(with) == Some(*yes),
        Value::Array(items) => items.iter().any(|item| equal(item, with)),
        other => text(other).eq_ignore_ascii_case(with),
    }
}

/// Dates as dates, numbers as numbers, the rest as text; an empty value has no order.
fn order(value: &Value, with: &str) -> Option<std::cmp::Ordering> {
    let mine = text(value);
    if mine.is_empty() {
        return None;
    }
    let day = |text: &str| text.get(..10)?.parse::<NaiveDate>().ok();
    if let (Some(mine), Some(with)) = (day(&mine), day(with)) {
        return Some(mine.cmp(&with));
    }
    if let (Ok(mine), Ok(with)) = (mine.parse::<i64>(), with.parse::<i64>()) {
        return Some(mine.cmp(&with));
    }
    Some(mine.to_lowercase().cmp(&with.to_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    const FIELDS: &[&str] = &[
        "state",
        "product",
        "due",
        "days_left",
        "overdue",
        "targets",
        "verifier",
    ];

    #[track_caller]
    fn check(filter: &str, expected: bool) {
        let record = json!({
            "state": "delayed", "product": "ARC CE", "due": "2026-11-27", "days_left": -4,
            "overdue": true, "targets": ["al9/x86_64"], "verifier": null,
        });
        let filter = Filter::parse(filter, FIELDS).unwrap();
        assert_eq!(
            filter.passes(record.as_object().unwrap()),
            expected,
            "{filter:?}"
        );
    }

    #[test]
    fn a_filter_says_which_records_pass() {
        check("", true);
        check("state=delayed", true);
        check("state=Delayed product~arc", true);
        check("state!=delayed", false);
        check("overdue", true);
        check("-overdue", false);
        check("not overdue or product=\"ARC CE\"", true);
        check("due<2026-12-01 and due>2026-11-26", true);
        check("days_left<-3", true);
        check("days_left>=0", false);
        check("targets=al9/x86_64", true);
        check("verifier=", true);
        check("verifier<z", false);
        check("(state=ready or state=delayed) overdue", true);
        check("arc", true);
        check("dcache", false);
    }

    #[test]
    fn a_word_that_is_neither_yes_nor_no_equals_neither() {
        for (word, is) in [("on", true), ("no", false), ("banana", false)] {
            check(&format!("overdue={word}"), is);
        }
        let filter = Filter::parse("overdue=banana", FIELDS).unwrap();
        let record = json!({ "overdue": false });
        assert!(!filter.passes(record.as_object().unwrap()));
    }

    #[test]
    fn an_unknown_field_or_a_lone_bracket_is_named() {
        let error = |text| Filter::parse(text, FIELDS).unwrap_err().to_string();
        assert!(error("stat=x").contains("stat"));
        assert!(error("(overdue").contains("bracket"));
        assert!(error("overdue)").contains(')'));
        assert!(error("\"x").contains("quotation"));
    }

    proptest! {
        #[test]
        fn no_text_makes_a_filter_panic(text in ".{0,200}") {
            if let Ok(filter) = Filter::parse(&text, FIELDS) {
                filter.passes(&Map::new());
            }
        }
    }
}
