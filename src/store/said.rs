//! Where something is said: the records and the remarks on them that may hold a text. Refuses to
//! judge whether they do: it leaves out what certainly does not.

use rusqlite::OptionalExtension;
use serde_json::Value;

use super::StoreError;
use super::query::{Reader, text_of};

/// What may hold the text: a record's own fields, or one remark on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Saying {
    /// The row of the record.
    pub record: i64,
    pub remark: Option<RemarkAt>,
}

/// Where a remark stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RemarkAt {
    log: i64,
    op: i64,
}

impl Reader<'_> {
    /// Where a word may be said, in any case: of open records first and the newest first, each
    /// before the remarks on it, the newest of these first.
    pub fn saying(&self, word: &str) -> Result<Vec<Saying>, StoreError> {
        let mut statement = self.conn().prepare_cached(
            "SELECT entity, open, 0 AS remark, NULL AS log, NULL AS op FROM record
             WHERE body LIKE ?1 ESCAPE '\\'
             UNION ALL
             SELECT r.entity, r.open, 1, e.log, e.op
             FROM event e JOIN record r ON r.entity = e.entity
             WHERE e.kind = 'comment' AND e.body LIKE ?1 ESCAPE '\\'
             ORDER BY open DESC, entity DESC, remark, log DESC, op DESC",
        )?;
        let rows = statement.query_map([pattern(word)], |row| {
            let (log, op): (Option<i64>, Option<i64>) = (row.get(3)?, row.get(4)?);
            Ok(Saying {
                record: row.get(0)?,
                remark: log.zip(op).map(|(log, op)| RemarkAt { log, op }),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// A remark on a record, as it was written.
    pub fn remark(&self, record: i64, at: RemarkAt) -> Result<Value, StoreError> {
        let mut statement = self
            .conn()
            .prepare_cached("SELECT body FROM event WHERE entity = ?1 AND log = ?2 AND op = ?3")?;
        let body = statement
            .query_row((record, at.log, at.op), |row| {
                Ok(text_of(row, 0).map(|body| serde_json::from_str(body).unwrap_or_default()))
            })
            .optional()?;
        body.unwrap_or(Ok(Value::Null))
    }
}

/// How much of a word is looked for: a pattern that is too long is refused.
const MOST: usize = 100;

/// How much of a word a pattern says: the letters that it does not leave open.
pub fn told_by_pattern(word: &str) -> usize {
    let letters = word.chars().take(MOST).map(like);
    letters.filter(|it| matches!(it, Like::Letter(_))).count()
}

/// What a letter of a word is in the JSON of a text that holds the word.
enum Like {
    Letter(char),
    /// Any one letter.
    One,
    /// Any letters, or none.
    Any,
}

/// `LIKE` knows the case of ASCII alone, and JSON writes some letters otherwise.
fn like(letter: char) -> Like {
    match letter {
        '"' | '\\' => Like::Any,
        // Two letters outside ASCII are these in lower case.
        'i' | 'I' | 'k' | 'K' => Like::One,
        // In another case it may be another letter, or several.
        _ if letter.is_control() || !letter.is_ascii() => Like::Any,
        _ => Like::Letter(letter),
    }
}

fn pattern(word: &str) -> String {
    let mut pattern = String::from("%");
    for letter in word.chars().take(MOST) {
        match like(letter) {
            Like::Letter(letter @ ('%' | '_')) => pattern.extend(['\\', letter]),
            Like::Letter(letter) => pattern.push(letter),
            Like::One => pattern.push('_'),
            Like::Any => pattern.push('%'),
        }
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_like_would_read_and_json_would_write_otherwise_is_left_open() {
        assert_eq!(pattern("100%"), r"%100\%%");
        assert_eq!(pattern("a_b"), r"%a\_b%");
        assert_eq!(pattern("\"no\\"), "%%no%%");
        assert_eq!(pattern("Zürich"), "%Z%r_ch%");
        assert_eq!(pattern("İstanbul"), "%%stanbul%");
        assert_eq!(pattern(&"a".repeat(60_000)).len(), MOST + 2);
    }

    #[test]
    fn of_two_words_the_one_that_leaves_less_open_tells_more() {
        assert!(told_by_pattern("needle") > told_by_pattern("ŠŽČĆĐŠŽČĆĐ"));
        assert_eq!(told_by_pattern("kiki"), 0);
    }
}
